"""Certificates, requests, prekeys, cards, enrolment, the key file."""

from __future__ import annotations

import secrets
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.domain.errors import WrongPassphrase
from valise.protocol import canonical, cbor, fields, hpke, padding, rootfile
from valise.protocol import card as cards
from valise.protocol import certificate as certificates
from valise.protocol import grant as grants
from valise.protocol import identity as i

from .made import (
    NOW,
    YEAR,
    all_refused,
    card,
    certificate,
    flips,
    on_card,
    other_root,
    refused,
    request,
    root,
    secret,
)

WEAK = (1, 8192)


def resign_certificate(**changed: Any) -> tuple[bytes, bytes]:
    raw = canonical.encode(canonical.decode(certificate().raw) | changed)
    return raw, root().sign("valise/v1/certificate", raw)


def test_ids_are_hashes_of_keys() -> None:
    assert root().delegation == i.delegation_id(root().public) == certificate().delegation
    assert secret().id == i.device_id(secret().key.public) == certificate().device
    assert len({root().delegation, secret().id, certificate().hash}) == 3
    assert i.Root.new().delegation != i.Root.new().delegation


def test_a_device_secret_survives_its_bytes() -> None:
    one = i.DeviceSecret.new()
    two = i.DeviceSecret.from_bytes(one.to_bytes())
    assert (two.id, two.composite.public, two.prekey.public, two.mailbox) == (
        one.id,
        one.composite.public,
        one.prekey.public,
        one.mailbox,
    )
    assert (two.account.identity, two.account.fallback()) == (one.account.identity, one.account.fallback())
    assert one.key.public != one.composite.public[-32:]
    assert repr(one) == "DeviceSecret()"
    for data in (b"", b"\xa0", cbor.encode([]), one.to_bytes()[:-1], cbor.encode({"v": 1})):
        assert refused(lambda data=data: i.DeviceSecret.from_bytes(data)) == "device.secret"


def test_certificates() -> None:
    made = certificate()
    read = i.read_certificate(made.raw, made.sig, root().public)
    assert read == made
    assert made.hash == i.certificate_hash(made.raw)
    assert (made.officer, made.role, made.rights) == ("Officer 1", "Adviser", ("amend", "commit", "enrol", "speak"))
    assert made.in_force(NOW) and made.in_force(NOW + YEAR)
    assert not made.in_force(NOW - 1) and not made.in_force(NOW + YEAR + 1)
    assert refused(lambda: i.read_certificate(made.raw, made.sig, other_root().public)) == "certificate.signature"


def test_bits_of_a_certificate() -> None:
    made = certificate()
    all_refused(flips(made.raw), lambda one: i.read_certificate(one, made.sig, root().public))
    all_refused(flips(made.sig, 4, 1), lambda one: i.read_certificate(made.raw, one, root().public))
    all_refused(flips(root().public, 16, 1), lambda one: i.read_certificate(made.raw, made.sig, one))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"v": 2}, "certificate.version"),
        ({"more": 1}, "certificate.malformed"),
        ({"delegation": canonical.b64u(bytes(32))}, "certificate.root"),
        ({"device": canonical.b64u(bytes(32))}, "certificate.malformed"),
        ({"ed25519": canonical.b64u(b"\1" + bytes(31))}, "certificate.key"),
        ({"ed25519": "AA"}, "certificate.malformed"),
        ({"composite": canonical.b64u(bytes(1984))}, "certificate.key"),
        ({"composite": canonical.b64u(bytes(1983))}, "certificate.malformed"),
        ({"olm": 7}, "certificate.malformed"),
        ({"officer": ""}, "certificate.malformed"),
        ({"officer": "two\nlines"}, "certificate.malformed"),
        ({"officer": "\u202eright to left"}, "certificate.malformed"),
        ({"officer": " x"}, "certificate.malformed"),
        ({"officer": "x" * 201}, "certificate.malformed"),
        ({"rights": []}, "certificate.malformed"),
        ({"rights": ["speak", "amend"]}, "certificate.malformed"),
        ({"rights": ["speak", "speak"]}, "certificate.malformed"),
        ({"rights": ["rule"]}, "certificate.malformed"),
        ({"rights": "speak"}, "certificate.malformed"),
        ({"rights": 7}, "certificate.malformed"),
        ({"officer": 7}, "certificate.malformed"),
        ({"number": "1"}, "certificate.malformed"),
        ({"rights": [["speak"]]}, "certificate.malformed"),
        ({"not_after": NOW}, "certificate.malformed"),
        ({"not_before": -1}, "certificate.malformed"),
        ({"number": 0}, "certificate.malformed"),
    ],
)
def test_what_a_root_must_not_sign(changed: dict[str, Any], code: str) -> None:
    raw, sig = resign_certificate(**changed)
    assert refused(lambda: i.read_certificate(raw, sig, root().public)) == code


