"""Who the authors in a file are: each under a delegation, or not named to others. A person's name leaves only when an
officer says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from valise.ui import theme
from valise.ui.language import listed, translate
from valise.ui.text_safe import clean, isolate, shorten
from valise.ui.texts.people import People
from valise.ui.widgets.labels import ElidedLabel, Words, named, small

Choice = tuple[str, ...]  # delegations; () = not named; AS_FOUND
AS_FOUND: Choice = ("\0found",)
MOST = 60  # authors asked about; the others of a file that names more stay unnamed
SPACING = 4  # pixels
LONGEST = 120  # characters of a name
ROWS = 2  # of them in sight at once


def reason(people: People, choice: Choice, author: str) -> str:
    """What everybody in the room reads beside a proposal found in a file."""
    if choice == AS_FOUND:
        who = shorten(clean(author, lines=False), LONGEST)
    else:
        who = listed(clean(people.name(one), lines=False) for one in choice)
    if not who:
        return translate("files", "As found in the file.")
    return translate("files", "As found in the file, by {0}.").format(who)


def meant(people: People, author: str, remembered: Mapping[str, str]) -> Choice:
    """Delegations an author stands for: as a person said once, or by the codes we write ourselves."""
    known = {key for key, _ in people.codes()}
    if remembered.get(author) in known:
        return (remembered[author],)
    by_code: dict[str, list[str]] = {}
    for key, code in people.codes():
        by_code.setdefault(code, []).append(key)
    parts = [by_code.get(code.strip(), []) for code in author.split(",")]
    return tuple(one[0] for one in parts) if all(len(one) == 1 for one in parts) else ()


class AuthorsTable(QFrame):
    """One line an author: the name as found, a choice, and the words that everybody will read. Hidden without authors."""

    changed = Signal()

    def __init__(self, people: People, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people = people
        self._remembered: dict[str, str] = {}
        self.choices: dict[str, QComboBox] = {}
        self.words: dict[str, Words] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(Words(self.tr("Who the authors in the file are"), "strong", self))
        self.more = small("", self)
        column.addWidget(self.more)
        self._page = named(QScrollArea(self), self.tr("Authors named in the file"))
        self._page.setWidgetResizable(True)
        self._page.setFrameShape(QFrame.Shape.NoFrame)
        self._page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._page)
        self.hide()

    def show_authors(self, authors: Iterable[str], remembered: Mapping[str, str]) -> None:
        """Ask about these authors; `remembered` as `door.returned.authors()` gives them."""
        self._remembered = dict(remembered)
        every = list(dict.fromkeys(one for one in authors if one))
        self.choices.clear()
        self.words.clear()
        inner = QWidget()
        inner.setObjectName("scrolled")
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, 6, SPACING)
        grid.setHorizontalSpacing(theme.SPACE.s)
        grid.setVerticalSpacing(SPACING)
        for stretch, column in ((2, 0), (3, 1), (4, 2)):
            grid.setColumnStretch(column, stretch)
        for line, author in enumerate(every[:MOST]):
            grid.addWidget(ElidedLabel(author, inner), line, 0)
            grid.addWidget(self._choice(author, inner), line, 1)
            self.words[author] = Words("", "small", inner)
            grid.addWidget(self.words[author], line, 2)
            self._say(author)
        self._page.setWidget(inner)
        for combo in self.choices.values():
            combo.ensurePolished()  # its height is that of the stylesheet
        rows = min(ROWS, len(self.choices))
        row = max((combo.sizeHint().height() for combo in self.choices.values()), default=0)
        self._page.setFixedHeight(rows * row + (rows + 1) * SPACING)
        told = self.tr("Everybody in the room reads what stands beside each choice. Choices are remembered on this laptop.")
        if len(every) > MOST:
            told += " " + self.tr("Further authors, not named to others: {0}.").format(len(every) - MOST)
        self.more.setText(told)
        self.setVisible(bool(every))

    def _choice(self, author: str, parent: QWidget) -> QComboBox:
        made = named(QComboBox(parent), self.tr("Who {0} is").format(isolate(shorten(author, LONGEST))))
        made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        made.setMinimumContentsLength(16)
        choice = meant(self._people, author, self._remembered)
        made.addItem(self.tr("Not named to others"), ())
        if len(choice) > 1:
            made.addItem(listed(self._shown(one) for one in choice), choice)
        for key, _ in self._people.codes():
            made.addItem(self._shown(key), (key,))
        made.addItem(self.tr("Named as found in the file"), AS_FOUND)
        made.setCurrentIndex(next((n for n in range(made.count()) if tuple(made.itemData(n)) == choice), 0))
        made.currentIndexChanged.connect(lambda _place: self._say(author))
        made.currentIndexChanged.connect(self.changed)
        self.choices[author] = made
        return made

    def _shown(self, delegation: str) -> str:
        code, name = self._people.code(delegation), self._people.name(delegation)
        return clean(code if name == code else f"{code} {name}", lines=False)

    def _say(self, author: str) -> None:
        self.words[author].setText(isolate(self.word(author)))

    def choose(self, author: str, choice: Choice) -> None:
        """Take a choice as a person would."""
        combo = self.choices[author]
        combo.setCurrentIndex(next(n for n in range(combo.count()) if tuple(combo.itemData(n)) == choice))

    def chosen(self, author: str) -> Choice:
        """What is chosen for an author; () for one nobody was asked about."""
        combo = self.choices.get(author)
        return tuple(combo.currentData()) if combo is not None else ()

    def word(self, author: str) -> str:
        """What everybody reads for an author as found ("" = nobody is named)."""
        return reason(self._people, self.chosen(author), author)

    def wording(self) -> dict[str, str]:
        """The same for all of them at once, for use beside the window."""
        return {author: self.word(author) for author in self.choices}

    def learned(self) -> dict[str, str]:
        """What to remember: author -> delegation, "" to forget; what the codes say by themselves is not kept."""
        made: dict[str, str] = {}
        for author in self.choices:
            choice = self.chosen(author)
            single = choice[0] if len(choice) == 1 and choice != AS_FOUND else ""
            if single and meant(self._people, author, {}) == choice:
                single = ""
            if single != self._remembered.get(author, ""):
                made[author] = single
        return made
