"""The words of joint statements: where one stands, what a sign-on is worth. Outside words come out isolated."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from valise.desk.views import JointRow, SignOn
from valise.domain.joint import SignState
from valise.ui.seeing import deadline
from valise.ui.text_safe import isolate
from valise.ui.texts.people import People
from valise.ui.widgets.times import date, moment

LRI, PDI = "\u2066", "\u2069"
LISTED: tuple[SignState, ...] = ("signed", "admitted")


def tr(text: str) -> str:
    """Translate one of our own sentences (context "joint")."""
    return QCoreApplication.translate("joint", text)


class Standing(NamedTuple):
    """A sign, what it means, and the token of the colour that adds to it."""

    sign: str
    words: str
    tone: str


# sign-ons

_SIGNS: dict[SignState, tuple[str, str, str]] = {
    "signed": ("✓", QT_TRANSLATE_NOOP("joint", "signed"), "good"),
    "admitted": ("✓+", QT_TRANSLATE_NOOP("joint", "late, admitted"), "good"),
    "late": ("⧗", QT_TRANSLATE_NOOP("joint", "late, waits to be admitted"), "warn"),
    "left": ("↶", QT_TRANSLATE_NOOP("joint", "took its name back"), "muted"),
    "other words": ("≠", QT_TRANSLATE_NOOP("joint", "other words, does not count"), "bad"),
}


def sign(state: SignState) -> Standing:
    """What a sign-on is worth."""
    mark, words, tone = _SIGNS[state]
    return Standing(mark, tr(words), tone)


def listed(row: JointRow) -> tuple[SignOn, ...]:
    """The sign-ons that count."""
    return tuple(one for one in row.signs if one.state in LISTED)


def late(row: JointRow) -> tuple[SignOn, ...]:
    """Those that wait to be admitted."""
    return tuple(one for one in row.signs if one.state == "late")


def count(row: JointRow) -> str:
    """How many delegations stand on the list."""
    number = len(listed(row))
    if not number:
        return tr("nobody has signed on")
    return tr("1 delegation") if number == 1 else tr("{0} delegations").format(number)


def who(people: People, one: SignOn) -> tuple[str, str]:
    """(name, code) of a delegation, also of one whose card is not here."""
    if one.code != "?":
        return one.name or one.code, one.code
    return people.name(one.delegation), people.code(one.delegation)


def delegation(people: People, key: str) -> str:
    """ "XB Borovia", isolated."""
    code, name = people.code(key), people.name(key)
    return isolate(code if name == code else f"{code} {name}")


# statements


def joint(row: JointRow) -> bool:
    """A statement, not a list of co-sponsors."""
    return row.purpose == "joint statement"


def purpose(row: JointRow) -> str:
    return tr("Joint statement") if joint(row) else tr("Co-sponsors")


def signable(row: JointRow) -> bool:
    """Whether our delegation could sign on now."""
    return row.sound and not row.newer and row.ours in ("", "left", "other words")


def over(row: JointRow) -> bool:
    """The date until which it was to be open has passed; that closes nothing."""
    return bool(row.until) and row.until <= deadline.now()


def standing(row: JointRow) -> Standing:
    """Where a statement stands, in a few words."""
    if not row.sound:
        return Standing("≠", tr("words differ") if joint(row) else tr("text differs"), "bad")
    if row.newer:
        return Standing("→", tr("replaced"), "muted")
    if row.closed:
        waiting = len(late(row))
        return Standing("■", tr("closed, {0} waiting").format(waiting) if waiting else tr("closed"), "muted")
    if not row.until:
        return Standing("○", tr("open"), "info")
    when = isolate(date(row.until, deadline.now()))
    if over(row):
        return Standing("○", tr("open, its date has passed"), "warn")
    return Standing("○", tr("open until {0}").format(when), "info")


def ours(row: JointRow) -> str:
    """Where our own delegation stands on it, "" where nothing is to be said."""
    words = {
        "signed": tr("we signed"), "admitted": tr("we signed"), "late": tr("we wait"), "left": tr("we took our name back"),
    }.get(row.ours, "")  # fmt: skip
    return words or ("" if row.closed or row.newer or not row.sound else tr("we have not signed"))


def grouped(digits: str) -> str:
    """A hash in groups of four on two lines, as read aloud; left to right in every language."""
    groups = [digits[place : place + 4] for place in range(0, len(digits), 4)]
    half = (len(groups) + 1) // 2
    return "\n".join(f"{LRI}{' '.join(part)}{PDI}" for part in (groups[:half], groups[half:]) if part)


def explained(row: JointRow, people: People) -> tuple[str, str, str, str]:
    """(icon, tone, what stands, what it means or what to do) for the strip above the words."""
    opener = delegation(people, row.opener)
    mine = row.opener == people.own
    if not row.sound and joint(row):
        return ("shield-alert", "bad", tr("The words differ: they do not have the hash that would be signed."),
                tr("Do not rely on them and do not sign. Ask {0} in person or by telephone for its words and its hash; "
                   "it can open them anew.").format(opener))  # fmt: skip
    if not row.sound:
        return ("shield-alert", "bad", tr("The text differs: this laptop does not compute that hash for the revision."),
                tr("You cannot sign on. Exchange once more (Ctrl+R), since the revision may still be under way. If it stays so, "
                   "compare the hash with {0} by telephone.").format(opener))  # fmt: skip
    if row.newer:
        return ("info", "info", tr("Other words stand in the place of these."),
                tr("Who signed these words has not signed the new ones."))  # fmt: skip
    waiting = len(late(row))
    if row.closed:
        when = isolate(moment(row.closed_at, deadline.now()))
        what = tr("The list was closed {0}: {1}.").format(when, count(row))
        if waiting and mine:
            return "hand", "warn", what, tr("Who signed on later waits for you: {0}. Admit each, or leave it as it is.").format(
                isolate(", ".join(who(people, one)[0] for one in late(row)[:6]) + (" …" if waiting > 6 else ""))
            )  # fmt: skip
        if row.ours == "late":
            return "clock", "warn", what, tr("Our name came later: it waits until {0} admits it.").format(opener)
        return "check-circle", "good", what, tr("Who signs on now waits to be admitted.")
    if over(row):
        what = tr("It was to be open until {0}.").format(" · ".join(deadline.clocks(row.until)[:1]))
        more = tr("You close the list.") if mine else tr("The list stays open until {0} closes it.").format(opener)
        return "clock", "warn", what, f"{more} {_mine(row)}"
    if row.until:
        left = deadline.remaining(row.until - deadline.now())
        what = tr("Open for sign-on for another {0}: until {1}.").format(left, " · ".join(deadline.clocks(row.until)))
    else:
        what = tr("Open for sign-on, without a date.")
    return "support", "info", what, _mine(row)


def _mine(row: JointRow) -> str:
    said = {
        "signed": tr("Our delegation has signed on."),
        "left": tr("Our delegation has taken its name back."),
        "other words": tr("Our delegation signed other words: that does not count here."),
    }
    return said.get(row.ours, tr("Our delegation has not signed on."))
