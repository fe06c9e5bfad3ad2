"""Palettes, contrast, icons, live switching."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QTableWidget,
    QWidget,
)

from valise.ui import icons, theme
from valise.ui.stylesheet import sheet
from valise.ui.widgets.buttons import SearchBox
from valise.ui.widgets.labels import named

BOTH = pytest.mark.parametrize("t", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
READ_ON = ("surface", "raised", "sidebar", "bar", "selected", "hover", "neutral_soft")


@BOTH
def test_words_are_readable_everywhere(t: theme.Tokens) -> None:
    pairs = [(ink, ground) for ink in ("text", "muted", "accent") for ground in READ_ON]
    pairs += [(tone, f"{tone}_soft") for tone in ("good", "warn", "bad", "info")]
    pairs += [("text", f"{tone}_soft") for tone in ("good", "warn", "bad", "info")]
    pairs += [(tone, ground) for tone in ("good", "warn", "bad", "info") for ground in ("surface", "raised", "bar")]
    pairs += [("on_accent", "accent_fill"), ("on_accent", "accent_hover"), ("on_accent", "bad_fill")]
    poor = {
        f"{ink} on {ground}": round(theme.contrast(getattr(t, ink), getattr(t, ground)), 2)
        for ink, ground in pairs
        if theme.contrast(getattr(t, ink), getattr(t, ground)) < 4.5
    }
    assert not poor


@BOTH
def test_edges_of_fields_can_be_seen(t: theme.Tokens) -> None:
    # WCAG 2.2, 1.4.11: 3 to 1 for what marks a control
    assert theme.contrast(t.outline, t.raised) >= 3
    assert theme.contrast(t.accent, t.raised) >= 3


def test_contrast_is_the_published_formula() -> None:
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@BOTH
def test_the_sheet_names_no_token_that_is_missing(t: theme.Tokens) -> None:
    assert "$" not in sheet(t)
    assert t.accent_fill in sheet(t)


@BOTH
def test_fusion_outlines_come_from_the_palette(t: theme.Tokens) -> None:
    made = theme.palette(t)
    default = QPalette()
    for role in (
        QPalette.ColorRole.Midlight,
        QPalette.ColorRole.Mid,
        QPalette.ColorRole.Dark,
        QPalette.ColorRole.Shadow,
    ):
        assert made.isBrushSet(QPalette.ColorGroup.Active, role)
    assert made.color(QPalette.ColorRole.Window) != default.color(QPalette.ColorRole.Highlight)


def test_switching_recolours_at_once(worn: theme.Theme, qtbot: object) -> None:
    holder = QWidget()
    button = QPushButton(holder)
    icons.bind(button, "lock", "text")
    before = button.icon().pixmap(18, 18).toImage()
    heard: list[bool] = []
    worn.changed.connect(lambda: heard.append(worn.tokens.dark))
    worn.choose("dark")
    after = button.icon().pixmap(18, 18).toImage()
    assert heard == [True]
    assert before != after
    assert theme.tokens() is theme.DARK
    worn.choose("light")
    assert heard == [True, False]
    holder.deleteLater()


def test_every_icon_paints_something_and_is_cached(worn: theme.Theme) -> None:
    assert len(icons.names()) > 60
    for name in icons.names():
        picture = icons.pixmap(name, "#123456", 24, 2.0)
        image = picture.toImage()
        assert picture.width() == 48
        inked = sum(image.pixelColor(x, y).alpha() > 128 for x in range(48) for y in range(48))
        assert inked > 10, name
        assert icons.pixmap(name, "#123456", 24, 2.0) is picture
    with pytest.raises(KeyError):
        icons.pixmap("no such icon", "#000000")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_what_can_be_ticked_in_a_list_has_a_box(worn: theme.Theme, look: theme.Choice) -> None:
    worn.choose(look)
    made = QListWidget()
    item = QListWidgetItem("a room")
    item.setCheckState(Qt.CheckState.Unchecked)
    made.addItem(item)
    made.show()
    QApplication.processEvents()
    image = made.grab().toImage()
    assert any(image.pixelColor(x, made.visualItemRect(item).center().y()).name() == theme.tokens().outline for x in range(20))
    made.deleteLater()


def test_a_number_keeps_off_the_edge_of_its_field(worn: theme.Theme) -> None:
    made = named(QSpinBox(), "How many sheets")
    assert made.lineEdit().textMargins().left() == made.lineEdit().textMargins().right() == 6
    made.deleteLater()


def test_an_empty_search_offers_nothing_to_clear_after_a_change_of_theme_elsewhere(worn: theme.Theme) -> None:
    pages = QStackedWidget()
    pages.addWidget(QWidget())
    box = SearchBox("Filter")
    pages.addWidget(box)
    pages.show()
    pages.setCurrentWidget(box)
    pages.setCurrentIndex(0)
    worn.choose("dark")
    pages.setCurrentWidget(box)
    assert box.isVisible() and not box._clear.isVisible()
    pages.deleteLater()


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_corner_of_a_table_has_the_colour_of_its_headings(worn: theme.Theme, look: theme.Choice) -> None:
    worn.choose(look)
    made = QTableWidget(2, 2)
    made.show()
    QApplication.processEvents()
    image = made.grab().toImage()
    size = (made.verticalHeader().width(), made.horizontalHeader().height())
    assert {image.pixelColor(size[0] * n // 5, size[1] * n // 5).name() for n in range(1, 5)} == {theme.tokens().surface}
    made.deleteLater()
