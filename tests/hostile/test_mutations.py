"""Ten thousand spoilt inputs at every door through which something comes in from outside.

Each is refused by one of our errors, or counted as refused, or kept sealed, or has no effect; nothing else happens,
and what the vault holds stays as it was. An input replays from its target and number.
"""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.hostile import mutate
from tests.hostile import tools as h
from tests.hostile.tools import CHAT, RECORD
from tests.world import FAST, PASSPHRASE, World

from valise.carriers import abc, bundle
from valise.carriers.abc import Parcel
from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE
from valise.desk.opening import Tally
from valise.domain.errors import Refused, ValiseError
from valise.protocol import (
    canonical,
    cbor,
    envelope,
    fields,
    frame,
    grant,
    hpke,
    identity,
    keymessage,
    padding,
    rootfile,
    statement,
)
from valise.protocol.certificate import DeviceSecret
from valise.protocol.frame import Frame, Item, Piece
from valise.protocol.keymessage import Outer, SessionKey
from valise.protocol.olm import OlmSession, OutboundGroup
from valise.vault import header, sessions, slots
from valise.vault.slots import kdf

# What may change although nothing was believed: that an envelope was here (envelope_seen, replay, sealed, wanted_tag), how
# far a carrier was read (cursor, bundle_seen), that somebody is owed an answer or got one (statement_due, repaired), what
# roster a member named (roster_seen), how far its vault has come (point_heard), notices of what was wrong (event), and the counters of writing (meta, generation).
BOOKKEEPING = (
    "envelope_seen", "replay", "sealed", "wanted_tag", "cursor", "bundle_seen", "statement_due", "repaired", "roster_seen",
    "point_heard", "event", "meta", "generation",
)
# An authentic key message of a peer with one odd field also moves the ratchet of the pair; it brings no session with it.
RATCHET = ("olm", "peer_key", "prekey_seen")
BATCH = 25


