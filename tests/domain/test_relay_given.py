"""Where an address of another delegation may lead, which word holds, and when a credential is made anew."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valise.domain import kinds
from valise.domain import relay_given as rules
from valise.domain.relay import Address, Server
from valise.domain.relay_given import Word

JWT = "aaaa.bbbb." + "c" * 86
SEED = "SU" + "A" * 56


def address(slot: str = "slotaaaa", url: str = "wss://relay.example") -> Address:
    return Address(Server((url,)), "inboxaaa", slot, JWT, SEED, 9)


def server(*hosts: str) -> Server:
    return Server(tuple(f"wss://{one}:443" for one in hosts))


PUBLIC = ["relay.example", "relay.mission.xa.example", "198.41.0.4", "[2001:500:88:200::8]", "relay.local.example"]
INSIDE = ["10.0.0.5", "172.16.9.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[fe80::1]", "[fc00::1]", "224.0.0.1",
          "relay", "printer.local", "db.internal", "db.internal.", "x.home.arpa",
          "[2002:a00:5::1]"]  # fmt: skip
HERE = [".".join("0000"), "127.0.0.1", "127.9.9.9", "[::1]", "localhost", "LOCALHOST", "[::]", "2130706433", "0x7f.1", "127.1", "x.localhost",
        "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[::ffff:10.0.0.5]"]  # fmt: skip


@pytest.mark.parametrize("host", PUBLIC)
def test_the_internet_is_where_relays_are(host: str) -> None:
    assert rules.may_connect(server(host), None)
    assert rules.may_connect(server(host), server("10.0.0.1"))


@pytest.mark.parametrize("host", INSIDE)
def test_nobody_leads_us_into_our_own_network(host: str) -> None:
    assert not rules.may_connect(server(host), None)
    assert not rules.may_connect(server("relay.example", host), server("relay.example"))
    assert rules.may_connect(server(host), server("relay.example", "192.168.7.7"))  # our own relay is in one too


@pytest.mark.parametrize("host", HERE)
def test_nobody_leads_us_to_this_computer(host: str) -> None:
    assert not rules.may_connect(server(host), None)
    assert not rules.may_connect(server(host), server("10.0.0.1", "relay.example"))
    assert rules.may_connect(server(host), Server(("ws://127.0.0.1:4222",)))


def test_what_is_disguised_counts_as_this_computer() -> None:
    assert not rules.may_connect(server("[64:ff9b::a00:5]"), server("10.0.0.1"))


def test_one_bad_place_among_good_ones_is_enough() -> None:
    assert not rules.may_connect(server("relay.example", "127.0.0.1"), server("10.0.0.1"))
    assert not rules.may_connect(server("10.0.0.1", "127.0.0.1"), server("10.0.0.1"))


def test_the_newest_word_holds_whatever_comes_first() -> None:
    words = [Word(5, 0, "a", address("slotaaaa")), Word(5, 1, "b", None), Word(4, 9, "c", address("slotcccc"))]
    assert rules.newest(words) is rules.newest(reversed(words)) is words[1]
    assert rules.newest([]) is None
    assert rules.newest([*words, Word(5, 1, "c", address("slotdddd"))]).device == "c"  # type: ignore[union-attr]


@given(st.integers(0, 10**13), st.integers(1, 10**11), st.integers(0, 10**11))
def test_it_is_renewed_in_the_last_third_and_not_before(made_at: int, term: int, later: int) -> None:
    assert rules.ending(made_at, made_at + term, made_at + later) == (3 * (term - later) < term)
    if rules.ending(made_at, made_at + term, made_at + later, 6):
        assert rules.ending(made_at, made_at + term, made_at + later)


def token(payload: object) -> str:
    return "a." + base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=") + ".c"


@pytest.mark.parametrize("jwt", ["", ".", "a.b", "a.!.c", "a.é.c", token([]), token({}), token({"sub": 7}), token({"sub": "U"}), token("x"),
                                 token({"sub": "A" + "A" * 55}), "a." + "W" * 40_000 + ".c"])  # fmt: skip
def test_a_token_that_names_nobody(jwt: str) -> None:
    assert rules.user_of(jwt) == ""


def test_a_token_names_its_user() -> None:
    assert rules.user_of(token({"sub": "U" + "A" * 55})) == "U" + "A" * 55


def test_they_stand_in_rooms_of_two_alone_and_travel_as_conversation() -> None:
    for name in rules.KINDS:
        assert [one for one in ("internal", "bilateral", "group") if rules.belongs(name, one)] == ["bilateral"]
        assert (kinds.kind(name).travels, kinds.kind(name).right) == ("chat", "commit")
    assert rules.belongs("message.send", "group")


def test_a_stored_word_that_is_no_address_is_nothing() -> None:
    assert rules.read_word(1, 0, "a", None) == Word(1, 0, "a", None)
    assert rules.read_word(1, 0, "a", {"server": {}}) is None
