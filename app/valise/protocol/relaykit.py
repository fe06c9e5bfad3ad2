"""The file a relay's operator hands to one laptop: the line VALISE-RELAY-1, then base64url of canonical JSON.

It holds a credential and a signing key in the clear: who has it can read the sealed envelopes of that inbox and let others
write to it. It is handed over like a key.

And the file that goes the other way, VALISE-REVOKE-1: credentials a delegation takes back, for the operator to end by hand
where the relay could not be asked. It holds nothing secret and is not signed: the operator knows from whom he had it, as he
knew to whom he handed the kit, and asks when he does not. What a forged one could do is keep a correspondent from writing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from valise.domain.errors import Refused
from valise.domain.relay import Kit, kit_body, read_kit
from valise.protocol import canonical, fields

MAGIC: Final = "VALISE-RELAY-1"
REVOKE: Final = "VALISE-REVOKE-1"
LIMIT: Final = 64 * 1024
MOST_USERS: Final = 500
_ACCOUNT: Final = re.compile(r"A[A-Z2-7]{55}\Z")
_USER: Final = re.compile(r"U[A-Z2-7]{55}\Z")


@dataclass(frozen=True, slots=True)
class Revocation:
    """Users ("U...") of one account of writers ("A...") whose credentials are to end, in order, each once. `at` ms UTC."""

    account: str
    users: tuple[str, ...]
    at: int


def encode(kit: Kit) -> bytes:
    """The whole file."""
    return fields.armour(MAGIC, canonical.encode(kit_body(kit)))


def decode(data: bytes) -> Kit:
    """Refused("relay.kit") for what is no such file or torn, Refused("relay.address") for what it says."""
    if len(data) > LIMIT:
        raise Refused("relay.kit", "too large")
    try:
        held = canonical.decode(fields.unarmour(MAGIC, data, "relay"))
    except (Refused, json.JSONDecodeError):
        raise Refused("relay.kit", "not the file of a relay, or torn") from None
    return read_kit(held)


def encode_revocation(account: str, users: Sequence[str], at: int) -> bytes:
    """The whole file. Refused("relay.revocation")."""
    made = Revocation(account, tuple(sorted(set(users))), at)
    held = {"v": 1, "account": made.account, "users": list(made.users), "at": made.at}
    data = fields.armour(REVOKE, canonical.encode(held))
    decode_revocation(data)
    return data


def decode_revocation(data: bytes) -> Revocation:
    """Refused("relay.revocation")."""
    try:
        held = fields.read(fields.unarmour(REVOKE, data, "relay", LIMIT), "relay", ("v", "account", "users", "at"), 1)
        at = fields.whole(held["at"], "relay")
    except Refused:
        raise Refused("relay.revocation", "not a list of what was taken back, or torn") from None
    account, users = held["account"], held["users"]
    if type(account) is not str or not _ACCOUNT.match(account) or type(users) is not list:
        raise Refused("relay.revocation", "no account, or no list")
    if not 1 <= len(users) <= MOST_USERS or any(type(one) is not str or not _USER.match(one) for one in users):
        raise Refused("relay.revocation", "none to end, or too many, or not users")
    if users != sorted(set(users)):
        raise Refused("relay.revocation", "not each once and in order")
    return Revocation(account, tuple(users), at)
