"""What came of a ping, from the set of what was said: order plays no part, and nothing counts as an answer but one.

An answer is a signed operation of the asked delegation in the room of the two, or what an officer of ours recorded of a
call or a letter, and the two are told apart wherever they are shown. That an envelope was taken, that a laptop holds it,
that a message was acknowledged is no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

from valise.domain.errors import NotAllowed
from valise.domain.ping.kinds import ASKED_FIELDS, CHANNELS, LABEL, MOST, NOTED, SAYS, WORDS

Outcome = Literal["waiting", "confirmed", "late", "no reply", "bounced", "wrong contact"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)
How = Literal["", "signed", "recorded"]
MONTHS: Final = 6  # between two rounds; recollected from A/78/265, annex A
_CAUTION: Final = ("wrong contact", "bounced", "no reply", "answered")  # of several records, the first of these stands
Body = dict[str, Any]
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question of ours. `at` ms UTC, by the clock of the laptop that signed it."""

    id: str
    room: str
    author: str
    at: int


@dataclass(frozen=True, slots=True)
class Answer:
    """`at` ms UTC by the clock of the laptop that signed it, which is not ours."""

    id: str
    ask: str
    room: str
    author: str
    at: int
    says: str
    changes: Values = field(default_factory=dict)
    words: str = ""
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """What an officer of ours noted: asked at `asked_at`, answered (or found out) at `at`, both ms UTC."""

    id: str
    outcome: str
    channel: str
    asked_at: int
    at: int
    changes: Values = field(default_factory=dict)
    words: str = ""
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """`latency` ms, None where there is none or where the clocks contradict each other (`doubt`). `counted` = the operation
    the outcome rests on. `differs`: more stands, and says otherwise: a person looks."""

    outcome: Outcome
    how: How = ""
    at: int = 0
    latency: int | None = None
    counted: str = ""
    differs: bool = False
    doubt: bool = False
    changes: Values = field(default_factory=dict)
    words: str = ""
    channel: str = ""


def verdict(
    asks: Iterable[Ask], answers: Iterable[Answer], records: Iterable[Record], *, due: int, now: int, closed: bool = False
) -> Verdict:
    """The outcome for one contact of one round. `due`, `now` ms UTC; 0 = no date was set."""
    known = {one.id: one for one in asks}
    valid = [one for one in answers if one.ask in known and _answers(known[one.ask], one)]
    noted = list(records)
    if valid:
        return _signed(known, valid, noted, due)
    if noted:
        return _recorded(noted, due)
    return Verdict("no reply" if closed or 0 < due < now else "waiting")


def _answers(ask: Ask, one: Answer) -> bool:
    """Whoever asks cannot answer, and nobody answers from another room."""
    return one.room == ask.room and one.author != ask.author


def _signed(known: Mapping[str, Ask], valid: Sequence[Answer], noted: Sequence[Record], due: int) -> Verdict:
    taken = {(one.author, gone) for one in valid for gone in one.replaces}
    standing = sorted((one for one in valid if (one.author, one.id) not in taken), key=lambda one: (one.at, one.id))
    wrong = [one for one in standing if one.says == "wrong contact"]
    said = wrong or standing
    reached = {one.says == "wrong contact" for one in standing}
    contents = {tuple(sorted(one.changes.items())) for one in standing if one.changes}
    gone = {one for each in noted for one in each.replaces}
    against = not wrong and any(one.outcome == "wrong contact" and one.id not in gone for one in noted)
    # what was put right since was still said first then: the entry worked
    first = min((one for one in valid if (one.says == "wrong contact") == bool(wrong)), key=lambda one: (one.at, one.id))
    lasted = first.at - known[first.ask].at
    outcome: Outcome = "wrong contact" if wrong else "late" if 0 < due < first.at else "confirmed"
    told = next((one for one in said if one.changes), said[0])
    return Verdict(
        outcome, "signed", first.at, lasted if lasted >= 0 else None, told.id,
        len(reached) > 1 or len(contents) > 1 or against, lasted < 0, told.changes, told.words,
    )  # fmt: skip


