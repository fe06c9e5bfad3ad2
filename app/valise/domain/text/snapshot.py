"""A text's state as bytes, for a cache: the same operations give the same bytes, in whatever order they came.

Canonical JSON. Operations are rows sorted by id with authors and devices by index; what is dear to work out
(paragraph versions, where proposals stand) is written, what is cheap (who said what about what) is gathered
again from the rows. Nothing in it is trusted more than the vault it lies in; it is never sent.
"""

from __future__ import annotations

import json
from typing import Any

from valise.domain.errors import Damaged
from valise.domain.text.book import Book, Edition, Par, Prop, Standing
from valise.domain.text.hashes import canonical
from valise.domain.text.past import UNSEEN, Node, Past

VERSION = 1
_FACTS = ("text.propose", "text.cosponsor", "text.withdraw", "text.position", "text.comment", "text.revision_ack")


def dump(past: Past, book: Book) -> bytes:
    """Deterministic bytes of a state."""
    nodes = [past.nodes[id] for id in sorted(past.nodes)]
    people = sorted({node.author for node in nodes})
    devices = sorted({node.device for node in nodes})
    kinds = sorted({node.kind for node in nodes})
    person, device, kind = ({name: at for at, name in enumerate(table)} for table in (people, devices, kinds))
    rows = [
        [node.id, kind[node.kind], person[node.author], device[node.device], node.seq, node.prev, node.deps, node.at,
         node.tick, node.body, node.known, node.seen, int(node.done)]
        for node in nodes
    ]
    pars = [
        [par.id, par.section, par.label, par.status, par.parent, par.gone, par.versions, par.spells]
        for _, par in sorted(book.pars.items())
    ]
    props = []
    for id, prop in sorted(book.props.items()):
        now = prop.now
        props.append([
            id, prop.par, prop.flaw, prop.cut, now.state, now.ver if now.ver != prop.node.body["ver"] else "", now.span,
            now.notice, now.sponsors if now.sponsors != (prop.node.author,) else [], prop.events,
        ])
    editions = [
        [edition.node.id, edition.number, edition.position, edition.aliases, edition.computed]
        for edition in book.editions.values()
    ]
    return canonical({
        "v": VERSION, "text": past.text, "people": people, "devices": devices, "kinds": kinds, "rows": rows,
        "outside": past.outside, "limits": past.limits, "losers": sorted(past.losers),
        "opened": int(book.genesis is not None), "chain": book.chain, "holders": book.holders, "roster": book.roster,
        "removed": int(book.removed), "frozen": book.frozen,
        "rivals": book.rivals, "pars": pars, "order": book.order, "labels": book.labels,
        "props": props, "editions": editions, "void": book.void,
    })


def load(data: bytes) -> tuple[Past, Book]:
    """What `dump` wrote. Damaged("text.snapshot")."""
    try:
        return _load(json.loads(data))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Damaged("text.snapshot") from error


def _load(raw: dict[str, Any]) -> tuple[Past, Book]:
    if raw["v"] != VERSION:
        raise Damaged("text.snapshot", "another version wrote it")
    past, book = Past(raw["text"]), Book(raw["text"])
    people, devices, kinds = raw["people"], raw["devices"], raw["kinds"]
    nodes = past.nodes
    logs: list[dict[int, Node]] = [{} for _ in devices]
    past.devices = dict(zip(devices, logs, strict=True))
    waiting: list[Node] = []
    facts: list[Node] = []
    told = frozenset(at for at, name in enumerate(kinds) if name in _FACTS and name != "text.propose")
    void = book.void = raw["void"]
    logged = 0
    for id, kind, person, device, seq, prev, deps, at, tick, body, known, seen, done in raw["rows"]:
        node = Node(id, kinds[kind], people[person], devices[device], seq, prev, deps, at, tick, body, known, seen,
                    done == 1)
        nodes[id] = node
        log = logs[device]
        if seq in log:
            past.twins.setdefault(node.device, {}).setdefault(seq, [log[seq]]).append(node)
        else:
            log[seq] = node
        if not done:
            waiting.append(node)
        elif node.kind:
            logged += 1
            if seen == UNSEEN:
                book.unseen[id] = node
            if kind in told and id not in void:
                facts.append(node)
    past.outside, past.limits, past.losers = raw["outside"], raw["limits"], set(raw["losers"])
    for node in waiting:
        past.enter(node)
    book.logged = logged
    book.genesis = nodes[past.text] if raw["opened"] else None
    book.chain = raw["chain"]
    book.place = {id: position for position, id in enumerate(book.chain)}
    book.holders = [(device, delegation) for device, delegation in raw["holders"]]
    book.roster, book.rivals = tuple(raw["roster"]), tuple(raw["rivals"])
    book.removed = raw["removed"] == 1
    book.frozen, book.order, book.labels = raw["frozen"], raw["order"], raw["labels"]
    _paragraphs(book, raw["pars"])
    _proposals(book, nodes, raw["props"])
    for id, number, position, aliases, computed in raw["editions"]:
        edition = Edition(nodes[id], number, position)
        edition.aliases = [(old, new) for old, new in aliases]
        edition.computed = tuple(computed)
        book.editions[id] = edition
    for node in facts:
        _said(book, node)
    return past, book


def _paragraphs(book: Book, rows: list[Any]) -> None:
    for id, section, label, status, parent, gone, versions, spells in rows:
        par = Par(id, section, label, status, parent)
        par.gone = gone
        par.versions = [(position, ver, words) for position, ver, words in versions]
        par.spells = spells
        book.pars[id] = par


def _proposals(book: Book, nodes: dict[str, Node], rows: list[Any]) -> None:
    for id, par, flaw, cut, state, ver, span, notice, sponsors, events in rows:
        node = nodes[id]
        prop = Prop.__new__(Prop)
        prop.node, prop.what, prop.par, prop.flaw, prop.cut = node, node.body["what"], par, flaw, cut
        prop.backers, prop.leavers = [], []
        prop.events = [(at, outcome, tuple(to) if to else None, note) for at, outcome, to, note in events]
        prop.now = Standing(
            state, ver or node.body["ver"], (span[0], span[1]), notice, tuple(sponsors) or (node.author,)
        )
        book.count(prop)


def _said(book: Book, node: Node) -> None:
    body = node.body
    if node.kind == "text.position":
        book.positions.setdefault(body["target"], {}).setdefault(node.author, []).append(node)
    elif node.kind == "text.comment":
        book.comments.setdefault(body["target"], []).append(node)
    elif node.kind == "text.cosponsor":
        book.props[body["proposal"]].backers.append(node)
    elif node.kind == "text.withdraw":
        book.props[body["proposal"]].leavers.append(node)
    else:
        edition = book.editions[body["revision"]]
        same = all(body[name] == edition.node.body[name] for name in ("text_hash", "state_hash"))
        (edition.acks if same else edition.others).add(node.author)