@dataclass(slots=True)
class Stage:
    """The victim XG, the hostile member XB with live sessions in memory, and samples of everything that travels."""

    world: World
    room: str
    victim: Desk
    hostile: Desk
    sessions: dict[int, tuple[h.Session, OutboundGroup]]
    keys: list[SessionKey]
    olm: bytes
    public: bytes
    envelopes: dict[str, list[bytes]]
    items: list[Item]
    frames: dict[int, list[bytes]]  # by class of the session
    statements: list[bytes]
    cards: list[bytes]
    requests: list[bytes]
    secret: DeviceSecret
    grant: bytes
    grants: list[bytes]
    root: bytes
    bundles: list[bytes]

    def seal(self, klass: int, data: bytes | Frame) -> bytes:
        session, group = self.sessions[klass]
        return h.seal_in(session, group, data)


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    world = World(tmp_path_factory.mktemp("stage"), ("XA", "XB", "XG"))
    room = h.talk(world)
    a, b, g = (world[code] for code in ("XA", "XB", "XG"))
    text = a.texts.open(room, "Draft", paragraphs=[
        {"section": "OP", "label": f"OP {n}", "words": f"Paragraph {n} as it is;", "status": "open"} for n in (1, 2)])
    world.exchange()
    one, two = [row.id for row in b.texts.outline(text)][1:]
    (proposal,) = b.texts.propose_words(text, one, "Paragraph one as it was;", "reason")
    g.texts.propose_alternative(text, two, "Something else;")
    world.exchange()
    a.texts.position(text, proposal, "support")
    a.texts.take(text, proposal)
    a.texts.revision(text, "FICT/1/Rev.1")
    file = b.messages.attach(room, "annex.bin", random.Random(3).randbytes(150_000))
    b.messages.send(room, "see annex", attachments=[file.id], for_the_record=True)
    world.exchange(rounds=8, pause=21_000)
    assert g.messages.attachment_view(file.id).ready and b.exchange.status().waiting == 0

    fetched = abc.find("folder")(world.share).fetch(frozenset({g.context.own.mailbox}), b"", 10_000, lambda names: ())
    envelopes: dict[str, list[bytes]] = {"key": [], "content": []}
    for _, blob in fetched.items:
        envelopes[envelope.kind_of(blob)].append(blob)
    keys, live = [], {}
    made: list[SessionKey] = []
    encode = keymessage.encode
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keymessage, "encode", lambda message: (made.append(message), encode(message))[1])
        for klass in (RECORD, CHAT):
            blob, session, group = h.key_to(b, g, room, klass)
            assert h.give(g, blob).opened == 1
            assert h.give(g, h.seal_in(session, group, h.plain(b, room, epoch=session.epoch))).refused == []  # it has begun
            live[klass] = (session, group)
    keys = made
    with b.store.read() as handle:
        rows = handle.rows("select klass, raw, sig, device from op where room = ? order by n", (room,))
        chunks = handle.rows("select i, data from chunk where attachment = ? order by i limit 2", (file.id,))
    # chat of XB itself is left out: another text at a known place is no spoilt input but XB's second history
    items = [Item(klass, raw, sig) for klass, raw, sig, device in rows if klass == RECORD or device != b.me().device]
    with b.context.write() as tx:
        said = [b.exchange.repair.make(tx, room)]
    said += [h.said(b, room, logs=tuple(h.line(world[code], klass, 1) for code in ("XA", "XB", "XG") for klass in (0, 1))),
             h.said(b, room, want=("A" * 43,), tags=(bytes(16),), pieces=((bytes(32), (0, 1)),))]
    cards = [canonical_card(world, code) for code in ("XA", "XB", "XG")]
    pieces = tuple(Piece(canonical.unb64u(file.id), i, data[:2_000]) for i, data in chunks)
    frames = {
        klass: [
            frame.encode(h.plain(b, room, epoch=one.epoch, recipients=one.recipients, announcement=one.announcement, **parts))
            for parts in (
                {"items": tuple(items[:6]), "statement": said[0]}, {"items": tuple(items[-4:]), "cards": (cards[0],)},
                {"pieces": pieces, "cards": (cards[1],)}, {"statement": said[1]})
        ]
        for klass, (one, _) in live.items()
    }
    secrets = [DeviceSecret.new() for _ in range(3)]
    requests = [identity.make_request(one, f"Officer {n}", "Adviser", world.clock.now()) for n, one in enumerate(secrets)]
    root = (world.base / "XA" / KEY_FILE).read_bytes()
    granted = a.grant_enrolment(requests[0].data, root, bytearray(PASSPHRASE), ("observe", "speak"))
    info = b"valise/v1/grant\0" + canonical.unb64u(secrets[0].id, 32) + secrets[0].prekey.key_id
    inside = padding.unpad(hpke.open(secrets[0].prekey, fields.unarmour(grant.MAGIC, granted, "grant", 1 << 24), info), 64 * 1024)
    world.exchange(rounds=3)  # everybody knows the new laptop's card
    cards = [canonical_card(world, code) for code in ("XA", "XB", "XG")]
    with b.store.read() as handle:
        (_, olm), *_ = sessions.olm(handle, g.me().device)
        public = sessions.peer_key(handle, g.me().device)
    assert public is not None
    bundles = [path.read_bytes() for path in sorted(world.share.rglob("*.vb"))[:12]]
    made_stage = Stage(
        world, room, g, b, live, keys, olm, public, envelopes, items, frames, said, cards,
        [one.data for one in requests], secrets[0], granted, [inside], (world.base / "XB" / KEY_FILE).read_bytes(), bundles)
    settle(made_stage)
    yield made_stage
    world.close()


def canonical_card(world: World, code: str) -> bytes:
    from valise.protocol.card import read_card

    return read_card(world[code].contacts.own_card()).data


