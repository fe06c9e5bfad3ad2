"""Practice: a vault for exercise holds fictional delegations only, and no real vault holds one of them.

Which a delegation is, its own card says: its name, which its root signs, begins with MARK. So nobody can turn a vault for
practice into a real one, or the other way, and every page that names a delegation says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

MARK: Final = "TRAINING"
# Codes ISO 3166-1 leaves to its users; no State has one.
FICTIONAL: Final = {
    "XA": "Aurelia", "XB": "Borovia", "XC": "Castellan Republic", "XD": "Dravenia", "XE": "Eastmark", "XF": "Freeland Islands",
    "XG": "Gallia Minor", "XH": "Hesperia", "XI": "Isonia", "XJ": "Jorvik Federation", "XL": "Lysandria", "XM": "Meridia",
}  # fmt: skip
GROUND: Final = "practice"  # folder of a vault for practice beyond which nothing of it is carried
Task = Literal["verify", "amend", "acknowledge", "ping", "incident"]
TASKS: Final[tuple[Task, ...]] = ("verify", "amend", "acknowledge", "ping", "incident")


@dataclass(frozen=True, slots=True)
class Done:
    """A task, and when it was first done in the vault (ms UTC, 0 = not yet)."""

    task: Task
    at: int = 0


def fictional(code: str) -> bool:
    """Whether a delegation of this code is invented."""
    return code in FICTIONAL


def name_of(code: str) -> str:
    """The name of a delegation for practice. KeyError for a code that is none of ours."""
    return f"{MARK} {FICTIONAL[code]}"


def marked(name: str) -> bool:
    """Whether a delegation of this name is one for practice."""
    return name == MARK or name.startswith(f"{MARK} ")


def barred(own: str, code: str, name: str) -> str:
    """Why a card cannot be taken in by a delegation called `own`: "training.real_contact" | "training.card", or ""."""
    if marked(own):
        return "" if marked(name) and fictional(code) else "training.real_contact"
    return "training.card" if marked(name) else ""


def ground(vault: Path) -> Path:
    """Where everything of this vault for practice is carried: a folder in its own, shared with the partners in it."""
    return vault.parent if vault.parent.name == GROUND else vault / GROUND


def within(place: Path, vault: Path) -> bool:
    """Whether a place lies in the ground of a vault; links are followed first."""
    here = ground(vault.resolve())
    there = place.resolve()
    return there == here or here in there.parents


def marking(training: bool, said: str) -> str:
    """A marking as it stands on every page that leaves: practice is named before anything else."""
    if not training or said.startswith(MARK):
        return said
    return f"{MARK} · {said}" if said else MARK
