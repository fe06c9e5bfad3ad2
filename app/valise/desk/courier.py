"""The courier's desk: bundles made for a stick, and bundles taken in from one. Their acknowledgement comes back the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from valise.carriers.courier_writing import Filler, Writing, Written, places_for
from valise.desk import practice
from valise.desk.context import Context
from valise.desk.courier_gather import Gatherer, Plan
from valise.desk.courier_take import Taking
from valise.desk.door_exchange import CourierExport, CourierImport, CourierWaiting
from valise.desk.exchange import ExchangeDesk
from valise.desk.reaching import lacking
from valise.domain.errors import NotAllowed
from valise.protocol import manifest as manifests
from valise.protocol.manifest import Core
from valise.vault import courier as rows
from valise.vault import people
from valise.vault.courier import Made

Progress = Callable[[int, int], None]


class _Scale:
    """Several acts in a row as one progress of 1,000: sealing, writing, reading back."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._told = -1

    def part(self, low: int, high: int) -> Progress:
        def tell(done: int, total: int) -> None:
            at = low + (high - low) * min(done, total) // max(1, total)
            if self._progress is not None and at > self._told:
                self._told = at
                self._progress(at, 1_000)

        return tell


class CourierDesk:
    """The door's Courier. `writer` (32 secret bytes) marks what a killed export leaves behind on a stick."""

    def __init__(self, context: Context, exchange: ExchangeDesk, writer: bytes) -> None:
        self.context = context
        self.exchange = exchange
        self.gatherer = Gatherer(context, exchange)
        self.taking = Taking(context, exchange)
        self._writer = writer
        self.step: Callable[[str], None] = lambda name: None  # for tests: "sealed", "written", "begun", "named"

    # -- out

    def waiting(self) -> list[CourierWaiting]:
        """See door_exchange.Courier."""
        found = []
        with self.context.read() as handle:
            whose = dict(handle.rows("select id, delegation from device where id != ?", (self.context.own.device,)))
            lacks, counts = lacking(handle, self.context.own.device), rows.counts(handle)
            amounts = self.gatherer.amounts(handle, whose)
            for person in people.everybody(handle):
                if person.id not in amounts or person.stopped:
                    continue
                items = lacks.get(person.id, (0, 0))[0]
                files, octets = amounts[person.id]
                at, made, confirmed = counts.get(person.id, (0, 0, 0))
                found.append(
                    CourierWaiting(person.id, person.code, person.name, items, files, octets, at, confirmed, made)
                )
        return sorted(found, key=lambda one: (not (one.items or one.attachments), one.code, one.delegation))

    def export(self, folder: Path, delegations: Sequence[str], progress: Progress | None = None) -> CourierExport:
        """See door_exchange.Courier."""
        practice.check_place(self.context, folder)
        chosen = self._chosen(delegations)
        scale = _Scale(progress)
        if self.exchange.repair.rooms_answered():
            self.exchange.now()  # what statements asked for is sealed by the engine where it can
        self.exchange.before_seal()
        plan = self.gatherer.plan(chosen, scale.part(0, 200))
        if set(chosen) - {plan.devices[one].delegation for one in plan.keys}:
            raise NotAllowed("courier.nobody", "no laptop of one of these delegations shares a room with us")
        self.step("sealed")
        octets = {one: 0 for one in plan.keys}
        with Writing(folder, self._writer, places_for(plan.octets), len(plan.keys), self.context.entropy) as out:
            total, full = self._fill(out, plan, octets, scale.part(200, 700))
            self.step("written")
            sealed, made = self._begin(plan, out.table, octets)
            self.step("begun")
            written = out.finish(sealed, scale.part(700, 1_000))
            self.step("named")
        self._finish(plan, made, full)
        return self._exported(plan, written, total, made)

    def _exported(self, plan: Plan, written: Written, total: int, made: Sequence[Made]) -> CourierExport:
        number = max(one.number for one in made)
        return CourierExport(written.place, written.size, total, plan.delegations, number, True, written.digest)

    def _chosen(self, delegations: Sequence[str]) -> tuple[str, ...]:
        chosen = tuple(dict.fromkeys(delegations))
        if not self.context.own.rights and not self.context.own.revoked:
            raise NotAllowed("restore.waiting")
        with self.context.read() as handle:
            stopped = [people.stopped(handle, one) for one in chosen]
        if not chosen or None in stopped:
            raise NotAllowed("courier.nobody", "no delegation that is known here")
        if any(stopped):
            raise NotAllowed("courier.stopped", "sending to one of them is stopped")
        return chosen

    def _fill(self, out: Writing, plan: Plan, counts: dict[str, int], tell: Progress) -> tuple[int, bool]:
        """Write the parts; counts envelopes for each laptop. (envelopes, whether the file was full before the end)"""
        boxes = {plan.devices[one].mailbox: one for one in counts}
        filler, total, octets = Filler(), 0, 0
        for some in self.gatherer.carry(plan):
            for parcel in some:
                if part := filler.add(parcel):
                    out.add(part)
                for route in parcel.routes:
                    if route in boxes:
                        counts[boxes[route]] += 1
                octets += len(parcel.blob)
                total += 1
            tell(octets, plan.octets)
            if out.full:
                break
        if filler.parcels:
            out.add(filler.take())
        return total, out.full

    def _begin(self, plan: Plan, table: bytes, counts: dict[str, int]) -> tuple[list[bytes], list[Made]]:
        """Number the bundle for each delegation, and seal what it is to each of its laptops."""
        now, made, sealed = self.context.clock.now(), [], []
        with self.context.write() as tx:
            for delegation in plan.delegations:
                devices = tuple(one for one in plan.keys if plan.devices[one].delegation == delegation)
                number, last = rows.next_number(tx, delegation), rows.last_done(tx, delegation)
                heard = rows.heard(tx, delegation, manifests.MOST_DEVICES, manifests.MOST_RANGES)
                before, prev = last or (0, manifests.NOTHING)
                core = Core(self.context.own.device, delegation, number, before, prev, now, table, heard)
                one = Made(delegation, number, before, manifests.core_hash(core.encode()), table, devices, now)
                since = rows.since(tx, delegation)
                rows.begin(tx, one)
                made.append(one)
                key = self.context.keys.ed25519
                for device in devices:
                    sealed.append(manifests.seal(core, since.get(device, number), counts[device], key, device, plan.keys[device]))
        return sealed, made

    def _finish(self, plan: Plan, made: Sequence[Made], full: bool) -> None:
        """The file is there: what was kept for it alone goes; what the others have to say that they hold stays."""
        now = self.context.clock.now()
        with self.context.write() as tx:
            rows.finish(tx, made[0].bundle)
            rows.drop_loose(tx, plan.loose)
            tx.many("update parcel set put_at = ? where id = ?", [(now, one.id) for one in plan.parcels])
            for file in plan.files:
                rows.keep_chunk(tx, plan.delegations, file.name, file.upto if full else 0)
            tx.many(
                "insert or replace into way_met(delegation, put_at) values (?,?)", [(one.delegation, now) for one in made]
            )
            self.context.touch(status=True)

    # -- in

    def look(self, file: Path) -> CourierImport:
        """See door_exchange.Courier."""
        return self.taking.look(file)

    def take(self, file: Path, progress: Progress | None = None) -> CourierImport:
        """See door_exchange.Courier."""
        practice.check_place(self.context, file)
        return self.taking.take(file, progress)

    def wipe(self, file: Path) -> None:
        """See door_exchange.Courier. NotAllowed("courier.others") where something in it is for others too."""
        self.taking.wipe(file)
