"""Joint statements and lists of co-sponsors: delegations sign on to one hash.

The words never change: whoever wants others opens a new statement in the place of the old one, and signs nobody on to it.
Sign-ons are a set; *late* is who was not among those the opener saw when it closed the list (causality, not time), and
only the opener admits late ones. No clock decides anything: the date until which a list is open is what people read.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from valise.domain.errors import NotAllowed
from valise.domain.kinds import Ident, Many, Text, Whole, operation
from valise.domain.op import Op
from valise.domain.text.kinds import Hash, Words

Body = dict[str, Any]
Purpose = Literal["joint statement", "co-sponsorship"]
SignState = Literal["signed", "late", "admitted", "left", "other words"]
LONGEST = 60_000  # code points of a joint statement
MOST = 1_000  # sign-ons
_STRAY = {chr(one) for one in (*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), 0xFEFF)} - {"\n"}


@operation(
    "joint.open",
    {
        "purpose": Text(20, get_args(Purpose)),
        "title": Words(300, least=1),
        "words": Text(LONGEST),
        "text": Ident(empty=True),
        "revision": Ident(empty=True),
        "hash": Hash(),
        "language": Words(35),
        "until": Whole(0, 2**45),  # ms UTC, 0 = no date
        "replaces": Ident(empty=True),
    },
    right="amend",
)
def opened(op: Op) -> str:
    """Its own id."""
    return op.id


@operation("joint.sign", {"statement": Ident(), "hash": Hash()}, right="commit", composite=True)
def signed(op: Op) -> str:
    """The statement."""
    return str(op.body["statement"])


@operation("joint.leave", {"statement": Ident(), "signs": Many(Ident(), MOST)}, right="commit", composite=True)
def left(op: Op) -> str:
    """The statement."""
    return str(op.body["statement"])


@operation("joint.close", {"statement": Ident(), "signs": Many(Ident(), MOST)}, right="amend")
def closed(op: Op) -> str:
    """The statement."""
    return str(op.body["statement"])


@operation("joint.admit", {"statement": Ident(), "signs": Many(Ident(), MOST)}, right="amend")
def admitted(op: Op) -> str:
    """The statement."""
    return str(op.body["statement"])


def statement_of(op: Op) -> str:
    """Id of the statement an operation belongs to."""
    return op.id if op.kind == "joint.open" else str(op.body["statement"])


# what stands


@dataclass(frozen=True, slots=True)
class SignOn:
    """One delegation's sign-on. `ids`: its operations that count; `at` ms UTC of the first of them."""

    delegation: str
    state: SignState
    at: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement or list as its operations give it. `sound`: the words have the hash that is signed, and show all
    they hold."""

    id: str
    room: str
    opener: str
    at: int
    body: Body
    sound: bool
    closed: bool
    closed_at: int
    signs: tuple[SignOn, ...]  # by time of the first sign-on, for display

    @property
    def names(self) -> tuple[str, ...]:
        """The delegations on the list: those who signed before it closed, and those admitted."""
        return tuple(one.delegation for one in self.signs if one.state in ("signed", "admitted"))


def hash_of(words: str) -> str:
    """Hex SHA-256 of the words as a text file: UTF-8, NFC, lines ended by LF, one at the end (sha256sum agrees)."""
    return hashlib.sha256((words + "\n").encode()).hexdigest()


def fold(ops: Iterable[Op], suspended: Collection[str] = ()) -> Statement | None:
    """What a set of operations about one statement comes to; None while its opening is not among them. `suspended`:
    operations of devices with two histories, which count for nothing."""
    every = sorted((op for op in ops if op.id not in suspended), key=lambda op: op.order)
    first = next((op for op in every if op.kind == "joint.open"), None)
    if first is None:
        return None
    mine = [op for op in every if op.kind != "joint.open" and op.body["statement"] == first.id]
    own = [op for op in mine if op.author == first.author]
    closes = [op for op in own if op.kind == "joint.close"]
    seen = {id for op in closes for id in op.body["signs"]}
    taken = {id for op in own if op.kind == "joint.admit" for id in op.body["signs"]}
    authors = {op.id: op.author for op in mine if op.kind == "joint.sign"}
    gone = {
        id for op in mine if op.kind == "joint.leave" for id in op.body["signs"] if authors.get(id) == op.author
    }
    by: dict[str, list[Op]] = {}
    for op in mine:
        if op.kind == "joint.sign":
            by.setdefault(op.author, []).append(op)
    signs = tuple(_sign(first, found, bool(closes), seen, taken, gone) for found in by.values())
    body = dict(first.body)
    sound = body["purpose"] != "joint statement" or (
        hash_of(body["words"]) == body["hash"] and not any(one in _STRAY for one in body["words"])
    )
    return Statement(
        first.id, first.room, first.author, first.at, body, sound, bool(closes),
        min((op.at for op in closes), default=0), signs,
    )  # fmt: skip


def _sign(first: Op, found: Sequence[Op], closed: bool, seen: set[str], taken: set[str], gone: set[str]) -> SignOn:
    right = [op for op in found if op.body["hash"] == first.body["hash"]]
    here = [op for op in right if op.id not in gone]
    state: SignState
    if not right:
        state = "other words"
    elif not here:
        state = "left"
    elif not closed or any(op.id in seen for op in here):
        state = "signed"
    else:
        state = "admitted" if any(op.id in taken for op in here) else "late"
    counts = here or right or list(found)
    return SignOn(found[0].author, state, counts[0].at, tuple(op.id for op in counts))


# what may be said


def open_statement(title: str, words: str, language: str = "en", until: int = 0, replaces: str = "") -> Body:
    """Body of a joint statement. NotAllowed("joint.empty" | "joint.characters" | "joint.too-long")."""
    said = "\n".join(line.rstrip() for line in unicodedata.normalize("NFC", words).strip().splitlines())
    name = " ".join(unicodedata.normalize("NFC", title).split())
    if not said or not name:
        raise NotAllowed("joint.empty", "there are no words, or no title")
    if any(one in _STRAY for one in said + name):
        raise NotAllowed("joint.characters", "the words hold a control character")
    if len(said) > LONGEST or len(name) > 300:
        raise NotAllowed("joint.too-long", "the statement is too long")
    return {
        "purpose": "joint statement", "title": name, "words": said, "text": "", "revision": "", "hash": hash_of(said),
        "language": language, "until": until, "replaces": replaces,
    }  # fmt: skip


def open_sponsors(title: str, text: str, revision: str, text_hash: str, language: str, until: int = 0) -> Body:
    """Body of a list of co-sponsors of one revision of a text."""
    return {
        "purpose": "co-sponsorship", "title": title[:300], "words": "", "text": text, "revision": revision,
        "hash": text_hash, "language": language, "until": until, "replaces": "",
    }  # fmt: skip


def sign(state: Statement, delegation: str) -> Body:
    """Sign on, also late. NotAllowed("joint.unsound" | "joint.signed")."""
    if not state.sound:
        raise NotAllowed("joint.unsound", "the words do not have the hash that would be signed")
    if any(one.delegation == delegation and one.state in ("signed", "admitted", "late") for one in state.signs):
        raise NotAllowed("joint.signed", "this delegation has signed on")
    return {"statement": state.id, "hash": state.body["hash"]}


def leave(state: Statement, delegation: str) -> Body:
    """Take the delegation's name back. NotAllowed("joint.not-signed")."""
    ids = [id for one in state.signs if one.delegation == delegation and one.state != "left" for id in one.ids]
    if not ids:
        raise NotAllowed("joint.not-signed", "this delegation has not signed on")
    return {"statement": state.id, "signs": sorted(ids)}


def close(state: Statement, delegation: str) -> Body:
    """The opener closes the list with the names it sees. NotAllowed("joint.not-opener" | "joint.closed")."""
    _opener(state, delegation)
    if state.closed:
        raise NotAllowed("joint.closed", "this list is closed")
    return {"statement": state.id, "signs": sorted(id for one in state.signs if one.state == "signed" for id in one.ids)}


def admit(state: Statement, delegation: str, late: str) -> Body:
    """The opener puts a late delegation on the list. NotAllowed("joint.not-opener" | "joint.not-late")."""
    _opener(state, delegation)
    ids = [id for one in state.signs if one.delegation == late and one.state == "late" for id in one.ids]
    if not ids:
        raise NotAllowed("joint.not-late", "this delegation does not wait")
    return {"statement": state.id, "signs": sorted(ids)}


def _opener(state: Statement, delegation: str) -> None:
    if state.opener != delegation:
        raise NotAllowed("joint.not-opener", "only the delegation that opened the list may do this")
