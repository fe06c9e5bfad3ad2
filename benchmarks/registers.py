"""A register of 100,000 rows: opened, sorted, filtered, searched; a matrix of 193 States and 16 items; both painted.

Compared in the same run with bare SQLCipher giving the same rows by the same index, without rights, names or order of choices,
and with a bare QTableView that has its words in memory. What is found is compared with a scan over every row.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, child, held, median, percentile, spent
from benchmarks.search import bare_index
from valise.desk import citing, reference
from valise.desk.desk import Desk
from valise.desk.door_registers import Filter, Place, Row
from valise.desk.registers_lists import Seen
from valise.domain.register.values import order, sort_key
from valise.vault import registers, search
from valise.vault.store import Handle

ITEMS, TOGETHER, PAGE = 16, 2_000, 128
CITED = ("A/70/174 13 (f)", "norm 13f", "CBM 8 OSCE", "A/79/214", "OEWG", "vulnerabilities", "联合国规范 13f", "norme f")
CITED_GOAL, FOUND = 0.200, 50  # seconds at the 95th percentile; hits asked for
CHOICES = ("not_stated", "considering", "planned", "partial", "in_place")
COLUMNS = (
    ("name", "text", ""), ("date", "date", ""), ("amount", "number", ""), ("state", "state", ""),
    ("status", "choice", "".join(f'[[column.choice]]\nid = "{one}"\ntitle = "{one.replace("_", " ").title()}"\n' for one in CHOICES)),
    ("note", "long", ""), ("office", "text", ""), ("language", "language", "many = true"),
)  # fmt: skip
LIST = 'id = "list"\ntitle = "A list"\nrows = ["record"]\ntitle_columns = ["name"]\n' + "".join(
    f'[[column]]\nid = "{name}"\nkind = "{kind}"\ntitle = "{name.title()}"\n{more}\n' for name, kind, more in COLUMNS
)
GRID = (
    'id = "grid"\ntitle = "A grid"\nrows = ["state", "item"]\n'
    + LIST[LIST.index("[[column]]\nid = \"date\"") : LIST.index("[[column]]\nid = \"amount\"")]
    + LIST[LIST.index("[[column]]\nid = \"status\"") : LIST.index("[[column]]\nid = \"note\"")]
    + "".join(f'[[item]]\nid = "{n}"\ntitle = "Measure {n}"\n' for n in range(1, ITEMS + 1))
)


def run(options: Options) -> Ratios:
    """Ratios of CPU medians to bare SQLCipher: "open", "sort", "choices", "filter", "both", "words", "page", "matrix"; of seconds
    to a bare QTableView: "painted", "turned", "grid", "grid turned". "cited": p95 of a search for a citation to its goal, "cited
    bare": its CPU to the bare index asked for the same words. "differs": answers unlike the scan."""
    folder, facts = vault(options)
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        copy = Path(base) / "XA"
        shutil.copytree(folder / "XA", copy)
        desk = opened(copy)
        ratios = {**_asked(desk, options, facts["rows"]), **_cited(desk, options), "differs": float(against_scan(desk))}
        desk.close()
        ratios |= _painted(copy, options)
    return ratios


def vault(options: Options) -> tuple[Path, dict[str, Any]]:
    """A vault with both registers in it. Made once and kept in the cache."""
    rows = options.size(100_000, 300)
    return worlds.cached(options.cache, f"registers-{rows}", lambda base: make(base, rows, options.size(193, 12)))


def opened(folder: Path) -> Desk:
    """The vault, with the States of the world instead of those of training."""
    desk = worlds.unlock(folder)
    desk.registers.book.fictional = lambda: False  # type: ignore[method-assign]
    return desk


def make(base: Path, count: int, states: int) -> dict[str, Any]:
    """`count` rows of a list, and a row for each of `states` States and every item; one operation for each."""
    desk = worlds.found(base / "XA")
    desk.registers.define(LIST)
    desk.registers.define(GRID)
    speech, pick = worlds.Speech(11), random.Random(12)
    codes = [one.code for one in reference.states()][:states]
    crossed = [f"{state}/{item}" for state in codes for item in range(1, ITEMS + 1)]
    for part in worlds.grouped(count, TOGETHER):
        _write(desk, "list", [(f"r{n}", _row(speech, pick, codes)) for n in part])
    _write(desk, "grid", [(key, {"status": (pick.choice(CHOICES),), "date": (_date(pick),)}) for key in crossed])
    desk.close()
    return {"rows": count, "crossed": len(crossed)}


