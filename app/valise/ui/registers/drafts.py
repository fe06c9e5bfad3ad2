"""What was begun in a form and not kept yet: in the vault a moment after it was typed, there again after a lock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from valise.desk.door import Door
from valise.desk.door_registers import Place
from valise.desk.views import TextDraft
from valise.domain.errors import ValiseError
from valise.ui.tasks import Runner

PAUSE = 600  # ms without a key before it is stored
KIND = "register"
Values = dict[str, list[str]]


def key(place: Place) -> tuple[str, str]:
    """Where the draft of a row lies among unsent words."""
    return f"register:{place.register}", f"{place.room}:{place.side}:{place.row}"


class RowDrafts(QObject):
    """`failed(ValiseError)` when the vault did not take one; it stays here and is tried again."""

    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self._newest: dict[tuple[str, str], str] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.store)

    def read(self, place: Place) -> Values:
        """What was begun at a row; {} for nothing."""
        where = key(place)
        if where in self._newest:
            words = self._newest[where]
        else:
            held = self._door.texts.draft(*where, KIND)
            words = held.words if held is not None else ""
        with suppress(ValueError):
            found = json.loads(words) if words else {}
            if isinstance(found, dict) and all(isinstance(one, list) for one in found.values()):
                return {str(field): [str(value) for value in values] for field, values in found.items()}
        return {}

    def keep(self, place: Place, values: Mapping[str, Sequence[str]]) -> None:
        """Keep what is begun; nothing = it is dropped."""
        words = json.dumps({field: list(one) for field, one in values.items()}, ensure_ascii=False) if values else ""
        where = key(place)
        if not words and not self.read(place):
            self._newest.pop(where, None)
            return
        self._newest[where] = words
        self._timer.start()

    def drop(self, place: Place) -> None:
        """It was kept for good, or is not wanted any more."""
        self.keep(place, {})
        self.store()

    def store(self) -> None:
        """Hand what is newest to the writer thread."""
        self._timer.stop()
        for where, words in list(self._newest.items()):
            self._runner.run(partial(self._save, where, words), partial(self._stored, where, words), self.failed.emit, owner=self)

    def store_now(self) -> None:
        """Before locking, on this thread."""
        self._timer.stop()
        for where, words in list(self._newest.items()):
            try:
                self._save(where, words)
            except ValiseError as error:
                self.failed.emit(error)
            else:
                self._newest.pop(where, None)

    def _save(self, where: tuple[str, str], words: str) -> None:
        self._door.texts.save_draft(TextDraft(*where, KIND, words, ""))

    def _stored(self, where: tuple[str, str], words: str, _none: object) -> None:
        if self._newest.get(where) == words:
            del self._newest[where]
