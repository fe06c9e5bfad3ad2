"""Whether the other end is the relay that was meant, and new enough."""

from __future__ import annotations

import hashlib
import hmac
import re
import ssl
from functools import lru_cache
from typing import Final

from valise.domain.errors import Unavailable
from valise.domain.relay import LOOPBACK, Server

_VERSION: Final = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})\Z")  # a candidate ("2.14.3-RC.1") is no release


@lru_cache(maxsize=64)
def _context(ca: str, pinned: bool) -> ssl.SSLContext:
    if pinned and not ca:  # the pin alone says who it is
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context = ssl.create_default_context(cadata=ca or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def context(server: Server) -> ssl.SSLContext:
    """Its authority, else those of this computer; none where a pin alone decides. Unavailable("relay.untrusted")."""
    try:
        return _context(server.ca, bool(server.pin))
    except (ssl.SSLError, ValueError):
        raise Unavailable("relay.untrusted", "the relay's authority cannot be read") from None


def check_pin(server: Server, session: object) -> None:
    """`session` = the live TLS session (None = no TLS). Unavailable("relay.untrusted")."""
    if not server.pin:
        return
    found = session.getpeercert(binary_form=True) if isinstance(session, (ssl.SSLObject, ssl.SSLSocket)) else None
    if not found or not hmac.compare_digest(spki_pin(found), server.pin):
        raise Unavailable("relay.untrusted", "another key than the relay's")


def spki_pin(certificate: bytes) -> str:
    """SHA-256, hex, of the SubjectPublicKeyInfo in a DER certificate (RFC 7469, section 2.4); "" = cannot be read."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
    except Exception:  # many kinds, all of them: not a certificate we can say anything about
        return ""


def new_enough(version: object) -> bool:
    """2.12.12, 2.14.3 or newer; 2.13 was never one to run, and the first of 2.14 lose what was acknowledged."""
    found = _VERSION.match(version) if isinstance(version, str) else None
    if not found:
        return False
    number = tuple(map(int, found.groups()))
    return (2, 12, 12) <= number < (2, 13, 0) or number >= (2, 14, 3)


def check_version(version: object, host: str) -> None:
    """On this computer any will do. Unavailable("relay.old")."""
    if host not in LOOPBACK and not new_enough(version):
        raise Unavailable("relay.old", "the relay's server is not one of those that were tested")
