"""Where proposals and positions stand, rule by rule."""

from __future__ import annotations

import random
from typing import Any

import pytest
from negotiation import Table

from valise.domain.errors import NotAllowed
from valise.domain.text import rules, view
from valise.domain.text.standing import CAUTION, positions_on


def pen_merge(table: Table, edits: list[dict[str, Any]], dispositions: list[dict[str, Any]]) -> str:
    """A merge as a pen might send it that does not keep to our rules."""
    pen = table["XA"]
    body = {"text": table.text, "pen_prev": pen.text.book.head, "edits": edits, "dispositions": dispositions}
    return table.do("XA", "text.merge", body)


def test_c12_rival_proposals_stand_side_by_side() -> None:
    """Two delegations want other words at the same place, unknown to each other: nothing is overwritten, both are
    shown, whatever order their operations come in, until the pen says a word about each of them."""
    table = Table("States should test points of contact every six months.")
    par = table.pars[0]
    made = []
    for name, words in (("XB", "twelve"), ("XC", "three"), ("XD", "twelve")):
        me = table[name]
        text = f"States should test points of contact every {words} months."
        made.append(table.aside(name, "text.propose", rules.propose_words(me.text, me.delegation, par, text)[0]))
    table.all_hear()
    for seed in range(6):
        ops = list(table.ops.values())
        random.Random(seed).shuffle(ops)
        state = table.fold(ops)
        shown = view.paragraph(state, par, table.code)
        assert {one.id for one in shown.proposals} == {op.id for op in made}
        assert all(one.state == "open" for one in shown.proposals)
        assert shown.paragraph.words == "States should test points of contact every six months."
        said = "".join(run.text for run in shown.runs)
        assert said.startswith("States should test points of contact every [six / ") and said.endswith("] months.")
        assert ("three (XC)" in said and "twelve (XB, XD)" in said) or "twelve (XD, XB)" in said
        assert shown.open_brackets == 1
    pen = table["XA"]
    with pytest.raises(NotAllowed, match=r"text\.undisposed"):
        edit = {"op": "words", "paragraph": par, "words": "States should test points of contact every twelve months."}
        rules.merge(pen.text, pen.id, [edit], [{"proposal": made[0].id, "outcome": "accepted"}])
    table.do("XA", "text.merge", rules.take(pen.text, pen.id, made[0].id))
    assert table.words(0) == "States should test points of contact every twelve months."
    assert [table.standing(op.id) for op in made] == ["accepted", "superseded", "accepted"]
    assert view.proposal(table.state, made[1].id, table.code).words == "three", "what was superseded stays to be read"


def test_rivals_the_pen_kept_stay_in_brackets() -> None:
    table = Table("We test every six months.")
    one = table.propose("XB", 0, "We test every twelve months.")[0]
    other = table.propose("XC", 0, "We test every three months.")[0]
    par = table.pars[0]
    pen_merge(table, [{"op": "words", "paragraph": par, "words": "We test every twelve months."}], [
        {"proposal": one, "outcome": "accepted"},
        {"proposal": other, "outcome": "kept as alternative", "span": [14, 20]}])
    shown = view.paragraph(table.state, par, table.code)
    assert "".join(run.text for run in shown.runs) == "We test every [twelve / three (XC)] months."


def test_one_proposal_per_change_and_close_changes_joined() -> None:
    table = Table("States should hold one exercise each year in their region with their partners.")
    ids = table.propose("XB", 0, "States shall hold an exercise each year in their region with some partners.")
    spans = [table.state.book.props[id].node.body for id in ids]
    assert [(body["quote"], body["words"]) for body in spans] == [
        ("should hold one", "shall hold an"), ("their", "some")]
    assert [body["number"] for body in spans] == [1, 2]
    assert [view.proposal(table.state, id, table.code).label for id in ids] == ["XB/1", "XB/2"]


def test_labels_of_two_devices_that_counted_alike_differ() -> None:
    table = Table("States should act.")
    made = []
    for name, words in (("XB", "States shall act."), ("XB2", "States will act.")):
        me = table[name]
        made.append(table.aside(name, "text.propose",
                                rules.propose_words(me.text, me.delegation, table.pars[0], words)[0]))
    table.all_hear()
    assert sorted(view.proposal(table.state, op.id, table.code).label for op in made) == ["XB/1", "XB/1 (2)"]


