"""Building the shim and running a program on it."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).absolute().parent
ROOT = HERE.parents[1]


def build(folder: Path) -> Path:
    """The shared object, compiled into `folder`."""
    made = folder / "shim.so"
    if not made.exists():
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-Wno-format-truncation", "-o", str(made), str(HERE / "shim.c"), "-ldl", "-lpthread"],
                       check=True)  # fmt: skip
    return made


def run(shim: Path, root: Path, module: str, *arguments: str, log: Path | None = None, timeout: float = 3600) -> str:
    """Run `python -m module` with its files under `root` on the shim; its output. Fails with what it wrote otherwise."""
    environment = {**os.environ, "LD_PRELOAD": str(shim), "VALISE_DISK_ROOT": str(root), "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))}
    if log is not None:
        environment["VALISE_DISK_LOG"] = str(log)
    done = subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True,
                          check=False, timeout=timeout)  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


class Control:
    """The shim, seen from the program that runs on it."""

    def __init__(self) -> None:
        library = ctypes.CDLL(None)
        self._on, self._mark = library.valise_disk_on, library.valise_disk_mark
        self._strike, self._seen = library.valise_disk_strike, library.valise_disk_seen
        self._mark.argtypes = [ctypes.c_ulonglong]
        self._strike.argtypes = [ctypes.c_char_p, ctypes.c_longlong, ctypes.c_int, ctypes.c_int]
        self._seen.restype = ctypes.c_longlong

    def record(self, yes: bool = True) -> None:
        """Begin, or end, to write everything down."""
        self._on(int(yes))

    def mark(self, number: int) -> None:
        """Write a number between the changes."""
        self._mark(number)

    def strike(self, folder: str, number: int, error: int, *, stay: bool = False) -> None:
        """The `number`th change in `folder` from now on fails with `error` (0 = the process is killed there); with `stay`
        every later one too. Number 0: none."""
        self._strike(folder.encode(), number, error, int(stay))

    def seen(self) -> int:
        """Changes since the last `strike`."""
        return int(self._seen())
