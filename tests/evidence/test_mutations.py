"""Files put together at random from true parts, sealed as if all were well: always a report, of the form the desk believes."""

from __future__ import annotations

import json
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.evidence.forge import Line, Room, Side, judged, lines, message, seal, small
from tests.evidence.test_texts import STATE, revise, start

from valise.desk.evidence import believed
from valise.domain.errors import Refused
from valise.evidence.words import sentences
from valise.protocol.canonical import b64u, unb64u


@cache
def stock() -> tuple[Line, ...]:
    """Every kind of entry, of one room and of another."""
    room, a, b, pen, text = start()
    made = revise(room, pen, text, text, STATE)
    room.say(b.laptops[0], "text.revision_ack", {"text": text, "revision": made, "text_hash": STATE, "state_hash": STATE})
    room.say(pen, "joint.open", {
        "purpose": "joint statement", "title": "S", "words": "W", "text": "", "revision": "", "hash": STATE, "language": "en",
        "until": 0, "replaces": "",
    })  # fmt: skip
    room.say(b.laptops[0], "message.send", message("x"), seq=1, prev="")
    other, c, d = Room(kind="group"), Side("XC", "Castellan Republic", laptops=2), Side("XD", "Dravenia")
    other.found(c.laptops[0], d)
    other.say(c.laptops[1], "room.remove", {"delegation": d.id, "heads": [other.id]})
    return (*lines(room, a, b), *lines(other, c, d)[1:])


@settings(max_examples=150)
@given(st.data())
def test_any_selection_gives_a_report_that_can_be_told(data: st.DataObject) -> None:
    first, *rest = stock()
    places = data.draw(st.lists(st.integers(0, len(rest) - 1), max_size=len(rest)))
    chosen = [rest[at] for at in (sorted(set(places)) if data.draw(st.booleans()) else places)]
    report = judged(seal([first, *chosen], Side("XA", "Aurelia").laptops[0].composite))
    assert believed(json.dumps(report).encode()) == report
    assert list(sentences(report))


@settings(max_examples=100)
@given(st.data())
def test_any_field_put_in_another_place_is_refused_or_told(data: st.DataObject) -> None:
    entries = [dict(one) for one in stock()[:-6]]  # the first room alone
    kinds = [one["is"] for one in entries]
    entries[0]["holds"] = {f"{one}s": kinds.count(one) for one in ("card", "certificate", "operation")}
    assert judged(seal(entries, Side("XA", "Aurelia").laptops[0].composite, count=False))["sound"] == 1
    at = data.draw(st.integers(0, len(entries) - 1))
    field = data.draw(st.sampled_from(sorted(entries[at])))
    value = data.draw(st.one_of(
        st.integers(-1, 3), st.text(max_size=5), st.sampled_from([[], {}, [[]], "A" * 43, "header", "end", "card"]),
        st.sampled_from([one[name] for one in entries for name in ("raw", "sig", "id") if name in one]),
    ))  # fmt: skip
    same = entries[at][field] == value
    entries[at][field] = value
    report = judged(seal(entries, Side("XA", "Aurelia").laptops[0].composite, count=False))
    assert believed(json.dumps(report).encode()) == report
    if report["sound"]:
        assert same or (at, field) == (0, "made_at")


def test_the_whole_stock_of_one_room_is_told() -> None:
    room, a, b = small()
    room.say(b.laptops[0], "message.send", message("again"), seq=1, prev="")
    report = judged(seal(lines(room, a, b), a.laptops[0].composite))
    assert report["sound"] == 1 and believed(json.dumps(report).encode()) == report
    for path in (("file", "made_at"), ("delegations", 0, "devices", 0, "upto"), ("room", "members")):
        broken = json.loads(json.dumps(report))
        place = broken
        for one in path[:-1]:
            place = place[one]
        place[path[-1]] = {"not": "this"}
        with pytest.raises(Refused, match=r"evidence\.child"):
            believed(json.dumps(broken).encode())


def test_base64_with_loose_bits_is_refused() -> None:
    """One and the same bytes have one spelling."""
    room, a, b = small()
    entries = lines(room, a, b)
    entries[-1]["sig"] = entries[-1]["sig"][:-1] + chr(ord(entries[-1]["sig"][-1]) + 1)
    assert judged(seal(entries, a.laptops[0].composite))["bad"]["code"] in ("fields", "signature")
    assert b64u(unb64u(lines(room, a, b)[-1]["sig"])) == lines(room, a, b)[-1]["sig"]
