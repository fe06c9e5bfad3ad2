"""Unsent words of the workbench: in the vault a moment after they were typed, back when their card is opened again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from valise.desk.door import Door
from valise.desk.views import TextDraft
from valise.domain.errors import ValiseError
from valise.ui.tasks import Runner
from valise.ui.texts.editor import Mode

PAUSE = 600  # ms without a key before words are stored
KINDS: tuple[Mode, ...] = ("words", "add", "alternative", "delete", "move", "pen", "comment")

Key = tuple[str, str, str]  # text, paragraph (or proposal), kind


class Drafts(QObject):
    """What is newest stands here until the vault has it; empty words are dropped there. `failed(ValiseError)`."""

    failed = Signal(object)

    def __init__(self, door: Door, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door, self._runner = door, runner
        self._newest: dict[Key, TextDraft] = {}
        self._under_way: set[Key] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.store)

    def read(self, text: str, paragraph: str, kind: str) -> tuple[str, str] | None:
        """(words, reason) kept here, or None."""
        held = self._newest.get((text, paragraph, kind)) or self._door.texts.draft(text, paragraph, kind)
        return (held.words, held.reason) if held is not None and (held.words or held.reason) else None

    def left_at(self, text: str, paragraph: str, amendments: Iterable[str] = ()) -> tuple[str, Mode] | None:
        """(paragraph or amendment, editor) of the first unsent words there, or None."""
        places: list[tuple[str, Mode]] = [(paragraph, kind) for kind in KINDS]
        places += [(one, "comment") for one in amendments]
        return next((place for place in places if self.read(text, *place) is not None), None)

    def keep(self, text: str, paragraph: str, kind: str, words: str, reason: str = "") -> None:
        """Keep these words; stored after a pause. Empty words and reason = nothing is kept."""
        if not words.strip() and not reason.strip():
            words = reason = ""
            if self.read(text, paragraph, kind) is None:
                return
        self._newest[text, paragraph, kind] = TextDraft(text, paragraph, kind, words, reason)
        self._timer.start()

    def drop(self, text: str, paragraph: str, kind: str) -> None:
        """They were sent, or are not wanted any more."""
        self.keep(text, paragraph, kind, "")
        self.store()

    def store(self) -> None:
        """Hand what is newest to the writer thread."""
        self._timer.stop()
        for key, draft in list(self._newest.items()):
            if key not in self._under_way:
                self._under_way.add(key)
                self._runner.run(
                    partial(self._door.texts.save_draft, draft),
                    partial(self._stored, key, draft),
                    partial(self._not_stored, key),
                    owner=self,
                )

    def store_now(self) -> None:
        """Before locking: everything, on this thread, whatever was queued."""
        self._timer.stop()
        for key, draft in list(self._newest.items()):
            try:
                self._door.texts.save_draft(draft)
            except ValiseError as error:
                self.failed.emit(error)
            else:
                self._newest.pop(key, None)

    def _stored(self, key: Key, draft: TextDraft, _none: object) -> None:
        self._under_way.discard(key)
        if self._newest.get(key) is draft:
            del self._newest[key]
        elif key in self._newest:
            self._timer.start()

    def _not_stored(self, key: Key, error: ValiseError) -> None:
        self._under_way.discard(key)  # kept here, and tried again with the next key or when locking
        self.failed.emit(error)
