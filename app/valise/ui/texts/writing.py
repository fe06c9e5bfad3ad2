"""Writing on a card: the editor opens with the words left there, and what it sends becomes one call of the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from valise.domain.errors import ValiseError
from valise.domain.text.model import ParagraphView
from valise.ui.language import listed
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts import terms
from valise.ui.texts.agreed import Agreed
from valise.ui.texts.dispositions import DispositionList
from valise.ui.texts.drafts import Key
from valise.ui.texts.editor import WORDLESS, CardEditor, Mode
from valise.ui.widgets.clipboard import clipboard

if TYPE_CHECKING:
    from valise.desk.library import Passage
    from valise.ui.texts.screen import TextsScreen


class Writing(QObject):
    """The one editor of the screen, and what becomes of its words. Nothing is ever sent by typing."""

    def __init__(self, screen: TextsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._key: Key | None = None  # text, paragraph or amendment, mode
        self._list: DispositionList | None = None
        self.agreed: Agreed | None = None  # of the editor that was opened last

    def begin(self, mode: Mode, target: str = "") -> None:
        """Open the editor on the current card; words left there earlier come back. `target` of a remark: an amendment."""
        screen = self._screen
        view = screen.view()
        if view is None or (mode == "pen" and not screen.pen):
            return
        self.stash()
        text, paragraph, base = screen.text, view.paragraph.id, view.paragraph.words
        target = target or (screen.amendments.target if mode == "comment" else "") or paragraph
        about = next((one.label for one in view.proposals if one.id == target), "") or terms.name(view.paragraph)
        editor = screen.list.open_editor(mode, "" if mode in ("add", "comment") else base, screen.language, about)
        self._list = None
        self.agreed = Agreed(editor, screen.door, screen.runner) if mode not in WORDLESS else None
        if mode == "add":
            place = editor.section.findData(view.paragraph.section)
            editor.section.setCurrentIndex(place if place >= 0 else 1 if screen.model.rowCount() > 1 else 0)
        elif mode == "move":
            self._places(editor, paragraph)
        elif mode == "pen":
            self._dispose(editor, view)
        self._key = (text, target, mode)
        left = screen.drafts.read(*self._key)
        if left is not None:
            editor.restore(*left)
        editor.typed.connect(self.keep)
        editor.done.connect(lambda m, w, r, c: self._send(text, paragraph, target, m, w, r, c))
        editor.left.connect(lambda _w, _r: self.leave())

    def _places(self, editor: CardEditor, paragraph: str) -> None:
        """Where a paragraph can be moved: to the start, or after any other."""
        editor.section.addItem(self.tr("Choose…"), None)
        editor.section.addItem(self.tr("At the start"), "")
        for row in self._screen.model.rows():
            if row.section != "title" and row.id != paragraph:
                label = row.label or shorten(row.first_words, 20)
                said = self.tr("After {0}  {1}").format(isolate(label), isolate(shorten(row.first_words, 40)))
                editor.section.addItem(clean(said, lines=False), row.id)

    def _dispose(self, editor: CardEditor, view: ParagraphView) -> None:
        self._list = DispositionList(view, self._screen.people, self._screen.language, editor)
        self._list.complete.connect(editor.allow)
        editor.edited.connect(self._list.follow)
        editor.extra.addWidget(self._list)
        editor.allow(not self._list.missing())

    # agreed language

    def _writing(self) -> Agreed | None:
        """The agreed language of the editor one is writing in; None, and how to begin is said."""
        if self._screen.list.editor is not None and self.agreed is not None:
            return self.agreed
        self._screen.bar.say(
            self.tr("Words of the library go where you write."),
            self.tr("Press Enter on an open paragraph first, or A for a new one."), tone="info",
        )  # fmt: skip
        return None

    def from_library(self) -> None:
        """Choose a passage; its words go where the cursor is. Selected words are searched."""
        from valise.ui.library.picker import PassagePicker  # built of parts that are built of this package

        here, screen = self._writing(), self._screen
        if here is None or screen.list.editor is None:
            return
        asked = screen.list.editor.words.textCursor().selectedText()
        picker = PassagePicker(screen.door, screen.runner, asked, screen)
        picker.chosen.connect(lambda one: self._insert(here, one))
        picker.open()

    def _insert(self, here: Agreed, one: Passage) -> None:
        if self.agreed is here and self._screen.list.editor is not None:
            here.insert(one)
        else:  # the pen took the paragraph away meanwhile
            self._writing()

    def next_phrase(self) -> None:
        """To the next phrase that stands in agreed language."""
        here = self._writing()
        if here is not None and not here.next():
            self._screen.bar.say(self.tr("No phrase of these words stands in the library."), tone="info")

    # what is not sent yet

    def keep(self) -> None:
        """Keep what stands in the editor, a moment later also in the vault."""
        editor = self._screen.list.editor
        if editor is not None and self._key is not None:
            self._screen.drafts.keep(*self._key, *editor.unsent())

    def stash(self) -> None:
        """The card is about to be left: its words go to the vault at once."""
        self.keep()
        self._screen.drafts.store()

    def leave(self) -> None:
        """Escape: close the editor, its words are kept."""
        self.stash()
        key, screen = self._key, self._screen
        screen.list.close_editor()
        self._key = None
        if key is not None and screen.drafts.read(*key) is not None:
            screen.bar.say(
                self.tr("Your words are kept on this paragraph and were not sent."), tone="info",
                step=self.tr("Go on writing"), slot=lambda: self._again(key),
            )  # fmt: skip
        screen.show_right()

    def give_up(self) -> None:
        """The paragraph is gone: close the editor, keep its words and offer them."""
        editor, screen = self._screen.list.editor, self._screen
        words = editor.text() if editor is not None else ""
        self.stash()
        screen.list.close_editor()
        self._key = None
        screen.bar.say(
            self.tr("The pen took out the paragraph you were writing on. Your words are kept in the vault."),
            tone="warn", step=self.tr("Copy them"), slot=lambda: clipboard().copy(words),
        )  # fmt: skip

    def unsent(self, view: ParagraphView | None) -> tuple[str, Mode] | None:
        """(paragraph or amendment, editor) of words of ours that were left at this paragraph."""
        if view is None:
            return None
        here = (one.id for one in view.proposals)
        return self._screen.drafts.left_at(self._screen.text, view.paragraph.id, here)

    def resume(self) -> None:
        """Open the editor whose words were left on this paragraph (or on an amendment to it)."""
        left = self.unsent(self._screen.view())
        if left is not None:
            self.begin(left[1], left[0] if left[1] == "comment" else "")

    def _again(self, key: Key) -> None:
        """Back to the paragraph of these words."""
        screen = self._screen
        screen.bar.close_notice()
        text, target, mode = key
        screen.open_text(text)
        place = screen.model.place(target)
        if place < 0:
            place = screen.place_of_proposal(target)
        if place >= 0:
            screen.list.go(place)
            self.begin(mode, target if mode == "comment" else "")  # type: ignore[arg-type]

    # sending

    def _send(self, text: str, paragraph: str, target: str, mode: str, words: str, reason: str, choice: str) -> None:
        screen, texts = self._screen, self._screen.door.texts
        after = paragraph if screen.model.row(screen.model.place(paragraph)).section != "title" else ""
        calls: dict[str, Callable[[], Any]] = {
            "words": lambda: texts.propose_words(text, paragraph, words, reason),
            "add": lambda: texts.propose_paragraph(text, after, choice, words, reason),
            "delete": lambda: texts.propose_delete(text, paragraph, reason),
            "alternative": lambda: texts.propose_alternative(text, paragraph, words, reason),
            "move": lambda: texts.propose_move(text, paragraph, choice, reason),
            "comment": lambda: texts.comment(text, target, words),
        }
        if mode == "pen":
            given = self._list.dispositions() if self._list is not None else []
            edits = [{"op": "words", "paragraph": paragraph, "words": words}]
            calls["pen"] = lambda: texts.merge(text, edits, given)
        key = (text, target, mode)
        self.stash()  # what was written stays until the vault has what was made of it
        screen.list.close_editor()
        self._key = self._list = None

        def sent(made: Any) -> None:
            screen.drafts.drop(*key)
            if mode == "pen":
                screen.bar.say(self.tr("The words are set."), tone="good")
            elif mode == "comment":
                screen.bar.say(self.tr("Your remark is for everybody in the room."), tone="good")
            else:
                self._sent(text, paragraph, list(made))

        def failed(error: ValiseError) -> None:
            screen.bar.show_error(error, self.tr("Go on writing"), lambda: self._again(key))

        screen.runner.run(calls[mode], sent, failed, owner=screen)

    def _sent(self, text: str, paragraph: str, made: list[str]) -> None:
        screen = self._screen
        if not made and screen.door.internal.four_eyes().on:
            screen.bar.say(
                self.tr("Kept in your delegation: a second officer releases it."),
                self.tr("It stands under the paragraph, on the internal side."), tone="info",
            )  # fmt: skip
            return
        if not made:
            screen.bar.say(self.tr("Nothing to propose: the words are the same."), tone="info")
            return
        shown = screen.fetch(paragraph) if text == screen.text else screen.door.texts.paragraph(text, paragraph)
        names = {one.id: one.label for one in shown.proposals}
        labels = listed(isolate(names[key]) for key in made if key in names)
        said = self.tr("Proposed: {0}.").format(labels) if labels else self.tr("Your proposal is made.")
        screen.bar.say(said, tone="good", step=self.tr("Withdraw"), slot=lambda: self._take_back(text, made))

    def _take_back(self, text: str, made: list[str]) -> None:
        screen = self._screen
        screen.bar.close_notice()

        def back() -> None:
            for key in made:
                screen.door.texts.withdraw(text, key)

        screen.runner.run(
            back, lambda _none: screen.bar.say(self.tr("Withdrawn."), tone="info"), screen.bar.show_error, owner=screen
        )
