"""The operation kinds of texts: what their bodies may hold and who may issue them."""

from __future__ import annotations

from typing import Any

import pytest
from negotiation import Table, ident

from valise.domain.errors import Refused
from valise.domain.kinds import all_kinds, kind
from valise.domain.text import kinds, rules

ID = ident("x")


def test_all_are_registered_with_their_rights() -> None:
    found = {one.name: one for one in all_kinds() if one.name.startswith("text.")}
    assert set(found) == kinds.KINDS
    rights = {name: one.right for name, one in found.items()}
    assert {name for name, right in rights.items() if right == "amend"} == {
        "text.propose", "text.cosponsor", "text.withdraw", "text.silence_break"}
    assert {name for name, right in rights.items() if right == "speak"} == {
        "text.position", "text.comment", "text.revision_ack"}
    assert {name for name, right in rights.items() if right == "commit"} == {"text.recover", "text.resolve"}
    assert [name for name, one in found.items() if one.composite] == ["text.revision"]
    assert all(one.travels == "record" and one.folds == "text" for one in found.values())


@pytest.mark.parametrize("name", sorted(kinds.KINDS))
def test_a_body_of_nothing_or_too_much_is_refused(name: str) -> None:
    for body in ({}, {"text": ID}, {"text": ID, "more": 1}, [], "text"):
        with pytest.raises(Refused, match=r"op\.body"):
            kind(name).body.check(body)


MERGE = {"text": ID, "pen_prev": ID, "edits": [], "dispositions": []}


@pytest.mark.parametrize("edits", [
    [{"op": "burn", "paragraph": f"{ID}/1"}],
    [{"op": "words", "paragraph": f"{ID}/1"}],
    [{"op": "words", "paragraph": f"{ID}/1", "words": "a\nb"}],
    [{"op": "words", "paragraph": f"{ID}/1", "words": "a\u202eb"}],
    [{"op": "words", "paragraph": f"{ID}/1", "words": "\ud800"}],
    [{"op": "words", "paragraph": f"{ID}/1", "words": "x" * 20_001}],
    [{"op": "words", "paragraph": f"{ID}/01", "words": "x"}],
    [{"op": "words", "paragraph": ID, "words": "x"}],
    [{"op": "words", "paragraph": "#1", "words": "x"}],
    [{"op": "move", "paragraph": f"{ID}/1", "after": "#1"}],
    [{"op": "add", "after": "#0", "section": "OP", "label": "", "words": "x"}],
    [{"op": "add", "after": "", "section": "XP", "label": "", "words": "x"}],
    [{"op": ["add"]}],
    ["words"],
])
def test_edits_that_are_refused(edits: list[Any]) -> None:
    kind("text.merge").body.check(MERGE)
    with pytest.raises(Refused, match=r"op\.body"):
        kind("text.merge").body.check({**MERGE, "edits": edits})


@pytest.mark.parametrize("span", [[1], [2, 1], [-1, 2], [1, 2, 3], "12", [1.0, 2.0], [True, 2]])
def test_spans_that_are_refused(span: Any) -> None:
    table = Table("States should act.")
    body = rules.propose_words(table["XB"].text, table["XB"].delegation, table.pars[0], "States shall act.")[0]
    kind("text.propose").body.check(body)
    with pytest.raises(Refused, match=r"op\.body"):
        kind("text.propose").body.check({**body, "span": span})
