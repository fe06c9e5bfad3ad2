"""Sticks that are full, pulled out or rotten, and processes that are killed: nothing is lost here, and nothing is doubled."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk.courier_hands import CONTENT, Gap, bodies, kept

from valise.carriers.courier import Source
from valise.carriers.courier_writing import Writing
from valise.desk import courier_take
from valise.domain.errors import Damaged, Unavailable, ValiseError
from valise.protocol import envelope
from valise.vault import courier as rows
from valise.vault.courier import Came

ROOT = Path(__file__).parents[2]


class Crash(BaseException):
    """The process ends here."""


@pytest.fixture
def gap(tmp_path: Path) -> Iterator[Gap]:
    made = Gap(tmp_path)
    yield made
    made.close()


def failing(patch: pytest.MonkeyPatch, name: str, nth: int, code: int) -> list[int]:
    """The nth call of an os function on the stick fails, and every one after it. The vault does not go through these."""
    real, count = getattr(os, name), [0]

    def call(*given: Any, **named: Any) -> Any:
        count[0] += 1
        if count[0] >= nth:
            raise OSError(code, "as asked")
        return real(*given, **named)

    patch.setattr(os, name, call)
    return count


@pytest.mark.parametrize(
    ("name", "nth", "code", "told"),
    [
        ("write", 1, errno.ENOSPC, "carrier.full"),
        ("write", 3, errno.ENOSPC, "carrier.full"),
        ("write", 2, errno.EIO, "carrier.unreachable"),
        ("fsync", 1, errno.ENOSPC, "carrier.full"),
        ("fsync", 1, errno.EIO, "carrier.unreachable"),
        ("rename", 1, errno.ENODEV, "carrier.unreachable"),
        ("fsync", 2, errno.ENODEV, "carrier.unreachable"),
        ("read", 2, errno.EIO, "courier.readback"),
    ],
)  # fmt: skip
def test_an_export_that_fails_loses_nothing(gap: Gap, name: str, nth: int, code: int, told: str) -> None:
    room = gap.bilateral()
    gap["XA"].messages.send(room, "hello")
    with gap["XA"].context.write() as tx:  # what is kept for the courier alone must outlive a failure too
        blob = envelope.seal_content(os.urandom(32), os.urandom(16), b"nobody opens it")
        tx.run("insert into courier_loose values (?,?,?,?,?)", (b"k" * 16, gap.id("XB"), gap["XB"].context.own.mailbox, blob, 1))
    with pytest.MonkeyPatch.context() as patch:
        failing(patch, name, nth, code)
        with pytest.raises((Unavailable, Damaged)) as caught:
            gap.write("XA", "XB")
    assert caught.value.code == told
    assert [one.name for one in gap.stick.glob("*.valise")] == []
    due = gap["XA"].courier.waiting()[0]
    assert (due.items, due.exported) == (1, 1)
    with gap["XA"].context.read() as handle:
        assert handle.rows("select 1 from courier_loose")
        assert handle.value("select max(put_at) from parcel where last > 1", (), 0) in (0, None)
    (came,) = gap.carry("XA", "XB")
    assert (came.kind, came.missing, came.problem) == ("new", (), "")  # the number of the one that failed is not missed
    assert bodies(gap["XB"], room) == ["hello"]
    assert list(gap.stick.glob("tmp-*")) == []


@pytest.mark.parametrize("step", ["sealed", "written", "begun", "named"])
def test_a_process_that_ends_between_two_steps_of_an_export(gap: Gap, step: str) -> None:
    room = gap.bilateral()
    gap["XA"].messages.send(room, "hello")

    def die(name: str) -> None:
        if name == step:
            raise Crash

    gap["XA"].courier.step = die
    with pytest.raises(Crash):
        gap.write("XA", "XB")
    gap["XA"].store.abandon()
    gap.desks["XA"] = gap.gate("XA").unlock(bytearray(b"correct horse for tests"))
    orphans = list(gap.stick.glob("*.valise"))
    assert len(orphans) == 0  # an exception takes even a named file away; a killed process cannot (see below)
    (came,) = gap.carry("XA", "XB")
    assert (came.kind, came.missing) == ("new", ()) and bodies(gap["XB"], room) == ["hello"]


KILLED = """
import os, signal, sys
from pathlib import Path
from tests.world import PASSPHRASE, Clock, FAST
from valise.carriers import abc
from valise.desk.gate import Gate

