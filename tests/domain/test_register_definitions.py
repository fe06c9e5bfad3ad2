"""The registers that are shipped: complete in six languages, whole in themselves, and true to the facts where those are at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from valise.desk import citing, reference
from valise.domain.register import values
from valise.domain.register.definition import LANGUAGES, Definition, Words

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"
REGISTERS = {one.id: one for one in reference.registers()}
ALL = pytest.mark.parametrize("definition", REGISTERS.values(), ids=list(REGISTERS))
WANTED = {
    "norms", "cbm.global", "cbm.osce", "cbm.oas", "cbm.asean-arf", "contacts", "correspondence", "consultations", "events", "forums",
    "documents", "pledges", "treaties", "national-positions", "capacity.needs", "capacity.offers", "projects", "assessments",
    "instruments", "organizations", "stakeholders", "circles", "practices", "advisories", "csirt",
}  # fmt: skip
# words that French and Spanish write as English does, and names
SAME = {
    "fr": {"ASEAN", "Active", "Article", "Attribution", "Conditions", "Consultations", "Coordination", "Date", "Description",
           "Document (.docx)", "Documents", "Europe", "Experts", "Extradition", "Institution", "Mission", "Non-intervention", "Note",
           "Note verbale", "Note verbale (.docx)", "OSCE", "Participants", "Places", "Position", "Session", "Signature", "Source",
           "Sources"},
    "es": {"ASEAN", "Bilateral", "No", "OSCE", "Regional"},
}  # fmt: skip
SCRIPT = {"ar": "[\u0600-\u06ff]", "zh": "[\u4e00-\u9fff]", "ru": "[\u0400-\u04ff]"}
UNSAID = re.compile(r"\b(compliance|violations?|rank\w*|scores?|merge|commit|branch|tenant|user)\b", re.IGNORECASE)


def terms(definition: Definition) -> Iterator[tuple[str, Words]]:
    """Every term of a register with where it stands."""
    yield "title", definition.title
    assert definition.help is not None
    yield "help", definition.help
    for column in definition.columns:
        yield column.id, column.title
        if column.help:
            yield f"{column.id}.help", column.help
        for choice in column.choices:
            yield f"{column.id}.{choice.id}", choice.title
            if choice.help:
                yield f"{column.id}.{choice.id}.help", choice.help
    for view in definition.views:
        yield f"view {view.id}", view.title
    for form in definition.exports:
        yield f"export {form.id}", form.title
    for item in definition.items:
        yield f"item {item.id}", item.title
        if item.summary:
            yield f"item {item.id}.summary", item.summary


def test_every_register_of_the_design_is_there() -> None:
    assert set(REGISTERS) == WANTED


@ALL
def test_every_term_is_there_in_six_languages(definition: Definition) -> None:
    for where, words in terms(definition):
        assert set(words.by) == set(LANGUAGES), (where, sorted(words.by))
        for language, term in words.by.items():
            assert term.strip() == term and term, (where, language)
            if language in SCRIPT:
                assert re.search(SCRIPT[language], term), (where, language, term)
            elif language != "en" and term == words.by["en"]:
                assert term in SAME[language], (where, language, term)


@ALL
def test_nothing_ranks_and_nothing_speaks_of_what_a_delegation_would_not_say(definition: Definition) -> None:
    for where, words in terms(definition):
        assert not UNSAID.search(words.by["en"]), (where, words.by["en"])


@ALL
def test_the_columns_make_sense(definition: Definition) -> None:
    for column in definition.columns:
        assert column.source, column.id
        signs = [choice.sign for choice in column.choices]
        assert all(signs) and len(set(signs)) == len(signs), (column.id, signs)  # told apart without colour
        for choice in column.choices:  # a cell of several values is one text in a file
            assert not any(";" in term for term in choice.title.by.values()), (column.id, choice.id)
        if column.internal:
            assert "assessed" in definition.sides and not column.required
        if column.required:
            assert column.by_hand
    if "record" in definition.rows:
        assert definition.title_columns and any(column.required for column in definition.columns)
        assert definition.sides == ("stated",)
    assert definition.columns_of("stated")


@ALL
def test_the_views_and_files_show_what_there_is(definition: Definition) -> None:
    kinds = [view.kind for view in definition.views]
    assert "table" in kinds and "csv" in [form.kind for form in definition.exports]
    if len(definition.rows) == 2:
        assert "matrix" in kinds
    internal = {column.id for column in definition.columns if column.internal}
    for shown in (*definition.views, *definition.exports):
        assert not internal & set(shown.columns), shown.id  # views and files of the stated side show nothing of the other
    csv = next(form for form in definition.exports if form.kind == "csv")
    assert csv.columns == ()  # all of them: what is written can be read back whole
    if definition.review:
        assert "review" in [view.by for view in definition.views]  # what is due can be looked at


@ALL
def test_a_state_that_moves_asks_for_its_date(definition: Definition) -> None:
    status = definition.column("status")
    if definition.screen == "commitments" and "item" in definition.rows:
        assert status is not None and status.asks == ("date",)


@ALL
def test_what_is_shipped_in_rows_is_what_the_columns_ask_for(definition: Definition) -> None:
    known = {"state": frozenset(one.code for one in reference.states()), "zone": frozenset(reference.zones())}
    for item in definition.items:
        for name, held in item.values.items():
            column = definition.column(name)
            assert column is not None and values.fits(column, held, known), (item.id, name, held)
            for value in held if column.kind == "record" else ():
                register, _, key = value.partition("/")
                assert REGISTERS[register].item(key) is not None, value
        if definition.rows == ("record",):
            assert {one.id for one in definition.columns if one.required} <= set(item.values), item.id


def test_the_matrices_have_the_sizes_of_the_instruments() -> None:
    def size(register: str) -> tuple[int, int]:
        definition = REGISTERS[register]
        assert definition.rows == ("state", "item")
        return len(reference.states(definition.states)), len(definition.items)

    assert size("norms") == (193, 11)
    assert size("cbm.global") == (193, 8)
    assert size("cbm.osce") == (57, 16)
    assert size("cbm.oas") == (35, 11)


def test_no_official_text_is_brought_along_and_recollected_words_say_so() -> None:
    norms = REGISTERS["norms"]
    assert [one.id for one in norms.items] == list("abcdefghijk")
    assert not any(one.text for one in norms.items)  # read where the document was imported, as the guide says
    assert norms.items[5].symbol == "A/70/174, para. 13 (f)"
    for register in REGISTERS.values():
        for item in register.items:
            assert (item.text == "") == (item.text_status == "") and item.text_status in ("", "recollected")
    assert {one.text_status for one in REGISTERS["cbm.osce"].items} == {"recollected"}
    assert [one.text_status for one in REGISTERS["cbm.oas"].items] == [""] * 6 + ["recollected"] * 5


def test_the_reports_of_the_oewg_are_those_five_in_their_order() -> None:
    documents = REGISTERS["documents"]
    view = documents.view("oewg")
    assert view is not None and view.only == {"process": ("oewg",)} and view.sort == "date"
    chosen = [one.values for one in documents.items if one.values["process"] == ("oewg",)]
    chain = [one["symbol"][0] for one in sorted(chosen, key=lambda one: one["date"])]
    assert chain == ["A/75/816", "A/77/275", "A/78/265", "A/79/214", "A/80/257"]
    follows = {one["symbol"][0]: one.get("follows", ("",))[0] for one in chosen}
    assert follows["A/80/257"] == "documents/a-79-214" and follows["A/75/816"] == ""


def test_the_search_knows_which_screen_a_register_is_on() -> None:
    on = {one.id for one in REGISTERS.values() if one.screen == "commitments" and one.items}
    assert set(citing.COMMITMENTS) == on
    assert all(REGISTERS[one].rows == ("record",) for one in citing.ROWS)


def test_a_contact_has_the_fields_of_a_directory_and_a_role_comes_first() -> None:
    contacts = REGISTERS["contacts"]
    kinds = contacts.column("entry_kind")
    assert kinds is not None and [one.id for one in kinds.choices] == ["role", "person"]
    names = [one.id for one in contacts.columns]
    assert names.index("entry_kind") < names.index("full_name")


def test_a_profile_has_the_sections_of_rfc_2350() -> None:
    profile = next(one for one in REGISTERS["csirt"].exports if one.template == "form")
    sections = [(REGISTERS["csirt"].column(one) or pytest.fail(one)).source.split(", ")[1] for one in profile.columns]
    order = [tuple(int(part) for part in one.split(".")) for one in sections]
    assert order == sorted(order) and {one[0] for one in order} == {1, 2, 3, 4, 5, 6, 7}


# beside the facts


def facts(name: str) -> dict[str, object]:
    file = FACTS / f"{name}.json"
    if not file.exists():
        pytest.skip("the facts are not beside this repository")
    return json.loads(file.read_text("utf-8"))  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("name", "register", "field"),
    [("norms", "norms", "official_text_en"), ("cbms_osce", "cbm.osce", "text_en"), ("cbms_oas", "cbm.oas", "text_en")],
)
def test_recollected_texts_are_those_of_the_facts_and_verified_ones_stay_out(name: str, register: str, field: str) -> None:
    told = facts(name)["items"]
    assert isinstance(told, list)
    for one, item in zip(told, REGISTERS[register].items, strict=True):
        assert item.text in ("", one[field].replace(" (summary)", ""))
        assert not item.text or "verbatim" not in str(one.get("text_status"))


def test_contacts_have_every_field_of_the_facts() -> None:
    fields = facts("poc_fields")["fields"]
    assert isinstance(fields, list)
    for one in fields:
        column = REGISTERS["contacts"].column({"review_due": "review"}.get(one["key"], one["key"]))
        assert column is not None and column.required == one["required"], one["key"]


def test_statuses_are_those_of_the_facts() -> None:
    told = facts("commitments")["status_values"]
    assert isinstance(told, list)
    status = REGISTERS["norms"].column("status")
    assert status is not None and REGISTERS["norms"].column("needs_assistance") is not None
    assert [one.id for one in status.choices] == [one["id"] for one in told if one["id"] != "needs_assistance"]
