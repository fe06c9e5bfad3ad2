"""Short names of States in the six languages: whole, in the right script and order; shown, read, looked for and written in each."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.pings_hands import entry
from tests.world import World

from valise.desk import reference
from valise.desk.desk import Desk
from valise.desk.door_pings import Wanted
from valise.desk.door_registers import Filter, Place
from valise.desk.registers import RegistersDesk
from valise.domain.register.definition import LANGUAGES

EVERY = (*reference.states(), *(one for code in ("VA", "PS") if (one := reference.state(code))), *reference.states(fictional=True))
SCRIPTS = {"ar": "ARABIC", "ru": "CYRILLIC", "zh": "CJK"}
_SIGNS = " -—’'()"
_PINYIN = str.maketrans("斐瑙秘", "菲闹毕")  # GB 2312 has its commoner signs by pinyin, not these, and 秘 by the other way to read it


def key(language: str, name: str) -> bytes:
    """What a list of that language is sorted by, told here by other means than the order of the file."""
    if language == "zh":
        return name.translate(_PINYIN).encode("gb18030")
    if language == "ru":
        return name.casefold().encode()
    bare = name.removeprefix("ال") if language == "ar" else name
    return "".join(one for one in unicodedata.normalize("NFD", bare.casefold()) if not unicodedata.combining(one)).encode()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("FR", "EG"))
    yield made
    made.close()


@pytest.fixture
def desk(world: World) -> Desk:
    return world["FR"]


# the names


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_one_name_of_its_own_in_every_language(language: str) -> None:
    names = [one.in_(language) for one in EVERY]
    assert len(names) == 193 + 2 + 12 and len({unicodedata.normalize("NFKC", one).casefold() for one in names}) == len(names)
    for name in names:
        assert name and name == " ".join(name.split()) == unicodedata.normalize("NFC", name) and name.count("(") == name.count(")"), name
        script = SCRIPTS.get(language, "LATIN")
        assert all(one in _SIGNS or unicodedata.name(one).startswith(script) for one in name), name
        assert language == "en" or "'" not in name
        assert language != "ru" or "ё" not in name.casefold()
    if language != "en":  # the file has none but States there are
        assert set(reference._translated()[language]) == {one.code for one in EVERY}


def test_no_name_is_that_of_another_state_in_another_language() -> None:
    owners: dict[str, set[str]] = {}
    for one in EVERY:
        for name in (*one.names(), one.alpha3, one.code):
            if name:
                owners.setdefault(name.casefold(), set()).add(one.code)
    assert [name for name, codes in owners.items() if len(codes) > 1] == []


def test_some_names_as_the_united_nations_have_them() -> None:
    for code, language, name in (
        ("US", "fr", "États-Unis d’Amérique"), ("TR", "fr", "Türkiye"), ("TR", "es", "Türkiye"), ("TR", "ar", "تركيا"), ("TR", "en", "Türkiye"),
        ("KR", "zh", "大韩民国"), ("KP", "zh", "朝鲜民主主义人民共和国"), ("BO", "zh", "多民族玻利维亚国"), ("US", "ar", "الولايات المتحدة الأمريكية"),
        ("US", "ru", "Соединенные Штаты Америки"), ("GB", "ru", "Соединенное Королевство Великобритании и Северной Ирландии"),
        ("CI", "es", "Côte d’Ivoire"), ("PS", "fr", "État de Palestine"), ("VA", "es", "Santa Sede"),
    ):  # fmt: skip
        found = reference.state(code)
        assert found is not None and found.in_(language) == name
    found = reference.state("FR")
    assert found is not None and found.in_("de") == found.name == "France"  # a language that has none: the English one


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_states_stand_in_the_order_of_a_list_of_that_language(language: str) -> None:
    for fictional in (False, True):
        names = [one.in_(language) for one in reference.states(fictional=fictional, language=language)]
        assert names == sorted(names, key=lambda name: key(language, name))
        assert {one.code for one in reference.states(fictional=fictional, language=language)} == {one.code for one in reference.states(fictional=fictional)}
    assert [code for code, _ in reference.names("state", language)] == [
        code for code in reference.places(language) if not code.startswith("X")
    ]


def test_french_and_russian_letters_stand_where_they_are_looked_for() -> None:
    french = [name for _, name in reference.names("state", "fr")]
    at = french.index
    assert at("Dominique") < at("Égypte") < at("El Salvador") < at("Espagne") < at("États-Unis d’Amérique") < at("Fidji")
    assert at("Hongrie") < at("Îles Marshall") < at("Inde")
    russian = [name for _, name in reference.names("state", "ru")]
    assert russian[russian.index("Италия") + 1] == "Йемен"
    arabic = [name for _, name in reference.names("state", "ar")]
    assert arabic.index("تونس") < arabic.index("الجزائر") < arabic.index("الصين") < arabic.index("اليونان")


def test_a_window_in_english_reads_no_names_of_others() -> None:
    for one in (reference._translated, reference.places, reference.states):
        one.cache_clear()
    assert reference.states() and reference.names("state") and reference.state("FR") is not None
    assert reference._translated.cache_info().currsize == 0


# where they are shown


def test_rows_and_the_matrix_are_in_the_language_that_is_asked_for(desk: Desk) -> None:
    registers = desk.registers
    down = [name for _, name in registers.matrix("norms", "stated", "status", language="fr").down]
    assert len(down) == 193 and down.index("Égypte") < down.index("El Salvador") < down.index("États-Unis d’Amérique") < down.index("Fidji")
    assert ("EG", "Egypt") in registers.matrix("norms", "stated", "status").down
    row = registers.row(Place("norms", "EG/a"), "fr")
    assert row.cells["@state"].shown == "Égypte" and row.title.startswith("Égypte · ")
    ids = registers.ids("norms", filter=Filter(only={"@item": ("a",)}), language="fr")
    names = [one.cells["@state"].shown for one in registers.page(ids, "fr")]
    assert names == down
    assert [one.cells["@state"].shown for one in registers.page(registers.ids("norms", sort="-@state", language="fr")[:1], "fr")] == ["Zimbabwe"]
    for code in ("EG", "US", "FJ", "DM"):
        registers.new_row("capacity.needs", {"state": [code], "need": ["Course"], "topics": ["norms"]})
    for language, order in (("fr", ["DM", "EG", "US", "FJ"]), ("en", ["DM", "EG", "FJ", "US"]), ("zh", ["EG", "DM", "FJ", "US"])):
        page = registers.page(registers.ids("capacity.needs", sort="state", language=language), language)
        assert [one.cells["state"].values[0] for one in page] == order
    assert dict(registers.names("state", "ru"))["EG"] == "Египет" and dict(registers.names("state"))["EG"] == "Egypt"


def test_a_name_of_ours_is_the_same_in_every_language(desk: Desk) -> None:
    registers = desk.registers
    registers.name_state("EG", "Our neighbour", language="fr")
    for language in LANGUAGES:
        assert registers.row(Place("norms", "EG/a"), language).cells["@state"].shown == "Our neighbour"
        assert dict(registers.matrix("norms", "stated", "status", language=language).down)["EG"] == "Our neighbour"
    registers.name_state("EG", "")
    assert dict(registers.names("state", "fr"))["EG"] == "EG"
    registers.name_state("EG", "Égypte", language="fr")
    assert registers.state_names() == {}  # as it is called anyway
    registers.name_state("EG", "Egypt", language="fr")
    assert dict(registers.names("state", "ar"))["EG"] == "Egypt"  # chosen: also where Egypt is called otherwise


def test_a_state_is_looked_for_by_its_name_in_any_language(desk: Desk) -> None:
    registers = desk.registers
    registers.new_row("capacity.needs", {"state": ["EG"], "need": ["Course"], "topics": ["norms"]})
    contact = entry(desk, "EG")
    desk.pings.entries()
    for words in ("egypt", "égypte", "Египет", "埃及", "مصر", "egipto"):
        assert len(registers.ids("capacity.needs", filter=Filter(words=words))) == 1, words
        assert len(registers.ids("norms", filter=Filter(words=words))) == 11, words
        assert [one.contact for one in desk.pings.entries(Wanted(words=words))] == [contact], words
    assert len(registers.ids("norms", filter=Filter(words="holy see"))) == 0


def test_the_directory_speaks_the_language_and_has_its_order(desk: Desk) -> None:
    for code in ("FJ", "US", "EG"):
        entry(desk, code)
    assert [one.state_name for one in desk.pings.entries(language="fr")] == ["Égypte", "États-Unis d’Amérique", "Fidji"]
    assert [one.state_name for one in desk.pings.entries()] == ["Egypt", "Fiji", "United States of America"]


# files


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_state_is_read_by_its_name_in_any_language(desk: Desk, tmp_path: Path, language: str) -> None:
    registers, file = desk.registers, tmp_path / "needs.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        told = csv.writer(stream)
        told.writerow(["State", "Need", "Topics"])
        for one in reference.states():
            told.writerow([one.in_(language), "Course", "norms"])
    found = registers.read("capacity.needs", "stated", file)
    assert (found.rows, found.faults, found.total_changes >= 193) == (193, (), True)
    registers.take(found.token)
    rows = registers.page(registers.ids("capacity.needs"))
    assert sorted(one.cells["state"].values[0] for one in rows) == sorted(one.code for one in reference.states())


def test_codes_three_letters_and_a_plain_apostrophe_are_read_too(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "needs.csv"
    file.write_text("State,Need,Topics\nUSA,Course,norms\nus,Course,norms\netats-unis d'amerique,Course,norms\nÉtats-Unis d'Amérique,Course,norms\n", "utf-8")
    found = desk.registers.read("capacity.needs", "stated", file)
    assert [(one.line, one.code) for one in found.faults] == [(4, "register.value")]  # accents are letters


def test_a_file_names_states_in_its_own_language_and_what_is_stored_has_codes(desk: Desk, tmp_path: Path) -> None:
    registers: RegistersDesk = desk.registers
    registers.new_row("capacity.needs", {"state": ["EG"], "need": ["Course"], "topics": ["norms"]})
    registers.name_state("EG", "Our neighbour")
    for language, name in (("en", "Egypt"), ("fr", "Égypte"), ("zh", "埃及")):
        file = tmp_path / f"{language}.csv"
        registers.export("capacity.needs", "stated", "csv", file, language=language)
        text = file.read_text("utf-8-sig")
        assert name in text and "Our neighbour" not in text
        assert (registers.read("capacity.needs", "stated", file).equal, registers.read("capacity.needs", "stated", file).faults) == (1, ())
    registers.export("norms", "stated", "csv", tmp_path / "norms.csv", language="fr")
    with (tmp_path / "norms.csv").open(encoding="utf-8-sig", newline="") as stream:
        named = list(dict.fromkeys(row[0] for row in csv.reader(stream)))[1:]
    assert named == [one.in_("fr") for one in reference.states(language="fr")]
    assert registers.read("norms", "stated", tmp_path / "norms.csv").equal == 193 * 11
    with desk.store.read() as handle:
        for name in ("Égypte", "Egypt", "埃及"):
            assert not handle.rows("select id from op where instr(cast(raw as text), ?) > 0", (name,))
