"""For the publisher: the key that releases are signed with, and the signed release file. Needs the project's environment.

    python packaging/release.py keygen KEYFILE           make the key; its public half goes to resources/publisher.txt
    python packaging/release.py sign KEYFILE FOLDER      sign what SHA256SUMS in FOLDER (dist) lists, as release notes say

KEYFILE lies outside the sources and is closed with a passphrase (Argon2id, XChaCha20-Poly1305); keep it, and a copy, where no
network is. Programs already handed out know the key they came with: a new key means that the next version is checked by hand.
CHANGELOG.md has to have a section of this version and its day (desk/hygiene.py), `## [1.2.3] - 2026-12-01`, and nothing under
Unreleased. The notes are that section, or FOLDER/notes.<language>.txt where there are such.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import os
import re
import sys
import tomllib
from pathlib import Path

import nacl.pwhash
import nacl.secret

from valise.desk.hygiene import RELEASED
from valise.domain.release import LANGUAGES, MOST_WORDS, Package, Release
from valise.protocol import release
from valise.protocol.canonical import b64u, unb64u
from valise.protocol.signing import CompositeKey

ROOT = Path(__file__).resolve().parents[1]
PUBLIC = ROOT / "resources" / "publisher.txt"
CHANGES = ROOT / "CHANGELOG.md"
HEAD = "valise-publisher-key-1"


def _closed(passphrase: bytes, salt: bytes) -> nacl.secret.Aead:
    kdf = nacl.pwhash.argon2id
    return nacl.secret.Aead(kdf.kdf(32, passphrase, salt, kdf.OPSLIMIT_SENSITIVE, kdf.MEMLIMIT_SENSITIVE))


def ask(what: str) -> bytes:
    """A passphrase: typed unseen, or the next line of standard input where nobody types."""
    line = getpass.getpass(what) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if len(line) < 12:
        raise SystemExit("A passphrase of at least 12 characters is needed.")
    return line.encode()


def keygen(target: Path, public: Path = PUBLIC) -> None:
    """A new key. Never over an old one, never inside the sources."""
    if target.resolve().is_relative_to(ROOT):
        raise SystemExit("The key file must not lie in the folder of the sources.")
    seed, salt = os.urandom(64), os.urandom(nacl.pwhash.argon2id.SALTBYTES)
    sealed = _closed(ask("Passphrase for the new key: "), salt).encrypt(seed, HEAD.encode())
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise SystemExit("There is a file of this name already; nothing was changed.") from None
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(f"{HEAD}\n{b64u(salt)}\n{b64u(bytes(sealed))}\n")
    key = CompositeKey(seed)
    public.write_text(b64u(key.public) + "\n", "ascii")
    print(f"Key {release.key_name(key.public)}")


def read_key(file: Path) -> CompositeKey:
    """The key in a file of keygen."""
    head, salt, sealed = file.read_text("ascii").split()
    if head != HEAD:
        raise SystemExit("This is not a key file.")
    try:
        seed = _closed(ask("Passphrase of the key: "), unb64u(salt)).decrypt(unb64u(sealed), HEAD.encode())
    except nacl.exceptions.CryptoError:
        raise SystemExit("It does not open with this passphrase.") from None
    return CompositeKey(seed)


def section(name: str, changes: str) -> tuple[str, str] | None:
    """(what stands behind the heading, what stands under it) of one section of a Keep a Changelog file."""
    found = re.search(rf"^## \[{re.escape(name)}\]([^\n]*)\n(.*?)(?=^## |^\[[^\]]+\]: |\Z)", changes, re.MULTILINE | re.DOTALL)
    return (found[1].strip(" -"), found[2].strip()) if found else None


def notes(folder: Path, version: str, day: str, changes: str) -> dict[str, str]:
    """What is said of this version, by language. What is not released is not signed."""
    waiting, said = section("Unreleased", changes), section(version, changes)
    if waiting is not None and waiting[1]:
        raise SystemExit(
            f"CHANGELOG.md has changes under Unreleased. Nothing unreleased is signed: put them under '## [{version}] - {day}' first, and"
            " build the packages from that."
        )
    if said is None or not said[1]:
        raise SystemExit(f"CHANGELOG.md has no section {version}: write '## [{version}] - {day}' and what is new under it first.")
    if said[0] != day:
        raise SystemExit(f"The date of section {version} in CHANGELOG.md is '{said[0]}', that of this release {day}: make them the same.")
    found = {one: (folder / f"notes.{one}.txt").read_text("utf-8").strip() for one in LANGUAGES if (folder / f"notes.{one}.txt").exists()}
    found.setdefault("en", re.sub(r"^### (.+)$", r"\1:", said[1], flags=re.MULTILINE))
    for language, words in found.items():
        if not 0 < len(words) <= MOST_WORDS:
            raise SystemExit(f"The notes have {len(words)} characters, 1 to {MOST_WORDS} are read: write {folder.name}/notes.{language}.txt.")
    return found


def packages(folder: Path) -> tuple[Package, ...]:
    """What SHA256SUMS lists, each hashed again."""
    made = []
    for line in (folder / "SHA256SUMS").read_text("ascii").splitlines():
        said, name = line.split("  ", 1)
        data = (folder / name).read_bytes()
        if hashlib.sha256(data).hexdigest() != said:
            raise SystemExit(f"{name} is not what SHA256SUMS says.")
        made.append(Package(name, len(data), said))
    return tuple(made)


def sign(keyfile: Path, folder: Path) -> Path:
    """The release file, beside the packages; read again before it counts."""
    known = PUBLIC.read_text("ascii").split()
    if known[1:]:
        raise SystemExit("The program holds the demonstration key. Make your own with keygen, build the packages anew, then sign them.")
    version, day = str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]), RELEASED.isoformat()
    words = notes(folder, version, day, CHANGES.read_text("utf-8"))
    said = Release(version, day, packages(folder), tuple(sorted(words.items())))
    key = read_key(keyfile)
    if b64u(key.public) != known[0]:
        raise SystemExit("This is not the key whose public half is in the program.")
    target = folder / f"valise-{version}.release"
    target.write_bytes(release.sealed(said, key))
    if release.opened(target.read_bytes(), key.public) != said:
        raise SystemExit("What was written does not read back.")
    return target


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("keygen").add_argument("key", type=Path)
    signing = acts.add_parser("sign")
    signing.add_argument("key", type=Path)
    signing.add_argument("folder", type=Path)
    known = parser.parse_args(arguments)
    if known.act == "keygen":
        keygen(known.key)
    else:
        print(sign(known.key, known.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
