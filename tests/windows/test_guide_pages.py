"""What stands in the guide is true of the program: names, keys, links, pictures, words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import guide_words
import pytest
from PySide6.QtGui import QImageReader, QKeySequence
from tests.house_rules import BANNED

from valise import cli
from valise.ui import actions, screens
from valise.ui.guide import look, places, prose
from valise.ui.guide.book import CONTENTS, ENGLISH, LANGUAGES, Book, Page, excerpt, split
from valise.ui.guide.prose import Block, Span

ROOT = Path(__file__).parents[2]
BOOK = Book(ENGLISH)
NAMES = sorted(one.stem for one in (BOOK.folder / ENGLISH).glob("*.md"))
OF_EVERY_WINDOW = {"Enter", "Escape", "Space", "Tab"}  # of the system's own controls, in no table of ours
BETWEEN = {" (", ", ", "، ", "（", "，", "、"}  # a name and its key
TRANSLATED = sorted(LANGUAGES - {ENGLISH})
MOST_BYTES = 2_000_000
WIDEST = 800  # px


@pytest.fixture(scope="module")
def words() -> set[str]:
    return guide_words.program()


def spans(page: Page) -> Iterator[tuple[Block, Span]]:
    for block in page.blocks:
        for one in (*block.spans, *(span for cell in block.cells for span in cell)):
            yield block, one


def targets(page: Page, kind: str) -> list[str]:
    return [one.target for _, one in spans(page) if one.kind == kind]


# the pages


def test_every_page_stands_in_the_contents_once_and_by_its_title() -> None:
    listed = [one for group in BOOK.groups for one in group.pages]
    assert len(NAMES) > 40
    assert sorted([CONTENTS, *(name for name, _ in listed)]) == NAMES
    assert {name: title for name, title in listed} == {name: BOOK.page(name).title for name, _ in listed}
    assert [name for name, _ in listed] == sorted(name for name, _ in listed), "files and contents have one order"
    assert all(group.pages for group in BOOK.groups)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_whole_plain_and_in_the_words_of_the_field(name: str) -> None:
    page = BOOK.page(name)
    assert [one.kind for one in page.blocks].count("title") == 1 and page.blocks[0].kind == "title"
    assert page.language == ENGLISH
    for block in page.blocks:
        assert not BANNED.search(block.plain), block.plain
        assert not re.search(r"https?:|www\.|@[a-z]+\.[a-z]", block.plain)
        assert len(block.plain) < 560, "short paragraphs"
        assert block.kind in ("picture", "keys") or block.plain.strip()


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_to_a_page_or_a_part_of_one(name: str) -> None:
    for target in targets(BOOK.page(name), "link"):
        path, part = split(target)
        led = BOOK.page(path or name)
        assert not part or part in {prose.slug(one.plain) for one in led.blocks if one.kind in ("part", "small part")}, target


def test_every_page_is_led_to_from_another_beside_the_contents_or_by_its_key() -> None:
    led = {split(one)[0] for name in NAMES if name != CONTENTS for one in targets(BOOK.page(name), "link")}
    led |= {*places.SCREENS.values(), *places.SHOWN.values(), *places.INSIDE.values(), *places.BY_MODULE.values()}
    assert set(NAMES) - led <= {CONTENTS, "33-relay-operator", "44-keys", "45-glossary", "46-questions"}


def test_what_is_bold_is_a_text_of_the_program(words: set[str]) -> None:
    bold = [(name, one.words) for name in NAMES for _, one in spans(BOOK.page(name)) if one.kind == "name"]
    assert len(bold) > 400
    assert [one for one in bold if one[1] not in words] == []


def test_every_key_is_in_the_table_of_actions_with_the_name_that_stands_before_it() -> None:
    screens.load_actions()
    known: dict[str, set[str]] = {}
    for one in actions.all_specs():
        for key in one.keys:
            known.setdefault(key.toString(), set()).add(one.text.rstrip(" …"))
    commands = re.findall(r'add_parser\(\s*"([a-z]+)"', Path(cli.__file__).read_text("utf-8"))
    pairs = 0
    for name in NAMES:
        for _, one in spans(BOOK.page(name)):
            if one.kind != "key" or one.words in OF_EVERY_WINDOW:
                continue
            if one.words.startswith("valise "):
                assert one.words.split()[1] in commands, one.words
            elif one.words.startswith("docs/"):
                assert (ROOT / one.words).is_file(), one.words
            else:
                assert QKeySequence(one.words).toString() in known, (name, one.words)
        for said, key in named_keys(BOOK.page(name)):
            pairs += 1
            assert said.rstrip(" …") in known[QKeySequence(key).toString()], (name, said, key)
    assert pairs > 100


def named_keys(page: Page) -> Iterator[tuple[str, str]]:
    """(name, key) where a key stands in brackets behind a name, or a name behind its key in a table."""
    lines = [block.spans for block in page.blocks] + [cell for block in page.blocks for cell in block.cells]
    for line in lines:
        for name, between, key in zip(line, line[1:], line[2:], strict=False):
            if (name.kind, key.kind) == ("name", "key") and between.words in BETWEEN:
                yield name.words, key.words
    for block in page.blocks:
        for left, right in zip(block.cells, block.cells[1:], strict=False):
            if len(left) == 1 and right and left[0].kind == "key" and right[0].kind == "name":
                yield right[0].words, left[0].words
            if len(right) == 1 and left and left[0].kind == "name" and right[0].kind == "key":
                yield left[0].words, right[0].words


def test_keys_behind_names_are_read_from_lines_and_tables() -> None:
    page = Page("x", "X", ENGLISH, prose.parse("# X\n\n**Lock now** (`Ctrl+L`), `Ctrl+K`\n\n| A | B |\n|---|---|\n| `S` | **Support** |\n"))
    assert list(named_keys(page)) == [("Lock now", "Ctrl+L"), ("Support", "S")]


def test_every_picture_is_there_small_and_used() -> None:
    folder = BOOK.folder / "pictures"
    named = {one.target for name in NAMES for one in BOOK.page(name).blocks if one.kind == "picture"}
    assert all(re.fullmatch(r"\.\./pictures/[a-z0-9-]+\.png", one) for one in named)
    there = {f"../pictures/{one.name}" for one in folder.iterdir()}
    assert there == named | {one.replace(".png", "-dark.png") for one in named}
    assert sum(one.stat().st_size for one in folder.iterdir()) < MOST_BYTES
    for one in folder.iterdir():
        size = QImageReader(str(one)).size()
        assert 200 < size.width() <= WIDEST and size.height() > 100, one.name
    assert all(one.plain.strip() for name in NAMES for one in BOOK.page(name).blocks if one.kind == "picture")


def test_the_readme_of_the_documents_leads_to_the_pages_and_repeats_none() -> None:
    readme = ROOT / "docs" / "guide" / "README.md"
    linked = re.findall(r"\]\(([^)]+)\)", readme.read_text("utf-8"))
    assert linked and all((readme.parent / one).is_file() for one in linked)
    assert [one.name for one in readme.parent.iterdir()] == ["README.md"]


def test_every_place_of_the_window_has_a_class_and_a_page() -> None:
    classes = guide_words.classes()
    for table in (places.SHOWN, places.INSIDE):
        assert set(table) <= set(classes)
        assert set(table.values()) <= set(NAMES)
    assert set(places.SHOWN).isdisjoint(places.INSIDE)
    modules = {module for known in classes.values() for module in known}
    assert set(places.BY_MODULE) <= modules
    assert {*places.BY_MODULE.values(), places.LOST[2], *places.SCREENS.values()} <= set(NAMES)
    assert places.LOST[1] in classes[places.LOST[0]]
    assert set(places.SCREENS) == {one.name for one in screens.ENTRIES}


# the Markdown


def test_the_markdown_of_the_guide() -> None:
    blocks = prose.parse(
        "# A\n\nOne\ntwo **Keep** (`Ctrl+S`).\n\n1. first\n  more\n2. second\n\n- point [to](02-b.md#c-d)\n\n> *Note*\n> goes on\n\n"
        "| K | W |\n|---|:--|\n| `S` | **Support** |\n\n![Seen.](../pictures/x.png)\n\n<!-- keys -->\n"
    )
    assert [one.kind for one in blocks] == ["title", "text", "step", "step", "point", "note", "row", "row", "picture", "keys"]
    assert blocks[1].plain == "One two Keep (Ctrl+S)."
    assert blocks[1].spans[1:] == (Span("Keep", "name"), Span(" ("), Span("Ctrl+S", "key"), Span(")."))
    assert blocks[2].plain == "first more" and blocks[5].plain == "Note goes on"
    assert blocks[4].spans[1] == Span("to", "link", "02-b.md#c-d")
    assert blocks[7].cells == ((Span("S", "key"),), (Span("Support", "name"),))
    assert (blocks[8].plain, blocks[8].target) == ("Seen.", "../pictures/x.png")


@pytest.mark.parametrize(
    "text",
    ["**open", "a `b", "<b>x</b>", "- a\n  - b", "1. a\n  2. b", "#### deep", "    code", "```\ncode\n```", "---", "[words](two words)"],
)
def test_what_the_guide_is_not_written_in_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError):
        prose.parse(text)


@pytest.mark.parametrize(("language", "mirrored"), [("fr", False), ("ar", True)])
def test_tables_are_mirrored_where_the_page_is(language: str, mirrored: bool) -> None:
    shown = Book(language).page("09-propose")
    first, second, *_ = next(one for one in shown.blocks if one.kind == "row").cells
    html = look.page(shown, lambda _target: 0, {})
    places = [html.index("".join(span.words for span in cell)) for cell in (first, second)]
    assert (places[0] > places[1]) is mirrored and ('align="right"' in html) is mirrored


@pytest.mark.parametrize(
    ("target", "led"),
    [
        ("03-verify.md", ("03-verify", "")), ("03-verify.md#in-person", ("03-verify", "in-person")), ("#part", ("", "part")),
        ("https://example.org/x.md", ("", "")), ("../../x.md", ("", "")), ("file:///etc/passwd", ("", "")), ("x.html", ("", "")), ("", ("", "")),
    ],
)  # fmt: skip
def test_links_lead_to_pages_alone(target: str, led: tuple[str, str]) -> None:
    assert split(target) == led


def test_nothing_of_a_page_becomes_markup() -> None:
    page = Page("x", "X", ENGLISH, (Block("text", (Span('<img src="file:///x">&', "name"), Span("</p>", "soft"))),))
    made = look.page(page, lambda _name: 0, {})
    assert "<img" not in made and "&lt;img" in made and "&lt;/p&gt;" in made


# search


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("ping", "26-pings"), ("recovery shares", "36-recovery"), ("CUSTODIANS", "06-vouch"), ("break silence", "13-silence"),
        ("laptop lost", "38-lost-laptop"), ("scrutiny", "10-positions"), ("red line", "11-internal"), ("stick", "31-courier"),
    ],
)  # fmt: skip
def test_words_are_found_where_they_are_told(words: str, first: str) -> None:
    found = BOOK.search(words)
    assert first in [one.name for one in found[:6]]
    for one in found:
        text = " ".join(block.plain for block in BOOK.page(one.name).blocks).casefold()
        assert all(word in text for word in words.casefold().split())


def test_a_title_comes_before_what_is_said_in_passing() -> None:
    assert BOOK.search("backups")[0].name == "37-backups"
    assert BOOK.search("a silence procedure")[0].name == "13-silence"
    assert BOOK.search("nowhere-such-a-word") == [] and BOOK.search("  ") == []


def test_what_is_shown_of_a_find_is_around_it() -> None:
    body = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen needle and more " + "words " * 40
    shown = excerpt(body, ["needle"])
    assert "needle" in shown and shown.startswith("… ") and shown.endswith(" …") and len(shown) < 200


def test_a_find_is_shown_whole_where_words_have_no_spaces_between() -> None:
    shown = excerpt("\u5934" * 90 + "\u6062\u590d\u4efd\u989d" + "\u5c3e" * 200, ["\u6062\u590d\u4efd\u989d"])
    assert "\u6062\u590d\u4efd\u989d\u5c3e" in shown and shown.startswith("… ") and shown.endswith(" …") and len(shown) < 300


def test_two_ways_of_writing_a_russian_letter_find_the_same() -> None:
    book = Book("ru")
    assert book.search("\u0435\u0449\u0451") == book.search("\u0435\u0449\u0435") != []


# other languages


def of(block: Block, kind: str) -> list[Span]:
    return [one for one in (*block.spans, *(span for cell in block.cells for span in cell)) if one.kind == kind]


def side_by_side(language: str) -> Iterator[tuple[str, Block, Block]]:
    """Every block in English and in a language, with the name of its page."""
    book = Book(language)
    for name in NAMES:
        ours, theirs = BOOK.page(name), book.page(name)
        assert [one.kind for one in theirs.blocks] == [one.kind for one in ours.blocks], (language, name)
        for left, right in zip(ours.blocks, theirs.blocks, strict=True):
            yield name, left, right


def test_a_language_has_every_page_or_none() -> None:
    folders = {one.name for one in BOOK.folder.iterdir() if one.is_dir()} - {"pictures"}
    assert {ENGLISH, *TRANSLATED} <= folders <= LANGUAGES
    for language in (ENGLISH, *TRANSLATED):
        assert sorted(one.stem for one in (BOOK.folder / language).iterdir()) == NAMES


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_contents_of_a_language_name_its_pages_by_their_titles(language: str) -> None:
    book = Book(language)
    listed = [one for group in book.groups for one in group.pages]
    assert listed == [(name, book.page(name).title) for name, _ in listed]
    assert [len(one.pages) for one in book.groups] == [len(one.pages) for one in BOOK.groups]
    assert len({title for _, title in listed}) == len(listed)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_block_for_block_what_english_has(language: str) -> None:
    book = Book(language)
    for name, ours, theirs in side_by_side(language):
        where = (language, name, theirs.plain)
        assert len(ours.cells) == len(theirs.cells) and ours.target == theirs.target, where
        assert theirs.kind == "keys" or (theirs.plain.strip() and len(theirs.plain) < 700), where
        assert not re.search(r"https?:|www\.|@[a-z]+\.[a-z]", theirs.plain), where
        assert [one.words for one in of(ours, "key")] == [one.words for one in of(theirs, "key")], where
        assert len(of(ours, "soft")) == len(of(theirs, "soft")), where
        led = [sorted(split(one.target) for one in of(block, "link")) for block in (ours, theirs)]
        assert [path for path, _ in led[0]] == [path for path, _ in led[1]], where
        for (path, part), (_, theirs_part) in zip(*led, strict=True):
            heads = [[prose.slug(one.plain) for one in b.page(path or name).blocks if one.kind in ("part", "small part")] for b in (BOOK, book)]
            assert theirs_part == (heads[1][heads[0].index(part)] if part else ""), where


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_bold_in_a_translation_is_what_the_window_says_there(language: str) -> None:
    known = guide_words.translations(language)
    for name, ours, theirs in side_by_side(language):
        wanted = [known.get(one.words, set()) for one in of(ours, "name")]
        made = [one.words for one in of(theirs, "name")]
        assert len(made) == len(wanted) and all(one.intersection(made) for one in wanted), (language, name, theirs.plain)
        assert set(made) <= set().union(*wanted), (language, name, theirs.plain)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_key_stands_behind_the_same_name_in_a_translation(language: str) -> None:
    known = guide_words.translations(language)
    book = Book(language)
    for name in NAMES:
        made = set(named_keys(book.page(name)))
        for said, key in named_keys(BOOK.page(name)):
            assert {(one, key) for one in known[said]} & made, (language, name, said, key)


def test_a_page_that_is_not_translated_is_read_in_english(tmp_path: Path) -> None:
    for language, name, text in (
        (ENGLISH, CONTENTS, "# Guide\n\n## G\n\n- [A](01-a.md)\n- [B](02-b.md)\n"), (ENGLISH, "01-a", "# A\n"), (ENGLISH, "02-b", "# B\n"),
        ("fr", CONTENTS, "# Guide\n\n## G\n\n- [A, en français](01-a.md)\n- [B](02-b.md)\n"), ("fr", "01-a", "# A, en français\n"),
    ):  # fmt: skip
        (tmp_path / language).mkdir(exist_ok=True)
        (tmp_path / language / f"{name}.md").write_text(text, "utf-8")
    book = Book("fr", tmp_path)
    assert [(one, book.page(one).language) for one in book.names] == [(CONTENTS, "fr"), ("01-a", "fr"), ("02-b", "en")]
    assert Book("ru", tmp_path).language == ENGLISH
    for name in ("../en/01-a", "03-c", ""):
        with pytest.raises(KeyError):
            book.page(name)
