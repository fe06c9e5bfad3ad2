"""Is what is on the disk still what was written? A check with a dated result, kept in the vault."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass

from valise.domain.errors import Damaged
from valise.vault.store import Handle, Store

Progress = Callable[[int, int], None]  # done, total
_KEY = "check"


@dataclass(frozen=True, slots=True)
class Check:
    """`at` ms UTC, `took` ms. `problems`: "pages" (a page does not verify), "tables", "search", "references"."""

    at: int
    took: int
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.problems


def integrity(store: Store, now: int, progress: Progress | None = None) -> Check:
    """Check every page, table, index and reference; keep the result under the date `now` (ms UTC).

    Runs seconds to minutes and holds no transaction longer than one table needs. Never raises for damage it finds;
    raises Unavailable("vault.*") when the disk does not answer.
    """
    tell = progress or (lambda done, total: None)
    began = time.perf_counter()
    problems: set[str] = set()
    try:
        # Only the database file is looked at by the page check, so the log must be in it first.
        store.checkpoint()
        with store.read() as reader:
            tables = [row[0] for row in reader.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        total = len(tables) + 3
        with store.read() as reader:
            if reader.rows("PRAGMA cipher_integrity_check"):
                problems.add("pages")
        tell(1, total)
        for done, table in enumerate(tables, 2):
            with store.read() as reader:
                if reader.rows(f"PRAGMA quick_check({_quoted(table)})") != [("ok",)]:
                    problems.add("tables")
            tell(done, total)
        with store.read() as reader:
            if reader.row("PRAGMA foreign_key_check") is not None:
                problems.add("references")
        tell(total - 1, total)
        with store.read() as reader:
            if not _search(reader):
                problems.add("search")
        tell(total, total)
    except Damaged:
        problems.add("tables")
    made = Check(now, round((time.perf_counter() - began) * 1000), tuple(sorted(problems)))
    _keep(store, made)
    return made


def last(handle: Handle) -> Check | None:
    """The result kept by the last check, or None when there was none yet."""
    kept = handle.value("SELECT value FROM meta WHERE key = ?", (_KEY,))
    if kept is None:
        return None
    value = json.loads(kept)
    return Check(value["at"], value["took"], tuple(value["problems"]))


def _search(reader: Handle) -> bool:
    """Whether index and the rows it stands for are the same set. (The index itself is one of the tables checked.)"""
    strays = reader.rows("SELECT rowid FROM search EXCEPT SELECT rowid FROM search_ref LIMIT 1")
    missing = reader.rows("SELECT rowid FROM search_ref EXCEPT SELECT rowid FROM search LIMIT 1")
    return not strays and not missing


def _keep(store: Store, made: Check) -> None:
    value = json.dumps({"at": made.at, "took": made.took, "problems": made.problems})
    try:
        with store.write() as tx:
            tx.run("INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)", (_KEY, value))
            if not made.sound:
                tx.run("INSERT INTO event(at, code, detail) VALUES (?, 'check.failed', ?)", (made.at, value))
    except Damaged:
        return  # what it found keeps it from being written; the caller has it
    if made.sound:
        store.found_sound()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
