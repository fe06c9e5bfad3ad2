"""The escalation ladder T0 to T3: how long one waits at each step, and what is then proposed to a person.

Nothing here does anything by itself. The time is handed in; the default times are proposals each delegation may change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from valise.domain.errors import NotAllowed
from valise.domain.incident.form import TIERS
from valise.domain.incident.record import Incident

HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
# An acknowledgement is all that was asked for.
_RECEIPT: Final = frozenset(("confirm receipt", "none"))
MOST: Final = 24 * 365  # hours


@dataclass(frozen=True, slots=True)
class Timers:
    """T0 in working days (Monday to Friday), the others in hours; 0 = as agreed, nothing is proposed by itself."""

    t0: int = 5
    t1: int = 24
    t2: int = 24
    t3: int = 0

    def of(self, tier: str) -> int:
        return {"T0": self.t0, "T1": self.t1, "T2": self.t2, "T3": self.t3}[tier]


@dataclass(frozen=True, slots=True)
class Step:
    """Where an incident of ours stands on the ladder. `until` ms UTC by when an answer is due, 0 = no time runs. `proposes`
    the next tier once that time has passed unanswered, else "". `late`: it has passed (at T3 with nowhere to go)."""

    tier: str
    since: int
    until: int
    answered: bool
    late: bool
    proposes: str


def timers(values: Mapping[str, int]) -> Timers:
    """From settings "t0" ... "t3". NotAllowed("incident.timer")."""
    if any(type(one) is not int or not 0 <= one <= MOST for one in values.values()) or values.keys() - {"t0", "t1", "t2", "t3"}:
        raise NotAllowed("incident.timer", "a time is a whole number from 0 to 8760")
    return Timers(**values)


def answered(state: Incident) -> bool:
    """Whether somebody answered. Where nothing but a receipt was asked for, an acknowledgement answers."""
    if state.answered:
        return True
    return bool(state.acknowledged) and set(state.form.get("requested_actions", ())) <= _RECEIPT


def step(state: Incident, waits: Timers, now: int) -> Step:
    """Where it stands at `now` (ms UTC). A time by which the form asks for a reply comes before that of the ladder, at the
    tier it was opened with."""
    asked = int(state.form.get("reply_requested_by", 0))
    wait = waits.of(state.tier)
    until = _later(state.tier_since, state.tier, wait) if wait else 0
    if asked and state.tier_since == state.at:
        until = asked
    done = answered(state) or state.closed
    late = bool(until) and now >= until and not done
    above = TIERS[TIERS.index(state.tier) + 1 :]
    return Step(state.tier, state.tier_since, 0 if done else until, done, late, above[0] if late and above else "")


def _later(since: int, tier: str, wait: int) -> int:
    return working_days(since, wait) if tier == "T0" else since + wait * HOUR


def working_days(since: int, days: int) -> int:
    """`days` working days after `since` (ms UTC): Saturday and Sunday do not count."""
    at = datetime.fromtimestamp(since / 1000, UTC)
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < 5
    return since + round((at - datetime.fromtimestamp(since / 1000, UTC)).total_seconds()) * 1000
