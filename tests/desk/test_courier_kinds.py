"""Every bundle gets its right name, and none of them does harm: old, withheld, doubled, renamed, foreign, forged, garbage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.desk.courier_hands import CONTENT, Gap, bodies, kept
from tests.desk.laptops_hands import code_of

from valise.carriers.courier import Source
from valise.desk import courier_take
from valise.domain.errors import Unavailable
from valise.protocol import manifest


@pytest.fixture
def gap(tmp_path: Path) -> Iterator[Gap]:
    made = Gap(tmp_path)
    yield made
    made.close()


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Gap]:
    made = Gap(tmp_path, ("XA", "XB", "XG"))
    yield made
    made.close()


def test_the_same_is_exported_until_it_is_confirmed(gap: Gap) -> None:
    """A lost stick costs another stick."""
    room = gap.bilateral()
    data = os.urandom(300_000)
    file = gap["XA"].messages.attach(room, "a.bin", data)
    gap["XA"].messages.send(room, "one", attachments=[file.id])
    lost = gap.write("XA", "XB")
    gap["XA"].messages.send(room, "two")
    second = gap.write("XA", "XB")
    came = gap["XB"].courier.take(second.place)
    assert (came.kind, came.missing, came.operations) == ("new", (lost.number,), 2)
    assert bodies(gap["XB"], room) == ["one", "two"] and gap["XB"].messages.attachment(file.id) == data
    before = kept(gap["XB"], "op", "message", "attachment", "chunk", "replay", "sealed")
    late = gap["XB"].courier.take(lost.place)
    assert (late.kind, late.operations, late.missing, late.number) == ("old", 0, (), lost.number)
    after = kept(gap["XB"], "op", "message", "attachment", "chunk", "sealed")
    assert {name: before[name] for name in after} == after  # only the places of its chunks in the ratchet are new


def test_old_withheld_doubled_and_renamed(gap: Gap) -> None:
    room = gap.bilateral()
    made = []
    for turn in range(4):
        gap["XA"].messages.send(room, f"message {turn}")
        made.append(gap.write("XA", "XB"))
    xb = gap["XB"]
    assert xb.courier.take(made[0].place).missing == ()
    came = xb.courier.take(made[3].place)
    assert (came.kind, came.missing) == ("new", (made[1].number, made[2].number))
    renamed = made[2].place.rename(gap.stick / "holiday.jpg")
    assert xb.courier.look(renamed).kind == "old"
    came = xb.courier.take(renamed)
    assert (came.kind, came.missing, came.number) == ("old", (made[1].number,), made[2].number)
    assert xb.courier.look(renamed).kind == "doubled"
    before = kept(xb, *CONTENT)
    for path in (renamed, made[0].place, made[3].place):
        came = xb.courier.take(path)
        assert (came.kind, came.operations, came.waiting, came.sender) == ("doubled", 0, 0, gap.id("XA"))
        assert came.taken == came.envelopes > 0
    assert kept(xb, *CONTENT) == before
    assert bodies(xb, room) == [f"message {turn}" for turn in range(4)]


def test_foreign_and_no_bundle_and_our_own_change_nothing(three: Gap) -> None:
    room = three["XA"].rooms.create("bilateral", "", [three.id("XB")])
    three["XA"].messages.send(room, "for Borovia alone")
    made = three.write("XA", "XB")
    stranger = three["XG"]
    picture = three.stick / "picture.valise"
    picture.write_bytes(os.urandom(100_000))
    (three.stick / "empty").write_bytes(b"")
    (three.stick / "link").symlink_to(made.place)
    os.mkfifo(three.stick / "pipe")
    before = {code: kept(desk) for code, desk in three.desks.items()}
    found = stranger.courier.take(made.place)
    assert (found.kind, found.sender, found.code, found.name, found.number) == ("foreign", "", "", "", 0)
    assert stranger.courier.look(made.place) == found
    for name in ("picture.valise", "empty", "link", "pipe"):
        assert stranger.courier.take(three.stick / name).kind == "not_bundle"
        assert stranger.courier.look(three.stick / name).kind == "not_bundle"
    assert three["XA"].courier.take(made.place).kind == "own" == three["XA"].courier.look(made.place).kind
    for code in ("XA", "XG"):
        assert code_of(three[code].courier.wipe, made.place) == "courier.not_taken"
    assert {code: kept(desk) for code, desk in three.desks.items()} == before
    with pytest.raises(Unavailable, match=r"carrier\.unreachable"):
        stranger.courier.take(three.stick / "none")
    with pytest.raises(Unavailable, match=r"carrier\.unreachable"):
        stranger.courier.look(three.stick / "none")


def test_a_foreign_bundle_is_not_read(three: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    room = three["XA"].rooms.create("bilateral", "", [three.id("XB")])
    file = three["XA"].messages.attach(room, "a.bin", os.urandom(6_000_000))
    three["XA"].messages.send(room, "x", attachments=[file.id])
    made = three.write("XA", "XB")
    read: list[int] = []
    real = os.read
    with monkeypatch.context() as patch:
        patch.setattr(os, "read", lambda handle, count: read.append(count) or real(handle, count))
        assert three["XG"].courier.take(made.place).kind == "foreign"
    assert sum(read) < 200_000 < made.size


def test_only_what_is_here_whole_is_wiped_and_only_when_asked(gap: Gap) -> None:
    room = gap.bilateral()
    gap["XA"].messages.send(room, "hello")
    made = gap.write("XA", "XB")
    assert code_of(gap["XB"].courier.wipe, made.place) == "courier.not_taken"
    assert not gap["XB"].courier.look(made.place).wipeable
    assert gap["XB"].courier.take(made.place).wipeable and made.place.exists()
    assert gap["XB"].courier.look(made.place).wipeable
    gap["XB"].courier.wipe(made.place)
    assert not made.place.exists()
    with pytest.raises(Unavailable):
        gap["XB"].courier.wipe(made.place)
    assert code_of(gap["XB"].courier.wipe, gap.base / "XA" / "vault.db") == "courier.not_taken"
    assert (gap.base / "XA" / "vault.db").exists()


# -- who signed it, and what is believed


def remade(gap: Gap, path: Path, change: Any) -> Path:
    """The bundle with another manifest in it, by hands that have Aurelia's keys."""
    from valise.carriers import courier as form

    with Source.open(path) as source:
        front = source.front
        assert front is not None
    data = path.read_bytes()
    parts = [(one.size, one.digest) for one in front.lines]
    places = (len(front.raw) - form.front_size(0, len(front.manifests))) // form.LINE.size
    sealed = [change(front)]
    raw = form.encode_front(form.table(parts, places, len(sealed)), sealed)
    made = form.read_front(raw)
    body = data[len(front.raw) : len(front.raw) + sum(size for size, _ in parts)]
    whole = (raw + body).ljust(made.size - len(raw) - form.END.size, b"\0") + raw + made.end
    other = path.with_name("remade")
    other.write_bytes(whole)
    return other


