"""Is what Qt needs from the operating system here? Runs before anything is downloaded; standard library only.

Qt names xcb-cursor0 whichever library is missing, so each one of the list is loaded by its exact name.
On Debian and Ubuntu as root the missing packages are installed; otherwise the one exact command is
printed and the exit code is 1.

    python3 packaging/system_check.py [run] [test] [--only-look]
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("system-packages.txt")


@dataclass(frozen=True)
class Need:
    """One line of the list: `package` is there when `kind`:`name` is."""

    group: str
    package: str
    kind: str
    name: str


def read(text: str) -> list[Need]:
    """The list; a line that cannot be understood is an error of ours (ValueError)."""
    needs = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        group, package, probe = line.split()
        kind, _, name = probe.partition(":")
        if kind not in PROBES or not name:
            raise ValueError(f"unknown probe {probe}")
        needs.append(Need(group, package, kind, name))
    return needs


def library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def font_folders() -> list[Path]:
    home = Path.home()
    shares = os.environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    own = os.environ.get("XDG_DATA_HOME") or str(home / ".local/share")
    return [home / ".fonts", *(Path(share) / "fonts" for share in [own, *shares.split(":")] if share)]


def font(prefix: str) -> bool:
    """Is there a font file whose name starts with `prefix` ("NotoSans-" also matches "NotoSans[wght].ttf")?"""
    starts = (prefix, prefix.rstrip("-") + "[")
    for folder in font_folders():
        for _, _, names in os.walk(folder, followlinks=False):
            if any(name.startswith(starts) for name in names):
                return True
    return False


PROBES: dict[str, Callable[[str], bool]] = {
    "lib": library,
    "font": font,
    "prog": lambda name: shutil.which(name) is not None,
    "file": lambda name: Path(name).exists(),
    "module": lambda name: importlib.util.find_spec(name) is not None,
}


def missing(needs: Iterable[Need]) -> list[Need]:
    return [need for need in needs if not PROBES[need.kind](need.name)]


def packages(needs: Iterable[Need]) -> list[str]:
    return list(dict.fromkeys(need.package for need in needs))


def apt(names: list[str]) -> bool:
    """Install without asking. True when apt-get says so."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_MODE": "a"}
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    # An update that fails (no network, one broken source) is not the end: the lists may be here already.
    subprocess.run(["apt-get", *wait, "-qq", "update"], env=quiet, check=False, stdin=subprocess.DEVNULL)
    install = ["apt-get", *wait, "-qq", "install", "-y", "--no-install-recommends", *names]
    return subprocess.run(install, env=quiet, check=False, stdin=subprocess.DEVNULL).returncode == 0


def main(arguments: list[str]) -> int:
    only_look = "--only-look" in arguments
    groups = {word for word in arguments if not word.startswith("-")} or {"run"}
    if not sys.platform.startswith("linux"):
        return 0  # the Qt wheels for Windows and macOS bring what they need
    needs = [need for need in read(LIST.read_text("utf-8")) if need.group in groups]
    lacking = missing(needs)
    if not lacking:
        return 0
    names = packages(lacking)
    debian = shutil.which("apt-get") is not None
    if debian and not only_look and os.geteuid() == 0:
        print("Installing what the window needs from the system:", " ".join(names), flush=True)
        apt(names)
        lacking = missing(needs)
        if not lacking:
            return 0
        names = packages(lacking)
    say = sys.stderr
    print("Valise cannot be set up yet. Missing on this computer:", file=say)
    for need in lacking:
        print(f"  {need.name}  (package {need.package})", file=say)
    if debian:
        print("Run this one line, then try again:", file=say)
        sudo = "" if os.geteuid() == 0 else "sudo "
        print(f"  {sudo}apt-get install -y --no-install-recommends {' '.join(names)}", file=say)
        return 1
    if all(need.kind == "font" for need in lacking):
        print("Only fonts are missing: going on, some scripts will show as boxes.", file=say)
        return 0
    print("Install them with the package manager of this system (the names above are Debian's).", file=say)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
