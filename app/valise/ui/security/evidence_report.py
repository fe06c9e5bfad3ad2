"""The report on an evidence file as a page to read: the verdict, what is proved, what still has to be known, what is not proved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from valise.desk.door_evidence import Report
from valise.ui import icons, theme
from valise.ui.language import colon, listed, translate
from valise.ui.security import evidence_said as said
from valise.ui.text_safe import isolate
from valise.ui.widgets.buttons import row
from valise.ui.widgets.labels import SafeLabel, Words, heading, named, small
from valise.ui.widgets.times import moment

MOST = 60  # of one kind of line; a file can hold a thousand texts


def when(at: int) -> str:
    """A time with its year: what is read here is kept, and "today" would mean nothing."""
    return moment(at, 1)


class ReportPage(QWidget):
    """`show_report` replaces what was shown; empty and hidden before the first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._inner: QWidget | None = None
        self.verdict = ""
        named(self, self.tr("Result of the check"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    def show_report(self, report: Report, name: str) -> None:
        """The report on the file called `name`."""
        if self._inner is not None:
            self._outer.removeWidget(self._inner)
            self._inner.hide()
            self._inner.setParent(None)
            self._inner.deleteLater()
        self._inner = inner = QWidget(self)
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(theme.SPACE.s)
        if report["sound"]:
            self._sound(report, name)
        else:
            self.verdict = self.tr("{0} is NOT sound. Do not rely on it.").format(isolate(name))
            self._signed("shield-alert", "bad", self.verdict, "strong")
            self._signed("cross-circle", "bad", said.bad(report["bad"]), "error")
            self._box.addWidget(small(self.tr("This is the first entry that does not hold; others may follow."), inner))
        self._outer.addWidget(inner)
        self.setAccessibleDescription(self.verdict)
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def clear(self) -> None:
        """Nothing was checked."""
        self.hide()

    # the parts

    def _sound(self, report: Report, name: str) -> None:
        file, room = report["file"], report["room"]
        names = {one["id"]: f"{one['code']} {one['name']}".strip() for one in report["delegations"]}
        self.verdict = self.tr("{0} is sound: every entry verifies.").format(isolate(name))
        self._signed("check-circle", "good", self.verdict, "strong")
        if file["audience"] == "own archive":
            self._signed("warning", "warn", self.tr("Own archive of an internal room: not to be handed to anybody."), "warn")
        self._pair(self.tr("Room"), room["title"])
        self._pair(self.tr("Written by"), f"{names.get(file['delegation'], '?')}, {when(file['made_at'])}")
        self._pair(self.tr("Entries"), str(file["operations"]))
        self._pair(self.tr("SHA-256"), file["sha256"], mono=True)
        self._heading(self.tr("What is proved"))
        self._pair(self.tr("Members"), listed(names.get(one, one) for one in room["members"]))
        if room["gone"]:
            self._pair(self.tr("No longer members"), listed(names.get(one, one) for one in room["gone"]))
        for one in self._few(report["delegations"]):
            self._delegation(one)
        for text in self._few(report["texts"]):
            self._text(text, names)
        for statement in self._few(report["joint"]):
            self._statement(statement, names)
        if report["messages"]["sent"]:
            self._line(self.tr("Messages for the record: {0}.").format(report["messages"]["sent"]))
        if report["doubts"]:
            self._heading(self.tr("What verifies and still has to be known"))
            for doubt in self._few(report["doubts"]):
                self._signed("warning", "warn", said.doubt(doubt, names), "")
        self._heading(self.tr("What is not proved"))
        for sentence in said.NOT_PROVED:
            self._signed("info", "muted", translate("evidence", sentence), "")

    def _delegation(self, one: dict[str, Any]) -> None:
        self._part(f"{one['code']} {one['name']}".strip())
        digits = one["fingerprint"]
        self._pair(self.tr("Fingerprint"), " ".join(digits[at : at + 8] for at in range(0, len(digits), 8)), mono=True)
        for device in self._few(one["devices"]):
            who = f"{device['officer']}, {device['role']}" if device["role"] else device["officer"]
            self._pair(self.tr("Laptop of"), who)
            self._line(self.tr("Certified from {0} to {1}.").format(
                when(device["not_before"]), when(device["not_after"])
            ))  # fmt: skip
            if device["revoked_at"]:
                self._signed("warning", "warn", self.tr("Revoked {0}.").format(when(device["revoked_at"])), "warn")
            whole = device["complete"] or not device["upto"]
            self._signed("check-circle" if whole else "warning", "good" if whole else "warn", said.log(device), "")
            for twice in device["twice"][:5]:
                self._signed("warning", "bad", self.tr("Two histories at {0}: {1}").format(
                    twice[0], listed(isolate(str(each)) for each in twice[1])), "error")  # fmt: skip
            if "seq" in device["checkpoint"]:
                self._line(self.tr("Checkpoint with both signature algorithms: everything up to {0}.").format(
                    device["checkpoint"]["seq"]))  # fmt: skip

    def _text(self, text: dict[str, Any], names: dict[str, str]) -> None:
        self._part(text["title"])
        for one in self._few(text["revisions"]):
            self._pair(self.tr("Revision"), f"{one['symbol']}, {names.get(one['by'], '?')}")
            self._pair(self.tr("SHA-256 of its words"), one["text_hash"], mono=True)
            right = one["words"] == "same"
            wrong = one["words"] == "differ"
            self._signed("check-circle" if right else "warning", "good" if right else "bad" if wrong else "warn",
                         said.words(one["words"]), "error" if wrong else "")  # fmt: skip
            confirmed = listed(isolate(names.get(each, each)) for each in one["confirmed_by"]) or self.tr("nobody")
            self._line(self.tr("Confirmed by {0}.").format(confirmed))
            if one["contradicted_by"]:
                others = listed(isolate(names.get(each, each)) for each in one["contradicted_by"])
                self._signed("warning", "warn", self.tr("Contradicted by {0}.").format(others), "warn")
        for one in self._few(text["agreed"]):
            self._pair(self.tr("Agreed") if one["status"] != "closed" else self.tr("Closed"), f"{one['label']}: {one['words']}")

    def _statement(self, one: dict[str, Any], names: dict[str, str]) -> None:
        self._part(one["title"])
        self._pair(self.tr("SHA-256 that is signed on to"), one["hash"], mono=True)
        for each in self._few(one["signs"]):
            self._line(f"{isolate(names.get(each['delegation'], '?'))}{colon()}{said.sign(each['state'])}")

    # lines

    def _few(self, some: list[Any]) -> Iterable[Any]:
        """At most MOST; the rest is counted."""
        yield from some[:MOST]
        if len(some) > MOST:
            self._line(self.tr("And {0} more: the command valise verify shows them all.").format(len(some) - MOST))

    def _heading(self, words: str) -> None:
        line = QFrame(self._inner)
        line.setFrameShape(QFrame.Shape.HLine)
        line.setObjectName("divider")
        self._box.addWidget(line)
        self._box.addWidget(heading(words, self._inner))

    def _part(self, name: str) -> None:
        """A name from the file that what follows is about."""
        self._box.addSpacing(theme.SPACE.s)
        self._box.addWidget(SafeLabel(name, "strong", self._inner))

    def _line(self, words: str) -> None:
        self._box.addWidget(Words(words, "", self._inner))

    def _pair(self, name: str, value: str, *, mono: bool = False) -> None:
        """Our word, then words from the file."""
        label = Words(name, "muted", self._inner)
        label.setFixedWidth(150)
        shown = SafeLabel(value, "mono" if mono else "", self._inner)
        if mono:
            shown.setFont(theme.font(mono=True))
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line = row(label, shown)
        line.setAlignment(label, Qt.AlignmentFlag.AlignTop)
        line.setAlignment(shown, Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        self._box.addLayout(line)

    def _signed(self, icon: str, token: str, words: str, role: str) -> None:
        """A sign and words, never a colour alone."""
        sign = QLabel(self._inner)
        sign.setFixedSize(18, 18)
        icons.bind(sign, icon, token, 18)
        label = Words(words, role, self._inner)
        line = row(sign, label)
        line.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
        line.setStretch(1, 1)
        self._box.addLayout(line)
