"""The folder carrier against everything a shared folder and its other users do to it."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from carrier_engine import Engine
from test_every_carrier import XA, XB, parcels

from valise.carriers import bundle
from valise.carriers.abc import Held, Outcome
from valise.carriers.folder import FolderCarrier
from valise.domain.errors import Unavailable


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange"
    folder.mkdir()
    FolderCarrier(folder).prepare()
    return folder


def bundles(root: Path) -> list[Path]:
    return sorted((root / "v1").rglob("*.vb"))


def test_a_put_is_one_bundle_with_a_name_time_and_size_that_tell_nothing(root: Path) -> None:
    sent = parcels(50)
    posted = FolderCarrier(root).put(sent)
    (path,) = bundles(root)
    assert re.fullmatch(r"v1/([0-9a-f]{2})/\1[0-9a-f]{30}\.vb", path.relative_to(root).as_posix())
    assert set(posted.places) == {path.stem}
    status = path.stat()
    assert status.st_mtime_ns == 0
    assert status.st_size in bundle.CLASSES
    assert [one.name for one in root.rglob("*.part")] == []
    assert bundle.decode(path.read_bytes()) == sent


def test_more_than_a_bundle_holds_becomes_several(root: Path) -> None:
    sent = parcels(70, size=256 * 1024)
    posted = FolderCarrier(root).put(sent)
    assert len(set(posted.places)) == len(bundles(root)) == 2
    assert Engine(FolderCarrier(root), XA).round(limit=1000) == 70


def test_the_same_id_in_one_put_is_a_duplicate(root: Path) -> None:
    one = parcels(1)[0]
    assert FolderCarrier(root).put([one, one]).outcomes == (Outcome.ACCEPTED, Outcome.DUPLICATE)


def test_what_is_made_has_the_mode_of_the_folder_whatever_the_umask(root: Path) -> None:
    root.chmod(0o2770)
    (root / "v1").chmod(0o2770)
    before = os.umask(0o077)
    try:
        FolderCarrier(root).put(parcels(1))
    finally:
        os.umask(before)
    (path,) = bundles(root)
    assert path.stat().st_mode & 0o7777 == 0o660
    assert path.parent.stat().st_mode & 0o7777 == 0o2770


KILLED = """
import os, signal, sys
from pathlib import Path
from valise.carriers import folder
from valise.carriers.abc import Parcel

step, seen = int(sys.argv[2]), 0
def die_before(module, name):
    real = getattr(module, name)
    def counted(*a, **k):
        global seen
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1
        if name == "write":
            return real(a[0], bytes(a[1][:3000]))   # a slow disk: some bytes at a time
        return real(*a, **k)
    setattr(module, name, counted)
carrier = folder.FolderCarrier(Path(sys.argv[1]), writer=b"w" * 32)
for name in ("mkdir", "open", "write", "fchmod", "fsync", "close", "rename"):
    die_before(os, name)
