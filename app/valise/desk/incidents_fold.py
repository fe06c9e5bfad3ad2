"""What the operations about incidents come to, folded once and again when one of them came."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from valise.desk.context import Context
from valise.domain.errors import NotAllowed
from valise.domain.incident import inside as within
from valise.domain.incident import record
from valise.domain.incident.record import Incident
from valise.domain.op import Op
from valise.vault import incidents as rows
from valise.vault.store import Handle


@dataclass(frozen=True)
class Look:
    """What a vault held at one moment: `marks` of every incident, and where devices with two histories stopped counting."""

    marks: Mapping[tuple[str, bool], tuple[int, int]]
    stopped: Mapping[tuple[str, str], int]

    @cached_property
    def halts(self) -> tuple[tuple[tuple[str, str], int], ...]:
        """`stopped` as a part of a key: made once for a list."""
        return tuple(sorted(self.stopped.items()))


class FoldsOfIncidents:
    """The part of the desk that folds; keeps what it folded in memory until something came."""

    context: Context

    def __init__(self) -> None:
        self._folded: dict[tuple[str, bool], tuple[Any, Any]] = {}

    def taken(self, handle: Handle) -> Look:
        """To be taken once for a list."""
        stopped = handle.rows("select room, device, seq from suspended where klass = 0")
        return Look(rows.marks(handle), {(row[0], row[1]): row[2] for row in stopped})

    def fold(self, handle: Handle, incident: str, look: Look | None = None) -> Incident | None:
        """The incident as the operations that are here give it; None where there is nothing to show."""
        found: Incident | None = self._cached(handle, incident, False, record.fold, look)
        return found

    def inside(self, handle: Handle, incident: str, look: Look | None = None) -> within.Inside:
        """What we said to ourselves about it."""
        found: within.Inside = self._cached(handle, incident, True, lambda ops, gone: within.fold(ops, incident, gone), look)
        return found

    def state(self, handle: Handle, incident: str) -> Incident:
        """NotAllowed("incident.unknown")."""
        found = self.fold(handle, incident)
        if found is None:
            raise NotAllowed("incident.unknown", "this incident is not here")
        return found

    def _cached(
        self, handle: Handle, incident: str, inside: bool, fold: Callable[[Iterable[Op], frozenset[str]], Any], look: Look | None
    ) -> Any:
        now = look or self._taken_of(handle, incident, inside)
        key = (now.marks.get((incident, inside), (0, 0)), now.halts)
        held = self._folded.get((incident, inside))
        if held is not None and held[0] == key:
            return held[1]
        names = rows.names(handle, incident, inside=inside)
        ops: list[Op] = []
        for start in range(0, len(names), 500):
            part = names[start : start + 500]
            ops += self.context.record.ops(handle, f"id in ({','.join('?' * len(part))})", tuple(part))
        made = fold(ops, frozenset(op.id for op in ops if op.seq >= now.stopped.get((op.room, op.device), op.seq + 1)))
        if not self.context.writing(handle):  # what a transaction wrote may never come to be
            self._folded[incident, inside] = (key, made)
        return made

    def _taken_of(self, handle: Handle, incident: str, inside: bool) -> Look:
        """For one alone."""
        stopped = handle.rows("select room, device, seq from suspended where klass = 0")
        marks = {(incident, inside): rows.mark(handle, incident, inside=inside)}
        return Look(marks, {(row[0], row[1]): row[2] for row in stopped})
