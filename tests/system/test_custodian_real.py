"""A real keyring: gnome-keyring under a session bus of its own, in a child process with a home of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the Secret Service is Linux's")

# Of packaging/system-packages.txt; without them these tests fail.
BUS = shutil.which("dbus-run-session") or "dbus-run-session"
DAEMON = shutil.which("gnome-keyring-daemon") or "gnome-keyring-daemon"

_BEGIN = """
import json, os, subprocess, sys
from pathlib import Path
from tests.world import FAST, PASSPHRASE, Clock
from valise.desk.gate import Gate
from valise.domain.errors import ValiseError
from valise.system.custodian import find

def gate(ring):
    return Gate(Path(sys.argv[2]), clock=Clock(), make_carrier=None, parser=None, kdf=FAST, custodian=ring)

def tried(act):
    try:
        desk = act()
    except ValiseError as error:
        return error.code
    code = desk.me().code
    desk.close()
    return code

daemon = None
if sys.argv[1]:
    daemon = subprocess.Popen([sys.argv[1], "--foreground", "--unlock", "--components=secrets"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    daemon.stdin.write(b"the keyring's own password")
    daemon.stdin.close()
    daemon.stdout.readline()  # it tells its control socket when it is ready
told = {}
try:
    ring = find()
"""
_END = """
finally:
    if daemon is not None:
        daemon.terminate()
        daemon.wait()
print(json.dumps(told))
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """Short: the sockets of bus and keyring stand in it."""
    made = Path(tempfile.mkdtemp(prefix="vk-"))
    yield made
    shutil.rmtree(made)


def session(place: Path, work: str, home: str = "home", keyring: bool = True) -> dict[str, object]:
    """Runs `work` in a child process, in a session with (or without) a keyring; what it puts into `told`."""
    own = place / home
    run = place / f"run-{home}"
    for folder in (own, run):
        folder.mkdir(mode=0o700, exist_ok=True)
    script = _BEGIN + "".join(f"    {line}\n" for line in work.strip().splitlines()) + _END
    root = Path(__file__).resolve().parents[2]
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(own), "XDG_RUNTIME_DIR": str(run), "XDG_DATA_HOME": str(own / "data"),
        "XDG_CONFIG_HOME": str(own / "config"), "PYTHONPATH": str(root), "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    command = [sys.executable, "-c", script, DAEMON if keyring else "", str(place / "vault")]
    done = subprocess.run(
        [BUS, "--", *command], env=environment, cwd=root, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(found, dict)
    return found


def test_a_vault_and_a_real_keyring_over_several_starts(place: Path) -> None:
    first = session(
        place,
        """
told["available"] = ring.available()
ring.keep("mark", b"1"); ring.keep("mark", b"2")
told["mark"] = ring.look("mark").hex()
desk = gate(ring).create(code="XA", name="Aurelia", officer="Officer", role="Delegate", passphrase=bytearray(PASSPHRASE))
desk.slots.keyring_on(bytearray(PASSPHRASE))
desk.close()
told["keyring"] = tried(lambda: gate(ring).unlock_keyring())
""",
    )
    assert first == {"available": True, "mark": "32", "keyring": "XA"}
    again = """
told["available"] = ring.available()
told["keyring"] = tried(lambda: gate(ring).unlock_keyring())
told["typed"] = tried(lambda: gate(ring).unlock(bytearray(PASSPHRASE)))
"""
    assert session(place, again) == {"available": True, "keyring": "XA", "typed": "XA"}
    # another desktop: a keyring that works and knows nothing of us
    assert session(place, again, home="other") == {"available": True, "keyring": "slot.keyring_gone", "typed": "XA"}
    # none at all
    gone = {"available": False, "keyring": "custodian.unavailable", "typed": "XA"}
    assert session(place, again, home="bare", keyring=False) == gone
    # the files of the keyring were lost between two starts
    shutil.rmtree(place / "home" / "data" / "keyrings")
    assert session(place, again) == {"available": True, "keyring": "slot.keyring_gone", "typed": "XA"}


def test_both_halves_with_a_real_keyring(place: Path) -> None:
    first = session(
        place,
        """
desk = gate(ring).create(code="XA", name="Aurelia", officer="Officer", role="Delegate", passphrase=bytearray(PASSPHRASE))
shares = desk.slots.make_shares(bytearray(PASSPHRASE), 2, 3)
desk.slots.rehearse(shares[:2])
desk.slots.second_on(bytearray(PASSPHRASE))
desk.close()
told["typed"] = tried(lambda: gate(ring).unlock(bytearray(PASSPHRASE)))
told["shares"] = shares[1:]
""",
    )
    assert first["typed"] == "XA"
    (place / "shares").write_text(json.dumps(first["shares"]))
    healed = session(
        place,
        """
told["typed"] = tried(lambda: gate(ring).unlock(bytearray(PASSPHRASE)))
shares = json.loads((Path(sys.argv[2]).parent / "shares").read_text())
told["shares"] = tried(lambda: gate(ring).unlock_shares(shares, bytearray(b"a passphrase after that")))
told["after"] = tried(lambda: gate(ring).unlock(bytearray(b"a passphrase after that")))
""",
        home="bare",
        keyring=False,
    )
    assert healed == {"typed": "slot.keyring_missing", "shares": "XA", "after": "XA"}


def test_nothing_of_the_vault_stands_in_the_keyring_in_the_clear(place: Path) -> None:
    """What gnome-keyring writes is sealed under its own password; our value is not in its files."""
    told = session(place, 'ring.keep("mark", b"a value to look for"); told["kept"] = ring.look("mark").hex()')
    assert bytes.fromhex(str(told["kept"])) == b"a value to look for"
    written = b"".join(one.read_bytes() for one in (place / "home" / "data" / "keyrings").iterdir())
    assert written and b"a value to look for" not in written and b"YSB2YWx1ZSB0byBsb29rIGZvcg" not in written
