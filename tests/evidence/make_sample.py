"""Writes docs/sample.evidence: two fictional delegations, a text, a statement, a checkpoint. `python -m tests.evidence.make_sample`.

The ML-DSA half of a signature is hedged, so each run writes other bytes; the file in docs/ is written once and kept.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.evidence.forge import Room, Side, judged, lines, message, seal

PATH = Path(__file__).parents[2] / "docs" / "sample.evidence"
STATE = hashlib.sha256(b"state").hexdigest()
WORDS = "We, the undersigned, answer within a day."
PLAIN = (
    "Draft decision on points of contact\nFICT/1/Rev.1\nPlenary\nen\n\nOP | OP 1 | open\nInvites States to name points of contact.\n\n"
)


def sample() -> bytes:
    """The bytes of the file."""
    a, b = Side("XA", "Aurelia"), Side("XB", "Borovia")
    mine, other = a.laptops[0], b.laptops[0]
    room = Room()
    room.found(mine, b, title="Points of contact")
    text = room.say(mine, "text.open", {
        "title": "Draft decision on points of contact", "organ": "Plenary", "symbol": "FICT/1", "language": "en",
        "roster": sorted([a.id, b.id]), "rules": {"quorum": 2, "silence": 72}, "pen_device": mine.id, "pen_delegation": a.id,
        "paragraphs": [{"section": "OP", "label": "OP 1", "words": "Invites States to name points of contact.", "status": "open"}],
    })  # fmt: skip
    hashes = {"text_hash": hashlib.sha256(PLAIN.encode()).hexdigest(), "state_hash": STATE}
    made = room.say(mine, "text.revision", {
        "text": text, "pen_prev": text, "symbol": "FICT/1/Rev.1", **hashes, "log_size": 1, "log_root": STATE, "heads": [],
    }, composite=True)  # fmt: skip
    room.say(other, "text.revision_ack", {"text": text, "revision": made, **hashes})
    words = hashlib.sha256((WORDS + "\n").encode()).hexdigest()
    opened = room.say(other, "joint.open", {
        "purpose": "joint statement", "title": "Statement", "words": WORDS, "text": "", "revision": "", "hash": words,
        "language": "en", "until": 0, "replaces": "",
    })  # fmt: skip
    room.say(mine, "joint.sign", {"statement": opened, "hash": words}, composite=True)
    room.say(other, "message.send", message("Thank you."))
    log = room.logs[mine.id]
    room.say(mine, "log.checkpoint", {"number": 1, "seq": len(log), "head": log[-1]}, composite=True)
    data = seal(lines(room, a, b), mine.composite)
    assert judged(data)["sound"] == 1
    return data


if __name__ == "__main__":
    PATH.write_bytes(sample())
