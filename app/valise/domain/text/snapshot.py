"""A text's state as bytes, for a cache: the same operations give the same bytes, in whatever order they came.

The SHA-256 of what follows, then one line of canonical JSON with what the fold has worked out, in columns over the
operations sorted by id, then one line per operation with the rest of it, which is read only when somebody asks for
it. Nothing in it is trusted more than the vault it lies in; it is never sent.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from valise.domain.errors import Damaged
from valise.domain.text.book import Book, Edition, Par, Prop, Silence, Standing
from valise.domain.text.past import UNSEEN, Node, Past, canonical

VERSION = 2
_ABOUT = {
    "text.position": "target", "text.comment": "target", "text.cosponsor": "proposal", "text.withdraw": "proposal",
    "text.revision_ack": "revision", "text.silence_break": "silence",
}


def dump(past: Past, book: Book) -> bytes:
    """Deterministic bytes of a state."""
    nodes = [past.nodes[id] for id in sorted(past.nodes)]
    place = {node.id: at for at, node in enumerate(nodes)}
    people = sorted({node.author for node in nodes})
    devices = sorted({node.device for node in nodes})
    kinds = sorted({node.kind for node in nodes})
    person, device, kind = ({name: at for at, name in enumerate(table)} for table in (people, devices, kinds))
    facts: list[list[Any]] = [[], []]
    for node in nodes:
        if node.done and node.kind in _ABOUT and node.id not in book.void:
            facts[0].append(place[node.id])
            facts[1].append(node.body[_ABOUT[node.kind]])
    props: list[list[Any]] = [[], [], [], []]
    stand: dict[str, Any] = {}
    for id, prop in sorted(book.props.items()):
        for column, value in zip(props, (place[id], prop.what, prop.par, prop.node.body["number"]), strict=True):
            column.append(value)
        now = prop.kept
        if now is not None or prop.events or prop.flaw or prop.cut:
            where = [now.state, now.ver, now.span, now.notice, now.sponsors] if now else []
            stand[id] = [prop.flaw, prop.cut, prop.events, where]
    pars = [
        [par.id, par.section, par.label, par.status, par.parent, par.gone, par.versions, par.spells,
         par.counts()]
        for _, par in sorted(book.pars.items())
    ]
    editions = [
        [edition.node.id, edition.number, edition.position, edition.aliases, edition.computed]
        for edition in book.editions.values()
    ]
    first = canonical({
        "v": VERSION, "text": past.text, "people": people, "devices": devices, "kinds": kinds,
        "ids": [node.id for node in nodes], "kind": [kind[node.kind] for node in nodes],
        "author": [person[node.author] for node in nodes], "device": [device[node.device] for node in nodes],
        "seq": [node.seq for node in nodes], "known": [node.known for node in nodes],
        "seen": [node.seen for node in nodes], "waiting": [at for at, node in enumerate(nodes) if not node.done],
        "facts": facts, "props": props, "stand": stand, "outside": past.outside, "limits": past.limits,
        "losers": sorted(past.losers), "opened": int(book.genesis is not None), "chain": book.chain,
        "holders": book.holders, "roster": book.roster, "removed": int(book.removed), "frozen": book.frozen,
        "rivals": book.rivals, "pars": pars, "order": book.order, "labels": book.labels, "editions": editions,
        "void": book.void, "silences": [
            [one.node.id, one.position, one.first_deadline, one.extensions, one.closings] for one in book.silences.values()
        ],
    })
    rest = b"\n".join([first, *(node.packed for node in nodes)])
    return hashlib.sha256(rest).hexdigest().encode() + b"\n" + rest


def load(data: bytes) -> tuple[Past, Book]:
    """What `dump` wrote. Damaged("text.snapshot")."""
    try:
        if data[:65] != hashlib.sha256(memoryview(data)[65:]).hexdigest().encode() + b"\n":
            raise Damaged("text.snapshot", "torn")
        _, first, *lines = data.split(b"\n")
        return _load(json.loads(first), lines)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Damaged("text.snapshot") from error


def _load(raw: dict[str, Any], lines: list[bytes]) -> tuple[Past, Book]:
    if raw["v"] != VERSION:
        raise Damaged("text.snapshot", "another version wrote it")
    past, book = Past(raw["text"]), Book(raw["text"])
    all_nodes = _nodes(past, book, raw, lines)
    nodes = past.nodes
    past.outside, past.limits, past.losers = raw["outside"], raw["limits"], set(raw["losers"])
    for at in raw["waiting"]:
        past.enter(all_nodes[at])
    book.genesis = nodes[past.text] if raw["opened"] else None
    book.chain = raw["chain"]
    book.place = {id: position for position, id in enumerate(book.chain)}
    book.holders = [(device, delegation) for device, delegation in raw["holders"]]
    book.roster, book.rivals = tuple(raw["roster"]), tuple(raw["rivals"])
    book.removed = raw["removed"] == 1
    book.frozen, book.order, book.labels, book.void = raw["frozen"], raw["order"], raw["labels"], raw["void"]
    for id, section, label, status, parent, gone, versions, spells, shown in raw["pars"]:
        par = Par(id, section, label, status, parent)
        par.gone = gone
        par.versions = [(position, ver, words) for position, ver, words in versions]
        par.spells = spells
        par.shown = (shown[0], shown[1])
        book.pars[id] = par
    for at, what, where, number in zip(*raw["props"], strict=True):
        book.count(Prop(all_nodes[at], what, where, "", ""), number)
    for id, (flaw, cut, events, now) in raw["stand"].items():
        prop = book.props[id]
        prop.flaw, prop.cut = flaw, cut
        prop.events = tuple((at, outcome, tuple(to) if to else None, note) for at, outcome, to, note in events)
        if now:
            state, ver, (start, end), notice, sponsors = now
            prop.kept = Standing(state, ver, (start, end), notice, tuple(sponsors))
    for id, number, position, aliases, computed in raw["editions"]:
        edition = Edition(nodes[id], number, position)
        edition.aliases = [(old, new) for old, new in aliases]
        edition.computed = tuple(computed)
        book.editions[id] = edition
    for id, position, deadline, extensions, closings in raw["silences"]:
        silence = book.silences[id] = Silence(nodes[id], position, deadline)
        silence.extensions = tuple((by, to) for by, to in extensions)
        silence.closings = tuple((at, outcome) for at, outcome in closings)
    for at, about in zip(*raw["facts"], strict=True):
        _said(book, all_nodes[at], about)
    return past, book


def _nodes(past: Past, book: Book, raw: dict[str, Any], lines: list[bytes]) -> list[Node]:
    people, devices, kinds = raw["people"], raw["devices"], raw["kinds"]
    logs: list[dict[int, Node]] = [{} for _ in devices]
    past.devices = dict(zip(devices, logs, strict=True))
    found = [
        Node(id, kinds[kind], people[person], devices[device], seq, line, known, seen, True)
        for id, kind, person, device, seq, line, known, seen in zip(
            raw["ids"], raw["kind"], raw["author"], raw["device"], raw["seq"], lines, raw["known"], raw["seen"],
            strict=True,
        )
    ]
    for at in raw["waiting"]:
        found[at].done = False
    past.nodes = dict(zip(raw["ids"], found, strict=True))
    for node, device in zip(found, raw["device"], strict=True):
        log = logs[device]
        if log.setdefault(node.seq, node) is not node:
            past.twins.setdefault(node.device, {}).setdefault(node.seq, [log[node.seq]]).append(node)
        if node.done:
            if node.seen == UNSEEN:
                book.unseen[node.id] = node
            if node.kind:
                book.logged += 1
    return found


def _said(book: Book, node: Node, about: str) -> None:
    match node.kind:
        case "text.position":
            book.positions.setdefault(about, []).append(node)
        case "text.comment":
            book.comments.setdefault(about, []).append(node)
        case "text.cosponsor":
            book.props[about].backers = (*book.props[about].backers, node)
        case "text.withdraw":
            book.props[about].leavers = (*book.props[about].leavers, node)
        case "text.silence_break":
            book.silences[about].breaks = (*book.silences[about].breaks, node)
        case _:
            edition = book.editions[about]
            same = all(node.body[name] == edition.node.body[name] for name in ("text_hash", "state_hash"))
            (edition.acks if same else edition.others).add(node.author)
