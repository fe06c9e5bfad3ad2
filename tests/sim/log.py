"""What a long run came to, seed by seed, in a file that a later run goes on with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.sim.run import Outcome


@dataclass(slots=True)
class Total:
    """Counted over many seeds. `simulated` in seconds."""

    seeds: int = 0
    steps: int = 0
    operations: int = 0
    crashes: int = 0
    failed: int = 0
    simulated: float = 0.0
    most_rounds: int = 0
    ways: dict[str, int] = field(default_factory=dict)

    def add(self, one: Outcome) -> None:
        self.seeds += 1
        self.steps += one.steps
        self.operations += one.operations
        self.crashes += one.crashes
        self.failed += bool(one.failure)
        self.simulated += one.simulated / 1000
        self.most_rounds = max(self.most_rounds, one.rounds)
        self.ways[one.ways] = self.ways.get(one.ways, 0) + 1

    def line(self, seconds: float) -> str:
        ways = ", ".join(f"{count} by {way}" for way, count in sorted(self.ways.items()))
        return (
            f"{self.seeds} seeds ({ways}), {self.steps} steps, {self.operations} operations, {self.crashes} crashes,"
            f" {self.failed} failed; healed in {self.most_rounds} rounds at most; {seconds:.0f} s real,"
            f" {self.simulated / 86400:.1f} days simulated, {self.simulated / max(seconds, 0.001):.0f} : 1")


class Log:
    """One JSON line for each seed: its number and what `Total` counts. A torn last line (the run was killed) is run again."""

    def __init__(self, path: Path | None, steps: int) -> None:
        self.total = Total()
        self.done: set[int] = set()
        self.seconds = 0.0
        self._steps = steps
        self._file = None
        if path is not None:
            whole = self._read(path) if path.exists() else 0
            self._file = path.open("r+" if path.exists() else "x", encoding="utf-8")
            self._file.truncate(whole)
            self._file.seek(whole)
        self.before = len(self.done)

    def _read(self, path: Path) -> int:
        """Where to go on writing. ValueError when the log is of other steps."""
        whole = 0
        for line in path.read_bytes().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                break
            row = json.loads(line)
            whole += len(line)
            if "seconds" in row:
                self.seconds += row["seconds"]
                continue
            if row["asked"] != self._steps:
                raise ValueError(f"this log is of {row['asked']} steps a seed")
            self.done.add(row["seed"])
            self.total.add(_outcome(row))
        return whole

    def add(self, one: Outcome) -> None:
        self.total.add(one)
        self.done.add(one.seed)
        self._write({
            "seed": one.seed, "asked": self._steps, "steps": one.steps, "failure": one.failure, "operations": one.operations,
            "crashes": one.crashes, "rounds": one.rounds, "simulated": one.simulated, "ways": one.ways})

    def close(self, seconds: float) -> None:
        """A run is over that took so long."""
        self._write({"seconds": round(seconds, 1)})
        if self._file is not None:
            self._file.close()

    def _write(self, row: dict[str, object]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(row) + "\n")
            self._file.flush()


def _outcome(row: dict[str, object]) -> Outcome:
    said = {name: row[name] for name in ("seed", "steps", "failure", "operations", "crashes", "rounds", "simulated", "ways")}
    return Outcome(**said, trace=(), real=0.0, acts={})  # type: ignore[arg-type]


__all__ = ["Log", "Total"]
