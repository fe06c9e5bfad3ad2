"""The sections of the security screen, in order; each is imported when it is first shown."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from PySide6.QtCore import QT_TRANSLATE_NOOP

from valise.ui.language import translate


@dataclass(frozen=True, slots=True)
class Part:
    """One section: its name, what a person reads, an icon, and "module:Class"."""

    name: str
    text: str
    icon: str
    factory: str

    @property
    def label(self) -> str:
        """Its name in the language of the window."""
        return translate("security", self.text)

    def load(self) -> Any:
        """The class."""
        module, name = self.factory.split(":")
        return getattr(import_module(module), name)


_ = QT_TRANSLATE_NOOP
PARTS: tuple[Part, ...] = (
    Part("steps", _("security", "First steps"), "check-circle", "valise.ui.security.steps:StepsSection"),
    Part("hygiene", _("security", "Hygiene"), "shield-half", "valise.ui.security.hygiene:HygieneSection"),
    Part("unlocking", _("security", "Unlocking"), "unlock", "valise.ui.security.unlocking:UnlockingSection"),
    Part("laptops", _("security", "Our laptops"), "laptop", "valise.ui.security.laptops:LaptopsSection"),
    Part("backups", _("security", "Backups and travel"), "valise", "valise.ui.security.backups:BackupsSection"),
    Part("keys", _("security", "Keys that move on"), "key", "valise.ui.security.keys:KeysSection"),
    Part("evidence", _("security", "Evidence"), "file", "valise.ui.security.evidence:EvidenceSection"),
    Part("checks", _("security", "Checks"), "shield-check", "valise.ui.security.checks:ChecksSection"),
)


def shown() -> list[Part]:
    """The sections that are there."""
    return [one for one in PARTS if find_spec(one.factory.split(":")[0]) is not None]
