"""The texts of an open vault: their folds in memory, their rows and search entries in the database.

A fold stays in memory once read; `settle` writes what it changed, inside the same transaction as the operations
that changed it. A cached snapshot spares folding a long text from its first operation at every start.
"""

from __future__ import annotations

import gc
from collections import OrderedDict

from valise.domain.errors import Damaged, NotAllowed
from valise.domain.op import Op
from valise.domain.text import view
from valise.domain.text.fold import TextState
from valise.protocol import operation
from valise.vault import search
from valise.vault.store import Handle, Store, Tx

KEEP = 8  # folds in memory
MANY = 1_000
SNAPSHOT_EVERY = 2_000  # operations folded since the last snapshot


class Shelf:
    """Folds by text id. Used under the write lock; readers ask for `state` under the same lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._states: OrderedDict[str, TextState] = OrderedDict()
        self._rooms: dict[str, str] = {}
        self._since: dict[str, int] = {}
        self._dirty: dict[str, set[str]] = {}
        self._upto: dict[str, int] = {}
        self._newest: dict[str, int] = {}  # text -> latest clock among its operations of this transaction

    def forget(self) -> None:
        """Drop every fold (after a transaction that was rolled back)."""
        self._states.clear()
        self._rooms.clear()
        self._since.clear()
        self._dirty.clear()
        self._upto.clear()
        self._newest.clear()

    def anew(self, tx: Tx) -> None:
        """Drop every row derived from texts; the folds stand empty, ready for every operation from the first."""
        self.forget()
        tx.run("delete from text")
        tx.run("delete from text_cache")
        search.clear(tx, ("text", "proposal"))
        for text, room in tx.rows("select id, room from op where kind = 'text.open' and state > 0 order by n"):
            self._rooms[text] = room
            self._states[text] = TextState(text)

    def room_of(self, handle: Handle, text: str) -> str:
        """The room a text lives in. NotAllowed("text.unknown")."""
        room = self._rooms.get(text)
        if room is None:
            row = handle.row("select room from op where id = ? and kind = 'text.open'", (text,))
            if row is None:
                raise NotAllowed("text.unknown")
            room = self._rooms[text] = str(row[0])
        return room

    def state(self, handle: Handle, text: str) -> TextState:
        """The fold of a text, read from its snapshot and the operations since when it is not in memory."""
        state = self._states.get(text)
        if state is not None:
            self._states.move_to_end(text)
            return state
        room = self.room_of(handle, text)
        upto = 0
        row = handle.row("select upto, state from text_cache where id = ?", (text,))
        if row is not None:
            try:
                state, upto = TextState.load(row[1]), int(row[0])
            except Damaged:
                state = None  # a cache, not the record: fold again
        if state is None:
            state, upto = TextState(text), 0
        count = 0
        for n, name, raw in handle.rows(
            "select n, id, raw from op where room = ? and klass = 0 and state > 0 and n > ? order by n", (room, upto)
        ):
            state.apply(operation.stored(name, raw))
            upto = n
            count += 1
        if count > MANY or row is not None:
            gc.freeze()  # a long text is a million small objects that stay: the collector need not walk them
        self._states[text] = state
        self._since[text] = count
        self._upto[text] = upto
        while len(self._states) > KEEP:
            old = next((one for one in self._states if one not in self._dirty), None)
            if old is None or old == text:
                break
            del self._states[old]
        return state

    def doubt(self, tx: Tx, room: str) -> set[str]:
        """A device of the room has two histories: every text there may read differently, also those not in memory."""
        texts = {row[0] for row in tx.rows("select id from op where room = ? and kind = 'text.open' and state > 0", (room,))}
        for text in sorted(texts):
            self.state(tx, text)
            self._dirty.setdefault(text, set()).add("*")
        return texts

    def apply(self, tx: Tx, op: Op, n: int) -> set[str]:
        """Fold one operation of the record (just stored) into the texts of its room; returns the texts touched."""
        touched: set[str] = set()
        mine = ""
        if op.kind == "text.open":
            mine = op.id
            self._rooms[mine] = op.room_id
        elif op.kind.startswith("text."):
            mine = str(op.body["text"])
        if mine:
            self._newest[mine] = max(self._newest.get(mine, 0), op.at)
        for text in [one for one in self._states if self._rooms.get(one) == op.room_id]:
            changed = self._states[text].apply(op)
            self._since[text] = self._since.get(text, 0) + 1
            self._upto[text] = max(self._upto.get(text, 0), n)
            if changed or text == mine:
                self._dirty.setdefault(text, set()).update(changed)
                touched.add(text)
        if (
            mine
            and mine not in self._states
            and tx.row("select 1 from op where id = ? and room = ? and kind = 'text.open'", (mine, op.room_id))
        ):
            state = self.state(tx, mine)
            state.apply(op)
            self._dirty.setdefault(mine, set()).add("*")
            touched.add(mine)
        return touched

    def settle(self, tx: Tx, *, fresh: bool = False) -> None:
        """Write rows and search entries of every text touched in this transaction. `fresh`: there are none yet."""
        dirty, self._dirty = self._dirty, {}
        for text, changed in sorted(dirty.items()):
            state = self._states[text]
            if "*" in changed and not fresh:
                self._drop_gone(tx, state, text)
            if not state.opened:
                tx.run("delete from text where id = ?", (text,))
                continue
            room = self.room_of(tx, text)
            self._row(tx, state, text, room)
            self._index(tx, state, text, room, {"*"} if fresh else changed, fresh)
            if self._since.get(text, 0) >= SNAPSHOT_EVERY:
                self.snapshot(tx, text)

    def snapshot(self, tx: Tx, text: str) -> None:
        """Keep the fold as it is, so that the next start need not fold it again.

        An operation that still waits is folded later than its place in the order of arrival says: the snapshot
        reaches only up to the first of them, and what is folded twice changes nothing.
        """
        room = self.room_of(tx, text)
        waits = tx.value("select min(n) from op where room = ? and klass = 0 and state = 0", (room,))
        upto = self._upto.get(text, 0) if waits is None else min(self._upto.get(text, 0), waits - 1)
        tx.run("insert or replace into text_cache(id, upto, state) values (?,?,?)", (text, upto, self._states[text].dump()))
        self._since[text] = 0

    def snapshots_due(self, least: int = 200) -> list[str]:
        """Texts whose next start would have to fold at least `least` operations."""
        return [text for text, count in self._since.items() if count >= least and text in self._states]

    def _row(self, tx: Tx, state: TextState, text: str, room: str) -> None:
        head = view.head(state, room=room)
        newest = head.revisions[-1] if head.revisions else None
        last = head.silences[-1] if head.silences else None
        old = tx.row("select changed_at from text where id = ?", (text,))
        changed_at = max(self._newest.pop(text, 0), old[0] if old else 0)
        tx.run(
            "insert or replace into text(id, room, title, symbol, paragraphs, open_paragraphs, open_proposals, revision,"
            " pen_delegation, changed_at, silence, silence_until) values (?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                text,
                room,
                head.title,
                head.symbol,
                head.paragraphs,
                head.open_paragraphs,
                head.open_proposals,
                f"Rev.{newest.number}" if newest else "",
                head.pen_delegation,
                changed_at,
                last.state if last else "",
                last.deadline if last and not last.closed else 0,
            ),
        )

    def _drop_gone(self, tx: Tx, state: TextState, text: str) -> None:
        """After a fold from the beginning: what an operation had brought that does not count any more is not found."""
        there = {f"{text}#{name}" for name in (*state.book.pars, *state.book.props)} if state.opened else set()
        for kind, ref in tx.rows(
            "select kind, ref from search_ref where kind in ('text', 'proposal') and ref > ? and ref < ?",
            (f"{text}#", f"{text}$"),
        ):
            if ref not in there:
                search.drop(tx, kind, ref)

    def _index(self, tx: Tx, state: TextState, text: str, room: str, changed: set[str], fresh: bool) -> None:
        book = state.book
        at = book.genesis.at if book.genesis else 0
        title = str(book.genesis.body["title"]) if book.genesis else ""
        pars = set(book.pars) if "*" in changed else {one for one in changed if one in book.pars}
        props = set(book.props) if "*" in changed else {one for one in changed if one in book.props}
        entries = []
        for name in sorted(pars):
            par = book.pars[name]
            ref = f"{text}#{name}"
            if par.gone < 0:
                words = f"{par.label}\n{par.words}"
                entries.append(search.Entry("text", ref, room, at, f"{par.label} · {title}", words))
            elif not fresh:
                search.drop(tx, "text", ref)
        for name in sorted(props):
            node = book.props[name].node
            words = f"{node.body['words']}\n{node.body['reason']}"
            entries.append(search.Entry("proposal", f"{text}#{name}", room, node.at, title, words))
        search.index_all(tx, entries, fresh=fresh)
