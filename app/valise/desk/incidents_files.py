"""Files of incidents: the canonical record, pages to print, STIX 2.1 out and in."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from valise.desk.door_incidents import Draft, Found, IncidentView, Preview
from valise.desk.pings_words import tongue
from valise.domain import training, when
from valise.domain.errors import NotAllowed, Refused, Unavailable
from valise.domain.incident import form as forms
from valise.domain.incident import sharing
from valise.domain.incident.form import Form, empty
from valise.domain.message import TLP

if TYPE_CHECKING:
    from valise.desk.context import Context
    from valise.domain.incident.record import Incident
    from valise.domain.incident.template import Template
    from valise.vault.store import Handle, Tx

# Headings of a printed notification beside those of the form, in the six languages.
_HEADS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("Incident", "Timeline", "Record (SHA-256)", "Embargo until", "An acknowledgement accepts no fact and agrees with nothing."),
    "fr": ("Incident", "Chronologie", "Dossier (SHA-256)", "Embargo jusqu’au",
           "Un accusé de réception ne vaut ni reconnaissance des faits ni accord."),
    "es": ("Incidente", "Cronología", "Expediente (SHA-256)", "Embargo hasta", "Un acuse de recibo no admite hechos ni expresa acuerdo."),
    "ru": ("Инцидент", "Хронология", "Запись (SHA-256)", "Эмбарго до", "Подтверждение получения не означает ни признания фактов, ни согласия."),
    "zh": ("事件", "时间线", "记录（SHA-256）", "禁止提前披露，直至", "确认收悉不表示承认所述事实，也不表示同意。"),
    "ar": ("الحادث", "التسلسل الزمني", "السجل (SHA-256)", "الحظر حتى", "الإقرار بالاستلام لا يعني التسليم بالوقائع ولا الموافقة."),
}  # fmt: skip


class FilesOfIncidents:
    """The part of the desk that makes and reads files."""

    context: Context

    def __init__(self) -> None:
        self._previews: dict[str, tuple[Preview, int]] = {}

    if TYPE_CHECKING:
        def state(self, handle: Handle, incident: str) -> Incident: ...
        def one(self, incident: str) -> IncidentView: ...
        def template(self) -> Template: ...
        def blank(self) -> dict[str, Any]: ...
        def save_draft(self, draft: Draft) -> str: ...
        def _inside(self, tx: Tx, kind: str, body: dict[str, Any]) -> None: ...

    def record(self, incident: str) -> bytes:
        """The canonical record; its SHA-256 is the hash that is shown. NotAllowed("incident.unknown")."""
        with self.context.read() as handle:
            return self.state(handle, incident).record

    def save(self, path: Path, data: bytes) -> None:
        """Put a file where a person wants it, whole or not at all. Unavailable("file.unwritable")."""
        from valise.formats import whole

        try:
            whole.put(path, data)
        except OSError:
            raise Unavailable("file.unwritable", "the file cannot be written") from None

    # pages

    def printed(self, incident: str, language: str = "en") -> bytes:
        """A PDF of everything the delegations said. What is only inside ours is not in it."""
        from valise.formats import notice_pdf

        one, words = self.one(incident), self.template()
        heads = _HEADS.get(language, _HEADS["en"])
        about = [(words.keys["sent_at"].in_(language), utc(one.row.at)), (words.keys["tier"].in_(language),
                 words.choice("tier", one.row.tier, language)), (heads[2], one.hash)]  # fmt: skip
        if one.embargo:
            about.append((heads[3], utc(one.embargo)))
        parts = [notice_pdf.Part(heads[0], about)]
        for group in forms.GROUPS:
            fields = [
                (words.keys[key.key].in_(language), "\n".join(tell(words, key.key, value, language) for value in one.standing[key.key]))
                for key in forms.KEYS if key.group == group and key.key in one.standing
            ]  # fmt: skip
            if filled := [(name, value) for name, value in fields if value.strip()]:
                parts.append(notice_pdf.Part(words.groups[group].in_(language), filled))
        said = [
            (utc(line.at), "\n".join(part for part in (
                f"{line.by.code} {line.by.name}: {_said(words, line.kind, one.row.sort, language)}",
                line.tier and words.choice("tier", line.tier, language),
                *(f"{words.keys[key].in_(language)}: {tell(words, key, value, language)}"
                  for key, value in line.form.items() if key not in forms.HEAD and key != "exercise" and line.kind != "incident.open"),
                line.words, ", ".join(file.name for file in line.files),
            ) if part))
            for line in one.timeline
        ]  # fmt: skip
        parts.append(notice_pdf.Part(heads[1], said))
        shown = tuple(notice_pdf.Part(part.heading, [(name, _fit(value)) for name, value in part.fields]) for part in parts)
        return notice_pdf.printed(notice_pdf.Notice(
            _fit(one.row.title), one.row.tlp, training.marking(self.context.training, _fit(one.row.national)), one.row.exercise,
            (heads[4],), shown, language,
        ))  # fmt: skip

    # STIX 2.1

    def stix(self, incident: str, *, reason: str = "") -> bytes:
        """The bundle, read back in the confined child before it is handed out. NotAllowed("incident.embargo"),
        Refused("stix.written")."""
        from valise.formats.stix import reading, writing

        with self.context.read() as handle:
            state = self.state(handle, incident)
            name = handle.value("select name from delegation where id = ?", (state.opener,), "?")
        held = sharing.embargo(state.embargo, self.context.clock.now(), reason)
        data = writing.bundle(
            writing.Outgoing(state.id, state.at, state.changed_at, (state.opener, name), state.form, state.embargo)
        )
        back = reading.read(data)
        if not any(one.form for one in back.things) or back.tlp != state.form["tlp"]:
            raise Refused("stix.written", "the bundle could not be read back as it was written")
        if held.until:
            with self.context.write() as tx:
                self._inside(tx, "incident.passed", {
                    "incident": incident, "made": "", "where": "STIX 2.1", "until": held.until, "reason": held.reason,
                })  # fmt: skip
        return data

    def read_stix(self, file: Path | bytes) -> Preview:
        """What a bundle would become. Refused("stix.*" | "format.*")."""
        from valise.formats.stix import reading

        found = reading.read(file)
        blank = self.blank()
        form, embargo = _taken(found, blank)
        preview = Preview(
            self.context.entropy(16).hex(), str(form["tlp"]), bool(form["exercise"]),
            tuple(Found(one.sort, one.name or one.pattern, one.sort == "incident" or bool(_place(one.pattern))) for one in found.things),
            found.others, form,
        )  # fmt: skip
        self._previews.clear()
        self._previews[preview.token] = (preview, embargo)
        return preview

    def take_stix(self, token: str) -> str:
        """Make a draft of what was previewed; nothing is sent. NotAllowed("incident.stale")."""
        if token not in self._previews:
            raise NotAllowed("incident.stale", "look at the bundle again")
        preview, embargo = self._previews.pop(token)
        return self.save_draft(Draft("", form=preview.form, embargo=embargo))


MESSAGE: Final = {
    "incident.update": "update", "incident.acknowledge": "acknowledgement",
    "incident.respond": "response", "incident.close": "closure",
}  # fmt: skip


# What a line of the timeline says where the form has no such message; by language.
_ALSO: Final[Mapping[str, Mapping[str, str]]] = {
    "incident.offer": {"en": "Offer of assistance", "fr": "Offre d’assistance", "es": "Ofrecimiento de asistencia",
                       "ru": "Предложение помощи", "zh": "提出援助", "ar": "عرض المساعدة"},
    "incident.withdraw": {"en": "Offer taken back", "fr": "Offre retirée", "es": "Ofrecimiento retirado", "ru": "Предложение отозвано",
                          "zh": "撤回援助提议", "ar": "سحب العرض"},
    "incident.choose": {"en": "Offers of assistance taken", "fr": "Offres d’assistance retenues",
                        "es": "Ofrecimientos de asistencia aceptados", "ru": "Предложения помощи приняты", "zh": "接受援助提议",
                        "ar": "قبول عروض المساعدة"},
    "incident.raise": {"en": "Taken to a higher channel", "fr": "Porté à un niveau supérieur", "es": "Elevado a un nivel superior",
                       "ru": "Передано на более высокий уровень", "zh": "提交更高层级", "ar": "رفع إلى مستوى أعلى"},
    "incident.reopen": {"en": "Opened again", "fr": "Rouvert", "es": "Reabierto", "ru": "Открыто вновь", "zh": "重新开启",
                        "ar": "أعيد فتحه"},
}  # fmt: skip


def _said(words: Template, kind: str, sort: str, language: str) -> str:
    """What a line says before its words; `sort`: what kind of message opened it."""
    if kind in _ALSO:
        return _ALSO[kind].get(language, _ALSO[kind]["en"])
    return words.choice("message_type", sort if kind == "incident.open" else MESSAGE.get(kind, kind), language)


def utc(at: int) -> str:
    """ms UTC as the timeline has it: 2026-12-08 12:00 UTC."""
    return when.utc(at).strftime("%Y-%m-%d %H:%M UTC")


def tell(words: Template, key: str, value: Any, language: str) -> str:
    """A value of the form as it is read: choices by their words, times in UTC, lists one a line."""
    sort = forms.BY_KEY[key].sort
    if sort == "yesno":
        return words.choice("critical_infrastructure", "yes" if value else "no", language)
    if sort == "moment":
        return utc(value) if value else ""
    if sort == "language":
        return tongue(str(value), language)
    if sort == "choice":
        return words.choice(key, str(value), language)
    if sort == "choices":
        return ", ".join(words.choice(key, str(one), language) for one in value)
    if sort == "places":
        return "\n".join(_where(one) for one in value)
    if sort == "severity":
        return " · ".join(one for one in (value["level"], value["scale"]) if one)
    if sort == "receipt":
        return str(value["role"])
    if sort == "files":
        return str(len(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _where(one: Mapping[str, Any]) -> str:
    window = " – ".join(utc(one[name]) if one[name] else "…" for name in ("from", "to")) if one["from"] or one["to"] else ""
    return f"{one['what']}  {window}".strip()


def _place(pattern: str) -> str:
    from valise.formats.stix import terms

    return terms.place(pattern)


def _taken(found: Any, blank: Form) -> tuple[dict[str, Any], int]:
    """The form a bundle becomes: what it says in ours where it was written by us, else title, description and addresses. Every
    value is checked as a peer's would be; the header is our own, the label never wider than that of the bundle."""
    incident = next((one for one in found.things if one.sort == "incident"), None)
    made = dict(blank)
    embargo = 0
    if incident is not None:
        made |= {"title": _line(incident.name), "description": incident.description[: forms.LONGEST]}
        if incident.form:
            made |= _checked(incident.form)
            embargo = incident.embargo
    made["exercise"] = int(any(one.exercise for one in found.things) or bool(made.get("exercise")))
    places = [
        {"what": what, "from": one.start, "to": one.until}
        for one in found.things if one.sort == "indicator" and (what := _place(one.pattern))
    ]  # fmt: skip
    if places and not made.get("infrastructure_in_recipient_territory"):
        made["infrastructure_in_recipient_territory"] = places[:300]
    if found.tlp:
        made["tlp"] = min((found.tlp, str(made["tlp"])), key=TLP.index) if incident and incident.form else found.tlp
    if found.statements and not made.get("national_marking"):
        made["national_marking"] = " · ".join(found.statements)[:120]
    return {key: value for key, value in made.items() if not empty(value)}, embargo


_NOT_TAKEN: Final = frozenset((*forms.HEAD, "message_type", "to_entries", "tier", "indicators")) - {"national_marking", "onward_sharing", "tlp"}


def _checked(text: str) -> dict[str, Any]:
    """Fields of a form in a bundle that are as they must be; the others are as if they were not there."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    made = {}
    for key, one in value.items() if isinstance(value, dict) else ():
        if key in forms.CARRIED["incident.open"] and key not in _NOT_TAKEN:
            try:
                forms.BY_KEY[key].field.check(one)
            except Refused:
                continue
            made[key] = one
    return made


_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_STEERING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")  # could show other words than were signed (UAX 9)


def _fit(words: str) -> str:
    """Words of a peer as a page can hold them."""
    return _CONTROL.sub("\ufffd", _STEERING.sub("", words))


def _line(words: str) -> str:
    from valise.formats.stix import terms

    said = "".join(_printable(words.removeprefix(f"{terms.EXERCISE}: ")))
    return " ".join(said.split())[:300]


def _printable(words: str) -> Iterable[str]:
    return (char if char.isprintable() else " " for char in words)
