"""The state is a pure function of the set of operations, however and however often they come."""

from __future__ import annotations

import ast
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from negotiation import Table, World, ident

import valise.domain.text
from valise.domain.errors import Damaged
from valise.domain.kinds import kind as find
from valise.domain.text import hashes, kinds, rules
from valise.domain.text.fold import TextState


def again(state: TextState) -> bytes:
    """The dump of the same operations folded from nothing."""
    state._again = True
    return state.dump()


@pytest.mark.parametrize("seed", range(24))
def test_the_same_set_gives_the_same_state(seed: int) -> None:
    world = World(seed).run(140, cheats=0.04 if seed % 2 else 0.0)
    first = world.fold()
    dump, proof = first.dump(), first.proof()
    for order in range(3):
        other = TextState(world.text)
        for at, op in enumerate(world.shuffled(order)):
            other.apply(op)
            if at % 29 == 0:
                assert other.book is other.book  # a reader in between folds what is pending
        assert other.dump() == dump
        assert other.proof() == proof
        assert hashes.state_hash(other.book, "") == hashes.state_hash(first.book, "")
        assert again(other) == dump


@pytest.mark.parametrize("seed", [*range(30, 44), 1133])
def test_every_replica_of_a_negotiation_equals_its_own_fold(seed: int) -> None:
    world = World(seed).run(150, cheats=(0, 0.03, 0.08)[seed % 3])
    for device in world.devices:
        dump = device.text.dump()
        assert world.fold(list(device.known.values())).dump() == dump
        assert again(device.text) == dump
    for device in world.devices:
        for op in world.shuffled(seed):
            device.take_in(op)
    assert len({device.text.dump() for device in world.devices}) == 1


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), cut=st.floats(0, 1))
def test_any_part_of_a_negotiation_folds_the_same_in_any_order(seed: int, cut: float) -> None:
    world = World(seed, devices=1).run(60, cheats=0.05)
    ops = [op for op in world.ops.values() if random.Random(op.id).random() > cut / 2]
    shuffled = ops * 2
    random.Random(seed).shuffle(shuffled)
    one, other = world.fold(ops), world.fold(shuffled)
    assert one.dump() == other.dump() == again(one)
    assert one.waiting == other.waiting and one.missing == other.missing


