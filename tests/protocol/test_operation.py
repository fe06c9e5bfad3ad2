"""Operations: made, read strictly, verified against a certificate."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.protocol import canonical, operation, signing
from valise.protocol.operation import Signed

from .made import NOW, all_refused, certificate, flips, refused, root, secret

ROOM = canonical.b64u(bytes(32))
BODIES: dict[str, dict[str, Any]] = {
    "probe.note": {"words": "States should co-operate", "size": 3},
    "probe.seal": {"words": "adopted"},
    "probe.chat": {"words": "shall we meet?"},
    "probe.either": {"words": "noted"},
}


def make(kind: str = "probe.note", **changed: Any) -> Signed:
    given = {
        "kind": kind,
        "room": ROOM,
        "author": root().delegation,
        "device": secret().id,
        "seq": 1,
        "prev": "",
        "deps": [],
        "at": NOW,
        "tick": 0,
        "body": BODIES[kind],
        "device_key": secret().key,
        "composite_key": secret().composite,
    }
    return operation.make(**(given | changed))


def klass_of(kind: str) -> operation.Klass:
    return "chat" if kind == "probe.chat" else "record"


def spoil(**changed: Any) -> bytes:
    """Canonical bytes of an operation with other fields; `None` leaves one out."""
    held = canonical.decode(make().raw) | changed
    return canonical.encode({name: value for name, value in held.items() if value is not None})


@pytest.mark.parametrize("kind", ["probe.note", "probe.seal", "probe.chat"])
def test_made_read_and_verified(kind: str) -> None:
    signed = make(kind)
    klass = klass_of(kind)
    op = operation.read(signed.raw, signed.sig, klass)
    assert op == signed.op
    assert (op.kind, op.room, op.seq, op.at, op.body) == (kind, ROOM, 1, NOW, BODIES[kind])
    sizes = {"probe.note": 64, "probe.seal": signing.COMPOSITE_SIGNATURE, "probe.chat": 0}
    assert len(signed.sig) == sizes[kind]
    operation.verify(signed, klass, certificate())
    operation.verify(operation.receive(signed.raw, signed.sig, klass), klass, certificate())


@settings(deadline=None, max_examples=40)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
    st.integers(0, 2**53 - 1),
    st.integers(0, 99),
    st.sets(st.binary(min_size=32, max_size=32), max_size=32),
)
def test_round_trip(words: str, at: int, tick: int, deps: set[bytes]) -> None:
    named = [canonical.b64u(one) for one in deps]
    signed = make(at=at, tick=tick, deps=named, seq=2, prev=ROOM, body={"words": words[:200], "size": 0})
    assert signed.op.deps == tuple(sorted(named))
    operation.verify(operation.receive(signed.raw, signed.sig, "record"), "record", certificate())


def test_an_id_is_what_sha256sum_says() -> None:
    signed = make()
    whole = hashlib.sha256(b"valise/v1/op\x00" + signed.raw).digest()
    assert canonical.unb64u(signed.op.id) == whole
    signing.verify(secret().key.public, whole, signed.sig)
    chat = make("probe.chat")
    assert canonical.unb64u(chat.op.id) == hashlib.sha256(b"valise/v1/chat\x00" + chat.raw).digest()


def test_authors_write_nfc_and_readers_take_what_is_signed() -> None:
    signed = make(body={"words": "e\u0301tat", "size": 0})
    assert signed.op.body["words"] == "\u00e9tat"
    raw = spoil(body={"words": "e\u0301tat", "size": 0})
    assert operation.read(raw, bytes(64), "record").body["words"] == "e\u0301tat"


def test_a_kind_of_either_class_must_say_which() -> None:
    assert refused(lambda: make("probe.either")) == "op.kind"
    record, chat = make("probe.either", klass="record"), make("probe.either", klass="chat")
    assert record.raw == chat.raw
    assert record.op.id != chat.op.id
    operation.verify(record, "record", certificate())
    operation.verify(chat, "chat", certificate())
    # The same bytes do not pass from one class to the other, nor a signature with them.
    assert refused(lambda: operation.verify(record, "chat", certificate())) == "op.malformed"
    assert refused(lambda: operation.read(record.raw, record.sig, "chat")) == "op.signature"
    assert refused(lambda: operation.read(chat.raw, chat.sig, "record")) == "op.signature"


def test_a_kind_stays_in_its_class() -> None:
    note, chat = make(), make("probe.chat")
    assert refused(lambda: make(klass="chat")) == "op.kind"
    assert refused(lambda: operation.read(note.raw, b"", "chat")) == "op.kind"
    assert refused(lambda: operation.read(chat.raw, bytes(64), "record")) == "op.kind"
    assert refused(lambda: operation.verify(note, "chat", certificate())) == "op.kind"


@pytest.mark.parametrize("kind", ["probe.note", "probe.seal"])
def test_every_bit_of_an_operation(kind: str) -> None:
    signed = make(kind, deps=[ROOM], seq=2, prev=ROOM)

    def whole(raw: bytes, sig: bytes) -> None:
        operation.verify(operation.receive(raw, sig, "record"), "record", certificate())

    whole(signed.raw, signed.sig)
    all_refused(flips(signed.raw), lambda one: whole(one, signed.sig))
    # Composite signatures: each bit is tried in test_signing, here one bit of every byte.
    all_refused(flips(signed.sig, bits=8 if kind == "probe.note" else 1), lambda one: whole(signed.raw, one))
    for size in range(len(signed.raw)):
        assert refused(lambda size=size: whole(signed.raw[:size], signed.sig), "op.")


def test_every_bit_of_a_chat_changes_its_id_or_is_refused() -> None:
    chat = make("probe.chat")
    for one in flips(chat.raw):
        try:
            assert operation.read(one, b"", "chat").id != chat.op.id
        except operation.Refused as error:
            assert error.code.startswith("op.")


ID2 = canonical.b64u(b"\1" * 32)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"v": 2}, "op.malformed"),
        ({"v": "1"}, "op.malformed"),
        ({"v": None}, "op.malformed"),
        ({"body": None}, "op.malformed"),
        ({"more": 1}, "op.malformed"),
        ({"room": "x"}, "op.malformed"),
        ({"room": 0}, "op.malformed"),
        ({"author": ""}, "op.malformed"),
        ({"author": ID2 + "A"}, "op.malformed"),
        ({"device": ID2[:-1] + "="}, "op.malformed"),
        ({"device": ID2 + "\n"}, "op.malformed"),
        ({"prev": ID2}, "op.malformed"),  # at seq 1
        ({"seq": 2}, "op.malformed"),  # without prev
        ({"seq": 0}, "op.malformed"),
        ({"seq": -1, "prev": ID2}, "op.malformed"),
        ({"seq": "1"}, "op.malformed"),
        ({"deps": ""}, "op.malformed"),
        ({"deps": [ID2, ID2]}, "op.malformed"),
        ({"deps": [ID2, ROOM]}, "op.malformed"),  # not sorted
        ({"deps": [1]}, "op.malformed"),
        ({"deps": 1}, "op.malformed"),
        ({"deps": sorted(canonical.b64u(bytes([n]) * 32) for n in range(33))}, "op.malformed"),
        ({"at": -1}, "op.malformed"),
        ({"at": "0"}, "op.malformed"),
        ({"tick": -1}, "op.malformed"),
        ({"kind": 1}, "op.malformed"),
        ({"kind": []}, "op.malformed"),
        ({"kind": "probe.unknown"}, "op.kind"),
        ({"kind": "probe.chat"}, "op.kind"),
        ({"body": {}}, "op.body"),
        ({"body": []}, "op.body"),
        ({"body": {"words": "x", "size": -1}}, "op.body"),
        ({"body": {"words": "x", "size": 1, "more": 1}}, "op.body"),
    ],
)
def test_what_is_no_operation(changed: dict[str, Any], code: str) -> None:
    assert refused(lambda: operation.read(spoil(**changed), bytes(64), "record")) == code


@pytest.mark.parametrize("raw", [b"", b"[]", b"1", b"{}", b"\xff", b"[" * 10_000, make.__name__.encode()])
def test_other_bytes_are_no_operation(raw: bytes) -> None:
    assert refused(lambda: operation.read(raw, bytes(64), "record")) == "op.malformed"


def test_the_author_is_held_to_the_same_rules() -> None:
    assert refused(lambda: make(seq=2)) == "op.malformed"
    assert refused(lambda: make(body={"words": 1, "size": 0})) == "op.body"
    assert refused(lambda: make(deps=[canonical.b64u(bytes([n]) * 32) for n in range(33)])) == "op.malformed"
    with pytest.raises(operation.Refused, match=r"op\.kind"):
        operation.make("probe.none", ROOM, ROOM, ROOM, 1, "", [], 0, 0, {}, secret().key, secret().composite)


def test_size() -> None:
    raw = b'"' + b"x" * operation.LIMIT + b'"'
    assert refused(lambda: operation.read(raw, bytes(64), "record")) == "op.too_large"
    assert refused(lambda: operation.read(raw[3:], bytes(64), "record")) == "op.malformed"


def test_the_certificate_must_be_the_devices() -> None:
    signed = make()
    assert refused(lambda: operation.verify(signed, "record", certificate(2))) == "op.certificate"
    for changed in ({"delegation": ID2}, {"device": ID2}):
        other = replace(certificate(), **changed)  # type: ignore[arg-type]
        assert refused(lambda other=other: operation.verify(signed, "record", other)) == "op.certificate"


def test_rights() -> None:
    observer = certificate(1, ("observe",))
    for kind in ("probe.note", "probe.seal", "probe.chat"):
        klass = klass_of(kind)
        signed = make(kind)
        assert refused(lambda s=signed, k=klass: operation.verify(s, k, observer)) == "op.rights"
    speaker = certificate(1, ("speak",))
    operation.verify(make(), "record", speaker)
    assert refused(lambda: operation.verify(make("probe.seal"), "record", speaker)) == "op.rights"


def test_signatures_of_others() -> None:
    signed = make()
    forged = make(device_key=secret(2).key)
    assert refused(lambda: operation.verify(forged, "record", certificate())) == "op.signature"
    sealed = make("probe.seal", composite_key=secret(2).composite)
    assert refused(lambda: operation.verify(sealed, "record", certificate())) == "op.signature"
    for sig in (b"", signed.sig + b"\0", signed.sig[:-1], bytes(signing.COMPOSITE_SIGNATURE)):
        one = replace(signed, sig=sig)
        assert refused(lambda one=one: operation.verify(one, "record", certificate())) == "op.signature"
        assert refused(lambda sig=sig: operation.read(signed.raw, sig, "record")) == "op.signature"
    chat = replace(make("probe.chat"), sig=bytes(64))
    assert refused(lambda: operation.verify(chat, "chat", certificate())) == "op.signature"


def test_a_composite_kind_takes_no_ordinary_signature() -> None:
    sealed = make("probe.seal")
    short = replace(sealed, sig=secret().key.sign(canonical.digest("valise/v1/op", sealed.raw)))
    assert refused(lambda: operation.verify(short, "record", certificate())) == "op.signature"


def test_an_operation_and_its_bytes_belong_together() -> None:
    one, two = make(), make(at=NOW + 1)
    mixed = Signed(one.op, two.raw, two.sig)
    assert refused(lambda: operation.verify(mixed, "record", certificate())) == "op.malformed"
