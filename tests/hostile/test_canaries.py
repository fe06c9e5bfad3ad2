"""Planted words: names, subjects, file names, markings, drafts. None of them may be found on any disk."""

from __future__ import annotations

import base64
import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.hostile.many import Many
from tests.hostile.scan import Scan
from tests.world import PASSPHRASE, World

from valise.desk import views
from valise.desk.desk import Desk
from valise.domain.errors import NotAllowed
from valise.system import log
from valise.vault.store import LOCK

ROOT = Path(__file__).parents[2]
COUNT = 1_000
ALPHABETS = ("bcdfghklmnprstvz", "бвгдзклмнпрст", "بتثجحدرسشصطعفقكلم")
VOWELS = ("aeiou", "аеиоу", "اوي")


class Words:
    """Words that are in no dictionary, each given out once with the place it is planted in."""

    def __init__(self, seed: int = 20261208) -> None:
        self._rng = random.Random(seed)
        self.planted: dict[str, str] = {}

    def __call__(self, place: str) -> str:
        script = 0 if self._rng.random() < 0.8 else self._rng.randrange(1, 3)
        letters = [self._rng.choice((ALPHABETS, VOWELS)[n % 2][script]) for n in range(12)]
        word = "".join(letters)
        if script == 0:
            word = word.capitalize()
        assert word not in self.planted
        self.planted[word] = place
        return word


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything temporary of this test goes, ours and SQLite's."""
    folder = tmp_path / "temp"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return folder


@pytest.fixture
def logged(tmp_path: Path) -> Iterator[Path]:
    yield log.start(tmp_path / "state", logging.DEBUG).parent
    log.stop()


def plaintext(desk: Desk) -> str:
    """Every value of every table of an open vault."""
    with desk.store.read() as handle:
        names = [row[0] for row in handle.rows("select name from sqlite_schema where type = 'table'")]
        rows = [row for name in names if not name.startswith("search") for row in handle.rows(f'select * from "{name}"')]
        files = [row[0] for row in handle.rows("select id from attachment where have = chunks")]
    values = [one for row in rows for one in row] + [desk.messages.attachment(one) for one in files]
    return "\n".join(one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one) for one in values)


def negotiate(base: Path, plant: Words) -> tuple[World, str]:
    """Three delegations say and write everything there is to say and write, in planted words only."""
    world = World(base, ())
    for code in ("XA", "XB", "XG"):
        desk = world.gate(code).create(
            code=code, name=plant("delegation"), officer=plant("officer"), role=plant("role"), passphrase=bytearray(PASSPHRASE),
            public_name="Laptop in the hall" if code == "XA" else "")
        desk.exchange.use_folder(world.share)
        desk.exchange.resend = 60_000
        world.desks[code] = desk
    world.acquaint()
    a, b, g = world["XA"], world["XB"], world["XG"]
    room = world.room(title=plant("room title"))
    text = a.texts.open(
        room, plant("text title"), symbol=plant("symbol"), organ=plant("organ"), paragraphs=[
            {"section": "OP", "label": plant("label"), "words": f"States {plant('paragraph')} should;", "status": "open"},
            {"section": "OP", "label": "OP 2", "words": f"Invites {plant('paragraph')} to test them.", "status": "open"},
        ])
    world.exchange()
    one, two = [row.id for row in b.texts.outline(text)][1:]
    (proposal,) = b.texts.propose_words(text, two, f"Invites {plant('proposal')} to test them.", plant("reason"))
    g.texts.propose_paragraph(text, one, "OP", plant("new paragraph"), plant("reason"))
    g.texts.propose_alternative(text, two, plant("alternative"), plant("reason"))
    a.texts.comment(text, two, plant("comment"))
    world.exchange()
    a.texts.position(text, proposal, "can go along", plant("behalf"))
    for desk in (a, b, g):
        desk.internal.write(text, one, plant("internal remark"))
        desk.texts.save_draft(views.TextDraft(text, one, "words", plant("unsent words"), plant("unsent reason")))
    plant_many(a, b, room, plant)
    world.exchange()
    for desk, record in ((a, True), (b, False), (g, False)):
        file = desk.messages.attach(room, f"{plant('file name')}.txt", f"{plant('attachment')} ".encode() * 6_000)
        sent = desk.messages.send(
            room, f"*{plant('body')}* and more", subject=plant("subject"), marking=plant("marking"), for_the_record=record,
            attachments=[file.id])
        world.exchange()
        unsent = [plant("unsent subject"), plant("unsent body"), plant("unsent marking")]
        desk.messages.save_draft(views.Draft(room, "", *unsent, False, (), 0))
    b.messages.acknowledge(sent)
    a.texts.take(text, proposal)
    a.texts.revision(text, f"{plant('revision symbol')}/Rev.1")
    world.exchange(rounds=6)
    a.rooms.create("bilateral", plant("bilateral title"), [world.id("XB")])
    world.exchange()
    with pytest.raises(NotAllowed):
        try:
            a.messages.send(room, plant("refused body"), marking="TLP:RED")
        except NotAllowed:
            logging.getLogger("valise").exception("not sent: %s", plant("logged"))
            raise
    return world, room