@pytest.mark.parametrize(("change", "flaw"), [
    ({"quote": "shoulds"}, "text.quote"),
    ({"span": [7, 99]}, "text.span"),
    ({"words": "should"}, "text.no-change"),
    ({"what": "delete", "words": ""}, "text.span"),
    ({"what": "title"}, "text.unknown-paragraph"),
])
def test_a_proposal_must_quote_what_stood_there(change: dict[str, Any], flaw: str) -> None:
    table = Table("States should act.")
    me = table["XB"]
    body = {**rules.propose_words(me.text, me.delegation, table.pars[0], "States shall act.")[0], **change}
    id = table.do("XB", "text.propose", body)
    assert table.standing(id) == "void" and table.state.void[id] == flaw
    assert view.proposal(table.state, id, table.code).notice == flaw


def test_words_changed_without_a_disposition_make_stale_and_the_pen_admits() -> None:
    table = Table("States should act now.")
    id = table.propose("XB", 0, "States should act now and together.")[0]
    pen_merge(table, [{"op": "words", "paragraph": table.pars[0], "words": "All States should act now."}], [])
    assert table.standing(id) == "stale"
    assert "stale" in {row.state for row in view.proposals(table.state, table.code)}
    pen = table["XA"]
    table.do("XA", "text.admit", rules.admit(pen.text, pen.id, id))
    now = view.proposal(table.state, id, table.code)
    assert now.state == "rebased" and now.ver == table.state.book.pars[table.pars[0]].ver and not now.notice
    assert "".join(run.text for run in view.paragraph(table.state, table.pars[0], table.code).runs) == (
        "All States should act now [XB: and together].")


def test_a_proposal_on_the_way_while_the_pen_changed_the_words_is_stale_not_lost() -> None:
    table = Table("States should act.")
    me = table["XB"]
    body = rules.propose_words(me.text, me.delegation, table.pars[0], "States shall act.")[0]
    pen_merge(table, [{"op": "words", "paragraph": table.pars[0], "words": "States may act."}], [])
    assert table.standing(table.do("XB", "text.propose", body)) == "stale"


def test_taking_one_rebases_the_others() -> None:
    base = "States should hold one exercise each year in their own region"
    table = Table(f"{base} with partners.")
    first = table.propose("XB", 0, f"All {base} with partners.")[0]
    second = table.propose("XC", 0, f"{base} with all partners.")[0]
    gone = table.propose("XD", 0, f"{base}.")[0]
    drop = table.do("XE", "text.propose", rules.propose_delete(table["XE"].text, table["XE"].delegation, table.pars[0]))
    pen = table["XA"]
    table.do("XA", "text.merge", rules.take(pen.text, pen.id, first))
    assert [table.standing(id) for id in (first, second, gone, drop)] == ["accepted", "rebased", "rebased", "rebased"]
    shown = view.proposal(table.state, gone, table.code)
    assert shown.quote == " with partners" and not shown.notice
    table.do("XA", "text.merge", rules.take(pen.text, pen.id, gone))
    assert table.words(0) == "All States should hold one exercise each year in their own region."
    assert table.standing(second) == "superseded" and table.standing(drop) == "rebased"


def test_readers_show_where_their_own_rebase_differs_and_the_pen_decides() -> None:
    table = Table("the one and the other and the third")
    id = table.propose("XB", 0, "the one and the other and a third")[0]
    words = "first the one and the other and the third"
    pen_merge(table, [{"op": "words", "paragraph": table.pars[0], "words": words}],
              [{"proposal": id, "outcome": "rebased", "span": [6, 9]}])
    shown = view.proposal(table.state, id, table.code)
    assert shown.state == "rebased" and shown.span == (6, 9) and shown.quote == "the"
    assert shown.notice == "text.rebase-differs"


def test_a_rebase_out_of_the_words_leaves_it_stale() -> None:
    table = Table("States should act.")
    id = table.propose("XB", 0, "States shall act.")[0]
    pen_merge(table, [{"op": "words", "paragraph": table.pars[0], "words": "Act."}],
              [{"proposal": id, "outcome": "rebased", "span": [2, 60]}])
    assert table.standing(id) == "stale" and view.proposal(table.state, id, table.code).notice == "text.span"


