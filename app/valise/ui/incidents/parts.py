"""Parts of the page of an incident: what stands, the timeline, the ladder, who acknowledged, offers, what is inside."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from valise.desk.door_incidents import IncidentView, Said
from valise.domain.incident import form as forms
from valise.domain.incident.template import Template
from valise.ui import theme
from valise.ui.incidents import said
from valise.ui.language import colon, listed, translate
from valise.ui.text_safe import isolate
from valise.ui.widgets.badge import Pill
from valise.ui.widgets.buttons import Card, button, row
from valise.ui.widgets.flow import Flow, flowing
from valise.ui.widgets.labels import SafeLabel, Words, divider, heading, muted, named, small

_ORDER = ("incident", "request", "technical", "header", "marking")  # what it is about comes first
_PLAIN = frozenset((*forms.HEAD, "exercise", "message_type", "indicators"))


def card(name: str, parent: QWidget) -> Card:
    """A card with a heading, which is its name."""
    made = named(Card(parent), name)
    made.box.addWidget(heading(name, made))
    return made


def standing(one: IncidentView, words: Template, parent: QWidget) -> Card:
    """What stands, group by group; two values that differ stand both, with the sentence that a person settles it."""
    made = card(translate("incidents", "What is reported"), parent)
    if one.differs:
        keys = listed(isolate(said.label(words, key)) for key in sorted(one.differs))
        made.box.addWidget(
            Words(
                translate(
                    "incidents",
                    "Two laptops said different things, unseen by each other: {0}. The delegation that reported it settles it with an "
                    "update.",
                ).format(keys),
                "warn",
                made,
            )
        )
    for group in _ORDER:
        keys = [one_key for one_key in forms.KEYS if one_key.group == group and one_key.key not in _PLAIN and _there(one, one_key.key)]
        if not keys:
            continue
        made.box.addWidget(Words(words.groups[group].in_(said.language()), "strong", made))
        grid = QGridLayout()
        grid.setColumnMinimumWidth(0, 190)
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(theme.SPACE.l)
        for line, key in enumerate(keys):
            label = Words(said.label(words, key.key), "muted", made)
            label.setMaximumWidth(190)
            grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            values = [said.told(words, key.key, value) for value in one.standing.get(key.key, (one.form[key.key],))]
            shown = SafeLabel(f"\n{translate('incidents', 'or')}\n".join(dict.fromkeys(values)), "", made)
            if key.sort != "text":  # prose keeps its own side, a value stands beside its label
                shown.setAlignment(Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(shown, line, 1, Qt.AlignmentFlag.AlignTop)
        made.box.addLayout(grid)
    return made


def _there(one: IncidentView, key: str) -> bool:
    """Whether anything is said under a key; what was taken back is not."""
    values = one.standing.get(key, (one.form[key],) if key in one.form else ())
    moment = forms.BY_KEY[key].sort == "moment"
    return any(not forms.empty(value) and not (moment and not value) for value in values)


def timeline(
    one: IncidentView, words: Template, clock: Callable[[str, int], str], save: Callable[[str, str], object], parent: QWidget
) -> Card:
    """Who said what and when, in UTC, the local time beside; the same at every delegation."""
    made = card(translate("incidents", "Timeline"), parent)
    made.box.addWidget(
        small(
            translate(
                "incidents", "The same at every delegation in the room. Times are those of the laptop that said it."
            ),
            made,
        )
    )
    for line in one.timeline:
        made.box.addWidget(divider(made))
        made.box.addWidget(_entry(line, words, clock, save, made))
    return made


def _entry(
    line: Said, words: Template, clock: Callable[[str, int], str], save: Callable[[str, str], object], parent: QWidget
) -> QWidget:
    entry = QFrame(parent)
    column = QVBoxLayout(entry)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(3)
    who = (
        translate("incidents", "We ({officer})").format(officer=isolate(line.officer))
        if line.own
        else translate("incidents", "{name} ({code}), {officer}").format(
            name=isolate(line.by.name), code=line.by.code, officer=isolate(line.officer)
        )
    )
    sentence = f"{who} · {said.kind(line)}"
    there = "" if line.own else clock(line.by.code, line.at)
    when = f"{said.when(line.at)} · {there}" if there else said.when(line.at)
    column.addLayout(row(small(when, entry), None))
    head = Words(sentence, "strong", entry)
    column.addWidget(head)
    if not line.counts:
        column.addWidget(
            Words(
                translate(
                    "incidents", "This does not count: it is not for that delegation to say. It stays in the record."
                ),
                "warn",
                entry,
            )
        )
    if line.late:
        column.addWidget(
            Words(
                translate("incidents", "Not seen when the incident was closed: it was under way, or said afterwards."),
                "warn",
                entry,
            )
        )
    told = [] if line.kind == "incident.open" else [
        (key, value) for key, value in line.form.items() if key not in _PLAIN
    ]  # fmt: skip
    for key, value in told:
        column.addWidget(SafeLabel(f"{said.label(words, key)}{colon()}{said.told(words, key, value)}", "", entry))
    if line.words:
        column.addWidget(SafeLabel(line.words, "", entry))
    for file in line.files:
        name = file.name
        step = button(translate("incidents", "Save {0}…").format(isolate(name)).replace("&", "&&"), kind="quiet", icon="file", parent=entry)
        step.setEnabled(file.ready)
        step.clicked.connect(lambda _on=False, id=file.id, name=name: save(id, name))
        column.addLayout(row(step, small("" if file.ready else translate("incidents", "still under way"), entry), None))
    named(entry, f"{when}, {sentence}")
    return entry


def ladder(one: IncidentView, words: Template, now: int, climb: Callable[[str], object], parent: QWidget) -> Card:
    """The four channels, where it stands, the time that is left and what is proposed."""
    made = card(translate("incidents", "Channel and time"), parent)
    line = Flow(spacing=theme.SPACE.xs)
    here = forms.TIERS.index(one.row.tier)
    for place, tier in enumerate(forms.TIERS):
        chosen = place == here
        pill = Pill(("● " if chosen else "") + words.choice("tier", tier, said.language()), "",
                    "on_accent" if chosen else "muted", "accent_fill" if chosen else "neutral_soft", made)  # fmt: skip
        named(pill, translate("incidents", "{0}, it stands here").format(pill.text()) if chosen else pill.text())
        line.addWidget(pill)
    made.box.addLayout(line)
    if one.step is None:
        made.box.addWidget(muted(translate("incidents", "The delegation that reported it takes it higher."), made))
        until = one.form.get("reply_requested_by", 0)
        if until:
            made.box.addWidget(Words(translate("incidents", "A reply is requested by {0}.").format(isolate(said.when(until))), "", made))
        return made
    made.remaining = Words(said.ladder(one.step, now), "warn" if one.step.late else "", made)  # type: ignore[attr-defined]
    made.box.addWidget(made.remaining)  # type: ignore[attr-defined]
    if one.step.proposes and "raise" in one.may:
        tier = one.step.proposes
        made.box.addLayout(
            row(
                button(
                    translate("incidents", "Take it to {0}…").format(tier),
                    lambda: climb(tier),
                    kind="primary",
                    parent=made,
                ),
                None,
            )
        )
    return made


class Receipts(Card):
    """`tick(now)` follows the hour it is where nobody has acknowledged yet."""

    def __init__(self, clock: Callable[[str, int], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._clock = clock
        self.waiting: list[tuple[Words, str, str]] = []  # label, its words, State

    def tick(self, now: int) -> None:
        for label, text, state in self.waiting:
            there = self._clock(state, now)
            label.setText(f"{text} · {translate('incidents', 'now {0}').format(there)}" if there else text)


def receipts(one: IncidentView, clock: Callable[[str, int], str], now: int, parent: QWidget) -> Receipts:
    """Who acknowledged and who answered, with what an acknowledgement is not; who has not, with the hour it is there now."""
    made = named(Receipts(clock, parent), translate("incidents", "Acknowledgements"))
    made.box.addWidget(heading(translate("incidents", "Acknowledgements"), made))
    made.box.addWidget(
        muted(
            translate(
                "incidents",
                "An acknowledgement says that it was received. It accepts no fact and agrees with nothing (norm 13 (c)).",
            ),
            made,
        )
    )
    for receipt in one.receipts:
        who = isolate(f"{receipt.by.name} ({receipt.by.code})")
        if receipt.at:
            text = translate("incidents", "✓ {who}: {role}, {when}").format(
                who=who, role=isolate(receipt.role), when=isolate(said.when(receipt.at))
            )
        else:
            text = translate("incidents", "… {who}: not yet").format(who=who)
        if receipt.answered:
            text += " · " + translate("incidents", "answered")
        label = Words(text, "", made)
        if not receipt.at:
            made.waiting.append((label, text, receipt.by.code))
        made.box.addWidget(label)
    made.tick(now)
    return made


def offers(one: IncidentView, take_back: Callable[[str], object], parent: QWidget) -> Card:
    """What was offered, by whom, and what became of it."""
    made = card(translate("incidents", "Offers of assistance"), parent)
    signs = {"open": "○", "chosen": "✓", "withdrawn": "–", "withdrawn after it was chosen": "–"}
    for offer in one.offers:
        head = translate("incidents", "{sign} {who}: {state}").format(
            sign=signs[offer.state], who=isolate(f"{offer.by.name} ({offer.by.code})"), state=said.offered(offer.state)
        )
        made.box.addWidget(Words(head, "strong", made))
        made.box.addWidget(SafeLabel(offer.words, "", made))
        if offer.own and offer.state in ("open", "chosen") and "withdraw" in one.may:
            step = button(translate("incidents", "Take it back…"), kind="quiet", parent=made)
            step.clicked.connect(lambda _on=False, id=offer.id: take_back(id))
            made.box.addLayout(row(step, None))
    return made


def inside(
    one: IncidentView, now: int, done: Callable[[str], object], strike: Callable[[str], object], add: list[QWidget], parent: QWidget
) -> Card:
    """Tasks and notes of our own delegation, and what was sent on; none of it leaves."""
    made = card(translate("incidents", "Inside our delegation"), parent)
    made.box.addWidget(muted(translate("incidents", "Only your own delegation's laptops have this. It never leaves."), made))
    made.box.addLayout(flowing(*add))
    for task in one.inside.tasks:
        sign = "✓" if task.done_at else "!" if task.due and task.due < now else "○"
        facts = [
            isolate(task.officer) if task.officer else "",
            translate("incidents", "due {0}").format(isolate(said.when(task.due)))
            if task.due and not task.done_at
            else "",
            translate("incidents", "done {0}").format(isolate(said.when(task.done_at))) if task.done_at else "",
            isolate(task.answer) if task.answer else "",
        ]
        made.box.addWidget(divider(made))
        made.box.addWidget(SafeLabel(f"{sign} {task.words}", "strong", made))
        made.box.addWidget(Words(" · ".join(part for part in facts if part), "small", made))
        steps: list[QWidget | None] = []
        if not task.done_at:
            end = button(translate("incidents", "Done…"), kind="quiet", icon="check", parent=made)
            end.clicked.connect(lambda _on=False, id=task.id: done(id))
            gone = button(translate("incidents", "No longer holds"), kind="quiet", parent=made)
            gone.clicked.connect(lambda _on=False, id=task.id: strike(id))
            steps = [end, gone]
        made.box.addLayout(row(*steps, None))
    for note in one.inside.notes:
        made.box.addWidget(divider(made))
        made.box.addWidget(SafeLabel(note.words, "", made))
        made.box.addWidget(Words(f"{isolate(one.officers.get(note.device, ''))} · {isolate(said.when(note.at))}", "small", made))
        gone = button(translate("incidents", "No longer holds"), kind="quiet", parent=made)
        gone.clicked.connect(lambda _on=False, id=note.id: strike(id))
        made.box.addLayout(row(gone, None))
    for passed in one.inside.passed:
        made.box.addWidget(divider(made))
        text = translate("incidents", "Sent on: {where}, {when}").format(where=isolate(passed.where), when=isolate(said.when(passed.at)))
        made.box.addWidget(Words(text, "", made))
        if passed.until:
            made.box.addWidget(
                SafeLabel(
                    translate("incidents", "Before the embargo ended ({0}), because: {1}").format(
                        said.when(passed.until), passed.reason
                    ),
                    "warn",
                    made,
                )
            )
    return made
