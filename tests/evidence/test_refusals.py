"""Every entry of an evidence file removed, swapped, doubled, altered, cut: refused, and the right line named."""

from __future__ import annotations

import json
from functools import cache
from itertools import islice

import pytest
from tests.evidence.forge import (
    START,
    Laptop,
    Line,
    Room,
    Side,
    bad,
    changed,
    compact,
    doubts,
    judged,
    lines,
    message,
    seal,
    small,
)

from valise.evidence.people import People, read_card, read_certificate
from valise.evidence.reading import Bad
from valise.evidence.record import read
from valise.evidence.words import BAD, sentences
from valise.protocol.canonical import b64u, unb64u


@cache
def whole() -> tuple[bytes, ...]:
    """The lines of the small file, each with its end."""
    room, a, b = small()
    return tuple(seal(lines(room, a, b), a.laptops[0].composite).splitlines(keepends=True))


def test_the_small_file_is_sound() -> None:
    report = judged(b"".join(whole()))
    assert report["sound"] == 1 and report["doubts"] == []
    assert [one["code"] for one in report["delegations"]] == sorted(
        ["XA", "XB"], key=lambda code: Side(code, "").id
    )
    assert len(whole()) == 9


def test_removed_doubled_swapped_and_renumbered_lines_are_named() -> None:
    every = whole()
    last = len(every) - 1
    for at in range(len(every)):
        assert bad(b"".join(every[:at] + every[at + 1 :]))[0] == at + 1, "removed"
        doubled = bad(b"".join(every[: at + 1] + every[at:]))
        assert (doubled[0], doubled[2]) == (at + 2, "number"), "doubled"
        if at < last:
            swapped = bad(b"".join((*every[:at], every[at + 1], every[at], *every[at + 2 :])))
            assert (swapped[0], swapped[2]) == (at + 1, "number"), "swapped"
        altered = json.loads(every[at])
        altered["n"] += 1
        renumbered = bad(b"".join((*every[:at], compact(altered) + b"\n", *every[at + 1 :])))
        assert (renumbered[0], renumbered[2]) == (at + 1, "number"), "renumbered"


