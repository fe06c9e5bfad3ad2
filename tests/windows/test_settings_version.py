"""The version that runs, and a release file a person opens, in the window. Nothing connects."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from walk import nameless

from valise import VERSION
from valise.desk import release as desk
from valise.domain.release import Package, Release
from valise.protocol import release, signing
from valise.ui.guide import places
from valise.ui.settings import SettingsScreen
from valise.ui.settings.newer import ReleaseDialog
from valise.ui.settings.version import VersionCard
from valise.ui.window import MainWindow

KEY = signing.CompositeKey(bytes(range(64)))
CONTENT = b"a package\n" * 99
NAME = "valise_0.2.0_amd64.deb"


def sealed(version: str = "0.2.0", key: signing.CompositeKey = KEY) -> bytes:
    package = Package(NAME, len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    return release.sealed(Release(version, "2026-12-01", (package,), (("en", "What is <b>new</b>."), ("fr", "Du neuf."))), key)


@pytest.fixture
def card(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> VersionCard:
    def refused(*_: object) -> None:
        raise AssertionError("something connects")

    monkeypatch.setattr(desk, "publisher", lambda: desk.Publisher(KEY.public, False))
    monkeypatch.setattr(socket.socket, "connect", refused)
    window.show_screen("settings", focus=True)
    made = window.made("settings")
    assert isinstance(made, SettingsScreen)
    return made.version


def opened(card: VersionCard, qtbot: Any, path: Path, data: bytes) -> ReleaseDialog:
    path.write_bytes(data)
    card.look(path)
    qtbot.waitUntil(lambda: card.dialog is not None)
    assert card.dialog is not None
    return card.dialog


def words(dialog: ReleaseDialog) -> str:
    return dialog.result.words.plain()


def test_the_settings_say_the_version_and_whose_releases_are_believed(card: VersionCard) -> None:
    assert f"Valise {VERSION} of 22 November 2026." in card.version.plain()
    assert "".join(card.key.plain().split()) == release.key_name(KEY.public)


def test_a_demonstration_key_says_that_it_is_one(window: MainWindow) -> None:
    """As the sources hold it: until a publisher makes a key of its own."""
    window.show_screen("settings", focus=True)
    made = window.made("settings")
    assert isinstance(made, SettingsScreen)
    said = [one.text() for one in made.version.findChildren(type(made.version.version))]
    assert any("demonstration key" in one for one in said) is desk.publisher().demonstration


def test_hygiene_leads_to_the_version(card: VersionCard, window: MainWindow) -> None:
    window.go("settings", "version")
    assert card.check.hasFocus()


def test_a_release_and_its_package_pass(card: VersionCard, qtbot: Any, tmp_path: Path) -> None:
    dialog = opened(card, qtbot, tmp_path / "valise-0.2.0.release", sealed())
    assert "Valise 0.2.0 of 1 December" in dialog.title.plain() and "valise-0.2.0.release" in dialog.file.plain()
    assert "signature holds" in dialog.holds.words.plain() and VERSION in dialog.stands.words.plain()
    assert [one.plain() for one in dialog.packages] == [NAME]
    assert dialog.notes.plain() == "What is <b>new</b>." and dialog.notes.textFormat() == Qt.TextFormat.PlainText
    assert nameless(dialog) == [] and "Not checked yet" in words(dialog)
    assert places.of_widget(dialog) == "42-settings"
    (tmp_path / "renamed.deb").write_bytes(CONTENT)
    dialog.look(tmp_path / "renamed.deb")
    assert not dialog.compare.isEnabled()
    qtbot.waitUntil(dialog.compare.isEnabled)
    assert "exactly the one released" in words(dialog) and NAME in words(dialog) and dialog.notice.isHidden()
    qtbot.waitUntil(dialog.compare.hasFocus)
    assert dialog.compare.accessibleDescription() == words(dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (NAME, CONTENT[:-1] + b"!", "changed on its way"),
        (NAME, CONTENT + b"!", "changed on its way"),
        ("other.deb", b"?", "does not belong"),
    ],
)
def test_a_package_that_is_another_does_not_pass(
    card: VersionCard, qtbot: Any, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    dialog = opened(card, qtbot, tmp_path / "a.release", sealed())
    (tmp_path / name).write_bytes(content)
    dialog.look(tmp_path / name)
    qtbot.waitUntil(dialog.notice.isVisible)
    assert "did not pass" in words(dialog) and said in dialog.notice.happened.plain() and dialog.compare.isEnabled()
    (tmp_path / NAME).write_bytes(CONTENT)
    dialog.look(tmp_path / NAME)
    assert dialog.notice.isHidden() and "Not checked yet" in words(dialog), "an earlier answer is not read as one about this package"
    qtbot.waitUntil(lambda: "exactly the one released" in words(dialog))


@pytest.mark.parametrize(("version", "said"), [(VERSION, "It is the version that runs."), ("0.0.9", "It is older than")])
def test_an_older_version_is_called_older(card: VersionCard, qtbot: Any, tmp_path: Path, version: str, said: str) -> None:
    dialog = opened(card, qtbot, tmp_path / "a.release", sealed(version))
    assert dialog.stands.words.plain().startswith(said)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (sealed(key=signing.CompositeKey(bytes(range(1, 65)))), "signed by somebody else"),
        (sealed().replace(b"0.2.0", b"0.3.0", 1), "does not hold"),
        (b"{}", "not a release file"),
    ],
)
def test_what_the_publisher_did_not_sign_opens_nothing(card: VersionCard, qtbot: Any, tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "b.release").write_bytes(data)
    card.look(tmp_path / "b.release")
    qtbot.waitUntil(card.notice.isVisible)
    assert said in card.notice.happened.plain() and card.dialog is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files there")
def test_what_is_no_file_is_not_waited_for(card: VersionCard, qtbot: Any, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    card.look(tmp_path / "pipe")
    qtbot.waitUntil(card.notice.isVisible)
    assert "cannot be read" in card.notice.happened.plain()
    dialog = opened(card, qtbot, tmp_path / "a.release", sealed())
    assert card.notice.isHidden()
    dialog.look(tmp_path / "pipe")
    qtbot.waitUntil(dialog.notice.isVisible)
    assert "cannot be read" in dialog.notice.happened.plain()
