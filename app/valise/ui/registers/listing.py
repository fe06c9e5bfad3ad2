"""The registers on the left, in groups, each with how many rows it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from valise.domain.register.definition import Definition
from valise.ui.registers import said
from valise.ui.registers.lines import LineList, LinesModel


class RegistersModel(LinesModel):
    """Definitions, and a heading (a string) before each group."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.counts: Mapping[str, int] = {}

    def show(self, groups: Sequence[tuple[str, Sequence[Definition]]], counts: Mapping[str, int]) -> None:
        """Replace everything."""
        self.counts = counts
        wanted: list[Definition | str] = []
        for head, definitions in groups:
            if definitions:
                wanted += [*([head] if head else []), *definitions]
        self.hold(wanted)

    def place(self, register: str) -> int:
        """The line of a register, -1 for none."""
        return next((n for n, one in enumerate(self.rows) if isinstance(one, Definition) and one.id == register), -1)

    def heads(self, one: Any) -> bool:
        return isinstance(one, str)

    def words(self, one: Any) -> str:
        return one if isinstance(one, str) else said.term(one.title)

    def spoken(self, one: Any) -> str:
        count = None if isinstance(one, str) else self.counts.get(one.id)
        return self.words(one) if count is None else f"{self.words(one)}, {said.rows(count)}"

    def help(self, one: Any) -> str:
        return "" if isinstance(one, str) or one.help is None else said.term(one.help)

    def count(self, one: Any) -> int:
        return self.counts.get(one.id, 0)


class RegisterList(LineList):
    """`chosen(Definition)` when one is at another register."""

    model: RegistersModel

    def __init__(self, buttons: Sequence[QWidget], parent: QWidget) -> None:
        super().__init__(RegistersModel(parent), self.tr("Registers"), self.tr("Registers"), self.tr("Enter goes to the rows"),
                         self.tr("Find a register"), buttons, parent)  # fmt: skip
        self._groups: Sequence[tuple[str, Sequence[Definition]]] = ()
        self._counts: Mapping[str, int] = {}

    def show_groups(self, groups: Sequence[tuple[str, Sequence[Definition]]], counts: Mapping[str, int]) -> None:
        """Replace everything; whoever stood at one stands there again."""
        self._groups, self._counts = groups, counts
        self.again()

    def current(self) -> Definition | None:
        """The register one is at."""
        one = self.entry()
        return one if isinstance(one, Definition) else None

    def go(self, register: str, *, quiet: bool = False) -> bool:
        """Be at a register; False when it is not there."""
        return self.at(self.model.place(register), quiet=quiet)

    def again(self) -> None:
        held, words = self.current(), self.words()
        shown = [(head, [one for one in definitions if all(word in f"{said.term(one.title)} {one.id}".casefold() for word in words)])
                 for head, definitions in self._groups]  # fmt: skip
        self.model.show(shown, self._counts)
        if held is not None:
            self.go(held.id, quiet=True)