def to_borovia(gap: Gap, core: manifest.Core, signer: str = "XA") -> bytes:
    xb = gap["XB"]
    with xb.context.read() as handle:
        public = handle.value("select prekey from device_prekey where device = ?", (xb.context.own.device,))
    return manifest.seal(core, 1, 3, gap[signer].context.keys.ed25519, xb.context.own.device, public)


def core_of(gap: Gap, front: Any, **changes: Any) -> manifest.Core:
    made = manifest.Core(gap["XA"].context.own.device, gap.id("XB"), 1, 0, manifest.NOTHING, 5, front.table)
    return replace(made, **changes)


def test_a_manifest_made_by_hand_is_believed_when_it_is_right(gap: Gap) -> None:
    gap["XA"].rooms.create("bilateral", "", [gap.id("XB")])
    path = remade(gap, gap.write("XA", "XB").place, lambda front: to_borovia(gap, core_of(gap, front)))
    found = gap["XB"].courier.look(path)
    assert (found.kind, found.code, found.number, found.problem) == ("new", "XA", 1, "")


@pytest.mark.parametrize(
    ("case", "code"),
    [("signer", "signature.bad"), ("table", "manifest.other"), ("delegation", "manifest.other"), ("unknown", "device.unknown"),
     ("torn", "manifest.closed"), ("revoked", "device.revoked")],
)  # fmt: skip
def test_no_name_is_shown_that_is_not_proved(gap: Gap, case: str, code: str) -> None:
    room = gap["XA"].rooms.create("bilateral", "", [gap.id("XB")])
    gap["XA"].messages.send(room, "comes in all the same")

    def change(front: Any) -> bytes:
        changes = {
            "table": {"table": b"t" * 32}, "delegation": {"delegation": gap.id("XA")}, "unknown": {"device": "A" * 43},
        }.get(case, {})  # fmt: skip
        blob = to_borovia(gap, core_of(gap, front, **changes), "XB" if case == "signer" else "XA")
        return blob[:-1] + bytes((blob[-1] ^ 1,)) if case == "torn" else blob

    path = remade(gap, gap.write("XA", "XB").place, change)
    if case == "revoked":
        with gap["XB"].context.write() as tx:
            tx.run("update device set revoked_at = 1 where id = ?", (gap["XA"].context.own.device,))
    for found in (gap["XB"].courier.look(path), gap["XB"].courier.take(path)):
        assert found.problem == code and found.kind == "new"
        proved = case == "revoked"
        assert (found.code == "XA", found.name == "Aurelia", bool(found.sender), bool(found.device)) == (proved,) * 4
    with gap["XB"].context.read() as handle:
        assert bool(handle.rows("select 1 from courier_came")) is proved
    if not proved:
        assert bodies(gap["XB"], room) == ["comes in all the same"]


