"""A release file is believed when the publisher's signature holds over exactly this file, and never otherwise."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import nacl.secret
import pytest

import valise
from valise import cli_release
from valise.__main__ import main
from valise.desk import release as desk
from valise.desk.hygiene import RELEASED
from valise.domain import release as domain
from valise.domain.errors import Refused, Unavailable, ValiseError
from valise.domain.release import Package, Release
from valise.protocol import canonical, release, signing

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
import build  # noqa: E402


def _signer() -> ModuleType:
    """packaging/release.py; its name is that of other modules here."""
    found = importlib.util.spec_from_file_location("signer", ROOT / "packaging/release.py")
    assert found is not None and found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


signer = _signer()
KEY = signing.CompositeKey(bytes(range(64)))
OTHER = signing.CompositeKey(bytes(range(1, 65)))
CONTENT = b"a package\n" * 99
SAID = Release(
    "0.2.0", "2026-12-01",
    (Package("valise_0.2.0_amd64.deb", len(CONTENT), hashlib.sha256(CONTENT).hexdigest()),),
    (("en", "What is new."), ("fr", "Les nouveautés.")),
)  # fmt: skip


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return release.sealed(SAID, KEY)


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "publisher", lambda: desk.Publisher(KEY.public, False))


def code(data: bytes, public: bytes = KEY.public) -> str:
    with pytest.raises(Refused) as refused:
        release.opened(data, public)
    return refused.value.code


def test_what_was_sealed_is_read_again(sealed: bytes) -> None:
    assert release.opened(sealed, KEY.public) == SAID
    assert SAID.notes_in("fr") == "Les nouveautés." and SAID.notes_in("ar") == "What is new."


def test_every_flipped_bit_is_refused(sealed: bytes) -> None:
    """All of them outside the signature, and there one bit of each character; both halves of it count."""
    start = sealed.index(b'"signature":"') + len(b'"signature":"')
    end = sealed.index(b'"', start)
    for place in range(len(sealed)):
        bits = (1,) if start <= place < end else (1, 2, 4, 8, 16, 32, 64, 128)
        for bit in bits:
            bent = sealed[:place] + bytes((sealed[place] ^ bit,)) + sealed[place + 1 :]
            with pytest.raises(Refused) as refused:
                release.opened(bent, KEY.public)
            assert refused.value.code in cli_release.SENTENCES


def test_a_foreign_key_is_refused_even_under_the_publishers_name(sealed: bytes) -> None:
    assert code(release.sealed(SAID, OTHER)) == "update.foreign"
    held = canonical.decode(release.sealed(SAID, OTHER))
    held["key"] = release.key_name(KEY.public)
    assert code(canonical.encode(held)) == "update.signature"


def test_neither_half_of_the_signature_is_enough(sealed: bytes) -> None:
    held = canonical.decode(sealed)
    ours = canonical.unb64u(held["signature"])
    for made in (
        ours[: signing.MLDSA_SIGNATURE] + bytes(signing.SIGNATURE),
        bytes(signing.MLDSA_SIGNATURE) + ours[signing.MLDSA_SIGNATURE :],
        ours[:-1],
        b"",
    ):
        assert code(canonical.encode({**held, "signature": canonical.b64u(made)})) == "update.signature"


def test_a_signature_for_something_else_counts_for_nothing(sealed: bytes) -> None:
    held = canonical.decode(sealed)
    del held["signature"]
    for context in (b"", b"valise-release/2"):
        signature = canonical.b64u(KEY.sign(canonical.encode(held), context))
        assert code(canonical.encode({**held, "signature": signature})) == "update.signature"


@pytest.mark.parametrize(
    "change",
    [
        {"version": "1.0"}, {"version": "01.0.0"}, {"version": "1.0.0 "}, {"date": "2026-13-01"}, {"date": "20261201"}, {"files": []},
        {"files": [{"name": "../x", "size": 1, "sha256": "0" * 64}]}, {"files": [{"name": "x", "size": 0, "sha256": "0" * 64}]},
        {"files": [{"name": "x", "size": 1, "sha256": "A" * 64}]}, {"files": [{"name": "x", "size": 1, "sha256": "0" * 64}] * 2},
        {"notes": {}}, {"notes": {"fr": "x"}}, {"notes": {"en": "x", "xx": "y"}}, {"notes": {"en": 1}}, {"more": 1},
    ],
)  # fmt: skip
def test_what_is_signed_must_still_be_sound(change: dict[str, object]) -> None:
    held = {**domain.body(SAID), **change, "format": release.FORMAT, "v": 1, "key": release.key_name(KEY.public)}
    held["signature"] = canonical.b64u(KEY.sign(canonical.encode(held), b"valise-release/1"))
    assert code(canonical.encode(held)) == "update.malformed"


def test_a_later_form_says_so(sealed: bytes) -> None:
    assert code(canonical.encode({**canonical.decode(sealed), "v": 2})) == "update.newer_form"
    for other in (b"", b"{}", b"[]", b"7", b"\xff", sealed + b"\n", sealed * 2):
        assert code(other) == "update.malformed"


@pytest.mark.parametrize(
    ("running", "standing"), [("0.1.9", "newer"), ("0.2.0", "same"), ("0.2.1", "older"), ("0.10.0", "older"), ("1.0.0", "older")]
)
def test_an_older_version_is_called_older(running: str, standing: str) -> None:
    assert SAID.standing(running) == standing


def test_a_package_is_known_by_its_content(tmp_path: Path, sealed: bytes) -> None:
    file, package = tmp_path / "x.release", tmp_path / "renamed.deb"
    file.write_bytes(sealed)
    package.write_bytes(CONTENT)
    said = desk.opened(file, KEY.public, "0.1.0")
    assert (said.standing, desk.compared(said, package).name) == ("newer", SAID.packages[0].name)
    package.write_bytes(CONTENT[:-1] + b"!")
    with pytest.raises(Refused, match=r"update\.not_listed"):
        desk.compared(said, package)
    changed = package.rename(tmp_path / SAID.packages[0].name)
    with pytest.raises(Refused, match=r"update\.differs"):
        desk.compared(said, changed)
    with pytest.raises(Unavailable, match=r"update\.unreadable"):
        desk.opened(tmp_path / "none")


def test_the_command_says_it_in_sentences(
    tmp_path: Path, sealed: bytes, publisher: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, package = tmp_path / "x.release", tmp_path / "x.deb"
    file.write_bytes(sealed)
    package.write_bytes(CONTENT)
    assert main(["release", "verify", str(file), str(package)]) == 0
    told = capsys.readouterr().out
    assert "signature holds" in told and "newer than the version that runs" in told and "exactly as released" in told
    opened = desk.opened
    monkeypatch.setattr(desk, "opened", lambda path: opened(path, KEY.public, "0.3.0"))
    assert main(["release", "verify", str(file)]) == 1
    assert "OLDER than the version that runs, 0.3.0" in capsys.readouterr().out
    package.write_bytes(b"?")
    assert main(["release", "verify", str(file), str(package)]) == 4
    assert "update.not_listed" in capsys.readouterr().err
    monkeypatch.undo()
    assert main(["release", "verify", str(file)]) == 4, "the publisher of the program did not sign this"
    assert "somebody else" in capsys.readouterr().err


def test_every_code_has_a_sentence_and_every_sentence_a_code() -> None:
    raised = set()
    for part in ("domain", "protocol", "desk"):
        tree = ast.parse((Path(valise.__file__).parent / part / "release.py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("update."):
                raised.add(node.value)
    assert raised == set(cli_release.SENTENCES)
    assert issubclass(Refused, ValiseError)


def test_the_program_names_a_publisher(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    believed = desk.publisher()
    assert len(believed.public) == signing.COMPOSITE_PUBLIC
    signing.check_composite_public(believed.public)
    main(["release", "verify", str(tmp_path / "none")])
    assert ("demonstration key" in capsys.readouterr().err) is believed.demonstration


# -- what the publisher signs

CHANGES = """# Changelog

