"""The file of a backup: every cut, every flipped byte; what it holds and never holds; older schemas; forged rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.world import FAST, World

from valise.domain.errors import Damaged, NotAllowed, Refused, Unavailable, ValiseError, WrongPassphrase
from valise.protocol import cbor
from valise.vault import backup, backup_file, backup_restore, backup_tables, header, migrate
from valise.vault import connection as cx
from valise.vault.backup_file import Cover
from valise.vault.connection import new_key
from valise.vault.slots import Given
from valise.vault.store import Store


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Two delegations with a room, words for and not for the record, a file, a text, a library."""
    made = World(tmp_path_factory.mktemp("world"), ("XA", "XB"))
    room = made.room()
    desk = made["XA"]
    file = desk.messages.attach(room, "annex.txt", b"an annex " * 20_000)
    desk.messages.send(room, "for the record", subject="one", for_the_record=True, attachments=[file.id])
    desk.messages.send(room, "between us", subject="two")
    desk.texts.open(room, "Draft", symbol="F/1", paragraphs=[{"section": "OP", "label": "OP 1", "words": "Decides."}])
    desk.library.take_in(_document())
    made.exchange()
    made["XB"].messages.send(room, "an answer", for_the_record=True)
    made.exchange()
    yield made
    made.close()


def _document() -> Any:
    from valise.desk.library import Read

    told = {
        "symbol": "FICT/1", "title": "A resolution", "language": "en",
        "paragraphs": [{"label": "OP 1", "section": "OP", "words": "Decides to meet again"}],
    }  # fmt: skip
    return Read((("digest", told),), 0, (), 1)


def silent(done: int, total: int) -> None:
    return None


def given(words: bytes = b"of the backup") -> Given:
    return Given(passphrase=bytearray(words))


def made_of(store: Store, scope: backup_tables.Scope | None = None) -> tuple[bytes, str, Cover, backup.Contents]:
    key = new_key()
    loaded = header.load(store.folder).header
    cover = backup_file.seal_cover(bytearray(b"of the backup"), key, store._key, loaded, 7, FAST)
    out = io.BytesIO()
    with store.read() as reader:
        device = reader.value("select id from device join (select id as who from delegation where own = 1) on who = delegation")
        front, parts = backup.plan(reader, scope, 7, device, 0)
        contents = backup.write(reader, out, cover, key, front, parts, silent)
    return out.getvalue(), key, cover, contents


@pytest.fixture(scope="module")
def written(world: World) -> tuple[bytes, str, Cover, backup.Contents]:
    return made_of(world["XA"].store)


def read_whole(data: bytes, words: bytes = b"of the backup") -> backup.Contents:
    source = io.BytesIO(data)
    cover = backup_file.read_cover(source)
    contents: backup.Contents
    *_, contents = backup.read(source, cover, backup_file.open_cover(cover, given(words), FAST))
    return contents


def test_what_is_read_is_what_was_written(written: Any, world: World) -> None:
    data, _, cover, contents = written
    assert read_whole(data) == contents and contents.rows > 10
    assert backup_file.read_cover(io.BytesIO(data)) == cover
    with world["XA"].store.read() as reader:
        assert backup.digest(reader) == contents
    with pytest.raises(WrongPassphrase, match=r"backup\.passphrase"):
        read_whole(data, b"another")


