"""What incidents take from the directory of points of contact: the clock of the other side, and whom a report can name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from valise.desk.door_pings import Entry
from valise.ui.language import translate
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import named
from valise.ui.widgets.times import LATEST

_GONE = ("superseded", "removed")
MOST = 40  # lines of a menu


@dataclass(frozen=True, slots=True)
class Named:
    """A point of contact as a report names it: its State and its role."""

    state: str
    words: str


class Directory:
    """Entries that stand, as incidents need them. Empty until `fill` was called."""

    def __init__(self) -> None:
        self.known: tuple[Named, ...] = ()
        self._zones: dict[str, str] = {}

    def fill(self, entries: Iterable[Entry]) -> None:
        """By State and label, as the directory has them; the first zone of a State is its clock."""
        standing = [one for one in entries if one.first("status") not in _GONE]
        self.known = tuple(Named(one.state, f"{one.state}: {one.label}") for one in standing)
        self._zones = {}
        for one in standing:
            if zone := one.first("time_zone"):
                self._zones.setdefault(one.state, zone)

    def clock(self, state: str, at: int) -> str:
        """ "05:40 there" where the point of contact of a State is, with the date where that is another; "" where the directory does not say."""
        zone = self._zones.get(state, "")
        if not zone or not at:
            return ""
        utc = datetime.fromtimestamp(max(0, min(at, LATEST)) / 1000, UTC)
        try:
            there = utc.astimezone(ZoneInfo(zone))
        except (OSError, ValueError, KeyError):  # a zone this computer does not have, or no zone at all
            return ""
        shown = f"{there:%H:%M}" if there.date() == utc.date() else f"{there:%Y-%m-%d %H:%M}"
        return translate("incidents", "{when} there").format(when=isolate(shown))


class FromDirectory(QWidget):
    """The button beside a field of points of contact; what is chosen is written into the field, which stays free."""

    def __init__(self, field: QLineEdit | QPlainTextEdit, name: str, offered: Callable[[], Iterable[Named]], parent: QWidget) -> None:
        super().__init__(parent)
        self._field, self._offered = field, offered
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.choose = button(translate("incidents", "From the directory"), icon="contacts", kind="quiet", parent=self)
        named(self.choose, translate("incidents", "{0}: choose from the directory of points of contact").format(name))
        self.menu = named(QMenu(self.choose), translate("incidents", "Points of contact"))
        self.menu.aboutToShow.connect(self._fill)
        self.choose.setMenu(self.menu)
        column.addWidget(self.choose, 0, Qt.AlignmentFlag.AlignLeading)

    def follow(self) -> None:
        """Nothing to offer, nothing to press."""
        self.setVisible(any(True for _ in self._offered()))

    def _fill(self) -> None:
        self.menu.clear()
        for one in list(self._offered())[:MOST]:
            self.menu.addAction(clean(shorten(one.words, 90), lines=False).replace("&", "&&"), lambda words=one.words: self.take(words))

    def take(self, words: str) -> None:
        """Write it: instead of what stands in a line, as a further line elsewhere."""
        words = clean(words, lines=False)[:200]
        if isinstance(self._field, QLineEdit):
            self._field.setText(words)
        else:
            lines = [one for one in self._field.toPlainText().splitlines() if one.strip()]
            self._field.setPlainText("\n".join(dict.fromkeys([*lines, words])))
        self._field.setFocus()
