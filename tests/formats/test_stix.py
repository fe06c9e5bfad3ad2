"""STIX 2.1 out and in: what stix2 itself makes of it, the same octets each time, and bundles that mean harm."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import stix2
from hypothesis import given, settings
from hypothesis import strategies as st

from valise.domain.errors import Refused
from valise.formats.confined import Limits
from valise.formats.stix import reading, terms, writing

AT = 1_796_774_400_000
PLACES = [
    {"what": "192.0.2.7", "from": AT - 1_000, "to": AT}, {"what": "198.51.100.0/24", "from": 0, "to": 0},
    {"what": "2001:db8::1", "from": 0, "to": 0}, {"what": "AS64500", "from": 0, "to": 0}, {"what": "c2.example.org", "from": 0, "to": 0},
    {"what": "https://example.org/a?b=1", "from": 0, "to": 0}, {"what": "no address at all", "from": 0, "to": 0},
]  # fmt: skip


def form(**more: Any) -> dict[str, Any]:
    return {
        "exercise": 0, "tlp": "TLP:AMBER", "languages": "en", "title": "Wiper on control stations", "description": "Stations restart.",
        "infrastructure_in_recipient_territory": PLACES, **more,
    }  # fmt: skip


def made(embargo: int = 0, **more: Any) -> bytes:
    return writing.bundle(writing.Outgoing("i" * 43, AT, AT + 5_000, ("d" * 43, "Aurelia"), form(**more), embargo))


def bundle(*objects: Any, **more: Any) -> bytes:
    return json.dumps({"type": "bundle", "id": terms.named("bundle", "x"), "objects": list(objects), **more}).encode()


def indicator(pattern: Any = "[ipv4-addr:value = '192.0.2.1']", **more: Any) -> dict[str, Any]:
    return {
        "type": "indicator", "spec_version": "2.1", "id": terms.named("indicator", str(pattern)[:50], str(sorted(more.items()))[:200]),
        "created": terms.FORM_MADE, "modified": terms.FORM_MADE, "pattern": pattern, "pattern_type": "stix",
        "valid_from": terms.FORM_MADE, **more,
    }  # fmt: skip


def refused(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Refused) as caught:
        reading.read(data, limits)
    return caught.value.code


# out


def test_stix2_reads_it_and_gives_it_back() -> None:
    parsed = stix2.parse(made(national_marking="AURELIA CONFIDENTIAL").decode())
    kinds = [one["type"] for one in parsed.objects]
    assert kinds.count("incident") == 1 and kinds.count("indicator") == kinds.count("relationship") == 6
    again = stix2.parse(parsed.serialize())
    assert json.loads(again.serialize()) == json.loads(parsed.serialize())
    incident = next(one for one in parsed.objects if one["type"] == "incident")
    assert [str(one) for one in incident.object_marking_refs] == [
        terms.TLP_IDS["TLP:AMBER"], next(str(one.id) for one in parsed.objects if one.get("definition_type") == "statement"),
    ]  # fmt: skip


@pytest.mark.parametrize("label", sorted(terms.TLP_IDS))
def test_the_five_labels_bear_the_identifiers_everybody_uses(label: str) -> None:
    marking = next(one for one in json.loads(made(tlp=label))["objects"] if one["type"] == "marking-definition")
    assert marking["id"] == terms.TLP_IDS[label]
    assert marking["extensions"][terms.TLP_EXTENSION]["tlp_2_0"] == label.removeprefix("TLP:").lower()
    assert stix2.parse(dict(marking)).id == marking["id"]
    assert reading.read(made(tlp=label)).tlp == label


def test_the_same_incident_gives_the_same_octets_and_another_gives_others() -> None:
    assert made() == made()
    assert hashlib.sha256(made()).digest() != hashlib.sha256(made(title="Another")).digest()
    names = [one["id"] for one in json.loads(made())["objects"]]
    assert len(set(names)) == len(names)
    assert {one["id"] for one in json.loads(made(title="Another"))["objects"]} == set(names)  # the same things, said otherwise


def test_an_exercise_is_one_in_every_object_a_person_reads() -> None:
    for one in json.loads(made(exercise=1))["objects"]:
        if one["type"] in ("incident", "indicator"):
            assert one["name"].startswith("EXERCISE EXERCISE EXERCISE") and one["labels"] == ["exercise"]
    assert all(one.exercise for one in reading.read(made(exercise=1)).things)


@pytest.mark.parametrize(("what", "pattern"), [
    ("192.0.2.7", "[ipv4-addr:value = '192.0.2.7']"), (" as 64500 ", "[autonomous-system:number = 64500]"),
    ("Evil.Example.ORG.", "[domain-name:value = 'evil.example.org']"), ("2001:db8::/32", "[ipv6-addr:value = '2001:db8::/32']"),
    ("x' OR 1", ""), ("AS99999999999", ""), ("", ""), ("a b.example", ""), ("https://e.org/'", ""), ("-.org", ""),
])  # fmt: skip
def test_an_address_becomes_a_pattern_or_none(what: str, pattern: str) -> None:
    assert terms.pattern(what) == pattern
    if pattern:
        assert terms.pattern(terms.place(pattern)) == pattern


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_no_words_make_a_pattern_that_means_something_else(words: str) -> None:
    found = terms.pattern(words)
    assert not found or (found.count("'") in (0, 2) and terms.place(found))


# in


def test_what_was_written_comes_back_whole() -> None:
    back = reading.read(made(embargo=AT + 9, national_marking="AURELIA CONFIDENTIAL"))
    incident = next(one for one in back.things if one.sort == "incident")
    assert json.loads(incident.form) == form(national_marking="AURELIA CONFIDENTIAL") and incident.embargo == AT + 9
    assert (back.tlp, back.statements, back.others) == ("TLP:AMBER", ("AURELIA CONFIDENTIAL",), 0)
    assert [terms.place(one.pattern) for one in back.things if one.sort == "indicator"][:2] == ["192.0.2.7", "198.51.100.0/24"]


def test_bundles_of_others_are_read_too() -> None:
    other = stix2.Bundle(
        stix2.v21.Indicator(name="Sinkhole", pattern="[url:value = 'http://example.org/']", pattern_type="stix", valid_from="2026-01-01T00:00:00Z",
                            object_marking_refs=[stix2.v21.TLP_AMBER]),
        stix2.v21.Malware(name="Wiper", is_family=False), stix2.v21.TLP_AMBER,
    ).serialize().encode()  # fmt: skip
    back = reading.read(other)
    assert [one.name for one in back.things] == ["Sinkhole"] and back.others == 1 and back.tlp == "TLP:AMBER"


def test_the_narrowest_label_holds() -> None:
    marks = [terms.tlp_object(label) for label in ("TLP:GREEN", "TLP:RED")]
    two = [indicator(object_marking_refs=[mark["id"]], name=str(n)) for n, mark in enumerate(marks)]
    assert reading.read(bundle(*marks, *two)).tlp == "TLP:RED"


NAN = b'{"type":"bundle","id":"' + terms.named("bundle", "x").encode() + b'","objects":[{"type":"indicator","id":"x","a":NaN}]}'


@pytest.mark.parametrize(("data", "code"), [
    (b"", "stix.json"), (b"\xff\xfe{}", "stix.json"), (b"null", "stix.bundle"), (b"[]", "stix.bundle"), (b'{"type":"bundle"}', "stix.bundle"),
    (b'{"type":"bundle","objects":{}}', "stix.bundle"), (bundle(), "stix.empty"), (bundle("x"), "stix.object"),
    (bundle({"type": "indicator"}), "stix.object"), (bundle(indicator(spec_version="2.0")), "stix.version"),
    (bundle(indicator(pattern="[ipv4-addr:value = ")), "stix.object"), (bundle(indicator(pattern=["x"])), "stix.object"),
    (bundle(indicator(created="yesterday")), "stix.object"), (bundle(indicator(), indicator()), "stix.twice"),
    (bundle(indicator(object_marking_refs=["not-a-marking"])), "stix.object"), (NAN, "stix.json"),
    (bundle({**terms.tlp_object("TLP:RED"), "id": terms.TLP_IDS["TLP:CLEAR"]}, indicator()), "stix.red"),
    (bundle(indicator(valid_until="2020-01-01T00:00:00Z")), "stix.object"), (b"[" * 100_000, "stix.deep"),
    (b'{"a":' * 60 + b"1" + b"}" * 60, "stix.deep"), (bundle(*[indicator(name=str(n)) for n in range(5_001)]), "stix.many"),
    (b'"' + b" " * terms.MAX_BUNDLE + b'"', "stix.big"), (bundle(indicator(pattern="[a:b = '" + "x" * 20_000 + "']")), "stix.pattern"),
    (bundle(indicator(pattern="(" * 60 + "[ipv4-addr:value = '192.0.2.1']" + ")" * 60)), "stix.pattern"),
    (b'{"type":"bundle","objects":[],"n":' + b"9" * 5_000 + b"}", "stix.json"),
], ids=range(25))  # fmt: skip
def test_what_is_no_honest_bundle_is_refused_clearly(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_what_takes_too_long_is_stopped() -> None:
    many = " OR ".join(f"([ipv4-addr:value = '192.0.2.{n}'] AND [url:value = 'http://example.org/{n}'])" for n in range(20))
    slow = bundle(*[indicator(pattern=f"{many} OR [ipv4-addr:value = '10.0.{n // 250}.{n % 250}']", name=str(n)) for n in range(4_000)])
    assert len(slow) < terms.MAX_BUNDLE
    assert refused(slow, Limits(memory=512 * 2**20, cpu=1, wall=20)) == "format.too_hard"


def test_memory_has_an_end() -> None:
    greedy = b'{"type":"bundle","objects":[],"n":[' + b",".join([b"[]"] * 2_600_000) + b"]}"
    assert len(greedy) < terms.MAX_BUNDLE
    assert refused(greedy, Limits(memory=160 * 2**20, cpu=20, wall=20)) == "format.too_hard"


def test_the_number_of_the_bad_object_is_said_and_nothing_it_holds() -> None:
    with pytest.raises(Refused) as caught:
        reading.read(bundle(indicator(), indicator(name="x", created="SECRET WORDS")))
    assert "row 2" in caught.value.line and "SECRET" not in caught.value.line


@pytest.mark.parametrize("answer", [
    {}, {"tlp": "TLP:PINK", "statements": [], "others": 0}, {"tlp": "", "statements": [1], "others": 0},
    {"tlp": "", "statements": [], "others": "0"}, {"sort": "incident"}, [1],
], ids=range(6))  # fmt: skip
def test_what_the_child_says_is_believed_by_nobody(monkeypatch: pytest.MonkeyPatch, answer: Any) -> None:
    from valise.formats import records

    monkeypatch.setattr(records, "read", lambda *_args, **_more: iter([answer]))
    assert refused(b"x") == "format.child"


def test_the_library_is_not_loaded_where_the_keys_are() -> None:
    import subprocess
    import sys

    code = ("import sys; from valise.formats.stix import reading, writing, terms; import valise.desk.incidents;"
            "sys.exit('stix2' in sys.modules)")  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
