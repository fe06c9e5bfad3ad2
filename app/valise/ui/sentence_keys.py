"""Error sentences about keys that move on."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

KEYS: dict[str, Sentence] = {
    "key.destroyed": Sentence(
        QT_TRANSLATE_NOOP("errors", "An envelope came that was sealed to keys of this laptop which have been destroyed."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Its sender sends it again; give your newest card to those who never wrote to you before."),
    ),
    "key.other_reply": Sentence(
        QT_TRANSLATE_NOOP("errors", "Keys came from a laptop under a key that was given to another one."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing to do here. If it happens again, ask that delegation in person."),
    ),
}
