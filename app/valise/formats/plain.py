"""Plain text of a draft, in the six official languages: which block is a title, a preambular, an operative paragraph.

What is written decides first (a label "PP 3", a number "4.", a mark "(a)"), then how the paragraph opens, then where
it stands: before or after the first operative paragraph. No word is dropped; what is not recognised is kept as a
paragraph of section "other".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from valise.domain.errors import Refused
from valise.formats import abc, labels
from valise.formats.abc import Document, Format, Note, Para, refused, register
from valise.formats.characters import decode, encode, observations
from valise.formats.labels import Label, loose_brackets
from valise.formats.languages import Side, direction, fold, language, languages, recognise, side

_SUBS = rf"(?P<subs>(?: ?\({labels.ONE_MARK}\)(?: (?:{labels.ORDINALS}))?){{1,3}})"
_GAP = r"(?:[ \t]*[.:)\]–—-]?(?:[ \t\u00a0]+|\Z))"
_LABELLED = re.compile(rf"\**{labels.LABEL}{_SUBS}?\**{_GAP}")
_SUBTAIL = re.compile(labels.TAIL)
_NUMBERED = re.compile(
    rf"(?P<number>[0-9\u0660-\u0669]{{1,3}})(?:[ \u00a0]?(?P<suffix>{labels.ORDINALS}))?"
    r"(?:[.)\-–][ \t\u00a0]+|[.．、][ \t]*(?=[\u4e00-\u9fff]))"
)
_MARKED = re.compile(
    r"[(（]?(?P<mark>(?![A-Z])[^\W\d_]|[ivx]{2,5}|[一二三四五六七八九十]{1,3})\u0640?[)）]"
    r"(?:[ \t\u00a0]+|(?=[\u4e00-\u9fff]))"
)
_DRESS = re.compile(r"(?:[\s*\[(]|[A-Z]{2,3}(?:, [A-Z]{2,3})*: )*+")
_STOPS = tuple(",;.:،؛，；。：")
_FULL = (";", ".", "؛", "；", "。")
_WIDE = 100  # columns; a wider line is a paragraph, not a line of one
_HAN = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
MAX_NESTING = 4


@register
class Plain(Format):
    name = "plain"
    extensions = (".txt", ".text")
    media_type = "text/plain"

    def sniff(self, data: bytes) -> bool:
        try:
            text, _ = decode(data)
        except Refused:
            return False
        return bool(text.strip())

    def read(self, data: bytes) -> Document:
        text, mark = decode(data)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if not text.strip():
            raise refused("format.empty")
        return replace(_Reading(text).document(), mark=mark)

    def write(self, document: Document) -> bytes:
        """The title, then every paragraph as "LABEL words", a blank line between."""
        blocks = [document.title, document.formula, *(f"{para.label} {para.words}" for para in document.paragraphs)]
        flat = (" ".join(block.split("\n")).strip() for block in blocks)
        return encode("\n\n".join(block for block in flat if block) + "\n", document.mark)


@dataclass(slots=True)
class _Block:
    """A paragraph as found: its words, and what its beginning says of it."""

    words: str
    kind: Literal["label", "number", "mark", "PP", "OP", ""]
    label: Label | None = None
    subs: str = ""
    mark: str = ""


class _Reading:
    def __init__(self, text: str) -> None:
        self.text = text
        self.code = recognise(text)
        self.notes: list[Note] = []

    def document(self) -> Document:
        found = [self._block(words) for words in self._cut()]
        first = next((at for at, block in enumerate(found) if block.kind not in ("", "mark")), None)
        title, formula, before = self._front(found[:first], first is not None)
        paragraphs = (*before, *self._body(found[first:] if first is not None else []))
        if first is None:
            self.notes.append(Note("plain.no_structure"))
        elif any(block.kind in ("PP", "OP", "") for block in found[first:]):
            self.notes.append(Note("plain.labels_made"))
        if not title:
            self.notes.append(Note("text.no_title"))
        if self.code == "und":
            self.notes.append(Note("text.language_unknown"))
        self.notes += [Note("text.duplicate_label", label) for label in labels.duplicates(paragraphs)]
        self.notes += loose_brackets(title, paragraphs) + observations(self.text)
        return abc.check(
            Document(
                title, paragraphs, self.code, direction(self.text, self.code), formula,
                notes=tuple(self.notes[: abc.MAX_NOTES]), format=Plain.name,
            )
        )  # fmt: skip

    def _cut(self) -> list[str]:
        """Blocks of the file: between blank lines, and where a line clearly begins a paragraph."""
        pages = self.text.count("\f")
        if pages:
            self.notes.append(Note("plain.page_breaks", count=pages, lossy=True))
        lines = [line.strip() for line in self.text.replace("\f", "\n").replace("\v", "\n").split("\n")]
        one_each = "" not in "\n".join(lines).strip().split("\n") and max(map(_width, lines)) > _WIDE
        made: list[list[str]] = []
        fresh = True
        joined = 0
        for line in lines:
            if not line:
                fresh = True
                continue
            if fresh or one_each or _width(line) > 4 * _WIDE or self._begins(line, made[-1][-1]):
                made.append([line])
            else:
                made[-1].append(line)
                joined += 1
            fresh = False
            if len(made) > abc.MAX_PARAGRAPHS + 2:
                raise refused("format.too_many")
        if joined:
            self.notes.append(Note("plain.lines_joined", count=joined, lossy=True))
        return [_run_on(block) for block in made]

    def _begins(self, line: str, previous: str) -> bool:
        """Whether a line inside a block begins a paragraph of its own."""
        if _LABELLED.match(line):
            return True
        if not previous.endswith(_STOPS):
            return False
        if _NUMBERED.match(line) or _MARKED.match(line):
            return True
        opens = self._side(line)
        letter = line.lstrip(" *[(")[:1]
        # "..., recalling" goes on; without capitals only a full stop or an opening of the preamble alone tells.
        return bool(opens) and (
            letter.isupper()
            or (self.code == "ar" and opens == "PP")
            or (self.code in ("ar", "zh") and previous.endswith(_FULL))
        )

    def _side(self, words: str) -> Side:
        dress = _DRESS.match(words)
        return side(words[dress.end() :] if dress else words, self.code)

    def _block(self, words: str) -> _Block:
        if found := _LABELLED.match(words):
            return _Block(words[found.end() :], "label", labels.taken(found), (found["subs"] or "").strip())
        if found := self._written_out(words):
            return _Block(words[found.end() :], "label", Label(_kind(found["kind"]), int(found["number"])))
        if found := _NUMBERED.match(words):
            return _Block(words[found.end() :], "number", Label("OP", int(found["number"]), found["suffix"] or ""))
        if found := _MARKED.match(words):
            return _Block(words[found.end() :], "mark", mark=found["mark"])
        return _Block(words, self._side(words))

    def _written_out(self, words: str) -> re.Match[str] | None:
        """ "Preambular paragraph 3", in the language of the text."""
        if self.code not in languages():
            return None
        named = languages()[self.code].labels
        kinds = "|".join(f"(?P<{kind}>{'|'.join(map(re.escape, named[kind]))})" for kind in ("PP", "OP"))
        start = fold(words[:60])
        found = re.match(rf"(?P<kind>{kinds})[ ]?(?P<number>[0-9\u0660-\u0669]{{1,4}}){_GAP}", start)
        # Folding may change lengths (vowel signs): the offsets must hold in the words themselves.
        return found if found and fold(words[: found.end()]) == found[0] else None

    def _front(self, found: list[_Block], follows: bool) -> tuple[str, str, list[Para]]:
        """(title, formula, whatever else stands before the first paragraph)."""
        title, formula = "", ""
        words = [f"({block.mark}) {block.words}" if block.mark else block.words for block in found]
        if follows and words and words[-1].endswith((",", "،", "，")) and len(words[-1]) <= 200:
            formula = words.pop()
        # Symbols, dates and session stand above the title; only prose has a full stop.
        likely = [at for at, one in enumerate(words) if len(one) <= abc.MAX_TITLE and not found[at].mark]
        headed = [at for at in likely if not words[at].endswith(_STOPS)] or likely
        if headed:
            title = words.pop(headed[-1] if follows else headed[0])
        other = [self._para(Para("other", "", one)) for one in words]
        return title, formula, other

    def _body(self, found: list[_Block]) -> list[Para]:
        made: list[Para] = []
        siblings = labels.Siblings()
        operative = next((at for at, block in enumerate(found) if _operative(block)), len(found))
        last = {"PP": 0, "OP": 0}
        for at, block in enumerate(found):
            kind: Literal["PP", "OP"] = "PP" if at < operative else "OP"
            sub: Para | None = None
            if block.kind == "mark":
                sub = siblings.place(block.mark, Label(), block.words)
            elif block.subs and block.label:
                sub = _sub(block.label, block.subs, block.words)
            if sub:
                made.append(self._para(sub))
                continue
            label = block.label or Label(kind, last[kind] + 1)
            words = f"({block.mark}) {block.words}" if block.mark else block.words
            last[label.kind] = max(last[label.kind], label.number)
            para = self._para(label.para(words))
            siblings.begin(para)
            made.append(para)
        return made

    def _para(self, para: Para) -> Para:
        if len(para.words) > abc.MAX_WORDS:
            raise refused("format.too_long")
        return para


def _operative(block: _Block) -> bool:
    if block.label:
        return block.label.kind == "OP"
    return block.kind == "OP"


def _kind(said: str) -> Literal["PP", "OP"]:
    for one in languages().values():
        if said in one.labels["PP"]:
            return "PP"
    return "OP"


def _sub(label: Label, subs: str, words: str) -> Para:
    """A sub-paragraph whose label is written out: "OP 6 (a) (i)"."""
    parts = re.findall(rf"\([^()]+\)(?: (?:{labels.ORDINALS}))?", subs)
    top = replace(label, alt=False, alt_number=0, alt_by="").text
    parent = " ".join([top, *parts[:-1]])
    tail = _SUBTAIL.match(words)
    taken = labels.taken(tail) if tail and tail["alt"] else Label()
    if tail and tail["alt"]:
        words = words[tail.end() :].lstrip()
    suffix = parts[-1].partition(" ")[2]
    made = replace(taken, kind=label.kind, number=label.number, suffix=suffix).para(words)
    return replace(made, label=f"{parent} {parts[-1]}{taken.tail}", parent=parent)


def _width(line: str) -> int:
    """In columns; a Chinese character takes two."""
    return len(line) + len(_HAN.findall(line))


def _run_on(lines: list[str]) -> str:
    """Wrapped lines as one; between two Chinese characters no space is put."""
    made = lines[0]
    parts = [made]
    for line in lines[1:]:
        parts.append("" if _HAN.match(parts[-1][-1:]) and _HAN.match(line) else " ")
        parts.append(line)
    return "".join(parts)


def from_parts(title: str, pp: Sequence[Any], op: Sequence[Any], language_name: str) -> Document:
    """A document of known parts, as public collections of resolutions give them.

    An entry is its words, or a mapping with "words" (or "text") and "sub" (or "items", "children"), or a list of the
    words and its sub-entries, nested at most four deep. Refused("format.language" | "format.structure" | the caps).
    """
    spoken = language(language_name)
    paragraphs: list[Para] = []
    for kind, entries in (("PP", pp), ("OP", op)):
        for number, entry in enumerate(_entries(entries), 1):
            top = Label(_kind_of(kind), number)
            _entry(entry, top.para(""), paragraphs, 1)
    if not isinstance(title, str):
        raise refused("format.structure")
    found = tuple(paragraphs)
    notes = loose_brackets(title, found) + observations(title + "".join(para.words for para in found))
    encode(title + "".join(para.words for para in found))
    made = Document(title.strip(), found, spoken.code, spoken.direction, notes=tuple(notes[: abc.MAX_NOTES]))
    return abc.check(made)


def _kind_of(kind: str) -> Literal["PP", "OP"]:
    return "PP" if kind == "PP" else "OP"


def _entries(value: Any) -> Sequence[Any]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise refused("format.structure")
    return value


def _entry(entry: Any, para: Para, into: list[Para], depth: int) -> None:
    subs: Sequence[Any] = ()
    words = entry
    if isinstance(entry, Mapping):
        words = entry.get("words", entry.get("text"))
        subs = _entries(entry.get("sub", entry.get("items", entry.get("children", ()))))
    elif isinstance(entry, (list, tuple)) and entry:
        words, subs = entry[0], entry[1:]
    if not isinstance(words, str) or depth > MAX_NESTING or len(into) >= abc.MAX_PARAGRAPHS:
        raise refused("format.structure")
    into.append(replace(para, words=words.strip()))
    for at, sub in enumerate(subs):
        mark = chr(ord("a") + at) if depth == 1 and at < 26 else _numeral(at + 1)
        own = replace(para, label=f"{para.label} ({mark})", parent=para.label)
        _entry(sub, own, into, depth + 1)


def _numeral(number: int) -> str:
    """Small roman numerals for marks; beyond 39 plain digits."""
    if number > 39:
        return str(number)
    ones = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
    return "x" * (number // 10) + ones[number % 10]
