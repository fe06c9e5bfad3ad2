"""The daily checkpoint: a device signs, with both algorithms, where its own log of a room stands. The signature covers every
operation before it, which carry only the one algorithm; nothing is folded from it and nothing shows it but evidence."""

from __future__ import annotations

from typing import Any

from valise.domain.kinds import Ident, Whole, operation
from valise.domain.op import Op

DAY = 24 * 3600 * 1000  # ms


@operation(
    "log.checkpoint", {"number": Whole(1), "seq": Whole(1), "head": Ident()}, right="observe", composite=True
)
def holds(op: Op) -> bool:
    """Whether it says what its own place in the log says: everything before it and nothing else."""
    return bool(op.body["seq"] == op.seq - 1 and op.body["head"] == op.prev)


def body(number: int, seq: int, head: str) -> dict[str, Any]:
    """Body of a checkpoint over a log that stands at (seq, head); `number` counts the device's checkpoints here from 1."""
    return {"number": number, "seq": seq, "head": head}


def due(now: int, newest: int, first: int, grown: bool, made: int) -> bool:
    """Whether a log needs one: it has grown since the last (at `newest`, 0 = none), and that one, or where there is none the
    log's `first` operation, is a day old. `made`: when this process made the last one. All in ms UTC; a clock that was set
    back by more than a day makes nothing wait for it to catch up."""
    if not grown or 0 <= now - made < DAY:
        return False
    return not -DAY <= now - (newest or first) < DAY
