"""Canonical JSON: one text for each value, nothing else read."""

from __future__ import annotations

import base64
import hashlib
import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.protocol import canonical

from .made import refused

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.integers(-canonical.MAX_INT, canonical.MAX_INT) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None, max_examples=200)
@given(VALUES)
def test_round_trip(value: object) -> None:
    data = canonical.encode(value)
    assert canonical.decode(data) == value
    assert json.loads(data) == value


def test_form_of_rfc_8785() -> None:
    # Section 3.2.2.2 and 3.2.3: escapes of control characters, short forms, order of keys, nothing else escaped.
    value = {"b": [1, -2], "a": "\u20ac$\u000f\nA'\"\\/\u007f", "A": {}, "": []}
    text = '{"":[],"A":{},"a":"€$\\u000f\\nA\'\\"\\\\/\u007f","b":[1,-2]}'
    assert canonical.encode(value) == text.encode("utf-8")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "canonical.malformed"),
        (b"{", "canonical.malformed"),
        (b"[1,]", "canonical.malformed"),
        (b"\xff", "canonical.malformed"),
        (b'"\xed\xa0\x80"', "canonical.malformed"),  # half a character as UTF-8
        (b"\xef\xbb\xbf1", "canonical.malformed"),  # byte order mark
        (b"9" * 5000, "canonical.malformed"),  # more digits than Python converts
        (b"1" * 30, "canonical.type"),
        (b"9007199254740992", "canonical.type"),
        (b"1.0", "canonical.type"),
        (b"1e3", "canonical.type"),
        (b"NaN", "canonical.type"),
        (b"-Infinity", "canonical.type"),
        (b"true", "canonical.type"),
        (b"null", "canonical.type"),
        (b"[false]", "canonical.type"),
        ('{"é":1}'.encode(), "canonical.type"),
        (b'"\\ud800"', "canonical.type"),
        (b'{"a":1,"a":1}', "canonical.other_form"),
        (b'{"a":1,"a":2}', "canonical.other_form"),
        (b'{"b":1,"a":2}', "canonical.other_form"),
        (b'{"a": 1}', "canonical.other_form"),
        (b" 1", "canonical.other_form"),
        (b"1\n", "canonical.other_form"),
        (b"-0", "canonical.other_form"),
        (b'"\\u0041"', "canonical.other_form"),
        (b'"\\/"', "canonical.other_form"),
        (b'"\\u000A"', "canonical.other_form"),
        (b'"\\u001F"', "canonical.other_form"),
        (b"[" * 33 + b"]" * 33, "canonical.deep"),
        (b"[" * 500_000, "canonical.deep"),
        (b'{"a":' * 100_000, "canonical.deep"),
        (b"[" * 100_000 + b"]" * 100_000, "canonical.deep"),
    ],
)
def test_other_forms_are_refused(data: bytes, code: str) -> None:
    assert refused(lambda: canonical.decode(data)) == code


def test_depth_and_size_limits_are_exact() -> None:
    deepest = b"[" * 32 + b"]" * 32
    assert canonical.encode(canonical.decode(deepest)) == deepest
    assert canonical.decode(b'"aaa"', limit=5) == "aaa"
    assert refused(lambda: canonical.decode(b'"aaa"', limit=4)) == "canonical.too_large"


def test_deep_input_near_the_end_of_the_stack() -> None:
    def sink(left: int) -> str:
        return sink(left - 1) if left else refused(lambda: canonical.decode(b"[" * 900 + b"]" * 900))

    assert sink(sys.getrecursionlimit() // 2) == "canonical.deep"


class _Whole(int):
    pass


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        1.5,
        b"x",
        (1,),
        {1: 2},
        {"ä": 1},
        {"a": None},
        [set()],
        2**53,
        -(2**53),
        "\ud800",
        _Whole(1),
        {"a\ud800": 1},
    ],
)
def test_values_that_are_not_signed(value: object) -> None:
    assert refused(lambda: canonical.encode(value)) == "canonical.type"


def test_a_cycle_ends() -> None:
    loop: list[object] = []
    loop.append(loop)
    assert refused(lambda: canonical.encode(loop)) == "canonical.deep"


@given(st.binary(max_size=80))
def test_base64url(data: bytes) -> None:
    text = canonical.b64u(data)
    assert "=" not in text
    assert canonical.unb64u(text) == canonical.unb64u(text, len(data)) == data
    assert base64.urlsafe_b64decode(text + "==") == data


@pytest.mark.parametrize(
    "text", ["A", "AB=", "AA==", "AB", "AAB", "A+AA", "A/AA", "AA\n", "\nAA", "AA A", "éAAA", "AAAAA"]
)
def test_loose_base64url(text: str) -> None:
    assert refused(lambda: canonical.unb64u(text)) == "canonical.base64"


def test_base64url_of_another_length() -> None:
    assert refused(lambda: canonical.unb64u("AAAA", 4)) == "canonical.base64"
    assert refused(lambda: canonical.unb64u(1)) == "canonical.base64"  # type: ignore[arg-type]


def test_digest_is_what_sha256sum_says() -> None:
    assert canonical.digest("valise/v1/op", b"{}") == hashlib.sha256(b"valise/v1/op\x00{}").digest()
