"""The text from further away: comparing, who stands where, convergence, slips, the history of a paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from test_texts_bench import ALT, CTRL, SHIFT, Bench, open_bench
from walk import name_of, nameless

from valise.desk.views import Changes, Convergence
from valise.domain.errors import NotYet
from valise.domain.text import words as w
from valise.domain.text.compare import Compared
from valise.domain.text.history import Entry
from valise.domain.text.lint import RULES, Slip
from valise.domain.text.matrix import Cell, Matrix, Row, Said
from valise.ui import actions, theme
from valise.ui.seeing import said
from valise.ui.seeing.grid import GridModel, legend
from valise.ui.seeing.plot import Plot, round_step, share
from valise.ui.seeing.reading import changed, marked, whole
from valise.ui.text_safe import tip
from valise.ui.texts import table, terms
from valise.ui.texts.runs import written

K = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier
KEYS = {"compare": K.Key_F7, "matrix": K.Key_F8, "convergence": K.Key_F9, "slips": K.Key_F4}
HOSTILE = "<b>bold</b><img src=x> \u202eevil\u202c \u2067mirrored \x07 & <script>" + "very long " * 400
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def bench(qtbot: Any) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor())


@pytest.fixture
def mirrored(qtbot: Any) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor(), rtl=True)


def look(bench: Bench, which: str) -> Any:
    """Press the key of a view; the view."""
    bench.key(KEYS[which], widget=bench.screen.focusWidget())
    bench.settled()
    assert bench.screen.far.looking()
    return getattr(bench.screen.far.page, which)


def painted(bench: Bench) -> QImage:
    return bench.screen.grab().toImage()


# the page


def test_keys_of_the_table_open_each_view_and_escape_leads_back(bench: Bench) -> None:
    bench.at("OP 3")
    for which, key in KEYS.items():
        assert actions.spec(f"texts.{which}").keys[0][0].key() == key
        view = look(bench, which)
        assert bench.screen.far.page.view() is view
        focus = QApplication.focusWidget()
        assert focus is not None and view.isAncestorOf(focus)
        assert nameless(bench.screen.far.page) == []
        bench.key(K.Key_Escape)
        assert not bench.screen.far.looking() and bench.screen.list.hasFocus()
    assert bench.screen.model.row(bench.screen.list.currentIndex().row()).label == "OP 3"


def test_the_menu_beside_the_title_offers_the_same(bench: Bench) -> None:
    menu = bench.screen.headline.further.menu()
    assert [one.objectName() for one in menu.actions()] == [f"texts.{name}" for name in table.SEEING]
    menu.actions()[1].trigger()
    bench.settled()
    assert bench.screen.far.page.view() is bench.screen.far.page.matrix


def test_nothing_acts_on_a_text_one_does_not_see(bench: Bench) -> None:
    bench.at("OP 3")
    look(bench, "matrix")
    before = len(bench.door.calls)
    for key in "SGRONWTKXADLMC":
        bench.key(getattr(K, f"Key_{key}"))
    bench.key(K.Key_A, CTRL | SHIFT)
    bench.key(K.Key_Down, ALT)
    bench.settled()
    assert {name for name, _, _ in bench.door.calls[before:]} <= {"texts.paragraph", "me"}
    allowed = {name for name, one in bench.screen.acts.items() if one.isEnabled()}
    assert allowed == set(table.SEEING)
    bench.key(K.Key_Escape)
    assert bench.screen.acts["support"].isEnabled() and bench.screen.acts["agree"].isEnabled()


def test_the_page_cycles_panes_and_goes_with_the_text(bench: Bench) -> None:
    view = look(bench, "slips")
    assert view.first() in bench.screen.panes()
    asked = len(bench.door.called("seeing.lint"))
    bench.door.touch(Changes(texts=frozenset({d.TEXT})))
    bench.settled()
    bench.settled()
    assert len(bench.door.called("seeing.lint")) == asked + 1
    assert bench.door.called("seeing.compare") == []  # only what is seen is read
    bench.screen.open_ref(d.OTHER_TEXT)
    assert not bench.screen.far.looking() and bench.screen.text == d.OTHER_TEXT


def test_slow_reading_is_beside_the_window(bench: Bench) -> None:
    for which in KEYS:
        look(bench, which)
    rows = zip(bench.door.calls, bench.door.threads, strict=True)
    threads = [thread for (name, _, _), thread in rows if name.startswith("seeing.") and name != "seeing.unseen"]  # asked while a text is opened
    assert len(threads) >= 4 and all(one.startswith("writer") for one in threads)


@pytest.mark.parametrize("which", KEYS)
def test_an_error_is_said_and_the_page_stays(bench: Bench, which: str) -> None:
    name = {"compare": "compare", "matrix": "matrix", "convergence": "convergence", "slips": "lint"}[which]
    bench.door.fail(f"seeing.{name}", NotYet("text.unknown-revision"))
    look(bench, which)
    bar = bench.screen.far.page.bar
    assert bar.isVisible() and bar.happened.plain() and bench.screen.far.looking()


# comparing


def test_what_changed_is_read_with_its_signs(bench: Bench) -> None:
    view = look(bench, "compare")
    assert [view.old.itemText(n) for n in range(view.old.count())] == ["Rev.2", "Rev.1"]
    assert view.new.currentData() == ""
    heads = {one.spoken.split(". ")[0]: one for one in view.list.entries.items}
    assert set(heads) == {"PP 4", "PP 6", "OP 1", "OP 3", "OP 4", "OP 2 bis"}
    assert heads["OP 3"].spoken == (
        "OP 3. changed · from XB, XE. Decides that points of contact will be tested every [-nine-] [+six+] months;"
    )
    assert "written by the pen itself" in heads["OP 4"].note
    assert heads["PP 6"].sign == "+" and heads["OP 2 bis"].sign == "−" and heads["OP 1"].sign == "↕"
    assert "number: \u2068PP 4\u2069, was \u2068PP 9\u2069" in heads["PP 4"].note
    assert "agreed ad ref, was open" in heads["PP 4"].note
    assert "6 of 17" in view.count.plain()


def test_filters_by_change_and_by_delegation(bench: Bench) -> None:
    view = look(bench, "compare")
    view.only.setFocus()
    bench.key(K.Key_Space)
    assert view.list.entries.rowCount() == 17
    view.by.setCurrentIndex(view.by.findData(d.delegation("XB")))
    assert [one.spoken.split(". ")[0] for one in view.list.entries.items] == ["OP 3"]
    bench.key(K.Key_Space)
    assert view.list.entries.rowCount() == 1


def test_other_revisions_are_asked_for_and_stay_chosen(bench: Bench) -> None:
    view = look(bench, "compare")
    revisions = bench.door.texts.rows[d.TEXT].revisions
    view.old.setCurrentIndex(1)
    view.new.setCurrentIndex(1)
    bench.settled()
    assert bench.door.called("seeing.compare")[-1][0] == (d.TEXT, revisions[0].id, revisions[1].id)
    bench.door.touch(Changes(texts=frozenset({d.TEXT})))
    bench.settled()
    bench.settled()
    assert bench.door.called("seeing.compare")[-1][0] == (d.TEXT, revisions[0].id, revisions[1].id)
    view.new.setCurrentIndex(2)
    bench.settled()
    assert view.stack.currentWidget() is view.same and not view.copy.isEnabled()


def test_enter_goes_to_the_paragraph_but_not_to_one_that_is_gone(bench: Bench) -> None:
    view = look(bench, "compare")
    place = [one.sign for one in view.list.entries.items].index("−")
    view.list.setCurrentIndex(view.list.entries.index(place))
    bench.key(K.Key_Return)
    assert bench.screen.far.looking()
    bench.key(K.Key_Home)
    bench.key(K.Key_Down)
    bench.key(K.Key_Return)
    assert not bench.screen.far.looking() and bench.screen.list.hasFocus()
    assert bench.screen.model.row(bench.screen.list.currentIndex().row()).label == "PP 6"


def test_the_comparison_is_copied_as_text(bench: Bench) -> None:
    look(bench, "compare")
    bench.key(K.Key_C, CTRL | SHIFT)
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Rev.2 → As it stands\n\n")
    assert "± OP 3 (changed · from XB, XE)\nDecides that points of contact will be tested every [-nine-] [+six+] months;" in text
    assert "[-Requests a report that nobody wanted;-]" in text
    assert "ten seconds" in bench.screen.far.page.compare.count.plain()


def test_without_a_revision_it_says_what_is_to_come(bench: Bench) -> None:
    bench.screen.open_text(d.OTHER_TEXT)
    view = look(bench, "compare")
    assert view.stack.currentWidget() is view.none and "revision" in view.none.more.plain()
    assert not view.old.isEnabled() and bench.door.called("seeing.compare") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a b c", "a x c"), ("", "new"), ("*Recalling* this", "Recalling this"), ("*Requests* a, b;", "*Also requests* b, c;"),
        ("word", "words and more"), ("تدعو الدول", "تدعو كل الدول"), ("在24小时内", "在72小时内"),
    ],
)  # fmt: skip
def test_runs_of_hunks_give_both_wordings_back(before: str, after: str) -> None:
    runs = changed(before, after, w.difference(before, after))
    old = "".join(written(one) for one in runs if one.style not in ("insert", "separator"))
    new = "".join(written(one) for one in runs if one.style not in ("delete", "separator"))
    if "*" not in before + after or before.replace("*", "") != after.replace("*", ""):
        assert (old, new) == (before.replace("*", ""), after.replace("*", ""))
    else:
        assert "*" in old  # only the marks differ, so they are to be seen


def test_marked_words_keep_the_spaces_outside_the_signs() -> None:
    assert marked(changed("a b c", "a c", w.difference("a b c", "a c"))).replace("  ", " ") in ("a [-b-] c", "a[- b-] c")
    assert marked(whole("plain\nwords")) == "plain words"


# who stands where


def test_the_matrix_says_who_stands_where_in_signs_and_in_words(bench: Bench) -> None:
    view = look(bench, "matrix")
    model = view.model
    row = [one.label for one in model.rows].index("PP 2 bis")
    signs = [model.index(row, n).data() for n in range(4)]
    assert signs == ["✕", "✎", "–", ""]
    spoken = model.index(row, 2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "PP 2 bis, XC Castellan Republic: reserves (amendment XB/1), for ALP"
    assert model.index(row, 3).data(Qt.ItemDataRole.AccessibleTextRole).endswith("said nothing")
    assert model.headerData(0, Qt.Orientation.Horizontal) == "\u2068XA\u2069"
    assert "Recalling also" in model.headerData(row, Qt.Orientation.Vertical, Qt.ItemDataRole.AccessibleTextRole)
    for one in terms.STANCES:
        assert terms.stance_sign(one) in legend() and terms.stance(one) in legend()
    assert view.legend.isVisible() and name_of(view.grid) == "Who stands where"


def test_arrows_move_and_say_the_cell_and_enter_goes_there(bench: Bench) -> None:
    view = look(bench, "matrix")
    view.only.setChecked(True)
    labels = [one.label for one in view.model.rows]
    assert labels == ["PP 2 bis", "PP 3", "PP 5", "PP 6", "OP 2", "OP 3", "OP 4"]
    view.grid.setFocus()
    bench.key(K.Key_Down)
    bench.key(K.Key_Right)
    bench.key(K.Key_Right)
    assert view.more.plain() == "PP 3, XC Castellan Republic: proposes amendment XC/4"
    bench.key(K.Key_Return)
    assert bench.screen.model.row(bench.screen.list.currentIndex().row()).label == "PP 3"


def test_tab_leaves_the_matrix(bench: Bench) -> None:
    view = look(bench, "matrix")
    assert view.grid.hasFocus()
    bench.key(K.Key_Tab)
    assert not view.grid.hasFocus()


def test_an_earlier_revision_and_nothing_open(bench: Bench) -> None:
    view = look(bench, "matrix")
    view.at.setCurrentIndex(1)
    bench.settled()
    assert bench.door.called("seeing.matrix")[-1][0] == (d.TEXT, bench.door.texts.rows[d.TEXT].revisions[-1].id)
    view.only.setChecked(True)
    assert view.stack.currentWidget() is view.none and "tick" in view.none.more.plain()


def test_of_193_delegations_and_2000_paragraphs_only_what_is_seen_is_asked(bench: Bench) -> None:
    asked: list[int] = []

    class Seen(tuple):  # type: ignore[type-arg]
        def __getitem__(self, place: Any) -> Any:
            asked.append(place)
            return super().__getitem__(place)

    view = look(bench, "matrix")
    who = tuple(d.ident(f"state {n}") for n in range(193))
    cells = Seen(Cell("reserve" if n % 9 == 0 else "", (Said("", "reserve", ""),) if n % 9 == 0 else ()) for n in range(193))
    view._came((Matrix(who, tuple(Row(f"p{n}", f"OP {n}", n % 3 == 0, cells) for n in range(2000))), []))
    bench.screen.grab()
    for key in (K.Key_Down, K.Key_Right, K.Key_PageDown, K.Key_End, K.Key_Home) * 4:
        bench.key(key, widget=view.grid)
        QCoreApplication.processEvents()
    assert 0 < len(asked) < 100_000  # 21 pictures of what is in sight, of 386,000 cells
    assert len(view.grid.findChildren(type(view.more))) == 0  # no widgets in cells


# convergence


def test_convergence_is_a_picture_and_a_table(bench: Bench) -> None:
    view = look(bench, "convergence")
    rows = bench.door.seeing.convergence(d.TEXT)
    assert view.model.rowCount() == 3
    for place, one in enumerate(rows):
        shown = [view.model.index(place, n).data() for n in range(5)]
        assert shown[2:4] == [str(one.unbracketed), str(one.words)] and f"{share(one)} %" in shown[4]
    assert view.model.index(2, 0).data() == "As it stands"
    assert f"{share(rows[-1])} %" in name_of(view.plot) and view.table.hasFocus()
    assert f"{rows[-1].unbracketed} of {rows[-1].words}" in view.said.plain()


def test_the_scale_has_round_numbers() -> None:
    assert [round_step(n) for n in (1, 5, 6, 12, 30, 173, 999, 12_345)] == [1, 1, 2, 5, 10, 50, 200, 5000]


def test_a_share_is_100_only_when_all_words_are_agreed() -> None:
    assert share(Convergence("", "", 0, 999, 1000)) == 99
    assert share(Convergence("", "", 0, 1000, 1000)) == share(Convergence("", "", 0, 0, 0)) == 100


@pytest.mark.parametrize("count", [1, 2, 60])
@pytest.mark.parametrize("way", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_picture_without_colour_still_shows_both_parts(worn: Any, keep: Any, count: int, way: Any) -> None:
    plot = Plot()
    plot.setLayoutDirection(way)
    plot.resize(520, 360)
    plot.show_rows([Convergence(f"r{n}" if n < count - 1 else "", f"FICT/Rev.{n}", 0, 50, 100) for n in range(count)])
    keep(plot)
    picture = plot.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    plain = {picture.pixel(x, y) for x in range(60, 500, 3) for y in range(200, 320, 3)}
    assert len(plain) >= 2
    # solid below, hatched above: within one bar the lower half has one grey, the upper at least two
    middle = 46 + (520 - 46 - 16) // (2 * count)
    if way == Qt.LayoutDirection.RightToLeft:
        middle = 520 - middle
    if count <= 2:
        lower = {picture.pixel(middle, y) for y in range(250, 310)}
        upper = {picture.pixel(middle, y) for y in range(70, 170)}
        assert len(lower) == 1 and len(upper) >= 2


def test_a_text_without_words_has_nothing_to_measure(bench: Bench) -> None:
    view = look(bench, "convergence")
    view.show_rows([Convergence("", "", d.NOW, 0, 0)])
    assert view.stack.currentWidget() is view.none and view.said.plain() == ""


# slips


def test_slips_are_explained_and_lead_to_the_paragraph(bench: Bench) -> None:
    view = look(bench, "slips")
    assert view.list.entries.rowCount() == len(RULES)
    for one in view.list.entries.items:
        assert one.note.endswith(".") and "sual" in one.note, one
    bench.key(K.Key_Down)
    bench.key(K.Key_Return)
    assert bench.screen.list.currentIndex().row() == 2


def test_every_rule_is_a_sentence(qapp: QApplication) -> None:
    told = {said.slip(rule, "Also requests") for rule in RULES}
    assert len(told) == len(RULES) and all("{0}" not in what for what, _why in told)


def test_no_slips_found(bench: Bench) -> None:
    bench.door.seeing.slips = ()
    view = look(bench, "slips")
    assert view.stack.currentWidget() is view.none and view.none.sentence.plain() == "No slips found"
    assert view.count.plain() == ""


# the history of a paragraph


def test_the_history_follows_the_paragraph_only_while_it_is_seen(bench: Bench) -> None:
    bench.at("OP 2")
    bench.settled()
    assert bench.door.called("seeing.history") == []
    paragraph = bench.at("OP 3")
    bench.key(K.Key_H, CTRL)
    bench.settled()
    history = bench.screen.far.history
    assert bench.door.called("seeing.history") == [((d.TEXT, paragraph), {})]
    assert history.list.hasFocus() and history.title.plain() == "OP 3"
    items = history.list.entries.items
    assert len(items) == 7 and "agreed ad ref" in items[0].head and "came into the text" in items[-1].head
    assert "[-nine-] [+six+]" in items[2].spoken and "supports, on an amendment, for" in items[3].head
    history.order.setCurrentIndex(1)
    assert history.list.entries.items == tuple(reversed(items))
    other = bench.at("OP 2")
    bench.settled()
    assert bench.door.called("seeing.history")[-1][0] == (d.TEXT, other)


def test_every_event_has_its_words(bench: Bench) -> None:
    from typing import get_args

    from valise.domain.text.history import Happened

    for what in get_args(Happened):
        words = said.event(Entry("1", what, "x", 0, detail="support"))
        assert words and "{" not in words and what in said.EVENTS


def test_a_history_that_is_not_there_says_so(bench: Bench) -> None:
    bench.door.fail("seeing.history", NotYet("text.unknown-paragraph"))
    bench.at("OP 3")
    bench.key(K.Key_H, CTRL)
    bench.settled()
    assert bench.screen.far.history.stack.currentWidget() is bench.screen.far.history.none


# in every look, and against hostile words


def all_views(bench: Bench) -> None:
    for which in KEYS:
        look(bench, which)
        if which == "compare":
            bench.screen.far.page.compare.only.setChecked(False)
        assert not painted(bench).isNull()
    bench.key(K.Key_Escape)
    bench.at("OP 4")
    bench.screen.far.show_history()
    bench.settled()
    assert not painted(bench).isNull()


@pytest.mark.parametrize("look_", ["light", "dark"])
def test_every_view_is_painted_in_light_and_dark(bench: Bench, look_: Any) -> None:
    theme.current().choose(look_)
    try:
        all_views(bench)
        assert painted(bench).pixelColor(2, bench.screen.height() - 2).lightness() < 128 or look_ == "light"
    finally:
        theme.current().choose("light")


def test_every_view_is_mirrored(mirrored: Bench) -> None:
    all_views(mirrored)
    view = look(mirrored, "compare")
    picture = painted(mirrored)
    # the sign of an entry stands at the right
    area = view.list.visualRect(view.list.entries.index(1))
    corner = view.list.viewport().mapTo(mirrored.screen, area.topLeft())
    ground = picture.pixel(corner.x() + area.width() // 3, corner.y() + 4)
    strip = range(corner.y() + 6, corner.y() + 32)
    right = sum(picture.pixel(corner.x() + area.width() - x, y) != ground for x in range(8, 40) for y in strip)
    left = sum(picture.pixel(corner.x() + x, y) != ground for x in range(8, 40) for y in strip)
    assert right > 0 and left == 0


def test_hostile_words_are_only_words(bench: Bench) -> None:
    held = bench.door.texts.rows[d.TEXT].held
    held[3] = replace(held[3], label=HOSTILE, words=HOSTILE)
    bench.door.seeing.extra = (
        Compared("h", "OP", "changed", True, HOSTILE, HOSTILE + "x", tuple(w.difference(HOSTILE, HOSTILE + "x")), HOSTILE, "",
                 "open", "closed", (HOSTILE,), True),
    )  # fmt: skip
    bench.door.seeing.slips = (Slip(held[3].id, "names a person", HOSTILE),)
    bench.door.seeing.entries = (
        Entry("1", "comment", HOSTILE, d.NOW, HOSTILE), Entry("2", "position", "x", 10**15, HOSTILE, (), "", "reserve"),
        Entry("3", "label", "x", 0, detail=HOSTILE),
    )  # fmt: skip
    all_views(bench)
    for shown in (bench.screen.far.page.slips.list, bench.screen.far.history.list, bench.screen.far.page.compare.list):
        for one in shown.entries.items:
            assert "\u202e" not in one.head + one.note + one.spoken
            assert len(one.head) < 600
    assert "<b>" in bench.screen.far.history.list.entries.items[0].spoken or "<b>" in (
        bench.screen.far.history.list.entries.items[-1].spoken
    )


def test_a_tooltip_is_not_markup(bench: Bench) -> None:
    assert "<b>" not in tip("<b>x</b>") and "&lt;b&gt;" in tip("<b>x</b>")
    model = GridModel(bench.screen.people, lambda _p, _q: "<img src=x>")
    said_ = Said("q", "oppose", "<i>")
    model.show(Matrix(("x",), (Row("p", "<u>", True, (Cell("oppose", (said_,)),)),)), [], only_open=False)
    shown = model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) + model.headerData(0, Qt.Orientation.Vertical, 3)
    assert "<img" not in shown and "<i>" not in shown and "<u>" not in shown
