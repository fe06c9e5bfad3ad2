"""A file that comes back: what it changes against what was sent out."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from test_formats_docx_build import changed, gone, ins, t

from valise.formats.abc import TITLE, Change, Document, Para
from valise.formats.docx import Docx
from valise.formats.docx.reconcile import carry, reconcile

PARAS = (
    Para("PP", "PP 1", "Recalling its mandate and the rules,", number=1),
    Para("PP", "PP 2", "Noting that the Group met twice,", number=2),
    Para("OP", "OP 1", "Decides to test the directory each year;", number=1),
    Para("OP", "OP 2", "Requests the secretariat to report;", number=2),
    Para("OP", "OP 3", "Decides to revert to the matter.", number=3),
)
OURS = Document("Draft decision on contacts", PARAS, "en", changes=(Change("words", 0, (10, 13), "the", "XA"),))


def after(document: Document, change: Change) -> str:
    words = document.title if change.paragraph == TITLE else document.paragraphs[change.paragraph].words
    return words[: change.span[0]] + change.words + words[change.span[1] :]


def with_(**new: Para) -> tuple[Para, ...]:
    return tuple(new.get(f"p{index}", para) for index, para in enumerate(PARAS))


def test_untouched_it_changes_nothing() -> None:
    back = Docx().read(Docx().write(OURS))
    assert reconcile(OURS, back) == []


def test_typed_over() -> None:
    back = replace(OURS, title="Draft decision on points of contact",
                   paragraphs=with_(p2=replace(PARAS[2], words="Decides to test the directory every two years;")))  # fmt: skip
    found = reconcile(OURS, back)
    assert [(one.kind, one.paragraph, one.author) for one in found] == [("words", TITLE, ""), ("words", 2, "")]
    assert [after(OURS, one) for one in found] == [back.title, back.paragraphs[2].words]
    assert len(found[1].words) < 20


def test_in_a_real_file() -> None:
    """One word typed over, another tracked by a person, in the file itself."""
    sent = Docx().write(OURS)
    back = changed(sent, "word/document.xml", "the secretariat", "the Chair")
    back = changed(back, "word/document.xml", ">Decides to revert to the matter.</w:t></w:r>",
                   ">Decides to revert to </w:t></w:r>" + gone("Ana", "the matter") + ins("Ana", "it") + t("."))  # fmt: skip
    found = reconcile(OURS, Docx().read(back))
    assert [(one.paragraph, one.author, after(OURS, one)) for one in found] == [
        (3, "", "Requests the Chair to report;"), (4, "Ana", "Decides to revert to it."),
    ]  # fmt: skip


def test_new_gone_and_moved_paragraphs() -> None:
    new = Para("OP", "OP 4", "Welcomes the offer of one State to host;", number=4)
    back = replace(OURS, paragraphs=(PARAS[0], PARAS[2], new, PARAS[4]))
    assert reconcile(OURS, back) == [
        Change("delete", 1), Change("paragraph", words=new.words, after=2, section="OP", label="OP 4"), Change("delete", 3),
    ]  # fmt: skip
    back = replace(OURS, paragraphs=(PARAS[4], *PARAS[:4]), changes=())
    assert reconcile(OURS, back) == [Change("move", 4, after=TITLE)]


def test_renumbered_paragraphs_are_known_by_their_words() -> None:
    back = replace(OURS, paragraphs=(*PARAS[:2], replace(PARAS[3], label="OP 1"), replace(PARAS[4], label="OP 2")))
    assert reconcile(OURS, back) == [Change("delete", 2)]


def test_tracked_on_words_that_were_typed_over_too() -> None:
    back = replace(
        OURS, paragraphs=with_(p1=replace(PARAS[1], words="Noting also that the Working Group met twice,")),
        changes=(Change("words", 1, (39, 44), "once", "XB"), Change("words", 1, (21, 34), "Committee", "XC"),
                 Change("delete", 2, author="XD"), Change("paragraph", words="New,", author="XE", after=1, section="PP")),
    )  # fmt: skip
    found = [one for one in reconcile(OURS, back) if one.author]
    assert [(one.author, one.paragraph) for one in found] == [("XB", 1), ("XC", 1), ("XE", TITLE), ("XD", 2)]
    assert after(OURS, found[0]) == "Noting that the Group met once,"
    assert after(OURS, found[1]) == "Noting that the Committee met twice,"


WORDS = st.lists(st.sampled_from(["Noting", "the", "Group", "met", "twice", ",", "国", " "]), max_size=8).map(" ".join)


@settings(max_examples=200, database=None)
@given(WORDS, WORDS, st.data())
def test_a_change_is_carried_into_our_words(now: str, old: str, data: st.DataObject) -> None:
    """Its span lies in our words; and where nothing differs it is itself."""
    start, end = sorted((data.draw(st.integers(0, len(now))), data.draw(st.integers(0, len(now)))))
    span, words = carry((start, end), "X", now, old)
    assert 0 <= span[0] <= span[1] <= len(old)
    assert "X" in words
    assert carry((start, end), "X", now, now) == ((start, end), "X")


@settings(max_examples=100, database=None)
@given(st.lists(WORDS, max_size=5), st.lists(WORDS, max_size=5))
def test_applied_the_changes_give_what_came_back(first: list[str], second: list[str]) -> None:
    """As a set of paragraphs: our words with the changes are the words that came back."""
    ours = Document("T", tuple(Para("other", "", words) for words in first), "en")
    back = Document("T", tuple(Para("other", "", words) for words in second), "en")
    standing: list[str | None] = list(first)
    new = []
    for one in reversed(reconcile(ours, back)):
        if one.kind == "words":
            old = standing[one.paragraph] or ""
            standing[one.paragraph] = old[: one.span[0]] + one.words + old[one.span[1] :]
        elif one.kind == "delete":
            standing[one.paragraph] = None
        elif one.kind == "paragraph":
            new.append(one.words)
    made = [words for words in standing if words is not None] + new
    assert sorted(made) == sorted(second)
