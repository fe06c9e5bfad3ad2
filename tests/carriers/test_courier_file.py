"""The courier's file against sticks that cut, flip, fill up and fail."""

from __future__ import annotations

import errno
import os
import re
import secrets
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_every_carrier import XA, XB, parcels

from valise.carriers import bundle, courier, courier_writing
from valise.carriers.abc import Parcel, names
from valise.carriers.courier import Front, Source
from valise.carriers.courier_writing import Filler, Writing, Written, places_for
from valise.domain.errors import Damaged, Refused, Unavailable
from valise.protocol import manifest

WRITER = b"w" * 32
OURS = frozenset({XA})


def quiet(done: int, total: int) -> None:
    """Nobody looks."""


def write(folder: Path, *parts: list[Parcel], manifests: int = 1, writer: bytes = WRITER) -> Written:
    with Writing(folder, writer, places_for(0), manifests) as out:
        for part in parts:
            out.add(part)
        return out.finish([secrets.token_bytes(courier.MANIFEST) for _ in range(manifests)], quiet)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


def items(some: list[Parcel]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((one.id, one.blob) for one in some)


def found(path: Path) -> list[courier.Part]:
    with Source.open(path) as source:
        assert source.front is not None
        return [source.part(number, OURS) for number in range(len(source.front.lines))]


def test_the_format_is_not_a_carrier_and_knows_how_large_a_manifest_is() -> None:
    assert not {"courier", "courier_writing"} & set(names())
    assert courier.MANIFEST == manifest.SIZE


def test_a_file_whose_name_time_and_size_tell_nothing(stick: Path) -> None:
    stick.chmod(0o770)
    first, second = parcels(20), parcels(3, seed=5)
    before = os.umask(0o077)
    try:
        made = write(stick, first, second, manifests=3)
    finally:
        os.umask(before)
    assert re.fullmatch(r"[0-9a-f]{32}\.valise", made.place.name)
    assert os.listdir(stick) == [made.place.name]
    status = made.place.stat()
    assert (status.st_mtime_ns, status.st_size, status.st_mode & 0o777) == (0, made.size, 0o660)
    assert made.size == courier.size_class(made.size) and made.size in bundle.CLASSES
    whole = subprocess.run(["sha256sum", made.place], capture_output=True, text=True, check=True).stdout
    assert whole.split()[0] == made.digest
    with Source.open(made.place) as source:
        assert (source.kind, source.damaged, source.problem) == ("bundle", False, "")
        assert source.front is not None and len(source.front.manifests) == 3 and source.padded()
        assert source.part(0, OURS).items == items(first)
        assert source.part(1, OURS).items == items(second)
    assert names_in(made.place) == set()


def names_in(path: Path) -> set[bytes]:
    """Words in the clear: none but the marks of the format and the addressed mailboxes."""
    found = set(re.findall(rb"[ -~]{6,}", path.read_bytes()))
    return {one for one in found if b"VALISE" not in one and b"VLSB" not in one and len(one) > 14}


def test_what_is_for_others_is_passed_over_by_its_heads(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = write(stick, parcels(40, size=60_000))
    read: list[int] = []
    real = os.read
    with Source.open(made.place) as source:
        monkeypatch.setattr(os, "read", lambda handle, count: read.append(count) or real(handle, count))
        part = source.part(0, frozenset({b"\x77" * 16}))
    assert (part.state, part.ours, part.others, part.items) == ("passed", 0, True, ())
    assert sum(read) <= bundle.CLASSES[0] < made.size // 100


def test_bodies_are_not_read_when_they_are_not_asked_for(stick: Path) -> None:
    made = write(stick, [*parcels(6), *(Parcel(one.id, (XA, XB), one.blob) for one in parcels(1, seed=3))])
    with Source.open(made.place) as source:
        part = source.part(0, OURS, bodies=False)
        assert (part.state, part.ours, part.others, part.items) == ("passed", 7, True, ())
        assert source.part(0, frozenset({XA, XB})).others is False
        assert len(source.part(0, frozenset(), everything=True).items) == 7


@pytest.mark.parametrize("size", [1, 4_096, 4_097, 16 << 20, (16 << 20) + 1, 23_000_000, 1 << 30, (1 << 30) + 1, 3 << 30])
def test_sizes_are_classes_that_cost_little(size: int) -> None:
    made = courier.size_class(size)
    assert made >= size and courier.size_class(made) == made
    if size > 4_096:
        assert made <= size * (3 / 2 if size <= 16 << 20 else 9 / 8) + 1


def test_a_part_is_filled_up_and_no_further() -> None:
    filler, full = Filler(), []
    some = parcels(100, size=200_000)
    for one in some:
        if part := filler.add(one):
            full.append(part)
    full.append(filler.take())
    assert [one for part in full for one in part] == some
    assert all(len(bundle.encode(part)) <= courier_writing.PART for part in full)
    assert min(sum(len(one.blob) for one in part) for part in full[:-1]) > courier_writing.PART - 250_000
    assert filler.parcels == []


def test_a_part_holds_no_more_parcels_than_a_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "PARCELS_LIMIT", 10)
    filler = Filler()
    assert [len(part) for one in parcels(25) if (part := filler.add(one))] == [10, 10]
    assert len(filler.take()) == 5


def test_there_are_places_for_what_is_to_come(stick: Path) -> None:
    for octets in (0, 1, 30 << 20, 500 << 20, 2_900 << 20):
        assert places_for(octets) in courier.PLACES
        assert places_for(octets) * courier_writing.PART > octets
    with Writing(stick, WRITER, 16, 0) as out:
        for number in range(16):
            assert out.full is (number + courier_writing.ROOM > 16)
            out.add(parcels(1))
        with pytest.raises(ValueError, match="places"):
            out.add(parcels(1))
        with pytest.raises(ValueError, match="manifests"):
            out.finish([b""], quiet)
    with Writing(stick, WRITER, 1_024, 0) as out:
        assert not out.full
        out._octets = courier.LARGEST - (8 << 20)
        assert out.full


# -- every cut, every flipped byte


@pytest.fixture
def small(stick: Path, request: pytest.FixtureRequest) -> tuple[Path, Front, list[list[Parcel]]]:
    """Two parts; without a manifest, which is only bytes here, since every byte is tried."""
    sent = [parcels(2, size=300), parcels(1, size=200, seed=7)]
    path = write(stick, *sent, manifests=getattr(request, "param", 0)).place
    with Source.open(path) as source:
        assert source.front is not None
        return path, source.front, sent


def checked(path: Path, sent: list[list[Parcel]], hurt: set[int]) -> None:
    """It is noticed, and every part that was not hurt comes in."""
    with Source.open(path) as source:
        assert source.kind == "bundle" and source.front is not None
        parts = [source.part(number, OURS) for number in range(len(source.front.lines))]
        for number, part in enumerate(parts):
            if number in hurt:
                assert part.state == "torn" and part.items == ()
            else:
                assert part.state == "whole" and part.items == items(sent[number])
        assert source.damaged or hurt or not source.padded()


def test_cut_at_every_byte(small: tuple[Path, Front, list[list[Parcel]]]) -> None:
    path, front, sent = small
    ends = [one.start + one.size for one in front.lines]
    for length in range(front.size - 1, -1, -1):
        os.truncate(path, length)
        if length >= len(front.raw):
            checked(path, sent, {number for number, end in enumerate(ends) if end > length})
            continue
        with Source.open(path) as source:
            assert source.front is None
            assert (source.kind, source.problem) == (("torn", "carrier.torn") if length else ("not_bundle", ""))


def flipped(path: Path, front: Front, sent: list[list[Parcel]], bits: Callable[[int], list[int]]) -> None:
    data = path.read_bytes()
    with path.open("r+b", buffering=0) as file:
        for at in range(len(data)):
            hurt = {number for number, one in enumerate(front.lines) if one.start <= at < one.start + one.size}
            for bit in bits(at):
                file.seek(at)
                file.write(bytes((data[at] ^ (1 << bit),)))
                checked(path, sent, hurt)
            file.seek(at)
            file.write(data[at : at + 1])
    assert path.read_bytes() == data


def test_one_bit_flipped_in_every_byte(small: tuple[Path, Front, list[list[Parcel]]]) -> None:
    flipped(*small, lambda at: [at % 8])


@pytest.mark.soak
@pytest.mark.parametrize("small", [2], indirect=True)
def test_every_bit_flipped(small: tuple[Path, Front, list[list[Parcel]]]) -> None:
    flipped(*small, lambda at: list(range(8)))


def test_both_fronts_gone_is_torn_and_nothing_else(small: tuple[Path, Front, list[list[Parcel]]]) -> None:
    path, front, _ = small
    data = bytearray(path.read_bytes())
    for at in (0, front.size - courier.END.size - 100):
        data[at] ^= 1
    path.write_bytes(data)
    with Source.open(path) as source:
        assert (source.kind, source.front, source.problem) == ("torn", None, "carrier.torn")


def test_something_added_is_noticed(small: tuple[Path, Front, list[list[Parcel]]]) -> None:
    path, _, sent = small
    with path.open("ab") as file:
        file.write(b"\0")
    checked(path, sent, set())
    with Source.open(path) as source:
        assert source.damaged


def test_another_valid_part_in_its_place_is_torn(small: tuple[Path, Front, list[list[Parcel]]]) -> None:
    path, front, sent = small
    data = bytearray(path.read_bytes())
    other = bundle.encode(parcels(2, size=300, seed=99))
    line = front.lines[0]
    assert len(other) == line.size
    data[line.start : line.start + line.size] = other
    path.write_bytes(data)
    checked(path, sent, {0})


# -- each check of the front, on one that is otherwise sound


def built(start: bytes, rest: bytes = b"") -> bytes:
    body = start + rest
    return body + courier.digest(b"valise/front/1", body)


def table(magic: bytes = courier.MAGIC, version: int = 1, zero: int = 0, manifests: int = 0, places: int = 16,
          parts: int = 0, lines: bytes = b"") -> bytes:  # fmt: skip
    start = courier.START.pack(magic, version, zero, manifests, places, parts)
    return start + lines.ljust(places * courier.LINE.size, b"\0")


LINE = courier.LINE.pack(bundle.CLASSES[0], b"d" * 32)
LARGE = courier.LINE.pack(bundle.LARGEST, b"d" * 32)


def test_a_sound_front_is_read() -> None:
    made = courier.read_front(built(table(parts=1, lines=LINE, manifests=1), b"m" * courier.MANIFEST))
    assert [one.size for one in made.lines] == [bundle.CLASSES[0]] and made.manifests == (b"m" * courier.MANIFEST,)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "carrier.torn"),
        (courier.MAGIC + b"\1", "carrier.torn"),
        (built(table(magic=b"VALISE-D")), "carrier.torn"),
        (built(table(version=0)), "carrier.torn"),
        (built(table(version=2)), "courier.newer"),
        (built(table(zero=1)), "carrier.torn"),
        (built(table(manifests=courier.MANIFESTS + 1), bytes((courier.MANIFESTS + 1) * courier.MANIFEST)), "carrier.torn"),
        (built(table(places=17)), "carrier.torn"),
        (built(table(parts=17, lines=LINE * 16)), "carrier.torn"),
        (built(table(parts=0, lines=LINE)), "carrier.torn"),
        (built(table(parts=1, lines=courier.LINE.pack(0, b"d" * 32))), "carrier.torn"),
        (built(table(parts=1, lines=courier.LINE.pack(4_095, b"d" * 32))), "carrier.torn"),
        (built(table(parts=0, lines=courier.LINE.pack(0, b"d" * 32))), "carrier.torn"),
        (built(table(parts=0, lines=courier.LINE.pack(4_096, bytes(32)))), "carrier.torn"),
        (built(table(places=256, parts=192, lines=LARGE * 192)), "carrier.torn"),
        (built(table()) + b"\0", "carrier.torn"),
        (built(table())[:-1], "carrier.torn"),
        (table() + bytes(32), "carrier.torn"),
    ],
)  # fmt: skip
def test_each_check_of_a_front(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as caught:
        courier.read_front(data)
    assert caught.value.code == code


def test_the_largest_file_that_is_read() -> None:
    assert courier.read_front(built(table(places=256, parts=191, lines=LARGE * 191))).size == courier.LARGEST


def tail(path: Path, change: Callable[[bytearray], None]) -> Source:
    """The file with a broken beginning, and its end changed."""
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    change(data)
    path.write_bytes(data)
    return Source.open(path)


def at_end(data: bytearray, value: bytes, length: bytes = b"") -> None:
    """Another end, as sound as it can be made."""
    data[-courier.END.size :] = value


@pytest.mark.parametrize(
    "change",
    [
        lambda data: at_end(data, b"VALISE-F" + bytes(data[-36:])),
        lambda data: at_end(data, bytes(data[-44:-36]) + (5).to_bytes(4, "big") + bytes(data[-32:])),
        lambda data: at_end(data, bytes(data[-44:-36]) + (1 << 31).to_bytes(4, "big") + bytes(data[-32:])),
        lambda data: at_end(data, bytes(data[-44:-32]) + bytes(32)),
        lambda data: data.insert(len(data) - 3_000, 0),
    ],
)
def test_each_check_of_the_end(small: tuple[Path, Front, list[list[Parcel]]], change: Callable[[bytearray], None]) -> None:
    with tail(small[0], change) as source:
        assert source.front is None and source.kind == "torn"


def test_the_end_serves_where_the_beginning_is_lost(small: tuple[Path, Front, list[list[Parcel]]]) -> None:
    path, front, sent = small
    with tail(path, lambda data: data.__setitem__(slice(0, 512), bytes(512))) as source:
        assert source.front == front and source.damaged
    checked(path, sent, set())


def test_written_by_a_newer_version(stick: Path) -> None:
    path = stick / "x.valise"
    path.write_bytes(built(table(version=2)) + bytes(9_000))
    with Source.open(path) as source:
        assert (source.kind, source.problem) == ("torn", "courier.newer")


# -- what is no bundle


def test_links_pipes_folders_and_strangers(stick: Path) -> None:
    made = write(stick, parcels(1)).place
    (stick / "link").symlink_to(made)
    os.mkfifo(stick / "pipe")
    (stick / "folder").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises(Refused, match=r"courier\.not_bundle"):
            Source.open(stick / name)
    for name, data in (("empty", b""), ("photo.valise", os.urandom(50_000)), ("bundle", bundle.encode(parcels(1)))):
        (stick / name).write_bytes(data)
        with Source.open(stick / name) as source:
            assert (source.kind, source.front, source.problem) == ("not_bundle", None, "")
    for missing in (stick / "none", stick / "none" / "none"):
        with pytest.raises(Unavailable, match=r"carrier\.unreachable"):
            Source.open(missing)


def test_a_giant_costs_nothing(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    giant = stick / "giant.valise"
    giant.write_bytes(write(stick, parcels(1)).place.read_bytes()[:4_000])
    os.truncate(giant, courier.LARGEST + 1)
    read: list[int] = []
    real = os.read
    monkeypatch.setattr(os, "read", lambda handle, count: read.append(count) or real(handle, count))
    with Source.open(giant) as source:
        assert source.kind == "not_bundle"
    assert sum(read) < 100


def test_an_end_cannot_ask_for_more_than_a_front_has(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = stick / "x"
    with path.open("wb") as file:
        file.truncate(64 << 20)
        file.seek(-courier.END.size, os.SEEK_END)
        file.write(courier.END_MAGIC + (32 << 20).to_bytes(4, "big") + bytes(32))
    read: list[int] = []
    real = os.read
    monkeypatch.setattr(os, "read", lambda handle, count: read.append(count) or real(handle, count))
    with Source.open(path) as source:
        assert source.kind == "torn"
    assert sum(read) < 1_000


def test_another_file_that_took_the_name_is_not_deleted(stick: Path) -> None:
    path = write(stick, parcels(1)).place
    with Source.open(path) as source:
        path.rename(stick / "moved")
        path.write_bytes(b"somebody else's")
        with pytest.raises(Unavailable):
            courier.remove(path, source)
        assert path.exists()
        courier.remove(stick / "moved", source)
    assert not (stick / "moved").exists()


# -- a medium that fails


def failing(monkeypatch: pytest.MonkeyPatch, name: str, nth: int, code: int) -> list[int]:
    """The nth call of an os function fails, and every one after it (the stick is gone)."""
    real, count = getattr(os, name), [0]

    def call(*given: Any, **named: Any) -> Any:
        count[0] += 1
        if count[0] >= nth:
            raise OSError(code, "as asked")
        return real(*given, **named)

    monkeypatch.setattr(os, name, call)
    return count


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.ENODEV])
@pytest.mark.parametrize("name", ["open", "write", "lseek", "fsync", "rename", "listdir"])
def test_a_full_or_pulled_stick_leaves_nothing_under_a_bundle_s_name(stick: Path, name: str, code: int) -> None:
    nth = 1
    while True:
        with pytest.MonkeyPatch.context() as patch:
            count = failing(patch, name, nth, code)
            try:
                made = write(stick, parcels(3), parcels(2, seed=4))
                break
            except Unavailable as error:
                assert error.code == ("carrier.full" if code == errno.ENOSPC else "carrier.unreachable")
            except Damaged as error:
                assert error.code == "courier.readback"  # EIO on the way back
            assert count[0] >= nth
        assert list(stick.glob("*.valise")) == []
        nth += 1
    assert nth > 1
    assert os.listdir(stick) == [made.place.name]


def test_some_bytes_at_a_time(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data[:777])))
    made = write(stick, parcels(3))
    assert found(made.place)[0].items == items(parcels(3))


