"""Registers in tests: two to try them with, a second laptop, and what the vault keeps of rows, as it is compared (numbers that
only say in which order things came are left out)."""

from __future__ import annotations

from typing import Any

from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE

_SPACE = "register || '/' || side || '/' || register_space.room"
ROWS = (
    f"select {_SPACE}, key, cells, differing, differs, gone, register_row.at, register_row.tick, op.id from register_row"
    " join register_space on register_space.id = space join op on op.n = newest",
    f"select {_SPACE}, key, register_column.field, op.id, stands, told from register_said"
    " join register_row on register_row.id = row join register_space on register_space.id = register_row.space"
    " join register_column on register_column.id = register_said.field join op on op.n = register_said.n",
    f"select {_SPACE}, key, register_column.field, op, author from register_replaced"
    " join register_row on register_row.id = row join register_space on register_space.id = register_row.space"
    " join register_column on register_column.id = register_replaced.field",
    f"select {_SPACE}, key, register_column.field, sort from register_cell"
    " join register_row on register_row.id = row join register_space on register_space.id = register_row.space"
    " join register_column on register_column.id = register_cell.field",
    "select op.id, register from register_defined join op on op.n = register_defined.n",
    "select kind, ref, room, at, title from search_ref where kind = 'register'",
)


def enrolled(world: World, name: str, officer: str, code: str = "XA") -> Desk:
    """A further laptop of a delegation, known in `world` by `name`."""
    gate = world.gate(name)
    request = gate.ask_enrolment(officer=officer, role="Adviser", passphrase=bytearray(b"another one"))
    key_file = (world.base / code / KEY_FILE).read_bytes()
    rights = ("observe", "speak", "amend", "pen", "commit")
    answer = world[code].grant_enrolment(request, key_file, bytearray(PASSPHRASE), rights)
    desk = gate.finish_enrolment(answer, bytearray(b"another one"))
    desk.exchange.use_folder(world.share)
    desk.exchange.resend = 60_000
    world.desks[name] = desk
    return desk


def calm(world: World) -> None:
    """Until everybody has what there is; who joined is accepted."""
    world.exchange(rounds=2, pause=61_000)
    world.accept_laptops()
    world.exchange(rounds=5, pause=61_000)


def kept(desk: Desk) -> list[list[Any]]:
    """Everything a vault keeps of registers."""
    with desk.store.read() as handle:
        return [sorted(map(list, handle.rows(sql)), key=repr) for sql in ROWS]


OWN = """
id = "own"
title = { en = "Own", fr = "Propre" }
rows = ["record"]
sides = ["stated", "assessed"]
title_columns = ["name"]
running = "number"
review = 6
[[column]]
id = "name"
kind = "text"
title = { en = "Name", fr = "Nom" }
required = true
[[column]]
id = "number"
kind = "text"
title = "Number"
by_hand = false
[[column]]
id = "status"
kind = "choice"
title = "Status"
asks = ["date"]
[[column.choice]]
id = "open"
title = { en = "Open", fr = "Ouvert" }
[[column.choice]]
id = "closed"
title = { en = "Closed", fr = "Clos" }
[[column]]
id = "date"
kind = "date"
title = "Date"
[[column]]
id = "amount"
kind = "number"
title = "Amount"
[[column]]
id = "states"
kind = "state"
title = "States"
many = true
[[column]]
id = "urgent"
kind = "yesno"
title = "Urgent"
[[column]]
id = "evidence"
kind = "evidence"
title = "Evidence"
many = true
[[column]]
id = "review"
kind = "date"
title = "Review due"
[[column]]
id = "confidence"
kind = "text"
title = "Confidence"
internal = true
[[view]]
id = "board"
kind = "board"
title = "Board"
by = "status"
columns = ["date"]
[[export]]
id = "list"
kind = "pdf"
title = "List"
columns = ["name", "date"]
[[export]]
id = "dates"
kind = "ics"
title = "Dates"
columns = ["date", "review"]
"""
SHARED = """
id = "told"
title = "What States tell each other"
rows = ["state", "item"]
shared = true
[[column]]
id = "status"
kind = "choice"
title = "Status"
choices = "status"
[[column]]
id = "evidence"
kind = "evidence"
title = "Evidence"
many = true
[[item]]
id = "a"
title = "First"
[[item]]
id = "b"
title = "Second"
"""
