"""What one was writing comes back, and what was added to the workbench: remarks, alternatives, moves, admission."""

from __future__ import annotations

import fake_data as d
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from test_texts_bench import Bench, K, bench  # noqa: F401

from valise.desk.views import TextDraft
from valise.domain.text.model import Run
from valise.ui.texts.difference import runs_between
from valise.ui.texts.outline import GoTo
from valise.ui.texts.proposal_card import ProposalCard
from valise.ui.texts.runs import Look, document, pieces, plain, written

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints", extend=True)
CTRL = Qt.KeyboardModifier.ControlModifier


def kept(bench: Bench, paragraph: str, kind: str) -> TextDraft | None:  # noqa: F811
    return bench.door.texts.drafts.get((d.TEXT, paragraph, kind))


@pytest.mark.parametrize("mode", ["words", "add", "alternative", "pen", "comment"])
def test_unsent_words_go_to_the_vault_and_come_back(bench: Bench, mode: str) -> None:  # noqa: F811
    paragraph = bench.at("OP 5")
    bench.screen.writing.begin(mode)  # type: ignore[arg-type]
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.setPlainText("Half a sentence of ours")
    bench.qtbot.waitUntil(lambda: kept(bench, paragraph, mode) is not None)
    bench.screen.list.close_editor()
    bench.screen.drafts._newest.clear()  # as after a crash: only the vault knows
    bench.screen.show_right()
    assert bench.screen.amendments.resume.isVisibleTo(bench.screen)
    bench.screen.amendments.resume.click()
    again = bench.screen.list.editor
    assert again is not None and again.mode == mode and again.text() == "Half a sentence of ours"


def test_locking_keeps_what_was_typed_a_moment_ago(bench: Bench) -> None:  # noqa: F811
    paragraph = bench.at("OP 5")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.setPlainText("Typed just now")
    bench.screen.internal.words.setPlainText("Red line: twelve months")
    bench.screen.save()
    assert (kept(bench, paragraph, "words") or TextDraft("", "", "", "", "")).words == "Typed just now"
    assert (kept(bench, paragraph, "remark") or TextDraft("", "", "", "", "")).words == "Red line: twelve months"


def test_sent_words_are_no_draft_any_more(bench: Bench) -> None:  # noqa: F811
    paragraph = bench.at("OP 5")
    bench.key(K.Key_Return)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.words.setPlainText(editor.base + " and more")
    bench.qtbot.waitUntil(lambda: kept(bench, paragraph, "words") is not None)
    editor.commit()
    bench.qtbot.waitUntil(lambda: kept(bench, paragraph, "words") is None)
    bench.settled()
    assert bench.screen.drafts.left_at(d.TEXT, paragraph) is None


def test_a_remark_to_the_room_is_shown_on_its_amendment(bench: Bench) -> None:  # noqa: F811
    bench.at(next(row.label for row in bench.screen.model.rows() if row.open_proposals))
    card = next(one for one in bench.screen.amendments.cards if "comment" in one.chooser.buttons)
    card.chooser.buttons["comment"].click()
    editor = bench.screen.list.editor
    assert editor is not None and editor.mode == "comment"
    editor.words.setPlainText("We ask for the reasons.")
    editor.commit()
    bench.qtbot.waitUntil(lambda: bool(bench.door.texts.rows[d.TEXT].comments))
    assert bench.door.texts.rows[d.TEXT].comments[-1].target == card.proposal.id
    bench.settled()

    def said() -> bool:
        shown = next(one for one in bench.screen.amendments.cards if one.proposal.id == card.proposal.id)
        return any("We ask for the reasons." in label.plain() for label in shown.findChildren(_label()))

    bench.qtbot.waitUntil(said)


def _label() -> type:
    from valise.ui.widgets.labels import SafeLabel

    return SafeLabel


def test_an_alternative_and_a_move_are_proposed_by_key(bench: Bench) -> None:  # noqa: F811
    paragraph = bench.at("OP 5")
    bench.key(K.Key_L)
    editor = bench.screen.list.editor
    assert editor is not None and editor.mode == "alternative" and editor.text() == editor.base
    assert not editor.send.isEnabled()
    editor.words.setPlainText("Other words for all of it;")
    editor.commit()
    bench.qtbot.waitUntil(lambda: ("texts.propose_alternative") in {name for name, _, _ in bench.door.calls})
    bench.settled()
    bench.at("OP 5")
    bench.key(K.Key_M)
    editor = bench.screen.list.editor
    assert editor is not None and editor.mode == "move" and not editor.send.isEnabled()
    place = next(n for n in range(editor.section.count()) if "OP 7" in editor.section.itemText(n))
    after = editor.section.itemData(place)
    editor.section.setCurrentIndex(place)
    editor.commit()
    bench.settled()
    calls = [(name, given) for name, given, _ in bench.door.calls if name == "texts.propose_move"]
    assert calls == [("texts.propose_move", (d.TEXT, paragraph, after, ""))]


