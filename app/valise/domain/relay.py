"""Relays as delegations speak of them: where a relay is, our own mailbox there, and the address another gave us to write to.

A delegation has one inbox on one relay. Its laptops read it, each from a seat of its own; whoever may write to it has a
slot of his own, with a credential that the delegation made for him and can take back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from valise.domain.errors import Refused

MOST_URLS: Final = 6
_TOKEN: Final = re.compile(r"[a-z2-7]{8,32}\Z")  # inbox, slot, seat: one token of a subject, nothing told by it
_SEED: Final = re.compile(r"S[UA][A-Z2-7]{56}\Z")  # 58 characters: base32 of prefix 2, seed 32, CRC-16 2
_KEY: Final = re.compile(r"[UAO][A-Z2-7]{55}\Z")
_JWT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}\Z")
_PIN: Final = re.compile(r"[0-9a-f]{64}\Z")
SCHEMES: Final = ("wss", "tls", "ws", "nats")
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def _bad(line: str) -> Refused:
    return Refused("relay.address", line)


@dataclass(frozen=True, slots=True)
class Server:
    """Where a relay listens. `urls` wss:// or tls:// (ws:// and nats:// on loopback only), tried in turn; `ca` is PEM, "" =
    the authorities of this computer; `pin` the SHA-256 of the server key's SubjectPublicKeyInfo in hex, "" = none.
    Refused("relay.address")."""

    urls: tuple[str, ...]
    ca: str = ""
    pin: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.urls) <= MOST_URLS:
            raise _bad("no address of the relay, or too many")
        for url in self.urls:
            _url(url)
        if len(self.ca) > 20_000 or (self.ca and not self.ca.startswith("-----BEGIN CERTIFICATE-----")):
            raise _bad("the authority is not a certificate")
        if self.pin and not _PIN.match(self.pin):
            raise _bad("the pin is not a SHA-256")

    @property
    def host(self) -> str:
        """What a person is shown."""
        return urlsplit(self.urls[0]).hostname or ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Our own inbox, as one laptop reads it: `seat` is its durable consumer on both streams; `jwt` and `seed` its credential
    in the account of the delegation's laptops. `expires` ms UTC, 0 = never. Refused("relay.address")."""

    server: Server
    inbox: str
    seat: str
    jwt: str = field(repr=False)
    seed: str = field(repr=False)
    expires: int = 0

    def __post_init__(self) -> None:
        _tokens(self.inbox, self.seat)
        _credential(self.jwt, self.seed)

    @property
    def streams(self) -> tuple[str, str]:
        """Names of the streams of envelopes and of large envelopes."""
        return f"IN_{self.inbox}", f"BL_{self.inbox}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where envelopes for one delegation are put, and with which credential: `slot` is ours alone. Whoever reads this can
    write there in our place until it is taken back: it travels sealed, or in a file handed over like a key.
    `expires` ms UTC. Refused("relay.address")."""

    server: Server
    inbox: str
    slot: str
    jwt: str = field(repr=False)
    seed: str = field(repr=False)
    expires: int

    def __post_init__(self) -> None:
        _tokens(self.inbox, self.slot)
        _credential(self.jwt, self.seed)
        if type(self.expires) is not int or not 0 < self.expires < 2**53:
            raise _bad("an address has to end some day")

    def subject(self, *, large: bool) -> str:
        """Where an envelope is published."""
        return f"{'blob' if large else 'inbox'}.{self.inbox}.{self.slot}"


@dataclass(frozen=True, slots=True)
class Minting:
    """What makes credentials for others offline: the account of writers ("A...") and a signing key of it ("SA...") that is
    scoped to writing. Kept in the vault. Refused("relay.address")."""

    account: str
    signer: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _KEY.match(self.account) or not self.account.startswith("A"):
            raise _bad("no account of writers")
        if not _SEED.match(self.signer) or not self.signer.startswith("SA"):
            raise _bad("no key that makes credentials")


@dataclass(frozen=True, slots=True)
class Kit:
    """What the operator of a relay hands to one laptop of a delegation."""

    mailbox: Mailbox
    minting: Minting
    label: str = ""  # the operator's words for this relay, shown as foreign text

    def __post_init__(self) -> None:
        if len(self.label) > 80:
            raise _bad("the label is too long")


def server_body(server: Server) -> dict[str, Any]:
    """As it stands in canonical JSON."""
    return {"urls": list(server.urls), "ca": server.ca, "pin": server.pin}


def address_body(address: Address) -> dict[str, Any]:
    """As it stands in canonical JSON."""
    return {
        "server": server_body(address.server),
        "inbox": address.inbox,
        "slot": address.slot,
        "jwt": address.jwt,
        "seed": address.seed,
        "expires": address.expires,
    }


def read_server(held: Any) -> Server:
    """Refused("relay.address")."""
    found = _fields(held, "urls", "ca", "pin")
    if type(found["urls"]) is not list or any(type(one) is not str for one in found["urls"]):
        raise _bad("the addresses of the relay are no text")
    return Server(tuple(found["urls"]), _text(found["ca"]), _text(found["pin"]))


def read_address(held: Any) -> Address:
    """What another delegation gave us. Refused("relay.address")."""
    found = _fields(held, "server", "inbox", "slot", "jwt", "seed", "expires")
    return Address(
        read_server(found["server"]),
        _text(found["inbox"]),
        _text(found["slot"]),
        _text(found["jwt"]),
        _text(found["seed"]),
        found["expires"],
    )


def kit_body(kit: Kit) -> dict[str, Any]:
    """As it stands in canonical JSON."""
    box = kit.mailbox
    return {
        "v": 1,
        "server": server_body(box.server),
        "inbox": box.inbox,
        "seat": box.seat,
        "jwt": box.jwt,
        "seed": box.seed,
        "expires": box.expires,
        "account": kit.minting.account,
        "signer": kit.minting.signer,
        "label": kit.label,
    }


def read_kit(held: Any) -> Kit:
    """Refused("relay.address")."""
    found = _fields(held, "v", "server", "inbox", "seat", "jwt", "seed", "expires", "account", "signer", "label")
    if found["v"] != 1 or type(found["expires"]) is not int or not 0 <= found["expires"] < 2**53:
        raise _bad("another version of the file, or no end of it")
    box = Mailbox(
        read_server(found["server"]),
        _text(found["inbox"]),
        _text(found["seat"]),
        _text(found["jwt"]),
        _text(found["seed"]),
        found["expires"],
    )
    return Kit(box, Minting(_text(found["account"]), _text(found["signer"])), _text(found["label"]))


def _fields(held: Any, *names: str) -> dict[str, Any]:
    if type(held) is not dict or held.keys() != set(names):
        raise _bad("not the fields that belong here")
    return dict(held)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise _bad("a field is no text")
    return value


def _tokens(*tokens: str) -> None:
    if any(not _TOKEN.match(one) for one in tokens):
        raise _bad("a name is not one token")


def _credential(jwt: str, seed: str) -> None:
    if len(jwt) > 4_000 or not _JWT.match(jwt) or not _SEED.match(seed) or not seed.startswith("SU"):
        raise _bad("the credential is not one")


def _url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _bad("an address cannot be read") from None
    if len(url) > 200 or parts.scheme not in SCHEMES or not host or parts.username is not None or parts.query or parts.fragment:
        raise _bad("an address is not one of a relay")
    if parts.path not in ("", "/") or not (port is None or 0 < port < 65_536) or not url.isascii() or not url.isprintable():
        raise _bad("an address is not one of a relay")
    if parts.scheme in ("ws", "nats") and host not in LOOPBACK:
        raise _bad("without TLS only on this computer")
