"""Tab goes as one reads: along the layouts, whatever was made first.

Qt's order is that in which widgets were made, and what a page makes anew comes after everything else; an order set once is wrong by
the next refresh. So where Tab goes is looked up when somebody presses it (`tabbing.ReadingOrder`).
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QWidget,
)

_WHOLE = (QComboBox, QAbstractSpinBox)  # what is inside of these is theirs


def stops(root: QWidget) -> list[QWidget]:
    """Everything under `root` that Tab stops at now, as one reads; of choices that exclude each other the chosen one."""
    return [one for one in _walk(root, set()) if _stops(one)]


def _stops(one: QWidget) -> bool:
    if not one.isEnabled() or one.focusProxy() is not None:
        return False
    group = one.group() if isinstance(one, QAbstractButton) else None
    if group is not None and group.exclusive():
        chosen = group.checkedButton()
        if chosen is not None and chosen.isVisible() and chosen.isEnabled():
            return one is chosen  # Qt takes Tab from the others, but only once one of them has had it
    return one.focusPolicy() & Qt.FocusPolicy.TabFocus == Qt.FocusPolicy.TabFocus


def step(root: QWidget, onward: bool) -> bool:
    """Give the keyboard to the next stop, or the one before. False where it is at nothing that is shown, or there is no other."""
    way = list(_walk(root, set()))
    here = QApplication.focusWidget()
    if here is None or here not in way or not here.isEnabled():
        return False
    place = way.index(here)
    further = [*way[place + 1 :], *way[:place]]
    after = next((one for one in (further if onward else reversed(further)) if _stops(one)), None)
    if after is None:
        return False
    after.setFocus(Qt.FocusReason.TabFocusReason if onward else Qt.FocusReason.BacktabFocusReason)
    return True


def _walk(widget: QWidget, met: set[QWidget]) -> Iterator[QWidget]:
    if widget in met or not widget.isVisible():
        return
    met.add(widget)
    yield widget
    if isinstance(widget, _WHOLE):
        return
    for one in _parts(widget):
        if one.parentWidget() is not None and not one.isWindow():
            yield from _walk(one, met)


def _parts(widget: QWidget) -> Iterator[QWidget]:
    """What stands in a widget, as one reads; at the end what no layout holds, from top to bottom."""
    layout = widget.layout()
    children = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if isinstance(widget, QTabWidget):
        yield widget.tabBar()
    elif isinstance(widget, QSplitter):
        yield from (widget.widget(n) for n in range(widget.count()))
    elif isinstance(widget, QScrollArea) and widget.widget() is not None:
        yield widget.widget()
    elif isinstance(widget, QAbstractItemView | QAbstractScrollArea):
        yield widget.viewport()
    elif layout is not None:
        yield from _held(layout, children)
    rest = [one for one in children if one.isVisible()]
    mirrored = widget.layoutDirection() == Qt.LayoutDirection.RightToLeft
    yield from sorted(rest, key=lambda one: (one.y(), -one.geometry().right() if mirrored else one.x()))


def _held(layout: QLayout, widgets: list[QWidget]) -> Iterator[QWidget]:
    """`widgets` are those of the widget that the layout is of. The layout is asked where they stand, never for its items: PySide
    keeps what `itemAt` returns as long as the layout lives, also when Qt deletes the item and puts another thing in its place."""
    inner = layout.findChildren(QLayout, options=Qt.FindChildOption.FindDirectChildrenOnly)
    places: list[tuple[int, QWidget | QLayout]] = [(n, one) for one in (*inner, *widgets) if (n := layout.indexOf(one)) >= 0]
    for _, one in sorted(places, key=lambda place: _line(layout, place[0])):
        if isinstance(one, QLayout):
            yield from _held(one, widgets)
        else:
            yield one


def _line(layout: QLayout, n: int) -> tuple[int, int]:
    """Where the n-th of a layout stands as one reads."""
    if isinstance(layout, QGridLayout):
        row, column, *_ = layout.getItemPosition(n)  # type: ignore[misc]
        return row, column
    if isinstance(layout, QFormLayout):
        line, role = layout.getItemPosition(n)  # type: ignore[misc]
        return line, role.value
    return n, 0
