"""The pen chain: one writer, forks freeze, removals cut at a position, k of n resolve."""

from __future__ import annotations

import pytest
from negotiation import Table, ident

from valise.domain.errors import NotAllowed
from valise.domain.text import rules, view
from valise.domain.text.fold import TextState
from valise.domain.text.pen import words_hash


def words_edit(table: Table, name: str, paragraph: int, words: str) -> dict[str, object]:
    book = table[name].text.book
    return {"text": table.text, "pen_prev": book.head, "dispositions": [],
            "edits": [{"op": "words", "paragraph": table.pars[paragraph], "words": words}]}


def test_only_the_holder_writes() -> None:
    table = Table("States should act.")
    with pytest.raises(NotAllowed, match=r"text\.not-pen"):
        rules.reject(table["XB"].text, table["XB"].id, "x")
    op = table.do("XB", "text.merge", words_edit(table, "XB", 0, "Other words."))
    assert table.words(0) == "States should act."
    assert table.state.void[op] == "text.not-pen"


def test_the_pen_is_passed() -> None:
    table = Table("States should act.")
    pen, to = table["XA"], table["XC2"]
    table.do("XA", "text.pass", rules.pass_pen(pen.text, pen.id, to.id, to.delegation))
    with pytest.raises(NotAllowed, match=r"text\.not-pen"):
        rules.park(pen.text, pen.id, table.pars[0])
    table.do("XC2", "text.park", rules.park(to.text, to.id, table.pars[0]))
    head = view.head(table.state)
    assert (head.pen_device, head.pen_delegation) == (to.id, to.delegation)
    assert table.state.book.pars[table.pars[0]].status == "parked"


def fork(table: Table) -> tuple[str, str]:
    pen = table["XA"]
    table.do("XA", "text.merge", words_edit(table, "XA", 0, "Common words."))
    one = table.aside("XA", "text.merge", words_edit(table, "XA", 0, "One wording."))
    other = pen.make("text.merge", {**words_edit(table, "XA", 0, "Other."), "pen_prev": table["XB"].text.book.head})
    table.all_hear()
    return one.id, other.id


def test_two_successors_freeze_the_text_at_the_last_common_one() -> None:
    table = Table("States should act.", quorum=2)
    one, other = fork(table)
    for device in table.devices:
        head = view.head(device.text)
        assert head.frozen == "text.pen-fork" and head.rivals == tuple(sorted((one, other)))
        assert device.text.book.pars[table.pars[0]].words == "Common words."
    with pytest.raises(NotAllowed, match=r"text\.frozen"):
        rules.park(table["XA"].text, table["XA"].id, table.pars[0])
    # what is proposed meanwhile stands beside it
    assert table.standing(table.propose("XB", 0, "Common good words.")[0]) == "open"


def test_k_of_n_resolve_a_fork() -> None:
    table = Table("States should act.", quorum=2)
    one, other = fork(table)
    table.do("XB", "text.resolve", rules.resolve_pen(table["XB"].text, other))
    assert table.state.book.frozen
    table.do("XB2", "text.resolve", rules.resolve_pen(table["XB2"].text, other))
    assert table.state.book.frozen, "two devices of one delegation are one voice"
    table.do("XC", "text.resolve", rules.resolve_pen(table["XC"].text, other))
    assert not table.state.book.frozen and table.words(0) == "Other."
    assert table.state.void[one] == "text.not-pen"
    table.do("XA", "text.park", rules.park(table["XA"].text, table["XA"].id, table.pars[0]))
    assert table.state.book.pars[table.pars[0]].status == "parked"


def test_a_word_about_an_old_fork_does_not_decide_a_new_one() -> None:
    table = Table("States should act.", quorum=2)
    at, to = table["XA"].text.book.head, table["XD"]
    edits = [words_edit(table, "XA", 0, words) for words in ("One.", "Other.")]
    old = [table.aside("XA", "text.merge", edit).id for edit in edits]
    table.all_hear()
    for name in ("XB", "XC"):
        table.do(name, "text.resolve", rules.resolve_pen(table[name].text, old[1]))
    for name in ("XB", "XC"):
        me = table[name]
        table.do(name, "text.recover", rules.recover(me.text, me.delegation, at, to.id, to.delegation))
    new = [table.aside("XD", "text.merge", edit).id for edit in edits]
    table.all_hear()
    assert table.state.book.frozen == "text.pen-fork" and table.state.book.rivals == tuple(sorted(new))
    assert table.state.void == dict.fromkeys(old, "text.not-pen") | dict.fromkeys(new, "text.pen-fork")