@pytest.mark.parametrize("name", ["می\u200cخواهم", "क्\u200dष", "李明", "Ó Séaghdha-Öz", "N'Diaye 2"])
def test_names_of_many_scripts(name: str) -> None:
    raw, sig = resign_certificate(officer=fields.tidy(name))
    assert i.read_certificate(raw, sig, root().public).officer == fields.tidy(name)


@pytest.mark.parametrize("name", ["\u200cx", "x\u200d", "a \u200d b", "a\u200bb", "a\u00adb", "a\ufeffb", "a\u2028b"])
def test_names_with_something_unseen(name: str) -> None:
    raw, sig = resign_certificate(officer=name)
    assert refused(lambda: i.read_certificate(raw, sig, root().public)) == "certificate.malformed"


def test_requests_prove_possession() -> None:
    made = request()
    assert i.read_request(made.data) == made
    assert made.device == secret().id
    assert made.check_code != request(2).check_code
    assert [len(group) for group in made.check_code.split(" ")] == [4] * 5
    raw, sig, composite_sig, prekeys, prekeys_sig = cbor.decode(made.data)
    signed = canonical.digest("valise/v1/request", raw)
    for spoilt in (
        [raw, secret(2).key.sign(signed), composite_sig, prekeys, prekeys_sig],
        [raw, sig, secret(2).composite.sign(signed), prekeys, prekeys_sig],
        [raw, sig, composite_sig, request(2).prekeys.raw, request(2).prekeys.sig],
    ):
        assert refused(lambda one=spoilt: i.read_request(cbor.encode(one))) == "request.signature"


def test_prekeys_of_a_request_are_the_announced_ones() -> None:
    raw, sig, composite_sig, _, _ = cbor.decode(request().data)
    later = secret().prekeys(NOW + 1)
    data = cbor.encode([raw, sig, composite_sig, later.raw, later.sig])
    assert refused(lambda: i.read_request(data)) == "request.malformed"


def test_bits_of_a_request() -> None:
    data = request().data
    all_refused(flips(data, 3, 1), i.read_request)
    for size in range(0, len(data), 97):
        assert refused(lambda size=size: i.read_request(data[:size]), "request.")


def test_every_bit_of_prekeys() -> None:
    keys = request().prekeys
    public = secret().key.public
    assert i.read_prekeys(keys.raw, keys.sig, public) == keys
    all_refused(flips(keys.raw, 1, 1), lambda one: i.read_prekeys(one, keys.sig, public))
    all_refused(flips(keys.sig), lambda one: i.read_prekeys(keys.raw, one, public))
    assert refused(lambda: i.read_prekeys(keys.raw, keys.sig, secret(2).key.public)) == "prekeys.signature"


def test_prekeys_must_be_usable_and_of_the_device() -> None:
    held = canonical.decode(request().prekeys.raw)

    def signed(**changed: Any) -> tuple[bytes, bytes, bytes]:
        raw = canonical.encode(held | changed)
        return raw, secret().key.sign(canonical.digest("valise/v1/prekeys", raw)), secret().key.public

    assert refused(lambda: i.read_prekeys(*signed(device=secret(2).id))) == "prekeys.malformed"
    assert refused(lambda: i.read_prekeys(*signed(number=0))) == "prekeys.malformed"
    assert refused(lambda: i.read_prekeys(*signed(xwing=canonical.b64u(b"\xff" * hpke.PUBLIC)))) == "prekeys.key"


