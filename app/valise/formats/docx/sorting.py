"""What the beginning and the end of a paragraph say of it: label, number, mark, opening, status.

The rules are those of plain text (`formats.plain`); here a beginning may also be written by automatic numbering.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from valise.domain.text.model import Status
from valise.formats import labels
from valise.formats.abc import Para
from valise.formats.docx.spelling import Edit
from valise.formats.docx.tracked import Line
from valise.formats.labels import Label
from valise.formats.languages import Side, side

_SUBS = rf"(?P<subs>(?: ?\({labels.ONE_MARK}\)(?: (?:{labels.ORDINALS}))?){{1,3}})"
_GAP = r"(?:[ \t]*[.:)\]–—-]?(?:[ \t\u00a0]+|\Z))"
_LABELLED = re.compile(rf"\**{labels.LABEL}{_SUBS}?\**{_GAP}")
_NUMBERED = re.compile(
    rf"(?P<number>[0-9\u0660-\u0669]{{1,3}})(?:[ \u00a0]?(?P<suffix>{labels.ORDINALS}))?"
    r"(?:[.)\-–](?:[ \t\u00a0]+|\Z)|[.．、][ \t]*(?=[\u4e00-\u9fff]))"
)
_MARKED = re.compile(
    rf"[(（]?(?P<mark>(?![A-Z])[^\W\d_]|[ivx]{{2,5}}|[一二三四五六七八九十]{{1,3}})\u0640?[)）]{labels.TAIL}"
    r"(?:[ \t\u00a0]+|\Z|(?=[\u4e00-\u9fff]))"
)
_DRESS = re.compile(r"(?:[\s*\[(]|[A-Z]{2,3}(?:, [A-Z]{2,3})*: )*+")
_SUBTAIL = re.compile(labels.TAIL)
_ANNEX = re.compile(
    r"\W{0,3}(?:annex|annexe|anexo|приложение|مرفق|المرفق|附件)(?:\W{0,3}[0-9A-Z一二三四五六七八九十]{0,4})\W{0,3}",
    re.I,
)
_STATUS = re.compile(r"\s*\*\((closed|agreed ad ref(?:\.|erendum)?|ad ref|open|parked)\)\*\s*\Z", re.IGNORECASE)
_SPELLED: dict[str, Status] = {
    "closed": "closed", "agreed ad ref": "agreed ad ref", "agreed ad ref.": "agreed ad ref",
    "agreed ad referendum": "agreed ad ref", "ad ref": "agreed ad ref", "open": "open", "parked": "parked",
}  # fmt: skip
_SPACE = " \t\n\r"
Kind = Literal["label", "number", "mark", "PP", "OP", ""]


@dataclass(slots=True)
class Block:
    """A line, sorted. `words` stand without label and status, `edits` and places are moved along by `place`."""

    line: Line
    words: str
    kind: Kind = ""
    label: Label | None = None
    subs: str = ""
    mark: str = ""
    status: Status | Literal[""] = ""
    edits: list[Edit] = field(default_factory=list)
    shift: int = 0
    lost: int = 0  # edits inside the label or the status

    def place(self, at: int) -> int:
        """A place of the line's words in these words."""
        return max(0, min(at + self.shift, len(self.words)))


def block(line: Line, auto: str, code: str) -> Block:
    """Sort one line. `auto` is what automatic numbering writes before it, `code` the language of the text."""
    words = line.words
    lead = ""
    found: re.Match[str] | None = None
    made = Block(line, words)
    if auto:
        lead = auto + ("." if auto.isdecimal() else "") + " "
        if found := _begin(made, lead):
            lead = lead if found.end() >= len(lead) else ""
        else:
            lead = f"{auto} "
    if found is None:
        found = _begin(made, words)
        cut = found.end() if found else 0
        # A number typed where the list already wrote something unknown belongs to the words.
        if lead and found:
            made.kind, made.label, made.subs, made.mark, cut = "", None, "", "", 0
        prefix = lead
    else:
        cut, prefix = 0, ""
    end = len(words)
    if status := _STATUS.search(words, cut):
        made.status, end = _SPELLED[status[1].lower()], status.start()
    cut, end = _trimmed(line, cut, end)
    made.words = prefix + words[cut:end]
    made.shift = len(prefix) - cut
    for edit in line.edits:
        if _within(edit, cut, end):
            made.edits.append(replace(edit, start=made.place(edit.start), end=made.place(edit.end)))
        else:
            made.lost += 1
    if not made.kind:
        dress = _DRESS.match(made.words)
        made.kind = side(made.words[dress.end() :] if dress else made.words, code)
    return made


def _begin(made: Block, words: str) -> re.Match[str] | None:
    """Whether these words begin with a label, a number or a mark; what it is goes into the block."""
    if found := _LABELLED.match(words):
        made.kind, made.label, made.subs = "label", labels.taken(found), (found["subs"] or "").strip()
    elif found := _NUMBERED.match(words):
        made.kind, made.label = "number", Label("OP", int(found["number"]), found["suffix"] or "")
    elif found := _MARKED.match(words):
        made.kind, made.mark, made.label = "mark", found["mark"], labels.taken(found)
    return found


def _trimmed(line: Line, cut: int, end: int) -> tuple[int, int]:
    """Without white space at the ends, unless somebody changes something there."""
    first = min((edit.start for edit in line.edits if edit.end > cut or edit.start >= cut), default=end)
    last = max((edit.end for edit in line.edits if edit.start < end or edit.end <= end), default=0)
    while cut < end and line.words[cut] in _SPACE and cut < first:
        cut += 1
    while end > cut and line.words[end - 1] in _SPACE and (end > last):
        end -= 1
    return cut, end


def _within(edit: Edit, cut: int, end: int) -> bool:
    """Whether an edit touches the words themselves, not only what stands before or after them."""
    if edit.start == edit.end:
        return edit.start >= cut
    return edit.end > cut and edit.start < end


def annex(words: str) -> bool:
    """Whether a paragraph is the heading of an annex."""
    return _ANNEX.fullmatch(words.strip("* ")) is not None


def sub(label: Label, subs: str, words: str) -> Para:
    """A sub-paragraph whose label is written out: "OP 6 (a) (i)"."""
    parts = re.findall(rf"\([^()]+\)(?: (?:{labels.ORDINALS}))?", subs)
    top = replace(label, alt=False, alt_number=0, alt_by="").text
    parent = " ".join([top, *parts[:-1]])
    made = replace(label, suffix=parts[-1].partition(" ")[2], alt=False, alt_number=0, alt_by="").para(words)
    return replace(made, label=f"{parent} {parts[-1]}", parent=parent)


def opens(words: str, code: str) -> Side:
    dress = _DRESS.match(words)
    return side(words[dress.end() :] if dress else words, code)