def test_k_of_n_give_a_lost_pen_to_another_device_from_a_position_on() -> None:
    table = Table("States should act.", quorum=3)
    at = table["XA"].text.book.head
    lost = table.do("XA", "text.merge", words_edit(table, "XA", 0, "Written after the cut."))
    to = table["XD"]
    for name in ("XB", "XC", "XD"):
        me = table[name]
        table.do(name, "text.recover", rules.recover(me.text, me.delegation, at, to.id, to.delegation))
    assert table.words(0) == "States should act." and table.state.void[lost] == "text.not-pen"
    table.do("XD", "text.merge", words_edit(table, "XD", 0, "New hand."))
    assert table.words(0) == "New hand."


def test_two_recoveries_at_one_place_freeze() -> None:
    table = Table("States should act.", quorum=2)
    at = table["XA"].text.book.head
    for name, to in (("XB", "XB"), ("XC", "XB"), ("XD", "XD"), ("XE", "XD")):
        me, new = table[name], table[to]
        table.do(name, "text.recover", rules.recover(me.text, me.delegation, at, new.id, new.delegation))
    assert table.state.book.frozen == "text.recoveries-differ"


def test_a_delegation_takes_the_pen_from_its_own_device() -> None:
    table = Table("States should act.")
    at = table["XA"].text.book.head
    stolen = table.do("XA", "text.merge", words_edit(table, "XA", 0, "Thief's words."))
    second = table["XA2"]
    with pytest.raises(NotAllowed, match=r"text\.not-pen"):
        rules.remove_pen(table["XB"].text, table["XB"].delegation, table["XB"].id, at, table["XB2"].id)
    table.do("XA2", "text.remove_pen", rules.remove_pen(second.text, second.delegation, "other", at, second.id))
    assert table.words(0) == "States should act." and table.state.void[stolen] == "text.not-pen"
    table.do("XA2", "text.merge", words_edit(table, "XA2", 0, "Ours again."))
    assert table.words(0) == "Ours again."


def test_nobody_else_takes_the_pen_from_a_device() -> None:
    table = Table("States should act.")
    at, thief = table["XA"].text.book.head, table["XB"]
    forged = {"text": table.text, "at": at, "device": thief.id, "delegation": thief.delegation, "reason": ""}
    table.do("XB", "text.remove_pen", forged)
    table.do("XB", "text.remove_pen", {**forged, "delegation": table["XA"].delegation})
    table.do("XA", "text.remove_pen", {**forged, "device": table["XA2"].id, "delegation": table["XA"].delegation})
    assert table.state.book.holder == (table["XA"].id, table["XA"].delegation), "nor the device itself"


def test_a_removed_pen_that_passes_later_freezes_too() -> None:
    table = Table("States should act.")
    at = table["XA"].text.book.head
    pen, to, second = table["XA"], table["XB"], table["XA2"]
    body = rules.pass_pen(pen.text, pen.id, to.id, to.delegation)
    removal = rules.remove_pen(second.text, second.delegation, second.id, at, second.id)
    table.hear("XC", table.aside("XA2", "text.remove_pen", removal))
    assert not table["XC"].text.book.frozen
    table.hear("XC", table.aside("XA", "text.pass", body))
    table.all_hear()
    for state in (table["XC"].text, table.state):
        assert state.book.frozen == "text.pen-fork" and state.book.head == at


def test_a_removal_that_meets_a_pass_to_another_delegation_freezes() -> None:
    table = Table("States should act.")
    at = table["XA"].text.book.head
    pen, to, second = table["XA"], table["XB"], table["XA2"]
    body = rules.remove_pen(second.text, second.delegation, second.id, at, second.id)
    table.do("XA", "text.pass", rules.pass_pen(pen.text, pen.id, to.id, to.delegation))
    table.do("XA2", "text.remove_pen", body)
    assert table.state.book.frozen == "text.pen-fork"
    assert table.state.book.head == at


