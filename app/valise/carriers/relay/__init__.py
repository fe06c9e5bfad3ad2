"""The relay: a carrier on NATS JetStream for delegations in different places."""

from __future__ import annotations

from valise.carriers.relay.carrier import Probe, RelayCarrier

__all__ = ["Probe", "RelayCarrier"]
