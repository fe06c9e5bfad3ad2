"""What an arriving contact card means: news, an older copy, a second list, or another identity under a known code."""

from __future__ import annotations

from valise.desk import practice
from valise.desk.context import Context
from valise.domain.errors import Refused
from valise.protocol.card import Card, newest, read_card, succession
from valise.vault import people, trust
from valise.vault.append import Touched
from valise.vault.store import Tx

RECEIVED = "received only"
STOP_FOR_LAPTOPS = "contacts.new_laptop"


def accept_card(context: Context, tx: Tx, card: Card, *, imported: bool) -> str:
    """Take a verified card in; returns the delegation's id.

    `imported` by a person, or else brought along by a member of a room. Another root under a known code stops
    sending when a person brought it; brought by a peer it is refused with a notice, so that no member can stop
    our exchange with a third. Raises Refused("card.older" | "card.forked" | "card.conflict" | "card.device_taken" |
    "training.*"), NotAllowed("training.*") when a person brought it.
    """
    now = context.clock.now()
    practice.check_card(context.own.name, card, imported=imported)
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
            trust.happened(tx, now, rivals[0].id, "identity.changed")
            context.touch(Touched(contacts={rivals[0].id}))
            return rivals[0].id
        return _store(context, tx, card, RECEIVED, imported=imported)
    held = read_card(people.card(tx, known.id))
    relation = succession(held, card)
    if relation == "fork":
        people.stop(tx, known.id, "forked")
        notice(context, tx, "card.forked", known.id)
        trust.happened(tx, now, known.id, "identity.forked", value=str(card.number))
        context.touch(Touched(contacts={known.id}))
        return known.id
    if relation in ("next", "later"):
        if any(one.id != known.id and one.stopped != "replaced" for one in people.by_code(tx, card.code)):
            notice(context, tx, "card.conflict", known.id)
            raise Refused("card.conflict")
        return _store(context, tx, newest(card, held), known.trust, imported=imported)
    if relation == "older" and imported:
        raise Refused("card.older")
    fresh = newest(held, card)
    if fresh.data != held.data:
        people.store_card(tx, fresh, trust=known.trust, now=now)
        context.touch(Touched(contacts={known.id}))
    return known.id


def _store(context: Context, tx: Tx, card: Card, level: str, *, imported: bool) -> str:
    """Keep the card; write down what changed; have laptops that joined wait for a person, unless this laptop admitted them."""
    now, own = context.clock.now(), card.delegation == context.own.delegation
    held = people.one(tx, card.delegation)
    before = {one.id: one for one in people.devices(tx, card.delegation)}
    fresh = people.store_card(tx, card, trust=level, now=now, own=own)
    context.record.certificates.forget()
    if held is None:
        trust.happened(tx, now, card.delegation, "seen", value=str(card.number))
    else:
        if card.number != held.card_number:
            trust.happened(tx, now, card.delegation, "card.renewed", value=str(card.number))
        for device in fresh:
            notice(context, tx, "device.new", device)
        _laptops(context, tx, card, before, fresh, admitted=own and imported)
    rooms = {row[0] for row in tx.rows("select room from room_member where delegation = ?", (card.delegation,))}
    context.touch(Touched(contacts={card.delegation}, rooms=rooms))
    # keys that came under a newer certificate than we knew can be taken now, as those of a laptop that was not known
    hashes = {one.certificate.device: one.certificate.hash for one in card.devices}
    renewed = [name for name, one in before.items() if hashes.get(name, one.certificate_hash) != one.certificate_hash]
    context.card_came(tx, [*fresh, *renewed])
    return card.delegation


def _laptops(
    context: Context, tx: Tx, card: Card, before: dict[str, people.Device], fresh: list[str], *, admitted: bool
) -> None:
    now, who = context.clock.now(), card.delegation
    row = tx.row("select value from setting where key = ?", (STOP_FOR_LAPTOPS,))
    stops = row is None or row[0] != "tell"
    for entry in card.devices:
        name = entry.certificate.device
        known = before.get(name)
        if name in fresh and not entry.revoked_at:
            officer = context.own.officer if admitted else ""
            trust.happened(tx, now, who, "laptop.admitted" if admitted else "laptop.added", device=name, officer=officer)
            if stops and not admitted:
                trust.laptop_came(tx, who, name, now)
        elif known is not None and entry.revoked_at and not known.revoked_at:
            trust.happened(tx, now, who, "laptop.revoked", device=name)
        elif known is not None and entry.certificate.hash != known.certificate_hash:
            trust.happened(tx, now, who, "laptop.renewed", device=name)


def notice(context: Context, tx: Tx, code: str, ref: str) -> None:
    """An event nobody should miss, dated."""
    tx.run("insert into event(at, code, ref) values (?,?,?)", (context.clock.now(), code, ref))
