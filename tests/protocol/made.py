"""Small identities and kinds for the tests of the protocol, made once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from valise.domain.errors import ValiseError
from valise.domain.kinds import Fields, Kind, Text, Whole
from valise.protocol import identity as i
from valise.protocol.olm import OlmAccount

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
NOW = 1_760_000_000_000
YEAR = 365 * 24 * 3600 * 1000

NOTE = Kind("probe.note", Fields({"words": Text(2000), "size": Whole()}), "speak", "record")
SEAL = Kind("probe.seal", Fields({"words": Text(2000)}), "commit", "record", composite=True)
CHAT = Kind("probe.chat", Fields({"words": Text(2000)}), "speak", "chat")
EITHER = Kind("probe.either", Fields({"words": Text(2000)}), "speak", "either")
KINDS = {one.name: one for one in (NOTE, SEAL, CHAT, EITHER)}


def vectors(name: str) -> Any:
    return json.loads((VECTORS / name).read_text("ascii"))


@cache
def root() -> i.Root:
    return i.Root(bytes(range(64)))


@cache
def other_root() -> i.Root:
    return i.Root(bytes(range(64, 128)))


@cache
def _secret(number: int) -> i.DeviceSecret:
    return i.DeviceSecret(
        ed25519_seed=bytes([number]) * 32,
        composite_seed=bytes([number, 1]) * 32,
        account=OlmAccount.new(),
        prekey_seed=bytes([number, 2]) * 16,
        mailbox=bytes([number]) * 16,
    )


@cache
def _request(number: int) -> i.Request:
    return i.make_request(secret(number), f"Officer {number}", "Adviser", NOW)


@cache
def _certificate(number: int, rights: tuple[str, ...]) -> i.Certificate:
    return i.make_certificate(
        root(), request(number), rights=rights, not_before=NOW, not_after=NOW + YEAR, number=number
    )


# The cached ones take every argument, so that a default and the same value given are one object.
def secret(number: int = 1) -> i.DeviceSecret:
    return _secret(number)


def request(number: int = 1) -> i.Request:
    return _request(number)


def certificate(number: int = 1, rights: tuple[str, ...] = ("amend", "commit", "enrol", "speak")) -> i.Certificate:
    return _certificate(number, rights)


def on_card(number: int = 1, revoked_at: int = 0) -> i.CardDevice:
    asked = request(number)
    return i.CardDevice(certificate(number), None if revoked_at else asked.prekeys, asked.mailbox, revoked_at)


@cache
def card() -> i.Card:
    return i.make_card(root(), code="XA", name="Aurelia", devices=[on_card(1)], number=1, prev="", issued_at=NOW)


def refused(act: Callable[[], object], prefix: str = "") -> str:
    """The code with which `act` fails; fails the test when it does not, or fails in another way."""
    try:
        act()
    except ValiseError as error:
        assert error.code.startswith(prefix), error.code
        return error.code
    pytest.fail("accepted")


def flips(data: bytes, stride: int = 1, bits: int = 8) -> Iterator[bytes]:
    """`data` with one bit changed: every `stride`th byte, `bits` = 8 every bit of it, 1 one of them in turn."""
    for place in range(0, len(data), stride):
        for bit in range(8) if bits == 8 else ((place // stride) % 8,):
            spoilt = bytearray(data)
            spoilt[place] ^= 1 << bit
            yield bytes(spoilt)


def all_refused(variants: Iterator[bytes], act: Callable[[bytes], object]) -> int:
    """Every variant is refused with one of our errors. Returns how many there were."""
    count = 0
    for one in variants:
        count += 1
        try:
            act(one)
        except ValiseError:
            continue
        pytest.fail(f"variant {count} of {len(one)} bytes was accepted")
    assert count
    return count
