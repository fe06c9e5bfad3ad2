"""Markings, embargo and the matters that have channels of their own: what may go where.

TLP 2.0 (FIRST): the source may allow more, a recipient may not. A national marking is free text beside it; it is carried
along word for word and never translated.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from valise.domain.errors import NotAllowed
from valise.domain.incident.form import Form
from valise.domain.message import TLP

RED: Final = TLP[0]
# TLP:RED and AMBER+STRICT stay with those who have them, AMBER with their organization and its clients: none of them reaches
# another delegation unless its source says so. GREEN goes to the community, CLEAR to everybody.
_TO_OTHERS: Final = frozenset(TLP[3:])


def marked(form: Form) -> tuple[str, ...]:
    """The markings as they stand side by side: the label of TLP, and the national one where there is one."""
    return tuple(one for one in (str(form.get("tlp", "")), str(form.get("national_marking", "")).strip()) if one)


def to_group(tlp: str, members: int) -> None:
    """NotAllowed("incident.red_to_group"): TLP:RED is for the eyes of individual recipients only."""
    if tlp == RED and members > 2:
        raise NotAllowed("incident.red_to_group", "TLP:RED is for named recipients, not for a group")


def reply(of: str, tlp: str) -> None:
    """A reply speaks of what it answers. NotAllowed("incident.marking") when its label allows more than that of the source."""
    if TLP.index(tlp) > TLP.index(of):
        raise NotAllowed("incident.marking", "a recipient may not allow more than the source")


def send_on(form: Form, *, own: bool, members: int) -> None:
    """Whether what this form says may go to another room of `members` delegations. `own`: our delegation is its source.

    NotAllowed("incident.red_to_group" | "incident.not_further").
    """
    tlp = str(form["tlp"])
    to_group(tlp, members)
    if own:
        return
    allowed = [one for one in form.get("onward_sharing", ()) if one != "none"]
    stays = "none" in form.get("onward_sharing", ())
    if tlp == RED or stays or not (tlp in _TO_OTHERS or (tlp == TLP[2] and allowed)):
        raise NotAllowed("incident.not_further", "its source does not allow it to go to others")


@dataclass(frozen=True, slots=True)
class Embargo:
    """What held for something that was sent on: `until` ms UTC, 0 = none ran; `reason` why it did not hold it back."""

    until: int
    reason: str


def embargo(until: int, now: int, reason: str = "") -> Embargo:
    """NotAllowed("incident.embargo") before its time, unless a reason is given, which is kept with it."""
    said = " ".join(reason.split())
    if until <= now:
        return Embargo(0, "")
    if not said:
        raise NotAllowed("incident.embargo", "the time of the embargo has not come")
    return Embargo(until, said[:2_000])


# Words that ask for mutual legal assistance, in the six languages of the United Nations.
_JUDICIAL: Final = (
    r"mutual\s+legal\s+assistance", r"letters?\s+rogatory", r"rogatory\s+letters?", r"extraditions?", r"extradite[ds]?",
    r"arrest\s+warrants?", r"search\s+warrants?", r"red\s+notices?",
    r"entraide\s+(?:judiciaire|penale)", r"commissions?\s+rogatoires?", r"mandats?\s+d['’]arret",
    r"asistencia\s+(?:judicial|legal|juridica)\s+reciproca", r"comision(?:es)?\s+rogatorias?", r"extradicion(?:es)?",
    r"orden(?:es)?\s+de\s+(?:detencion|arresto)",
    r"взаимн\w+\s+правов\w+\s+помощ\w+", r"судебн\w+\s+поручени\w+", r"выдач\w+\s+(?:лиц|преступник)\w*", r"экстрадици\w+",
    r"ордер\w*\s+на\s+арест", r"司法协助", r"引渡", r"逮捕令", r"المساعدة\s+القانونية\s+المتبادلة", r"إنابة\s+قضائية", r"تسليم\s+المجرمين",
)  # fmt: skip
_DENIED: Final = (
    r"(?:\b(?:no|not|non|never|without|exclud\w+|other\s+than|pas|aucune?|sans|hors|exclu\w*|sin|ninguna?|excluid\w*|не|без|кроме|исключ\w+)\b"
    r"[^.;:!?\n]{0,40}|(?:不|非|除)[^。；：！？\n]{0,12}|(?:\bليس\w*|\bدون|\bباستثناء)[^.؛:!؟\n]{0,40})\Z"
)
_ASKS = re.compile("|".join(rf"\b{one}\b" if one.isascii() or one[0] == "в" else one for one in _JUDICIAL), re.IGNORECASE)
_NOT = re.compile(_DENIED, re.IGNORECASE)
SPOKEN: Final = ("title", "request_detail", "legal_basis", "description")


def judicial(form: Form) -> str:
    """The key whose words ask for what police and courts do among themselves, or "". A sentence that leaves it out ("this is
    no request for mutual legal assistance") does not ask for it."""
    for key in SPOKEN:
        words = _bare(str(form.get(key, "")))
        for found in _ASKS.finditer(words):
            before = re.split(r"[.;!?\n。；！？؛؟]", words[: found.start()])[-1]
            after = words[found.end() : found.end() + 24]
            if not _NOT.search(before) and not re.match(r"\s+(?:is\s+|are\s+)?(?:excluded|exclue?s?|excluid[ao]s?)\b", after, re.IGNORECASE):
                return key
    return ""


def _bare(words: str) -> str:
    """Without accents, so that words are found however they are typed."""
    apart = unicodedata.normalize("NFD", words)
    latin = "".join(char for char in apart if not "\u0300" <= char <= "\u036f" or char == "\u0306")
    return unicodedata.normalize("NFC", latin)


def refuse_judicial(form: Form, matter: str) -> None:
    """NotAllowed("incident.judicial"): police and judicial cooperation keep their own channels. `matter`: "incident" or
    "judicial", what the person said it is about."""
    if matter == "judicial" or judicial(form):
        raise NotAllowed("incident.judicial", "police and judicial matters have channels of their own")


def carried_on(form: Form, keys: Iterable[str]) -> dict[str, Any]:
    """What goes along when something is sent on: these keys, and both markings word for word."""
    return {key: form[key] for key in (*keys, "tlp", "national_marking", "onward_sharing") if key in form}