vault, stick, to, at, step, file = sys.argv[1:]
clock = Clock(int(at))
gate = Gate(Path(vault), clock=clock, make_carrier=lambda place, writer: abc.find("folder")(Path(place), writer),
            parser=lambda name, data: {}, entropy=os.urandom, kdf=FAST)
desk = gate.unlock(bytearray(PASSPHRASE))
left = [int(step)]
def count(*anything):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
desk.store._fault = lambda name: count() if name.startswith("commit") else None
desk.courier.step = count
if file:
    print(desk.courier.take(Path(file)).kind)
else:
    print(desk.courier.export(Path(stick), [to]).place)
"""


def killed(gap: Gap, code: str, other: str, step: int, file: str = "") -> subprocess.CompletedProcess[str]:
    """An export (or, with a file, an import) in a process of its own that dies at one step. The vault is closed meanwhile."""
    gap[code].close()
    command = [sys.executable, "-c", KILLED, str(gap.base / code), str(gap.stick), gap.id(other), str(gap.clock.now()), str(step), file]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'app'}"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    gap.clock.advance(1_000)
    gap.desks[code] = gap.gate(code).unlock(bytearray(b"correct horse for tests"))
    return done


def kills_of_exports(gap: Gap, steps: Iterator[int]) -> None:
    room = gap.bilateral()
    for sent, step in enumerate(steps):
        gap["XA"].messages.send(room, f"{sent:03}")
        done = killed(gap, "XA", "XB", step)
        for orphan in gap.stick.glob("*.valise"):
            assert gap["XB"].courier.take(orphan).problem == ""
            orphan.unlink()
        came = gap.carry("XA", "XB")[0]
        assert (came.kind, came.problem, came.missing) == ("new", "", ())
        assert bodies(gap["XB"], room) == [f"{n:03}" for n in range(sent + 1)]
        assert list(gap.stick.glob("tmp-*")) == []
        for path in gap.stick.iterdir():
            path.unlink()
        if done.returncode == 0:
            return


def kills_of_imports(gap: Gap, steps: Iterator[int]) -> None:
    room = gap.bilateral()
    sent = 0
    for step in steps:
        for _ in range(3):
            gap["XA"].messages.send(room, f"{sent:03}")
            sent += 1
        made = gap.write("XA", "XB")
        done = killed(gap, "XB", "XA", step, str(made.place))
        again = gap["XB"].courier.take(made.place)
        assert again.kind in ("new", "doubled") and again.wipeable and again.missing == ()
        assert bodies(gap["XB"], room) == [f"{n:03}" for n in range(sent)]
        assert gap["XB"].exchange.status().sealed_waiting == 0
        if done.returncode == 0:
            return


def test_killed_at_some_steps_of_an_export(gap: Gap) -> None:
    kills_of_exports(gap, iter((6, 9)))


def test_killed_at_some_steps_of_an_import(gap: Gap) -> None:
    kills_of_imports(gap, iter((3,)))


@pytest.mark.soak
def test_killed_at_every_step_of_an_export(gap: Gap) -> None:
    kills_of_exports(gap, iter(range(1, 1_000)))


@pytest.mark.soak
def test_killed_at_every_step_of_an_import(gap: Gap) -> None:
    kills_of_imports(gap, iter(range(1, 1_000)))


def large(gap: Gap) -> tuple[str, bytes, str]:
    """A room, and a message with an attachment of several parts."""
    room = gap.bilateral()
    data = os.urandom(6_000_000)
    file = gap["XA"].messages.attach(room, "a.bin", data)
    gap["XA"].messages.send(room, "see the annex", attachments=[file.id])
    return room, data, file.id


def test_a_bundle_with_one_bad_part_gives_the_others(gap: Gap) -> None:
    room, data, file = large(gap)
    made = gap.write("XA", "XB")
    whole = made.place.read_bytes()
    with Source.open(made.place) as source:
        assert source.front is not None and len(source.front.lines) == 2
        bad = source.front.lines[1].start + 100_000
    made.place.write_bytes(whole[:bad] + bytes((whole[bad] ^ 1,)) + whole[bad + 1 :])
    came = gap["XB"].courier.take(made.place)
    assert (came.kind, came.problem, came.code, came.wipeable) == ("torn", "carrier.torn", "XA", False)
    assert 0 < came.taken < came.envelopes == made.envelopes
    assert bodies(gap["XB"], room) == ["see the annex"] and not gap["XB"].messages.attachment_view(file).ready
    gap.carry("XB", "XA")
    assert gap["XA"].courier.waiting()[0].confirmed == 1  # the torn one is not confirmed
    made.place.write_bytes(whole)
    came = gap["XB"].courier.take(made.place)
    assert (came.kind, came.taken, came.wipeable) == ("new", made.envelopes, True)
    assert gap["XB"].messages.attachment(file) == data


def test_what_a_torn_bundle_cost_comes_with_the_next(gap: Gap) -> None:
    _, data, file = large(gap)
    made = gap.write("XA", "XB")
    os.truncate(made.place, made.size - made.size // 4)
    came = gap["XB"].courier.take(made.place)
    assert (came.kind, came.problem) == ("torn", "carrier.torn") and 0 < came.taken < came.envelopes == made.envelopes
    gap.carry("XB", "XA")
    assert [one.kind for one in gap.carry("XA", "XB")] == ["new"]
    assert gap["XB"].messages.attachment(file) == data


@pytest.mark.parametrize("length", [0, 5, 100, 4_000])
def test_a_stump_changes_nothing(gap: Gap, length: int) -> None:
    gap.bilateral()
    made = gap.write("XA", "XB")
    os.truncate(made.place, length)
    before = kept(gap["XB"])
    found = gap["XB"].courier.take(made.place)
    assert (found.kind, found.problem) == (("torn", "carrier.torn") if length else ("not_bundle", ""))
    assert found.sender == "" and gap["XB"].courier.look(made.place) == found
    assert kept(gap["XB"]) == before


def test_a_flaw_in_the_filling_is_named_though_everything_came(gap: Gap) -> None:
    room = gap.bilateral()
    gap["XA"].messages.send(room, "hello")
    made = gap.write("XA", "XB")
    with Source.open(made.place) as source:
        assert source.front is not None
        at = source.front.lines[-1].start + source.front.lines[-1].size + 3
    data = bytearray(made.place.read_bytes())
    data[at] = 1
    made.place.write_bytes(data)
    came = gap["XB"].courier.take(made.place)
    assert (came.kind, came.taken, came.wipeable) == ("torn", made.envelopes, False)
    assert bodies(gap["XB"], room) == ["hello"]


def test_a_stick_pulled_out_while_it_is_read(gap: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    room, data, file = large(gap)
    made = gap.write("XA", "XB")
    real, parts = Source.part, [0]

    def pulled(this: Source, number: int, routes: frozenset[bytes], **more: Any) -> Any:
        if more.get("bodies", True):
            parts[0] += 1
            if parts[0] == 2:
                with pytest.MonkeyPatch.context() as patch:
                    failing(patch, "read", 1, errno.ENODEV)
                    return real(this, number, routes, **more)
        return real(this, number, routes, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Source, "part", pulled)
        came = gap["XB"].courier.take(made.place)
    assert (came.kind, came.problem) == ("torn", "carrier.unreachable") and 0 < came.taken < came.envelopes
    assert bodies(gap["XB"], room) == ["see the annex"]
    assert gap["XB"].courier.take(made.place).kind == "new"
    assert gap["XB"].messages.attachment(file) == data


def test_a_full_vault_keeps_what_came_before(gap: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is one transaction: what was taken in stays, and the same file goes on."""
    room, data, file = large(gap)
    made = gap.write("XA", "XB")
    real, count = gap["XB"].exchange.take, [0]

    def full(items: Any) -> Any:
        count[0] += 1
        if count[0] == 3:
            raise Unavailable("vault.disk_full")
        return real(items)

    with monkeypatch.context() as patch:
        patch.setattr(gap["XB"].exchange, "take", full)
        with pytest.raises(ValiseError, match=r"vault\.disk_full"):
            gap["XB"].courier.take(made.place)
    assert bodies(gap["XB"], room) == ["see the annex"] and not gap["XB"].messages.attachment_view(file).ready
    came = gap["XB"].courier.take(made.place)
    assert (came.kind, came.taken) == ("new", made.envelopes) and gap["XB"].messages.attachment(file) == data


