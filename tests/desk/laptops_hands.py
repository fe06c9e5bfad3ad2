"""Hands for the tests of our own laptops: opening the root key, admitting a second laptop, saying something."""

from __future__ import annotations

import pytest
from tests.world import PASSPHRASE, World

from valise.desk.desk import Desk
from valise.desk.door_laptops import Admit, LaptopView, Terms
from valise.desk.gate import KEY_FILE, Gate
from valise.domain.errors import ValiseError

WRITER = ("observe", "speak", "amend")


def open_root(world: World, code: str = "XA") -> Desk:
    desk = world[code]
    desk.laptops.open_key((world.base / code / KEY_FILE).read_bytes(), bytearray(PASSPHRASE))
    return desk


def terms(*rights: str, officer: str = "Second officer", days: int = 730, rooms: tuple[str, ...] = ()) -> Terms:
    return Terms(officer, "Adviser", rights or WRITER, days, rooms)


def asked(world: World, name: str) -> tuple[Gate, Admit]:
    gate = world.gate(name)
    request = gate.ask_enrolment(officer="Second officer", role="Adviser", passphrase=bytearray(PASSPHRASE))
    return gate, Admit(request, terms(), world["XA"].laptops.asked(request).check_code)


def joined(world: World, name: str, gate: Gate, answer: bytes) -> Desk:
    desk = gate.finish_enrolment(answer, bytearray(PASSPHRASE))
    desk.settings.set("contacts.new_laptop", "tell")
    desk.exchange.use_folder(world.share)
    world.desks[name] = desk
    return desk


def second(world: World, *rights: str, rooms: tuple[str, ...] = (), name: str = "XA-2") -> Desk:
    """Another laptop of Aurelia, in every room."""
    gate, ask = asked(world, name)
    done = open_root(world).laptops.perform([Admit(ask.request, terms(*rights, rooms=rooms), ask.check_code)])
    desk = joined(world, name, gate, done.answers[0])
    world.exchange(6, 70_000)
    return desk


def words(desk: Desk, room: str) -> set[str]:
    return {one.body for row in desk.messages.threads(room) for one in desk.messages.page(room, row.id, 0, 100)}


def said(desk: Desk, room: str, text: str) -> str:
    return desk.messages.send(room, text, subject=text, for_the_record=True)


def code_of(act: object, *given: object) -> str:
    with pytest.raises(ValiseError) as caught:
        act(*given)  # type: ignore[operator]
    return caught.value.code


def laptop(desk: Desk, device: str) -> LaptopView:
    return next(one for one in desk.laptops.all() if one.id == device)
