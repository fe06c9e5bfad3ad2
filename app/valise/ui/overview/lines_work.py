"""What is due of registers, dates, pings and incidents, as sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from datetime import date as day_of

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.desk.views import Due
from valise.ui import dates
from valise.ui.language import translate
from valise.ui.messages.terms import brief
from valise.ui.seeing import deadline
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import date, moment

Values = tuple[str, ...]
Line = tuple[Callable[[Values], str], str, str]  # sentence, icon, tone
EXERCISE = "EXERCISE EXERCISE EXERCISE"  # in every language, as on the page of an incident
_ = QT_TRANSLATE_NOOP


def shown_day(said: str) -> str:
    """YYYY-MM-DD, or ms UTC of a moment, as a person reads it."""
    if said.isdecimal():
        return moment(int(said))
    try:
        there = day_of.fromisoformat(said)
    except ValueError:
        return said
    return dates.day(there)


def number(said: str) -> int:
    """A count as the desk writes it, 0 where it is none."""
    return int(said) if said.isdecimal() else 0


def _part(values: Values, place: int) -> str:
    return isolate(values[place]) if len(values) > place else ""


def _ms(values: Values, place: int) -> str:
    said = values[place] if len(values) > place else ""
    return isolate(date(int(said))) if said.isdecimal() and int(said) else ""


def _reviews(values: Values) -> str:
    from valise.ui.overview import terms

    count, register = values[-1] if values else "", isolate(terms.register(values[0] if values else ""))
    said = translate("overview", "%n entries in {register} are due for review", None, number(count))
    return said.format(register=register)


def _more(values: Values) -> str:
    from valise.ui.overview import terms

    count, register = values[-1] if values else "", isolate(terms.register(values[0] if values else ""))
    return translate("overview", "Further dates in {register} that are due: {count}").format(register=register, count=isolate(count))


def _differing(values: Values) -> str:
    from valise.ui.overview import terms

    count, register = values[-1] if values else "", isolate(terms.register(values[0] if values else ""))
    return translate("overview", "Different values stand in %n entries of {register}", None, number(count)).format(register=register)


def _deadline(pattern: str) -> Callable[[Values], str]:
    def said(v: Values) -> str:
        from valise.ui.overview import terms

        what = isolate(terms.column(v[1])) if len(v) > 1 else ""
        return translate("overview", pattern).format(title=_part(v, 0), what=what, when=_ms(v, 2))

    return said


def _meets(pattern: str) -> Callable[[Values], str]:
    return lambda v: translate("overview", pattern).format(title=_part(v, 0), when=isolate(shown_day(v[1] if len(v) > 1 else "")))


def _event(v: Values) -> str:
    said = v[1] if len(v) > 1 else ""
    begun = int(said) <= deadline.now() if said.isdecimal() else said < datetime.fromtimestamp(deadline.now() / 1000, UTC).date().isoformat()
    pattern = translate("overview", "{title} goes on; it began {when}") if begun else translate("overview", "{title} begins {when}")
    return pattern.format(title=_part(v, 0), when=isolate(shown_day(said)))


def _marked(made: str, values: Values) -> str:
    return f"{EXERCISE} · {made}" if values and values[-1] == "exercise" else made


def _drill(pattern: str, *parts: int) -> Callable[[Values], str]:
    """A sentence about an incident; of an exercise it begins with the words that mark every page of it."""

    def said(v: Values) -> str:
        made = translate("overview", pattern).format(*(_part(v, one) for one in parts))
        return _marked(made, v)

    return said


def _answer(v: Values) -> str:
    until = _ms(v, 2)
    made = (
        translate("overview", "{title}: {who} asks for an answer by {when}").format(title=_part(v, 0), who=_part(v, 1), when=until)
        if until
        else translate("overview", "{title}: {who} asks for an answer").format(title=_part(v, 0), who=_part(v, 1))
    )
    return _marked(made, v)


def _round_over(v: Values) -> str:
    count = v[1] if len(v) > 1 else ""
    made = translate("overview", "The round {title} is over; not confirmed: {count}").format(title=_part(v, 0), count=isolate(count))
    return _marked(made, v)


def _asked(v: Values) -> str:
    made = translate("overview", "{who} asks you to confirm a point of contact by {when}").format(who=_part(v, 0), when=_ms(v, 1))
    return _marked(made, v)


def _told(pattern: str) -> Callable[[Values], str]:
    """What an answer says of a point of contact."""

    def said(v: Values) -> str:
        from valise.ui.overview import terms

        state = isolate(terms.state(v[1])) if len(v) > 1 else ""
        return _marked(translate("overview", pattern).format(contact=_part(v, 0), state=state), v)

    return said


def _round_due(v: Values) -> str:
    last = _ms(v, 0)
    if last:
        return translate("overview", "The last round of pings was on {when}: it is time for another one").format(when=last)
    return translate("overview", "No round of pings was made yet")


TABLE: dict[str, Line] = {
    "register.review": (_reviews, "registers", "warn"),
    "register.more": (_more, "registers", "warn"),
    "register.differs": (_differing, "hand", "warn"),
    "register.overdue": (_deadline(_("overview", "{title}: “{what}” was {when}")), "clock", "bad"),
    "register.deadline": (_deadline(_("overview", "{title}: “{what}” is {when}")), "clock", "warn"),
    "date.meeting": (_meets(_("overview", "Consultation: {title}, {when}")), "contacts", "accent"),
    "date.event": (_event, "flag", "accent"),
    "ping.asked": (_asked, "reply", "accent"),
    "ping.round_due": (_round_due, "refresh", "warn"),
    "ping.round_over": (_round_over, "history", "warn"),
    "ping.differs": (_told(_("overview", "{contact}, {state}: the answer corrects the entry")), "edit", "warn"),
    "ping.wrong": (
        _told(_("overview", "{contact}, {state}: the answer says that this is the wrong contact")), "cross-circle", "bad",
    ),
    "incident.came": (
        _drill(_("overview", "{0}: {1} reports an incident; nobody has acknowledged it"), 0, 1), "incidents", "bad",
    ),
    "incident.answer": (_answer, "incidents", "bad"),
    "incident.propose": (
        _drill(_("overview", "{0} is unanswered at {1}: {2} is proposed"), 0, 1, 2), "incidents", "bad",
    ),
    "incident.unanswered": (_drill(_("overview", "{0} is unanswered at {1}"), 0, 1), "incidents", "bad"),
    "incident.offers": (_drill(_("overview", "{0}: offers of help to choose from: {1}"), 0, 1), "hand", "accent"),
    "incident.ended": (_drill(_("overview", "{0} has ended: close it"), 0), "incidents", "warn"),
    "incident.task": (_drill(_("overview", "Task “{0}” of {1} is due"), 0, 1), "check", "warn"),
}  # fmt: skip
_STANDING = ("exchange.none", "exchange.trouble", "root.beside", "contact.unverified", "check.late")  # no moment at which it became so
URGENT = (
    "incident.came", "incident.answer", "incident.propose", "incident.unanswered", "register.overdue",
)  # fmt: skip
DATES = ("date.meeting", "date.event", "register.review", "register.overdue", "register.deadline")  # told with a day
SOON = ("register.review", "register.more", "ping.round_due", "register.deadline")
STEPS: dict[str, str] = {
    "register.review": _("overview", "Review"), "register.differs": _("overview", "Settle"), "register.overdue": _("overview", "Look"),
    "ping.asked": _("overview", "Answer"), "ping.round_due": _("overview", "Open one"),
    "incident.came": _("overview", "Acknowledge"), "incident.answer": _("overview", "Answer"),
    "incident.propose": _("overview", "Decide"), "incident.offers": _("overview", "Choose"),
    "incident.ended": _("overview", "Close"),
}  # fmt: skip


def when(due: Due) -> str:
    """Below the sentence: since when; nothing below what is simply so, or says its day itself."""
    if due.line == "register.review" and due.at:
        return translate("overview", "The oldest since {when}").format(when=isolate(date(due.at)))
    return "" if due.line in (*_STANDING, *DATES) or not due.at else brief(due.at)
