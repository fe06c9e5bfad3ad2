"""What the keys and buttons of the internal side do: notes, and drafts that wait for a second officer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from valise.desk.views import HeldDraft
from valise.domain.errors import ValiseError
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.texts.editor import Mode
from valise.ui.texts.held import ReturnDialog, written

if TYPE_CHECKING:
    from valise.ui.texts.screen import TextsScreen

MODES: dict[str, Mode] = {"words": "words", "title": "words", "alternative": "alternative", "delete": "delete",
                          "paragraph": "add"}  # fmt: skip


class Inside(QObject):
    """Shows the internal pane of the paragraph one is at, and carries out what is done there."""

    def __init__(self, screen: TextsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._drafts: list[HeldDraft] = []
        pane = screen.internal
        pane.written.connect(self.note)
        pane.struck.connect(self.strike)
        pane.decided.connect(self.decide)

    def show(self) -> None:
        """Notes and drafts of the paragraph."""
        screen = self._screen
        view = screen.view()
        internal = screen.door.internal
        if view is None:
            screen.internal.show_side(screen.text, None, [], [], screen.language)
            return
        title = view.paragraph.section == "title"
        self._drafts = [
            one for one in internal.drafts(screen.text)
            if one.paragraph == view.paragraph.id or (title and not one.paragraph)
        ]  # fmt: skip
        notes = internal.notes(screen.text, view.paragraph.id)
        screen.internal.show_side(screen.text, view, notes, self._drafts, screen.language)

    def slots(self) -> dict[str, Callable[[], object]]:
        """The keys."""
        return {"release": lambda: self._first("release"), "return": lambda: self._first("return")}

    def _first(self, verb: str) -> None:
        mine = [one for one in self._drafts if not one.mine and (one.state == "waiting" or verb == "return")]
        if mine:
            self.decide(verb, mine[0].id)
        else:
            self._screen.bar.say(self.tr("No draft of another officer waits on this paragraph."), tone="info")

    # notes

    def note(self, words: str, sort: str, replaces: str) -> None:
        """Keep a note on the paragraph."""
        screen = self._screen
        view = screen.view()
        if view is not None:
            text, key = screen.text, view.paragraph.id
            self._run(
                lambda: screen.door.internal.write(text, key, words, sort, replaces),
                lambda _made: screen.internal.written_down(text, key),
            )

    def strike(self, note: str) -> None:
        """Strike a note out; it can be brought back."""
        screen = self._screen
        view, text = screen.view(), screen.text
        kept = next((one for one in screen.door.internal.notes(text) if one.id == note), None)
        if kept is None or view is None:
            return

        def back() -> None:
            screen.bar.close_notice()
            self._run(lambda: screen.door.internal.write(text, kept.paragraph, kept.words, kept.sort))

        self._run(
            lambda: screen.door.internal.strike(text, note),
            lambda _none: screen.bar.say(
                self.tr("The note is struck out."), tone="info", step=self.tr("Bring it back"), slot=back
            ),
        )

    # drafts

    def decide(self, verb: str, draft: str) -> None:
        """Release, return, take back or write again."""
        one = next((held for held in self._drafts if held.id == draft), None)
        if one is None:
            return
        internal, bar = self._screen.door.internal, self._screen.bar
        if verb == "release":
            self._run(
                lambda: internal.release(draft),
                lambda made: bar.say(
                    translate("texts", "Released: %n proposals leave with the next exchange.", None, len(made)),
                    tone="good",
                ),
            )
        elif verb == "return":
            dialog = ReturnDialog(one.officer, self._screen)
            dialog.returned.connect(
                lambda words: self._run(
                    lambda: internal.give_back(draft, words),
                    lambda _none: bar.say(
                        self.tr("Returned to {0}. It did not leave.").format(isolate(one.officer)), tone="info"
                    ),
                )
            )
            dialog.open()
        elif verb == "again":
            self._again(one)
        else:
            self._run(
                lambda: internal.take_back(draft),
                lambda _none: bar.say(self.tr("Taken back. It did not leave."), tone="info"),
            )

    def _again(self, one: HeldDraft) -> None:
        """Its words back into the editor; the draft goes once they are there."""
        screen = self._screen
        view = screen.view()
        first = one.changes[0]
        mode = MODES.get(first.what)
        if view is None or mode is None:
            return
        words = first.words if mode in ("add", "alternative") else written(view.paragraph.words, one)
        if words is None:
            words = view.paragraph.words  # its own words no longer stand there: the bar says what it wanted
            screen.bar.say(
                self.tr("The paragraph has changed. Your draft said: {0}").format(
                    isolate(" … ".join(change.words for change in one.changes))
                ),
                tone="warn",
            )
        screen.drafts.keep(screen.text, view.paragraph.id, mode, words, one.reason)
        screen.writing.begin(mode)
        self._run(lambda: screen.door.internal.take_back(one.id))

    def _run(self, call: Callable[[], Any], done: Callable[[Any], object] | None = None) -> None:
        def failed(error: ValiseError) -> None:
            self._screen.bar.show_error(error)

        self._screen.runner.run(call, done, failed, owner=self._screen)
