"""What is sealed, for `bits.py`: envelopes and what is in them, attachments, key file, slots, backup, pages; and the bundle of
the folder, whose digests notice decay (forgery is noticed inside)."""

from __future__ import annotations

import io
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from tests.hostile.bits import Structure
from tests.protocol import made as m

from valise.carriers import bundle
from valise.carriers.abc import Parcel
from valise.domain.errors import Refused
from valise.protocol import attachment, canonical, envelope, fields, frame, hpke, keymessage, rootfile
from valise.protocol import identity as i
from valise.protocol.frame import Frame, Item
from valise.protocol.olm import InboundGroup, OlmAccount, OutboundGroup
from valise.vault import backup_file, connection, header, pages, slots
from valise.vault.slots import KINDS, RECOVERY, Given, Kdf

CHEAP = Kdf(ops=1, mem=8192, floor_ops=1, floor_mem=8192)  # the cost of Argon2id is no part of what is tried here
WEAK = (1, 8192)
WORDS = b"seven grey herons"
SECRETS = {"passphrase": WORDS, "keyring": bytes(range(32)), "recovery": bytes(range(100, 132))}
NUMBERS = {RECOVERY: {"need": 3, "total": 5, "set": 4711}}
DATABASE = "".join(f"{one:02x}" for one in range(80))  # the raw key of a vault that does not exist


def structures() -> Iterator[Structure]:
    yield from _envelopes()
    yield from _key_messages()
    yield from _frames()
    yield from _attachments()
    yield from _key_files()
    yield from _slots()
    yield from _backup()
    yield from _pages()
    yield from _bundle()


def _envelopes() -> Iterator[Structure]:
    key, device, wrap = hpke.XWingKey(b"\3" * 32), b"\4" * 32, b"\5" * 32
    yield Structure(
        "key envelope", envelope.seal_key(key.public, device, b"session key"), lambda one: envelope.open_key(key, device, one)
    )
    for size in (200, 5000):
        blob = envelope.seal_content(wrap, b"\6" * 16, bytes(size))
        yield Structure(f"content envelope of {size} bytes", blob, lambda one: envelope.open_content(wrap, one))


def _key_messages() -> Iterator[Structure]:
    """The outer part with Olm inside it, as it lies in the key envelope, of a message that opens a session; and what Olm holds."""
    sender, receiver = OlmAccount.new(), OlmAccount.new()
    device = b"s" * 32
    ends = keymessage.Ends(3, device, sender.identity, b"r" * 32, receiver.identity)
    made = keymessage.SessionKey(
        ends.number, device, sender.identity, ends.recipient, receiver.identity, b"c" * 32, m.secret().prekey.public,
        canonical.b64u(bytes(32)), 1, 12, b"w" * 32, OutboundGroup.new().key(),
    )  # fmt: skip
    plain = keymessage.encode(made)

    def inner(one: bytes, as_of: keymessage.Ends = ends) -> object:
        read = keymessage.decode(one, as_of)
        keymessage.check_binding(read)
        return read

    def outer(one: bytes) -> object:
        read = keymessage.decode_outer(one)
        if read.device != device:
            raise Refused("key.unknown")  # nobody's certificate has this id: there is no Olm key to open it with
        return inner(receiver.inbound(sender.identity, read.message)[1], replace(ends, number=read.number, sender=read.device))

    first = sender.outbound(receiver.identity, receiver.fallback()).encrypt(plain)
    yield Structure("key message, outer part", keymessage.encode_outer(keymessage.Outer(device, 3, first)), outer)
    yield Structure("key message, inside Olm", plain, inner)
    out = sender.outbound(receiver.identity, receiver.fallback())
    back = receiver.inbound(sender.identity, out.encrypt(b"first"))[0]
    out.decrypt(back.encrypt(b"answer"))
    kept, message = back.dump(), out.encrypt(plain)
    opens = type(back).load
    # Opening moves the ratchet on: the good one is tried on a copy, the others on a session that they must leave as it was.
    yield Structure(
        "key message, later in an Olm session", message, lambda one: (opens(kept) if one == message else back).decrypt(one)
    )


def _frames() -> Iterator[Structure]:
    signed = b'{"a":1}'
    held = Frame(
        canonical.b64u(bytes(32)), b"e" * 32, b"h" * 32, m.NOW, (Item(0, signed, b"s" * 64),), b"t" * 200, (), (),
        b"r" * 32, b"a" * 64,
    )  # fmt: skip
    group = OutboundGroup.new()
    inbound = InboundGroup.from_key(group.key())
    yield Structure("frame in Megolm", group.encrypt(frame.encode(held)), lambda one: frame.decode(inbound.decrypt(one)[0]) == held)


