"""Operations of registers. A value stands until an operation of the same delegation replaces it: who changed a field
unseen by another leaves two that stand, and a person settles it. Order plays no part."""

from __future__ import annotations

from typing import Final

from valise.domain.kinds import Fields, Ident, Many, Text, operation
from valise.domain.message import ATTACHMENT
from valise.domain.op import Op
from valise.domain.register.definition import SIDES

GONE: Final = "~gone"  # field of a row that was taken out: ["yes"], or [] when it was put back; `replaces` names every word
# of the row that stood for who took it out: what was said beside that, unseen, keeps the row in until a person decides
VALUE_LIMIT: Final = 20_000
_VALUES: Final = Many(Text(VALUE_LIMIT), 200)
CHANGE: Final = Fields({"field": Text(60, least=1), "values": _VALUES, "replaces": Many(Ident(), 200)})


@operation(
    "register.set",
    {
        "register": Text(60, least=1),
        "side": Text(10, SIDES),
        "row": Text(200, least=1),
        "changes": Many(CHANGE, 200),
        "note": Text(2_000),
        "undoes": Ident(empty=True),
        "files": Many(ATTACHMENT, 20),
    },
    right="speak",
    optional=("note", "undoes", "files"),
)
def place(op: Op) -> tuple[str, str, str]:
    """(register, side, row key) it speaks of. `values` [] = the field is empty; `replaces` = the operations whose value of
    this field it takes the place of; `undoes` = the operation it takes back, which leaves its trace."""
    return str(op.body["register"]), str(op.body["side"]), str(op.body["row"])


@operation("register.define", {"toml": Text(200_000, least=1)}, right="commit")
def definition(op: Op) -> str:
    """A register of the delegation's own, as TOML; the newest of an id holds. Internal room only."""
    return str(op.body["toml"])
