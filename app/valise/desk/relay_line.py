"""The exchange's line to relays, in step with what the vault says: our mailbox, whom we may write to, the proxy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from valise import settings as declared
from valise.carriers import abc
from valise.carriers.abc import Carrier
from valise.desk.context import Context
from valise.desk.exchange import ExchangeDesk
from valise.desk.relays import RelayDesk
from valise.domain.errors import ValiseError
from valise.domain.relay import Address, Mailbox

MINUTE = 60_000
RelayMaker = Callable[[Mailbox | None, str], Carrier]


def relay_carrier(mailbox: Mailbox | None, proxy: str) -> Carrier:
    """The real one; nothing of it is loaded before a vault has a relay."""
    return abc.find("relay")(mailbox, proxy=proxy)


class RelayLine:
    """Puts the line in, changes it and takes it out again. `make` is another in tests."""

    def __init__(self, context: Context, exchange: ExchangeDesk, relays: RelayDesk, make: RelayMaker = relay_carrier) -> None:
        self.context, self.exchange, self.relays, self.make = context, exchange, relays, make
        self._made: tuple[Mailbox | None, str] | None = None
        self._book: Mapping[str, Address] = {}
        self._news = True
        self._looked = 0
        exchange.tune = self.tune
        exchange.carriage.book = self.book
        relays.changed = self.changed
        relays.ask_relay = self.ask

    def changed(self) -> None:
        """After a commit: the next round looks at what the vault says."""
        self._news = True
        self.exchange.wanted()

    def book(self) -> Mapping[str, Address]:
        """As of the last round: addresses end by themselves, which is seen within a minute."""
        return self._book

    def tune(self) -> None:
        """Before each round."""
        now = self.context.clock.now()
        stored = self._settings()
        proxy: str = declared.get(stored, "exchange.proxy")
        self.exchange.carriage.fall_back = declared.get(stored, "exchange.fall_back")
        if not self._news and 0 <= now - self._looked < MINUTE and (self._made is None or self._made[1] == proxy):
            return
        self._news, self._looked = False, now
        before, self._book = self._book, self.relays.book()
        mailbox = self.relays.mailbox()
        wanted = (mailbox, proxy) if (mailbox is not None or self._book) and not self.context.training else None
        if wanted != self._made:
            self._made = None
            if wanted is None:
                self.exchange.carriage.take_out("relay")
            else:
                place = mailbox.server.host if mailbox is not None else ""
                self.exchange.add("relay", self.make(mailbox, proxy), place)
                with self.context.write() as tx:
                    self.exchange.carriage.restarted(tx)
            self._made = wanted
        elif before.keys() == self._book.keys():
            return
        self.exchange.lines_changed()

    def ask(self, users: Sequence[str]) -> str:
        """Ask our relay to end these credentials: "" once it confirmed, else an error code."""
        line = self.exchange.carriage.lines.get("relay")
        revoke: Any = getattr(line.carrier, "revoke", None) if line is not None else None
        if revoke is None:
            return "relay.none"
        try:
            return str(revoke(list(users)))
        except ValiseError as error:
            return error.code

    def _settings(self) -> dict[str, str]:
        with self.context.read() as handle:
            found = {key: handle.value("select value from setting where key = ?", (key,)) for key in ("exchange.proxy", "exchange.fall_back")}
        return {key: value for key, value in found.items() if value is not None}
