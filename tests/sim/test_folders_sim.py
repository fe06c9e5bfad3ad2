"""The simulated copying program by itself, under the real folder carrier."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.sim.folders import CopiedFolder, Folders, Weather

from valise.carriers.abc import Parcel
from valise.domain.errors import Unavailable

ROUTE = b"r" * 16


class Reader:
    """What the engine does around a carrier, as far as it matters here."""

    def __init__(self, carrier: CopiedFolder) -> None:
        self.carrier = carrier
        self.stored: set[str] = set()
        self.got: list[bytes] = []

    def round(self) -> list[bytes]:
        batch = self.carrier.fetch(frozenset({ROUTE}), b"", 1000, self.stored.intersection)
        assert not batch.more
        self.stored.update(batch.seen)
        self.got += [blob for _, blob in batch.items]
        return [blob for _, blob in batch.items]


def folders(tmp_path: Path) -> tuple[Folders, CopiedFolder, Reader]:
    made = Folders(tmp_path, 1)
    watched: list[bytes] = []
    writer = made.carrier("XA", random.Random("XA").randbytes, watched.append)
    return made, writer, Reader(made.carrier("XB", random.Random("XB").randbytes, watched.append))


def put(writer: CopiedFolder, *words: bytes) -> frozenset[str]:
    return frozenset(writer.put([Parcel(random.Random(one).randbytes(16), (ROUTE,), one) for one in words]).places)


def test_what_one_writes_comes_to_the_others_late(tmp_path: Path) -> None:
    made, writer, reader = folders(tmp_path)
    made.weather = Weather(late=(5_000, 5_000))
    put(writer, b"one", b"two")
    made.advance(4_999)
    assert reader.round() == []
    made.advance(1)
    assert reader.round() == [b"one", b"two"] and reader.round() == []


def test_a_torn_file_is_not_yet_there_and_a_conflict_copy_is_nothing_new(tmp_path: Path) -> None:
    made, writer, reader = folders(tmp_path)
    made.weather = Weather(torn=1.0, mended=10_000, conflict=1.0, foreign=1.0)
    for n in range(8):
        put(writer, b"%d" % n)
    made.advance(0)
    assert len(list((tmp_path / "XB").rglob("*.vb"))) == 8 and reader.round() == []
    for _ in range(40):  # a file that was torn is looked at again more and more seldom
        made.advance(10_000)
        reader.round()
    assert set(reader.got) == {b"%d" % n for n in range(8)}
    assert len(list((tmp_path / "XB").rglob("*conflicted*"))) == 8
    assert len(list((tmp_path / "XB").rglob("*.vb"))) == 24  # and as many of a stranger's


def test_what_is_lost_never_comes_and_what_is_collected_goes_everywhere(tmp_path: Path) -> None:
    made, writer, reader = folders(tmp_path)
    made.weather = Weather(lost=1.0)
    put(writer, b"lost")
    made.weather = Weather()
    places = put(writer, b"there")
    made.advance(0)
    assert reader.round() == [b"there"]
    assert writer.collect_garbage({one: () for one in places}, (), 0) == places
    made.advance(0)
    assert list((tmp_path / "XB").rglob("*.vb")) == []


def test_who_is_cut_off_gets_it_afterwards_and_a_folder_that_is_away_says_so(tmp_path: Path) -> None:
    made, writer, reader = folders(tmp_path)
    made.cut_off("XB")
    put(writer, b"one")
    made.advance(60_000)
    assert reader.round() == []
    made.take_away("XB")
    with pytest.raises(Unavailable, match=r"carrier\.unreachable"):
        reader.round()
    made.rejoin()
    made.give_back()
    assert reader.round() == [b"one"]
    third = Reader(made.carrier("XC", random.Random("XC").randbytes, lambda blob: None))
    assert third.round() == [b"one"]  # whoever joins gets what lies there
    assert made.lose(1.0) == 1
    assert list(tmp_path.rglob("*.vb")) == []
