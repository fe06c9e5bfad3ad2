"""What the section on backups says, in words: ages, sizes, what a backup holds, what is lost."""

from __future__ import annotations

from valise.desk.door_backups import BackupFile, BackupNote, BackupState, Checked, Restored
from valise.ui.language import listed, semicolons, size, translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import moment

OLD = 14  # days after which a backup is called old


def age(state: BackupState) -> tuple[str, str]:
    """How old the last backup is, and the role of that sentence."""
    if state.last is None:
        return translate("backups", "There is no backup of this vault yet."), "warn"
    days = state.age
    if days == 0:
        words = translate("backups", "Backed up today.")
    elif days == 1:
        words = translate("backups", "Backed up yesterday.")
    else:
        words = translate("backups", "Backed up %n days ago.", None, days)
    return words, "warn" if days > OLD and state.news else "strong"


def last(note: BackupNote) -> str:
    """When, where, how large, and the first signs of its digest, which can be compared with a check."""
    return translate("backups", "{0}, in {1}, {2}. Read again after writing; digest {3}.").format(
        moment(note.at), isolate(note.place), size(note.size), digest(note.digest)
    )


def digest(of: str) -> str:
    """The first sixteen signs of a digest in groups of four."""
    return isolate(" ".join(of[i : i + 4] for i in range(0, 16, 4)))


def news(state: BackupState) -> str:
    """What came since."""
    if state.last is None:
        return ""
    if state.news == 0:
        return translate("backups", "Nothing was written or received since.")
    return translate("backups", "Entries written or received since: {0}.").format(state.news)


def waiting(record: int, conversation: int) -> str:
    """What has not left, and what a backup makes of it."""
    if not record + conversation:
        return ""
    words = translate(
        "backups",
        "%n items have not left yet: they are kept in the backup as part of the record and the conversation.",
        None,
        record + conversation,
    )
    if conversation:
        words += " " + translate("backups", "Of these in conversations: {0}; another laptop cannot send them, so say them again there.").format(
            conversation
        )
    return words


def unfinished(found: list[BackupFile]) -> str:
    """Backups that were begun and never verified."""
    names = [isolate(one.path.name) for one in found if not one.whole]
    if not names:
        return ""
    return translate("backups", "Never finished, and no backup: {0}. It can be deleted.").format(listed(names))


def checked(made: Checked) -> tuple[str, str]:
    """What a check found: the sentence, and what it holds."""
    kind = translate("backups", "This backup is whole and verifies.")
    if made.kind == "travel":
        kind = translate("backups", "This vault for a journey is whole and verifies.")
    holds = translate("backups", "As of {0}: {1}, {2}, {3}; digest {4}.").format(
        moment(made.taken_at),
        translate("backups", "%n entries", None, made.operations),
        translate("backups", "%n contacts", None, made.contacts),
        translate("backups", "%n files", None, made.files),
        digest(made.digest),
    )
    origin = translate("backups", "It was not written by this vault, or before the vault was restored.")
    if made.known:
        origin = translate("backups", "It was written by this vault.")
    return kind, f"{holds} {origin}"


def lost(of: Restored) -> str:
    """What of conversations only the old laptop could open."""
    if not of.lost:
        return ""
    bilateral = translate("backups", "a bilateral room")
    parts = [
        translate("backups", "{0} in {1}: {2}").format(isolate(one.code), isolate(one.title) if one.title else bilateral, one.count)
        for one in of.lost
    ]
    return translate("backups", "Messages of conversations that only the old laptop could open: {0}. Ask for what you need of them.").format(
        semicolons(parts)
    )
