"""The way of Tab through a window, and where it does not go as one reads."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractItemView, QAbstractScrollArea, QRadioButton, QWidget

from valise.ui import reading_order, tabbing

SLACK = 6  # px by which things that stand side by side may differ


def chain(root: QWidget) -> list[QWidget]:
    """What Tab stops at in `root`, in its order; of a group of choices the chosen one. Comes round by itself: Qt keeps a ring."""
    found: list[QWidget] = []
    here = root.nextInFocusChain()
    while here is not None and here is not root:
        if (
            here.focusPolicy() & Qt.FocusPolicy.TabFocus
            and here.focusProxy() is None
            and here.isVisible()
            and here.isEnabled()
            and root.isAncestorOf(here)
            and here.window() is root.window()
            and not (isinstance(here, QRadioButton) and here.group() is not None and here.group().checkedButton() not in (None, here))
        ):
            found.append(here)
        here = here.nextInFocusChain()
    return found


def place(widget: QWidget, root: QWidget) -> QRect:
    """Where it is in `root`, as somebody sees it who reads from the left; what is scrolled away inside of it is at the edge."""
    found = QRect(widget.mapTo(root, QPoint()), widget.size())
    above = widget.parentWidget()
    while above is not None and above is not root:
        if isinstance(above, QAbstractScrollArea):
            shown = QRect(above.viewport().mapTo(root, QPoint()), above.viewport().size())
            found.moveTop(max(shown.top(), min(found.top(), shown.bottom())))
            found.setBottom(max(shown.top(), min(found.bottom(), shown.bottom())))
        above = above.parentWidget()
    if root.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        found.moveLeft(root.width() - found.left() - found.width())
    return found


def backwards(root: QWidget) -> list[str]:
    """Steps of Tab in `root` against the way one reads."""
    own = isinstance(root, tabbing.ReadingOrder)
    return steps_back(reading_order.stops(root) if own else chain(root), root)


def steps_back(way: Sequence[QWidget], root: QWidget) -> list[str]:
    """Steps back on a line, or up in the same column."""
    stops = [one for one in way if not within(one)]
    found = []
    for one, after in pairwise(stops):
        if one.isAncestorOf(after) or after.isAncestorOf(one):
            continue
        both = around(one, after, root)
        here, there = place(one, both), place(after, both)
        level = min(here.bottom(), there.bottom()) - max(here.top(), there.top()) > SLACK
        beside = min(here.right(), there.right()) - max(here.left(), there.left()) > SLACK
        if (level and there.right() < here.left() + SLACK) or (beside and there.bottom() < here.top() + SLACK):
            found.append(f"from {told(one)} {here.getRect()} back to {told(after)} {there.getRect()}")
    return found


def around(one: QWidget, other: QWidget, root: QWidget) -> QWidget:
    """The nearest widget that holds both: what scrolls together is compared as it lies there."""
    above = one.parentWidget()
    while above is not None and above is not root and not above.isAncestorOf(other):
        above = above.parentWidget()
    return above or root


def within(widget: QWidget) -> bool:
    """A part of a field or of a view, which has its own way."""
    above = widget.parentWidget()
    return isinstance(above, QAbstractItemView) or (isinstance(above, QAbstractScrollArea) and widget is above.viewport())


def told(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()[:40]!r}"