def settle(stage: Stage) -> None:
    """Everything sent as it should be is taken, and changes nothing: so a change later comes from a spoilt input."""
    before = h.contents(stage.victim, BOOKKEEPING)
    for klass in (RECORD, CHAT):
        for data in stage.frames[klass]:
            tally = h.give(stage.victim, stage.seal(klass, data))
            assert (tally.opened, tally.operations) == (1, 0)
            assert set(tally.refused) <= {"op.chat_not_own"}, tally.refused
    assert h.contents(stage.victim, BOOKKEEPING) == before


# -- what is spoilt, by target


def key_bytes(stage: Stage, rng: random.Random) -> bytes:
    return mutate.octets(rng, stage.envelopes["key"])


def key_inside(stage: Stage, rng: random.Random) -> bytes:
    """A key message of XB with something changed under all the layers, or in one of them."""
    message = rng.choice(stage.keys)
    device = canonical.unb64u(stage.hostile.me().device)
    data = keymessage.encode(replace(message, number=message.number))
    where = rng.random()
    if where < 0.7:
        data = mutate.either(rng, [keymessage.encode(one) for one in stage.keys])
    sealed = OlmSession.load(stage.olm).encrypt(data)
    if 0.7 <= where < 0.85:
        sealed = mutate.octets(rng, [sealed])
    outer = keymessage.encode_outer(Outer(device, message.number, sealed))
    if where >= 0.85:
        outer = mutate.either(rng, [outer])
    return envelope.seal_key(stage.public, canonical.unb64u(stage.victim.me().device), outer[: envelope.MAX_PAYLOAD])


def content_bytes(stage: Stage, rng: random.Random) -> bytes:
    if rng.random() < 0.5:
        return mutate.octets(rng, stage.envelopes["content"])
    # as a member can: the outer layer is right, what is inside it is not
    klass = rng.choice((RECORD, CHAT))
    session, group = stage.sessions[klass]
    inner = mutate.octets(rng, [group.encrypt(rng.choice(stage.frames[klass]))])
    return envelope.seal_content(session.wrap, session.tag, inner[: envelope.MAX_INNER])


def frames(stage: Stage, rng: random.Random) -> bytes:
    klass = rng.choice((RECORD, CHAT))
    data = mutate.either(rng, stage.frames[klass])[:200_000]
    return stage.seal(klass, rng.choice(stage.frames[klass])[:-1] if speaks(stage, data) else data)


def speaks(stage: Stage, data: bytes) -> bool:
    """Whether a whole frame came out in which an item of XB's own is called conversation: there XB may say what it likes."""
    try:
        found = frame.decode(data)
    except Refused:
        return False
    own = stage.hostile.me().device.encode()
    return any(one.klass == CHAT and own in one.raw for one in found.items)


def operations(stage: Stage, rng: random.Random) -> bytes:
    """A spoilt operation, as it was signed or signed anew by somebody who is not its author."""
    item = rng.choice(stage.items)
    samples = [one.raw for one in stage.items]
    raw, sig, klass = item.raw, item.sig, item.klass
    act = rng.randrange(5)
    if act < 3:
        raw = mutate.either(rng, samples)
    elif act == 3:
        sig = mutate.octets(rng, [one.sig for one in stage.items if one.sig])
    else:
        klass = 1 - klass
    if act == 0 and klass == RECORD:
        digest = canonical.digest(h.DOMAIN[RECORD], raw)
        author = stage.hostile if stage.hostile.me().device.encode() not in raw else stage.world["XA"]
        keys = author.context.keys
        sig = keys.composite.sign(digest) if rng.random() < 0.3 else keys.ed25519.sign(digest)
    if klass == CHAT and stage.hostile.me().device.encode() in raw:
        klass = RECORD  # of its own conversation XB may say what it likes
    made = h.plain(stage.hostile, stage.room, epoch=stage.sessions[RECORD][0].epoch, items=(Item(klass, raw[: 1 << 17], sig[:4096]),))
    return stage.seal(rng.choice((RECORD, CHAT)), made)