def _attachments() -> Iterator[Structure]:
    """Two chunks: the last is marked as such. And what the signed operation says of it."""
    pieces, seal = attachment.seal([random.Random(1).randbytes(attachment.CHUNK + 300)])
    whole = b"".join(pieces)
    yield Structure("attachment of two chunks", whole, lambda one: attachment.open(seal, [one]))
    numbers = seal.size.to_bytes(4, "big") + seal.sealed_size.to_bytes(4, "big")

    def told(one: bytes) -> object:
        size, sealed = int.from_bytes(one[32:36], "big"), int.from_bytes(one[36:40], "big")
        return attachment.open(attachment.Seal(one[:32], size, sealed, one[40:72], one[72:]), [whole])

    yield Structure("attachment, key, sizes and hashes", seal.key + numbers + seal.sealed_hash + seal.plain_hash, told)


def _key_files() -> Iterator[Structure]:
    for magic, root in ((rootfile.MAGIC, i.Root.of_secret(bytes(range(32)))), (rootfile.FIRST, m.root())):
        file = i.seal_root(root, WORDS, 1, 8192, floor=WEAK)
        yield Structure(
            f"key file {magic}", fields.unarmour(magic, file, "rootfile"),
            lambda one, magic=magic: i.open_root(fields.armour(magic, one), WORDS, floor=WEAK),
        )  # fmt: skip
        yield Structure(
            f"key file {magic} as text", file, lambda one: i.open_root(one, WORDS, floor=WEAK),
            same=lambda one, file=file: one.split() == file.split(),
        )  # fmt: skip


def _given(*names: str) -> Given:
    return Given(**{name: bytearray(SECRETS[name]) for name in names})


def _head(*kinds: str) -> header.Header:
    empty = header.new("Aurelia", 1)
    made = [
        slots.seal(kind, _given(*KINDS[kind].needs), DATABASE, empty.vault, cost=CHEAP, made=m.NOW, **NUMBERS.get(kind, {}))
        for kind in kinds
    ]
    return replace(empty, slots=tuple(made))


def _slots() -> Iterator[Structure]:
    for kind in KINDS:
        head = _head(kind)
        whole, own = header.encode(head), canonical.encode(dict(head.slots[0]))
        start = whole.index(own)
        yield Structure(
            f"slot: {kind}", whole, lambda one, kind=kind: slots.open_with(header.decode(one), _given(*KINDS[kind].needs), CHEAP),
            start, start + len(own),
        )  # fmt: skip
        vault = whole.index(head.vault.encode())
        yield Structure(
            f"slot: {kind}, the vault it is for", whole,
            lambda one, kind=kind: slots.open_with(header.decode(one), _given(*KINDS[kind].needs), CHEAP),
            vault, vault + len(head.vault),
        )  # fmt: skip


def _backup() -> Iterator[Structure]:
    """A whole file of two frames, which opens by its passphrase and through the recovery slot on its cover."""
    key = DATABASE[::-1]
    cover = backup_file.seal_cover(bytearray(WORDS), key, DATABASE, _head("passphrase", RECOVERY), m.NOW, CHEAP)
    out = io.BytesIO()
    writer = backup_file.Writer(out, cover, key)
    writer.frame(b"the first frame")
    writer.frame(b"the last frame", last=True)

    def opened(one: bytes, by: str) -> object:
        source = io.BytesIO(one)
        read = backup_file.read_cover(source)
        found = backup_file.open_cover(read, _given(by), CHEAP)
        return list(backup_file.frames(source, read, found))

    for by in ("passphrase", "recovery"):
        yield Structure(f"backup, by {by}", out.getvalue(), lambda one, by=by: opened(one, by))


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory()


def _pages() -> Iterator[Structure]:
    """A page of a vault as its engine wrote it, and the seal that a clean close leaves beside the vault."""
    folder = Path(_folder().name)
    key = connection.new_key()
    made = connection.connect(folder / "vault.db", key)
    made.execute("create table probe (words text)")
    made.execute("insert into probe values ('a line of the record')")
    made.close()
    data = (folder / "vault.db").read_bytes()
    yield Structure("page of a vault", data[pages.PAGE : 2 * pages.PAGE], lambda one: not pages.bad(2, one, key))
    pages.write_seal(folder, key, pages.Seal(7, b"r" * 16, b"f" * 16))

    def read(one: bytes) -> bool:
        (folder / pages.SEAL).write_bytes(one)
        return pages.read_seal(folder, key) is not None

    yield Structure("seal beside a vault", (folder / pages.SEAL).read_bytes(), read)


def _bundle() -> Iterator[Structure]:
    parcels = [Parcel(bytes([one]) * 16, (b"m" * 16, bytes([one + 100]) * 16), bytes([one]) * 700) for one in range(3)]
    yield Structure("bundle", bundle.encode(parcels), bundle.decode)
