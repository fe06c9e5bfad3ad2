"""Key and content envelopes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.protocol import canonical, envelope, hpke, keymessage, padding
from valise.protocol.olm import OlmAccount, OutboundGroup

from .made import all_refused, flips, refused

KEY = hpke.XWingKey(b"\3" * 32)
DEVICE = b"\4" * 32
WRAP = b"\5" * 32
TAG = b"\6" * 16


@settings(deadline=None, max_examples=20)
@given(st.binary(max_size=envelope.MAX_PAYLOAD))
def test_key_envelopes(payload: bytes) -> None:
    blob = envelope.seal_key(KEY.public, DEVICE, payload)
    assert len(blob) == envelope.KEY_SIZE == 2904
    assert envelope.kind_of(blob) == "key"
    assert envelope.key_id_of(blob) == KEY.key_id
    assert envelope.open_key(KEY, DEVICE, blob) == payload


def test_the_largest_payload() -> None:
    payload = b"\xff" * envelope.MAX_PAYLOAD
    assert envelope.open_key(KEY, DEVICE, envelope.seal_key(KEY.public, DEVICE, payload)) == payload
    assert refused(lambda: envelope.seal_key(KEY.public, DEVICE, payload + b"x")) == "envelope.too_large"
    assert refused(lambda: envelope.seal_key(KEY.public, DEVICE[1:], b"")) == "envelope.device"


def test_the_largest_key_message_fits_and_every_other_looks_like_it() -> None:
    """Largest count, largest seq, a message that opens a session; its index in the session has at most ten bytes."""
    sender, receiver = OlmAccount.new(), OlmAccount.new()
    session = sender.outbound(receiver.identity, receiver.fallback())
    most = 2**53 - 1
    made = keymessage.SessionKey(
        most, b"s" * 32, sender.identity, DEVICE, receiver.identity, b"c" * 32, KEY.public, canonical.b64u(bytes(32)), 1, most, WRAP,
        OutboundGroup.new().key())
    first = session.encrypt(keymessage.encode(made))
    assert first[0] == 0
    for longer in (0, 9):  # the index is 0 and takes one byte
        payload = keymessage.encode_outer(keymessage.Outer(made.sender, most, first + bytes(longer)))
        assert len(envelope.seal_key(KEY.public, DEVICE, payload)) == envelope.KEY_SIZE
    assert len(payload) == envelope.MAX_PAYLOAD, "and nothing is left over"
    for n in range(200):
        later = session.encrypt(keymessage.encode(made))
        assert later[0] == 0 and len(later) - len(first) == (n + 1 > 127)
    answer = receiver.inbound(sender.identity, first)[0].encrypt(b"")
    session.decrypt(answer)
    last = session.encrypt(keymessage.encode(replace(made, number=1, klass=0, base=0)))
    payload = keymessage.encode_outer(keymessage.Outer(made.sender, 1, last))
    assert last[0] == 1 and len(payload) < envelope.MAX_PAYLOAD - 100
    assert len(envelope.seal_key(KEY.public, DEVICE, payload)) == envelope.KEY_SIZE


def test_every_bit_of_a_key_envelope() -> None:
    blob = envelope.seal_key(KEY.public, DEVICE, b"session key")
    assert all_refused(flips(blob), lambda one: envelope.open_key(KEY, DEVICE, one)) == 8 * envelope.KEY_SIZE


def test_a_key_envelope_is_for_one_device_and_key() -> None:
    blob = envelope.seal_key(KEY.public, DEVICE, b"session key")
    assert refused(lambda: envelope.open_key(KEY, b"\0" * 32, blob)) == "envelope.closed"
    assert refused(lambda: envelope.open_key(hpke.XWingKey(bytes(32)), DEVICE, blob)) == "envelope.closed"
    assert refused(lambda: envelope.open_key(KEY, DEVICE[1:], blob)) == "envelope.device"


@pytest.mark.parametrize("plain", [b"\xff\xff", b"\x00\x01ab", b"\x00\x00" + bytes(100) + b"x"])
def test_a_recipient_refuses_what_our_senders_do_not_write(plain: bytes) -> None:
    info = b"valise/v1/env\0" + DEVICE + KEY.key_id
    sealed = hpke.seal(KEY.public, plain.ljust(envelope.MAX_PAYLOAD + 2, b"\0"), info)
    blob = b"VK\x01" + KEY.key_id + sealed
    assert refused(lambda: envelope.open_key(KEY, DEVICE, blob)) == "envelope.padding"


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=5000))
def test_content_envelopes(inner: bytes) -> None:
    blob = envelope.seal_content(WRAP, TAG, inner)
    assert envelope.kind_of(blob) == "content"
    assert envelope.tag_of(blob) == TAG
    assert envelope.open_content(WRAP, blob) == inner
    assert envelope.seal_content(WRAP, TAG, inner) != blob


def test_every_bit_of_a_content_envelope() -> None:
    blob = envelope.seal_content(WRAP, TAG, b"inner")
    assert all_refused(flips(blob), lambda one: envelope.open_content(WRAP, one)) == 8 * len(blob)
    for size in range(len(blob)):
        assert refused(lambda size=size: envelope.open_content(WRAP, blob[:size])).startswith("envelope.")
    assert refused(lambda: envelope.open_content(WRAP, blob + b"\0")) == "envelope.size"
    assert refused(lambda: envelope.open_content(bytes(32), blob)) == "envelope.closed"


def test_content_sizes() -> None:
    largest = envelope.seal_content(WRAP, TAG, bytes(envelope.MAX_INNER))
    assert len(largest) <= envelope.MAX_SIZE
    assert envelope.open_content(WRAP, largest) == bytes(envelope.MAX_INNER)
    # One byte more would need the next class, which is over the limit.
    assert padding.padded_size(envelope.MAX_INNER + 1) + 60 > envelope.MAX_SIZE
    assert refused(lambda: envelope.seal_content(WRAP, TAG, bytes(envelope.MAX_INNER + 1))) == "envelope.too_large"
    assert len({len(envelope.seal_content(WRAP, TAG, bytes(size))) for size in range(0, 511, 10)}) == 1


def test_wrong_lengths() -> None:
    assert refused(lambda: envelope.seal_content(WRAP[1:], TAG, b"")) == "envelope.key"
    assert refused(lambda: envelope.seal_content(WRAP, TAG[1:], b"")) == "envelope.key"
    blob = envelope.seal_content(WRAP, TAG, b"")
    assert refused(lambda: envelope.open_content(WRAP[1:], blob)) == "envelope.key"


@pytest.mark.parametrize(
    ("blob", "code"),
    [
        (b"", "envelope.magic"),
        (b"PK\x03\x04", "envelope.magic"),
        (b"VK", "envelope.version"),
        (b"VK\x02" + bytes(2901), "envelope.version"),
        (b"VC\x00" + bytes(600), "envelope.version"),
        (b"VK\x01" + bytes(2900), "envelope.size"),
        (b"VK\x01" + bytes(2902), "envelope.size"),
        (b"VK\x01" + bytes(4093), "envelope.size"),
        (b"VC\x01" + bytes(57 + 513), "envelope.size"),
        (b"VC\x01" + bytes(57 + 511), "envelope.size"),
        (b"VC\x01\x0b" + bytes(56 + 512), "envelope.size"),
        (b"VC\x01\x13" + bytes(56 + 262_144), "envelope.size"),
    ],
)
def test_what_is_no_envelope(blob: bytes, code: str) -> None:
    assert refused(lambda: envelope.kind_of(blob)) == code
    for act in (envelope.key_id_of, envelope.tag_of):
        assert refused(lambda act=act: act(blob)) == code


def test_kinds_are_not_mixed_up() -> None:
    key, content = envelope.seal_key(KEY.public, DEVICE, b""), envelope.seal_content(WRAP, TAG, b"")
    assert refused(lambda: envelope.open_key(KEY, DEVICE, content)) == "envelope.kind"
    assert refused(lambda: envelope.open_content(WRAP, key)) == "envelope.kind"
    assert refused(lambda: envelope.key_id_of(content)) == "envelope.kind"
    assert refused(lambda: envelope.tag_of(key)) == "envelope.kind"


def test_no_two_nonces_are_equal() -> None:
    assert len({envelope.seal_content(WRAP, TAG, b"")[20:44] for _ in range(200)}) == 200


def test_padding_of_a_member_who_writes_it_otherwise() -> None:
    import nacl.bindings as sodium

    head = b"VC\x01\x0a" + TAG
    for padded in (bytes(512), b"x" * 512):
        sealed = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(padded, head, bytes(24), WRAP)
        blob = head + bytes(24) + sealed
        assert refused(lambda blob=blob: envelope.open_content(WRAP, blob)) == "envelope.padding"
