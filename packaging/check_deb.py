"""The Debian package on a bare Debian 12: installed without Python, tried, removed, and looked for what it left. As root.

    sudo python3 packaging/check_deb.py [--deb FILE] [--tree DIR] [--shot PICTURE]

Needs debootstrap, xvfb and x11-utils on the machine that runs it, and its own package sources. What is tried is the installed program and
nothing of the sources: the demonstration (three vaults, exchange over a folder, the same revision in all three), an import and a
PDF in the confined workers, evidence checked, and a window under Xvfb that opens a vault and is seen by title and size.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OFFICER = "officer"
PASSPHRASE = "three fictional delegations"  # noqa: S105  (of the demonstration)
# What a package manager keeps for itself, and what programs of the system write when anything is installed.
ITS_OWN = ("var/lib/dpkg/", "var/lib/apt/", "var/cache/", "var/log/", "etc/ld.so.cache", "run/", "tmp/", "proc/", "sys/", "dev/")


class Tree:
    """A Debian in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self, *command: str, officer: bool = False, given: str = "", check: bool = True, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """A command inside, as root or as the officer, with an environment of its own."""
        who = ["--userspec", f"{OFFICER}:{OFFICER}"] if officer else []
        home = f"/home/{OFFICER}" if officer else "/root"
        surroundings = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": home, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(
            ["chroot", *who, str(self.folder), *command], env=surroundings | more, input=given, capture_output=True, text=True, check=False
        )
        if check and done.returncode:
            raise SystemExit(f"{' '.join(command)}: exit code {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        return done

    def files(self) -> set[str]:
        """Every file and link of the system's own part."""
        found = set()
        for top, folders, names in os.walk(self.folder):
            place = Path(top).relative_to(self.folder).as_posix()
            if place == ".":
                folders[:] = [one for one in folders if one not in ("proc", "sys", "dev", "home", "tmp", "run")]
            found |= {f"{place}/{name}" for name in names}
            if not names and not folders:
                found.add(f"{place}/")
        return {one for one in found if not one.startswith(ITS_OWN)}

    def passing(self) -> set[str]:
        """What lies in /tmp."""
        return {one.name for one in (self.folder / "tmp").iterdir() if one.name != ".X11-unix"}


@contextmanager
def mounted(tree: Path) -> Iterator[None]:
    """/proc and the few devices a program may expect; the X server's socket comes with /tmp."""
    mounts = [("proc", "proc", "proc"), ("--bind", "/dev", "dev")]
    done: list[Path] = []
    try:
        for kind, source, place in mounts:
            target = tree / place
            target.mkdir(exist_ok=True)
            words = ["--bind", source] if kind == "--bind" else ["-t", kind, source]
            subprocess.run(["mount", *words, str(target)], check=True)
            done.append(target)
        yield
    finally:
        for target in reversed(done):
            subprocess.run(["umount", "-l", str(target)], check=False)


@contextmanager
def screen(tree: Path) -> Iterator[str]:
    """An X server of this machine whose socket is seen inside; gives DISPLAY."""
    sockets = tree / "tmp/.X11-unix"
    sockets.mkdir(parents=True, exist_ok=True)
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-ac"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    bound = False
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        subprocess.run(["mount", "--bind", "/tmp/.X11-unix", str(sockets)], check=True)  # noqa: S108
        bound = True
        yield f":{number}"
    finally:
        if bound:
            subprocess.run(["umount", "-l", str(sockets)], check=False)
        server.terminate()
        server.wait()


def bare(kept: Path | None, folder: Path) -> Tree:
    """A minimal Debian 12 in `folder`, with the package sources of this machine: a copy of the one in `kept`, made there if need be."""
    made = kept or folder
    if not (made / "etc/debian_version").exists():
        subprocess.run(["debootstrap", "--variant=minbase", "bookworm", str(made)], check=True, stdout=subprocess.DEVNULL)
    if kept is not None:
        subprocess.run(["cp", "-a", "--reflink=auto", f"{kept}/.", str(folder)], check=True)
    for name in ("etc/resolv.conf", "etc/hosts"):
        with contextlib.suppress(OSError):
            shutil.copyfile(Path("/") / name, folder / name)
    tree = Tree(folder)
    if tree.run("sh", "-c", "command -v python3 || command -v python", check=False).returncode == 0:
        raise SystemExit("There is a Python in this tree; it proves nothing.")
    tree.run("useradd", "-m", OFFICER)
    return tree


def tried(tree: Tree) -> None:
    """The installed program at work, as an officer without rights."""
    home = f"home/{OFFICER}"
    inside = "/" + home
    print("  version:", tree.run("valise", "--version", officer=True).stdout.strip())
    asked = ("valise", "demo", "--offscreen", "--shots", f"{inside}/shots", "--keep", f"{inside}/talks")
    demo = tree.run(*asked, officer=True, QT_QPA_PLATFORM="offscreen")
    if "All three delegations hold the same Rev.2: yes" not in demo.stdout:
        raise SystemExit(demo.stdout + demo.stderr)
    pictures = len(list((tree.folder / home / "shots").glob("*.png")))
    print("  demonstration: three vaults, exchange over a folder, the same Rev.2;", pictures, "pictures")
    text = "valise/_internal/valise/resources/reference/sample_text.md"
    tree.run("valise", "convert", f"/usr/lib/{text}", f"{inside}/text.docx", officer=True)
    tree.run("valise", "inspect", f"{inside}/text.docx", officer=True)
    print("  a draft written as Word and read back by the confined reader")
    shutil.copyfile(ROOT / "docs/sample.evidence", tree.folder / home / "sample.evidence")
    checked = tree.run("valise", "verify", f"{inside}/sample.evidence", officer=True).stdout.splitlines()[0]
    print("  evidence:", checked)
    healthy = tree.run("valise", "--vault", f"{inside}/talks/XA", "--passphrase-stdin", "doctor", officer=True, given=PASSPHRASE + "\n")
    print("  doctor:", healthy.stdout.strip())


UNLOCKING, OPEN = 300, 800  # px: the page that asks for the passphrase is narrower than the second, the window of a vault is not


def visible(display: str, least: int) -> bool:
    """Is there a window of the program that can be seen and is at least so wide?"""

    def asked(*words: str) -> str:
        return subprocess.run(["xwininfo", "-display", display, *words], capture_output=True, text=True, check=False).stdout

    for ident, width in re.findall(r'(0x[0-9a-f]+) "[^"]*Valise[^"]*".*?(\d+)x\d+\+', asked("-root", "-tree")):
        if int(width) >= least and "IsViewable" in asked("-id", ident):
            return True
    return False


def windowed(tree: Tree, shot: Path | None) -> tuple[float, float]:
    """Open a vault in a window under Xvfb; seconds until the X server has our first window, and until it has that of the vault."""
    inside = f"/home/{OFFICER}/talks/XA"
    with screen(tree.folder) as display:
        surroundings = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": f"/home/{OFFICER}", "LC_ALL": "C.UTF-8", "DISPLAY": display}
        command = ["chroot", "--userspec", f"{OFFICER}:{OFFICER}", str(tree.folder), "valise", "--vault", inside, "--passphrase-stdin"]
        began = time.monotonic()
        program = subprocess.Popen(command, env=surroundings, stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        assert program.stdin is not None
        program.stdin.write(PASSPHRASE.encode() + b"\n")
        program.stdin.close()
        seen: list[float] = []
        while len(seen) < 2 and time.monotonic() < began + 120 and program.poll() is None:
            if visible(display, (UNLOCKING, OPEN)[len(seen)]):
                seen.append(time.monotonic() - began)
            else:
                time.sleep(0.02)
        if len(seen) < 2:
            program.kill()
            raise SystemExit("no window of a vault appeared\n" + (program.stderr.read().decode() if program.stderr else ""))
        if shot is not None:
            time.sleep(4)  # for the picture only
            subprocess.run(["import", "-display", display, "-window", "root", str(shot)], check=False)
        program.terminate()
        program.wait(20)
    return seen[0], seen[1]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--deb", type=Path, help="the package (default: the one in dist)")
    parser.add_argument("--tree", type=Path, help="a bare Debian 12, made there once; what is tried is a copy (default: made anew)")
    parser.add_argument("--shot", type=Path, help="a picture of the screen with the window goes here")
    known = parser.parse_args(arguments)
    if os.geteuid() != 0:
        print("This needs root: it makes a small Debian and changes into it.", file=sys.stderr)
        return 2
    deb = known.deb or next((ROOT / "dist").glob("valise_*.deb"))
    place = Path(tempfile.mkdtemp(prefix="valise-debian-"))
    place.chmod(0o755)
    try:
        tree = bare(known.tree, place)
        with mounted(tree.folder):
            installed = set(tree.run("dpkg-query", "-W", "-f", "${Package}\n").stdout.split())
            shutil.copyfile(deb, tree.folder / "tmp" / deb.name)
            tree.run("apt-get", "update", "-qq")
            tree.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", f"/tmp/{deb.name}")  # noqa: S108
            more = set(tree.run("dpkg-query", "-W", "-f", "${Package}\n").stdout.split()) - installed
            print("installed, with", len(more) - 1, "packages of the system")
            if tree.run("sh", "-c", "command -v python3 || command -v python", check=False).returncode == 0:
                raise SystemExit("Python came with it.")
            tree.run("dpkg", "--purge", "valise")
            before = tree.files()  # with what it needs, and without it: other packages leave what they leave
            tree.run("dpkg", "-i", f"/tmp/{deb.name}")  # noqa: S108
            tried(tree)
            first, opened = windowed(tree, known.shot)
            print(f"  under Xvfb: a window after {first:.2f} s, the vault open in it after {opened:.2f} s")
            size = tree.run("dpkg-query", "-W", "-f", "${Installed-Size}", "valise").stdout
            print(f"  installed size: {int(size) / 1024:.0f} MiB")
            tree.run("dpkg", "--purge", "valise")
            left = sorted(tree.files() - before | tree.passing() - {deb.name})
            print("removed;", "nothing is left outside the officer's own folders" if not left else "left behind:")
            for one in left:
                print("  ", one)
            return 1 if left else 0
    finally:
        if not any(line.split()[1].startswith(f"{place}/") for line in Path("/proc/mounts").read_text("utf-8").splitlines()):
            shutil.rmtree(place, ignore_errors=True)  # never through a mount that could not be taken off


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