def test_a_file_cut_anywhere_is_refused_where_it_ends() -> None:
    every = whole()
    for at in range(len(every)):
        line, what, why = bad(b"".join(every[:at]))
        assert (line, what) == (at + 1, "file") and why in ("empty", "cut short")
        for keep in (1, len(every[at]) // 2, len(every[at]) - 1):
            assert bad(b"".join(every[:at]) + every[at][:keep]) == (at + 1, "line", "torn")
    assert bad(b"".join(every) + b"{}\n")[0] == len(every) + 1
    assert bad(b"") == (1, "file", "empty")


def test_removed_and_put_together_again_by_the_exporter() -> None:
    """Who holds the exporting laptop can number and sign anew: what others signed still does not fit."""
    for at in range(1, 4):  # a card, the other card, a certificate
        line, _, why = bad(changed(lambda entries, at=at: entries.pop(at)))
        assert why in ("no card", "no certificate"), (at, why)
        assert line > 1
    # an operation taken out, the rest put in order: a gap of its log, and something others name
    room, a, b = small()
    mine = a.laptops[0]
    gone = room.logs[mine.id][1]
    kept = room.say(mine, "message.send", message("And at night."))
    del room.ops[gone]
    data = seal(lines(room, a, b), mine.composite)
    assert doubts(data)["named but not here"]["operations"] == [gone]
    (told,) = (device for one in judged(data)["delegations"] for device in one["devices"] if device["id"] == mine.id)
    assert (told["gaps"], told["complete"], told["upto"]) == ([[2, 2]], False, 3)
    # the end of a log can be left out unseen, unless somebody names it: the report says so
    del room.ops[kept]
    assert "named but not here" in doubts(seal(lines(room, a, b), mine.composite))
    # without the founding operation there is no room
    del room.ops[room.id]
    assert bad(seal(lines(room, a, b), mine.composite))[2] == "no founding"


def test_swapped_doubled_and_foreign_entries_signed_anew() -> None:
    def double(entries: list[Line]) -> None:
        entries.append(entries[-1])

    def swap(entries: list[Line]) -> None:
        entries[-1], entries[-2] = entries[-2], entries[-1]

    def cards(entries: list[Line]) -> None:
        entries[1], entries[2] = entries[2], entries[1]

    def certificates(entries: list[Line]) -> None:
        entries[3], entries[4] = entries[4], entries[3]

    def late_card(entries: list[Line]) -> None:
        entries.append(entries[1])

    def foreign(entries: list[Line]) -> None:
        other = Room(kind="group")
        laptop = Side("XA", "Aurelia").laptops[0]
        other.found(laptop, Side("XB", "Borovia"))
        name = other.say(laptop, "message.send", message("Said elsewhere."))
        entries.append({"is": "operation", "id": name, "raw": b64u(other.ops[name][0]), "sig": b64u(other.ops[name][1])})

    assert bad(changed(double)) == (9, "operation", "double")
    assert bad(changed(swap)) == (7, "operation", "order")
    assert bad(changed(cards)) == (3, "card", "order")
    assert bad(changed(certificates)) == (5, "certificate", "order")
    assert bad(changed(late_card)) == (9, "card", "order")
    assert bad(changed(foreign)) == (9, "operation", "room")


def test_counts_audience_and_the_last_line() -> None:
    room, a, b = small()
    entries = lines(room, a, b)
    entries[0]["holds"] = {"cards": 2, "certificates": 2, "operations": 4}
    assert bad(seal(entries, a.laptops[0].composite, count=False)) == (1, "header", "holds")
    assert bad(seal(lines(room, a, b), b.laptops[0].composite)) == (9, "end", "signature")
    assert bad(seal(lines(room, a, b, audience="own archive"), a.laptops[0].composite)) == (1, "header", "internal")
    assert bad(seal(lines(room, a, b, v=2), a.laptops[0].composite)) == (1, "header", "version")
    assert bad(seal(lines(room, a, b, format="other"), a.laptops[0].composite)) == (1, "header", "not evidence")
    inside = Room(kind="internal")
    inside.found(a.laptops[0])
    assert bad(seal(lines(inside, a), a.laptops[0].composite)) == (1, "header", "internal")
    assert judged(seal(lines(inside, a, audience="own archive"), a.laptops[0].composite))["sound"] == 1


def test_a_forged_certificate_and_borrowed_names() -> None:
    room, a, b = small()
    eve = Side("XE", "Eastmark")
    forged = Laptop(a, "XE 1")  # of Aurelia by name
    forged.sig = eve.root.sign(unb64u(forged.hash))
    entries = lines(room, a, b)
    at = next(place for place, one in enumerate(entries) if one["is"] == "certificate")
    owners = sorted((a, b), key=lambda one: one.id)
    if owners[0] is not a:
        at += 1
    entries[at] = {"is": "certificate", "raw": b64u(forged.raw), "sig": b64u(forged.sig)}
    assert bad(seal(entries, a.laptops[0].composite)) == (at + 1, "certificate", "signature")
    # an operation that names another delegation than the certificate of its device
    room.say(a.laptops[0], "message.send", message("Not ours."), author=b.id)
    assert bad(seal(lines(room, a, b), a.laptops[0].composite))[1:] == ("operation", "author")
    # by a device without a certificate; with a composite signature of the wrong key; by a stranger to the room
    room, a, b = small()
    room.say(Laptop(b, "XB 9"), "message.send", message("Nobody knows me."))
    assert bad(seal(lines(room, a, b), a.laptops[0].composite))[1:] == ("operation", "no certificate")
    room, a, b = small()
    room.say(eve.laptops[0], "message.send", message("I was never here."))
    assert bad(seal(lines(room, a, b, eve), a.laptops[0].composite))[1:] == ("operation", "stranger")


def test_rights_bodies_rooms_and_signature_kinds() -> None:
    a, b = Side("XA", "Aurelia"), Side("XB", "Borovia", rights=["observe", "speak"])
    cases: list[tuple[str, Line, dict[str, object], str]] = [
        ("text.propose", {"text": "A" * 43}, {}, "body"),
        ("joint.close", {"statement": "A" * 43, "signs": []}, {}, "right"),
        ("message.send", {**message("x"), "extra": "y"}, {}, "body"),
        ("message.send", message("x"), {"composite": True}, "signature"),
        ("log.checkpoint", {"number": 1, "seq": 1, "head": "A" * 43}, {}, "signature"),
        ("message.send", message("x"), {"v": 2}, "fields"),
        ("message.send", message("x"), {"seq": 0}, "fields"),
        ("message.send", message("x"), {"room": ""}, "room"),
        ("message.send", message("x" * 140_000), {}, "too large"),
    ]
    for kind, body, other, why in cases:
        room = Room()
        room.found(a.laptops[0], b)
        room.say(b.laptops[0], kind, body, **other)  # type: ignore[arg-type]
        data = seal(lines(room, a, b), a.laptops[0].composite)
        line, what, found = bad(data)
        assert (found, what) == (why, "operation"), (kind, found)
        assert line == len(data.splitlines()) - 1
    room = Room()
    room.found(a.laptops[0], b)
    for kind, body in (("text.comment", {"text": "A" * 43, "target": "A" * 43, "words": "x"}), ("later.kind", {"any": "x"})):
        room.say(b.laptops[0], kind, body)
    assert doubts(seal(lines(room, a, b), a.laptops[0].composite)).keys() == {"kind not known"}


def test_a_certificate_for_other_rooms_gives_no_right_here() -> None:
    a, b = Side("XA", "Aurelia"), Side("XB", "Borovia", rooms=["A" * 43])
    room = Room()
    room.found(a.laptops[0], b)
    room.say(b.laptops[0], "message.send", message("x"))
    assert bad(seal(lines(room, a, b), a.laptops[0].composite))[1:] == ("operation", "right")


# -- bits


def flips(data: bytes) -> list[bytes]:
    """Every one-bit change."""
    return [bytes((*data[:at], data[at] ^ 1 << bit, *data[at + 1 :])) for at in range(len(data)) for bit in range(8)]


def bytes_flipped(data: bytes) -> list[bytes]:
    """One bit of each byte, another from byte to byte."""
    return [bytes((*data[:at], data[at] ^ 1 << at % 8, *data[at + 1 :])) for at in range(len(data))]


@cache
def parts() -> tuple[People, Room, Side, Side]:
    room, a, b = small()
    people = People()
    for number, side in enumerate(sorted((a, b), key=lambda one: one.id)):
        card = side.card()
        people.card(read_card(unb64u(card["raw"]), unb64u(card["sig"]), number), number)
    for side in sorted((a, b), key=lambda one: one.id):
        one = side.laptops[0]
        people.certificate(read_certificate(one.raw, one.sig, people.roots, 1), 1)
    return people, room, a, b


# Every bit in a long run; in a short one every eleventh, so that each of a byte's eight is among them.
STEPS = pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.soak)])