def test_late_is_what_the_pen_had_not_seen_when_it_agreed() -> None:
    table = Table("States should act.")
    me, pen, par = table["XB"], table["XA"], table.pars[0]
    late = table.aside("XB", "text.propose", rules.propose_words(me.text, me.delegation, par, "States shall act.")[0])
    body = rules.agree(pen.text, pen.id, par)
    table.do("XA", "text.agree", body)
    table.all_hear()
    assert table.standing(late.id) == "late"
    with pytest.raises(NotAllowed, match=r"text\.agreed"):
        rules.admit(pen.text, pen.id, [{"proposal": late.id}])
    table.do("XA", "text.reopen", rules.reopen(pen.text, pen.id, par))
    assert table.standing(late.id) == "late"
    fresh = table.propose("XC", 0, "States will act.")[0]
    assert table.standing(fresh) == "open", "made after the reopening, on the same version"
    table.do("XA", "text.admit", rules.admit(pen.text, pen.id, [{"proposal": late.id}]))
    assert table.standing(late.id) == "open"


def test_lateness_is_causality_not_time() -> None:
    """The clock of the proposal is far ahead or behind; only what the pen had seen counts."""
    table = Table("States should act.")
    id = table.propose("XB", 0, "States shall act.")[0]
    pen = table["XA"]
    body = {"text": table.text, "pen_prev": pen.text.book.head, "paragraph": table.pars[0],
            "ver": pen.text.book.pars[table.pars[0]].ver, "hash": rules.park(pen.text, pen.id, table.pars[0])["hash"]}
    table.clock = 0
    table.do("XA", "text.agree", body)
    assert table.ops[id].at > table.ops[table.state.book.head].at
    assert table.standing(id) == "open", "seen by the pen that agreed: a slip to point out, not late"


def test_agreeing_asks_for_brackets_to_be_gone() -> None:
    table = Table("States should act.")
    table.propose("XB", 0, "States shall act.")
    for act in (rules.agree, rules.close):
        with pytest.raises(NotAllowed, match=r"text\.still-bracketed"):
            act(table["XA"].text, table["XA"].id, table.pars[0])


def test_a_dropped_paragraph_makes_moot() -> None:
    table = Table("One.", "Two.")
    id = table.propose("XB", 0, "One and more.")[0]
    pen_merge(table, [{"op": "drop", "paragraph": table.pars[0]}], [])
    assert table.standing(id) == "moot"


def test_the_pens_last_word_counts_and_withdrawal_does_not_undo_it() -> None:
    table = Table("States should act.")
    id = table.propose("XB", 0, "States shall act.")[0]
    pen_merge(table, [], [{"proposal": id, "outcome": "rejected"}])
    assert table.standing(id) == "rejected"
    table.do("XB", "text.withdraw", {"text": table.text, "proposal": id})
    assert table.standing(id) == "rejected"
    pen_merge(table, [], [{"proposal": id, "outcome": "amended"}])
    assert table.standing(id) == "amended"


def test_sponsors_and_withdrawal() -> None:
    table = Table("States should act.")
    id = table.propose("XB", 0, "States shall act.")[0]
    for name in ("XD", "XC"):
        table.do(name, "text.cosponsor", rules.cosponsor(table[name].text, table[name].delegation, id))
    assert [table.code(one) for one in view.proposal(table.state, id, table.code).sponsors] == ["XB", *sorted(
        ("XC", "XD"), key=lambda code: table[code].delegation)]
    with pytest.raises(NotAllowed, match=r"text\.already-sponsor"):
        rules.cosponsor(table["XC2"].text, table["XC2"].delegation, id)
    with pytest.raises(NotAllowed, match=r"text\.not-sponsor"):
        rules.withdraw(table["XE"].text, table["XE"].delegation, id)
    table.do("XB", "text.withdraw", rules.withdraw(table["XB"].text, table["XB"].delegation, id))
    assert table.standing(id) == "open", "it goes on with its co-sponsors"
    for name in ("XC", "XD"):
        table.do(name, "text.withdraw", rules.withdraw(table[name].text, table[name].delegation, id))
    assert table.standing(id) == "withdrawn"
    with pytest.raises(NotAllowed, match=r"text\.decided"):
        rules.cosponsor(table["XB"].text, table["XB"].delegation, id)