carrier.put([Parcel(bytes([n]) * 16, (b"\\1" * 16,), bytes([n]) * 4000) for n in range(4)])
print(seen)
"""


def killed_at(root: Path, step: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KILLED, str(root), str(step)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_kill_at_every_step_of_writing_leaves_nothing_half_visible(tmp_path: Path) -> None:
    step = whole = parts = 0
    while True:
        root = tmp_path / str(step)
        root.mkdir()
        FolderCarrier(root).prepare()
        result = killed_at(root, step)
        if result.returncode == 0:
            break
        assert result.returncode == -signal.SIGKILL, result.stderr
        for path in bundles(root):
            assert len(bundle.decode(path.read_bytes())) == 4
            whole += 1
        parts += len(list(root.rglob("tmp-*.part")))
        assert Engine(FolderCarrier(root), XA).round() in (0, 4)
        # A stranger leaves the remains alone, the writer removes its own.
        remains = list(root.rglob("tmp-*.part"))
        FolderCarrier(root, writer=b"x" * 32).collect_garbage({}, (), 0)
        assert list(root.rglob("tmp-*.part")) == remains
        FolderCarrier(root, writer=b"w" * 32).collect_garbage({}, (), 0)
        assert list(root.rglob("tmp-*.part")) == []
        step += 1
    assert step == int(result.stdout) > 15
    assert whole and parts


def test_torn_at_every_length_is_not_yet_and_then_is(root: Path) -> None:
    FolderCarrier(root).put(parcels(3, size=900))
    (path,) = bundles(root)
    data = path.read_bytes()
    reader = Engine(FolderCarrier(root), XA)
    for length in [*range(0, len(data), 97), *range(len(data) - 40, len(data))]:
        path.write_bytes(data[:length])
        assert reader.round() == 0
        assert path.exists()
    path.write_bytes(data)
    assert reader.round() == 3


def test_preallocated_and_filled_later_is_found_within_its_patience(root: Path) -> None:
    FolderCarrier(root).put(parcels(3))
    (path,) = bundles(root)
    data = path.read_bytes()
    with path.open("r+b") as file:
        file.write(bytes(len(data)))
    os.utime(path, ns=(0, 0))
    reader = Engine(FolderCarrier(root), XA)
    for _ in range(40):
        assert reader.round() == 0
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, ns=(0, 0))  # nothing in the folder tells that it changed
    assert any(reader.round() == 3 for _ in range(FolderCarrier.patience + 1))


def test_what_does_not_become_whole_is_not_read_at_every_round(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FolderCarrier(root).put(parcels(1))
    (path,) = bundles(root)
    path.write_bytes(bytes(len(path.read_bytes())))
    reads = []
    real = os.read
    monkeypatch.setattr(os, "read", lambda *a: reads.append(1) or real(*a))
    reader = Engine(FolderCarrier(root), XA)
    for _ in range(64):
        reader.round()
    assert 5 <= len(reads) <= 10


def test_foreign_files_links_pipes_and_giants_are_passed_over(root: Path, tmp_path: Path) -> None:
    carrier = FolderCarrier(root)
    carrier.put(parcels(2))
    (real,) = bundles(root)
    outside = tmp_path / "outside.vb"
    carrier_elsewhere = tmp_path / "elsewhere"
    carrier_elsewhere.mkdir()
    FolderCarrier(carrier_elsewhere).prepare()
    FolderCarrier(carrier_elsewhere).put(parcels(5, seed=9))
    outside.write_bytes(bundles(carrier_elsewhere)[0].read_bytes())
    shard = real.parent
    beginning = real.name[:2]
    (shard / f"{beginning}{'a' * 30}.vb").symlink_to(outside)
    os.mkfifo(shard / f"{beginning}{'b' * 30}.vb")
    with (shard / f"{beginning}{'c' * 30}.vb").open("wb") as giant:
        giant.truncate(1 << 40)
    with (shard / f"{beginning}{'d' * 30}.vb").open("wb") as sparse:
        sparse.truncate(16 << 20)
    (shard / f"{beginning}{'e' * 30}.vb").mkdir()
    (shard / "notes.txt").write_text("x")
    (shard / ".DS_Store").write_text("x")
    (shard / "photo.vb").write_bytes(outside.read_bytes())
    (shard / os.fsdecode(b"\xff\xfe.vb")).write_bytes(b"x")
    (root / "v1" / "desktop.ini").write_text("x")
    (root / "v1" / ("ff" if beginning != "ff" else "fe")).symlink_to(bundles(carrier_elsewhere)[0].parent)
    before = sorted(root.rglob("*"))
    reader = Engine(carrier, XA)
    assert reader.round() == 2
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    "name", ["{}.sync-conflict-20260101-120000-ABCDEFG.vb", "{} (conflicted copy).vb", "{} (2).vb", "Copy of {}.vb"]
)
def test_conflict_copies_are_read_and_shown_once(root: Path, name: str) -> None:
    FolderCarrier(root).put(parcels(4))
    (path,) = bundles(root)
    (path.parent / name.format(path.stem)).write_bytes(path.read_bytes())
    reader = Engine(FolderCarrier(root), XA)
    assert reader.round() == 4
    assert reader.shown == 4
    path.unlink()
    other = Engine(FolderCarrier(root), XA)
    assert other.round() == 4


def test_another_blob_under_a_known_id_cannot_suppress_the_first(root: Path) -> None:
    (true,) = parcels(1)
    false = type(true)(true.id, true.routes, b"forged")
    FolderCarrier(root).put([true])
    FolderCarrier(root).put([false])
    batch = Engine(FolderCarrier(root), XA).fetch()
    assert sorted(blob for _, blob in batch.items) == sorted([true.blob, b"forged"])


def test_an_older_file_that_arrives_late_is_new(root: Path) -> None:
    writer = FolderCarrier(root)
    for seed in range(20):
        writer.put(parcels(1, seed=seed))
    late = bundles(root)[0]
    data = late.read_bytes()
    late.unlink()
    reader = Engine(FolderCarrier(root), XA)
    assert reader.round() == 19
    for path in (root / "v1", *(root / "v1").iterdir()):
        os.utime(path, ns=(0, 0))
    late.write_bytes(data)
    os.utime(late.parent, ns=(0, 0))
    assert reader.restarted(FolderCarrier(root)).round() == 1
    assert reader.round() == 1


def test_nothing_consumed_is_opened_again_not_even_after_a_restart(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(30):
        FolderCarrier(root).put(parcels(2, XA if seed % 2 else XB, seed=seed))
    reader = Engine(FolderCarrier(root), XA)
    reader.round()
    opened: list[Any] = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *a, **k: opened.append(str(path)) or real(path, *a, **k))
    reader.round()
    reader.restarted(FolderCarrier(root)).round()
    assert opened
    assert not [name for name in opened if name.endswith(".vb")]


def test_a_bundle_for_others_is_passed_over_by_its_head_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FolderCarrier(root).put(parcels(8, XB, size=200_000))
    octets = []
    real = os.read

    def counted(handle: int, count: int) -> bytes:
        data = real(handle, count)
        octets.append(len(data))
        return data

    monkeypatch.setattr(os, "read", counted)
    batch = Engine(FolderCarrier(root), XA).fetch()
    assert len(batch.seen) == 1
    assert sum(octets) <= 4096


def test_seen_names_are_known_by_heart_only_when_the_engine_says_so(root: Path) -> None:
    """The whole of "done" is the engine's commit: a batch it forgot comes again, in the same process."""
    FolderCarrier(root).put(parcels(5))
    reader = Engine(FolderCarrier(root), XA)
    reader.fetch()
    reader.fetch()
    assert reader.round() == 5