## [Unreleased]

## [0.2.0] - 2026-12-01

### Added
- Something.

## [0.1.0] - 2026-11-22
- The first.
"""


def test_the_notes_are_the_section_of_the_version(tmp_path: Path) -> None:
    assert signer.notes(tmp_path, "0.2.0", "2026-12-01", CHANGES) == {"en": "Added:\n- Something."}
    (tmp_path / "notes.fr.txt").write_text("Du neuf.\n", "utf-8")
    (tmp_path / "notes.en.txt").write_text("In short.\n", "utf-8")
    assert signer.notes(tmp_path, "0.2.0", "2026-12-01", CHANGES) == {"en": "In short.", "fr": "Du neuf."}


@pytest.mark.parametrize(
    ("changes", "version", "day", "said"),
    [
        (CHANGES, "0.3.0", "2026-12-01", "no section 0.3.0"),
        (CHANGES, "0.2.0", "2026-12-02", "2026-12-01"),
        (CHANGES.replace("## [0.2.0] - 2026-12-01\n", ""), "0.2.0", "2026-12-01", "under Unreleased"),
        (CHANGES.replace("[Unreleased]\n", "[Unreleased]\n- Not yet.\n"), "0.2.0", "2026-12-01", "under Unreleased"),
        (CHANGES.replace("## [0.2.0] - 2026-12-01", "## [0.2.0]"), "0.2.0", "2026-12-01", "date"),
        (CHANGES.replace("- Something.", "- Something. " * 2000), "0.2.0", "2026-12-01", "notes.en.txt"),
    ],
)
def test_what_is_unreleased_is_not_signed(tmp_path: Path, changes: str, version: str, day: str, said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        signer.notes(tmp_path, version, day, changes)


def test_a_release_is_signed_with_the_key_of_the_program_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signer, "_closed", lambda passphrase, salt: nacl.secret.Aead(hashlib.sha256(passphrase + salt).digest()))
    monkeypatch.setattr(signer, "ask", lambda what: b"fictional publisher")
    public, key, dist = tmp_path / "publisher.txt", tmp_path / "key", tmp_path / "dist"
    with pytest.raises(SystemExit, match="must not lie"):
        signer.keygen(ROOT / "packaging/key", public)
    signer.keygen(key, public)
    before = public.read_bytes()
    with pytest.raises(SystemExit, match="already"):
        signer.keygen(key, public)
    assert public.read_bytes() == before and key.stat().st_mode & 0o777 == 0o600
    dist.mkdir()
    (dist / "valise.deb").write_bytes(CONTENT)
    build.checksums(dist, ["valise.deb"])
    (tmp_path / "CHANGELOG.md").write_text(f"## [{valise.VERSION}] - {RELEASED}\n- The first.\n", "utf-8")
    monkeypatch.setattr(signer, "PUBLIC", public)
    monkeypatch.setattr(signer, "CHANGES", tmp_path / "CHANGELOG.md")
    made = signer.sign(key, dist)
    monkeypatch.setattr(desk, "publisher", lambda: desk.Publisher(canonical.unb64u(before.decode().strip()), False))
    assert main(["release", "verify", str(made), str(dist / "valise.deb")]) == 0
    (dist / "valise.deb").write_bytes(CONTENT + b"!")
    with pytest.raises(SystemExit, match="SHA256SUMS"):
        signer.sign(key, dist)
    (dist / "valise.deb").write_bytes(CONTENT)
    public.write_text(public.read_text("ascii") + desk.DEMONSTRATION + "\n", "ascii")
    with pytest.raises(SystemExit, match="demonstration"):
        signer.sign(key, dist)
    public.write_text(canonical.b64u(OTHER.public), "ascii")
    with pytest.raises(SystemExit, match="not the key"):
        signer.sign(key, dist)


def test_no_private_half_is_in_the_sources() -> None:
    known = subprocess.run(["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"], check=False, capture_output=True, text=True).stdout
    for name in known.split("\n"):
        path = ROOT / name
        if name and path.is_file() and path.stat().st_size < 4096:
            assert not path.read_bytes().startswith(signer.HEAD.encode()), name
