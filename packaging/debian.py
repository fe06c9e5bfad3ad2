"""The Debian package: the program's folder, what a desktop needs to show it, and no script that runs as root.

What it depends on is what its files ask for (dpkg-shlibdeps) and the libraries of system-packages.txt; fonts are recommended.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
from email.utils import formatdate
from pathlib import Path

import system_check

HOME = "usr/lib/valise"
MAINTAINER = "The Valise authors <packages@valise.invalid>"
DESCRIPTION = """confidential drafting and exchange for delegations to talks
 Valise keeps the drafts of a delegation in an encrypted vault and exchanges
 signed amendments, positions and messages with other delegations, end-to-end
 encrypted, over a shared folder, by courier or through a relay.
 .
 Nothing is installed beside one folder below /usr/lib, no service is started,
 and nothing is looked up on the network by itself, not even a newer version.
"""
# Where each file of packaging/ goes.
FILES = {
    "desktop/valise.desktop": "usr/share/applications/valise.desktop",
    "desktop/org.valise.valise.metainfo.xml": "usr/share/metainfo/org.valise.valise.metainfo.xml",
    "desktop/apparmor": "usr/share/apparmor/extra-profiles/usr.lib.valise.valise",
    "debian/copyright": "usr/share/doc/valise/copyright",
    "debian/README.libraries": "usr/share/doc/valise/README.libraries",
    "debian/lintian-overrides": "usr/share/lintian/overrides/valise",
}


def architecture() -> str:
    return subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()


def changelog(number: str, moment: int) -> str:
    """In Debian's form: what is new is in the program's own CHANGELOG."""
    return (
        f"valise ({number}) stable; urgency=medium\n\n  * Version {number}; what changed is in CHANGELOG.md in /{HOME}.\n\n"
        f" -- {MAINTAINER}  {formatdate(moment)}\n"
    )


def packed(text: bytes) -> bytes:
    return gzip.compress(text, 9, mtime=0)


def libraries(folder: Path, program: Path) -> list[str]:
    """What the files of the program need of the system, with versions, by dpkg-shlibdeps."""
    (folder / "debian").mkdir(parents=True, exist_ok=True)
    (folder / "debian/control").write_text("Source: valise\n\nPackage: valise\nArchitecture: any\n", "ascii")
    files = [path for path in sorted(program.rglob("*")) if path.is_file() and path.read_bytes()[:4] == b"\x7fELF"]
    private = sorted({str(path.parent) for path in files})
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", *(f"-l{one}" for one in private), *(f"-e{one}" for one in files)]
    told = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    return [one.strip() for one in told.partition("shlibs:Depends=")[2].split(",") if one.strip()]


def needs(listed: list[str]) -> tuple[list[str], list[str]]:
    """(Depends, Recommends): what the files ask for, what Qt opens by name, and the fonts."""
    known = {re.split(r"[ :|(]", one)[0] for one in listed}
    wanted = [one for one in system_check.read(system_check.LIST.read_text("utf-8")) if one.group == "run"]
    opened = [one.package for one in wanted if one.kind == "lib"]
    fonts = [one.package for one in wanted if one.kind == "font"]
    return sorted({*listed, *(one for one in opened if one not in known)}), sorted(set(fonts))


def control(number: str, size: int, depends: list[str], recommends: list[str]) -> str:
    return (
        f"Package: valise\nVersion: {number}\nArchitecture: {architecture()}\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {size}\nDepends: {', '.join(depends)}\nRecommends: {', '.join(recommends)}\n"
        "Suggests: gnome-keyring | org.freedesktop.secrets, apparmor\nSection: net\nPriority: optional\n"
        f"Homepage: https://valise.invalid/\nDescription: {DESCRIPTION}"
    )


def package(work: Path, source: Path, program: Path, icons: Path, number: str, out: Path, moment: int) -> Path:
    """The .deb in `out`."""
    shutil.rmtree(work, ignore_errors=True)
    tree = work / "tree"
    shutil.copytree(program, tree / HOME, symlinks=True)
    for name, place in FILES.items():
        target = tree / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / "packaging" / name, target)
    shutil.copytree(icons, tree / "usr/share/icons", dirs_exist_ok=True)
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin/valise").symlink_to("../lib/valise/valise")
    documents = tree / "usr/share/doc/valise"
    (documents / "changelog.gz").write_bytes(packed(changelog(number, moment).encode()))
    manual = tree / "usr/share/man/man1/valise.1.gz"
    manual.parent.mkdir(parents=True)
    manual.write_bytes(packed((source / "packaging/debian/valise.1").read_bytes()))
    _modes(tree, moment)
    depends, recommends = needs(libraries(work / "asked", program))
    size = sum(-(-path.lstat().st_size // 1024) if path.is_file() else 1 for path in tree.rglob("*"))
    meta = tree / "DEBIAN"
    meta.mkdir()
    (meta / "control").write_text(control(number, size, depends, recommends), "utf-8")
    sums = (
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(tree).as_posix()}\n"
        for path in sorted(tree.rglob("*"))
        if path.is_file() and not path.is_symlink() and meta not in path.parents
    )
    (meta / "md5sums").write_text("".join(sums), "utf-8")
    _modes(meta, moment)
    target = out / f"valise_{number}_{architecture()}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--threads-max=1", "--build", str(tree), str(target)],
        check=True, stdout=subprocess.DEVNULL, env={**os.environ, "SOURCE_DATE_EPOCH": str(moment), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    return target


def _modes(folder: Path, moment: int) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)
    folder.chmod(0o755)
    os.utime(folder, (moment, moment))