def test_positions_replace_only_their_own() -> None:
    table = Table("States should act.")
    id = table.propose("XB", 0, "States shall act.")[0]
    first = table.do("XC", "text.position", rules.position(table["XC"].text, table["XC"].delegation, id, "oppose"))
    forged = {"text": table.text, "target": id, "value": "support", "behalf": "", "replaces": [first]}
    table.do("XD", "text.position", forged)
    assert sorted(one.value for one in view.positions(table.state, id)) == ["oppose", "support"]
    body = rules.position(table["XC2"].text, table["XC2"].delegation, id, "can go along")
    assert body["replaces"] == [first]
    table.do("XC2", "text.position", body)
    assert sorted(one.value for one in view.positions(table.state, id)) == ["can go along", "support"]
    with pytest.raises(NotAllowed, match=r"text\.no-change"):
        rules.position(table["XC"].text, table["XC"].delegation, id, "can go along")
    table.do("XC", "text.position", rules.position(table["XC"].text, table["XC"].delegation, id, "none"))
    assert [one.value for one in view.positions(table.state, id)] == ["support"]


def test_two_devices_disagree_the_more_cautious_stands_and_the_delegation_is_told() -> None:
    table = Table("States should act.")
    par = table.pars[0]
    for name, value in (("XB", "support"), ("XB2", "reserve")):
        me = table[name]
        table.aside(name, "text.position", rules.position(me.text, me.delegation, par, value))
    table.all_hear()
    assert [one.value for one in view.positions(table.state, par)] == ["reserve"]
    (told,) = view.disagreements(table.state, table["XB"].delegation)
    assert [one.value for one in told] == ["reserve", "support"]
    assert view.disagreements(table.state, table["XC"].delegation) == ()
    table.do("XB", "text.position", rules.position(table["XB"].text, table["XB"].delegation, par, "support"))
    assert [one.value for one in view.positions(table.state, par)] == ["support"]
    assert view.disagreements(table.state, table["XB"].delegation) == ()


@pytest.mark.parametrize("bold", range(1, len(CAUTION)))
@pytest.mark.parametrize("cautious", range(len(CAUTION) - 1))
def test_the_order_of_caution(cautious: int, bold: int) -> None:
    if cautious >= bold:
        return
    table = Table("States should act.")
    for name, rank in (("XB", bold), ("XB2", cautious)):
        body = {"text": table.text, "target": table.pars[0], "value": CAUTION[rank], "behalf": "", "replaces": []}
        table.aside(name, "text.position", body)
    table.all_hear()
    ((node, rivals),) = positions_on(table.state.book, table.pars[0])
    assert (node.body["value"], [one.body["value"] for one in rivals]) == (CAUTION[cautious], [CAUTION[bold]])


def test_a_position_waits_for_what_it_replaces() -> None:
    table = Table("States should act.")
    me, mate, par = table["XB"], table["XB2"], table.pars[0]
    first = table.aside("XB", "text.position", rules.position(me.text, me.delegation, par, "support"))
    body = {**rules.position(mate.text, mate.delegation, par, "oppose"), "replaces": [first.id]}
    second = table.aside("XB2", "text.position", body)
    state = table.fold([op for op in table.ops.values() if op is not first])
    assert state.waiting == (second.id,) and view.positions(state, par) == ()
    state.apply(first)
    assert [one.value for one in view.positions(state, par)] == ["oppose"]


def test_for_itself_and_for_a_group() -> None:
    table = Table("States should act.")
    par, me = table.pars[0], table["XC"]
    table.do("XC", "text.position", rules.position(me.text, me.delegation, par, "can go along"))
    table.do("XC", "text.position", rules.position(me.text, me.delegation, par, "reserve", "ALP"))
    assert {(one.behalf, one.value) for one in view.positions(table.state, par)} == {
        ("", "can go along"), ("ALP", "reserve")}
    assert len(positions_on(table.state.book, par)) == 2


def test_what_else_may_be_proposed_and_taken() -> None:
    table = Table("One stands here.", "Two stands here.", "Three stands here.")
    a, b, c = table.pars
    me, pen = table["XB"], table["XA"]
    who = me.delegation
    new = table.do("XB", "text.propose", rules.propose_paragraph(me.text, who, a, "OP", "Between."))
    move = table.do("XB", "text.propose", rules.propose_move(me.text, who, c, ""))
    gone = table.do("XB", "text.propose", rules.propose_delete(me.text, who, b))
    alt = table.do("XB", "text.propose", rules.propose_alternative(me.text, who, a, "Wholly other words."))
    title = table.do("XB", "text.propose", rules.propose_title(me.text, who, "Draft recommendations")[0])
    word = table.propose("XC", 0, "One stood here.")[0]
    for id in (new, move, gone, alt, title):
        table.do("XA", "text.merge", rules.take(pen.text, pen.id, id))
        assert table.standing(id) == "accepted"
    book = table.state.book
    assert [(par.label, par.words) for par in book.standing()] == [
        ("OP 3", "Three stands here."), ("OP 1", "Wholly other words."), ("OP 1 bis", "Between.")]
    assert view.head(table.state).title == "Draft recommendations" and table.standing(word) == "superseded"


