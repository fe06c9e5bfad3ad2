"""Migrations: all of it or none of it, and the vault as it was whenever something goes wrong."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from valise.domain.errors import Damaged, Refused, Unavailable, ValiseError
from valise.vault import connection, files, migrate
from valise.vault.store import DATABASE, Store

Opened = Callable[..., Store]
# what a store needs of its schema: the first file, and the root beside the generation
BASE = migrate.steps()[0].sql + f"alter table generation add column root blob not null default x'{'00' * 16}';\n"
SECOND = """
-- a table; a trigger whose body has semicolons of its own
create table paper(id integer primary key, name text not null); create table log(line text);
create trigger told after insert on paper begin
  insert into log values ('a; b'); insert into log values (new.name);
end;
insert into paper(name) select key from setting;
"""
THIRD = "alter table paper add column pages integer not null default 1;\n"


class Crash(BaseException):
    """The process goes down here."""


def schema(folder: Path, *scripts: str) -> Path:
    folder.mkdir(exist_ok=True)
    for n, sql in enumerate(scripts, 1):
        (folder / f"{n:03}_step.sql").write_text(sql, "utf-8")
    return folder


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return schema(tmp_path / "old", BASE)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return schema(tmp_path / "new", BASE, SECOND, THIRD)


@pytest.fixture
def kept(opened: Opened, old: Path, folder: Path) -> bytes:
    """A closed vault of the old schema with something in it; the bytes of its database."""
    store = opened(schema=old)
    with store.write() as tx:
        tx.many("INSERT INTO setting(key, value) VALUES (?, '')", [("persimmon",), ("wainscot",)])
    store.close()
    return (folder / DATABASE).read_bytes()


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir() if not one.name.endswith((".lock", ".seal", "-wal", "-shm")))


def papers(store: Store) -> list[tuple[str, int]]:
    with store.read() as reader:
        return reader.rows("SELECT name, pages FROM paper ORDER BY id")


NEW_ROWS = [("persimmon", 1), ("wainscot", 1)]


def test_an_older_vault_is_brought_up_to_date(opened: Opened, kept: bytes, new: Path, folder: Path) -> None:
    store = opened(schema=new)
    assert store.notices == []
    assert papers(store) == NEW_ROWS
    with store.read() as reader:
        assert reader.value("PRAGMA user_version") == 3
        assert reader.rows("SELECT line FROM log") == [("a; b",), ("persimmon",), ("a; b",), ("wainscot",)]
    with store.write() as tx, pytest.raises(Refused):
        tx.run("INSERT INTO paper(id, name) VALUES (1, 'x')")
    store.close()
    assert names(folder) == ["vault.db"]
    assert papers(opened(schema=new)) == NEW_ROWS


def test_what_a_crash_left_in_the_log_comes_along(opened: Opened, old: Path, new: Path) -> None:
    store = opened(schema=old)
    with store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES ('in the log', '')")
    store.abandon()
    store = opened(schema=new)
    assert papers(store) == [("in the log", 1)]
    assert store.notices == ["vault.unclean"]


def test_a_newer_vault_is_refused_and_left_alone(
    opened: Opened, kept: bytes, old: Path, new: Path, folder: Path, key: str
) -> None:
    opened(schema=new).close()
    whole = (folder / DATABASE).read_bytes()
    with pytest.raises(Refused) as caught:
        Store.open(folder, key, schema=old)
    assert caught.value.code == "vault.newer"
    assert (folder / DATABASE).read_bytes() == whole
    assert papers(opened(schema=new)) == NEW_ROWS


@pytest.mark.parametrize(
    "bad",
    [
        "insert into nowhere values (1);",
        "insert into setting(key, value) values ('persimmon', '');",
        "create table child(of integer references setting(rowid)); insert into child values (77);",
        "create table lost(of text references paper(id)); insert into lost values ('99');",
    ],
)
def test_a_failing_migration_puts_the_copy_back(
    opened: Opened, kept: bytes, old: Path, tmp_path: Path, folder: Path, key: str, bad: str
) -> None:
    with pytest.raises(ValiseError) as caught:
        Store.open(folder, key, schema=schema(tmp_path / "bad", BASE, SECOND, bad))
    assert caught.value.code in ("migrate.failed", "vault.constraint")
    assert (folder / DATABASE).read_bytes() == kept
    assert names(folder) == ["vault.db"]
    opened(schema=old)


def test_a_migration_that_leaves_damage_is_undone(
    opened: Opened, kept: bytes, new: Path, old: Path, folder: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrate, "_sound", lambda _: False)
    with pytest.raises(ValiseError) as caught:
        Store.open(folder, key, schema=new)
    assert caught.value.code == "migrate.failed"
    assert (folder / DATABASE).read_bytes() == kept


@pytest.mark.parametrize("nth", range(1, 10))
@pytest.mark.parametrize("point", ["migrate.copied", "migrate.step", "migrate.before", "migrate.after"])
def test_a_crash_anywhere_is_made_good_at_the_next_start(
    opened: Opened, kept: bytes, new: Path, folder: Path, key: str, point: str, nth: int
) -> None:
    left = nth

    def fault(name: str) -> None:
        nonlocal left
        if name == point:
            left -= 1
            if left == 0:
                raise Crash

    try:
        Store.open(folder, key, schema=new, fault=fault).close()
    except Crash:
        assert "vault.db.before" in names(folder)
    else:
        assert left > 0
        assert nth > 1
    store = opened(schema=new)
    assert papers(store) == NEW_ROWS
    assert store.notices == []
    assert names(folder) == ["vault.db"]


@pytest.mark.parametrize("nth", [1, 2])
def test_a_crash_while_putting_back_is_finished_at_the_next_start(
    opened: Opened, kept: bytes, old: Path, tmp_path: Path, folder: Path, key: str, nth: int
) -> None:
    left = nth

    def fault(name: str) -> None:
        nonlocal left
        if name == "migrate.putting_back":
            left -= 1
            if left == 0:
                raise Crash

    bad = schema(tmp_path / "bad", BASE, "drop table setting; drop table setting;")
    with pytest.raises(Crash):
        Store.open(folder, key, schema=bad, fault=fault)
    assert "vault.db.back" in names(folder)
    store = opened(schema=old)
    assert store.notices == ["migrate.put_back"]
    with store.read() as reader:
        assert reader.value("SELECT count(*) FROM setting") == 2
    store.close()
    assert names(folder) == ["vault.db"]


def test_a_log_left_by_the_failed_migration_is_not_replayed_over_the_copy(
    kept: bytes, new: Path, old: Path, folder: Path, key: str, opened: Opened
) -> None:
    log = b""

    def fault(name: str) -> None:
        nonlocal log
        if name == "migrate.after":
            log = (folder / f"{DATABASE}-wal").read_bytes()
            raise Crash

    with pytest.raises(Crash):
        Store.open(folder, key, schema=new, fault=fault)
    (folder / "vault.db.before").rename(folder / "vault.db.back")
    (folder / f"{DATABASE}-wal").write_bytes(log)
    assert len(log) > 4096
    store = opened(schema=old)
    with store.read() as reader:
        assert reader.value("PRAGMA user_version") == 1
        assert reader.value("SELECT count(*) FROM setting") == 2


def test_nothing_is_copied_while_somebody_else_reads(
    opened: Opened, old: Path, new: Path, folder: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log cannot be emptied then, and a copy without it would lack what is in it."""
    monkeypatch.setattr(connection, "_BUSY_SECONDS", 0.01)
    store = opened(schema=old)
    other = connection.connect(folder / DATABASE, key, reading=True)
    other.execute("BEGIN")
    other.execute("SELECT * FROM setting").fetchall()
    with store.write() as tx:
        tx.run("INSERT INTO setting(key, value) VALUES ('in the log', '')")
    store.abandon()
    with pytest.raises(Unavailable) as caught:
        Store.open(folder, key, schema=new)
    assert caught.value.code == "vault.busy"
    assert names(folder) == ["vault.db"]
    other.close()
    assert papers(opened(schema=new)) == [("in the log", 1)]


