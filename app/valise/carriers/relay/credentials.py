"""Credentials of a relay: what a writer or a laptop shows to it.

A credential says no more than a name; what somebody of that name may do is written in the account, beside the key that signed
it (scoped signing keys: NATS ADR-14; docs.nats.io "Scoped Signing Keys" and their templates). Who gets hold of such a key can
make more writers of one inbox, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from valise.carriers.relay import jwt, nkeys, wire
from valise.carriers.relay.nkeys import Kind
from valise.domain.relay import Minting

WRITER: Final = "writer"
SEAT: Final = "seat"
WAYS: Final = ("STANDARD", "WEBSOCKET")  # no MQTT, no leaf node
NAME: Final = "{{name()}}"


def _template(role: str, key: str, publish: list[str], replies: str, payload: int, subscriptions: int) -> dict[str, Any]:
    return {
        "kind": "user_scope",
        "key": key,
        "role": role,
        "template": {
            "pub": {"allow": publish},
            "sub": {"allow": [f"{replies}.>"]},
            "subs": subscriptions,
            "data": -1,
            "payload": payload,
            "allowed_connection_types": list(WAYS),
        },
    }


def writer_scope(key: str, inbox: str, payload: int) -> dict[str, Any]:
    """What a credential signed with `key` may do in the account of writers: put envelopes into its own slot, hear answers."""
    slots = [f"inbox.{inbox}.{NAME}", f"blob.{inbox}.{NAME}"]
    return _template(WRITER, key, slots, wire.writer_replies(NAME), payload, 16)


def seat_scope(key: str, inbox: str, payload: int) -> dict[str, Any]:
    """What a credential signed with `key` may do in the account of laptops: fetch from its own seat, confirm what it fetched,
    ask how much waits there, take a writer's credential back."""
    allowed = [f"revoke.{inbox}"]
    for stream in (f"IN_{inbox}", f"BL_{inbox}"):
        allowed += [
            f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{NAME}",
            f"$JS.API.CONSUMER.INFO.{stream}.{NAME}",
            f"info.{stream}.{NAME}",
            f"$JS.ACK.{stream}.{NAME}.>",
            f"$JS.ACK.*.*.{stream}.{NAME}.>",
        ]
    return _template(SEAT, key, allowed, wire.reader_replies(NAME), payload, 16)


def scoped(account: str, signer: str, name: str, issued: int, expires: int, random: Callable[[int], bytes]) -> tuple[str, str, str]:
    """JWT, seed and public key of a new credential of this name. Times in seconds UTC, `expires` 0 = none. Refused("relay.key")."""
    seed = nkeys.seed(Kind.USER, random(nkeys.RAW))
    public = nkeys.public(seed)
    token = jwt.encode("user", public, signer, issued, name=name, expires=expires, nats={"issuer_account": account})
    return token, seed, public


def mint(
    minting: Minting, inbox: str, slot: str, expires_ms: int, now_ms: int, random: Callable[[int], bytes]
) -> tuple[str, str, str]:
    """A credential that writes to `slot` of `inbox` until `expires_ms` (UTC): JWT, seed, public key. Nothing is asked of the
    relay. Refused("relay.key" | "relay.address")."""
    from valise.domain.relay import Address, Server  # the shapes of both names, and that it ends

    token, seed, public = scoped(minting.account, minting.signer, slot, now_ms // 1000, expires_ms // 1000, random)
    Address(Server(("wss://relay.invalid",)), inbox, slot, token, seed, expires_ms)
    return token, seed, public
