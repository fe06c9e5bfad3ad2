"""Identities, under one name: root and devices (certificate), contact cards (card), enrolment (grant), key file."""

from valise.protocol.card import (
    Card,
    CardDevice,
    Succession,
    make_card,
    newest,
    read_card,
    refresh,
    succession,
)
from valise.protocol.certificate import (
    Certificate,
    DeviceSecret,
    Prekeys,
    Root,
    certificate_hash,
    delegation_id,
    device_id,
    make_certificate,
    needed,
    read_certificate,
    read_prekeys,
    renew_certificate,
)
from valise.protocol.grant import Grant, make_grant, read_grant
from valise.protocol.request import Request, make_request, read_request
from valise.protocol.rootfile import open_root, seal_root

__all__ = [
    "Card",
    "CardDevice",
    "Certificate",
    "DeviceSecret",
    "Grant",
    "Prekeys",
    "Request",
    "Root",
    "Succession",
    "certificate_hash",
    "delegation_id",
    "device_id",
    "make_card",
    "make_certificate",
    "make_grant",
    "make_request",
    "needed",
    "newest",
    "open_root",
    "read_card",
    "read_certificate",
    "read_grant",
    "read_prekeys",
    "read_request",
    "refresh",
    "renew_certificate",
    "seal_root",
    "succession",
]
