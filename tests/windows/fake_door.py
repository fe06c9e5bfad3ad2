"""A whole Door and Gate in memory, for developing and testing screens. It records calls and can be told to fail.

`door.calls` = [(name, args, kwargs)], e.g. ("texts.agree", (text, paragraph), {}). `door.fail("texts.agree", error)`
raises `error` at the next call of that name. `door.touch(Changes(...))` announces as an exchange would.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d

from valise import settings
from valise.desk import views as v
from valise.domain.errors import NotAllowed, NotYet, Refused, ValiseError, WrongPassphrase


def recorded(method: Callable[..., Any]) -> Callable[..., Any]:
    """Record the call, then raise the planned error or go on."""

    @functools.wraps(method)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        name = f"{self.part}.{method.__name__}" if self.part else method.__name__
        self.desk._note(name, args, kwargs)
        return method(self, *args, **kwargs)

    return call


class Part:
    part = ""

    def __init__(self, desk: FakeDoor) -> None:
        self.desk = desk


class FakeContacts(Part):
    part = "contacts"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows = {} if desk.empty else {one.id: one for one in d.CONTACTS}

    def _set(self, delegation: str, **changes: Any) -> None:
        self.rows[delegation] = replace(self.rows[delegation], **changes)
        self.desk.touch(v.Changes(contacts=frozenset({delegation})))

    @recorded
    def all(self) -> list[v.ContactView]:
        return sorted(self.rows.values(), key=lambda one: one.code)

    @recorded
    def one(self, delegation: str) -> v.ContactView:
        if delegation == self.desk.me_view.delegation:
            return replace(d.contact("XA", "own"), stopped="added" if self.desk.trust.waiting.get(delegation) else "")
        try:
            return self.rows[delegation]
        except KeyError:
            raise NotYet("card.missing", "no card of that delegation") from None

    @recorded
    def own_card(self) -> bytes:
        return b"valise card of XA" * 40

    @recorded
    def own_qr(self) -> str:
        return "VALISE1:" + d.fingerprint("XA").replace(" ", "")

    @recorded
    def import_card(self, data: bytes) -> v.ContactView:
        code = data.decode(errors="replace").strip()[-2:]
        if code not in d.NAMES or code == "XA":
            raise Refused("card.torn", "not a card")
        old = self.rows.get(d.delegation(code))
        new = replace(old, changed=True, stopped="changed") if old is not None else d.contact(code, "received only")
        self.rows[new.id] = new
        self.desk.touch(v.Changes(contacts=frozenset({new.id})))
        return new

    @recorded
    def safety(self, delegation: str) -> v.SafetyNumber:
        digits = [f"{n * 7919 % 100000:05d}" for n in range(1, 13)]
        return v.SafetyNumber(tuple(digits), tuple(d.WORDS), "VALISE1:" + "".join(digits))

    @recorded
    def verified(self, delegation: str, how: str = "eye") -> None:
        self._set(delegation, trust="verified in person", trust_since=d.NOW, changed=False, stopped="")

    @recorded
    def differs(self, delegation: str) -> None:
        self._set(delegation, trust="unknown", changed=True, stopped="differs")

    @recorded
    def decide(self, delegation: str, accept: bool) -> None:
        if self.desk.trust.decided(delegation, accept):
            return
        self._set(
            delegation, trust="received only" if accept else self.rows[delegation].trust, changed=False, stopped=""
        )


class FakeRooms(Part):
    part = "rooms"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows = {one.id: one for one in d.rooms() if not desk.empty or one.kind == "internal"}

    @recorded
    def all(self) -> list[v.RoomView]:
        return list(self.rows.values())

    @recorded
    def one(self, room: str) -> v.RoomView:
        return self.rows[room]

    @recorded
    def create(self, kind: Any, title: str, members: Sequence[str]) -> str:
        made = d.ident(f"room {title} {len(self.rows)}")
        own = self.desk.me_view.delegation
        self.rows[made] = v.RoomView(made, kind, title, (own, *members), own, 2, 0, 0, "", "", d.ident("epoch"))
        self.desk.touch(v.Changes(rooms=frozenset({made})))
        return made

    @recorded
    def add(self, room: str, delegation: str, history: bool) -> None:
        self.rows[room] = replace(self.rows[room], members=(*self.rows[room].members, delegation))
        self.desk.touch(v.Changes(rooms=frozenset({room})))

    @recorded
    def remove(self, room: str, delegation: str) -> None:
        left = tuple(one for one in self.rows[room].members if one != delegation)
        self.rows[room] = replace(self.rows[room], members=left)
        self.desk.touch(v.Changes(rooms=frozenset({room})))


class FakeMessages(Part):
    part = "messages"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows = [] if desk.empty else d.messages()
        self.subjects = dict(d.SUBJECTS)
        self.drafts: dict[tuple[str, str], v.Draft] = {}
        self.files: dict[str, tuple[v.AttachmentView, bytes]] = {d.PAPER.id: (d.PAPER, b"%PDF-1.7 fictional")}
        self.unread: dict[str, int] = {} if desk.empty else {d.THREAD: 1, d.ARABIC: 1, d.BILATERAL_THREAD: 1}

    def many(self, room: str, thread: str, count: int) -> None:
        """Add `count` messages, for long lists."""
        self.rows += [
            d._message(f"many {n}", room, thread, "XB", f"Message number {n}", count - n) for n in range(count)
        ]

    @recorded
    def threads(self, room: str) -> list[v.ThreadRow]:
        found: dict[str, list[v.MessageRow]] = {}
        for one in self.rows:
            if one.room == room:
                found.setdefault(one.thread, []).append(one)
        made = [
            v.ThreadRow(thread, room, self.subjects.get(thread, ""), rows[-1].body.split("\n")[0], rows[-1].sent_at,
                        len(rows), self.unread.get(thread, 0))
            for thread, rows in found.items()
        ]  # fmt: skip
        return sorted(made, key=lambda one: -one.newest_at)

    @recorded
    def page(self, room: str, thread: str, offset: int, limit: int) -> list[v.MessageRow]:
        return [one for one in self.rows if one.room == room and one.thread == thread][offset : offset + limit]

    @recorded
    def one(self, message: str) -> v.MessageRow:
        return next(one for one in self.rows if one.id == message)

    @recorded
    def send(self, room: str, body: str, *, thread: str = "", subject: str = "", marking: str = "",
             for_the_record: bool = False, attachments: Sequence[str] = ()) -> str:  # fmt: skip
        if self.desk.rooms.rows[room].blocked:
            raise NotAllowed("room.blocked", "sending waits for a decision")
        made = d.ident(f"sent {len(self.rows)}")
        self.rows.append(
            v.MessageRow(
                made, room, thread or made, self.desk.me_view.delegation, "Second Secretary", True, body, marking,
                for_the_record, tuple(self.files[one][0] for one in attachments), self.desk.now, 0, "waiting",
                "0/2",
            )
        )  # fmt: skip
        if not thread:
            self.subjects[made] = subject
        self.drafts.pop((room, thread), None)
        self.desk.touch(v.Changes(threads=frozenset({room}), status=True))
        return made

    @recorded
    def acknowledge(self, message: str) -> None:
        room = ""
        for n, one in enumerate(self.rows):
            if one.id == message:
                self.rows[n] = replace(one, delivery="acknowledged", delivery_line="acknowledged by you 16:00 UTC")
                room = one.room
        self.desk.touch(v.Changes(threads=frozenset({room}), status=True))

    @recorded
    def seen(self, room: str, thread: str) -> None:
        if self.unread.pop(thread, 0):
            self.desk.touch(v.Changes(threads=frozenset({room}), rooms=frozenset({room})))

    @recorded
    def attach(self, room: str, name: str, data: bytes, progress: Any = None) -> v.AttachmentView:
        for done in range(4) if progress is not None else ():
            progress(done + 1, 4)
        made = d.ident(f"file {name} {len(self.files)}")
        view = v.AttachmentView(made, name, "application/octet-stream", len(data), True)
        self.files[view.id] = (view, data)
        return view

    @recorded
    def attachment(self, attachment: str) -> bytes:
        if attachment not in self.files:
            raise NotYet("attachment.incomplete", "parts are missing")
        return self.files[attachment][1]

    @recorded
    def attachment_view(self, attachment: str) -> v.AttachmentView:
        if attachment in self.files:
            return self.files[attachment][0]
        every = [one for row in self.rows for one in row.attachments]
        found = next((one for one in every if one.id == attachment), None)
        if found is None:
            raise NotAllowed("attachment.unknown", "no such attachment")
        return found

    @recorded
    def draft(self, room: str, thread: str) -> v.Draft | None:
        return self.drafts.get((room, thread))

    @recorded
    def save_draft(self, draft: v.Draft) -> None:
        self.drafts[(draft.room, draft.thread)] = draft

    @recorded
    def drop_draft(self, room: str, thread: str) -> None:
        self.drafts.pop((room, thread), None)


class FakeSettings(Part):
    part = "settings"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows = list(settings.SETTINGS)
        self.values = {one.key: one.default for one in self.rows}

    @recorded
    def get(self, key: str) -> Any:
        return self.values[key]

    @recorded
    def set(self, key: str, value: Any) -> None:
        self.values[key] = settings.setting(key).validate(value)
        self.desk.touch(v.Changes(settings=True))

    @recorded
    def all(self) -> list[Any]:
        return list(self.rows)


class FakeDoor:
    """Implements valise.desk.door.Door. `empty=True` is a fresh vault without contacts, texts or messages."""

    part = ""

    def __init__(self, *, empty: bool = False, now: int = d.NOW) -> None:
        from fake_backups import FakeBackups
        from fake_capacity import FakeCapacity
        from fake_copies import FakeCopies
        from fake_evidence import FakeEvidence
        from fake_exchange import FakeCourier, FakeExchange, FakeRelays
        from fake_files import FakeExport, FakeReturned
        from fake_incidents import FakeIncidents
        from fake_internal import FakeInternal
        from fake_joint import FakeJoint
        from fake_laptops import FakeLaptops
        from fake_library import FakeLibrary
        from fake_pings import FakePings
        from fake_ratchets import FakeRatchets
        from fake_registers import FakeRegisters
        from fake_seeing import FakeSeeing, FakeSilence
        from fake_slots import FakeSlots
        from fake_texts import FakeTexts
        from fake_today import FakeHygiene, FakeToday, FakeTraining
        from fake_trust import FakeTrust

        self.empty, self.now = empty, now
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.threads: list[str] = []
        self._failures: dict[str, ValiseError] = {}
        self._listeners: list[Callable[[v.Changes], None]] = []
        self._lock = threading.Lock()
        self.closed = False
        self.desk = self
        self.me_view = v.Me(
            d.delegation("XA"), "XA", "Aurelia", d.device("XA"), "Second Secretary", "Delegate", d.RIGHTS
        )
        self.contacts = FakeContacts(self)
        self.trust = FakeTrust(self)
        self.rooms = FakeRooms(self)
        self.incidents = FakeIncidents(self)
        self.texts = FakeTexts(self)
        self.registers = FakeRegisters(self)
        self.capacity = FakeCapacity(self)
        self.pings = FakePings(self)
        self.internal = FakeInternal(self)
        self.joint = FakeJoint(self)
        self.laptops = FakeLaptops(self)
        self.silence = FakeSilence(self)
        self.seeing = FakeSeeing(self)
        self.export = FakeExport(self)
        self.returned = FakeReturned(self)
        self.library = FakeLibrary(self)
        self.messages = FakeMessages(self)
        self.copies = FakeCopies(self)
        self.evidence = FakeEvidence(self)
        self.exchange = FakeExchange(self)
        self.relays = FakeRelays(self)
        self.courier = FakeCourier(self)
        self.backups = FakeBackups(self)
        self.ratchets = FakeRatchets(self)
        self.settings = FakeSettings(self)
        self.slots = FakeSlots(self)
        self.today = FakeToday(self)
        self.training = FakeTraining(self)
        self.hygiene = FakeHygiene(self)

    # for the tests

    def fail(self, name: str, error: ValiseError) -> None:
        """The next call of `name` raises `error`."""
        self._failures[name] = error

    def called(self, name: str) -> list[tuple[tuple[Any, ...], dict[str, Any]]]:
        """Arguments of every call of `name`, in order."""
        return [(args, kwargs) for one, args, kwargs in self.calls if one == name]

    def touch(self, changes: v.Changes) -> None:
        """Announce, on the calling thread, as the desk does."""
        for listener in list(self._listeners):
            listener(changes)

    def _note(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if self.closed:
            raise AssertionError(f"{name} was called on a closed door")
        with self._lock:
            self.calls.append((name, args, kwargs))
            self.threads.append(threading.current_thread().name)
            failure = self._failures.pop(name, None)
        if failure is not None:
            raise failure

    # the door

    @recorded
    def me(self) -> v.Me:
        return self.me_view

    @recorded
    def overview(self, language: str = "en") -> v.Overview:
        if self.empty:
            return v.Overview((), self.exchange.view)
        return v.Overview(
            (
                v.Due("contacts", d.delegation("XC"), "contact.changed", ("Castellan Republic",), self.now - d.HOUR),
                v.Due("messages", d.GROUP, "message.unread", ("2", "Drafting group on points of contact"),
                      self.now - 3 * d.HOUR),
                v.Due("texts", d.TEXT, "text.proposals", ("9", "Draft decision on the use of points of contact"),
                      self.now - 20 * d.MINUTE),
                v.Due("contacts", d.delegation("XD"), "contact.unverified", ("Dravenia",), self.now - 2 * d.DAY),
            ),
            self.exchange.view,
        )  # fmt: skip

    @recorded
    def search(self, words: str, limit: int = 50, language: str = "") -> list[v.Hit]:
        wanted = words.casefold()
        hits = [
            v.Hit("message", one.id, one.room, self.messages.subjects.get(one.thread, ""), one.body, one.sent_at)
            for one in self.messages.rows
            if wanted in one.body.casefold()
        ]
        hits += [
            v.Hit("contact", one.id, "", one.name, one.code, one.trust_since)
            for one in self.contacts.rows.values()
            if wanted in f"{one.code} {one.name}".casefold()
        ]
        hits += [
            v.Hit("text", f"{text}#{one.id}", room, one.label or "Title", one.words, self.now)
            for text, room, held in self.texts.words()
            for one in held
            if wanted in one.words.casefold()
        ]
        return hits[:limit]

    def subscribe(self, listener: Callable[[v.Changes], None]) -> Callable[[], None]:
        self._listeners.append(listener)

        def end() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return end

    @recorded
    def grant_enrolment(self, request: bytes, key_file: bytes, passphrase: bytearray, rights: Sequence[str]) -> bytes:
        right = bytes(passphrase) == GOOD.encode()
        passphrase[:] = bytes(len(passphrase))
        if not right:
            raise WrongPassphrase("vault.passphrase")
        if not request.startswith(b"valise request"):
            raise Refused("request.malformed", "not a request")
        return b"valise enrolment"

    def close(self) -> None:
        self.calls.append(("close", (), {}))
        self.threads.append(threading.current_thread().name)
        self.closed = True
        self._listeners.clear()


GOOD = "correct horse battery staple"


class FakeGate:
    """Implements valise.desk.door.Gate. The passphrase that opens is `GOOD`."""

    def __init__(self, folder: Path, *, exists: bool = True, public_name: str = "", awaiting: bool = False) -> None:
        self.folder = folder
        self._exists, self._name, self._awaiting = exists, public_name, awaiting
        self.calls: list[str] = []
        self.made: dict[str, Any] = {}
        self.seen_passphrases: list[bytearray] = []
        self.opened: FakeDoor | None = None
        self.hold: threading.Event | None = None  # when set, unlock and create wait for it
        self.failure: ValiseError | None = None

    def _work(self, name: str, passphrase: bytearray) -> bytes:
        self.calls.append(name)
        if self.hold is not None:
            self.hold.wait(10)
        held = bytes(passphrase)
        self.seen_passphrases.append(passphrase)
        passphrase[:] = bytes(len(passphrase))
        if self.failure is not None:
            failure, self.failure = self.failure, None
            raise failure
        return held

    def exists(self) -> bool:
        return self._exists

    def look(self) -> dict[str, str]:
        return {}

    def request_again(self, passphrase: bytearray) -> bytes:
        return b"request"

    ways = frozenset({"passphrase"})
    shares: tuple[str, ...] = ()  # those that open

    def can_unlock_by(self) -> frozenset[str]:
        return self.ways

    def unlock_keyring(self) -> FakeDoor:
        self._work("unlock_keyring", bytearray())
        self.opened = FakeDoor()
        return self.opened

    def try_shares(self, shares: Sequence[str]) -> None:
        self._work("try_shares", bytearray())
        if not set(shares) <= set(self.shares):
            raise WrongPassphrase("slot.shares_other")

    def unlock_shares(self, shares: Sequence[str], new: bytearray | None = None) -> FakeDoor:
        self.try_shares(shares)
        self.made = {"new": None if new is None else self._work("unlock_shares", new)}
        self.opened = FakeDoor()
        return self.opened

    def public_name(self) -> str:
        return self._name

    def create(self, *, code: str, name: str, officer: str, role: str, passphrase: bytearray,
               public_name: str = "") -> FakeDoor:  # fmt: skip
        held = self._work("create", passphrase)
        self.made = {"code": code, "name": name, "officer": officer, "role": role, "public_name": public_name,
                     "passphrase": held}  # fmt: skip
        (self.folder / "delegation.key").write_bytes(b"fictional key")
        self._exists, self._name = True, public_name
        self.opened = FakeDoor(empty=True)
        return self.opened

    def salvage(
        self, passphrase: bytearray, progress: Callable[[int, int], None] | None = None
    ) -> tuple[tuple[str, int, int], ...]:
        self._work("salvage", passphrase)
        if progress is not None:
            progress(1, 1)
        return (("op", 120, 0), ("message", 40, 2))

    def practice(self) -> FakeGate:
        self.beside = FakeGate(self.folder, exists=self.practised)
        return self.beside

    practised = False  # the vault for practice is there
    beside: FakeGate

    def practise(self, passphrase: bytearray, officer: str = "") -> FakeDoor:
        if self._work("practise", passphrase) != GOOD.encode() and self._exists:
            raise WrongPassphrase("vault.passphrase")
        self.made = {"officer": officer}
        self.opened = FakeDoor()
        self.opened.training.is_on = True
        return self.opened

    def unlock(self, passphrase: bytearray, progress: Callable[[int, int], None] | None = None) -> FakeDoor:
        if self._work("unlock", passphrase) != GOOD.encode():
            raise WrongPassphrase("vault.passphrase")
        self.opened = FakeDoor()
        return self.opened

    def ask_enrolment(self, *, officer: str, role: str, passphrase: bytearray) -> bytes:
        self._work("ask_enrolment", passphrase)
        self._exists = self._awaiting = True
        return b"valise request of " + officer.encode()

    def restore(self, backup: Path, secret: Any, passphrase: bytearray, progress: Any = None) -> FakeDoor:
        if progress is not None:
            progress(1, 2)
        if self._work("restore", passphrase) != GOOD.encode():
            raise WrongPassphrase("backup.passphrase")
        self.opened = FakeDoor()
        return self.opened

    def awaiting_enrolment(self) -> bool:
        return self._awaiting

    def finish_enrolment(self, enrolment: bytes, passphrase: bytearray) -> FakeDoor:
        held = self._work("finish_enrolment", passphrase)
        if enrolment != b"valise enrolment":
            raise Refused("grant.malformed", "not an answer")
        if held != GOOD.encode():
            raise WrongPassphrase("vault.passphrase")
        self._awaiting = False
        self.opened = FakeDoor()
        return self.opened