def statements(stage: Stage, rng: random.Random) -> bytes:
    data = rng.choice(stage.statements)
    raw, sig = data[:-64], data[-64:]
    act = rng.randrange(4)
    if act == 0:
        data = mutate.octets(rng, stage.statements)
    elif act == 1:
        data = mutate.document(rng, [one[:-64] for one in stage.statements]) + sig
    else:  # signed anew, by another device; or by XB itself, but not a statement
        data = mutate.document(rng, [one[:-64] for one in stage.statements])
        signer = stage.world["XA"] if act == 2 else stage.hostile
        if act == 3:
            data = cbor.encode([cbor.decode(data)]) if rng.random() < 0.5 else raw + b"\0"
        data += signer.context.keys.ed25519.sign(canonical.digest(statement.DOMAIN, data))
    made = h.plain(stage.hostile, stage.room, epoch=stage.sessions[RECORD][0].epoch, statement=data[: 1 << 17])
    return stage.seal(rng.choice((RECORD, CHAT)), made)


def cards(stage: Stage, rng: random.Random) -> bytes:
    """In a frame."""
    data = mutate.either(rng, stage.cards)
    made = h.plain(stage.hostile, stage.room, epoch=stage.sessions[RECORD][0].epoch, cards=(data[:100_000],))
    return stage.seal(RECORD, made)


ENVELOPES: dict[str, tuple[Callable[[Stage, random.Random], bytes], int]] = {
    "key envelopes": (key_bytes, 700),
    "key messages": (key_inside, 900),
    "content envelopes": (content_bytes, 900),
    "frames": (frames, 2_000),
    "operations": (operations, 1_900),
    "statements": (statements, 800),
    "cards in frames": (cards, 600),
}


TIMES = pytest.mark.parametrize(
    "times", [1, pytest.param(20, marks=pytest.mark.soak)], ids=["ten thousand in all", "two hundred thousand"])


class Undo(Exception):
    """Ends a transaction that must leave nothing behind."""


def take(stage: Stage, blobs: list[bytes], keep: bool) -> tuple[Tally, dict[str, str]]:
    """A batch arrives. `keep` False: looked at inside the transaction, then undone, so that ratchets stay as they are."""
    tally = Tally()
    if keep:
        return h.give(stage.victim, *blobs), {}
    try:
        with stage.victim.context.write() as tx:
            tally = stage.victim.exchange.opening.batch(tx, [(n.to_bytes(16, "big"), one) for n, one in enumerate(blobs)])
            after = {table: repr(sorted(map(repr, tx.rows(f'select * from "{table}"')))) for table in TABLES}
            raise Undo
    except Undo:
        stage.victim.exchange.forget()
    return tally, after


TABLES = (
    "op", "log", "head", "room", "room_member", "message", "held", "session_in", "session_out", "session_made", "delegation",
    "device", "secret", "key_out", "reply_key", "suspended", "parcel", "outbox", "attachment", "chunk", "text", "remark",
)


