"""What a reference to a register, an item or a row means, wherever it came from: a search, a link, what is due."""

from __future__ import annotations

from dataclasses import dataclass

from valise.domain.register.definition import SIDES, Side


@dataclass(frozen=True, slots=True)
class Ref:
    """`key` is a row's key, or an item's id; "" = the register as a whole."""

    register: str
    key: str = ""
    side: Side = "stated"
    room: str = ""


def parse(ref: str) -> Ref:
    """ "norms", "norms/f", "norms/XB/f", "norms/XB/f#assessed"; and as the search says it: "norms/assessed//XB/f"."""
    register, _, rest = ref.partition("/")
    side, _, tail = rest.partition("/")
    if side in SIDES and "/" in tail:
        room, _, key = tail.partition("/")
        return Ref(register, key, "assessed" if side == "assessed" else "stated", room)
    key, _, side = rest.partition("#")
    return Ref(register, key, "assessed" if side == "assessed" else "stated")
