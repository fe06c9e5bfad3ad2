"""What happened to an identity, as dated sentences: what changed, since when, and who here decided it."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.desk.trust_views import Happened, Story
from valise.ui.language import listed, translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import date

HOW = {
    "code": QT_TRANSLATE_NOOP("contacts", "in person, by a code read from its screen"),
    "words": QT_TRANSLATE_NOOP("contacts", "by words compared live"),
    "eye": QT_TRANSLATE_NOOP("contacts", "by the number, compared by eye"),
}
_LINES = {
    "seen": QT_TRANSLATE_NOOP("contacts", "Its card was first seen here."),
    "card.renewed": QT_TRANSLATE_NOOP("contacts", "Its card was renewed (number {value})."),
    "laptop.added": QT_TRANSLATE_NOOP("contacts", "The laptop of {laptop} was added."),
    "laptop.admitted": QT_TRANSLATE_NOOP("contacts", "{officer} admitted the laptop of {laptop} from this one."),
    "laptop.accepted": QT_TRANSLATE_NOOP("contacts", "{officer} accepted the laptop of {laptop}."),
    "laptop.kept_stopped": QT_TRANSLATE_NOOP(
        "contacts", "{officer} looked at the laptop of {laptop} and kept sending stopped."
    ),
    "laptop.revoked": QT_TRANSLATE_NOOP("contacts", "The laptop of {laptop} was revoked."),
    "laptop.renewed": QT_TRANSLATE_NOOP("contacts", "The certificate of the laptop of {laptop} was renewed."),
    "identity.changed": QT_TRANSLATE_NOOP("contacts", "A card with another identity came; sending stopped."),
    "identity.forked": QT_TRANSLATE_NOOP("contacts", "A second, different list of its laptops came; sending stopped."),
    "compared.differs": QT_TRANSLATE_NOOP("contacts", "{officer} compared, and it differed; sending stopped."),
    "verified.code": QT_TRANSLATE_NOOP("contacts", "{officer} verified it in person, by a code read from its screen."),
    "verified.words": QT_TRANSLATE_NOOP("contacts", "{officer} verified it by words compared live."),
    "verified.eye": QT_TRANSLATE_NOOP("contacts", "{officer} verified it by the number, compared by eye."),
    "decided.new": QT_TRANSLATE_NOOP("contacts", "{officer} accepted this identity in place of the one before."),
    "decided.replaced": QT_TRANSLATE_NOOP("contacts", "{officer} replaced this identity by another."),
    "decided.kept": QT_TRANSLATE_NOOP("contacts", "{officer} kept this identity and set the other aside."),
    "decided.resumed": QT_TRANSLATE_NOOP("contacts", "{officer} let sending go on, not verified."),
    "dispute.held": QT_TRANSLATE_NOOP("contacts", "{officer} looked at a custodian's other word and kept this identity."),
    "dispute.kept_stopped": QT_TRANSLATE_NOOP(
        "contacts", "{officer} looked at a custodian's other word and kept sending stopped."
    ),
    "custodian.chosen": QT_TRANSLATE_NOOP("contacts", "{officer} chose it as a custodian."),
    "custodian.dropped": QT_TRANSLATE_NOOP("contacts", "{officer} took it off the list of custodians."),
    "vouched.to": QT_TRANSLATE_NOOP("contacts", "{officer} vouched for it to {value}."),
    "unvouched.to": QT_TRANSLATE_NOOP("contacts", "{officer} took back our word for it to {value}."),
}
CODES = frozenset(_LINES)


def line(one: Happened) -> str:
    """One dated sentence."""
    words = translate("contacts", _LINES.get(one.code, QT_TRANSLATE_NOOP("contacts", "Something about it changed.")))
    said = words.format(
        officer=isolate(one.officer) if one.officer else translate("contacts", "Somebody here"),
        laptop=isolate(one.laptop) if one.laptop else translate("contacts", "somebody"),
        value=isolate(one.value),
    )
    return translate("contacts", "{date}: {what}").format(date=isolate(date(one.at)), what=said)


def compared(story: Story) -> str:
    """How the comparison that holds was made, by whom and when; "" when there is none."""
    if not story.how:
        return ""
    words = (
        translate("contacts", "Compared {how} on {date}")
        if not story.officer
        else translate("contacts", "Compared {how} on {date} by {officer}")
    )
    return words.format(
        how=translate("contacts", HOW.get(story.how, HOW["eye"])), date=isolate(date(story.at)), officer=isolate(story.officer)
    ) + translate("contacts", ".")


def vouched(story: Story) -> str:
    """Who vouches for it, "" when nobody whose word counts does."""
    if not story.words:
        return ""
    who = listed(isolate(one.name.partition(" ")[0]) for one in story.words)
    if len(story.words) >= story.needed:
        enough = translate("contacts", "%n are enough.", None, story.needed)
    else:
        enough = translate("contacts", "%n are needed.", None, story.needed)
    said = translate("contacts", "Vouched for by {count} of %n custodians: {who}. {enough}", None, story.custodians)
    return said.format(count=len(story.words), who=who, enough=enough)


def given(story: Story, code: str) -> str:
    """To whom we have vouched for it, "" when to nobody. `code` = codes of these delegations."""
    return translate("contacts", "We have vouched for it to {who}.").format(who=isolate(code)) if story.to else ""
