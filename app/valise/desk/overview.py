"""What needs a person now, across rooms, texts and contacts. Sentences are made in the window."""

from __future__ import annotations

from valise.desk import views
from valise.desk.contacts import ContactsDesk
from valise.desk.context import Context
from valise.desk.exchange import ExchangeDesk
from valise.desk.internal import InternalDesk
from valise.desk.joint import JointDesk
from valise.desk.rooms import RoomsDesk


def overview(
    context: Context, rooms: RoomsDesk, contacts: ContactsDesk, exchange: ExchangeDesk, internal: InternalDesk,
    joint: JointDesk,
) -> views.Overview:  # fmt: skip
    """Everything due, most pressing first."""
    status = exchange.status()
    now = context.clock.now()
    due: list[views.Due] = []
    people = contacts.all()
    names = {one.id: one.name for one in people}
    for one in people:
        if one.stopped:
            line = f"contact.{one.stopped}" if one.stopped in ("added", "disputed") else "contact.changed"
            due.append(views.Due("contacts", one.id, line, (one.name,), now))
    if contacts.one(context.own.delegation).stopped:
        due.append(views.Due("contacts", context.own.delegation, "contact.own_added", (), now))
    if not status.carrier and not status.place:
        due.append(views.Due("settings", "", "exchange.none", (), now))
    elif status.problem:
        due.append(views.Due("settings", "", "exchange.trouble", (status.problem,), now))
    titles: dict[str, str] = {}
    with context.read() as handle:
        newest = dict(
            handle.rows(
                "select thread.room, max(newest_at) from thread left join read_mark on read_mark.room = thread.room"
                " and read_mark.thread = thread.id where top > coalesce(upto, 0) group by thread.room"
            )
        )
    for room in rooms.all():
        title = room.title or ", ".join(names.get(one, "") for one in room.members if one in names)
        titles[room.id] = title
        if room.disagreement:
            due.append(views.Due("messages", room.id, "room.disagreement", (title, room.disagreement), now))
        if room.unread:
            due.append(views.Due("messages", room.id, "message.unread", (str(room.unread), title), min(now, newest.get(room.id, now))))
    with context.read() as handle:
        texts = handle.rows(
            "select id, title, open_proposals, pen_delegation, changed_at, silence, silence_until from text"
            " order by changed_at desc"
        )
        doubled = handle.rows(
            "select suspended.room, delegation.id, delegation.name, officer, noticed_at from suspended"
            " join device on device.id = suspended.device join delegation on delegation.id = device.delegation"
            " where klass = 0 and revoked_at = 0 order by noticed_at, suspended.room"
        )
    due += [
        views.Due("contacts", whose, "device.two_histories", (who, officer, titles[place]), min(at, now))
        if whose != context.own.delegation
        else views.Due("settings", "", "device.copied", (officer, titles[place]), min(at, now))
        for place, whose, who, officer, at in doubled
        if place in titles
    ]
    named = {row[0]: row[1] for row in texts}
    for held in internal.drafts():
        if held.mine != (held.state == "waiting"):  # the other officer releases; its author looks at what cannot be
            code = f"release.{held.state}"
            ref = f"{held.text}#{held.paragraph}" if held.paragraph else held.text
            due.append(views.Due("texts", ref, code, (held.officer, named.get(held.text, "")), held.at))
    for made in joint.all():
        if made.opener == context.own.delegation and any(sign.state == "late" for sign in made.signs):
            due.append(views.Due("texts", made.id, "joint.late", (made.title,), made.at))
        elif not made.closed and not made.newer and not made.ours and "commit" in context.own.rights:
            due.append(views.Due("texts", made.id, "joint.open", (made.title, str(made.until)), made.at))
    for name, title, proposals, pen, at, silence, until in texts:
        if until:
            due.append(views.Due("texts", name, f"silence.{silence}", (title, str(until)), at))
        elif silence == "contested" and pen == context.own.delegation:
            due.append(views.Due("texts", name, "silence.contested", (title,), at))
        if pen == context.own.delegation and proposals:
            due.append(views.Due("texts", name, "text.proposals", (str(proposals), title), at))
    due += [
        views.Due("contacts", one.id, "contact.unverified", (one.name,), one.trust_since)
        for one in people
        if one.trust in ("received only", "unknown") and not one.changed
    ]
    return views.Overview(tuple(due), status)