def _row(speech: worlds.Speech, pick: random.Random, codes: list[str]) -> dict[str, tuple[str, ...]]:
    return {
        "name": (speech.sentence(3),), "date": (_date(pick),), "amount": (str(pick.randrange(10_000)),), "state": (pick.choice(codes),),
        "status": (pick.choice(CHOICES),), "note": (speech.sentence(20),), "office": (speech.sentence(2),), "language": ("en", "fr"),
    }  # fmt: skip


def _date(pick: random.Random) -> str:
    return f"{pick.randrange(2000, 2030)}-{pick.randrange(1, 13):02}-{pick.randrange(1, 29):02}"


def _write(desk: Desk, register: str, rows: list[tuple[str, dict[str, tuple[str, ...]]]]) -> None:
    writing = desk.registers.writing
    with desk.context.write() as tx:
        making = writing.making(tx, Place(register, ""))
        for key, values in rows:
            writing.change(tx, making, Place(register, key), Seen(0, key, {}), values, new=True)


def _asked(desk: Desk, options: Options, rows: int) -> Ratios:
    door = desk.registers
    word = worlds.Speech(11).words[400]
    some = Filter(only={"status": ("planned",)})
    with desk.context.read() as handle:
        spaces = {one: registers.space(handle, one, "stated", "") for one in ("list", "grid")}
        fields = dict(handle.rows("select field, id from register_column where space = ?", (spaces["list"],)))
    here = (spaces["list"],)
    ids = door.ids("list")
    acts: tuple[tuple[str, str, Callable[[], object], str, tuple[object, ...]], ...] = (
        ("open", "open: every id and the first page", lambda: door.page(door.ids("list")[:PAGE]),
         "select id from register_row where space = ? and gone = 0", here),
        ("sort", "sorted by words", lambda: door.ids("list", sort="name"),
         "select row from register_cell where field = ? order by sort, row", (fields["name"],)),
        ("choices", "sorted by a choice, downwards", lambda: door.ids("list", sort="-status"),
         "select row from register_cell where field = ? order by sort desc, row desc", (fields["status"],)),
        ("filter", "filtered by a choice", lambda: door.ids("list", filter=some),
         "select row from register_cell where field = ? and sort = 'planned'", (fields["status"],)),
        ("both", "filtered by a choice, sorted by date", lambda: door.ids("list", filter=some, sort="-date"),
         "select a.row from register_cell a where a.field = ? and exists (select 1 from register_cell b where b.field = ?"
         " and b.sort = 'planned' and b.row = a.row) order by a.sort desc", (fields["date"], fields["status"])),
        ("words", "filtered by a word", lambda: door.ids("list", filter=Filter(words=word)),
         "select rowid from search where search match ?", (f'"{word}"*',)),
        ("page", f"a page of {PAGE} rows further", lambda: door.page(ids[-PAGE:]),
         f"select cells from register_row where space = ? order by id desc limit {PAGE}", here),
        ("matrix", "the matrix", lambda: door.matrix("grid", "stated", "status"),
         "select key, cells from register_row where space = ?", (spaces["grid"],)),
    )  # fmt: skip
    table = Table(f"A register of {rows:,} rows; a matrix", ("what", "median ms", "p95 ms", "CPU median ms", "bare SQLCipher ms", "ratio"))
    ratios: Ratios = {}
    with desk.context.read() as handle:
        for name, line, act, sql, values in acts:
            took, bare = _both(handle, act, sql, values, options.size(15, 2))
            ratios[name] = median([one.cpu for one in took]) / max(median([one.cpu for one in bare]), 1e-5)
            walls = [one.wall * 1e3 for one in took]
            table.add(line, median(walls), percentile(walls, 0.95), median([one.cpu for one in took]) * 1e3,
                      median([one.cpu for one in bare]) * 1e3, ratios[name])  # fmt: skip
    print(table.markdown())
    return ratios


