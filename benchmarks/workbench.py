"""The workbench on a text of 2,000 paragraphs with 20,000 proposals: open, page, type; against a bare QTextEdit.

The QTextEdit holds the same words and nothing else: no labels, brackets, proposals or panes. A frame is from a key to the
window painted.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import negotiated, worlds
from benchmarks.measure import Options, Ratios, Table, child, median, percentile


def run(options: Options) -> Ratios:
    """Ratios of medians to the QTextEdit: "open", "page", "key", "memory"; "frame" = the longest frame to its longest."""
    with tempfile.TemporaryDirectory(dir=options.cache) as base:
        folder, facts = negotiated.proposed(options, options.size(2_000, 20), options.size(20_000, 60))
        copy, words = Path(base) / "XA", Path(base) / "words.txt"
        shutil.copytree(folder / "XA", copy)
        desk = worlds.unlock(copy)
        rows = desk.texts.outline(facts["text"])
        lines = [desk.texts.paragraph(facts["text"], row.id).paragraph.words for row in rows]
        proposals = sum(row.open_proposals for row in rows)
        desk.close()
        words.write_text("\n".join(lines), "utf-8")
        environ = {"QT_QPA_PLATFORM": "offscreen", **options.environ()}
        runs = options.size(3, 1)
        bare = [child("benchmarks.worked", "bare", str(words), environ=environ) for _ in range(runs)]
        ours = [child("benchmarks.worked", "ours", str(copy), facts["text"], environ=environ) for _ in range(runs)]
    table = Table(
        f"{len(rows):,} paragraphs, {proposals:,} proposals open ({runs} runs, offscreen)",
        ("what", "QTextEdit", "workbench", "ratio"),
    )
    ratios: Ratios = {}
    for name, line, unit in (
        ("open", "open, until painted", "ms"), ("page", "a page further, median", "ms"),
        ("frame", "longest frame of paging and typing", "ms"), ("key", "a letter until painted, median", "ms"),
        ("key99", "- p99", "ms"), ("memory", "memory it adds to the empty window", "MB"),
    ):  # fmt: skip
        plain, full = _figure(bare, name), _figure(ours, name)
        ratios[name] = full / plain if plain else 0.0
        scale = 1e3 if unit == "ms" else 1
        table.add(line, f"{plain * scale:.3g} {unit}", f"{full * scale:.3g} {unit}", ratios[name])
    print(table.markdown())
    return ratios


def _figure(runs: list[dict[str, Any]], name: str) -> float:
    pages = [one for run in runs for one in run["pages"]]
    keys = [one for run in runs for one in run["keys"]]
    match name:
        case "page":
            return median(pages)
        case "frame":
            return max([*pages, *keys, *(one for run in runs for one in run["arrows"])])
        case "key":
            return median(keys)
        case "key99":
            return percentile(keys, 0.99)
        case _:
            return median([float(run[name]) for run in runs])
