"""Norms and measures on the left: under each instrument the matrix of States, then every item by its number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from valise.domain.register.definition import Definition, Item
from valise.ui.language import translate
from valise.ui.registers import said
from valise.ui.registers.lines import LineList, LinesModel
from valise.ui.registers.matrix import short_item

_PART = re.compile(r"\w+")
_SHORT = 2  # letters; so short a word is a number or a letter of an item, and not the middle of another word


@dataclass(frozen=True, slots=True)
class Line:
    """A heading (`head`), a register as a whole (no item), or an item."""

    definition: Definition
    item: Item | None = None
    head: bool = False

    def words(self) -> str:
        """What stands on it."""
        if self.item is not None:
            return said.term(self.item.title)
        if self.head:
            return said.term(self.definition.title)
        return translate("registers", "All States") if self.definition.items else said.term(self.definition.title)


class CommitmentsModel(LinesModel):
    """Lines, narrowed by words."""

    def show(self, definitions: Sequence[Definition], words: Sequence[str] = ()) -> None:
        """Replace everything; with words, only items that have them all."""
        wanted: list[Line] = []
        for one in definitions:
            if not one.items:
                if all(word in said.term(one.title).casefold() for word in words):
                    wanted.append(Line(one))
                continue
            items = [Line(one, item) for item in one.items if self._has(item, words)]
            if items:
                wanted += [Line(one, head=True), *([] if words else [Line(one)]), *items]
        self.hold(wanted)

    @staticmethod
    def _has(item: Item, words: Sequence[str]) -> bool:
        told = f"{item.id} {item.symbol} {said.term(item.title)} {said.term(item.summary) if item.summary else ''} {item.group}".casefold()
        parts = {*_PART.findall(told)}
        return all(word in parts if len(word) <= _SHORT and word.isascii() and word.isalnum() else word in told for word in words)

    def place(self, register: str, item: str = "") -> int:
        """The line of an item, or of a register as a whole; -1 for none."""
        for n, one in enumerate(self.rows):
            if not one.head and one.definition.id == register and (one.item.id if one.item else "") == item:
                return n
        return -1

    def heads(self, one: Any) -> bool:
        return bool(one.head)

    def words(self, one: Any) -> str:
        return str(one.words())

    def spoken(self, one: Any) -> str:
        return one.words() if one.head or one.item is None else f"{said.term(one.definition.title)}, {one.words()}"

    def help(self, one: Any) -> str:
        return one.words() if one.item is not None else ""

    def sign(self, one: Any) -> tuple[str, str]:
        return (short_item(one.item.id), "") if one.item is not None else ("", "registers")


class CommitmentList(LineList):
    """`chosen(Line)` when one is at another; `entered()` on Enter."""

    model: CommitmentsModel

    def __init__(self, parent: QWidget) -> None:
        super().__init__(CommitmentsModel(parent), self.tr("Commitments"), self.tr("Norms and measures"), self.tr("Enter goes to the page"),
                         self.tr("Word, letter or symbol"), parent=parent)  # fmt: skip
        self._definitions: Sequence[Definition] = ()

    def show_definitions(self, definitions: Sequence[Definition]) -> None:
        """Replace everything; one stays where one is."""
        self._definitions = definitions
        self.again()

    def current(self) -> Line | None:
        """Where one is."""
        line = self.entry()
        return line if isinstance(line, Line) else None

    def go(self, register: str, item: str = "", *, quiet: bool = False) -> bool:
        """Be at a line; False when there is none."""
        return self.at(self.model.place(register, item), quiet=quiet)

    def step(self, by: int) -> None:
        """To the next item, or the one before, of any instrument."""
        at = self.list.currentIndex().row()
        places = [n for n, one in enumerate(self.model.rows) if one.item is not None]
        after = [n for n in places if n > at] if by > 0 else [n for n in reversed(places) if n < at]
        if after:
            self.at(after[0])

    def found(self, one: Any) -> bool:
        return one.item is not None

    def again(self) -> None:
        held = self.current()
        self.model.show(self._definitions, self.words())
        if held is not None:
            self.go(held.definition.id, held.item.id if held.item is not None else "", quiet=True)
