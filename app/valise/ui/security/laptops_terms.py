"""What a certificate is to say: officer, role, an office as a preset of rights, each right, the term."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from valise.desk.door_laptops import LaptopView, Terms
from valise.domain.kinds import RIGHTS
from valise.ui import theme
from valise.ui.language import translate
from valise.ui.security.laptops_words import OFFICES, TERMS, USUAL_TERM, scope, term
from valise.ui.settings.identity import right_words
from valise.ui.widgets.labels import Words, named

_NAME = 200


class TermsForm(QWidget):
    """`terms()` is what is chosen; `changed` whenever it changes."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rooms: tuple[str, ...] = ()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.SPACE.m)
        grid.setVerticalSpacing(theme.SPACE.s)
        self.officer = named(QLineEdit(self), self.tr("Officer"))
        self.role = named(QLineEdit(self), self.tr("Role"))
        for field in (self.officer, self.role):
            field.setMaxLength(_NAME)
            field.textChanged.connect(self.changed)
        self.office = named(QComboBox(self), self.tr("Office"))
        for words, _rights in OFFICES:
            self.office.addItem(translate("laptops", words))
        self.office.addItem(self.tr("Rights chosen one by one"))
        self.office.activated.connect(self._office)
        self.until = named(QComboBox(self), self.tr("Valid for"))
        for _words, days in TERMS:
            self.until.addItem(term(days), days)
        self.until.setCurrentIndex(USUAL_TERM)
        self.until.activated.connect(self.changed)
        for place, (words, field) in enumerate(
            (
                (self.tr("Officer"), self.officer),
                (self.tr("Role"), self.role),
                (self.tr("Office"), self.office),
                (self.tr("Valid for"), self.until),
            )
        ):
            grid.addWidget(Words(words, "strong", self), place, 0)
            grid.addWidget(field, place, 1)
        grid.setColumnStretch(1, 1)
        box.addLayout(grid)
        box.addWidget(Words(self.tr("It may"), "strong", self))
        ticks = QVBoxLayout()  # one under the other: in some languages a right is a line
        self.rights: dict[str, QCheckBox] = {}
        for right in RIGHTS:
            tick = named(QCheckBox(right_words(right), self), self.tr("The laptop may: {0}").format(right_words(right)))
            tick.clicked.connect(self._ticked)
            self.rights[right] = tick
            ticks.addWidget(tick, 0, Qt.AlignmentFlag.AlignLeading)
        self.rights["observe"].setChecked(True)
        self.rights["observe"].setEnabled(False)  # nobody lacks the right to read
        box.addLayout(ticks)
        self.scope = Words("", "muted", self)
        self.scope.hide()
        box.addWidget(self.scope)
        self._office(1)

    def fill(self, officer: str, role: str, rights: tuple[str, ...] = (), rooms: tuple[str, ...] = ()) -> None:
        """Begin with these; without rights those of the chosen office stay."""
        self.officer.setText(officer)
        self.role.setText(role)
        self._rooms = rooms
        self.scope.setText(scope(rooms))
        self.scope.setVisible(bool(rooms))
        if rights:
            for name, tick in self.rights.items():
                tick.setChecked(name in rights or name == "observe")
            self._ticked()

    def of(self, one: LaptopView) -> None:
        """Begin with what its certificate says now."""
        self.fill(one.officer, one.role, one.rights, one.rooms)

    def terms(self) -> Terms:
        """What is chosen."""
        rights = tuple(name for name, tick in self.rights.items() if tick.isChecked())
        officer, role = " ".join(self.officer.text().split()), " ".join(self.role.text().split())
        return Terms(officer, role, rights, int(self.until.currentData()), self._rooms)

    def ready(self) -> bool:
        """Somebody is named."""
        return bool(self.officer.text().strip())

    def _office(self, place: int) -> None:
        self.office.setCurrentIndex(place)
        if place < len(OFFICES):
            for name, tick in self.rights.items():
                tick.setChecked(name in OFFICES[place][1])
        self.changed.emit()

    def _ticked(self) -> None:
        chosen = set(self.terms().rights)
        offices = [set(rights) for _words, rights in OFFICES]
        self.office.setCurrentIndex(offices.index(chosen) if chosen in offices else len(OFFICES))
        self.changed.emit()
