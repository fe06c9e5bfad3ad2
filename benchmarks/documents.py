"""A Word file of 100 pages with 5,000 tracked changes: reading it, and opening it as a text; against parsing its XML alone."""

from __future__ import annotations

import io
import random
import tempfile
import zipfile
from pathlib import Path

from lxml import etree

from benchmarks import worlds
from benchmarks.measure import Options, Ratios, Table, median, timed
from valise.bootstrap import read_document
from valise.domain.text import words as w
from valise.formats import child, confined
from valise.formats.abc import Change, Document, Para, by_name

PAGE = 500  # words
AUTHORS = ("XB", "XC", "XD")


def run(options: Options) -> Ratios:
    """Ratios to parsing alone: "read" (in this process), "confined" (in the child, with its start), "export", "open" (as a
    text in a vault, every change signed)."""
    pages, changes, runs = options.size(100, 2), options.size(5_000, 20), options.size(5, 1)
    document = made(pages, changes)
    data = by_name("docx").write(document)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        xml = packed.read("word/document.xml")
    alone = median([timed(lambda: etree.fromstring(xml)) for _ in range(runs)])
    steps = {
        "read": ("read: every change placed, checked", [timed(lambda: child.read("a.docx", data)) for _ in range(runs)]),
        "confined": ("read in the confined child, with its start",
                     [timed(lambda: confined.read("a.docx", data)) for _ in range(runs)]),
        "export": ("written with tracked changes", [timed(lambda: by_name("docx").write(document)) for _ in range(runs)]),
    }  # fmt: skip
    back = child.read("a.docx", data)
    if len(back.changes) != len(document.changes):
        raise RuntimeError("changes were lost")
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        steps["open"] = ("opened as a text: every change signed as a proposal, one transaction", [_open(Path(base), data)])
    table = Table(
        f"{pages} pages, {len(document.paragraphs):,} paragraphs, {len(document.changes):,} changes by {len(AUTHORS)} "
        f"authors; {len(data) / 1e6:.2f} MB, {len(xml) / 1e6:.1f} MB of XML",
        ("what", "s", "ratio to lxml parsing alone"),
    )
    table.add("document.xml parsed by lxml", alone, 1)
    for line, took in steps.values():
        table.add(line, median(took), median(took) / alone)
    print(table.markdown())
    return {name: median(took) / alone for name, (_, took) in steps.items()}


def made(pages: int, changes: int) -> Document:
    """Paragraphs of forty words, each with as many changes of words as it takes."""
    pick, speech = random.Random(4), worlds.Speech(4)
    paragraphs = tuple(
        Para("OP", f"OP {n + 1}", speech.sentence(40) + ";", "open") for n in range(pages * PAGE // 40)
    )
    each = -(-changes // len(paragraphs))
    found: list[Change] = []
    for n, para in enumerate(paragraphs):
        starts = [0]
        for token in w.tokens(para.words):
            starts.append(starts[-1] + len(token))
        places = sorted(pick.sample(range(0, len(starts) - 3, 3), each))
        for at in places[: changes - len(found)]:
            span = (starts[at], starts[at + 1])
            found.append(Change("words", n, span, pick.choice(("", speech.sentence(2))), pick.choice(AUTHORS)))
    return Document("Draft report", paragraphs, "en", changes=tuple(found))


def _open(base: Path, data: bytes) -> float:
    """Seconds of opening it in a vault, the reading not counted."""
    told = read_document("a.docx", data)
    desk, other = worlds.found(base / "XA"), worlds.found(base / "XB", "XB")
    desk.contacts.import_card(other.contacts.own_card())
    room = desk.rooms.create("bilateral", "", [other.me().delegation])
    took = timed(
        lambda: desk.texts.open(
            room, told["title"], paragraphs=[
                {key: str(one[key]) for key in ("section", "label", "words", "status")} for one in told["paragraphs"]
            ], changes=told["changes"], comments=told["comments"],
        )
    )  # fmt: skip
    worlds.close(desk, other)
    return took
