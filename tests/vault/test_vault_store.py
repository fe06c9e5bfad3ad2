"""The store: encrypted, one transaction or nothing, one writer, and reopened whole after whatever happened."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from valise.domain.errors import Damaged, NotAllowed, Refused, Unavailable
from valise.vault import checks, connection, header
from valise.vault.store import DATABASE, Store

Opened = Callable[..., Store]
WORDS = ("persimmon", "wainscot", "ковчег", "议定书")


def put(store: Store, key: str, value: str = "v") -> None:
    with store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES (?, ?)", (key, value))


def held(store: Store) -> list[str]:
    with store.read() as reader:
        return [row[0] for row in reader.rows("SELECT key FROM setting ORDER BY key")]


# -- the key and the cipher


@pytest.mark.parametrize(
    "bad",
    ["", "a" * 159, "a" * 161, "A" * 160, "g" * 160, "a" * 160 + "\n", "a" * 96, "correct horse", "a" * 159 + "'"],
)
def test_a_malformed_raw_key_never_reaches_the_engine(folder: Path, bad: str) -> None:
    for act in (Store.create, Store.open):
        with pytest.raises(Refused) as caught:
            act(folder, bad)
        assert caught.value.code == "vault.key_form"
    with pytest.raises(Refused):
        connection.connect(folder / DATABASE, bad)
    assert not folder.exists()


def test_an_engine_without_encryption_is_refused_and_writes_nothing(
    folder: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trap: the standard library's sqlite3 ignores PRAGMA key and would write plaintext."""
    monkeypatch.setattr(connection, "engine", sqlite3)
    with pytest.raises(Unavailable) as caught:
        Store.create(folder, key)
    assert caught.value.code == "vault.no_cipher"
    assert all(one.stat().st_size == 0 for one in folder.iterdir())


def test_no_word_is_readable_in_any_file(opened: Opened, folder: Path) -> None:
    store = opened()
    put(store, " ".join(WORDS))
    patterns = [word.encode(code) for word in WORDS for code in ("utf-8", "utf-16-le")] + [b"SQLite format", b"setting"]
    while_open = [one.read_bytes() for one in folder.iterdir()]
    assert any(len(data) > 8192 for data in while_open)
    store.close()
    for data in (*while_open, (folder / DATABASE).read_bytes()):
        assert not [pattern for pattern in patterns if pattern in data]
    plain = sqlite3.connect(folder / DATABASE)
    with pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT * FROM sqlite_schema").fetchall()
    plain.close()


def test_the_settings_hold_on_both_kinds_of_connection(store: Store) -> None:
    wanted = {"journal_mode": "wal", "secure_delete": 1, "foreign_keys": 1, "temp_store": 2, "trusted_schema": 0}
    with store.write() as tx, store.read() as reader:
        for name, value in wanted.items():
            assert tx.value(f"PRAGMA {name}") == reader.value(f"PRAGMA {name}") == value
        assert (tx.value("PRAGMA query_only"), reader.value("PRAGMA query_only")) == (0, 1)
        assert [row[2] for row in tx.rows("PRAGMA database_list")] == [str(store.folder / DATABASE)]


TELLS = """
import pathlib, sys
from valise.vault.store import Store
store = Store.create(pathlib.Path(sys.argv[1]), "01" * 80)
with store.write() as tx, store.read() as reader:
    print(int(reader.value("PRAGMA cipher_memory_security")), tx.value("PRAGMA synchronous"))
"""


def test_the_engine_wipes_its_memory_and_waits_for_the_disk(tmp_path: Path) -> None:
    """In a process of its own: neither is so in this one (tests/quick.py)."""
    told = subprocess.run([sys.executable, "-c", TELLS, str(tmp_path / "v")], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "2"]


def test_nothing_in_the_vault_attaches_a_second_database() -> None:
    root = Path(connection.__file__).parent
    for path in (*root.rglob("*.py"), *root.rglob("*.sql")):
        assert not re.search(r"(?i)\battach\s+(database\s+)?['\"?:]|\bVACUUM\s+INTO\b", path.read_text("utf-8")), path


def test_a_read_connection_cannot_write(store: Store) -> None:
    with store.read() as reader, pytest.raises(Unavailable) as caught:
        reader.rows("INSERT INTO setting(key, value) VALUES ('a', 'b')")
    assert caught.value.code == "vault.read_only"


def test_wrong_key_missing_empty_and_torn_are_told_apart(opened: Opened, folder: Path, key: str) -> None:
    store = opened()
    put(store, "a")
    store.close()
    database = folder / DATABASE
    whole = database.read_bytes()

    def code(what: str) -> str:
        with pytest.raises(Damaged) as caught:
            Store.open(folder, what)
        return caught.value.code

    assert code(connection.new_key()) == "vault.wrong_key"
    assert code("f" * 128 + key[128:]) == "vault.damaged"
    assert database.read_bytes() == whole
    database.write_bytes(whole[:4000] + bytes([whole[4000] ^ 1]) + whole[4001:])
    assert code(key) == "vault.damaged"
    database.write_bytes(b"")
    assert code(key) == "vault.damaged"
    assert database.read_bytes() == b""
    database.unlink()
    assert code(key) == "vault.missing"
    assert not database.exists()
    with pytest.raises(Damaged):
        Store.open(folder / "nowhere", key)
    assert not (folder / "nowhere").exists()
    database.write_bytes(whole)
    assert held(opened()) == ["a"]


