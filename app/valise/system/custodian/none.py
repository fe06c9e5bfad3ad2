"""No keyring: what the simulation has, and whoever does not want one asked."""

from __future__ import annotations

from valise.system.custodian.abc import Custodian, check, unavailable


class NoCustodian(Custodian):
    """Never available; keeps nothing and says so."""

    def available(self) -> bool:
        return False

    def keep(self, name: str, value: bytes) -> None:
        check(name, value)
        raise unavailable()

    def look(self, name: str) -> bytes | None:
        check(name)
        raise unavailable()

    def forget(self, name: str) -> None:
        check(name)
        raise unavailable()
