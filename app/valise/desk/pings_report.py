"""A round as a file: what is in it depends on its marking and on whom it is for; nothing in it says who else was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from valise.desk.door_pings import Progress, Reported, RoundHead, RoundRow, There
from valise.desk.pings_words import tongues, word
from valise.domain import training, when
from valise.domain.errors import Refused, Unavailable
from valise.domain.ping import marking as markings

if TYPE_CHECKING:
    from valise.desk.pings import PingsDesk
    from valise.formats.table import Table

FORMS: Final = ("csv", "pdf")
_CELLS: Final = (
    ("state", "text", 14), ("contact", "text", 26), ("marking", "marking", 14), ("outcome", "text", 12), ("how", "text", 14),
    ("asked", "moment", 16), ("there", "text", 18), ("answered", "moment", 16), ("received", "moment", 16), ("latency", "number", 9),
    ("changes", "text", 20), ("note", "text", 18),
)  # fmt: skip
# On pages the marking stands beside the contact and a correction in the note: twelve columns would break every word.
_PAGES: Final = (
    ("state", "text", 19), ("contact", "text", 32), ("outcome", "text", 17), ("how", "text", 17), ("asked", "moment", 16),
    ("there", "text", 20), ("answered", "moment", 17), ("received", "moment", 17), ("latency", "number", 15), ("note", "text", 26),
)  # fmt: skip


class Reports:
    """Writes reports of the rounds of a desk."""

    def __init__(self, desk: PingsDesk) -> None:
        self.desk = desk

    def write(
        self, round: str, form: str, to: Path, *, marking: str, state: str, language: str, progress: Progress | None
    ) -> Reported:
        """See Pings.report."""
        if form not in FORMS:
            raise Refused("ping.report", "a round is written as a table or as pages")
        view = self.desk.round(round, language)
        rows = [one for one in view.rows if not state or one.state == state]
        kept = [one for one in rows if not marking or markings.within(one.marking, marking)]
        left = len(rows) - len(kept)
        columns = {one.id: one.title.in_(language) for one in self.desk.registers.definition("contacts").columns}
        made = table(view.head, kept, marking, 0 if state else left, language, columns, whole=not state, pages=form == "pdf")
        made = replace(made, marking=training.marking(self.desk.context.training, made.marking))
        save(to, lambda: _file(form, made), progress)
        return Reported(len(kept), left)


def table(
    head: RoundHead, rows: Iterable[RoundRow], marking: str, left: int, language: str, columns: dict[str, str], *, whole: bool,
    pages: bool,
) -> Table:  # fmt: skip
    """What is written. `whole` False: for one of those asked, so that no number tells of others."""
    from valise.formats.table import Head, Table

    kept = list(rows)
    edge = marking or markings.strictest(one.marking for one in kept) or " · ".join(sorted({one.marking for one in kept}))
    lines = [word("opened", language, _day(head.at), _day(head.due)), *([head.forum] if head.forum else [])]
    if whole:
        lines.append(", ".join(f"{word(name, language)}: {sum(one.outcome == name for one in kept)}" for name in head.counts))
    lines.append(word("clock", language))
    if left and whole:
        lines.append(word("left", language, left))
    sides = ([word("exercise", language)] if head.exercise else []) + ([word("internal", language)] if whole else [])
    shown = _PAGES if pages else _CELLS
    heads = [Head(word(name, language), kind, wide) for name, kind, wide in shown]
    told = [_cells(one, language, columns, pages=pages) for one in kept]
    cells = [tuple(one[name] for name, _, _ in shown) for one in told]
    if head.exercise and not pages:  # a table of cells has no edge: there every row says it
        heads = [Head(word("exercise", language), "text", 10), *heads]
        cells = [(word("exercise", language), *one) for one in cells]
    return Table(
        word("round", language, head.title), tuple(heads), cells, language, "rtl" if language == "ar" else "ltr", edge,
        " · ".join(sides), tuple(lines),
    )  # fmt: skip


def _cells(one: RoundRow, language: str, columns: dict[str, str], *, pages: bool) -> dict[str, str]:
    how = word(one.how, language) if one.how else ""
    if one.how == "recorded" and one.channel:
        how += f" ({word('by note' if one.channel == 'note' else one.channel, language)})"
    notes = [one.words, word("differs", language) if one.differs else "", word("doubt", language) if one.doubt else ""]
    told = {name: tongues(values, language) if name == "languages" else ", ".join(values) for name, values in one.changes.items()}
    changes = "\n".join(f"{columns.get(name, name)}: {words or '–'}" for name, words in told.items())
    if pages and changes:
        notes.insert(0, f"{word('changes', language)}\n{changes}")
    return {
        "state": f"{one.state} {one.state_name}" if one.state_name != one.state else one.state,
        "contact": f"{one.label}\n{one.marking}" if pages else one.label, "marking": one.marking,
        "outcome": word(one.outcome, language), "how": how, "asked": _moment(one.asked_at), "there": _there(one.asked_there, language),
        "answered": _moment(one.at), "received": _moment(one.received_at),
        "latency": "" if one.latency is None else str(one.latency // 60_000), "changes": changes,
        "note": "\n".join(part for part in notes if part),
    }  # fmt: skip


def _there(place: There | None, language: str) -> str:
    if place is None:
        return ""
    said = [f"{place.date} {place.clock}"]
    if place.open is not None:
        said.append(word("open" if place.open else "closed", language))
    if place.holiday:
        said.append(word("holiday", language, place.holiday))
    return ", ".join(said)


def _moment(at: int) -> str:
    return f"{when.utc(at):%Y-%m-%d %H:%M}" if at > 0 else ""


def _day(at: int) -> str:
    return f"{when.utc(at):%Y-%m-%d}"


def _file(form: str, made: Table) -> bytes:
    if form == "csv":
        from valise.formats.table_csv import written

        return written(made)
    from valise.formats.table_pdf import printed

    return printed(made)


def save(to: Path, make: Callable[[], bytes], progress: Progress | None = None) -> None:
    """Make the whole file, then put it in its place. Unavailable("file.unwritable")."""
    from valise.formats import whole

    if progress:
        progress(0, 1)
    data = make()
    try:
        whole.put(to, data)
    except OSError:
        raise Unavailable("file.unwritable", "the file cannot be written") from None
    if progress:
        progress(1, 1)
