"""The relay on the fake door: joining with the operator's file, leaving, permissions given, renewed and taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
import pytest
from exchange_hands import ENDS, kit, page_of, rows, spoken, stands
from fake_door import FakeDoor
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog
from walk import nameless

from valise.desk.door_exchange import AddressView, GrantView, RelayView
from valise.desk.relay_look import look
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed, Refused, Unavailable
from valise.ui.exchange import relay_said as said
from valise.ui.exchange.page import ExchangePage
from valise.ui.exchange.relay import GrantsPane
from valise.ui.exchange.relay_dialogs import CardDialog, GiveDialog, JoinDialog
from valise.ui.strings import tell
from valise.ui.window import MainWindow


@pytest.fixture
def page(window: MainWindow) -> ExchangePage:
    return page_of(window, "relay")


@pytest.fixture
def pane(page: ExchangePage) -> GrantsPane:
    return page.grants


def asked(holder: Any) -> Any:
    """The dialog that is open."""
    box = holder.dialog
    assert isinstance(box, QDialog) and box.isVisible()
    assert nameless(box) == []
    return box


# the operator's file


def test_a_file_is_looked_into_before_anything_is_done(tmp_path: Path) -> None:
    view = look(kit(tmp_path).read_bytes())
    assert (view.host, view.label, view.expires) == ("relay.aurelia.example", "Relay of the foreign ministry", ENDS)
    assert view.may_grant and not view.pinned
    for torn in (b"", b"VALISE-RELAY-1\n", b"VALISE-CARD-1\nAAAA", kit(tmp_path).read_bytes()[:200], b"\xff" * 100):
        with pytest.raises(Refused) as caught:
            look(torn)
        assert caught.value.code in ("relay.kit", "relay.address")


def test_joining_shows_what_the_file_says_and_what_a_relay_sees(
    page: ExchangePage, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    door.relays.leave()
    qtbot.waitUntil(page.join.isVisible)
    qtbot.keyClick(page, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    box: JoinDialog = asked(page)
    assert not box.do_it.isEnabled() and not box.found.isVisible()
    assert [line.plain() for line in box.lines] == list(said.sees()) and all(line.isVisible() for line in box.lines)
    path = kit(tmp_path, "Ministry <b>relay</b> \u202erevo dnah\u202c")
    box.file.choose.click()
    dialog = box.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(path))
    dialog.close()
    assert box.host.plain() == "relay.aurelia.example"
    assert box.label.plain() == "Ministry <b>relay</b> revo dnah"
    assert box.label_head.isVisible() and "until 2 March 2027" in box.until.plain()
    assert not door.called("relays.join")
    box.do_it.click()
    qtbot.waitUntil(page.bar.isVisible)
    assert door.called("relays.join") == [((path.read_bytes(),), {})]
    assert "uses the relay \u2068relay.aurelia.example\u2069" in page.bar.happened.text()
    qtbot.waitUntil(lambda: page.cards["relay"].state.text() == "Connecting…")
    index = [name for name, _, _ in door.calls].index("relays.join")
    assert door.threads[index].startswith("writer")


@pytest.mark.parametrize("data", [b"something else", b"x" * 70_000, b""])
def test_a_file_that_is_none_is_told_and_another_can_be_opened(
    page: ExchangePage, door: FakeDoor, qtbot: Any, tmp_path: Path, data: bytes
) -> None:
    page.begin_joining()
    box: JoinDialog = asked(page)
    (tmp_path / "bad").write_bytes(data)
    box.open_file(tmp_path / "bad")
    assert box.notice.isVisible() and not box.do_it.isEnabled()
    box.do_it.click()
    box.go()
    assert box.isVisible() and not door.called("relays.join")
    box.open_file(kit(tmp_path, ""))
    assert not box.notice.isVisible() and box.do_it.isEnabled() and not box.label_head.isVisible()
    box.open_file(tmp_path / "none")
    assert not box.do_it.isEnabled() and not box.found.isVisible()
    box.reject()


def test_joining_that_is_refused_is_told(page: ExchangePage, door: FakeDoor, qtbot: Any, tmp_path: Path) -> None:
    door.fail("relays.join", NotAllowed("relay.expired"))
    page.begin_joining(kit(tmp_path))
    asked(page).do_it.click()
    qtbot.waitUntil(page.bar.isVisible)
    assert "has ended" in page.bar.happened.plain() and page.test_relay.isEnabled()


def test_leaving_is_asked_first_with_the_harmless_button_ready(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    page.leave_relay.click()
    box = asked(page)
    qtbot.waitUntil(box.cancel.hasFocus)
    qtbot.keyClick(box.cancel, Qt.Key.Key_Return)
    assert not box.isVisible() and not door.called("relays.leave")
    page.leave_relay.click()
    asked(page).do_it.click()
    qtbot.waitUntil(page.join.isVisible)
    assert door.called("relays.leave")
    qtbot.waitUntil(page.grants.none.isVisible)


def test_without_a_mailbox_of_our_own_we_still_write_to_the_relays_of_others(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    door.relays.mine = RelayView("")
    door.exchange.way("relay", place="")
    qtbot.waitUntil(page.join.isVisible)
    assert not page.leave_relay.isVisible() and page.test_relay.isVisible()
    assert page.cards["relay"].place.plain() == "Only relays of correspondents"


# its end


DAY = d.DAY


@pytest.mark.parametrize(
    ("left", "words"), [(0, ""), (61 * DAY, ""), (29 * DAY, "ends on"), (-DAY, "ended on")], ids=["no end", "far", "soon", "past"]
)
def test_what_is_said_before_and_after_the_permission_ends(left: int, words: str) -> None:
    view = RelayView("relay.example", expires=d.NOW + left if left else 0)
    happened, todo = said.ending(view, d.NOW)
    assert (words in happened) if words else happened == todo == ""
    assert said.ending(RelayView(""), d.NOW) == ("", "")


def test_the_end_is_told_on_the_page_with_the_way_to_a_new_file(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    door.relays.mine = replace(door.relays.mine, expires=1)
    door.touch(Changes(status=True))
    qtbot.waitUntil(page.trouble.isVisible)
    assert "permission to use the relay ended on" in page.trouble.happened.plain()
    step = page.trouble.step()
    assert step is not None
    step.click()
    asked(page).reject()
    door.exchange.way("relay", state="trouble", problem="relay.expired")
    qtbot.waitUntil(lambda: "has ended" in page.trouble.happened.plain())
    assert "courier" in page.trouble.todo.plain()


@pytest.mark.parametrize("code", ["carrier.unreachable", "relay.no_agent", "relay.refused", "relay.untrusted"])
def test_what_the_relay_does_not_confirm_is_told_on_the_page(page: ExchangePage, door: FakeDoor, qtbot: Any, code: str) -> None:
    for way in ("relay", "folder"):
        door.exchange.way(way, state="ready", problem="")
    qtbot.waitUntil(page.trouble.isHidden)
    door.relays.mine = replace(door.relays.mine, problem=code)
    page._standing.ask()  # no command failed: it shows with the next look
    qtbot.waitUntil(page.trouble.isVisible)
    told = page.trouble.happened.plain()
    assert told.startswith("The relay has not confirmed what was revoked") and told.endswith(tell(Unavailable(code)).happened)
    assert "something may still be put there" in page.trouble.confidentiality.plain()
    step = page.trouble.step()
    assert step is not None
    step.click()
    qtbot.waitUntil(lambda: bool(door.called("relays.revocation_file")))
    door.relays.mine = replace(door.relays.mine, problem="")
    page._standing.ask()
    qtbot.waitUntil(page.trouble.isHidden)


# permissions


def test_every_permission_says_what_it_is(pane: GrantsPane) -> None:
    told = {one.slot: stands(pane.table, row) for row, one in enumerate(rows(pane.table))}
    assert rows(pane.table)[0].slot == "slothesperia", "what waits for the relay comes first"
    assert told["slothesperia"][1] == "Revoking / the relay has not confirmed yet"
    assert told["slotgallia"][1].startswith("Ends soon / until")
    assert told["slotborovia"][1].startswith("May write / until") and told["slotborovia"][3] == "sealed, over the exchange"
    assert told["slotcard"][0] == "\u2068XL\u2069 / noted by you; no answer yet" and told["slotcard"][3] == "in a card handed over"
    row = next(row for row, one in enumerate(rows(pane.table)) if one.slot == "slotborovia")
    assert spoken(pane.table, row).startswith("XB Borovia; May write, until")
    signs = {said.grant_state(replace(rows(pane.table)[0], state=state))[1] for state in ("active", "ending", "revoked", "revoking")}  # type: ignore[arg-type]
    assert len(signs) == 4, "not by colour alone"


@pytest.mark.parametrize(
    ("slot", "renew", "revoke"),
    [("slotborovia", True, True), ("slotgallia", True, True), ("slotcard", False, True), ("slothesperia", False, False)],
)
def test_only_what_can_be_done_is_offered(pane: GrantsPane, slot: str, renew: bool, revoke: bool) -> None:
    pane.table.at(slot)
    assert (pane.buttons["renew"].isEnabled(), pane.buttons["revoke"].isEnabled()) == (renew, revoke)


def test_a_laptop_that_may_not_give_says_so(pane: GrantsPane, door: FakeDoor, qtbot: Any) -> None:
    door.relays.mine = replace(door.relays.mine, may_grant=False)
    door.touch(Changes(status=True))
    qtbot.waitUntil(lambda: "may not give permissions" in pane.mine.plain())
    assert not pane.buttons["give"].isEnabled() and not pane.buttons["card"].isEnabled()


def test_permission_is_given_to_one_who_has_none_and_to_whom_sending_goes_on(
    pane: GrantsPane, page: ExchangePage, door: FakeDoor, qtbot: Any
) -> None:
    pane.buttons["give"].click()
    box: GiveDialog = asked(pane)
    combo = box.findChild(QComboBox)
    assert combo is not None
    offered = [combo.itemText(n) for n in range(combo.count())]
    assert offered == ["\u2068XD\u2069 \u2068Dravenia\u2069", "\u2068XE\u2069 \u2068Eastmark\u2069", "\u2068XF\u2069 \u2068Freeland Islands\u2069"]
    combo.setCurrentIndex(1)
    box.do_it.click()
    qtbot.waitUntil(page.bar.isVisible)
    assert door.called("relays.grant") == [((d.delegation("XE"),), {})]
    assert "Eastmark" in page.bar.happened.plain()
    assert any(one.code == "XE" for one in rows(pane.table))


def test_permission_without_a_room_is_told_with_what_to_do(pane: GrantsPane, page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    door.fail("relays.grant", NotAllowed("relay.no_room"))
    pane.give(d.delegation("XE"))
    qtbot.waitUntil(page.bar.isVisible)
    assert "no room" in page.bar.happened.plain() and "card" in page.bar.todo.plain()


def test_nobody_left_to_give_it_to(pane: GrantsPane, door: FakeDoor) -> None:
    door.contacts.rows.clear()
    pane.begin_giving()
    box: GiveDialog = asked(pane)
    assert box.none.isVisible() and not box.do_it.isEnabled()
    box.reject()


def test_one_is_renewed(pane: GrantsPane, page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    pane.table.at("slotgallia")
    qtbot.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(page.bar.isVisible)
    assert door.called("relays.renew") == [(("slotgallia",), {})]
    assert pane.table.row().state == "active"


def test_revoking_waits_for_the_relay_and_offers_the_file(
    pane: GrantsPane, page: ExchangePage, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    pane.table.at("slotborovia")
    pane.table.setFocus()
    qtbot.keyClick(pane.table, Qt.Key.Key_Delete)
    box = asked(pane)
    assert "Borovia" in box.title.plain()
    qtbot.waitUntil(box.cancel.hasFocus)
    box.do_it.click()
    qtbot.waitUntil(page.bar.isVisible)
    assert page.bar.happened.plain() == "Revoking: the relay has not confirmed yet."
    assert door.called("relays.revoke") == [(("slotborovia",), {})]
    step = page.bar.step()
    assert step is not None
    step.click()
    qtbot.waitUntil(lambda: pane.findChild(QFileDialog) is not None)
    dialog = pane.findChild(QFileDialog)
    assert dialog is not None
    dialog.close()
    assert "not saved yet" in page.bar.happened.plain()
    pane.save(tmp_path / "gone" / "file")
    assert "cannot be written" in page.bar.happened.plain() or page.bar.property("tone") == "warn"
    pane.save(tmp_path / "revocations")
    assert (tmp_path / "revocations").read_bytes() == door.relays.revocation_file()
    assert "revocations" in page.bar.happened.plain() and page.bar.property("tone") == "good"
    pane.save(tmp_path / "again")
    assert not (tmp_path / "again").exists(), "it is written once"


def test_a_relay_that_confirms_at_once_is_said_so(pane: GrantsPane, page: ExchangePage, qtbot: Any) -> None:
    pane._revoked(replace(rows(pane.table)[0], state="revoked"))
    assert "has confirmed" in page.bar.happened.plain() and page.bar.property("tone") == "good"
    assert page.bar.step() is None


def test_the_revocations_button_is_there_only_when_something_waits(pane: GrantsPane, door: FakeDoor, qtbot: Any) -> None:
    assert pane.buttons["revocations"].isVisible()
    door.relays.given.pop("slothesperia")
    door.touch(Changes(status=True))
    qtbot.waitUntil(lambda: not pane.buttons["revocations"].isVisible())


def test_a_card_with_permission_is_made_for_one_and_warned_about(
    pane: GrantsPane, page: ExchangePage, door: FakeDoor, qtbot: Any, tmp_path: Path
) -> None:
    pane.buttons["card"].click()
    box: CardDialog = asked(pane)
    assert "like a key" in box.warning.happened.plain() and not box.do_it.isEnabled()
    qtbot.keyClicks(box.note, "   ")
    assert not box.do_it.isEnabled()
    qtbot.keyClicks(box.note, "XM ")
    qtbot.keyClick(box.note, Qt.Key.Key_Return)
    assert not box.isVisible()
    qtbot.waitUntil(lambda: pane.findChild(QFileDialog) is not None)
    dialog = pane.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "card"))
    dialog.close()
    assert door.called("relays.card_for") == [(("XM",), {})]
    assert (tmp_path / "card").read_bytes().startswith(b"valise card of XA with")
    assert "like a key" in page.bar.happened.plain()


# where we may write


def test_addresses_say_until_when_and_what_to_do(page: ExchangePage) -> None:
    page.tabs.setCurrentWidget(page.addresses)
    table = page.addresses.table
    told = {one.code: stands(table, row) for row, one in enumerate(rows(table))}
    assert told["XB"][2].startswith("We may write / until") and "relay.borovia.example" in told["XB"][1]
    assert told["XG"][2] == "Has ended / ask it for a new one"
    assert "Has ended" in spoken(table, 2)


def test_nobody_gave_an_address_yet(page: ExchangePage, door: FakeDoor, qtbot: Any) -> None:
    page.tabs.setCurrentWidget(page.addresses)
    door.relays.held = []
    door.touch(Changes(status=True))
    qtbot.waitUntil(page.addresses.none.isVisible)


@pytest.mark.parametrize("make", [
    lambda state: said.grant_state(GrantView("s", "", "", "", 1, 2, state, "")),
    lambda state: said.address_state(AddressView("d", "XB", "Borovia", "r", 1, state)),
])  # fmt: skip
def test_every_state_has_words(make: Callable[[str], tuple[str, str, str]]) -> None:
    states = ("active", "ending", "expired", "revoked", "revoking", "withdrawn")
    told = []
    for state in states:
        try:
            told.append(make(state)[0])
        except KeyError:
            continue
    assert len(told) >= 4 and len(set(told)) == len(told)
