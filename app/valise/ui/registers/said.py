"""The words of registers: who said what and when, sides, signs of choices, filters. Outside words come out isolated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

from valise.desk.door_registers import Cell, Filter, Row, Said
from valise.domain.register.definition import LANGUAGES, Choice, Column, Definition, Side
from valise.domain.register.values import AXES
from valise.ui import dates
from valise.ui.language import listed, semicolons, translate
from valise.ui.registers.asked import parted
from valise.ui.seeing import deadline
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.widgets.times import moment

_ARROWS = str.maketrans("→←", "←→")
BRIEF = 60  # characters of a value inside a sentence
DIFFERS, UNFIT, DUE = "≠", "!", "◷"  # signs: two values stand; not what the column asks for; a review is due


def language() -> str:
    """The language of the window, when terms are known in it; else English."""
    code = QLocale().name().partition("_")[0]
    return code if code in LANGUAGES else "en"


def term(words: object) -> str:
    """A term of a definition in the language of the window. Definitions may come from a file: it is cleaned."""
    return clean(words.in_(language()), lines=False) if words is not None else ""  # type: ignore[attr-defined]


def brief(text: str, limit: int = BRIEF) -> str:
    """Outside words inside a sentence of ours."""
    return isolate(shorten(clean(text, lines=False), limit))


def amount(value: Decimal) -> str:
    """As numbers are written in the language of the window, every figure of it."""
    numbers = QLocale()
    whole, _, part = f"{abs(value):f}".partition(".")
    if len(whole) > 18:  # more than Qt counts
        return f"{value:f}"
    figures = numbers.toString(int(whole)) + (numbers.decimalPoint() + "".join(numbers.toString(int(one)) for one in part) if part else "")
    return figures if value >= 0 else numbers.negativeSign() + figures


def sign(one: str) -> str:
    """A sign as it stands in this window: an arrow points the other way where one reads from the right."""
    return one.translate(_ARROWS) if QGuiApplication.isRightToLeft() else one


def choice(one: Choice) -> str:
    """A choice with its sign before it."""
    return f"{sign(one.sign)} {term(one.title)}" if one.sign else term(one.title)


def offered(one: Choice) -> str:
    """A choice where one is picked: a sign made of letters would only repeat its name."""
    return term(one.title) if one.sign.isalnum() else choice(one)


def side_name(side: Side) -> str:
    """What a side is called wherever one must not take it for the other."""
    return translate("registers", "Our assessment – internal") if side == "assessed" else translate("registers", "As stated")


def side_means(side: Side) -> str:
    """What a side is, in a sentence."""
    if side == "assessed":
        return translate(
            "registers",
            "What our delegation thinks. It stays on our own laptops and is in no message and no export of the other side.",
        )
    return translate("registers", "What a State says of itself, or a fact with its source.")


def who(one: Said) -> str:
    """Who asserted a value and when."""
    by = listed(isolate(part) for part in (one.code, one.officer) if part)
    return f"{by} · {moment(one.at)}"


def standing(cell: Cell) -> str:
    """Under a field: who asserted what stands there; "" when nothing does."""
    if not cell.said:
        return ""
    if cell.differs:
        return translate("registers", "{0} Different values stand: {1}").format(DIFFERS, semicolons(who(one) for one in cell.said))
    return who(cell.said[0])


def difference(row: Row) -> str:
    """What a person has to settle in a row, in a few words; "" for nothing."""
    if parted(row):
        return translate("registers", "taken out and changed at the same time")
    return translate("registers", "different values stand") if row.differs else ""


def shown_values(column: Column, values: Sequence[str], names: Mapping[str, str] | None = None) -> str:
    """Values as a person reads them, without asking the desk: choices and names by their terms."""
    if column.kind == "choice":
        return semicolons(term(one.title) if (one := column.choice(value)) else value for value in values)
    if column.kind == "yesno":
        return yes_no(values[0]) if values else ""
    return semicolons((names or {}).get(value, value) for value in values)


def yes_no(value: str) -> str:
    """A yes or a no."""
    return {"yes": translate("registers", "Yes"), "no": translate("registers", "No")}.get(value, "")


def day_words(value: str) -> str:
    """ "12 March 2026" for "2026-03-12"; "" for what is no date."""
    try:
        when = date.fromisoformat(value)
    except ValueError:
        return ""
    return dates.date(when)


def moment_words(value: str) -> str:
    """What clocks show at "2026-03-12T14:05Z": UTC, here, the places of the talks. "" for what is no moment."""
    try:
        when = datetime.strptime(value, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        return ""
    return " · ".join(deadline.clocks(int(when.timestamp() * 1000)))


def today() -> str:
    """The day of this computer's clock, UTC."""
    return f"{datetime.fromtimestamp(deadline.now() / 1000, UTC):%Y-%m-%d}"


def axis_name(axis: str) -> str:
    """What a row is about, as a heading; the same as in the files of the register."""
    return term(AXES[axis]) if axis in AXES else ""


def filtered(definition: Definition, one: Filter, names: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    """(what it is kept under, words) for each part of a filter that is on, for the chips."""
    parts: list[tuple[str, str]] = []
    for key, values in one.only.items():
        if key.startswith("@"):
            head = axis_name(key[1:])
            by = names.get(key[1:], {})
            words = listed(brief(by.get(value, value), 30) for value in values[:3])
        else:
            column = definition.column(key)
            if column is None:
                continue
            head = term(column.title)
            words = brief(shown_values(column, values[:3], names.get(column.kind)), 60)
        more = translate("registers", " and {0} more").format(len(values) - 3) if len(values) > 3 else ""
        parts.append((key, translate("registers", "{0}: {1}").format(head, words + more if values else translate("registers", "empty"))))
    if one.due:
        parts.append(("@due", translate("registers", "Review due")))
    if one.differs:
        parts.append(("@differs", translate("registers", "{0} Differences").format(DIFFERS)))
    if one.gone:
        parts.append(("@gone", translate("registers", "Taken out")))
    return parts


def rows(count: int) -> str:
    """How many rows."""
    return translate("registers", "%Ln rows", None, count)


def states(count: int) -> str:
    """How many States."""
    return translate("registers", "%Ln States", None, count)
