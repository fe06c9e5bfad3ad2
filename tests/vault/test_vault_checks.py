"""The integrity check finds planted damage and keeps its result under a date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from valise.domain.errors import Damaged
from valise.vault import checks, search
from valise.vault.store import DATABASE, Store

Opened = Callable[..., Store]


@pytest.fixture
def filled(store: Store) -> Store:
    with store.write() as tx:
        for n in range(200):
            search.index(tx, "message", f"m{n}", "r", n, "title", f"persimmon wainscot word{n} " * 20)
            tx.run("INSERT INTO setting(key, value) VALUES (?, ?)", (f"k{n}", "x" * 500))
    return store


def test_a_sound_vault_gives_a_dated_result(filled: Store) -> None:
    steps: list[tuple[int, int]] = []
    with filled.read() as reader:
        assert checks.last(reader) is None
    made = checks.integrity(filled, 1_700_000_000_000, lambda done, total: steps.append((done, total)))
    assert made.sound
    assert made.at == 1_700_000_000_000
    assert [done for done, _ in steps] == list(range(1, steps[-1][1] + 1))
    with filled.read() as reader:
        assert checks.last(reader) == made
        assert reader.rows("SELECT code FROM event") == []


def test_the_later_result_takes_the_place_of_the_earlier(filled: Store) -> None:
    checks.integrity(filled, 1)
    checks.integrity(filled, 2)
    with filled.read() as reader:
        kept = checks.last(reader)
    assert kept is not None
    assert kept.at == 2


def test_every_torn_page_is_found(filled: Store, opened: Opened, folder: Path) -> None:
    filled.close()
    whole = (folder / DATABASE).read_bytes()
    pages = len(whole) // 4096
    at_opening = by_check = 0
    for page in range(pages // 2, pages, max(1, pages // 12)):
        torn = bytearray(whole)
        torn[page * 4096 + 1234] ^= 0x10
        (folder / DATABASE).write_bytes(torn)
        try:
            store = opened()
        except Damaged:  # a page that holds the schema is needed to open at all
            at_opening += 1
        else:
            assert "pages" in checks.integrity(store, 3).problems
            by_check += 1
            store.abandon()
        for end in ("-wal", "-shm"):
            (folder / (DATABASE + end)).unlink(missing_ok=True)
    assert by_check > at_opening
    (folder / DATABASE).write_bytes(whole)
    assert checks.integrity(opened(), 4).sound


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM search WHERE rowid = 7",
        "DELETE FROM search_ref WHERE rowid = 7",
        "DELETE FROM search_data WHERE id > 100",
    ],
)
def test_an_index_that_lost_a_row_is_found_and_told(filled: Store, damage: str) -> None:
    with filled.write() as tx:
        tx.run(damage)
    made = checks.integrity(filled, 5)
    assert not made.sound
    assert set(made.problems) <= {"search", "tables"}
    with filled.read() as reader:
        assert checks.last(reader) == made
        assert reader.rows("SELECT at, code FROM event") == [(5, "check.failed")]


def test_a_table_that_breaks_its_own_rules_is_found(filled: Store) -> None:
    with filled.write() as tx:
        tx.run("CREATE TABLE odd(a)")
        tx.run("INSERT INTO odd VALUES (NULL)")
        version = tx.value("PRAGMA schema_version")
        tx.rows("PRAGMA writable_schema = ON")
        tx.run("UPDATE sqlite_schema SET sql = 'CREATE TABLE odd(a NOT NULL)' WHERE name = 'odd'")
        tx.rows("PRAGMA writable_schema = OFF")
        tx.rows(f"PRAGMA schema_version = {version + 1}")
    assert checks.integrity(filled, 8).problems == ("tables",)


def test_what_is_in_the_log_is_checked_in_the_file(filled: Store, folder: Path) -> None:
    with filled.read() as reader:
        size = reader.value("PRAGMA page_count") * 4096
    assert (folder / DATABASE).stat().st_size < size
    assert checks.integrity(filled, 9).sound
    assert (folder / DATABASE).stat().st_size == size


def test_a_row_that_points_to_nothing_is_found(filled: Store) -> None:
    with filled.write() as tx:
        tx.run("CREATE TABLE parent(id INTEGER PRIMARY KEY)")
        tx.run("CREATE TABLE child(of INTEGER REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)")
    filled._writer.execute("PRAGMA foreign_keys = OFF")
    with filled.write() as tx:
        tx.run("INSERT INTO child VALUES (5)")
    assert checks.integrity(filled, 6).problems == ("references",)


def test_damage_keeps_the_mark_of_an_unclean_end(filled: Store, opened: Opened) -> None:
    filled.abandon()
    store = opened()
    with store.write() as tx:
        tx.run("DELETE FROM search WHERE rowid = 7")
    assert not checks.integrity(store, 7).sound
    store.close()
    assert opened().notices == ["vault.unclean"]
