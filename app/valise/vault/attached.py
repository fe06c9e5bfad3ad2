"""Files that an operation brings with it: told of here, sealed pieces come beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from valise.vault.store import Tx


def expect(tx: Tx, room: str, files: Sequence[Mapping[str, Any]], at: int) -> None:
    """Know these files of a room; their pieces may be here already, or come."""
    if not files:
        return
    tx.many(
        "insert or ignore into attachment(id, room, name, media, size, chunks, have, sealed, params, at)"
        " values (?,?,?,?,?,?,0,?,?,?)",
        [
            (
                one["id"], room, one["name"], one["media"], one["size"], one["chunks"], one["sealed"],
                json.dumps(one, sort_keys=True).encode(), at,
            )
            for one in files
        ],
    )  # fmt: skip
