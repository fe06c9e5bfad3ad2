"""The words of a text as its pen left them: paragraphs and edits (docs/evidence.md, "Texts")."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from valise.evidence.record import Entry

AGREED: Final = ("agreed ad ref", "closed")
_NEW_STATUS: Final = {"text.agree": "agreed ad ref", "text.close": "closed", "text.reopen": "open", "text.park": "parked"}


@dataclass(slots=True)
class Paragraph:
    """`ver` = the operation that last set its words; `decided` = the one that last set its status, "" for none."""

    section: str
    label: str
    words: str
    status: str
    ver: str
    gone: bool = False
    decided: str = ""


class Wording:
    """A text from its opening on; `apply` takes the pen's operations in the order of its chain."""

    def __init__(self, opened: Entry, proposals: frozenset[str], pause: Callable[[], None]) -> None:
        body = opened.body
        self._head = (body["organ"], body["language"])
        self.symbol: str = body["symbol"]
        self._proposals = proposals
        self._pause = pause
        self._title = f"{opened.id}/0"
        self._order: list[str] = []
        self._pars = {self._title: Paragraph("title", "", body["title"], "open", opened.id)}
        for number, made in enumerate(body["paragraphs"], 1):
            self._order.append(self._new(opened.id, number, made))

    def _new(self, op: str, number: int, made: dict[str, Any]) -> str:
        name = f"{op}/{number}"
        self._pars[name] = Paragraph(made["section"], made["label"], made["words"], made.get("status", "open"), op)
        return name

    def apply(self, entry: Entry) -> bool:
        """Whether the operation had an effect: one that does not fit has none, in whole."""
        body = entry.body
        if entry.kind == "text.merge":
            return self._merge(entry)
        if entry.kind in _NEW_STATUS:
            par = self._pars.get(body["paragraph"])
            if par is None or par.gone or par.ver != body["ver"] or digest(par.words) != body["hash"]:
                return False
            if entry.kind == "text.park" and par.status in AGREED:
                return False
            par.status, par.decided = _NEW_STATUS[entry.kind], entry.id
        if entry.kind == "text.revision":
            labels = body.get("labels", ())
            if any(one["paragraph"] not in self._pars for one in labels):
                return False
            for one in labels:
                self._pars[one["paragraph"]].label = one["label"]
            self.symbol = body["symbol"]
        return True

    def _merge(self, entry: Entry) -> bool:
        edits = entry.body["edits"]
        if not self._fits(edits) or any(one["proposal"] not in self._proposals for one in entry.body["dispositions"]):
            return False
        number = 0
        for edit in edits:
            self._pause()
            op, name = edit["op"], edit.get("paragraph", "")
            if op in ("words", "split", "join"):
                self._pars[name].words, self._pars[name].ver = edit["words"], entry.id
            if op in ("add", "split"):
                number += 1
                made = edit
                if op == "split":
                    made = {"section": self._pars[name].section, "label": edit["label"], "words": edit["rest"]}
                after = edit["after"] if op == "add" else name
                self._place(self._new(entry.id, number, made), f"{entry.id}/{after[1:]}" if after[:1] == "#" else after)
            elif op == "drop":
                self._pars[name].gone = True
            elif op == "join":
                self._pars[edit["with"]].gone = True
            elif op == "move":
                self._order.remove(name)
                self._place(name, edit["after"])
            elif op == "label":
                self._pars[name].label = edit["label"]
        return True

    def _place(self, name: str, after: str) -> None:
        self._order.insert(self._order.index(after) + 1 if after else 0, name)

    def _fits(self, edits: list[dict[str, Any]]) -> bool:
        gone: set[str] = set()
        new = 0

        def stands(name: str) -> bool:
            return name in self._pars and not self._pars[name].gone and name not in gone

        for edit in edits:
            self._pause()
            op, name = edit["op"], edit.get("paragraph", "")
            if op != "add" and not stands(name):
                return False
            if op in ("words", "split", "join", "drop") and self._pars[name].status in AGREED:
                return False
            if name == self._title and op in ("drop", "move", "split", "join", "label"):
                return False
            if op == "join":
                other = edit["with"]
                if other in (name, self._title) or not stands(other) or self._pars[other].status in AGREED:
                    return False
                gone.add(other)
            if op in ("add", "move"):
                after = edit["after"]
                if after[:1] == "#":
                    if op == "move" or not 0 < int(after[1:]) <= new:
                        return False
                elif after and (after not in self._pars or after in (name, self._title)):
                    return False
            if op == "drop":
                gone.add(name)
            new += op in ("add", "split")
        return True

    @property
    def title(self) -> str:
        """As it reads now."""
        return self._pars[self._title].words

    def plain(self) -> str:
        """The plain text file, sha256sum of which is the hash of a revision."""
        lines = [self.title, self.symbol, *self._head, ""]
        for par in self.standing():
            lines += (f"{par.section} | {par.label} | {par.status}", par.words, "")
        return "\n".join(lines) + "\n"

    def standing(self) -> list[Paragraph]:
        """The paragraphs that stand, in order."""
        return [par for name in self._order if not (par := self._pars[name]).gone]


def digest(words: str) -> str:
    """Hex SHA-256 of the words in UTF-8."""
    return hashlib.sha256(words.encode()).hexdigest()
