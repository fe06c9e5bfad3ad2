"""Messages between three delegations through the real path."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import World

from valise.desk import views
from valise.domain.errors import NotAllowed


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    made.close()


def bodies(world: World, code: str, room: str, thread: str) -> list[str]:
    return [one.body for one in world[code].messages.page(room, thread, 0, 100)]


@pytest.mark.parametrize("record", [False, True])
def test_a_message_reaches_everybody_once_and_is_acknowledged(world: World, record: bool) -> None:
    room = world.room()
    sent = world["XA"].messages.send(room, "We can join consensus on *OP 2*.", subject="OP 2", for_the_record=record)
    assert world["XA"].messages.one(sent).delivery == "waiting"
    world.exchange()
    for code in ("XA", "XB", "XG"):
        assert bodies(world, code, room, sent) == ["We can join consensus on *OP 2*."]
    mine = world["XA"].messages.one(sent)
    assert (mine.delivery, mine.delivery_line, mine.for_the_record) == ("delivered", "2/2", record)
    assert all(one.delivered_at > mine.sent_at for one in mine.receipts)
    theirs = world["XB"].messages.one(sent)
    assert theirs.received_at >= theirs.sent_at > 0
    world["XB"].messages.acknowledge(sent)
    world.exchange()
    assert world["XA"].messages.one(sent).delivery == "acknowledged"
    by = [one for one in world["XA"].messages.one(sent).receipts if one.acknowledged_at]
    assert [one.delegation for one in by] == [world.id("XB")]
    assert world["XA"].exchange.status().waiting == 0


def test_c2_nothing_is_forgotten_before_everybody_said_so(world: World) -> None:
    """Complaint C2: the outbox keeps a message until the end-to-end receipt of every device."""
    room = world.room()
    sent = world["XA"].messages.send(room, "kept")
    world["XA"].exchange.now()
    world["XB"].exchange.now()
    world["XB"].exchange.now()
    world["XA"].exchange.now()
    assert world["XA"].messages.one(sent).delivery_line == "1/2"
    assert world["XA"].rooms.one(room).waiting == 1
    # the share loses everything before the third has looked
    for file in world.share.rglob("*.vb"):
        file.unlink()
    world.clock.advance(10 * 60_000)
    world.exchange(rounds=6, pause=60_000)
    assert bodies(world, "XG", room, sent) == ["kept"]
    assert world["XA"].messages.one(sent).delivery_line == "2/2"
    assert bodies(world, "XB", room, sent) == ["kept"]


def test_c1_what_cannot_be_opened_is_kept_and_asked_for_again(tmp_path: Path) -> None:
    """Complaint C1: a lost key never means unable to decrypt for good. Nobody has started again here: who has, opens new
    sessions by himself."""
    world = World(tmp_path / "alive", alike=False)
    room = world.room()
    sent = world["XA"].messages.send(room, "sealed before its key came")
    desk = world["XB"]
    with desk.context.write() as tx:
        tx.run("delete from session_in")
        tx.run("delete from olm")
    desk.exchange.forget()
    world["XA"].exchange.now()
    desk.exchange.now()
    assert desk.exchange.status().sealed_waiting >= 1
    world.exchange(rounds=8, pause=61_000)
    assert desk.exchange.status().sealed_waiting == 0
    assert bodies(world, "XB", room, sent) == ["sealed before its key came"]
    world.close()


def test_attachment_travels_and_is_verified(world: World) -> None:
    room = world.room()
    data = os.urandom(400_000)
    file = world["XB"].messages.attach(room, "../annex.bin", data)
    assert file.name == "annex.bin"
    sent = world["XB"].messages.send(room, "see annex", attachments=[file.id])
    world.exchange(rounds=6)
    for code in ("XA", "XG"):
        (view,) = world[code].messages.one(sent).attachments
        assert view.ready and view.size == len(data)
        assert world[code].messages.attachment(file.id) == data


def test_lost_chunks_are_asked_for(world: World) -> None:
    room = world.room()
    data = os.urandom(300_000)
    file = world["XB"].messages.attach(room, "annex.bin", data)
    sent = world["XB"].messages.send(room, "see annex", attachments=[file.id])
    world["XB"].exchange.now()
    with world["XA"].context.write() as tx:
        pass
    world["XA"].exchange.now()
    with world["XA"].context.write() as tx:
        tx.run("delete from chunk where i in (1, 3)")
        tx.run("update attachment set have = (select count(*) from chunk)")
    assert not world["XA"].messages.one(sent).attachments[0].ready
    world.exchange(rounds=6, pause=30_000)
    assert world["XA"].messages.attachment(file.id) == data


def test_red_is_refused_to_a_group(world: World) -> None:
    room = world.room()
    with pytest.raises(NotAllowed, match=r"message\.red_to_group"):
        world["XA"].messages.send(room, "for one only", marking="TLP:RED")
    pair = world.room("bilateral", title="", members=("XA", "XB"))
    assert world["XA"].messages.send(pair, "for one only", marking="TLP:RED")


def test_a_draft_survives_the_window(world: World) -> None:
    room = world.room()
    draft = views.Draft(room, "", "OP 3", "half a sent", "TLP:AMBER", True, (), 0)
    world["XA"].messages.save_draft(draft)
    world.reopen("XA")
    found = world["XA"].messages.draft(room, "")
    assert found is not None and (found.subject, found.body, found.marking) == ("OP 3", "half a sent", "TLP:AMBER")
    world["XA"].messages.send(room, "whole sentence")
    assert world["XA"].messages.draft(room, "") is None


def test_unread_counts_what_a_person_has_not_seen(world: World) -> None:
    room = world.room()
    sent = world["XA"].messages.send(room, "one")
    world.exchange()
    assert world["XB"].rooms.one(room).unread == 1
    world["XB"].messages.seen(room, sent)
    assert world["XB"].rooms.one(room).unread == 0
    assert world["XA"].rooms.one(room).unread == 0


def test_what_is_unread_is_due_since_it_was_said(world: World) -> None:
    room = world.room()
    sent = world["XA"].messages.send(room, "Before noon.", subject="Hours")
    world.exchange()
    world.clock.advance(3 * 3_600_000)
    due = next(one for one in world["XB"].overview().due if one.line == "message.unread")
    assert due.at == world["XB"].messages.one(sent).sent_at < world.clock.now() - 2 * 3_600_000


def test_search_finds_messages_and_contacts(world: World) -> None:
    room = world.room()
    sent = world["XA"].messages.send(room, "Пункты связи 联络点 نقاط الاتصال")
    world.exchange()
    for words in ("пункты", "联络", "نقاط"):
        assert sent in [hit.ref for hit in world["XG"].search(words)]
    assert world.id("XB") in [hit.ref for hit in world["XA"].search("Borovia")]
