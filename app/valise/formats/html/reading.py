"""What a web page says, in lines: its words and how they are marked. Text only; what else it holds is counted.

A page we wrote says of each paragraph which it is. That is believed where the label a reader sees agrees.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any, Final, cast

from valise.domain.text.model import Section
from valise.formats import labels
from valise.formats.abc import MAX_NOTES, SECTIONS, STATUSES, TITLE, Comment, Document, Note, Para, check
from valise.formats.characters import observations
from valise.formats.html.ordering import SPELLED, document_of
from valise.formats.html.sheet import CARRIED, Run, spelled
from valise.formats.html.writing import GENERATOR
from valise.formats.labels import loose_brackets
from valise.formats.languages import direction, languages, recognise

# Never words of the text. Of each the reader is told, except of those that only say how a page looks.
_SILENT: Final = frozenset(("style", "head", "title", "meta", "link", "base", "template", "noscript", "datalist", "rp"))
_LEFT_OUT: Final = {
    "script": "html.scripts", "iframe": "html.outside", "frame": "html.outside", "object": "html.outside",
    "embed": "html.outside", "applet": "html.outside", "img": "html.pictures", "svg": "html.pictures",
    "picture": "html.pictures", "canvas": "html.pictures", "video": "html.pictures", "audio": "html.pictures",
    "math": "html.formulas", "form": "html.forms", "input": "html.forms", "select": "html.forms",
    "textarea": "html.forms", "button": "html.forms", "nav": "html.navigation", "rt": "html.reading_guides",
}  # fmt: skip
_BLOCKS: Final = frozenset((
    "html", "body", "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead",
    "tbody", "tfoot", "tr", "td", "th", "caption", "blockquote", "pre", "section", "article", "header", "footer", "main",
    "aside", "figure", "figcaption", "address", "hr", "center", "details", "summary", "fieldset", "frameset",
))  # fmt: skip
_ITALIC: Final = frozenset(("i", "em", "cite", "dfn"))
_STRUCK: Final = frozenset(("del", "s", "strike"))
_SPACE = re.compile("[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def read(root: Any) -> Document:
    """The document of a page."""
    generators = root.xpath("string(//meta[@name='generator']/@content)")
    mains = root.xpath("//main[contains(concat(' ', @class, ' '), ' text ')]")
    if generators == GENERATOR and len(mains) == 1:
        own = _ours(root, mains[0])
        if own is not None:
            return own
    return _Foreign(root).document()


# Pages of others.


class _Foreign:
    def __init__(self, root: Any) -> None:
        self.root = root
        self.lines: list[str] = []
        self.found: Counter[str] = Counter()
        self.numbers: list[int] = []  # of the lists around, 0 = bullets
        self.line: list[Run] = []

    def document(self) -> Document:
        self._walk()
        self._end()
        made = document_of("html", self.lines)
        said = self.root.get("lang", "").partition("-")[0].lower()
        notes = [Note("html.text_only", lossy=True)]
        notes += [Note(code, count=count, lossy=True) for code, count in sorted(self.found.items())]
        if said in languages() and made.language == "und":
            made = replace(made, language=said, direction=languages()[said].direction)
        return replace(made, notes=(*notes, *made.notes)[:MAX_NOTES])

    def _walk(self) -> None:
        """Without recursion: a page may be nested as deep as the parser allows."""
        stack: list[tuple[Any, bool, bool, bool]] = [(self.root, False, False, False)]
        while stack:
            element, italic, struck, leaving = stack.pop()
            name = element.tag if isinstance(element.tag, str) else ""
            if leaving:
                if name in _BLOCKS:
                    self._end()
                if name in ("ol", "ul") and self.numbers:
                    self.numbers.pop()
                if element is not self.root:
                    self._text(element.tail, italic, struck)
                continue
            if self._skipped(element, name):
                self._text(element.tail, italic, struck)
                continue
            now = (italic or name in _ITALIC, struck or name in _STRUCK)
            self._enter(element, name)
            self._text(element.text, *now)
            stack.append((element, italic, struck, True))
            stack += [(child, *now, False) for child in reversed(element)]

    def _skipped(self, element: Any, name: str) -> bool:
        if not name or name in _SILENT:
            return True
        if code := _LEFT_OUT.get(name):
            self.found[code] += 1
            return True
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
            self.found["html.hidden"] += bool("".join(element.itertext()).strip())
            return True
        return False

    def _enter(self, element: Any, name: str) -> None:
        if name in _BLOCKS:
            self._end()
        if name == "br":
            self.line.append(Run(" "))
        elif name in ("ol", "ul"):
            start = element.get("start", "1")
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1
            self.numbers.append(max(first, 1) if name == "ol" else 0)
        elif name == "li" and self.numbers:
            if self.numbers[-1]:
                self.line.append(Run(self._item(element)))
                self.numbers[-1] += 1
        elif name == "table":
            self.found["html.tables"] += 1
        elif name in ("a", "area") and element.get("href"):
            self.found["html.links"] += not element.get("href", "").startswith("#")
        elif name in ("ins", "del"):
            self.found["html.changes"] += 1

    def _item(self, element: Any) -> str:
        """What a numbered list writes before an item."""
        at = min(self.numbers[-1], 9_999)
        kind = (element.getparent().get("type") if element.getparent() is not None else "") or ""
        depth = sum(1 for one in self.numbers if one)
        if kind in ("a", "A") or (not kind and depth == 2):
            return f"({chr(ord('a') + (at - 1) % 26)}) "
        if kind in ("i", "I") or (not kind and depth > 2):
            return f"({_roman(at)}) "
        return f"{at}. "

    def _text(self, text: str | None, italic: bool, struck: bool) -> None:
        if text:
            self.line.append(Run(_SPACE.sub(" ", text), emphasis=italic, struck=struck))

    def _end(self) -> None:
        runs = _tidied(self.line)
        if runs:
            self.lines.append(spelled(runs))
        self.line = []


def _roman(number: int) -> str:
    made = ""
    for size, sign in ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")):
        made += sign * (number // size)
        number %= size
    return made


def _tidied(runs: list[Run]) -> list[Run]:
    """Single spaces, none at the ends, and no mark on a space at the edge of a marked stretch."""
    made: list[Run] = []
    blank = True
    for run in runs:
        text = run.text[1:] if blank and run.text.startswith(" ") else run.text
        if text:
            made.append(replace(run, text=text))
            blank = text.endswith(" ")
    while made and not made[-1].text.strip(" "):
        made.pop()
    if made:
        made[-1] = replace(made[-1], text=made[-1].text.rstrip(" "))
    plain: list[Run] = []
    for run in made:
        core = run.text.strip(" ")
        if not (run.emphasis or run.struck) or not core or set("*~") & set(core):
            plain.append(Run(run.text, struck=run.struck and bool(core)) if core else Run(run.text))
            continue
        lead = len(run.text) - len(run.text.lstrip(" "))
        plain += [Run(run.text[:lead]), replace(run, text=core), Run(run.text[lead + len(core) :])]
    kept = [run for run in plain if run.text]
    if kept and all(run.emphasis for run in kept):
        return [replace(run, emphasis=False) for run in kept]  # a whole line in italics opens nothing
    return kept


# Pages of ours.


def _ours(root: Any, main: Any) -> Document | None:
    """The document of a page we wrote; None if anything in it is not as we write it."""
    title, formula = "", ""
    paragraphs: list[Para] = []
    signs: dict[int, tuple[int, int]] = {}
    for element in main:
        if (main.text or "").strip() or (element.tail or "").strip() or element.tag not in ("h1", "p"):
            return None
        words = element.find("span[@class='words']")
        if words is None:
            return None
        index = TITLE if element.tag == "h1" else len(paragraphs)
        said, refs = _words(words)
        signs |= {number: (index, at) for number, at in refs.items()}
        if element.tag == "h1":
            title = said
        elif element.get("class") == "formula":
            formula = said
        else:
            para = _para(element, said)
            if para is None:
                return None
            paragraphs.append(para)
    body = "\n".join((title, *(para.words for para in paragraphs)))
    language = root.get("lang", "")
    spoken = language if language in languages() else recognise(body)
    header = tuple(_fields(root))
    notes = [Note("html.text_only", lossy=True)]
    notes += [Note("text.duplicate_label", label) for label in labels.duplicates(paragraphs)]
    notes += loose_brackets(title, paragraphs) + observations(body)
    return check(Document(
        title, tuple(paragraphs), spoken, "rtl" if root.get("dir") == "rtl" else direction(body, spoken), formula,
        notes=tuple(notes[:MAX_NOTES]), header=header, format="html", comments=tuple(_comments(root, signs)),
    ))  # fmt: skip


def _words(element: Any) -> tuple[str, dict[int, int]]:
    """(words in the notation, where the signs of remarks stand in them)."""
    runs: list[Run] = []
    refs: dict[int, int] = {}

    def put(text: str | None, emphasis: bool, struck: bool) -> None:
        if text:
            runs.append(Run(text, emphasis=emphasis, struck=struck))

    stack: list[tuple[Any, bool, bool, bool]] = [(element, False, False, False)]
    while stack:
        one, emphasis, struck, leaving = stack.pop()
        if leaving:
            put(one.tail if one is not element else None, emphasis, struck)
            continue
        if one.tag == "sup":
            number = one.get("id", "").removeprefix("to-")
            if number.isascii() and number.isdigit() and len(number) < 7:
                refs[int(number)] = len(spelled(runs))
            put(one.tail, emphasis, struck)
            continue
        inside = (emphasis or one.tag == "em", struck or one.tag == "del")
        put(one.text, *inside)
        stack.append((one, emphasis, struck, True))
        stack += [(child, *inside, False) for child in reversed(one)]
    return spelled(runs), refs


def _para(element: Any, words: str) -> Para | None:
    section, label, parent = (element.get(f"data-{name}", "") for name in ("section", "label", "parent"))
    shown = "".join(one.text_content() for one in element.findall("span[@class='label']"))
    status = "".join(one.text_content() for one in element.findall("span[@class='status']")).strip("()")
    if section not in SECTIONS or (status and status not in STATUSES):
        return None
    below = label.removeprefix(parent).lstrip() if parent and label.startswith(parent) else label
    # What is seen decides: nobody may number a paragraph otherwise than it reads.
    plainly = {"PP": "", "OP": f"{label.rpartition(' ')[2]}."}.get(section, label)
    if shown not in (below, plainly) and not (parent and shown == label):
        return None
    made = labels_of(cast(Section, section), label, parent, words)
    return replace(made, status=cast(Any, SPELLED.get(status, "")))


def labels_of(section: Section, label: str, parent: str, words: str) -> Para:
    """A paragraph whose label is taken apart again."""
    found = re.match(labels.LABEL, label)
    if not found:
        return Para(section, label, words, parent=parent)
    top = labels.taken(found)
    if parent:
        last = re.search(rf"{labels.MARK}\Z", label.removeprefix(parent).lstrip())
        top = replace(labels.taken(last), number=top.number) if last else labels.Label(number=top.number)
    return replace(top.para(words), section=section, label=label, parent=parent)


def _fields(root: Any) -> list[str]:
    made = []
    for one in root.iterfind(".//header//*[@data-field]"):
        name, said = one.get("data-field"), " ".join(one.text_content().split())
        if name in CARRIED and said:
            made.append(f"{name}: {said.removeprefix(f'{name}: ')}")
    return made


def _comments(root: Any, signs: dict[int, tuple[int, int]]) -> list[Comment]:
    made = []
    for number, one in enumerate(root.iterfind(".//section[@class='remarks']/ol/li"), 1):
        if number in signs:
            words = one.text_content().rstrip("\n")
            author, colon, rest = words.partition(": ")
            named = bool(colon) and len(author) <= 120 and author.replace(", ", "").isalnum()
            index, at = signs[number]
            made.append(Comment(index, (at, at), rest if named else words, author if named else ""))
    return made

