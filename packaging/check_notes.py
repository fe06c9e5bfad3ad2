"""What the checkers of the system say about what is handed out, against the notes that docs/packaging.md explains.

    python3 packaging/check_notes.py [--deb FILE]

Runs desktop-file-validate, appstreamcli (pedantic, without network) and lintian (with its quietest tags) on the desktop entry, the
metadata and the package. Exit code 1 for anything that is said and not explained, and for an explanation of what nobody says any more.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DESKTOP = ROOT / "packaging/desktop"
PAGE = ROOT / "docs/packaging.md"
_ROW = re.compile(r"^\| `([a-z-]+)` \|", re.MULTILINE)
_SAID = re.compile(r"^([EWIPO]): [^:]+: ([a-z-]+)", re.MULTILINE)  # error, warning, information, pedantic, overridden


def explained(page: str) -> set[str]:
    """The tags of lintian that have a row in the part about checkers."""
    part = page.partition("## Notes of the checkers")[2].partition("\n## ")[0]
    return set(_ROW.findall(part))


def noted(told: str) -> Counter[str]:
    """How often lintian says each tag."""
    return Counter(tag for _, tag in _SAID.findall(told))


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(one) for one in command], check=False, capture_output=True, text=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--deb", type=Path, help="the package (default: the one in dist)")
    known = parser.parse_args(arguments)
    deb = known.deb or next((ROOT / "dist").glob("valise_*.deb"))
    wrong = 0
    for command in (
        ("desktop-file-validate", "--warn-kde", DESKTOP / "valise.desktop"),
        ("appstreamcli", "validate", "--pedantic", "--no-net", DESKTOP / "org.valise.valise.metainfo.xml"),
    ):
        made = _run(*command)
        # appstreamcli lists its notes as I:, W:, E: and ends with 0 for the lesser ones
        loud = made.returncode != 0 or bool(re.search(r"^[EWIP]: ", made.stdout, re.MULTILINE))
        print(f"{command[0]}: {'says' if loud else 'nothing to say'}")
        if loud:
            wrong += 1
            print(made.stdout + made.stderr)
    told = _run("lintian", "--tag-display-limit", "0", "--display-info", "--pedantic", "--show-overrides", "--allow-root", deb)
    if told.returncode not in (0, 1, 2):  # 2: there are errors among the tags
        raise SystemExit(told.stdout + told.stderr)
    tags, known_tags = noted(told.stdout), explained(PAGE.read_text("utf-8"))
    for tag, times in sorted(tags.items()):
        print(f"lintian: {tag}, {times} times{'' if tag in known_tags else ': NOT EXPLAINED'}")
    for tag in sorted(known_tags - set(tags)):
        print(f"lintian: {tag} is explained and not said")
    return 1 if wrong or set(tags) != known_tags else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
