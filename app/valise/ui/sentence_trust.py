"""Error sentences about whom one is talking to: comparing, codes in pictures, vouching, laptops that joined."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

TRUST: dict[str, Sentence] = {
    "contact.added": Sentence(
        QT_TRANSLATE_NOOP("errors", "A delegation concerned added a laptop that nobody here has looked at."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at it in Contacts and decide; what you write waits until then."),
    ),
    "contact.own_added": Sentence(
        QT_TRANSLATE_NOOP("errors", "A laptop was added to your own delegation, not by this one, and nobody here has looked at it."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Look at “Our card” in Contacts and decide; what you write waits until then."),
    ),
    "contact.disputed": Sentence(
        QT_TRANSLATE_NOOP("errors", "A custodian vouches for another identity of a delegation concerned."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Look at both in Contacts, ask by another way, then decide."),
    ),
    "contact.how": Sentence(
        QT_TRANSLATE_NOOP("errors", "How the identities were compared was not said."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Compare again in one of the ways shown."),
    ),
    "compare.none": Sentence(
        QT_TRANSLATE_NOOP("errors", "There are no words on both screens to be compared now."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Press “Compare now” and wait until four words are shown."),
    ),
    "compare.card": Sentence(
        QT_TRANSLATE_NOOP("errors", "The laptop that asks shows another certificate than the one known here."),
        "doubt",
        QT_TRANSLATE_NOOP("errors", "Exchange once more, so that its newest card comes, and try again; or take its card in person."),
    ),
    "picture.too_big": Sentence(
        QT_TRANSLATE_NOOP("errors", "This picture is too large to be read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Cut it to the code, or take a smaller one (at most 24 MiB)."),
    ),
    "picture.unknown": Sentence(
        QT_TRANSLATE_NOOP("errors", "This file is not a picture that can be read."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Choose a photograph or a screenshot as PNG, JPEG, BMP or WebP."),
    ),
    "picture.too_hard": Sentence(
        QT_TRANSLATE_NOOP("errors", "Reading this picture took too long, and was stopped."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Take another picture, with the code large and nothing else beside it."),
    ),
    "picture.several": Sentence(
        QT_TRANSLATE_NOOP("errors", "There is more than one code of a delegation in this picture."),
        "refused",
        QT_TRANSLATE_NOOP("errors", "Take a picture with the one code only that you want to compare."),
    ),
    "picture.no_child": Sentence(
        QT_TRANSLATE_NOOP("errors", "The separate process that reads pictures could not be started."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Close other programs and try again, or compare the number by eye."),
    ),
    "vouch.not_verified": Sentence(
        QT_TRANSLATE_NOOP("errors", "Only a delegation that was compared on this laptop can be vouched for."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Compare with it first, then vouch for it."),
    ),
    "vouch.whom": Sentence(
        QT_TRANSLATE_NOOP("errors", "Nobody vouches for himself, or to the delegation he vouches for."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose another delegation to tell."),
    ),
    "custodian.not_verified": Sentence(
        QT_TRANSLATE_NOOP("errors", "A custodian must be a delegation that was compared on this laptop."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Compare with it first, then choose it."),
    ),
    "custodian.number": Sentence(
        QT_TRANSLATE_NOOP("errors", "At least two custodians have to agree, and no more than there are."),
        "safe",
        QT_TRANSLATE_NOOP("errors", "Choose two or more delegations, or none."),
    ),
}
