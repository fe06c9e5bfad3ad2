"""Frames, key messages and statements are read strictly: each rule by what breaks it and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from valise.domain.errors import Refused
from valise.protocol import canonical, cbor, frame, keymessage, signing, statement
from valise.protocol.frame import Frame, Item, Piece
from valise.protocol.keymessage import Ends, Outer, SessionKey
from valise.protocol.statement import LogLine, Statement

ROOM = "R" * 43
DEVICE = "D" * 43
KEY = signing.DeviceKey(bytes(range(32)))

WHOLE = Frame(
    ROOM, b"e" * 32, b"m" * 32, 7, (Item(0, b"raw", b"sig"), Item(1, b"raw", b"")), b"statement", (b"card",), (Piece(b"a" * 32, 1, b"data"),),
    b"h" * 32, b"a" * 64)
TREE = cbor.decode(frame.encode(WHOLE))


def with_place(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with one place changed; value `...` takes the place away."""
    if not path:
        return value
    made = dict(tree) if isinstance(tree, dict) else list(tree)
    if len(path) == 1 and value is ...:
        del made[path[0]]
    else:
        made[path[0]] = with_place(made[path[0]] if not isinstance(made, dict) or path[0] in made else None, path[1:], value)
    return made


def test_a_frame_is_read_as_it_was_written() -> None:
    for one in (WHOLE, replace(WHOLE, announcement=b"")):
        assert frame.decode(frame.encode(one)) == one


@pytest.mark.parametrize(("path", "value", "code"), [
    ((), [1], "frame.malformed"),
    (("v",), 2, "frame.version"),
    (("v",), ..., "frame.malformed"),
    (("x",), 1, "frame.malformed"),
    (("r",), "R" * 65, "frame.malformed"),
    (("r",), b"R" * 43, "frame.malformed"),
    (("e",), b"e" * 31, "frame.malformed"),
    (("e",), b"e" * 33, "frame.malformed"),
    (("e",), "e" * 32, "frame.malformed"),
    (("m",), b"m" * 31, "frame.malformed"),
    (("h",), b"h" * 31, "frame.malformed"),
    (("h",), b"", "frame.malformed"),
    (("h",), "h" * 32, "frame.malformed"),
    (("a",), b"a" * 63, "frame.malformed"),
    (("a",), b"a" * 65, "frame.malformed"),
    (("a",), "a" * 64, "frame.malformed"),
    (("a",), "", "frame.malformed"),
    (("s",), "statement", "frame.malformed"),
    (("s",), bytes((1 << 17) + 1), "frame.malformed"),
    (("t",), -1, "frame.malformed"),
    (("t",), 2**53, "frame.malformed"),
    (("t",), True, "frame.malformed"),
    (("t",), "7", "frame.malformed"),
    (("i",), {}, "frame.malformed"),
    (("i",), [[0, b"", b""]] * 4097, "frame.malformed"),
    (("i", 0), {0: 0}, "frame.malformed"),
    (("i", 0), [0, b"raw"], "frame.malformed"),
    (("i", 0), [0, b"raw", b"sig", b""], "frame.malformed"),
    (("i", 0, 0), 2, "frame.malformed"),
    (("i", 0, 0), False, "frame.malformed"),
    (("i", 0, 1), "raw", "frame.malformed"),
    (("i", 0, 1), bytes((1 << 18) + 1), "frame.malformed"),
    (("i", 0, 2), bytes(4097), "frame.malformed"),
    (("c",), b"card", "frame.malformed"),
    (("c", 0), "card", "frame.malformed"),
    (("c", 0), bytes((1 << 18) + 1), "frame.malformed"),
    (("p",), "", "frame.malformed"),
    (("p", 0), b"piece", "frame.malformed"),
    (("p", 0), [b"a" * 32, 1], "frame.malformed"),
    (("p", 0, 0), b"a" * 31, "frame.malformed"),
    (("p", 0, 1), -1, "frame.malformed"),
    (("p", 0, 1), 1 << 20, "frame.malformed"),
    (("p", 0, 1), True, "frame.malformed"),
    (("p", 0, 2), "data", "frame.malformed"),
    (("p", 0, 2), bytes((1 << 17) + 1), "frame.malformed"),
])  # fmt: skip
def test_a_frame_of_another_shape_is_refused(path: tuple[Any, ...], value: Any, code: str) -> None:
    with pytest.raises(Refused) as caught:
        frame.decode(cbor.encode(with_place(TREE, path, value)))
    assert caught.value.code == code