def test_the_pen_admits_what_came_late(bench: Bench) -> None:  # noqa: F811
    late = bench.door.texts._set_proposal(d.TEXT, bench.door.texts.rows[d.TEXT].proposals[0].id, state="late")
    assert bench.screen.pen
    bench.screen.model.show(bench.door.texts.outline(d.TEXT))
    bench.at(next(one.label for one in bench.screen.model.rows() if one.id == late.paragraph))
    card = next(one for one in bench.screen.amendments.cards if one.proposal.id == late.id)
    assert isinstance(card, ProposalCard) and "take" not in card.chooser.buttons
    card.chooser.buttons["admit"].click()
    bench.settled()
    assert "texts.admit" in {name for name, _, _ in bench.door.calls}


class Steady:
    """A clock that goes on by a tenth of a second at every look: somebody typing."""

    def __init__(self, step: float) -> None:
        self.at, self.step = 100.0, step

    def __call__(self) -> float:
        self.at += self.step
        return self.at


def acts(bench: Bench) -> list[str]:  # noqa: F811
    signed = ("texts.position", "texts.withdraw", "texts.take", "texts.reject")
    return [name for name, _, _ in bench.door.calls if name in signed]


def test_words_typed_beside_the_editor_take_no_position(bench: Bench) -> None:  # noqa: F811
    """The paragraph is agreed, so Enter opens no editor; what is typed then must not become reservations."""
    place = next(row.label for row in bench.screen.model.rows() if row.status == "closed")
    bench.at(place)
    guard = bench.screen.commands.guard
    guard.burst, guard.clock = 0.3, Steady(0.1)
    bench.key(K.Key_Return)
    for letter in "Words of reservation":
        bench.qtbot.keyClicks(bench.screen.list, letter)
    bench.settled()
    assert acts(bench) == [] and bench.screen.list.editor is None
    assert "Letters are acts" in bench.screen.bar.happened.plain()


def test_a_word_typed_at_the_text_does_at_most_what_its_first_letter_says(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 5")
    guard = bench.screen.commands.guard
    guard.burst, guard.clock = 0.3, Steady(0.1)
    bench.qtbot.keyClicks(bench.screen.list, "Hello")  # H does nothing; the O would have opposed
    bench.settled()
    assert acts(bench) == []
    guard.clock = Steady(1.0)  # one letter after another, with time to look between them
    for letter in "so":
        bench.qtbot.keyClicks(bench.screen.list, letter)
        bench.settled()
    assert acts(bench) == ["texts.position", "texts.position"]


def test_a_position_is_said_and_can_be_taken_back(bench: Bench) -> None:  # noqa: F811
    bench.at("OP 5")
    bench.key(K.Key_R)
    bench.settled()
    bench.qtbot.waitUntil(lambda: "OP 5" in bench.screen.bar.happened.plain())
    bench.screen.bar.findChild(QPushButton).click()
    bench.settled()
    given = [arguments for name, arguments, _ in bench.door.calls if name == "texts.position"]
    assert [one[2] for one in given] == ["reserve", "none"]


def test_marks_of_emphasis_are_style_wherever_words_are_compared() -> None:
    old, new = "*Encourages* States to act;", "*Invites* all States to act;"
    runs = runs_between(old, new)
    assert "*" not in "".join(written(run) for run in runs)
    made = document(runs, Look(), 400)
    assert "*" not in made.toPlainText()
    italics = [
        fragment.text()
        for fragment in _fragments(made)
        if fragment.charFormat().fontItalic() and fragment.text().strip()
    ]
    assert italics == ["Encourages", "Invites"]


def test_where_only_the_marks_change_they_are_seen() -> None:
    runs = runs_between("Recalling its mandate,", "*Recalling* its mandate,")
    assert "*" in "".join(written(run) for run in runs)


def test_a_whole_new_paragraph_shows_its_first_word_in_italics() -> None:
    run = Run("*Invites* States to share;", "insert")
    assert pieces(run) == [("Invites", True), (" States to share;", False)]
    assert (
        plain([Run("~~", "bracket", ("p",)), Run("gone", "delete", ("p",)), Run("~~", "bracket", ("p",))]) == "~~gone~~"
    )


def _fragments(made: object) -> list[object]:
    out = []
    block = made.begin()  # type: ignore[attr-defined]
    for place in block:
        out.append(place.fragment())
    return out


def test_nothing_is_sent_from_behind_a_dialog(bench: Bench) -> None:  # noqa: F811
    """Where a dialog does not get the keyboard, words meant for elsewhere may reach the card behind it."""
    bench.at("OP 3")
    bench.key(K.Key_F2)
    editor = bench.screen.list.editor
    assert editor is not None
    editor.restore("Invites the Chair to report by 2028;", "")
    bench.screen.commands.go_to()
    dialog = bench.screen.findChild(GoTo)
    assert dialog is not None
    editor.commit()
    bench.settled()
    assert bench.calls("propose_words") == [] and bench.screen.list.editor is editor
    dialog.reject()
    bench.settled()
    editor.commit()
    bench.settled()
    assert len(bench.calls("propose_words")) == 1
