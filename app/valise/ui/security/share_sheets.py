"""Recovery shares handed out on paper: shown one after the other, printed one to a page, kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPagedPaintDevice, QPainter
from PySide6.QtWidgets import QDialog, QWidget

from valise.ui import theme
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button
from valise.ui.widgets.labels import Words, named
from valise.ui.widgets.shares_entry import WordSheet

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

_COLUMNS = 3
_LINES = 46  # to a page


class ShareSheets(Asking):
    """`done` when the last sheet is on paper. Leaving before that has to be said twice. `purpose` stands on every sheet."""

    done = Signal()

    def __init__(self, shares: Sequence[str], need: int, purpose: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares, self._need, self._purpose, self._at = [one.split() for one in shares], need, purpose, 0
        self._leaving = False
        self._printing: tuple[QPrintDialog, QPrinter] | None = None
        self.begin(self.tr("Recovery shares"))
        self.resize(620, 540)
        self.caption = self.say("", "strong")
        self.say(
            self.tr(
                "Write each sheet down by hand, or print them on a printer that keeps nothing. They are shown this once and "
                "kept nowhere. Give each to another person, or lock each away in another place."
            )
        )
        self.sheet = WordSheet(self.tr("Words of this sheet"), self)
        self.column.addWidget(self.sheet)
        self.line = Words("", "warn", self)
        self.column.addWidget(self.line)
        self.column.addStretch(1)
        self.print = button(self.tr("Print all sheets…"), self._ask_printer, icon="print", parent=self)
        self.back = button(self.tr("Sheet before"), lambda: self._turn(-1), parent=self)
        self.next = button("", self._next, kind="primary", parent=self)
        self.end(self.print, self.back, self.next)
        self._turn(0)
        self.next.setFocus()

    def _caption(self, at: int) -> str:
        return self.tr("Sheet {0} of {1}; any {2} of them are enough").format(at + 1, len(self._shares), self._need)

    def _turn(self, step: int) -> None:
        self._at += step
        self.caption.setText(self._caption(self._at))
        self.sheet.show_words(self._shares[self._at])
        last = self._at == len(self._shares) - 1
        self.next.setText(self.tr("All are on paper") if last else self.tr("It is on paper: next sheet"))
        named(self.next, self.next.text())
        self.back.setEnabled(self._at > 0)

    def _next(self) -> None:
        if self._at < len(self._shares) - 1:
            self._turn(1)
            return
        self._forget()
        self.accept()
        self.done.emit()

    def reject(self) -> None:
        """Escape, or the window's cross: once is a warning."""
        if not self._leaving:
            self._leaving = True
            self.line.setText(
                self.tr(
                    "These sheets are never shown again. Close once more to leave; then make new shares another time."
                )
            )
            return
        self._forget()
        super().reject()

    def _forget(self) -> None:
        """Let go of the words (Python text cannot be wiped)."""
        self._shares = []
        self.sheet.show_words(())

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("Valise")  # the name of a job is kept by the queue of the system
        asking = QPrintDialog(printer, self)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.setOption(QAbstractPrintDialog.PrintDialogOption.PrintToFile, False)  # paper, not a file
        self._printing = asking, printer
        asking.accepted.connect(lambda: self.print_on(printer))
        asking.finished.connect(self._printed)
        QDialog.open(asking)  # its own open() wants a receiver and an old-style slot

    def _printed(self, _how: int) -> None:
        self._printing = None

    def print_on(self, paper: QPagedPaintDevice) -> int:
        """Draw every sheet on a page of its own; the number of pages."""
        painter = QPainter()
        if not painter.begin(paper):
            self.line.setText(self.tr("The printer did not take it. Write the sheets down by hand."))
            return 0
        for at in range(len(self._shares)):
            if at:
                paper.newPage()
            self._draw(painter, QRectF(painter.viewport()), at)
        painter.end()
        return len(self._shares)

    def _draw(self, painter: QPainter, page: QRectF, at: int) -> None:
        line = page.height() / _LINES
        font = QFont(theme.font())
        font.setPixelSize(max(1, int(line * 0.62)))
        head = QFont(font)
        head.setBold(True)
        start = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        told = [
            (head, f"Valise · {self._purpose}"),
            (font, self._caption(at)),
            (font, self.tr("Keep it locked away, apart from the others. Four letters tell a word.")),
        ]
        for n, (kind, words) in enumerate(told):
            painter.setFont(kind)
            painter.drawText(QRectF(0, n * line * 1.3, page.width(), line * 1.3), start, words)
        font.setFamilies(["Noto Sans Mono", "DejaVu Sans Mono", "monospace"])
        painter.setFont(font)
        words = self._shares[at]
        rows = -(-len(words) // _COLUMNS)
        for place, word in enumerate(words):
            box = QRectF(
                (place // rows) * page.width() / _COLUMNS,
                (6 + (place % rows) * 1.8) * line,
                page.width() / _COLUMNS,
                line,
            )
            painter.drawText(box, start, f"{place + 1:>2}  {word}")
