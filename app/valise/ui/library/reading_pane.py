"""A passage where it stands: the document, and the paragraphs before and after."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from valise.desk.door import Door
from valise.desk.library import Passage, Source
from valise.domain.errors import ValiseError
from valise.ui import theme
from valise.ui.language import translate
from valise.ui.library import said
from valise.ui.library.results import Hit, HitList, line
from valise.ui.seeing.reading import Item
from valise.ui.tasks import Runner
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.widgets.buttons import row
from valise.ui.widgets.empty import EmptyState
from valise.ui.widgets.labels import SafeLabel, Words

AROUND = 30  # paragraphs laid out on either side of where one is
LETTERS = 30_000  # code points laid out on either side; a paragraph may be long
EARLIER, LATER = "earlier", "later"


class ReadingPane(QFrame):
    """`show(source, n)` reads the document beside the window and stands at passage `n` (0 = its beginning)."""

    def __init__(self, door: Door, runner: Runner, buttons: list[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pane")
        self._door, self._runner = door, runner
        self._wanted = (0, 0)
        self._read: list[Passage] = []
        box = QVBoxLayout(self)
        box.setContentsMargins(0, theme.SPACE.m, 0, 0)
        box.setSpacing(theme.SPACE.xs)
        self.title = Words("", "heading", self)
        self.about = Words("", "small", self)
        self.name = SafeLabel("", "muted", self)
        for part in (row(self.title, None, *buttons), row(self.name), row(self.about)):
            part.setContentsMargins(theme.SPACE.l, 0, theme.SPACE.s, 0)
            box.addLayout(part)
        self.list = HitList(
            self.tr("Paragraphs of the document"), self.tr("Enter on the first or last line shows more"), self
        )
        self.list.went.connect(self._more)
        self.none = EmptyState(
            "library", self.tr("Nothing chosen"),
            self.tr("Choose a result or a document: it is shown here where it stands."), parent=self,
        )  # fmt: skip
        self.stack = QStackedWidget(self)
        self.stack.addWidget(self.none)
        self.stack.addWidget(self.list)
        box.addSpacing(theme.SPACE.xs)
        box.addWidget(self.stack, 1)
        self.clear()

    def clear(self) -> None:
        """Nothing is chosen."""
        self._wanted, self._read = (0, 0), []
        for label in (self.title, self.about, self.name):
            label.setText("")
            label.setVisible(label is self.title)
        self.list.show_hits([])
        self.stack.setCurrentWidget(self.none)

    def show_passage(self, source: Source, n: int = 0) -> None:
        """Show a document at one of its passages."""
        if self._wanted == (source.id, n):
            return
        same = self._wanted[0] == source.id and bool(self._read)
        self._wanted = (source.id, n)
        self.title.setText(isolate(said.name(source)))
        title = shorten(clean(source.title, lines=False), 200) if source.symbol else ""
        self.name.setText(title)
        self.name.setVisible(bool(title))
        told = " · ".join([*said.about(source.adopted, source.vote, source.language), said.count(source.passages)])
        self.about.setText(told)
        self.about.show()
        if same:
            if not self.list.go(str(n)):
                self._stand(n)
            return
        wanted = self._wanted

        def came(passages: list[Passage]) -> None:
            if self._wanted == wanted:
                self._read = passages
                self._stand(n)
            elif self._wanted[0] == wanted[0]:
                self._read = passages
                self._stand(self._wanted[1])

        def failed(_error: ValiseError) -> None:
            if self._wanted == wanted:
                self.clear()

        self._read = []
        self._runner.run(lambda: self._door.library.passages(source.id), came, failed, owner=self)

    def _stand(self, n: int) -> None:
        self._lay(next((place for place, one in enumerate(self._read) if one.n == n), 0))

    def _lay(self, place: int) -> None:
        """Show the paragraphs around one; all of a long document at once would be slow to lay out."""
        first = place - self._fitting(self._read[max(0, place - AROUND) : place][::-1])
        last = place + 1 + self._fitting(self._read[place + 1 : place + 1 + AROUND])
        items: list[Item] = [self._line(one) for one in self._read[first:last]]
        if first:
            items.insert(0, Item(EARLIER, "↑", "muted", translate("library", "%n more paragraphs before", None, first)))
        if last < len(self._read):
            left = len(self._read) - last
            items.append(Item(LATER, "↓", "muted", translate("library", "%n more paragraphs after", None, left)))
        key = str(self._read[place].n) if self._read else ""
        self.list.show_hits(items, key)
        self.stack.setCurrentWidget(self.list if items else self.none)

    @staticmethod
    def _fitting(some: list[Passage]) -> int:
        """How many of these, the nearest first, are within LETTERS together."""
        left = LETTERS
        for count, one in enumerate(some):
            left -= len(one.words)
            if left < 0:
                return count
        return len(some)

    def _line(self, one: Passage) -> Hit:
        made = line(one)
        label = shorten(clean(one.label, lines=False), said.LINE)
        return Hit(made.key, "", "muted", isolate(label) if label else "", "", made.words, one)

    def _more(self, key: str) -> None:
        shown = [one for one in self.list.entries.items if one.key not in (EARLIER, LATER)]
        ends = {EARLIER: 0, LATER: -1}
        if key in ends:
            n = int(shown[ends[key]].key)
            self._lay(next(place for place, one in enumerate(self._read) if one.n == n))
