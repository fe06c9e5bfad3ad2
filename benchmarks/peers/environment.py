"""The Python environment of the peers' clients: a venv of its own, from requirements.txt with hashes, nothing compiled."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import daemons

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
MADE = "made-from"


@dataclass(frozen=True, slots=True)
class Environment:
    """Where the peers' clients lie."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    @property
    def chat(self) -> Path:
        """The Delta Chat core as a program that speaks JSON-RPC."""
        return self.folder / "bin" / "deltachat-rpc-server"


def default() -> Path:
    """Where it is made unless told otherwise: outside the repository."""
    return Path(tempfile.gettempdir()) / "valise-peers-env"


def digest() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def set_up(folder: Path | None) -> Environment:
    """Make it, or make it anew when the requirements have changed. subprocess.CalledProcessError when that fails."""
    made = Environment(folder or default())
    stamp = made.folder / MADE
    if stamp.exists() and stamp.read_text("ascii") == digest():
        return made
    venv.create(made.folder, clear=True, with_pip=True)
    subprocess.run(
        [made.python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--require-hashes",
         "--only-binary", ":all:", "-r", REQUIREMENTS],
        check=True,
    )  # fmt: skip
    stamp.write_text(digest(), "ascii")
    return made


def find(folder: Path | None) -> Environment:
    """What `set_up` made. RuntimeError saying how to make it."""
    made = Environment(folder or default())
    stamp = made.folder / MADE
    if not stamp.exists() or stamp.read_text("ascii") != digest():
        raise RuntimeError("the peers are not set up: python -m benchmarks peers --set-up [--peers-env DIR]")
    for server in ("prosody", "dovecot"):
        daemons.program(server)
    return made


def versions(made: Environment) -> str:
    """One line: what is measured beside."""
    pinned = dict(
        line.split()[0].split("==") for line in REQUIREMENTS.read_text("utf-8").splitlines() if "==" in line and line[0] != "#"
    )
    told = [f"dovecot {_said([daemons.program('dovecot'), '--version'])}"]
    if shutil.which("dpkg-query"):  # prosody itself tells its version only to root's folders
        told.append(f"prosody {_said(['dpkg-query', '-W', '-f', '${Version}', 'prosody'])}")
    names = ("slixmpp-omemo", "slixmpp", "deltachat-rpc-server")
    return ", ".join([*(f"{one} {pinned[one]}" for one in names), *told, f"Python {sys.version.split()[0]}"])


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout.split() or ["of unknown version"])[0]