ENDS = Ends(2**53 - 1, b"s" * 32, b"o" * 32, b"r" * 32, b"p" * 32)
MESSAGE = SessionKey(
    ENDS.number, ENDS.sender, ENDS.sender_olm, ENDS.recipient, ENDS.recipient_olm, b"c" * 32, b"k" * 1216, "R" * 42 + "A", 1, 2**53 - 1,
    b"w" * 32, b"g" * 165)


def test_a_key_message_is_read_as_it_was_written() -> None:
    read = keymessage.decode(keymessage.encode(MESSAGE), ENDS)
    assert replace(read, binding=b"") == MESSAGE and read.tag == keymessage.tag_of(ENDS.sender, MESSAGE.wrap)
    keymessage.check_binding(read)
    outer = Outer(b"d" * 32, 1, b"olm")
    assert keymessage.decode_outer(keymessage.encode_outer(outer)) == outer


@pytest.mark.parametrize(("place", "value"), [
    *((place, value) for place, size in enumerate((1216, 165, 32, 32, 32, 32)) for value in (bytes(size - 1), bytes(size + 1), "A" * size)),
    *((place, value) for place in (6, 7) for value in (-1, True, "1", b"1")), (6, 2), (7, 2**53), (0, ...), (7, ...), (8, 0),
])  # fmt: skip
def test_a_key_message_of_another_shape_is_refused(place: int, value: Any) -> None:
    said = cbor.decode(keymessage.encode(MESSAGE))
    made = [*said, value] if place == len(said) else with_place(said, (place,), value)
    with pytest.raises(Refused) as caught:
        keymessage.decode(cbor.encode(made), ENDS)
    assert caught.value.code == "key.malformed"


def test_a_key_message_must_be_one_thing() -> None:
    for value in ({}, 1, b"k" * 1216):
        with pytest.raises(Refused) as caught:
            keymessage.decode(cbor.encode(value), ENDS)
        assert caught.value.code == "key.malformed"


OTHER: dict[str, Any] = {
    "number": 1, "sender": b"S" * 32, "sender_olm": b"O" * 32, "recipient": b"R" * 32, "recipient_olm": b"P" * 32,
    "certificate": b"C" * 32, "reply_key": b"K" * 1216, "room": "Q" * 42 + "A", "klass": 0, "base": 0, "wrap": b"W" * 32, "key": b"G" * 165,
}


def test_a_key_message_is_bound_to_both_ends_and_to_all_it_says() -> None:
    assert {*OTHER, "binding"} == {one.name for one in fields(SessionKey)}, "every field"
    read = keymessage.decode(keymessage.encode(MESSAGE), ENDS)
    for name, value in OTHER.items():
        assert getattr(MESSAGE, name) != value
        with pytest.raises(Refused) as caught:
            keymessage.check_binding(replace(read, **{name: value}))
        assert caught.value.code == "key.binding", name
    for name in (one.name for one in fields(Ends)):  # what does not travel
        with pytest.raises(Refused, match=r"key\.binding"):
            keymessage.check_binding(keymessage.decode(keymessage.encode(MESSAGE), replace(ENDS, **{name: OTHER[name]})))


@pytest.mark.parametrize("value", [
    {}, [b"d" * 32, 1], [b"d" * 31, 1, b"olm"], ["d" * 32, 1, b"olm"], [b"d" * 32, 0, b"olm"], [b"d" * 32, 2**53, b"olm"],
    [b"d" * 32, True, b"olm"], [b"d" * 32, "1", b"olm"], [b"d" * 32, 1, "olm"], [b"d" * 32, 1, b"olm", 0],
])  # fmt: skip
def test_an_outer_of_another_shape_is_refused(value: Any) -> None:
    with pytest.raises(Refused) as caught:
        keymessage.decode_outer(cbor.encode(value))
    assert caught.value.code == "key.malformed"


def test_a_record_session_needs_its_announcement_over_everything() -> None:
    said: dict[str, Any] = {
        "sender": b"s" * 32, "room": ROOM, "epoch": b"e" * 32, "klass": 0, "tag": b"t" * 16, "key": b"g" * 165, "recipients": b"h" * 32}
    other: dict[str, Any] = {
        "sender": b"S" * 32, "room": "Q" * 43, "epoch": b"E" * 32, "klass": 1, "tag": b"T" * 16, "key": b"G" * 165,
        "recipients": b"H" * 32}
    signed = KEY.sign(keymessage.announced(**said))
    keymessage.check_announcement(0, keymessage.announced(**said), signed, KEY.public)
    for name, value in other.items():
        with pytest.raises(Refused) as caught:
            keymessage.check_announcement(0, keymessage.announced(**{**said, name: value}), signed, KEY.public)
        assert caught.value.code == "signature.bad", name
    for spoilt in (b"", bytes(64), signing.DeviceKey(bytes(32)).sign(keymessage.announced(**said))):
        with pytest.raises(Refused) as caught:
            keymessage.check_announcement(0, keymessage.announced(**said), spoilt, KEY.public)
        assert caught.value.code == "signature.bad"


