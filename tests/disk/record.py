"""One life on a disk that is watched: `python -m tests.disk.record ROOT IMAGE LIFE`, run on the shim.

Copies the folder as it was before the life to IMAGE; writes to LIFE what was promised, and how much of it at each mark.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

from tests.disk.shim import Control
from tests.disk.work import PEER, VICTIM, Life
from tests.world import World


def main(root: Path, image: Path, life_file: Path) -> None:
    os.chdir(root)
    control = Control()
    world = World(Path(), (VICTIM, PEER))
    life = Life(world)
    life.begin()
    for code in (VICTIM, PEER):
        world.reopen(code)
        world[code].exchange.resend = 60_000
    shutil.copytree(root, image)
    begun = world.clock.now()
    control.record()
    marks = [(0, 0)]
    for number, step in enumerate(life.steps(), 1):
        step()
        marks.append((len(life.promised), len(life.proposals)))
        control.mark(number)
    life_file.write_text(json.dumps({
        "room": life.room, "text": life.text, "promised": life.promised, "proposals": life.proposals, "marks": marks,
        "begun": begun, "clock": world.clock.now()}))  # fmt: skip
    os._exit(0)  # nothing more is written, so that the log and the disk can be compared


if __name__ == "__main__":
    main(*(Path(one).resolve() for one in sys.argv[1:4]))
