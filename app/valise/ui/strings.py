"""Every error code in three plain sentences: what happened, what it means for confidentiality, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valise.domain.errors import Damaged, NotAllowed, NotYet, Refused, Unavailable, ValiseError, WrongPassphrase
from valise.ui.language import translate
from valise.ui.sentence_backups import BACKUPS
from valise.ui.sentence_contacts_pings import PINGS
from valise.ui.sentence_copies import COPIES
from valise.ui.sentence_courier import COURIER
from valise.ui.sentence_documents import DOCUMENTS
from valise.ui.sentence_evidence import EVIDENCE
from valise.ui.sentence_families import FAMILIES
from valise.ui.sentence_files import FILES
from valise.ui.sentence_incidents import INCIDENTS
from valise.ui.sentence_keys import KEYS
from valise.ui.sentence_laptops import LAPTOPS
from valise.ui.sentence_registers import REGISTERS
from valise.ui.sentence_release import RELEASE
from valise.ui.sentence_slots import SLOTS
from valise.ui.sentence_talks import TALKS
from valise.ui.sentence_today import TODAY
from valise.ui.sentence_trust import TRUST
from valise.ui.sentence_ways import WAYS
from valise.ui.sentences import CONFIDENTIAL, SENTENCES, Sentence

EVERY: dict[str, Sentence] = {
    **SENTENCES, **SLOTS, **KEYS, **BACKUPS, **TALKS, **FILES, **DOCUMENTS, **TRUST, **LAPTOPS, **EVIDENCE, **COPIES, **WAYS, **COURIER,
    **INCIDENTS, **PINGS, **REGISTERS, **TODAY, **RELEASE,
}  # fmt: skip

Tone = Literal["info", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Told:
    """An error as a person reads it."""

    happened: str
    confidentiality: str
    todo: str
    tone: Tone


_FALLBACK: tuple[tuple[type[ValiseError], str], ...] = (
    (WrongPassphrase, "vault.passphrase"),
    (Refused, "kind.refused"),
    (NotAllowed, "kind.notallowed"),
    (NotYet, "kind.notyet"),
    (Damaged, "kind.damaged"),
    (Unavailable, "kind.unavailable"),
)


def sentence(error: ValiseError) -> Sentence:
    """The entry for an error: its own code, else the family before the first dots, else what kind of error it is."""
    code = error.code
    if code in EVERY:
        return EVERY[code]
    while "." in code:
        code = code.rpartition(".")[0]
        if code in FAMILIES:
            return FAMILIES[code]
    for kind, name in _FALLBACK:
        if isinstance(error, kind):
            return SENTENCES[name]
    return SENTENCES["internal"]


def tell(error: ValiseError) -> Told:
    """The three sentences in the language of the window."""
    entry = sentence(error)
    tone: Tone = "bad" if entry.secrecy in ("doubt", "open") else "info" if isinstance(error, NotYet) else "warn"
    return Told(
        translate("errors", entry.happened),
        translate("errors", CONFIDENTIAL[entry.secrecy]),
        translate("errors", entry.todo),
        tone,
    )
