"""What both halves know of STIX 2.1: the TLP 2.0 objects, our extension, identifiers that are the same each time."""

from __future__ import annotations

import re
import uuid
from typing import Any, Final

from valise.domain import when

# TLP 2.0 in STIX 2.1: an extension of marking-definition (OASIS CTI TC common objects, extension-definition-60a3c5c5).
TLP_EXTENSION: Final = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
TLP_IDS: Final = {
    "TLP:RED": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    "TLP:AMBER+STRICT": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
    "TLP:AMBER": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "TLP:GREEN": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
    "TLP:CLEAR": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
}
TLP_BY_ID: Final = {name: label for label, name in TLP_IDS.items()}
_TLP_MADE: Final = "2022-10-01T00:00:00.000Z"

SPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:valise:stix")
FORM: Final = f"extension-definition--{uuid.uuid5(SPACE, 'form')}"  # the form of an incident, as one property
FORM_MADE: Final = "2026-11-22T00:00:00.000Z"
FORM_VERSION: Final = 1
EXERCISE: Final = "EXERCISE EXERCISE EXERCISE"

MAX_BUNDLE: Final = 8 * 2**20
MAX_OBJECTS: Final = 5_000
MAX_DEPTH: Final = 40
MAX_PATTERN: Final = 10_000  # letters of one pattern
PATTERN_DEPTH: Final = 12  # brackets within brackets of one pattern: its parser takes longer with each by a factor
_DOMAIN: Final = re.compile(r"(?=.{1,253}\Z)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]\Z")

LINES: Final = {
    "stix.json": "the file is not JSON",
    "stix.bundle": "the file is not a bundle of STIX 2.1",
    "stix.version": "the bundle is of another version than STIX 2.1",
    "stix.big": "the file is larger than 8 MiB",
    "stix.many": "the bundle holds more than 5,000 objects",
    "stix.deep": "the parts of the bundle are nested more than 40 levels deep",
    "stix.object": "an object of the bundle is not as STIX 2.1 asks",
    "stix.pattern": "a pattern of the bundle is longer or deeper than is read",
    "stix.twice": "two objects of the bundle bear the same identifier",
    "stix.empty": "the bundle holds no incident and no indicator",
    "stix.red": "the bundle is marked in two ways that do not agree",
    "stix.written": "the bundle could not be read back as it was written",
}


def named(sort: str, *parts: str) -> str:
    """An identifier that is the same whenever it is made of the same parts (STIX 2.1, 2.9: UUIDv5)."""
    return f"{sort}--{uuid.uuid5(SPACE, chr(31).join((sort, *parts)))}"


def moment(at: int) -> str:
    """ms UTC as STIX writes it (RFC 3339, milliseconds)."""
    value = when.utc(at)
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"


def tlp_object(label: str) -> dict[str, Any]:
    """The marking definition of a label, with the identifier everybody uses."""
    return {
        "type": "marking-definition", "spec_version": "2.1", "id": TLP_IDS[label], "created": _TLP_MADE, "name": label,
        "extensions": {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": label[4:].lower()}},
    }  # fmt: skip


def pattern(what: str) -> str:
    """The STIX pattern of an address as a person wrote it, or "" for one that has none (STIX 2.1, 9)."""
    import ipaddress

    said = what.strip().rstrip(".")
    try:
        net = ipaddress.ip_network(said, strict=False)
        sort = "ipv4-addr" if net.version == 4 else "ipv6-addr"
        return f"[{sort}:value = '{net.network_address if net.num_addresses == 1 else net}']"
    except ValueError:
        pass
    if found := re.fullmatch(r"(?i:AS)\s?([0-9]{1,10})", said):
        return f"[autonomous-system:number = {int(found[1])}]" if int(found[1]) < 2**32 else ""
    if re.fullmatch(r"https?://[!-~]{1,280}", said) and "'" not in said and "\\" not in said:
        return f"[url:value = '{said}']"
    return f"[domain-name:value = '{said.lower()}']" if _DOMAIN.match(said) else ""


_PLAIN = re.compile(
    r"\[\s*(?:(?:ipv4-addr|ipv6-addr|domain-name|url):value\s*=\s*'([^'\\]{1,300})'|autonomous-system:number\s*=\s*([0-9]{1,10}))\s*\]"
)


def place(pattern: str) -> str:
    """The address of a pattern that names one and nothing else, else ""."""
    found = _PLAIN.fullmatch(pattern.strip())
    return "" if found is None else found[1] or f"AS{found[2]}"
