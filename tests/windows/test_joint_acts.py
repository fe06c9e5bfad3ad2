"""What can be done on the page of joint statements: signing, closing, admitting, taking along."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
import pytest
from fake_door import FakeDoor
from fake_joint import CLOSED, OPEN, SPONSORS, UNSOUND, sign_on
from joint_hands import back, dialog, offered, page, spoken, words_of, yes
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from test_texts_bench import CTRL, Bench, open_bench

from valise.domain.errors import NotAllowed
from valise.ui.joint import confirm, said
from valise.ui.seeing import deadline
from valise.ui.strings import EVERY

K = Qt.Key
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The clock of the window; put another time into it."""
    held = [d.NOW]
    monkeypatch.setattr(deadline, "now", lambda: held[0])
    return held


@pytest.fixture
def bench(qtbot: Any, clock: list[int]) -> Iterator[Bench]:
    yield from open_bench(qtbot, FakeDoor())


# what can be done


def test_only_what_can_be_done_is_offered(bench: Bench) -> None:
    page(bench, OPEN)
    assert offered(bench) == ["sign", "list", "file"]
    page(bench, SPONSORS)
    assert offered(bench) == ["text", "close", "list", "file", "leave"]
    page(bench, UNSOUND)
    assert offered(bench) == []
    page(bench, CLOSED)
    assert offered(bench) == ["admit", "again", "list", "file", "leave"]
    bench.door.joint.change(CLOSED, newer=OPEN)
    bench.settled()
    bench.settled()
    assert offered(bench) == ["admit", "newer", "list", "file", "leave"]
    bench.key(K.Key_G)
    assert bench.screen.far.joint.page.row().id == OPEN


def test_a_laptop_without_the_right_is_told_so(bench: Bench) -> None:
    bench.door.me_view = replace(bench.door.me_view, rights=("observe", "speak"))
    made = page(bench, OPEN)
    assert offered(bench) == ["list", "file"] and "no right to sign on" in made.pane.more.plain()
    page(bench, CLOSED)
    assert offered(bench) == ["list", "file"] and "no right" not in made.pane.more.plain()
    bench.screen.new()  # Ctrl+N
    bench.settled()
    assert made.bar.isVisible() and not any(one.isVisible() for one in bench.screen.findChildren(QDialog))


def test_signing_on_says_what_it_means_before(bench: Bench) -> None:
    made = page(bench, OPEN)
    bench.key(K.Key_S)
    box = dialog(bench, confirm.SignDialog)
    assert box.focusWidget() is box.cancel  # Enter by mistake signs nothing
    told = words_of(box)
    assert made.row().title in told and said.grouped(made.row().hash).split("\n")[0].strip("\u2066\u2069") in told
    assert "exactly these words, to everybody in Drafting group" in told and "both algorithms" in told
    assert "opened by XB Borovia" in told
    bench.key(K.Key_Escape, widget=box)
    back(bench)
    assert bench.door.called("joint.sign") == []
    bench.key(K.Key_S, widget=made.list)
    yes(bench, dialog(bench, confirm.SignDialog))
    assert bench.door.called("joint.sign") == [((OPEN,), {})]
    assert "Our delegation has signed on." in made.bar.happened.plain()
    assert "Our delegation has signed on." in made.pane.more.plain() and offered(bench) == ["list", "file", "leave"]
    bench.key(K.Key_W, widget=made.list)
    yes(bench, dialog(bench))
    assert bench.door.called("joint.leave") == [((OPEN,), {})] and "sign" in offered(bench)


def test_signing_a_closed_list_is_said_to_wait(bench: Bench) -> None:
    bench.door.joint.put(OPEN, "Closed by Borovia", opener="XB", closed=True, signs=(sign_on("XB"),))
    made = page(bench, OPEN)
    bench.key(K.Key_S)
    box = dialog(bench, confirm.SignDialog)
    assert "your name waits until XB Borovia admits it" in words_of(box)
    yes(bench, box)
    assert "waits until XB Borovia admits it" in made.pane.more.plain()
    assert "late" in spoken(made.pane.signers)[0]


def test_words_that_differ_are_shown_with_a_warning_and_cannot_be_signed(bench: Bench) -> None:
    made = page(bench, UNSOUND)
    assert made.pane.strip.property("tone") == "bad" and "The words differ" in made.pane.what.plain()
    assert "do not sign" in made.pane.more.plain() and "XC Castellan Republic" in made.pane.more.plain()
    assert made.pane.words.toPlainText() == "Other words than were hashed."
    bench.key(K.Key_S)
    bench.key(K.Key_F)
    bench.settled()
    assert bench.door.called("joint.sign") == [] == bench.door.called("joint.words")
    bench.door.joint.change(SPONSORS, sound=False, ours="")
    bench.settled()
    bench.settled()
    page(bench, SPONSORS)
    assert "does not compute that hash" in made.pane.what.plain() and "sign" not in offered(bench)


