"""What is due, as sentences: one for each key the desk gives, with its values; and its sign."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from valise.desk.views import Due, ExchangeStatus, RoomView
from valise.domain.errors import Unavailable
from valise.ui.messages import terms
from valise.ui.strings import tell
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import moment


def tr(source: str) -> str:
    """Translate one of our own sentences (context "overview")."""
    return QCoreApplication.translate("overview", source)


def _proposals(values: tuple[str, ...]) -> str:
    count, title = _first(values), isolate(_last(values))
    if count == "1":
        return tr("1 new proposal in {title}").format(title=title)
    return tr("{count} new proposals in {title}").format(count=isolate(count), title=title)


def _unread(values: tuple[str, ...]) -> str:
    count, room = _first(values), isolate(_last(values))
    if count == "1":
        return tr("1 unread message in {room}").format(room=room)
    return tr("{count} unread messages in {room}").format(count=isolate(count), room=room)


def _trouble(values: tuple[str, ...]) -> str:
    return tell(Unavailable(values[0] if values else "carrier")).happened


def _doubled(values: tuple[str, ...]) -> str:
    who, officer, room = (isolate(one) for one in values)
    return tr(
        "The laptop of {officer}, {who}, has signed two different things at one place in {room}: what it signs there no longer"
        " counts. Ask {who}"
    ).format(who=who, officer=officer, room=room)


def _silence(values: tuple[str, ...]) -> str:
    return tr("Silence on {title} until {when}: break it if your delegation does not agree").format(
        title=isolate(_first(values)), when=_moment(values)
    )


def _silence_broken(values: tuple[str, ...]) -> str:
    return tr("The silence on {title} was broken").format(title=isolate(_first(values)))


def _moment(values: tuple[str, ...]) -> str:
    return isolate(moment(int(values[1]))) if len(values) > 1 and values[1].isdecimal() else ""


def _joint(values: tuple[str, ...]) -> str:
    title = isolate(_first(values))
    if len(values) > 1 and values[1] not in ("", "0"):
        return tr("{title} is open for sign-on until {when}").format(title=title, when=_moment(values))
    return tr("{title} is open for sign-on").format(title=title)


def _first(values: tuple[str, ...]) -> str:
    return values[0] if values else ""


def _last(values: tuple[str, ...]) -> str:
    return values[-1] if values else ""


def _all(values: tuple[str, ...]) -> str:
    return isolate(" ".join(values))


# key -> sentence, icon, tone (a theme token; only adds to the sign)
_TABLE: dict[str, tuple[Callable[[tuple[str, ...]], str], str, str]] = {
    "contact.changed": (
        lambda v: tr("The identity of {who} changed: sending is stopped until you decide").format(who=_all(v)),
        "shield-alert", "bad",
    ),
    "contact.added": (
        lambda v: tr("{who} added a laptop: what you send to it waits until you have looked at it").format(who=_all(v)),
        "laptop", "bad",
    ),
    "contact.own_added": (
        lambda _v: tr("A laptop was added to your own delegation: everything you send waits until you have looked at it"),
        "laptop", "bad",
    ),
    "contact.disputed": (
        lambda v: tr("A custodian vouches for another identity of {who}: sending is stopped until you decide").format(
            who=_all(v)
        ),
        "shield-alert", "bad",
    ),
    "contact.compares": (
        lambda v: tr("{who} wants to compare words with you now").format(who=_all(v)), "shield-check", "accent",
    ),
    "laptop.this_revoked": (
        lambda _v: tr("This laptop was revoked by your delegation: it sends nothing and gets nothing any more"), "laptop", "bad",
    ),
    "laptop.expired": (
        lambda v: tr("The certificate of {officer}'s laptop has expired: nothing is sealed for it").format(
            officer=isolate(_first(v))
        ),
        "laptop", "bad",
    ),
    "laptop.expiring": (
        lambda v: tr("The certificate of {officer}'s laptop expires in {days} days").format(
            officer=isolate(_first(v)), days=isolate(_last(v))
        ),
        "laptop", "warn",
    ),
    "root.beside": (
        lambda _v: tr("The key file of your delegation still lies beside the vault: move it to a stick"), "key", "warn",
    ),
    "exchange.trouble": (_trouble, "warning", "bad"),
    "copy.two": (
        lambda v: tr("Two copies of the vault of {officer}, {who}, are in use: ask {who}").format(
            who=isolate(_first(v)), officer=isolate(_last(v))
        ),
        "shield-alert", "bad",
    ),
    "copy.old": (
        lambda v: tr("This is an older copy of this laptop's vault: nothing is lost; connect, and it goes on by itself"),
        "warning", "warn",
    ),
    "check.failed": (lambda v: tr("The check of this vault found something wrong"), "warning", "bad"),
    "check.late": (lambda v: tr("This vault has not been checked for more than a week"), "warning", "warn"),
    "room.disagreement": (
        lambda v: tr("Not everybody in {room} sees the same members: look at {who}").format(
            room=isolate(_first(v)), who=isolate(_last(v))
        ),
        "warning", "warn",
    ),
    "device.two_histories": (_doubled, "shield-alert", "bad"),
    "device.copied": (
        lambda v: tr(
            "A copy of the laptop of {officer} is in use too: what it signs in {room} no longer counts. Stop using it and tell"
            " your delegation"
        ).format(officer=isolate(_first(v)), room=isolate(_last(v))),
        "shield-alert", "bad",
    ),
    "joint.open": (_joint, "texts", "accent"),
    "joint.late": (
        lambda v: tr("A delegation signed on late to {title}: admit it or not").format(title=isolate(_first(v))),
        "texts", "warn",
    ),
    "release.waiting": (
        lambda v: tr("A draft of {officer} on {title} waits for your release").format(
            officer=isolate(_first(v)), title=isolate(_last(v))
        ),
        "eye-off", "accent",
    ),
    "release.returned": (
        lambda v: tr("Your draft on {title} was returned").format(title=isolate(_last(v))), "eye-off", "warn",
    ),
    "release.stale": (
        lambda v: tr("Your draft on {title} cannot leave: the paragraph has changed").format(title=isolate(_last(v))),
        "eye-off", "warn",
    ),
    "silence.running": (_silence, "texts", "warn"),
    "silence.broken": (_silence_broken, "texts", "warn"),
    "silence.contested": (
        lambda v: tr("The silence on {title} was broken in time by its own word, but heard of only after it ended: decide").format(
            title=isolate(_first(v))
        ),
        "texts", "bad",
    ),
    "exchange.none": (
        lambda _v: tr("No exchange folder is chosen yet: nothing can be sent or received"), "folder", "warn",
    ),
    "text.proposals": (_proposals, "texts", "accent"),
    "message.unread": (_unread, "messages", "accent"),
    "contact.unverified": (
        lambda v: tr("Compare the safety number with {who}").format(who=_all(v)), "shield", "warn",
    ),
}  # fmt: skip
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
    "exchange.none",
    "laptop.expired",
    "release.stale",
    "release.returned",
)


def sentence(due: Due) -> str:
    """What a person reads. A key this version does not know still says where to look, and with its values."""
    if due.line in _TABLE:
        return _TABLE[due.line][0](due.values)
    place = {
        "texts": tr("Texts"), "messages": tr("Messages"), "contacts": tr("Contacts"), "settings": tr("Settings"),
    }.get(due.screen, tr("Valise"))  # fmt: skip
    if not due.values:
        return tr("Something in {place} needs you").format(place=place)
    return tr("Something in {place} needs you: {what}").format(place=place, what=_all(due.values))


def icon(due: Due) -> str:
    if due.line in _TABLE:
        return _TABLE[due.line][1]
    return {"texts": "texts", "messages": "messages", "contacts": "contacts"}.get(due.screen, "settings")


def tone(due: Due) -> str:
    return _TABLE[due.line][2] if due.line in _TABLE else "accent"


def order(due: Due) -> tuple[int, int]:
    """What stops the work comes first, then the newest."""
    return (_URGENT.index(due.line) if due.line in _URGENT else len(_URGENT), -due.at)


def step(due: Due) -> str:
    """The word at the end of a row: what one goes there to do."""
    return {
        "contact.changed": tr("Decide"), "contact.added": tr("Decide"), "contact.own_added": tr("Decide"),
        "contact.disputed": tr("Decide"), "contact.compares": tr("Compare"), "contact.unverified": tr("Compare"), "message.unread": tr("Read"),
        "text.proposals": tr("Read"), "joint.open": tr("Read"), "joint.late": tr("Decide"),
        "release.waiting": tr("Read"), "release.returned": tr("Read"), "release.stale": tr("Read"), "exchange.none": tr("Choose a folder"),
        "exchange.trouble": tr("Look"), "room.disagreement": tr("Look"),
    }.get(due.line, tr("Look"))  # fmt: skip


def exchange(status: ExchangeStatus | None) -> tuple[str, str]:
    """Two lines: when the last exchange was and the next is; and what waits. ("" = nothing to say.)"""
    if status is None or not status.carrier:
        return tr("Nothing has been exchanged: no exchange folder is chosen."), ""
    if status.last_exchange:
        first = tr("Last exchange {time}").format(time=isolate(moment(status.last_exchange)))
    else:
        first = tr("No exchange yet")
    if status.next_exchange:
        first += " · " + tr("next {time}").format(time=isolate(moment(status.next_exchange)))
    rest = []
    if not status.reachable or status.problem:
        rest.append(tell(Unavailable(status.problem or "carrier")).happened)
    if status.waiting == 1:
        rest.append(tr("1 item is waiting for its receipt."))
    elif status.waiting:
        rest.append(tr("{count} items are waiting for their receipts.").format(count=status.waiting))
    if status.sealed_waiting == 1:
        rest.append(tr("1 envelope is kept sealed until its key comes; it has been asked for."))
    elif status.sealed_waiting:
        rest.append(
            tr("{count} envelopes are kept sealed until their keys come; they have been asked for.").format(
                count=status.sealed_waiting
            )
        )
    return first, " ".join(rest)


def answers(room: RoomView) -> str:
    """Whether the others of a room have what we sent."""
    if room.blocked or room.disagreement:
        return terms.state_of(room)
    if room.waiting == 1:
        return tr("1 item not yet received by everybody")
    if room.waiting:
        return tr("{count} items not yet received by everybody").format(count=room.waiting)
    return tr("has received everything")
