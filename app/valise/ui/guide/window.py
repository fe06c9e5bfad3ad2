"""The window of the guide: contents and search at the side, the page, and the way back and forward."""

from __future__ import annotations

from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QEvent, QLocale, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from valise.ui import actions, icons, theme, zoom
from valise.ui.guide import places
from valise.ui.guide.book import CONTENTS, ENGLISH, LANGUAGES, Book, Found, split
from valise.ui.guide.reader import Reader
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.asking import Dialog
from valise.ui.widgets.buttons import SearchBox, action_button, button
from valise.ui.widgets.keys_page import KeysPage
from valise.ui.widgets.labels import Words, divider, named

_PLACE = Qt.ItemDataRole.UserRole
SIZE = (1000, 720)
SIDE = 290  # px


@dataclass(slots=True)
class Place:
    """A page that was shown, and where one was in it."""

    name: str
    part: str = ""
    scrolled: int = 0


def language() -> str:
    """The language of the window (`valise.ui.language.use` makes its locale that of everything shown)."""
    code = QLocale().name().partition("_")[0]
    return code if code in LANGUAGES else ENGLISH


class GuideWindow(Dialog):
    """`show_page(name, part)`. A dialog, so that the keys that lock reach over it; of no window, so that no dialog blocks it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(QSize(*SIZE).boundedTo(zoom.room(self)))
        self.setMinimumSize(420, 280)
        self.book = Book(language())
        self._been: list[Place] = []
        self._at = -1
        self._build()
        self._say()
        theme.current().changed.connect(self._fill)

    # building

    def _build(self) -> None:
        self.acts: dict[str, QAction] = {
            name: actions.make(name, self, slot)
            for name, slot in (
                ("guide.back", lambda: self._step(-1)), ("guide.forward", lambda: self._step(1)),
                ("guide.contents", lambda: self.show_page(CONTENTS)), ("guide", lambda: self.show_page(CONTENTS)),
                ("keys", self.show_keys), ("find", self.find),
                ("panes.next", self._next_pane), ("panes.back", self._next_pane),
            )
        }  # fmt: skip
        self.back, self.forward = (action_button(self.acts[name], self) for name in ("guide.back", "guide.forward"))
        self.home = action_button(self.acts["guide.contents"], self)
        self.keys = button("", self.show_keys, kind="quiet", icon="keyboard", parent=self)
        self.search = SearchBox(self.tr("Search the guide"), self)
        self.search.textChanged.connect(lambda _words: self._fill())
        self.search.moved.connect(self._move)
        self.search.returnPressed.connect(self._open_chosen)
        self.search.left.connect(self._read)
        self.list = QListWidget(self)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSpacing(1)
        self.list.itemActivated.connect(self._open)
        self.list.itemClicked.connect(self._open)
        self.none = Words("", "muted", self)
        self.reader = Reader(self.book.folder / "pictures", self)
        self.reader.followed.connect(self.follow)
        self.missing = Words("", "muted", self)
        self.missing.setContentsMargins(theme.SPACE.l, theme.SPACE.s, theme.SPACE.l, theme.SPACE.s)
        top = QHBoxLayout()
        top.setContentsMargins(theme.SPACE.m, theme.SPACE.s, theme.SPACE.m, theme.SPACE.s)
        top.setSpacing(theme.SPACE.xs)
        for part in (self.back, self.forward, self.home):
            top.addWidget(part)
        top.addStretch(1)
        top.addWidget(self.keys)
        side = QWidget(self)
        side.setObjectName("pane")
        column = QVBoxLayout(side)
        column.setContentsMargins(theme.SPACE.m, theme.SPACE.m, theme.SPACE.s, theme.SPACE.m)
        column.setSpacing(theme.SPACE.s)
        column.addWidget(self.search)
        column.addWidget(self.none)
        column.addWidget(self.list, 1)
        right = QWidget(self)
        reading = QVBoxLayout(right)
        reading.setContentsMargins(0, 0, 0, 0)
        reading.setSpacing(0)
        reading.addWidget(self.missing)
        reading.addWidget(self.reader, 1)
        self.columns = QSplitter(Qt.Orientation.Horizontal, self)
        self.columns.setChildrenCollapsible(False)
        self.columns.addWidget(side)
        self.columns.addWidget(right)
        self.columns.setStretchFactor(1, 1)
        self.columns.setSizes([SIDE, SIZE[0] - SIDE])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(divider(self))
        whole.addWidget(self.columns, 1)

    def _say(self) -> None:
        """What is said in the language of the window."""
        self.setWindowTitle(self.tr("Guide"))
        named(self, self.tr("Guide"))
        self.keys.setText(self.tr("Keys"))
        named(self.keys, self.tr("Keys"), self.acts["keys"].statusTip())
        self.keys.setToolTip(self.acts["keys"].toolTip())
        self.search.setPlaceholderText(self.tr("Search the guide"))
        named(self.search, self.tr("Search the guide"))
        self._point()
        self._fill()

    def _point(self) -> None:
        """Arrows point the way the window is read."""
        for name, icon in (("guide.back", "arrow-left"), ("guide.forward", "arrow-right")):
            icons.bind(self.acts[name], icon)

    # pages

    def show_page(self, name: str, part: str = "") -> None:
        """Show a page at a part; the contents where there is no such page."""
        if name not in self.book.names:
            name, part = CONTENTS, ""
        if self._at >= 0:
            self._been[self._at].scrolled = self.reader.verticalScrollBar().value()
            here = self._been[self._at]
            if (here.name, here.part) == (name, part):
                self._show(here)
                return
        del self._been[self._at + 1 :]
        self._been.append(Place(name, part))
        self._at += 1
        self._show(self._been[self._at])

    @property
    def shown(self) -> str:
        """The name of the page that is shown."""
        return self._been[self._at].name if self._at >= 0 else ""

    def _show(self, place: Place) -> None:
        page = self.book.page(place.name)
        foreign = page.language != language()
        self.reader.show_page(page, part=place.part, marked=tuple(self.search.text().split()), foreign=foreign)
        self.missing.setVisible(foreign)
        self.missing.setText(self.tr("This page is not there in the language of the window yet; it is shown in English."))
        self.setWindowTitle(self.tr("{0} – Guide").format(isolate(page.title)))
        self.acts["guide.back"].setEnabled(self._at > 0)
        self.acts["guide.forward"].setEnabled(self._at < len(self._been) - 1)
        if not self.search.text():
            self._choose(place.name)

    def _step(self, by: int) -> None:
        if 0 <= self._at + by < len(self._been):
            self._been[self._at].scrolled = self.reader.verticalScrollBar().value()
            self._at += by
            place = self._been[self._at]
            self._show(place)
            if place.scrolled:
                self.reader.verticalScrollBar().setValue(place.scrolled)

    def follow(self, target: str) -> None:
        """A link of a page: to another page or to a part of this one. What leads elsewhere leads nowhere."""
        name, part = split(target)
        if name and name in self.book.names:
            self.show_page(name, part)
        elif not name and part:
            self.show_page(self.shown, part)

    # contents and search

    def _fill(self) -> None:
        """The contents; while something is searched, what was found."""
        self.list.clear()
        asked = self.search.text().strip()
        if asked:
            found = self.book.search(asked)
            for one in found:
                self._add_found(one)
            named(self.list, self.tr("Found in the guide"))
            self.none.setText("" if found else self.tr("Nothing in the guide has all of these words."))
            self.list.setCurrentRow(0 if found else -1)
        else:
            named(self.list, self.tr("Contents"))
            self.none.setText("")
            self._add("", self.book.page(CONTENTS).title, CONTENTS)
            for group in self.book.groups:
                self._add_group(group.title)
                for name, title in group.pages:
                    self._add("", title, name)
            self._choose(self.shown)
        self.none.setVisible(bool(self.none.plain()))

    def _add_group(self, title: str) -> None:
        made = QListWidgetItem(title)
        made.setFlags(Qt.ItemFlag.NoItemFlags)
        made.setFont(theme.font(theme.SMALL_PX, bold=True))
        made.setForeground(theme.colour("muted"))
        self.list.addItem(made)

    def _add(self, part: str, words: str, name: str, more: str = "") -> None:
        made = QListWidgetItem(words)
        made.setData(_PLACE, (name, part))
        made.setToolTip(more)
        self.list.addItem(made)

    def _add_found(self, one: Found) -> None:
        where = translate("guide", "{0}: {1}").format(one.title, one.heading) if one.heading else one.title
        lines = [isolate(words) for words in (where, one.around) if words]
        self._add(one.part, "\n".join(lines), one.name, where)

    def _choose(self, name: str) -> None:
        """Mark the page that is shown."""
        for row in range(self.list.count()):
            place = self.list.item(row).data(_PLACE)
            if place is not None and place[0] == name:
                self.list.setCurrentRow(row)
                return

    def _open(self, item: QListWidgetItem) -> None:
        place = item.data(_PLACE)
        if place is not None:
            self.show_page(*place)

    def _open_chosen(self) -> None:
        item = self.list.currentItem()
        if item is not None and self.search.text().strip():
            self._open(item)
            self.reader.setFocus()

    def _move(self, by: int) -> None:
        row = self.list.currentRow() + by
        while 0 <= row < self.list.count():
            if self.list.item(row).data(_PLACE) is not None:
                self.list.setCurrentRow(row)
                return
            row += by

    def find(self) -> None:
        """To the search."""
        self.search.setFocus()
        self.search.selectAll()

    def _next_pane(self) -> None:
        """Between the contents and the page."""
        focus = QApplication.focusWidget()
        (self.list if focus is self.reader else self.reader).setFocus()

    def _read(self) -> None:
        """The keyboard to the page."""
        self.reader.setFocus()

    def show_keys(self) -> None:
        """The sheet of keys."""
        from valise.ui import screens

        screens.load_actions()
        KeysPage(self).open()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange and hasattr(self, "columns"):
            self._point()
        elif event.type() == QEvent.Type.LanguageChange and hasattr(self, "columns"):
            self._turn()

    def _turn(self) -> None:
        """Another language of the window."""
        for name, action in self.acts.items():
            action.setText(actions.spec(name).label)
        self.book = Book(language())
        self._say()
        if self._at >= 0:
            self._show(self._been[self._at])


_open: list[GuideWindow] = []  # nothing else may own a window of no window


def show_guide(name: str, parent: QWidget | None = None) -> GuideWindow:
    """The guide at a page, in the one window it has. `parent` only before the vault is open: it then ends with that window."""
    _open[:] = [one for one in _open if shiboken6.isValid(one)]
    if not _open:
        made = GuideWindow(parent)
        _open.append(made)
        made.finished.connect(lambda _how: _open.clear())
    guide = _open[0]
    guide.show_page(name)
    guide.show()
    guide.raise_()
    guide.activateWindow()
    guide.reader.setFocus()
    return guide


def help_for(window: QWidget, shown: QWidget, *, owned: bool = False) -> GuideWindow:
    """What F1 does in a window: the guide at the page about the dialog over it, or about what is `shown` in it."""
    over = QApplication.activeModalWidget()
    return show_guide(places.here(over or window, shown), window if owned else None)
