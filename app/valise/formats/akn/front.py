"""What stands before and after the paragraphs of a file: cover, title, opening formula, dates. It becomes the title,
the formula and the lines of the header.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from valise.domain.text.model import Section
from valise.formats.abc import TITLE
from valise.formats.akn.amending import Amendments
from valise.formats.akn.lines import Aside, Line, Reader, is_line
from valise.formats.akn.names import local


class Front(ABC):
    """The part of a reading that fills title, formula and header."""

    main: Any  # the document element itself
    exact: bool  # a file we wrote

    def __init__(self, root: Any, exact: bool) -> None:
        self.census: Counter[str] = Counter()
        self.reader = Reader(exact, self.census, etree.QName(root).namespace)
        self.amendments = Amendments(root)
        self.title = self.formula = self.cover_title = ""
        self.header: list[str] = []

    @abstractmethod
    def add(self, section: Section, label: str, line: Line) -> None:
        """A paragraph without a place in the numbering."""

    def cover(self, element: Any) -> None:
        pictures = self.census["akn.picture"]
        for line in lines_of(element):
            symbol = next((one for one in line.iter("{*}docNumber") if one.get("refersTo") == "#symbol"), None)
            title = next(line.iter("{*}docTitle"), None)
            if title is not None and not self.cover_title:
                self.cover_title = self.reader.words(title)
            alone = symbol is not None and not self.exact and self.reader.words(symbol) == self.reader.words(line)
            self.heads(line, "Symbol: " if alone else "")
        self.census["akn.picture"] = pictures  # an emblem is no part of the text

    def preface(self, element: Any) -> None:
        """The title; of a part of a collection only a heading, the collection has the title."""
        if element.getparent() is not self.main:
            for line in lines_of(element):
                self.add("other", "", self.reader.line([line]))
            return
        for line in lines_of(element, ("docTitle",)):
            found = line if local(line) == "docTitle" else next(line.iter("{*}docTitle"), None)
            if found is None:
                number = local(line) == "docNumber" and not self.exact
                self.heads(line, "Number: " if number else "")
                continue
            made = self.reader.line([found])
            if line is not found and not self.exact:
                self.beside(line, found, made)
            if self.title:
                self.header.append(made.words)
            else:
                self.title = made.words
                self.amendments.take(TITLE, made)

    def beside(self, line: Any, title: Any, made: Line) -> None:
        """What stands beside the title: "75/240." is no word of it, a footnote is one on it."""
        loose = [line.text, *(child.tail for child in line)]
        self.header += [" ".join(one.split()) for one in loose if one and one.strip()]
        for child in line:
            if local(child) == "authorialNote":
                note = self.reader.line(lines_of(child))
                made.asides.append(Aside(len(made.words), len(made.words), note.words, (), child.get("eId", "")))
            elif child is not title:
                self.heads(child, "Number: " if local(child) == "docNumber" else "")

    def conclusions(self, element: Any) -> None:
        for line in lines_of(element):
            dated = any(one.get("refersTo") == "#adoptionDate" for one in line.iter("{*}docDate"))
            self.heads(line, "Adopted: " if dated else "")

    def heads(self, element: Any, name: str) -> None:
        """A line of the header, and after it the footnotes that stand in it."""
        line = self.reader.line([element])
        if line.words or self.exact:
            self.header.append(name + line.words)
        self.header += [note.words for note in line.asides]
        self.unplaced(line)

    def unplaced(self, line: Line) -> None:
        if line.added or line.struck:
            self.census["akn.modification_unplaced"] += len(line.added) + len(line.struck)
        self.header += [one.words for one in line.added]

    def opening(self, element: Any) -> None:
        line = self.reader.line(lines_of(element))
        if self.formula or element.getparent().getparent() is not self.main:
            self.add("other", "", line)
            return
        self.formula = line.words
        self.header += [note.words for note in line.asides]
        self.unplaced(line)


def lines_of(element: Any, whole: Iterable[str] = ()) -> Iterator[Any]:
    """The elements in one that hold words, itself if it does."""
    if is_line(element) or local(element) in whole:
        yield element
        return
    for child in element:
        yield from lines_of(child, whole)
