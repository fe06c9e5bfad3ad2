"""A newcomer founds a delegation, locks, unlocks, and admits a second laptop: real gate, real vault, keys alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import CTRL, SHIFT, press, type_words
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from tests.world import PASSPHRASE

from valise import demo
from valise.desk.gate import KEY_FILE, Gate
from valise.protocol.card import read_card
from valise.system import keeper
from valise.ui import app as application
from valise.ui.app import Application
from valise.ui.first import pages
from valise.ui.first.enrol import EnrolPage
from valise.ui.first.unlock import UnlockPage
from valise.ui.first.wizard import FirstRun
from valise.ui.security import laptops
from valise.ui.security.steps import StepsSection
from valise.ui.widgets import choosing

K = Qt.Key
WORDS = "seven quiet lighthouses mend nets"


@pytest.fixture
def start(worn: Any, qtbot: Any) -> Iterator[Callable[..., Application]]:
    """The application over a gate, shown and in front; closed at the end."""
    held: list[Application] = []

    def begin(gate: Gate, fill: Any = None) -> Application:
        made = Application(gate, "", fill)
        held.append(made)
        made.show()
        qtbot.waitUntil(lambda: made.shown() is not None and made.shown().isActiveWindow())
        return made

    yield begin
    for one in held:
        shown = one.shown()
        if shown is not None:
            shown.close()
            shown.deleteLater()
        one.deleteLater()


def found(app: Application, qtbot: Any) -> None:
    """The four pages with keys alone."""
    run = app.front.content
    assert isinstance(run, FirstRun) and run.delegation.code.hasFocus()
    for words in ("xa", "Aurelia", "Ines Moreau", "Delegate"):
        type_words(words)
        press(K.Key_Tab)
    assert run.delegation.code.text() == "XA"
    press(K.Key_Space)  # the name may be shown on the unlock page
    assert run.delegation.public.isChecked()
    press(K.Key_Tab, SHIFT)
    press(K.Key_Return)  # Enter in the last field goes on: what is typed next must not land in it
    assert run.page() is run.passphrase
    for _ in range(2):
        type_words(WORDS)
        press(K.Key_Return)
    qtbot.waitUntil(lambda: run.page() is run.card)


def opened(app: Application, qtbot: Any) -> Any:
    qtbot.waitUntil(lambda: app.window is not None and app.window.isVisible())
    window = app.window
    assert window is not None
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.waitUntil(lambda: window.runner.idle)
    return window


def test_a_delegation_is_founded_locked_and_opened_again(
    start: Callable[..., Application], gate_at: Callable[[str], Gate], tmp_path: Path, qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    saved = tmp_path / "XA.valise-card"
    monkeypatch.setattr(pages, "pick_place", lambda _parent, _title, _name, slot: slot(saved))
    gate = gate_at("XA")
    app = start(gate)
    found(app, qtbot)
    run = app.front.content
    assert QApplication.focusWidget() is run.card.save
    press(K.Key_Space)
    card = read_card(saved.read_bytes())
    assert card.code == "XA" and card.name == "Aurelia"
    assert (gate.folder / KEY_FILE).exists()
    for _ in range(2):
        while QApplication.focusWidget() is not run.next:
            press(K.Key_Tab)
        press(K.Key_Return)
    window = opened(app, qtbot)
    assert window.sidebar.isVisible() and window.door.me().officer == "Ines Moreau"
    # told what to do now, and led there
    steps = window.made("security").section()
    assert isinstance(steps, StepsSection) and steps.isVisible()
    qtbot.waitUntil(lambda: list(steps.rows) == ["key", "vault", "root", "backup"])
    assert {row.state.plain() for row in steps.rows.values()} == {"Not done yet."}
    qtbot.waitUntil(steps.rows["key"].act.hasFocus)
    press(K.Key_Return)
    held = window.made("security").section("laptops")
    qtbot.waitUntil(held.root.copy.hasFocus)
    held.root.copy_to(tmp_path / "stick.key")
    held.root.take_away()
    window.go("security", "steps")
    qtbot.waitUntil(lambda: steps.rows["key"].state.plain() == "Done.")
    steps.later.click()
    assert window.made("overview").isVisible()
    # a draft is being written when the lock comes by its key
    press(K.Key_5, CTRL)
    messages = window.made("messages")
    messages._go(window.door.rooms.all()[0].id, "")
    messages.talk.composer.focus()
    type_words("Instructions")
    messages.talk.composer.body.setFocus()
    type_words("Half a sentence to our own")
    with qtbot.waitSignal(app.ended) as heard:
        press(K.Key_L, CTRL)
    assert heard.args == ["asked"]

    app = start(gate_at("XA"))  # the process that follows
    page = app.front.content
    assert isinstance(page, UnlockPage)
    assert "Aurelia" in page.name.plain()
    type_words("not the passphrase at all")
    press(K.Key_Return)
    qtbot.waitUntil(lambda: "not the passphrase" in page.line.plain())
    qtbot.waitUntil(page.entry.isEnabled)
    type_words(WORDS)
    press(K.Key_Return)
    window = opened(app, qtbot)
    press(K.Key_5, CTRL)
    messages = window.made("messages")
    messages._go(window.door.rooms.all()[0].id, "")
    assert messages.talk.composer.subject.text() == "Instructions"
    assert messages.talk.composer.body.toPlainText() == "Half a sentence to our own"


def test_a_newcomer_looks_around_in_invented_talks(
    start: Callable[..., Application], gate_at: Callable[[str], Gate], qtbot: Any
) -> None:
    app = start(gate_at("XA"), demo.fill_sample)
    found(app, qtbot)
    run = app.front.content
    press(K.Key_Tab)
    press(K.Key_Return)
    assert run.page() is run.begin and QApplication.focusWidget() is run.begin.empty
    press(K.Key_Down)
    assert run.begin.sample.isChecked()
    while QApplication.focusWidget() is not run.next:
        press(K.Key_Tab)
    press(K.Key_Return)
    window = opened(app, qtbot)
    press(K.Key_2, CTRL)
    texts = window.made("texts")
    assert texts.model.rowCount() > 20 and "points of contact" in texts.headline.title.plain()


def test_locking_by_key_ends_in_a_fresh_process_over_a_closed_vault(
    worn: Any, gate_at: Callable[[str], Gate], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate_at("XA").create(
        code="XA", name="Aurelia", officer="Officer", role="Delegate", passphrase=bytearray(PASSPHRASE)
    ).close()
    show = Application.show

    def by_key(self: Application) -> None:
        if self.window is None or not self.window.isActiveWindow():
            if self.window is not None:
                self.window.activateWindow()
            QTimer.singleShot(5, self, lambda: by_key(self))
        else:
            QTest.keyClick(self.window, K.Key_L, CTRL)

    def showing(self: Application) -> None:
        show(self)
        QTimer.singleShot(0, self, lambda: by_key(self))

    monkeypatch.setattr(Application, "show", showing)
    given = bytearray(PASSPHRASE)
    code = application.run(gate_at("XA"), ["valise"], passphrase=given)
    assert keeper.reason_of(code) == "asked" and not any(given)
    gate_at("XA").unlock(bytearray(PASSPHRASE)).close()  # nobody holds it: it was closed


def test_a_second_laptop_joins(
    start: Callable[..., Application], gate_at: Callable[[str], Gate], tmp_path: Path, qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    request, answer = tmp_path / "request", tmp_path / "answer"
    monkeypatch.setattr(pages, "pick_place", lambda _parent, _title, _name, slot: slot(request))
    monkeypatch.setattr(laptops, "pick_place", lambda _parent, _title, _name, slot: slot(answer))
    monkeypatch.setattr(choosing, "pick_file", lambda _parent, _title, _kinds, slot: slot(answer))

    second = start(gate_at("XA-2"))
    run = second.front.content
    run.delegation.join.click()
    run.delegation.officer.setFocus()
    type_words("Second officer")
    press(K.Key_Tab)
    type_words("Adviser")
    run.next.click()
    for _ in range(2):
        type_words(WORDS)
        press(K.Key_Return)
    qtbot.waitUntil(lambda: run.page() is run.request)
    assert run.request.code.isVisible()
    code = run.request.code.code.plain()
    run.request.save.click()
    assert request.exists()
    run.next.click()
    page = second.front.content
    assert isinstance(page, EnrolPage)
    qtbot.waitUntil(page.code.isVisible)
    assert page.code.code.plain() == code and not page.look.isVisible()
    page.code.hide()  # as after another start: the request is in the vault
    page.look.show()
    type_at = page.entry.field()
    type_at.setText(WORDS)
    page.look.click()
    qtbot.waitUntil(page.code.isVisible)
    assert page.code.code.plain() == code and page.entry.empty()

    first_gate = gate_at("XA")
    first_gate.create(
        code="XA", name="Aurelia", officer="Ines Moreau", role="Delegate", passphrase=bytearray(PASSPHRASE)
    ).close()
    first = start(gate_at("XA"))
    type_words(PASSPHRASE.decode())
    press(K.Key_Return)
    window = opened(first, qtbot)
    window.show_screen("security")
    screen = window.made("security")
    screen.open_ref("laptops")
    section = screen.section("laptops")
    assert "still lies beside the vault" in section.root.where.plain()
    section.admit.click()
    box = section.dialog
    box.request.set_request(request)
    assert box.request.code.plain() == code and len(code.split()) == 5
    box.request.same.click()
    box.form.rights["pen"].click()
    box.go.click()
    ceremony = section.dialog
    ceremony.set_key(first_gate.folder / KEY_FILE)
    ceremony.entry.field().setText("not this one, surely")
    ceremony.go.click()
    qtbot.waitUntil(lambda: ceremony.notice.isVisible() and "passphrase" in ceremony.notice.happened.plain())
    ceremony.entry.field().setText(PASSPHRASE.decode())
    ceremony.go.click()
    qtbot.waitUntil(lambda: ceremony.steps.currentIndex() == 1)
    ceremony.sign.click()
    qtbot.waitUntil(lambda: ceremony.steps.currentIndex() == 2)
    assert not window.door.laptops.root().open
    ceremony.cancel.click()
    qtbot.waitUntil(answer.exists)
    assert window.door.contacts.one(window.door.me().delegation).devices[1].officer == "Second officer"

    second.front.activateWindow()
    qtbot.waitUntil(second.front.isActiveWindow)
    page.file.choose.click()
    assert page.entry.hasFocus() or page.entry.field().hasFocus()
    type_words(WORDS)
    press(K.Key_Return)
    joined = opened(second, qtbot)
    me = joined.door.me()
    assert (me.code, me.officer, set(me.rights)) == ("XA", "Second officer", {"observe", "speak", "amend", "pen"})