def test_a_device_with_two_histories_is_suspended_and_both_are_shown() -> None:
    table = Table("States should act.", quorum=2)
    thief = table["XB"]
    table.do("XB", "text.comment", rules.comment(thief.text, table.pars[0], "before"))
    seq, prev = thief.seq + 1, thief.prev
    one = table.propose("XB", 0, "States shall act.")[0]
    body = rules.propose_words(table["XB2"].text, thief.delegation, table.pars[0], "States will act.")[0]
    other = thief.make("text.propose", body, seq=seq, prev=prev, keep=False)
    later = table.propose("XB", 0, "States should not act.")[0]
    table.all_hear()
    state = table.state
    (case,) = state.suspended
    assert (case.device, case.seq, case.rivals) == (thief.id, seq, tuple(sorted((one, other.id))))
    assert [state.book.props[id].state for id in (one, other.id, later)] == ["void"] * 3
    assert {state.void[id] for id in (one, other.id, later)} == {"text.suspended"}
    assert len(state.book.comments[table.pars[0]]) == 1, "what it said before stands"
    assert view.head(state).suspended == (thief.id,)
    # the pen may admit what was cut off
    pen = table["XA"]
    table.do("XA", "text.admit", rules.admit(pen.text, pen.id, [{"proposal": one}]))
    assert table.standing(one) == "open" and table.standing(other.id) == "void"
    # its own delegation says which stands; what follows that one applies again
    mate = table["XB2"]
    table.do("XB2", "text.resolve", rules.resolve_device(mate.text, one))
    assert not table.state.suspended
    assert [table.standing(id) for id in (one, other.id, later)] == ["open", "void", "open"]


def test_what_follows_the_branch_that_was_cut_stays_cut() -> None:
    table = Table("States should act.", quorum=2)
    thief, mate, par = table["XB"], table["XB2"], table.pars[0]
    seq, prev = thief.seq + 1, thief.prev
    one = table.do("XB", "text.comment", rules.comment(thief.text, par, "one"))
    body = {"text": table.text, "target": par, "words": "other"}
    other = thief.make("text.comment", body, seq=seq, prev=prev, keep=False)
    table.all_hear()
    # one other delegation is not enough, two are, and they outweigh the device's own
    table.do("XC", "text.resolve", rules.resolve_device(table["XC"].text, other.id))
    assert table.state.suspended
    table.do("XB2", "text.resolve", rules.resolve_device(mate.text, one))
    assert not table.state.suspended and table.state.void == {other.id: "text.suspended"}
    third = thief.make("text.comment", body, seq=seq + 2, prev=ident("to come"), keep=False)
    after = thief.make("text.comment", {**body, "words": "after"}, seq=seq + 1, prev=other.id, keep=False)
    last = thief.make("text.comment", {**body, "words": "last"}, seq=seq + 2, prev=after.id, keep=False)
    del table.ops[third.id]
    for order in ((after, last), (last, after)):
        state = table.fold([op for op in table.ops.values() if op not in order])
        assert not state.suspended
        for op in order:
            state.apply(op)
        assert state.void == {id: "text.suspended" for id in (other.id, after.id, last.id)}
        assert state.dump() == table.state.dump()
    table.do("XD", "text.resolve", {**rules_body(table, other.id, thief.id, seq)})
    assert [node.body["words"] for node in table.state.book.comments[par]] == ["other", "after", "last"]


def rules_body(table: Table, stands: str, device: str, seq: int) -> dict[str, object]:
    return {"text": table.text, "what": "device", "at": "", "device": device, "seq": seq, "stands": stands, "reason": ""}


def test_a_suspended_pen_stops_the_text_for_everybody() -> None:
    table = Table("States should act.")
    pen = table["XA"]
    seq, prev = pen.seq + 1, pen.prev
    table.do("XA", "text.merge", words_edit(table, "XA", 0, "One."))
    body = {"text": table.text, "target": table.pars[0], "words": "x"}
    pen.make("text.comment", body, seq=seq, prev=prev, keep=False)
    table.all_hear()
    assert table.state.book.frozen == "text.pen-suspended" and table.words(0) == "States should act."