def _recorded(noted: Sequence[Record], due: int) -> Verdict:
    gone = {one for each in noted for one in each.replaces}
    standing = sorted((one for one in noted if one.id not in gone), key=lambda one: (one.at, one.id))
    told = min(standing, key=lambda one: (_CAUTION.index(one.outcome), one.at, one.id))
    contents = {tuple(sorted(one.changes.items())) for one in standing if one.changes}
    differs = len({one.outcome for one in standing}) > 1 or len(contents) > 1
    outcome: Outcome
    if told.outcome == "answered":
        outcome = "late" if 0 < due < told.at else "confirmed"
    else:
        outcome = told.outcome  # type: ignore[assignment]
    lasted = told.at - told.asked_at if told.asked_at and told.outcome in ("answered", "wrong contact") else -1
    return Verdict(
        outcome, "recorded", told.at, lasted if lasted >= 0 else None, told.id, differs, False, told.changes, told.words,
        told.channel,
    )  # fmt: skip


def standing(records: Iterable[Record]) -> tuple[str, ...]:
    """Ids of the records that nothing took the place of, which a new one replaces."""
    every = list(records)
    gone = {one for each in every for one in each.replaces}
    return tuple(sorted(one.id for one in every if one.id not in gone))


def next_round(last: int, months: int = MONTHS) -> int:
    """When the next round is due after one opened at `last`: the same day so many months later, ms UTC; 0 = at once."""
    if not last:
        return 0
    then = datetime.fromtimestamp(last / 1000, UTC)
    month = then.month - 1 + months
    year, month = then.year + month // 12, month % 12 + 1
    for day in range(then.day, 27, -1):
        try:
            return int(then.replace(year=year, month=month, day=day).timestamp() * 1000)
        except ValueError:  # 31 August has no 31 February
            continue
    return int(then.replace(year=year, month=month).timestamp() * 1000)


# what may be said


def opened(title: str, forum: str, due: int, asked: Sequence[Body], nonce: str, *, now: int, exercise: bool, words: str) -> Body:
    """Body of a round. NotAllowed("ping.title" | "ping.nobody" | "ping.too_many" | "ping.due" | "ping.twice")."""
    if not title.strip() or len(title) > 200:
        raise NotAllowed("ping.title", "a round needs a title of at most 200 characters")
    if not asked:
        raise NotAllowed("ping.nobody", "nobody is asked")
    if len(asked) > MOST:
        raise NotAllowed("ping.too_many", "too many contacts for one round")
    if due <= now:
        raise NotAllowed("ping.due", "the date lies in the past")
    if len({one["contact"] for one in asked}) < len(asked):
        raise NotAllowed("ping.twice", "a contact is named twice")
    return {
        "title": title.strip(), "forum": forum.strip()[:100], "due": due, "exercise": int(exercise), "nonce": nonce,
        "asked": [{**one, "label": one["label"][:LABEL]} for one in asked], "words": words[:WORDS],
    }  # fmt: skip


def recorded(
    round: str, contact: str, outcome: str, channel: str, *, asked_at: int, at: int, now: int, words: str, changes: Values,
    replaces: Sequence[str],
) -> Body:  # fmt: skip
    """Body of a record. NotAllowed("ping.outcome" | "ping.when" | "ping.words")."""
    if outcome not in NOTED or channel not in CHANNELS:
        raise NotAllowed("ping.outcome", "there is no such outcome or channel")
    if at <= 0 or at > now or asked_at > at:
        raise NotAllowed("ping.when", "a contact answers after it was asked, and not in the future")
    return {
        "round": round, "contact": contact, "outcome": outcome, "channel": channel, "asked_at": asked_at, "at": at,
        "words": _words(words), "changes": entry(changes), "replaces": sorted(replaces),
    }  # fmt: skip


def answer(ask: str, says: str, changes: Values, words: str, replaces: Sequence[str]) -> Body:
    """Body of an answer. NotAllowed("ping.outcome" | "ping.changes" | "ping.words")."""
    if says not in SAYS:
        raise NotAllowed("ping.outcome", "there is no such answer")
    if (says == "changed") != bool(changes):
        raise NotAllowed("ping.changes", "only who says that the entry has changed says what")
    return {"ask": ask, "says": says, "changes": entry(changes), "words": _words(words), "replaces": sorted(replaces)}


def _words(words: str) -> str:
    if len(words) > WORDS:
        raise NotAllowed("ping.words", "the note is too long")
    return words.strip()


def entry(values: Values) -> list[Body]:
    """Fields of an entry as a question or an answer carries them; those that are no business of the other are left out."""
    return [
        {"field": one, "values": [value[:1_000] for value in values[one]][:40]} for one in ASKED_FIELDS if one in values
    ]


def values(told: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """The fields of a question or an answer by name; of a field that stands twice, the first."""
    made: dict[str, tuple[str, ...]] = {}
    for one in told:
        made.setdefault(str(one["field"]), tuple(one["values"]))
    return made
