"""Attachments."""

from __future__ import annotations

from dataclasses import replace

import nacl.bindings as sodium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.protocol import attachment

from .made import all_refused, flips, refused

SIZES = [0, 1, 65_535, 65_536, 65_537, 131_072, 200_000]


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("size", SIZES)
def test_sizes_around_the_chunk(size: int) -> None:
    data = bytes(n % 251 for n in range(size))
    chunks, seal = attachment.seal([data])
    whole = b"".join(chunks)
    assert len(chunks[0]) == 24
    assert all(len(chunk) <= 65_536 + 17 for chunk in chunks)
    assert seal.sealed_size == len(whole) == attachment.sealed_size(size)
    assert seal.size == size
    assert attachment.open(seal, chunks) == data
    for piece in (1000, 65_536, 10**6):
        assert attachment.open(seal, cut(whole, piece)) == data


@settings(deadline=None, max_examples=30)
@given(st.lists(st.binary(max_size=70_000), max_size=5), st.integers(1, 80_000))
def test_pieces_of_any_length(pieces: list[bytes], size: int) -> None:
    chunks, seal = attachment.seal(pieces)
    assert attachment.open(seal, cut(b"".join(chunks), size)) == b"".join(pieces)
    assert attachment.seal(pieces)[1].key != seal.key


def test_every_bit() -> None:
    chunks, seal = attachment.seal([b"a short note"])
    whole = b"".join(chunks)
    assert all_refused(flips(whole), lambda one: attachment.open(seal, [one])) == 8 * len(whole)
    assert all_refused(flips(seal.key), lambda one: attachment.open(replace(seal, key=one), [whole])) == 256
    for name in ("sealed_hash", "plain_hash"):
        all_refused(
            flips(getattr(seal, name)), lambda one, name=name: attachment.open(replace(seal, **{name: one}), [whole])
        )


def test_cut_at_every_byte() -> None:
    chunks, seal = attachment.seal([b"a short note"])
    whole = b"".join(chunks)
    for size in range(len(whole)):
        code = refused(lambda size=size: attachment.open(seal, [whole[:size]]))
        assert code in ("attachment.torn", "attachment.closed")
    assert refused(lambda: attachment.open(seal, [whole, b"\0"])) == "attachment.torn"
    assert refused(lambda: attachment.open(seal, [])) == "attachment.torn"


def test_truncation_at_a_chunk_is_seen_even_with_matching_sizes() -> None:
    """The trap: the binding opens the first chunks of a longer stream without complaint."""
    chunks, seal = attachment.seal([bytes(200_000)])
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    sodium.crypto_secretstream_xchacha20poly1305_init_pull(state, chunks[0], seal.key)
    assert sodium.crypto_secretstream_xchacha20poly1305_pull(state, chunks[1])[0] == bytes(65_536)
    lying = replace(seal, size=65_536, sealed_size=attachment.sealed_size(65_536))
    assert refused(lambda: attachment.open(lying, chunks[:2])) == "attachment.torn"
    assert refused(lambda: attachment.open(seal, chunks[:-1])) == "attachment.torn"


def test_chunks_out_of_place() -> None:
    chunks, seal = attachment.seal([bytes(200_000)])
    swapped = [chunks[0], chunks[2], chunks[1], *chunks[3:]]
    doubled = [chunks[0], chunks[1], chunks[1], *chunks[3:]]
    missing = [chunks[0], *chunks[2:]]
    for one in (swapped, doubled, missing):
        assert refused(lambda one=one: attachment.open(seal, one)) == "attachment.closed"


def test_something_after_the_end() -> None:
    key = bytes(32)
    state = sodium.crypto_secretstream_xchacha20poly1305_state()
    head = sodium.crypto_secretstream_xchacha20poly1305_init_push(state, key)
    final = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
    body = [sodium.crypto_secretstream_xchacha20poly1305_push(state, bytes(65_536), tag=final) for _ in range(2)]
    lying = attachment.Seal(key, 131_072, attachment.sealed_size(131_072), bytes(32), bytes(32))
    assert refused(lambda: attachment.open(lying, [head, *body])) == "attachment.torn"


@pytest.mark.parametrize("size", [-1, attachment.MAX_SIZE + 1])
def test_sizes_beyond_the_limits(size: int) -> None:
    chunks, seal = attachment.seal([b""])
    lying = replace(seal, size=size, sealed_size=attachment.sealed_size(size))
    assert refused(lambda: attachment.open(lying, chunks)) == "attachment.seal"


@pytest.mark.parametrize("changed", [{"key": b"x"}, {"size": 1}, {"sealed_size": 1}])
def test_impossible_seals(changed: dict[str, object]) -> None:
    chunks, seal = attachment.seal([b""])
    assert refused(lambda: attachment.open(replace(seal, **changed), chunks)) == "attachment.seal"  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [0, 2, 4])
def test_another_size_than_announced(size: int) -> None:
    chunks, seal = attachment.seal([b"one"])
    lying = replace(seal, size=size, sealed_size=attachment.sealed_size(size))
    assert refused(lambda: attachment.open(lying, chunks)) == "attachment.torn"


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachment, "MAX_SIZE", 100_000)
    assert refused(lambda: attachment.seal([bytes(70_000)] * 2)) == "attachment.too_large"


def test_two_files_in_one_ciphertext_are_told_apart() -> None:
    chunks, seal = attachment.seal([b"one"])
    assert refused(lambda: attachment.open(replace(seal, plain_hash=bytes(32)), chunks)) == "attachment.differs"
    assert "key" not in repr(seal)
