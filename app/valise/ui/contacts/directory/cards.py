"""Contact cards: which entries go into a file; what a file would change, before a person takes it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QWidget

from valise.desk.door_pings import CardPreview, CardRead, Version
from valise.domain.message import TLP
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.view import press_with
from valise.ui.contacts.directory.wording import Wording
from valise.ui.language import listed, translate
from valise.ui.text_safe import clean, isolate, tip
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import Words, named

_N = int(Qt.ItemDataRole.UserRole) + 1


class Saving(Asking):
    """Which version, and for which marking. `version()`, `marking()` once it was accepted. It opens at once."""

    def __init__(self, parent: QWidget, count: int) -> None:
        super().__init__(parent, width=480)
        self.setModal(True)
        self.begin(self.tr("Save contact cards"), translate("directory", "Save %n entries as contact cards?", None, count))
        self.say(self.tr("The file lies outside the vault and is not sealed. What is ours alone (authority, escalation, source, review)"
                         " is in no card."))  # fmt: skip
        self.say(self.tr("Only entries marked no more strictly than"), "")
        self._marking = named(QComboBox(self), self.tr("Only entries marked no more strictly than"))
        for one in reversed(TLP):
            self._marking.addItem(one, one)
        self._marking.setCurrentIndex(self._marking.findData("TLP:AMBER+STRICT"))
        self.column.addWidget(self._marking)
        self.say(self.tr("Version"), "")
        self._version = named(QComboBox(self), self.tr("Version"))
        self._version.addItem(self.tr("vCard 4.0"), "4.0")
        self._version.addItem(self.tr("vCard 3.0, for older programs"), "3.0")
        self.column.addWidget(self._version)
        self.leave = button(self.tr("Leave as it is"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Save…"), self.accept, kind="primary", icon="download", parent=self)
        self.end(self.leave, self.go)
        press_with(self, self.go)
        self.open()

    def marking(self) -> str:
        return str(self._marking.currentData())

    def version(self) -> Version:
        return "3.0" if self._version.currentData() == "3.0" else "4.0"


class Taking(Asking):
    """What each card would change; `chosen()` and `fill()` once it was accepted. A card that lacks what an entry needs can be
    filled in by hand: `by_hand({column: values})`. It opens at once."""

    by_hand = Signal(object)

    def __init__(self, parent: QWidget, preview: CardPreview) -> None:
        super().__init__(parent, width=680)
        self.setModal(True)
        self.preview = preview
        self._words = Wording()
        self.begin(self.tr("Contact cards"), self.tr("What these cards would change"))
        self.say(self.tr("Nothing is taken that is not ticked. A card never empties a field."))
        self.tree = named(QTreeWidget(self), self.tr("Cards and what they would change"))
        self.tree.setHeaderLabels([self.tr("Field"), self.tr("Stands now"), self.tr("Card says")])
        named(self.tree.header(), self.tr("Columns"))
        self.tree.setMinimumHeight(260)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.setColumnWidth(1, 190)
        for one in preview.cards:
            self._add(one)
        self.tree.itemChanged.connect(lambda *_: self._offer())
        self.column.addWidget(self.tree, 1)
        self.need = Words("", "", self)
        self.column.addWidget(self.need)
        self.source = named(QLineEdit(self), self.tr("Source document of new entries"))
        self.source.setPlaceholderText(self.tr("Note verbale no. and date"))
        self.source.textChanged.connect(lambda _text: self._offer())
        self.column.addWidget(self.source)
        self.write = button(self.tr("Fill in by hand…"), self._by_hand, icon="edit", parent=self)
        self.write.setToolTip(self.tr("Begin an entry with what the chosen card says"))
        self.leave = button(self.tr("Take nothing"), self.reject, kind="quiet", parent=self)
        self.go = button(self.tr("Take the ticked ones"), self.accept, kind="primary", icon="check", parent=self)
        self.end(self.write, self.leave, self.go)
        press_with(self, self.go)
        self.tree.currentItemChanged.connect(lambda *_: self._offer())
        if self.tree.topLevelItemCount():
            self.tree.setCurrentItem(self.tree.topLevelItem(0))
        self._offer()
        self.open()

    def _add(self, one: CardRead) -> None:
        title = isolate(clean(one.title, lines=False))
        what = self.tr("{title}: changes an entry") if one.contact else self.tr("{title}: a new entry")
        if one.contact and not one.changes:
            what = self.tr("{title}: says nothing new")
        item = QTreeWidgetItem([what.format(title=title)])
        item.setData(0, _N, one.n)
        lacks = [column for column in one.missing if column != "source_document"]
        may = bool(one.changes) and not lacks
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable if may else item.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
        if may:
            item.setCheckState(0, Qt.CheckState.Checked)
        for change in one.changes:
            said_of = (self._words.shown(change.column, values) for values in (change.before, change.after))
            shown = [isolate(clean(words, lines=False)) if words else "–" for words in said_of]
            said_here = QTreeWidgetItem([said.field(change.column), *shown])
            for place, words in enumerate(shown, 1):
                said_here.setToolTip(place, tip(words))
            item.addChild(said_here)
        if lacks:
            missing = QTreeWidgetItem([self.tr("Still missing"), "", listed(said.field(column) for column in lacks)])
            missing.setToolTip(0, missing.text(0))
            missing.setToolTip(2, missing.text(2))
            item.addChild(missing)
        if one.left_out:
            item.addChild(QTreeWidgetItem([self.tr("Left out: no place in an entry"), "", str(one.left_out)]))
        self.tree.addTopLevelItem(item)
        self.tree.setFirstColumnSpanned(self.tree.indexOfTopLevelItem(item), self.tree.rootIndex(), True)
        item.setExpanded(True)

    def _current(self) -> CardRead | None:
        """The card the keyboard is on."""
        item = self.tree.currentItem()
        while item is not None and item.parent() is not None:
            item = item.parent()
        return next((one for one in self.preview.cards if item is not None and one.n == item.data(0, _N)), None)

    def _by_hand(self) -> None:
        if (one := self._current()) is not None:
            self.by_hand.emit({change.column: change.after for change in one.changes})
            self.reject()

    def chosen(self) -> list[int]:
        """Numbers of the ticked cards."""
        items = (self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount()))
        return [one.data(0, _N) for one in items if one is not None and one.checkState(0) == Qt.CheckState.Checked
                and one.flags() & Qt.ItemFlag.ItemIsUserCheckable]  # fmt: skip

    def fill(self) -> dict[int, dict[str, list[str]]]:
        """What a person adds to new ones."""
        words = self.source.text().strip()
        return {one.n: {"source_document": [words]} for one in self._new() if words}

    def _new(self) -> list[CardRead]:
        chosen = set(self.chosen())
        return [one for one in self.preview.cards if one.n in chosen and "source_document" in one.missing]

    def _offer(self) -> None:
        one = self._current()
        self.write.setEnabled(one is not None and not one.contact and bool(one.changes))
        new = self._new()
        self.source.setVisible(bool(new))
        self.need.setVisible(bool(new))
        self.need.setText(self.tr("New entries need the document that nominated them."))
        self.go.setEnabled(bool(self.chosen()) and (not new or bool(self.source.text().strip())))
