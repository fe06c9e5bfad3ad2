"""Rules of rows: who may write what, what stands, what a change asks for."""

from __future__ import annotations

import itertools
from datetime import date

import pytest

from valise.domain.errors import NotAllowed, Refused
from valise.domain.register import rows
from valise.domain.register.definition import Axis, Choice, Column, Definition, Item, Side, Words


def w(text: str) -> Words:
    return Words({"en": text})


COLUMNS = (
    Column("status", "choice", w("Status"), choices=(Choice("planned", w("Planned")), Choice("done", w("Done"))), asks=("date",)),
    Column("date", "date", w("Date")),
    Column("office", "text", w("Office"), required=True),
    Column("confidence", "text", w("Confidence"), internal=True),
    Column("number", "text", w("Number"), by_hand=False),
    Column("tags", "text", w("Tags"), many=True),
    Column("body", "long", w("Body"), many=True),
)


def definition(*axes: Axis, sides: tuple[Side, ...] = ("stated", "assessed"), shared: bool = False) -> Definition:
    return Definition("r", w("R"), axes, COLUMNS, sides=sides, shared=shared, items=(Item("a", w("A")), Item("b", w("B"))))


NORMS = definition("state", "item")


def code(call: object, *given: object, **named: object) -> tuple[str, str]:
    with pytest.raises((NotAllowed, Refused)) as caught:
        call(*given, **named)  # type: ignore[operator]
    return caught.value.code, caught.value.line


def test_a_word_stands_until_the_same_delegation_replaces_it_in_any_order() -> None:
    first = rows.Word("1", "XA", ("a",), (), (1, 0, "1"))
    apart = rows.Word("2", "XA", ("b",), ("1",), (2, 0, "2"))
    aside = rows.Word("3", "XA", ("c",), ("1",), (2, 0, "3"))
    other = rows.Word("4", "XB", ("d",), ("2", "3"), (3, 0, "4"))
    settled = rows.Word("5", "XA", ("b",), ("2", "3"), (4, 0, "5"))
    itself = rows.Word("6", "XB", ("e",), ("6",), (5, 0, "6"))
    for order in itertools.permutations((first, apart, aside, other)):
        stand = rows.standing(order)
        assert [one.op for one in stand] == ["2", "3", "4"]
        assert rows.differs(one.values for one in stand)
    for order in itertools.permutations((first, apart, aside, settled)):
        assert rows.standing(order) == [settled]
    assert rows.standing([itself, first]) == [first, itself]
    assert not rows.differs([("b",), ("b",)]) and not rows.differs([])


def test_whose_word_counts_where() -> None:
    def counts(internal: bool, own: bool, side: str, key: str) -> bool:
        return rows.counts(internal=internal, own=own, side=side, key=key, code="XA", delegation="D" * 43)

    assert counts(True, True, "assessed", "XB/a") and counts(True, True, "stated", "XB/a")
    assert not counts(True, False, "stated", "XA/a")
    assert counts(False, False, "stated", "XA/a") and counts(False, False, "stated", "D" * 43 + "/a")
    assert not counts(False, True, "stated", "XB/a") and not counts(False, True, "assessed", "XA/a")
    assert not counts(False, True, "stated", "a/XA") and not counts(False, True, "stated", "XAB/a")


def test_a_register_is_on_its_sides_and_in_its_rooms_alone() -> None:
    rows.may(NORMS, "assessed", internal=True)
    assert code(rows.may, NORMS, "assessed", internal=False)[0] == "register.side"
    assert code(rows.may, NORMS, "stated", internal=False)[0] == "register.shared"
    assert code(rows.may, definition("state", sides=("stated",)), "assessed", internal=True)[0] == "register.side"
    rows.may(definition("state", "item", shared=True), "stated", internal=False)
    assert code(rows.may, definition("state", shared=True), "assessed", internal=False)[0] == "register.side"
    assert code(rows.may, definition("item", "state", shared=True), "stated", internal=False)[0] == "register.shared"


def test_a_key_is_made_of_what_the_row_is_about() -> None:
    assert rows.key(NORMS, {"state": "XA", "item": "a"}, "x") == "XA/a"
    assert rows.key(definition("record"), {}, "0a") == "0a"
    assert rows.key(definition("state", "record"), {"state": "XA"}, "0a") == "XA/0a"
    for about in ({"state": "XA"}, {"state": "XA", "item": "a/b"}, {"state": "XA", "item": " a"}, {"state": "", "item": "a"}):
        assert code(rows.key, NORMS, about, "x")[0] == "register.about"
    assert rows.fits(NORMS, "XA/a") and rows.fits(NORMS, "XA/a", {"XA"})
    assert not any(rows.fits(NORMS, one, {"XA"}) for one in ("XB/a", "XA/c", "XA", "XA/a/b", "", "/a", "XA/"))
    assert rows.axis("@item") == "item" and rows.axis("item") is None


