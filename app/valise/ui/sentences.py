"""The table of error sentences. `secrecy` names one of the sentences of CONFIDENTIAL."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP

CONFIDENTIAL: dict[str, str] = {
    "safe": QT_TRANSLATE_NOOP("errors", "Nothing left this device unsealed."),
    "sealed": QT_TRANSLATE_NOOP("errors", "The vault stays sealed."),
    "refused": QT_TRANSLATE_NOOP("errors", "It was refused whole; nothing of it entered the vault."),
    "doubt": QT_TRANSLATE_NOOP("errors", "Until it is settled, do not rely on who is at the other end."),
    "open": QT_TRANSLATE_NOOP("errors", "What was sent so far may not be protected as it should be."),
}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One entry, before translation."""

    happened: str
    secrecy: str
    todo: str


def _s(happened: str, secrecy: str, todo: str) -> Sentence:
    return Sentence(happened, secrecy, todo)


SENTENCES: dict[str, Sentence] = {
    "internal": _s(
        QT_TRANSLATE_NOOP("errors", "Something went wrong inside Valise."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Try again. If it happens again, run valise doctor and tell whoever maintains it."),
    ),
    "kind.refused": _s(
        QT_TRANSLATE_NOOP("errors", "What came from outside is not valid."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask its sender to send it again."),
    ),
    "kind.notallowed": _s(
        QT_TRANSLATE_NOOP("errors", "A rule of the talks or of this vault does not allow this."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed; choose another way."),
    ),
    "kind.notyet": _s(
        QT_TRANSLATE_NOOP("errors", "Something this needs has not arrived yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "It is kept sealed and tried again at each exchange; there is nothing to do."),
    ),
    "kind.damaged": _s(
        QT_TRANSLATE_NOOP("errors", "Something stored here no longer verifies."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Keep the folder as it is, run valise doctor, and restore the last good copy."),
    ),
    "kind.unavailable": _s(
        QT_TRANSLATE_NOOP("errors", "Something outside Valise did not do its part."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check the disk and the exchange folder, then try again."),
    ),
    "vault.passphrase": _s(
        QT_TRANSLATE_NOOP("errors", "That is not the passphrase of this vault."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Check Caps Lock and the keyboard's language, then type it again."),
    ),
    "vault.busy": _s(
        QT_TRANSLATE_NOOP("errors", "Another window has this vault open."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Go to that window, or close it and try again."),
    ),
    "room.blocked": _s(
        QT_TRANSLATE_NOOP("errors", "Sending is stopped: the identity of a delegation changed."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Go to Contacts, compare with that delegation and decide."),
    ),
    "attachment.incomplete": _s(
        QT_TRANSLATE_NOOP("errors", "This file has not arrived whole yet."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Its missing parts have been asked for again; wait for the next exchanges."),
    ),
}

FAMILIES: dict[str, Sentence] = {
    "card": _s(
        QT_TRANSLATE_NOOP("errors", "This is not a valid identity card."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Ask the delegation for its card again, best handed over in person."),
    ),
    "carrier": _s(
        QT_TRANSLATE_NOOP("errors", "The exchange folder cannot be reached."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Check that the drive or share is connected; what waits is sent when it is back."),
    ),
}
