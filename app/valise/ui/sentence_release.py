"""Error sentences about release files and the packages that come with them."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.sentences import Sentence

_ = QT_TRANSLATE_NOOP
_ANOTHER_WAY = _("errors", "Install nothing of it. Get both again from the publisher, by another way.")

RELEASE: dict[str, Sentence] = {
    "update.unreadable": Sentence(
        _("errors", "The file cannot be read."), "safe", _("errors", "Copy it onto this computer and choose it there."),
    ),
    "update.malformed": Sentence(
        _("errors", "This is not a release file of Valise, or it is damaged."), "refused",
        _("errors", "Choose the file that ends in .release, or get it again from the publisher."),
    ),
    "update.newer_form": Sentence(
        _("errors", "This release file has a form that only a newer version reads."), "refused",
        _("errors", "Ask the publisher which version to take first."),
    ),
    "update.foreign": Sentence(
        _("errors", "This release file was signed by somebody else than the publisher of this program."), "refused",
        _("errors", "Install nothing of it. Ask the publisher, by another way, whether its key is another one now."),
    ),
    "update.signature": Sentence(
        _("errors", "The signature of this release file does not hold: the file was changed on its way."), "refused", _ANOTHER_WAY,
    ),
    "update.differs": Sentence(
        _("errors", "This package has the name of a released one and another content: it was changed on its way."), "refused", _ANOTHER_WAY,
    ),
    "update.not_listed": Sentence(
        _("errors", "This package does not belong to this release."), "refused",
        _("errors", "Do not install it. Choose a package that is named here, or the release file that came with this one."),
    ),
}  # fmt: skip
