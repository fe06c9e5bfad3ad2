"""What is due, as sentences: one for each key the desk gives, with its values; and its sign."""

from __future__ import annotations

from collections.abc import Callable

from valise.desk.views import Due, ExchangeStatus, RoomView
from valise.domain.errors import Unavailable
from valise.ui.language import sentences, translate
from valise.ui.messages import terms
from valise.ui.overview import lines_work
from valise.ui.overview.lines_work import number
from valise.ui.strings import tell
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import moment


def _proposals(values: tuple[str, ...]) -> str:
    said = translate("overview", "%n new proposals in {title}", None, number(_first(values)))
    return said.format(title=isolate(_last(values)))


def _unread(values: tuple[str, ...]) -> str:
    said = translate("overview", "%n unread messages in {room}", None, number(_first(values)))
    return said.format(room=isolate(_last(values)))


def _trouble(values: tuple[str, ...]) -> str:
    return tell(Unavailable(values[0] if values else "carrier")).happened


def _way_trouble(values: tuple[str, ...]) -> str:
    """Whom it keeps from being reached, and a code."""
    who, code = isolate(_first(values)), _last(values)
    if "." not in code:
        return translate("overview", "{who} cannot be reached: what waits is kept").format(who=who)
    return translate("overview", "{who}: {what} What waits is kept").format(who=who, what=tell(Unavailable(code)).happened)


def _doubled(values: tuple[str, ...]) -> str:
    who, officer, room = (isolate(one) for one in values)
    return translate(
        "overview", "The laptop of {officer}, {who}, has signed two different things at one place in {room}: what it signs there no longer"
        " counts. Ask {who}"
    ).format(who=who, officer=officer, room=room)


def _silence(values: tuple[str, ...]) -> str:
    return translate("overview", "Silence on {title} until {when}: break it if your delegation does not agree").format(
        title=isolate(_first(values)), when=_moment(values)
    )


def _silence_broken(values: tuple[str, ...]) -> str:
    return translate("overview", "The silence on {title} was broken").format(title=isolate(_first(values)))


def _moment(values: tuple[str, ...]) -> str:
    return isolate(moment(int(values[1]))) if len(values) > 1 and values[1].isdecimal() else ""


def _joint(values: tuple[str, ...]) -> str:
    title = isolate(_first(values))
    if len(values) > 1 and values[1] not in ("", "0"):
        return translate("overview", "{title} is open for sign-on until {when}").format(title=title, when=_moment(values))
    return translate("overview", "{title} is open for sign-on").format(title=title)


def _first(values: tuple[str, ...]) -> str:
    return values[0] if values else ""


def _last(values: tuple[str, ...]) -> str:
    return values[-1] if values else ""


def _all(values: tuple[str, ...]) -> str:
    return isolate(" ".join(values))


