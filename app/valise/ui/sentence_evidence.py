"""Error sentences for evidence files, one entry a code."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

EVIDENCE: dict[str, Sentence] = {
    "evidence.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This room is not here."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another one; nothing was written."),
    ),
    "evidence.internal": Sentence(
        QT_TRANSLATE_NOOP("errors", "An internal room is not written for others."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "If you want an archive of your own, say so above. Nothing was written."),
    ),
    "evidence.own": Sentence(
        QT_TRANSLATE_NOOP("errors", "What was written does not verify, so it was not kept."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Something in this vault is damaged. Run valise doctor."),
    ),
    "evidence.no_child": Sentence(
        QT_TRANSLATE_NOOP("errors", "The process that checks evidence could not be started."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Try again, or use the command valise verify."),
    ),
    "evidence.too_hard": Sentence(
        QT_TRANSLATE_NOOP("errors", "Checking took too long or needed too much memory."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Nothing is said about the file. Use the command valise verify with more time."),
    ),
    "evidence.child": Sentence(
        QT_TRANSLATE_NOOP("errors", "The process that checks evidence gave no usable answer."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Do not rely on the file; use the command valise verify on another machine."),
    ),
}