def plant_many(a: Desk, b: Desk, room: str, plant: Words) -> None:
    """The further hundreds, many to a place: long texts, long messages and remarks, file names, files, drafts."""

    def some(place: str, count: int) -> str:
        return " ".join(plant(place) for _ in range(count))

    text = a.texts.open(
        room, "A long text", paragraphs=[
            {"section": "OP", "label": f"OP {n}", "words": f"Notes {some('paragraph', 8)};", "status": "open"}
            for n in range(1, 31)
        ])
    for row in a.texts.outline(text)[1:6]:
        a.internal.write(text, row.id, some("internal remark", 20))
        a.texts.comment(text, row.id, some("comment", 10))
        a.texts.save_draft(views.TextDraft(text, row.id, "words", some("unsent words", 10), some("unsent reason", 5)))
    for n in range(10):
        files = [a.messages.attach(room, f"{plant('file name')}.txt", some("attachment", 10).encode())]
        a.messages.send(
            room, some("body", 27), subject=some("subject", 2), attachments=[one.id for one in files],
            for_the_record=bool(n % 2))
    b.messages.save_draft(views.Draft(b.rooms.internal(), "", some("unsent subject", 3), some("unsent body", 40), "", False, (), 0))


def test_looking_for_many_finds_what_looking_for_each_finds(tmp_path: Path) -> None:
    plant = Words(7)
    words = [plant("") for _ in range(40)]
    one_by_one, many = Scan(words), Many(words)
    noise = random.Random(2)
    found = 0
    for word in words:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            plain = noise.randbytes(noise.randrange(9)) + noise.choice((word, word.upper(), word.lower())).encode(encoding)
            for form in (plain, plain.hex().encode(), base64.b64encode(plain + b"!!"), base64.urlsafe_b64encode(plain)):
                data = noise.randbytes(50) + form + noise.randbytes(50)
                assert many.hits(data) == one_by_one.hits(data)
                found += bool(many.hits(data))
    assert found > 300
    assert many.hits(b"") == many.hits(b"short") == many.hits(noise.randbytes(10_000)) == set()


def test_the_scan_finds_what_is_there(tmp_path: Path) -> None:
    """Each form of each word is found in a file, between other bytes, and in a file name."""
    plant = Words()
    words = [plant("") for _ in range(66)]
    scan = Scan(words)
    noise = random.Random(1).randbytes(5000)
    assert scan.hits(noise * 20) == set()
    for word in words:
        scan = Scan([word])
        for spelt in (word, word.lower(), word.upper()):
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                for before in range(3):
                    plain = noise[:before] + spelt.encode(encoding) + noise[:7]
                    forms = [plain, plain.hex().encode(), plain.hex().upper().encode()]
                    if encoding == "utf-8" or spelt == word:
                        forms += [base64.b64encode(plain), base64.urlsafe_b64encode(plain)]
                    for form in forms:
                        assert word in {one for one, _ in scan.hits(noise[:101] + form + noise)}, (word, encoding, form)
    scan = Scan(words)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / words[0]).mkdir()
    (tmp_path / "kept" / words[0] / "x").write_bytes(noise + words[1].encode() + noise)
    found, files, octets = scan.tree(tmp_path / "kept")
    assert {one for _, one, _ in found} == set(words[:2]) and (files, octets) == (1, 10_000 + len(words[1].encode()))


