"""Coverage-guided spoilt bytes at every parser: `python -m tests.hostile.fuzz --runs 1000000`.

The first byte of an input chooses the parser. Signatures are taken for good here, so that what lies behind them is
reached; nothing but one of our errors may come out, within 5 seconds and 700 MB. Inputs that fail are named by the
fuzzer and kept in --failures; `--replay FILE` tries one again.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import atheris

with atheris.instrument_imports(include=["valise.protocol", "valise.carriers.bundle", "valise.vault.header"]):
    from tests.hostile import mutate
    from tests.protocol import made

    from valise.carriers import bundle
    from valise.carriers.abc import Parcel
    from valise.domain import relay, relay_given
    from valise.domain import room as _kinds  # noqa: F401 - registers the kinds of operations
    from valise.domain.errors import ValiseError
    from valise.protocol import (
        canonical,
        card,
        cbor,
        certificate,
        envelope,
        fields,
        frame,
        grant,
        hpke,
        keymessage,
        operation,
        padding,
        relaykit,
        relaypass,
        request,
        signing,
        statement,
    )
    from valise.protocol.frame import Frame, Item, Piece
    from valise.protocol.keymessage import Ends, Outer, SessionKey
    from valise.protocol.statement import LogLine, Statement
    from valise.vault import header, slots

LONGEST = 1 << 16
ZERO = bytes(32)
ENDS = Ends(3, ZERO, ZERO, ZERO, ZERO)


def _in_two(data: bytes, size: int, read: Callable[[bytes, bytes], object]) -> object:
    """What was signed, then a signature of `size` bytes."""
    return read(data[:-size], data[-size:])


def _header(data: bytes) -> object:
    found = header.decode(data)
    return [slots.KINDS[one["kind"]].check(one, slots.Kdf(1, 8192, 1, 8192)) for one in found.slots if one["kind"] in slots.KINDS]


def _envelope(data: bytes) -> object:
    if envelope.kind_of(data) == "key":
        return envelope.key_id_of(data), envelope.open_key(made.secret().prekey, ZERO, data)
    return envelope.tag_of(data), envelope.open_content(ZERO, data)


def _bundle(data: bytes) -> object:
    """As it is, and with the digests put right, so that the parser behind them is reached."""
    try:
        return bundle.decode(data)
    except ValiseError:
        head = bundle.read_head(data, len(data))
        return head


READERS: dict[str, Callable[[bytes], object]] = {
    "canonical": canonical.decode,
    "cbor": cbor.decode,
    "armour": lambda data: fields.unarmour(card.MAGIC, data, "card"),
    "envelope": _envelope,
    "padding": padding.unpad,
    "frame": frame.decode,
    "key message": lambda data: keymessage.check_binding(keymessage.decode(data, ENDS)),
    "outer key message": keymessage.decode_outer,
    "statement": lambda data: statement.decode(data, made.secret().key.public),
    "certificate": lambda data: _in_two(
        data, signing.COMPOSITE_SIGNATURE, lambda raw, sig: certificate.read_certificate(raw, sig, made.root().public)),
    "prekeys": lambda data: _in_two(
        data, signing.SIGNATURE, lambda raw, sig: certificate.read_prekeys(raw, sig, made.secret().key.public)),
    "card": card.read_card,
    "request": request.read_request,
    "grant": lambda data: grant.read_grant(fields.armour(grant.MAGIC, padding.pad(data, 64 * 1024)), made.secret(2)),
    "operation": lambda data: _in_two(data, signing.SIGNATURE, lambda raw, sig: operation.read(raw, sig, "record")),
    "header": _header,
    "bundle": _bundle,
    "relay kit": relaykit.decode,
    "relay pass": lambda data: _in_two(
        data, signing.SIGNATURE, lambda raw, sig: relaypass.read_pass(raw, sig, (made.certificate(),))),
    "relay address": lambda data: relay_given.user_of(relay.read_address(canonical.decode(data)).jwt),
    "revocation": relaykit.decode_revocation,
}
NAMES = tuple(READERS)


def samples() -> dict[str, list[bytes]]:
    """What each of them reads when nothing is spoilt."""
    held = made.certificate()
    keys = made.secret().prekeys(made.NOW)
    said = Statement("r" * 43, "d" * 43, 5, (LogLine(0, "d" * 43, 4, ZERO, 6), LogLine(1, "e" * 43, 0, b"", 2)), ("o" * 43,),
                     (bytes(16),), ((ZERO, (1, 2, 7)),))
    told = statement.encode(said, made.secret().key)
    made_frame = frame.encode(Frame("r" * 43, ZERO, ZERO, 7, (Item(0, b"{}", b"s" * 64),), told, (made.card().data,),
                                    (Piece(ZERO, 3, b"data"),), ZERO, b"s" * 64))
    key = SessionKey(3, ZERO, ZERO, ZERO, ZERO, ZERO, made.secret().prekey.public, "A" * 43, 1, 9, ZERO, b"k" * 165)
    op = canonical.encode({"v": 1, "kind": "room.add", "room": "r" * 43, "author": "a" * 43, "device": "d" * 43, "seq": 2,
                           "prev": "p" * 43, "deps": ["q" * 43], "at": 5, "tick": 0,
                           "body": {"delegation": "b" * 43, "heads": ["h" * 43], "history": "record"}})
    vault = header.new("Aurelia", made.NOW)
    slot = slots.seal_slot("passphrase", bytearray(b"a passphrase"), "0" * 160, vault.vault, slots.Kdf(1, 8192, 1, 8192))
    parcels = [Parcel(bytes([n]) * 16, (bytes([n]) * 16,), b"blob" * 40) for n in range(3)]
    sealed = envelope.seal_key(made.secret().prekey.public, ZERO, keymessage.encode_outer(Outer(ZERO, 3, b"olm" * 40)))
    granted = fields.unarmour(grant.MAGIC, grant.make_grant(made.request(2), made.certificate(2), _both(), [], made.secret()), "grant")
    asked = made.secret(2)
    granted = padding.unpad(hpke.open(asked.prekey, granted, grant._info(asked.id, asked.prekey.key_id)), 64 * 1024)
    server = relay.Server(("wss://relay.example:443", "tls://relay.example"), "", "ab" * 32)
    token, seed = "aaaa.eyJzdWIiOiJVIn0." + "c" * 86, "SU" + "A" * 56
    address = relay.Address(server, "inboxaaa", "slotaaaa", token, seed, made.NOW)
    handed = relaypass.make_pass(address, made.secret().key, made.NOW)
    kit = relay.Kit(relay.Mailbox(server, "inboxaaa", "seataaaa", token, seed, made.NOW),
                    relay.Minting("A" + "B" * 55, "SA" + "A" * 56), "Relay")
    return {
        "canonical": [op, held.raw], "cbor": [told[:-64], made_frame], "armour": [made.card().file],
        "envelope": [sealed, envelope.seal_content(ZERO, bytes(16), made_frame)], "padding": [padding.pad(b"words" * 300)],
        "frame": [made_frame], "key message": [keymessage.encode(key)],
        "outer key message": [keymessage.encode_outer(Outer(ZERO, 3, b"olm" * 40))], "statement": [told],
        "certificate": [held.raw + held.sig], "prekeys": [keys.raw + keys.sig],
        "card": [made.card().data, made.card().file, made.card().with_pass(handed).file],
        "request": [made.request().data], "grant": [granted], "operation": [op + bytes(64)],
        "header": [header.encode(header.Header(vault.vault, vault.public_name, vault.made, (slot,)))],
        "bundle": [bundle.encode(parcels)],
        "relay kit": [relaykit.encode(kit)], "relay pass": [handed.raw + handed.sig],
        "relay address": [canonical.encode(relay.address_body(address))],
        "revocation": [relaykit.encode_revocation("A" + "B" * 55, ["U" + "A" * 55, "U" + "B" * 55], made.NOW)],
    }  # fmt: skip


def _both() -> Any:
    from valise.protocol.card import make_card

    first = made.card()
    return make_card(made.root(), code="XA", name="Aurelia", devices=[made.on_card(1), made.on_card(2)], number=2, prev=first.hash,
                     issued_at=made.NOW)


def believe_signatures() -> None:
    """Every signature holds and every seal is open from here on: what is tried is the reading, not the mathematics."""
    for module in (signing, certificate.signing, card.signing, relaypass.signing, request.signing, statement.signing):
        module.verify = lambda *_: None  # type: ignore[assignment]
        module.verify_composite = lambda *_: None  # type: ignore[assignment]
    grant.verify = lambda *_: None  # type: ignore[assignment, attr-defined]
    grant.hpke = SimpleNamespace(open=lambda _key, sealed, _info: sealed, PUBLIC=hpke.PUBLIC)  # type: ignore[assignment]


def one(data: bytes) -> None:
    """Try an input. Raises what is not one of our errors."""
    if not data:
        return
    try:
        READERS[NAMES[data[0] % len(NAMES)]](data[1:])
    except ValiseError:
        return


def spoil(every: dict[str, list[bytes]]) -> Callable[[bytes, int, int], bytes]:
    """Half of what is tried comes from the fuzzer's own changes, half is a whole document with one field changed."""

    def change(data: bytes, most: int, seed: int) -> bytes:
        rng = random.Random(seed)
        if rng.random() < 0.5 or not data:
            return bytes(atheris.Mutate(data, most))
        which = data[0] % len(NAMES)
        known = [*every[NAMES[which]], data[1:]] if len(data) > 1 else every[NAMES[which]]
        try:
            return (bytes([which]) + mutate.document(rng, every[NAMES[which]]))[:most]
        except AssertionError:  # no document of ours: spoil its bytes
            return (bytes([which]) + mutate.octets(rng, known))[:most]

    return change


def main(argv: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--planted", action="store_true", help="a parser that fails now and then, to see that it is found")
    known = parser.parse_args(argv)
    if known.planted:
        READERS["padding"] = lambda data: {}[0] if data.endswith(b"\0\0") else padding.unpad(data)
    every = samples()
    believe_signatures()
    if known.replay:
        one(known.replay.read_bytes())
        print("nothing but our own errors")
        return
    for name, wholes in every.items():  # whole ones are read: otherwise the fuzzer would only knock at closed doors
        for whole in wholes:
            if name != "envelope" and not known.planted:  # sealed to keys that are not at hand
                READERS[name](whole)
    with tempfile.TemporaryDirectory() as corpus:
        for which, name in enumerate(NAMES):
            for n, whole in enumerate(every[name]):
                (Path(corpus) / f"{which}-{n}").write_bytes(bytes([which]) + whole)
        atheris.Setup(
            [sys.argv[0], f"-runs={known.runs}", f"-seed={known.seed}", f"-max_len={LONGEST}", "-timeout=5", "-rss_limit_mb=700",
             "-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={known.failures}/", corpus],
            one, custom_mutator=spoil(every))  # fmt: skip
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
