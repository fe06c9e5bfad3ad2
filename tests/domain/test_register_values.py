"""Values of every kind of column: what is taken, how it is written down, shown, sorted and read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valise.domain.errors import Refused
from valise.domain.register import values as v
from valise.domain.register.definition import COLUMN_KINDS, LANGUAGES, Choice, Column, Words

ID = "A" * 43
CHOICES = (
    Choice("in_place", Words({"en": "In place", "fr": "En place"}), "●"),
    Choice("planned", Words({"en": "Planned"}), "○"),
)


def column(kind: str, **more: object) -> Column:
    return Column("c", kind, Words({"en": "C"}), choices=CHOICES if kind == "choice" else (), **more)  # type: ignore[arg-type]


TAKEN = [
    ("text", "  two   words\n", "two words"),
    ("text", "e\u0301tat", "état"),
    ("long", "a\r\nb\x00", "a\nb"),
    ("date", "2024-02-29", "2024-02-29"),
    ("moment", "2026-01-01T10:00Z", "2026-01-01T10:00Z"),
    ("moment", "2026-01-01T10:00:59.5+05:30", "2026-01-01T04:30Z"),
    ("moment", "2026-01-01 10:00 UTC", "2026-01-01T10:00Z"),
    ("moment", "0999-01-01T10:00Z", "0999-01-01T10:00Z"),
    ("number", "007", "7"),
    ("number", "+4", "4"),
    ("number", "-0.0", "0"),
    ("number", "1.50", "1.5"),
    ("number", "٣٫", None),
    ("number", "٣", "3"),
    ("number", "\u22125", "-5"),
    ("yesno", "yes", "yes"),
    ("choice", "in_place", "in_place"),
    ("state", "xa", "XA"),
    ("delegation", ID, ID),
    ("contact", "0a1b", "0a1b"),
    ("paragraph", f"{ID}#p1", f"{ID}#p1"),
    ("record", "documents/A-75-816", "documents/A-75-816"),
    ("evidence", ID, ID),
    ("marking", "TLP:AMBER", "TLP:AMBER"), ("marking", "tlp:amber+strict", "TLP:AMBER+STRICT"), ("marking", "Restreint", "Restreint"),
    ("language", "EN-us", "en-US"),
    ("language", "zh-hans-cn", "zh-Hans-CN"),
    ("language", "de-ch-1996-x-Own", "de-CH-1996-x-own"),
    ("email", "poc@mfa.example", "poc@mfa.example"),
    ("email", "ä@bücher.example", "ä@bücher.example"),
    ("phone", "+41  22 917 12 34", "+41 22 917 12 34"),
    ("phone", "+1 (202) 555-0100 ext. 12", "+1 (202) 555-0100 ext. 12"),
    ("url", "https://example.org/a?b#c", "https://example.org/a?b#c"),
    ("url", "http://[::1]:80/x", "http://[::1]:80/x"),
    ("symbol", "A/70/174, para. 13 (f)", "A/70/174, para. 13 (f)"),
    ("symbol", "PC.DEC/1202", "PC.DEC/1202"),
    ("symbol", "FICT/CRP.1/Rev.1", "FICT/CRP.1/Rev.1"),
    ("zone", "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
]
REFUSED = [
    ("date", "2026-02-29"), ("date", "2026-1-1"), ("date", "29.2.2024"), ("date", "2026-01-01T00:00Z"), ("date", "٢٠٢٦-٠١-٠١"),
    ("moment", "2026-01-01T25:00Z"), ("moment", "2026-01-01T10:00"), ("moment", "0001-01-01T00:00+05:00"),
    ("number", "1e5"), ("number", "1,5"), ("number", "NaN"), ("number", "9" * 19),
    ("yesno", "true"), ("choice", "In place"), ("state", "XAA"), ("state", "1A"), ("delegation", "XA"), ("evidence", "x.pdf"),
    ("paragraph", ID), ("record", "documents"), ("marking", "m" * 61), ("marking", "TLP:GR"), ("marking", "TLP:WHITE"), ("language", "i-klingon"), ("language", "english!"),
    ("email", "a@b"), ("email", "a b@c.example"), ("email", "a..b@c.example"), ("email", "@c.example"), ("email", "a@-c.example"),
    ("phone", "12"), ("phone", "call me"), ("phone", "+1234567890123456"),
    ("url", "javascript:alert(1)"), ("url", "https://name:word@example.org"), ("url", "https://"), ("url", "https://a.example:0/"),
    ("url", "https://a.example/a b"), ("symbol", "A 70 174"), ("symbol", "resolution"), ("zone", "/etc/passwd"), ("zone", "../x"),
    ("contact", "a b"), ("text", "t" * 2_001), ("long", "t" * 20_001), ("text", "\x00\x01"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "given_", "kept"), TAKEN)
def test_what_is_taken_is_kept_in_one_form(kind: str, given_: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(Refused):
            v.check(column(kind), given_)
        return
    assert v.check(column(kind), given_) == kept
    assert v.check(column(kind), kept) == kept
    assert v.fits(column(kind), (kept,))


@pytest.mark.parametrize(("kind", "given_"), REFUSED)
def test_what_is_refused_names_the_column_and_nothing_else(kind: str, given_: str) -> None:
    with pytest.raises(Refused) as caught:
        v.check(column(kind), given_)
    assert (caught.value.code, caught.value.line) == ("register.value", "c")
    assert not v.fits(column(kind), (given_,))


def test_every_kind_has_a_case() -> None:
    assert {kind for kind, *_ in TAKEN} == set(COLUMN_KINDS)


def test_a_cell_holds_one_value_or_as_many_as_its_column_allows() -> None:
    assert v.checked(column("text"), ["", " a ", "a"]) == ("a",)
    assert v.checked(column("text"), []) == ()
    with pytest.raises(Refused):
        v.checked(column("text"), ["a", "b"])
    assert v.checked(column("text", many=True), ["a", "b", "a"]) == ("a", "b")
    with pytest.raises(Refused):
        v.checked(column("text", many=True), [str(n) for n in range(201)])


def test_known_values_narrow_a_kind() -> None:
    known = {"state": {"XA"}, "zone": {"UTC"}}
    assert v.check(column("state"), "XA", known) == "XA"
    for kind, value in (("state", "XB"), ("zone", "Mars/Olympus")):
        with pytest.raises(Refused):
            v.check(column(kind), value, known)


def test_cells_are_shown_in_the_language_of_the_window() -> None:
    choice = column("choice", many=True)
    assert v.shown(choice, ("in_place", "planned"), "fr") == "En place; Planned"
    assert v.shown(choice, ("gone_since",), "fr") == "gone_since"
    assert v.shown(column("yesno"), ("no",), "ru") == "нет"
    assert v.shown(column("moment"), ("2026-01-01T10:00Z",)) == "2026-01-01 10:00 UTC"
    assert v.shown(column("date"), ("2026-01-01",), "ar") == "2026-01-01"
    assert v.shown(column("state"), ("XA",), "en", lambda kind, value, language: "Aurelia") == "Aurelia"
    assert v.shown(column("evidence"), (ID,), "en", lambda kind, value, language: "") == ID
    for language in LANGUAGES:
        assert len(set(v.YES_NO[language])) == 2 and all(v.AXES[axis].by[language] for axis in v.AXES)


def test_what_a_file_shows_is_read_back() -> None:
    for language in LANGUAGES:
        for value in ("yes", "no"):
            assert v.parse(column("yesno"), v.shown(column("yesno"), (value,), language), language) == value
    assert v.parse(column("choice"), " en  PLACE ", "en") == "in_place"
    assert v.parse(column("choice"), "in_place", "ru") == "in_place"
    assert v.parse(column("choice"), "something else") == "something else"
    assert v.check(column("moment"), v.parse(column("moment"), "2026-01-01 10:00 UTC")) == "2026-01-01T10:00Z"
    assert v.parse(column("state"), "AURELIA", "en", {"aurelia": "XA"}) == "XA"


def test_numbers_sort_by_size_and_before_words() -> None:
    every = ["zebra", "Älv", "alpha", "10", "9", "-3", "2.5", "2026-01-02", "2025-12-31"]
    every.sort(key=lambda one: v.order(v.sort_key(one)))
    assert every == ["-3", "2.5", "9", "10", "2025-12-31", "2026-01-02", "alpha", "Älv", "zebra"]


@given(st.text(max_size=80))
def test_a_sort_key_is_short_and_the_same_for_the_same_words(text: str) -> None:
    key = v.sort_key(text)
    assert v.sort_key(text) == key
    assert not isinstance(key, str) or len(key) <= v.SORTED


@given(st.sampled_from(COLUMN_KINDS), st.text(max_size=60))
def test_whatever_is_kept_is_kept_again_as_it_is(kind: str, text: str) -> None:
    try:
        kept = v.check(column(kind), text)
    except Refused as error:
        assert error.code == "register.value"
        return
    assert v.check(column(kind), kept) == kept and "\x00" not in kept