def test_cards() -> None:
    made = card()
    assert i.read_card(made.data) == i.read_card(made.file) == made
    assert (made.code, made.name, made.number, made.prev, made.root) == ("XA", "Aurelia", 1, "", root().public)
    (one,) = made.devices
    assert one.certificate == certificate()
    assert (one.prekey, one.fallback) == (secret().prekey.public, secret().account.fallback())
    assert made.device(secret().id) == one
    assert made.device("nobody") is None


@settings(deadline=None, max_examples=15)
@given(st.data())
def test_white_space_does_not_harm_a_card_file(data: st.DataObject) -> None:
    text = card().file.decode("ascii")
    first, rest = text.split("\n", 1)
    places = data.draw(st.lists(st.integers(0, len(rest)), max_size=30))
    for place in places:
        rest = rest[:place] + data.draw(st.sampled_from([" ", "\n", "\r\n", "\t", "\n\n"])) + rest[place:]
    assert i.read_card(f"  {first}\r\n{rest}".encode("ascii")) == card()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda f: b"", "card.magic"),
        (lambda f: b"hello", "card.magic"),
        (lambda f: f.replace(b"CARD-1", b"CARD-2"), "card.magic"),
        (lambda f: f.replace(b"\n", b"\n> ", 3), "card.malformed"),
        (lambda f: f[:-30], "card.malformed"),
        (lambda f: f + b"=", "card.malformed"),
        (lambda f: f + b"A", "card.malformed"),
        (lambda f: f + "é".encode(), "card.malformed"),
        (lambda f: f.split(b"\n")[0], "card.malformed"),
        (lambda f: f + f, "card.malformed"),
        (lambda f: b" " * (3 << 20), "card.malformed"),
    ],
)
def test_card_files_that_are_none(spoil: Any, code: str) -> None:
    assert refused(lambda: i.read_card(spoil(card().file))) == code


def test_bits_of_a_card() -> None:
    """One bit of every byte outside the ML-DSA signatures (each of their bits is tried in test_signing)."""
    data = card().data
    skip = set()
    for sig in (card().sig, certificate().sig):
        start = data.index(sig)
        skip |= {place for place in range(start, start + 3309) if place % 32}
    assert len(skip) > 6000
    changed = (one for place, one in enumerate(flips(data, 1, 1)) if place not in skip)
    assert all_refused(changed, i.read_card) > 8000


def test_bits_of_a_card_file() -> None:
    file = card().file
    # A changed line break may become another kind of white space, which is the same card.
    changed = (one for place, one in enumerate(flips(file, 1, 1)) if file[place] != 10 and place % 7 == 0)
    all_refused(changed, i.read_card)


def resign_card(parts: dict[str, Any] | None = None, **changed: Any) -> bytes:
    raw = canonical.encode(canonical.decode(card().raw) | changed)
    sig = root().sign("valise/v1/card", raw)
    return cbor.encode(cbor.decode(card().data) | {"list": raw, "sig": sig} | (parts or {}))


def entry(**changed: Any) -> list[dict[str, Any]]:
    return [canonical.decode(card().raw)["devices"][0] | changed]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"v": 2}, "card.version"),
        ({"more": 1}, "card.malformed"),
        ({"code": "xa"}, "card.malformed"),
        ({"code": "X"}, "card.malformed"),
        ({"code": 1}, "card.malformed"),
        ({"name": ""}, "card.malformed"),
        ({"name": "Aure\u200blia"}, "card.malformed"),
        ({"number": 0}, "card.malformed"),
        ({"number": 2}, "card.malformed"),
        ({"prev": "x"}, "card.malformed"),
        ({"number": 2, "prev": "x"}, "card.malformed"),
        ({"number": 2, "prev": 7}, "card.malformed"),
        ({"relay": "x" * 1001}, "card.malformed"),
        ({"devices": 7}, "card.malformed"),
        ({"issued_at": -1}, "card.malformed"),
        ({"relay": 1}, "card.malformed"),
        ({"root": canonical.b64u(bytes(1984))}, "card.signature"),
        ({"devices": []}, "card.malformed"),
        ({"devices": {}}, "card.malformed"),
        ({"devices": [1]}, "card.malformed"),
        ({"devices": entry(mailbox="AA")}, "card.malformed"),
        ({"devices": entry(revoked_at=-1)}, "card.malformed"),
        ({"devices": entry(more=1)}, "card.malformed"),
        ({"devices": entry(certificate=canonical.b64u(bytes(32)))}, "card.certificate"),
        ({"devices": entry() * 2}, "card.malformed"),
    ],
)
def test_lists_that_a_root_must_not_sign(changed: dict[str, Any], code: str) -> None:
    assert refused(lambda: i.read_card(resign_card(**changed))) == code


