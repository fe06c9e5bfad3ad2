"""Operations of incidents as the domain sees them, made without keys."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from valise.domain.incident import form as forms
from valise.domain.kinds import kind as kind_of
from valise.domain.op import Op

ROOM = base64.urlsafe_b64encode(hashlib.sha256(b"room").digest()).rstrip(b"=").decode()


def ident(seed: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()).rstrip(b"=").decode()


XA, XB, XC, XD = (ident(code) for code in ("XA", "XB", "XC", "XD"))


def form(**more: Any) -> dict[str, Any]:
    return {
        **forms.blank(), "message_type": "request for assistance", "reference": "XA/2026/001", "from_entry": "CSIRT",
        "to_entries": ["CSIRT"], "title": "Wiper on control stations", "sectors": ["water"], "impact": "No water.",
        "description": "Stations restart.", "requested_actions": ["expert assistance"], **more,
    }  # fmt: skip


HEAD = {"reference": "XB/2026/001", "from_entry": "CSIRT", "languages": "en", "tlp": "TLP:AMBER", "attribution_disclaimer": 1}


def op(kind: str, author: str, body: dict[str, Any], *, at: int = 1_000, room: str = ROOM, device: str = "") -> Op:
    """One operation, its body checked as one from a peer would be."""
    kind_of(kind).body.check(body)
    name = ident(json.dumps([kind, author, body, at, room, device], sort_keys=True))
    return Op(name, kind, room, author, device or ident(author), 1, "", (), at, 0, body)


def opening(author: str = XA, *, embargo: int = 0, at: int = 1_000, **more: Any) -> Op:
    return op("incident.open", author, {"form": form(**more), "embargo": embargo, "files": []}, at=at)


def said(first: Op, kind: str, author: str, *, at: int = 2_000, room: str = ROOM, **body: Any) -> Op:
    return op(kind, author, {"incident": first.id, **body}, at=at, room=room)


def acknowledged(first: Op, author: str, *, at: int = 2_000) -> Op:
    return said(first, "incident.acknowledge", author, at=at, form={**HEAD, "ack": {"role": "CSIRT"}})


def answered(first: Op, author: str, *, at: int = 3_000, **more: Any) -> Op:
    return said(first, "incident.respond", author, at=at, form={**HEAD, "capacity": "yes", **more}, files=[])


def offered(first: Op, author: str, words: str = "Two experts", *, at: int = 3_000) -> Op:
    return said(first, "incident.offer", author, at=at, form={**HEAD, "offer": words}, files=[])


def updated(first: Op, author: str = XA, *, over: tuple[str, ...] = (), at: int = 4_000, **changes: Any) -> Op:
    return said(first, "incident.update", author, at=at, form={**HEAD, **changes}, over=sorted(over), files=[])


def closing(first: Op, author: str = XA, *, seen: tuple[str, ...] = (), at: int = 9_000) -> Op:
    return said(first, "incident.close", author, at=at, form={**HEAD, "record_copy": "XA/1"}, seen=sorted(seen))
