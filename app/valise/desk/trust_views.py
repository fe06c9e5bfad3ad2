"""What the trust part of the door hands out: plain immutable values, no secrets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valise.desk.views import DeviceView

Judgement = Literal["same", "differs", "older", "newer", "own", "other", "pair", "foreign", "none"]
LiveStage = Literal["none", "asked", "waiting", "ready", "ended"]


@dataclass(frozen=True, slots=True)
class Happened:
    """One dated line of an identity's history. `code` as in valise.ui.contacts.past; `laptop` the officer of the laptop it is
    about, `officer` who here decided it, "" where it came by itself; `value` a card's number."""

    at: int
    code: str
    laptop: str = ""
    officer: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A delegation's word for another. `author` and `about` are delegation ids, `name` and `whom` how they are called here
    ("XB Borovia"; `whom` "" for an identity we hold no card of); `how` it was compared there, `number` of the card."""

    author: str
    name: str
    about: str
    whom: str
    fingerprint: str
    how: str
    number: int
    verified_at: int
    at: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A laptop nobody here has looked at, and since when."""

    device: DeviceView
    since: int


@dataclass(frozen=True, slots=True)
class Story:
    """Everything about one identity beyond its card. `how` "" while it was not compared here. `words` = custodians that vouch
    for it, of `custodians` of whom `needed` are enough; `against` = custodians that vouch for another under its code.
    `to` = to whom we have vouched for it."""

    delegation: str
    how: str
    at: int
    officer: str
    number: int
    history: tuple[Happened, ...]
    waiting: tuple[Waiting, ...]
    words: tuple[Word, ...]
    against: tuple[Word, ...]
    custodians: int
    needed: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Live:
    """A live comparison. "asked": the other side waits for us; "waiting": for them; "ready": `words` and `digits` are on both
    screens; "ended": `why` = "cancelled", "expired", "second answer", "reflected", "commitment", "card". `hindered` = an
    error code why none can be started now, or ""."""

    stage: LiveStage
    words: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    why: str = ""
    until: int = 0
    hindered: str = ""


@dataclass(frozen=True, slots=True)
class Custodians:
    """Whose word we take: delegation ids; how many have to agree; who could be chosen (verified in person here)."""

    chosen: tuple[str, ...]
    needed: int
    verified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a code read from a picture says. `name` of the delegation it is of, "" when it is not known here."""

    verdict: Judgement
    name: str = ""
