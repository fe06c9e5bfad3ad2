"""The library of agreed language, with real files read in the confined child."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import World

from valise.bootstrap import read_document
from valise.desk import library as desk_library
from valise.desk.desk import Desk
from valise.desk.library import SIDE, LibraryDesk
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
    for number in range(24):
        (made / f"{number:02}.txt").write_text(f"Draft\n\n1. Requests States to answer call {number};\n", "utf-8")
    done: list[int] = []
    first = desk.library.import_folder(made, lambda at, _of: done.append(at), lambda: len(done) == 18)
    # what was being read when it was cancelled is still taken in
    assert first.cancelled and 18 <= first.added < 18 + SIDE and done == list(range(1, first.added + 1))
    second = desk.library.import_folder(made)
    assert (second.added, second.known, second.cancelled) == (24 - first.added, first.added, False)


def test_reading_writes_nothing_and_taking_in_is_one_transaction(desk: Desk, folder: Path) -> None:
    files = desk.library.documents(folder)
    assert [path.name for path in files] == ["1.md", "2.md", "broken.md", "3.md"]
    told: list[tuple[int, int]] = []
    read = desk.library.read(files, lambda done, of: told.append((done, of)))
    assert told == [(n, 4) for n in range(1, 5)] and (len(read.documents), read.done) == (3, 4)
    assert [name for name, _ in read.refused] == ["broken.md"] and desk.library.sources() == []
    done = desk.library.take_in(read)
    assert (done.added, done.known, done.passages, done.refused) == (3, 0, 15, read.refused)
    again = desk.library.take_in(read)  # taken in meanwhile by somebody else
    assert (again.added, again.known, again.passages) == (0, 3, 0) and len(desk.library.sources()) == 3


def test_taking_in_is_all_or_nothing(desk: Desk, folder: Path) -> None:
    read = desk.library.read(desk.library.documents(folder))
    torn = desk_library.Read((*read.documents, ("another digest", {"paragraphs": []})), 0, (), 4)
    with pytest.raises(KeyError):
        desk.library.take_in(torn)
    assert desk.library.sources() == [] and desk.library.find("a directory of them") == []
    assert desk.library.take_in(read).added == 3


def test_a_document_twice_in_a_folder_is_one(desk: Desk, folder: Path) -> None:
    (folder / "copy of 1.md").write_bytes((folder / "1.md").read_bytes())
    done = desk.library.import_folder(folder)
    assert (done.added, done.known) == (3, 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_what_is_no_document_is_told_or_passed_over(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "odd"
    (made / "shut").mkdir(parents=True)
    (made / "good.txt").write_text("1. Requests States to answer;\n", "utf-8")
    os.mkfifo(made / "pipe.txt")
    (made / "link.txt").symlink_to(made / "good.txt")
    (made / "loop").symlink_to(made, target_is_directory=True)
    (made / "big.txt").write_bytes(b"x" * 1_000)
    monkeypatch.setattr(desk_library, "MOST", 900)
    scandir = os.scandir

    def shut(path: str) -> object:
        if Path(path).name == "shut":
            raise PermissionError(13, "not for us", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", shut)
    done = desk.library.import_folder(made)
    assert done.added == 1
    assert sorted(done.refused) == [
        ("big.txt", "format.too_big"),
        ("pipe.txt", "format.no_file"),
        ("shut", "format.no_file"),
    ]


def test_by_symbol_and_paragraph(desk: Desk, folder: Path) -> None:
    desk.library.import_folder(folder)
    find = desk.library.find
    assert [one.passage.label for one in find("FICT/GM/2025/2")] == ["PP 1", "OP 1", "OP 2", "OP 2 (a)", "OP 3"]
    for asked in ("FICT/GM/2025/2 OP 1", "fict/gm/2025/2, op 1".upper(), "FICT/GM/2025/2 para. 1"):
        assert {(one.passage.symbol, one.passage.label) for one in find(asked)} >= {("FICT/GM/2025/2", "OP 1")}
    assert [one.passage.label for one in find("FICT/GM/2025/3 2 (a)")] == ["OP 2 (a)"]
    for asked in (
        "FICT/GM/2025/3 2(a)",
        "fict/gm/2025/3, paragraph 2 (a)",
        "FICT/GM/2025/3  para. 2 ( a )",
        "FICT/GM/2025/3 op2(a)",
    ):
        assert [one.passage.label for one in find(asked)] == ["OP 2 (a)"], asked
    assert find("FICT/GM/1999/1") == []
    assert find("FICT/GM/2025/3 OP 77") == []
    (one, *_) = find("FICT/GM/2025/3 OP 1")
    assert (one.passage.adopted, one.passage.vote, one.passage.language) == ("2025-03-01", "120-3-14", "en")


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
    assert {one.passage.symbol for one in desk.library.find("a directory of them")} == {
        "FICT/GM/2025/2",
        "FICT/GM/2025/3",
    }
    assert desk.library.import_folder(folder).added == 1


@pytest.mark.parametrize(
    "asked", ["points of", "policy level", '"of contact at"', "the", "number 2", "d’examiner", "secretar"]
)
def test_the_index_finds_what_a_scan_finds(desk: Desk, folder: Path, asked: str) -> None:
    desk.library.import_folder(folder)
    holds = search.scan(asked)
    with desk.context.read() as handle:
        scanned = {n for n, words in library.every(handle) if holds(words)}
        assert {one.n for one in library.exact(handle, asked, 1_000)} == scanned


def test_a_symbol_of_two_words_and_in_two_languages(desk: Desk) -> None:
    put(desk, "FICT/RES/46/36 L", "en", ["Transparency in armaments,"])
    put(desk, "FICT/RES/46/36", "en", ["Disarmament in general,"])
    put(desk, "FICT/RES/46/36", "fr", ["Désarmement général,"])
    assert [one.passage.words for one in desk.library.find("fict/res/46/36 l 1")] == ["Transparency in armaments,"]
    assert [one.passage.language for one in desk.library.find("FICT/RES/46/36 OP 1")] == ["fr", "en"]


SIX = {
    "en": ("*Invites* States to name points of contact without delay;", "points of contact"),
    "fr": ("*Invite* les États à désigner d’urgence des points de contact ;", "ETATS A DESIGNER"),
    "es": ("*Invita* a los Estados a que designen puntos de contacto cuanto antes;", "designen puntos"),
    "ru": ("*предлагает* государствам незамедлительно назначить контактные пункты;", "контактные ПУНКТЫ"),
    "ar": ("*تدعو* الدول إلى تعيين جهات اتصال دون تأخير؛", "جهات اتصال"),
    "zh": ("*请*各国不加拖延地指定联络点；", "联络"),
}


def put(desk: Desk, symbol: str, code: str, words: list[str]) -> None:
    rows = [{"label": f"OP {n}", "section": "OP", "words": one} for n, one in enumerate(words, 1)]
    told = {"symbol": symbol, "title": symbol, "language": code, "paragraphs": rows}
    done = desk.library.take_in(desk_library.Read(((f"{symbol} {code}", told),), 0, (), 1))
    assert done.added == 1


@pytest.mark.parametrize("code", SIX)
def test_each_of_six_languages_is_found_exactly_nearly_and_in_a_draft(desk: Desk, code: str) -> None:
    for one, (words, _) in SIX.items():
        put(desk, f"FICT/{one.upper()}/1", one, [words, f"{words[:3]} 7"])
    words, asked = SIX[code]
    (best, *_) = desk.library.find(asked)
    assert best.passage.words == words and best.hunks == ()
    told = words.replace("*", "")
    other = told[:-2] + "x" + told[-1] if code == "zh" else told.rsplit(" ", 1)[0] + " xyz;"
    (close, *_) = desk.library.find(other)
    assert close.passage.words == words and close.hunks and close.passage.likeness < 100
    ((phrase, source), *_) = desk.library.phrases(f"{told[:-1]} 2 3")
    assert source.words == words and phrase.start == 0


def test_what_was_imported_last_comes_first_whatever_the_window(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(1, 8):
        put(desk, f"FICT/{n}", "en", [f"Frequent words at place {m}," for m in range(5)] + [f"Seldom {n},"])
    desk.library.drop(3)

    def found(asked: str, limit: int = 12) -> list[tuple[str, str]]:
        return [(one.passage.symbol, one.passage.label) for one in desk.library.find(asked, limit) if not one.hunks]

    every = found("frequent", 100)
    assert every == [(f"FICT/{n}", f"OP {m}") for n in (7, 6, 5, 4, 2, 1) for m in range(1, 6)]
    assert found("frequent") == every[:12]
    for window in (1, 4, 11, 100):
        monkeypatch.setattr(library, "OFTEN", 2)
        monkeypatch.setattr(library, "_WINDOW", window)
        assert found("frequent") == every[:12] and found("frequent", 100) == every
        assert found("seldom 2") == [("FICT/2", "OP 6")]


def test_words_that_are_everywhere_nominate_only_where_there_are_no_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(
        desk,
        "FICT/1",
        "en",
        ["Calls upon all States to act at once,"] * 30 + ["Calls upon all States to rest at once,"],
    )
    monkeypatch.setattr(library, "OFTEN", 5)
    (best, *_) = desk.library.find("Calls upon all States to rest at twice")
    assert best.passage.label == "OP 31"
    monkeypatch.setattr(library, "_WINDOW", 10)
    labels = {one.passage.label for one in desk.library.find("Calls upon all States to act at twice")}
    assert labels and labels <= {f"OP {n}" for n in range(21, 32)}


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
