"""What a delegation prefers to call a State, or that it shows its code alone: on the screens of this vault, in nothing that leaves."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from valise.desk import reference
from valise.desk.context import Context
from valise.desk.views import Changes
from valise.domain.errors import NotAllowed
from valise.vault.store import Handle

KEY: Final = "states.names"  # of the vault's settings; kept in a backup, in no operation and no message
MOST: Final = 100  # letters


class StateNames:
    """The names that differ from those of the United Nations, by code; "" = the code alone is shown."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._held: Mapping[str, str] | None = None
        self._mine = threading.local()
        context.subscribe(self._changed)

    def all(self) -> Mapping[str, str]:
        """Every name of ours, whether it is shown just now or not."""
        held = self._held
        if held is None:
            with self.context.read() as handle:
                held = self._read(handle)
            if not self.context.writing(handle):
                self._held = held
        return held

    def called(self, code: str, language: str = "en") -> str:
        """What a State is called here, by a name of ours in every language; "" for a code that is none."""
        found = reference.state(code)
        if found is None:
            return ""
        if getattr(self._mine, "official", 0):
            return found.in_(language)
        ours = self.all().get(found.code)
        return found.in_(language) if ours is None else ours or found.code

    @contextmanager
    def official(self) -> Iterator[None]:
        """Within it, on this thread, States are called as the United Nations call them: for whatever may leave."""
        self._mine.official = getattr(self._mine, "official", 0) + 1
        try:
            yield
        finally:
            self._mine.official -= 1

    def set(self, code: str, name: str | None, language: str = "en") -> None:
        """Call a State so in every language ("" = its code alone, None = as the United Nations do, and so does the name it has in
        `language`). NotAllowed("state.unknown" | "state.name")."""
        found, told = reference.state(code), " ".join((name or "").split())
        if found is None:
            raise NotAllowed("state.unknown", "there is no such State")
        if len(told) > MOST or not (told.isprintable() or not told):
            raise NotAllowed("state.name", "the name is too long, or has signs that cannot be shown")
        with self.context.write() as tx:
            made = {**self._read(tx)}
            made.pop(found.code, None)
            if name is not None and told != found.in_(language):
                made[found.code] = told
            tx.run("insert or replace into setting(key, value) values (?,?)", (KEY, json.dumps(made, ensure_ascii=False, sort_keys=True)))
            self.context.touch(settings=True)

    @staticmethod
    def _read(handle: Handle) -> Mapping[str, str]:
        told = handle.value("select value from setting where key = ?", (KEY,), "{}")
        return MappingProxyType({str(code): str(name) for code, name in json.loads(told).items()})

    def _changed(self, changes: Changes) -> None:
        if changes.settings:
            self._held = None
