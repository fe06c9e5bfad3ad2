"""Taking a courier's bundle in: part by part, whatever became of the file, and never a name before it is proved."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from valise.carriers import courier as file_format
from valise.carriers.courier import Source
from valise.desk.context import Context
from valise.desk.door_exchange import BundleKind, CourierImport
from valise.desk.exchange import ExchangeDesk
from valise.domain.errors import NotAllowed, NotYet, Refused
from valise.protocol import manifest as manifests
from valise.protocol.certificate import DeviceSecret
from valise.protocol.hpke import XWingKey
from valise.protocol.manifest import Manifest
from valise.vault import courier as rows
from valise.vault import people, prekeys, sessions
from valise.vault.courier import Came
from valise.vault.store import Handle, Tx

BATCH = 512  # envelopes taken in at once
BATCH_OCTETS = 2 << 20
MISSING = 64  # numbers named at most
FLOOD = 256  # envelopes nobody known vouches for that may stay sealed, from one file
FLOOD_OCTETS = 16 << 20
FLOOD_ALL = 256 << 20  # octets that may lie sealed in all before a file nobody vouches for is left alone

_BAD = {"torn": "carrier.torn", "unread": "carrier.unreachable"}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Look:
    """What the front and the heads of a file say. `parts` that hold something for us; `alone` = nothing in it is for others."""

    found: CourierImport
    manifest: Manifest | None = None
    parts: tuple[int, ...] = ()
    alone: bool = True
    torn: bool = False
    vouched: bool = False


class Taking:
    """The half of the courier's desk that takes in. Called without a transaction; a batch of envelopes is one."""

    def __init__(self, context: Context, exchange: ExchangeDesk) -> None:
        self.context = context
        self.exchange = exchange

    def look(self, file: Path) -> CourierImport:
        """See door_exchange.Courier."""
        try:
            with Source.open(file) as source:
                return self._look(source).found
        except Refused as error:
            return CourierImport("not_bundle", problem=error.code)

    def take(self, file: Path, progress: Progress | None = None) -> CourierImport:
        """See door_exchange.Courier."""
        try:
            with Source.open(file) as source:
                look = self._look(source)
                if look.found.kind in ("foreign", "not_bundle", "own") or source.front is None:
                    return look.found
                return self._take(source, look, _steps(progress))
        except Refused as error:
            if error.code != "courier.not_bundle":
                raise
            return CourierImport("not_bundle", problem=error.code)

    def wipe(self, file: Path) -> None:
        """See door_exchange.Courier. NotAllowed("courier.others") where something in it is for others too."""
        try:
            with Source.open(file) as source:
                look = self._look(source)
                if source.front is None or look.found.kind in ("foreign", "own"):
                    raise NotAllowed("courier.not_taken", "nothing of it is in this vault")
                with self.context.read() as handle:
                    if look.torn or not rows.taken(handle, source.front.table):
                        raise NotAllowed("courier.not_taken", "not all of it is in this vault, or nobody can tell")
                if not look.alone:
                    raise NotAllowed("courier.others", "it is for others too")
                file_format.remove(file, source)
        except Refused:
            raise NotAllowed("courier.not_taken", "this is no bundle") from None

    def _look(self, source: Source) -> _Look:
        front = source.front
        if front is None:
            return _Look(CourierImport("torn" if source.kind == "torn" else "not_bundle", problem=source.problem))
        with self.context.read() as handle:
            if rows.own(handle, front.table):
                return _Look(CourierImport("own"))
        opened, problem = self._manifest(front)
        routes = frozenset({self.context.own.mailbox})
        ours, wanted, alone, bad = 0, [], True, ""
        for number in range(len(front.lines)):
            part = source.part(number, routes, bodies=False)
            ours += part.ours
            alone = alone and not part.others
            bad = bad or _BAD.get(part.state, "")
            if part.ours or part.state in _BAD:
                wanted.append(number)
        if opened is None and not ours and (not bad or problem == "manifest.none"):
            return _Look(CourierImport("foreign"))
        bad = bad or ("carrier.torn" if source.damaged else "")
        found = CourierImport("new", envelopes=max(ours, opened.envelopes if opened else 0))
        if problem != "manifest.none":
            found = replace(found, problem=problem)
        return self._judge(_Look(found, opened, tuple(wanted), alone, bool(bad)), front.table, bad)

    def _judge(self, look: _Look, table: bytes, bad: str) -> _Look:
        """New, old, doubled or torn (`bad` says why), and who made it where that is proved."""
        found, kind, vouched = look.found, look.found.kind, False
        with self.context.read() as handle:
            whole = rows.taken(handle, table)
            if look.manifest is not None:
                core = look.manifest.core
                sender = people.device(handle, core.device)
                assert sender is not None
                person = people.one(handle, sender.delegation)
                assert person is not None
                known = rows.came(handle, core.device)
                kind = _order(known, look.manifest)
                vouched = not sender.revoked_at
                problem = "device.revoked" if sender.revoked_at else ""
                try:
                    _one_chain(known, look.manifest)
                except Refused as error:
                    problem = problem or error.code
                found = replace(
                    found, sender=person.id, code=person.code, name=person.name, device=core.device, number=core.number,
                    made_at=core.made_at, missing=rows.missing([*known, _came(look.manifest)], MISSING), problem=problem,
                )  # fmt: skip
            if whole:
                kind = "doubled"
            elif look.torn:
                kind = "torn"
                found = replace(found, problem=found.problem or bad)
        wipeable = whole and look.alone and not look.torn
        return replace(look, found=replace(found, kind=kind, wipeable=wipeable), vouched=vouched)

    def _manifest(self, front: file_format.Front) -> tuple[Manifest | None, str]:
        """What its maker says to this laptop, verified; else why there is nothing to go by. "manifest.none" = none is for us."""
        problem = "manifest.none"
        with self.context.read() as handle:
            for blob in front.manifests:
                try:
                    key = _private(handle, manifests.key_id_of(blob))
                    if key is None:
                        continue
                    made = manifests.unseal(key, self.context.own.device, blob)
                    if made.core.delegation != self.context.own.delegation or made.core.table != front.table:
                        raise Refused("manifest.other", "a manifest of another bundle")
                    made.verify(self.context.record.certificates.of(handle, made.core.device).ed25519)
                    return made, ""
                except (Refused, NotYet) as error:
                    problem = error.code
        return None, problem

    def _take(self, source: Source, look: _Look, tell: Progress) -> CourierImport:
        assert source.front is not None
        routes = frozenset({self.context.own.mailbox})
        taken = operations = 0
        torn, lost, problem = look.torn, False, look.found.problem
        names: list[bytes] = []
        budget = _Budget(self.context, look.vouched)
        for turn, number in enumerate(look.parts):
            part = source.part(number, routes)
            if part.state in _BAD:
                torn = lost = True
                problem = problem or _BAD[part.state]
            try:
                for start, some in _batches(part.items):
                    budget.check()
                    tally = self.exchange.take(some)
                    operations += tally.operations
                    taken += len(some)
                    budget.spend(tally.sealed, some)
                    names += [hashlib.sha256(blob).digest()[:16] for _, blob in some]
                    tell(turn * 1_000 + 1_000 * start // len(part.items), 1_000 * len(look.parts))
            except Refused as error:
                torn, problem, lost = True, error.code, True
                break
        if not torn and not source.padded():
            torn, problem = True, problem or "carrier.torn"
        every = max(look.found.envelopes, taken)
        whole = taken == every and (look.manifest is not None or not lost)
        with self.context.write() as tx:
            self._note(tx, source.front.table, look.manifest, whole)
            waiting = rows.still_sealed(tx, names)
        tell(1, 1)
        kind: BundleKind = "torn" if torn and look.found.kind != "doubled" else look.found.kind
        alone = look.alone and not torn
        return replace(
            look.found, kind=kind, envelopes=every, taken=taken, operations=operations, waiting=waiting, problem=problem,
            wipeable=(whole or look.found.wipeable) and alone,
        )  # fmt: skip

    def _note(self, tx: Tx, table: bytes, manifest: Manifest | None, whole: bool) -> None:
        """Remember that it came, and what it says of ours."""
        now = self.context.clock.now()
        if whole:
            rows.keep_taken(tx, table, now)
        if manifest is None:
            return
        rows.keep_came(tx, replace(_came(manifest), whole=whole), now)
        sender = people.device(tx, manifest.core.device)
        if sender is not None and not sender.revoked_at:
            for device, ranges in manifest.core.taken:
                if device == self.context.own.device:
                    rows.confirm(tx, sender.delegation, ranges, now)
        self.context.touch(status=True)


def _came(made: Manifest) -> Came:
    core = made.core
    return Came(core.device, core.number, made.hash, core.before, made.since, core.made_at, False)


def _order(known: Sequence[Came], made: Manifest) -> BundleKind:
    number = made.core.number
    if any(one.number == number and one.hash == made.hash and one.whole for one in known):
        return "doubled"
    return "old" if any(one.number > number for one in known) else "new"


def _one_chain(known: Sequence[Came], made: Manifest) -> None:
    """Refused("courier.two") when its maker has numbered two bundles alike, or names another one before it than came."""
    core = made.core
    for one in known:
        if (one.number == core.number and one.hash != made.hash) or (one.number == core.before and one.hash != core.prev):
            raise Refused("courier.two", "two bundles with one number")


def _private(handle: Handle, key_id: bytes) -> XWingKey | None:
    """The private half that was given out under this name, while it is kept. Refused("key.destroyed")."""
    prekey = prekeys.one(handle, key_id)
    if prekey is not None:
        return XWingKey(prekey.seed)
    reply = sessions.reply(handle, key_id)
    if reply is not None:
        return XWingKey(reply[1])
    if prekeys.present(handle) is None:  # a vault that has never exchanged keeps its first keys with its others
        first = DeviceSecret.from_bytes(handle.value("select value from secret where name = 'device'")).prekey
        return first if first.key_id == key_id else None
    if prekeys.gone(handle, key_id):
        raise Refused("key.destroyed")
    return None


def _batches(items: Sequence[tuple[bytes, bytes]]) -> list[tuple[int, list[tuple[bytes, bytes]]]]:
    """Some at a time, each with how far the part is taken after it."""
    found: list[tuple[int, list[tuple[bytes, bytes]]]] = []
    some: list[tuple[bytes, bytes]] = []
    size = 0
    for at, one in enumerate(items, 1):
        some.append(one)
        size += len(one[1])
        if len(some) == BATCH or size >= BATCH_OCTETS or at == len(items):
            found.append((at, some))
            some, size = [], 0
    return found


class _Budget:
    """What a file may leave in the vault that cannot be opened: little, unless a known laptop signed that it made it."""

    def __init__(self, context: Context, vouched: bool) -> None:
        self._most = 0 if vouched else FLOOD
        self._octets = 0
        self._sealed = 0
        if not vouched:
            with context.read() as handle:
                lying = int(handle.value("select coalesce(sum(length(blob)), 0) from sealed"))
            if lying > FLOOD_ALL:
                self._sealed = FLOOD

    def check(self) -> None:
        """Refused("courier.flood") when nothing more is taken from this file."""
        if self._most and (self._sealed >= self._most or self._octets >= FLOOD_OCTETS):
            raise Refused("courier.flood", "too much that cannot be opened, and nobody known says that he made it")

    def spend(self, sealed: int, some: Sequence[tuple[bytes, bytes]]) -> None:
        if sealed:
            self._sealed += sealed
            self._octets += sum(len(blob) for _, blob in some)


def _steps(progress: Progress | None) -> Progress:
    """Tells each step once."""
    told = -1

    def tell(done: int, total: int) -> None:
        nonlocal told
        at = 1_000 * done // max(1, total)
        if progress is not None and at > told:
            told = at
            progress(at, 1_000)

    return tell
