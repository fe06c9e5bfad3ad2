"""A second checker, written from docs/evidence.md alone: hashlib, json, base64 and PyNaCl, nothing of Valise.

It checks form, numbers, digests, identifiers and every Ed25519 signature (of operations that carry only one, and the Ed25519
half of composite ones). ML-DSA-65 it leaves to others.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

MLDSA_KEY, MLDSA_SIG = 1952, 3309


class Wrong(Exception):
    """The number of the line and why."""


def unb64(text: str) -> bytes:
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).rstrip(b"=").decode() != text:
        raise ValueError("loose base64")
    return data


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def digest(domain: str, data: bytes) -> bytes:
    return hashlib.sha256(domain.encode() + b"\0" + data).digest()


def canonical(raw: bytes) -> Any:
    value = json.loads(raw)
    again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    if again != raw:
        raise ValueError("another form")
    return value


def ed25519(public: bytes, message: bytes, sig: bytes) -> None:
    VerifyKey(public).verify(message, sig)


def half(public: bytes, message: bytes, sig: bytes) -> None:
    """The Ed25519 half of a composite signature."""
    if len(sig) != MLDSA_SIG + 64:
        raise ValueError("not a composite signature")
    label = b"COMPSIG-MLDSA65-Ed25519-SHA512"
    whole = b"CompositeAlgorithmSignatures2025" + label + b"\0" + hashlib.sha512(message).digest()
    ed25519(public[MLDSA_KEY:], whole, sig[MLDSA_SIG:])


def check(data: bytes) -> list[str]:
    """The ids of the operations, in their order. Wrong(line) at the first entry that does not hold."""
    roots: dict[str, bytes] = {}
    devices: dict[str, tuple[str, bytes, bytes]] = {}
    ops: dict[str, tuple[str, int]] = {}
    header: dict[str, Any] = {}
    number, before = 0, 0
    for number, line in enumerate(data.splitlines(keepends=True), 1):
        try:
            if not line.endswith(b"\n"):
                raise ValueError("torn")
            entry = canonical(line[:-1])
            if entry["n"] != number or (entry["is"] == "header") != (number == 1):
                raise ValueError("number")
            if entry["is"] == "header":
                header = entry
            elif entry["is"] == "end":
                whole = hashlib.sha256(data[:before]).digest()
                device = devices[header["device"]]
                half(device[2], digest("valise/v1/evidence", bytes.fromhex(entry["sha256"])), unb64(entry["sig"]))
                if entry["sha256"] != whole.hex():
                    raise Wrong(1, "the header")
                if before + len(line) != len(data):
                    raise ValueError("something follows")
                return list(ops)
            else:
                one(entry, unb64(entry["raw"]), unb64(entry["sig"]), header, roots, devices, ops)
        except (ValueError, KeyError, TypeError, BadSignatureError) as error:
            raise Wrong(number, str(error)) from None
        before += len(line)
    raise Wrong(number + 1, "no last line")


def one(
    entry: Any, raw: bytes, sig: bytes, header: Any, roots: dict[str, bytes], devices: dict[str, tuple[str, bytes, bytes]],
    ops: dict[str, tuple[str, int]],
) -> None:  # fmt: skip
    held = canonical(raw)
    if entry["is"] == "card":
        root = unb64(held["root"])
        half(root, digest("valise/v1/card", raw), sig)
        roots[b64(digest("valise/v1/root", root))] = root
    elif entry["is"] == "certificate":
        half(roots[held["delegation"]], digest("valise/v1/certificate", raw), sig)
        public = unb64(held["ed25519"])
        if held["device"] != b64(digest("valise/v1/device", public)):
            raise ValueError("device")
        devices[held["device"]] = (held["delegation"], public, unb64(held["composite"]))
    elif entry["is"] == "operation":
        name = digest("valise/v1/op", raw)
        delegation, public, composite = devices[held["device"]]
        if entry["id"] != b64(name) or entry["id"] in ops or held["author"] != delegation:
            raise ValueError("id or author")
        if len(sig) == 64:
            ed25519(public, name, sig)
        else:
            half(composite, name, sig)
        if (held["room"] or entry["id"]) != header["room"] or (held["seq"] == 1) != (held["prev"] == ""):
            raise ValueError("room or place")
        if held["prev"] in ops and ops[held["prev"]] != (held["device"], held["seq"] - 1):
            raise ValueError("its log")
        ops[entry["id"]] = (held["device"], held["seq"])
    else:
        raise ValueError("unknown entry")


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        print(f"{len(check(file.read()))} operations hold")
