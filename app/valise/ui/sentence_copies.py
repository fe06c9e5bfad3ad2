"""Error sentences about old copies of this vault and about a damaged one."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

COPIES: dict[str, Sentence] = {
    "copy.old": Sentence(
        QT_TRANSLATE_NOOP("errors", "This is an older copy of this laptop's vault: what it had said since is asked of the others."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing is lost. Connect; it goes on by itself. See Security, Checks."),
    ),
    "copy.joined": Sentence(
        QT_TRANSLATE_NOOP("errors", "Somebody joined this conversation before this could be sent."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Say it again if it is for everybody who is there now."),
    ),
    "vault.damaged": Sentence(
        QT_TRANSLATE_NOOP("errors", "The vault's database is damaged: a part of it does not verify any more."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Nothing was erased. Type the passphrase once more to rescue what verifies, or restore a backup."),
    ),
    "vault.keys_lost": Sentence(
        QT_TRANSLATE_NOOP("errors", "The damaged part holds the keys of this laptop itself."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Restore a backup: it makes this a new laptop of your delegation."),
    ),
}
