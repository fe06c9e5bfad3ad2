"""How a document crosses from the confined child to its parent: frames of JSON, believed only after every check.

A frame is its length (4 bytes, big endian) and so many bytes of JSON in UTF-8 (surrogates escaped).
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, BinaryIO, Literal, cast

from valise.domain.text.model import Section, Status
from valise.formats.abc import (
    CHANGES,
    FORMULA,
    MAX_BYTES,
    MAX_CHANGES,
    MAX_NOTES,
    MAX_PARAGRAPHS,
    SECTIONS,
    STATUSES,
    TITLE,
    Change,
    ChangeKind,
    Comment,
    Direction,
    Document,
    Newline,
    Note,
    Para,
    check,
    refused,
)

MAX_FRAME = 8 * MAX_BYTES  # frames repeat the words, and JSON escapes them


class Torn(Exception):
    """The stream ended before a whole frame: the other side is gone."""


def put(stream: BinaryIO, value: Any) -> None:
    """Write one frame and flush."""
    raw = json.dumps(value, separators=(",", ":")).encode("ascii")
    stream.write(len(raw).to_bytes(4, "big") + raw)
    stream.flush()


def get(stream: BinaryIO) -> Any:
    """Read one frame. Torn if it ends early, Refused("format.child") if it is too large or not JSON."""
    head = stream.read(4)
    if len(head) != 4:
        raise Torn
    size = int.from_bytes(head, "big")
    if size > MAX_FRAME:
        raise refused("format.child")
    raw = stream.read(size)
    if len(raw) != size:
        raise Torn
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise refused("format.child") from None


def packed(document: Document) -> dict[str, Any]:
    """The document as plain JSON values."""
    made = _row(document)
    for name in ("notes", "paragraphs", "changes", "comments"):
        made[name] = [_row(one) for one in made[name]]
    return made


def _row(one: Any) -> dict[str, Any]:
    """As dataclasses.asdict, one level deep and without copies: nothing here is changed."""
    return {each.name: getattr(one, each.name) for each in fields(one)}


def unpacked(value: Any) -> Document:
    """The document again, every field checked. Refused("format.child") for anything `packed` would not make."""
    try:
        return check(_document(value))
    except (KeyError, TypeError, ValueError):
        raise refused("format.child") from None


def _document(value: Any) -> Document:
    if not isinstance(value, dict) or value.keys() != Document.__dataclass_fields__.keys():
        raise ValueError
    paragraphs = tuple(_para(one) for one in _list(value["paragraphs"], MAX_PARAGRAPHS))
    frame = tuple(_list(value["frame"], 4 * MAX_PARAGRAPHS + 100))
    for piece in frame:
        if type(piece) is not str and not (type(piece) is int and min(TITLE, FORMULA) <= piece < len(paragraphs)):
            raise ValueError
    return Document(
        _text(value["title"]),
        paragraphs,
        _text(value["language"], 20),
        cast(Direction, _one(value["direction"], ("ltr", "rtl"))),
        _text(value["formula"]),
        tuple(_note(one) for one in _list(value["notes"], MAX_NOTES)),
        tuple(_text(one) for one in _list(value["header"], MAX_BYTES)),
        frame,
        cast(Newline, _one(value["newline"], ("\n", "\r\n", "\r"))),
        _flag(value["mark"]),
        _text(value["format"], 40),
        tuple(_change(one, paragraphs) for one in _list(value["changes"], MAX_CHANGES)),
        tuple(_comment(one, paragraphs) for one in _list(value["comments"], MAX_CHANGES)),
    )


def _para(value: Any) -> Para:
    if not isinstance(value, dict) or value.keys() != Para.__dataclass_fields__.keys():
        raise ValueError
    shape = value["shape"]
    if shape is not None:
        before, after = _list(shape, 2)
        shape = (_text(before), _text(after))
    return Para(
        cast(Section, _one(value["section"], SECTIONS)),
        _text(value["label"], 200),
        _text(value["words"]),
        cast('Status | Literal[""]', _one(value["status"], ("", *STATUSES))),
        _text(value["parent"], 200),
        _count(value["number"]),
        _text(value["suffix"], 40),
        _flag(value["alt"]),
        _count(value["alt_number"]),
        _text(value["alt_by"], 200),
        shape,
        tuple(_count(at) for at in _list(value["wraps"], MAX_BYTES)),
    )


def _change(value: Any, paragraphs: tuple[Para, ...]) -> Change:
    if not isinstance(value, dict) or value.keys() != Change.__dataclass_fields__.keys():
        raise ValueError
    return Change(
        cast(ChangeKind, _one(value["kind"], CHANGES)),
        _place(value["paragraph"], paragraphs),
        _span(value["span"]),
        _text(value["words"]),
        _text(value["author"], 200),
        _place(value["after"], paragraphs),
        cast(Section, _one(value["section"], SECTIONS)),
        _text(value["label"], 200),
    )


def _comment(value: Any, paragraphs: tuple[Para, ...]) -> Comment:
    if not isinstance(value, dict) or value.keys() != Comment.__dataclass_fields__.keys():
        raise ValueError
    return Comment(
        _place(value["paragraph"], paragraphs), _span(value["span"]), _text(value["words"]), _text(value["author"], 200)
    )


def _place(value: Any, paragraphs: tuple[Para, ...]) -> int:
    if type(value) is not int or not TITLE <= value < len(paragraphs):
        raise ValueError
    return value


def _span(value: Any) -> tuple[int, int]:
    start, end = (_count(one) for one in _list(value, 2))
    if start > end:
        raise ValueError
    return start, end


def _note(value: Any) -> Note:
    if not isinstance(value, dict) or value.keys() != Note.__dataclass_fields__.keys():
        raise ValueError
    code = _text(value["code"], 60)
    if not code.replace(".", "").replace("_", "").isalnum() or not code.isascii():
        raise ValueError
    return Note(code, _text(value["where"], 200), _count(value["count"]), _flag(value["lossy"]))


def _text(value: Any, limit: int = MAX_BYTES) -> str:
    if type(value) is not str or len(value) > limit:
        raise ValueError
    value.encode("utf-8")  # no lone surrogates
    return value


def _list(value: Any, limit: int) -> list[Any]:
    if type(value) is not list or len(value) > limit:
        raise ValueError
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_BYTES:
        raise ValueError
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError
    return value


def _one(value: Any, choices: tuple[str, ...]) -> str:
    if type(value) is not str or value not in choices:
        raise ValueError
    return value
