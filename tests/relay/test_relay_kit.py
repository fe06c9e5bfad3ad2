"""The file an operator hands over: whole or refused, and nothing else in it than belongs there."""

from __future__ import annotations

from typing import Any

import pytest

from valise.carriers.relay import credentials, nkeys
from valise.carriers.relay.nkeys import Kind
from valise.domain.errors import Refused
from valise.domain.relay import Kit, Mailbox, Minting, Server, kit_body
from valise.protocol import canonical, fields, relaykit

NOW = 1_796_774_400_000


def kit() -> Kit:
    signer = nkeys.seed(Kind.ACCOUNT, bytes(range(32)))
    account = nkeys.public(nkeys.seed(Kind.ACCOUNT, bytes(range(1, 33))))
    jwt, seed, _ = credentials.scoped(account, signer, "seataaaa", NOW // 1000, NOW // 1000 + 60, lambda size: bytes(range(2, size + 2)))
    server = Server(("wss://relay.example:443", "tls://relay.example"), "", "ab" * 32)
    return Kit(Mailbox(server, "inboxaaa", "seataaaa", jwt, seed, NOW + 60_000), Minting(account, signer), "Relay of the mission")


def spoilt(**changed: Any) -> bytes:
    return fields.armour(relaykit.MAGIC, canonical.encode(kit_body(kit()) | changed))


def code_of(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        relaykit.decode(data)
    return caught.value.code


def test_it_is_read_as_it_was_written() -> None:
    data = relaykit.encode(kit())
    assert relaykit.decode(data) == kit() and data.startswith(b"VALISE-RELAY-1\n") and len(data) < 4_000
    assert relaykit.decode(data.replace(b"\n", b"\r\n")) == kit()  # as a mail program may leave it


@pytest.mark.parametrize("data", [b"", b"VALISE-RELAY-1", b"VALISE-RELAY-2\nAAAA", relaykit.encode(kit())[:-3], relaykit.encode(kit()) + b"A",
                                  relaykit.encode(kit()) + b"\n" * relaykit.LIMIT, fields.armour(relaykit.MAGIC, b"{}  "), bytes(range(150, 249))])  # fmt: skip
def test_what_is_torn_or_something_else(data: bytes) -> None:
    assert code_of(data) == "relay.kit"


@pytest.mark.parametrize("changed", [
    {"v": 2}, {"more": 1}, {"expires": -1}, {"expires": "1"}, {"label": "x" * 81}, {"label": 1}, {"account": "U" + "A" * 55},
    {"account": "A" * 55}, {"signer": "SU" + "A" * 56}, {"signer": "SA" + "A" * 55}, {"seed": "SA" + "A" * 56}, {"jwt": "a.b"}, {"inbox": "UPPER234"},
    {"seat": "two.tokens"}, {"seat": 7}, {"server": {"urls": ["wss://relay.example"], "ca": "", "pin": "ab"}}, {"server": {"urls": "wss://relay.example"}},
    {"server": {"urls": [7], "ca": "", "pin": ""}}, {"server": {"urls": ["https://relay.example"], "ca": "", "pin": ""}},
])  # fmt: skip
def test_what_does_not_belong_there(changed: dict[str, Any]) -> None:
    assert code_of(spoilt(**changed)) == "relay.address"


def test_it_says_nothing_of_itself_in_a_log() -> None:
    error = ""
    try:
        relaykit.decode(spoilt(seed="SA" + "A" * 56))
    except Refused as refused:
        error = str(refused)
    assert "SA" not in error and "relay.example" not in error