def test_a_revoked_laptop_confirms_nothing(gap: Gap) -> None:
    gap.bilateral()
    gap.carry("XA", "XB")
    made = gap.write("XB", "XA")
    with gap["XA"].context.write() as tx:
        tx.run("update device set revoked_at = 1 where id = ?", (gap["XB"].context.own.device,))
    assert gap["XA"].courier.take(made.place).problem == "device.revoked"
    with gap["XA"].context.read() as handle:
        assert handle.value("select count(*) from courier_made where confirmed_at > 0") == 1


def test_two_bundles_with_one_number_are_noticed(gap: Gap) -> None:
    """The vault of the sender was put back from an older copy: it counts again what it had counted."""
    room = gap.bilateral()
    gap["XA"].messages.send(room, "first life")
    assert gap.carry("XA", "XB")[0].problem == ""
    with gap["XA"].context.write() as tx:
        tx.run("delete from courier_made where number = 2")
    gap["XA"].messages.send(room, "second life")
    (came,) = gap.carry("XA", "XB")
    assert (came.kind, came.problem, came.number) == ("new", "courier.two", 2)
    gap["XA"].messages.send(room, "and on")
    assert gap.carry("XA", "XB")[0].problem == "courier.two"  # it names another second one than that which came first
    assert len(bodies(gap["XB"], room)) == 3


def test_an_old_key_of_the_manifest_does_not_prevent_taking(gap: Gap) -> None:
    """The manifest was sealed to a key that is no more: what opens comes in, nobody is named."""
    room = gap.bilateral()
    gap["XA"].messages.send(room, "brings the key of the conversation")
    gap.carry("XA", "XB")
    gap.carry("XB", "XA")
    gap["XA"].messages.send(room, "opens with another key")
    made = gap.write("XA", "XB")
    with Source.open(made.place) as source:
        assert source.front is not None
        name = manifest.key_id_of(source.front.manifests[0])
    with gap["XB"].context.write() as tx:
        tx.run("delete from reply_key where id = ?", (name,))
        tx.run("insert into key_gone(id, reply, gone_at) values (?, 1, 1)", (name,))
    came = gap["XB"].courier.take(made.place)
    assert (came.kind, came.sender, came.problem) == ("new", "", "key.destroyed")
    assert "opens with another key" in bodies(gap["XB"], room)
    assert gap["XB"].courier.take(made.place).kind == "doubled"


def test_a_stranger_s_card_may_come_after_its_bundle(tmp_path: Path) -> None:
    gap = Gap(tmp_path, acquainted=False)
    gap["XA"].contacts.import_card(gap["XB"].contacts.own_card())
    room = gap["XA"].rooms.create("bilateral", "", [gap.id("XB")])
    gap["XA"].messages.send(room, "who is this?")
    made = gap.write("XA", "XB")
    came = gap["XB"].courier.take(made.place)
    assert (came.sender, came.problem) == ("", "device.unknown") and came.waiting == came.envelopes
    gap["XB"].contacts.import_card(gap["XA"].contacts.own_card())
    assert gap["XB"].courier.take(made.place).code == "XA"
    assert bodies(gap["XB"], room) == ["who is this?"]
    gap.close()


def test_a_stick_of_garbage_does_not_fill_the_disk(gap: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    """Envelopes that nothing opens, addressed to us by somebody who knows our card and signs nothing."""
    from valise.carriers.abc import Parcel
    from valise.carriers.courier_writing import Writing
    from valise.protocol import envelope

    monkeypatch.setattr(courier_take, "FLOOD", 40)
    monkeypatch.setattr(courier_take, "BATCH", 10)
    box = gap["XB"].context.own.mailbox

    def garbage() -> Path:
        with Writing(gap.stick, b"w" * 32, 16, 0) as out:
            for _ in range(3):
                some = [envelope.seal_content(os.urandom(32), os.urandom(16), os.urandom(300)) for _ in range(60)]
                out.add([Parcel(os.urandom(16), (box,), one) for one in some])
            return out.finish([], lambda done, total: None).place

    first = gap["XB"].courier.take(garbage())
    assert (first.kind, first.problem, first.taken, first.waiting) == ("torn", "courier.flood", 40, 40)
    assert not first.wipeable and first.envelopes == 180
    monkeypatch.setattr(courier_take, "FLOOD", 1_000)
    monkeypatch.setattr(courier_take, "FLOOD_OCTETS", 11_000)
    second_one = gap["XB"].courier.take(garbage())
    assert (second_one.problem, second_one.taken) == ("courier.flood", 20)
    monkeypatch.setattr(courier_take, "FLOOD_ALL", 60 * 300)
    third = gap["XB"].courier.take(garbage())
    assert (third.problem, third.taken) == ("courier.flood", 0)
