"""The pass in a card that is handed over, and the file that takes credentials back: every byte of both."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from valise.domain.relay import Address, Server, address_body
from valise.protocol import canonical, cbor, fields, relaykit
from valise.protocol import card as cards
from valise.protocol.card import Card, make_card, read_card
from valise.protocol.relaypass import make_pass, read_pass

from .made import NOW, all_refused, card, certificate, flips, on_card, other_root, refused, root, secret

DOMAIN = "valise/v1/pass"


def address() -> Address:
    return Address(Server(("wss://relay.example",)), "inboxaaa", "slotaaaa", "aaaa.bbbb." + "c" * 86, "SU" + "A" * 56, NOW + 9)


@cache
def handed() -> Card:
    return card().with_pass(make_pass(address(), secret().key, NOW))


def raw_with(**changed: Any) -> bytes:
    assert handed().handed is not None
    return canonical.encode(canonical.decode(handed().handed.raw) | changed)  # type: ignore[union-attr]


def file_with(raw: bytes, sig: bytes | None = None, **parts: Any) -> bytes:
    sig = secret().key.sign(canonical.digest(DOMAIN, raw)) if sig is None else sig
    return fields.armour(cards.MAGIC, cbor.encode(cbor.decode(card().data) | {"pass": [raw, sig]} | parts))


def test_a_pass_is_in_the_file_and_nowhere_else() -> None:
    made = handed()
    assert made.handed is not None and made.handed.address == address() and made.handed.at == NOW
    assert read_card(made.file) == made != card()
    assert made.data == card().data and read_card(made.data) == card()
    assert made.file != card().file and made.hash == card().hash
    held = cbor.decode(card().data) | {"pass": [made.handed.raw, made.handed.sig]}
    assert refused(lambda: read_card(cbor.encode(held))) == "card.malformed"  # as it would travel in a frame
    assert cards.refresh(made, secret().prekeys(NOW)).handed == made.handed


def test_bits_of_a_pass() -> None:
    made = handed().handed
    assert made is not None
    known = (certificate(),)
    assert read_pass(made.raw, made.sig, known) == made
    assert all_refused(flips(made.raw), lambda one: read_pass(one, made.sig, known)) > 2000
    all_refused(flips(made.sig), lambda one: read_pass(made.raw, one, known))
    for length in (*range(0, len(made.raw), 7), len(made.raw) - 1):
        assert refused(lambda length=length: read_pass(made.raw[:length], made.sig, known), "card.")


def test_bits_of_a_file_with_a_pass() -> None:
    data = fields.unarmour(cards.MAGIC, handed().file, "card")
    start = data.index(b"dpass")  # the parts stand in order of their names' lengths
    spoilt = (fields.armour(cards.MAGIC, one) for place, one in enumerate(flips(data, 1, 1)) if start <= place < start + 900)
    assert all_refused(spoilt, read_card) > 500


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"v": 2}, "card.version"),
        ({"more": 1}, "card.malformed"),
        ({"device": "A" * 43}, "card.malformed"),
        ({"device": 7}, "card.malformed"),
        ({"at": -1}, "card.malformed"),
        ({"at": "1"}, "card.malformed"),
        ({"address": {}}, "card.malformed"),
        ({"address": 7}, "card.malformed"),
        ({"address": address_body(address()) | {"seed": "SA" + "A" * 56}}, "card.malformed"),
        ({"address": address_body(address()) | {"expires": 0}}, "card.malformed"),
        ({"address": address_body(address()) | {"slot": "a.b.c.d.e"}}, "card.malformed"),
    ],
)
def test_what_a_laptop_must_not_sign(changed: dict[str, Any], code: str) -> None:
    assert refused(lambda: read_card(file_with(raw_with(**changed)))) == code


@pytest.mark.parametrize("parts", [[], [b""], [b"", b"", b""], ["", b""], 7, {"raw": b""}])
def test_parts_that_are_no_pass(parts: Any) -> None:
    assert refused(lambda: read_card(file_with(b"", b"", **{"pass": parts}))) == "card.malformed"


def test_a_pass_of_another_laptop_or_another_use_of_its_key() -> None:
    raw = raw_with()
    assert refused(lambda: read_card(file_with(raw, secret(2).key.sign(canonical.digest(DOMAIN, raw))))) == "card.signature"
    assert refused(lambda: read_card(file_with(raw, secret().key.sign(canonical.digest("valise/v1/prekeys", raw))))) == "card.signature"
    stranger = make_pass(address(), secret(3).key, NOW)
    assert refused(lambda: read_card(file_with(stranger.raw, stranger.sig))) == "card.malformed"


def test_a_laptop_that_was_revoked_or_may_not_commit_gives_none() -> None:
    given = make_pass(address(), secret(2).key, NOW)
    first = card()
    for devices in ([on_card(1), on_card(2, revoked_at=NOW)], [on_card(1), _observer()]):
        made = make_card(root(), code="XA", name="Aurelia", devices=devices, number=2, prev=first.hash, issued_at=NOW)
        assert refused(lambda made=made: made.with_pass(given)) == "card.malformed"
    whole = make_card(root(), code="XA", name="Aurelia", devices=[on_card(1), on_card(2)], number=2, prev=first.hash, issued_at=NOW)
    assert whole.with_pass(given).handed == given
    assert other_root().delegation != whole.delegation


def _observer() -> cards.CardDevice:
    two = on_card(2)
    return cards.CardDevice(certificate(2, ("observe",)), two.prekeys, two.mailbox)


# the file for the operator

ACCOUNT, USERS = "A" + "B" * 55, tuple("U" + letter * 55 for letter in "ABC")


def revocation(**changed: Any) -> bytes:
    held = {"v": 1, "account": ACCOUNT, "users": list(USERS), "at": NOW}
    return fields.armour(relaykit.REVOKE, canonical.encode(held | changed))


def test_what_was_taken_back_goes_to_the_operator() -> None:
    data = relaykit.encode_revocation(ACCOUNT, [*reversed(USERS), USERS[0]], NOW)
    assert data == revocation() and data.startswith(b"VALISE-REVOKE-1\n")
    assert relaykit.decode_revocation(data) == relaykit.Revocation(ACCOUNT, USERS, NOW)
    whole = relaykit.encode_revocation(ACCOUNT, [f"U{'A' * 52}{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[n // 32 % 32]}"
                                                 f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[n % 32]}A" for n in range(500)], NOW)
    assert len(relaykit.decode_revocation(whole).users) == 500 and len(whole) < relaykit.LIMIT


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", revocation()[:-9], revocation() + b"=", b"x" * (relaykit.LIMIT * 3), card().file, revocation(v=2), revocation(more=1),
     revocation(account="U" + "B" * 55), revocation(account=7), revocation(users=[]), revocation(users=7), revocation(users=[7]),
     revocation(users=list(reversed(USERS))), revocation(users=[USERS[0]] * 2), revocation(users=["A" + "A" * 55]),
     revocation(users=["U" * 55]), revocation(at=-1), revocation(at="1")],
)  # fmt: skip
def test_a_file_that_is_none(data: bytes) -> None:
    assert refused(lambda: relaykit.decode_revocation(data)) == "relay.revocation"


def test_nothing_to_take_back_is_no_file() -> None:
    assert refused(lambda: relaykit.encode_revocation(ACCOUNT, [], NOW)) == "relay.revocation"
