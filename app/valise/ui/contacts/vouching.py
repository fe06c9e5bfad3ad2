"""Vouching: whose word counts here, and to whom we give ours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from valise.desk.trust_views import Custodians, Story
from valise.desk.views import ContactView
from valise.domain.vouch import usual
from valise.ui import theme
from valise.ui.language import translate
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.asking import Asking
from valise.ui.widgets.buttons import button, row
from valise.ui.widgets.labels import Words, named


class Ticks(QWidget):
    """Delegations to tick, by id. `changed` when one was."""

    changed = Signal()

    def __init__(self, contacts: Sequence[ContactView], ticked: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.SPACE.s)
        self.boxes: dict[str, QCheckBox] = {}
        for one in contacts:
            words = clean(f"{one.code} {one.name}", lines=False)
            tick = named(QCheckBox(isolate(words).replace("&", "&&"), self), words)
            tick.setChecked(one.id in ticked)
            tick.toggled.connect(lambda _on: self.changed.emit())
            self.boxes[one.id] = tick
            box.addWidget(tick)
        box.addStretch(1)

    def chosen(self) -> tuple[str, ...]:
        return tuple(one for one, tick in self.boxes.items() if tick.isChecked())


class _Choosing(Asking):
    """A heading, sentences, delegations to tick, two buttons."""

    def __init__(self, parent: QWidget, name: str, sentences: Sequence[str], contacts: Sequence[ContactView],
                 ticked: Sequence[str], do_it: str, none: str) -> None:  # fmt: skip
        super().__init__(parent)
        self.setModal(True)
        self.begin(name)
        for one in sentences:
            self.say(one, "")
        self.ticks = Ticks(contacts, ticked, self)
        if contacts:
            scroll = QScrollArea(self)
            scroll.setWidgetResizable(True)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setMinimumHeight(min(280, 34 * len(contacts) + 8))
            scroll.setWidget(self.ticks)
            self.column.addWidget(scroll, 1)
        else:
            self.ticks.hide()
            self.say(none, "warn")
        self.more = QVBoxLayout()
        self.column.addLayout(self.more)
        self.leave = button(translate("contacts", "Leave as it is"), self.reject, kind="quiet", parent=self)
        self.do_it = button(do_it, self.accept, kind="primary", parent=self)
        self.end(self.leave, self.do_it)
        first = next(iter(self.ticks.boxes.values()), None)
        (first or self.leave).setFocus()


class CustodiansDialog(_Choosing):
    """`chosen(ids, needed)` when it was confirmed."""

    chosen = Signal(tuple, int)

    def __init__(self, parent: QWidget, contacts: Sequence[ContactView], now: Custodians) -> None:
        could = [one for one in contacts if one.id in {*now.verified, *now.chosen}]
        super().__init__(
            parent, translate("contacts", "Whose word counts"),
            (
                translate("contacts", "Custodians are delegations you compared with in person. When enough of them vouch for the very identity "
                   "you hold of another delegation, it counts as vouched for."),
                translate("contacts", "Their word never replaces comparing, and the word of a delegation that is only vouched for never counts. "
                   "Nobody is told whom you choose. It holds for this laptop."),
            ),
            could, now.chosen, translate("contacts", "Choose these"),
            translate("contacts", "No delegation has been compared on this laptop yet. Compare with some first."),
        )  # fmt: skip
        self.needed = named(QSpinBox(self), translate("contacts", "How many of them have to agree"))
        self.needed.setRange(2, max(2, len(now.chosen)))
        self.needed.setValue(now.needed)
        self.of = Words("", parent=self)
        line = row(Words(translate("contacts", "Have to agree:"), parent=self), self.needed, self.of)
        line.setStretch(2, 1)
        self.more.addLayout(line)
        self.ticks.changed.connect(self._counted)
        self.accepted.connect(lambda: self.chosen.emit(self.ticks.chosen(), self.needed.value()))
        self._look()

    def _counted(self) -> None:
        count = len(self.ticks.chosen())
        self.needed.setRange(2, max(2, count))
        self.needed.setValue(usual(count))
        self._look()

    def _look(self) -> None:
        count = len(self.ticks.chosen())
        self.needed.setEnabled(count > 2)
        said = translate("contacts", "of %n custodians", None, count)
        if count == 1:
            said = translate("contacts", "One word alone is never enough: choose two or more, or none.")
        elif not count:
            said = translate("contacts", "Nobody's word counts.")
        self.of.setText(said)
        self.do_it.setEnabled(count != 1)


class VouchDialog(_Choosing):
    """`told(to, taken_back)`: ids of delegations to tell, and of those from whom our word is taken back."""

    told = Signal(tuple, tuple)

    def __init__(self, parent: QWidget, about: ContactView, others: Sequence[ContactView], story: Story) -> None:
        who = isolate(f"{about.code} {about.name}")
        super().__init__(
            parent, translate("contacts", "Vouch for {who}").format(who=who),
            (
                translate("contacts", "Each delegation you tick is told, signed by you and for good, that you have compared with {who}: its "
                   "identity, the number of its card, how and when.").format(who=who),
                translate("contacts", "It learns that you are in touch with {who}. {who} is not told, nor is anybody else. Without the tick, "
                   "your word is taken back.").format(who=who),
            ),
            [one for one in others if one.id != about.id], story.to, translate("contacts", "Sign and tell"),
            translate("contacts", "There is no other delegation to tell."),
        )  # fmt: skip
        self._before = set(story.to)
        self.accepted.connect(self._say)

    def _say(self) -> None:
        now = self.ticks.chosen()
        self.told.emit(now, tuple(sorted(self._before - set(now))))
