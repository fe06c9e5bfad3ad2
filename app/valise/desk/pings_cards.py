"""Entries as contact cards, out and in. A card changes nothing before a person has seen what it would change."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from valise.desk.context import Context
from valise.desk.door_pings import CardField, CardPreview, CardRead, Reported, Version
from valise.desk.door_registers import Place, Registers, Row
from valise.desk.pings_directory import REGISTER, Directory, one_of
from valise.desk.pings_there import zone
from valise.domain.errors import NotAllowed
from valise.domain.ping import marking as markings
from valise.domain.register.rows import next_review

if TYPE_CHECKING:
    from valise.desk.pings_asking import Asking
    from valise.formats.vcard import Card

Values = dict[str, tuple[str, ...]]
# Property of ours -> column. What nobody outside may read (authority, escalation, review, source, status) has none.
_OURS: Final = {
    "state": "state", "directory": "directory", "category": "category", "entry": "entry_kind", "hours": "hours",
    "channel": "preferred_channel", "marking": "marking", "valid-from": "valid_from",
}  # fmt: skip
_WRITTEN: Final = ("status", "review", "last_confirmed", "confirmed_how")  # ours to say, never a card's


@dataclass(frozen=True, slots=True)
class Read:
    """A preview that is kept until it is taken: what each card says, and what stood when it was read."""

    token: str
    cards: tuple[CardRead, ...]
    values: tuple[Values, ...]
    stood: tuple[Mapping[str, tuple[str, ...]], ...]


class Cards:
    """Writes and reads contact cards."""

    def __init__(self, context: Context, registers: Registers, directory: Directory) -> None:
        self.context = context
        self.registers = registers
        self.directory = directory
        self.asking: Asking | None = None
        self._read: Read | None = None

    def write(self, contacts: Sequence[str], to: Path, *, version: Version, marking: str) -> Reported:
        """See Pings.cards."""
        from valise.desk.pings_report import save
        from valise.formats import vcard

        rows = [self.directory.row(one) for one in contacts] if contacts else self.directory.rows()
        kept = [one for one in rows if not marking or markings.within(one_of(_values(one), "marking"), marking)]
        if not kept:
            raise NotAllowed("ping.nothing", "no entry may stand in this file")
        save(to, lambda: vcard.written([card(one) for one in kept], version))
        return Reported(len(kept), len(rows) - len(kept))

    def read(self, file: Path) -> CardPreview:
        """See Pings.read_cards."""
        from valise.formats import vcard

        found = vcard.read(file)
        rows = self.directory.rows()
        by_uid = {uid(one.place.row): one for one in rows}
        by_mail = {one_of(_values(one), "email").casefold(): one for one in rows}
        cards, values, stood = [], [], []
        for n, one in enumerate(found):
            told, left = self._told(one)
            row = by_uid.get(one.uid) or by_mail.get(one_of(told, "email").casefold()) if one.uid or told.get("email") else None
            before = _values(row) if row is not None else {}
            changes = tuple(CardField(name, before.get(name, ()), value) for name, value in told.items() if value != before.get(name, ()))
            missing = () if row is not None else self._missing(told)
            cards.append(CardRead(n, one.name, row.place.row if row is not None else "", changes, missing, one.left_out + left))
            values.append(told)
            stood.append(before)
        self._read = Read(self.context.entropy(12).hex(), tuple(cards), tuple(values), tuple(stood))
        return CardPreview(self._read.token, self._read.cards)

    def take(self, token: str, chosen: Sequence[int], fill: Mapping[int, Mapping[str, Sequence[str]]]) -> int:
        """See Pings.take_cards."""
        held = self._read
        if held is None or held.token != token:
            raise NotAllowed("vcard.stale", "the file was read anew since")
        wanted = sorted(set(chosen))
        if any(not 0 <= n < len(held.cards) for n in wanted):
            raise NotAllowed("vcard.stale", "there is no such card")
        with self.context.write():
            for n in wanted:
                self._take(held, n, {name: tuple(value) for name, value in fill.get(n, {}).items()})
        self._read = None
        return len(wanted)

    def _take(self, held: Read, n: int, filled: Values) -> None:
        one, told = held.cards[n], {**held.values[n], **filled}
        if self.asking is not None:
            self.asking.may(one_of(told, "state") or one_of(held.stood[n], "state"))
        if one.contact:
            if _values(self.directory.row(one.contact)) != held.stood[n]:
                raise NotAllowed("vcard.stale", "the entry has changed since the file was read")
            changed = {name: value for name, value in told.items() if value != held.stood[n].get(name, ())}
            if changed:
                self.registers.set(Place(REGISTER, one.contact), changed)
            return
        today = datetime.fromtimestamp(self.context.clock.now() / 1000, UTC).date()
        told.setdefault("status", ("proposed",))
        told.setdefault("review", (next_review(today, self.registers.definition(REGISTER).review),))
        self.registers.new_row(REGISTER, told)

    def _told(self, one: Card) -> tuple[Values, int]:
        """(what a card says of our columns, how many values it says that no column can hold)."""
        definition = self.registers.definition(REGISTER)
        person = one.person
        told: Values = {
            "full_name": (one.name,) if person else (), "form_of_address": (person[3],) if person and person[3] else (),
            "official_position": (one.title,), "institution": (one.organization,), "description": (one.role,),
            "email": one.emails[:1], "email_alternative": one.emails[1:2],
            "phone": tuple(number for number, kind in one.phones if not kind)[:1],
            "phone_24x7": tuple(number for number, kind in one.phones if kind)[:1],
            "languages": one.languages, "time_zone": (one.zone,),
            **{column: one.ours[name] for name, column in _OURS.items() if name in one.ours},
        }  # fmt: skip
        told = {name: tuple(value for value in values if value) for name, values in told.items()}
        told.setdefault("entry_kind", ("person" if person and not one.title else "role",))
        left = len(one.emails[2:]) + max(0, len(one.phones) - 2) + bool(one.note)
        for name, values in list(told.items()):
            column = definition.column(name)
            fits = values if column is None or not column.choices else tuple(value for value in values if column.choice(value))
            if name == "time_zone":
                fits = tuple(value for value in values if zone(value))
            if name == "state":
                known = self.directory.states()
                fits = tuple(value for value in values if value in known)
            left += len(values) - len(fits)
            told[name] = fits
        return {name: values for name, values in told.items() if values}, left

    def _missing(self, told: Values) -> tuple[str, ...]:
        definition = self.registers.definition(REGISTER)
        return tuple(one.id for one in definition.columns if one.required and one.id not in told and one.id not in _WRITTEN)


def card(row: Row) -> Card:
    """The card of an entry: what another may read of it."""
    from valise.formats.vcard import Card

    held = _values(row)
    name = one_of(held, "full_name")
    phones = [(number, kind) for column, kind in (("phone", ""), ("phone_24x7", "24x7")) for number in held.get(column, ())]
    ours = {name: held[column] for name, column in _OURS.items() if column in held}
    made = Card(
        name=name or one_of(held, "official_position") or one_of(held, "institution") or one_of(held, "state"),
        person=(name, "", "", one_of(held, "form_of_address"), "") if name else (),
        organization=one_of(held, "institution"), title=one_of(held, "official_position"), role=one_of(held, "description"),
        emails=(*held.get("email", ()), *held.get("email_alternative", ())), phones=tuple(phones),
        languages=held.get("languages", ()), zone=one_of(held, "time_zone"), uid=uid(row.place.row), ours=ours,
    )  # fmt: skip
    return replace(made, ours={**ours, "marking": (markings.of(one_of(held, "marking")),)})


def uid(contact: str) -> str:
    """The same card has the same UID whenever it is written (RFC 6350, 6.7.6), and the key of our row is in none."""
    return uuid.UUID(bytes=hashlib.sha256(b"valise/v1/card\0" + contact.encode()).digest()[:16], version=5).urn


def _values(row: Row) -> Values:
    return {name: cell.values for name, cell in row.cells.items() if cell.values}
