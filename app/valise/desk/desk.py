"""An unlocked vault's desk: puts the use cases together. The only door for window and command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from valise import settings as declared
from valise.desk import citing, enrolment, laptops, restoring, views
from valise.desk.backups import BackupsDesk
from valise.desk.capacity import CapacityDesk
from valise.desk.checkpoints import Checkpoints
from valise.desk.contacts import ContactsDesk
from valise.desk.context import Context, Keys
from valise.desk.copies_seen import CopiesDesk
from valise.desk.courier import CourierDesk
from valise.desk.evidence import EvidenceDesk
from valise.desk.exchange import ExchangeDesk
from valise.desk.export import ExportDesk
from valise.desk.frozen import FrozenDesk
from valise.desk.hygiene import HygieneDesk
from valise.desk.incidents import IncidentsDesk
from valise.desk.internal import InternalDesk
from valise.desk.joint import JointDesk
from valise.desk.keys import KeyDesk
from valise.desk.laptops import LaptopsDesk
from valise.desk.library import LibraryDesk
from valise.desk.live import LiveDesk
from valise.desk.messages import MessagesDesk
from valise.desk.opening import Opening
from valise.desk.overview import overview
from valise.desk.pings import PingsDesk
from valise.desk.ports import CarrierMaker, Clock, Custodian, Entropy, Parser
from valise.desk.registers import RegistersDesk
from valise.desk.relay_line import RelayLine
from valise.desk.relays import RelayDesk
from valise.desk.repair import Repair
from valise.desk.returned import ReturnedDesk
from valise.desk.rooms import RoomsDesk
from valise.desk.sealing import Sealing
from valise.desk.seeing import SeeingDesk
from valise.desk.silence import SilenceDesk
from valise.desk.slots import SlotsDesk
from valise.desk.texts import TextsDesk
from valise.desk.today import HasDue, TodayDesk, collected
from valise.desk.training import TrainingDesk
from valise.desk.trust import TrustDesk
from valise.domain.errors import ValiseError
from valise.protocol.canonical import digest
from valise.protocol.certificate import DeviceSecret
from valise.protocol.rootfile import FLOOR
from valise.vault import beside, search
from valise.vault.append import Record
from valise.vault.certificates import Certificates
from valise.vault.shelf import Shelf
from valise.vault.slots import Kdf
from valise.vault.store import Store


class SettingsDesk:
    """Settings by key, each declared once in valise.settings."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def get(self, key: str) -> Any:
        """The value, or its declared default."""
        setting = declared.setting(key)
        with self.context.read() as handle:
            row = handle.row("select value from setting where key = ?", (key,))
        return setting.parse(row[0]) if row else setting.default

    def set(self, key: str, value: Any) -> None:
        """NotAllowed("setting.*") when the value does not fit its declaration."""
        setting = declared.setting(key)
        text = setting.write(value)
        with self.context.write() as tx:
            tx.run("insert or replace into setting(key, value) values (?,?)", (key, text))
            self.context.touch(settings=True)
        if setting.before_unlock:
            beside.keep(self.context.store.folder, key, text)

    def all(self) -> list[Any]:
        return list(declared.SETTINGS)


