"""The words of joint statements: where one stands, what a sign-on is worth. Outside words come out isolated."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.desk.views import JointRow, SignOn
from valise.domain.joint import SignState
from valise.ui.language import listed as in_a_list
from valise.ui.language import translate
from valise.ui.seeing import deadline
from valise.ui.text_safe import isolate
from valise.ui.texts.people import People
from valise.ui.widgets.times import date, moment

LRI, PDI = "\u2066", "\u2069"
LISTED: tuple[SignState, ...] = ("signed", "admitted")


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
    return Standing(mark, translate("joint", words), tone)


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
        return translate("joint", "nobody has signed on")
    return translate("joint", "%n delegations", None, number)


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
    return translate("joint", "Joint statement") if joint(row) else translate("joint", "Co-sponsors")


def signable(row: JointRow) -> bool:
    """Whether our delegation could sign on now."""
    return row.sound and not row.newer and row.ours in ("", "left", "other words")


def over(row: JointRow) -> bool:
    """The date until which it was to be open has passed; that closes nothing."""
    return bool(row.until) and row.until <= deadline.now()


def standing(row: JointRow) -> Standing:
    """Where a statement stands, in a few words."""
    if not row.sound:
        return Standing("≠", translate("joint", "words differ") if joint(row) else translate("joint", "text differs"), "bad")
    if row.newer:
        return Standing("→", translate("joint", "replaced"), "muted")
    if row.closed:
        waiting = len(late(row))
        return Standing("■", translate("joint", "closed, {0} waiting").format(waiting) if waiting else translate("joint", "closed"), "muted")
    if not row.until:
        return Standing("○", translate("joint", "open"), "info")
    when = isolate(date(row.until, deadline.now()))
    if over(row):
        return Standing("○", translate("joint", "open, its date has passed"), "warn")
    return Standing("○", translate("joint", "open until {0}").format(when), "info")


def ours(row: JointRow) -> str:
    """Where our own delegation stands on it, "" where nothing is to be said."""
    words = {
        "signed": translate("joint", "we signed"),
        "admitted": translate("joint", "we signed"),
        "late": translate("joint", "we wait"),
        "left": translate("joint", "we took our name back"),
    }.get(row.ours, "")
    return words or ("" if row.closed or row.newer or not row.sound else translate("joint", "we have not signed"))


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
        return ("shield-alert", "bad", translate("joint", "The words differ: they do not have the hash that would be signed."),
                translate("joint", "Do not rely on them and do not sign. Ask {0} in person or by telephone for its words and its hash; "
                   "it can open them anew.").format(opener))  # fmt: skip
    if not row.sound:
        return ("shield-alert", "bad", translate("joint", "The text differs: this laptop does not compute that hash for the revision."),
                translate("joint", "You cannot sign on. Exchange once more (Ctrl+R), since the revision may still be under way. If it stays so, "
                   "compare the hash with {0} by telephone.").format(opener))  # fmt: skip
    if row.newer:
        return ("info", "info", translate("joint", "Other words stand in the place of these."),
                translate("joint", "Who signed these words has not signed the new ones."))  # fmt: skip
    waiting = len(late(row))
    if row.closed:
        when = isolate(moment(row.closed_at, deadline.now()))
        what = translate("joint", "The list was closed {0}: {1}.").format(when, count(row))
        if waiting and mine:
            return "hand", "warn", what, translate("joint", "Who signed on later waits for you: {0}. Admit each, or leave it as it is.").format(
                isolate(in_a_list(who(people, one)[0] for one in late(row)[:6]) + (" …" if waiting > 6 else ""))
            )  # fmt: skip
        if row.ours == "late":
            return "clock", "warn", what, translate("joint", "Our name came later: it waits until {0} admits it.").format(opener)
        return "check-circle", "good", what, translate("joint", "Who signs on now waits to be admitted.")
    if over(row):
        what = translate("joint", "It was to be open until {0}.").format(" · ".join(deadline.clocks(row.until)[:1]))
        more = (
            translate("joint", "You close the list.")
            if mine
            else translate("joint", "The list stays open until {0} closes it.").format(opener)
        )
        return "clock", "warn", what, f"{more} {_mine(row)}"
    if row.until:
        left = deadline.remaining(row.until - deadline.now())
        what = translate("joint", "Open for sign-on for another {0}: until {1}.").format(left, " · ".join(deadline.clocks(row.until)))
    else:
        what = translate("joint", "Open for sign-on, without a date.")
    return "support", "info", what, _mine(row)


def _mine(row: JointRow) -> str:
    said = {
        "signed": translate("joint", "Our delegation has signed on."),
        "left": translate("joint", "Our delegation has taken its name back."),
        "other words": translate("joint", "Our delegation signed other words: that does not count here."),
    }
    return said.get(row.ours, translate("joint", "Our delegation has not signed on."))
