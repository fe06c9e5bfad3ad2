"""Two delegations that hold nothing but each other's card with a pass find to each other over a real relay, and part again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.relay import joined
from tests.relay.generated import Generated, generated
from tests.world import World

from valise.operator import revoking
from valise.protocol import relaykit


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    with generated(tmp_path_factory.mktemp("relay"), {"XA": 1, "XB": 1}) as made:
        yield made


def test_first_contact_by_cards_alone(tmp_path: Path, relay: Generated) -> None:
    world = World(tmp_path, ("XA", "XB"), acquainted=False, clock=joined.clock())
    try:
        for code in ("XA", "XB"):
            world[code].exchange.drop_folder()
            world[code].relays.asking.aside = lambda: True  # as under a window: that nobody answers shows only after a while
            world[code].relays.join(relaykit.encode(relay.kits[code][0]))
        cards = {code: world[code].relays.card_for(other) for code, other in (("XA", "XB"), ("XB", "XA"))}
        world["XA"].contacts.import_card(cards["XB"])
        world["XB"].contacts.import_card(cards["XA"])
        room = world["XA"].rooms.create("bilateral", "", [world.id("XB")])
        world["XA"].messages.send(room, "by nothing but a card")
        joined.wait(world, lambda: joined.same(world, room) and bool(joined.bodies(world, "XB", room)), pause=61_000)
        joined.wait(world, lambda: all(settled(world, code) for code in ("XA", "XB")), pause=61_000)
        world["XB"].messages.send(room, "and back, by what was said in the room", for_the_record=True)
        joined.wait(world, lambda: joined.same(world, room) and joined.acknowledged(world), pause=61_000)
        assert len(joined.bodies(world, "XA", room)) == 2

        # the passes are to be taken back; nobody beside this relay does it by himself, and its operator takes a file
        file = tmp_path / "taken back"
        file.write_bytes(world["XA"].relays.revocation_file())
        said: list[str] = []
        assert revoking.revoke(relay.folder, str(file), "", said.append) == 1 and said[0].startswith("XA takes back 1 credential")
        world["XB"].messages.send(room, "the room's own still holds")
        joined.wait(world, lambda: len(joined.bodies(world, "XA", room)) == 3 and joined.acknowledged(world), pause=61_000)
    finally:
        world.close()


def settled(world: World, code: str) -> bool:
    """What was said in the room took the place of the pass, on both sides."""
    state = {one.told: one.state for one in world[code].relays.grants()}
    return state == {"card": "revoking", "room": "active"}
