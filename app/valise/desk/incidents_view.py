"""What the window sees of an incident, out of what its operations come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from valise.desk import views
from valise.desk.door_incidents import IncidentRow, IncidentView, OfferView, Party, Place, Receipt, Said
from valise.domain.incident import ladder, rules
from valise.domain.incident.inside import Inside
from valise.domain.incident.ladder import Step, Timers
from valise.domain.incident.record import Incident, Line
from valise.vault.store import Handle

NOBODY = Party("", "?", "?")
DAY = ladder.DAY
_ACTS = ("acknowledge", "respond", "offer", "withdraw", "choose", "raise", "close", "reopen", "update")


def parties(handle: Handle) -> dict[str, Party]:
    """Every delegation we know, by id."""
    return {row[0]: Party(*row) for row in handle.rows("select id, code, name from delegation")}


def step_of(state: Incident, me: str, timers: Timers, now: int) -> Step | None:
    """Where an incident of ours stands on the ladder; None for one that another delegation opened."""
    return ladder.step(state, timers, now) if state.opener == me else None


def needs(state: Incident, me: str, step: Step | None) -> str:
    """What a person of ours has to do about it, or ""."""
    if state.closed:
        return ""
    if step is not None:
        if step.late:
            return "escalate"
        if not state.chosen and any(not one.withdrawn for one in state.offers):
            return "choose"
        return "close" if state.form.get("status") == "ended" else ""
    if all(who != me for who, _, _ in state.acknowledged):
        return "acknowledge"
    asked = set(state.form.get("requested_actions", ())) - {"confirm receipt", "none"}
    return "answer" if asked and me not in state.answered else ""


def row(state: Incident, me: str, known: Mapping[str, Party], step: Step | None, unseen: bool) -> IncidentRow:
    """One line of the list."""
    form = state.form
    return IncidentRow(
        state.id, state.room, state.title, str(form["message_type"]), state.exercise, state.opener == me,
        known.get(state.opener, NOBODY), str(form["tlp"]), str(form.get("national_marking", "")), state.tier,
        str(form["urgency"]), str(form["status"]), state.state, state.at, state.changed_at, unseen,
        needs(state, me, step), bool(step and step.late),
    )  # fmt: skip


def order(one: IncidentRow) -> tuple[bool, bool, bool, int, str]:
    """Open first, then what needs somebody, real ones before exercises, then the newest."""
    return (one.state == "closed", not one.needs, one.exercise, -one.changed_at, one.id)


def view(
    handle: Handle, state: Incident, *, me: str, shown: IncidentRow, place: Place | None, step: Step | None, inside: Inside,
    rights: Sequence[str],
) -> IncidentView:  # fmt: skip
    """All of one incident."""
    known = parties(handle)
    officers = dict(handle.rows("select id, officer from device"))
    held = files(handle, [name for line in state.lines for name in line.files])
    heard = {who: (at, role) for who, at, role in state.acknowledged}
    others = place.members if place is not None else tuple(known[one] for one in heard if one in known)
    receipts = tuple(
        Receipt(one, *heard.get(one.id, (0, "")), one.id in state.answered)
        for one in (*others, *((known[me],) if me in known else ()))
        if one.id != state.opener
    )
    mine = {*(one.device for one in inside.notes), *(one.device for one in inside.tasks), *(one.device for one in inside.passed)}
    return IncidentView(
        shown, place.title if place is not None else "", state.form,
        {key: tuple(value for _, value in values) for key, values in state.standing.items()}, state.differs, state.embargo,
        state.hash, tuple(_said(state, line, me, known, officers, held) for line in state.lines), receipts,
        tuple(
            OfferView(one.id, known.get(one.delegation, NOBODY), one.at, str(one.form["offer"]), str(one.form.get("capacity", "")),
                      one.delegation == me, _offered(one.chosen, one.withdrawn))
            for one in state.offers
        ),
        step, inside, {name: officers.get(name, "") for name in mine}, may(state, me, rights) if place is not None else frozenset(),
        place.members if place is not None else (),
    )  # fmt: skip


def may(state: Incident, me: str, rights: Sequence[str]) -> frozenset[str]:
    """What our delegation can do about it now, on this laptop."""
    if "speak" not in rights:
        return frozenset()
    offers = [one for one in state.offers if not one.withdrawn]
    if state.opener == me:
        found = {"update"}
        if state.closed:
            return frozenset(found | {"reopen"})
        found |= {"close"} | ({"raise"} if state.tier != "T3" else set())
        return frozenset(found | ({"choose"} if offers and "commit" in rights else set()))
    if all(who != me for who, _, _ in state.acknowledged):
        return frozenset({"acknowledge"} | (set() if state.closed else {"offer"}))
    found = {"respond"} | (set() if state.closed else {"offer"})
    return frozenset(found | ({"withdraw"} if any(one.delegation == me for one in offers) else set()))


def files(handle: Handle, names: Sequence[str]) -> dict[str, views.AttachmentView]:
    """What a list shows of files."""
    made = {}
    for name in names:
        found = handle.row("select id, name, media, size, chunks, have from attachment where id = ?", (name,))
        if found:
            made[name] = views.AttachmentView(found[0], found[1], found[2], found[3], found[4] == found[5])
    return made


def _said(
    state: Incident, line: Line, me: str, known: Mapping[str, Party], officers: Mapping[str, str],
    held: Mapping[str, views.AttachmentView],
) -> Said:  # fmt: skip
    return Said(
        line.id, line.kind, known.get(line.author, NOBODY), officers.get(line.device, ""), line.author == me, line.at,
        line.form, str(line.body.get("words", "")), str(line.body.get("tier", "")),
        tuple(held[name] for name in line.files if name in held), line.counts, rules.after_closure(state, line),
    )  # fmt: skip


def _offered(chosen: bool, withdrawn: bool) -> str:
    if withdrawn:
        return "withdrawn after it was chosen" if chosen else "withdrawn"
    return "chosen" if chosen else "open"


def due(state: Incident, me: str, known: Mapping[str, Party], step: Step | None, inside: Inside, now: int) -> list[views.Due]:
    """What of it needs a person. The last value is "exercise" for one, so that no sentence can leave it out."""
    mark = "exercise" if state.exercise else ""
    who = known.get(state.opener, NOBODY).name
    until = str(state.form.get("reply_requested_by", 0))
    made = []
    need = needs(state, me, step)
    if need == "acknowledge":
        made.append(views.Due("incidents", state.id, "incident.came", (state.title, who, mark), state.at))
    elif need == "answer":
        made.append(views.Due("incidents", state.id, "incident.answer", (state.title, who, until, mark), state.at))
    elif need == "escalate" and step is not None and step.proposes:
        made.append(views.Due("incidents", state.id, "incident.propose", (state.title, step.tier, step.proposes, mark), step.until))
    elif need == "escalate" and step is not None:
        made.append(views.Due("incidents", state.id, "incident.unanswered", (state.title, step.tier, mark), step.until))
    elif need == "choose":
        count = sum(not one.withdrawn for one in state.offers)
        made.append(views.Due("incidents", state.id, "incident.offers", (state.title, str(count), mark), state.changed_at))
    elif need == "close":
        made.append(views.Due("incidents", state.id, "incident.ended", (state.title, mark), state.changed_at))
    if not state.closed:
        made += [
            views.Due("incidents", state.id, "incident.task", (one.words[:160], state.title, mark), one.due)
            for one in inside.tasks if one.due and not one.done_at and one.due <= now + DAY
        ]  # fmt: skip
    return made