def test_damage_done_while_migrating_brings_the_copy_back(
    opened: Opened, kept: bytes, new: Path, folder: Path, key: str
) -> None:
    def fault(name: str) -> None:
        if name == "migrate.after":
            raise Crash

    with pytest.raises(Crash):
        Store.open(folder, key, schema=new, fault=fault)
    torn = bytearray((folder / DATABASE).read_bytes())
    for page in range(0, len(torn), 4096):
        torn[page + 100] ^= 1
    (folder / DATABASE).write_bytes(torn)
    store = opened(schema=new)
    assert store.notices == ["migrate.put_back"]
    assert papers(store) == NEW_ROWS
    store.close()
    assert names(folder) == ["vault.db"]


def test_when_the_copy_is_damaged_too_nothing_is_touched(kept: bytes, new: Path, folder: Path, key: str) -> None:
    torn = kept[:100] + bytes([kept[100] ^ 1]) + kept[101:]
    for name in (DATABASE, "vault.db.before"):
        (folder / name).write_bytes(torn)
    with pytest.raises(Damaged) as caught:
        Store.open(folder, key, schema=new)
    assert caught.value.code == "vault.damaged"
    assert {(folder / name).read_bytes() for name in (DATABASE, "vault.db.before")} == {torn}


def test_an_older_program_leaves_an_unfinished_newer_migration_alone(
    kept: bytes, old: Path, new: Path, folder: Path, key: str, opened: Opened
) -> None:
    def fault(name: str) -> None:
        if name == "migrate.after":
            raise Crash

    with pytest.raises(Crash):
        Store.open(folder, key, schema=new, fault=fault)
    with pytest.raises(Refused):
        Store.open(folder, key, schema=old)
    assert "vault.db.before" in names(folder)
    assert papers(opened(schema=new)) == NEW_ROWS


