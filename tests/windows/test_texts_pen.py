"""The pen's bench, and opening a text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
import looking  # docs/pictures, as the pictures themselves are looked at
import pytest
from draining import drain
from pseudo import cut
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent
from test_texts_bench import CTRL, SHIFT, Bench, K, bench  # noqa: F401

from valise.desk.views import Changes
from valise.domain.errors import NotAllowed, Refused
from valise.domain.text import model as t
from valise.ui.texts.dispositions import DispositionList
from valise.ui.texts.open_dialog import OpenTextDialog
from valise.ui.texts.pen import PassPenDialog, RevisionDialog, next_symbol

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


def test_agreed_ad_ref_with_one_key(bench: Bench) -> None:  # noqa: F811
    paragraph = bench.at("PP 5 alt 1 (XI)")
    bench.key(K.Key_A, CTRL | SHIFT)
    bench.settled()
    assert bench.calls("agree") == [(d.TEXT, paragraph)]
    assert bench.screen.bar.property("tone") == "good"
    bench.qtbot.waitUntil(bench.screen.acts["reopen"].isEnabled)
    assert not bench.screen.acts["agree"].isEnabled() and not bench.screen.acts["edit"].isEnabled()
    bench.key(K.Key_O, CTRL | SHIFT)
    bench.settled()
    assert bench.calls("reopen") == [(d.TEXT, paragraph)]
    bench.qtbot.waitUntil(bench.screen.acts["park"].isEnabled)
    bench.key(K.Key_P, CTRL | SHIFT)
    bench.settled()
    assert bench.calls("park") == [(d.TEXT, paragraph)]
    bench.qtbot.waitUntil(bench.screen.acts["closed"].isEnabled)
    bench.key(K.Key_Y, CTRL | SHIFT)
    bench.settled()
    assert bench.calls("close") == [(d.TEXT, paragraph)]
    bench.qtbot.waitUntil(lambda: not bench.screen.acts["closed"].isEnabled())


def test_agreeing_what_still_has_brackets_is_pointed_out(bench: Bench) -> None:  # noqa: F811
    bench.at("PP 5")
    bench.key(K.Key_A, CTRL | SHIFT)
    bench.settled()
    assert bench.screen.bar.property("tone") == "warn" and "2" in bench.screen.bar.confidentiality.plain()


def test_take_reject_keep(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 2")
    bench.key(K.Key_T)  # two amendments and none chosen: nothing is taken by chance
    bench.settled()
    assert bench.calls("take") == [] and bench.screen.bar.isVisible()
    bench.screen.amendments.cards[1].chooser.buttons["keep"].click()
    bench.settled()
    assert bench.calls("merge") == [
        (d.TEXT, [], [{"proposal": d.ident("proposal XE/1"), "outcome": "kept as alternative"}])
    ]
    bench.screen.amendments.choose(d.ident("proposal XE/1"))
    bench.key(K.Key_X)
    bench.settled()
    assert bench.calls("reject") == [(d.TEXT, d.ident("proposal XE/1"))]
    bench.screen.amendments.choose(d.ident("proposal XB/2"))
    bench.key(K.Key_T)
    bench.settled()
    assert bench.calls("take") == [(d.TEXT, d.ident("proposal XB/2"))]
    bench.qtbot.waitUntil(lambda: "Calls upon all" in bench.screen.view().paragraph.words)  # type: ignore[union-attr]


def test_a_late_amendment_cannot_be_taken_as_it_stands(bench: Bench) -> None:  # noqa: F811
    text = bench.door.texts.rows[d.TEXT]
    text.proposals = [replace(one, state="late") if one.label == "XE/2" else one for one in text.proposals]
    bench.door.touch(Changes(texts=frozenset({d.TEXT})))
    bench.settled()
    bench.at("OP 3")
    card = next(one for one in bench.screen.amendments.cards if one.proposal.label == "XE/2")
    assert "take" not in card.chooser.buttons and "support" in card.second.buttons
    bench.key(K.Key_T)  # the one that is open goes instead
    bench.settled()
    assert bench.calls("take") == [(d.TEXT, d.ident("proposal XD/3"))]


def test_the_pen_answers_for_every_amendment_it_touches(bench: Bench) -> None:  # noqa: F811
    paragraph = bench.at("OP 2")
    bench.key(K.Key_E, CTRL)
    editor = bench.screen.list.editor
    assert editor is not None and editor.mode == "pen"
    answers = editor.findChild(DispositionList)
    assert answers is not None
    words = editor.base.replace("Encourages", "Strongly encourages")
    editor.words.setPlainText(words)
    editor.refresh()
    one, other = d.ident("proposal XB/2"), d.ident("proposal XE/1")
    assert sorted(answers.missing()) == sorted([one, other]) and not editor.send.isEnabled()
    bench.key(K.Key_Return, CTRL, editor.words)
    bench.settled()
    assert bench.calls("merge") == []
    answers.choose(one, "amended")
    assert not editor.send.isEnabled()
    answers.choose(other, "rejected")
    assert editor.send.isEnabled()
    bench.key(K.Key_Return, CTRL, editor.words)
    bench.settled()
    assert bench.calls("merge") == [
        (
            d.TEXT,
            [{"op": "words", "paragraph": paragraph, "words": words}],
            [{"proposal": one, "outcome": "amended"}, {"proposal": other, "outcome": "rejected"}],
        )
    ]


def test_what_the_pen_does_not_touch_is_carried_over(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 2")
    bench.key(K.Key_E, CTRL)
    editor = bench.screen.list.editor
    assert editor is not None
    answers = editor.findChild(DispositionList)
    assert answers is not None
    editor.words.setPlainText("Today " + editor.base.replace("two", "at least two"))
    editor.refresh()
    assert answers.missing() == [] and editor.send.isEnabled()
    assert {tuple(one["span"]) for one in answers.dispositions()} == {(6, 16)}
    assert all(one["outcome"] == "rebased" for one in answers.dispositions())
    answers.choose(d.ident("proposal XE/1"), "kept as alternative")
    editor.words.setPlainText("Other words entirely")
    editor.refresh()
    assert len(answers.missing()) == 2  # what cannot be carried over is asked again, never guessed
    bench.key(K.Key_Escape, widget=editor.words)


def test_without_the_pen_there_is_no_bench(bench: Bench) -> None:  # noqa: F811
    assert bench.screen.bench.isVisible()
    bench.screen.open_text(d.OTHER_TEXT)
    bench.at("OP 1")
    assert not bench.screen.bench.isVisible() and "XB" not in bench.screen.headline.title.plain()
    assert "Borovia holds the pen" in bench.screen.headline.facts.plain()
    for key, modifiers in ((K.Key_A, CTRL | SHIFT), (K.Key_P, CTRL | SHIFT), (K.Key_E, CTRL), (K.Key_R, CTRL | SHIFT)):
        bench.key(key, modifiers)
    bench.settled()
    assert bench.screen.list.editor is None
    assert not any(bench.calls(name) for name in ("agree", "park", "merge", "revision"))


@pytest.mark.parametrize("width", [900, 1070, 1600])
def test_what_stands_above_a_text_is_whole(bench: Bench, width: int) -> None:  # noqa: F811
    head, screen = bench.screen.headline, bench.screen
    screen.resize(width, 800)  # 1070: beside the sidebar of a window of 1280
    bench.settled()
    drain()
    assert not cut(head) and head.facts.plain().endswith("FICT/GM/2026/DTG.1/CRP.3")
    painted = "".join("".join(one.text for one in looking.drawn(head)).split())  # a symbol goes on in the next line
    assert all(word in painted for word in head.facts.plain().split())
    beside = head.further.mapTo(head, QPoint()).y() < head.facts.mapTo(head, QPoint()).y() + head.facts.height()
    assert beside == (width == 1600)
    head.show_head(replace(bench.door.texts.head(d.TEXT), title="Long <b>words</b> " * 30), screen.people, pen=True)
    assert len(head.title.plain()) < 170 and head.title.toolTip().count("&lt;b&gt;") == 30
    assert QAccessible.queryAccessibleInterface(head.title).text(QAccessible.Text.Description).count("<b>") == 30


def test_a_revision_shows_its_hash(bench: Bench) -> None:  # noqa: F811
    bench.key(K.Key_R, CTRL | SHIFT)
    dialog = bench.screen.findChild(RevisionDialog)
    assert dialog is not None and dialog.symbol.text() == "Rev.3"
    bench.door.fail("texts.revision", NotAllowed("text.frozen"))
    dialog.freeze.click()
    bench.settled()
    assert dialog.freeze.isEnabled() and bench.screen.bar.isVisible()
    dialog.freeze.click()
    bench.settled()
    assert bench.calls("revision") == [(d.TEXT, "Rev.3")] * 2
    assert dialog._hash.text() == "abab abab abab abab"
    dialog.reject()
    bench.qtbot.waitUntil(lambda: "(3)" in bench.screen.tabs.tabText(1))


def test_the_next_symbol() -> None:
    head = t.TextHead("i", "r", "T", "FICT/CRP.3", "", "en", "", "", "")
    assert next_symbol(head) == "FICT/CRP.3/Rev.1"
    one = t.Revision("i", 1, "FICT/CRP.3/Rev.9", "", "", 0)
    assert next_symbol(replace(head, revisions=(one,))) == "FICT/CRP.3/Rev.10"
    assert next_symbol(replace(head, symbol="")) == "Rev.1"


def test_passing_the_pen_asks_first(bench: Bench) -> None:  # noqa: F811
    bench.key(K.Key_H, CTRL | SHIFT)
    dialog = bench.screen.findChild(PassPenDialog)
    assert dialog is not None and not dialog.give.isEnabled()
    assert dialog.to.findData(d.delegation("XA")) == -1
    dialog.to.setCurrentIndex(dialog.to.findData(d.delegation("XD")))
    assert "not verified" in dialog._means.plain()
    dialog.give.click()
    bench.settled()
    assert bench.calls("pass_pen") == [(d.TEXT, d.delegation("XD"))]
    bench.qtbot.waitUntil(lambda: not bench.screen.bench.isVisible())


# opening


def _dialog(bench: Bench) -> OpenTextDialog:  # noqa: F811
    bench.screen.new()
    dialog = bench.screen.findChild(OpenTextDialog)
    assert dialog is not None and not dialog.go.isEnabled()
    return dialog


def test_open_from_a_dropped_file(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    dialog = _dialog(bench)
    file = tmp_path / "draft <b>.docx"
    file.write_text("Draft statement\nWelcomes the report;\nDecides to meet again;", encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    dialog.zone.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                                     Qt.KeyboardModifier.NoModifier))  # fmt: skip
    bench.settled()
    assert dialog.list.count() == 2 and dialog.title.text() == "Draft statement"
    assert "Broken lines were joined" in dialog.found.plain() and "2" in dialog.found.plain()
    dialog.symbol.setText("FICT/1")
    dialog.language.setCurrentIndex(dialog.language.findData("fr"))
    dialog.go.click()
    bench.settled()
    args, named = bench.door.called("texts.open")[0]
    assert args == (d.GROUP, "Draft statement")
    assert named["symbol"] == "FICT/1" and named["language"] == "fr"
    assert named["paragraphs"][1] == {
        "section": "OP",
        "label": "OP 2",
        "words": "Decides to meet again;",
        "status": "open",
    }
    assert bench.screen.head is not None and bench.screen.head.title == "Draft statement"


def test_open_from_paste_and_a_bad_file(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    dialog = _dialog(bench)
    bench.door.fail("texts.read_file", Refused("file.unreadable", "no"))
    (tmp_path / "x.txt").write_bytes(b"x")
    dialog.take_file(str(tmp_path / "x.txt"))
    bench.settled()
    assert dialog.bar.isVisibleTo(dialog) and not dialog.go.isEnabled()
    dialog.take_file(str(tmp_path / "absent.txt"))
    bench.settled()
    assert not dialog.go.isEnabled()
    dialog.paste.setPlainText("Title\nOne;")
    dialog._read_pasted()
    bench.settled()
    assert bench.calls("read_file")[-1] == ("pasted.txt", b"Title\nOne;")
    assert dialog.go.isEnabled() and not dialog.bar.isVisibleTo(dialog)
    assert dialog.room.findData(d.STOPPED) == -1  # sending is stopped there
    dialog.reject()


def test_no_file_is_parsed_on_the_thread_of_the_window(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    dialog = _dialog(bench)
    (tmp_path / "x.txt").write_text("T\nOne;")
    dialog.take_file(str(tmp_path / "x.txt"))
    bench.settled()
    threads: list[Any] = [
        thread
        for (name, _, _), thread in zip(bench.door.calls, bench.door.threads, strict=True)
        if name == "texts.read_file"
    ]
    assert threads and all(one.startswith("writer") for one in threads)
    dialog.reject()
