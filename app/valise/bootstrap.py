"""The composition root: the only place that knows every name."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from valise.carriers.abc import Carrier
    from valise.desk.gate import Gate
    from valise.desk.ports import Custodian
    from valise.vault.slots import Kdf


def folder_carrier(place: str, writer: bytes) -> Carrier:
    """The folder carrier at a path. Unavailable("carrier.*")."""
    from valise.carriers import abc

    return abc.find("folder")(Path(place), writer)


def read_document(name: str, data: bytes) -> dict[str, Any]:
    """A file from outside, parsed in a confined child process, as `Texts.open` wants it. Refused("format.*")."""
    from valise.formats import confined
    from valise.formats.storable import storable

    document = storable(confined.read(name, data))
    return {
        "title": document.title,
        "organ": document.formula.rstrip(", "),
        "language": document.language,
        "symbol": document.symbol,
        "adopted": document.fields.get("Adopted", ""),
        "vote": document.fields.get("Vote", ""),
        "paragraphs": [
            {
                "section": one.section,
                "label": one.label,
                "words": one.words,
                "status": one.status or "open",
                "parent": one.parent,
            }
            for one in document.paragraphs
        ],
        "changes": [asdict(one) for one in document.changes],
        "comments": [asdict(one) for one in document.comments],
        "lossy": [note.code for note in document.notes if note.lossy],
    }


def gate(folder: Path, *, kdf: Kdf | None = None, custodian: Custodian | None = None) -> Gate:
    """The gate to the vault in a folder, with the real clock, carriers and parser, and the keyring of this computer."""
    from valise.desk.gate import Gate
    from valise.system.clock import SystemClock
    from valise.system.custodian import find

    return Gate(
        folder,
        clock=SystemClock(),
        make_carrier=folder_carrier,
        parser=read_document,
        entropy=os.urandom,
        kdf=kdf,
        custodian=custodian or find(),
    )
