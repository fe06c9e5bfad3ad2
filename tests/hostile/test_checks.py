"""Checks that taking checks away (guards.py) showed to be held by no other test."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.hostile import tools as h
from tests.hostile.tools import RECORD, Item
from tests.protocol import made
from tests.world import World

from valise.desk.opening import Tally
from valise.domain.errors import Damaged, Refused
from valise.protocol import canonical, cbor, fields, grant, hpke, padding, safety
from valise.protocol.hpke import XWingKey
from valise.protocol.request import read_request
from valise.vault import backup_file, header


def test_a_header_that_would_be_read_otherwise_is_not_written(tmp_path: Path) -> None:
    whole = header.new("Laptop", 5)
    header.save(tmp_path, whole)
    before = (tmp_path / header.NAME).read_bytes()
    with pytest.raises(Refused) as caught:
        header.save(tmp_path, replace(whole, slots=[]))  # type: ignore[arg-type]
    assert caught.value.code == "header.shape"
    with pytest.raises(Refused) as caught:
        header.encode(replace(whole, slots=({"kind": "x" * header.LIMIT},)))
    assert caught.value.code == "header.large"
    assert (tmp_path / header.NAME).read_bytes() == before


@pytest.mark.parametrize("through", [{"kinf": "keyring"}, {"kind": ["keyring"]}, {"kind": 1}, {"x": ""}])
def test_a_backup_whose_cover_holds_a_slot_of_no_kind_is_refused(through: dict[str, Any]) -> None:
    """Found by bits.py: one bit of the word "kind", and opening by shares ended in a KeyError."""
    raw = backup_file.Cover(header.new("", 5), None, through).encode()
    with pytest.raises(Damaged) as caught:
        backup_file.read_cover(io.BytesIO(backup_file.MAGIC + len(raw).to_bytes(4, "big") + raw))
    assert caught.value.code == "backup.cover"


def test_a_code_of_an_identity_that_names_another_code_differs() -> None:
    """Found by bits.py: the list is bound by its hash, but two letters beside it were read and not compared."""
    held, own = made.card(), replace(made.card(), delegation="A" * 43)
    code = safety.identity_code(held, made.secret().id)
    assert safety.judge(code, held, own)[0] == "same"
    assert safety.judge(code.replace(":XA:", ":YA:"), held, own)[0] == "differs"


def test_an_enrolment_file_of_something_else_is_refused() -> None:
    secret, granter = made.secret(2), made.secret(1)
    for inner in (b"\xff", b"", b"\x81\x01\x01", cbor.encode(["a", "b", b"c"]), cbor.encode({})):
        signed = cbor.encode([inner, granter.key.sign(canonical.digest("valise/v1/grant", inner))])
        info = b"valise/v1/grant\0" + canonical.unb64u(secret.id, 32) + secret.prekey.key_id
        data = fields.armour(grant.MAGIC, hpke.seal(secret.prekey.public, padding.pad(signed, 64 * 1024), info))
        with pytest.raises(Refused) as caught:
            grant.read_grant(data, secret)
        assert caught.value.code == "grant.malformed"


def test_a_request_with_an_unusable_key_is_refused_for_that() -> None:
    """The identity point and one of small order: keys under which one signature fits everything."""
    raw, *rest = cbor.decode(made.request(2).data)
    for name, key in (("ed25519", b"\1" + bytes(31)), ("ed25519", bytes(32)), ("composite", bytes(1984))):
        changed = canonical.encode({**canonical.decode(raw), name: canonical.b64u(key)})
        with pytest.raises(Refused) as caught:
            read_request(cbor.encode([changed, *rest]))
        assert caught.value.code == "request.key"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made_world = World(tmp_path, ("XB", "XG"))
    h.talk(made_world, "bilateral", members=("XB", "XG"))
    yield made_world
    made_world.close()


def arrives(world: World, one: Item, room: str = "") -> Tally:
    """From XB at XG, in a session of the room it founds, or of `room`."""
    room = room or h.ident(one)
    blob, session, group = h.key_to(world["XB"], world["XG"], room, RECORD)
    frame = h.plain(world["XB"], world["XB"].rooms.internal(), epoch=session.epoch, items=(one,), room=room)
    assert h.give(world["XG"], blob).opened == 1
    return h.give(world["XG"], h.seal_in(session, group, frame))


def test_only_what_founds_a_room_has_none(world: World) -> None:
    one = h.item(world["XB"], h.fields(world["XB"], "", "message.send", h.message("from nowhere"), seq=1, prev=""))
    assert arrives(world, one).refused == ["op.malformed"]


def test_a_room_is_founded_as_rooms_are(world: World) -> None:
    us = sorted((world.id("XB"), world.id("XG")))
    body = {"kind": "bilateral", "title": "", "members": us, "chair": world.id("XB"), "nonce": "A" * 22}
    base = {"seq": 1, "prev": "", "deps": []}

    def founding(changes: dict[str, Any], **outer: Any) -> Item:
        return h.item(world["XB"], h.fields(world["XB"], "", "room.create", {**body, **changes}, **{**base, **outer}))

    for one in (
        founding({"chair": world.id("XG")}), founding({"members": us[::-1]}), founding({"members": [*us, "A" * 43]}),
        founding({"members": [world.id("XG")]}), founding({}, deps=["A" * 43]), founding({}, seq=2, prev="A" * 43),
    ):
        assert arrives(world, one).refused == ["op.founding"]
    room = world["XG"].rooms.all()[1].id
    assert arrives(world, founding({}, room=room), room).refused == ["op.founding"]
    assert arrives(world, founding({})).operations == 1


def test_an_unknown_device_is_waited_for_and_no_error(world: World) -> None:
    room = world["XG"].rooms.all()[1].id
    one = h.item(world["XB"], h.fields(world["XB"], room, "message.send", h.message("who is it"), device="A" * 43))
    tally = arrives(world, one, room)
    assert (tally.refused, tally.operations, tally.sealed) == ([], 0, 1)


def test_a_message_of_a_forgotten_session_says_so(world: World) -> None:
    """It is no first message, so nothing of ours is tried on it; the key is asked for again."""
    room = world["XG"].rooms.all()[1].id
    with world["XG"].context.write() as tx:
        tx.run("delete from olm where device = ?", (world["XB"].me().device,))
    blob, *_ = h.key_to(world["XB"], world["XG"], room, RECORD)
    assert h.give(world["XG"], blob).refused == ["olm.no_session"]


def test_an_envelope_to_an_unknown_key_is_kept_sealed(world: World) -> None:
    room = world["XG"].rooms.all()[1].id
    blob, *_ = h.key_to(world["XB"], world["XG"], room, RECORD, public=XWingKey(bytes(range(32))).public)
    tally = h.give(world["XG"], blob)
    assert (tally.refused, tally.sealed) == ([], 1)
    assert world["XG"].exchange.status().sealed_waiting == 1
