"""What the verifier of evidence answers, in the words and the language of the window."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.language import listed, translate
from valise.ui.text_safe import isolate

_ = QT_TRANSLATE_NOOP
BAD: Final[dict[str, str]] = {
    "too large": _("evidence", "It is larger than an evidence file may be."),
    "torn": _("evidence", "The line is not ended: the file was cut or is still being written."),
    "form": _("evidence", "It is not in the one form that is signed."),
    "fields": _("evidence", "Its fields are not those of such an entry."),
    "number": _("evidence", "Its line number does not fit: a line was removed, added, doubled or moved."),
    "too long": _("evidence", "Checking took longer than allowed."),
    "empty": _("evidence", "The file is empty."),
    "not evidence": _("evidence", "This is not an evidence file of Valise."),
    "version": _("evidence", "It was written by a later version of Valise."),
    "internal": _("evidence", "It holds an internal room and is not marked as an own archive, or the other way round."),
    "holds": _("evidence", "The first line counts other entries than there are."),
    "no certificate": _("evidence", "The file holds no certificate of the laptop that is named as its author."),
    "digest": _("evidence", "Each entry verifies, but the file as a whole is not what was signed: its first line was changed."),
    "order": _("evidence", "It does not stand where the one order of such a file puts it."),
    "cut short": _("evidence", "The signed last line is missing: the file was cut."),
    "after the end": _("evidence", "Something follows the signed last line."),
    "signature": _("evidence", "Its signature does not verify."),
    "key": _("evidence", "It holds a key that must not be used."),
    "no card": _("evidence", "The file holds no card of its delegation."),
    "two delegations": _("evidence", "Two delegations certified one laptop."),
    "other keys": _("evidence", "It gives a laptop other keys than its earlier certificate."),
    "author": _("evidence", "It names another delegation than the certificate of its laptop."),
    "room": _("evidence", "It belongs to another room."),
    "body": _("evidence", "Its content is not that of such an entry."),
    "right": _("evidence", "The certificate of its laptop does not give the right to it."),
    "double": _("evidence", "It stands in the file twice."),
    "id": _("evidence", "Its identifier is not the hash of its bytes."),
    "no founding": _("evidence", "What founded the room is not in the file."),
    "founding": _("evidence", "What founded the room had no authority to."),
    "stranger": _("evidence", "Its author was never a member of the room."),
}
WHAT: Final[dict[str, str]] = {
    "line": "", "file": _("evidence", "the file"), "header": _("evidence", "the first line"),
    "card": _("evidence", "a card"), "certificate": _("evidence", "a certificate"),
    "operation": _("evidence", "an entry of the record"), "end": _("evidence", "the last line"),
}  # fmt: skip
DOUBTS: Final[dict[str, str]] = {
    "lists differ": _("evidence", "A delegation signed lists of its laptops that contradict each other."),
    "two histories": _("evidence", "A laptop signed two entries for one place of its log. What it says from there on decides nothing."),
    "two membership heads": _("evidence", "The newest changes of membership do not know of each other; removal counts."),
    "no authority": _("evidence", "Changes of membership by somebody who had no authority; they count for nothing."),
    "said after removal": _("evidence", "Entries of a delegation that knew of its own removal; they count for nothing."),
    "log contradicts itself": _("evidence", "Entries that name something else as the one before them."),
    "checkpoint lies": _("evidence", "Checkpoints that do not say what their own place says; they prove nothing."),
    "kind not known": _("evidence", "Entries of kinds this version does not know: signed as they should be, not read."),
    "clock after revocation": _("evidence", "Entries that, by their author's own clock, were made after the laptop was revoked."),
    "clock outside term": _("evidence", "Entries that, by their author's own clock, lie outside the term of the laptop's certificate."),
    "named but not here": _("evidence", "Entries that others name and that are not in this file."),
    "device not listed": _("evidence", "A laptop has a certificate and stands on no list of its delegation in this file."),
    "pen: votes": _("evidence", "The pen of a text was recovered or settled by votes: its words were not computed again."),
    "pen: fork": _("evidence", "Two versions of a text were written from one: its words were computed up to there only."),
    "pen: other pen": _("evidence", "A laptop that did not hold the pen wrote into a text; what it wrote does not count."),
    "revision differs": _("evidence", "The words of a revision, computed again, do not have the hash that was signed."),
    "revision contradicted": _("evidence", "A delegation says that it computed other hashes for a revision."),
    "statement differs": _("evidence", "The words of a joint statement do not have the hash that is signed on to."),
}
NOT_PROVED: Final[tuple[str, ...]] = (
    _("evidence", "When anything was said: the times are what each author's own clock claimed."),
    _("evidence", "Who stands behind a fingerprint: compare it with one you had from that delegation by another way."),
    _("evidence", "That nobody withheld the newest entries. Up to a checkpoint nothing can be missing without showing above."),
    _("evidence", "The content of attached files: only their names, sizes and SHA-256 are here."),
    _("evidence", "Anything about the conversation: it is signed for nobody and is in no such file."),
)
_SIGNS: Final[dict[str, str]] = {
    "signed": _("evidence", "signed on"), "late": _("evidence", "signed on late, not admitted"),
    "admitted": _("evidence", "signed on late, admitted"), "left": _("evidence", "took its name back"),
    "other words": _("evidence", "signed other words"),
}  # fmt: skip
_WORDS: Final[dict[str, str]] = {
    "same": _("evidence", "Its words were computed again from the entries: the same."),
    "differ": _("evidence", "Its words were computed again from the entries: NOT the same."),
    "not computed": _("evidence", "Its words were not computed again."),
}


def bad(one: dict[str, Any]) -> str:
    """The first entry that does not hold: where, what it is, why."""
    why = translate("evidence", BAD[one["code"]]) if one["code"] in BAD else translate("evidence", BAD["fields"])
    if one["what"] not in WHAT or one["what"] == "line":
        return translate("evidence", "Line {0}. {1}").format(one["line"], why)
    what = translate("evidence", WHAT[one["what"]])
    return translate("evidence", "Line {0}, {1}. {2}").format(one["line"], what, why)


def doubt(one: dict[str, Any], names: dict[str, str]) -> str:
    """Something that verifies and still has to be known."""
    parts = [translate("evidence", DOUBTS[one["say"]]) if one.get("say") in DOUBTS else translate("evidence", BAD["fields"])]
    who = one.get("delegation")
    if isinstance(who, str):
        parts.append(f"({isolate(names.get(who, who))})")
    if isinstance(one.get("count"), int):
        parts.append(translate("evidence", "Number: {0}.").format(one["count"]))
    lines = one.get("lines")
    if isinstance(lines, list) and lines and isinstance(lines[0], int):
        parts.append(translate("evidence", "First in line {0}.").format(lines[0]))
    if isinstance(one.get("seq"), int):
        parts.append(translate("evidence", "Place {0} of its log.").format(one["seq"]))
    named = one.get("operations")
    if isinstance(named, list):
        parts += [isolate(name) for name in named[:2] if isinstance(name, str)]
    return " ".join(parts)


def sign(state: str) -> str:
    """What a sign-on is worth."""
    return translate("evidence", _SIGNS.get(state, _SIGNS["other words"]))


def words(state: str) -> str:
    """Whether the words of a revision have its hash."""
    return translate("evidence", _WORDS.get(state, _WORDS["not computed"]))


def log(device: dict[str, Any]) -> str:
    """How much of a laptop's log is here."""
    if not device["upto"]:
        return translate("evidence", "Said nothing in this room.")
    if device["complete"]:
        return translate("evidence", "Its log is complete from 1 to {0}.").format(device["upto"])
    gaps = listed(f"{one[0]}–{one[-1]}" if one[0] != one[-1] else f"{one[0]}" for one in device["gaps"][:10] if one)
    if gaps:
        return translate("evidence", "Its log reaches {0}; missing: {1}.").format(device["upto"], gaps)
    return translate("evidence", "Its log reaches {0} and has two histories.").format(device["upto"])