def test_a_conversation_is_signed_by_nobody() -> None:
    what = keymessage.announced(b"s" * 32, ROOM, b"e" * 32, 1, b"t" * 16, b"g" * 165, b"h" * 32)
    keymessage.check_announcement(1, what, b"", KEY.public)
    with pytest.raises(Refused) as caught:
        keymessage.check_announcement(1, what, KEY.sign(what), KEY.public)
    assert caught.value.code == "frame.binding"


def test_a_tag_follows_from_sender_and_secret() -> None:
    tags = {keymessage.tag_of(bytes([n]) * 32, bytes([m]) * 32) for n in range(4) for m in range(4)}
    assert len(tags) == 16 and {len(one) for one in tags} == {16}


SAID = Statement(ROOM, DEVICE, 5, (LogLine(0, DEVICE, 2, b"h" * 32, 3),), ("W" * 43,), (b"t" * 16,), ((b"a" * 32, (0, 4)),))


def resigned(value: Any) -> bytes:
    raw = cbor.encode(value)
    return raw + KEY.sign(canonical.digest(statement.DOMAIN, raw))


def test_a_statement_is_read_as_it_was_said() -> None:
    assert statement.decode(statement.encode(SAID, KEY), KEY.public) == SAID


def test_a_statement_is_signed() -> None:
    data = statement.encode(SAID, KEY)
    for spoilt in (data[:-1] + bytes((data[-1] ^ 1,)), bytes((data[0] ^ 1,)) + data[1:], data + b"\0"):
        with pytest.raises(Refused) as caught:
            statement.decode(spoilt, KEY.public)
        assert caught.value.code == "signature.bad"
    for short in (b"", bytes(64)):
        with pytest.raises(Refused) as caught:
            statement.decode(short, KEY.public)
        assert caught.value.code == "statement.malformed"


@pytest.mark.parametrize(("path", "value"), [
    ((), []), ((), 1), (("room",), "R" * 42), (("device",), "D" * 44), (("device",), b"D" * 43), (("at",), -1), (("at",), True),
    (("at",), ...), (("x",), 1), (("logs",), 1), (("logs", 0), [0, DEVICE, 2, b"h" * 32]), (("logs", 0), 1), (("logs", 0, 0), 2),
    (("logs", 0, 0), True), (("logs", 0, 1), "D"), (("logs", 0, 2), -1), (("logs", 0, 2), 2**53), (("logs", 0, 3), b"h"),
    (("logs", 0, 3), "h" * 32), (("logs", 0, 4), "3"), (("want",), 1), (("want", 0), "W"), (("want",), ["W" * 43] * 65),
    (("tags", 0), b"t" * 15), (("tags",), [b"t" * 16] * 65), (("pieces",), 1), (("pieces", 0), [b"a" * 32]),
    (("pieces", 0, 0), b"a"), (("pieces", 0, 1), 1), (("pieces", 0, 1, 0), -1),
    (("logs",), [[0, DEVICE, 0, b"", 0]] * 5001),
])  # fmt: skip
def test_a_statement_of_another_shape_is_refused(path: tuple[Any, ...], value: Any) -> None:
    raw = statement.encode(SAID, KEY)[:-64]
    with pytest.raises(Refused) as caught:
        statement.decode(resigned(with_place(cbor.decode(raw), path, value)), KEY.public)
    assert caught.value.code.startswith(("statement.", "cbor."))


@pytest.mark.parametrize("before", [9, 10])
def test_a_statement_that_follows_one_of_a_later_state_is_refused(before: int) -> None:
    """A vault's count of transactions never stands still between two statements, nor goes back."""
    told = replace(SAID, point=statement.Point(9, b"p" * 32), before=statement.Point(8, b"q" * 32))
    assert statement.decode(statement.encode(told, KEY), KEY.public) == told
    with pytest.raises(Refused) as caught:
        statement.decode(statement.encode(replace(told, before=statement.Point(before, b"q" * 32)), KEY), KEY.public)
    assert caught.value.code == "statement.malformed"
