"""Settings as a file: written without secrets, read with distrust, looked at before anything changes."""

from __future__ import annotations

from typing import Any

import pytest

from valise import settings, settings_file
from valise.domain.errors import Refused
from valise.settings_file import FIRST, LARGEST, given, read, write

PROXY = "http://desk:se%40cret@proxy.example:3128"


def values(**other: Any) -> dict[str, Any]:
    return {one.key: one.default for one in settings.SETTINGS} | {key.replace("__", "."): value for key, value in other.items()}


def file(*lines: str) -> bytes:
    return "\n".join((FIRST, *lines)).encode()


def test_everything_but_what_is_of_this_computer_comes_back() -> None:
    there = values(language="ar", theme="dark", lock__idle_minutes=9, notify__desktop=False, clock__zones="Asia/Singapore")
    taken = read(write(there.__getitem__), values().__getitem__)
    assert {one.setting.key: one.then for one in taken.changes} == {
        "language": "ar", "theme": "dark", "lock.idle_minutes": 9, "notify.desktop": False, "clock.zones": "Asia/Singapore",
    }  # fmt: skip
    assert taken.odd == 0 and taken.kept == len(given()) - 5


def test_no_secret_no_name_and_no_folder_is_in_the_file() -> None:
    there = values(exchange__proxy=PROXY, exchange__folder="/media/desk of the head", look__size=200)
    text = write(there.__getitem__).decode()
    assert "secret" not in text.replace("No secret is in this file", "") and "desk" not in text.replace("notify.desktop", "").replace("the desktop", "")
    assert "http://proxy.example:3128" in text and "look.size" not in text and "exchange.folder" not in text


def test_a_proxy_keeps_its_password_when_the_file_names_the_same_one() -> None:
    there = values(exchange__proxy=PROXY)
    assert read(write(there.__getitem__), there.__getitem__).changes == ()
    [change] = read(file("exchange.proxy = http://desk:other@else.example:80"), there.__getitem__).changes
    assert change.then == "http://else.example:80" and change.protects_less


@pytest.mark.parametrize(
    "data",
    [
        b"", b"\xff\xfe", b"valise-settings 2\nlanguage = fr", b"language = fr", b"PK\x03\x04", file("language = fr", "language = ar"),
        file("#" * LARGEST),
    ],
    ids=["empty", "no text", "another version", "no first line", "an archive", "twice", "too large"],
)  # fmt: skip
def test_what_is_no_file_of_settings_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        read(data, values().__getitem__)
    assert caught.value.code == "setting.file"


def test_lines_that_mean_nothing_here_change_nothing_and_are_counted() -> None:
    lines = ("lock.idle_minutes = 999", "lock.idle = 3", "theme", "exchange.folder = /tmp", "look.size = 200", "clock.zones = Moon/Base", "theme = dark")
    taken = read(file(*lines), values().__getitem__)
    assert [(one.setting.key, one.then) for one in taken.changes] == [("theme", "dark")]
    assert taken.odd == 6


@pytest.mark.parametrize(
    ("key", "now", "then", "less"),
    [
        ("lock.idle_minutes", 5, 60, True), ("lock.idle_minutes", 5, 1, False), ("clipboard.clear_seconds", 10, 120, True),
        ("capture.protect", True, False, True), ("capture.protect", False, True, False), ("unlock.show_name", False, True, True),
        ("contacts.new_laptop", "stop", "tell", True), ("contacts.new_laptop", "tell", "stop", False),
        ("exchange.online_hours", 72, 720, True), ("exchange.courier_days", 30, 180, True), ("exchange.proxy", "", "http://a.example:1", True),
        ("theme", "light", "dark", False), ("notify.desktop", True, False, False),
    ],
)  # fmt: skip
def test_what_protects_less_is_known(key: str, now: Any, then: Any, less: bool) -> None:
    assert settings.setting(key).protects_less(now, then) is less


def test_everything_that_locks_or_keeps_keys_says_what_protects_most() -> None:
    groups = {"Locking", "Keys"}
    assert [one.key for one in settings.SETTINGS if one.group in groups and one.safest is None] == []
    assert all(one.validate(one.safest) == one.safest for one in settings.SETTINGS if one.safest is not None)
    assert all(settings_file.given().count(one) == (not one.here) for one in settings.SETTINGS)
