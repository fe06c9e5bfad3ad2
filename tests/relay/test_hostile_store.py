"""What becomes of a relay's store, by malice or by a bad disk, while envelopes lie in it: it is missed by who sent them."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest
from tests.relay import joined
from tests.relay.conftest import Talks

from valise.domain.errors import Unavailable


def store(talks: Talks) -> Path:
    return Path(talks.relay.plan.nodes[0].state) / "store"


def blocks(talks: Talks, code: str) -> list[Path]:
    """The files in which the messages of a stream lie."""
    found = sorted(store(talks).glob(f"jetstream/*/streams/{talks.stream(code)}/msgs/*.blk"))
    assert found
    return found


def says_while_away(talks: Talks, label: str, count: int = 6) -> tuple[str, ...]:
    """An envelope for each of them lies at the relay; whoever sent it was told that it was taken."""
    said = tuple(f"{label}, {number}" for number in range(count))
    talks.away("XB")
    for one in said:
        talks.say("XA", one)
        talks.put("XA")
    assert len(talks.operator("XB").read(talks.stream("XB"))) >= count
    assert not talks.world["XA"].exchange.carriage.troubles
    return said


def provisioned_again(talks: Talks) -> None:
    talks.relay.provision()
    talks._operators.clear()  # what he had seized is as it should be again


@pytest.mark.parametrize("there", ["while it is closed", "while it is open"])
def test_a_store_that_is_wiped_while_envelopes_wait(talks: Talks, there: str) -> None:
    """The numbers of messages begin anew, too: to a laptop that stayed open they look like those it has had."""
    said = says_while_away(talks, f"wiped {there}")
    if there == "while it is open":
        talks.back("XB")
        talks.healed(*said)
        said = (*said, "said while nobody fetched")
        talks.say("XA", said[-1])
        talks.put("XA")
    node = talks.relay.nodes[0]
    node.stop()
    shutil.rmtree(store(talks))
    node.start()
    provisioned_again(talks)
    if there == "while it is closed":
        talks.back("XB")
    after = tuple(f"after it was wiped {there}, {number}" for number in range(4))
    talks.say("XA", *after)
    talks.say("XB", f"an answer, {there}")
    talks.healed(*said, *after, f"an answer, {there}")


def test_a_store_that_is_wiped_and_not_made_again_is_trouble_that_shows(talks: Talks) -> None:
    said = says_while_away(talks, "wiped for good", 2)
    node = talks.relay.nodes[0]
    node.stop()
    shutil.rmtree(store(talks))
    node.start()
    talks.world.clock.advance(120_000)
    desk = talks.world["XA"]
    joined.wait(talks.world, lambda: bool(desk.exchange.status().problem), pause=20_000)
    served = next(one for one in desk.exchange.served() if one.code == "XB")
    assert served.why == "way.trouble" and served.problem and served.waiting
    assert not desk.exchange.status().reachable
    provisioned_again(talks)
    talks.back("XB")
    talks.healed(*said)


def records(block: bytes) -> list[tuple[int, int]]:
    """Begin and length of each. Records of the file store begin with their length (u32, the top bit says that there are
    headers)."""
    found, at = [], 0
    while at + 22 <= len(block) and 22 <= (length := int.from_bytes(block[at : at + 4], "little") & 0x7FFFFFFF) <= len(block) - at:
        found.append((at, length))
        at += length
    return found


def spoilt(block: bytes, how: str) -> bytes:
    """2.9.10 forgets all that follows a spoilt record; of an early one, more than its laptop has had."""
    if how.startswith("cut"):
        return block[: len(block) // 2 if how == "cut in half" else 0]
    held, data = records(block), bytearray(block)
    start, length = held[0 if how == "one bit in the first" else len(held) * 3 // 4]
    data[start + length // 2] ^= 16
    return bytes(data)


@pytest.mark.parametrize("how", ["cut in half", "cut to nothing", "one bit in the first", "one bit in one that waits"])
def test_files_of_the_store_that_are_spoilt_while_the_server_is_down(talks: Talks, how: str) -> None:
    said = says_while_away(talks, f"spoilt, {how}", 12)
    node = talks.relay.nodes[0]
    node.kill()
    for block in blocks(talks, "XB"):
        block.write_bytes(spoilt(block.read_bytes(), how))
    for index in (block.parent / "index.db" for block in blocks(talks, "XB")):
        index.unlink(missing_ok=True)
    node.start()
    if how.startswith("one bit"):  # a spoilt block is read rightly at the second start
        with pytest.raises(Unavailable, match=r"damaged; restart the server") if how.endswith("first") else suppress(Unavailable):
            provisioned_again(talks)
        node.kill()
        node.start()
    provisioned_again(talks)
    talks.back("XB")
    talks.healed(*said)


def test_a_store_put_back_from_an_old_copy(talks: Talks, tmp_path: Path) -> None:
    """What had been confirmed comes again, and what came since is gone."""
    said = says_while_away(talks, "in the copy", 3)
    node = talks.relay.nodes[0]
    node.stop()
    shutil.copytree(store(talks), tmp_path / "copy")
    node.start()
    talks.back("XB")
    talks.healed(*said)
    more = says_while_away(talks, "not in the copy", 3)
    node.stop()
    shutil.rmtree(store(talks))
    shutil.copytree(tmp_path / "copy", store(talks))
    node.start()
    talks.back("XB")
    talks.healed(*said, *more)
