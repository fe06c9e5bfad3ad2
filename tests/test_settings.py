"""Every setting is declared once and can be written, read back and refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from valise import settings
from valise.domain.errors import NotAllowed, Refused
from valise.settings import GROUPS, SETTINGS, Setting


def edges(one: Setting) -> list[settings.Value]:
    match one.type:
        case "switch":
            return [True, False]
        case "whole":
            return [one.least, one.most, one.default]
        case "choice":
            return list(one.choices)
        case "zones":
            return ["", "Asia/Singapore", "Africa/Nairobi, America/New_York"]
        case "text":
            return ["", "http://proxy.example:3128", "http://desk:se%40cret@10.0.0.1:8080", "http://[::1]:1/"]
    return ["", str(Path("/exchange folder/é").absolute())]


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: one.key)
def test_declared_in_full(one: Setting) -> None:
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)?", one.key)
    assert one.validate(one.default) == one.default
    assert one.group in GROUPS
    assert one.label and one.help.endswith(".")
    assert len(one.labels) == len(one.choices)
    assert (one.type == "choice") == bool(one.choices)
    assert (one.type == "whole") == bool(one.most and one.unit)
    for value in edges(one):
        read = one.parse(one.write(value))
        assert read == value
        assert type(read) is type(value)


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: one.key)
@pytest.mark.parametrize("value", [None, 10**9, -1, 1.5, b"", "\0", "relative/path", "purple", [], "on" * 3000, 2**70])
def test_what_does_not_fit_is_refused(one: Setting, value: object) -> None:
    with pytest.raises(Refused) as caught:
        one.validate(value)
    assert caught.value.code == "setting.value"


@pytest.mark.parametrize("text", ["", " ", "five", "-1", "0", "61", "5.0", "٥", "1e1", "9" * 5000])
def test_a_number_is_read_strictly(text: str) -> None:
    with pytest.raises(Refused):
        settings.setting("lock.idle_minutes").parse(text)


def test_a_switch_is_no_number_and_a_number_no_switch() -> None:
    with pytest.raises(Refused):
        settings.setting("lock.idle_minutes").validate(True)
    with pytest.raises(Refused):
        settings.setting("unlock.show_name").validate(1)
    assert settings.setting("unlock.show_name").parse(" ON ") is True


def test_stored_values_and_defaults() -> None:
    stored = settings.set_in({}, "lock.idle_minutes", 7)
    assert settings.get(stored, "lock.idle_minutes") == 7
    assert settings.get({}, "lock.idle_minutes") == 5
    assert settings.get({"lock.idle_minutes": "garbage"}, "lock.idle_minutes") == 5
    assert settings.get({}, "exchange.courier_days") == 30
    assert settings.get({}, "exchange.online_hours") == 72
    with pytest.raises(Refused) as caught:
        settings.get({}, "no.such")
    assert caught.value.code == "setting.unknown"


def test_keys_are_unique_and_few_are_kept_in_the_clear() -> None:
    assert len({one.key for one in SETTINGS}) == len(SETTINGS)
    assert settings.before_unlock("theme").key == "theme"
    with pytest.raises(NotAllowed):
        settings.before_unlock("exchange.folder")


def test_time_zones_are_checked_when_they_are_set() -> None:
    one = settings.setting("clock.zones")
    assert one.validate(" Asia/Tokyo ,Europe/Zurich, Asia/Tokyo") == "Asia/Tokyo, Europe/Zurich"
    assert one.validate("") == ""
    for bad in ("Nowhere/City", "Asia/Tokyo; Europe/Zurich", "x" * 100, "Asia/Tokyo," * 3 + ",".join(f"Etc/GMT+{n}" for n in range(1, 8)), 5):
        with pytest.raises(Refused):
            one.validate(bad)
    assert one.parse("Gone/Away") == "Gone/Away"  # stored on another computer
    assert one.parse(one.write(one.default)) == one.default


PROXIES = [
    "proxy.example:3128", "https://proxy.example:3128", "http://proxy.example", "http://proxy.example:0", "http://proxy.example:65536",
    "http://proxy.example:3128/path", "http://:secret@proxy.example:3128", "http://a@b@proxy.example:3128", "http://proxy example:3128",
    "http://proxy.example:3128\n", "http://pröxy.example:3128", f"http://desk:{settings.MASK}@proxy.example:3128",
    "http://-proxy.example:3128", "http://" + "a" * 300 + ":3128", "socks5://proxy.example:1080", "http://desk:@proxy.example:3128",
]  # fmt: skip


@pytest.mark.parametrize("value", PROXIES)
def test_what_is_no_proxy_is_refused(value: str) -> None:
    with pytest.raises(Refused, match=r"setting\.value") as caught:
        settings.setting("exchange.proxy").validate(value)
    assert value not in str(caught.value)


def test_the_password_of_a_proxy_is_shown_to_nobody_and_goes_to_no_other_proxy() -> None:
    stored = "http://desk:se%40cret@proxy.example:3128"
    shown = settings.masked(stored)
    assert shown == f"http://desk:{settings.MASK}@proxy.example:3128"
    assert settings.unmasked(shown, stored) == stored
    for other in (shown.replace("proxy.example", "other.example"), shown.replace("desk", "office"), shown.replace("3128", "3129")):
        assert not settings.is_proxy(settings.unmasked(other, stored))
    assert settings.unmasked("http://proxy.example:1", stored) == "http://proxy.example:1"
    for plain in ("", "http://proxy.example:3128", "http://desk@proxy.example:3128", "no proxy at all"):
        assert settings.masked(plain) == plain