def test_work_in_one_call_is_bounded_and_the_round_still_ends(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FolderCarrier, "files_in_a_fetch", 3)
    monkeypatch.setattr(FolderCarrier, "troubles_remembered", 2)
    for seed in range(20):
        FolderCarrier(root).put(parcels(1, seed=seed))
    for number, path in enumerate(bundles(root)):
        if number % 2:
            path.write_bytes(bytes(4096))
    reader = Engine(FolderCarrier(root), XA)
    calls = 0
    while reader.cursor or not calls:
        batch = reader.fetch()
        assert len(batch.seen) <= 3
        reader.commit(batch)
        calls += 1
        assert calls < 20
    assert len(reader.got) == 10


def test_two_writers_and_their_garbage(root: Path) -> None:
    ours, theirs = FolderCarrier(root, writer=b"o" * 32), FolderCarrier(root, writer=b"t" * 32)
    mine, other = parcels(3, seed=1), parcels(3, seed=2)
    posted = [ours.put([one]) for one in mine]
    for one in other:
        theirs.put([one])
    own = {answer.places[0]: [Held(one.id, 10**15)] for one, answer in zip(mine, posted, strict=True)}
    gone = ours.collect_garbage(own, {one.id for one in mine[:2]}, 0)
    assert gone == {answer.places[0] for answer in posted[:2]}
    reader = Engine(FolderCarrier(root), XA)
    reader.round()
    assert set(reader.got) == {one.id for one in [mine[2], *other]}
    assert ours.collect_garbage(dict.fromkeys(gone, ()), (), 0) == gone  # already gone is gone


@pytest.mark.parametrize("place", ["../../../outside", "", "..", "aa/../../x", "A" * 32, "a" * 31, "a" * 32 + "\n"])
def test_garbage_names_cannot_lead_out_of_the_folder(root: Path, place: str) -> None:
    assert FolderCarrier(root).collect_garbage({place: []}, (), 0) == frozenset()


def test_stored_names_of_what_is_gone_can_be_forgotten(root: Path) -> None:
    for seed in range(4):
        FolderCarrier(root).put(parcels(1, seed=seed))
    reader = Engine(FolderCarrier(root), XA)
    reader.round()
    assert reader.carrier.gone(reader.routes, reader.stored) == frozenset()
    for path in bundles(root)[:3]:
        path.unlink()
    gone = reader.carrier.gone(reader.routes, reader.stored)
    assert len(gone) == 3
    reader.stored -= gone
    assert reader.round() == 0
    assert reader.shown == 4


