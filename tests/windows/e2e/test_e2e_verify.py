"""Verification somebody finishes: two laptops, real windows, one exchange folder, three presses a person (C11)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hands import CTRL, SHIFT, Table, press
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from valise.ui.contacts.confirm import Confirm
from valise.ui.widgets.qr import qr_image

K = Qt.Key


class Person:
    """Counts what a person presses."""

    def __init__(self, table: Table, code: str, other: str) -> None:
        self.table, self.code, self.presses = table, code, 0
        self.other = table.world.id(other)

    def screen(self) -> Any:
        return self.table[self.code].made("contacts")

    def press(self, button: QPushButton) -> None:
        assert button.isVisible() and button.isEnabled(), button.text()
        self.table.front(self.code)
        button.setFocus()
        press(K.Key_Return)
        self.presses += 1
        self.table.settle()

    def follow(self) -> None:
        """From the overview: the line that somebody wants to compare."""
        lines = [one for one in self.table.world[self.code].overview().due if one.line == "contact.compares"]
        self.table[self.code].go(lines[0].screen, lines[0].ref)
        self.presses += 1
        self.table.settle()


def test_c11_two_people_verify_each_other_with_three_presses_each(table: Table) -> None:
    ours, theirs = Person(table, "XA", "XB"), Person(table, "XB", "XA")
    table.screen("XA", "contacts").open_ref(ours.other)
    table.screen("XB", "overview")
    ours.press(ours.screen().detail.verify)
    ours.press(ours.screen().verify.live.begin)
    table.exchange(rounds=2)
    theirs.follow()
    theirs.press(theirs.screen().verify.live.begin)
    table.exchange(rounds=3)
    shown = [[tile.word.plain() for tile in one.screen().verify.live.tiles] for one in (ours, theirs)]
    assert shown[0] == shown[1] and len(set(shown[0])) >= 3
    for one in (ours, theirs):
        one.press(one.screen().verify.live.match)
        contact = table.world[one.code].contacts.one(one.other)
        assert contact.trust == "verified in person"
        assert table.world[one.code].trust.story(one.other).how == "words"
        assert one.screen().detail.badge.text() == "verified in person"
    assert (ours.presses, theirs.presses) == (3, 3)


def test_their_code_is_read_from_a_screenshot(table: Table, tmp_path: Path) -> None:
    theirs = table.screen("XB", "contacts")
    theirs.show_own()
    table.settle()
    shot = tmp_path / "their screen.png"
    assert theirs.own.grab().save(str(shot))
    ours = table.screen("XA", "contacts")
    ours.open_ref(table.world.id("XB"))
    table.settle()
    press(K.Key_P, CTRL | SHIFT)
    assert ours.verify.code.isVisible()
    ours.comparing.read_picture(shot)
    table.settle()
    story = table.world["XA"].trust.story(table.world.id("XB"))
    assert (story.how, table.world["XA"].contacts.one(table.world.id("XB")).trust) == ("code", "verified in person")
    # the code of another delegation says so, and one that was forged stops the sending
    ours.open_ref(table.world.id("XG"))
    ours.start_verifying("code")
    ours.comparing.read_picture(shot)
    table.settle()
    assert "XB Borovia" in ours.notice_bar.happened.plain()
    assert table.world["XA"].contacts.one(table.world.id("XG")).trust == "received only"
    parts = table.world["XG"].contacts.own_qr().split(":")
    forged = qr_image(":".join([*parts[:2], parts[4], *parts[3:]]))
    assert forged.scaled(forged.width() * 5, forged.height() * 5).save(str(tmp_path / "forged.png"))
    ours.start_verifying("code")
    ours.comparing.read_picture(tmp_path / "forged.png")
    table.settle()
    assert table.world["XA"].contacts.one(table.world.id("XG")).stopped == "differs"


def test_a_laptop_that_joined_is_met_on_the_overview_and_decided_in_contacts(table: Table) -> None:
    from test_e2e_release import second_laptop

    room = table.world.room("bilateral", title="", members=("XA", "XB"))
    table.screen("XB", "overview")
    second_laptop(table)
    table.exchange(rounds=3)
    due = next(one for one in table.world["XB"].overview().due if one.line == "contact.added")
    sent = table.world["XB"].messages.send(room, "waits for a person")
    table.exchange(rounds=2)
    assert table.world["XB"].messages.one(sent).delivery == "waiting"
    messages = table.screen("XB", "messages")
    messages.open_ref(room)
    table.settle()
    assert "added a laptop" in messages.talk.composer.stop_words.plain()
    messages.talk.composer.decide.setFocus()
    press(K.Key_Return)
    table.settle()
    screen = table["XB"].made("contacts")
    assert screen.contact().id == due.ref and screen.detail.laptops.isVisible()
    press(K.Key_Y, CTRL | SHIFT, screen.list)
    asked = screen.findChild(Confirm)
    asked.do_it.setFocus()
    press(K.Key_Return)
    table.exchange(rounds=4, pause=61_000)
    assert table.world["XB"].messages.one(sent).delivery == "delivered"
