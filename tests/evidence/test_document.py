"""docs/evidence.md says the truth: its commands, its lists, and a second checker written from it alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.evidence import independent
from tests.evidence.forge import Room, Side, bad, compact, judged, lines, message, seal
from tests.evidence.make_sample import sample

from valise.evidence.shapes import KINDS
from valise.evidence.verify import NOTE, OWN_NOTE
from valise.evidence.words import DOUBTS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "evidence.md").read_text("utf-8")
SAMPLE = (DOCS / "sample.evidence").read_bytes()
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
TOOLS = all(map(shutil.which, ("openssl", "sha256sum", "base64", "awk", "sed", "python3")))


def _version() -> tuple[int, ...]:
    if not TOOLS:
        return (0,)
    said = subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"OpenSSL (\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else (0,)


def run(tmp_path: Path, *blocks: str) -> list[str]:
    shutil.copy(DOCS / "sample.evidence", tmp_path)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")


@pytest.mark.skipif(not TOOLS, reason="a tool of the page is not here")
def test_the_commands_of_the_page(tmp_path: Path) -> None:
    assert len(BLOCKS) == 6
    said = run(tmp_path, *BLOCKS[:5])
    verified = "Signature Verified Successfully"
    assert said[0] == said[1] and len(said[0]) == 64
    assert said[2] == said[3] and len(said[2]) == 43
    assert said[4] == said[5] and len(said[4]) == 43
    assert said[6:8] == [verified, verified]


@pytest.mark.skipif(_version() < (3, 5), reason="ML-DSA came with OpenSSL 3.5")
def test_the_command_for_the_other_half(tmp_path: Path) -> None:
    assert run(tmp_path, *BLOCKS)[8] == "Signature Verified Successfully"


def test_the_bytes_before_an_mldsa_key() -> None:
    """What the page puts before the key is what every reader of SubjectPublicKeyInfo expects (RFC 9881)."""
    public = MLDSA65PrivateKey.from_seed_bytes(bytes(32)).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    octal = re.search(r"printf '((?:\\\d{3}){22})'", BLOCKS[5])
    assert octal
    assert bytes(int(one, 8) for one in octal[1].split("\\")[1:]) + public.public_bytes_raw() == der


def test_the_sample_is_sound_and_a_new_one_too() -> None:
    for data in (SAMPLE, sample()):
        report = judged(data)
        assert report["sound"] == 1 and report["doubts"] == []
        assert report["texts"][0]["revisions"][0]["words"] == "same"
        assert independent.check(data) == [json.loads(one)["id"] for one in data.splitlines() if b'"is":"operation"' in one]
    assert b"sample.evidence" not in SAMPLE


def test_the_page_names_every_kind_every_doubt_and_both_notes() -> None:
    table = PAGE[PAGE.index("| kinds | right | signature |") : PAGE.index("**Logs.**")]
    named: dict[str, tuple[str, str]] = {}
    for row in re.findall(r"^\| ([a-z]+\..*?) \| (\w+) \| (\w+) \|$", table, re.MULTILINE):
        family = ""
        for one in re.findall(r"(\w*)\.(\w+)", row[0]):
            family = one[0] or family
            named[f"{family}.{one[1]}"] = (row[1], row[2])
    assert named == {name: (one.right, "composite" if one.composite else "Ed25519") for name, one in KINDS.items()}
    flat = " ".join(PAGE.split())
    for one in (NOTE, OWN_NOTE, *DOUBTS):
        assert one in flat, one


def test_both_checkers_name_the_same_line() -> None:
    """Every byte of every Ed25519 signature and every seventh byte of what it signs, in the sample."""
    every = SAMPLE.splitlines(keepends=True)
    tried = 0
    for at, line in enumerate(every):
        entry = json.loads(line)
        if entry["is"] != "operation" or len(entry["sig"]) > 100:
            continue
        for name, step in (("sig", 1), ("raw", 7)):
            octets = independent.unb64(entry[name])
            for place in range(0, len(octets), step):
                altered = bytes((*octets[:place], octets[place] ^ 1 << place % 8, *octets[place + 1 :]))
                data = b"".join((*every[:at], compact({**entry, name: independent.b64(altered)}) + b"\n", *every[at + 1 :]))
                with pytest.raises(independent.Wrong) as caught:
                    independent.check(data)
                assert caught.value.args[0] == bad(data)[0] == at + 1
                tried += 1
    assert tried > 400


def test_both_refuse_the_same_cuts_and_moves() -> None:
    every = SAMPLE.splitlines(keepends=True)
    for at in range(len(every)):
        for data in (
            b"".join(every[:at]), b"".join(every[:at] + every[at + 1 :]), b"".join(every[: at + 1] + every[at:]),
        ):  # fmt: skip
            report = judged(data)
            with pytest.raises(independent.Wrong) as caught:
                independent.check(data)
            assert report["sound"] == 0 and report["bad"]["line"] >= 1
            if at < len(every) - 1:
                assert caught.value.args[0] == report["bad"]["line"]


def test_both_hold_a_larger_group_to_be_the_same() -> None:
    sides = [Side(*one) for one in (("XA", "Aurelia"), ("XB", "Borovia"), ("XC", "Castellan Republic"), ("XD", "Dravenia"))]
    room = Room(kind="group")
    room.found(sides[0].laptops[0], *sides[1:])
    for turn in range(20):
        room.say(sides[turn % 4].laptops[0], "message.send", message(f"Turn {turn}."))
    data = seal(lines(room, *sides), sides[0].laptops[0].composite)
    assert independent.check(data) == room.order() and judged(data)["sound"] == 1
