"""Messages and acknowledgements."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from valise.domain.errors import NotAllowed
from valise.domain.kinds import Fields, Ident, Many, Text, Whole, operation
from valise.domain.op import Op

TLP = ("TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR")
BODY_LIMIT = 60_000

ATTACHMENT = Fields(
    {
        "id": Ident(),
        "name": Text(200, least=1),
        "media": Text(120),
        "size": Whole(most=2**31),
        "sealed": Whole(most=2**31),
        "chunks": Whole(1, 40_000),
        "key": Text(43, least=43),
        "plain_hash": Ident(),
        "sealed_hash": Ident(),
    }
)


@operation(
    "message.send",
    {
        "thread": Ident(empty=True),
        "subject": Text(300),
        "body": Text(BODY_LIMIT),
        "marking": Text(60),
        "attachments": Many(ATTACHMENT, 20),
        "again": Ident(),
    },
    right="speak",
    optional=("again",),
    travels="either",
)
def row(op: Op) -> dict[str, Any]:
    """The projection of a message: thread "" of the body means it opens a thread of its own id (or of the first's). `again` names the message of
    the same laptop that this one says once more, because an older copy of the vault could not know whether it had left."""
    return {
        "thread": op.body["thread"] or op.body.get("again", op.id),
        "subject": op.body["subject"],
        "body": op.body["body"],
        "marking": op.body["marking"],
        "first_line": first_line(op.body["body"]),
    }


@operation("message.acknowledge", {"message": Ident()}, right="speak", travels="either")
def acknowledged(op: Op) -> str:
    """Id of the message a person acknowledged."""
    return str(op.body["message"])


def first_line(body: str) -> str:
    """The first line of a message as a list shows it, at most 160 code points, without our emphasis signs."""
    line = next((one.strip() for one in body.splitlines() if one.strip()), "")
    return line.replace("**", "").replace("*", "")[:160]


def attachment_id(room: str, told: Mapping[str, Any]) -> str:
    """The id of a file in a room: a hash of all that is told about it, so that nobody can tell otherwise under it."""
    value = {**{name: one for name, one in told.items() if name != "id"}, "room": room}
    data = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(b"valise/v1/attachment\0" + data).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def attachments(op: Op, field: str = "attachments") -> list[Mapping[str, Any]]:
    """The files of a message (or in another field of a body) that are what they are called; another is as if it were not
    there."""
    return [one for one in op.body.get(field, ()) if one["id"] == attachment_id(op.room_id, one)]


def send(
    body: str, *, thread: str, subject: str, marking: str, attachments: list[dict[str, Any]], group: bool
) -> dict[str, Any]:
    """Body of a message. TLP:RED is for named recipients only (TLP 2.0), so a group room refuses it."""
    if not body.strip() and not attachments:
        raise NotAllowed("message.empty")
    if len(body) > BODY_LIMIT:
        raise NotAllowed("message.too_long")
    if marking == "TLP:RED" and group:
        raise NotAllowed("message.red_to_group")
    return {"thread": thread, "subject": subject.strip(), "body": body, "marking": marking, "attachments": attachments}
