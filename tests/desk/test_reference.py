"""States, memberships, languages, zones and TLP as the program ships them; and what the search finds by a citation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.world import World

from valise.desk import citing, reference
from valise.desk.door_registers import Filter
from valise.domain.register.citation import Citations, fold

FACTS = Path(__file__).resolve().parents[3] / "shared" / "facts"


def facts(name: str) -> dict[str, list[dict[str, object]]]:
    file = FACTS / f"{name}.json"
    if not file.exists():
        pytest.skip("the facts are not beside this repository")
    return json.loads(file.read_text("utf-8"))  # type: ignore[no-any-return]


def test_states_are_those_of_the_united_nations_and_fictional_ones_are_apart() -> None:
    real, fictional = reference.states(), reference.states(fictional=True)
    assert len(real) == 193 and len({one.code for one in real}) == 193
    assert [one.code for one in fictional] == ["XA", "XB", "XC", "XD", "XE", "XF", "XG", "XH", "XI", "XJ", "XL", "XM"]
    assert not {one.code for one in real} & {one.code for one in fictional}
    assert all(one.fictional and not one.memberships and not one.member for one in fictional)
    assert reference.states("OSCE", fictional=True) == fictional  # a training vault has its own States in every register
    for one in real:
        assert len(one.code) == 2 and one.code.isupper() and one.group in ("AFR", "APG", "EEG", "GRULAC", "WEOG"), one


def test_memberships_are_as_large_as_the_organizations() -> None:
    sizes = {one: len(reference.states(one)) for one in reference.memberships()}
    assert (sizes["OSCE"], sizes["OAS"], sizes["EU"], sizes["ASEAN"]) == (57, 35, 27, 11)
    osce = {one.code for one in reference.states("OSCE")}
    holy_see = reference.state("VA")
    assert holy_see is not None and "VA" in osce and not holy_see.member
    assert len([one for one in reference.states("OSCE") if one.member]) == 56
    assert reference.states("nowhere") == () and reference.state("ZZ") is None and reference.state("xb") is not None


def test_states_stand_in_the_order_of_their_names() -> None:
    names = [one.name for one in reference.states()]
    assert names[0] == "Afghanistan" and names[-1] == "Zimbabwe"
    assert names.index("Côte d’Ivoire" if "Côte d’Ivoire" in names else "Côte d'Ivoire") < names.index("Croatia")
    assert names.index("Tunisia") < names.index("Türkiye") < names.index("Turkmenistan")


def test_states_are_those_of_the_facts() -> None:
    told = facts("delegations")
    by = {one["alpha2"]: one for one in told["members"]}
    assert {one.code for one in reference.states()} == set(by)
    for one in reference.states():
        fact = by[one.code]
        assert (one.name, one.group, one.memberships) == (
            fact["un_name_en"], fact["un_regional_group"], frozenset(fact["memberships"]),  # type: ignore[call-overload]
        )  # fmt: skip


def test_the_labels_of_tlp_carry_the_ids_of_their_markings() -> None:
    labels = reference.tlp()
    assert [one.label for one in labels] == ["TLP:RED", "TLP:AMBER+STRICT", "TLP:AMBER", "TLP:GREEN", "TLP:CLEAR"]
    assert len({one.stix for one in labels}) == 5
    assert all(one.stix.startswith("marking-definition--") and len(one.stix) == 56 for one in labels)
    for one, fact in zip(labels, facts("tlp")["items"], strict=True):
        assert (one.label, one.stix) == (fact["label"], fact["stix_marking_id"])


def test_what_a_column_can_be() -> None:
    zones = [value for value, _ in reference.names("zone")]
    assert zones[0] == "UTC" and "Europe/Zurich" in zones and len(set(zones)) == len(zones) > 300
    for one in zones[:: max(1, len(zones) // 40)]:
        assert ZoneInfo(one).key == one
    tags = [value for value, _ in reference.names("language")]
    assert tags[:6] == ["ar", "zh", "en", "fr", "ru", "es"] and len(set(tags)) == len(tags)
    assert reference.names("marking")[0] == ("TLP:RED", "TLP:RED")
    assert len(reference.names("state")) == 195 and reference.names("state", fictional=True)[0] == ("XA", "Aurelia")
    assert reference.names("delegation") == []


# citations


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("citations"), ("XA",))
    yield made
    made.close()


@pytest.mark.parametrize(
    "typed",
    [
        "A/70/174 13 (f)", "A/70/174, para. 13 (f)", "a/70/174 13f", "A/76/135 norm 13 (f)", "norm f", "Norm 13 (f)", "norm 6", "13 (f)",
        "norme f", "A/70/174, par. 13 f)", "norma f", "párr. 13 f) A/70/174", "норма f", "А/70/174, пункт 13 (f)", "规范f", "第13段(f)",
        "A/70/174，第13(f)段", "规范 6", "المعيار (و)", "A/70/174، الفقرة ١٣ (و)", "المعيار ٦", "\u200fالقاعدة و", "NORM F", "  norm   f ",
    ],
)  # fmt: skip
def test_a_citation_opens_the_norm_first(world: World, typed: str) -> None:
    first = world["XA"].search(typed)[0]
    assert (first.kind, first.ref) == ("item", "norms/f")
    assert "A/70/174, para. 13 (f)" in first.excerpt and first.title.startswith("(f) ")


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("CBM 12 OSCE", "cbm.osce/12"), ("OSCE CBM 12", "cbm.osce/12"), ("PC.DEC/1202, CBM 12", "cbm.osce/12"), ("МД 12 ОБСЕ", "cbm.osce/12"),
        ("欧安组织措施12", "cbm.osce/12"), ("MDC 12 de l’OSCE", "cbm.osce/12"), ("medida 7 OEA", "cbm.oas/7"), ("CICTE/RES.1/17 7", "cbm.oas/7"),
        ("CBM 3", "cbm.global/3"), ("global CBM 8", "cbm.global/8"), ("CBM 16", "cbm.osce/16"), ("norme k", "norms/k"), ("معيار ك", "norms/k"),
        ("A/70/174, para. 13 (a)", "norms/a"),
    ],
)  # fmt: skip
def test_measures_are_cited_too(world: World, typed: str, ref: str) -> None:
    first = world["XA"].search(typed)[0]
    assert (first.kind, first.ref) == ("item", ref)


@pytest.mark.parametrize("typed", ["a", "f", "13", "12", "the quick fox", "CBM 17 OSCE", "norm 12", "norm z", "OSCE", "", "  ", "(((", "A/", "12 12 12"])
def test_what_is_no_citation_opens_nothing(world: World, typed: str) -> None:
    assert citing.cited(typed) == []
    assert all(hit.kind != "item" or hit.title for hit in world["XA"].search(typed))


def test_a_symbol_finds_the_document_as_a_row_and_a_part_of_it_all_that_begin_so(world: World) -> None:
    registers, found = world["XA"].registers, world["XA"].search("A/80/257")
    assert (found[0].kind, found[0].ref) == ("register", "documents/stated//a-80-257")
    assert found[0].title.startswith("A/80/257: ")
    assert len({one.ref for one in found}) == len(found)
    several = [one.title.split(":")[0] for one in citing.cited("A/RES/7")]
    assert several and all(one.startswith("A/RES/7") for one in several)
    ids = registers.ids("documents", filter=Filter(only={"process": ("oewg",)}), sort="date")
    assert [one.cells["symbol"].shown for one in registers.page(ids)] == ["A/75/816", "A/77/275", "A/78/265", "A/79/214", "A/80/257"]


def test_titles_are_found_in_any_language_after_what_the_vault_holds(world: World) -> None:
    for typed in ("supply chain", "chaîne d’approvisionnement", "سلسلة التوريد", "供应链", "цепочки поставок", "suministro cadena"):
        assert "norms/i" in [one.ref for one in world["XA"].search(typed)], typed
    desk = world["XA"]
    own = desk.registers.new_row("practices", {"title": ["Supply chain reviews"], "practice": ["Ask."]})
    found = [one.ref for one in desk.search("supply chain")]
    assert found.index(f"practices/stated//{own.row}") < found.index("norms/i")


def test_a_word_begins_a_word_of_the_title_and_a_long_mandate_is_no_title(world: World) -> None:
    for typed in ("log", "every year", "onsult", "ab"):
        assert [one.ref for one in citing.titled(typed)] == [], typed
    assert [one.ref for one in citing.titled("dialo consul")] == ["cbm.global/2"]
    assert "forums/stated//oewg-1" in [one.ref for one in citing.titled("OEWG")]


def test_a_row_somebody_wrote_in_is_shown_once_and_as_it_stands(world: World) -> None:
    desk = world["XA"]
    place = next(row.place for row in desk.registers.page(desk.registers.ids("documents")) if row.place.row == "a-79-214")
    desk.registers.set(place, {"title": ["The third report, A/79/214, as we call it"]})
    found = [one for one in desk.search("A/79/214") if one.ref == "documents/stated//a-79-214"]
    assert len(found) == 1 and "as we call it" in found[0].title


def test_a_lookup_walks_no_further_than_what_is_typed() -> None:
    items = reference.lists()[1]
    citations = Citations({"norms": items["norms"], "documents": items["documents"]})
    assert citations.cited("A/70/174 13 (f) " + "x" * 1_000_000)[0][1].id == "f"
    assert citations.titled("x" * 1_000_000) == []
    assert fold("Ａ/７０/１７４ Ñandú ١٣") == "a/70/174 nandu 13"
