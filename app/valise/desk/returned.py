"""A Word file that comes back: what it changes against what was sent out, to be proposed as far as the officer wants.

The file says nothing about which revision it was made from, so it is read against the text as it stands and against its
last revisions; the one it changes least is taken. Where the pen has changed a paragraph since, a change of it is shown
and not proposed: nobody's words are put where they were not written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from valise.desk import found, views
from valise.desk.context import Context
from valise.desk.document import codes_of, document
from valise.desk.seeing import NOW, SeeingDesk
from valise.desk.texts import TextsDesk
from valise.domain.errors import NotAllowed
from valise.domain.text import view
from valise.domain.text.book import AGREED, Book
from valise.domain.text.fold import TextState
from valise.formats import confined
from valise.formats.abc import TITLE, Change, Document
from valise.formats.docx.reconcile import as_ours, places, reconcile
from valise.vault import people

LAST = 4  # revisions a file may have been made from


class ReturnedDesk:
    """The door's Returned."""

    def __init__(self, context: Context, texts: TextsDesk, seeing: SeeingDesk) -> None:
        self.context = context
        self._texts = texts
        self._seeing = seeing

    def read(self, text: str, name: str, data: bytes) -> views.Returned:
        """What a file changes. Refused("format.*"), NotAllowed("text.unknown")."""
        back = confined.read(name, data)
        with self.context.read() as handle:
            codes = codes_of(handle)
        head = self._texts.head(text)
        bases = [NOW, *(one.id for one in reversed(head.revisions[-LAST:]))]
        tried: list[tuple[int, int, Document, tuple[str, ...], list[Change]]] = []
        for place, revision in enumerate(bases):
            ours, ids = self._seeing.look(text, revision, lambda state: (document(state, codes), _ids(state)))
            changes = reconcile(ours, back)
            tried.append((_weight(changes), place, ours, ids, changes))
        _, place, ours, ids, changes = min(tried, key=lambda one: one[:2])
        symbol = next((one.symbol for one in head.revisions if one.id == bases[place]), "")
        known = {(one.words, one.author) for one in ours.comments}
        back = as_ours(ours, back)
        where = places(ours, back)
        comments = tuple(
            views.ReturnedComment(n, ids[where(one.paragraph) + 1], one.words, one.author)
            for n, one in enumerate(back.comments)
            if (one.words, one.author) not in known
        )
        old = self._seeing.look(text, bases[place], lambda state: _versions(state.book))
        shown = self._texts.ask(text, lambda state: [_shown(state, ids, old, n, one) for n, one in enumerate(changes)])
        return views.Returned(
            bases[place], symbol, ids, tuple(shown), comments,
            tuple((one.code, one.count) for one in back.notes if one.lossy),
        )  # fmt: skip

    def bring(
        self, text: str, returned: views.Returned, changes: Sequence[int], comments: Sequence[int],
        named: found.Named = lambda _author: "",
    ) -> views.Brought:  # fmt: skip
        """Propose the chosen changes and make the chosen comments remarks to the room, all of them or none. Changes that
        cannot be placed are passed over; `named` words an author for everybody, by itself nobody is named.
        NotAllowed("returned.changed") if the text has moved on since it was read."""
        own = self.context.own.delegation
        chosen = [one for one in returned.changes if one.n in set(changes) and not one.held]
        said = [
            {"paragraph": returned.places.index(one.target) - 1, "words": one.words, "author": one.author}
            for one in returned.comments
            if one.n in set(comments)
        ]
        proposals, drafts, remarks = [], [], 0
        with self.context.write() as tx:
            pars = self._texts.state(tx, text).book.pars
            if any(pars[one.target].words != one.words or pars[one.target].gone >= 0 for one in chosen):
                raise NotAllowed("returned.changed", "the text has changed since the file was read")
            for kind, body in found.bodies(
                lambda: self._texts.state(tx, text), own, [one.raw for one in chosen], said, named, returned.places
            ):
                if kind == "text.propose" and (held := self._texts.internal.hold(tx, text, [body])):
                    drafts.append(held)
                    continue
                name = self._texts.author(tx, text, kind, body)
                if kind == "text.propose":
                    proposals.append(name)
                else:
                    remarks += 1
        return views.Brought(tuple(proposals), tuple(drafts), remarks)

    # authors as files name them, and the delegations a person said they are

    def authors(self) -> dict[str, str]:
        """Author as found in files -> delegation."""
        with self.context.read() as handle:
            return people.authors(handle)

    def remember(self, authors: dict[str, str]) -> None:
        """Who an author is; "" forgets. Stays on this laptop."""
        with self.context.write() as tx:
            people.remember_authors(tx, authors)


def _weight(changes: Sequence[Change]) -> int:
    """How much is changed, in characters; a whole paragraph weighs more than any words in it."""
    return sum(len(one.words) + one.span[1] - one.span[0] + (0 if one.kind == "words" else 1_000) for one in changes)


def _ids(state: TextState) -> tuple[str, ...]:
    """The paragraphs by their place in the document, the title first."""
    return (state.book.title_id, *(par.id for par in state.book.standing()))


def _versions(book: Book) -> dict[str, str]:
    return {par.id: par.ver for par in (book.pars[book.title_id], *book.standing())}


def _shown(
    state: TextState, ids: Sequence[str], old: dict[str, str], n: int, one: Change
) -> views.ReturnedChange:
    book = state.book
    target = ids[one.after + 1] if one.kind == "paragraph" else ids[one.paragraph + 1]
    par = book.pars[target]
    held = ""
    if par.gone >= 0 or (one.kind == "move" and book.pars[ids[one.after + 1]].gone >= 0):
        held = "returned.gone"
    elif one.kind == "paragraph":
        pass
    elif par.status in AGREED:
        held = "returned.agreed"
    elif old.get(target) != par.ver:
        held = "returned.changed"
    words = par.words_of(old[target])
    quote = words if one.kind in ("delete", "move") else words[one.span[0] : one.span[1]]
    row = view.row(state, target)
    after = ids[one.after + 1] if one.kind in ("paragraph", "move") and one.after != TITLE else ""
    return views.ReturnedChange(
        n, one.kind, target, row.label, words, quote, one.span, one.words, one.author, after, held, asdict(one)
    )
