"""The unlock page's other ways in, a forgotten passphrase, and how hard a new one is to guess."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_door import GOOD, FakeGate
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from walk import name_of, nameless

from valise.domain.errors import Unavailable
from valise.protocol import shares as sharing
from valise.ui.first.front import Front
from valise.ui.first.recover import RecoverPage
from valise.ui.first.unlock import UnlockPage
from valise.ui.widgets.passphrase import PassphraseEntry
from valise.ui.widgets.strength import LEAST, StrengthMeter, advice, judge

Keep = Callable[[QWidget], Any]
NEW = "another sentence nobody says"


@pytest.fixture(scope="module")
def shares() -> tuple[str, ...]:
    return sharing.split(bytes(range(32)), 2, 3)


def front(keep: Keep, gate: FakeGate, *ways: str) -> tuple[Front, UnlockPage]:
    gate.ways = frozenset(ways)
    made = keep(Front(gate))
    assert isinstance(made.content, UnlockPage)
    return made, made.content


def recovering(keep: Keep, gate: FakeGate, shares: tuple[str, ...]) -> tuple[Front, RecoverPage]:
    gate.shares = shares
    made, page = front(keep, gate, "passphrase", "recovery")
    page.others["recovery"].click()
    assert isinstance(made.content, RecoverPage)
    return made, made.content


def enter(page: RecoverPage, *shares: str) -> None:
    for share in shares:
        for word in share.split():
            QTest.keyClicks(page.shares.entry.field, word[:4])
            QTest.keyClick(page.shares.entry.field, Qt.Key.Key_Space)


@pytest.mark.parametrize(
    ("ways", "keyring", "shares", "words"),
    [
        (("passphrase",), False, False, ""), (("passphrase", "keyring"), True, False, ""),
        (("passphrase", "recovery"), False, True, ""), (("passphrase", "keyring", "recovery"), True, True, ""),
        (("passphrase+keyring", "recovery"), False, True, "open it together"), ((), False, False, ""),
    ],
)  # fmt: skip
def test_only_the_ways_there_are_are_shown(
    keep: Keep, gate: FakeGate, ways: tuple[str, ...], keyring: bool, shares: bool, words: str
) -> None:
    _, page = front(keep, gate, *ways)
    assert ("keyring" in page.others, "recovery" in page.others) == (keyring, shares)
    assert all(one.isVisible() for one in page.others.values())
    assert words in page.line.plain() and bool(words) == bool(page.line.plain())
    assert page.entry.field().hasFocus(), "typing is what one begins with"
    assert nameless(page) == []


def test_the_keyring_opens(keep: Keep, gate: FakeGate, qtbot: Any) -> None:
    made, page = front(keep, gate, "passphrase", "keyring")
    with qtbot.waitSignal(made.opened) as heard:
        page.others["keyring"].setFocus()
        QTest.keyClick(page.others["keyring"], Qt.Key.Key_Return)
    assert heard.args == [gate.opened] and gate.calls == ["unlock_keyring"]
    made.runner.close()


def test_a_keyring_that_is_gone_is_said_and_typing_works(keep: Keep, gate: FakeGate, qtbot: Any) -> None:
    made, page = front(keep, gate, "passphrase", "keyring")
    gate.failure = Unavailable("slot.keyring_gone")
    page.others["keyring"].click()
    assert not page.entry.isEnabled()
    qtbot.waitUntil(lambda: "no longer holds" in page.line.plain())
    assert page.entry.field().hasFocus() and page.others["keyring"].isEnabled()
    qtbot.keyClicks(page.entry.field(), GOOD)
    with qtbot.waitSignal(made.opened):
        page.button.click()
    made.runner.close()


def test_a_forgotten_passphrase_is_replaced(keep: Keep, gate: FakeGate, shares: tuple[str, ...], qtbot: Any) -> None:
    made, page = recovering(keep, gate, shares)
    assert page.shares.entry.field.hasFocus() and not page.next.isVisible() and not page.keep.isVisible()
    enter(page, shares[2], shares[0])
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.passphrase)
    assert page.shares.entry.entered() == 0, "the words are no longer in the entry"
    assert page.passphrase.once.field().hasFocus() and not page.next.isEnabled()
    qtbot.keyClicks(page.passphrase.once.field(), NEW)
    qtbot.keyClick(page.passphrase.once.field(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.passphrase.again.field().hasFocus())
    qtbot.keyClicks(page.passphrase.again.field(), NEW)
    assert page.next.isEnabled()
    with qtbot.waitSignal(made.opened) as heard:
        qtbot.keyClick(page.passphrase.again.field(), Qt.Key.Key_Return)
    assert heard.args == [gate.opened] and gate.made == {"new": NEW.encode()}
    assert not any(any(one) for one in gate.seen_passphrases)
    assert page._held == []
    made.runner.close()


def test_the_passphrase_may_stay(keep: Keep, gate: FakeGate, shares: tuple[str, ...], qtbot: Any) -> None:
    made, page = recovering(keep, gate, shares)
    enter(page, shares[0], shares[1])
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.passphrase)
    with qtbot.waitSignal(made.opened):
        page.keep.click()
    assert gate.made == {"new": None}
    made.runner.close()


def test_shares_of_another_vault_are_told_before_a_passphrase_is_asked(
    keep: Keep, gate: FakeGate, shares: tuple[str, ...], qtbot: Any
) -> None:
    _, page = recovering(keep, gate, shares)
    other = sharing.split(bytes(32), 2, 2)
    enter(page, *other)
    qtbot.waitUntil(lambda: "another set" in page.shares.entry.line.plain())
    assert page.stack.currentWidget() is page.shares and page._held == []
    assert page.shares.entry.field.isEnabled() and page.shares.entry.field.hasFocus()


def test_a_vault_that_is_busy_is_told_and_can_be_tried_again(
    keep: Keep, gate: FakeGate, shares: tuple[str, ...], qtbot: Any
) -> None:
    made, page = recovering(keep, gate, shares)
    enter(page, *shares[:2])
    qtbot.waitUntil(lambda: page.stack.currentWidget() is page.passphrase)
    gate.failure = Unavailable("vault.busy")
    page.keep.click()
    qtbot.waitUntil(lambda: page.passphrase.line.plain() != "")
    with qtbot.waitSignal(made.opened):
        page.keep.click()
    made.runner.close()


def test_back_leads_to_the_passphrase_and_forgets(keep: Keep, gate: FakeGate, shares: tuple[str, ...]) -> None:
    made, page = recovering(keep, gate, shares)
    enter(page, shares[0])
    assert nameless(page) == []
    page.back.click()
    assert isinstance(made.content, UnlockPage)
    assert made.content.entry.field().hasFocus()


def test_recovery_mirrors_and_stands_in_the_window(
    keep: Keep, gate: FakeGate, shares: tuple[str, ...], right_to_left: None, qtbot: Any
) -> None:
    made, page = recovering(keep, gate, shares)
    cells = page.shares.entry.sheet.cells

    def place(one: QWidget) -> int:
        return one.mapTo(page, one.rect().center()).x()

    qtbot.waitUntil(lambda: place(cells[0]) > place(cells[-1]))
    assert place(page.back) > page.width() / 2
    assert made.rect().contains(QRect(page.mapTo(made, QPoint(0, 0)), page.size()))


# strength


@given(st.integers(0, 100), st.integers(0, 60), st.integers(0, 4))
def test_more_is_never_judged_worse(characters: int, different: int, score: int) -> None:
    order = ["none", "short", "weak", "fair", "good"]
    now = order.index(judge(characters, different, score))
    assert order.index(judge(characters + 1, different, score)) >= now
    assert order.index(judge(characters, different + 1, score)) >= now
    assert order.index(judge(characters, different, min(4, score + 1))) >= now
    assert advice(judge(characters, different, score))[0]


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("", "none"), ("password", "short"), ("aaaaaaaaaaaaaaaaaaaaaaaa", "short"), ("x" * (LEAST - 1), "short"),
        ("password1234", "weak"), ("qwertyuiopasdf", "weak"), ("abcdefabcdefabcdef", "weak"), ("december2026", "weak"),
        ("quince ledger nobody", "good"), ("绿 山 江 月 花 鸟 风 雪 人 心 天 地", "good"), ("quince ledger nobody " * 30, "good"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_passphrase(keep: Keep, typed: str, level: str) -> None:
    entry = PassphraseEntry("Passphrase")
    meter = keep(StrengthMeter(entry))
    entry.field().setText(typed)
    assert meter.level() == level
    assert meter.accepted() == (level in ("fair", "good"))
    assert meter.words.plain() == advice(level)[0]  # type: ignore[arg-type]
    filled = {"none": 0, "short": 1, "weak": 2, "fair": 3, "good": 4}[level]
    assert name_of(meter.bars) == f"Strength: {filled} of 4", "not by colour alone"
    entry.forget()
    assert not meter.accepted()
    entry.deleteLater()


def test_names_that_stand_on_the_page_before_make_it_weaker(keep: Keep) -> None:
    entry = PassphraseEntry("Passphrase")
    about: list[str] = []
    meter = keep(StrengthMeter(entry, lambda: about))
    entry.field().setText("Gallia-Minorka")
    alone = entry.strength()
    about.append("Gallia-Minorka")
    meter.look()
    assert entry.strength(about) < alone and meter.level() == "weak"
    entry.deleteLater()


def test_bars_are_painted_in_both_directions_and_themes(keep: Keep, worn: Any) -> None:
    entry = PassphraseEntry("Passphrase")
    meter = keep(StrengthMeter(entry))
    meter.resize(300, 60)
    for theme in ("light", "dark"):
        worn.choose(theme)
        for way in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
            meter.setLayoutDirection(way)
            entry.field().setText("password1234")
            image = meter.bars.grab().toImage()
            y = image.height() // 2
            first, last = (image.pixelColor(x, y) for x in (10, image.width() - 10))
            assert first != last
            lit = first if way == Qt.LayoutDirection.LeftToRight else last
            assert lit.red() > lit.green() + 40, "the filled ones stand at the beginning"
    entry.deleteLater()


def test_the_unlock_page_loads_nothing_of_all_this(tmp_path: Path) -> None:
    """First paint: no lists of words, no shares, no keyring."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom PySide6.QtWidgets import QApplication\n"
        "app = QApplication([])\nfrom valise.bootstrap import gate\nfrom valise.ui import theme\ntheme.install(app)\n"
        "folder = Path(sys.argv[1])\n(folder / 'header.json').write_text('{\"slots\":[{\"kind\":\"recovery\"},{\"kind\":\"keyring\"}]}')\n"
        "from valise.ui.first.front import Front\nfront = Front(gate(folder))\nfront.show()\napp.processEvents()\n"
        "assert len(front.content.others) == 2\n"
        "print([n for n in ('zxcvbn', 'keyring', 'shamir_mnemonic', 'secretstorage', 'valise.ui.widgets.strength', "
        "'valise.ui.widgets.shares_entry', 'PySide6.QtPrintSupport') if n in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == "[]"
