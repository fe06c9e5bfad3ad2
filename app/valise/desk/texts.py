"""Texts: opening, proposing, positions, the pen. Rules live in the domain; here they meet the vault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from valise.desk import found, views
from valise.desk.context import Context
from valise.desk.document import codes_of, document
from valise.desk.internal import InternalDesk
from valise.desk.ports import Parser
from valise.domain.errors import NotAllowed
from valise.domain.text import model, rules, view
from valise.domain.text.fold import TextState
from valise.formats import abc
from valise.formats.kinds import KINDS
from valise.vault import people
from valise.vault.append import Touched
from valise.vault.store import Handle, Tx

T = TypeVar("T")


class TextsDesk:
    """The door's Texts."""

    def __init__(self, context: Context, internal: InternalDesk, parser: Parser) -> None:
        self.context = context
        self.internal = internal
        self._parser = parser

    # reading

    def all(self) -> list[views.TextRow]:
        """Every text, the last changed first."""
        with self.context.read() as handle:
            rows = handle.rows(
                "select id, room, title, symbol, paragraphs, open_paragraphs, open_proposals, revision, pen_delegation, changed_at"
                " from text order by changed_at desc, id"
            )
        return [views.TextRow(*row) for row in rows]

    def head(self, text: str) -> model.TextHead:
        """What stands above the text. NotAllowed("text.unknown")."""
        with self.context.lock, self.context.read() as handle:
            room = self.context.record.shelf.room_of(handle, text)
            return view.head(self.state(handle, text), room=room)

    def outline(self, text: str) -> list[model.ParagraphRow]:
        """One line a paragraph, the title first, then in the order of the text."""
        with self.context.lock, self.context.read() as handle:
            state = self.state(handle, text)
            return [view.row(state, state.book.title_id), *view.outline(state)]

    def paragraph(self, text: str, paragraph: str) -> model.ParagraphView:
        """A paragraph with its brackets and all that is said about it. NotAllowed("text.paragraph")."""
        with self.context.lock, self.context.read() as handle:
            return view.paragraph(self.state(handle, text), paragraph, self._codes(handle))

    def comments(self, text: str, target: str) -> list[views.Comment]:
        """Remarks of the room on a paragraph or proposal, oldest first."""
        with self.context.lock, self.context.read() as handle:
            said = view.comments(self.state(handle, text), target)
        return [views.Comment(name, target, delegation, words, at) for name, delegation, words, at in said]

    def at_start(self, text: str) -> list[model.Proposal]:
        """Proposals for a new first paragraph."""
        with self.context.lock, self.context.read() as handle:
            return list(view.at_start(self.state(handle, text), self._codes(handle)))

    def draft(self, text: str, paragraph: str, kind: str) -> views.TextDraft | None:
        """Unsent words kept through lock and crash."""
        with self.context.read() as handle:
            row = handle.row(
                "select words, reason, saved_at from text_draft where text = ? and paragraph = ? and kind = ?",
                (text, paragraph, kind),
            )
        return views.TextDraft(text, paragraph, kind, *row) if row else None

    def save_draft(self, draft: views.TextDraft) -> None:
        """Keep unsent words; empty ones are dropped."""
        if not draft.words.strip() and not draft.reason.strip():
            return self.drop_draft(draft.text, draft.paragraph, draft.kind)
        with self.context.write() as tx:
            tx.run(
                "insert or replace into text_draft(text, paragraph, kind, words, reason, saved_at) values (?,?,?,?,?,?)",
                (draft.text, draft.paragraph, draft.kind, draft.words, draft.reason, self.context.clock.now()),
            )
        return None

    def drop_draft(self, text: str, paragraph: str, kind: str) -> None:
        """Forget unsent words."""
        with self.context.write() as tx:
            tx.run("delete from text_draft where text = ? and paragraph = ? and kind = ?", (text, paragraph, kind))

    def holds_pen(self, text: str) -> bool:
        """Whether this very device may write the text now."""
        with self.context.lock, self.context.read() as handle:
            return self.state(handle, text).book.holder[0] == self.context.own.device

    def notation(self, text: str) -> str:
        """The text in the notation of negotiation, brackets and attributions computed."""
        with self.context.lock, self.context.read() as handle:
            return self._notation(handle, text)

    def plain(self, text: str, revision: str = "") -> str:
        """The plain text file of the text as it stands, or the one whose SHA-256 a revision names."""
        from valise.domain.text import hashes

        with self.context.lock, self.context.read() as handle:
            state = self.state(handle, text)
            return hashes.plain((state.as_of(revision) if revision else state).book)

    def proof(self, text: str) -> dict[str, str]:
        """Same text, same members, same pending list: under 200 bytes to compare with a peer."""
        with self.context.lock, self.context.read() as handle:
            return self.state(handle, text).proof()

    def read_file(self, name: str, data: bytes) -> dict[str, Any]:
        """Parse a file in the confined child. Refused("format.*")."""
        return self._parser(name, data)

    def excerpt(self, ref: str) -> str:
        """Words of a paragraph or proposal ("<text>#<id>"), for search results."""
        text, _, name = ref.partition("#")
        with self.context.lock, self.context.read() as handle:
            book = self.state(handle, text).book
            if name in book.pars:
                return book.pars[name].words
            return str(book.props[name].node.body["words"]) if name in book.props else ""

    # facts

    def open(
        self,
        room: str,
        title: str,
        *,
        symbol: str = "",
        organ: str = "",
        language: str = "en",
        paragraphs: Sequence[dict[str, str]],
        changes: Sequence[dict[str, Any]] = (),
        comments: Sequence[dict[str, Any]] = (),
        named: found.Named = lambda author: "",
    ) -> str:
        """Open a text in a room; this device holds the pen. Long texts take several operations.

        `changes` and `comments` as marked in the file become proposals and comments of ours; `named` says how their
        reason names the author found there: a person's name does not leave unless somebody wants it.
        """
        with self.context.write() as tx:
            state = self.context.record.room(tx, room)
            if state is None:
                raise NotAllowed("room.unknown")
            first, rest = rules.open_text(
                title=title,
                organ=organ,
                symbol=symbol,
                language=language,
                roster=list(state.members),
                pen_device=self.context.own.device,
                pen_delegation=self.context.own.delegation,
                paragraphs=list(paragraphs),
            )
            text = self.context.author(tx, room, "text.open", first).op.id
            self.context.touch(Touched(texts={text}))
            for chunk in rest:
                self._say(
                    tx, text, "text.merge", partial(rules.bring, device=self.context.own.device, chunk=chunk)
                )
            own = self.context.own.delegation
            for kind, body in found.bodies(lambda: self.state(tx, text), own, changes, comments, named):
                if kind != "text.propose" or not self.internal.hold(tx, text, [body]):
                    self.author(tx, text, kind, body)
            return text

    def propose_words(self, text: str, paragraph: str, words: str, reason: str = "", replaces: str = "") -> list[str]:
        """The paragraph as it should read; the difference becomes the proposals. Returns their ids, none when a second
        officer has to release them first. `replaces`: a draft of ours that this takes the place of."""
        return self._propose(
            text, lambda state, me: rules.propose_words(state, me, paragraph, words, reason), replaces
        )

    def propose_paragraph(
        self, text: str, after: str, section: str, words: str, reason: str = "", replaces: str = ""
    ) -> list[str]:
        """A new paragraph after another ("" = at the start)."""
        return self._propose(
            text, lambda state, me: [rules.propose_paragraph(state, me, after, section, words, reason)], replaces
        )

    def propose_delete(self, text: str, paragraph: str, reason: str = "") -> list[str]:
        """That the paragraph goes."""
        return self._propose(text, lambda state, me: [rules.propose_delete(state, me, paragraph, reason)])

    def propose_alternative(
        self, text: str, paragraph: str, words: str, reason: str = "", replaces: str = ""
    ) -> list[str]:
        """A full replacement offered beside the paragraph."""
        return self._propose(
            text, lambda state, me: [rules.propose_alternative(state, me, paragraph, words, reason)], replaces
        )

    def propose_move(self, text: str, paragraph: str, after: str, reason: str = "") -> list[str]:
        """That the paragraph stands after another ("" = at the start)."""
        return self._propose(text, lambda state, me: [rules.propose_move(state, me, paragraph, after, reason)])

    def comment(self, text: str, target: str, words: str) -> str:
        """A remark everybody in the room reads."""
        return self.act(text, "text.comment", lambda state: rules.comment(state, target, words))

    def withdraw(self, text: str, proposal: str) -> None:
        """Take back one of our own proposals, or our name from another's."""
        self.act(text, "text.withdraw", lambda state: rules.withdraw(state, self.context.own.delegation, proposal))

    def cosponsor(self, text: str, proposal: str) -> None:
        """Put our name to another's proposal."""
        self.act(text, "text.cosponsor", lambda state: rules.cosponsor(state, self.context.own.delegation, proposal))

    def position(self, text: str, target: str, value: str, behalf: str = "") -> None:
        """What our delegation says of a proposal or paragraph; replaces what it said before."""
        self.act(
            text,
            "text.position",
            lambda state: rules.position(state, self.context.own.delegation, target, value, behalf),
        )

    # the pen

    def merge(self, text: str, edits: Sequence[dict[str, Any]], dispositions: Sequence[dict[str, Any]]) -> str:
        """The pen writes. NotAllowed("text.*") when a touched proposal has no disposition."""
        device = self.context.own.device
        return self.act(text, "text.merge", lambda state: rules.merge(state, device, list(edits), list(dispositions)))

    def take(self, text: str, proposal: str) -> str:
        """The pen takes a proposal as it stands."""
        return self.act(text, "text.merge", lambda state: rules.take(state, self.context.own.device, proposal))

    def reject(self, text: str, proposal: str) -> str:
        """The pen does not take a proposal; it stays on the record as not taken."""
        return self.act(text, "text.merge", lambda state: rules.reject(state, self.context.own.device, proposal))

    def admit(self, text: str, proposal: str) -> str:
        """The pen takes a late or stale proposal back into the negotiation."""
        return self.act(text, "text.admit", lambda state: rules.admit(state, self.context.own.device, proposal))

    def agree(self, text: str, paragraph: str) -> None:
        """Agreed ad ref."""
        self.act(text, "text.agree", lambda state: rules.agree(state, self.context.own.device, paragraph))

    def close(self, text: str, paragraph: str) -> None:
        """Closed: not reopened without the chair's consent. NotAllowed("text.still-bracketed")."""
        self.act(text, "text.close", lambda state: rules.close(state, self.context.own.device, paragraph))

    def reopen(self, text: str, paragraph: str) -> None:
        self.act(text, "text.reopen", lambda state: rules.reopen(state, self.context.own.device, paragraph))

    def park(self, text: str, paragraph: str) -> None:
        self.act(text, "text.park", lambda state: rules.park(state, self.context.own.device, paragraph))

    def revision(self, text: str, symbol: str) -> model.Revision:
        """Freeze the text as it stands under a symbol, signed with both algorithms."""
        with self.context.write() as tx:
            name = self._say(
                tx, text, "text.revision", lambda state: rules.revision(state, self.context.own.device, symbol)
            )
        return next(one for one in self.head(text).revisions if one.id == name)

    def pass_pen(self, text: str, delegation: str) -> None:
        """Hand the pen to a delegation's device (its first one with the right to hold it)."""
        with self.context.write() as tx:
            now = self.context.clock.now()
            holders = [one for one in people.devices(tx, delegation) if one.alive(now) and "pen" in one.rights]
            if not holders:
                raise NotAllowed("text.no_pen_device")
            self._say(
                tx,
                text,
                "text.pass",
                lambda state: rules.pass_pen(state, self.context.own.device, holders[0].id, delegation),
            )

    def confirm_revisions(self) -> int:
        """Say "I computed the same" to every revision our delegation has not confirmed yet; returns how many.

        A revision this device computes differently is not confirmed: its alarm stays in sight.
        """
        done = 0
        with self.context.read() as handle:
            rows = handle.rows(
                "select text.id from text join room_member on room_member.room = text.room and delegation = ?"
                " where revision != ''",
                (self.context.own.delegation,),
            )
        for (text,) in rows:
            head = self.head(text)
            if self.context.own.device in head.suspended:  # nothing it says counts, and it would say it again each round
                continue
            for one in head.revisions:
                if (
                    one.alarm
                    or self.context.own.delegation in one.acknowledged_by
                    or "speak" not in self.context.own.rights
                ):
                    continue
                try:
                    self.act(text, "text.revision_ack", partial(rules.acknowledge, revision=one.id))
                except NotAllowed:  # a copy of this device acts too: nothing it signs counts any more
                    return done
                done += 1
        return done

    def members_changed(self, tx: Tx, room: str) -> None:
        """Where we hold the pen of a text in this room, its roster follows the members."""
        state = self.context.record.room(tx, room)
        for (text,) in tx.rows("select id from text where room = ?", (room,)):
            book = self.state(tx, text).book
            if state and book.holder[0] == self.context.own.device and tuple(sorted(book.roster)) != state.members:
                self._say(
                    tx, text, "text.roster", lambda now: rules.roster(now, self.context.own.device, list(state.members))
                )

    # inside

    def _notation(self, handle: Handle, text: str) -> str:
        compiled = KINDS["compilation"](document(self.state(handle, text), codes_of(handle)))
        return abc.by_name("notation").write(compiled).decode()

    def ask(self, text: str, look: Callable[[TextState], T]) -> T:
        """What `look` finds in the text as it stands."""
        with self.context.lock, self.context.read() as handle:
            return look(self.state(handle, text))

    def act(self, text: str, kind: str, build: Callable[[TextState], dict[str, Any]]) -> str:
        """Sign the operation whose body `build` makes from the text as it stands; returns its id."""
        with self.context.write() as tx:
            return self._say(tx, text, kind, build)

    def _propose(
        self, text: str, build: Callable[[TextState, str], list[dict[str, Any]]], replaces: str = ""
    ) -> list[str]:
        """Sign proposals, or keep them back for a second officer."""
        with self.context.write() as tx:
            bodies = build(self.state(tx, text), self.context.own.delegation)
            if self.internal.hold(tx, text, bodies, replaces):
                return []
            return [self.author(tx, text, "text.propose", body) for body in bodies]

    def _say(self, tx: Tx, text: str, kind: str, build: Callable[[TextState], dict[str, Any]]) -> str:
        return self.author(tx, text, kind, build(self.state(tx, text)))

    def author(self, tx: Tx, text: str, kind: str, body: dict[str, Any]) -> str:
        """Sign an operation of a text; returns its id."""
        name = self.context.author(tx, self._room(tx, text), kind, body).op.id
        self.context.touch(Touched(texts={text}))
        return name

    def _room(self, handle: Handle, text: str) -> str:
        return self.context.record.shelf.room_of(handle, text)

    def state(self, handle: Handle, text: str) -> TextState:
        """The text as folded so far. NotAllowed("text.unknown")."""
        return self.context.record.shelf.state(handle, text)

    def _codes(self, handle: Handle) -> Callable[[str], str]:
        known: dict[str, str] = dict(handle.rows("select id, code from delegation"))
        return lambda delegation: known.get(delegation, "?")