@TIMES
@pytest.mark.parametrize("target", ENVELOPES)
def test_no_spoilt_envelope_changes_the_vault(stage: Stage, target: str, times: int) -> None:
    make, count = ENVELOPES[target]
    keep = target != "key messages"
    ignored = BOOKKEEPING if keep else (*BOOKKEEPING, *RATCHET)
    before = h.contents(stage.victim, ignored)
    _, still = take(stage, [], False)
    outcome: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    for start in range(0, count * times, BATCH):
        batch = [make(stage, random.Random(f"{target}/{n}")) for n in range(start, min(start + BATCH, count * times))]
        try:
            tally, after = take(stage, batch, keep)
        except Exception:
            for n, blob in enumerate(batch):  # which one was it?
                try:
                    take(stage, [blob], False)
                except Exception as error:
                    pytest.fail(f"{target}/{start + n}: {error!r}")
            raise
        # who has our reply key and writes with it what no session reads has lost his sessions: our keys go to him anew
        free = ("key_out", "reply_key") if target == "key messages" else ()
        changed = sorted(table for table in after if after[table] != still[table] and table not in free)
        if keep:
            now = h.contents(stage.victim, ignored)
            changed = sorted(table for table in now if now[table] != before[table])
        assert not changed, f"{target}, {start} to {start + BATCH}: {changed}"
        assert tally.operations == 0
        outcome["refused"] += len(tally.refused)
        codes.update(tally.refused)
        outcome["sealed"] += tally.sealed
        outcome["opened"] += tally.opened
    print(f"{target}: {count * times} inputs, {dict(outcome)}, {codes.most_common()}")
    assert outcome["refused"] + outcome["sealed"] >= count * times * 0.6, outcome
    assert h.contents(stage.victim, ignored) == before
    settle(stage)


# -- files that a person brings


def check_card(stage: Stage, rng: random.Random) -> str:
    samples = [fields.armour("VALISE-CARD-1", one) for one in stage.cards]
    data = mutate.octets(rng, samples) if rng.random() < 0.4 else fields.armour("VALISE-CARD-1", mutate.either(rng, stage.cards))
    try:
        stage.victim.contacts.import_card(data)
    except ValiseError as error:
        return error.code
    return ""  # white space only: the vault must not have changed, which the caller looks at


def check_header(stage: Stage, rng: random.Random) -> str:
    raw = (stage.victim.store.folder / header.NAME).read_bytes()
    data = mutate.either(rng, [raw])
    try:
        key = slots.open_slots(header.decode(data), bytearray(PASSPHRASE), FAST)
    except ValiseError as error:
        return error.code
    assert key == stage.victim.store._key, "a spoilt header opened to another key"
    return ""


def check_request(stage: Stage, rng: random.Random) -> str:
    data = mutate.either(rng, stage.requests)
    try:
        found = identity.read_request(data)
    except ValiseError as error:
        return error.code
    pytest.fail(f"accepted for {found.device}")


def check_grant(stage: Stage, rng: random.Random) -> str:
    """The file as a whole, or what is sealed in it: whoever saw the request can seal to it."""
    secret, inside = stage.secret, stage.grants
    act = rng.randrange(3)
    if act == 0:
        data = mutate.octets(rng, [stage.grant])
    elif act == 1:
        data = sealed_grant(secret, mutate.either(rng, inside))
    else:  # signed anew by a laptop that may not enrol: XB's
        inner, _ = cbor.decode(rng.choice(inside))
        inner = mutate.document(rng, [inner])
        sig = stage.hostile.context.keys.ed25519.sign(canonical.digest("valise/v1/grant", inner))
        data = sealed_grant(secret, cbor.encode([inner, sig]))
    try:
        found = grant.read_grant(data, secret)
    except ValiseError as error:
        return error.code
    assert data.split() == stage.grant.split() and found.certificate.device == secret.id
    return ""


def sealed_grant(secret: DeviceSecret, signed: bytes) -> bytes:
    info = b"valise/v1/grant\0" + canonical.unb64u(secret.id, 32) + secret.prekey.key_id
    return fields.armour(grant.MAGIC, hpke.seal(secret.prekey.public, padding.pad(signed, 64 * 1024), info))


def check_root(stage: Stage, rng: random.Random) -> str:
    raw = fields.unarmour(rootfile.MAGIC, stage.root, "rootfile")
    data = mutate.octets(rng, [stage.root]) if rng.random() < 0.4 else fields.armour(rootfile.MAGIC, mutate.either(rng, [raw]))
    try:
        found = rootfile.open_root(data, bytearray(PASSPHRASE), (1, 8192))
    except ValiseError as error:
        return error.code
    assert data.split() == stage.root.split() and found.delegation == stage.world.id("XB")
    return ""


