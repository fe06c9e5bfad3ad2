"""Which page of the guide is about what is on the screen. Widgets are named by their class, so that nothing is imported for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtWidgets import QApplication, QWidget

from valise.ui.guide.book import CONTENTS

SCREENS: Final[Mapping[str, str]] = {
    "overview": "03-window", "texts": "09-propose", "commitments": "24-commitments", "contacts": "05-verify",
    "messages": "22-messages", "incidents": "27-incidents", "library": "15-agreed-language", "registers": "23-registers",
    "settings": "42-settings", "security": "34-first-steps",
}  # fmt: skip
# What fills a screen or a good part of it: the page while it is shown.
SHOWN: Final[Mapping[str, str]] = {
    "UnlockPage": "04-unlock-and-lock", "FirstRun": "01-start", "EnrolPage": "35-laptops", "PractisePage": "02-practise",
    "RecoverPage": "36-recovery", "RestorePage": "37-backups",
    "Verify": "05-verify", "DirectoryPage": "25-points-of-contact", "RoundsView": "26-pings", "ReachView": "26-pings",
    "AskedView": "26-pings", "LaptopsBanner": "07-changed",
    "StreamlineView": "18-streamline", "SeeingPage": "19-revisions", "StandingView": "10-positions", "JointPage": "14-statements",
    "FrozenStrip": "20-frozen", "CardEditor": "09-propose",
    "ReportPage": "27-incidents", "CalendarPage": "29-calendar", "PracticePage": "02-practise", "ExchangePage": "30-ways",
    "StepsSection": "34-first-steps", "HygieneSection": "34-first-steps", "UnlockingSection": "36-recovery",
    "LaptopsSection": "35-laptops", "BackupsSection": "37-backups", "KeysSection": "43-promise", "EvidenceSection": "41-evidence",
    "ChecksSection": "40-older-copy",
}  # fmt: skip
# What stands beside other things, or in a dialog: the page while the keyboard is in it.
INSIDE: Final[Mapping[str, str]] = {
    "InternalPane": "11-internal", "ReturnDialog": "12-second-officer", "ReleaseCard": "12-second-officer",
    "RevisionsPane": "19-revisions", "RevisionDialog": "19-revisions", "PassPenDialog": "17-pen", "PenBench": "17-pen",
    "OpenTextDialog": "08-open-a-text", "DecideDialog": "20-frozen", "SilenceStrip": "13-silence", "OpenSilence": "13-silence",
    "ExtendSilence": "13-silence", "BreakSilence": "13-silence", "CloseSilence": "13-silence", "SettleSilence": "13-silence",
    "OpenStatement": "14-statements", "OpenSponsors": "14-statements", "SignDialog": "14-statements",
    "PassagePicker": "15-agreed-language", "Agreed": "15-agreed-language", "ReturnedDialog": "16-files",
    "VouchDialog": "06-vouch", "CustodiansDialog": "06-vouch",
    "NewRoom": "21-rooms", "MembersPane": "21-rooms", "DeliveryPane": "22-messages",
    "GrantsPane": "32-relay", "AddressesPane": "32-relay", "JoinDialog": "32-relay", "LeaveDialog": "32-relay",
    "GiveDialog": "32-relay", "RevokeDialog": "32-relay", "CardDialog": "32-relay", "WipeDialog": "31-courier",
    "HowMany": "36-recovery", "SharesDialog": "36-recovery", "ShareSheets": "36-recovery", "RehearseDialog": "36-recovery",
    "AdmitDialog": "35-laptops", "RenewDialog": "35-laptops", "HandOverDialog": "35-laptops", "CeremonyDialog": "35-laptops",
    "JourneyDialog": "39-journey", "RestoredCard": "37-backups", "BackupDialog": "37-backups",
    "Opening": "26-pings", "Recording": "26-pings", "Nominating": "25-points-of-contact", "SayDialog": "28-assistance",
    "LeavingDialog": "27-incidents", "TakeDialog": "29-calendar", "KeysPage": "44-keys", "SearchPalette": "03-window",
}  # fmt: skip
# Two classes of one name: the module decides.
BY_MODULE: Final[Mapping[str, str]] = {
    "valise.ui.files.export": "16-files", "valise.ui.exchange.courier_export": "31-courier",
    "valise.ui.exchange.courier_import": "31-courier", "valise.ui.registers.exporting": "23-registers",
    "valise.ui.registers.importing": "23-registers", "valise.ui.security.laptops_acts": "35-laptops",
    "valise.ui.security.evidence_report": "41-evidence", "valise.ui.settings.newer": "42-settings",
    "valise.ui.settings.passing": "42-settings",
}  # fmt: skip
LOST: Final = "RevokeDialog", "valise.ui.security.laptops_acts", "38-lost-laptop"


def of_widget(widget: QWidget) -> str:
    """The page about this very widget, "" when there is none."""
    kind = type(widget)
    if (kind.__name__, kind.__module__) == LOST[:2]:
        return LOST[2]
    return BY_MODULE.get(kind.__module__) or SHOWN.get(kind.__name__) or INSIDE.get(kind.__name__) or ""


def here(window: QWidget, shown: QWidget) -> str:
    """The page about where the keyboard is in this window; else about what is to be seen in `shown`, a screen or page; else
    about that screen; else the contents."""
    at = QApplication.focusWidget()
    if at is None or (at is not window and not window.isAncestorOf(at)):
        at = window
    while at is not None:
        if found := of_widget(at):
            return found
        if at is window:
            break
        at = at.parentWidget()
    filled = [one for one in shown.findChildren(QWidget) if type(one).__name__ in SHOWN and one.isVisible()]
    if filled:
        return of_widget(max(filled, key=_depth))
    return SCREENS.get(type(shown).__name__.removesuffix("Screen").lower(), CONTENTS)


def _depth(widget: QWidget) -> int:
    """How far inside it is: the innermost says most."""
    depth, at = 0, widget.parentWidget()
    while at is not None:
        depth, at = depth + 1, at.parentWidget()
    return depth