def test_a_missing_share_is_unreachable_and_never_made_good(tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    for make in (lambda: None, mount.mkdir):  # nothing there; an empty mount point
        make()
        carrier = FolderCarrier(mount)
        for call in (
            lambda c=carrier: c.put(parcels(1)),
            lambda c=carrier: c.fetch(frozenset({XA}), b"", 1, lambda names: ()),
            lambda c=carrier: c.collect_garbage({"a" * 32: []}, (), 0),
            lambda c=carrier: c.gone(frozenset({XA}), ["a"]),
        ):
            with pytest.raises(Unavailable) as caught:
                call()
            assert caught.value.code == "carrier.unreachable"
            assert str(mount) not in str(caught.value)
            assert caught.value.__cause__ is None
    assert list(mount.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "carrier.full"),
        (errno.EDQUOT, "carrier.full"),
        (errno.EIO, "carrier.unreachable"),
        (errno.EROFS, "carrier.unreachable"),
        (errno.EACCES, "carrier.unreachable"),
    ],
)
@pytest.mark.parametrize("call", ["open", "write", "fsync", "rename", "mkdir"])
def test_a_failure_at_any_call_is_ours_and_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: str
) -> None:
    def fail(*arguments: Any, **named: Any) -> Any:
        if call == "open" and not arguments[1] & os.O_CREAT:
            return real(*arguments, **named)
        raise OSError(number, "no", "/secret/place")

    real = getattr(os, call)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(Unavailable) as caught:
            FolderCarrier(root).put(parcels(1))
    assert caught.value.code == code
    assert "secret" not in str(caught.value)
    assert not [path for path in root.rglob("*") if path.is_file()]
    assert FolderCarrier(root).put(parcels(1)).outcomes == (Outcome.ACCEPTED,)


def test_a_folder_that_fills_up_takes_the_first_part(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = parcels(70, size=256 * 1024)
    real, renamed = os.rename, []

    def once(*arguments: Any, **named: Any) -> None:
        if renamed:
            raise OSError(errno.ENOSPC, "full")
        renamed.append(1)
        real(*arguments, **named)

    monkeypatch.setattr(os, "rename", once)
    posted = FolderCarrier(root).put(sent)
    taken = sum(outcome is Outcome.ACCEPTED for outcome in posted.outcomes)
    assert 0 < taken < 70
    assert set(posted.outcomes[taken:]) == {Outcome.FULL}
    assert all(posted.places[:taken])
    assert not any(posted.places[taken:])
    assert Engine(FolderCarrier(root), XA).round(1000) == taken


def test_one_unreadable_part_does_not_hide_the_rest(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(6):
        FolderCarrier(root).put(parcels(1, seed=seed))
    bad = bundles(root)[0].parent.name
    lost = sum(path.parent.name == bad for path in bundles(root))
    real = os.open

    def fail(path: Any, *arguments: Any, **named: Any) -> int:
        if path == bad:
            raise OSError(errno.EIO, "decay")
        return real(path, *arguments, **named)

    reader = Engine(FolderCarrier(root), XA)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", fail)
        assert reader.round() == 6 - lost
        with pytest.raises(Unavailable):
            reader.round()
    assert reader.round() == lost


def test_names_in_the_folder_are_random_alone(root: Path) -> None:
    for _ in range(3):
        FolderCarrier(root, writer=b"w" * 32).put(parcels(1))
    paths = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    assert all(re.fullmatch(r"v1(/[0-9a-f]{2}(/[0-9a-f]{32}\.vb)?)?", path) for path in paths)
    assert len({path for path in paths if path.endswith(".vb")}) == 3


@pytest.mark.soak
def test_a_hundred_thousand_names_are_listed_in_seconds(root: Path) -> None:
    import time

    FolderCarrier(root).put(parcels(1, XB))
    data = bundles(root)[0].read_bytes()
    for number in range(256):
        (root / "v1" / f"{number:02x}").mkdir(exist_ok=True)
    for number in range(100_000):
        name = f"{number % 256:02x}{number:030x}"
        (root / "v1" / name[:2] / f"{name}.vb").write_bytes(data)
    reader = Engine(FolderCarrier(root), XA)
    reader.round()
    assert len(reader.stored) == 100_001
    for engine, most in ((reader, 6.0), (reader, 3.0), (reader.restarted(FolderCarrier(root)), 6.0)):
        before = time.process_time()
        assert engine.round() == 0
        assert time.process_time() - before < most
