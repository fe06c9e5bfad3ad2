"""The ways into a vault, with real vaults: keyrings that come and go, shares, and passphrases that are changed or lost."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.world import FAST, NAMES, PASSPHRASE, Clock

from valise.desk.desk import Desk
from valise.desk.door_slots import SlotView
from valise.desk.gate import Gate
from valise.domain.errors import NotAllowed, Refused, Unavailable, ValiseError, WrongPassphrase
from valise.system.custodian import Custodian, NoCustodian
from valise.system.custodian.abc import check, unavailable
from valise.vault import files, header, slots

NEW = b"another sentence nobody says"


class Ring(Custodian):
    """A keyring in memory; `gone` = it does not answer, `forgetful` = it drops what it is given."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.gone = False

    def _answer(self) -> None:
        if self.gone:
            raise unavailable()

    def ours(self) -> dict[str, bytes]:
        """What belongs to slots; other parts keep marks of their own."""
        return {name: value for name, value in self.held.items() if name.startswith("slot/")}

    def available(self) -> bool:
        return not self.gone

    def keep(self, name: str, value: bytes) -> None:
        check(name, value)
        self._answer()
        self.held[name] = value

    def look(self, name: str) -> bytes | None:
        self._answer()
        return self.held.get(name)

    def forget(self, name: str) -> None:
        self._answer()
        self.held.pop(name, None)