@STEPS
def test_every_bit_of_a_device_list(step: int) -> None:
    _, _, a, _ = parts()
    card = a.card()
    raw, sig = unb64u(card["raw"]), unb64u(card["sig"])
    for one in islice(flips(raw), 0, None, step):
        with pytest.raises(Bad):
            read_card(one, sig, 2)
    for one in islice(bytes_flipped(sig), 0, None, step):
        with pytest.raises(Bad, match="signature"):
            read_card(raw, one, 2)


@STEPS
def test_every_bit_of_a_certificate(step: int) -> None:
    people, _, a, _ = parts()
    one = a.laptops[0]
    for raw in islice(flips(one.raw), 0, None, step):
        with pytest.raises(Bad):
            read_certificate(raw, one.sig, people.roots, 4)
    for sig in islice(bytes_flipped(one.sig), 0, None, step):
        with pytest.raises(Bad, match="signature"):
            read_certificate(one.raw, sig, people.roots, 4)


@STEPS
def test_every_bit_of_an_operation_with_either_signature(step: int) -> None:
    people, room, a, _ = parts()
    checkpoint = room.say(
        a.laptops[0], "log.checkpoint", {"number": 1, "seq": 2, "head": room.logs[a.laptops[0].id][-1]}, composite=True
    )
    for name in (room.id, room.logs[a.laptops[0].id][1], checkpoint):
        raw, sig = room.ops[name]
        read(raw, sig, room.id, people, 6)
        for one in islice(flips(raw), 0, None, step):
            with pytest.raises(Bad):
                read(one, sig, room.id, people, 6)
        for one in islice(flips(sig) if len(sig) == 64 else bytes_flipped(sig), 0, None, step):
            with pytest.raises(Bad, match="signature"):
                read(raw, one, room.id, people, 6)


def test_a_flip_anywhere_in_the_file_names_its_line() -> None:
    """Each byte of the header, of the frames and of the last line but its signature; of what is base64 every 61st: the tests
    above flip what it stands for. A flip may make a line end, or take one away: then the line it was in is named."""
    every = whole()
    for at, line in enumerate(every):
        base64 = [(start, start + len(held)) for held in (one for name, one in json.loads(line).items() if name in ("raw", "sig"))
                  if (start := line.index(held.encode())) >= 0]  # fmt: skip
        for place in range(len(line)):
            inside = any(start <= place < end for start, end in base64)
            if inside and place % 61:
                continue
            altered = bytes((*line[:place], line[place] ^ 1 << place % 7, *line[place + 1 :]))
            found, _, why = bad(b"".join((*every[:at], altered, *every[at + 1 :])))
            assert found == at + 1, (at + 1, place, why)


# -- limits


def test_hostile_files_are_refused_early() -> None:
    deep = b'{"is":"header","n":1,"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n"
    assert bad(deep)[0] == 1
    assert bad(b"x" * 300_000 + b"\n") == (1, "line", "too large")
    assert bad(b"\n" * 50)[0] == 1
    assert bad(b'{"is":"header","n":' + b"9" * 10_000 + b"}\n")[0] == 1
    assert bad(b"\xff\xfe{}\n")[0] == 1
    assert bad(b"[]\n") == (1, "line", "fields")


def test_the_time_ends() -> None:
    import io

    from valise.evidence.verify import verify

    ticks = iter(range(0, 10_000, 10))
    report = verify(io.BytesIO(b"".join(whole())), 45, lambda: next(ticks))
    assert report == {"sound": 0, "bad": {"line": 5, "what": "file", "code": "too long"}}


def test_every_reason_has_words() -> None:
    import ast
    from pathlib import Path

    import valise.evidence

    found = set()
    for path in Path(valise.evidence.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Bad":
                code = node.args[2]
                assert isinstance(code, ast.Constant), path
                found.add(code.value)
    assert found == set(BAD)
    for code in BAD:
        said = list(sentences({"sound": 0, "bad": {"line": 3, "what": "card", "code": code}}))
        assert said[0].startswith("NOT SOUND") and "Line 3 (card)" in said[1]


def test_times_of_the_forge_lie_within_its_certificates() -> None:
    assert json.loads(Side("XA", "Aurelia").laptops[0].raw)["not_before"] < START