def test_parts_of_a_card_belong_together() -> None:
    keys = request(2).prekeys
    held = cbor.decode(card().data)
    for parts, code in (
        ({"prekeys": [[keys.raw, keys.sig]]}, "card.prekeys"),
        ({"prekeys": [[]]}, "card.prekeys"),
        ({"prekeys": []}, "card.malformed"),
        ({"certificates": []}, "card.malformed"),
        ({"certificates": [[]]}, "card.malformed"),
        ({"certificates": [[certificate(2).raw, certificate(2).sig]]}, "card.certificate"),
        ({"certificates": [[certificate().raw, certificate(2).sig]]}, "card.certificate"),
        ({"certificates": [[1, 2]]}, "card.malformed"),
        ({"certificates": 1}, "card.malformed"),
        ({"certificates": [1]}, "card.malformed"),
        ({"certificates": [[b""]]}, "card.malformed"),
        ({"prekeys": [[b"", b"", b""]]}, "card.malformed"),
        ({"list": 1}, "card.malformed"),
        ({"sig": 1}, "card.malformed"),
        ({"more": 1}, "card.malformed"),
    ):
        assert refused(lambda parts=parts: i.read_card(cbor.encode(held | parts))) == code
    twice = resign_card({"certificates": held["certificates"] * 2, "prekeys": held["prekeys"] * 2}, devices=entry() * 2)
    assert refused(lambda: i.read_card(twice)) == "card.malformed"
    # A certificate of another root, listed by ours.
    foreign = i.make_certificate(
        other_root(), request(), rights=["speak"], not_before=NOW, not_after=NOW + YEAR, number=1
    )
    listed = resign_card({"certificates": [[foreign.raw, foreign.sig]]}, devices=entry(certificate=foreign.hash))
    assert refused(lambda: i.read_card(listed)) == "card.certificate"


def test_prekeys_are_refreshed_without_the_root() -> None:
    one = i.DeviceSecret.from_bytes(secret().to_bytes())
    old = one.renew_prekeys()
    assert old.public == secret().prekey.public
    fresh = i.refresh(card(), one.prekeys(NOW + 5))
    read = i.read_card(fresh.data)
    assert read.devices[0].prekey == one.prekey.public != card().devices[0].prekey
    assert read.devices[0].fallback == one.account.fallback() != card().devices[0].fallback
    assert (read.hash, read.sig) == (card().hash, card().sig)
    # An old copy takes nothing back, in either direction.
    assert i.refresh(fresh, card().devices[0].prekeys or pytest.fail()) == fresh
    assert i.newest(card(), fresh) == i.newest(fresh, card()) == fresh
    assert i.succession(card(), fresh) == "same"


@cache
def chain() -> tuple[i.Card, ...]:
    def make(number: int, prev: str, devices: list[i.CardDevice], name: str = "Aurelia") -> i.Card:
        return i.make_card(
            root(), code="XA", name=name, devices=devices, number=number, prev=prev, issued_at=NOW + number
        )

    one = card()
    two = make(2, one.hash, [on_card(1), on_card(2)])
    three = make(3, two.hash, [on_card(1, NOW + 9), on_card(2)])
    rival = make(2, one.hash, [on_card(1)], "Aurelia (rival)")
    detached = make(2, canonical.b64u(bytes(32)), [on_card(1)])
    dropped = make(3, two.hash, [on_card(2)])
    revived = make(4, three.hash, [on_card(1), on_card(2)])
    return one, two, three, rival, detached, dropped, revived


