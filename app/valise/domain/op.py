"""The operation: the one unit of the record, as the domain sees it (already verified)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Op:
    """A verified operation. Ids are base64url text without padding (43 characters, SHA-256).

    `seq` counts from 1 per (room, class, device); `prev` is the id at seq - 1 ("" at 1). `deps` are
    the room's heads its author had seen (sorted). `at` is milliseconds UTC of the author's hybrid
    logical clock, `tick` its counter; both are for display and sorting only, no rule reads them.
    `room` is "" for the operation that founds a room (its id is the room's id).
    """

    id: str
    kind: str
    room: str
    author: str  # delegation id
    device: str  # device id
    seq: int
    prev: str
    deps: tuple[str, ...]
    at: int
    tick: int
    body: Body

    @property
    def room_id(self) -> str:
        """The room it belongs to, also for the founding operation itself."""
        return self.room or self.id

    @property
    def order(self) -> tuple[int, int, str, int, str]:
        """Sort key for lists and history (display only): clock, device, seq, id."""
        return (self.at, self.tick, self.device, self.seq, self.id)