def _cited(desk: Desk, options: Options) -> Ratios:
    """What is searched as it is cited, in a vault that holds the rows above; by turns with the bare index."""
    table = Table("Search for what is cited", ("words", "median ms", "p95 ms", "CPU median ms", "bare index CPU ms", "ratio", "goal p95"))
    citing._citations.cache_clear()
    with spent() as first:
        desk.search(CITED[0], FOUND)
    every: list[float] = []
    ratios: list[float] = []
    for words in CITED:
        ours, bare = [], []
        for _ in range(options.size(25, 2)):
            with spent() as took:
                desk.search(words, FOUND)
            ours.append(took)
            bare.append(bare_index(desk, words))
        walls = [one.wall for one in ours]
        every += walls
        ratios.append(median([one.cpu for one in ours]) / max(median(bare), 1e-5))
        table.add(words, median(walls) * 1e3, percentile(walls, 0.95) * 1e3, median([one.cpu for one in ours]) * 1e3,
                  median(bare) * 1e3, ratios[-1])  # fmt: skip
    late = max(percentile(every, 0.95), first.wall)
    table.add("all, and the first, for which the table of citations is made", median(every) * 1e3, late * 1e3, "", "", median(ratios),
              held(late * 1e3, CITED_GOAL * 1e3))  # fmt: skip
    print(table.markdown())
    return {"cited": late / CITED_GOAL, "cited bare": median(ratios)}


def _both(handle: Handle, act: Callable[[], object], sql: str, values: tuple[object, ...], times: int) -> tuple[list[Any], list[Any]]:
    """Ours and bare by turns, so that whatever else the machine does is in both."""
    ours, bare = [], []
    for _ in range(times):
        with spent() as took:
            act()
        ours.append(took)
        with spent() as took:
            handle.rows(sql, values)
        bare.append(took)
    return ours, bare


def against_scan(desk: Desk) -> int:
    """How many orders and filters give other rows than going through every one of them."""
    door = desk.registers
    ids = door.ids("list")
    every: list[Row] = [row for start in range(0, len(ids), PAGE) for row in door.page(ids[start : start + PAGE])]
    differs = 0
    for name in ("name", "date", "amount"):
        wanted = sorted(every, key=lambda row: (order(sort_key(row.cells[name].values[0])), row.id))
        differs += [row.id for row in wanted] != list(door.ids("list", sort=name))
    holds = search.scan(worlds.Speech(11).words[400])
    checks: tuple[tuple[Filter, Callable[[Row], bool]], ...] = (
        (Filter(only={"status": ("planned", "partial")}), lambda row: row.cells["status"].values[0] in ("planned", "partial")),
        (Filter(only={"office": ()}), lambda row: not row.cells["office"].values),
        (Filter(words=worlds.Speech(11).words[400]), lambda row: any(holds(cell.shown) for cell in row.cells.values())),
    )
    for filter, passes in checks:
        differs += {row.id for row in every if passes(row)} != set(door.ids("list", filter=filter))
    return differs


def _painted(folder: Path, options: Options) -> Ratios:
    environ = {"QT_QPA_PLATFORM": "offscreen", **options.environ()}
    runs = options.size(3, 1)
    bare = [child("benchmarks.tabled", "bare", str(folder), environ=environ) for _ in range(runs)]
    ours = [child("benchmarks.tabled", "ours", str(folder), environ=environ) for _ in range(runs)]
    table = Table(f"Painted ({runs} runs, offscreen)", ("what", "bare QTableView ms", "ours ms", "ratio"))
    ratios: Ratios = {}
    for name, key, line in (("painted", "open", "the list, until painted"), ("turned", "pages", "a page further, median"),
                            ("grid", "grid", "the matrix, until painted"), ("grid turned", "grid pages", "a page of it further")):  # fmt: skip
        plain, full = (median([one for run in some for one in run[key]]) for some in (bare, ours))
        ratios[name] = full / max(plain, 1e-6)
        table.add(line, plain * 1e3, full * 1e3, ratios[name])
    print(table.markdown())
    return ratios
