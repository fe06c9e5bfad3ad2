"""Outcomes, latencies, hours and fields in words; every outcome has a sign of its own, so that no colour is needed."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale

from valise.desk.door_pings import Entry, RoundHead, RoundRow, There
from valise.domain.ping.rules import OUTCOMES, How, Outcome
from valise.ui import dates
from valise.ui.incidents.said import EXERCISE
from valise.ui.language import comma, listed, semicolons, translate
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.times import moment

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
ICONS: dict[str, str] = {
    "waiting": "clock", "confirmed": "check-circle", "late": "history", "no reply": "minus", "bounced": "undo",
    "wrong contact": "cross-circle",
}  # fmt: skip


def titled(title: str, exercise: bool) -> str:
    """The name of a round, or an outcome: an exercise is one before anything else."""
    return f"{EXERCISE} · {title}" if exercise else title


def language() -> str:
    """The window's language as an official language of the United Nations, else English."""
    name = QLocale().name().split("_")[0]
    return name if name in ("ar", "zh", "en", "fr", "ru", "es") else "en"


def outcome(one: Outcome | str) -> str:
    return {
        "waiting": translate("directory", "no answer yet"),
        "confirmed": translate("directory", "confirmed"),
        "late": translate("directory", "confirmed late"),
        "no reply": translate("directory", "no reply"),
        "bounced": translate("directory", "bounced"),
        "wrong contact": translate("directory", "wrong contact"),
    }.get(one, one)


def how(one: How | str, channel: str = "") -> str:
    if one == "signed":
        return translate("directory", "signed answer")
    if one == "recorded":
        return (
            translate("directory", "recorded by an officer: {channel}").format(channel=channels(channel))
            if channel
            else translate("directory", "recorded by an officer")
        )
    return ""


def channels(one: str) -> str:
    return {
        "telephone": translate("directory", "telephone"),
        "e-mail": translate("directory", "e-mail"),
        "meeting": translate("directory", "meeting"),
        "note": translate("directory", "note"),
        "other": translate("directory", "other"),
    }.get(one, one)


def noted(one: str) -> str:
    """An outcome as an officer records it."""
    return {
        "answered": translate("directory", "It answered: the entry is right"),
        "no reply": translate("directory", "No reply"),
        "bounced": translate("directory", "The letter or call bounced"),
        "wrong contact": translate("directory", "Wrong contact"),
    }[one]


def way(one: str) -> str:
    return {
        "here": translate("directory", "answers in this program"),
        "outside": translate("directory", "reached by telephone or letter"),
        "": translate("directory", "our own entry"),
    }.get(one, one)


def delivery(one: str) -> str:
    """How far a question came, which is never an answer."""
    return {
        "waiting": translate("directory", "the question has not left yet"), "sent": translate("directory", "the question was sent"),
        "delivered": translate("directory", "the question lies on a laptop of theirs; nobody has answered"),
    }.get(one, "")  # fmt: skip