def test_files_are_the_owners_alone(opened: Opened, folder: Path) -> None:
    put(opened(), "a")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}


# -- transactions


def test_all_or_nothing(store: Store) -> None:
    put(store, "kept")
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES ('lost', '')")
        raise ZeroDivisionError
    assert held(store) == ["kept"]
    put(store, "next")
    assert held(store) == ["kept", "next"]


def test_the_generation_counts_transactions_that_wrote(opened: Opened) -> None:
    store = opened()
    start = store.generation()
    for n in range(3):
        put(store, f"k{n}")
    with store.write() as tx:
        assert tx.value("SELECT count(*) FROM setting") == 3
    with pytest.raises(ZeroDivisionError), store.write() as tx:
        tx.run("DELETE FROM setting")
        raise ZeroDivisionError
    assert store.generation() == start + 3
    store.close()
    assert opened().generation() == start + 3


def test_a_transaction_inside_a_transaction_is_a_mistake(store: Store) -> None:
    with store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES ('a', '')")
        for act in (store.checkpoint, store.close):
            with pytest.raises(RuntimeError):
                act()
        with pytest.raises(RuntimeError), store.write():
            pass
        assert store.in_transaction
    assert held(store) == ["a"]
    with pytest.raises(RuntimeError):
        tx.run("DELETE FROM setting")
    assert held(store) == ["a"]


def test_a_refused_row_leaves_the_transaction_standing(store: Store) -> None:
    with store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES ('a', '1')")
        with pytest.raises(Refused) as caught:
            tx.run("INSERT INTO setting(key, value) VALUES ('a', '2')")
        assert caught.value.code == "vault.constraint"
        done = tx.run("INSERT INTO event(at, code) VALUES (1, 'x')")
        assert (done.lastrowid, done.rowcount) == (1, 1)
        assert tx.many("INSERT INTO setting(key, value) VALUES (?, '')", [("b",), ("c",)]) == 2
    assert held(store) == ["a", "b", "c"]


