"""Slots: the passphrase opens, nothing else does, and no bit of a slot can be changed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from nacl import pwhash
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

from valise.domain.errors import Damaged, Refused, ValiseError, WrongPassphrase
from valise.protocol import canonical
from valise.vault import header, slots
from valise.vault.slots import Kdf, kdf, sealing

PASSPHRASE = bytearray("quince ledger außen 书".encode())


def with_slots(*made: dict[str, Any], vault: str = "") -> header.Header:
    one = header.new("", 1)
    return header.Header(vault or one.vault, "", 1, made)


@pytest.fixture
def slot(cheap: Kdf, key: str) -> tuple[header.Header, dict[str, Any]]:
    one = header.new("", 1)
    made = slots.seal_slot("passphrase", PASSPHRASE, key, one.vault, cheap)
    return header.Header(one.vault, "", 1, (made,)), made


Made = tuple[header.Header, dict[str, Any]]


def test_the_passphrase_opens_it_and_is_left_alone(slot: Made, key: str, cheap: Kdf) -> None:
    before = bytes(PASSPHRASE)
    assert slots.open_slots(slot[0], PASSPHRASE, cheap) == key
    assert bytes(PASSPHRASE) == before


def test_the_key_is_nowhere_in_the_header(slot: Made, key: str) -> None:
    data = header.encode(slot[0])
    raw = bytes.fromhex(key)
    for part in (raw[:32], raw[32:64], raw[64:]):
        assert part.hex().encode() not in data
        assert canonical.b64u(part)[:20].encode() not in data


@pytest.mark.parametrize("wrong", [b"", b"quince", PASSPHRASE + b" ", PASSPHRASE[:-1], b"\0" + PASSPHRASE])
def test_a_wrong_passphrase_is_told_apart(slot: Made, cheap: Kdf, wrong: bytes) -> None:
    with pytest.raises(WrongPassphrase) as caught:
        slots.open_slots(slot[0], bytearray(wrong), cheap)
    assert caught.value.code == "vault.passphrase"


def test_every_flipped_bit_of_a_slot_is_refused(slot: Made, key: str, cheap: Kdf) -> None:
    """Exhaustive: over the bytes of the slot as they stand in the file."""
    head, made = slot
    whole = header.encode(head)
    own = canonical.encode(made)
    start = whole.index(own)
    opened = 0
    for at in range(start, start + len(own)):
        for bit in range(8):
            torn = bytearray(whole)
            torn[at] ^= 1 << bit
            try:
                slots.open_slots(header.decode(bytes(torn)), PASSPHRASE, cheap)
            except (ValiseError, WrongPassphrase):
                continue
            opened += 1
    assert opened == 0
    assert slots.open_slots(header.decode(whole), PASSPHRASE, cheap) == key


def test_a_slot_belongs_to_one_vault(slot: Made, cheap: Kdf) -> None:
    with pytest.raises(WrongPassphrase):
        slots.open_slots(with_slots(slot[1]), PASSPHRASE, cheap)


def test_the_tag_binds_the_key_of_the_slot(slot: Made, cheap: Kdf) -> None:
    """A ciphertext that verifies under the AEAD opens nothing unless the committing tag was made with it."""
    head, made = slot
    kek = kdf.derive(PASSPHRASE, canonical.unb64u(made["salt"]), 1, 8192)[:32]
    aad = sealing.metadata(made, head.vault)
    nonce = canonical.unb64u(made["nonce"])
    forged = crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(80), aad, nonce, kek)
    with pytest.raises(WrongPassphrase):
        slots.open_slots(with_slots(made | {"sealed": canonical.b64u(forged)}, vault=head.vault), PASSPHRASE, cheap)


def test_the_aead_is_checked_beside_the_tag(slot: Made, cheap: Kdf) -> None:
    head, made = slot
    committing = kdf.derive(PASSPHRASE, canonical.unb64u(made["salt"]), 1, 8192)[32:]
    sealed = bytearray(canonical.unb64u(made["sealed"]))
    sealed[0] ^= 1
    tag = sealing.commit(committing, sealing.metadata(made, head.vault), bytes(sealed))
    forged = made | {"sealed": canonical.b64u(bytes(sealed)), "tag": canonical.b64u(tag)}
    with pytest.raises(Damaged):
        slots.open_slots(with_slots(forged, vault=head.vault), PASSPHRASE, cheap)


def test_a_header_weaker_than_the_floor_is_refused_before_it_costs_anything(
    slot: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, made = slot
    good = Kdf()

    def never(*_: object) -> bytes:
        raise AssertionError("derived from a refused slot")

    monkeypatch.setattr(kdf, "derive", never)
    for ops, mem in ((1, 8192), (good.ops - 1, good.mem), (good.ops, good.mem - 1)):
        weak = made | {"kdf": {"name": "argon2id", "ops": ops, "mem": mem}}
        strong = made | {"kdf": {"name": "argon2id", "ops": good.ops, "mem": good.mem}}
        for order in ((weak,), (strong, weak)):
            with pytest.raises(Refused) as caught:
                slots.open_slots(with_slots(*order, vault=head.vault), PASSPHRASE)
            assert caught.value.code == "slot.downgraded"
    for ops, mem in ((65, good.mem), (good.ops, (4 << 30) + 1)):
        with pytest.raises(Refused) as caught:
            slots.open_slots(with_slots(made | {"kdf": {"name": "argon2id", "ops": ops, "mem": mem}}), PASSPHRASE)
        assert caught.value.code == "slot.excessive"


def test_the_floor_is_moderate_and_only_code_lowers_it() -> None:
    assert (Kdf().floor_ops, Kdf().floor_mem) == (
        pwhash.argon2id.OPSLIMIT_MODERATE,
        pwhash.argon2id.MEMLIMIT_MODERATE,
    )
    with pytest.raises(Refused):
        Kdf(ops=1, mem=8192)


def test_the_default_cost_works(key: str) -> None:
    one = header.new("", 1)
    made = slots.seal_slot("passphrase", PASSPHRASE, key, one.vault)
    assert made["kdf"] == {"name": "argon2id", "ops": 3, "mem": 256 << 20}
    assert slots.open_slots(header.Header(one.vault, "", 1, (made,)), PASSPHRASE) == key


def test_any_of_several_slots_opens_and_unknown_kinds_are_passed_over(key: str, cheap: Kdf) -> None:
    one = header.new("", 1)
    tomorrow = {"kind": "of tomorrow", "of": [3, 5]}
    both = [slots.seal_slot("passphrase", bytearray(p), key, one.vault, cheap) for p in (b"first", b"second")]
    head = header.decode(header.encode(header.Header(one.vault, "", 1, (tomorrow, *both))))
    assert slots.open_slots(head, bytearray(b"first"), cheap) == key
    assert slots.open_slots(head, bytearray(b"second"), cheap) == key
    with pytest.raises(WrongPassphrase):
        slots.open_slots(header.Header(one.vault, "", 1, (tomorrow,)), bytearray(b"first"), cheap)


def test_two_slots_for_one_passphrase_share_nothing(key: str, cheap: Kdf) -> None:
    one, two = (slots.seal_slot("passphrase", PASSPHRASE, key, "AAAAAAAAAAAAAAAAAAAAAA", cheap) for _ in range(2))
    assert not {"salt", "nonce", "sealed", "tag"} & {name for name in one if one[name] == two[name]}


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1}, {"kdf": {}}, {"kdf": "argon2id"}, {"kdf": {"name": "scrypt", "ops": 3, "mem": 1}},
        {"kdf": {"name": "argon2id", "ops": "3", "mem": 1}}, {"kdf": {"name": "argon2id", "ops": 3, "mem": "1"}},
        {"kdf": {"name": "argon2id", "ops": 3, "mem": 1, "lanes": 1}}, {"salt": "AAAA"}, {"nonce": ""},
        {"sealed": 5}, {"tag": "A" * 42 + "B"},
    ],
)  # fmt: skip
def test_a_misshapen_slot_is_damage(slot: Made, cheap: Kdf, change: dict[str, Any]) -> None:
    made = slot[1] | change
    with pytest.raises(Damaged) as caught:
        slots.open_slots(with_slots(made), PASSPHRASE, cheap)
    assert caught.value.code == "header.slot"


def test_sealing_refuses_what_would_protect_nothing(key: str, cheap: Kdf) -> None:
    for kind, passphrase, what, code in (
        ("passphrase", b"", key, "slot.empty"),
        ("keyring", b"x", key, "slot.empty"),
        ("passphrase+keyring", b"x", key, "slot.empty"),
        ("of tomorrow", b"x", key, "slot.kind"),
        ("passphrase", b"x", key[:-1], "vault.key_form"),
    ):
        with pytest.raises(Refused) as caught:
            slots.seal_slot(kind, bytearray(passphrase), what, "AAAAAAAAAAAAAAAAAAAAAA", cheap)
        assert caught.value.code == code


@pytest.mark.parametrize(("took", "ops"), [(3.0, 3), (0.3, 10), (0.001, 64)])
def test_calibration_only_ever_raises_the_cost(monkeypatch: pytest.MonkeyPatch, took: float, ops: int) -> None:
    monkeypatch.setattr(kdf, "derive", lambda *_: b"")
    ticks = iter((100.0, 100.0 + took))
    assert slots.calibrate(1.0, lambda: next(ticks)) == Kdf(ops=ops)


def test_a_slot_is_plain_canonical_json(slot: Made) -> None:
    assert json.loads(canonical.encode(slot[1])) == slot[1]


def test_a_slot_of_the_first_version_without_a_date_opens(key: str, cheap: Kdf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Vaults made before slots were dated; every other kind came later and has its date."""
    one = header.new("", 1)
    told = sealing.metadata
    monkeypatch.setattr(sealing, "metadata", lambda slot, vault: told({n: v for n, v in slot.items() if n != "made"}, vault))
    made = slots.seal_slot("passphrase", PASSPHRASE, key, one.vault, cheap)
    monkeypatch.undo()
    del made["made"]
    assert slots.open_slots(header.decode(header.encode(with_slots(made, vault=one.vault))), PASSPHRASE, cheap) == key
    with pytest.raises(Damaged):
        slots.KINDS["keyring"].check({name: value for name, value in made.items() if name != "kdf"} | {"kind": "keyring"}, cheap)
