"""Looking at a text from further away: who stands where, what changed between two revisions, how far it has come."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from valise.desk import views
from valise.desk.context import Context
from valise.domain.text import compare, history, lint, matrix, since, streamline, view
from valise.domain.text.fold import TextState
from valise.domain.text.since import Places
from valise.vault.store import Handle

KEEP = 4  # folds of revisions in memory
NOW = ""  # in place of a revision: the text as it stands
T = TypeVar("T")


class SeeingDesk:
    """The door's Seeing. Everything here is read only; a revision is folded when first asked for, which for a long text
    takes about a second."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._revisions: OrderedDict[tuple[str, str], TextState] = OrderedDict()

    def matrix(self, text: str, revision: str = NOW) -> matrix.Matrix:
        """Who stands where. NotAllowed("text.unknown"), NotYet("text.unknown-revision")."""
        own = self.context.own.delegation
        return self.look(text, revision, lambda state: matrix.matrix(state.book, order=(own,)))

    def compare(self, text: str, old: str, new: str = NOW) -> tuple[compare.Compared, ...]:
        """Every paragraph of two revisions side by side."""
        before = self.look(text, old, lambda state: state)
        return self.look(text, new, lambda state: compare.compare(before.book, state.book))

    def lint(self, text: str) -> tuple[lint.Slip, ...]:
        """Slips of the text as it stands."""
        return self.look(text, NOW, lambda state: lint.lint(state.book))

    def history(self, text: str, paragraph: str) -> tuple[history.Entry, ...]:
        """What happened to a paragraph, oldest first."""
        return self.look(text, NOW, lambda state: history.history(state, paragraph))

    def convergence(self, text: str) -> tuple[views.Convergence, ...]:
        """How many words stand outside brackets, revision by revision, the last row as it stands now."""
        names = self.look(text, NOW, lambda state: [(one.id, one.symbol, one.at) for one in view.revisions(state)])
        names.append((NOW, "", self.context.clock.now()))
        return tuple(
            views.Convergence(id, symbol, at, *self.look(text, id, view.convergence))
            for id, symbol, at in names
        )

    def choices(self, text: str) -> tuple[streamline.Choice, ...]:
        """Every cluster of open proposals, like ones together."""
        return self.look(text, NOW, streamline.choices)

    def answers(self, text: str, paragraph: str, words: str) -> tuple[streamline.Answer, ...]:
        """What these words would mean for each live proposal on the paragraph."""
        return self.look(text, NOW, lambda state: streamline.answers(state, paragraph, words))

    def since(self, text: str, revision: str) -> Places:
        """Paragraphs at which something happened since a revision, with the delegations that did it."""
        return self.look(text, NOW, lambda state: since.since(state, revision))

    def unseen(self, text: str) -> Places:
        """The same of what has come since somebody last looked (`looked`); our own doings are no news. Empty for a text
        nobody has looked at here yet."""
        with self.context.lock, self.context.read() as handle:
            row = handle.row("select upto from text_seen where text = ?", (text,))
            if row is None:
                return {}
            room = self.context.record.shelf.room_of(handle, text)
            fresh = [
                one[0] for one in handle.rows(
                    # by arrival: the index on rooms would read the whole room
                    "select id from op not indexed where room = ? and klass = 0 and n > ? and author != ?",
                    (room, row[0], self.context.own.delegation),
                )
            ]  # fmt: skip
            return since.among(self._state(handle, text, NOW), fresh)

    def looked(self, text: str) -> None:
        """What is here of a text now has been looked at."""
        with self.context.write() as tx:
            newest = int(tx.value("select coalesce(max(n), 0) from op", (), 0))
            tx.run("insert or replace into text_seen(text, upto) values (?,?)", (text, newest))

    def forget(self) -> None:
        """Drop what is kept in memory."""
        self._revisions.clear()

    def look(self, text: str, revision: str, look: Callable[[TextState], T]) -> T:
        """What `look` finds in a text as a revision had it (NOW = as it stands)."""
        with self.context.lock, self.context.read() as handle:
            return look(self._state(handle, text, revision))

    def _state(self, handle: Handle, text: str, revision: str) -> TextState:
        now = self.context.record.shelf.state(handle, text)
        if revision == NOW:
            return now
        key = (text, revision)
        if key not in self._revisions or revision not in now.book.editions:
            self._revisions[key] = now.as_of(revision)
        self._revisions.move_to_end(key)
        while len(self._revisions) > KEEP:
            self._revisions.popitem(last=False)
        return self._revisions[key]