def test_succession() -> None:
    one, two, three, rival, detached, dropped, revived = chain()
    assert i.succession(one, one) == "same"
    assert i.succession(one, two) == i.succession(two, three) == "next"
    assert i.succession(one, three) == "later"
    assert i.succession(three, one) == i.succession(two, one) == "older"
    assert i.succession(two, rival) == i.succession(rival, two) == "fork"
    assert i.succession(one, detached) == i.succession(detached, one) == "fork"
    assert i.succession(two, dropped) == "fork"
    assert i.succession(three, revived) == "fork"
    other = i.make_card(
        other_root(),
        code="XA",
        name="Aurelia",
        number=1,
        prev="",
        issued_at=NOW,
        devices=[
            i.CardDevice(
                i.make_certificate(other_root(), request(), rights=["speak"], not_before=0, not_after=9, number=1),
                request().prekeys,
                bytes(16),
            )
        ],
    )
    assert i.succession(one, other) == "other"
    assert three.devices[0].prekey == b""


@cache
def granted() -> tuple[bytes, i.Card]:
    mine = chain()[1]
    other = i.make_card(
        other_root(),
        code="XB",
        name="Borovia",
        number=1,
        prev="",
        issued_at=NOW,
        devices=[
            i.CardDevice(
                i.make_certificate(other_root(), request(3), rights=["speak"], not_before=0, not_after=9, number=1),
                request(3).prekeys,
                bytes(16),
            )
        ],
    )
    return i.make_grant(request(2), certificate(2), mine, [other], secret()), other


def test_enrolment() -> None:
    data, other = granted()
    grant = i.read_grant(data, secret(2))
    assert grant.certificate == certificate(2)
    assert grant.card == chain()[1]
    assert grant.contacts == (other,)
    assert grant.granter == secret().id
    assert refused(lambda: i.read_grant(data, secret(1))) == "grant.closed"
    assert refused(lambda: i.read_grant(data, secret(3))) == "grant.closed"
    assert b"Borovia" not in data and b"Officer" not in data
    assert refused(lambda: i.read_grant(card().file, secret(2))) == "grant.magic"
    assert refused(lambda: i.make_grant(request(2), certificate(2), card(), [], secret())) == "grant.card"


def test_bits_of_an_enrolment_file() -> None:
    data = granted()[0]
    changed = (one for place, one in enumerate(flips(data, 101, 1)) if data[place * 101] != 10)
    all_refused(changed, lambda one: i.read_grant(one, secret(2)))


def regrant(inner: list[Any], signer: i.DeviceSecret, pad: int = 65536) -> bytes:
    raw = cbor.encode(inner)
    signed = cbor.encode([raw, signer.key.sign(canonical.digest("valise/v1/grant", raw))])
    key = secret(2).prekey
    info = b"valise/v1/grant\0" + canonical.unb64u(secret(2).id) + key.key_id
    return fields.armour("VALISE-GRANT-1", hpke.seal(key.public, padding.pad(signed, pad), info))


def test_enrolment_by_somebody_who_may_not() -> None:
    mine = chain()[1]
    good = [secret().id, secret(2).id, mine.data, []]
    assert i.read_grant(regrant(good, secret()), secret(2)).contacts == ()
    for inner, signer, code in (
        (good, secret(2), "grant.signature"),
        ([secret(3).id, *good[1:]], secret(3), "grant.rights"),
        ([*good[:1], secret().id, *good[2:]], secret(), "grant.certificate"),
        ([*good[:2], card().data, []], secret(), "grant.certificate"),
        ([*good[:3], [mine.data]], secret(), "grant.malformed"),
        ([*good[:3], [b"x"]], secret(), "card.magic"),
        ([*good[:3], [1]], secret(), "grant.malformed"),
        (good[:3], secret(), "grant.malformed"),
    ):
        assert refused(lambda a=inner, b=signer: i.read_grant(regrant(a, b), secret(2))) == code
    assert refused(lambda: i.read_grant(regrant(good, secret(), 512), secret(2))) == "grant.malformed"