@pytest.mark.parametrize("act", ["words", "delete", "alternative", "move"])
def test_agreed_paragraphs_take_no_proposals(act: str) -> None:
    table = Table("One.", "Two.")
    pen, me = table["XA"], table["XB"]
    table.do("XA", "text.agree", rules.agree(pen.text, pen.id, table.pars[0]))
    with pytest.raises(NotAllowed, match=r"text\.agreed"):
        {"words": lambda: rules.propose_words(me.text, me.delegation, table.pars[0], "x"),
         "delete": lambda: rules.propose_delete(me.text, me.delegation, table.pars[0]),
         "alternative": lambda: rules.propose_alternative(me.text, me.delegation, table.pars[0], "x"),
         "move": lambda: rules.propose_move(me.text, me.delegation, table.pars[0], table.pars[1])}[act]()


@pytest.mark.parametrize(("call", "code"), [
    (lambda t, d: rules.propose_words(t.text, d, "x/1", "y"), "text.unknown-paragraph"),
    (lambda t, d: rules.propose_words(t.text, d, t.text.book.order[0], "One."), "text.no-change"),
    (lambda t, d: rules.propose_words(t.text, d, t.text.book.order[0], "On\u202ee."), "text.characters"),
    (lambda t, d: rules.propose_words(t.text, d, t.text.book.order[0], "a\nb"), "text.characters"),
    (lambda t, d: rules.propose_words(t.text, d, t.text.book.order[0], "x" * 20_001), "text.too-long"),
    (lambda t, d: rules.propose_paragraph(t.text, d, "", "chapter", "x"), "text.section"),
    (lambda t, d: rules.propose_paragraph(t.text, d, "", "OP", "  "), "text.no-change"),
    (lambda t, d: rules.position(t.text, d, t.text.book.order[0], "yes"), "text.position"),
    (lambda t, d: rules.position(t.text, d, "nothing", "support"), "text.unknown-target"),
    (lambda t, d: rules.position(t.text, d, t.text.book.order[0], "none"), "text.no-change"),
    (lambda t, d: rules.comment(t.text, "nothing", "x"), "text.unknown-target"),
    (lambda t, d: rules.cosponsor(t.text, d, "nothing"), "text.unknown-proposal"),
    (lambda t, d: rules.take(t.text, t.id, "nothing"), "text.unknown-proposal"),
    (lambda t, d: rules.merge(t.text, t.id, [], []), "text.no-change"),
    (lambda t, d: rules.merge(t.text, t.id, [{"op": "burn", "paragraph": t.text.book.order[0]}], []), "text.edit"),
    (lambda t, d: rules.reopen(t.text, t.id, t.text.book.order[0]), "text.status"),
    (lambda t, d: rules.revision(t.text, t.id, " "), "text.symbol"),
    (lambda t, d: rules.pass_pen(t.text, t.id, t.id, d), "text.roster"),
    (lambda t, d: rules.resolve_pen(t.text, "x"), "text.frozen"),
    (lambda t, d: rules.resolve_device(t.text, "x"), "text.not-suspended"),
])
def test_what_the_rules_refuse(call: Any, code: str) -> None:
    table = Table("One.")
    with pytest.raises(NotAllowed) as caught:
        call(table["XA"], table["XA"].delegation)
    assert caught.value.code == code


def test_nfc_at_the_author_and_never_again() -> None:
    table = Table("Decide\u0301 already.")  # as the opening had it normalised
    assert table.words(0) == "Decidé already."
    body = rules.propose_words(table["XB"].text, table["XB"].delegation, table.pars[0], "Decidé tre\u0300s already.")[0]
    assert body["words"] == "très " or body["words"] == " très"
    raw = table.do("XB", "text.propose", {**body, "words": "tre\u0300s "})
    assert table.state.book.props[raw].node.body["words"] == "tre\u0300s ", "readers do not touch what was signed"
