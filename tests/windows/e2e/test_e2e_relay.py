"""Two windows and a real relay: joining with the operator's files, a message that arrives by itself, a relay that stops."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import Desks, Table
from tests.relay.generated import Generated, generated
from tests.relay.servers import SERVER
from tests.world import Clock

from valise.operator.making import KIT
from valise.ui import theme
from valise.ui.exchange.page import ExchangePage
from valise.ui.exchange.relay_dialogs import JoinDialog, RevokeDialog

PATIENCE = 20_000  # ms until something that is not so is a failure
pytestmark = pytest.mark.skipif(not Path(SERVER).exists(), reason="no relay server on this computer")


@pytest.fixture
def table(worn: theme.Theme, tmp_path: Path, qtbot: Any) -> Iterator[Table]:
    """Aurelia and Borovia as of now: a server looks at the real time when a credential ends."""
    made = Table(Desks(tmp_path / "vaults", ("XA", "XB"), clock=Clock(time.time_ns() // 1_000_000)), qtbot)
    yield made
    made.close()
    made.world.close()


@pytest.fixture
def relay(tmp_path: Path) -> Iterator[Generated]:
    with generated(tmp_path, {"XA": 1, "XB": 1}, label="Relay of Aurelia") as made:
        yield made


def page(table: Table, code: str, ref: str = "exchange") -> ExchangePage:
    window = table.front(code)
    window.go("settings", ref)
    screen: Any = window.made("settings")
    return screen.ways  # type: ignore[no-any-return]


def join(table: Table, code: str, relay: Generated) -> None:
    """Open the operator's file in the window of a delegation and use the relay."""
    shown = page(table, code)
    shown.begin_joining(relay.folder / "kits" / f"{code}-1{KIT}")
    box = shown.dialog
    assert isinstance(box, JoinDialog) and box.do_it.isEnabled(), box.notice.happened.plain()
    assert box.host.plain() == "127.0.0.1" and box.label.plain() == "Relay of Aurelia"
    box.do_it.click()
    table.qtbot.waitUntil(lambda: table.world[code].relays.own().host != "", timeout=PATIENCE)
    table.settle()
    assert "uses the relay" in shown.bar.happened.plain()


def state(table: Table, code: str) -> str:
    return next(one.state for one in table.world[code].exchange.ways() if one.name == "relay")


def test_a_message_goes_through_a_real_relay_by_itself_and_a_stop_is_told(table: Table, relay: Generated) -> None:
    world, qtbot = table.world, table.qtbot
    room = world["XA"].rooms.create("bilateral", "Borovia", [world["XB"].me().delegation])
    table.exchange(3, 70_000)
    for code in ("XA", "XB"):
        join(table, code, relay)
    both = [world[code].me().delegation for code in ("XA", "XB")]

    def acquainted() -> bool:
        table.exchange(1, 70_000)
        return all(one.relays.addresses() and state(table, code) == "ready" for code, one in (("XA", world["XA"]), ("XB", world["XB"])))

    qtbot.waitUntil(acquainted, timeout=PATIENCE)
    ours = page(table, "XA", "relay")
    grant = next(one for one in ours.grants.rows.rows if one.delegation == both[1])
    assert grant.state == "active" and grant.told == "room"
    for code in ("XA", "XB"):
        world[code].exchange.drop_folder()
    table.settle()
    world["XA"].messages.send(room, "By the relay.", subject="At once")

    def came() -> bool:
        return [one.subject for one in world["XB"].messages.threads(room)] == ["At once"]

    qtbot.waitUntil(came, timeout=PATIENCE)  # nobody exchanges: the windows are woken
    assert "Relay connected" in table["XB"].status.exchange.plain()
    shown = page(table, "XA")
    shown.test_relay.click()
    qtbot.waitUntil(shown.bar.isVisible, timeout=PATIENCE)
    assert shown.bar.happened.plain() == "The relay works." and "it was read back" in shown.bar.confidentiality.plain()

    for node in relay.nodes:
        node.stop()
    world["XA"].messages.send(room, "Nobody is there.", subject="While it is away")
    qtbot.waitUntil(lambda: (world.exchange(1, 5_000), state(table, "XA") == "trouble")[1], timeout=PATIENCE)
    shown = page(table, "XA")
    qtbot.waitUntil(shown.trouble.isVisible, timeout=PATIENCE)
    assert "What waits is kept" in shown.trouble.todo.plain()
    qtbot.waitUntil(lambda: "Relay not reachable" in table["XA"].status.exchange.plain(), timeout=PATIENCE)
    step = shown.trouble.step()
    assert step is not None and step.text() == "Take it by courier…"
    shown.bar.close_notice()
    shown.test_relay.click()
    qtbot.waitUntil(shown.bar.isVisible, timeout=PATIENCE)
    assert shown.bar.property("tone") == "warn"
    for node in relay.nodes:
        node.start()
    qtbot.waitUntil(
        lambda: (world.exchange(1, 70_000), len(world["XB"].messages.threads(room)) == 2)[1], timeout=2 * PATIENCE
    )


def test_a_permission_is_taken_back_by_a_click(table: Table, relay: Generated) -> None:
    table.world["XA"].rooms.create("bilateral", "Borovia", [table.world["XB"].me().delegation])
    table.exchange(3, 70_000)
    join(table, "XA", relay)
    table.exchange(2, 70_000)
    pane = page(table, "XA", "relay").grants
    table.qtbot.waitUntil(lambda: any(one.code == "XB" for one in pane.rows.rows))
    slot = next(one.slot for one in pane.rows.rows if one.code == "XB")
    pane.table.at(slot)
    pane.begin_revoking()
    box = pane.dialog
    assert isinstance(box, RevokeDialog)
    box.do_it.click()
    table.settle()
    assert "evok" in pane.bar.happened.plain()
    table.qtbot.waitUntil(lambda: next(one.state for one in pane.rows.rows if one.slot == slot) in ("revoking", "revoked"))
    one = next(one for one in pane.rows.rows if one.slot == slot)
    if one.state == "revoking":
        assert pane.buttons["revocations"].isVisible() and table.world["XA"].relays.revocation_file()
