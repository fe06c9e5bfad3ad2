"""Error sentences for backups, restored laptops, journeys and the destruction of a vault, one entry a code."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

BACKUPS: dict[str, Sentence] = {
    "backup.passphrase": Sentence(
        QT_TRANSLATE_NOOP("errors", "That does not open this backup."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "A backup opens with the passphrase of the day it was made. Check Caps Lock, then try an earlier one."),
    ),
    "backup.no_shares": Sentence(
        QT_TRANSLATE_NOOP("errors", "This backup was made when the vault had no recovery shares."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Open it with its passphrase, or choose a later backup."),
    ),
    "backup.magic": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is no backup of Valise."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose a file whose name ends in .valise-backup."),
    ),
    "backup.newer": Sentence(
        QT_TRANSLATE_NOOP("errors", "This backup was written by a newer Valise than this one."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Install the newer version, then try again."),
    ),
    "backup.cut": Sentence(
        QT_TRANSLATE_NOOP("errors", "This backup is not whole: its end is missing."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "It was never finished, or the copy was cut short. Choose another one."),
    ),
    "backup.altered": Sentence(
        QT_TRANSLATE_NOOP("errors", "This backup was changed after it was written, or its medium is failing."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose another one, and do not trust that stick with the next."),
    ),
    "backup.cover": Sentence(
        QT_TRANSLATE_NOOP("errors", "The beginning of this backup is damaged, so that nothing opens it."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose another one, and do not trust that stick with the next."),
    ),
    "backup.form": Sentence(
        QT_TRANSLATE_NOOP("errors", "What this backup holds does not fit together."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose another one."),
    ),
    "backup.forged": Sentence(
        QT_TRANSLATE_NOOP("errors", "Something in this backup was not signed by whom it names. Somebody may have made it to deceive you."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose a backup you know the way of, and tell your security officer."),
    ),
    "backup.differs": Sentence(
        QT_TRANSLATE_NOOP("errors", "What was read back is not what was written, so this is no backup. It was taken away again."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "That stick or disk is failing. Use another one."),
    ),
    "backup.full": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is not enough room for the backup. What was begun was taken away again."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Make room there or choose another place. Earlier backups are as they were."),
    ),
    "backup.medium": Sentence(
        QT_TRANSLATE_NOOP("errors", "The stick or disk of the backup does not answer, or cannot be written."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Plug it in again and try once more. Earlier backups are as they were; an unfinished one is named as such."),
    ),
    "backup.large": Sentence(
        QT_TRANSLATE_NOOP("errors", "One entry of this vault is larger than a backup can hold."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Run valise doctor and report what it says."),
    ),
    "backup.inside": Sentence(
        QT_TRANSLATE_NOOP("errors", "That folder is inside the vault itself: whatever destroys one would destroy the other."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose a stick, or a folder on another disk."),
    ),
    "backup.no_rooms": Sentence(
        QT_TRANSLATE_NOOP("errors", "No room was chosen for the journey."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose at least one."),
    ),
    "backup.confirm": Sentence(
        QT_TRANSLATE_NOOP("errors", "What was typed is not the code of your delegation. Nothing was destroyed."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Type the code as it stands on your name plate."),
    ),
    "restore.waiting": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop was made from a backup and waits to be admitted."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Read everything meanwhile. Security, Backups and travel, says how it is admitted."),
    ),
    "restore.nothing": Sentence(
        QT_TRANSLATE_NOOP("errors", "This laptop does not wait to be admitted."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "There is nothing to do."),
    ),
    "restore.fork": Sentence(
        QT_TRANSLATE_NOOP("errors", "That card and the one in the backup are two different lists of your laptops."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Have a laptop that is in use admit this one, and ask who signed the other list."),
    ),
    "vault.erasing": Sentence(
        QT_TRANSLATE_NOOP("errors", "A vault is being destroyed here and something could not be removed yet. Nobody can open it any more."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Start Valise again: it goes on. If it stops again, look at the disk."),
    ),
}
