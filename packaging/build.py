"""Builds what is handed out: the program as one folder, a tar archive, a Debian package, the bill of materials, the
licences, the checksums. Standard library only; `make package` and `make reproduce` call it.

    python3 packaging/build.py --work build/package --out dist
    python3 packaging/build.py --reproduce build/reproduce

What goes in is a copy of the files git knows, an environment made from requirements-package.lock with hashes, and the time of
the last commit. Neither the place of the build nor its time nor who builds is in the result: two builds in two places compare
equal, byte for byte, on one system with one Python.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import debian
import elf

ROOT = Path(__file__).resolve().parents[1]
LOCK = "requirements-package.lock"
SHIPPED = ("app", "resources", "packaging", "docs/packaging.md", "pyproject.toml", LOCK, "README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md")


def run(*command: str | Path, folder: Path | None = None, epoch: int = 0) -> None:
    """One step, in an environment that says nothing of who builds."""
    known = ("PATH", "HOME", "TMPDIR", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE")
    kept = {name: value for name, value in os.environ.items() if name in known or name.startswith("PIP_")}
    fixed = {
        "LC_ALL": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": str(epoch), "PYTHONDONTWRITEBYTECODE": "1",
        "QT_QPA_PLATFORM": "offscreen", "PYINSTALLER_CONFIG_DIR": str((folder or ROOT) / ".pyinstaller"),
        "PYINSTALLER_ZLIB_COMPRESSION_LEVEL": "0",  # the modules stored as they are: unpacking them is a good ten ms of each start
    }  # fmt: skip
    subprocess.run([str(one) for one in command], cwd=folder, env=kept | fixed, check=True)


def said_by_git(*words: str) -> str:
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True).stdout


def epoch() -> int:
    """The time of the last commit, or what is given."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(given) if given.isdigit() else int(said_by_git("log", "-1", "--format=%ct"))


def version(root: Path = ROOT) -> str:
    return str(tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["version"])


