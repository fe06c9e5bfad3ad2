"""The directory as it is read: rows of the register `contacts` with what is known of each beside them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from valise.desk.context import Context
from valise.desk.door_pings import Entry, Last, There, Wanted
from valise.desk.door_registers import Place, Registers, Row
from valise.desk.pings_there import there
from valise.desk.pings_words import tongues
from valise.domain.ping import marking as markings
from valise.domain.ping.kinds import LABEL
from valise.vault.store import Handle

REGISTER: Final = "contacts"
_LABEL: Final = ("category", "institution", "official_position", "full_name")
_BETWEEN: Final = ", "
_GONE: Final = ("superseded", "removed")
_PAGE: Final = 512


class Directory:
    """Reads entries, and what the program itself knows of their States."""

    def __init__(self, context: Context, registers: Registers) -> None:
        self.context = context
        self.registers = registers

    def memberships(self, state: str) -> tuple[str, ...]:
        """The organizations and forums a State belongs to, () for one the program does not know."""
        from valise.desk import reference

        found = reference.state(state)
        return tuple(sorted(found.memberships)) if found is not None else ()

    def rows(self, language: str = "en", contacts: Sequence[str] = ()) -> list[Row]:
        """Rows of the register, of our own record alone."""
        ids = self.registers.ids(REGISTER)
        found: list[Row] = []
        for at in range(0, len(ids), _PAGE):
            found += self.registers.page(ids[at : at + _PAGE], language)
        wanted = set(contacts)
        return [one for one in found if not one.gone and (not wanted or one.place.row in wanted)]

    def row(self, contact: str, language: str = "en") -> Row:
        """NotAllowed("register.row")."""
        return self.registers.row(Place(REGISTER, contact), language)

    def states(self, language: str = "en") -> dict[str, str]:
        """Names of States by code."""
        return dict(self.registers.names("state", language))

    def entries(
        self, rows: Iterable[Row], last: Mapping[str, Last], confirmed: Mapping[str, tuple[int, str]], language: str = "en"
    ) -> list[Entry]:
        """Entries by State and label, never by what came of a round."""
        names, now = self.states(language), self.context.clock.now()
        with self.context.read() as handle:
            here = self.delegations(handle)
        made = [
            self._entry(one, names, here, last.get(one.place.row), confirmed.get(one.place.row, (0, "")), now, language) for one in rows
        ]
        return sorted(made, key=lambda one: (*placed(one.state, language), folded(one.label), one.contact))

    def told(self, kept: str, language: str) -> str:
        """A label as a round keeps it, with the category it begins with in the language of who reads; the rest a person wrote."""
        column = self.registers.definition(REGISTER).column(_LABEL[0])
        choices = {title: one.title.in_(language) for one in column.choices for title in one.title.by.values()} if column else {}
        head, comma, rest = kept.partition(_BETWEEN)
        return f"{choices.get(head, head)}{comma}{rest}"

    def delegations(self, handle: Handle) -> dict[str, str]:
        """Code -> delegation we exchange with and are not stopped from sending to, ours as ""."""
        from valise.vault import people

        every = [one for one in people.everybody(handle) if one.stopped != "replaced"]
        return {one.code: "" if one.own else one.id for one in every if one.own or not one.stopped}

    def _entry(
        self, row: Row, names: Mapping[str, str], here: Mapping[str, str], last: Last | None, pinged: tuple[int, str], now: int,
        language: str,
    ) -> Entry:  # fmt: skip
        fields = {name: cell.values for name, cell in row.cells.items() if cell.values}
        shown = readable(row, language)
        state = one_of(fields, "state")
        noted = moment(one_of(fields, "last_confirmed"))
        delegation = here.get(state, "")
        own = state == self.context.own.code
        return Entry(
            contact=row.place.row, id=row.id, state=state, state_name=names.get(state, state), fields=fields, shown=shown,
            label=label(shown), there=where(fields, now), marking=markings.of(one_of(fields, "marking")),
            overdue="" < one_of(fields, "review") < f"{datetime.fromtimestamp(now / 1000, UTC):%Y-%m-%d}", differs=row.differs,
            way="" if own else "here" if delegation else "outside", delegation=delegation,
            memberships=self.memberships(state), last=last, confirmed_at=max(noted, pinged[0]),
            confirmed_how=pinged[1] if pinged[0] > noted else one_of(fields, "confirmed_how"), changed_at=row.changed_at,
            changed_by=row.changed_by,
        )  # fmt: skip


def placed(state: str, language: str) -> tuple[int, str]:
    """What States are sorted by in a list of that language; one that the program does not know comes last."""
    from valise.desk import reference

    places = reference.places(language)
    return places.get(state, len(places)), state


def _called(state: str) -> tuple[str, ...]:
    """What else a State is looked for by."""
    from valise.desk import reference

    found = reference.state(state)
    return found.names() if found is not None else ()


def one_of(fields: Mapping[str, tuple[str, ...]], column: str) -> str:
    """The first value of a column."""
    return next(iter(fields.get(column, ())), "")


def readable(row: Row, language: str) -> dict[str, str]:
    """What stands in an entry, in words: languages by their names."""
    return {
        name: tongues(cell.values, language) if name == "languages" else cell.shown for name, cell in row.cells.items() if cell.shown
    }


def label(shown: Mapping[str, str]) -> str:
    """Role before person: what the office is for, which it is, who sits there."""
    return _BETWEEN.join(shown[one] for one in _LABEL if shown.get(one))


def brief(text: str) -> str:
    """A label as a round keeps it."""
    return text if len(text) <= LABEL else text[: LABEL - 1].rstrip() + "…"


def where(fields: Mapping[str, tuple[str, ...]], at: int) -> There | None:
    """The moment `at` where an entry is."""
    return there(at, one_of(fields, "time_zone"), one_of(fields, "state"), "; ".join(fields.get("hours", ())))


def moment(text: str) -> int:
    """A moment of a register (YYYY-MM-DDTHH:MMZ) or a date in ms UTC, 0 for anything else."""
    for form in ("%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d"):
        try:
            return int(datetime.strptime(text, form).replace(tzinfo=UTC).timestamp() * 1000)
        except ValueError:
            continue
    return 0


def stamp(at: int) -> str:
    """ms UTC as a moment of a register."""
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%MZ}"


def current(fields: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether an entry is one that a round asks."""
    return one_of(fields, "status") not in _GONE


def admits(wanted: Wanted, one: Entry) -> bool:
    """Whether a filter lets an entry through."""
    if wanted.categories and one.first("category") not in wanted.categories:
        return False
    if wanted.directories and one.first("directory") not in wanted.directories:
        return False
    if wanted.states and one.state not in wanted.states:
        return False
    if wanted.attention and not needs_attention(one):
        return False
    if not wanted.words.strip():
        return True
    held = folded(" ".join((one.state, one.state_name, *_called(one.state), one.label, *one.shown.values(), *one.memberships)))
    return all(word in held for word in folded(wanted.words).split())


def needs_attention(one: Entry) -> bool:
    """Late review, values that differ, or a last round that did not confirm it."""
    missed = one.last is not None and one.last.outcome not in ("confirmed", "waiting")
    return one.overdue or one.differs or missed


def folded(text: str) -> str:
    """Without case and accents, apostrophes straight, as words are looked for."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("\u2019", "'"))
    return "".join(one for one in plain if not unicodedata.combining(one))
