"""Lines of a file that keeps text only, put in order: by the rules of plain text, and with the status at their ends."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from valise.domain.text.model import Status
from valise.formats.abc import Document, Para, refused
from valise.formats.plain import Plain

SPELLED: Final[dict[str, Status]] = {
    "closed": "closed", "agreed ad ref": "agreed ad ref", "agreed ad ref.": "agreed ad ref",
    "agreed ad referendum": "agreed ad ref", "ad ref": "agreed ad ref", "open": "open", "parked": "parked",
}  # fmt: skip
_STATUS = re.compile(rf"\s*(\*?)\(({'|'.join(map(re.escape, SPELLED))})\)\1\Z", re.IGNORECASE)


def document_of(name: str, lines: Sequence[str]) -> Document:
    """The document of these lines, one to a paragraph, as the format `name` reads them. Refused("format.*")."""
    flat = [" ".join(line.split("\n")).strip() for line in lines]
    text = "\n\n".join(line for line in flat if line)
    if not text:
        raise refused("format.empty")
    made = Plain().read(text.encode("utf-8"))
    notes = tuple(note for note in made.notes if note.code != "plain.lines_joined")
    return replace(made, paragraphs=tuple(map(_with_status, made.paragraphs)), notes=notes, format=name)


def _with_status(para: Para) -> Para:
    found = _STATUS.search(para.words) if para.label else None
    if not found:
        return para
    return replace(para, words=para.words[: found.start()], status=SPELLED[found[2].lower()])
