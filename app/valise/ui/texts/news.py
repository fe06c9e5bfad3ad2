"""What happened to a text since one last looked, or since a revision: filters of the outline, and a line when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from valise.domain.errors import ValiseError
from valise.domain.text.model import TextHead
from valise.domain.text.since import Places
from valise.ui.language import listed, translate
from valise.ui.text_safe import clean, isolate
from valise.ui.texts.headline import revision_name

if TYPE_CHECKING:
    from valise.ui.texts.screen import TextsScreen

LOOKED, SINCE = "since:", "since:"  # a mode is SINCE and the id of a revision; LOOKED alone = since one last looked
SHOWN = 5  # revisions offered


class News(QObject):
    """Answers the outline's filters "since …", and remembers how far somebody has looked."""

    def __init__(self, screen: TextsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._seen: Places = {}
        self._kept: dict[str, Places] = {}
        screen.outline.places = self.places

    def opened(self) -> None:
        """Another text is shown: say what is new in it, and offer its revisions as filters."""
        screen, text = self._screen, self._screen.text
        self._kept.clear()
        self._seen = screen.door.seeing.unseen(text)
        self.offer(screen.head)
        screen.runner.run(lambda: screen.door.seeing.looked(text), lambda _none: None, self._silent, owner=screen)
        if self._seen:
            who = sorted({code for said in self._seen.values() for code in map(screen.people.code, said)})
            words = translate("texts", "Since you last looked: %n paragraphs changed or spoken to, by {0}.", None, len(self._seen))
            screen.bar.say(
                words.format(listed(isolate(one) for one in who)), tone="info", step=self.tr("Show them"),
                slot=self._show,
            )  # fmt: skip

    def offer(self, head: TextHead | None) -> None:
        """The filters there are now."""
        modes = [(LOOKED, self.tr("Since I last looked ({0})").format(len(self._seen)))] if self._seen else []
        for one in reversed(head.revisions[-SHOWN:] if head else ()):
            name = revision_name(one.symbol, head.symbol if head else "")
            modes.append((SINCE + one.id, clean(self.tr("Since {0}").format(isolate(name)), lines=False)))
        self._screen.outline.offer(modes)

    def places(self, mode: str) -> frozenset[str]:
        """Paragraphs of a filter "since …"."""
        if mode == LOOKED:
            return frozenset(self._seen)
        if mode not in self._kept:
            try:
                self._kept[mode] = self._screen.door.seeing.since(self._screen.text, mode.removeprefix(SINCE))
            except ValiseError:
                return frozenset()
        return frozenset(self._kept[mode])

    def changed(self) -> None:
        """The text moved on: what was computed of it is old; somebody looks at it all the same."""
        screen, text = self._screen, self._screen.text
        self._kept.clear()
        self.offer(screen.head)
        if screen.isVisible():
            screen.runner.run(lambda: screen.door.seeing.looked(text), lambda _none: None, self._silent, owner=screen)

    def _show(self) -> None:
        self._screen.bar.close_notice()
        self._screen.side.show()
        self._screen.outline.choose(LOOKED)

    def _silent(self, _error: ValiseError) -> None:
        """How far somebody has looked is no matter to trouble anybody with."""
