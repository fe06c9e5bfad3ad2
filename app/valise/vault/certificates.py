"""Device certificates as stored, kept in memory while the vault is open."""

from __future__ import annotations

from valise.domain.errors import NotYet
from valise.protocol.identity import Certificate, read_certificate
from valise.vault.store import Handle


class Certificates:
    """Certificates by device id. Stored ones were verified against their delegation's root when they came."""

    def __init__(self) -> None:
        self._known: dict[str, Certificate] = {}

    def of(self, handle: Handle, device: str) -> Certificate:
        """The certificate of a device; NotYet("device.unknown") when no accepted card names it."""
        found = self._known.get(device)
        if found is None:
            row = handle.row(
                "select device.certificate, device.certificate_sig, delegation.root from device"
                " join delegation on delegation.id = device.delegation where device.id = ?",
                (device,),
            )
            if row is None:
                raise NotYet("device.unknown")
            found = read_certificate(row[0], row[1], row[2])
            self._known[device] = found
        return found

    def forget(self) -> None:
        """Read again from the vault when next asked."""
        self._known.clear()
