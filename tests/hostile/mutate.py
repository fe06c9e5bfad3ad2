"""Ways to spoil bytes and values. Everything is drawn from the Random given, so an input replays from its seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from valise.domain.errors import ValiseError
from valise.protocol import canonical, cbor

EDGES: tuple[Any, ...] = (
    0, 1, -1, 2, 255, 2**16, 2**31, 2**32, 2**53 - 1, 2**53, 2**63 - 1, 2**63, 2**64 - 1, -(2**63), "", "0", "A" * 43, "\0",
    "\u202e", "é", "e\u0301", "\ud7ff", "x" * 5000, b"", b"\0", bytes(16), bytes(32), b"\xff" * 64, [], {}, [[]], [0], [""],
    {"": 0}, {"v": 1}, True, False,
)


# -- bytes


def flip(rng: random.Random, data: bytes, other: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes((data[at] ^ 1 << rng.randrange(8),)) + data[at + 1 :]


def change(rng: random.Random, data: bytes, other: bytes) -> bytes:
    at, size = rng.randrange(len(data)), rng.randrange(1, 9)
    return data[:at] + rng.randbytes(len(data[at : at + size])) + data[at + size :]


def cut(rng: random.Random, data: bytes, other: bytes) -> bytes:
    at = rng.randrange(len(data))
    return rng.choice((data[:at], data[at:], data[:at] + data[at + rng.randrange(1, 40) :]))


def insert(rng: random.Random, data: bytes, other: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice((bytes(rng.randrange(1, 20)), rng.randbytes(rng.randrange(1, 20)), data[:at][-9:])) + data[at:]


def swap(rng: random.Random, data: bytes, other: bytes) -> bytes:
    one, two = sorted(rng.sample(range(len(data) + 1), 2))
    size = rng.randrange(1, 1 + max(1, min(two - one, len(data) - two)))
    return data[:one] + data[two : two + size] + data[one + size : two] + data[one : one + size] + data[two + size :]


def splice(rng: random.Random, data: bytes, other: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + other[rng.choice((at, rng.randrange(len(other)))) :]


def lie(rng: random.Random, data: bytes, other: bytes) -> bytes:
    """A number that could be a length says something else."""
    size = rng.choice((1, 2, 4))
    at = rng.randrange(max(1, min(len(data) - size, 200 if rng.random() < 0.7 else len(data))))
    was = int.from_bytes(data[at : at + size], "big")
    now = rng.choice((was + 1, was - 1, was * 2, 0, (1 << 8 * size) - 1)) % (1 << 8 * size)
    return data[:at] + now.to_bytes(size, "big") + data[at + size :]


BYTES: tuple[Callable[[random.Random, bytes, bytes], bytes], ...] = (flip, flip, change, cut, insert, swap, splice, lie)


def octets(rng: random.Random, samples: Sequence[bytes]) -> bytes:
    """One of the samples, spoilt; never one of them as it is."""
    while True:
        data, other = rng.choice(samples), rng.choice(samples)
        for _ in range(rng.choice((1, 1, 1, 2, 4))):
            if data:
                data = rng.choice(BYTES)(rng, data, other)
        if data not in samples:
            return data


# -- values


def _read(data: bytes) -> tuple[Any, Callable[[Any], bytes]] | None:
    for form in (canonical, cbor):
        try:
            value = form.decode(data)
        except ValiseError:
            continue
        if isinstance(value, (dict, list)):
            return value, form.encode
    return None


def _paths(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here]
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in children:
        found += _paths(one, (*here, key))
    return found


def _get(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(one) for key, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value


def _near(rng: random.Random, was: Any, others: Sequence[Any]) -> Any:
    """Something like what was there: the kind of lie a reader is most likely to believe."""
    if isinstance(was, bool):
        return not was
    if isinstance(was, int):
        return rng.choice((was + 1, was - 1, -was, was + 2**32, 0))
    if isinstance(was, str) and was:
        at = rng.randrange(len(was))
        return rng.choice((was[:at] + rng.choice("Ab0_-/ \u200b") + was[at + 1 :], was[:at], was + was[at:], was.swapcase()))
    if isinstance(was, bytes) and was:
        inner = _read(was) if rng.random() < 0.6 else None
        if inner is not None:
            made, encode = inner
            with suppress(ValiseError):  # that no author can write it down: then its bytes
                return encode(value(rng, made, others))
        return rng.choice(BYTES)(rng, was, was)
    if isinstance(was, list) and was:
        at = rng.randrange(len(was))
        return rng.choice((was[:at], was[at:], [*was, was[at]], was[::-1], was[:at] + was[at + 1 :]))
    return rng.choice(EDGES)


def value(rng: random.Random, whole: Any, others: Sequence[Any]) -> Any:
    """A copy of `whole` with one place changed: near, to an edge, removed, added, or taken from one of `others`."""
    made = _copy(whole)
    paths = _paths(made)
    path = rng.choice(paths)
    if not path:
        return _near(rng, made, others) if isinstance(made, list) else {**made, rng.choice(("x", "v", "", "seq")): rng.choice(EDGES)}
    parent, key = _get(made, path[:-1]), path[-1]
    act = rng.randrange(6)
    if act == 0 and isinstance(parent, dict):
        del parent[key]
    elif act == 1 and isinstance(parent, dict):
        parent[rng.choice(("x", "id", "v", "body"))] = rng.choice(EDGES)
    elif act == 2:
        two = rng.choice(paths[1:])
        here, there = _get(made, path), _get(made, two)
        inside = path[: len(two)] == two or two[: len(path)] == path
        parent[key] = _copy(there)
        if not inside:
            _get(made, two[:-1])[two[-1]] = here
    elif act == 3 and others:
        other = rng.choice(others)
        try:
            parent[key] = _copy(_get(other, path))
        except (KeyError, IndexError, TypeError):
            parent[key] = rng.choice(EDGES)
    elif act == 4:
        parent[key] = rng.choice(EDGES)
    else:
        parent[key] = _near(rng, parent[key], others)
    return made


def document(rng: random.Random, samples: Sequence[bytes]) -> bytes:
    """One of the samples (canonical JSON or CBOR), changed in structure and written anew as its author would."""
    while True:
        chosen = rng.choice(samples)
        found = _read(chosen)
        assert found is not None
        whole, encode = found
        others = [one[0] for one in map(_read, rng.sample(samples, min(3, len(samples)))) if one is not None]
        for _ in range(rng.choice((1, 1, 1, 2))):
            whole = value(rng, whole, others) if isinstance(whole, (dict, list)) else whole
        try:
            data = encode(whole)
        except ValiseError:
            continue
        if data not in samples:
            return data


def either(rng: random.Random, samples: Sequence[bytes]) -> bytes:
    """Spoilt in its bytes or in its structure."""
    return octets(rng, samples) if rng.random() < 0.35 else document(rng, samples)
