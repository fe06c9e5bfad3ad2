"""What a process at one end of a correspondence says and is told; the standard library alone, so that it runs anywhere.

Every line it prints is one JSON object: {"ready": true}; {"numbers": [...]} of the messages in its store, when asked; at the end
{"done": {...}}. It is told, a line each: "go"; "calm" (write nothing new, deliver what waits); "numbers"; "end".
"""

from __future__ import annotations

import contextlib
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NUMBER = 8  # the last characters of a body are its number
LIFE = 100_000  # numbers of one life of a sender begin at life * LIFE, so that none is used twice


@dataclass(frozen=True, slots=True)
class Plan:
    """`count` messages of `size` bytes, one every `every` seconds (0 = as fast as it goes); `count` 0 = until told "calm".
    Numbers begin at `first`; `journal` = file of the numbers promised, "" = none. `own` = what this stack alone needs."""

    role: str
    count: int
    every: float
    size: int
    first: int
    journal: str
    own: dict[str, Any]

    @classmethod
    def read(cls, text: str) -> Plan:
        return cls(**json.loads(text))


class Orders:
    """What the parent says, read on a thread of its own. `told` is called there after each line."""

    def __init__(self) -> None:
        self.go, self.calm, self.end = threading.Event(), threading.Event(), threading.Event()
        self.told: Callable[[], object] = lambda: None
        self.numbers: Callable[[], list[int]] = list
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            word = line.strip()
            if word == "numbers":
                say(numbers=self.numbers())
            elif word in ("go", "calm", "end"):
                getattr(self, word).set()
            self.told()
        for one in (self.go, self.calm, self.end):  # the parent is gone
            one.set()
        self.told()


def say(**what: object) -> None:
    """One line to the parent, who may have ended us already."""
    with _SAYING, contextlib.suppress(BrokenPipeError):
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


_SAYING = threading.Lock()


class Journal:
    """The numbers of messages that their sender's store has promised to deliver, noted after its own commit."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("a", encoding="ascii") if path else None  # noqa: SIM115 - open as long as we live

    def note(self, number: int) -> None:
        if self._file is not None:
            self._file.write(f"{number}\n")
            self._file.flush()


def promised(path: Path) -> list[int]:
    """What a journal holds; a last line that was cut is no promise."""
    with contextlib.suppress(FileNotFoundError):
        return [int(line) for line in path.read_text("ascii").split("\n")[:-1]]
    return []


def body(number: int, size: int) -> str:
    """Letters that differ from message to message, `size` bytes, with its number at the end."""
    draw = random.Random(number)
    letters = "".join(draw.choices("abcdefghijklmnopqrstuvwxyz     ", k=size - NUMBER))
    return f"{letters}{number:{NUMBER}d}"


def number(text: str) -> int:
    """The number of a body, -1 for one that is none of ours."""
    tail = text[-NUMBER:].strip()
    return int(tail) if tail.isdecimal() else -1


class Pace:
    """When each message is due, by the monotonic clock. What is late counts from when it was due, so that a slow round is
    felt by all who waited for it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.begun: list[tuple[int, float]] = []
        self._start = time.monotonic()

    @property
    def over(self) -> bool:
        return bool(self.plan.count) and len(self.begun) >= self.plan.count

    def wait(self) -> float:
        """Seconds until the next is due, 0.0 when it is."""
        return max(0.0, self._start + len(self.begun) * self.plan.every - time.monotonic()) if self.plan.every else 0.0

    def next(self) -> int:
        """Begin the next message; returns its number."""
        at = self._start + len(self.begun) * self.plan.every if self.plan.every else time.monotonic()
        this = self.plan.first + len(self.begun)
        self.begun.append((this, at))
        return this
