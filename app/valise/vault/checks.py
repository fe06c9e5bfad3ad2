"""Is what is on the disk still what was written? A check with a dated result, kept in the vault.

`integrity` does all of it at once, `Scrub` the same in steps with a little work each, while the vault is in use.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from valise.domain.errors import Damaged, Refused
from valise.vault import good, pages
from valise.vault.store import Handle, Store

Progress = Callable[[int, int], None]  # done, total
_KEY = "check"


@dataclass(frozen=True, slots=True)
class Check:
    """`at` ms UTC, `took` ms. `problems`: "pages" (a page does not verify), "tables", "search", "references", "logs"."""

    at: int
    took: int
    problems: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return not self.problems


class Scrub:
    """The whole check in steps. No step holds a transaction longer than one table needs; others write in between."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.done = 0
        self._problems: set[str] = set()
        self._took = 0.0
        with store.read() as reader:
            self._tables = [row[0] for row in reader.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        self._pages = list(range(1, good.count(store) + 1, pages.SLICE))
        self.total = len(self._pages) + 2 * len(self._tables) + 2
        self._steps = self._every()

    def step(self) -> bool:
        """Do the next step; False when there is none left. Never raises for damage it finds; Unavailable("vault.*")."""
        began = time.perf_counter()
        try:
            problem = next(self._steps, None)
        except Damaged:
            # a generator that has raised is over: whatever else there is to find, this is reason enough to stop
            problem = "tables"
            self.done = self.total - 1
        self._took += time.perf_counter() - began
        if problem is None:
            return False
        if problem:
            self._problems.add(problem)
        self.done += 1
        return self.done < self.total

    def result(self, now: int) -> Check:
        """What was found, kept under the date `now` (ms UTC)."""
        made = Check(now, round(self._took * 1000), tuple(sorted(self._problems)))
        _keep(self.store, made)
        return made

    def _every(self) -> Iterator[str]:
        for first in self._pages:
            yield "pages" if good.bad(self.store, first) else ""
        if self._problems:
            # a connection that meets such a page answers nothing more: what else is wrong is found when it is salvaged
            self.done = self.total
            return
        for table in self._tables:
            with self.store.read() as reader:
                sound = reader.rows(f"PRAGMA integrity_check({_quoted(table)})") == [("ok",)]
            yield "" if sound else "tables"
        for table in self._tables:
            with self.store.read() as reader:
                broken = reader.row(f"PRAGMA foreign_key_check({_quoted(table)})") is not None
            yield "references" if broken else ""
        with self.store.read() as reader:
            sound = _search(reader)
        yield "" if sound else "search"
        with self.store.read() as reader:
            sound = "op" not in self._tables or _logs(reader)
        yield "" if sound else "logs"


def integrity(store: Store, now: int, progress: Progress | None = None) -> Check:
    """Check every page, table, index and reference; keep the result under the date `now` (ms UTC).

    Runs seconds to minutes and holds no transaction longer than one table needs. Never raises for damage it finds;
    raises Unavailable("vault.*") when the disk does not answer.
    """
    tell = progress or (lambda done, total: None)
    try:
        # Only the database file is looked at by the page check, so the log must be in it first.
        store.checkpoint()
        scrub = Scrub(store)
    except Damaged:
        made = Check(now, 0, ("tables",))
        _keep(store, made)
        return made
    going = True
    while going:
        going = scrub.step()
        tell(scrub.done, scrub.total)
    return scrub.result(now)


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


def _logs(reader: Handle) -> bool:
    """Whether each log reaches as far as its operations do: an old page of either would leave one behind."""
    return not reader.rows(
        "SELECT 1 FROM (SELECT room, klass, device, max(seq) AS top FROM op GROUP BY room, klass, device) AS found"
        " LEFT JOIN log USING (room, klass, device) WHERE log.top IS NULL OR log.top < found.top"
        " UNION ALL SELECT 1 FROM log WHERE klass = 0 AND top > 0 AND NOT EXISTS (SELECT 1 FROM op WHERE op.room = log.room"
        " AND op.klass = 0 AND op.device = log.device AND op.seq = log.top) LIMIT 1"
    )


def _keep(store: Store, made: Check) -> None:
    value = json.dumps({"at": made.at, "took": made.took, "problems": made.problems})
    if not made.sound:
        store.found_damaged()
    try:
        with store.write() as tx:
            tx.run("INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)", (_KEY, value))
            if not made.sound:
                tx.run("INSERT INTO event(at, code, detail) VALUES (?, 'check.failed', ?)", (made.at, value))
    except (Damaged, Refused):
        return  # what it found keeps it from being written; the caller has it
    if made.sound:
        store.found_sound()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