def check_bundle(stage: Stage, rng: random.Random) -> str:
    """Whatever lies in the folder: what a carrier still takes out of it was put in, or is refused as an envelope."""
    act = rng.randrange(3)
    data = mutate.octets(rng, stage.bundles)
    if act > 0:  # with digests that fit again, as somebody does who means it
        data = digested(data)
    if act == 2 and data:
        size = min(one for one in bundle.CLASSES if one >= min(len(data), bundle.LARGEST))
        data = digested(data[:size].ljust(size, b"\0"))
    try:
        found = bundle.decode(data)
    except Refused as error:
        assert error.code in ("carrier.torn", "carrier.parcel")
        return error.code
    tally = h.give(stage.victim, *(one.blob for one in found))
    assert tally.operations == 0
    return ""


def digested(data: bytes) -> bytes:
    """The same bundle with both digests right, as far as its own lengths allow."""
    if len(data) < bundle.START.size + 64:
        return data
    length = int.from_bytes(data[16:20], "big")
    if bundle.START.size + 32 <= length <= len(data) - 32:
        head = data[: length - 32]
        data = head + hashlib.blake2b(head, digest_size=32, person=b"valise/head/1").digest() + data[length:]
    return data[:-32] + hashlib.blake2b(data[:-32], digest_size=32, person=b"valise/bundle/1").digest()


FILES: dict[str, tuple[Callable[[Stage, random.Random], str], int]] = {
    "cards as files": (check_card, 500),
    "headers": (check_header, 500),
    "requests": (check_request, 300),
    "enrolment files": (check_grant, 300),
    "root key files": (check_root, 300),
    "bundles": (check_bundle, 300),
}


@pytest.fixture
def no_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that asks for much memory asks in vain here too: the test is not about how long that takes."""
    monkeypatch.setattr(rootfile, "_CEILING", (4, 1 << 20))
    monkeypatch.setattr(kdf, "OPS_MOST", 4)
    monkeypatch.setattr(kdf, "MEM_MOST", 1 << 20)


@TIMES
@pytest.mark.parametrize("target", FILES)
def test_no_spoilt_file_is_believed(stage: Stage, no_cost: None, target: str, times: int) -> None:
    check, count = FILES[target]
    before = h.contents(stage.victim, BOOKKEEPING)
    outcome: Counter[str] = Counter()
    for n in range(count * times):
        try:
            outcome[check(stage, random.Random(f"{target}/{n}")) or "no effect"] += 1
        except Exception as error:
            raise AssertionError(f"{target}/{n}: {error!r}") from error
        if n % BATCH == 0:
            assert h.contents(stage.victim, BOOKKEEPING) == before, f"{target}, up to {n}"
    print(f"{target}: {sum(outcome.values())} inputs, {dict(outcome)}")
    assert h.contents(stage.victim, BOOKKEEPING) == before
    assert outcome["no effect"] <= count * times * 0.35, outcome


def test_a_spoilt_bundle_in_the_folder_hides_no_other(stage: Stage, tmp_path: Path) -> None:
    rng = random.Random("folder")
    carrier = abc.find("folder")(tmp_path)
    carrier.prepare()
    route = bytes(16)
    whole = Parcel(bytes(15) + b"\1", (route,), stage.envelopes["content"][0])
    carrier.put([whole])
    for n in range(100):
        data = digested(mutate.octets(rng, stage.bundles))
        place = tmp_path / "v1" / f"{n:02x}"
        place.mkdir(exist_ok=True)
        (place / f"{n:02x}{rng.randbytes(15).hex()}.vb").write_bytes(data)
    found = dict(carrier.fetch(frozenset((route,)), b"", 1_000, lambda names: ()).items)
    assert found[whole.id] == whole.blob


def test_there_are_ten_thousand() -> None:
    assert sum(count for _, count in (*ENVELOPES.values(), *FILES.values())) == 10_000
