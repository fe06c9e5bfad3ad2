"""Nominating a point of contact: a note verbale with a running number, entered in `correspondence` as sent."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from valise.desk.context import Context
from valise.desk.door_pings import Nomination, Sent
from valise.desk.door_registers import Place, Registers
from valise.desk.pings_directory import REGISTER, Directory, label, one_of, readable
from valise.desk.pings_words import word
from valise.domain import training
from valise.domain.errors import NotAllowed, Unavailable

LETTERS: Final = "correspondence"
# What a nomination names, as in the procedures of the directories; never what we keep for ourselves about the entry.
USUAL: Final = (
    "category", "institution", "official_position", "form_of_address", "full_name", "description", "email", "email_alternative",
    "phone", "phone_24x7", "languages", "hours", "time_zone", "preferred_channel", "valid_from",
)  # fmt: skip
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}


class Nominations:
    """Writes notes verbales."""

    def __init__(self, context: Context, registers: Registers, directory: Directory) -> None:
        self.context = context
        self.registers = registers
        self.directory = directory

    def write(self, nomination: Nomination, to: Path) -> Sent:
        """See Pings.nominate. Number, document and row are made together, or nothing is."""
        from valise.formats import note_verbale, whole

        language = nomination.language
        row = self.directory.row(nomination.contact, language)
        values = {name: cell.values for name, cell in row.cells.items()}
        if one_of(values, "state") != self.context.own.code:
            raise NotAllowed("ping.not_ours", "a delegation nominates its own points of contact")
        shown = readable(row, language)
        if since := one_of(values, "valid_from"):
            shown["valid_from"] = day(since, language)
        titles = {one.id: one.title.in_(language) for one in self.registers.definition(REGISTER).columns}
        chosen = [one for one in nomination.fields or USUAL if one in USUAL]
        rows = tuple((titles[one], shown[one]) for one in chosen if shown.get(one))
        if not rows or not nomination.to.strip():
            raise NotAllowed("ping.nothing", "a nomination names somebody, to somebody")
        state = self.directory.states(language).get(self.context.own.code, self.context.own.name)
        sender = word("delegation", language, state)
        with self.context.write():
            letter = self.registers.new_row(LETTERS, {
                "direction": ["sent"], "kind": ["note-verbale"], "date": [nomination.date], "addressee": [nomination.to.strip()],
                "subject": [word("nomination", language, label(shown))[:300]], "language": [language],
                "officer": [self.context.own.officer], "marking": [nomination.marking], "status": ["draft"],
            })  # fmt: skip
            number = one_of({name: cell.values for name, cell in self.registers.row(letter).cells.items()}, "number")
            data = note_verbale.written(note_verbale.Note(
                language, number, sender, nomination.to.strip(), nomination.place.strip(), day(nomination.date, language),
                training.marking(self.context.training, nomination.marking), shown.get("directory", ""), rows, nomination.replaces.strip(),
            ))  # fmt: skip
            file = self.registers.attach(letter, to.name, data)
            self.registers.set(letter, {"file": [file], "status": ["open"]}, files=[file])
            if not one_of(values, "source_document"):
                self.registers.set(Place(REGISTER, nomination.contact), {"source_document": [number]})
            try:
                whole.put(to, data)  # last: nothing is entered that could not be written
            except OSError:
                raise Unavailable("file.unwritable", "the file cannot be written") from None
        return Sent(number, letter.row, to)


def day(text: str, language: str) -> str:
    """A date (YYYY-MM-DD) as a letter in that language has it. NotAllowed("ping.when")."""
    try:
        when = date.fromisoformat(text)
    except ValueError:
        raise NotAllowed("ping.when", "the date is none") from None
    if language == "zh":
        return f"{when.year}年{when.month}月{when.day}日"
    month = _MONTHS.get(language, _MONTHS["en"]).split()[when.month - 1]
    if language == "es":
        return f"{when.day} de {month} de {when.year}"
    if language == "fr":
        return f"{'1er' if when.day == 1 else when.day} {month} {when.year}"
    return f"{when.day} {month} {when.year}" + (" года" if language == "ru" else "")
