"""What a person sees of the ways of exchange and decides about them."""

from __future__ import annotations

import time
from typing import Any, Literal

from valise.desk.carriage import Carriage, Line
from valise.desk.context import Context
from valise.desk.door_exchange import WAYS, Served, Tried, Way, WayView
from valise.domain.errors import NotAllowed, ValiseError
from valise.vault import people
from valise.vault.store import Handle


def every(context: Context, carriage: Carriage, place: str, problem: str) -> list[WayView]:
    """All three ways. `place` = the folder that was chosen, `problem` = why it cannot be used at all."""
    with context.read() as handle:
        lacks = lacking(handle, context.own.device)
        chosen, book, now = carriage.chosen(handle), carriage.book(), context.clock.now()
        last = handle.value("select max(made_at) from courier_made where done = 1", (), 0)
    waiting = dict.fromkeys(WAYS, 0)
    for delegation, (count, _) in lacks.items():
        for way in carriage.ways(delegation, chosen, book, now)[:1] or ("courier",):
            waiting[way] += count
    found = []
    for way in WAYS:
        line = carriage.lines.get(way)
        if way == "courier":
            found.append(WayView(way, "", "ready", last_put=int(last or 0), waiting=waiting[way]))
        elif line is None:
            there = place if way == "folder" else ""
            found.append(WayView(way, there, "trouble" if there else "off", problem if there else "", waiting=waiting[way]))
        else:
            found.append(_line(line, waiting[way], now))
    return found


def _line(line: Line, waiting: int, now: int) -> WayView:
    state: Literal["ready", "connecting", "trouble"] = "trouble" if line.problem else "ready"
    if not line.problem and not line.last_fetch:
        state = "connecting"
    again = getattr(line.carrier, "next_try", None)
    wait = again() if callable(again) and line.problem else 0
    return WayView(
        line.way, line.place, state, line.problem, line.last_put, line.last_fetch, now + wait if wait else 0, waiting
    )


def served(context: Context, carriage: Carriage) -> list[Served]:
    """Every delegation that can be written to, and ours where it has other laptops."""
    with context.read() as handle:
        lacks = lacking(handle, context.own.device)
        chosen, book, now = carriage.chosen(handle), carriage.book(), context.clock.now()
        rows = handle.rows(
            "select delegation.id, code, name, own, stopped, card_number, count(device.id), coalesce(max(point_heard.at), 0)"
            " from delegation left join device on device.delegation = delegation.id and revoked_at = 0 and device.id != ?"
            " left join point_heard on point_heard.device = device.id"
            " where stopped != 'replaced' group by delegation.id order by own, code, delegation.id",
            (context.own.device,),
        )
        heard = dict(
            handle.rows(
                "select delegation, max(heard_at) from device join ratchet on ratchet.device = device.id group by delegation"
            )
        )
        put = dict(handle.rows("select delegation, put_at from way_met"))
    found = []
    for name, code, words, own, stopped, _, laptops, said in rows:
        if own and not laptops:
            continue
        waiting, oldest = lacks.get(name, (0, 0))
        ways = carriage.ways(name, chosen, book, now)
        why, problem = _why(carriage, name, ways, waiting, stopped)
        found.append(
            Served(
                name, code, words, ways, _wish(chosen.get(name, "")), carriage.possible(name, book), waiting, oldest, why,
                problem, max(said, heard.get(name, 0)), put.get(name, 0), bool(own),
            )
        )  # fmt: skip
    return found


def _why(carriage: Carriage, delegation: str, ways: tuple[Way, ...], waiting: int, stopped: str) -> tuple[str, str]:
    if not waiting:
        return "", ""
    if stopped:
        return "stopped", ""
    if not ways:
        return "way.none", ""
    if ways == ("courier",):
        return "way.courier", ""
    trouble = carriage.troubles.get(delegation)
    if trouble is not None and ways[0] == "relay":
        return "way.trouble", trouble.code
    problem = carriage.lines[ways[0]].problem if ways[0] in carriage.lines else ""
    return ("way.trouble", problem) if problem else ("unconfirmed", "")


def _wish(chosen: str) -> Literal["", "relay", "folder", "courier"]:
    return next((way for way in WAYS if way == chosen), "")


def choose(context: Context, carriage: Carriage, delegation: str, way: str) -> None:
    """A person's choice; "" takes it back. NotAllowed("way.impossible")."""
    with context.write() as tx:
        if people.one(tx, delegation) is None or (way and way not in carriage.possible(delegation, carriage.book())):
            raise NotAllowed("way.impossible")
        if way:
            tx.run("insert or replace into way(delegation, chosen) values (?,?)", (delegation, way))
        else:
            tx.run("delete from way where delegation = ?", (delegation,))
        carriage.everything_due(tx)
        context.touch(status=True)


def try_way(carriage: Carriage, way: Way) -> Tried:
    """Try one way out. Times by the monotonic clock, ms."""
    start = time.monotonic_ns()

    def since() -> int:
        return (time.monotonic_ns() - start) // 1_000_000

    line = carriage.lines.get(way)
    if line is None:
        return Tried("" if way == "courier" else "way.off", since())
    probe: Any = getattr(line.carrier, "probe", None)
    try:
        if probe is not None:
            found = probe()
            return Tried(found.code, found.milliseconds, found.software, tuple(found.seen))
        line.carrier.prepare()
    except ValiseError as error:
        return Tried(error.code, since())
    return Tried("", since(), seen=("wrote", "removed"))


# How far each laptop of others has what this one wrote. `held` grows with every receipt: it is asked for its newest, never read through.
_REACHED = """
    select log.room, log.klass, log.top, device.delegation, device.id, max(
        coalesce((select max(seq) from held where held.room = log.room and held.klass = log.klass and held.device = device.id), 0),
        coalesce((select seq - 1 from chat_base where log.klass = 1 and chat_base.room = log.room and chat_base.device = device.id), 0))
    from log join room_member on room_member.room = log.room
    join device on device.delegation = room_member.delegation and device.revoked_at = 0 and device.id != ?
    where log.device = ?
"""


def lacking(handle: Handle, device: str) -> dict[str, tuple[int, int]]:
    """Delegation -> (own items that some laptop of it has not acknowledged, when the oldest was made, ms UTC)."""
    counts: dict[tuple[str, str], int] = {}
    oldest: dict[str, int] = {}
    own: dict[tuple[str, int, int], dict[str, int]] = {}  # (room, klass, newest) -> delegation -> what all its laptops have
    for room, klass, top, delegation, who, upto in handle.rows(_REACHED, (device, device)):
        if upto < top:
            counts[(delegation, who)] = counts.get((delegation, who), 0) + top - upto
            least = own.setdefault((room, klass, top), {})
            least[delegation] = min(least.get(delegation, top), upto)
    for (room, klass, _), least in own.items():
        for delegation, upto in least.items():
            at = handle.value(
                "select at from op where room = ? and klass = ? and device = ? and seq = ?", (room, klass, device, upto + 1), 0
            )
            oldest[delegation] = min(oldest.get(delegation, at), at) if at else oldest.get(delegation, 0)
    found: dict[str, tuple[int, int]] = {}
    for (delegation, _), count in counts.items():
        before = found.get(delegation, (0, 0))[0]
        found[delegation] = (max(before, count), oldest.get(delegation, 0))
    return found
