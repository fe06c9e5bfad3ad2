"""The Tab key goes as one reads. How that is, reading_order.py says: loaded when Tab is first pressed, for it knows many kinds of
widgets, and the first page is there sooner without them."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class ReadingOrder:
    """Beside a class of windows: `class MainWindow(ReadingOrder, QMainWindow)`."""

    def focusNextPrevChild(self, onward: bool) -> bool:
        """Where Tab goes; called by Qt, also when what has the keyboard is being hidden or taken away: that is Qt's to settle."""
        assert isinstance(self, QWidget)
        from valise.ui.reading_order import step

        if step(self, onward):
            return True
        moved: bool = super().focusNextPrevChild(onward)  # type: ignore[misc]
        return moved
