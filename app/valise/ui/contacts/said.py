"""The desk's codes about a delegation as sentences: why sending stopped, and what happened when."""

from __future__ import annotations

import re

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.desk.views import ContactView
from valise.ui.language import translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import date

_STOPPED = {
    "changed": (
        QT_TRANSLATE_NOOP("contacts", "The identity of {who} changed. Sending is stopped until you decide."),
        QT_TRANSLATE_NOOP(
            "contacts",
            "Either it set up its keys anew, or somebody is trying to take its place: ask it, by another way.",
        ),
    ),
    "differs": (
        QT_TRANSLATE_NOOP("contacts", "The numbers compared with {who} differ. Sending is stopped until you decide."),
        QT_TRANSLATE_NOOP(
            "contacts",
            "Either the wrong one was read, or somebody stands between you: compare once more, best in person.",
        ),
    ),
    "forked": (
        QT_TRANSLATE_NOOP(
            "contacts", "Two different lists of laptops came from {who}. Sending is stopped until you decide."
        ),
        QT_TRANSLATE_NOOP(
            "contacts", "Either a backup was restored there, or its root key is in other hands: ask it, by another way."
        ),
    ),
    "added": (
        QT_TRANSLATE_NOOP("contacts", "{who} added a laptop. Nothing is sent to it until you decide."),
        QT_TRANSLATE_NOOP(
            "contacts",
            "Either another officer works there now, or its root key is in other hands: ask it, by another way. "
            "What you write waits; what it sends is received.",
        ),
    ),
    "disputed": (
        QT_TRANSLATE_NOOP(
            "contacts", "A custodian vouches for another identity of {who}. Sending is stopped until you decide."
        ),
        QT_TRANSLATE_NOOP(
            "contacts", "One of the two is not what it says: ask the delegation and the custodian, by another way."
        ),
    ),
}
_OWN_ADDED = (
    QT_TRANSLATE_NOOP("contacts", "A laptop was added to your own delegation, not by this one. Nothing is sent until you decide."),
    QT_TRANSLATE_NOOP(
        "contacts",
        "Whoever has the delegation key can do this: ask who admitted it. It reads what is sent to your delegation. "
        "What you write waits; what others send is received.",
    ),
)
_NOTICES = {
    "device.new": QT_TRANSLATE_NOOP("contacts", "A new laptop was added on {date}."),
    "contact.changed": QT_TRANSLATE_NOOP("contacts", "A card with another identity came on {date}."),
    "contact.differs": QT_TRANSLATE_NOOP("contacts", "The numbers were compared and differed on {date}."),
    "card.conflict": QT_TRANSLATE_NOOP(
        "contacts", "One more card under this code came on {date}; it was set aside while a decision is open."
    ),
    "card.forked": QT_TRANSLATE_NOOP("contacts", "A second, different list of laptops came on {date}."),
    "device.unusable": QT_TRANSLATE_NOOP(
        "contacts", "The keys of one of its laptops cannot be used since {date}: that laptop receives nothing."
    ),
    "device.revoked_writes": QT_TRANSLATE_NOOP(
        "contacts", "A laptop its delegation has revoked went on writing on {date}; nothing was taken from it."
    ),
    "copy.healed": QT_TRANSLATE_NOOP(
        "contacts", "An old copy of one of its vaults was put back; it says so itself since {date}, and goes on."
    ),
    "copy.two": QT_TRANSLATE_NOOP(
        "contacts", "Two copies of one of its vaults are in use since {date}: ask it, and rely on neither until it has decided."
    ),
    "copy.old": QT_TRANSLATE_NOOP("contacts", "An older copy of this laptop's vault was put back on {date}."),
    "session.two_bodies": QT_TRANSLATE_NOOP(
        "contacts", "Two different messages came in one place on {date}; both are kept as evidence."
    ),
}
_NOTICE = re.compile(r"([a-z_.]+):(\d{1,15})\Z")


def reason(contact: ContactView) -> str:
    """changed, differs, forked, added or disputed; "" while sending goes on."""
    if not contact.changed and not contact.stopped:
        return ""
    return contact.stopped if contact.stopped in _STOPPED else "changed"


def stopped(contact: ContactView) -> tuple[str, str]:
    """One sentence and one cause."""
    own = contact.trust == "own"
    what, why = _OWN_ADDED if own else _STOPPED[reason(contact) or "changed"]
    return translate("contacts", what).format(who=isolate(f"{contact.code} {contact.name}")), translate("contacts", why)


def notice(code: str) -> str:
    """A dated sentence for "<code>:<ms UTC>"; what is not of that form is shown as it is."""
    found = _NOTICE.match(code)
    if not found:
        return isolate(code)
    words = _NOTICES.get(found[1], QT_TRANSLATE_NOOP("contacts", "Something about this delegation changed on {date}."))
    return translate("contacts", words).format(date=isolate(date(int(found[2]))))
