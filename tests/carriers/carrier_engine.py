"""The smallest engine: stores a cursor and seen names, drops repetitions by id, can crash before a commit."""

from __future__ import annotations

from collections.abc import Sequence

from valise.carriers.abc import Batch, Carrier


class Engine:
    def __init__(self, carrier: Carrier, *routes: bytes) -> None:
        self.carrier = carrier
        self.routes = frozenset(routes)
        self.cursor = b""
        self.stored: set[str] = set()
        self.got: dict[bytes, bytes] = {}
        self.shown = 0  # parcels the carrier showed, repetitions included

    def settled(self) -> bool:
        """Whether what was put before has come as far as the carrier: at once, but where `settle` of a carrier under test
        says otherwise."""
        settle = getattr(self.carrier, "settle", None)
        return settle is None or settle()

    def _seen(self, names: Sequence[str]) -> set[str]:
        return self.stored.intersection(names)

    def fetch(self, limit: int = 100) -> Batch:
        return self.carrier.fetch(self.routes, self.cursor, limit, self._seen)

    def commit(self, batch: Batch) -> None:
        self.shown += len(batch.items)
        for ident, blob in batch.items:
            self.got.setdefault(ident, blob)
        self.cursor = batch.cursor
        self.stored.update(batch.seen)
        self.carrier.done(batch.cursor)

    def round(self, limit: int = 100) -> int:
        """Fetch until the round is over; returns how many parcels were new."""
        before = len(self.got)
        while True:
            batch = self.fetch(limit)
            assert len(batch.items) <= limit
            self.commit(batch)
            if not batch.more and self.settled():
                return len(self.got) - before

    def restarted(self, carrier: Carrier) -> Engine:
        """What the vault kept, with a carrier that knows nothing."""
        again = Engine(carrier, *self.routes)
        again.cursor, again.stored, again.got = self.cursor, set(self.stored), dict(self.got)
        return again