def test_an_operation_that_follows_another_log_does_not_apply() -> None:
    table = Table("States should act.")
    stranger = table.do("XC", "text.comment", rules.comment(table["XC"].text, table.pars[0], "mine"))
    body = rules.comment(table["XB"].text, table.pars[0], "theirs")
    wrong = table.aside("XB", "text.comment", body, seq=2, prev=stranger)
    table.all_hear()
    assert table.state.void[wrong.id] == "text.log-broken"


def test_status_names_version_and_words() -> None:
    table = Table("States should act.")
    pen, par = table["XA"], table.pars[0]
    good = rules.agree(pen.text, pen.id, par)
    assert good["hash"] == words_hash("States should act.")
    wrong = table.do("XA", "text.agree", {**good, "hash": words_hash("States shall act.")})
    assert table.state.void[wrong] == "text.unknown-version"
    table.do("XA", "text.agree", rules.agree(pen.text, pen.id, par))
    assert table.state.book.pars[par].status == "agreed ad ref"
    with pytest.raises(NotAllowed, match=r"text\.agreed"):
        rules.merge(pen.text, pen.id, [{"op": "words", "paragraph": par, "words": "x"}], [])
    forced = table.do("XA", "text.merge", words_edit(table, "XA", 0, "x"))
    assert table.state.void[forced] == "text.agreed" and table.words(0) == "States should act."
    table.do("XA", "text.close", rules.close(pen.text, pen.id, par))
    table.do("XA", "text.reopen", rules.reopen(pen.text, pen.id, par))
    assert table.state.book.pars[par].status == "open"


def test_a_merge_counts_whole_or_not_at_all() -> None:
    table = Table("One.", "Two.")
    op = table.do("XA", "text.merge", {
        "text": table.text, "pen_prev": table["XA"].text.book.head, "dispositions": [],
        "edits": [{"op": "words", "paragraph": table.pars[0], "words": "Changed."},
                  {"op": "drop", "paragraph": f"{table.text}/99"}],
    })
    assert table.state.void[op] == "text.unknown-paragraph" and table.words(0) == "One."


def test_edits() -> None:
    table = Table("One.", "Two.", "Three.")
    pen, (a, b, c) = table["XA"], table.pars
    table.do("XA", "text.merge", rules.merge(pen.text, pen.id, [
        {"op": "add", "after": a, "section": "OP", "label": "", "words": "New."},
        {"op": "add", "after": "#1", "section": "OP", "label": "", "words": "Newer."},
        {"op": "split", "paragraph": b, "words": "T", "rest": "wo.", "label": ""},
        {"op": "move", "paragraph": c, "after": ""},
    ], []))
    book = table.state.book
    assert [(par.label, par.words) for par in book.standing()] == [
        ("OP 3", "Three."), ("OP 1", "One."), ("OP 1 bis", "New."), ("OP 1 ter", "Newer."), ("OP 2", "T"),
        ("OP 2 bis", "wo."),
    ]
    rest = book.order[-1]
    table.do("XA", "text.merge", rules.merge(pen.text, pen.id, [
        {"op": "join", "paragraph": b, "with": rest, "words": "Two."}, {"op": "drop", "paragraph": c},
        {"op": "label", "paragraph": a, "label": "OP 0"},
        {"op": "words", "paragraph": book.title_id, "words": "Decision"},
    ], []))
    assert [(par.label, par.words) for par in table.state.book.standing()] == [
        ("OP 0", "One."), ("OP 1 bis", "New."), ("OP 1 ter", "Newer."), ("OP 2", "Two.")]
    assert view.head(table.state).title == "Decision"


def test_a_long_text_is_brought_in_parts() -> None:
    paragraphs = [
        {"section": "OP", "label": f"OP {n}", "words": "word " * 60, "status": "open"} for n in range(1, 1001)
    ]
    table = Table("x")
    pen = table["XA"]
    body, rest = rules.open_text(
        title="Long", roster=[pen.delegation], pen_device=pen.id, pen_delegation=pen.delegation, paragraphs=paragraphs
    )
    assert len(body["paragraphs"]) + sum(map(len, rest)) == 1000 and len(rest) >= 3
    opening = pen.make("text.open", body)
    state = TextState(opening.id)
    state.apply_all([*table.ops.values()])
    for chunk in rest:
        state.apply(pen.act("text.merge", rules.bring(state, pen.id, chunk)))
    assert [par.label for par in state.book.standing()] == [one["label"] for one in paragraphs]