def test_the_ratchet_is_kept_before_anything_of_it_is_written(gap: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    """No two bundles hold two frames of one place in the ratchet, whatever failed in between."""
    _, data, file = large(gap)
    real = Writing.add

    def short(this: Writing, parcels: Any) -> None:
        real(this, parcels)
        raise OSError(errno.ENOSPC, "as asked")

    for _ in range(3):
        with monkeypatch.context() as patch:
            patch.setattr(Writing, "add", short)
            with pytest.raises((Unavailable, OSError)):
                gap.write("XA", "XB")
    (came,) = gap.carry("XA", "XB")
    assert came.kind == "new" and gap["XB"].messages.attachment(file) == data
    assert gap["XB"].exchange.refused == {}


def test_a_failed_transaction_forgets_the_ratchet_in_memory(gap: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    _, data, file = large(gap)
    forgotten: list[int] = []
    real = gap["XA"].exchange.forget
    gap["XA"].exchange.forget = lambda: forgotten.append(1) or real()  # type: ignore[method-assign,func-returns-value]
    for at in ("commit.before", "statement"):
        left = [40]

        def fault(name: str, at: str = at, left: list[int] = left) -> None:
            left[0] -= name == at
            if left[0] <= (38 if at == "commit.before" else 0):
                raise OSError(errno.EIO, "as asked")

        with monkeypatch.context() as patch:
            patch.setattr(gap["XA"].store, "_fault", fault)
            with pytest.raises(Unavailable):
                gap.write("XA", "XB")
    assert forgotten
    assert gap.carry("XA", "XB")[0].kind == "new" and gap["XB"].messages.attachment(file) == data


def soaked(gap: Gap, hurt: Callable[[bytes], Iterator[bytes]]) -> None:
    """Whatever became of a stick: after it, and after the next whole one, both vaults are as if nothing had happened."""
    room = gap.bilateral()
    gap["XA"].messages.send(room, "hello")
    made = gap.write("XA", "XB")
    data = made.place.read_bytes()
    for harmed in hurt(data):
        made.place.write_bytes(harmed)
        assert gap["XB"].courier.take(made.place).kind in ("torn", "not_bundle", "doubled")
    made.place.write_bytes(data)
    gap["XB"].courier.take(made.place)
    before = kept(gap["XB"], *CONTENT)
    gap["XB"].courier.take(made.place)
    assert kept(gap["XB"], *CONTENT) == before and bodies(gap["XB"], room) == ["hello"]


def test_some_cuts_of_a_real_bundle(gap: Gap) -> None:
    soaked(gap, lambda data: (data[:at] for at in range(0, len(data), len(data) // 40)))


@pytest.mark.soak
def test_every_flipped_byte_of_a_real_bundle(gap: Gap) -> None:
    soaked(gap, lambda data: (data[:at] + bytes((data[at] ^ 0x10,)) + data[at + 1 :] for at in range(len(data))))


# -- the rows


def came(*numbers: tuple[int, int], since: int = 1) -> list[Came]:
    return [Came("d", number, bytes(32), before, since, 0, True) for number, before in numbers]


@pytest.mark.parametrize(
    ("some", "gaps", "ranges"),
    [
        ([], (), ()),
        (came((1, 0)), (), ((1, 1),)),
        (came((1, 0), (2, 1)), (), ((1, 2),)),
        (came((3, 2)), (1, 2), ((3, 3),)),
        (came((3, 2), since=3), (), ((3, 3),)),
        (came((3, 2), since=2), (2,), ((3, 3),)),
        (came((1, 0), (5, 4)), (2, 3, 4), ((1, 1), (5, 5))),
        (came((1, 0), (5, 3)), (2, 3), ((1, 1), (4, 5))),  # the fourth was begun and never handed out
        (came((1, 0), (4, 3), (5, 3), (3, 1)), (), ((1, 5),)),
        (came((2**52, 2**52 - 1)), tuple(range(2**52 - 10, 2**52)), ((2**52, 2**52),)),
    ],
)
def test_which_numbers_are_missing(some: list[Came], gaps: tuple[int, ...], ranges: rows.Ranges) -> None:
    assert rows.missing(some, 10) == gaps and rows.covered(some) == ranges


def test_batches_are_small_and_whole() -> None:
    items = [(bytes(16), bytes(size)) for size in (300_000,) * 20 + (10,) * 1_200]
    some = courier_take._batches(items)
    assert [one for _, part in some for one in part] == items
    assert [at for at, _ in some][-1] == len(items) and courier_take._batches(()) == []
    assert max(len(part) for _, part in some) == courier_take.BATCH
    assert max(sum(len(blob) for _, blob in part) for _, part in some) < courier_take.BATCH_OCTETS + 300_000