def test_only_what_would_be_otherwise_is_written() -> None:
    now = {"status": ("planned",), "date": ("2026-01-01",), "office": ("Legal",)}
    assert rows.changes(NORMS, "stated", now, {"status": ["planned"], "office": [" Legal "]}) == {}
    assert rows.changes(NORMS, "stated", now, {"status": ["done"]}) == {"status": ("done",)}
    assert rows.changes(NORMS, "stated", now, {"status": ["planned"]}, unsettled={"status"}) == {"status": ("planned",)}
    assert rows.changes(NORMS, "stated", now, {"tags": ["b", "a"]}) == {"tags": ("b", "a")}


def test_a_status_asks_for_its_date() -> None:
    assert code(rows.changes, NORMS, "stated", {"office": ("L",)}, {"status": ["done"]}) == ("register.asks", "date")
    assert code(rows.changes, NORMS, "stated", {"date": ("2026-01-01",)}, {"status": ["done"], "date": []}) == ("register.asks", "date")
    assert rows.changes(NORMS, "stated", {}, {"status": ["done"], "date": ["2026-01-01"]}) == {"status": ("done",), "date": ("2026-01-01",)}
    # what rests on it may be taken away only together with it... of itself the date is nobody's servant
    assert rows.changes(NORMS, "stated", {"date": ("2026-01-01",)}, {"date": []}) == {"date": ()}


def test_what_a_row_cannot_be_without() -> None:
    assert code(rows.changes, NORMS, "stated", {}, {"date": ["2026-01-01"]}, new=True) == ("register.required", "office")
    assert code(rows.changes, NORMS, "stated", {"office": ("L",)}, {"office": [" "]}) == ("register.required", "office")
    assert rows.changes(NORMS, "stated", {}, {"date": ["2026-01-01"]}) == {"date": ("2026-01-01",)}


def test_sides_and_hands() -> None:
    assert code(rows.changes, NORMS, "stated", {}, {"confidence": ["low"]}) == ("register.internal", "confidence")
    assert rows.changes(NORMS, "assessed", {}, {"confidence": ["low"]}) == {"confidence": ("low",)}
    assert code(rows.changes, NORMS, "stated", {}, {"number": ["1"]}) == ("register.by_hand", "number")
    assert rows.changes(NORMS, "stated", {}, {"number": ["1"]}, by_hand=False) == {"number": ("1",)}
    assert code(rows.changes, NORMS, "stated", {}, {"nothing": ["1"]}) == ("register.column", "nothing")
    assert code(rows.changes, NORMS, "stated", {}, {"date": ["tomorrow"]}) == ("register.value", "date")


def test_a_change_has_room_in_one_operation() -> None:
    many = [f"{n}" + "x" * 15_000 for n in range(5)]
    assert code(rows.changes, NORMS, "stated", {}, {"body": many}) == ("register.too_long", "body")


def test_a_body_says_what_it_replaces_and_nothing_empty() -> None:
    made = rows.body("norms", "stated", "XA/a", {"status": ("done",), "date": ()}, {"status": ["2", "1"]}, note="  why ", undoes="")
    assert made == {
        "register": "norms", "side": "stated", "row": "XA/a", "note": "why",
        "changes": [{"field": "date", "values": [], "replaces": []}, {"field": "status", "values": ["done"], "replaces": ["1", "2"]}],
    }  # fmt: skip
    many = rows.body("norms", "stated", "XA/a", {"status": ()}, {"status": [str(n) for n in range(260)]})
    assert len(made["changes"][0]) == 3 and len(many["changes"][0]["replaces"]) == rows.REPLACED


def test_a_row_is_out_when_all_that_stands_says_so() -> None:
    assert rows.taken_out([("yes",)]) and rows.taken_out([("yes",), ("yes",)])
    assert not rows.taken_out([]) and not rows.taken_out([()]) and not rows.taken_out([("yes",), ()])


def test_what_nobody_who_took_the_row_out_had_seen() -> None:
    seen = rows.Word("1", "XA", ("a",), (), (1, 0, "1"))
    aside = rows.Word("2", "XA", ("b",), (), (2, 0, "2"))
    out = rows.Word("3", "XA", ("yes",), ("1",), (3, 0, "3"))
    with_it = rows.Word("3", "XA", ("c",), (), (3, 0, "3"))
    assert rows.unseen([seen, aside, with_it], [out]) == [aside] and rows.unseen([], []) == []


def test_reviews_and_running_numbers() -> None:
    assert rows.next_review(date(2026, 11, 22), 12) == "2027-11-22"
    assert rows.next_review(date(2026, 8, 31), 6) == "2027-02-28"
    assert rows.next_review(date(2027, 8, 31), 6) == "2028-02-29"
    assert rows.next_review(date(2026, 12, 1), 1) == "2027-01-01"
    assert rows.running(2026, []) == "2026/001"
    assert rows.running(2026, ["2026/009", "2025/400", "2026/1002", "draft", "2026/7"]) == "2026/1003"
