"""Messages: threads, sending, acknowledging, attachments, drafts."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from valise.desk import views
from valise.desk.context import CHAT, RECORD, Context
from valise.desk.door import Progress
from valise.domain import message as rules
from valise.domain.errors import NotAllowed, NotYet
from valise.protocol import attachment as sealing
from valise.protocol.canonical import b64u, unb64u
from valise.vault import parcels
from valise.vault.store import Handle

PIECE = 1 << 20


class MessagesDesk:
    """The door's Messages."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def threads(self, room: str) -> list[views.ThreadRow]:
        """Threads of a room, newest first."""
        with self.context.read() as handle:
            rows = handle.rows(
                "select thread.id, thread.room, thread.subject, thread.first_line, thread.newest_at, thread.messages,"
                " case when top > coalesce(upto, 0) then"
                "  (select count(*) from message where message.room = thread.room and message.thread = thread.id"
                "   and message.author != ? and message.n > coalesce(upto, 0)) else 0 end"
                " from thread left join read_mark on read_mark.room = thread.room and read_mark.thread = thread.id"
                " where thread.room = ? order by thread.newest_at desc, thread.id",
                (self.context.own.delegation, room),
            )
        return [views.ThreadRow(*row) for row in rows]

    def page(self, room: str, thread: str, offset: int, limit: int) -> list[views.MessageRow]:
        """Oldest first."""
        with self.context.read() as handle:
            ids = handle.rows(
                "select id from message where room = ? and thread = ? order by at, tick, id limit ? offset ?",
                (room, thread, limit, offset),
            )
            return [self._view(handle, row[0]) for row in ids]

    def one(self, message: str) -> views.MessageRow:
        """NotAllowed("message.unknown")."""
        with self.context.read() as handle:
            return self._view(handle, message)

    def send(
        self,
        room: str,
        body: str,
        *,
        thread: str = "",
        subject: str = "",
        marking: str = "",
        for_the_record: bool = False,
        attachments: Sequence[str] = (),
    ) -> str:
        """Into the vault and the outbox; the exchange seals and sends it. Returns the message's id."""
        with self.context.write() as tx:
            state = self.context.record.room(tx, room)
            if state is None:
                raise NotAllowed("room.unknown")
            files = [self._params(tx, one) for one in attachments]
            if any(one["id"] != rules.attachment_id(room, one) for one in files):
                raise NotAllowed("attachment.other_room")
            made = rules.send(
                body,
                thread=thread,
                subject=subject,
                marking=marking,
                attachments=files,
                group=len(state.members) > 2,
            )
            name = self.context.author(tx, room, "message.send", made, klass=RECORD if for_the_record else CHAT).op.id
            for one in attachments:
                tx.run("insert or ignore into chunk_out(attachment, room, next) values (?,?,0)", (one, room))
            tx.run("delete from draft where room = ? and thread = ?", (room, thread))
            return name

    def acknowledge(self, message: str) -> None:
        """A person says: received and read. Goes to the room in the class of the message."""
        with self.context.write() as tx:
            row = tx.row("select room, klass, author from message where id = ?", (message,))
            if row is None:
                raise NotAllowed("message.unknown")
            if row[2] == self.context.own.delegation:
                raise NotAllowed("message.own")
            if not tx.row(
                "select 1 from acknowledgement where message = ? and device = ?", (message, self.context.own.device)
            ):
                self.context.author(tx, row[0], "message.acknowledge", {"message": message}, klass=row[1])

    def seen(self, room: str, thread: str) -> None:
        """The thread was shown to its end: nothing in it is unread. Stays on this device."""
        with self.context.write() as tx:
            top = tx.row("select coalesce(max(n), 0) from message where room = ? and thread = ?", (room, thread))[0]
            old = tx.row("select upto from read_mark where room = ? and thread = ?", (room, thread))
            if old is None or old[0] < top:
                tx.run("insert or replace into read_mark(room, thread, upto) values (?,?,?)", (room, thread, top))
                from valise.vault.append import Touched

                self.context.touch(Touched(threads={room}))

    def attach(self, room: str, name: str, data: bytes, progress: Progress | None = None) -> views.AttachmentView:
        """Seal a file into the vault, ready to be sent. Refused("attachment.too_large")."""

        def pieces() -> Iterator[bytes]:
            for start in range(0, len(data), PIECE):
                if progress:
                    progress(start, len(data))
                yield data[start : start + PIECE]

        chunks, seal = sealing.seal(pieces())
        clean = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())  # as it will be signed
        clean = clean.replace("\\", "/").rsplit("/", 1)[-1].strip()[:200] or "file"
        params: dict[str, Any] = {
            "name": clean,
            "media": _media(clean),
            "size": seal.size,
            "sealed": seal.sealed_size,
            "chunks": len(chunks),
            "key": b64u(seal.key),
            "plain_hash": b64u(seal.plain_hash),
            "sealed_hash": b64u(seal.sealed_hash),
        }
        ident = params["id"] = rules.attachment_id(room, params)
        with self.context.write() as tx:
            tx.run(
                "insert into attachment(id, room, name, media, size, chunks, have, sealed, params, at) values (?,?,?,?,?,?,?,?,?,?)",
                (
                    ident,
                    room,
                    clean,
                    params["media"],
                    seal.size,
                    len(chunks),
                    len(chunks),
                    seal.sealed_size,
                    json.dumps(params, sort_keys=True).encode(),
                    self.context.clock.now(),
                ),
            )
            tx.many(
                "insert into chunk(attachment, i, data) values (?,?,?)",
                [(ident, i, one) for i, one in enumerate(chunks)],
            )
        if progress:
            progress(len(data), len(data))
        return views.AttachmentView(ident, clean, str(params["media"]), seal.size, True)

    def attachment(self, attachment: str) -> bytes:
        """The verified plaintext. NotYet("attachment.incomplete"), Refused("attachment.*")."""
        with self.context.read() as handle:
            params = self._params(handle, attachment)
            rows = handle.rows("select data from chunk where attachment = ? order by i", (attachment,))
        if len(rows) < params["chunks"]:
            raise NotYet("attachment.incomplete")
        seal = sealing.Seal(
            unb64u(params["key"]),
            params["size"],
            params["sealed"],
            unb64u(params["sealed_hash"]),
            unb64u(params["plain_hash"]),
        )
        return sealing.open(seal, (row[0] for row in rows))

    def attachment_view(self, attachment: str) -> views.AttachmentView:
        """What a list shows of an attachment. NotAllowed("attachment.unknown")."""
        with self.context.read() as handle:
            row = handle.row("select id, name, media, size, chunks, have from attachment where id = ?", (attachment,))
        if row is None:
            raise NotAllowed("attachment.unknown")
        return views.AttachmentView(row[0], row[1], row[2], row[3], row[4] == row[5])

    def draft(self, room: str, thread: str) -> views.Draft | None:
        """What was being written here, kept through crashes."""
        with self.context.read() as handle:
            row = handle.row(
                "select room, thread, subject, body, marking, record, attachments, saved_at from draft where room = ? and thread = ?",
                (room, thread),
            )
        if row is None:
            return None
        return views.Draft(row[0], row[1], row[2], row[3], row[4], bool(row[5]), tuple(json.loads(row[6])), row[7])

    def save_draft(self, draft: views.Draft) -> None:
        """Keep a draft; an empty one is dropped."""
        if not draft.body.strip() and not draft.subject.strip() and not draft.attachments:
            return self.drop_draft(draft.room, draft.thread)
        with self.context.write() as tx:
            tx.run(
                "insert or replace into draft(room, thread, subject, body, marking, record, attachments, saved_at) values (?,?,?,?,?,?,?,?)",
                (
                    draft.room,
                    draft.thread,
                    draft.subject,
                    draft.body,
                    draft.marking,
                    int(draft.for_the_record),
                    json.dumps(list(draft.attachments)),
                    self.context.clock.now(),
                ),
            )
        return None

    def drop_draft(self, room: str, thread: str) -> None:
        with self.context.write() as tx:
            tx.run("delete from draft where room = ? and thread = ?", (room, thread))

    def _params(self, handle: Handle, attachment: str) -> dict[str, Any]:
        row = handle.row("select params from attachment where id = ?", (attachment,))
        if row is None:
            raise NotAllowed("attachment.unknown")
        found: dict[str, Any] = json.loads(row[0])
        return found

    def _view(self, handle: Handle, message: str) -> views.MessageRow:
        row = handle.row(
            "select id, room, thread, author, device, klass, seq, body, marking, attachments, at, received_at, subject"
            " from message where id = ?",
            (message,),
        )
        if row is None:
            raise NotAllowed("message.unknown")
        name, room, thread, author, device, klass, seq, body, marking, attachments, at, received_at, _ = row
        officer = handle.row("select officer from device where id = ?", (device,))
        own = device == self.context.own.device
        acks = dict(handle.rows("select device, at from acknowledgement where message = ?", (message,)))
        receipts: tuple[views.Receipt, ...] = ()
        if own:
            receipts = self._receipts(handle, room, klass, seq, acks)
        elif acks:
            receipts = tuple(
                views.Receipt(one, self._delegation(handle, one), 0, when) for one, when in sorted(acks.items())
            )
        delivery, line = self._delivery(handle, room, klass, seq, receipts) if own else ("delivered", "")
        if acks and (not own or any(one.acknowledged_at for one in receipts)):
            delivery = "acknowledged"
        files = []
        for one in json.loads(attachments):
            found = handle.row("select id, name, media, size, chunks, have from attachment where id = ?", (one,))
            if found:
                files.append(views.AttachmentView(found[0], found[1], found[2], found[3], found[4] == found[5]))
        return views.MessageRow(
            name,
            room,
            thread,
            author,
            officer[0] if officer else "",
            author == self.context.own.delegation,
            body,
            marking,
            klass == RECORD,
            tuple(files),
            at,
            received_at,
            delivery,
            line,
            receipts,
        )

    def _receipts(
        self, handle: Handle, room: str, klass: int, seq: int, acks: dict[str, int]
    ) -> tuple[views.Receipt, ...]:
        row = handle.row(
            "select tag from parcel where room = ? and klass = ? and first <= ? and last >= ?", (room, klass, seq, seq)
        )
        concerned = set(parcels.recipients(handle, row[0])) if row else set()
        times = dict(
            handle.rows(
                "select device, min(at) from held where room = ? and klass = ? and seq >= ? group by device",
                (room, klass, seq),
            )
        )
        return tuple(
            views.Receipt(one, self._delegation(handle, one), times.get(one, 0), acks.get(one, 0))
            for one in sorted(concerned | times.keys() | acks.keys())
        )

    def _delivery(
        self, handle: Handle, room: str, klass: int, seq: int, receipts: tuple[views.Receipt, ...]
    ) -> tuple[views.Delivery, str]:
        """State and its plain line as "<delivered>/<all>" (the window makes a sentence of it)."""
        done = sum(1 for one in receipts if one.delivered_at)
        if handle.row("select 1 from outbox where room = ? and klass = ? and seq = ?", (room, klass, seq)):
            return "waiting", ""
        row = handle.row(
            "select put_at, due_at from parcel where room = ? and klass = ? and first <= ? and last >= ?",
            (room, klass, seq, seq),
        )
        if row is None or (receipts and done == len(receipts)):
            return "delivered", f"{done}/{len(receipts)}"
        if not row[0]:
            return "waiting", ""
        return "sent", f"{done}/{len(receipts)}"

    def _delegation(self, handle: Handle, device: str) -> str:
        row = handle.row("select delegation from device where id = ?", (device,))
        return str(row[0]) if row else ""


def _media(name: str) -> str:
    import mimetypes

    return mimetypes.guess_type(name, strict=True)[0] or "application/octet-stream"
