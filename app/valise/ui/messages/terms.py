"""The words of a conversation: kinds of room, markings, delivery, sizes. One place, translated here."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.desk.views import MessageRow, RoomView
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import date, moment

_MARKING_HELP = {
    "": QT_TRANSLATE_NOOP("messages", "No marking"),
    "TLP:CLEAR": QT_TRANSLATE_NOOP("messages", "May be shared with everybody"),
    "TLP:GREEN": QT_TRANSLATE_NOOP("messages", "May be shared within the community, not publicly"),
    "TLP:AMBER": QT_TRANSLATE_NOOP("messages", "Need to know, within the organization and its clients"),
    "TLP:AMBER+STRICT": QT_TRANSLATE_NOOP("messages", "Need to know, within the organization only"),
    "TLP:RED": QT_TRANSLATE_NOOP("messages", "For the eyes and ears of the individual recipients only"),
}
_KINDS = {
    "bilateral": QT_TRANSLATE_NOOP("messages", "Bilateral"),
    "group": QT_TRANSLATE_NOOP("messages", "Groups"),
    "internal": QT_TRANSLATE_NOOP("messages", "Internal"),
}
_KIND_HELP = {
    "bilateral": QT_TRANSLATE_NOOP("messages", "Between two delegations."),
    "group": QT_TRANSLATE_NOOP("messages", "A drafting group of several delegations. You become its chair."),
    "internal": QT_TRANSLATE_NOOP("messages", "Your own delegation only. Nothing in it can be sent to another."),
}
KINDS = ("bilateral", "group", "internal")


def kind(value: str) -> str:
    return translate("messages", _KINDS.get(value, value))


def kind_help(value: str) -> str:
    return translate("messages", _KIND_HELP.get(value, value))


def kind_icon(value: str) -> str:
    return {"bilateral": "messages", "group": "contacts", "internal": "lock"}.get(value, "messages")


def marking_help(value: str) -> str:
    """What a TLP label allows, in one line; "" for a national marking."""
    return translate("messages", _MARKING_HELP[value]) if value in _MARKING_HELP else ""


def delivery(row: MessageRow, next_exchange: int = 0) -> str:
    """One line: where our message is now. From its receipts where there are any, else as the desk says it."""
    if row.delivery == "waiting" and next_exchange:
        return translate("messages", "waiting in outbox, next exchange {time}").format(time=clock(next_exchange, row.sent_at))
    if row.delivery == "waiting":
        return translate("messages", "waiting in outbox")
    acknowledged = [one.acknowledged_at for one in row.receipts if one.acknowledged_at]
    if row.delivery == "trouble" or not row.receipts or (row.delivery == "acknowledged" and not acknowledged):
        return _line(row.delivery_line)
    if acknowledged and len(acknowledged) == len(row.receipts):
        return translate("messages", "acknowledged {time}").format(time=clock(max(acknowledged), row.sent_at))
    if acknowledged:
        return translate("messages", "acknowledged by {count} of {all}").format(count=len(acknowledged), all=len(row.receipts))
    delivered = sum(1 for one in row.receipts if one.delivered_at)
    if delivered == len(row.receipts):
        return translate("messages", "delivered")
    if delivered:
        return translate("messages", "delivered to {count} of {all}").format(count=delivered, all=len(row.receipts))
    return translate("messages", "sent, not yet delivered")


def _line(line: str) -> str:
    """The desk's line: "<delivered>/<all>", or words."""
    done, slash, every = line.partition("/")
    if not (slash and done.isdecimal() and every.isdecimal()):
        return isolate(line) if line else ""
    if int(done) >= int(every):
        return translate("messages", "delivered") if int(every) else ""
    if int(done):
        return translate("messages", "delivered to {count} of {all}").format(count=done, all=every)
    return translate("messages", "sent, not yet delivered")


def delivery_icon(row: MessageRow) -> str:
    return {
        "waiting": "outbox",
        "sent": "send",
        "delivered": "check",
        "acknowledged": "check-double",
        "trouble": "warning",
    }.get(row.delivery, "clock")


def acknowledged_by(row: MessageRow, device: str) -> int:
    """When this device acknowledged a message of somebody else (ms UTC), 0 = not yet."""
    return next((one.acknowledged_at for one in row.receipts if one.device == device), 0)


def settled(row: MessageRow, device: str) -> bool:
    """True when a message of somebody else needs no acknowledgement from us any more."""
    if row.own or acknowledged_by(row, device):
        return True
    return row.delivery == "acknowledged" and not row.receipts  # with receipts it may have been somebody else


def clock(at: int, beside: int) -> str:
    """A time next to another one: only "14:05 UTC" on the same day, with the day otherwise. Isolated."""
    same = at // 86_400_000 == beside // 86_400_000
    return isolate(f"{datetime.fromtimestamp(at / 1000, UTC):%H:%M} UTC" if same else moment(at))


def brief(at: int, now: int | None = None) -> str:
    """For lists: the time of today, the date of any other day."""
    today = int(datetime.now(UTC).timestamp() * 1000) if now is None else now
    return moment(at, now) if at // 86_400_000 == today // 86_400_000 else date(at, now)


_BLOCKED = {
    "device.revoked": QT_TRANSLATE_NOOP("messages", "This laptop was revoked by your delegation: it sends nothing any more."),
    "device.scope": QT_TRANSLATE_NOOP("messages", "This is a travel laptop, and it is not for this room."),
    "contact.changed": QT_TRANSLATE_NOOP(
        "messages", "The identity of a delegation in this room changed. Sending is stopped until you decide."
    ),
    "contact.differs": QT_TRANSLATE_NOOP(
        "messages", "The numbers compared with a delegation in this room differ. Sending is stopped until you decide."
    ),
    "contact.forked": QT_TRANSLATE_NOOP(
        "messages", "A delegation in this room showed two lists of its devices. Sending is stopped until you decide."
    ),
    "contact.added": QT_TRANSLATE_NOOP(
        "messages", "A delegation in this room added a laptop. What you write waits until you have looked at it."
    ),
    "contact.own_added": QT_TRANSLATE_NOOP(
        "messages", "A laptop was added to your own delegation. What you write waits until you have looked at it."
    ),
    "contact.disputed": QT_TRANSLATE_NOOP(
        "messages", "A custodian vouches for another identity of a delegation in this room. Sending is stopped until you decide."
    ),
    "room.left": QT_TRANSLATE_NOOP("messages", "Your delegation is no longer in this room: you can read, not write."),
}


def blocked(room: RoomView) -> str:
    """Why nothing can be sent, in a sentence; "" when it can."""
    if not room.blocked:
        return ""
    if room.blocked in _BLOCKED:
        return translate("messages", _BLOCKED[room.blocked])
    return isolate(room.blocked) if " " in room.blocked else translate("messages", "Sending in this room is stopped until you decide.")


def disagreement(room: RoomView) -> str:
    """Who sees another list of members, in a sentence; "" when all agree."""
    if not room.disagreement or room.disagreement.endswith("."):
        return isolate(room.disagreement) if room.disagreement else ""
    words = translate("messages", "Not everybody sees the same members: another list is seen by {who}.")
    return words.format(who=isolate(room.disagreement))


def state_of(room: RoomView) -> str:
    """The one thing about a room that needs saying first: blocked, disagreement, waiting; "" when all is well."""
    if room.blocked == "room.left":
        return translate("messages", "no longer a member")
    if room.blocked:
        return translate("messages", "sending stopped")
    if room.disagreement:
        return translate("messages", "not everybody sees the same members")
    if room.waiting:
        return translate("messages", "%n items waiting in outbox", None, room.waiting)
    return ""
