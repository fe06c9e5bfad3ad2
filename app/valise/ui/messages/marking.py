"""Choosing a marking: none, the five labels of TLP 2.0, or a national marking in the delegation's own words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from valise.ui import theme
from valise.ui.messages import terms
from valise.ui.text_safe import clean
from valise.ui.widgets.badge import MARKINGS
from valise.ui.widgets.labels import named

LONGEST = 60  # characters of a national marking
_OWN = "\0own"


class MarkingChoice(QWidget):
    """`marking()` is what will stand on the message, "" for none."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.SPACE.xs)
        self.choice = named(QComboBox(self), self.tr("Marking"))
        self.choice.addItem(self.tr("No marking"), "")
        for one in reversed(MARKINGS):
            self.choice.addItem(one, one)
            self.choice.setItemData(self.choice.count() - 1, terms.marking_help(one), Qt.ItemDataRole.ToolTipRole)
        self.choice.addItem(self.tr("National marking…"), _OWN)
        self.choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.words = named(QLineEdit(self), self.tr("National marking"))
        self.words.setPlaceholderText(self.tr("e.g. AURELIA CONFIDENTIAL"))
        self.words.setMaxLength(LONGEST)
        self.words.setMinimumWidth(150)
        line.addWidget(self.choice)
        line.addWidget(self.words, 1)
        self.choice.currentIndexChanged.connect(self._chosen)
        self.choice.activated.connect(self._typed)
        self.words.textChanged.connect(lambda _text: self.changed.emit())
        self._chosen()

    def marking(self) -> str:
        value = str(self.choice.currentData())
        return clean(self.words.text(), lines=False).strip() if value == _OWN else value

    def set_marking(self, marking: str) -> None:
        place = self.choice.findData(marking)
        if place >= 0:
            self.words.clear()
            self.choice.setCurrentIndex(place)
        else:
            self.words.setText(marking)
            self.choice.setCurrentIndex(self.choice.findData(_OWN))

    def _chosen(self) -> None:
        value = str(self.choice.currentData())
        self.words.setVisible(value == _OWN)
        self.choice.setToolTip(terms.marking_help(value) or self.tr("A marking in your delegation's own words"))
        self.changed.emit()

    def _typed(self) -> None:
        if self.choice.currentData() == _OWN:
            self.words.setFocus()
