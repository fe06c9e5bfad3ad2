"""A ping of 386 contacts (D1): issued within 2 s, its report written and valid within 3 s.

Two contacts each of 193 States, every one of them a delegation with a card and a room of the two. Compared with the parts alone:
as many operations signed and inserted in one transaction, and as many rows written by the csv module.
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, held, median, spent
from valise.desk import reference
from valise.desk.desk import Desk
from valise.protocol import operation

ISSUED, REPORTED = 2.0, 3.0  # seconds
DAY = 86_400_000


def run(options: Options) -> Ratios:
    """Ratios: "issued", "csv", "pdf" (to their goals), "bare" (issuing to signing and inserting alone), "read" (a round shown)."""
    states = options.size(193, 3)
    folder, facts = worlds.cached(options.cache, f"pings-{states}", lambda base: _make(base, states))
    contacts = facts["contacts"]
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        copy = Path(base) / "XA"
        shutil.copytree(folder / "XA", copy)
        desk = worlds.unlock(copy)
        issued: list[float] = []
        read: list[float] = []
        reports: dict[str, list[float]] = {"csv": [], "pdf": []}
        round = ""
        for n in range(options.size(3, 1)):
            with spent() as took:
                round = desk.pings.open(f"Round {n}", due=desk.context.clock.now() + 7 * DAY, contacts=contacts)
            issued.append(took.wall)
        with desk.context.read() as handle:
            asked = int(handle.value("select count(*) from ping_ask join ping_asked using(token) where round = ?", (round,)))
        if asked != len(contacts):
            raise RuntimeError(f"{asked} of {len(contacts)} were asked")
        for _ in range(options.size(3, 1)):
            with spent() as took:
                desk.pings.round(round)
            read.append(took.wall)
            for form, some in reports.items():
                with spent() as took:
                    desk.pings.report(round, form, Path(base) / f"report.{form}")
                some.append(took.wall)
        bare = _bare(desk, len(contacts))
        plain = _plain(Path(base) / "report.csv")
        desk.close()
    table = Table(f"Ping of {len(contacts)} contacts in {states} States", ("what", "median s", "worst s", "goal"))
    table.add("issued: round, questions, one transaction", median(issued), max(issued), held(max(issued), ISSUED))
    table.add("bare: as many signed and inserted", bare, bare, "")
    table.add("round shown", median(read), max(read), "")
    for form, some in reports.items():
        table.add(f"report as {form.upper()}, read back", median(some), max(some), held(max(some), REPORTED))
    table.add("bare: as many rows by the csv module", plain, plain, "")
    print(table.markdown())
    return {
        "issued": max(issued) / ISSUED, "csv": max(reports["csv"]) / REPORTED, "pdf": max(reports["pdf"]) / REPORTED,
        "bare": median(issued) / bare, "read": median(read) / bare,
    }  # fmt: skip


def _make(base: Path, states: int) -> dict[str, Any]:
    """Our vault with the cards of so many delegations, a room with each, and two entries each."""
    ours = worlds.found(base / "XA")
    contacts = []
    for one in reference.states()[:states]:
        with tempfile.TemporaryDirectory(dir=base) as place:
            peer = worlds.gate(Path(place) / "vault").create(
                code=one.code, name=one.name, officer="Officer", role="Delegate", passphrase=bytearray(worlds.PASSPHRASE)
            )
            card = peer.contacts.own_card()
            peer.close()
        with ours.together():
            known = ours.contacts.import_card(card)
            ours.rooms.create("bilateral", "", [known.id])
            contacts += [ours.registers.new_row("contacts", _entry(one.code, kind)).row for kind in ("diplomatic", "technical")]
    ours.close()
    return {"contacts": contacts}


def _entry(state: str, category: str) -> dict[str, list[str]]:
    return {
        "state": [state], "directory": ["UN-Global"], "category": [category], "entry_kind": ["role"],
        "institution": [f"Office for {category} matters"], "official_position": ["Duty officer"],
        "email": [f"{category}@{state.lower()}.example"], "phone": ["+41225550100"], "languages": ["en", "fr"],
        "hours": ["Mo-Fr 09:00-17:00"], "time_zone": ["Europe/Zurich"], "source_document": ["Note 1/2026"],
        "valid_from": ["2026-01-15"], "review": ["2027-01-15"], "marking": ["TLP:AMBER"], "status": ["active"],
    }  # fmt: skip


def _bare(desk: Desk, count: int) -> float:
    """Seconds to sign and insert so many operations of the same kind, and nothing else."""
    own, keys = desk.context.own, desk.context.keys
    body = {"token": "A" * 43, "title": "Round", "forum": "", "role": "Technical", "due": 1, "exercise": 0, "marking": "TLP:AMBER",
            "entry": [{"field": name, "values": values} for name, values in _entry("XB", "technical").items()
                      if name in ("category", "entry_kind", "institution", "official_position", "email", "phone")]}  # fmt: skip
    with spent() as took, desk.store.write() as tx:
        tx.run("create table bare(id text primary key, raw blob, sig blob) strict, without rowid")
        for n in range(count):
            prev = "A" * 43 if n else ""
            made = operation.make("ping.ask", "A" * 43, own.delegation, own.device, n + 1, prev, [], 1, n, body, keys.ed25519, keys.composite)
            tx.run("insert into bare values (?,?,?)", (made.op.id, made.raw, made.sig))
    with desk.store.write() as tx:
        tx.run("drop table bare")
    return took.wall


def _plain(report: Path) -> float:
    """Seconds to write the same cells again with the csv module alone."""
    rows = list(csv.reader(io.StringIO(report.read_text("utf-8-sig"))))
    with spent() as took:
        made = io.StringIO()
        csv.writer(made).writerows(rows)
        report.with_suffix(".plain").write_text(made.getvalue(), "utf-8")
    return took.wall