# key -> sentence, icon, tone (a theme token; only adds to the sign)
_TABLE: dict[str, tuple[Callable[[tuple[str, ...]], str], str, str]] = {
    "contact.changed": (
        lambda v: translate("overview", "The identity of {who} changed: sending is stopped until you decide").format(
            who=_all(v)
        ),
        "shield-alert",
        "bad",
    ),
    "contact.added": (
        lambda v: translate(
            "overview", "{who} added a laptop: what you send to it waits until you have looked at it"
        ).format(who=_all(v)),
        "laptop",
        "bad",
    ),
    "contact.own_added": (
        lambda _v: translate(
            "overview",
            "A laptop was added to your own delegation: everything you send waits until you have looked at it",
        ),
        "laptop",
        "bad",
    ),
    "contact.disputed": (
        lambda v: translate(
            "overview", "A custodian vouches for another identity of {who}: sending is stopped until you decide"
        ).format(who=_all(v)),
        "shield-alert",
        "bad",
    ),
    "contact.compares": (
        lambda v: translate("overview", "{who} wants to compare words with you now").format(who=_all(v)),
        "shield-check",
        "accent",
    ),
    "laptop.this_revoked": (
        lambda _v: translate(
            "overview", "This laptop was revoked by your delegation: it sends nothing and gets nothing any more"
        ),
        "laptop",
        "bad",
    ),
    "laptop.expired": (
        lambda v: translate(
            "overview", "The certificate of {officer}'s laptop has expired: nothing is sealed for it"
        ).format(officer=isolate(_first(v))),
        "laptop",
        "bad",
    ),
    "laptop.expiring": (
        lambda v: translate(
            "overview", "The certificate of {officer}'s laptop expires in %n days", None, number(_last(v))
        ).format(officer=isolate(_first(v))),
        "laptop",
        "warn",
    ),
    "root.beside": (
        lambda _v: translate(
            "overview", "The key file of your delegation still lies beside the vault: move it to a stick"
        ),
        "key",
        "warn",
    ),
    "exchange.trouble": (_trouble, "warning", "bad"),
    "copy.two": (
        lambda v: translate("overview", "Two copies of the vault of {officer}, {who}, are in use: ask {who}").format(
            who=isolate(_first(v)), officer=isolate(_last(v))
        ),
        "shield-alert",
        "bad",
    ),
    "copy.old": (
        lambda v: translate(
            "overview",
            "This is an older copy of this laptop's vault: nothing is lost; connect, and it goes on by itself",
        ),
        "warning",
        "warn",
    ),
    "check.failed": (
        lambda v: translate("overview", "The check of this vault found something wrong"),
        "warning",
        "bad",
    ),
    "check.late": (
        lambda v: translate("overview", "This vault has not been checked for more than a week"),
        "warning",
        "warn",
    ),
    "room.disagreement": (
        lambda v: translate("overview", "Not everybody in {room} sees the same members: look at {who}").format(
            room=isolate(_first(v)), who=isolate(_last(v))
        ),
        "warning",
        "warn",
    ),
    "device.two_histories": (_doubled, "shield-alert", "bad"),
    "device.copied": (
        lambda v: translate(
            "overview",
            "A copy of the laptop of {officer} is in use too: what it signs in {room} no longer counts. Stop using it and tell"
            " your delegation",
        ).format(officer=isolate(_first(v)), room=isolate(_last(v))),
        "shield-alert",
        "bad",
    ),
    "joint.open": (_joint, "texts", "accent"),
    "joint.late": (
        lambda v: translate("overview", "A delegation signed on late to {title}: admit it or not").format(
            title=isolate(_first(v))
        ),
        "texts",
        "warn",
    ),
    "release.waiting": (
        lambda v: translate("overview", "A draft of {officer} on {title} waits for your release").format(
            officer=isolate(_first(v)), title=isolate(_last(v))
        ),
        "eye-off",
        "accent",
    ),
    "release.returned": (
        lambda v: translate("overview", "Your draft on {title} was returned").format(title=isolate(_last(v))),
        "eye-off",
        "warn",
    ),
    "release.stale": (
        lambda v: translate("overview", "Your draft on {title} cannot leave: the paragraph has changed").format(
            title=isolate(_last(v))
        ),
        "eye-off",
        "warn",
    ),
    "silence.running": (_silence, "texts", "warn"),
    "silence.broken": (_silence_broken, "texts", "warn"),
    "silence.contested": (
        lambda v: translate(
            "overview",
            "The silence on {title} was broken in time by its own word, but heard of only after it ended: decide",
        ).format(title=isolate(_first(v))),
        "texts",
        "bad",
    ),
    "exchange.none": (
        lambda _v: translate(
            "overview", "No way of exchange is set up yet: nothing is sent or received but by courier"
        ),
        "folder",
        "warn",
    ),
    "relay.ending": (
        lambda v: translate(
            "overview", "Your permission to use the relay {host} ends in %n days", None, number(_last(v))
        ).format(host=isolate(_first(v))),
        "world",
        "warn",
    ),
    "relay.expired": (
        lambda v: translate(
            "overview", "Your permission to use the relay {host} has ended: what waits goes another way"
        ).format(host=isolate(_first(v))),
        "world",
        "bad",
    ),
    "relay.grant_ending": (
        lambda v: translate(
            "overview",
            "The permission of {who} to write to you ends in %n days and cannot renew by itself",
            None,
            number(_last(v)),
        ).format(who=isolate(_first(v))),
        "key",
        "warn",
    ),
    "way.trouble": (_way_trouble, "warning", "warn"),
    "text.proposals": (_proposals, "texts", "accent"),
    "message.unread": (_unread, "messages", "accent"),
    "contact.unverified": (
        lambda v: translate("overview", "Compare the safety number with {who}").format(who=_all(v)),
        "shield",
        "warn",
    ),
    **lines_work.TABLE,
}
_URGENT = (
    "laptop.this_revoked",
    "contact.compares",
    "contact.changed",
    "contact.disputed",
    "contact.own_added",
    "contact.added",
    "device.copied",
    "device.two_histories",
    "exchange.trouble",
    "room.disagreement",
    "silence.contested",
    "silence.broken",
    "silence.running",
    "relay.expired",
    "way.trouble",
    "exchange.none",
    "laptop.expired",
    "release.stale",
    "release.returned",
    *lines_work.URGENT,
)
_SOON = (
    "contact.unverified", "check.late", "root.beside", "laptop.expiring", "relay.ending", "relay.grant_ending", *lines_work.SOON,
)  # fmt: skip
GROUPS = ("now", "today", "soon")


