"""The rolling text of the fake door: enough of the real behaviour to work on the workbench with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk import views as v
from valise.domain.errors import NotAllowed, Refused
from valise.domain.text import model as t


@dataclass
class FakeText:
    id: str
    room: str
    title: str
    symbol: str
    organ: str = ""
    language: str = "en"
    pen: str = field(default_factory=lambda: d.delegation("XA"))
    held: list[d.Held] = field(default_factory=list)
    proposals: list[t.Proposal] = field(default_factory=list)
    positions: list[t.Position] = field(default_factory=list)
    comments: list[v.Comment] = field(default_factory=list)
    revisions: list[t.Revision] = field(default_factory=list)
    silences: list[t.Silence] = field(default_factory=list)
    frozen: str = ""


class FakeTexts(Part):
    part = "texts"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows: dict[str, FakeText] = {}
        self.counter = 12
        self.drafts: dict[tuple[str, str, str], v.TextDraft] = {}
        if desk.empty:
            return
        held = d.paragraphs()
        given = d.proposals(held)
        first = FakeText(
            d.TEXT, d.GROUP, "Draft decision on the use of points of contact", "FICT/GM/2026/DTG.1/CRP.3",
            "Drafting group", held=held, proposals=given, positions=d.positions(held, given),
        )  # fmt: skip
        first.revisions = [
            t.Revision(d.ident(f"rev {n}"), n, f"Rev.{n}", d.fingerprint(f"{n}").replace(" ", ""),
                       d.fingerprint(f"s{n}").replace(" ", ""), desk.now - (6 - 2 * n) * d.DAY,
                       (d.delegation("XB"), d.delegation("XD")))
            for n in (1, 2)
        ]  # fmt: skip
        self.rows[first.id] = first
        second = FakeText(d.OTHER_TEXT, d.BILATERAL, "Joint statement with Borovia", "", pen=d.delegation("XB"))
        second.held = [
            d.Held(f"{d.ident('merge 2')}/0", "PP", "PP 1", "Recalling the long cooperation of both delegations,"),
            d.Held(f"{d.ident('merge 2')}/1", "OP", "OP 1", "Agree to exchange points of contact before the session."),
        ]
        self.rows[second.id] = second

    def long(self, count: int) -> str:
        """A text of `count` paragraphs, for measuring; returns its id."""
        made = FakeText(d.ident(f"long {count}"), d.GROUP, f"A text of {count} paragraphs", "FICT/LONG")
        made.held = [
            d.Held(f"{d.ident('merge 3')}/{n}", "OP", f"OP {n + 1}", f"Decides on point {n + 1} of the agenda; " * 4)
            for n in range(count)
        ]
        self.rows[made.id] = made
        return made.id

    def words(self) -> list[tuple[str, str, list[d.Held]]]:
        return [(one.id, one.room, one.held) for one in self.rows.values()]

    def _touch(self, text: str) -> None:
        self.desk.touch(v.Changes(texts=frozenset({text}), status=True))

    def _held(self, text: str, paragraph: str) -> d.Held:
        return next(one for one in self.rows[text].held if one.id == paragraph)

    def _open(self, text: FakeText, paragraph: str) -> list[t.Proposal]:
        return [
            one
            for one in text.proposals
            if one.state in ("open", "rebased", "kept as alternative") and paragraph in (one.paragraph, one.after)
        ]

    @recorded
    def all(self) -> list[v.TextRow]:
        return [
            v.TextRow(one.id, one.room, one.title, one.symbol, len(one.held),
                      sum(p.status in ("open", "parked") for p in one.held),
                      sum(p.state == "open" for p in one.proposals),
                      one.revisions[-1].symbol if one.revisions else "", one.pen, self.desk.now - d.HOUR)
            for one in self.rows.values()
        ]  # fmt: skip

    @recorded
    def head(self, text: str) -> t.TextHead:
        one = self.rows[text]
        code = next((c for c in d.NAMES if d.delegation(c) == one.pen), "XA")
        return t.TextHead(
            one.id, one.room, one.title, one.symbol, one.organ, one.language, d.device(code), one.pen, one.frozen,
            tuple(one.revisions), len(one.held), sum(p.status in ("open", "parked") for p in one.held),
            sum(p.state == "open" for p in one.proposals), silences=tuple(one.silences),
        )  # fmt: skip

    @recorded
    def outline(self, text: str) -> list[t.ParagraphRow]:
        one = self.rows[text]
        return [
            t.ParagraphRow(p.id, p.section, p.label, p.status, " ".join(p.words.split()[:12]),
                           sum(r.style == "bracket" and r.text == "[" for r in self._runs(one, p)),
                           len(self._open(one, p.id)))
            for p in one.held
        ]  # fmt: skip

    @recorded
    def paragraph(self, text: str, paragraph: str) -> t.ParagraphView:
        one, held = self.rows[text], self._held(text, paragraph)
        here = tuple(p for p in one.proposals if paragraph in (p.paragraph, p.after))
        here = tuple(sorted(here, key=lambda p: (p.state != "open", p.at)))
        targets = {paragraph, *(p.id for p in here)}
        runs = self._runs(one, held)
        return t.ParagraphView(
            held.value(), runs, here, tuple(p for p in one.positions if p.target in targets),
            sum(r.style == "bracket" and r.text == "[" for r in runs),
        )  # fmt: skip

    def _runs(self, text: FakeText, held: d.Held) -> tuple[t.Run, ...]:
        codes = {d.delegation(c): c for c in d.NAMES}
        made: list[t.Run] = []
        at = 0
        clusters: dict[tuple[int, int], list[t.Proposal]] = {}
        for one in self._open(text, held.id):
            if one.kind == "words":
                clusters.setdefault(one.span, []).append(one)
        for (start, end), group in sorted(clusters.items()):
            if start < at:
                continue
            ids = tuple(p.id for p in group)
            made += [t.Run(held.words[at:start], "plain"), t.Run("[", "bracket", ids)]
            if end > start:
                made.append(t.Run(held.words[start:end], "delete", ids))
            for one in group:
                if made[-1].style != "bracket" and one.words:
                    made.append(t.Run(" / ", "separator", ids))
                by = ", ".join(codes.get(s, "?") for s in one.sponsors)
                made += [t.Run(one.words, "insert", (one.id,)), t.Run(f" ({by})", "attribution", (one.id,))]
            made.append(t.Run("]", "bracket", ids))
            at = end
        made.append(t.Run(held.words[at:], "plain"))
        return tuple(one for one in made if one.text)

    @recorded
    def read_file(self, name: str, data: bytes) -> dict[str, Any]:
        lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines() if line.strip()]
        if not lines:
            raise Refused("file.empty", "nothing in the file")
        rows = [
            {"section": "OP", "label": f"OP {n}", "words": line, "status": "open"}
            for n, line in enumerate(lines[1:], 1)
        ]
        lossy = [] if name.endswith(".txt") else ["plain.lines_joined"]
        return {"title": lines[0], "symbol": "", "organ": "", "language": "en", "paragraphs": rows, "lossy": lossy}

    @recorded
    def open(self, room: str, title: str, *, symbol: str = "", organ: str = "", language: str = "en",
             paragraphs: Sequence[dict[str, str]], changes: Sequence[dict[str, Any]] = (),
             comments: Sequence[dict[str, Any]] = (), named: Callable[[str], str] = str) -> str:  # fmt: skip
        self.opened_with = (list(changes), list(comments), named("Somebody"))
        made = FakeText(d.ident(f"text {title} {len(self.rows)}"), room, title, symbol, organ, language)
        made.held = [
            d.Held(f"{d.ident('merge ' + title)}/{n}", one["section"], one["label"], one["words"],  # type: ignore[arg-type]
                   one.get("status", "open"))  # type: ignore[arg-type]
            for n, one in enumerate(paragraphs)
        ]  # fmt: skip
        self.rows[made.id] = made
        self._touch(made.id)
        return made.id

    def _new(self, text: str, **values: Any) -> str:
        self.counter += 1
        me = self.desk.me_view
        blank: dict[str, Any] = {
            "id": d.ident(f"own {self.counter}"), "label": f"XA/{self.counter}", "ver": "", "span": (0, 0), "quote": "",
            "words": "", "reason": "", "author": me.delegation, "device": me.device, "at": self.desk.now,
            "sponsors": (me.delegation,), "state": "open",
        }  # fmt: skip
        made = t.Proposal(**(blank | values))
        self.rows[text].proposals.append(made)
        self._touch(text)
        return made.id

    @recorded
    def propose_words(self, text: str, paragraph: str, words: str, reason: str = "", replaces: str = "") -> list[str]:
        if self.desk.internal.rule.on:
            self.desk.internal.hold(text, paragraph, words, self.desk.me_view.officer)
            return []
        held = self._held(text, paragraph)
        old, new = held.words.split(" "), words.split(" ")
        if old == new:
            raise NotAllowed("text.no-change", "the words are the same")
        head = 0
        while head < min(len(old), len(new)) and old[head] == new[head]:
            head += 1
        tail = 0
        while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
            tail += 1
        start = len(" ".join(old[:head])) + (1 if head else 0)
        quote = " ".join(old[head : len(old) - tail])
        span = (start, start + len(quote))
        return [
            self._new(text, kind="words", paragraph=paragraph, ver=held.ver, span=span, quote=quote,
                      words=" ".join(new[head : len(new) - tail]), reason=reason)
        ]  # fmt: skip

    @recorded
    def propose_paragraph(self, text: str, after: str, section: str, words: str, reason: str = "", replaces: str = "") -> list[str]:
        return [self._new(text, kind="paragraph", paragraph="", after=after, words=words, reason=reason)]

    @recorded
    def propose_delete(self, text: str, paragraph: str, reason: str = "") -> list[str]:
        held = self._held(text, paragraph)
        return [self._new(text, kind="delete", paragraph=paragraph, ver=held.ver, span=(0, len(held.words)),
                          quote=held.words, reason=reason)]  # fmt: skip

    @recorded
    def propose_alternative(self, text: str, paragraph: str, words: str, reason: str = "", replaces: str = "") -> list[str]:
        ver = self._held(text, paragraph).ver
        return [self._new(text, kind="alternative", paragraph=paragraph, ver=ver, words=words, reason=reason)]

    @recorded
    def propose_move(self, text: str, paragraph: str, after: str, reason: str = "") -> list[str]:
        ver = self._held(text, paragraph).ver
        return [self._new(text, kind="move", paragraph=paragraph, after=after, ver=ver, reason=reason)]

    @recorded
    def comment(self, text: str, target: str, words: str) -> str:
        me = self.desk.me_view.delegation
        made = v.Comment(d.ident(f"comment {len(self.rows[text].comments)}"), target, me, words, self.desk.now)
        self.rows[text].comments.append(made)
        self._touch(text)
        return made.id

    @recorded
    def comments(self, text: str, target: str) -> list[v.Comment]:
        return [one for one in self.rows[text].comments if one.target == target]

    @recorded
    def at_start(self, text: str) -> list[t.Proposal]:
        return [p for p in self.rows[text].proposals if p.kind == "paragraph" and not p.after and p.state == "open"]

    @recorded
    def draft(self, text: str, paragraph: str, kind: str) -> v.TextDraft | None:
        return self.drafts.get((text, paragraph, kind))

    @recorded
    def save_draft(self, draft: v.TextDraft) -> None:
        key = (draft.text, draft.paragraph, draft.kind)
        self.drafts.pop(key, None)
        if draft.words or draft.reason:
            self.drafts[key] = replace(draft, saved_at=self.desk.now)

    @recorded
    def drop_draft(self, text: str, paragraph: str, kind: str) -> None:
        self.drafts.pop((text, paragraph, kind), None)

    @recorded
    def admit(self, text: str, proposal: str) -> str:
        self._pen(text)
        self._set_proposal(text, proposal, state="open")
        return d.ident(f"admit {proposal}")

    def _set_proposal(self, text: str, proposal: str, **changes: Any) -> t.Proposal:
        rows = self.rows[text].proposals
        n = next(n for n, one in enumerate(rows) if one.id == proposal)
        rows[n] = replace(rows[n], **changes)
        self._touch(text)
        return rows[n]

    @recorded
    def withdraw(self, text: str, proposal: str) -> None:
        self._set_proposal(text, proposal, state="withdrawn")

    @recorded
    def cosponsor(self, text: str, proposal: str) -> None:
        one = next(p for p in self.rows[text].proposals if p.id == proposal)
        self._set_proposal(text, proposal, sponsors=(*one.sponsors, self.desk.me_view.delegation))

    @recorded
    def position(self, text: str, target: str, value: Any, behalf: str = "") -> None:
        me = self.desk.me_view.delegation
        rows = [p for p in self.rows[text].positions if (p.delegation, p.target, p.behalf) != (me, target, behalf)]
        if value != "none":
            rows.append(t.Position(d.ident(f"{target} {value}"), me, target, value, behalf, self.desk.now))
        self.rows[text].positions = rows
        self._touch(text)

    @recorded
    def holds_pen(self, text: str) -> bool:
        return self.rows[text].pen == self.desk.me_view.delegation

    def _pen(self, text: str) -> FakeText:
        if self.rows[text].pen != self.desk.me_view.delegation:
            raise NotAllowed("text.pen", "another delegation holds the pen")
        return self.rows[text]

    @recorded
    def merge(self, text: str, edits: Sequence[dict[str, Any]], dispositions: Sequence[dict[str, Any]]) -> str:
        one = self._pen(text)
        made = d.ident(f"merge {len(self.desk.calls)}")
        for n, edit in enumerate(edits):
            if edit["op"] == "words":
                held = self._held(text, edit["paragraph"])
                held.words, held.ver = edit["words"], made
            elif edit["op"] == "add":
                new = d.Held(f"{made}/{n}", edit["section"], edit["label"], edit["words"], "open", made)
                where = [p.id for p in one.held].index(edit["after"]) + 1 if edit["after"] else 0
                one.held.insert(where, new)
            elif edit["op"] == "drop":
                one.held.remove(self._held(text, edit["paragraph"]))
            elif edit["op"] == "move":
                held = self._held(text, edit["paragraph"])
                one.held.remove(held)
                one.held.insert([p.id for p in one.held].index(edit["after"]) + 1 if edit["after"] else 0, held)
        for given in dispositions:
            self._set_proposal(text, given["proposal"], state=given["outcome"])
        self._touch(text)
        return made

    @recorded
    def take(self, text: str, proposal: str) -> str:
        one = self._pen(text)
        made = d.ident(f"take {proposal}")
        given = self._set_proposal(text, proposal, state="accepted")
        if given.kind == "words":
            held = self._held(text, given.paragraph)
            held.words = held.words[: given.span[0]] + given.words + held.words[given.span[1] :]
            held.ver = made
        elif given.kind == "paragraph":
            where = [p.id for p in one.held].index(given.after) + 1 if given.after else 0
            one.held.insert(where, d.Held(f"{made}/0", "OP", "OP 3 bis", given.words, "open", made))
        elif given.kind == "delete":
            one.held.remove(self._held(text, given.paragraph))
        self._touch(text)
        return made

    @recorded
    def reject(self, text: str, proposal: str) -> str:
        self._pen(text)
        self._set_proposal(text, proposal, state="rejected")
        return d.ident(f"reject {proposal}")

    def _status(self, text: str, paragraph: str, status: t.Status) -> None:
        self._pen(text)
        self._held(text, paragraph).status = status
        self._touch(text)

    @recorded
    def agree(self, text: str, paragraph: str) -> None:
        self._status(text, paragraph, "agreed ad ref")

    @recorded
    def close(self, text: str, paragraph: str) -> None:
        self._status(text, paragraph, "closed")

    @recorded
    def reopen(self, text: str, paragraph: str) -> None:
        self._status(text, paragraph, "open")

    @recorded
    def park(self, text: str, paragraph: str) -> None:
        self._status(text, paragraph, "parked")

    @recorded
    def revision(self, text: str, symbol: str) -> t.Revision:
        one = self._pen(text)
        made = t.Revision(d.ident(symbol), len(one.revisions) + 1, symbol, "ab" * 32, "cd" * 32, self.desk.now)
        one.revisions.append(made)
        self._touch(text)
        return made

    @recorded
    def pass_pen(self, text: str, delegation: str) -> None:
        self._pen(text).pen = delegation
        self._touch(text)

    @recorded
    def notation(self, text: str) -> str:
        one = self.rows[text]
        return "\n\n".join(
            f"**{p.label}** " + "".join(r.text for r in self._runs(one, p)) + f" *({p.status})*" for p in one.held
        )