def test_enrolment_with_a_revoked_or_weaker_granter() -> None:
    three = chain()[2]  # the first laptop is revoked there
    assert refused(lambda: i.read_grant(regrant([secret().id, secret(2).id, three.data, []], secret()), secret(2))) == (
        "grant.rights"
    )
    weak = replace(on_card(1), certificate=certificate(1, ("speak",)))
    mine = i.make_card(root(), code="XA", name="Aurelia", devices=[weak, on_card(2)], number=1, prev="", issued_at=NOW)
    assert refused(lambda: i.read_grant(regrant([secret().id, secret(2).id, mine.data, []], secret()), secret(2))) == (
        "grant.rights"
    )


def test_enrolment_for_other_keys() -> None:
    """A certificate that names this device but another Olm or composite key is not taken."""
    swapped = replace(request(2), olm=request(3).olm)
    made = i.make_certificate(root(), swapped, rights=["speak"], not_before=0, not_after=9, number=2)
    mine = i.make_card(
        root(),
        code="XA",
        name="Aurelia",
        number=1,
        prev="",
        issued_at=NOW,
        devices=[on_card(1), i.CardDevice(made, request(2).prekeys, request(2).mailbox)],
    )
    data = regrant([secret().id, secret(2).id, mine.data, []], secret())
    assert refused(lambda: i.read_grant(data, secret(2))) == "grant.certificate"


def key_file() -> bytes:
    return i.seal_root(root(), b"seven grey herons", 1, 8192, floor=WEAK)


def test_the_key_file() -> None:
    data = key_file()
    assert i.open_root(data, b"seven grey herons", floor=WEAK).public == root().public
    assert i.open_root(data, bytearray(b"seven grey herons"), floor=WEAK).seed == root().seed
    assert key_file() != data
    with pytest.raises(WrongPassphrase):
        i.open_root(data, b"seven grey heron", floor=WEAK)
    assert root().seed.hex() not in repr(root())


def test_weak_parameters_are_not_accepted() -> None:
    assert refused(lambda: i.open_root(key_file(), b"seven grey herons")) == "rootfile.weak"
    assert refused(lambda: i.seal_root(root(), b"x", 1, 8192)) == "rootfile.weak"
    assert refused(lambda: i.seal_root(root(), b"x", rootfile.OPSLIMIT - 1)) == "rootfile.weak"
    assert refused(lambda: i.seal_root(root(), b"x", memlimit=rootfile.MEMLIMIT - 1)) == "rootfile.weak"
    assert refused(lambda: i.seal_root(root(), b"", 1, 8192, WEAK)) == "rootfile.passphrase_empty"
    assert (rootfile.OPSLIMIT, rootfile.MEMLIMIT) == (3, 256 << 20)


def test_every_bit_of_a_key_file() -> None:
    data = fields.unarmour("VALISE-ROOT-1", key_file(), "rootfile")
    assert all_refused(
        flips(data), lambda one: i.open_root(fields.armour("VALISE-ROOT-1", one), b"seven grey herons", floor=WEAK)
    ) == 8 * len(data)


def test_key_files_that_are_none() -> None:
    head, tag, sealed = cbor.decode(fields.unarmour("VALISE-ROOT-1", key_file(), "rootfile"))

    def opened(**changed: Any) -> str:
        other = cbor.encode({name: one for name, one in (cbor.decode(head) | changed).items() if one is not None})
        file = fields.armour("VALISE-ROOT-1", cbor.encode([other, tag, sealed]))
        return refused(lambda: i.open_root(file, b"x", floor=WEAK))

    assert opened(v=2) == opened(kdf="md5") == opened(cipher="none") == opened(v=True) == "rootfile.version"
    assert opened(salt=b"x") == opened(nonce=b"x") == opened(ops="1") == opened(more=1) == "rootfile.malformed"
    assert opened(mem=8191) == opened(ops=0) == "rootfile.weak"
    assert opened(mem=1 << 40) == opened(ops=1 << 20) == opened(nonce=None) == "rootfile.malformed"
    assert refused(lambda: i.open_root(b"", b"x")) == "rootfile.magic"


def test_a_tag_commits_to_one_passphrase() -> None:
    """Without the tag a file could open under two passphrases; the tag is made from the key and the parameters."""
    head, tag, sealed = cbor.decode(fields.unarmour("VALISE-ROOT-1", key_file(), "rootfile"))
    for other in (secrets.token_bytes(32), tag[::-1]):
        file = fields.armour("VALISE-ROOT-1", cbor.encode([head, other, sealed]))
        with pytest.raises(WrongPassphrase):
            i.open_root(file, b"seven grey herons", floor=WEAK)