def test_no_planted_word_on_any_disk(tmp_path: Path, temp: Path, logged: Path) -> None:
    plant = Words()
    world, room = negotiate(tmp_path / "world", plant)
    planted = list(plant.planted)
    killed = [plant("in the middle of writing") for _ in range(COUNT - len(planted))]
    assert 4 <= len(killed) <= 40 and len(plant.planted) == COUNT
    # the words really went in, and through: each is in its author's vault, what was said to all in everybody's
    everything = {code: plaintext(desk) for code, desk in world.desks.items()}
    shared = {"room title", "text title", "paragraph", "proposal", "reason", "body", "subject", "marking", "file name", "attachment", "comment"}
    for word, place in plant.planted.items():
        if place in shared:
            assert all(word in text for text in everything.values()), place
        elif place not in ("refused body", "logged", "in the middle of writing"):
            assert any(word in text for text in everything.values()), place

    scan = Many(plant.planted)
    world["XG"].close()
    for where in ("commit", "put"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile.writer", str(world.base), "XG", room, where], cwd=ROOT,
            input="\n".join(killed).encode(), capture_output=True, timeout=120, check=False)
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
        unfinished = (world.base / "XG" / "vault.db-wal").stat().st_size
        assert scan.tree(world.base / "XG")[0] == set(), where
        assert where == "commit" or list(world.share.rglob("*.part")), "it died before the bundle was whole"
        assert where == "put" or unfinished > 500_000, "it died with pages of an unfinished transaction on the disk"
    world["XA"].close()  # locked; XB stays open
    for desk_file in ("vault.db", "vault.db-wal", "header.json", "delegation.key"):
        assert (world.base / "XB" / desk_file).exists()
    found, files, octets = scan.tree(world.base, temp, logged)
    assert found == set()
    assert files >= 20 and octets > 1_000_000 and (logged / "valise.log").stat().st_size > 0
    # what the owner made public is there, and nowhere else
    public, *_ = Scan(["Laptop in the hall"]).tree(world.base, temp, logged)
    assert {Path(name).parts[:2] for name, *_ in public} == {("world", "XA")}
    assert all(Path(name).name.startswith("header.json") for name, *_ in public)
    # the vault whose process was killed opens and goes on
    world.desks["XG"] = world.gate("XG").unlock(bytearray(PASSPHRASE))
    bodies = plaintext(world["XG"])
    assert all(word in bodies for word in killed), "the second run had made its writing durable before it sent"
    found, *_ = scan.tree(world.base / "XG", temp)
    assert found == set()
    world["XB"].close()
    world["XG"].close()
    assert (world.base / "XG" / LOCK).stat().st_size == 0


def test_a_laptop_that_waits_for_its_enrolment_names_nobody(tmp_path: Path, temp: Path) -> None:
    plant = Words()
    world = World(tmp_path / "world", ())
    world.gate("XB-2").ask_enrolment(officer=plant("officer"), role=plant("role"), passphrase=bytearray(PASSPHRASE))
    found, *_ = Scan(plant.planted).tree(world.base, temp)
    assert found == set()


def test_a_laptop_killed_before_its_first_header_names_nobody(tmp_path: Path, temp: Path) -> None:
    plant = Words()
    words = [plant("officer"), plant("role")]
    base = tmp_path / "world"
    base.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.writer", str(base), "XB-2", "", "file"], cwd=ROOT,
        input="\n".join(words).encode(), capture_output=True, timeout=120, check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()[-2000:]
    assert list((base / "XB-2").iterdir())
    found, *_ = Scan(words).tree(base, temp)
    assert found == set()
