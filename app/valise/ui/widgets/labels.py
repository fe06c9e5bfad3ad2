"""Labels. SafeLabel is the only one for text that came from outside."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from valise.ui.text_safe import FSI, PDI, begins_right_to_left, clean, isolate_lines, tip

W = TypeVar("W", bound=QWidget)
PROSE = 60  # characters
CAPTIONS = ("title", "heading", "strong", "mono")  # never prose, however long: they belong to what stands below or above
RLI, RLM = "\u2067", "\u200f"


def named(widget: W, name: str, description: str = "") -> W:
    """Give a widget its accessible name (and description); returns the widget."""
    widget.setAccessibleName(name)
    if description:
        widget.setAccessibleDescription(description)
    if widget.inherits("QComboBox") or widget.inherits("QAbstractSpinBox"):
        _entered(widget, name)
    return widget


def hint(widget: QWidget, words: str) -> None:
    """A tooltip of outside words, plain. A screen reader gets the words: without a description Qt would hand it the markup."""
    told = clean(words)
    widget.setToolTip(tip(isolate_lines(told) if told else ""))
    widget.setAccessibleDescription(told)


def _entered(widget: QWidget, name: str) -> None:
    """A choice or a number."""
    from PySide6.QtWidgets import QAbstractSpinBox, QComboBox  # 2 ms that the unlock page does without

    widget.wheelEvent = _still  # type: ignore[method-assign]  # Shiboken asks the instance; an event filter is called too often
    if isinstance(widget, QComboBox):
        widget.view().setAccessibleName(name)  # the list it opens
    if isinstance(widget, QAbstractSpinBox):
        widget.lineEdit().setTextMargins(6, 0, 6, 0)  # a stylesheet pads only its height


def _still(event: QWheelEvent) -> None:
    """The wheel scrolls the page, also over a field: there it would change a value that nobody looks at."""
    event.ignore()


class SafeLabel(QLabel):
    """Plain text always: no markup, no links, each line in its own direction. `role` as in the stylesheet."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None, *, wrap: bool = True) -> None:
        super().__init__(parent)
        self._plain = ""
        self._placed = False
        super().setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show outside text."""
        self._plain = clean(text)
        super().setText(isolate_lines(text))
        self.setAccessibleName(self._plain)
        self._settle()

    def setAlignment(self, alignment: Qt.AlignmentFlag) -> None:
        """Place the text; without this it stands at the start of the layout."""
        self._placed = True
        super().setAlignment(alignment)

    def _settle(self) -> None:
        # QLabel does not look inside isolates for the direction of its text. A name or caption belongs at the start of
        # the layout whatever its script; only outside text long enough to be read as prose keeps its own side.
        if self._placed:
            return
        prose = type(self) is SafeLabel and len(self._plain) > PROSE and self.property("role") not in CAPTIONS
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        right = begins_right_to_left(self._plain) if prose else mirrored
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        super().setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._settle()

    def plain(self) -> str:
        """What is shown, without the isolates."""
        return self._plain

    def setTextFormat(self, _format: Qt.TextFormat) -> None:
        """Refused: the format stays plain."""

    def setOpenExternalLinks(self, _open: bool) -> None:
        """Refused: no link is opened from here."""

    def setRole(self, role: str) -> None:
        """Change the look."""
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)


class Words(SafeLabel):
    """Our own sentences: plain text too, but isolates already within them are kept."""

    def setText(self, text: str) -> None:
        """Show a sentence of ours."""
        self._plain = clean(text)
        if FSI in text and self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            # Where all strong letters stand within isolates QLabel would go from left to right, the first part last.
            text = "\n".join(f"{RLM}{line}" for line in text.split("\n"))
        QLabel.setText(self, text)
        self.setAccessibleName(self._plain)
        self._settle()


def title(text: str, parent: QWidget | None = None) -> Words:
    """The heading of a page."""
    return Words(text, "title", parent)


def heading(text: str, parent: QWidget | None = None) -> Words:
    """The heading of a part."""
    return Words(text, "heading", parent)


def muted(text: str, parent: QWidget | None = None) -> Words:
    """A quiet sentence."""
    return Words(text, "muted", parent)


def small(text: str, parent: QWidget | None = None) -> Words:
    """Small and quiet, for times and counts."""
    return Words(text, "small", parent)


class ElidedLabel(QWidget):
    """One line of outside text, cut with an ellipsis where the room ends; the whole is its accessible name. `ours`: a
    sentence of ours, in the direction of the window; isolates within it are kept."""

    mode = Qt.TextElideMode.ElideRight  # the folder of a path stands at its end: there it is the middle

    def __init__(self, text: str = "", parent: QWidget | None = None, *, bold: bool = False, ours: bool = False) -> None:
        super().__init__(parent)
        self._plain, self._shown, self._ours = "", "", ours
        if bold:
            font = self.font()
            font.setBold(True)
            self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show it."""
        self._plain = clean(text, lines=False)
        self._shown = " ".join(text.split()) if self._ours else self._plain
        self.setAccessibleName(self._plain)
        self.setToolTip("")
        self.update()

    def plain(self) -> str:
        """The whole text."""
        return self._plain

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._plain), metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, QFontMetrics(self.font()).height())

    def ink(self) -> QColor:
        """Its colour."""
        return self.palette().windowText().color()

    def paintEvent(self, _event: QPaintEvent) -> None:
        from PySide6.QtWidgets import QStyle  # 6 ms that the unlock page does without

        painter = QPainter(self)
        painter.setPen(self.ink())
        area = self.contentsRect()
        shown = self.fontMetrics().elidedText(self._shown, self.mode, area.width())
        mirrored = self._ours and self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        where = QStyle.visualAlignment(self.layoutDirection(), Qt.AlignmentFlag.AlignLeading)
        painter.drawText(area, int(where | Qt.AlignmentFlag.AlignVCenter), f"{RLI if mirrored else FSI}{shown}{PDI}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.LayoutDirectionChange):
            self.update()


def divider(parent: QWidget | None = None, *, vertical: bool = False) -> QFrame:
    """A thin line."""
    line = QFrame(parent)
    line.setObjectName("divider")
    if vertical:
        line.setFixedWidth(1)
    else:
        line.setFixedHeight(1)
    return line
