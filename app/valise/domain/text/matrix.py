"""Who stands where, paragraph by paragraph: the position matrix. Display only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from valise.domain.text.book import LIVE, Book, Par
from valise.domain.text.model import PositionValue
from valise.domain.text.standing import CAUTION, positions_on

Stance = Literal["proposes", "support", "can go along", "scrutiny reservation", "reserve", "oppose", ""]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a delegation said: on the paragraph ("") or on a proposal (its id), and for whom ("" = itself)."""

    proposal: str
    value: Stance
    behalf: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A delegation at a paragraph. `stance` is what it says of the paragraph itself; where it says nothing of that, that it
    proposes something here; else the most cautious of what it says of others' proposals."""

    stance: Stance
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph: one cell for each delegation of the matrix, in the same order."""

    paragraph: str
    label: str
    open: bool  # has open proposals or reservations
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`delegations` are ids: the roster, then whoever else spoke."""

    delegations: tuple[str, ...]
    rows: tuple[Row, ...]


def matrix(book: Book, order: Iterable[str] = ()) -> Matrix:
    """The matrix of a text as it stands; `order` = delegations that come first, in this order."""
    pars = [book.pars[book.title_id], *book.standing()] if book.genesis else []
    found = [(par, _said(book, par)) for par in pars]
    spoke = {delegation for _, said in found for delegation in said}
    everybody = tuple(dict.fromkeys((*order, *book.roster, *sorted(spoke))))
    known = set(book.roster) | spoke
    delegations = tuple(one for one in everybody if one in known)
    return Matrix(
        delegations,
        tuple(
            Row(
                par.id, par.label,
                any(prop.state in LIVE for prop in par.props)
                or any(one.value in ("reserve", "scrutiny reservation", "oppose") for all in said.values() for one in all),
                tuple(_cell(said.get(one, [])) for one in delegations),
            )
            for par, said in found
        ),
    )  # fmt: skip


def _said(book: Book, par: Par) -> dict[str, list[Said]]:
    """Delegation -> what it says at this paragraph: of the paragraph first, then by proposal."""
    found: dict[str, list[Said]] = {}
    for node, _ in positions_on(book, par.id):
        _add(found, node.author, "", node.body["value"], node.body["behalf"])
    for prop in sorted((one for one in par.props if one.state in LIVE), key=lambda one: one.node.order):
        for delegation in prop.now.sponsors:
            found.setdefault(delegation, []).append(Said(prop.node.id, "proposes", ""))
        for node, _ in positions_on(book, prop.node.id):
            _add(found, node.author, prop.node.id, node.body["value"], node.body["behalf"])
    return found


def _add(found: dict[str, list[Said]], delegation: str, proposal: str, value: PositionValue, behalf: str) -> None:
    if value != "none":
        found.setdefault(delegation, []).append(Said(proposal, value, behalf))


def _cell(said: list[Said]) -> Cell:
    own = [one.value for one in said if not one.proposal and one.value]
    others = [one.value for one in said if one.proposal and one.value not in ("", "proposes")]
    proposes = any(one.value == "proposes" for one in said)
    stance: Stance = _cautious(own) or ("proposes" if proposes else _cautious(others))
    return Cell(stance, tuple(said))


def _cautious(values: Sequence[Stance]) -> Stance:
    return min(values, key=CAUTION.index, default="")