def test_any_other_failure_spoils_the_transaction_whoever_swallows_it(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES ('a', '')")
        with pytest.raises(connection.EngineError):
            tx.run("INSERT INTO nowhere VALUES (1)")
        with pytest.raises(RuntimeError):
            tx.run("INSERT INTO setting(key, value) VALUES ('b', '')")
    with pytest.raises(RuntimeError), store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES ('a', '')")
        with pytest.raises(connection.EngineError):
            tx.run("INSERT INTO nowhere VALUES (1)")
    assert held(store) == []


def test_errors_of_the_caller_pass_unchanged(store: Store) -> None:
    with pytest.raises(FileNotFoundError), store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES ('a', '')")
        (store.folder / "no such file").read_bytes()
    assert held(store) == []


def test_a_reader_sees_one_state_until_it_ends(store: Store) -> None:
    put(store, "a")
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM setting") == 1
        put(store, "b")
        with store.read() as inner:
            assert inner.value("SELECT count(*) FROM setting") == 1
        assert reader.row("SELECT count(*), 'x' FROM setting") == (1, "x")
        assert reader.row("SELECT 1 WHERE 0") is None
        assert reader.value("SELECT 1 WHERE 0", default="none") == "none"
    with pytest.raises(RuntimeError):
        reader.rows("SELECT 1")
    assert held(store) == ["a", "b"]


def test_walking_many_rows_holds_few(store: Store) -> None:
    with store.write() as tx:
        tx.many("INSERT INTO setting(key, value) VALUES (?, '')", [(f"{n:05}",) for n in range(1_700)])
    with store.read() as reader:
        walked = [row[0] for row in reader.each("SELECT key FROM setting ORDER BY key")]
    assert walked == [f"{n:05}" for n in range(1_700)]


def test_many_threads_read_while_one_writes(store: Store) -> None:
    put(store, "0")
    seen: list[list[str]] = []
    ready, gone = threading.Barrier(5), threading.Barrier(5)

    def look() -> None:
        with store.read() as reader:
            reader.rows("SELECT 1")
            first = reader.value("SELECT count(*) FROM setting")
            ready.wait()
            gone.wait()
            assert reader.value("SELECT count(*) FROM setting") == first
        seen.append(held(store))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for one in threads:
        one.start()
    ready.wait()
    put(store, "1")
    gone.wait()
    for one in threads:
        one.join()
    assert seen == [["0", "1"]] * 4
    del threads, one
    held(store)
    assert len(store._readings) <= 5


def test_writers_take_turns(store: Store) -> None:
    def add(name: str) -> None:
        for n in range(20):
            put(store, f"{name}{n}")

    threads = [threading.Thread(target=add, args=(name,)) for name in "abc"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(held(store)) == 60


def test_closing_ends_a_long_query_of_another_thread(store: Store) -> None:
    started, codes = threading.Event(), []

    def count() -> None:
        with store.read() as reader:
            reader.rows("SELECT 1")
            started.set()
            try:
                reader.rows("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n")
            except Unavailable as error:
                codes.append(error.code)

    thread = threading.Thread(target=count)
    thread.start()
    started.wait()
    store.close()
    thread.join()
    assert codes == ["vault.closed"]


def test_after_closing_everything_says_so(store: Store) -> None:
    store.close()
    store.close()
    for act in (store.generation, store.checkpoint, lambda: put(store, "a")):
        with pytest.raises(Unavailable) as caught:
            act()
        assert caught.value.code == "vault.closed"


# -- opening and closing


def test_a_clean_close_leaves_one_database_file(opened: Opened, folder: Path) -> None:
    store = opened()
    put(store, "a")
    store.close()
    assert sorted(one.name for one in folder.iterdir()) == ["vault.db", "vault.lock", "vault.seal"]
    again = opened()
    assert again.was_clean
    assert again.notices == []


def test_an_unclean_end_is_remembered_until_a_check_found_nothing(opened: Opened) -> None:
    store = opened()
    put(store, "a")
    store.abandon()
    store = opened()
    assert not store.was_clean
    put(store, "b")
    store.close()
    store = opened()
    assert store.notices == ["vault.unclean"]
    assert checks.integrity(store, 1).sound
    store.close()
    assert opened().was_clean


def test_a_session_that_only_reads_writes_nothing(opened: Opened, folder: Path) -> None:
    store = opened()
    put(store, "a")
    store.close()
    before = (folder / DATABASE).read_bytes()
    store = opened()
    assert held(store) == ["a"]
    store.abandon()
    store = opened()
    assert store.was_clean
    store.close()
    assert (folder / DATABASE).read_bytes() == before


def test_a_failing_close_lets_the_lock_go(opened: Opened, folder: Path, key: str) -> None:
    def fault(name: str) -> None:
        if name == "close":
            raise OSError(errno.EIO, "")

    store = opened(fault=fault)
    put(store, "a")
    with pytest.raises(Unavailable):
        store.close()
    assert held(opened()) == ["a"]


def test_a_vault_is_never_made_over_another(opened: Opened, folder: Path, key: str) -> None:
    opened().close()
    header.save(folder, header.new("", 1))
    whole = (folder / DATABASE).read_bytes()
    for name in (header.COPY, header.NAME):
        with pytest.raises(NotAllowed) as caught:
            Store.create(folder, connection.new_key())
        assert caught.value.code == "vault.exists"
        (folder / name).unlink()
    assert (folder / DATABASE).read_bytes() == whole


def test_a_database_without_header_is_set_aside_not_destroyed(opened: Opened, folder: Path, key: str) -> None:
    store = opened()
    put(store, "a")
    store.abandon()
    whole = (folder / DATABASE).read_bytes()
    for n in (1, 2):
        Store.create(folder, connection.new_key()).close()
        assert (folder / f"vault.db.headless-{n}").exists()
    assert (folder / "vault.db.headless-1").read_bytes() == whole


def test_a_creation_cut_short_leaves_no_database(folder: Path, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "")))
        with pytest.raises(Unavailable) as caught:
            Store.create(folder, key)
    assert caught.value.code == "vault.disk_full"
    assert [one.name for one in folder.iterdir()] == ["vault.lock"]
    (folder / "vault.db.making").write_bytes(b"left by a crash")
    Store.create(folder, key).close()


def test_a_synchronised_folder_is_refused_at_the_start_and_told_later(opened: Opened, folder: Path, key: str) -> None:
    synced = folder / "drive"
    synced.mkdir(parents=True)
    (folder / ".stfolder").mkdir()
    with pytest.raises(NotAllowed) as caught:
        Store.create(synced / "vault", key)
    assert caught.value.code == "vault.synced_folder"
    assert list(synced.iterdir()) == []
    (folder / ".stfolder").rmdir()
    Store.create(synced / "vault", key).close()
    (folder / ".stfolder").mkdir()
    store = Store.open(synced / "vault", key)
    assert store.notices == ["vault.synced_folder"]
    store.close()


def test_no_row_that_enters_lays_out_a_table_of_its_own(store: Store) -> None:
    """A list in the condition of an index or a trigger does, with a pager of its own, at every row (schema 018)."""
    with store.read() as handle:
        tables = [
            row[0]
            for row in handle.rows("select name from sqlite_schema where type = 'table' and name not like 'sqlite%' and sql not like 'create virtual%'")
        ]
        for table in tables:
            columns = len(handle.rows("select 1 from pragma_table_info(?)", (table,)))
            plan = handle.rows(f"explain insert into {table} values ({', '.join('?' * columns)})", (None,) * columns)
            assert plan and not [row for row in plan if row[1] == "OpenEphemeral"], table
    assert "op" in tables
