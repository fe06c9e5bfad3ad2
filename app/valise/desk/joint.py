"""Joint statements and lists of co-sponsors: opening, signing on, closing, and the list to paste elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from valise.desk import views
from valise.desk.context import RECORD, Context
from valise.desk.texts import TextsDesk
from valise.domain import joint as rules
from valise.domain.errors import NotAllowed
from valise.domain.joint import Statement
from valise.domain.text import view
from valise.vault.append import Touched
from valise.vault.store import Handle, Tx


class JointDesk:
    """The door's Joint."""

    def __init__(self, context: Context, texts: TextsDesk) -> None:
        self.context = context
        self._texts = texts

    def all(self) -> list[views.JointRow]:
        """Every statement and list, those open first, then the newest first."""
        with self.context.read() as handle:
            names = [row[0] for row in handle.rows("select id from joint where id = statement")]
            made = [state for name in names if (state := self._fold(handle, name)) is not None]
            known = self._known(handle)
            made.sort(key=lambda one: (one.closed, -one.at, one.id))
            return [self._row(one, made, known) for one in made]

    def one(self, statement: str) -> views.JointRow:
        """NotAllowed("joint.unknown")."""
        return next((one for one in self.all() if one.id == statement), None) or _unknown()

    def stands(self, handle: Handle, statement: str) -> bool:
        """Whether there is anything to show under that id."""
        return self._fold(handle, statement) is not None

    def open_statement(
        self, room: str, title: str, words: str, *, language: str = "en", until: int = 0, replaces: str = ""
    ) -> str:
        """Open a joint statement for sign-on; the opener signs on itself by `sign`. Returns its id."""
        body = rules.open_statement(title, words, language, until, replaces)
        with self.context.write() as tx:
            if replaces and (old := self._fold(tx, replaces)) is not None and old.opener != self.context.own.delegation:
                raise NotAllowed("joint.not-opener", "only the delegation that opened it may replace it")
            return self._say(tx, room, "joint.open", body)

    def open_sponsors(self, text: str, revision: str, until: int = 0) -> str:
        """Open the list of co-sponsors of a revision. NotAllowed("joint.revision") for one that this laptop does not
        compute the same."""
        head = self._texts.head(text)
        found = next((one for one in head.revisions if one.id == revision), None)
        if found is None or found.alarm:
            raise NotAllowed("joint.revision", "this revision is not here, or not the same here")
        title = f"{head.title} ({found.symbol})"
        body = rules.open_sponsors(title, text, revision, found.text_hash, head.language, until)
        with self.context.write() as tx:
            return self._say(tx, head.room, "joint.open", body)

    def sign(self, statement: str) -> None:
        """Sign on to the words as they are. NotAllowed("joint.signed" | "joint.unsound" | "joint.differs")."""
        own = self.context.own.delegation
        with self.context.write() as tx:
            state = self._state(tx, statement)
            if not self._same(state):
                raise NotAllowed("joint.differs", "this laptop holds another text under that revision")
            self._say(tx, state.room, "joint.sign", rules.sign(state, own))

    def leave(self, statement: str) -> None:
        """Take our name back."""
        self._act(statement, "joint.leave", rules.leave)

    def close(self, statement: str) -> None:
        """Close the list with the names seen here; who signs on later waits to be admitted."""
        self._act(statement, "joint.close", rules.close)

    def admit(self, statement: str, delegation: str) -> None:
        """Put a late delegation on the list."""
        self._act(statement, "joint.admit", lambda state, own: rules.admit(state, own, delegation))

    def listing(self, statement: str) -> str:
        """The names on the list, one a line in the alphabetical order of their names, to paste into another system."""
        one = self.one(statement)
        return "".join(f"{name}\n" for name in sorted(
            (sign.name for sign in one.signs if sign.state in ("signed", "admitted")), key=lambda name: (name.casefold(), name)
        ))  # fmt: skip

    def words(self, statement: str) -> str:
        """What is signed: the statement, or the plain text of the revision. The sha256sum of it is the hash."""
        one = self.one(statement)
        return one.words + "\n" if one.purpose == "joint statement" else self._texts.plain(one.text, one.revision)

    # inside

    def _row(self, state: Statement, every: list[Statement], known: dict[str, tuple[str, str]]) -> views.JointRow:
        body, own = state.body, self.context.own.delegation
        signs = tuple(
            views.SignOn(one.delegation, *known.get(one.delegation, ("?", "?")), one.at, one.state) for one in state.signs
        )
        newer = next((one.id for one in every if one.body["replaces"] == state.id and one.opener == state.opener), "")
        same = state.sound and self._same(state)
        ours = next((one.state for one in signs if one.delegation == own), "")
        return views.JointRow(
            state.id, state.room, body["purpose"], body["title"], body["words"], body["language"], body["text"],
            body["revision"], body["hash"], state.opener, state.at, body["until"], state.closed, state.closed_at, same,
            newer, ours, signs,
        )  # fmt: skip

    def _same(self, state: Statement) -> bool:
        """Of a list of co-sponsors: whether this laptop computes that hash for the revision."""
        body = state.body
        if body["purpose"] == "joint statement":
            return state.sound
        try:
            found = self._texts.ask(body["text"], view.revisions)
        except NotAllowed:
            return False
        return any(one.id == body["revision"] and one.text_hash == body["hash"] and not one.alarm for one in found)

    def _fold(self, handle: Handle, statement: str) -> Statement | None:
        names = [row[0] for row in handle.rows("select id from joint where statement = ?", (statement,))]
        if not names:
            return None
        ops = []
        for start in range(0, len(names), 500):
            part = names[start : start + 500]
            ops += list(self.context.record.ops(handle, f"id in ({','.join('?' * len(part))})", tuple(part)))
        rooms = {op.id: op.room for op in ops if op.kind == "joint.open"}
        stopped = {
            (row[0], row[1]): row[2]
            for row in handle.rows("select room, device, seq from suspended where klass = ?", (RECORD,))
        }
        # what is said about a statement in another room than its own is said to other people
        here = [op for op in ops if op.room == rooms.get(statement)]
        return rules.fold(here, {op.id for op in here if op.seq >= stopped.get((op.room, op.device), op.seq + 1)})

    def _state(self, handle: Handle, statement: str) -> Statement:
        return self._fold(handle, statement) or _unknown()

    def _known(self, handle: Handle) -> dict[str, tuple[str, str]]:
        return {row[0]: (row[1], row[2]) for row in handle.rows("select id, code, name from delegation")}

    def _act(self, statement: str, kind: str, build: Callable[[Statement, str], dict[str, Any]]) -> None:
        with self.context.write() as tx:
            state = self._state(tx, statement)
            self._say(tx, state.room, kind, build(state, self.context.own.delegation))

    def _say(self, tx: Tx, room: str, kind: str, body: dict[str, Any]) -> str:
        name = self.context.author(tx, room, kind, body).op.id
        self.context.touch(Touched(texts={body.get("statement", name)}))
        return name


def _unknown() -> Any:
    raise NotAllowed("joint.unknown", "this statement is not here")