def test_no_room_for_the_copy_changes_nothing(
    opened: Opened, kept: bytes, new: Path, folder: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "planted")

    with monkeypatch.context() as patch:
        patch.setattr(files.shutil, "copyfileobj", full)
        with pytest.raises(Unavailable) as caught:
            Store.open(folder, key, schema=new)
    assert caught.value.code == "vault.disk_full"
    assert names(folder) == ["vault.db"]
    assert papers(opened(schema=new)) == NEW_ROWS


def test_the_copy_is_as_encrypted_as_the_database(kept: bytes, new: Path, folder: Path, key: str) -> None:
    copies: list[bytes] = []

    def fault(name: str) -> None:
        if name == "migrate.copied":
            copies.append((folder / "vault.db.before").read_bytes())

    Store.open(folder, key, schema=new, fault=fault).close()
    assert copies == [kept]
    assert b"persimmon" not in kept
    reopened = connection.connect(folder / DATABASE, key)
    reopened.close()


def test_foreign_keys_are_on_again_after_a_migration(kept: bytes, opened: Opened, new: Path) -> None:
    with opened(schema=new).write() as tx:
        assert tx.value("PRAGMA foreign_keys") == 1


@pytest.mark.parametrize("files_there", [[], ["002_a.sql"], ["001_a.sql", "003_b.sql"], ["001_a.sql", "001_b.sql"]])
def test_gaps_and_doubles_in_the_numbering_are_mistakes(tmp_path: Path, files_there: list[str]) -> None:
    for name in files_there:
        (tmp_path / name).write_text("select 1;")
    with pytest.raises(RuntimeError):
        migrate.steps(tmp_path)


def test_other_files_in_the_folder_are_not_steps(tmp_path: Path) -> None:
    for name in ("001_a.sql", "__init__.py", "notes.sql", "002_b.sql.orig"):
        (tmp_path / name).write_text("select 1;")
    assert [one.name for one in migrate.steps(tmp_path)] == ["001_a.sql"]


def test_a_script_cut_in_the_middle_is_a_mistake() -> None:
    assert list(migrate.statements("select 1; select ';'; -- end; really\n")) == ["select 1;", "select ';';"]
    for torn in ("select 1; select", "create trigger t after insert on x begin select 1;"):
        with pytest.raises(RuntimeError):
            list(migrate.statements(torn))


def test_the_schema_of_the_house_is_applied_whole(store: Store) -> None:
    steps = migrate.steps()
    with store.read() as reader:
        assert reader.value("PRAGMA user_version") == steps[-1].number
        there = {row[0] for row in reader.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert {"meta", "generation", "setting", "search", "search_ref", "event"} <= there
