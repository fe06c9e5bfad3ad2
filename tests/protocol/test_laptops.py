"""Certificates that are renewed and scoped, cards that carry earlier ones, the root's secret; every bit of each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from valise.domain.errors import Refused, WrongPassphrase
from valise.domain.kinds import RIGHTS
from valise.protocol import canonical, cbor, fields, hpke, padding, rootfile, shares
from valise.protocol import card as cards
from valise.protocol import identity as i

from .made import NOW, YEAR, all_refused, certificate, flips, on_card, other_root, refused, request, root, secret

WEAK = (1, 8192)
ROOM, OTHER = (canonical.b64u(bytes([one]) * 32) for one in (1, 2))
CHEAP = {"opslimit": 1, "memlimit": 8192, "floor": WEAK}


def renewed(*rights: str, number: int = 7, rooms: Iterable[str] = (), old: i.Certificate | None = None) -> i.Certificate:
    return i.renew_certificate(
        root(), old or certificate(), rights=rights or ("speak",), not_before=NOW + 5, not_after=NOW + YEAR, number=number,
        rooms=rooms, officer="Successor", role="Delegate",
    )  # fmt: skip


def card_of(*devices: i.CardDevice, number: int = 2) -> i.Card:
    return i.make_card(root(), code="XA", name="Aurelia", devices=devices, number=number, prev="A" * 43, issued_at=NOW)


@cache
def narrowed() -> i.Card:
    entry = replace(on_card(1), certificate=renewed("speak"), earlier=(certificate(),))
    return card_of(entry, on_card(2))


# renewing


def test_a_renewed_certificate_has_the_same_keys() -> None:
    old, new = certificate(), renewed("speak", "pen")
    assert new.keys == old.keys and new.device == old.device
    assert (new.officer, new.role, new.number, new.rights) == ("Successor", "Delegate", 7, ("pen", "speak"))
    assert refused(lambda: renewed(number=1)) == "certificate.number"
    kept = i.renew_certificate(root(), old, rights=["speak"], not_before=0, not_after=9, number=2)
    assert (kept.officer, kept.role) == (old.officer, old.role)


def test_officer_and_role_may_be_others_than_the_request_says() -> None:
    made = i.make_certificate(
        root(), request(), rights=["speak"], not_before=0, not_after=9, number=1, officer="Another", role="")
    assert (made.officer, made.role) == ("Another", "")


# rooms


def test_rooms_are_optional_and_the_old_form_is_unchanged() -> None:
    assert b"rooms" not in certificate().raw and certificate().rooms == ()
    made = renewed("speak", rooms=(OTHER, ROOM, ROOM))
    assert made.rooms == tuple(sorted((ROOM, OTHER)))
    assert made.admits(ROOM) and not made.admits("A" * 43) and certificate().admits("A" * 43)
    assert made.permits("speak", ROOM) and not made.permits("pen", ROOM) and not made.permits("speak", "A" * 43)


@pytest.mark.parametrize(
    "rooms",
    [[], [ROOM, ROOM], sorted((ROOM, OTHER), reverse=True), ["x"], [1], ROOM, {ROOM: 1}, None, [ROOM + "A"],
     sorted(canonical.b64u(bytes([one]) * 32) for one in range(65))],
)  # fmt: skip
def test_rooms_that_are_none(rooms: Any) -> None:
    held = canonical.decode(certificate().raw)
    held["rooms"] = rooms
    try:
        raw = canonical.encode(held)
    except Refused:
        return  # canonical JSON has no such value at all
    sig = root().sign("valise/v1/certificate", raw)
    assert refused(lambda: i.read_certificate(raw, sig, root().public)) == "certificate.malformed"


def test_sixty_four_rooms_and_no_more() -> None:
    many = [canonical.b64u(bytes([one]) * 32) for one in range(65)]
    assert len(renewed("speak", rooms=many[:64]).rooms) == 64
    assert refused(lambda: renewed("speak", rooms=many)) == "certificate.malformed"


# what earlier certificates are kept for


def test_an_earlier_certificate_is_kept_while_it_gave_more() -> None:
    first = certificate()  # amend, commit, enrol, speak
    second = renewed("speak", number=5)
    third = renewed("speak", "amend", number=6)
    assert i.needed(renewed(*RIGHTS, number=9), (first, second)) == ()
    assert i.needed(second, (first,)) == (first,)
    assert i.needed(third, (second, first)) == (first,)
    scoped = renewed("speak", rooms=(ROOM,), number=8)
    assert i.needed(scoped, (second,)) == (second,)
    assert i.needed(renewed("speak", number=9), (scoped,)) == ()
    assert i.needed(renewed("speak", rooms=(ROOM, OTHER), number=9), (scoped,)) == ()
    assert i.needed(renewed("speak", rooms=(OTHER,), number=9), (scoped,)) == (scoped,)


def test_a_card_brings_them_along() -> None:
    made = narrowed()
    again = i.read_card(made.file)
    assert again == made and again.device(secret().id).earlier == (certificate(),)  # type: ignore[union-attr]
    assert b"earlier" not in card_of(on_card(1)).data
    refreshed = i.refresh(made, replace(made.devices[1].prekeys, number=99))  # type: ignore[type-var]
    assert refreshed.devices[0].earlier == (certificate(),)


def repacked(change: Any, *, resign: Any = None) -> bytes:
    held = cbor.decode(narrowed().data)
    if resign is not None:
        listed = canonical.decode(held["list"])
        resign(listed)
        held["list"] = canonical.encode(listed)
        held["sig"] = root().sign("valise/v1/card", held["list"])
    change(held)
    return cbor.encode(held)


def test_earlier_certificates_that_do_not_belong() -> None:
    extra = [certificate(2).raw, certificate(2).sig]
    cases: list[tuple[Any, Any, str]] = [
        (lambda h: h.pop("earlier"), None, "card.malformed"),
        (lambda h: h.update(earlier=[]), None, "card.malformed"),
        (lambda h: h["earlier"].append(extra), None, "card.malformed"),
        (lambda h: h["earlier"].__setitem__(0, extra), None, "card.certificate"),
        (lambda h: h["earlier"].__setitem__(0, []), None, "card.certificate"),
        (lambda h: h["earlier"].__setitem__(0, [certificate().raw, extra[1]]), None, "card.certificate"),
        (lambda h: None, lambda c: c["devices"][0].update(earlier=[]), "card.malformed"),
        (lambda h: None, lambda c: c["devices"][0].update(earlier=["x"]), "card.certificate"),
        (lambda h: None, lambda c: c["devices"][0].update(more=1), "card.malformed"),
        (lambda h: None, lambda c: c["devices"][0].pop("earlier"), "card.malformed"),
        (lambda h: h["earlier"].__setitem__(0, extra),
         lambda c: c["devices"][0].update(earlier=[certificate(2).hash]), "card.certificate"),
    ]  # fmt: skip
    for change, resign, code in cases:
        data = repacked(change, resign=resign)
        assert refused(lambda data=data: i.read_card(data)) == code
    newer = renewed("speak", "pen", number=9)
    assert refused(lambda: card_of(replace(on_card(1), earlier=(newer,)))) == "card.certificate"
    assert refused(lambda: card_of(replace(on_card(1), certificate=newer, earlier=(certificate(),) * 9))) == "card.malformed"


def test_a_card_that_takes_a_newer_certificate_back_is_a_fork() -> None:
    """Also one that gives a device other keys: nobody but the root could sign it, and then it is proof against the root."""
    old = card_of(on_card(1), number=2)
    new = i.make_card(root(), code="XA", name="Aurelia", devices=[replace(on_card(1), certificate=renewed("speak"))],
                      number=3, prev=old.hash, issued_at=NOW)  # fmt: skip
    assert i.succession(old, new) == "next"
    back = i.make_card(root(), code="XA", name="Aurelia", devices=[on_card(1)], number=4, prev=new.hash, issued_at=NOW)
    assert i.succession(new, back) == "fork"
    asked = request()
    swapped = i.make_certificate(
        root(), replace(asked, olm=bytes(32)), rights=["speak"], not_before=0, not_after=9, number=9)
    other = i.make_card(root(), code="XA", name="Aurelia", devices=[replace(on_card(1), certificate=swapped)],
                        number=3, prev=old.hash, issued_at=NOW)  # fmt: skip
    assert i.succession(old, other) == "fork"


def test_a_laptop_added_by_somebody_else() -> None:
    """Its certificate is good in itself and signed by another root; or the list is signed by a device and not by the root."""
    foreign = i.make_certificate(other_root(), request(3), rights=["speak"], not_before=0, not_after=9, number=3)
    asked = request(3)
    assert refused(lambda: card_of(on_card(1), i.CardDevice(foreign, asked.prekeys, asked.mailbox))) == "card.certificate"
    good = card_of(on_card(1), on_card(3))
    held = cbor.decode(good.data)
    held["sig"] = secret().composite.sign(canonical.digest("valise/v1/card", held["list"]))
    assert refused(lambda: i.read_card(cbor.encode(held))) == "card.signature"


# the root


def test_a_root_comes_from_a_secret_that_shares_give_back() -> None:
    made = i.Root.new()
    assert made.secret is not None and made.splittable
    again = i.Root.of_secret(shares.join(shares.split(bytes(made.secret), 2, 3)[1:]))
    assert again.public == made.public and again.seed == made.seed
    assert i.Root.of_secret(bytes(32)).public != i.Root(bytes(64)).public
    assert refused(lambda: i.Root.of_secret(bytes(31))) == "root.secret"
    assert not root().splittable


def test_a_closed_root_has_been_overwritten() -> None:
    made = i.Root.new()
    seed, held, public = made.seed, made.secret, made.public
    assert held is not None
    made.close()
    assert made.closed and made.public == public
    assert not any(seed) and not any(held)
    assert refused(lambda: made.sign("valise/v1/card", b"")) == "root.closed"
    assert refused(lambda: i.seal_root(made, b"x", **CHEAP)) == "root.closed"
    made.close()


def test_both_forms_of_the_key_file() -> None:
    new, old = i.Root.of_secret(bytes(range(32))), root()
    for one, magic in ((new, b"VALISE-ROOT-2\n"), (old, b"VALISE-ROOT-1\n")):
        data = i.seal_root(one, b"seven grey herons", **CHEAP)
        assert data.startswith(magic)
        again = i.open_root(data, b"seven grey herons", WEAK)
        assert again.public == one.public and again.splittable is one.splittable
        with pytest.raises(WrongPassphrase):
            i.open_root(data, b"eight grey herons", WEAK)
    second = i.seal_root(new, b"seven grey herons", **CHEAP)
    as_first = second.replace(b"VALISE-ROOT-2", b"VALISE-ROOT-1")
    assert refused(lambda: i.open_root(as_first, b"seven grey herons", WEAK)) == "rootfile.version"
    first = i.seal_root(old, b"seven grey herons", **CHEAP).replace(b"VALISE-ROOT-1", b"VALISE-ROOT-2")
    assert refused(lambda: i.open_root(first, b"seven grey herons", WEAK)) == "rootfile.version"


# Every bit of what is signed as canonical JSON, exhaustively. A composite signature (3,373 bytes) and what is tried only
# after one was verified are flipped at one bit of every byte, the bit going round; a sealed file at places spread over it.


def test_every_bit_of_a_scoped_certificate() -> None:
    made = renewed("speak", rooms=(ROOM,))
    public = root().public
    count = all_refused(flips(made.raw), lambda raw: i.read_certificate(raw, made.sig, public))
    assert count == 8 * len(made.raw)
    assert all_refused(flips(made.sig, bits=1), lambda sig: i.read_certificate(made.raw, sig, public)) == len(made.sig)


@pytest.mark.soak  # every structure has its slice in tests/hostile/test_every_bit.py
def test_every_bit_of_a_card_with_earlier_certificates() -> None:
    made = narrowed()
    held = cbor.decode(made.data)

    def whole(**changed: Any) -> bytes:
        return cbor.encode(held | changed)

    assert all_refused(flips(made.raw), lambda raw: i.read_card(whole(list=raw))) == 8 * len(made.raw)
    assert all_refused(flips(made.sig, bits=1), lambda sig: i.read_card(whole(sig=sig))) == len(made.sig)
    raw, sig = held["earlier"][0]
    assert all_refused(flips(raw, bits=1), lambda one: i.read_card(whole(earlier=[[one, sig]]))) == len(raw)
    assert all_refused(flips(sig, stride=7, bits=1), lambda one: i.read_card(whole(earlier=[[raw, one]])))


@pytest.mark.soak  # every structure has its slice in tests/hostile/test_every_bit.py
def test_every_bit_of_a_request() -> None:
    parts = cbor.decode(request().data)
    for place, part in enumerate(parts):
        bits = 1 if place in (2, 3) else 8  # the prekeys have a test of every bit of their own

        def read(one: bytes, place: int = place) -> object:
            return i.read_request(cbor.encode([*parts[:place], one, *parts[place + 1 :]]))

        assert all_refused(flips(part, bits=bits), read) == bits * len(part)


@pytest.mark.soak  # every structure has its slice in tests/hostile/test_every_bit.py
def test_bits_of_an_enrolment_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the sealed file, and of what the granting laptop signed inside the seal (which is taken off for it)."""
    two = i.make_card(root(), code="XA", name="Aurelia", devices=[on_card(1), on_card(2)], number=1, prev="", issued_at=NOW)
    data = i.make_grant(request(2), certificate(2), two, [], secret())
    sealed = fields.unarmour("VALISE-GRANT-1", data, "grant", 1 << 24)

    def read(one: bytes) -> object:
        return i.read_grant(fields.armour("VALISE-GRANT-1", one), secret(2))

    assert all_refused(flips(sealed, stride=127, bits=1), read) == -(-len(sealed) // 127)
    held: list[bytes] = []
    real = padding.unpad
    monkeypatch.setattr(padding, "unpad", lambda padded, floor: held.append(real(padded, floor)) or held[0])
    read(sealed)
    (signed,) = held
    monkeypatch.setattr(hpke, "open", lambda *_given: b"")
    monkeypatch.setattr(padding, "unpad", lambda padded, _floor: held[-1])

    def inside(one: bytes) -> object:
        held.append(one)
        return read(sealed)

    assert all_refused(flips(signed, stride=7, bits=1), inside) == -(-len(signed) // 7)
    assert inside(signed)


def test_every_bit_of_a_key_file_of_a_secret() -> None:
    data = fields.unarmour(rootfile.MAGIC, i.seal_root(i.Root.of_secret(bytes(32)), b"seven grey herons", **CHEAP), "rootfile")
    assert all_refused(
        flips(data), lambda one: i.open_root(fields.armour(rootfile.MAGIC, one), b"seven grey herons", floor=WEAK)
    ) == 8 * len(data)
    assert cards.MAX_EARLIER == 8


def test_an_empty_list_of_earlier_certificates_is_another_form_of_the_same_card() -> None:
    held = cbor.decode(card_of(on_card(1)).data)
    assert refused(lambda: i.read_card(cbor.encode({**held, "earlier": []}))) == "card.malformed"
