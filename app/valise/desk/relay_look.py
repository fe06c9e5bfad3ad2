"""Looking into the file of a relay's operator before it is used."""

from __future__ import annotations

from valise.desk.door_exchange import RelayView
from valise.protocol import relaykit


def look(kit: bytes) -> RelayView:
    """What the file says about the relay; nothing is kept and nobody is asked. Refused("relay.kit" | "relay.address")."""
    made = relaykit.decode(kit)
    server = made.mailbox.server
    return RelayView(
        server.host, server.urls, made.label, made.mailbox.expires, 0, may_grant=True, pinned=bool(server.pin or server.ca)
    )
