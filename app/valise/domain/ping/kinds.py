"""Operations of ping rounds. A round, what officers record and its end live in the internal room; a question and its
answer in the room of the two delegations, where nothing tells who else is asked."""

from __future__ import annotations

import base64
import hashlib
from typing import Final, Literal, get_args

from valise.domain.kinds import Fields, Ident, Many, Text, Whole, operation
from valise.domain.op import Op

Says = Literal["confirmed", "changed", "wrong contact"]
SAYS: Final[tuple[Says, ...]] = get_args(Says)
Noted = Literal["answered", "no reply", "bounced", "wrong contact"]
NOTED: Final[tuple[Noted, ...]] = get_args(Noted)
Channel = Literal["telephone", "e-mail", "meeting", "note", "other"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
Way = Literal["here", "outside"]
"""here: a delegation we exchange with answers by a signed operation. outside: an officer calls or writes, and records."""
WAYS: Final[tuple[Way, ...]] = get_args(Way)

# Fields of an entry that its own delegation is shown and may correct. Never our handling of it: marking, status,
# source document, escalation, authority and review stay here.
ASKED_FIELDS: Final = (
    "category", "entry_kind", "full_name", "form_of_address", "official_position", "institution", "description",
    "email", "email_alternative", "phone", "phone_24x7", "languages", "hours", "time_zone", "preferred_channel",
)  # fmt: skip
MOST: Final = 400  # contacts of one round; with the longest labels it stays below the size of an operation
LABEL: Final = 60
WORDS: Final = 2_000
_ENTRY: Final = Many(Fields({"field": Text(60, ASKED_FIELDS), "values": Many(Text(1_000), 40)}), len(ASKED_FIELDS))


@operation(
    "ping.round",
    {
        "title": Text(200, least=1),
        "forum": Text(100),
        "due": Whole(),
        "exercise": Whole(0, 1),
        "nonce": Text(43, least=22),
        "asked": Many(
            Fields({"contact": Text(200, least=1), "state": Text(20), "label": Text(LABEL), "way": Text(10, WAYS)}), MOST
        ),
        "words": Text(WORDS),
    },
    right="speak",
)
def tokens(op: Op) -> dict[str, str]:
    """For each contact of the round, what its question is recognised by."""
    return {one["contact"]: token(str(op.body["nonce"]), one["contact"]) for one in op.body["asked"]}


@operation("ping.close", {"round": Ident()}, right="speak")
def closed(op: Op) -> str:
    """Id of a round for which nobody is waiting any more."""
    return str(op.body["round"])


@operation(
    "ping.record",
    {
        "round": Ident(),
        "contact": Text(200, least=1),
        "outcome": Text(20, NOTED),
        "channel": Text(20, CHANNELS),
        "asked_at": Whole(),
        "at": Whole(),
        "words": Text(WORDS),
        "changes": _ENTRY,
        "replaces": Many(Ident(), 50),
    },
    right="speak",
)
def noted(op: Op) -> tuple[str, str]:
    """(round, contact) that an officer reached, or did not, outside of this program."""
    return str(op.body["round"]), str(op.body["contact"])


@operation(
    "ping.ask",
    {
        "token": Ident(),
        "title": Text(200, least=1),
        "forum": Text(100),
        "role": Text(300),
        "due": Whole(),
        "exercise": Whole(0, 1),
        "marking": Text(60),
        "entry": _ENTRY,
    },
    right="speak",
)
def asked(op: Op) -> str:
    """The token of the question."""
    return str(op.body["token"])


@operation(
    "ping.answer",
    {"ask": Ident(), "says": Text(20, SAYS), "changes": _ENTRY, "words": Text(WORDS), "replaces": Many(Ident(), 50)},
    right="speak",
)
def answered(op: Op) -> str:
    """The question it answers. Only a person's click makes one."""
    return str(op.body["ask"])


def token(nonce: str, contact: str) -> str:
    """What a question carries of its round: two who compare theirs learn nothing, and only who holds the round knows them."""
    data = b"\0".join((b"valise/v1/ping", nonce.encode(), contact.encode()))
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
