"""Device certificates as stored, kept in memory while the vault is open."""

from __future__ import annotations

from valise.domain.errors import NotYet
from valise.protocol.identity import Card, Certificate, read_certificate
from valise.vault.store import Handle, Tx


class Certificates:
    """Certificates by device id. Stored ones were verified against their delegation's root when they came."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Certificate, ...]] = {}

    def of(self, handle: Handle, device: str) -> Certificate:
        """The newest certificate of a device; NotYet("device.unknown") when no accepted card names it."""
        return self.every(handle, device)[0]

    def every(self, handle: Handle, device: str) -> tuple[Certificate, ...]:
        """All of a device, the newest first. NotYet("device.unknown")."""
        found = self._known.get(device)
        if found is None:
            rows = handle.rows(
                "select certificate.raw, certificate.sig, delegation.root from certificate"
                " join device on device.id = certificate.device join delegation on delegation.id = device.delegation"
                " where certificate.device = ? order by certificate.number desc",
                (device,),
            )
            found = tuple(read_certificate(raw, sig, root) for raw, sig, root in rows)
            if not found:
                raise NotYet("device.unknown")
            self._known[device] = found
        return found

    def forget(self) -> None:
        """Read again from the vault when next asked."""
        self._known.clear()


def keep(tx: Tx, card: Card) -> None:
    """Every certificate on an accepted card. None is ever dropped: what was said with it stands."""
    tx.many(
        "insert or ignore into certificate(hash, device, number, raw, sig) values (?,?,?,?,?)",
        [
            (one.hash, one.device, one.number, one.raw, one.sig)
            for entry in card.devices
            for one in (*entry.earlier, entry.certificate)
        ],
    )


def known(handle: Handle, device: str, name: str) -> bool:
    """Whether this is the hash of a certificate of the device."""
    return handle.row("select 1 from certificate where hash = ? and device = ?", (name, device)) is not None