def latency(ms: int | None) -> str:
    """ "12 min", "3 h 05", "4 days"; "" where there is none."""
    if ms is None:
        return ""
    minutes = ms // MINUTE
    if minutes < 60:
        return translate("directory", "{n} min").format(n=minutes)
    if ms < 2 * DAY:
        return translate("directory", "{h} h {m:02d}").format(h=minutes // 60, m=minutes % 60)
    return translate("directory", "%n days", None, ms // DAY)


def weekday(one: int) -> str:
    return QLocale().dayName(one + 1, QLocale.FormatType.LongFormat)


def there(place: There | None) -> str:
    """ "03:40 there now, Tuesday"."""
    if place is None:
        return translate("directory", "no time zone known")
    return translate("directory", "{clock} there now, {day}").format(clock=isolate(place.clock), day=weekday(place.weekday))


def working(place: There | None) -> str:
    """Hours and holiday there, "" where nothing is known of them."""
    if place is None:
        return ""
    said = [translate("directory", "public holiday: {name}").format(name=isolate(place.holiday))] if place.holiday else []
    if place.open is not None:
        said.append(translate("directory", "within their hours") if place.open else translate("directory", "outside their hours"))
    return listed(said)


def last(one: Entry) -> str:
    """What came of the newest round."""
    found = one.last
    if found is None:
        return translate("directory", "never asked in a round")
    made = translate("directory", "{outcome} in {round}").format(outcome=outcome(found.outcome), round=isolate(found.title))
    return titled(made, found.exercise)


def confirmed(one: Entry) -> str:
    if not one.confirmed_at:
        return translate("directory", "never confirmed")
    manner = {
        "ping": translate("directory", "by a signed answer"),
        "call": translate("directory", "by a call"),
        "meeting": translate("directory", "at a meeting"),
        "note": translate("directory", "by note"),
    }
    return (
        translate("directory", "{when}, {how}")
        .format(when=isolate(moment(one.confirmed_at)), how=manner.get(one.confirmed_how, ""))
        .rstrip(", ")
    )


def date(text: str) -> str:
    """A date of a register as it is read, as it stands where it is none."""
    found = QDate.fromString(text, "yyyy-MM-dd")
    return dates.date(found) if found.isValid() else clean(text, lines=False)


def spoken(one: Entry) -> str:
    """An entry as a screen reader says it."""
    parts = [isolate(f"{one.state} {one.state_name}"), isolate(one.label), there(one.there), working(one.there), last(one)]
    if one.overdue:
        parts.append(translate("directory", "review is due"))
    if one.differs:
        parts.append(translate("directory", "values differ"))
    return listed(part for part in parts if part)


def counts(head: RoundHead) -> str:
    """ "3 confirmed, 1 no reply", in the order of outcomes."""
    return listed(
        translate("directory", "{n} {outcome}").format(n=head.counts[one], outcome=outcome(one))
        for one in OUTCOMES
        if one in head.counts
    )


def state_of(head: RoundHead, now: int) -> str:
    if head.closed_at:
        return translate("directory", "closed {when}").format(when=isolate(moment(head.closed_at)))
    if head.due < now:
        return translate("directory", "answers were due {when}").format(when=isolate(moment(head.due)))
    return translate("directory", "answers by {when}").format(when=isolate(moment(head.due)))


def cells(one: RoundRow) -> tuple[str, ...]:
    """A row of a round as its table shows it: State, contact, outcome, latency, asked there, answered, received, note."""
    said = outcome(one.outcome)
    if one.differs:
        said = translate("directory", "{outcome}; what was said differs").format(outcome=said)
    asked = f"{one.asked_there.clock} {weekday(one.asked_there.weekday)}" if one.asked_there else ""
    if one.asked_there and (more := working(one.asked_there)):
        asked = f"{asked}{comma()}{more}"
    took = latency(one.latency) or (translate("directory", "their clock was behind ours") if one.doubt else "")
    notes = [
        how(one.how, one.channel),
        delivery(one.delivery) if one.outcome in ("waiting", "no reply") else "",
        translate("directory", "correction: {n}").format(n=len(one.changes)) if one.changes else "",
        isolate(one.words) if one.words else "",
    ]
    return (
        isolate(f"{one.state} {one.state_name}"), isolate(clean(one.label, lines=False)), said, took, isolate(asked) if asked else "",
        isolate(moment(one.at)) if one.at else "", isolate(moment(one.received_at)) if one.received_at else "",
        semicolons(part for part in notes if part),
    )  # fmt: skip


def field(column: str) -> str:
    """A field of an entry by its id."""
    return {
        "state": translate("directory", "State"),
        "directory": translate("directory", "Directory"),
        "category": translate("directory", "Category"),
        "entry_kind": translate("directory", "Role or person"),
        "full_name": translate("directory", "Full name"),
        "form_of_address": translate("directory", "Form of address"),
        "official_position": translate("directory", "Official position"),
        "institution": translate("directory", "Institution"),
        "description": translate("directory", "Function"),
        "email": translate("directory", "E-mail"),
        "email_alternative": translate("directory", "Alternative e-mail"),
        "phone": translate("directory", "Telephone"),
        "phone_24x7": translate("directory", "Telephone at all hours"),
        "languages": translate("directory", "Languages"),
        "hours": translate("directory", "Hours"),
        "time_zone": translate("directory", "Time zone"),
        "public_key": translate("directory", "Public key"),
        "key_verified": translate("directory", "Key verified"),
        "preferred_channel": translate("directory", "Preferred channels"),
        "escalates_to": translate("directory", "Next contact"),
        "authority_note": translate("directory", "What it may decide"),
        "source_document": translate("directory", "Source document"),
        "valid_from": translate("directory", "Valid from"),
        "review": translate("directory", "Review due"),
        "last_confirmed": translate("directory", "Last confirmed"),
        "confirmed_how": translate("directory", "Confirmed how"),
        "marking": translate("directory", "Marking"),
        "status": translate("directory", "Status"),
    }.get(column, column)
