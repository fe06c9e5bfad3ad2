"""Every one-bit change of every signed or sealed structure is refused (bits.py): a slice here, all of them with `make soak`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.hostile import bits, bits_signed
from tests.hostile.bits import Structure

from valise.domain import kinds
from valise.domain.errors import Refused

APP = Path(__file__).parents[2] / "app/valise"

# Every domain under which something is hashed, keyed or signed, with the structures of the table that hold it. Those
# that only name or derive something stand without: a changed bit gives another name, not a wrong answer.
DOMAINS: dict[str, tuple[str, ...]] = {
    "valise/v1/op": ("operation: message.send", "operation: contact.vouch", "evidence: an operation"),
    "valise/v1/statement": ("statement",),
    "valise/v1/session": ("session announcement",),
    "valise/v1/certificate": ("certificate", "evidence: a certificate"),
    "valise/v1/prekeys": ("prekeys",),
    "valise/v1/card": ("card", "evidence: a list of laptops"),
    "valise/v1/request": ("request",),
    "valise/v1/grant": ("grant, sealed", "grant, what is signed inside"),
    "valise/v1/evidence": ("evidence: the file",),
    "valise/v1/env": ("key envelope",),
    "valise/v1/key-binding": ("key message, inside Olm",),
    "valise/v1/compare/commitment": ("comparison of words",),
    "valise/v1/compare/words": ("comparison of words",),
    "valise/v1/compare/root": ("comparison of words",),
    "valise/v1/fingerprint": ("code of a safety number",),
    "valise/v1/rootfile": ("key file VALISE-ROOT-1", "key file VALISE-ROOT-2"),
    "valise/v1/slot": ("slot: passphrase",),
    "valise/v1/slot-secret": ("slot: keyring", "slot: recovery", "slot: passphrase+keyring"),
    "valise/v1/backup": ("backup, by passphrase",),
    "valise/v1/backup-through": ("backup, by recovery",),
    "valise/v1/seal": ("seal beside a vault",),
    "valise/v1/pass": ("pass", "card as a file, with a pass"),
    "valise/v1/manifest": ("courier's manifest, inside",),
    "valise/v1/manifest-to": ("courier's manifest, inside",),
    "valise/v1/courier": ("courier's manifest, sealed",),
}
NAMES = {
    "valise/v1/chat": "ids of what nobody signs",
    "valise/v1/device": "ids of laptops",
    "valise/v1/root": "ids of delegations",
    "valise/v1/root-seed": "a root from its secret",
    "valise/v1/request-code": "read aloud, no proof",
    "valise/v1/tag": "tags of sessions",
    "valise/v1/xwing": "ids of sealing keys",
    "valise/v1/membership": "heads of a room, in what is signed",
    "valise/v1/recipients": "everybody a session is for, in what is signed",
    "valise/v1/text-state": "hashes of texts, in what is signed",
    "valise/v1/attachment": "ids of attachments",
    "valise/v1/point": "marks of a vault's own points",
    "valise/v1/writer": "the name of a writer in the folder",
    "valise/v1/courier-part": "the names of unfinished bundles",
    "valise/v1/relay-mark": "which kit a credential was made with",
    "valise/v1/keyring": "the name of an entry in the keyring",
    "valise/v1/ping": "which contact a question is about, told by nothing else",
    "valise/v1/practice": "secrets of the partners in a vault for practice",
    "valise/v1/fork": "which pair of histories was told already",
}


@pytest.mark.parametrize("name", bits.table())
def test_a_slice_of_the_bits_of_every_structure(name: str) -> None:
    one = bits.table()[name]
    with bits.remembered():
        made = bits.attempt(name, 0, one.bits, max(1, one.bits // 61) | 1)  # an odd step meets every bit of an octet
    assert made.tried > 8 and made.wrong == ()


@pytest.mark.soak
@pytest.mark.parametrize("name", bits.table())
def test_every_bit_of_every_structure(name: str) -> None:
    one = bits.table()[name]
    with bits.remembered():
        made = bits.attempt(name, 0, one.bits)
    assert made.tried == one.bits and made.wrong == ()
    # only texts that may be wrapped anew have another spelling, and only where they have white space
    assert made.same <= 8 * sum(octet in b"\n" for octet in one.data[one.start :])
    assert not made.same or "file" in name


def test_every_kind_with_both_signatures_is_in_the_table() -> None:
    there = {one.name for one in kinds.all_kinds() if one.composite and not one.name.startswith("probe.")}
    assert there == bits_signed.COMPOSITE.keys()
    assert {f"operation: {one}" for one in there} <= bits.table().keys()


def test_every_domain_is_in_the_table_or_only_names_something() -> None:
    found: set[str] = set()
    for file in APP.rglob("*.py"):
        found |= set(re.findall(r"valise/v1/[a-z/-]+[a-z]", file.read_text("utf-8")))
    assert found - DOMAINS.keys() - NAMES.keys() == set(), "new: give it a structure in bits_signed.py or bits_sealed.py"
    assert (DOMAINS.keys() | NAMES.keys()) - found == set(), "gone: take it off the lists"
    assert {name for names in DOMAINS.values() for name in names} <= bits.table().keys()


def test_what_is_wrong_is_told() -> None:
    """A structure that takes one changed bit, and one whose reader breaks at another."""

    def takes(data: bytes) -> bool:
        if data == b"\x04":
            raise KeyError
        if data not in (b"\x00", b"\x02"):
            raise Refused("probe.bad")
        return True

    bits.table()["probe"] = Structure("probe", b"\0", takes)
    try:
        made = bits.attempt("probe", 0, 8)
    finally:
        del bits.table()["probe"]
    assert made.tried == 8
    assert made.wrong == (("probe", 1, "accepted"), ("probe", 2, "KeyError"))


def test_a_structure_whose_good_bytes_are_refused_proves_nothing() -> None:
    bits.table()["probe"] = Structure("probe", b"\0", lambda data: False)
    try:
        with pytest.raises(AssertionError, match="the good one is refused"):
            bits.attempt("probe", 0, 8)
    finally:
        del bits.table()["probe"]


def test_what_passed_once_is_remembered_for_the_same_bytes_alone() -> None:
    from valise.protocol import signing

    key = signing.DeviceKey(bytes(32))
    sig = key.sign(b"m")
    real = signing.verify
    with bits.remembered():
        for _ in range(2):
            signing.verify(key.public, b"m", sig)
            with pytest.raises(Refused):
                signing.verify(key.public, b"n", sig)
    assert signing.verify is real
