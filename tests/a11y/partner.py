"""The other delegation: no window, a real desk and a real vault, the machine's clock, and one exchange folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.world import FAST, PASSPHRASE

from valise import bootstrap
from valise.desk.desk import Desk


class Partner:
    """Borovia. It exchanges when it is asked for something and it is not there yet."""

    def __init__(self, folder: Path) -> None:
        self.share, self.card = folder / "share", folder / "XB.valise-card"
        self.share.mkdir()
        self.desk: Desk = bootstrap.gate(folder / "XB", kdf=FAST).create(
            code="XB", name="Borovia", officer="Officer XB", role="Delegate", passphrase=bytearray(PASSPHRASE)
        )
        self.desk.exchange.use_folder(self.share)
        self.card.write_bytes(self.desk.contacts.own_card())
        self.other = ""

    def meet(self, card: Path) -> None:
        """Take in the card of the other side."""
        self.other = self.desk.contacts.import_card(card.read_bytes()).id

    def until(self, there: Callable[[], Any]) -> Callable[[], Any]:
        """A condition that exchanges whenever it is not so yet."""

        def looked() -> Any:
            found = there()
            if not found:
                self.desk.exchange.now()
            return found

        return looked

    def close(self) -> None:
        self.desk.close()
