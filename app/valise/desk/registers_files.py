"""Registers out into files: a table as the screen shows it, a form, a calendar. The way in is registers_in."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from valise.desk.context import Context
from valise.desk.door_registers import Filter, Preview, Progress, Row
from valise.desk.registers_in import Imports
from valise.desk.registers_look import Looking
from valise.desk.registers_write import Writing
from valise.domain.errors import NotAllowed, Unavailable
from valise.domain.message import TLP
from valise.domain.register import rows as rules
from valise.domain.register import values as v
from valise.domain.register.definition import EXPORT_KINDS, Column, Definition, ExportForm, Side
from valise.domain.training import marking
from valise.formats.table import Head, Table

PAGE: Final = 512
INTERNAL: Final = "INTERNAL"  # in the name of every file that holds what we assess
_SIDES: Final[Mapping[str, str]] = {
    "ar": "تقدير داخلي: لا يُسلَّم إلى الغير", "zh": "内部评估：不得外传", "en": "Assessed by us: internal, not for others",
    "fr": "Notre appréciation : interne, ne pas transmettre", "ru": "Наша оценка: внутренний документ, не передавать",
    "es": "Nuestra apreciación: interno, no transmitir",
}  # fmt: skip
_SILENT: Final[Mapping[str, str]] = {  # under the title of a page
    "ar": "لا شيء مذكور في: {0}", "zh": "以下各栏未填：{0}", "en": "Nothing is said in: {0}", "fr": "Rien n’est dit dans : {0}",
    "ru": "Ничего не сказано в: {0}", "es": "No se dice nada en: {0}",
}  # fmt: skip
DIRECTORY: Final = "contacts"  # its cards and nominations are written by the desk of pings
NOTE: Final = "note-verbale"
_FORMS: Final = ("survey", "form")  # templates that print each row under its own heading


class Files:
    """Writes and reads the files of registers. `cards`: writes rows of the directory as vCards (the desk of pings)."""

    def __init__(self, context: Context, looking: Looking, writing: Writing) -> None:
        self.context = context
        self.looking = looking
        self.imports = Imports(context, looking, writing)
        self.cards: Callable[[Sequence[str], Path], int] | None = None

    def read(self, register: str, side: Side, file: Path, progress: Progress | None) -> Preview:
        return self.imports.read(register, side, file, progress)

    def take(self, token: str, progress: Progress | None) -> int:
        return self.imports.take(token, progress)

    def export(
        self, register: str, side: Side, form: str, to: Path, ids: Sequence[int] | None, view: str, language: str,
        progress: Progress | None,
    ) -> int:  # fmt: skip
        """NotAllowed("register.form" | "register.side" | "register.nomination" | "ping.nothing"), Unavailable("file.unwritable"),
        Refused("table.*" | "ics.*")."""
        with self.looking.book.official():
            return self._export(register, side, form, to, ids, view, language, progress)

    def _export(
        self, register: str, side: Side, form: str, to: Path, ids: Sequence[int] | None, view: str, language: str,
        progress: Progress | None,
    ) -> int:  # fmt: skip
        definition = self.looking.book.one(register)
        rules.may(definition, side, internal=True)
        told = next((one for one in definition.exports if one.id == form), None)
        told = told or next((ExportForm(one, one, definition.title) for one in EXPORT_KINDS if one == form), None)
        if told is None:
            raise NotAllowed("register.form", "this register is not written in that form")
        if register == DIRECTORY and told.template == NOTE:  # addressed to somebody, numbered and entered as sent
            raise NotAllowed("register.nomination", "see Pings.nominate")
        columns = self._columns(definition, side, told, view)
        if side == "assessed" and INTERNAL.casefold() not in to.name.casefold():
            to = to.with_name(f"{to.stem} {INTERNAL}{to.suffix}")
        rows = self._rows(definition, side, told, view, ids, language, progress)
        if told.kind == "vcard":
            if self.cards is None or register != DIRECTORY or side != "stated":  # a card is of a point of contact
                raise NotAllowed("register.form", "this register is not written in that form")
            contacts = [row.place.row for row in rows]
            if not contacts:
                raise NotAllowed("ping.nothing", "no entry may stand in this file")  # and not: every one
            return self.cards(contacts, to)
        every = list(rows)
        data = self._calendar(definition, side, columns, every, language) if told.kind == "ics" else self._table(
            definition, side, told, columns, every, language
        )  # fmt: skip
        _write(to, data)
        return len(every)

    def _columns(self, definition: Definition, side: Side, form: ExportForm, view: str) -> list[Column]:
        """See Definition.written."""
        return definition.written(side, form, view)

    def _rows(
        self, definition: Definition, side: Side, form: ExportForm, view: str, ids: Sequence[int] | None, language: str,
        progress: Progress | None,
    ) -> Iterator[Row]:  # fmt: skip
        if ids is None:
            seen = definition.view(view) if view else None
            only = dict(seen.only) if seen else {}
            if form.template == "survey" and "state" in definition.rows:  # a survey is about its own State
                only["@state"] = (self.context.own.code,)
            ids = self.looking.ids(definition.id, side, Filter(only=only), seen.sort if seen else "", "", language)
        for start in range(0, len(ids), PAGE):
            yield from self.looking.page(ids[start : start + PAGE], language)
            if progress is not None:
                progress(min(start + PAGE, len(ids)), len(ids))

    # kinds of files

    def _table(
        self, definition: Definition, side: Side, form: ExportForm, columns: Sequence[Column], rows: Sequence[Row], language: str
    ) -> bytes:
        lines: tuple[str, ...] = (form.title.in_(language),) if form.id not in EXPORT_KINDS else ()
        if rows and form.kind != "csv" and form.template not in _FORMS and not form.columns:  # a page has no room for what is empty
            silent = [one for one in columns if not any(row.cells[one.id].values for row in rows)]
            columns = [one for one in columns if one not in silent]
            said = ", ".join(one.title.in_(language) for one in silent)
            lines += (_SILENT.get(language, _SILENT["en"]).format(said),) if silent else ()
        heads, cells = self._cells(definition, side, form, columns, rows, language)
        table = Table(
            definition.title.in_(language), heads, cells, language, "rtl" if language == "ar" else "ltr",
            marking(self.context.training, self._marking(columns, rows)),
            _SIDES.get(language, _SIDES["en"]) if side == "assessed" else "", lines,
            "form" if form.template in _FORMS else "table",
        )  # fmt: skip
        if form.kind == "csv":
            from valise.formats import table_csv

            return table_csv.written(table)
        if form.kind == "docx":
            from valise.formats import table_docx

            return table_docx.written(table)
        from valise.formats import table_pdf

        return table_pdf.printed(table)

    def _cells(
        self, definition: Definition, side: Side, form: ExportForm, columns: Sequence[Column], rows: Sequence[Row], language: str
    ) -> tuple[tuple[Head, ...], list[tuple[str, ...]]]:
        """What the screen shows, in its order; in CSV the key of a record besides, so that it can be read back."""
        axes = [one for one in definition.rows if one != "record"]
        heads = [Head(v.AXES[one].in_(language), "text", 20) for one in axes]
        heads += [Head(one.title.in_(language), one.kind, one.wide) for one in columns]
        keyed = form.kind == "csv" and ("record" in definition.rows or side == "assessed")
        if keyed:
            heads.append(Head(v.KEY if side == "stated" else v.KEY_ASSESSED))
        if form.template in _FORMS:
            heads.insert(0, Head(definition.title.in_(language)))
        made = []
        for row in rows:
            cells = [row.cells[f"@{one}"].shown for one in axes] + [row.cells[one.id].shown for one in columns]
            made.append(tuple([row.title] * (form.template in _FORMS) + cells + [row.place.row] * keyed))
        return tuple(heads), made

    def _marking(self, columns: Sequence[Column], rows: Sequence[Row]) -> str:
        """The strictest marking of the rows; national ones stand beside it, in no order with it."""
        names = [one.id for one in self.looking.book.one(rows[0].place.register).columns if one.kind == "marking"] if rows else []
        found = dict.fromkeys(value for row in rows for name in names if name in row.cells for value in row.cells[name].values)
        strict = next((one for one in TLP if one in found), "")
        return " · ".join(one for one in (strict, *(one for one in found if one not in TLP)) if one)

    def _calendar(
        self, definition: Definition, side: Side, columns: Sequence[Column], rows: Sequence[Row], language: str
    ) -> bytes:
        from valise.desk import registers_dates as dates
        from valise.formats import ics

        there = {one.id for one in definition.columns_of(side)}
        wanted = [one for one in dates.dated(definition, [one.id for one in columns]) if one.id in there]
        said = _SIDES.get(language, _SIDES["en"]) if side == "assessed" else ""
        made = dates.entries(definition, wanted, rows, language, said)
        return ics.written(made, definition.title.in_(language), self.context.clock.now())


def _write(to: Path, data: bytes) -> None:
    """The whole file or none of it."""
    try:
        number, name = tempfile.mkstemp(prefix=".valise-", dir=to.parent)
        beside = Path(name)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, to)
        finally:
            beside.unlink(missing_ok=True)
    except OSError:
        raise Unavailable("file.unwritable", "the file cannot be written") from None


__all__ = ["INTERNAL", "Files"]
