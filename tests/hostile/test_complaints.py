"""Complaints of RELIABILITY that no other test names. The table in README.md says which test holds which."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.hostile import tools as h
from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.desk.gate import KEY_FILE
from valise.domain.errors import Damaged
from valise.protocol import card, certificate, envelope, identity, rootfile
from valise.protocol.certificate import DeviceSecret
from valise.vault import search
from valise.vault.store import Tx

YEAR = 365 * 24 * 3600 * 1000


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def with_devices(world: World, code: str, count: int) -> bytes:
    """The delegation's card with `count` certified devices in all; the further ones have no vault."""
    root = rootfile.open_root((world.base / code / KEY_FILE).read_bytes(), bytearray(PASSPHRASE), (1, 8192))
    old = card.read_card(world[code].contacts.own_card())
    now = world.clock.now()
    devices = list(old.devices)
    for number in range(len(devices) + 1, count + 1):
        secret = DeviceSecret.new()
        request = identity.make_request(secret, f"Officer {number}", "Adviser", now)
        made = certificate.make_certificate(
            root, request, rights=("observe", "speak"), not_before=now, not_after=now + YEAR, number=number)
        devices.append(card.CardDevice(made, request.prekeys, secret.mailbox))
    if len(devices) == len(old.devices):
        return old.file
    return card.make_card(
        root, code=old.code, name=old.name, devices=devices, number=old.number + 1, prev=old.hash, issued_at=now).file


class Cost:
    """Ciphertexts made, statements that write, rows they changed, and bytes put, from here on."""

    def __init__(self, patch: pytest.MonkeyPatch, desk: Desk) -> None:
        self.count = dict.fromkeys(("contents", "keys", "writes", "rows", "parcels"), 0)
        count = self.count
        seal_content, seal_key, run, many = envelope.seal_content, envelope.seal_key, Tx.run, Tx.many

        def counted(name: str, act: Any) -> Any:
            def counting(*arguments: Any) -> Any:
                count[name] += 1
                return act(*arguments)

            return counting

        def running(tx: Tx, sql: str, values: Any = ()) -> Any:
            done = run(tx, sql, values)
            count["writes"] += 1
            count["rows"] += max(done.rowcount, 0)
            return done

        def running_many(tx: Tx, sql: str, rows: Any) -> int:
            changed = many(tx, sql, rows)
            count["writes"] += 1
            count["rows"] += max(changed, 0)
            return changed

        carrier: Any = desk.exchange.carriage.lines["folder"].carrier
        put = carrier.put

        def putting(every: Any) -> Any:
            count["parcels"] += len(every)
            return put(every)

        patch.setattr(envelope, "seal_content", counted("contents", seal_content))
        patch.setattr(envelope, "seal_key", counted("keys", seal_key))
        patch.setattr(Tx, "run", running)
        patch.setattr(Tx, "many", running_many)
        patch.setattr(carrier, "put", putting)


@pytest.mark.parametrize("record", [False, True])
def test_c10_cost_per_message_is_flat_from_1_to_50_devices(tmp_path: Path, record: bool) -> None:
    """C10: one ciphertext for all; what a message writes does not depend on how many devices it is for."""
    costs = {}
    for count in (1, 50):
        world = World(tmp_path / str(count), ("XA", "XB"), acquainted=False)
        desk = world["XA"]
        desk.contacts.import_card(with_devices(world, "XB", count))
        room = desk.rooms.create("bilateral", "", [world.id("XB")])
        desk.exchange.now()
        desk.messages.send(room, "the first, with which the session is made", for_the_record=record)
        desk.exchange.now()
        desk.exchange.resend = 10**9
        with pytest.MonkeyPatch.context() as patch:
            cost = Cost(patch, desk)
            for n in range(20):
                desk.messages.send(room, f"message {n} of the same length" + "." * (n < 10), for_the_record=record)
                desk.exchange.now()
        assert desk.rooms.one(room).devices == count + 1
        costs[count] = cost.count
        world.close()
    assert costs[1] == costs[50]
    assert costs[50]["contents"] == 20 and costs[50]["keys"] == 0 and costs[50]["parcels"] == 20
    assert costs[50]["rows"] <= 20 * 40


def test_c8_what_is_there_is_found_everywhere(world: World) -> None:
    """C8: after a negotiation, at each laptop, the index finds what reading everything finds."""
    rng = random.Random(8)
    words = ["consensus", "Consensus", "confidence", "confidence-building", "règles", "REGLES", "контакт", "контакты"]
    words += ["نقطة", "联络点", "ping", "pings"]
    room = world.room()
    for n in range(40):
        author = rng.choice(list(world.desks.values()))
        author.messages.send(
            room, " ".join(rng.choices(words, k=6)), subject=rng.choice(words), for_the_record=rng.random() < 0.5)
        if n % 10 == 9:
            world.exchange()
    world.exchange(rounds=6)
    for desk in world.desks.values():
        with desk.store.read() as handle:
            rows = handle.rows("select id, subject, body from message")
        assert len(rows) == 40
        for query in [*words, "conf", "confidence ping", '"ping pings"', "nothing"]:
            holds = search.scan(query)
            wanted = {row[0] for row in rows if holds(f"{row[1]}\n{row[2]}")}
            found = {one.ref for one in desk.search(query, 1_000) if one.kind == "message"}
            assert found == wanted, query


