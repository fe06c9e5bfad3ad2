"""What is signed, for `bits.py`: signatures alone, operations, statements, announcements, cards and what is on them, grants,
commitments, and the same again as the second reader of evidence reads them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from unittest import mock

from tests.evidence import forge
from tests.hostile.bits import Structure
from tests.protocol import made as m

import valise.desk.desk  # noqa: F401  every kind of operation is registered
from valise.carriers.relay import jwt, nkeys
from valise.domain import kinds
from valise.domain.relay import Address, Server
from valise.evidence import record
from valise.evidence.people import People
from valise.evidence.people import read_card as evidence_card
from valise.evidence.people import read_certificate as evidence_certificate
from valise.evidence.verify import verify
from valise.protocol import (
    canonical,
    fields,
    grant,
    hpke,
    keymessage,
    manifest,
    operation,
    padding,
    relaypass,
    safety,
    sas,
    signing,
)
from valise.protocol import identity as i
from valise.protocol import statement as statements
from valise.protocol.statement import LogLine, Point, Statement

A, B, C = (canonical.b64u(bytes([one]) * 32) for one in (1, 2, 3))
HASH = "ab" * 32

# One body of each kind that is signed with both algorithms; test_every_bit.py notices when a kind is missing here.
COMPOSITE: dict[str, dict[str, Any]] = {
    "contact.vouch": {"about": A, "code": "XB", "card": B, "number": 3, "how": "words", "verified_at": m.NOW},
    "contact.unvouch": {"vouch": A},
    "joint.sign": {"statement": A, "hash": HASH},
    "joint.leave": {"statement": A, "signs": [B, C]},
    "log.checkpoint": {"number": 2, "seq": 6, "head": A},
    "text.revision": {
        "text": A, "pen_prev": B, "symbol": "F/1/Rev.1", "text_hash": HASH, "state_hash": HASH, "log_size": 9, "log_root": HASH,
        "heads": [A, B],
    },
}  # fmt: skip
# And one with the device's key alone; which kind it is makes no difference to how it is signed and read.
SINGLE: dict[str, dict[str, Any]] = {
    "message.send": {"thread": "", "subject": "Annex", "body": "Paragraph 3 as amended.", "marking": "TLP:AMBER", "attachments": []},
}


def structures() -> Iterator[Structure]:
    yield from _signatures()
    yield from _operations()
    yield from _statements()
    yield from _announcements()
    yield from _documents()
    yield from _cards()
    yield from _grants()
    yield from _comparisons()
    yield from _evidence()
    yield from _credentials()
    yield from _manifests()


def _pair(name: str, raw: bytes, sig: bytes, read: Callable[[bytes, bytes], object]) -> Structure:
    """Bytes and the signature over them, as one run of bits."""
    cut = len(raw)
    return Structure(name, raw + sig, lambda one: read(one[:cut], one[cut:]))


def _signatures() -> Iterator[Structure]:
    """Public key, 32 octets of message and signature of both algorithms."""
    message = bytes(range(32))
    for name, key, size, check in (
        ("Ed25519", m.secret().key, 32, signing.verify),
        ("composite", m.secret().composite, signing.COMPOSITE_PUBLIC, signing.verify_composite),
    ):
        whole = key.public + message + key.sign(message)

        def takes(one: bytes, size: int = size, check: Any = check) -> object:
            return check(one[:size], one[size : size + 32], one[size + 32 :])

        yield Structure(f"signature: {name}", whole, takes)
    context = b"valise"
    signed = m.secret().composite.sign(message, context)
    yield Structure(
        "signature: context of a composite", context,
        lambda one: signing.verify_composite(m.secret().composite.public, message, signed, one),
    )  # fmt: skip


def said(kind: str, body: dict[str, Any], number: int = 1) -> operation.Signed:
    held = m.certificate(number, ("amend", "commit", "enrol", "observe", "pen", "speak"))
    by = m.secret(number)
    klass: operation.Klass | None = "record" if kinds.kind(kind).travels == "either" else None
    return operation.make(
        kind, A, held.delegation, held.device, 7, B, [C], m.NOW, 1, body, by.key, by.composite, klass
    )  # fmt: skip


def _operations() -> Iterator[Structure]:
    certificate = m.certificate(1, ("amend", "commit", "enrol", "observe", "pen", "speak"))
    for kind, body in (SINGLE | COMPOSITE).items():
        signed = said(kind, body)
        yield _pair(
            f"operation: {kind}", signed.raw, signed.sig,
            lambda raw, sig: operation.verify(operation.receive(raw, sig, "record"), "record", certificate),
        )  # fmt: skip


def _statements() -> Iterator[Structure]:
    key = m.secret().key
    whole = Statement(
        A, m.secret().id, m.NOW, (LogLine(0, B, 5, b"h" * 32, 9), LogLine(1, B, 2, b"", 2)), (C,), (b"t" * 16,),
        ((b"p" * 32, (0, 4)),), Point(9, b"r" * 32), Point(8, b"s" * 32), Point(3, b"q" * 32), ((B, Point(4, b"e" * 32)),), True,
    )  # fmt: skip
    yield Structure("statement", statements.encode(whole, key), lambda one: statements.decode(one, key.public))


def _announcements() -> Iterator[Structure]:
    """All that the announcement of a record session says, and the signature under it."""
    key = m.secret().key
    sizes = (32, 32, 32, 16, keymessage.GROUP_KEY, 32)
    parts = [bytes([at + 1]) * size for at, size in enumerate(sizes)]

    def read(one: bytes) -> bytes:
        held, rest = [], one
        for size in sizes:
            held.append(rest[:size])
            rest = rest[size:]
        sender, room, epoch, tag, group, recipients = held
        return keymessage.announced(sender, canonical.b64u(room), epoch, keymessage.RECORD, tag, group, recipients)

    whole = b"".join(parts)
    yield _pair(
        "session announcement", whole, key.sign(read(whole)),
        lambda raw, sig: keymessage.check_announcement(keymessage.RECORD, read(raw), sig, key.public),
    )  # fmt: skip


def _documents() -> Iterator[Structure]:
    root, one = m.root(), m.certificate()
    scoped = i.renew_certificate(
        root, one, rights=["speak"], not_before=m.NOW, not_after=m.NOW + m.YEAR, number=7, rooms=[A, B], role="Delegate"
    )
    for name, held in (("certificate", one), ("certificate for two rooms", scoped)):
        yield _pair(name, held.raw, held.sig, lambda raw, sig: i.read_certificate(raw, sig, root.public))
    yield Structure("certificate: the root it is read with", root.public, lambda key: i.read_certificate(one.raw, one.sig, key))
    keys = m.request().prekeys
    yield _pair("prekeys", keys.raw, keys.sig, lambda raw, sig: i.read_prekeys(raw, sig, m.secret().key.public))
    yield Structure("request", m.request().data, i.read_request)


def _card() -> i.Card:
    """Three laptops: one whose certificate was renewed with fewer rights, one as it was, one revoked."""
    root = m.root()
    less = i.renew_certificate(root, m.certificate(), rights=["speak"], not_before=m.NOW, not_after=m.NOW + m.YEAR, number=7)
    narrowed = replace(m.on_card(1), certificate=less, earlier=(m.certificate(),))
    return i.make_card(
        root, code="XA", name="Aurelia", devices=[narrowed, m.on_card(2), m.on_card(3, revoked_at=m.NOW)], number=2, prev=C,
        issued_at=m.NOW,
    )  # fmt: skip


def _cards() -> Iterator[Structure]:
    card = _card()
    yield Structure("card", card.data, i.read_card)
    two = i.make_card(
        m.root(), code="XA", name="Aurelia", devices=[m.on_card(1), m.on_card(2)], number=1, prev="", issued_at=m.NOW)  # fmt: skip
    file = two.with_pass(_pass()).file
    # A changed line break may become another white space, and a card may be wrapped as a mail program likes.
    held = _pass()
    yield _pair("pass", held.raw, held.sig, lambda raw, sig: relaypass.read_pass(raw, sig, (m.certificate(2),)))
    yield Structure("card as a file, with a pass", file, i.read_card, same=lambda one: one.split() == file.split())
    code = safety.identity_code(card, m.secret(2).id).encode("ascii")
    other = i.make_card(
        m.other_root(), code="XB", name="Borovia", number=1, prev="", issued_at=m.NOW, devices=[_foreign()])  # fmt: skip
    yield Structure(
        "code of an identity", code, lambda one: safety.judge(one.decode("utf-8", "replace"), card, other)[0] == "same"
    )
    pair = safety.safety_number(m.root().public, m.other_root().public).qr.encode("ascii")
    yield Structure(
        "code of a safety number", pair,
        lambda one: safety.same_qr(one.decode("utf-8", "replace"), m.root().public, m.other_root().public),
    )  # fmt: skip


def _foreign() -> i.CardDevice:
    asked = m.request(4)
    held = i.make_certificate(
        m.other_root(), asked, rights=["enrol", "speak"], not_before=m.NOW, not_after=m.NOW + m.YEAR, number=1)  # fmt: skip
    return i.CardDevice(held, asked.prekeys, asked.mailbox)


def _grants() -> Iterator[Structure]:
    """The enrolment file: as it is sealed, and what the granting laptop signed inside the seal (taken off for it)."""
    mine = i.make_card(
        m.root(), code="XA", name="Aurelia", devices=[m.on_card(1), m.on_card(2)], number=1, prev="", issued_at=m.NOW)  # fmt: skip
    contact = i.make_card(m.other_root(), code="XB", name="Borovia", number=1, prev="", issued_at=m.NOW, devices=[_foreign()])
    file = i.make_grant(m.request(2), m.certificate(2), mine, [contact], m.secret())
    sealed = fields.unarmour(grant.MAGIC, file, "grant", grant.LIMIT)

    def outside(one: bytes) -> object:
        with mock.patch.object(fields, "unarmour", lambda *_given: one):
            return i.read_grant(file, m.secret(2))

    yield Structure("grant, sealed", sealed, outside)
    info = b"valise/v1/grant\0" + canonical.unb64u(m.secret(2).id) + m.secret(2).prekey.key_id
    signed = padding.unpad(hpke.open(m.secret(2).prekey, sealed, info), 65536)

    def inside(one: bytes) -> object:
        with (
            mock.patch.object(fields, "unarmour", lambda *_given: b""),
            mock.patch.object(hpke, "open", lambda *_given: b""),
            mock.patch.object(padding, "unpad", lambda *_given: one),
        ):
            return i.read_grant(file, m.secret(2))

    yield Structure("grant, what is signed inside", signed, inside)


def _comparisons() -> Iterator[Structure]:
    """A live comparison: whatever bit differs at one end, the commitment does not open or the words are others."""
    sizes = (32, 32, signing.COMPOSITE_PUBLIC, 32, 32, signing.COMPOSITE_PUBLIC, 32, 32, 32, 32, 32)
    name = canonical.b64u
    talk, room, opening, answer = (bytes([one]) * 32 for one in (21, 22, 23, 24))
    sides = [(bytes([one]) * signing.COMPOSITE_PUBLIC, bytes([one + 1]) * 32, bytes([one + 2]) * 32) for one in (31, 41)]
    starter = sas.Side(sides[0][0], name(sides[0][1]), name(sides[0][2]))
    said_first = canonical.unb64u(sas.commitment(name(talk), name(room), starter, name(opening)))
    whole = b"".join((talk, room, *sides[0], *sides[1], said_first, opening, answer))

    def words(one: bytes) -> tuple[str, ...]:
        held, rest = [], one
        for size in sizes:
            held.append(rest[:size])
            rest = rest[size:]
        first = sas.Side(held[2], name(held[3]), name(held[4]))
        second = sas.Side(held[5], name(held[6]), name(held[7]))
        return sas.compared(
            name(held[0]), name(held[1]), first, second, name(held[8]), name(held[9]), name(held[10])).words  # fmt: skip

    good = words(whole)
    yield Structure("comparison of words", whole, lambda one: words(one) == good)


def _evidence() -> Iterator[Structure]:
    """The whole file, and its parts beside it as the bytes their base64 stands for."""
    room, a, b = forge.small()
    checkpoint = room.say(
        a.laptops[0], "log.checkpoint", {"number": 1, "seq": 2, "head": room.logs[a.laptops[0].id][-1]}, composite=True
    )
    file = forge.seal(forge.lines(room, a, b), a.laptops[0].composite)
    yield Structure("evidence: the file", file, lambda one: verify(io.BytesIO(one))["sound"] == 1)
    people = People()
    for number, side in enumerate(sorted((a, b), key=lambda one: one.id)):
        line = side.card()
        raw, sig = canonical.unb64u(line["raw"]), canonical.unb64u(line["sig"])
        people.card(evidence_card(raw, sig, number), number)
        if side is a:
            yield _pair("evidence: a list of laptops", raw, sig, lambda raw, sig: evidence_card(raw, sig, 2))
    for side in sorted((a, b), key=lambda one: one.id):
        held = side.laptops[0]
        people.certificate(evidence_certificate(held.raw, held.sig, people.roots, 1), 1)
    own = a.laptops[0]
    yield _pair(
        "evidence: a certificate", own.raw, own.sig, lambda raw, sig: evidence_certificate(raw, sig, people.roots, 4))  # fmt: skip
    for what, name in (("an operation", room.logs[own.id][1]), ("a checkpoint", checkpoint)):
        raw, sig = room.ops[name]
        yield _pair(f"evidence: {what}", raw, sig, lambda raw, sig: record.read(raw, sig, room.id, people, 6))


def _token(user: str, account: str) -> str:
    return jwt.encode("user", nkeys.public(user), account, 1_796_774_400, name="slot", expires=1_804_550_400)


def _pass() -> relaypass.Pass:
    account, user = nkeys.seed(nkeys.Kind.ACCOUNT, bytes(range(32))), nkeys.seed(nkeys.Kind.USER, bytes(range(32, 64)))
    server = Server(("wss://relay.example", "tls://relay.example:4443"), pin=HASH)
    address = Address(server, "inboxinboxinbox", "slotslotslotslot", _token(user, account), user, 1_804_550_400_000)
    return relaypass.make_pass(address, m.secret(2).key, m.NOW)


def _manifests() -> Iterator[Structure]:
    """What a courier's bundle says of itself: as it is sealed to one laptop, and what is signed inside."""
    by, to = m.secret(1), m.secret(2)
    core = manifest.Core(by.id, B, 7, 6, b"p" * 32, m.NOW, b"t" * 32, ((C, ((1, 3), (5, 5))),))
    blob = manifest.seal(core, 2, 40, by.key, to.id, to.prekey.public)

    def read(one: bytes) -> object:
        return manifest.unseal(to.prekey, to.id, one).verify(by.key.public)

    yield Structure("courier's manifest, sealed", blob, read)
    info = b"valise/v1/courier\0" + canonical.unb64u(to.id, 32) + to.prekey.key_id
    plain = hpke.open(to.prekey, blob[3 + hpke.KEY_ID :], info)

    def inside(one: bytes) -> object:
        with mock.patch.object(hpke, "open", lambda *_given: one):
            return read(blob)

    yield Structure("courier's manifest, inside", plain, inside)


def _credentials() -> Iterator[Structure]:
    """What a delegation makes for a correspondent that may write to its relay; its keys carry a checksum."""
    account, user = nkeys.seed(nkeys.Kind.ACCOUNT, bytes(range(32))), nkeys.seed(nkeys.Kind.USER, bytes(range(32, 64)))
    token = _token(user, account)
    # every letter of it is ASCII: what a changed bit makes of one is a letter of Latin-1
    yield Structure("credential of a relay", token.encode("ascii"), lambda one: jwt.decode(one.decode("latin-1"), "user"))
    yield Structure("seed of a relay's key", user.encode("ascii"), lambda one: nkeys.read_seed(one.decode("latin-1")))
    public = nkeys.public(user).encode("ascii")
    yield Structure("public half of a relay's key", public, lambda one: nkeys.read_public(one.decode("latin-1")))
