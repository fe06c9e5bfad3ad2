"""Who changed what since a revision, and since somebody last looked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.world import World

from valise.domain.errors import NotYet

PARAGRAPHS = [
    {"section": "OP", "label": f"OP {n}", "words": f"States should do the {n}th thing;", "status": "open"} for n in range(1, 7)
]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, ("XA", "XB", "XG"))
    yield made
    made.close()


def test_everything_that_happens_has_its_place_and_its_delegation(world: World) -> None:
    a, b, g = (world[code] for code in ("XA", "XB", "XG"))
    text = a.texts.open(world.room(), "Draft", symbol="FICT/1", paragraphs=PARAGRAPHS)
    revision = a.texts.revision(text, "FICT/1/Rev.1").id
    world.exchange()
    title, *ids = [row.id for row in a.texts.outline(text)]
    assert b.seeing.since(text, revision) == {}
    assert b.seeing.unseen(text) == {}  # nobody has looked yet: everything would be news
    b.seeing.looked(text)
    (amended,) = b.texts.propose_words(text, ids[0], "States shall do the 1th thing;")
    g.texts.position(text, ids[1], "reserve")
    world.exchange()
    g.texts.cosponsor(text, amended)
    g.texts.propose_paragraph(text, ids[2], "OP", "Invites all;")
    g.texts.propose_paragraph(text, "", "OP", "Begins;")
    a.texts.agree(text, ids[3])
    a.texts.merge(text, [{"op": "words", "paragraph": ids[4], "words": "States do it;"}], [])
    added = a.texts.merge(text, [{"op": "add", "after": ids[5], "section": "OP", "label": "", "words": "Ends."}], [])
    world.exchange()
    new = a.texts.outline(text)[-1].id
    assert new.startswith(added)
    xa, xb, xg = (world.id(code) for code in ("XA", "XB", "XG"))
    both = tuple(sorted((xb, xg)))
    told = {ids[0]: both, ids[1]: (xg,), ids[2]: (xg,), title: (xg,), ids[3]: (xa,), ids[4]: (xa,), new: (xa,)}
    for desk in (a, b, g):
        assert desk.seeing.since(text, revision) == told
    news = b.seeing.unseen(text)
    assert news == {**told, ids[0]: (xg,)}  # what one did oneself is no news
    b.seeing.looked(text)
    assert b.seeing.unseen(text) == {}
    world.reopen("XB")
    assert world["XB"].seeing.unseen(text) == {}
    with pytest.raises(NotYet):
        a.seeing.since(text, text)
