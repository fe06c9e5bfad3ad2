"""Incidents of a fake door: five of them, one an exercise, one that nobody answered in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import fake_data as d
from fake_door import Part, recorded

from valise.desk import door_incidents as v
from valise.desk.views import AttachmentView, Changes
from valise.domain.errors import NotAllowed
from valise.domain.incident import form as forms
from valise.domain.incident import sharing, template
from valise.domain.incident.inside import Inside, Note, Task
from valise.domain.incident.ladder import HOUR, Step
from valise.ui.icons import resources

XA, XB, XG = (v.Party(d.delegation(code), code, d.NAMES[code]) for code in ("XA", "XB", "XG"))
OWN, LATE, THEIRS, DRILL, OVER = (d.ident(f"incident {name}") for name in ("own", "late", "theirs", "drill", "over"))
OFFER = d.ident("incident offer")
TITLES = {
    OWN: "Control stations of a water utility restart and lose their settings",
    LATE: "Certificates of a telephone network were copied",
    THEIRS: "Addresses in your territory scan hospital networks",
    DRILL: "Ferry terminals cannot sell tickets",
    OVER: "Mail gateway of a ministry sent copies outside",
}


def form(incident: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "message_type": "request for assistance" if incident == OWN else "notification", "exercise": int(incident == DRILL),
        "reference": "XA/2026/001" if incident in (OWN, LATE) else "XB/2026/014", "from_entry": "CSIRT, officer on duty",
        "to_entries": ["CSIRT or technical point of contact"], "tier": "T1", "urgency": "priority", "languages": "en",
        "tlp": "TLP:GREEN" if incident == DRILL else "TLP:AMBER", "attribution_disclaimer": 1, "title": TITLES[incident],
        "status": "ended" if incident == OVER else "ongoing", "sectors": ["water"] if incident == OWN else ["health"],
        "critical_infrastructure": "yes", "impact": "Two districts get water by tank lorry.",
        "description": "Control stations restart and lose their settings since 03:10 UTC.\nThe vendor's updates are not involved.",
        "requested_actions": ["information", "expert assistance"],
    }  # fmt: skip
    if incident == OWN:
        made["national_marking"] = "AURELIA CONFIDENTIAL"
        made["infrastructure_in_recipient_territory"] = [{"what": "192.0.2.7", "from": d.NOW - 9 * HOUR, "to": d.NOW - HOUR}]
    return made | more


def row(incident: str, **more: Any) -> v.IncidentRow:
    one, own = form(incident), incident in (OWN, LATE)
    made = v.IncidentRow(
        incident, d.rooms()[0].id, one["title"], one["message_type"], bool(one["exercise"]), own, XA if own else XB, one["tlp"],
        one.get("national_marking", ""), "T1", one["urgency"], one["status"],
        {OVER: "closed", OWN: "offered"}.get(incident, "sent"), d.NOW - 30 * HOUR, d.NOW - HOUR, incident == THEIRS,
        {OWN: "choose", LATE: "escalate", OVER: ""}.get(incident, "acknowledge"), incident == LATE,
    )  # fmt: skip
    return replace(made, **more)


def view(incident: str, one: v.IncidentRow) -> v.IncidentView:
    own, at = one.own, one.at
    shown = form(incident)
    lines = [v.Said(d.ident(f"line {incident} 1"), "incident.open", one.opener, "A. Officer", own, at, shown, "", "", (), True, False)]
    offers: tuple[v.OfferView, ...] = ()
    if incident == OWN:
        offered = {"offer": "Two experts and a clean image, from tomorrow.", "capacity": "yes", "tlp": "TLP:AMBER"}
        lines += [
            v.Said(d.ident("line ack"), "incident.acknowledge", XB, "B. Officer", False, at + HOUR,
                   {"ack": {"role": "CSIRT, officer on duty"}}, "", "", (), True, False),
            v.Said(OFFER, "incident.offer", XB, "B. Officer", False, at + 2 * HOUR, offered, "", "",
                   (AttachmentView(d.ident("file"), "image-notes.txt", "text/plain", 2_400, True),), True, False),
            v.Said(d.ident("line stray"), "incident.close", XG, "G. Officer", False, at + 3 * HOUR, {"outcome": "Over."}, "", "", (),
                   False, False),
        ]  # fmt: skip
        offers = (v.OfferView(OFFER, XB, at + 2 * HOUR, offered["offer"], "yes", False, "open"),)
    receipts = (v.Receipt(XB, at + HOUR if offers else 0, "CSIRT, officer on duty" if offers else "", bool(offers)), v.Receipt(XG, 0, "", False))
    inside = Inside(
        (Note(d.ident("note"), "Same pattern as the case of March.", "laptop", at),),
        (Task(d.ident("task"), "Ask the utility for its logs", "A. Officer", d.NOW + HOUR, "laptop", at, 0, ""),),
    ) if own else Inside()  # fmt: skip
    may = {"update", "choose", "raise", "close"} if own else {"acknowledge", "offer"}
    if one.state == "acknowledged":
        may = {"respond", "offer"}
    if one.state == "closed":
        may = {"update", "reopen"} if own else set()
    if not offers:
        may -= {"choose"}
    step = Step(one.tier, at, at + 24 * HOUR, False, True, "T2") if one.late else Step(one.tier, at, 0, True, False, "") if own else None
    return v.IncidentView(
        one, "Drafting group", shown, {key: (value,) for key, value in shown.items()}, frozenset(), 0, "ab12cd34" * 8,
        tuple(lines), receipts, offers, step, inside, {"laptop": "A. Officer"}, frozenset(may),
    )  # fmt: skip


class FakeIncidents(Part):
    part = "incidents"

    def __init__(self, desk: Any) -> None:
        super().__init__(desk)
        self.rows = {} if desk.empty else {one: row(one) for one in (THEIRS, LATE, OWN, DRILL, OVER)}
        self.kept: dict[str, v.Draft] = {}
        self.words = template.read((resources() / "reference" / "incident.toml").read_text("utf-8"))

    def _touch(self, *names: str) -> None:
        self.desk.touch(Changes(incidents=frozenset(names)))

    def template(self) -> template.Template:
        return self.words

    @recorded
    def places(self) -> list[v.Place]:
        if self.desk.empty:
            return []
        return [v.Place(d.rooms()[1].id, "Borovia", (XB,)), v.Place(d.rooms()[0].id, "Drafting group", (XB, XG))]

    @recorded
    def all(self) -> list[v.IncidentRow]:
        return list(self.rows.values())

    @recorded
    def one(self, incident: str) -> v.IncidentView:
        if incident not in self.rows:
            raise NotAllowed("incident.unknown")
        return view(incident, self.rows[incident])

    @recorded
    def seen(self, incident: str) -> None:
        self.rows[incident] = replace(self.rows[incident], unseen=False)
        self._touch(incident)

    @recorded
    def blank(self) -> dict[str, Any]:
        return {**forms.blank(), "reference": "XA/2026/002", "from_entry": "Delegate", "to_entries": ["CSIRT"]}

    @recorded
    def look(
        self, room: str, form: forms.Form, *, matter: str = "incident", embargo: int = 0, files: Sequence[str] = ()
    ) -> v.Leaving:
        place = next(one for one in self.places() if one.room == room)
        sharing.refuse_judicial(form, matter)
        sharing.to_group(form["tlp"], len(place.members) + 1)
        return v.Leaving(place, len(place.members), sharing.marked(form), bool(form.get("exercise")), form, (), embargo)

    @recorded
    def open(
        self, room: str, form: forms.Form, *, matter: str = "incident", embargo: int = 0, files: Sequence[str] = (), draft: str = ""
    ) -> str:
        made = d.ident(f"incident {len(self.rows)}")
        TITLES[made] = form["title"]
        self.rows = {made: row(made, own=True, opener=XA, exercise=bool(form["exercise"]), needs="", late=False), **self.rows}
        self.kept.pop(draft, None)
        self._touch(made)
        return made

    @recorded
    def update(self, incident: str, changes: forms.Form, files: Sequence[str] = ()) -> None:
        self._touch(incident)

    @recorded
    def acknowledge(self, incident: str, role: str) -> None:
        self.rows[incident] = replace(self.rows[incident], state="acknowledged", needs="answer")
        self._touch(incident)

    @recorded
    def respond(self, incident: str, answer: forms.Form, files: Sequence[str] = ()) -> None:
        self.rows[incident] = replace(self.rows[incident], state="answered", needs="")
        self._touch(incident)

    @recorded
    def offer(self, incident: str, offered: forms.Form, files: Sequence[str] = ()) -> None:
        self._touch(incident)

    @recorded
    def withdraw(self, incident: str, offer: str, words: str = "") -> None:
        self._touch(incident)

    @recorded
    def choose(self, incident: str, offers: Sequence[str], words: str = "") -> None:
        self.rows[incident] = replace(self.rows[incident], state="chosen")
        self._touch(incident)

    @recorded
    def raise_to(self, incident: str, tier: str, words: str = "") -> None:
        self.rows[incident] = replace(self.rows[incident], tier=tier, needs="", late=False)
        self._touch(incident)

    @recorded
    def close(self, incident: str, closing: forms.Form) -> None:
        self.rows[incident] = replace(self.rows[incident], state="closed", needs="", late=False)
        self._touch(incident)

    @recorded
    def reopen(self, incident: str, words: str) -> None:
        self._touch(incident)

    @recorded
    def send_on(self, incident: str, room: str, *, reason: str = "") -> str:
        return incident

    @recorded
    def note(self, incident: str, words: str, replaces: str = "") -> None:
        self._touch(incident)

    @recorded
    def task(self, incident: str, words: str, *, officer: str = "", due: int = 0, replaces: str = "") -> None:
        self._touch(incident)

    @recorded
    def done(self, incident: str, task: str, words: str = "") -> None:
        self._touch(incident)

    @recorded
    def strike(self, incident: str, what: str) -> None:
        self._touch(incident)

    @recorded
    def drafts(self) -> list[v.Draft]:
        return [one for one in self.kept.values() if "/" not in one.id]

    @recorded
    def draft(self, draft: str) -> v.Draft | None:
        return self.kept.get(draft)

    @recorded
    def save_draft(self, draft: v.Draft) -> str:
        name = draft.id or d.ident(f"draft {len(self.kept)}")
        self.kept[name] = replace(draft, id=name)
        self._touch(name)
        return name

    @recorded
    def drop_draft(self, draft: str) -> None:
        self.kept.pop(draft, None)
        self._touch(draft)

    @recorded
    def record(self, incident: str) -> bytes:
        return b"{}"

    @recorded
    def printed(self, incident: str, language: str = "en") -> bytes:
        return b"%PDF-1.4 EXERCISE"

    @recorded
    def stix(self, incident: str, *, reason: str = "") -> bytes:
        return b"{}"

    @recorded
    def save(self, path: Path, data: bytes) -> None:
        path.write_bytes(data)

    @recorded
    def read_stix(self, file: Path | bytes) -> v.Preview:
        made = {**self.blank(), "title": "From a bundle", "description": "Said by a bundle."}
        found = (v.Found("incident", "From a bundle", True), v.Found("indicator", "[file:name = 'x']", False))
        return v.Preview("token", "TLP:AMBER", False, found, 1, made)

    @recorded
    def take_stix(self, token: str) -> str:
        return self.save_draft(v.Draft("", form={**self.blank(), "title": "From a bundle"}))


__all__ = ["DRILL", "LATE", "OVER", "OWN", "THEIRS", "FakeIncidents"]
