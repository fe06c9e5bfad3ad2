"""Error sentences about what opens the vault: passphrase, keyring, recovery shares."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

SLOTS: dict[str, Sentence] = {
    "custodian.unavailable": Sentence(
        QT_TRANSLATE_NOOP("errors", "The keyring of this computer does not answer."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Use your passphrase. If the keyring is locked, open it in the system's settings and try again."),
    ),
    "slot.keyring_gone": Sentence(
        QT_TRANSLATE_NOOP("errors", "The keyring of this computer no longer holds what opens this vault."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Unlock with your passphrase; the keyring can be set up again under Security, Unlocking."),
    ),
    "slot.keyring_missing": Sentence(
        QT_TRANSLATE_NOOP("errors", "This vault wants passphrase and keyring together, and the keyring's half is not here."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Open the keyring of this computer and try again, or use the recovery shares."),
    ),
    "slot.no_keyring": Sentence(
        QT_TRANSLATE_NOOP("errors", "This vault does not use a keyring."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Unlock with your passphrase."),
    ),
    "slot.no_recovery": Sentence(
        QT_TRANSLATE_NOOP("errors", "This vault has no recovery shares."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "They can be made under Security, Unlocking, while the vault is open."),
    ),
    "slot.shares": Sentence(
        QT_TRANSLATE_NOOP("errors", "These shares fit together and do not open this vault."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Compare the words with the paper; perhaps they are for another vault."),
    ),
    "slot.shares_other": Sentence(
        QT_TRANSLATE_NOOP("errors", "These shares belong to another set than the one that opens this vault."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Take the newest set; those made before it open nothing any more."),
    ),
    "slot.short": Sentence(
        QT_TRANSLATE_NOOP("errors", "The new passphrase is too short."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Take four or five words that have nothing to do with each other."),
    ),
    "slot.same": Sentence(
        QT_TRANSLATE_NOOP("errors", "The new passphrase is the old one."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed. Take another one."),
    ),
    "slot.not_rehearsed": Sentence(
        QT_TRANSLATE_NOOP("errors", "A keyring can be demanded only when recovery shares were made and tried."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Make recovery shares and rehearse them; a keyring that vanishes then locks nobody out."),
    ),
    "slot.second_needs_shares": Sentence(
        QT_TRANSLATE_NOOP("errors", "The shares stay as they are while passphrase and keyring are needed together."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Let the passphrase open alone, make and rehearse new shares, then demand the keyring again."),
    ),
    "slot.second_alone": Sentence(
        QT_TRANSLATE_NOOP("errors", "The recovery shares are needed while passphrase and keyring open together only."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "First let the passphrase open alone."),
    ),
    "slot.second_undone": Sentence(
        QT_TRANSLATE_NOOP("errors", "Passphrase and keyring are needed together, so neither may open alone."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "First let the passphrase open alone."),
    ),
    "slot.last": Sentence(
        QT_TRANSLATE_NOOP("errors", "A passphrase always opens the vault; it cannot be taken away."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Nothing was changed."),
    ),
    "shares.few": Sentence(
        QT_TRANSLATE_NOOP("errors", "More shares are needed."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Each share says on paper how many of its set it takes."),
    ),
    "shares.mixed": Sentence(
        QT_TRANSLATE_NOOP("errors", "These shares are not of one set."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Take shares that were made together."),
    ),
    "shares.twice": Sentence(
        QT_TRANSLATE_NOOP("errors", "One share was entered twice."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Take another share of the same set."),
    ),
    "shares.number": Sentence(
        QT_TRANSLATE_NOOP("errors", "A secret cannot be shared among so many."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Two to sixteen shares can be made, of which two or more are needed."),
    ),
    "shares.foreign": Sentence(
        QT_TRANSLATE_NOOP("errors", "These words are a share that Valise did not make."),
        "sealed",
        QT_TRANSLATE_NOOP("errors", "Look for the sheets that say Valise."),
    ),
}
