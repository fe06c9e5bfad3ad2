"""What keeps a vault for practice and real ones apart: at the one place where cards are taken in, and at every way out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from valise.desk.context import Context
from valise.domain import training
from valise.domain.errors import NotAllowed, Refused
from valise.protocol.card import Card


def check_card(own: str, card: Card, *, imported: bool) -> None:
    """`own` is the name of our delegation. NotAllowed("training.real_contact" | "training.card") when a person brought the
    card, else Refused of the same codes: one card of a peer's envelope, not the envelope."""
    why = training.barred(own, card.code, card.name)
    if why == "training.real_contact" and imported:
        raise NotAllowed("training.real_contact", "a vault for practice takes in fictional delegations only")
    if why == "training.real_contact":
        raise Refused("training.real_contact", "a vault for practice takes in fictional delegations only")
    if why and imported:
        raise NotAllowed("training.card", "the card of a delegation for practice")
    if why:
        raise Refused("training.card", "the card of a delegation for practice")


def check_grant(own: Card, contacts: Iterable[Card]) -> None:
    """What a laptop that joins is told of others. NotAllowed("training.*")."""
    for one in contacts:
        check_card(own.name, one, imported=True)


def check_place(context: Context, place: Path) -> None:
    """A folder or file that something of ours leaves or comes by. NotAllowed("training.place")."""
    if context.training and not training.within(place, context.store.folder):
        raise NotAllowed("training.place", "a vault for practice carries nothing beyond its own folder")


def check_way(context: Context, way: str) -> None:
    """A way of exchange. NotAllowed("training.relay")."""
    if context.training and way == "relay":
        raise NotAllowed("training.relay", "a vault for practice uses no relay")
