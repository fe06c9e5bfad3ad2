"""Where things stand in a TOML file: tomllib says what a file holds and not on which line. Also keeps its work bounded."""

from __future__ import annotations

import re
from typing import Final

from valise.domain.errors import Refused

Path = tuple[str | int, ...]
DEEPEST: Final = 16  # brackets, and parts of a dotted name: tomllib's time grows with the square of them

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TOKEN = re.compile(
    r'"""(?:\\.|(?!""")[^\\])*(?:"""""|""""|"""|$)' r"|'''(?:(?!''').)*(?:'''''|''''|'''|$)"
    r'|"(?:\\.|[^"\\\n])*"?' r"|'[^'\n]*'?" r"|#[^\n]*|[\[\]{}.,=\n]|[^\[\]{}.,=\n\"'#]+",
    re.DOTALL,
)  # fmt: skip


class Places:
    """Line and column of every table and key; what is inside an inline value is found at the key of the value."""

    def __init__(self, text: str) -> None:
        """Refused("register.toml") when names or values are nested deeper than DEEPEST. Linear in the text."""
        self._text = text
        self._found: dict[Path, int] = {}
        self._counts: dict[Path, int] = {}
        self._at = 0
        self._table: Path = ()
        while self._at < len(text):
            before = self._at
            self._step()
            if self._at == before:  # not TOML: the parser itself will say so and where
                line = text.find("\n", before)
                self._at = len(text) if line < 0 else line + 1

    def say(self, path: Path) -> str:
        """ "line 12, column 3" of `path`, or of what it is in."""
        for end in range(len(path), -1, -1):
            if path[:end] in self._found:
                return self._line(self._found[path[:end]])
        return "line 1, column 1"

    def _line(self, offset: int) -> str:
        return (
            f"line {self._text.count(chr(10), 0, offset) + 1}, column {offset - self._text.rfind(chr(10), 0, offset)}"
        )

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self._text, self._at)
        assert found is not None
        self._at = found.end()

    def _step(self) -> None:
        self._skip(_BLANK)
        start = self._at
        if start >= len(self._text):
            return
        if self._text[start] == "[":
            many = self._text.startswith("[[", start)
            self._at += 2 if many else 1
            name = self._name()
            self._table = self._head(name, many)
            self._found.setdefault(self._table, start)
            line = self._text.find("\n", self._at)
            self._at = len(self._text) if line < 0 else line
            return
        name = self._name()
        if not name:
            return
        path = self._table
        for part in name:
            path = (*path, part)
            self._found.setdefault(path, start)
        self._skip(_SPACE)
        if self._text.startswith("=", self._at):
            self._at += 1
            self._value()

    def _head(self, name: list[str], many: bool) -> Path:
        path: Path = ()
        for n, part in enumerate(name):
            path = (*path, part)
            if many and n == len(name) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        return path

    def _name(self) -> list[str]:
        """The parts of a dotted name."""
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            found = _BARE.match(self._text, self._at)
            if found is not None:
                parts.append(found.group())
                self._at = found.end()
            elif self._text[self._at : self._at + 1] in ('"', "'"):
                quoted = _TOKEN.match(self._text, self._at)
                assert quoted is not None
                parts.append(quoted.group()[1:-1])
                self._at = quoted.end()
            else:
                return parts
            if len(parts) > DEEPEST:
                raise Refused("register.toml", f"{self._line(self._at)}: a name has more than {DEEPEST} parts")
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return parts
            self._at += 1

    def _value(self) -> None:
        """Go past a value: to the end of its line, or of the line on which its last bracket closes."""
        depth = dots = 0
        while self._at < len(self._text):
            found = _TOKEN.match(self._text, self._at)
            assert found is not None
            part = found.group()
            if part in ("[", "{"):
                depth += 1
            elif part in ("]", "}"):
                depth -= 1
            elif part == "\n" and depth <= 0:
                return
            dots = dots + 1 if part == "." else 0 if part in (",", "=", "[", "{", "\n") else dots
            if depth > DEEPEST or dots > DEEPEST:
                raise Refused("register.toml", f"{self._line(self._at)}: this is nested too deep")
            self._at = found.end()