def test_the_facade_names_everything() -> None:
    assert all(hasattr(i, name) for name in i.__all__)
    assert i.Certificate is certificates.Certificate


def secret_bytes(**changed: Any) -> bytes:
    return cbor.encode(cbor.decode(secret().to_bytes()) | changed)


def test_device_secrets_that_are_none() -> None:
    i.DeviceSecret.from_bytes(secret_bytes())
    for data in (
        cbor.encode(b"x"),
        secret_bytes(more=1),
        secret_bytes(mailbox=bytes(15)),
        secret_bytes(count=0),
        secret_bytes(count="1"),
        secret_bytes(v=2),
        secret_bytes(olm=b""),
        secret_bytes(ed25519=bytes(31)),
        secret_bytes(composite=bytes(63)),
        secret_bytes(prekey=bytes(33)),
    ):
        assert refused(lambda data=data: i.DeviceSecret.from_bytes(data)) == "device.secret"


def test_documents_that_are_no_objects() -> None:
    for raw in (b"[]", b"1", b'""'):
        assert refused(lambda raw=raw: i.read_certificate(raw, bytes(3373), root().public)) == "certificate.malformed"
    parts = cbor.decode(request().data)
    for held in ({}, 1, parts[:-1], [*parts, b""], [*parts[:-1], "x"], [*parts[:-1], 1]):
        assert refused(lambda held=held: i.read_request(cbor.encode(held))) == "request.malformed"
    for held in ([], [1], True):
        assert refused(lambda held=held: i.read_card(cbor.encode(held))) == "card.malformed"


def test_how_many_devices_a_card_may_list(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = resign_card({"certificates": [], "prekeys": []}, devices=[])
    assert refused(lambda: i.read_card(nobody)) == "card.malformed"
    two = chain()[1].data
    monkeypatch.setattr(cards, "MAX_DEVICES", 2)
    assert len(i.read_card(two).devices) == 2
    monkeypatch.setattr(cards, "MAX_DEVICES", 1)
    assert refused(lambda: i.read_card(two)) == "card.malformed"


def test_limits_of_an_enrolment_file(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = chain()[1]
    assert refused(lambda: i.make_grant(request(2), certificate(2), mine, [], secret(3))) == "grant.card"
    assert refused(lambda: i.read_grant(regrant({}, secret()), secret(2))) == "grant.malformed"  # type: ignore[arg-type]
    assert refused(lambda: i.read_grant(regrant(1, secret()), secret(2))) == "grant.malformed"  # type: ignore[arg-type]
    monkeypatch.setattr(grants, "MAX_CONTACTS", 0)
    assert refused(lambda: i.read_grant(granted()[0], secret(2))) == "grant.malformed"
    monkeypatch.setattr(grants, "LIMIT", 1000)
    assert refused(lambda: i.make_grant(request(2), certificate(2), mine, [], secret())) == "grant.too_large"


def test_enrolment_of_a_revoked_device_or_another_mailbox() -> None:
    for other in (on_card(2, NOW + 1), replace(on_card(2), mailbox=bytes(16))):
        mine = i.make_card(
            root(), code="XA", name="Aurelia", devices=[on_card(1), other], number=1, prev="", issued_at=NOW
        )
        data = regrant([secret().id, secret(2).id, mine.data, []], secret())
        assert refused(lambda data=data: i.read_grant(data, secret(2))) == "grant.certificate"


def test_parts_of_a_key_file() -> None:
    head, tag, sealed = cbor.decode(fields.unarmour("VALISE-ROOT-1", key_file(), "rootfile"))
    for parts in (
        [cbor.encode([]), tag, sealed],
        [b"", tag, sealed],
        [head, tag[:-1], sealed],
        [head, tag, sealed[:-1]],
        [head, tag],
    ):
        file = fields.armour("VALISE-ROOT-1", cbor.encode(parts))
        assert refused(lambda file=file: i.open_root(file, b"x", floor=WEAK)) == "rootfile.malformed"
