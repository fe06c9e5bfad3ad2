"""What may be said about an incident: bodies of operations, each checked before anything leaves."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from valise.domain.errors import NotAllowed, Refused
from valise.domain.incident import sharing
from valise.domain.incident.form import (
    CARRIED,
    CHANGES,
    HEAD,
    OPENING,
    REQUESTS,
    TIERS,
    WHOLE,
    Form,
    composed,
    empty,
    fields_of,
    missing,
    nothing,
)
from valise.domain.incident.record import Incident, Line

Body = dict[str, Any]
Files = Sequence[Mapping[str, Any]]


def filled(kind: str, form: Form) -> Body:
    """The form as it travels: only what was filled in. NotAllowed("incident.required" | "incident.unknown-key" |
    "incident.value" | "incident.too-long")."""
    made = {key: composed(value) for key, value in form.items() if not empty(value) and not (key in _TIMES and not value)}
    if made.keys() - set(CARRIED[kind]):
        raise NotAllowed("incident.unknown-key", "the form holds a key that does not belong to it")
    if missing(kind, made):
        raise NotAllowed("incident.required", ", ".join(missing(kind, made)))
    if len(json.dumps(made, ensure_ascii=False).encode("utf-8", "replace")) > WHOLE:
        raise NotAllowed("incident.too-long", "the form is longer than one message can be")
    try:
        fields_of(kind).check(made)
    except Refused:
        raise NotAllowed("incident.value", "a value of the form has the wrong type or length") from None
    return made


_TIMES = ("reply_requested_by", "first_observed")


def opened(
    form: Form, *, members: int, matter: str = "incident", embargo: int = 0, files: Files = ()
) -> Body:
    """Body that reports an incident or asks for help in a room of `members` delegations.

    NotAllowed("incident.judicial" | "incident.red_to_group" | "incident.reply-by" | "incident.nothing-asked" |
    "incident.exercise" | "incident.type" | what `filled` raises).
    """
    sharing.refuse_judicial(form, matter)
    made = filled("incident.open", form)
    if made["message_type"] not in OPENING:
        raise NotAllowed("incident.type", "a reply cannot begin a new record")
    if made["message_type"] == "exercise" and not made["exercise"]:
        raise NotAllowed("incident.exercise", "an exercise must be marked as one")
    if made["urgency"] == "immediate" and not made.get("reply_requested_by"):
        raise NotAllowed("incident.reply-by", "what is immediate says by when a reply is requested")
    if made["message_type"] in REQUESTS and made["requested_actions"] == ["none"]:
        raise NotAllowed("incident.nothing-asked", "a request asks for something")
    sharing.to_group(made["tlp"], members)
    return {"form": made, "embargo": embargo, "files": list(files)}


def update(state: Incident, me: str, changes: Form, head: Form, *, members: int, files: Files = ()) -> Body:
    """Body that corrects or adds: `changes` take the place of what stands. NotAllowed("incident.not-opener" |
    "incident.no-change" | "incident.empty-value" | ...)."""
    _opener(state, me)
    said = {key: nothing(key) if empty(value) else value for key, value in changes.items() if key in CHANGES}
    wanted = {key: value for key, value in said.items() if state.form.get(key, nothing(key)) != value}
    if not wanted and not files and not state.differs & said.keys():
        raise NotAllowed("incident.no-change", "nothing is said that does not stand already")
    wanted |= {key: said[key] for key in state.differs & said.keys()}
    if any(empty(wanted[key]) for key in wanted.keys() & _NEVER_EMPTY):
        raise NotAllowed("incident.required", ", ".join(sorted(wanted.keys() & _NEVER_EMPTY)))
    made = filled("incident.update", {**head, **wanted})
    made |= {key: value for key, value in wanted.items() if key not in made}  # what is taken back is said empty
    sharing.refuse_judicial(made, "incident")
    sharing.to_group(made["tlp"], members)
    over = sorted({id for key in wanted for id, _ in state.standing.get(key, ())})
    return {"incident": state.id, "form": made, "over": over, "files": list(files)}


_NEVER_EMPTY = frozenset(("title", "status", "sectors", "critical_infrastructure", "impact", "description", "requested_actions"))


def acknowledge(state: Incident, me: str, head: Form, role: str) -> Body:
    """Body that confirms receipt, which neither accepts the facts stated nor agrees with anything (norm 13 (c)).
    NotAllowed("incident.own" | "incident.acknowledged")."""
    _other(state, me)
    if any(who == me for who, _, _ in state.acknowledged):
        raise NotAllowed("incident.acknowledged", "receipt was acknowledged already")
    return {"incident": state.id, "form": _replied("incident.acknowledge", state, head, {"ack": {"role": role}})}


def respond(state: Incident, me: str, head: Form, answer: Form, files: Files = ()) -> Body:
    """Body of an answer. NotAllowed("incident.own" | "incident.acknowledge-first" | "incident.no-reason"): who does nothing
    says why, and be it that the reason is not stated."""
    _other(state, me)
    if all(who != me for who, _, _ in state.acknowledged):
        raise NotAllowed("incident.acknowledge-first", "acknowledge first, then answer")
    if answer.get("capacity") == "no" and not answer.get("refusal_reason"):
        raise NotAllowed("incident.no-reason", "say why, or that it is not stated")
    return {"incident": state.id, "form": _replied("incident.respond", state, head, answer), "files": list(files)}


def offer(state: Incident, me: str, head: Form, offered: Form, files: Files = ()) -> Body:
    """Body of an offer of assistance. NotAllowed("incident.own" | "incident.closed" | "incident.judicial" | ...)."""
    _other(state, me)
    _open(state)
    sharing.refuse_judicial(offered, "incident")
    return {"incident": state.id, "form": _replied("incident.offer", state, head, offered), "files": list(files)}


def withdraw(state: Incident, me: str, made: str, words: str = "") -> Body:
    """Body that takes an own offer back. NotAllowed("incident.offer")."""
    if not any(one.id == made and one.delegation == me and not one.withdrawn for one in state.offers):
        raise NotAllowed("incident.offer", "there is no such offer of ours")
    return {"incident": state.id, "offer": made, "words": words.strip()}


def choose(state: Incident, me: str, offers: Sequence[str], words: str = "") -> Body:
    """Body that takes one or more offers. NotAllowed("incident.not-opener" | "incident.closed" | "incident.offer")."""
    _opener(state, me)
    _open(state)
    there = {one.id for one in state.offers if not one.withdrawn}
    if not offers or not set(offers) <= there:
        raise NotAllowed("incident.offer", "there is no such offer, or it was taken back")
    return {"incident": state.id, "offers": sorted(set(offers)), "words": words.strip()}


def raise_to(state: Incident, me: str, tier: str, words: str = "") -> Body:
    """Body that takes it to a higher channel. NotAllowed("incident.not-opener" | "incident.closed" | "incident.tier")."""
    _opener(state, me)
    _open(state)
    if tier not in TIERS or TIERS.index(tier) <= TIERS.index(state.tier):
        raise NotAllowed("incident.tier", "the ladder goes up only")
    return {"incident": state.id, "tier": tier, "words": words.strip()}


def close(state: Incident, me: str, head: Form, closing: Form) -> Body:
    """Body that closes it with what is seen here. NotAllowed("incident.not-opener" | "incident.closed")."""
    _opener(state, me)
    _open(state)
    filed = closing.get("record_copy") or state.hash
    form = filled("incident.close", {**_head(head), **closing, "record_copy": filed})
    return {"incident": state.id, "form": form, "seen": sorted(one.id for one in state.lines)[-1_000:]}


def reopen(state: Incident, me: str, words: str) -> Body:
    """Body that opens it again. NotAllowed("incident.not-opener" | "incident.not-closed" | "incident.words")."""
    _opener(state, me)
    if not state.closed:
        raise NotAllowed("incident.not-closed", "it is open")
    if not words.strip():
        raise NotAllowed("incident.words", "say why")
    return {"incident": state.id, "closes": list(state.closures), "words": words.strip()}


def after_closure(state: Incident, line: Line) -> bool:
    """Whether a line was not among those seen when it was closed: it came late, or was said afterwards."""
    closing = [one for one in state.lines if one.id in state.closures]
    return bool(closing) and line.kind != "incident.close" and all(line.id not in one.body["seen"] for one in closing)


def _replied(kind: str, state: Incident, head: Form, said: Form) -> Body:
    made = filled(kind, {**_head(head), **said})
    sharing.reply(str(state.form["tlp"]), made["tlp"])
    return made


def _head(head: Form) -> Body:
    return {key: value for key, value in head.items() if key in HEAD}


def _opener(state: Incident, me: str) -> None:
    if state.opener != me:
        raise NotAllowed("incident.not-opener", "only the delegation that opened it may do this")


def _other(state: Incident, me: str) -> None:
    if state.opener == me:
        raise NotAllowed("incident.own", "this is for the delegations it was sent to")


def _open(state: Incident) -> None:
    if state.closed:
        raise NotAllowed("incident.closed", "it is closed")