class House:
    """One vault, unlocked any way; at most one desk open."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.ring, self.clock = folder, Ring(), Clock()
        self.desk: Desk | None = None

    def gate(self, custodian: Custodian | None = None) -> Gate:
        return Gate(
            self.folder, clock=self.clock, make_carrier=_nothing, parser=_nothing, kdf=FAST, custodian=custodian or self.ring
        )  # fmt: skip

    def open(self, how: Callable[[Gate], Desk], custodian: Custodian | None = None) -> Desk:
        self.close()
        self.desk = how(self.gate(custodian))
        return self.desk

    def typed(self, words: bytes = PASSPHRASE, custodian: Custodian | None = None) -> Desk:
        given = bytearray(words)
        try:
            return self.open(lambda gate: gate.unlock(given), custodian)
        finally:
            assert not any(given), "wiped, whatever came of it"

    def close(self) -> None:
        if self.desk is not None:
            self.desk.close()
            self.desk = None

    def kinds(self) -> list[str]:
        return sorted(slot["kind"] for slot in header.load(self.folder).header.slots)


def _nothing(*_: object) -> None:
    raise AssertionError("not needed here")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "vault")
    made.desk = made.gate().create(
        code="XA", name=NAMES["XA"], officer="Officer XA", role="Delegate", passphrase=bytearray(PASSPHRASE)
    )
    yield made
    made.close()


def code(error: type[ValiseError], act: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        act()
    return caught.value.code


def wiped(act: Callable[..., object], *given: bytes) -> object:
    """Calls with bytearrays and demands that all are wiped, also when it fails."""
    held = [bytearray(one) for one in given]
    try:
        return act(*held)
    finally:
        assert not any(any(one) for one in held)


def with_shares(house: House, need: int = 2, total: int = 3) -> tuple[str, ...]:
    assert house.desk is not None
    made = wiped(lambda words: house.desk.slots.make_shares(words, need, total), PASSPHRASE)  # type: ignore[union-attr]
    assert isinstance(made, tuple)
    return made


def desk(house: House) -> Desk:
    assert house.desk is not None
    return house.desk


# passphrase


def test_a_new_vault_has_one_way_in(house: House) -> None:
    (one,) = desk(house).slots.all()
    assert (one.kind, one.ops, one.need, one.rehearsed) == ("passphrase", 1, 0, 0) and one.made >= 1_796_774_400_000
    assert house.gate().can_unlock_by() == {"passphrase"}


def test_the_passphrase_is_changed(house: House) -> None:
    heard: list[object] = []
    desk(house).subscribe(heard.append)
    wiped(desk(house).slots.change_passphrase, PASSPHRASE, NEW)
    assert heard, "the window hears of it"
    house.close()
    assert code(WrongPassphrase, house.typed) == "vault.passphrase"
    assert house.typed(NEW).me().code == "XA"
    house.close()
    (house.folder / header.NAME).write_bytes(b"torn")
    assert code(WrongPassphrase, house.typed) == "vault.passphrase", "nor does it open the header's copy"
    assert house.typed(NEW).me().code == "XA"


def test_a_change_asks_for_the_old_one_and_for_one_that_is_new(house: House) -> None:
    change = desk(house).slots.change_passphrase
    before = header.load(house.folder)
    assert code(WrongPassphrase, lambda: wiped(change, b"not the old one", NEW)) == "vault.passphrase"
    assert code(NotAllowed, lambda: wiped(change, PASSPHRASE, b"elevenchars")) == "slot.short"
    assert code(NotAllowed, lambda: wiped(change, PASSPHRASE, PASSPHRASE)) == "slot.same"
    assert header.load(house.folder) == before


def test_a_change_never_protects_less(house: House) -> None:
    head = header.load(house.folder).header
    strong = slots.Kdf(2, 16384, 1, 8192)
    key = desk(house).store._key
    header.save(house.folder, slots.with_slot(head, slots.seal_slot("passphrase", bytearray(PASSPHRASE), key, head.vault, strong)))
    wiped(desk(house).slots.change_passphrase, PASSPHRASE, NEW)
    (slot,) = header.load(house.folder).header.slots
    assert slot["kdf"] == {"name": "argon2id", "ops": 2, "mem": 16384}


def test_the_cost_is_measured_where_nobody_told_one(monkeypatch: pytest.MonkeyPatch, house: House) -> None:
    from valise.desk import ways

    monkeypatch.setattr("valise.desk.ways.slots.calibrate", lambda: slots.Kdf(ops=7))
    head = header.load(house.folder).header
    assert ways.cost(head, None).ops == 7
    assert ways.cost(slots.without(head, "passphrase"), None).ops == 7


@pytest.mark.parametrize("fault", ["first", "second"])
def test_a_full_disk_leaves_the_old_passphrase(house: House, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    """Between the header and its copy the new one may already open; never neither."""
    real, count = files.replace, 0

    def replace(path: Path, data: bytes) -> None:
        nonlocal count
        count += 1
        if count == (1 if fault == "first" else 2):
            raise OSError(errno.ENOSPC, "full")
        real(path, data)

    monkeypatch.setattr(files, "replace", replace)
    assert code(Unavailable, lambda: wiped(desk(house).slots.change_passphrase, PASSPHRASE, NEW)) == "vault.disk_full"
    monkeypatch.undo()
    assert house.typed(PASSPHRASE if fault == "first" else NEW).me().code == "XA"


# keyring


def test_the_keyring_opens_without_typing_and_the_passphrase_still_does(house: House) -> None:
    wiped(desk(house).slots.keyring_on, PASSPHRASE)
    assert house.gate().can_unlock_by() == {"passphrase", "keyring"}
    assert [len(one) for one in house.ring.ours().values()] == [32]
    assert house.open(lambda gate: gate.unlock_keyring()).me().code == "XA"
    assert house.typed().me().code == "XA"
    assert [one.kind for one in desk(house).slots.all()] == ["passphrase", "keyring"]
    assert desk(house).slots.keyring_here()


def test_a_keyring_that_vanished_between_starts_locks_nobody_out(house: House) -> None:
    wiped(desk(house).slots.keyring_on, PASSPHRASE)
    house.close()
    for custodian, answer in ((NoCustodian(), "custodian.unavailable"), (Ring(), "slot.keyring_gone")):
        assert code(Unavailable, lambda ring=custodian: house.open(lambda gate: gate.unlock_keyring(), ring)) == answer
        assert house.typed(custodian=custodian).me().code == "XA"
    house.close()
    for name in house.ring.ours():
        for wrong in (bytes(32), b"", b"short"):
            house.ring.held[name] = wrong
            assert code(Unavailable, lambda: house.open(lambda gate: gate.unlock_keyring())) == "slot.keyring_gone"
    house.typed()
    wiped(desk(house).slots.keyring_on, PASSPHRASE)
    assert house.open(lambda gate: gate.unlock_keyring()).me().code == "XA", "turned on anew"
    assert len(house.ring.ours()) == 1, "and nothing of the one before stays in the keyring"


def test_a_keyring_turned_off_opens_nothing(house: House) -> None:
    wiped(desk(house).slots.keyring_on, PASSPHRASE)
    stolen = dict(house.ring.held)
    desk(house).slots.keyring_off()
    assert not house.ring.ours() and house.kinds() == ["passphrase"]
    assert code(NotAllowed, desk(house).slots.keyring_off) == "slot.no_keyring"
    house.close()
    house.ring.held = stolen
    assert code(NotAllowed, lambda: house.open(lambda gate: gate.unlock_keyring())) == "slot.no_keyring"


def test_without_a_keyring_nothing_is_changed(house: House) -> None:
    house.ring.gone = True
    before = header.load(house.folder)
    assert not desk(house).slots.keyring_here()
    assert code(Unavailable, lambda: wiped(desk(house).slots.keyring_on, PASSPHRASE)) == "custodian.unavailable"
    assert header.load(house.folder) == before


def test_a_keyring_off_while_it_does_not_answer(house: House) -> None:
    wiped(desk(house).slots.keyring_on, PASSPHRASE)
    house.ring.gone = True
    desk(house).slots.keyring_off()
    assert house.kinds() == ["passphrase"], "what stays in the keyring opens nothing"


def test_a_full_disk_leaves_nothing_in_the_keyring(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(files, "replace", full)
    assert code(Unavailable, lambda: wiped(desk(house).slots.keyring_on, PASSPHRASE)) == "vault.disk_full"
    assert not house.ring.ours()


def test_the_keyring_is_turned_on_by_the_passphrase_only(house: House) -> None:
    assert code(WrongPassphrase, lambda: wiped(desk(house).slots.keyring_on, b"somebody passing by")) == "vault.passphrase"
    assert not house.ring.ours() and house.kinds() == ["passphrase"]


# recovery shares


def test_shares_open_when_everything_else_is_lost(house: House) -> None:
    shares = with_shares(house, 3, 5)
    assert desk(house).slots.all()[1] == SlotView("recovery", desk(house).slots.all()[1].made, need=3, total=5)
    house.close()
    assert house.gate().can_unlock_by() == {"passphrase", "recovery"}
    for one in shares:
        for file in house.folder.iterdir():
            assert one.encode() not in file.read_bytes() and one.split()[9].encode() + b" " not in file.read_bytes()
    assert house.open(lambda gate: gate.unlock_shares(shares[1:4])).me().code == "XA"
    assert desk(house).slots.all()[1].rehearsed, "what opened the vault was a rehearsal"
    assert house.typed().me().code == "XA", "the passphrase is what it was"


def test_a_forgotten_passphrase_is_replaced_at_once(house: House) -> None:
    shares = with_shares(house)
    wiped(desk(house).slots.keyring_on, PASSPHRASE)
    house.close()
    house.gate().try_shares(shares[:2])
    given = bytearray(NEW)
    assert house.open(lambda gate: gate.unlock_shares(shares[:2], given)).me().code == "XA"
    assert not any(given)
    house.close()
    assert code(WrongPassphrase, house.typed) == "vault.passphrase"
    assert house.typed(NEW).me().code == "XA"
    assert house.kinds() == ["keyring", "passphrase", "recovery"]


def test_a_new_passphrase_that_is_none_changes_nothing(house: House) -> None:
    shares = with_shares(house)
    house.close()
    before = header.load(house.folder)
    assert code(NotAllowed, lambda: wiped(lambda new: house.open(lambda gate: gate.unlock_shares(shares, new)), b"short")) == "slot.short"
    assert header.load(house.folder) == before


def test_shares_that_do_not_open_say_why(house: House) -> None:
    other = with_shares(house)
    shares = with_shares(house)
    house.close()
    before = header.load(house.folder)
    word = shares[0].split()
    word[20] = "academic" if word[20] != "academic" else "acid"
    for wrong, kind, answer in (
        (other[:2], WrongPassphrase, "slot.shares_other"),
        (shares[:1], Refused, "shares.few"),
        ((shares[0], shares[0]), Refused, "shares.twice"),
        ((shares[0], other[1]), Refused, "shares.mixed"),
        ((" ".join(word), shares[1]), Refused, "shares.checksum"),
        ((), Refused, "shares.few"),
    ):
        for act in (
            lambda gate, wrong=wrong: gate.try_shares(wrong),
            lambda gate, wrong=wrong: gate.unlock_shares(wrong, bytearray(NEW)),
        ):
            assert code(kind, lambda act=act: act(house.gate())) == answer
    assert header.load(house.folder) == before
    assert house.typed().me().code == "XA"


def test_a_secret_of_the_same_set_that_is_another_is_refused_by_the_tag(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    from valise.protocol import shares as sharing

    monkeypatch.setattr("shamir_mnemonic.shamir._random_identifier", lambda: 4711)
    with_shares(house)
    strange = sharing.split(bytes(32), 2, 3)
    assert code(WrongPassphrase, lambda: house.gate().try_shares(strange[:2])) == "slot.shares"
    assert code(WrongPassphrase, lambda: desk(house).slots.rehearse(strange[:2])) == "slot.shares"
    assert not desk(house).slots.all()[1].rehearsed


def test_new_shares_take_the_place_of_the_old(house: House) -> None:
    old = with_shares(house)
    desk(house).slots.rehearse(old[:2])
    new = with_shares(house, 2, 2)
    recovery = desk(house).slots.all()[1]
    assert (recovery.need, recovery.total, recovery.rehearsed) == (2, 2, 0), "the new ones were never tried"
    assert code(WrongPassphrase, lambda: desk(house).slots.rehearse(old[:2])) == "slot.shares_other"
    house.close()
    (house.folder / header.NAME).unlink()
    assert code(WrongPassphrase, lambda: house.gate().try_shares(old[:2])) == "slot.shares_other", "nor from the copy"
    house.gate().try_shares(new)


def test_a_rehearsal_is_dated_and_lasts(house: House) -> None:
    shares = with_shares(house, 2, 3)
    at = desk(house).slots.rehearse(shares[1:])
    assert desk(house).slots.all()[1].rehearsed == at
    assert code(Refused, lambda: desk(house).slots.rehearse(shares[:1])) == "shares.few"
    assert house.typed().slots.all()[1].rehearsed == at
    assert code(WrongPassphrase, lambda: wiped(desk(house).slots.drop_shares, b"somebody passing by")) == "vault.passphrase"
    wiped(desk(house).slots.drop_shares, PASSPHRASE)
    assert house.kinds() == ["passphrase"]
    assert code(NotAllowed, lambda: wiped(desk(house).slots.drop_shares, PASSPHRASE)) == "slot.no_recovery"
    assert code(NotAllowed, lambda: desk(house).slots.rehearse(shares)) == "slot.no_recovery"
    assert code(NotAllowed, lambda: house.gate().try_shares(shares)) == "slot.no_recovery"


def test_shares_are_made_by_the_passphrase_only_and_in_numbers_that_can_be(house: House) -> None:
    make = desk(house).slots.make_shares
    assert code(WrongPassphrase, lambda: wiped(lambda words: make(words, 2, 3), b"somebody passing by")) == "vault.passphrase"
    assert code(Refused, lambda: wiped(lambda words: make(words, 1, 3), PASSPHRASE)) == "shares.number"
    assert house.kinds() == ["passphrase"]


# passphrase and keyring together


def test_both_together_are_offered_only_beside_rehearsed_shares(house: House) -> None:
    on = desk(house).slots.second_on
    assert code(NotAllowed, lambda: wiped(on, PASSPHRASE)) == "slot.not_rehearsed"
    shares = with_shares(house)
    assert code(NotAllowed, lambda: wiped(on, PASSPHRASE)) == "slot.not_rehearsed"
    desk(house).slots.rehearse(shares[:2])
    assert code(WrongPassphrase, lambda: wiped(on, b"somebody passing by")) == "vault.passphrase"
    house.ring.gone = True
    assert code(Unavailable, lambda: wiped(on, PASSPHRASE)) == "custodian.unavailable"
    assert house.kinds() == ["passphrase", "recovery"] and not house.ring.ours()


@pytest.fixture
def both(house: House) -> tuple[House, tuple[str, ...]]:
    """A vault that wants passphrase and keyring, with shares."""
    shares = with_shares(house)
    desk(house).slots.rehearse(shares[:2])
    wiped(desk(house).slots.keyring_on, PASSPHRASE)
    wiped(desk(house).slots.second_on, PASSPHRASE)
    assert house.kinds() == ["passphrase+keyring", "recovery"]
    return house, shares


Both = tuple[House, tuple[str, ...]]


def test_neither_half_opens_alone(both: Both) -> None:
    house, _ = both
    assert house.typed().me().code == "XA"
    house.close()
    assert code(NotAllowed, lambda: house.open(lambda gate: gate.unlock_keyring())) == "slot.no_keyring"
    assert code(WrongPassphrase, lambda: house.typed(b"not the passphrase")) == "vault.passphrase"
    for ring in (NoCustodian(), Ring()):
        assert code(Unavailable, lambda ring=ring: house.typed(custodian=ring)) == "slot.keyring_missing"
    wrong = Ring()
    wrong.held = dict.fromkeys(house.ring.held, bytes(32))
    assert code(WrongPassphrase, lambda: house.typed(custodian=wrong)) == "vault.passphrase"


def test_a_second_half_that_vanished_is_healed_by_shares(both: Both) -> None:
    house, shares = both
    house.close()
    ring = Ring()
    given = bytearray(NEW)
    assert house.open(lambda gate: gate.unlock_shares(shares[1:], given), ring).me().code == "XA"
    house.close()
    assert house.kinds() == ["passphrase", "recovery"]
    assert house.typed(NEW, ring).me().code == "XA"


def test_what_stands_beside_both_stays(both: Both) -> None:
    house, shares = both
    one = desk(house).slots
    assert code(NotAllowed, lambda: wiped(one.drop_shares, PASSPHRASE)) == "slot.second_alone"
    assert code(NotAllowed, lambda: wiped(one.keyring_on, PASSPHRASE)) == "slot.second_undone"
    assert code(NotAllowed, lambda: wiped(lambda words: one.make_shares(words, 2, 3), PASSPHRASE)) == "slot.second_needs_shares"
    assert house.kinds() == ["passphrase+keyring", "recovery"] and len(house.ring.ours()) == 1
    house.gate().try_shares(shares[:2])


def test_the_passphrase_changes_and_the_keyring_stays_needed(both: Both) -> None:
    house, _ = both
    before = house.ring.ours()
    wiped(desk(house).slots.change_passphrase, PASSPHRASE, NEW)
    assert len(house.ring.ours()) == 1 and not before.keys() & house.ring.ours().keys()
    assert house.typed(NEW).me().code == "XA"
    assert house.kinds() == ["passphrase+keyring", "recovery"]
    house.close()
    now, house.ring.held = house.ring.held, before
    assert code(Unavailable, lambda: house.typed(NEW)) == "slot.keyring_missing"
    house.ring.held = now


def test_the_passphrase_alone_again(both: Both) -> None:
    house, _ = both
    assert code(WrongPassphrase, lambda: wiped(desk(house).slots.second_off, b"somebody passing by")) == "vault.passphrase"
    wiped(desk(house).slots.second_off, PASSPHRASE)
    assert house.kinds() == ["passphrase", "recovery"] and not house.ring.ours()
    assert house.typed(custodian=NoCustodian()).me().code == "XA"
    assert code(NotAllowed, lambda: wiped(desk(house).slots.second_off, PASSPHRASE)) == "slot.no_keyring"


# what the gate tells before anything is open


def test_what_the_gate_tells_of_a_damaged_header(house: House) -> None:
    with_shares(house)
    house.close()
    (house.folder / header.NAME).write_bytes(b"torn")
    assert house.gate().can_unlock_by() == {"passphrase", "recovery"}, "the copy tells"
    for data in (b"[]", b'{"slots": 5}', b'{"slots": [5, {"kind": 5}, {"kind": "x"}]}', b"\xff"):
        for name in (header.NAME, header.COPY):
            (house.folder / name).write_bytes(data)
        assert house.gate().can_unlock_by() == ({"x"} if b'"x"' in data else frozenset())


def test_a_slot_forged_weaker_is_refused_by_every_way_in(house: House) -> None:
    shares = with_shares(house)
    wiped(desk(house).slots.keyring_on, PASSPHRASE)
    house.close()
    head = header.load(house.folder).header
    weak = tuple({**one, "kdf": {**one["kdf"], "ops": 0}} if "kdf" in one else one for one in head.slots)
    header.save(house.folder, header.Header(head.vault, "", 1, weak), forget=True)
    for act in (
        house.typed, lambda: house.open(lambda gate: gate.unlock_keyring()),
        lambda: house.open(lambda gate: gate.unlock_shares(shares[:2])), lambda: house.gate().try_shares(shares[:2]),
    ):  # fmt: skip
        assert code(Refused, act) == "slot.downgraded"