class Desk:
    """The door to one unlocked vault."""

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        entropy: Entropy,
        make_carrier: CarrierMaker,
        parser: Parser,
        root_floor: tuple[int, int] = FLOOR,
        custodian: Custodian | None = None,
        kdf: Kdf | None = None,
    ) -> None:
        with store.read() as handle:
            secret = DeviceSecret.from_bytes(handle.row("select value from secret where name = 'device'")[0])
            own = restoring.waiting(handle, secret) or laptops.own(handle, secret.id)
        self._secret = secret
        self._root_floor = root_floor
        self.store = store
        self.record = Record(Certificates(), Shelf(store))
        self.context = Context(store, self.record, own, Keys(secret.key, secret.composite), clock, entropy, custodian)
        keys = KeyDesk(self.context, secret)
        self.copies = CopiesDesk(self.context, digest("valise/v1/point", secret.ed25519_seed))
        repair = Repair(self.context, keys, self.copies)
        sealing = Sealing(self.context, keys)
        opening = Opening(self.context, keys, repair)
        self.contacts = ContactsDesk(self.context)
        self.rooms = RoomsDesk(self.context)
        self.trust = TrustDesk(
            self.context, self.contacts, self.rooms, LiveDesk(self.context, self.contacts, self.rooms)
        )
        self.internal = InternalDesk(self.context, self.rooms)
        self.texts = TextsDesk(self.context, self.internal, parser)
        self.joint = JointDesk(self.context, self.texts)
        self.frozen = FrozenDesk(self.context, self.texts)
        self.silence = SilenceDesk(self.context, self.texts)
        self.seeing = SeeingDesk(self.context)
        self.export = ExportDesk(self.texts, self.seeing)
        self.returned = ReturnedDesk(self.context, self.texts, self.seeing)
        self.library = LibraryDesk(self.context, parser)
        self.messages = MessagesDesk(self.context)
        self.incidents = IncidentsDesk(self.context, self.rooms, self.messages)
        self.registers = RegistersDesk(self.context, self.rooms, self.messages, local=True)
        self.capacity = CapacityDesk(self.context, self.registers)
        self.pings = PingsDesk(self.context, self.rooms, RegistersDesk(self.context, self.rooms, self.messages))
        self.registers.files.cards = lambda contacts, to: self.pings.cards(contacts, to).rows
        self.evidence = EvidenceDesk(self.context)
        self.exchange = (ExchangeDesk if own.rights or own.revoked else restoring.Quiet)(
            self.context, sealing, opening, repair, make_carrier, digest("valise/v1/writer", secret.ed25519_seed)
        )
        self.ratchets = self.exchange.ratchets
        self.copies.anew = self.ratchets.begin_anew
        self.laptops = LaptopsDesk(self.context, secret, keys, root_floor)
        self.relays = RelayDesk(self.context)
        self.relay_line = RelayLine(self.context, self.exchange, self.relays)
        self.relays.asking.aside = lambda: self.exchange.carriage.aside
        self.relays.asking.wake = self.exchange.wanted
        self.contacts.card_imported = self.relays.passed
        self.courier = CourierDesk(self.context, self.exchange, digest("valise/v1/courier-part", secret.ed25519_seed))
        self.settings = SettingsDesk(self.context)
        self.slots = SlotsDesk(self.context, kdf)
        self.backups = BackupsDesk(self.context, secret, root_floor, self.close)
        self.backups.keyring = lambda: [self.copies._name]
        self.training = TrainingDesk(self, make_carrier, parser, digest("valise/v1/practice", secret.ed25519_seed))
        self.today = TodayDesk(self.context, self.registers, self.joint)
        self.hygiene = HygieneDesk(
            self.context, self.settings, self.slots, self.backups, self.contacts, self.copies, self.relays, self.laptops, kdf
        )
        # whoever knows what of its own needs a person, in the order it is shown
        self.due_of: list[HasDue] = [self.trust, self.laptops, self.relays, self.copies, self.incidents]
        self.context.card_came = self.exchange.card_came
        self.context.record.joining = self.exchange.somebody_joins
        self.exchange.after_round = self._after_round
        self.exchange.before_seal = Checkpoints(self.context).make_due
        self.rooms.members_changed = self.texts.members_changed
        self._apply_settings()
        self.copies.start()

    def me(self) -> views.Me:
        """Our delegation and this device."""
        own = self.context.own
        return views.Me(own.delegation, own.code, own.name, own.device, own.officer, own.role, own.rights)

    def overview(self, language: str = "en") -> views.Overview:
        """What needs a person now; titles of rows in a language."""
        found = overview(self.context, self.rooms, self.contacts, self.exchange, self.internal, self.joint)
        titled = (*self.today.due(language), *self.pings.due(language))
        return replace(found, due=(*found.due, *collected(self.due_of), *titled))

    def search(self, words: str, limit: int = 50, language: str = "") -> list[views.Hit]:
        """Everything that holds all these words, best first; titles of what was shipped in `language` ("" = as it is set)."""
        language = language or self.settings.get("language")
        with self.context.read() as handle:
            found = [
                one for one in search.find(handle, words, limit) if one[0] != "joint" or self.joint.stands(handle, one[1])
            ]  # a statement of a laptop with two histories is in the index and shown nowhere
            held = [
                views.Hit(kind, self._place(handle, kind, ref), room, title, self._excerpt(handle, kind, ref), at)
                if kind != "register" else views.Hit(kind, ref, room, *self.registers.looking.hit(ref, words, language), at)
                for kind, ref, room, at, title in found
            ]
        return citing.around(held, words, language)[:limit]

    def subscribe(self, listener: Callable[[views.Changes], None]) -> Callable[[], None]:
        """`listener` hears what changed after each commit, on the committing thread."""
        return self.context.subscribe(listener)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Several commands in one transaction: all of them are kept, or none."""
        with self.context.write():
            yield

    def grant_enrolment(self, request: bytes, key_file: bytes, passphrase: bytearray, rights: Sequence[str]) -> bytes:
        """Certify a second laptop; returns its enrolment file. Wipes `passphrase`."""
        try:
            made = enrolment.grant(self.context, self._secret, request, key_file, passphrase, rights, self._root_floor)
        finally:
            passphrase[:] = bytes(len(passphrase))
        with self.context.write() as tx:
            for (room,) in tx.rows("select id from room"):
                self.exchange.repair.introduce(tx, room)
        return made

    def rebuild(self) -> None:
        """Derive every projection again from the operations alone."""
        with self.context.write() as tx:
            self.context.touch(self.record.rebuild(tx))

    def close(self) -> None:
        """Everything is already in the vault; keeps snapshots of long texts for the next start, and closes."""
        self.training.close()
        self.exchange.close()
        self.relays.close()
        try:
            with self.context.lock:
                due = self.record.shelf.snapshots_due()
                if due:
                    with self.context.write() as tx:
                        for text in due:
                            self.record.shelf.snapshot(tx, text)
        except ValiseError:
            pass  # a cache; a full disk must not keep the vault from closing
        self.copies.close()
        self.store.close()

    def _after_round(self, changes: views.Changes) -> None:
        if changes.texts:
            self.texts.confirm_revisions()
        self.silence.close_due()
        self.copies.tend()
        self.trust.attend(changes)
        self.relays.attend(changes)
        self.training.tend()

    def _apply_settings(self) -> None:
        self.exchange.resend = self.settings.get("exchange.resend_seconds") * 1000
        self.exchange.interval = self.settings.get("exchange.interval_seconds") * 1000
        window = self.settings.get("exchange.courier_days") * 24 * 3600 * 1000
        self.exchange.outbound.window = window

    def _place(self, handle: Any, kind: str, ref: str) -> str:
        """Where a hit leads: a note to its paragraph, everything else to itself."""
        if kind == "incident":
            return self.incidents.hit(handle, ref)[0]
        row = handle.row("select text, paragraph from remark where id = ?", (ref,)) if kind == "note" else None
        return f"{row[0]}#{row[1]}" if row else ref

    def _excerpt(self, handle: Any, kind: str, ref: str) -> str:
        if kind == "message":
            row = handle.row("select body from message where id = ?", (ref,))
        elif kind == "note":
            row = handle.row("select words from remark where id = ?", (ref,))
        elif kind == "joint":
            row = (self.joint.one(ref).words,)
        elif kind == "incident":
            row = (self.incidents.hit(handle, ref)[1],)
        elif kind == "contact":
            row = handle.row("select code from delegation where id = ?", (ref,))
        else:
            row = (self.texts.excerpt(ref),)
        return str(row[0])[:240] if row else ""
