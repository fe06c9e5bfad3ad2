"""Certificates for a closed group: one small authority of the relay, kept offline, that signs its servers and nobody else."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from valise.domain.errors import Unavailable
from valise.operator import files
from valise.operator.plan import Node

AUTHORITY_DAYS: Final = 3650
SERVER_DAYS: Final = 825
LEEWAY: Final = dt.timedelta(days=1)  # clocks differ


def _when(now_ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(now_ms // 1000, dt.UTC)


def _key(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        made = ec.generate_private_key(ec.SECP256R1())
        files.write(path, made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), secret=True)
    try:
        found = load_pem_private_key(files.read(path), None)
    except ValueError:
        raise Unavailable("file.unreadable", "a key of the relay is torn") from None
    if not isinstance(found, ec.EllipticCurvePrivateKey):
        raise Unavailable("file.unreadable", "a key of the relay is of another kind")
    return found


def _base(subject: str, issuer: x509.Name | None, key: ec.EllipticCurvePrivateKey, now_ms: int, days: int) -> x509.CertificateBuilder:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    begins = _when(now_ms) - LEEWAY
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer or name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + dt.timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def authority(offline: Path, now_ms: int) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The authority of this relay, made once. Its key stays in the offline folder."""
    key = _key(offline / "authority.key")
    place = offline / "authority.crt"
    if not place.exists():
        made = (
            _base("Relay authority", None, key, now_ms, AUTHORITY_DAYS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        files.write(place, made.public_bytes(Encoding.PEM))
    return x509.load_pem_x509_certificate(files.read(place)), key


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def server(offline: Path, node: Node, certificate: Path, key_path: Path, now_ms: int, *, routes: bool, again: bool = False) -> None:
    """A certificate for this server, made once; `routes`: it also shows it when it connects to the others. `again`: a new
    one for the same key, so that a pin stays right."""
    if certificate.exists() and not again:
        return
    signer, signing = authority(offline, now_ms)
    key = _key(key_path)
    names: list[x509.GeneralName] = []
    for host in dict.fromkeys((node.host, "localhost", "127.0.0.1")):
        try:
            names.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            names.append(x509.DNSName(host))
    uses = [ExtendedKeyUsageOID.SERVER_AUTH, *[ExtendedKeyUsageOID.CLIENT_AUTH] * routes]
    made = (
        _base(node.host, signer.subject, key, now_ms, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
    files.write(certificate, made.public_bytes(Encoding.PEM))


def pin(pem: bytes) -> str:
    """SHA-256 in hex of the first certificate's SubjectPublicKeyInfo (RFC 7469, section 2.4). Unavailable("file.unreadable")."""
    try:
        found = x509.load_pem_x509_certificate(pem)
    except ValueError:
        raise Unavailable("file.unreadable", "not a certificate") from None
    return hashlib.sha256(found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()
