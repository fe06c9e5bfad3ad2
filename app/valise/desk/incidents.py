"""Incidents and requests for assistance: reporting, answering, the ladder, what stays inside, drafts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from valise import settings as declared
from valise.desk import incidents_view as shown
from valise.desk import roster as rosters
from valise.desk import views
from valise.desk.context import Context
from valise.desk.door_incidents import Draft, IncidentRow, IncidentView, Leaving, Party, Place
from valise.desk.incidents_files import FilesOfIncidents
from valise.desk.incidents_fold import FoldsOfIncidents
from valise.desk.messages import MessagesDesk
from valise.desk.rooms import RoomsDesk
from valise.domain.errors import NotAllowed
from valise.domain.incident import form as forms
from valise.domain.incident import inside as within
from valise.domain.incident import ladder, rules, sharing, template
from valise.domain.incident.form import Form
from valise.domain.incident.record import Incident
from valise.domain.message import attachment_id
from valise.vault import incidents as rows
from valise.vault.append import RECORD, Touched
from valise.vault.store import Handle, Tx

Body = dict[str, Any]
_ON = ("title", "status", "first_observed", "sectors", "critical_infrastructure", "severity", "impact", "description",
       "infrastructure_in_recipient_territory", "evidence_preserved", "urgency", "reply_requested_by")  # fmt: skip


class IncidentsDesk(FilesOfIncidents, FoldsOfIncidents):
    """The door's Incidents."""

    def __init__(self, context: Context, rooms: RoomsDesk, messages: MessagesDesk) -> None:
        FilesOfIncidents.__init__(self)
        FoldsOfIncidents.__init__(self)
        self.context = context
        self.rooms = rooms
        self.messages = messages
        self._template: template.Template | None = None

    # looking

    def template(self) -> template.Template:
        """The words of the form. Damaged("incident.template")."""
        if self._template is None:
            file = resources.files("valise.resources") / "reference" / "incident.toml"
            self._template = template.read(file.read_text("utf-8"))
        return self._template

    def places(self) -> list[Place]:
        """Rooms in which we can report, those of two first."""
        with self.context.read() as handle:
            known = shown.parties(handle)
            ids = [row[0] for row in handle.rows("select id from room where kind != 'internal' order by kind, n")]
            made = [self._place(handle, one, known) for one in ids if self.context.own.may_send(one)]
        return [one for one in made if one is not None and one.members]

    def all(self) -> list[IncidentRow]:
        """Open first, what needs somebody before the rest, then the newest."""
        with self.context.read() as handle:
            known, timers, now = shown.parties(handle), self._timers(handle), self.context.clock.now()
            seen, look = dict(handle.rows("select incident, upto from incident_seen")), self.taken(handle)
            made = []
            for name in rows.opened(handle):
                state = self.fold(handle, name, look)
                if state is not None:
                    unseen = look.marks[name, False][1] > seen.get(name, 0)
                    made.append(shown.row(state, self._me, known, shown.step_of(state, self._me, timers, now), unseen))
        return sorted(made, key=shown.order)

    def one(self, incident: str) -> IncidentView:
        """NotAllowed("incident.unknown")."""
        with self.context.read() as handle:
            state, known = self.state(handle, incident), shown.parties(handle)
            step = shown.step_of(state, self._me, self._timers(handle), self.context.clock.now())
            row = shown.row(state, self._me, known, step, False)
            return shown.view(
                handle, state, me=self._me, shown=row, place=self._place(handle, state.room, known), step=step,
                inside=self.inside(handle, incident), rights=self.context.own.rights,
            )  # fmt: skip

    def seen(self, incident: str) -> None:
        """It was shown. Stays on this laptop."""
        with self.context.write() as tx:
            top = rows.mark(tx, incident)[1]
            if top > tx.value("select upto from incident_seen where incident = ?", (incident,), 0):
                tx.run("insert or replace into incident_seen(incident, upto) values (?,?)", (incident, top))
                self.context.touch(Touched(incidents={incident}))

    def due(self) -> list[views.Due]:
        """What needs a person, across all incidents."""
        with self.context.read() as handle:
            known, timers, now = shown.parties(handle), self._timers(handle), self.context.clock.now()
            made: list[views.Due] = []
            look = self.taken(handle)
            for name in rows.opened(handle):
                state = self.fold(handle, name, look)
                if state is not None and not state.closed:
                    step = shown.step_of(state, self._me, timers, now)
                    made += shown.due(state, self._me, known, step, self.inside(handle, name, look), now)
        return made

    def hit(self, handle: Handle, op: str) -> tuple[str, str]:
        """The incident a search hit leads to, and the title of that incident."""
        incident = rows.incident_of(handle, op)
        state = self.fold(handle, incident) if incident else None
        if state is None:
            return incident, ""
        return incident, f"{EXERCISE} {state.title}" if state.exercise else state.title

    # reporting

    def blank(self) -> Body:
        """A form with what can be known."""
        who = self.template().tiers["T1"].who.in_("en")
        with self.context.read() as handle:
            return {**forms.blank(), "reference": self._reference(handle), "from_entry": self._role, "to_entries": [who]}

    def look(
        self, room: str, form: Form, *, matter: str = "incident", embargo: int = 0, files: Sequence[str] = ()
    ) -> Leaving:
        """What `open` would send. Raises what it would raise."""
        with self.context.read() as handle:
            place, roster = self._place(handle, room, shown.parties(handle)), rosters.of(self.context, handle, room)
            if place is None or roster is None or not place.members:
                raise NotAllowed("incident.place", "nobody can be told there")
            body = self._opening(handle, place, form, matter, embargo, files)
            held = shown.files(handle, files)
        return Leaving(
            place, sum(one.delegation != self._me for one in roster.devices), sharing.marked(body["form"]),
            bool(body["form"]["exercise"]), body["form"], tuple(held.values()), embargo,
        )  # fmt: skip

    def open(
        self, room: str, form: Form, *, matter: str = "incident", embargo: int = 0, files: Sequence[str] = (), draft: str = ""
    ) -> str:
        """Report it; drops the draft."""
        with self.context.write() as tx:
            place = self._place(tx, room, shown.parties(tx))
            if place is None or not place.members:
                raise NotAllowed("incident.place", "nobody can be told there")
            made = self._say(tx, room, "incident.open", self._opening(tx, place, form, matter, embargo, files))
            if draft:
                tx.run("delete from incident_draft where id = ?", (draft,))
        return made

    def update(self, incident: str, changes: Form, files: Sequence[str] = ()) -> None:
        """Correct or add; what stood before stays in the record."""
        self._act(incident, "incident.update", lambda tx, state: rules.update(
            state, self._me, self._indicated(changes, state, files), self._head(tx, state), members=self._members(tx, state.room),
            files=self._params(tx, state.room, files)))  # fmt: skip

    def acknowledge(self, incident: str, role: str) -> None:
        """Receipt alone: accepts no fact, agrees with nothing (norm 13 (c))."""
        self._act(incident, "incident.acknowledge", lambda tx, state: rules.acknowledge(
            state, self._me, self._head(tx, state), role.strip() or self._role))  # fmt: skip

    def respond(self, incident: str, answer: Form, files: Sequence[str] = ()) -> None:
        """Answer. NotAllowed("incident.acknowledge-first" | "incident.no-reason" | "incident.marking" | ...)."""
        self._act(incident, "incident.respond", lambda tx, state: rules.respond(
            state, self._me, self._head(tx, state, answer), _own(answer), self._params(tx, state.room, files)))  # fmt: skip

    def offer(self, incident: str, offered: Form, files: Sequence[str] = ()) -> None:
        """Offer assistance."""
        self._act(incident, "incident.offer", lambda tx, state: rules.offer(
            state, self._me, self._head(tx, state, offered), _own(offered), self._params(tx, state.room, files)))  # fmt: skip

    def withdraw(self, incident: str, offer: str, words: str = "") -> None:
        self._act(incident, "incident.withdraw", lambda _tx, state: rules.withdraw(state, self._me, offer, words))

    def choose(self, incident: str, offers: Sequence[str], words: str = "") -> None:
        self._act(incident, "incident.choose", lambda _tx, state: rules.choose(state, self._me, offers, words))

    def raise_to(self, incident: str, tier: str, words: str = "") -> None:
        self._act(incident, "incident.raise", lambda _tx, state: rules.raise_to(state, self._me, tier, words))

    def close(self, incident: str, closing: Form) -> None:
        self._act(incident, "incident.close", lambda tx, state: rules.close(
            state, self._me, self._head(tx, state, closing), _own(closing)))  # fmt: skip

    def reopen(self, incident: str, words: str) -> None:
        self._act(incident, "incident.reopen", lambda _tx, state: rules.reopen(state, self._me, words))

    def send_on(self, incident: str, room: str, *, reason: str = "") -> str:
        """Report it in another room, in our name, with its markings; the internal room keeps when and why."""
        with self.context.write() as tx:
            state = self.state(tx, incident)
            place = self._place(tx, room, shown.parties(tx))
            if place is None or not place.members or room == state.room:
                raise NotAllowed("incident.place", "nobody else can be told there")
            sharing.send_on(state.form, own=state.opener == self._me, members=len(place.members) + 1)
            held = sharing.embargo(state.embargo, self.context.clock.now(), reason)
            names = [self._again(room, name) for name in state.lines[0].files]
            form = {**self.blank(), **sharing.carried_on(state.form, _ON), "exercise": int(state.exercise)}
            form |= {"message_type": "notification", "requested_actions": ["confirm receipt"]}
            form["languages"] = forms.repeated("languages", state.form["languages"], form["languages"])
            body = self._opening(tx, place, form, "incident", state.embargo, names)
            made = self._say(tx, room, "incident.open", body, names)
            self._inside(tx, "incident.passed", {
                "incident": incident, "made": made, "where": place.title[:200], "until": held.until, "reason": held.reason,
            })  # fmt: skip
        return made

    # inside our delegation

    def note(self, incident: str, words: str, replaces: str = "") -> None:
        with self.context.write() as tx:
            self.state(tx, incident)
            self._inside(tx, "incident.note", within.note(incident, words, replaces))

    def task(self, incident: str, words: str, *, officer: str = "", due: int = 0, replaces: str = "") -> None:
        with self.context.write() as tx:
            self.state(tx, incident)
            self._inside(tx, "incident.task", within.task(incident, words, officer, due, replaces))

    def done(self, incident: str, task: str, words: str = "") -> None:
        """NotAllowed("incident.task") when there is none, or it is done."""
        with self.context.write() as tx:
            if not any(one.id == task and not one.done_at for one in self.inside(tx, incident).tasks):
                raise NotAllowed("incident.task", "there is no such task, or it is done")
            self._inside(tx, "incident.done", {"incident": incident, "task": task, "words": words.strip()[:2_000]})

    def strike(self, incident: str, what: str) -> None:
        """A note or a task no longer holds; the record keeps it. NotAllowed("incident.task")."""
        with self.context.write() as tx:
            held = self.inside(tx, incident)
            if what not in {*(one.id for one in held.notes), *(one.id for one in held.tasks)}:
                raise NotAllowed("incident.task", "there is no such note or task")
            self._inside(tx, "incident.strike", {"incident": incident, "what": what})

    # drafts

    def drafts(self) -> list[Draft]:
        """Reports being written, the newest first; what is being said about an incident is found by `draft`."""
        with self.context.read() as handle:
            found = handle.rows("select * from incident_draft where instr(id, '/') = 0 order by saved_at desc, id")
        return [_draft(*row) for row in found]

    def draft(self, draft: str) -> Draft | None:
        """One of them, None where there is none."""
        with self.context.read() as handle:
            row = handle.row("select * from incident_draft where id = ?", (draft,))
        return _draft(*row) if row else None

    def save_draft(self, draft: Draft) -> str:
        """Keep it; returns its id."""
        name = draft.id or self.context.entropy(16).hex()
        body = {"form": dict(draft.form), "matter": draft.matter, "embargo": draft.embargo, "files": list(draft.files)}
        with self.context.write() as tx:
            tx.run(
                "insert or replace into incident_draft(id, room, body, saved_at) values (?,?,?,?)",
                (name, draft.room, json.dumps(body, ensure_ascii=False, sort_keys=True), self.context.clock.now()),
            )
            self.context.touch(Touched(incidents={name}))
        return name

    def drop_draft(self, draft: str) -> None:
        with self.context.write() as tx:
            tx.run("delete from incident_draft where id = ?", (draft,))
            self.context.touch(Touched(incidents={draft}))

    # saying

    @property
    def _me(self) -> str:
        return self.context.own.delegation

    @property
    def _role(self) -> str:
        return (self.context.own.role or self.context.own.name)[:200]

    def _act(self, incident: str, kind: str, build: Callable[[Tx, Incident], Body]) -> None:
        with self.context.write() as tx:
            state = self.state(tx, incident)
            self._say(tx, state.room, kind, build(tx, state))

    def _say(self, tx: Tx, room: str, kind: str, body: Body, files: Sequence[str] = ()) -> str:
        made = self.context.author(tx, room, kind, body, klass=RECORD).op.id
        for one in files or [held["id"] for held in body.get("files", ())]:
            tx.run("insert or ignore into chunk_out(attachment, room, next) values (?,?,0)", (one, room))
        return made

    def _inside(self, tx: Tx, kind: str, body: Body) -> None:
        self.context.author(tx, self.rooms.internal(), kind, body, klass=RECORD)

    def _opening(
        self, handle: Handle, place: Place, form: Form, matter: str, embargo: int, files: Sequence[str]
    ) -> Body:
        held = self._params(handle, place.room, files)
        made = {**form, "indicators": list(files)} if files else {key: one for key, one in form.items() if key != "indicators"}
        return rules.opened(made, members=len(place.members) + 1, matter=matter, embargo=embargo, files=held)

    def _indicated(self, changes: Form, state: Incident, files: Sequence[str]) -> Form:
        if not files:
            return changes
        return {**changes, "indicators": [*state.form.get("indicators", ()), *files][-20:]}

    def _params(self, handle: Handle, room: str, files: Sequence[str]) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = [self.messages._params(handle, one) for one in files]
        if any(one["id"] != attachment_id(room, one) for one in found):
            raise NotAllowed("attachment.other_room")
        return found

    def _again(self, room: str, name: str) -> str:
        """A file sealed once more, for another room. NotYet("attachment.incomplete")."""
        return self.messages.attach(room, self.messages.attachment_view(name).name, self.messages.attachment(name)).id

    def _members(self, handle: Handle, room: str) -> int:
        state = self.context.record.room(handle, room)
        return len(state.members) if state is not None else 0

    def _place(self, handle: Handle, room: str, known: Mapping[str, Party]) -> Place | None:
        """The room, where we are a member of it."""
        state = self.context.record.room(handle, room)
        if state is None or state.kind == "internal" or self._me not in state.members:
            return None
        others = tuple(known.get(one, Party(one, "?", "?")) for one in state.members if one != self._me)
        return Place(room, state.title or ", ".join(one.name for one in others), others)

    def _head(self, handle: Handle, state: Incident, said: Form | None = None) -> Body:
        """What every reply carries; the label of the incident unless a narrower one is chosen."""
        mine = next((one.form["reference"] for one in state.lines if one.author == self._me and one.form), "")
        own = state.opener == self._me
        made = {
            "reference": mine or self._reference(handle),
            "their_reference": "" if own else forms.repeated("their_reference", state.form["reference"], ""),
            "from_entry": self._role, "languages": forms.repeated("languages", state.form["languages"], "en"),
            "tlp": state.form["tlp"], "attribution_disclaimer": 1,
        }  # fmt: skip
        return made | {key: one for key, one in (said or {}).items() if key in forms.HEAD}

    def _reference(self, handle: Handle) -> str:
        """Our next reference: code, year, and a number that counts what we opened or answered."""
        count = handle.value(
            "select count(distinct incident) from incident_op join op on op.id = incident_op.id where author = ? and inside = 0",
            (self._me,), 0,
        )  # fmt: skip
        number = handle.value("select number from device where id = ?", (self.context.own.device,), 1)
        year = datetime.fromtimestamp(self.context.clock.now() / 1000, UTC).year
        return f"{self.context.own.code}/{year}/{count + 1:03}" + (f"-{number}" if number > 1 else "")

    def _timers(self, handle: Handle) -> ladder.Timers:
        stored = dict(handle.rows("select key, value from setting where key like 'incidents.%'"))
        names = {"t0": "routine_days", "t1": "technical_hours", "t2": "diplomatic_hours", "t3": "policy_hours"}
        return ladder.timers({key: declared.get(stored, f"incidents.{name}") for key, name in names.items()})


EXERCISE = "EXERCISE EXERCISE EXERCISE"


def _draft(name: str, room: str, body: str, at: int) -> Draft:
    held = json.loads(body)
    return Draft(name, room, held["form"], held["matter"], held["embargo"], tuple(held["files"]), at)


def _own(form: Form) -> Body:
    """What a reply says beside its head."""
    return {key: one for key, one in form.items() if key not in forms.HEAD}
