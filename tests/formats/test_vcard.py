"""Contact cards: written so that others read them, read so that nothing hostile gets further than the confined child."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from valise.domain.errors import Refused
from valise.domain.message import TLP
from valise.formats import vcard
from valise.formats.records import Misread
from valise.formats.vcard import Card

ROLE = Card(
    "Duty officer", (), "National CERT; operations", "Duty officer", "Answers, day and night\nin two languages",
    ("duty@xb.example", "second@xb.example"), (("+41225550100", ""), ("+41 22 555 01 99", "24x7")), ("fr", "en"), "Europe/Zurich", "",
    "urn:uuid:00000000-0000-5000-8000-000000000000",
    {"state": ("XB",), "hours": ("Mo-Fr 09:00-17:00", "Sa 10:00-12:00"), "marking": ("TLP:AMBER+STRICT",), "directory": ("UN-Global",)},
)  # fmt: skip
PERSON = Card("Ms. Zoë 名字", ("名字", "Zoë", "", "Ms.", ""), "外交部 " * 12, "秘书", languages=("zh",))
ARABIC = Card("ضابط مناوب", (), "الفريق الوطني؛ العمليات", "مناوب")
EVERY = (ROLE, PERSON, ARABIC)


def told(code: str) -> str:
    return f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:x\r\n{code}\r\nEND:VCARD\r\n"


@pytest.mark.parametrize("version", vcard.VERSIONS)
def test_what_goes_out_comes_back(version: str) -> None:
    assert vcard.read(vcard.written(EVERY, version)) == [vcard._plain(one) for one in EVERY]


@pytest.mark.parametrize("version", vcard.VERSIONS)
def test_others_read_it(version: str) -> None:
    """By vobject with its own checks, as any other program would."""
    for ours, text in zip(EVERY, vcard.written(EVERY, version).decode().split("END:VCARD\r\n"), strict=False):
        theirs = vobject.readOne(text + "END:VCARD\r\n", validate=True)
        assert theirs.fn.value == ours.name
        assert [one.value for one in theirs.contents.get("email", [])] == list(ours.emails)
        numbers = [one.value.removeprefix("tel:") for one in theirs.contents.get("tel", [])]
        assert numbers == [number for number, _ in ours.phones]
        assert theirs.version.value == version


@pytest.mark.parametrize("version", vcard.VERSIONS)
def test_lines_are_folded_and_never_within_a_character(version: str) -> None:
    data = vcard.written(EVERY, version)
    lines = data.split(b"\r\n")
    assert all(len(one) <= 75 for one in lines) and lines[-1] == b""
    for one in lines:
        one.decode("utf-8")
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize("marking", [*TLP, "RESTRICTED", "CONFIDENTIEL DÉFENSE; à traiter"])
def test_every_marking_is_in_the_card(marking: str) -> None:
    """C14."""
    [back] = vcard.read(vcard.written([Card("x", ours={"marking": (marking,)})]))
    assert back.ours["marking"] == (marking,)


def test_the_same_entries_give_the_same_bytes() -> None:
    assert vcard.written(EVERY) == vcard.written(EVERY)


@pytest.mark.parametrize(
    ("card", "code"),
    [
        (Card(""), "vcard.name"), (Card("  "), "vcard.name"), (Card("x" * 2_001), "vcard.long"), (Card("a\x07b"), "vcard.control"),
        (Card("\ud800"), "vcard.control"), (Card("x", emails=("a",) * 21), "vcard.many"), (Card("x", ours={"secret": ("x",)}), "vcard.torn"),
    ],
)  # fmt: skip
def test_what_no_card_can_hold_is_not_written(card: Card, code: str) -> None:
    with pytest.raises(Misread) as refused:
        vcard.written([ROLE, card])
    assert (refused.value.code, refused.value.row) == (code, 2)


def test_cards_of_other_programs_are_read() -> None:
    made = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Somebody//EN\r\nN:Doe;Jo;;Dr.;\r\nFN:Dr. Jo Doe\r\nORG:Ministry;Department\\, east\r\n"
        "item1.EMAIL;type=INTERNET:second@x.example\r\nEMAIL;type=INTERNET;type=pref:first@x.example\r\n"
        "TEL;type=CELL:+1 555 0100\r\nTEL;type=FAX:+1 555 0101\r\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\nBDAY:1970-01-01\r\nEND:VCARD\r\n"
    )
    [one] = vcard.read(made.encode())
    assert one.person == ("Doe", "Jo", "", "Dr.", "") and one.organization == "Ministry, Department, east"
    assert one.emails == ("first@x.example", "second@x.example") and one.phones == (("+1 555 0100", ""),)
    assert one.left_out == 3  # the fax, the picture, the birthday
    [bare] = vcard.read(b"\xef\xbb\xbfBEGIN:VCARD\nVERSION:4.0\nN:Doe;Jo;;;\nFN:\nEND:VCARD\n")
    assert bare.name == "Jo Doe"


HOSTILE = {
    "nothing": (b"", "vcard.none"),
    "no card": (b"hello", "vcard.torn"),
    "binary": (bytes(range(256)), "vcard.encoding"),
    "old": (b"BEGIN:VCARD\nVERSION:2.1\nFN:x\nEND:VCARD\n", "vcard.version"),
    "no version": (b"BEGIN:VCARD\nFN:x\nEND:VCARD\n", "vcard.version"),
    "two versions": (b"BEGIN:VCARD\nVERSION:4.0\nVERSION:3.0\nFN:x\nEND:VCARD\n", "vcard.version"),
    "not closed": (b"BEGIN:VCARD\nVERSION:4.0\nFN:x\n", "vcard.torn"),
    "closed twice": (b"BEGIN:VCARD\nVERSION:4.0\nFN:x\nEND:VCARD\nEND:VCARD\n", "vcard.torn"),
    "nobody": (b"BEGIN:VCARD\nVERSION:4.0\nEND:VCARD\n", "vcard.name"),
    "another thing": (b"BEGIN:VCALENDAR\nVERSION:4.0\nEND:VCALENDAR\n", "vcard.torn"),
    "inside": (told("BEGIN:VEVENT\r\nEND:VEVENT").encode(), "vcard.nested"),
    "agent": (told("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:y\r\nEND:VCARD").encode(), "vcard.nested"),
    "long": (told("NOTE:" + "x" * 2_001).encode(), "vcard.long"),
    "bell": (told("TITLE:a\x07b").encode(), "vcard.control"),
    "many lines": (told("\r\n".join(f"X-A{n}:1" for n in range(500))).encode(), "vcard.many"),
    "many cards": (b"BEGIN:VCARD\nVERSION:4.0\nFN:x\nEND:VCARD\n" * 2_001, "vcard.many"),
    "bytes for words": (told("NOTE;ENCODING=b:AAAA").encode(), "vcard.torn"),
    "only lines": (b"\n" * 5_000, "vcard.none"),
}


@pytest.mark.parametrize("what", sorted(HOSTILE))
def test_hostile_cards_are_refused_clearly(what: str) -> None:
    data, code = HOSTILE[what]
    with pytest.raises(Refused) as refused:
        vcard.read(data)
    assert refused.value.code == code
    assert "x" * 50 not in str(refused.value)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.vcf"):
        with pytest.raises(Refused) as refused:
            vcard.read(path)
        assert refused.value.code in ("format.no_file", "format.not_a_file")


def test_whatever_bytes_come_the_child_says_a_card_or_refuses() -> None:
    """In this process, without the confinement around it: nothing but our refusals comes out."""
    chance = random.Random(66)
    sound = "".join(line for one in EVERY for line in vcard._lines(one, "4.0")).encode()
    vcard.prepare()
    read = 0
    for _ in range(1_500):
        data = bytearray(sound)
        for _ in range(chance.randrange(1, 12)):
            place = chance.randrange(len(data))
            data[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
        try:
            for value in vcard.frames(io.BytesIO(bytes(data)), {}):
                vcard._believed(value)
                read += 1
        except Refused as refusal:
            assert refusal.code in vcard.LINES or refusal.code == "format.child"
    assert read > 100


PLAIN = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"), blacklist_characters="\ufffe\uffff"), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(PLAIN.filter(str.strip), PLAIN, PLAIN, st.lists(PLAIN.filter(str.strip), max_size=4), PLAIN)
def test_any_words_survive(name: str, title: str, unit: str, hours: list[str], state: str) -> None:
    """Written and read without the child, whose half of it is the same function."""
    one = Card(name, (), unit, title, ours={"hours": tuple(hours), "state": (state,)} if state.strip() else {"hours": tuple(hours)})
    vcard.prepare()
    for version in vcard.VERSIONS:
        data = "".join(vcard._lines(one, version)).encode()
        [value] = vcard.frames(io.BytesIO(data), {})
        assert vcard._plain(vcard._believed(value)) == vcard._plain(one)
