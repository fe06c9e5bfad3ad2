"""The library of agreed language, with real files read in the confined child."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import World

from valise.bootstrap import read_document
from valise.desk.desk import Desk
from valise.desk.library import LibraryDesk
from valise.vault import library, search

SHARED = Path(__file__).resolve().parents[3] / "shared" / "facts"
DOCUMENT = """# Report of the working group

Symbol: FICT/GM/2025/{number}
Adopted: 2025-0{number}-01
Vote: 120-3-14

## Title

Report {number} of the working group

## Text

**PP 1** *Recalling* the voluntary nature of points of contact at the policy level and the technical level, *(open)*

**OP 1** *Requests* States that are in a position to do so to designate a point of contact number {number}; *(open)*

**OP 2** *Also requests* the Secretariat to keep a directory of them and to test it every six months; *(open)*

(a) By asking each of them for an answer; *(open)*

**OP 3** *Décide* d’examiner la question {number} l’année suivante. *(open)*
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    world = World(tmp_path, ("XA",))
    world["XA"].library = LibraryDesk(world["XA"].context, read_document)
    yield world["XA"]
    world.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    (made / "older").mkdir(parents=True)
    for number in range(1, 4):
        (made / ("older" if number == 3 else ".") / f"{number}.md").write_text(DOCUMENT.format(number=number), "utf-8")
    (made / "broken.md").write_bytes(b"\xff\xfe\x00")
    (made / "picture.png").write_bytes(b"not read at all")
    return made


def test_a_folder_comes_in_once(desk: Desk, folder: Path) -> None:
    told: list[tuple[int, int]] = []
    first = desk.library.import_folder(folder, lambda done, total: told.append((done, total)))
    assert (first.added, first.known, first.passages, first.cancelled) == (3, 0, 15, False)
    assert [name for name, _ in first.refused] == ["broken.md"] and told[-1] == (4, 4)
    again = desk.library.import_folder(folder)
    assert (again.added, again.known) == (0, 3)
    assert [(one.symbol, one.adopted, one.vote, one.passages) for one in desk.library.sources()] == [
        (f"FICT/GM/2025/{number}", f"2025-0{number}-01", "120-3-14", 5) for number in (1, 2, 3)]  # fmt: skip


def test_an_import_can_be_cancelled_and_goes_on(desk: Desk, tmp_path: Path) -> None:
    made = tmp_path / "many"
    made.mkdir()
    for number in range(20):
        (made / f"{number:02}.txt").write_text(f"Draft\n\n1. Requests States to answer call {number};\n", "utf-8")
    asked = iter([False, True])
    first = desk.library.import_folder(made, cancelled=lambda: next(asked))
    assert first.cancelled and first.added == 16
    second = desk.library.import_folder(made)
    assert (second.added, second.known, second.cancelled) == (4, 16, False)


def test_by_symbol_and_paragraph(desk: Desk, folder: Path) -> None:
    desk.library.import_folder(folder)
    find = desk.library.find
    assert [one.passage.label for one in find("FICT/GM/2025/2")] == ["PP 1", "OP 1", "OP 2", "OP 2 (a)", "OP 3"]
    for asked in ("FICT/GM/2025/2 OP 1", "fict/gm/2025/2, op 1".upper(), "FICT/GM/2025/2 para. 1"):
        assert {(one.passage.symbol, one.passage.label) for one in find(asked)} >= {("FICT/GM/2025/2", "OP 1")}
    assert [one.passage.label for one in find("FICT/GM/2025/3 2 (a)")] == ["OP 2 (a)"]
    assert find("FICT/GM/1999/1") == []


def test_the_very_words_then_words_like_them(desk: Desk, folder: Path) -> None:
    desk.library.import_folder(folder)
    hits = desk.library.find("a directory of them")
    assert len(hits) >= 3 and all(one.passage.likeness == 100 and not one.hunks for one in hits[:3])
    asked = "*Also requests* the Secretariat to keep a register of them and to test it every three months;"
    (best, *_) = desk.library.find(asked)
    assert best.passage.label == "OP 2" and 80 < best.passage.likeness < 100
    assert [best.passage.words[one.start : one.end] for one in best.hunks] == ["directory", "six"]
    assert [one.words for one in best.hunks] == ["register", "three"]
    assert desk.library.find("unheard of altogether xyzzy") == []
    assert [one.passage.label for one in desk.library.find("decide d'examiner la question 2")][:1] == ["OP 3"]


def test_phrases_of_a_draft_are_found_where_they_stand(desk: Desk, folder: Path) -> None:
    desk.library.import_folder(folder)
    words = "*Invites* the Secretariat to keep a directory of them and to test it every year, in good faith"
    (one, passage), *more = desk.library.phrases(words)
    assert words[one.start : one.end] == "the Secretariat to keep a directory of them and to test it every"
    assert passage.label == "OP 2" and not more
    assert desk.library.phrases("a directory of them") == []  # too short to be anybody's language


def test_what_is_dropped_is_found_no_more(desk: Desk, folder: Path) -> None:
    desk.library.import_folder(folder)
    first = desk.library.sources()[0]
    assert [one.label for one in desk.library.passages(first.id)] == ["PP 1", "OP 1", "OP 2", "OP 2 (a)", "OP 3"]
    desk.library.drop(first.id)
    assert {one.passage.symbol for one in desk.library.find("a directory of them")} == {"FICT/GM/2025/2", "FICT/GM/2025/3"}
    assert desk.library.import_folder(folder).added == 1


@pytest.mark.parametrize("asked", ["points of", "policy level", '"of contact at"', "the", "number 2", "d’examiner", "secretar"])
def test_the_index_finds_what_a_scan_finds(desk: Desk, folder: Path, asked: str) -> None:
    desk.library.import_folder(folder)
    holds = search.scan(asked)
    with desk.context.read() as handle:
        scanned = {n for n, words in library.every(handle) if holds(words)}
        assert {one.n for one in library.exact(handle, asked, 1_000)} == scanned


@pytest.mark.skipif(not (SHARED / "agreed_language_corpus.json").exists(), reason="the corpus is not here")
def test_a_changed_word_still_finds_its_source(desk: Desk) -> None:
    corpus = json.loads((SHARED / "agreed_language_corpus.json").read_text("utf-8"))
    by_symbol: dict[str, list[tuple[str, str, str]]] = {}
    for one in corpus["paragraphs"]:
        by_symbol.setdefault(one["symbol"], []).append((one["label"], one["label"][:2], one["text"]))
    with desk.context.write() as tx:
        for at, (symbol, rows) in enumerate(by_symbol.items()):
            library.add(tx, str(at), symbol, symbol, "en", "", "", 0, rows)
    rng = random.Random(1)
    asked = [one for rows in by_symbol.values() for one in rows if len(one[2].split()) > 8]
    right = 0
    for _, _, text in asked:
        parts = text.split()
        parts[rng.randrange(len(parts))] = "otherwise"
        with desk.context.read() as handle:
            best = library.near(handle, " ".join(parts), 1)
        likeliest = re.sub(r"\W+", " ", best[0].words) if best else ""
        right += likeliest == re.sub(r"\W+", " ", text)
    assert right >= 0.98 * len(asked), f"{right} of {len(asked)}"
