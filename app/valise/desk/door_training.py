"""The door to practice: five tasks, each done when the vault shows that it was, and a dated record of them."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from valise.desk.views import SafetyNumber
from valise.domain.training import Done


class Training(Protocol):
    def on(self) -> bool:
        """Whether this is a vault for practice."""
        ...

    def tasks(self) -> tuple[Done, ...]:
        """The tasks in their order; NotAllowed("training.real_vault") in a real one."""
        ...

    def partner(self) -> tuple[str, SafetyNumber]:
        """The delegation to compare with, and what stands on its screen: read from its own vault, not from ours. "" where the
        partners are not: on a second laptop, or one made from a backup."""
        ...

    def record(self, to: Path, heading: str, lines: tuple[tuple[str, str], ...]) -> None:
        """Print the record: `lines` = (task, date) in the window's words, marked as practice on every page. Refused("format.*"),
        Unavailable("file.unwritable" | "format.no_paper")."""
        ...