@pytest.mark.parametrize("seed", range(50, 58))
def test_a_loaded_state_goes_on_as_if_it_had_never_been_away(seed: int) -> None:
    world = World(seed).run(140, cheats=0.03)
    ops = world.shuffled(seed, twice=False)
    half = world.fold(ops[: len(ops) // 2])
    loaded = TextState.load(half.dump())
    assert loaded.dump() == half.dump()
    for op in ops[len(ops) // 2 :]:
        assert loaded.apply(op) == half.apply(op)
    assert loaded.dump() == half.dump() == again(loaded) == world.fold().dump()


def test_a_torn_snapshot_is_refused() -> None:
    dump = World(3).run(40).fold().dump()
    for bad in (b"", b"{}", dump[: len(dump) // 3], dump.replace(b'"v":2', b'"v":3'), dump[:-5]):
        with pytest.raises(Damaged, match=r"text\.snapshot"):
            TextState.load(bad)
    with pytest.raises(Damaged, match=r"text\.snapshot"):
        TextState.load(dump[:-1] + bytes([dump[-1] ^ 1]))


def test_touched_names_what_changed_and_nothing_twice() -> None:
    table = Table("States should act.", "States should help.")
    body = rules.propose_words(table["XB"].text, table["XB"].delegation, table.pars[0], "States shall act.")[0]
    op = table["XB"].make("text.propose", body)
    assert table["XA"].text.apply(op) == {op.id, table.pars[0]}
    assert table["XA"].text.apply(op) == frozenset()


def test_what_is_not_of_this_text_is_only_a_link() -> None:
    table = Table("States should act.")
    before = table["XA"].text.book.logged
    strange = table["XB"].make("text.comment", {"text": ident("another"), "target": table.pars[0], "words": "x"})
    assert table["XA"].text.apply(strange) == frozenset()
    assert table["XA"].text.book.logged == before and not table["XA"].text.book.comments
    assert table["XA"].text.heads() == sorted([strange.id]), "it still carries causality"


def test_operations_wait_visibly_for_their_past() -> None:
    table = Table("States should act.")
    note = table["XB"].act("room.note", {"note": 1})  # another matter of the room
    body = rules.propose_words(table["XB"].text, table["XB"].delegation, table.pars[0], "States shall act.")[0]
    late = table["XB"].act("text.propose", body)
    vote = table["XC"]
    vote.take_in(note)
    vote.take_in(late)
    second = vote.act("text.position", rules.position(vote.text, vote.delegation, late.id, "support"))
    state = TextState(table.text)
    opening = [op for op in table.ops.values() if op.id not in (note.id, late.id, second.id)]
    for op in [second, late, *opening]:
        state.apply(op)
    assert state.waiting == tuple(sorted((late.id, second.id)))
    assert state.missing == (note.id,)
    assert not state.book.props
    assert state.apply(note) >= {late.id}
    assert not state.waiting and state.book.props[late.id].state == "open"
    assert state.dump() == again(state)


def test_nothing_waits_without_the_opening_either() -> None:
    table = Table("States should act.")
    proposal = table.propose("XB", 0, "States shall act.")[0]
    state = TextState(table.text)
    state.apply(table.ops[proposal])
    assert not state.opened and state.waiting == (proposal,)


def test_the_past_as_a_vector() -> None:
    world = World(9).run(80)
    state = world.fold()
    for id in list(state.past.nodes)[::7]:
        known: set[str] = set()
        stack = [id]
        while stack:
            one = stack.pop()
            if one not in known:
                known.add(one)
                stack += state.past.links(state.past.nodes[one])
        vector: dict[str, int] = {}
        for one in known:
            op = world.ops[one]
            vector[op.device] = max(vector.get(op.device, 0), op.seq)
        assert state.past.vector(id) == vector


def test_seen_and_known_are_reachability() -> None:
    world = World(12).run(160)
    state = world.fold()
    past, book = state.past, state.book
    assert len(book.chain) > 3
    assert set(book.unseen) == {node.id for node in past.nodes.values() if node.seen == 2**31}
    pasts = [past.vector(id) for id in book.chain]
    for node in past.nodes.values():
        first = next((at for at, vector in enumerate(pasts) if vector.get(node.device, 0) >= node.seq), None)
        assert node.seen == (2**31 if first is None else first)
        own = past.vector(node.id)
        known = [at for at, id in enumerate(book.chain) if own.get((on := past.nodes[id]).device, 0) >= on.seq]
        assert node.known == max(known, default=-1)


def test_every_operation_of_a_negotiation_passes_its_kind() -> None:
    checked = set()
    for seed in range(60, 70):
        for op in World(seed).run(150, cheats=0.05).ops.values():
            if op.kind.startswith("text."):
                kind = kinds.PEN.get(op.kind) or kinds.FACTS.get(op.kind)
                find(op.kind).body.check(op.body)
                checked.add(op.kind)
                assert kind or op.kind in kinds.VOTES
    assert checked >= {"text.open", "text.merge", "text.propose", "text.position", "text.revision", "text.pass"}


def test_a_device_suspended_by_the_room() -> None:
    world = World(5).run(100)
    device = max(world.devices[2:], key=lambda one: one.seq)
    state = world.fold()
    assert state.suspend(device.id, 2) == {"*"}
    assert state.suspend(device.id, 5) == frozenset()
    early = TextState(world.text)
    early.suspend(device.id, 2)
    for op in world.shuffled(4):
        early.apply(op)
    assert early.dump() == state.dump()
    assert [one.device for one in state.suspended] == [device.id]
    assert TextState.load(state.dump()).suspended == state.suspended


def test_a_device_suspended_by_the_room_does_not_resolve_itself() -> None:
    table = Table("States should act.")
    me = table["XB"]
    first = table.do("XB", "text.comment", rules.comment(me.text, table.pars[0], "x"))
    body = {"text": table.text, "what": "device", "at": "", "device": me.id, "seq": 1, "stands": first, "reason": ""}
    table.do("XB", "text.resolve", body)
    state = table.fold()
    state.suspend(me.id, 1)
    assert [one.device for one in state.suspended] == [me.id]
    state.apply(table["XB2"].make("text.resolve", body))
    assert state.suspended == ()


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
            found.update(f"{node.module}.{name.name}" for name in node.names)
    return found


def test_no_diff_locale_clock_chance_or_unicode_table_takes_part_in_the_fold() -> None:
    folder = Path(valise.domain.text.__file__).parent
    reached, stack = set(), ["fold"]
    while stack:
        name = stack.pop()
        if name in reached:
            continue
        reached.add(name)
        for module in imports(folder / f"{name}.py"):
            inner = module.removeprefix("valise.domain.text.")
            if inner != module and (folder / f"{inner}.py").exists():
                stack.append(inner)
            assert module.split(".")[0] not in {
                "regex", "rapidfuzz", "unicodedata", "locale", "time", "datetime", "random", "difflib", "os", "secrets",
            }, (name, module)
    assert {"pen", "facts", "standing", "hashes", "snapshot", "chain"} <= reached
    assert not reached & {"words", "inline", "brackets", "view"}
    for name in reached:
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), name
            assert not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)), name
            assert not (isinstance(node, ast.Attribute) and node.attr in {"lower", "upper", "casefold", "title"}), name


def test_ids_of_the_sandbox_look_like_ours() -> None:
    assert len(ident("x")) == 43
