"""What an arriving contact card means: news, an older copy, a second list, or another identity under a known code."""

from __future__ import annotations

from valise.desk.context import Context
from valise.domain.errors import Refused
from valise.protocol.card import Card, newest, read_card, succession
from valise.vault import people
from valise.vault.append import Touched
from valise.vault.store import Tx

RECEIVED = "received only"


def accept_card(context: Context, tx: Tx, card: Card, *, imported: bool) -> str:
    """Take a verified card in; returns the delegation's id.

    `imported` by a person, or else brought along by a member of a room. Another root under a known code stops
    sending when a person brought it; brought by a peer it is refused with a notice, so that no member can stop
    our exchange with a third. Raises Refused("card.older" | "card.forked" | "card.conflict" | "card.device_taken").
    """
    now = context.clock.now()
    for entry in card.devices:  # its keys are public, so anybody could certify another's device as his own
        other = people.device(tx, entry.certificate.device)
        if other is not None and other.delegation != card.delegation:
            notice(context, tx, "card.conflict", card.delegation)
            raise Refused("card.device_taken")
    known = people.one(tx, card.delegation)
    if known is None:
        rivals = [one for one in people.by_code(tx, card.code) if one.stopped != "replaced"]
        if rivals:
            if not imported:
                notice(context, tx, "card.conflict", rivals[0].id)
                raise Refused("card.conflict")
            people.keep_rival(tx, rivals[0].id, card.data)
            notice(context, tx, "contact.changed", rivals[0].id)
            context.touch(Touched(contacts={rivals[0].id}))
            return rivals[0].id
        return _store(context, tx, card, RECEIVED)
    held = read_card(known.card)
    relation = succession(held, card)
    if relation == "fork":
        people.stop(tx, known.id, "forked")
        notice(context, tx, "card.forked", known.id)
        context.touch(Touched(contacts={known.id}))
        return known.id
    if relation in ("next", "later"):
        if any(one.id != known.id and one.stopped != "replaced" for one in people.by_code(tx, card.code)):
            notice(context, tx, "card.conflict", known.id)
            raise Refused("card.conflict")
        return _store(context, tx, newest(card, held), known.trust)
    if relation == "older" and imported:
        raise Refused("card.older")
    fresh = newest(held, card)
    if fresh.data != held.data:
        people.store_card(tx, fresh, trust=known.trust, now=now)
        context.touch(Touched(contacts={known.id}))
    return known.id


def _store(context: Context, tx: Tx, card: Card, trust: str) -> str:
    now = context.clock.now()
    first = people.one(tx, card.delegation) is None
    fresh = people.store_card(tx, card, trust=trust, now=now, own=card.delegation == context.own.delegation)
    context.record.certificates.forget()
    for device in fresh:
        if not first:
            notice(context, tx, "device.new", device)
    rooms = {row[0] for row in tx.rows("select room from room_member where delegation = ?", (card.delegation,))}
    context.touch(Touched(contacts={card.delegation}, rooms=rooms))
    context.card_came(tx, fresh)
    return card.delegation


def notice(context: Context, tx: Tx, code: str, ref: str) -> None:
    """An event nobody should miss, dated."""
    tx.run("insert into event(at, code, ref) values (?,?,?)", (context.clock.now(), code, ref))