def test_c12_rival_edits_stand_side_by_side_and_the_one_not_taken_stays(world: World) -> None:
    """C12: three delegations change the same words, apart from each other; nothing is overwritten by anything."""
    room = world.room()
    was = "States should designate points of contact within twelve months;"
    text = world["XA"].texts.open(room, "Draft", paragraphs=[{"section": "OP", "label": "OP 1", "words": was, "status": "open"}])
    world.exchange()
    par = world["XB"].texts.outline(text)[1].id
    changes = {"XA": "shall", "XB": "are encouraged to", "XG": "may"}
    made = {code: world[code].texts.propose_words(text, par, was.replace("should", new))[0] for code, new in changes.items()}
    world.exchange(rounds=6)
    world["XA"].texts.take(text, made["XB"])
    late = "States should designate points of contact within six months;"
    world["XG"].texts.propose_words(text, par, late, "made before the pen's decision was seen")
    world.exchange(rounds=6)
    for desk in world.desks.values():
        view = desk.texts.paragraph(text, par)
        assert view.paragraph.words == was.replace("should", "are encouraged to")
        kept = {one.id: one for one in view.proposals}
        assert set(made.values()) <= kept.keys() and len(kept) == 4
        assert kept[made["XB"]].state == "accepted"
        assert {kept[made[code]].words for code in ("XA", "XG")} == {"shall", "may"}
        assert any("six" in one.words for one in view.proposals)
    assert len({str(desk.texts.proof(text)) for desk in world.desks.values()}) == 1


def test_c1_no_amount_of_rubbish_keeps_a_lost_key_from_being_asked_for(world: World) -> None:
    """C1: anybody can lay envelopes of unknown sessions into the folder; the one that matters is still asked for."""
    room = h.talk(world)
    rubbish = [
        envelope.seal_content(random.Random(n).randbytes(32), random.Random(-n).randbytes(16), b"nothing") for n in range(400)]
    victim = world["XB"]
    h.give(victim, *rubbish)
    sent = world["XA"].messages.send(room, "its key was lost")
    world["XA"].exchange.now()
    with victim.context.write() as tx:
        tx.run("delete from session_in")
        tx.run("delete from olm")
    victim.exchange.forget()
    world.exchange(rounds=20, pause=61_000)
    assert [one.body for one in victim.messages.page(room, sent, 0, 9)] == ["its key was lost"]


def test_the_table_names_tests_that_exist() -> None:
    here = Path(__file__).parent
    text = (here / "README.md").read_text("utf-8")
    lines = [one for one in text.splitlines() if one.startswith("| C")]
    assert [one.split("|")[1].strip() for one in lines] == [
        "C1", "C2", "C3", "C4", "C6", "C7", "C8", "C9", "C10", "C11", "C12", "C13", "C14", "C15", "C16",
        "C17"]  # fmt: skip
    failures = [one for one in text.partition("## Which test holds which failure")[2].splitlines() if one.startswith("| ")][1:]
    assert len(failures) == 23
    for one in lines + failures:
        path = here
        for named in re.findall(r"`([^`]+)`", one):
            file, _, test = named.partition("::")
            if file:
                path = here.parent / file if "/" in file else here / file
            assert path.exists(), named
            assert not test or f"def {test}(" in path.read_text("utf-8"), named


def test_c3_a_damaged_vault_is_rescued_and_never_erased(tmp_path: Path) -> None:
    """C3: the disk spoils the file after a power loss; unlocking says so, and what verifies of it and of the daily copy opens."""
    made = World(tmp_path, ("XA", "XB"))
    room = made.room("bilateral")
    for n in range(3):
        made["XA"].messages.send(room, f"message {n}", for_the_record=True)
    made.exchange()
    desk = made["XA"]
    assert desk.copies.check_now() == () and desk.copies.state().good_at > 0
    desk.messages.send(room, "after the copy", for_the_record=True)
    made.exchange(4, 30_000)
    desk.store.checkpoint()
    desk.store.abandon()
    database = tmp_path / "XA" / "vault.db"
    data = bytearray(database.read_bytes())
    for page in range(3, len(data) // 4096, 2):
        data[page * 4096 + 77] ^= 1
    database.write_bytes(data)
    with pytest.raises(Damaged):
        made.gate("XA").unlock(bytearray(PASSPHRASE))
    made.gate("XA").salvage(bytearray(PASSPHRASE))
    assert bytes(data) == (tmp_path / "XA" / "vault.db.damaged-1").read_bytes()
    desk = made.desks["XA"] = made.gate("XA").unlock(bytearray(PASSPHRASE))
    made.exchange(10, 30_000)
    said = {one.body for thread in desk.messages.threads(room) for one in desk.messages.page(room, thread.id, 0, 99)}
    assert said == {"message 0", "message 1", "message 2", "after the copy"}
    made.close()


def test_c13_damage_is_found_within_a_day_and_told(tmp_path: Path) -> None:
    """C13: nobody asks for it: the rounds of the exchange check everything once a day, and what is wrong is due."""
    made = World(tmp_path, ("XA",))
    desk = made["XA"]

    def a_day(act: Callable[[], object]) -> None:
        made.clock.advance(24 * 3600 * 1000)
        for _ in range(200):
            act()

    a_day(desk.exchange.now)
    sound = desk.copies.state()
    assert sound.checked_at and sound.problems == () and sound.good_at
    desk.store.checkpoint()
    database = tmp_path / "XA" / "vault.db"
    with database.open("r+b") as file:
        file.seek(-4096 + 100, 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    a_day(desk.copies.tend)  # what a round of the exchange ends with; its other parts may need the page that is spoilt
    found = desk.copies.state()
    assert found.checked_at > sound.checked_at and "pages" in found.problems and found.good_at == sound.good_at
    assert "check.failed" in {one.line for one in desk.copies.due()}
    desk.store.abandon()
