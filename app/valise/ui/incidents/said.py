"""Incidents in words: states, kinds of messages, the ladder, times with the local time beside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QLocale

from valise.desk.door_incidents import IncidentRow, Said
from valise.domain.incident import form as forms
from valise.domain.incident.ladder import Step
from valise.domain.incident.template import Template
from valise.ui.language import listed, translate
from valise.ui.seeing import deadline
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import LATEST

EXERCISE = "EXERCISE EXERCISE EXERCISE"  # not translated: it is the word on every page, in every language


def language() -> str:
    """The language of the window, as the form has its labels; English for another."""
    name = QLocale().name().partition("_")[0]
    return name if name in ("ar", "zh", "en", "fr", "ru", "es") else "en"


def label(words: Template, key: str) -> str:
    """A key of the form as the window names it."""
    return words.keys[key].in_(language())


def helped(words: Template, key: str) -> str:
    """What is said under a key, "" where nothing is."""
    found = words.help.get(key)
    return found.in_(language()) if found is not None else ""


def title(one: IncidentRow) -> str:
    """What a list or a heading shows: an exercise is one before anything else."""
    return f"{EXERCISE} · {one.title}" if one.exercise else one.title


def state(one: IncidentRow) -> tuple[str, str]:
    """(words, token of the colour, which only adds to them)."""
    return {
        "sent": (translate("incidents", "Sent, not acknowledged yet"), "warn"),
        "acknowledged": (translate("incidents", "Receipt acknowledged"), "info"),
        "answered": (translate("incidents", "Answered"), "info"),
        "offered": (translate("incidents", "Help is offered"), "good"),
        "chosen": (translate("incidents", "An offer is taken"), "good"),
        "closed": (translate("incidents", "Closed"), "muted"),
    }[one.state]


def needs(one: IncidentRow) -> str:
    """What a person of ours has to do, or ""."""
    return {
        "acknowledge": translate("incidents", "Acknowledge receipt"),
        "answer": translate("incidents", "Answer"),
        "escalate": translate("incidents", "Unanswered in time: decide"),
        "choose": translate("incidents", "Choose among the offers"),
        "close": translate("incidents", "It has ended: close it"),
    }.get(one.needs, "")


def kind(line: Said) -> str:
    """What a line of the timeline says, before its words."""
    return {
        "incident.open": translate("incidents", "Report"),
        "incident.update": translate("incidents", "Correction or addition"),
        "incident.acknowledge": translate("incidents", "Receipt acknowledged: it accepts no fact and agrees with nothing"),
        "incident.respond": translate("incidents", "Answer"),
        "incident.offer": translate("incidents", "Offer of assistance"),
        "incident.withdraw": translate("incidents", "Offer taken back"),
        "incident.choose": translate("incidents", "Offers of assistance taken"),
        "incident.raise": translate("incidents", "Taken to {tier}").format(tier=isolate(line.tier)),
        "incident.close": translate("incidents", "Closed"),
        "incident.reopen": translate("incidents", "Opened again"),
    }.get(line.kind, translate("incidents", "Something this version does not know"))


def offered(value: str) -> str:
    """State of an offer."""
    return {
        "open": translate("incidents", "open"), "chosen": translate("incidents", "taken"), "withdrawn": translate("incidents", "taken back"),
        "withdrawn after it was chosen": translate("incidents", "taken back, though it was taken"),
    }[value]  # fmt: skip


def when(at: int) -> str:
    """ "2026-12-08 12:00 UTC", with the time of this computer beside it where that is another."""
    there = datetime.fromtimestamp(max(0, min(at, LATEST)) / 1000, UTC)
    here = there.astimezone()
    made = f"{there:%Y-%m-%d %H:%M} UTC"
    if not here.utcoffset():
        return made
    local = f"{here:%H:%M}" if here.date() == there.date() else f"{here:%Y-%m-%d %H:%M}"
    return translate("incidents", "{utc} ({local} here)").format(utc=isolate(made), local=isolate(local))


def ladder(step: Step, now: int) -> str:
    """Where it stands: how long there is still, or what is proposed."""
    if step.answered:
        return translate("incidents", "Answered: no time runs.")
    if not step.until:
        return translate("incidents", "No time runs at {tier}: it is as agreed in this case.").format(tier=step.tier)
    if not step.late:
        left = deadline.remaining(step.until - now)
        return translate("incidents", "An answer is due in {left}, at {when}.").format(left=isolate(left), when=isolate(when(step.until)))
    if step.proposes:
        return translate("incidents", "Nobody answered until {when}. {tier} is proposed: nothing happens unless you take it there.").format(
            when=isolate(when(step.until)), tier=step.proposes
        )
    return translate(
        "incidents", "Nobody answered until {when}, and there is no higher channel. Speak to them."
    ).format(when=isolate(when(step.until)))


def languages() -> dict[str, str]:
    """The languages a message can be said to be in, by their tags."""
    return {
        "en": translate("incidents", "English"),
        "fr": translate("incidents", "French"),
        "es": translate("incidents", "Spanish"),
        "ru": translate("incidents", "Russian"),
        "ar": translate("incidents", "Arabic"),
        "zh": translate("incidents", "Chinese"),
    }


def told(words: Template, key: str, value: Any) -> str:
    """A value of the form as it is read; words of a person stay as they are."""
    lang, sort = language(), forms.BY_KEY[key].sort
    if sort == "yesno":
        return words.choice("critical_infrastructure", "yes" if value else "no", lang)
    if sort == "moment":
        return when(value) if value else ""
    if sort == "language":
        return languages().get(str(value), str(value))
    if sort == "choice":
        return words.choice(key, str(value), lang)
    if sort == "choices":
        return listed(words.choice(key, str(one), lang) for one in value)
    if sort == "places":
        return "\n".join(_where(one) for one in value)
    if sort == "severity":
        return " · ".join(one for one in (str(value.get("level", "")), str(value.get("scale", ""))) if one)
    if sort == "receipt":
        return str(value["role"])
    if sort == "files":
        return translate("incidents", "%n files", None, len(value))
    return listed(map(str, value)) if isinstance(value, list) else str(value)


def _where(one: dict[str, Any]) -> str:
    if not one["from"] and not one["to"]:
        return str(one["what"])
    ends = " – ".join(deadline.exact(min(one[name], LATEST)) if one[name] else "…" for name in ("from", "to"))
    return f"{one['what']}  {ends} UTC"


def names(parties: Sequence[Any]) -> str:
    """Delegations in a sentence."""
    return listed(isolate(f"{one.name} ({one.code})") for one in parties)
