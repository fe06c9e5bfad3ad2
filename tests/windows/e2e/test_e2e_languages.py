"""A/RES/80/16 in the six official languages, from the facts beside the repository (never copied): each opens as a text,
is amended by two delegations, agreed, and shown right in the window."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hands import Table
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from valise.domain.text import words as w
from valise.formats import plain
from valise.ui.texts.difference import hunks

SAMPLE = Path(__file__).parents[4] / "shared" / "facts" / "un_multilingual_sample.json"
pytestmark = pytest.mark.skipif(not SAMPLE.exists(), reason="the facts are not beside this repository")
LANGUAGES = ("Arabic", "Chinese", "English", "French", "Russian", "Spanish")
RTL = Qt.LayoutDirection.RightToLeft


def document(language: str) -> Any:
    held = json.loads(SAMPLE.read_text("utf-8"))["languages"][language]
    return plain.from_parts(held["title"], held["pp"], held["op"], language)


def two_words(words: str) -> tuple[str, str]:
    """Two words of the paragraph that are in it once, far apart: one for each delegation to replace."""
    tokens = [one for one in w.tokens(words) if w.is_word(one)]
    once = [one for one in tokens if tokens.count(one) == 1 and words.count(one) == 1 and not one.isdigit()]
    return once[len(once) // 4], once[-2]


def ink(image: QImage, left: int, right: int) -> int:
    """Dark pixels between two columns."""
    found = 0
    for y in range(0, image.height(), 2):
        for x in range(max(0, left), min(right, image.width()), 2):
            found += image.pixelColor(x, y).lightness() < 110
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_res_80_16_in_six_languages(table: Table, language: str, tmp_path: Path) -> None:
    read = document(language)
    parts = [
        {"section": one.section, "label": one.label, "words": one.words, "status": one.status or "open"}
        for one in read.paragraphs
    ]
    text = table.text(parts, title=read.title, language=read.language)
    world = table.world
    rows = world["XA"].texts.outline(text)
    place = next(n for n, row in enumerate(rows) if row.section == "OP")
    paragraph, label = rows[place].id, rows[place].label
    words = world["XA"].texts.paragraph(text, paragraph).paragraph.words
    assert words == next(one["words"] for one in parts if one["label"] == label)

    # two delegations, each another word
    first, second = two_words(words)
    new = {"Chinese": "新词"}.get(language, "XXX")
    for code, old in (("XB", first), ("XG", second)):
        changed = words.replace(old, new)
        assert [(words[one.start : one.end], one.words) for one in hunks(words, changed)] == [(old, new)]
        bench = table.at(code, text, label)
        bench.writing.begin("words")
        bench.list.editor.words.setPlainText(changed)
        bench.list.editor.commit()
        table.settle()
    table.exchange(rounds=2)
    bench = table.at("XA", text, label)
    made = {card.proposal.label: card.proposal for card in bench.amendments.cards}
    assert {one.quote for one in made.values()} == {first, second}
    if language == "Chinese":  # one character is one word
        assert len(first) == 1 and len(second) == 1
    view = bench.view()
    assert view.open_brackets >= 2
    right_to_left = language == "Arabic"
    shown_right(table, bench, place, right_to_left, tmp_path)

    for one in list(made):
        world["XA"].texts.take(text, made[one].id)
    world["XA"].texts.agree(text, paragraph)
    revision = world["XA"].texts.revision(text, "FICT/CRP.1/Rev.1")
    table.exchange(rounds=3)
    wanted = words.replace(first, new).replace(second, new)
    for code in ("XA", "XB", "XG"):
        now = world[code].texts.paragraph(text, paragraph).paragraph
        assert now.words == wanted and now.status == "agreed ad ref"
        (held,) = world[code].texts.head(text).revisions
        assert held.text_hash == revision.text_hash and not held.alarm


def shown_right(table: Table, bench: Any, place: int, right_to_left: bool, folder: Path) -> None:
    """Direction and alignment of the card's document, of its editor, and where the ink is in a picture of it."""
    width = bench.list.viewport().width()
    document = bench.cards._document(place, width)
    block = document.firstBlock()
    assert (block.textDirection() == RTL) is right_to_left
    assert (document.defaultTextOption().textDirection() == RTL) is right_to_left
    document.size()  # laid out
    layout = block.layout()
    line = layout.lineAt(layout.lineCount() - 1)  # the last line is the short one
    drawn = line.naturalTextRect()
    used, whole = drawn.width(), document.textWidth()
    if right_to_left:
        assert drawn.right() >= whole - 2
    else:
        assert drawn.left() <= 2
    bench.list.scrollTo(bench.model.index(place))
    QCoreApplication.processEvents()
    card = bench.list.visualRect(bench.model.index(place))
    words = bench.cards.words_rect(card, bench.list.layoutDirection(), place)
    image = bench.list.viewport().grab(words).toImage()
    assert image.save(str(folder / "card.png"))
    last = image.copy(0, max(0, int(document.size().height()) - 22), image.width(), 20)
    if used < whole * 0.45:  # a last line short enough to tell the sides apart
        here, there = ink(last, 0, last.width() // 2), ink(last, last.width() // 2, last.width())
        assert (there > here) is right_to_left
    bench.writing.begin("words")
    assert (bench.list.editor.words.document().defaultTextOption().textDirection() == RTL) is right_to_left
    bench.list.close_editor()


def test_the_arabic_text_in_an_arabic_window(table: Table, qapp: QApplication, tmp_path: Path) -> None:
    """The whole window mirrored: the margin with label and status stands at the right of the words."""
    read = document("Arabic")
    parts = [
        {"section": one.section, "label": one.label, "words": one.words, "status": one.status or "open"}
        for one in read.paragraphs
    ]
    text = table.text(parts, title=read.title, language="ar")
    qapp.setLayoutDirection(RTL)
    try:
        bench = table.at("XB", text, next(one["label"] for one in parts if one["section"] == "OP"))
        place = bench.list.currentIndex().row()
        card = bench.list.visualRect(bench.model.index(place))
        words = bench.cards.words_rect(card, bench.list.layoutDirection(), place)
        assert card.right() - words.right() > words.left() - card.left()
        title = bench.headline.grab(bench.headline.title.geometry()).toImage()
        assert ink(title, title.width() - 200, title.width()) > ink(title, 0, 200)
        picture = table["XB"].grab()
        assert picture.save(str(tmp_path / "window.png")) and not picture.isNull()
    finally:
        table.settle()
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
