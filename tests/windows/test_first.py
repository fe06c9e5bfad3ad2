"""Before the vault is open: unlock, first run, waiting to be admitted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from exchange_hands import kit
from fake_door import GOOD, FakeDoor, FakeGate
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QLineEdit, QMessageBox, QWidget
from walk import nameless

from valise.domain.errors import Damaged, Unavailable, WrongPassphrase
from valise.ui.first.enrol import EnrolPage
from valise.ui.first.front import Front
from valise.ui.first.unlock import UnlockPage
from valise.ui.first.wizard import FirstRun

Keep = Callable[[QWidget], Any]


def texts(root: QWidget) -> list[str]:
    return [one.text() for one in root.findChildren(QLabel) if one.text()]


def unlock_page(keep: Keep, gate: FakeGate, reason: str = "") -> tuple[Front, UnlockPage]:
    front = keep(Front(gate, reason))
    assert isinstance(front.content, UnlockPage)
    return front, front.content


def test_the_right_passphrase_opens_and_is_wiped(keep: Keep, gate: FakeGate, qtbot: Any) -> None:
    front, page = unlock_page(keep, gate)
    assert page.entry.field().hasFocus()
    assert not page.button.isEnabled()
    box = page.entry.field()
    qtbot.keyClicks(box, GOOD)
    with qtbot.waitSignal(front.opened) as heard:
        qtbot.keyClick(box, Qt.Key.Key_Return)
    assert heard.args == [gate.opened]
    assert gate.calls == ["unlock"]
    assert not any(gate.seen_passphrases[0])
    front.runner.close()


def test_a_wrong_one_is_said_in_a_line_and_never_in_a_box(keep: Keep, gate: FakeGate, qtbot: Any) -> None:
    _front, page = unlock_page(keep, gate)
    qtbot.keyClicks(page.entry.field(), "wrong passphrase")
    page.button.click()
    qtbot.waitUntil(lambda: page.line.property("role") == "error")
    assert "not the passphrase" in page.line.plain()
    assert "stays sealed" in page.line.plain()
    assert page.entry.empty()
    assert page.entry.field().hasFocus()
    assert page.findChildren(QDialog) == page.findChildren(QMessageBox) == []
    qtbot.keyClicks(page.entry.field(), "x")
    assert page.line.plain() == ""
    page.entry.forget()


def test_a_damaged_vault_is_rescued_from_the_page(keep: Keep, gate: FakeGate, qtbot: Any) -> None:
    front, page = unlock_page(keep, gate)
    gate.failure = Damaged("vault.damaged")
    for typed in (GOOD, "wrong one"):
        qtbot.keyClicks(page.entry.field(), typed)
        if typed != GOOD:
            gate.failure = WrongPassphrase("vault.passphrase")
        qtbot.keyClick(page.entry.field(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: page.line.property("role") == "error" and page.entry.isEnabled())
        assert page.rescuing and page.button.text() == "Rescue what verifies" == page.button.accessibleName()
        page._say("", "muted")
    qtbot.keyClicks(page.entry.field(), GOOD)
    qtbot.keyClick(page.entry.field(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "160 rows were rescued, 2 lost" in page.line.plain())
    assert "kept beside the vault" in page.line.plain() and page.button.text() == "Unlock"
    with qtbot.waitSignal(page.opened):
        qtbot.keyClicks(page.entry.field(), GOOD)
        qtbot.keyClick(page.entry.field(), Qt.Key.Key_Return)
    assert all(not any(one) for one in gate.seen_passphrases)
    front.runner.close()


def test_while_the_key_is_derived_the_window_answers_and_shows_progress(keep: Keep, gate: FakeGate, qtbot: Any) -> None:
    gate.hold = threading.Event()
    _front, page = unlock_page(keep, gate)
    qtbot.keyClicks(page.entry.field(), GOOD)
    page.button.click()
    qtbot.waitUntil(lambda: gate.calls == ["unlock"])
    assert page.progress.isVisible()
    assert not page.button.isEnabled()
    assert not page.entry.isEnabled()
    page.unlock()  # a second Enter does nothing
    with qtbot.waitSignal(page.opened):
        gate.hold.set()
    assert gate.calls == ["unlock"]


def test_the_page_shows_nothing_but_the_public_name(keep: Keep, tmp_path: Path) -> None:
    _front, page = unlock_page(keep, FakeGate(tmp_path))
    assert [one for one in texts(page) if one.strip()] == ["Unlock Valise"]
    _front, page = unlock_page(keep, FakeGate(tmp_path, public_name="<b>Mission</b>"), "idle")
    shown = texts(page)
    assert "\u2068<b>Mission</b>\u2069" in shown
    assert page.name.textFormat() == Qt.TextFormat.PlainText
    assert any("without activity" in one for one in shown)
    assert len(shown) == 3


def test_closing_on_the_way_leaves_nothing_running(keep: Keep, gate: FakeGate, qtbot: Any) -> None:
    gate.hold = threading.Event()
    front, page = unlock_page(keep, gate)
    qtbot.keyClicks(page.entry.field(), GOOD)
    page.button.click()
    qtbot.waitUntil(lambda: gate.calls == ["unlock"])
    gate.hold.set()
    front.close()
    assert front.runner.idle


# first run


def fill(run: FirstRun, qtbot: Any) -> None:
    page = run.delegation
    assert not run.next.isEnabled()
    qtbot.keyClicks(page.code, "xa")
    assert page.code.text() == "XA"
    page.name.setText("Aurelia")
    page.officer.setText("Second Secretary")
    page.role.setText("Delegate")
    assert run.next.isEnabled()
    run.next.click()
    assert run.page() is run.passphrase


def two(run: FirstRun, once: str, again: str) -> None:
    run.passphrase.once.field().setText(once)
    run.passphrase.again.field().setText(again)


def test_four_pages_make_a_vault(keep: Keep, tmp_path: Path, qtbot: Any) -> None:
    gate = FakeGate(tmp_path, exists=False)
    filled: list[Any] = []
    front = keep(Front(gate, "", filled.append))
    run = front.content
    assert isinstance(run, FirstRun)
    fill(run, qtbot)
    two(run, GOOD, GOOD + "x")
    assert not run.next.isEnabled()
    assert "not the same" in run.passphrase.line.plain()
    two(run, "short", "short")
    assert not run.next.isEnabled()
    two(run, GOOD, GOOD)
    assert run.next.isEnabled()
    run.next.click()
    qtbot.waitUntil(lambda: run.page() is run.card)
    assert gate.made["passphrase"] == GOOD.encode()
    assert gate.made["code"] == "XA"
    assert gate.made["public_name"] == ""
    assert run.passphrase.once.empty()
    assert run.passphrase.again.empty()
    assert not run.card.qr.image().isNull()
    assert len(run.card.fingerprint.plain().replace(" ", "").replace("\n", "")) == 64
    run.next.click()
    assert run.page() is run.begin
    run.begin.sample.setChecked(True)
    run.begin.set_folder(tmp_path)
    with qtbot.waitSignal(front.opened) as heard:
        run.next.click()
    door = heard.args[0]
    assert filled == [door]
    assert door.called("exchange.use_folder") == [((tmp_path,), {})]
    assert all(name.startswith("writer") for name in door.threads)
    front.runner.close()


def at_the_last_page(keep: Keep, tmp_path: Path) -> tuple[Front, Any]:
    front = keep(Front(FakeGate(tmp_path, exists=False)))
    run = front.content
    run.door = FakeDoor(empty=True)
    run._show(run.begin)
    return front, run


def test_a_relay_can_be_used_from_the_first_page_on(keep: Keep, tmp_path: Path, qtbot: Any, worn: Any) -> None:
    front, run = at_the_last_page(keep, tmp_path)
    assert run.begin.later.isChecked() and run.next.isEnabled() and nameless(run) == []
    run.begin.by_relay.click()
    assert not run.next.isEnabled() and run.begin.open_kit.isVisible() and not run.begin.choose.isVisible()
    (tmp_path / "bad").write_bytes(b"something else")
    run.begin.set_kit(tmp_path / "bad")
    assert "not the file of a relay" in run.begin.line.plain() and not run.next.isEnabled()
    run.begin.set_kit(kit(tmp_path, "Ministry"))
    assert run.begin.host.plain() == "relay.aurelia.example, called “Ministry” by its operator"
    assert run.next.isEnabled() and run.begin.line.plain() == ""
    with qtbot.waitSignal(front.opened) as heard:
        run.next.click()
    assert heard.args[0].called("relays.join") == [(((tmp_path / "kit").read_bytes(),), {})]
    assert not heard.args[0].called("exchange.use_folder")
    front.runner.close()


def test_a_way_that_cannot_be_set_up_is_told_and_later_is_always_possible(keep: Keep, tmp_path: Path, qtbot: Any, worn: Any) -> None:
    front, run = at_the_last_page(keep, tmp_path)
    run.begin.set_folder(tmp_path / "gone")
    assert run.begin.by_folder.isChecked() and run.begin.choose.isVisible()
    run.next.click()
    qtbot.waitUntil(lambda: "cannot be reached" in run.begin.line.plain())
    run.begin.later.click()
    assert run.begin.line.plain() == "" and not run.begin.choose.isVisible()
    with qtbot.waitSignal(front.opened):
        run.next.click()
    assert len(run.door.called("exchange.use_folder")) == 1
    front.runner.close()


def test_the_card_is_saved_where_one_says(keep: Keep, tmp_path: Path, qtbot: Any, worn: Any) -> None:
    gate = FakeGate(tmp_path, exists=False)
    front = keep(Front(gate))
    run = front.content
    fill(run, qtbot)
    two(run, GOOD, GOOD)
    run.on()
    qtbot.waitUntil(lambda: run.page() is run.card)
    run.card.save.click()
    dialog = run.card.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "XA.valise-card"))
    assert (tmp_path / "XA.valise-card").read_bytes() == gate.opened.contacts.own_card()
    assert "XA.valise-card" in run.card.saved.plain()
    run.card._write(tmp_path / "no such folder" / "x")
    assert run.card.saved.property("role") == "error"
    dialog.close()
    front.close()
    assert gate.opened.closed


def test_a_vault_that_cannot_be_made_says_why_in_the_line(keep: Keep, tmp_path: Path, qtbot: Any) -> None:
    gate = FakeGate(tmp_path, exists=False)
    gate.failure = Unavailable("vault.disk_full")
    run = keep(Front(gate)).content
    fill(run, qtbot)
    two(run, GOOD, GOOD)
    run.on()
    qtbot.waitUntil(lambda: "disk is full" in run.passphrase.line.plain())
    assert run.page() is run.passphrase
    assert not run.next.isEnabled()  # it has to be typed again


def test_a_further_laptop_asks_and_is_admitted(keep: Keep, tmp_path: Path, qtbot: Any) -> None:
    gate = FakeGate(tmp_path, exists=False)
    front = keep(Front(gate))
    run = front.content
    run.delegation.join.setChecked(True)
    assert not run.delegation.code.isVisible()
    run.delegation.officer.setText("Adviser")
    run.delegation.role.setText("Adviser")
    run.next.click()
    assert "of 3" in run.step.plain()
    two(run, GOOD, GOOD)
    run.next.click()
    qtbot.waitUntil(lambda: run.page() is run.request)
    assert not run.next.isEnabled()
    run.request.write_to(tmp_path / "request")
    assert (tmp_path / "request").read_bytes() == b"valise request of Adviser"
    run.next.click()
    page = front.content
    assert isinstance(page, EnrolPage)
    assert nameless(page) == []
    answer = tmp_path / "answer"
    answer.write_bytes(b"something else")
    page.set_answer(answer)
    page.entry.field().setText(GOOD)
    page.button.click()
    qtbot.waitUntil(page.notice.isVisible)
    assert "answer to a request" in page.notice.happened.plain()
    answer.write_bytes(b"valise enrolment")
    page.entry.field().setText(GOOD)
    with qtbot.waitSignal(front.opened):
        page.button.click()
    assert all(not any(one) for one in gate.seen_passphrases)
    front.runner.close()


def test_every_control_of_every_page_has_a_name(keep: Keep, tmp_path: Path, qtbot: Any) -> None:
    front = keep(Front(FakeGate(tmp_path, exists=False), "", lambda _door: None))
    run = front.content
    assert nameless(front) == []
    for page in (run.delegation, run.passphrase, run.card, run.begin, run.request):
        assert page.accessibleName()
        assert nameless(page) == []
    assert nameless(keep(Front(FakeGate(tmp_path)))) == []


def test_tab_reaches_everything_on_the_first_page(keep: Keep, tmp_path: Path, qtbot: Any) -> None:
    front = keep(Front(FakeGate(tmp_path, exists=False)))
    run = front.content
    wanted = {run.delegation.code, run.delegation.name, run.delegation.officer, run.delegation.role}
    reached = set()
    here = run.delegation.code
    for _ in range(400):
        here = here.nextInFocusChain()
        if here.isVisible() and here.focusPolicy() & Qt.FocusPolicy.TabFocus:
            reached.add(here)
    assert wanted <= reached
    assert run.delegation.public in reached
    assert all(isinstance(one, QLineEdit) for one in wanted)


def test_the_fake_gate_is_a_gate() -> None:
    import inspect

    from valise.desk import door as contract

    for fake, real in ((FakeGate, contract.Gate), (FakeDoor, contract.Door)):
        for name, method in inspect.getmembers(real, inspect.isfunction):
            if not name.startswith("_"):
                wanted = list(inspect.signature(method).parameters)
                assert list(inspect.signature(getattr(fake, name)).parameters) == wanted, name
    parts = {"contacts": contract.Contacts, "rooms": contract.Rooms, "texts": contract.Texts,
             "messages": contract.Messages, "exchange": contract.Exchange, "relays": contract.Relays,
             "courier": contract.Courier, "settings": contract.Settings}  # fmt: skip
    door = FakeDoor()
    for part, real in parts.items():
        for name, method in inspect.getmembers(real, inspect.isfunction):
            if not name.startswith("_"):
                wanted = list(inspect.signature(method).parameters)[1:]
                assert list(inspect.signature(getattr(getattr(door, part), name)).parameters) == wanted, (part, name)
