"""Labels between frozen numbers, and numbering through in a revision."""

from __future__ import annotations

import pytest
from negotiation import Table

from valise.domain.text import labels, rules, view


@pytest.mark.parametrize(("before", "after", "label"), [
    (["OP 3"], ["OP 4"], "OP 3 bis"),
    (["OP 3", "OP 3 bis"], ["OP 4"], "OP 3 ter"),
    (["OP 3", "OP 3 bis", "OP 3 ter"], ["OP 4"], "OP 3 quater"),
    (["OP 3"], ["OP 3 bis", "OP 4"], "OP 3 ter"),
    (["OP 3"], [], "OP 4"),
    ([], ["OP 1"], "OP 0"),
    ([], [], "OP 1"),
    (["OP 5 alt 1 (XI)"], ["OP 6"], "OP 5 bis"),
])
def test_between(before: list[str], after: list[str], label: str) -> None:
    assert labels.between("OP", before, after, {*before, *after}) == label


def test_a_label_is_never_given_twice() -> None:
    taken = {"OP 3"}
    for _ in range(30):
        label = labels.between("OP", ["OP 3"], ["OP 4"], taken)
        assert label not in taken
        taken.add(label)
    assert {"OP 3 vicies", "OP 3 21"} <= taken
    assert labels.between("OP", ["OP 3"], [], {"OP 3", "OP 4"}) == "OP 5"


def test_a_dropped_paragraph_keeps_its_label_and_subs_get_letters() -> None:
    table = Table("One:", "Two.")
    pen, (a, _) = table["XA"], table.pars

    def add(after: str, parent: str = "") -> str:
        edit = {"op": "add", "after": after, "section": "OP", "label": "", "words": "x;", "parent": parent}
        table.do("XA", "text.merge", rules.merge(pen.text, pen.id, [edit], []))
        book = table.state.book
        return f"{book.head}/1"

    first = add(a, "OP 1")
    second = add(first, "OP 1")
    between = add(first, "OP 1")
    bis = add(second)
    assert [table.state.book.pars[id].label for id in (first, second, between, bis)] == [
        "OP 1 (a)", "OP 1 (b)", "OP 1 (a) bis", "OP 1 bis"]
    table.do("XA", "text.merge", rules.merge(pen.text, pen.id, [{"op": "drop", "paragraph": bis}], []))
    ter = add(second)
    assert table.state.book.pars[ter].label == "OP 1 ter"
    # numbering through, with an alias table
    table.do("XA", "text.revision", rules.revision(pen.text, pen.id, "Rev.1", renumber=True))
    assert [par.label for par in table.state.book.standing()] == [
        "OP 1", "OP 1 (a)", "OP 1 (b)", "OP 1 (c)", "OP 2", "OP 3"]
    (revision,) = view.revisions(table.state)
    assert dict(revision.aliases) == {
        "OP 1 (a) bis": "OP 1 (b)", "OP 1 (b)": "OP 1 (c)", "OP 1 ter": "OP 2", "OP 2": "OP 3"}
    assert revision.alarm == ""