def test_closing_and_admitting_each_late_one(bench: Bench) -> None:
    made = page(bench, SPONSORS)
    bench.key(K.Key_X)
    box = dialog(bench)
    assert "On the list: 2 delegations" in words_of(box) and "Exchange first" in words_of(box)
    yes(bench, box)
    assert bench.door.called("joint.close") == [((SPONSORS,), {})] and "closed" in spoken(made.list)[1]
    signs = bench.door.joint.rows[1].signs
    bench.door.joint.change(SPONSORS, signs=(*signs, sign_on("XB", "late"), sign_on("XD", "late")))
    bench.settled()
    bench.settled()
    assert "Borovia, Dravenia" in made.pane.more.plain()
    made.pane.signers.setFocus()
    made.pane.signers.setCurrentIndex(made.pane.signers.entries.index(3))
    bench.key(K.Key_I, widget=made.pane.signers)
    box = dialog(bench)
    assert "Dravenia (XD)" in words_of(box)
    yes(bench, box)
    assert bench.door.called("joint.admit") == [((SPONSORS, d.delegation("XD")), {})]
    made.pane.signers.setCurrentIndex(made.pane.signers.entries.index(1))
    bench.key(K.Key_Return, widget=made.pane.signers)  # on the late one
    box = dialog(bench)
    assert "Borovia (XB)" in words_of(box)
    yes(bench, box)
    assert len(bench.door.called("joint.admit")) == 2 and "admit" not in offered(bench)
    bench.key(K.Key_Return, widget=made.pane.signers)  # nobody waits
    assert not any(one.isVisible() for one in bench.screen.findChildren(QDialog))


def test_the_list_is_copied_one_name_a_line(bench: Bench) -> None:
    made = page(bench, CLOSED)
    bench.key(K.Key_L)
    bench.settled()
    assert QGuiApplication.clipboard().text() == "Aurelia\nEastmark\n"
    assert "2 delegations" in made.bar.happened.plain()


def test_the_saved_file_has_the_hash(bench: Bench, tmp_path: Path) -> None:
    made = page(bench, CLOSED)
    bench.key(K.Key_F)
    picking = bench.screen.far.joint.picking
    assert picking is not None and picking.selectedFiles()[0].endswith(".txt")
    picking.close()
    path = tmp_path / "words.txt"
    bench.screen.far.joint.write_words(path, made.row())
    bench.settled()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == made.row().hash
    assert "sha256sum" in made.bar.happened.plain() and made.row().hash[:16] in made.bar.happened.plain()


def test_words_that_do_not_have_the_hash_are_not_written(bench: Bench, tmp_path: Path) -> None:
    made = page(bench, OPEN)
    path = tmp_path / "words.txt"
    bench.screen.far.joint.write_words(path, replace(made.row(), hash="1" * 64))
    bench.settled()
    assert not path.exists() and "do not have the hash" in made.bar.happened.plain()


def test_the_text_of_a_list_is_one_key_away(bench: Bench) -> None:
    bench.screen.open_text(d.OTHER_TEXT)
    made = page(bench, SPONSORS)
    assert made.pane.symbol.plain() == "Rev.2" and made.pane.body.currentWidget() is made.pane.text
    bench.key(K.Key_T)
    assert not bench.screen.far.looking() and bench.screen.text == d.TEXT
    bench.door.joint.change(SPONSORS, text=d.ident("elsewhere"), revision=d.ident("elsewhere"))
    page(bench, SPONSORS)
    assert "not on this laptop" in made.pane.about.plain() and "text" not in offered(bench)


@pytest.mark.parametrize(("key", "name"), [("S", "sign"), ("L", "listing")])
def test_a_refusal_is_said_in_three_parts_and_the_page_stays(bench: Bench, key: str, name: str) -> None:
    made = page(bench, OPEN)
    bench.door.fail(f"joint.{name}", NotAllowed("joint.differs"))
    bench.key(getattr(K, f"Key_{key}"))
    if name == "sign":
        yes(bench, dialog(bench, confirm.SignDialog))
    bench.settled()
    assert made.bar.isVisible() and bench.screen.far.joint.looking()
    assert all(one.plain() for one in (made.bar.happened, made.bar.confidentiality, made.bar.todo))


def test_reading_that_fails_is_said_where_one_is(bench: Bench) -> None:
    bench.door.fail("joint.all", NotAllowed("joint.unknown"))
    bench.key(K.Key_J, CTRL)
    bench.settled()
    assert not bench.screen.far.joint.looking() and bench.screen.bar.isVisible()


def test_every_rule_has_a_sentence_of_its_own() -> None:
    codes = ("unsound", "differs", "signed", "not-opener", "closed", "revision", "empty", "characters", "too-long",
             "not-signed", "not-late", "unknown")  # fmt: skip
    assert {f"joint.{one}" for one in codes} <= set(EVERY)
