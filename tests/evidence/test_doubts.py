"""What verifies and still has to be known: two histories, revoked devices, two membership heads, lists that contradict."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evidence.forge import START, Room, Side, bad, doubts, judged, lines, message, seal, small

from valise.domain import kinds
from valise.evidence.shapes import KINDS, RIGHTS
from valise.evidence.words import DOUBTS, sentences

DAY = 24 * 3600 * 1000


def group(*sides: Side) -> Room:
    room = Room(kind="group")
    room.found(sides[0].laptops[0], *sides[1:])
    return room


def test_a_device_with_two_histories_is_shown_with_both() -> None:
    room, a, b = small()
    one = b.laptops[0]
    first = room.logs[one.id][0]
    rival = room.say(one, "message.send", message("We never said that."), seq=1, prev="")
    room.say(one, "message.send", message("And so on."))
    data = seal(lines(room, a, b), a.laptops[0].composite)
    told = doubts(data)["two histories"]
    assert (told["device"], told["seq"], set(told["operations"])) == (one.id, 1, {first, rival})
    (device,) = (device for side in judged(data)["delegations"] for device in side["devices"] if device["id"] == one.id)
    assert not device["complete"] and device["twice"][0][0] == 1 and set(device["twice"][0][1]) == {first, rival}
    said = "\n".join(sentences(judged(data)))
    assert "TWO HISTORIES at 1" in said and first in said and rival in said


def test_operations_of_a_revoked_device_and_outside_its_term() -> None:
    a, b = Side("XA", "Aurelia"), Side("XB", "Borovia")
    room = Room()
    room.found(a.laptops[0], b)
    room.say(b.laptops[0], "message.send", message("In time."))
    b.revoked[b.laptops[0].id] = room.clock
    late = room.say(b.laptops[0], "message.send", message("Too late."))
    data = seal(lines(room, a, b), a.laptops[0].composite)
    assert doubts(data)["clock after revocation"]["operations"] == [late]
    assert "REVOKED" in "\n".join(sentences(judged(data)))
    c = Side("XC", "Castellan Republic", not_after=START)
    room = Room()
    room.found(a.laptops[0], c)
    out = room.say(c.laptops[0], "message.send", message("My certificate has ended."))
    assert doubts(seal(lines(room, a, c), a.laptops[0].composite))["clock outside term"]["operations"] == [out]


def test_two_membership_heads_and_removal_beats_addition() -> None:
    a, b, c, d = (Side(*one) for one in (("XA", "Aurelia"), ("XB", "Borovia"), ("XC", "Castellan Republic"), ("XD", "Dravenia")))
    room = group(a, b, c)
    added = room.say(a.laptops[0], "room.add", {"delegation": d.id, "heads": [room.id], "history": "record"})
    left = room.say(b.laptops[0], "room.remove", {"delegation": b.id, "heads": [room.id]}, deps=[room.id])
    data = seal(lines(room, a, b, c, d), a.laptops[0].composite)
    assert set(doubts(data)["two membership heads"]["operations"]) == {added, left}
    report = judged(data)
    assert set(report["room"]["members"]) == {a.id, c.id, d.id} and report["room"]["gone"] == [b.id]
    # what is said after one's own removal counts for nothing; an addition that knows of it lifts it
    after = room.say(b.laptops[0], "message.send", message("I am still here."))
    assert doubts(seal(lines(room, a, b, c, d), a.laptops[0].composite))["said after removal"]["operations"] == [after]
    room.say(a.laptops[0], "room.add", {"delegation": b.id, "heads": sorted([added, left]), "history": "record"})
    report = judged(seal(lines(room, a, b, c, d), a.laptops[0].composite))
    assert report["doubts"] == [] and b.id in report["room"]["members"]
    # nobody but the chair adds
    void = room.say(b.laptops[0], "room.add", {"delegation": d.id, "heads": [room.id], "history": "record"})
    assert doubts(seal(lines(room, a, b, c, d), a.laptops[0].composite))["no authority"]["operations"] == [void]


def test_founding_without_authority_is_refused() -> None:
    a, b = Side("XA", "Aurelia"), Side("XB", "Borovia")
    for members, chair, kind in (
        ([a.id], a.id, "bilateral"), ([b.id, a.id, b.id], a.id, "group"), (sorted([a.id, b.id]), b.id, "group"),
    ):  # fmt: skip
        room = Room()
        body = {"kind": kind, "title": "x", "members": members, "chair": chair, "nonce": "n" * 22}
        room.say(a.laptops[0], "room.create", body)
        assert bad(seal(lines(room, a, b), a.laptops[0].composite))[1:] == ("operation", "founding")


def test_lists_that_contradict_each_other() -> None:
    room, a, b = small()
    entries = lines(room, a, b)
    place = next(at for at, one in enumerate(entries) if one == {**one, "is": "card"} and one["raw"] == b.card()["raw"])
    b.revoked[b.laptops[0].id] = START
    entries.insert(place + 1, b.card())
    entries[place : place + 2] = sorted(entries[place : place + 2], key=_hash)
    told = doubts(seal(entries, a.laptops[0].composite))
    assert (told["lists differ"]["delegation"], told["lists differ"]["number"]) == (b.id, 1)
    b.name = "Borovia, renamed"
    entries[place : place + 2] = [b.card(), b.card(2, "A" * 43)]
    assert "lists differ" in doubts(seal(entries, a.laptops[0].composite))


def _hash(entry: dict[str, str]) -> str:
    from valise.protocol.canonical import b64u, digest, unb64u

    return b64u(digest("valise/v1/card", unb64u(entry["raw"])))


def test_a_log_that_contradicts_itself_and_a_checkpoint_that_lies() -> None:
    room, a, b = small()
    mine, other = a.laptops[0], b.laptops[0]
    broken = room.say(other, "message.send", message("x"), seq=5, prev=room.logs[mine.id][-1])
    assert doubts(seal(lines(room, a, b), mine.composite))["log contradicts itself"]["operations"] == [broken]
    room, a, b = small()
    true = room.say(mine, "log.checkpoint", {"number": 1, "seq": 2, "head": room.logs[mine.id][-1]}, composite=True)
    data = seal(lines(room, a, b), mine.composite)
    (device,) = (device for side in judged(data)["delegations"] for device in side["devices"] if device["id"] == mine.id)
    assert device["checkpoint"]["seq"] == 2 and device["checkpoint"]["head"] == room.logs[mine.id][1]
    assert "checkpoint: everything up to 2" in "\n".join(sentences(judged(data)))
    lying = room.say(mine, "log.checkpoint", {"number": 2, "seq": 2, "head": true}, composite=True)
    assert doubts(seal(lines(room, a, b), mine.composite))["checkpoint lies"]["operations"] == [lying]


def test_an_earlier_certificate_still_gives_its_rights() -> None:
    """Renewed with fewer rights: what was said with the earlier certificate stands when its list names it."""
    from tests.evidence.forge import Laptop

    from valise.protocol.canonical import b64u

    a, b = Side("XA", "Aurelia"), Side("XB", "Borovia")
    old = b.laptops[0]
    new = Laptop(b, "XB 1", number=2, rights=["observe"])
    room = Room()
    room.found(a.laptops[0], b)
    room.say(old, "message.send", message("While I may."))
    b.laptops = [new]
    entries = lines(room, a, b)
    assert bad(seal(entries, a.laptops[0].composite))[1:] == ("operation", "right")
    place = next(at for at, one in enumerate(entries) if one.get("raw") == b64u(new.raw))
    entries.insert(place, {"is": "certificate", "raw": b64u(old.raw), "sig": b64u(old.sig)})
    report = judged(seal(entries, a.laptops[0].composite))
    assert report["sound"] == 1
    other = Laptop(b, "XB 1", number=3, composite=b64u(a.root.public))
    entries.insert(place + 2, {"is": "certificate", "raw": b64u(other.raw), "sig": b64u(other.sig)})
    assert bad(seal(entries, a.laptops[0].composite)) == (place + 3, "certificate", "other keys")


# -- the table of kinds


def test_the_verifier_knows_every_kind_of_the_record() -> None:
    import valise.desk.desk  # noqa: F401 - registers every kind

    record = {one.name: one for one in kinds.all_kinds() if one.travels != "chat"}
    assert record.keys() == KINDS.keys()
    assert set(RIGHTS) == set(kinds.RIGHTS)
    for name, one in record.items():
        mine = KINDS[name]
        assert (mine.right, mine.composite) == (one.right, one.composite), name
        assert (mine.fields.keys(), mine.optional) == (one.body.fields.keys(), one.body.optional), name


def test_every_doubt_has_words() -> None:
    import ast
    from pathlib import Path

    import valise.evidence

    path = Path(valise.evidence.__file__).parent
    found = {f"pen: {one}" for one in ("votes", "fork", "other pen")}
    for name in ("verify.py", "people.py"):
        for node in ast.walk(ast.parse((path / name).read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                found |= {value.value for key, value in zip(node.keys, node.values, strict=True)
                          if isinstance(key, ast.Constant) and key.value == "say" and isinstance(value, ast.Constant)}  # fmt: skip
            if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "several":
                assert isinstance(node.value, ast.List)
                found |= {one.elts[0].value for one in node.value.elts if isinstance(one, ast.Tuple)}  # type: ignore[attr-defined]
    assert found == set(DOUBTS)


# -- anything at all


@settings(max_examples=150)
@given(st.lists(st.one_of(st.binary(max_size=200), st.sampled_from([b"\n", b'{"is":"header","n":1}', b"{", b"}"])), max_size=8))
def test_anything_at_all_gives_a_report(parts: list[bytes]) -> None:
    report = judged(b"".join(parts))
    assert report["sound"] == 0 and report["bad"]["line"] >= 1
    assert list(sentences(report))


def _values() -> st.SearchStrategy[object]:
    return st.recursive(
        st.one_of(st.text(max_size=50), st.integers(-(2**53), 2**53), st.sampled_from(["A" * 43, "A" * 43 + "/1", "0" * 64])),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text("abcdefghop_", max_size=8), inner, max_size=4)),
        max_leaves=12,
    )


@settings(max_examples=150)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_bodies_of_any_shape_are_judged_like_the_registry_judges_them(name: str, data: st.DataObject) -> None:
    """The second table and the first say the same of bodies that nearly fit, and never raise."""
    from valise.domain.errors import Refused

    shape = KINDS[name]
    body = {one: data.draw(_values()) for one in shape.fields if one not in shape.optional or data.draw(st.booleans())}
    try:
        kinds.kind(name).body.check(body)
        fits = True
    except Refused:
        fits = False
    assert shape.fits(body) == fits


@pytest.mark.parametrize("name", ["room.create", "text.merge"])
def test_a_body_that_is_no_object_does_not_fit(name: str) -> None:
    assert not KINDS[name].fits([]) and not KINDS[name].fits("x")
