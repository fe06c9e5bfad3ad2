"""The report in English, for the command line. What came out of the file is shown without control characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

BAD: Final[dict[str, str]] = {
    "too large": "it is larger than an evidence file may be",
    "torn": "the line is not ended: the file was cut or is still being written",
    "form": "it is not in the one form (canonical JSON) that is signed",
    "fields": "its fields are not those of such an entry",
    "number": "its line number does not fit: a line was removed, added, doubled or moved",
    "too long": "checking took longer than allowed",
    "empty": "the file is empty",
    "not evidence": "this is not an evidence file of Valise",
    "version": "it was written by a later version",
    "internal": "it holds an internal room and is not marked as an own archive, or the other way round",
    "holds": "the header counts other entries than there are",
    "no certificate": "the file holds no certificate of the device that is named as its author",
    "digest": "the file as a whole is not what the exporting device signed; each entry below verifies, the header was changed",
    "order": "it does not stand where the one order of such a file puts it",
    "cut short": "the signed last line is missing: the file was cut",
    "after the end": "something follows the signed last line",
    "signature": "its signature does not verify",
    "key": "it holds a key that must not be used",
    "no card": "the file holds no card of its delegation",
    "two delegations": "two delegations certified one device",
    "other keys": "it gives a device other keys than its earlier certificate",
    "author": "it names another delegation than the certificate of its device",
    "room": "it belongs to another room",
    "body": "its content is not that of such an operation",
    "right": "the certificate of its device does not give the right to it",
    "double": "it stands in the file twice",
    "id": "its identifier is not the hash of its bytes",
    "no founding": "the operation that founded the room is not in the file",
    "founding": "the operation that founded the room had no authority to",
    "stranger": "its author was never a member of the room",
}
DOUBTS: Final[dict[str, str]] = {
    "lists differ": "A delegation signed device lists that contradict each other",
    "two histories": "A device has two histories: it signed two operations for one place of its log."
    " What it says from there on decides nothing",
    "two membership heads": "The newest membership operations do not know of each other; where they disagree, removal counts",
    "no authority": "Operations on membership by somebody who had no authority; they count for nothing",
    "said after removal": "Operations of a delegation that knew of its own removal; they count for nothing",
    "log contradicts itself": "Operations that name as their predecessor something else than the one before them",
    "checkpoint lies": "Checkpoints that do not say what their own place in the log says; they prove nothing",
    "kind not known": "Operations of kinds this version does not know: their signatures verify, their meaning was not read",
    "clock after revocation": "Operations that, by their author's own clock, were made after the device was revoked",
    "clock outside term": "Operations that, by their author's own clock, lie outside the term of the device's certificate",
    "named but not here": "Operations that others name and that are not in this file",
    "device not listed": "A device has a certificate and stands on no device list in this file",
    "pen: votes": "The pen of a text was recovered, removed or settled by votes: its words were not computed again",
    "pen: fork": "The chain of the pen of a text forks: its words were computed up to the fork only",
    "pen: other pen": "A device that did not hold the pen of a text wrote after its newest version; what it wrote does not count",
    "revision differs": "The words of a revision, computed again from the pen's operations, do not have the hash that was signed",
    "revision contradicted": "A delegation says that it computed other hashes for a revision",
    "statement differs": "The words of a joint statement do not have the hash that is signed on to",
}
NOT_PROVED: Final = (
    "When anything was said: the times are what each author's own clock claimed.",
    "Who stands behind a fingerprint: compare it with one you had from that delegation by another way.",
    "That nobody withheld the end: operations after the newest ones here may exist. Up to a checkpoint, and up to whatever"
    " another operation names, nothing can be missing without showing above.",
    "The content of attached files: their SHA-256 stands in the operations; compare it yourself.",
    "Anything about the conversation: it is signed for nobody and is in no such file.",
)


def plain(text: str) -> str:
    """Without anything that could move the cursor or turn the direction of a line."""
    return "".join("\ufffd" if unicodedata.category(one)[0] == "C" or one in "\u2028\u2029" else one for one in text)


def moment(at: int) -> str:
    """ms UTC as a person reads it; outside of what calendars hold, the number."""
    try:
        return datetime.fromtimestamp(at / 1000, UTC).strftime("%d.%m.%Y %H:%M UTC")
    except (OverflowError, ValueError, OSError):
        return f"{at} ms"


def grouped(fingerprint: str) -> str:
    """64 hex digits in groups of 8."""
    return " ".join(fingerprint[at : at + 8] for at in range(0, len(fingerprint), 8))


def bad(report: dict[str, Any]) -> str:
    """The sentence on the first entry that does not hold."""
    one = report["bad"]
    return f"Line {one['line']} ({one['what']}): {BAD.get(one['code'], one['code'])}."


def sentences(report: dict[str, Any]) -> Iterator[str]:
    """The whole report, line by line."""
    if not report["sound"]:
        yield "NOT SOUND. The file must not be relied on."
        yield f"First entry that does not hold: {bad(report)}"
        return
    names = {one["id"]: f"{one['code']} {plain(one['name'])}".strip() for one in report["delegations"]}
    file, room = report["file"], report["room"]
    yield "SOUND. Every entry verifies."
    if file["audience"] == "own archive":
        yield "OWN ARCHIVE OF AN INTERNAL ROOM: not to be handed to anybody."
    yield f"Room: {plain(room['title'])} ({room['kind']}), {file['room']}"
    yield f"Exported by {names[file['delegation']]}, device {file['device']}, {moment(file['made_at'])} by its own clock"
    yield f"Entries: {file['operations']} operations in {file['lines']} lines; SHA-256 up to the last line {file['sha256']}"
    yield ""
    yield "WHAT IS PROVED"
    yield f"Founded by {names[room['chair']]}; members now: {_list(room['members'], names)}"
    if room["gone"]:
        yield f"No longer members: {_list(room['gone'], names)}"
    for one in report["delegations"]:
        yield from _delegation(one)
    for text in report["texts"]:
        yield from _text(text, names)
    for statement in report["joint"]:
        yield f"{statement['purpose'].capitalize()}: {plain(statement['title'])}, SHA-256 {statement['hash']}"
        yield f"  opened by {names[statement['by']]}, {'closed' if statement['closed'] else 'open'}"
        for sign in statement["signs"]:
            yield f"  {names[sign['delegation']]}: {sign['state']} (line {sign['line']})"
    if report["messages"]["sent"]:
        yield f"Messages for the record: {report['messages']['sent']}, acknowledged {report['messages']['acknowledged']} times"
    if report["doubts"]:
        yield ""
        yield "WHAT VERIFIES AND STILL HAS TO BE KNOWN"
        for doubt in report["doubts"]:
            yield _doubt(doubt, names)
    yield ""
    yield "WHAT IS NOT PROVED"
    yield from NOT_PROVED


def _list(some: list[str], names: dict[str, str]) -> str:
    return ", ".join(names.get(one, one) for one in some) or "nobody"


def _delegation(one: dict[str, Any]) -> Iterator[str]:
    yield f"{one['code']} {plain(one['name'])}"
    yield f"  fingerprint {grouped(one['fingerprint'])}"
    for device in one["devices"]:
        role = f", {plain(device['role'])}" if device["role"] else ""
        yield f"  device {device['id']}: {plain(device['officer'])}{role}"
        yield f"    certified {moment(device['not_before'])} to {moment(device['not_after'])}; rights {', '.join(device['rights'])}"
        if device["revoked_at"]:
            yield f"    REVOKED {moment(device['revoked_at'])} by its delegation's list"
        if not device["upto"]:
            yield "    says nothing in this room"
            continue
        if device["complete"]:
            yield f"    its log is complete from 1 to {device['upto']}"
        else:
            gaps = ", ".join(f"{start} to {end}" if end > start else f"{start}" for start, end in device["gaps"][:20])
            yield f"    its log reaches {device['upto']}" + (f"; missing: {gaps}" if gaps else "")
        for seq, names in device["twice"][:5]:
            yield f"    TWO HISTORIES at {seq}: {', '.join(names)}"
        if device["checkpoint"]:
            point = device["checkpoint"]
            yield f"    checkpoint: everything up to {point['seq']}, both signature algorithms, {moment(point['at'])}"


def _text(text: dict[str, Any], names: dict[str, str]) -> Iterator[str]:
    yield f"Text: {plain(text['title'])}, opened by {names[text['opened_by']]}, {text['operations']} operations"
    words = {
        "same": "computed again from the pen's operations: the same",
        "differ": "COMPUTED AGAIN: NOT THE SAME",
        "not computed": "not computed again",
    }
    for one in text["revisions"]:
        yield f"  Revision {plain(one['symbol'])} by {names[one['by']]}, {moment(one['at'])} (line {one['line']})"
        yield f"    SHA-256 of its words {one['text_hash']}, {words[one['words']]}"
        yield f"    confirmed by {_list(one['confirmed_by'], names)}"
        if one["contradicted_by"]:
            yield f"    CONTRADICTED by {_list(one['contradicted_by'], names)}"
    for one in text["agreed"]:
        yield f"  {plain(one['label']) or 'paragraph'}: {one['status']}, SHA-256 of its words {one['hash']}"


def _doubt(doubt: dict[str, Any], names: dict[str, str]) -> str:
    more = [names.get(doubt["delegation"], doubt["delegation"])] if "delegation" in doubt else []
    more += [f"device {doubt['device']}"] if "device" in doubt else []
    more += [f"text {doubt['text']}"] if "text" in doubt else []
    more += [f"place {doubt['seq']}"] if "seq" in doubt else []
    more += [f"{doubt['count']} in all"] if "count" in doubt else []
    more += [f"first line {doubt['lines'][0]}"] if doubt.get("lines") else []
    more += [", ".join(doubt["operations"][:2])] if doubt.get("operations") else []
    return f"! {DOUBTS.get(doubt['say'], doubt['say'])} ({'; '.join(more)})."