def test_a_backup_cut_anywhere_is_refused_and_named(written: Any) -> None:
    data = written[0]
    start = data.index(b"\n") + 1
    edges = {0, 1, start - 1, start, start + 4, len(data) - 1}
    places = sorted(edges | set(range(0, len(data), max(1, len(data) // 400))))
    codes = set()
    for place in places:
        with pytest.raises(ValiseError) as refused:
            read_whole(data[:place])
        codes.add(refused.value.code)
    assert codes <= {"backup.cut", "backup.magic"} and "backup.cut" in codes
    with pytest.raises(Damaged, match=r"backup\.altered"):
        read_whole(data + b"\0")


def test_a_flipped_byte_anywhere_is_refused_and_named(written: Any) -> None:
    data = written[0]
    size = int.from_bytes(data[16:20], "big")
    places = [*range(20), *range(20, 20 + size, 7), *range(20 + size, 20 + size + 40), len(data) - 1]
    places += list(range(20 + size, len(data), max(1, len(data) // 300)))
    codes = set()
    for place in places:
        torn = bytearray(data)
        torn[place] ^= 1
        with pytest.raises(ValiseError) as refused:
            read_whole(bytes(torn))
        codes.add(refused.value.code)
    assert codes <= {
        "backup.magic", "backup.newer", "backup.cover", "backup.altered", "backup.cut", "backup.passphrase",
        "slot.downgraded", "slot.excessive",
    }  # fmt: skip


def test_frames_of_two_backups_are_not_exchanged(written: Any, world: World) -> None:
    data, other = written[0], made_of(world["XA"].store)[0]
    size = int.from_bytes(data[16:20], "big")
    with pytest.raises(Damaged, match=r"backup\.altered"):
        read_whole(data[: 20 + size] + other[20 + int.from_bytes(other[16:20], "big") :])


# what it holds


def test_every_table_is_in_one_of_the_lists(world: World) -> None:
    lists = (set(backup_tables.KEPT), set(backup_tables.DERIVED), set(backup_tables.NEVER))
    with world["XA"].store.read() as reader:
        there = set(backup_tables.tables(reader))
        assert backup_tables.unsorted(reader) == []
    assert there == set().union(*lists), "a table is in no list, or a list names one that is not there"
    assert sum(map(len, lists)) == len(there), "a table is in two lists"


def test_a_new_table_is_noticed(world: World) -> None:
    with world["XB"].store.write() as tx:
        tx.run("create table of_tomorrow(a)")
        assert backup_tables.unsorted(tx) == ["of_tomorrow"]
        tx.run("drop table of_tomorrow")


def secrets_of(store: Store) -> dict[str, bytes]:
    """Everything in tables that are never in a backup, as bytes, longer than what may occur by chance."""
    found: dict[str, bytes] = {}
    with store.read() as reader:
        for table in backup_tables.NEVER - {"meta", "generation"}:
            for n, row in enumerate(reader.rows(f"select * from {table}")):
                for place, value in enumerate(row):
                    if isinstance(value, bytes) and len(value) >= 16:
                        found[f"{table} {n} {place}"] = value
        secret = cbor.decode(reader.row("select value from secret where name = 'device'")[0])
    return found | {f"device {name}": value for name, value in secret.items() if isinstance(value, bytes)}


def test_no_key_and_no_ratchet_is_in_a_backup(world: World, written: Any) -> None:
    data, key, cover, _ = written
    source = io.BytesIO(data)
    backup_file.read_cover(source)
    plain = b"".join(backup_file.frames(source, cover, key))
    secrets = secrets_of(world["XA"].store)
    del secrets["device mailbox"]  # stands on the card, for everybody
    assert len(secrets) > 20 and {"device ed25519", "device composite", "device olm", "device prekey"} <= set(secrets)
    assert {name for name, value in secrets.items() if value in plain} == set()
    assert b"between us" in plain and b"between us" not in data


# restoring


def restored(data: bytes, folder: Path, schema: Any = None) -> tuple[Store, backup.Contents]:
    source = io.BytesIO(data)
    cover = backup_file.read_cover(source)
    opened = backup_file.open_cover(cover, given(), FAST)
    store, _, contents = backup_restore.build(source, cover, opened, folder, new_key(), 9, silent, schema)
    return store, contents


def rows_of(store: Store) -> dict[str, list[Any]]:
    """Every kept and derived table but the indices, as rows."""
    with store.read() as reader:
        return {
            table: sorted(reader.rows(f"select * from {table}"), key=repr)
            for table in sorted({*backup_tables.KEPT, *backup_tables.DERIVED})
            if table not in ("search", "search_ref", "agreed", "agreed_words", "text_cache")
        }


def test_c9_a_backup_is_restored_to_the_same_history(world: World, written: Any, tmp_path: Path) -> None:
    """Every allowed table has the same digest, every derived one the same rows, and everything is found again."""
    store, contents = restored(written[0], tmp_path / "new")
    try:
        with store.read() as reader:
            assert backup.digest(reader) == contents == written[3]
            assert reader.rows("select count(*) from secret") == [(0,)]
            found = {(row[0], row[1]) for row in reader.rows("select kind, ref from search_ref")}
            assert reader.value("select count(*) from agreed where agreed match 'meet'") == 1
        with world["XA"].store.read() as reader:
            assert found == {(row[0], row[1]) for row in reader.rows("select kind, ref from search_ref")}
        assert rows_of(store) == rows_of(world["XA"].store)
    finally:
        store.abandon()


def test_a_torn_backup_leaves_nothing(written: Any, tmp_path: Path) -> None:
    for place in (len(written[0]) - 1, len(written[0]) // 2):
        with pytest.raises(Damaged):
            restored(written[0][:place], tmp_path / "new")
        assert not (tmp_path / "new").exists()


def test_a_vault_that_is_there_is_not_touched(written: Any, world: World) -> None:
    home = world["XB"].store.folder
    before = {one.name: one.stat().st_size for one in home.iterdir()}
    with pytest.raises(Unavailable, match=r"vault\.busy"):
        restored(written[0], home)
    world["XB"].close()
    with pytest.raises(NotAllowed, match=r"vault\.exists"):
        restored(written[0], home)
    assert {one.name for one in home.iterdir()} >= set(before) - {"vault.db-wal", "vault.db-shm"}
    world.reopen("XB")


class _Older:
    """The schema files up to a number, as the folder of a version that had no more."""

    def __init__(self, upto: int) -> None:
        self._files = [_File(one.name, one.sql) for one in migrate.steps() if one.number <= upto]

    def iterdir(self) -> Iterator[Any]:
        return iter(self._files)


class _File:
    def __init__(self, name: str, text: str) -> None:
        self.name, self._text = name, text

    def read_text(self, encoding: str) -> str:
        return self._text


OLDER = 4


LEAN = {  # what a laptop's row held before it was made lean (017)
    ("delegation", "card"): "(select card from delegation_card where delegation = delegation.id)",
    ("device", "certificate"): "(select raw from certificate where hash = certificate_hash)",
    ("device", "certificate_sig"): "(select sig from certificate where hash = certificate_hash)",
    ("device", "composite"): "zeroblob(1984)",
    ("device", "prekey"): "(select prekey from device_prekey where device = device.id)",
}


def test_a_backup_of_an_older_schema_is_restored(world: World, tmp_path: Path) -> None:
    """Made by a version that knew four schema files; every file since brings the restored vault up to date."""
    (tmp_path / "old").mkdir()
    key = new_key()
    migrate.make(tmp_path / "old" / "vault.db", key, migrate.steps()[:OLDER])
    connection = cx.connect(tmp_path / "old" / "vault.db", key)
    columns = {
        table: tuple(row[1] for row in connection.execute(f"pragma table_info({table})"))
        for table in backup_tables.KEPT
        if connection.execute("select 1 from sqlite_schema where name = ?", (table,)).fetchone()
    }
    connection.close()
    assert "certificate" not in columns and "rooms" not in columns["device"]
    out = io.BytesIO()
    cover = backup_file.seal_cover(bytearray(b"of the backup"), key, key, header.new("", 1), 7, FAST)
    with world["XA"].store.read() as reader:
        front, parts = backup.plan(reader, None, 7, "", 0)
        parts = [
            backup_tables.Part(one.table, columns[one.table], one.sql.replace(", ".join(f'"{c}"' for c in one.columns),
                               ", ".join(LEAN.get((one.table, c), f'"{c}"') for c in columns[one.table])), one.values)
            for one in parts if one.table in columns
        ]  # fmt: skip
        front = replace(front, schema=OLDER, columns={one.table: one.columns for one in parts})
        backup.write(reader, out, cover, key, front, parts, silent)
    data = out.getvalue()
    store, _ = restored(data, tmp_path / "new")
    try:
        with store.read() as reader:
            assert reader.value("pragma user_version") == len(migrate.steps()) > OLDER
        new, now = rows_of(store), rows_of(world["XA"].store)
        for table in ("op", "message", "room", "text", "certificate", "delegation", "delegation_card", "device", "device_prekey"):
            assert new[table] == now[table], table
    finally:
        store.abandon()


def test_a_backup_of_a_newer_version_is_refused(written: Any, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"backup\.newer"):
        restored(written[0], tmp_path / "new", _Older(OLDER))
    assert not (tmp_path / "new").exists()


FORGERIES = {
    "words": ("update op set raw = cast(replace(cast(raw as text), 'for the record', 'for the recorD') as blob)"
              " where kind = 'message.send' and klass = 0"),
    "author": "update op set author = (select id from delegation where own = 0) where kind = 'message.send'",
    "number": "update op set seq = seq + 1 where n = (select max(n) from op)",
    "signature": "update op set sig = zeroblob(length(sig)) where n = 1",
    "card": "update delegation_card set card = (select card from delegation_card join delegation on delegation = id where own = 1)"
             " where delegation in (select id from delegation where own = 0)",
    "officer": "update device set rights = 'observe' where rowid = 1",
    "key": "update device set ed25519 = zeroblob(32) where rowid = 1",
    "certificate": "update certificate set sig = zeroblob(length(sig))",
}  # fmt: skip


@pytest.mark.parametrize("forgery", sorted(FORGERIES))
def test_what_was_not_signed_is_not_believed(world: World, tmp_path: Path, forgery: str) -> None:
    """Somebody who knows the passphrase made the backup of a vault he had altered."""
    store = world["XA"].store
    with pytest.raises(_Undo), store.write() as tx:
        assert tx.run(FORGERIES[forgery]).rowcount > 0
        key = new_key()
        cover = backup_file.seal_cover(bytearray(b"of the backup"), key, store._key, header.load(store.folder).header, 7, FAST)
        out = io.BytesIO()
        front, parts = backup.plan(tx, None, 7, "", 0)
        backup.write(tx, out, cover, key, front, parts, silent)
        raise _Undo
    with pytest.raises(Refused, match=r"backup\.forged"):
        restored(out.getvalue(), tmp_path / "new")
    assert not (tmp_path / "new").exists()


class _Undo(Exception):
    pass