def stage(source: Path) -> None:
    """A copy of the files git knows, and of nothing else that may lie about."""
    shutil.rmtree(source, ignore_errors=True)
    for name in said_by_git("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *SHIPPED).split("\0"):
        if name and (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
            target.chmod(0o644)


def environment(venv: Path, source: Path, python: str) -> Path:
    """Python with what the lock names, and nothing of the project; made anew when the lock is another one."""
    wanted = hashlib.sha256((source / LOCK).read_bytes()).hexdigest()
    mark, program = venv / ".lock", venv / "bin" / "python"
    if not mark.exists() or mark.read_text("ascii") != wanted:
        run(python, "-m", "venv", "--clear", venv)
        pip = (program, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        run(*pip, "--only-binary", ":all:", "--require-hashes", "-r", source / LOCK)
        mark.write_text(wanted, "ascii")
    return program


def frozen(work: Path, source: Path, python: Path, moment: int) -> Path:
    """The program as one folder."""
    run(python, source / "packaging/translations.py", "compile", folder=source, epoch=moment)
    site = Path(
        subprocess.run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True, capture_output=True,
                       text=True).stdout.strip()
    )  # fmt: skip
    put = site / "valise"
    shutil.rmtree(put, ignore_errors=True)  # the package as an installation has it: resources inside
    shutil.copytree(source / "app/valise", put)
    shutil.copytree(source / "resources", put / "resources")
    for one in ("dist", "pyinstaller"):
        shutil.rmtree(work / one, ignore_errors=True)
    run(
        python, "-m", "PyInstaller", "--clean", "--noconfirm", "--log-level", "WARN", "--distpath", work / "dist", "--workpath",
        work / "pyinstaller", source / "packaging/linux.spec", folder=source, epoch=moment,
    )  # fmt: skip
    shutil.rmtree(put)
    stripped(work / "dist/valise")
    program = work / "dist" / "valise"
    run(
        python, source / "packaging/inventory.py", "--contents", work / "pyinstaller/linux/contents.json", "--out",
        program / "licences", folder=source, epoch=moment,
    )  # fmt: skip
    run(python, source / "packaging/icons.py", source / "packaging/desktop/valise.svg", work / "icons", folder=source, epoch=moment)
    for name in ("LICENSE", "README.md", "CHANGELOG.md", "SECURITY.md"):
        shutil.copyfile(source / name, program / name)
    return program


def stripped(program: Path) -> None:
    """Without the tables for debuggers that Python and some wheels bring: 50 MB that nobody reads; and without the folders of
    this machine in which Python's own modules would look for libraries. Qt has neither and stays as its makers built it; the
    program itself carries its archive in a section and stays as it is."""
    for path in sorted((program / "_internal").rglob("*")):
        if not path.is_file() or path.is_symlink() or ".so" not in path.name:
            continue
        if "PySide6" not in path.parts or path.name.startswith("libicu"):
            run("strip", "--strip-unneeded", "--remove-section=.comment", path)
            elf.detach(path)


def settle(folder: Path, moment: int) -> None:
    """Modes and times that do not depend on who builds, and when."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_symlink():
            runs = path.is_dir() or (path.stat().st_mode & stat.S_IXUSR and ".so" not in path.name)
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (moment, moment), follow_symlinks=False)
    folder.chmod(0o755)
    os.utime(folder, (moment, moment))


def archived(folder: Path, name: str, target: Path, moment: int) -> Path:
    """A .tar.gz of a folder under `name`: sorted, owned by nobody in particular."""

    def plain(one: tarfile.TarInfo) -> tarfile.TarInfo:
        one.uid = one.gid = 0
        one.uname = one.gname = "root"
        one.mtime = moment
        return one

    with target.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, moment) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive:
            archive.add(folder, name, recursive=False, filter=plain)
            for path in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
                archive.add(path, f"{name}/{path.relative_to(folder).as_posix()}", recursive=False, filter=plain)
    return target


def checksums(folder: Path, names: list[str]) -> None:
    """SHA256SUMS as sha256sum -c reads it."""
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in sorted(names)]
    (folder / "SHA256SUMS").write_text("".join(lines), "ascii")
    (folder / "SHA256SUMS").chmod(0o644)


def build(work: Path, out: Path, python: str) -> list[Path]:
    """Everything, into `out`; gives the files."""
    moment, number = epoch(), version()
    work.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    source = work / "source"
    stage(source)
    program = frozen(work, source, environment(work / "venv", source, python), moment)
    settle(program, moment)
    kind = f"{number}-linux-{debian.architecture()}"
    made = [archived(program, f"valise-{number}", out / f"valise-{kind}.tar.gz", moment)]
    made.append(debian.package(work / "debian", source, program, work / "icons", number, out, moment))
    for name, ending in (("bill-of-materials.cdx.json", "cdx.json"), ("licences.txt", "licences.txt")):
        made.append(out / f"valise-{kind}.{ending}")
        shutil.copyfile(program / "licences" / name, made[-1])
    for one in made:
        one.chmod(0o644)
        os.utime(one, (moment, moment))
    checksums(out, [one.name for one in made])
    if (source / "resources/publisher.txt").read_text("ascii").split()[1:]:
        print("Note: the publisher's key is the demonstration key. Make one of your own before you hand this out: docs/packaging.md.")
    return made


def tree(folder: Path) -> dict[str, tuple[int, str]]:
    """Each file: its mode, and its content by hash or where a link points."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[path.relative_to(folder).as_posix()] = (0, os.readlink(path))
        elif path.is_file():
            found[path.relative_to(folder).as_posix()] = (path.stat().st_mode, hashlib.sha256(path.read_bytes()).hexdigest())
    return found


def reproduce(base: Path, python: str) -> int:
    """Two builds that share nothing, in places of different depth, with other rights for new files; what differs is named."""
    shutil.rmtree(base, ignore_errors=True)
    places = (base / "one", base / "another" / "place" / "two")
    for place, mask in zip(places, (0o022, 0o077), strict=True):
        before = os.umask(mask)
        try:
            build(place / "work", place / "out", python)
        finally:
            os.umask(before)
    differs = 0
    for part in ("work/dist/valise", "work/debian/tree", "out"):
        first, second = (tree(place / part) for place in places)
        unlike = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
        differs += len(unlike)
        print(f"{part}: {len(first)} files, {len(unlike)} differ")
        for name in unlike[:40]:
            print(f"  {name}")
    return 1 if differs else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, default=ROOT / "build/package", help="where it is built; the environment is kept there")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="where the results go")
    parser.add_argument("--python", default=sys.executable, help="the Python that goes into the program")
    parser.add_argument("--reproduce", type=Path, metavar="DIR", help="build twice in this folder and compare")
    known = parser.parse_args(arguments)
    if known.reproduce:
        return reproduce(known.reproduce.resolve(), known.python)
    for one in build(known.work.resolve(), known.out.resolve(), known.python):
        print(f"{one.stat().st_size:>12,}  {one}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
