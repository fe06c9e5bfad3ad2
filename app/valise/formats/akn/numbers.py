"""Numbers and letters as they stand before paragraphs, in the spellings of the six languages."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from valise.domain.text.model import Section
from valise.formats import labels
from valise.formats.abc import Para
from valise.formats.akn.names import akn

NUMBER = re.compile(rf"([0-9\u0660-\u0669]{{1,4}})(?:[ \u00a0]?({labels.ORDINALS}))?[ \u00a0]?[.):\-–．、]{{0,2}}")
MARK = re.compile(rf"[(（]?({labels.ONE_MARK}\u0640?)[)）]\.?(?:[ \u00a0]?({labels.ORDINALS}))?")
LEADING = re.compile(
    rf"((?:[0-9\u0660-\u0669]{{1,3}}(?:[ \u00a0](?:{labels.ORDINALS}))?[ \u00a0]?[.\-–]|\({labels.ONE_MARK}\u0640?\)))[ \u00a0]+"
)
_ANNEX = re.compile(r"Annex ([0-9]{1,4})")


def has_number(paragraph: Any) -> bool:
    """Whether a paragraph has a number, in an element of its own or at the beginning of its words."""
    number = paragraph.find(akn("num"))
    said = "".join((paragraph if number is None else number).itertext())
    return bool(LEADING.match(said.lstrip()[:40]) if number is None else NUMBER.fullmatch(said.strip()))


def labelled(section: Section, label: str, parent: str) -> Para:
    """With whatever a label says: number, suffix, alternative."""
    made = Para(section, label, "", parent=parent)
    own = label.removeprefix(parent).lstrip() if parent else label
    top = re.match(labels.LABEL, label)
    if found := re.fullmatch(labels.MARK if parent else labels.LABEL, own):
        number = int(top["number"]) if top else 0
        said = labels.taken(found).para("")
        return replace(said, section=section, label=label, parent=parent, number=number)
    if found := _ANNEX.match(label):
        return replace(made, number=int(found[1]))
    return made
