"""The sidebar: one button per screen, a count where a person must act, who we are at the foot."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QSizePolicy, QStyle, QVBoxLayout, QWidget

from valise.ui import access, actions, icons, theme, zoom
from valise.ui.access_role import PageAccess
from valise.ui.language import translate
from valise.ui.screens import Entry
from valise.ui.widgets.badge import paint_pill
from valise.ui.widgets.labels import ElidedLabel, SafeLabel, Words, named

WIDTH, NARROW = 204, 64  # px
ROOMY = 860  # px of a window; in less the sidebar shows signs only
STATUS, BAR = 34, 10  # px of the status line, of a scroll bar


def _key(entry: Entry) -> str:
    """The key of a screen, as this system writes it."""
    return actions.spec(f"go.{entry.name}").keys[0].toString(QKeySequence.SequenceFormat.NativeText)


class NavButton(QAbstractButton):
    """One screen: icon, name and count, mirrored with the layout direction."""

    def __init__(self, entry: Entry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self.count = 0
        self._over = False
        self._ring = False
        self._narrow = False
        self.setCheckable(True)
        self.setText(entry.label)
        self.setToolTip(_key(entry))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(0)

    def set_count(self, count: int) -> None:
        """How many things there need a person."""
        self.count = count
        name = self.text()
        named(self, translate("widgets", "{0}, %n need you", None, count).format(name) if count else name)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize((NARROW if self._narrow else WIDTH) - 16, 38)

    minimumSizeHint = sizeHint

    def set_narrow(self, narrow: bool) -> None:
        """The sign alone, the name as a tooltip."""
        self._narrow = narrow
        self.setToolTip(f"{self.text()} ({_key(self.entry)})" if narrow else _key(self.entry))
        self.updateGeometry()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        # A ring for who came by the keyboard, none after a click.
        self._ring = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._over = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        t = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.rect()
        way = self.layoutDirection()
        chosen = self.isChecked()
        if chosen or self._over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("selected" if chosen else "hover"))
            painter.drawRoundedRect(QRectF(area), theme.RADIUS, theme.RADIUS)
        if self.hasFocus() and self._ring:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), theme.RADIUS - 1, theme.RADIUS - 1)
        ink = t.accent if chosen else t.text
        spot = QRect(12, (area.height() - 18) // 2, 18, 18)
        picture = icons.pixmap(self.entry.icon, ink if chosen else t.muted, 18, self.devicePixelRatioF())
        painter.drawPixmap(QStyle.visualRect(way, area, spot), picture)
        words = QRect(42, 0, area.width() - 54, area.height())
        if self.count:
            text = str(self.count) if self.count < 100 else "99+"
            font = theme.font(theme.SMALL_PX, bold=True)
            wide = max(24, QFontMetrics(font).horizontalAdvance(text) + 14)
            edge, top = (0, 0) if self._narrow else (10, (area.height() - 20) // 2)  # over the corner of the sign
            pill = QRect(area.width() - wide - edge, top, wide, 20)
            painter.setFont(font)
            colours = (
                (theme.colour("on_accent"), theme.colour("accent_fill"))
                if chosen
                else (theme.colour("text"), theme.colour("line"))
            )
            paint_pill(painter, QStyle.visualRect(way, area, pill), text, "", colours, way)
            words.setRight(pill.left() - 6)
        if self._narrow:
            return
        painter.setFont(self.font())
        painter.setPen(theme.colour("accent") if chosen else theme.colour("text"))
        where = QStyle.visualAlignment(way, Qt.AlignmentFlag.AlignLeading) | Qt.AlignmentFlag.AlignVCenter
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(QStyle.visualRect(way, area, words), int(where), shown)


access.speaks(NavButton, PageAccess)


class Sidebar(QFrame):
    """`chosen(name)` when a person chooses a screen."""

    chosen = Signal(str)

    def __init__(self, entries: list[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(WIDTH)
        self.narrow = False
        named(self, self.tr("Screens"))
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.SPACE.s, theme.SPACE.l, theme.SPACE.s, theme.SPACE.m)
        box.setSpacing(2)
        self._head = Words(self.tr("Valise"), "title", self)
        self._head.setContentsMargins(12, 0, 12, theme.SPACE.s)
        box.addWidget(self._head)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self.buttons: dict[str, NavButton] = {}
        for entry in entries:
            button = NavButton(entry, self)
            self._group.addButton(button)
            self.buttons[entry.name] = button
            button.clicked.connect(lambda _checked=False, name=entry.name: self.chosen.emit(name))
            box.addWidget(button)
        box.addStretch(1)
        self._who = ElidedLabel("", self, bold=True)
        self._role = SafeLabel("", "small", self, wrap=False)
        for label in (self._who, self._role):
            label.setContentsMargins(12, 0, 12, 0)
            box.addWidget(label)

    def set_narrow(self, narrow: bool) -> None:
        """Signs only, where the window is narrow."""
        if narrow == self.narrow:
            return
        self.narrow = narrow
        self.setFixedWidth(NARROW if narrow else WIDTH)
        for one in self.buttons.values():
            one.set_narrow(narrow)
        for label in (self._head, self._who, self._role):
            label.setVisible(not narrow)

    def show_me(self, delegation: str, officer: str) -> None:
        """Whose vault this is."""
        self._who.setText(delegation)
        self._role.setText(officer)

    def choose(self, name: str) -> None:
        """Mark a screen as the one shown."""
        self.buttons[name].setChecked(True)

    def focus(self) -> None:
        """Put the keyboard on the chosen screen's button."""
        chosen = self._group.checkedButton()
        if chosen is not None:
            chosen.setFocus(Qt.FocusReason.ShortcutFocusReason)


class Beside(zoom.Reach):
    """The sidebar in its window: where that is narrow it shows signs only, where it is low it scrolls."""

    def __init__(self, sidebar: Sidebar, window: QWidget, parent: QWidget) -> None:
        super().__init__(sidebar, QSize(), parent)
        self._sidebar = sidebar
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        window.installEventFilter(_Sizes(self))
        self.fit(window.size())

    def fit(self, window: QSize) -> None:
        """As the size of the window asks for."""
        self._sidebar.set_narrow(window.width() < ROOMY)
        low = window.height() < self._sidebar.minimumSizeHint().height() + STATUS
        self.setFixedWidth(self._sidebar.maximumWidth() + (BAR if low else 0))


class _Sizes(QObject):
    def __init__(self, beside: Beside) -> None:
        super().__init__(beside)
        self._beside = beside

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._beside.fit(event.size())  # type: ignore[attr-defined]
        return False