def test_a_stick_that_refuses_times_and_rights_will_do(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "fchmod", 1, errno.EPERM)
    assert found(write(stick, parcels(3)).place)[0].state == "whole"


@pytest.mark.parametrize("which", ["front", "part", "table", "zeros", "last", "short", "error"])
def test_what_reads_back_differently_is_named_and_has_no_bundle_s_name(
    stick: Path, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    front = courier.front_size(places_for(0), 1)
    at = {"front": 30, "part": front + 3_000, "table": front + 4_090, "zeros": front + 4_100, "last": -20}.get(which, 0)
    real = courier_writing.Writing._settle

    def settle(this: Writing) -> None:
        real(this)
        path = this._folder / this._part
        data = bytearray(path.read_bytes())
        data[at] ^= 4
        if which == "short":
            data.pop()
        if which != "error":
            path.write_bytes(data)

    monkeypatch.setattr(Writing, "_settle", settle)
    if which == "error":
        failing(monkeypatch, "read", 3, errno.EIO)
    with pytest.raises(Damaged) as caught:
        write(stick, parcels(3))
    (left,) = stick.iterdir()
    assert caught.value.code == "courier.readback" and left.name in caught.value.line
    assert left.name.startswith("tmp-")
    monkeypatch.undo()
    made = write(stick, parcels(3))
    assert os.listdir(stick) == [made.place.name]  # the next one of the same vault takes it away


def test_another_part_in_its_place_while_it_is_read_back(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = courier_writing.Writing._settle

    def settle(this: Writing) -> None:
        real(this)
        path = this._folder / this._part
        data = bytearray(path.read_bytes())
        other = bundle.encode(parcels(3, seed=50))
        start = courier.front_size(places_for(0), 1)
        data[start : start + len(other)] = other
        path.write_bytes(data)

    monkeypatch.setattr(Writing, "_settle", settle)
    with pytest.raises(Damaged):
        write(stick, parcels(3))


def test_it_is_read_from_the_medium_after_it_was_synced(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acts: list[str] = []
    for name in ("fsync", "posix_fadvise", "rename"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *given, name=name, real=real, **more: acts.append(name) or real(*given, **more))
    write(stick, parcels(1))
    assert acts == ["fsync", "posix_fadvise", "rename", "fsync"]


def test_progress_of_reading_back_ends_at_the_end(stick: Path) -> None:
    told: list[tuple[int, int]] = []
    with Writing(stick, WRITER, 16, 0) as out:
        out.add(parcels(4))
        made = out.finish([], lambda done, total: told.append((done, total)))
    assert told == sorted(told) and told[-1] == (made.size, made.size)


@pytest.mark.parametrize("state", ["torn", "unread"])
def test_one_bad_block_costs_one_part(stick: Path, monkeypatch: pytest.MonkeyPatch, state: str) -> None:
    sent = [parcels(3, size=2_000, seed=n) for n in range(5)]
    path = write(stick, *sent).place
    with Source.open(path) as source:
        assert source.front is not None
        bad = source.front.lines[2].start + 5_000
        real, place = os.read, [0]

        def seek(handle: int, to: int, how: int) -> int:
            place[0] = to
            return real_seek(handle, to, how)

        def read(handle: int, count: int) -> bytes:
            begin, data = place[0], real(handle, count)
            place[0] += len(data)
            if begin <= bad < begin + len(data):
                if state == "unread":
                    raise OSError(errno.EIO, "as asked")
                return bytes(len(data))
            return data

        real_seek = os.lseek
        monkeypatch.setattr(os, "lseek", seek)
        monkeypatch.setattr(os, "read", read)
        states = [source.part(number, OURS).state for number in range(5)]
        assert states == ["whole", "whole", state, "whole", "whole"]
        assert not source.damaged


def test_a_stick_pulled_while_it_is_read(stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(stick, *[parcels(2, seed=n) for n in range(4)]).place
    with Source.open(path) as source:
        assert source.part(0, OURS).state == "whole"
        failing(monkeypatch, "read", 1, errno.ENODEV)
        assert [source.part(number, OURS).state for number in (1, 2, 3)] == ["unread"] * 3
        assert not source.padded()
    with pytest.raises(Unavailable):
        Source.open(path)


# -- killed


KILLED = """
import os, signal, sys
from pathlib import Path
from valise.carriers.abc import Parcel
from valise.carriers.courier_writing import Writing

step, seen = int(sys.argv[2]), 0
def die_before(name):
    real = getattr(os, name)
    def counted(*a, **k):
        global seen
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1
        if name == "write":
            return real(a[0], bytes(a[1][:6000]))
        return real(*a, **k)
    setattr(os, name, counted)
for name in ("open", "write", "lseek", "fchmod", "fsync", "close", "rename"):
    die_before(name)
with Writing(Path(sys.argv[1]), b"w" * 32, 16, 1) as out:
    out.add([Parcel(bytes([n]) * 16, (b"\\1" * 16,), bytes([n]) * 2000) for n in range(4)])
    out.finish([bytes(3584)], lambda done, total: None)
print(seen)
"""


def killed_at(stick: Path, step: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED, str(stick), str(step)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def steps(stick: Path, chosen: Iterator[int]) -> None:
    stranger = b"x" * 32
    for step in chosen:
        result = killed_at(stick, step)
        if result.returncode == 0:
            return
        assert result.returncode == -signal.SIGKILL, result.stderr
        for path in stick.glob("*.valise"):
            with Source.open(path) as source:
                assert not source.damaged and source.part(0, frozenset({b"\1" * 16})).state == "whole"
            path.unlink()
        left = sorted(stick.iterdir())
        assert len(left) <= 1
        write(stick, parcels(1), writer=stranger).place.unlink()
        assert sorted(stick.iterdir()) == left  # a stranger leaves the remains alone, the writer removes its own
        write(stick, parcels(1)).place.unlink()
        assert list(stick.iterdir()) == []


def test_killed_at_some_steps_of_writing(stick: Path) -> None:
    whole = int(killed_at(stick, 10_000).stdout)
    for path in stick.iterdir():
        path.unlink()
    steps(stick, iter((2, whole // 2, whole - 4, whole - 2)))


@pytest.mark.soak
def test_killed_at_every_step_of_writing(stick: Path) -> None:
    steps(stick, iter(range(10_000)))


def test_the_folder_it_is_given_may_be_gone(stick: Path) -> None:
    with pytest.raises(Unavailable, match=r"carrier\.unreachable"):
        Writing(stick / "none", WRITER, 16, 0)
    (stick / "file").write_bytes(b"")
    with pytest.raises(Unavailable):
        Writing(stick / "file", WRITER, 16, 0)
    assert stat.S_ISREG((stick / "file").stat().st_mode)