def group(due: Due) -> str:
    """How urgent: what stops or cannot wait, what is for today, what can wait a few days. One of GROUPS."""
    return "now" if due.line in _URGENT else "soon" if due.line in _SOON else "today"


def sentence(due: Due) -> str:
    """What a person reads. A key this version does not know still says where to look, and with its values."""
    if due.line in _TABLE:
        return _TABLE[due.line][0](due.values)
    place = {
        "texts": translate("overview", "Texts"),
        "messages": translate("overview", "Messages"),
        "contacts": translate("overview", "Contacts"),
        "settings": translate("overview", "Settings"),
        "registers": translate("overview", "Registers"),
        "commitments": translate("overview", "Commitments"),
        "incidents": translate("overview", "Incidents"),
    }.get(due.screen, translate("overview", "Valise"))
    if not due.values:
        return translate("overview", "Something in {place} needs you").format(place=place)
    return translate("overview", "Something in {place} needs you: {what}").format(place=place, what=_all(due.values))


def icon(due: Due) -> str:
    if due.line in _TABLE:
        return _TABLE[due.line][1]
    return due.screen if due.screen not in ("overview", "security") else "shield"


def tone(due: Due) -> str:
    return _TABLE[due.line][2] if due.line in _TABLE else "accent"


def order(due: Due) -> tuple[int, int]:
    """What stops the work comes first, then the newest; of dates the soonest."""
    return (_URGENT.index(due.line) if due.line in _URGENT else len(_URGENT), due.at if due.line in lines_work.DATES else -due.at)


def place(due: Due) -> str:
    """Where on its screen it is settled: what concerns the ways of exchange, on their page."""
    if due.screen != "settings" or due.ref.startswith("exchange") or not due.line.startswith(("exchange.", "relay.", "way.")):
        return due.ref
    rest = due.ref or ("grants" if due.line == "relay.grant_ending" else "")
    return f"exchange:{rest}" if rest else "exchange"


def step(due: Due) -> str:
    """The word at the end of a row: what one goes there to do."""
    if due.line in lines_work.STEPS:
        return translate("overview", lines_work.STEPS[due.line])
    return {
        "contact.changed": translate("overview", "Decide"),
        "contact.added": translate("overview", "Decide"),
        "contact.own_added": translate("overview", "Decide"),
        "contact.disputed": translate("overview", "Decide"),
        "contact.compares": translate("overview", "Compare"),
        "contact.unverified": translate("overview", "Compare"),
        "message.unread": translate("overview", "Read"),
        "text.proposals": translate("overview", "Read"),
        "joint.open": translate("overview", "Read"),
        "joint.late": translate("overview", "Decide"),
        "release.waiting": translate("overview", "Read"),
        "release.returned": translate("overview", "Read"),
        "release.stale": translate("overview", "Read"),
        "exchange.none": translate("overview", "Set one up"),
        "exchange.trouble": translate("overview", "Look"),
        "room.disagreement": translate("overview", "Look"),
    }.get(due.line, translate("overview", "Look"))


def exchange(status: ExchangeStatus | None) -> tuple[str, str]:
    """Two lines: when the last exchange was and the next is; and what waits. ("" = nothing to say.)"""
    if status is None or not status.carrier:
        return translate("overview", "Nothing has been exchanged: no relay is used and no folder is chosen."), ""
    if status.last_exchange:
        first = translate("overview", "Last exchange {time}").format(time=isolate(moment(status.last_exchange)))
    else:
        first = translate("overview", "No exchange yet")
    if status.next_exchange:
        then = moment(status.next_exchange)
        soon = then == moment(status.last_exchange) if status.last_exchange else False
        first += " · " + (translate("overview", "again within a minute") if soon
                          else translate("overview", "next {time}").format(time=isolate(then)))  # fmt: skip
    rest = []
    if not status.reachable or status.problem:
        rest.append(tell(Unavailable(status.problem or "carrier")).happened)
    if status.waiting:
        rest.append(translate("overview", "%n items are waiting for their receipts.", None, status.waiting))
    if status.sealed_waiting:
        rest.append(
            translate(
                "overview",
                "%n envelopes are kept sealed until their keys come; they have been asked for.",
                None,
                status.sealed_waiting,
            )
        )
    return first, sentences(rest)


def answers(room: RoomView) -> str:
    """Whether the others of a room have what we sent."""
    if room.blocked or room.disagreement:
        return terms.state_of(room)
    if room.waiting:
        return translate("overview", "%n items not yet received by everybody", None, room.waiting)
    return translate("overview", "has received everything")
