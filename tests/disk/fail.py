"""A disk that is full, fails or takes the process with it: `python -m tests.disk.fail IMAGE LIFE MODE FIRST STRIDE MOST`, on the shim.

For the FIRST, FIRST + STRIDE, ... change of the victim's files: the life is lived on a fresh copy of IMAGE until that change
fails (MODE full: and every later one; error: once; errors: and every later one; kill: SIGKILL there), the disk is well again, and every
promise is checked. Ends when the life was lived without reaching the change, or after MOST. Prints JSON.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.disk.shim import Control
from tests.disk.work import VICTIM, Life, check, revive
from tests.world import Clock

from valise.domain.errors import ValiseError

MODES = {"full": (errno.ENOSPC, True), "error": (errno.EIO, False), "errors": (errno.EIO, True), "kill": (0, False)}


def live(control: Control, life: dict[str, Any], number: int, mode: str, journal: Path) -> bool:
    """Live in the current folder; whether change `number` was reached. `journal` gets a line for each step that is done."""
    world = revive(Clock(life["begun"]))
    made = Life(world, life["room"], life["text"])
    error, stay = MODES[mode]
    folder = str((Path.cwd() / VICTIM).relative_to(Path(os.environ["VALISE_DISK_ROOT"]).resolve()))
    control.strike(folder, number, error, stay=stay)
    with journal.open("a") as out:
        for step in made.steps():
            try:
                step()
            except ValiseError as failed:  # said in a word of ours; what was promised before it still holds
                assert failed.code.startswith(("vault.", "carrier.", "attachment.")), failed.code
                out.write(f"! {failed.code}\n")
            out.write(json.dumps([made.promised, made.proposals]) + "\n")
            out.flush()
    reached = control.seen() >= number
    control.strike(folder, 0, 0)
    for desk in world.desks.values():
        desk.store.abandon()
    return reached


def one(control: Control, image: Path, life: dict[str, Any], number: int, mode: str, scratch: Path) -> bool:
    """One point, on a copy of its own; False when the life is shorter."""
    root, journal = scratch / "root" / f"{number}", scratch / f"{number}.journal"
    shutil.copytree(image, root)
    os.chdir(root)
    child = os.fork()
    if child == 0:
        code = 3
        try:
            code = 0 if live(control, life, number, mode, journal) else 4
        except BaseException as failed:
            with journal.open("a") as out:
                out.write(f"? {failed!r}\n")
        os._exit(code)
    _, status = os.waitpid(child, 0)
    lines = journal.read_text().splitlines() if journal.exists() else []
    ended = os.waitstatus_to_exitcode(status)
    assert ended in ((0, 4) if mode != "kill" else (-9, 4)), (ended, lines[-1:])
    done = [json.loads(line) for line in lines if line.startswith("[")] or [[[], []]]
    promised, proposals = done[-1]
    check({**life, "promised": promised, "proposals": proposals}, len(promised), len(proposals))
    os.chdir(scratch)
    shutil.rmtree(root)
    return ended != 4


def main(image: Path, life_file: Path, mode: str, first: int, stride: int, most: int) -> None:
    control, life = Control(), json.loads(life_file.read_text())
    root = Path(os.environ["VALISE_DISK_ROOT"])
    points, failures, number = 0, [], first
    with tempfile.TemporaryDirectory(dir=root) as scratch:
        while points < most:
            try:
                reached = one(control, image, life, number, mode, Path(scratch))
            except Exception as failed:
                failures.append(f"{mode} {number}: {failed!r}"[:600])
                reached = True
            if not reached:
                break
            points, number = points + 1, number + stride
    print(json.dumps({"points": points, "failures": failures}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5]), int(sys.argv[6]))
