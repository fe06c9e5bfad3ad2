"""Servers of the peers, started on loopback with configurations and data of their own, stopped by their pid.

None of them wants to be root: where we are, they run as `nobody`, and the folders made for them are its own.
"""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks import measure as m

PASSWORD = "of-a-measurement"  # noqa: S105 - opens nothing but what lives for a minute on loopback
DOMAIN = "peers.test"
SECONDS = 20.0


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def program(name: str) -> str:
    """Where a server of the system lies. RuntimeError when it is not installed."""
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin")))
    if found is None:
        raise RuntimeError(f"{name} is not installed")
    return found


def account() -> str:
    """Under which name servers run."""
    return "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def give(folder: Path) -> None:
    """Make a folder and all in it `account`'s."""
    if os.geteuid() == 0:
        one = pwd.getpwnam(account())
        for path in (folder, *folder.rglob("*")):
            os.chown(path, one.pw_uid, one.pw_gid)


def own_folder(folder: Path) -> Path:
    """Make a folder that `account` can reach. RuntimeError when a folder above shuts it out."""
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        for above in folder.parents:
            mode = above.stat().st_mode
            if not mode & 0o001:
                if above.name.startswith("valise-bench-"):  # made by us a moment ago
                    above.chmod(mode | 0o011)
                else:
                    raise RuntimeError(f"{account()} cannot reach {above}: give --cache a folder that it can")
    return folder


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False


class Daemon:
    """One server process, and those it starts."""

    def __init__(
        self, command: Sequence[str], log: Path, ports: Sequence[int], *, ours: bool = False, says: str = ""
    ) -> None:
        """Ready when it listens on all `ports` and has written what it `says` to the log. `ours` = it runs as who we are, root
        or not."""
        identity = pwd.getpwnam(account()) if os.geteuid() == 0 and not ours else None
        self.log = log
        # it ends with the benchmark even when that is killed
        guard = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [*guard, *command],
                cwd=m.ROOT,
                env=m.surroundings(),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                user=identity.pw_uid if identity else None,
                group=identity.pw_gid if identity else None,
                extra_groups=[] if identity else None,
            )
        try:
            for port in ports:
                self._until(partial(listens, port))
            self._until(lambda: says in log.read_text("utf-8", "replace"))
        except BaseException:
            self.stop()
            raise

    def _until(self, so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not so():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"a server did not start: {self.log.read_text('utf-8', 'replace')[-1000:]}")
            time.sleep(0.02)

    @property
    def cpu(self) -> float:
        """CPU seconds of it and of the processes it has now."""
        return sum(seconds(pid) for pid in family(self.process.pid))

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def family(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += [one for child in (task / "children").read_text().split() for one in family(int(child))]
    return found


def seconds(pid: int) -> float:
    """CPU seconds of a process and of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(one) for one in fields[11:15]) / os.sysconf("SC_CLK_TCK")


PROSODY = """\
pidfile = "{base}/prosody.pid"
data_path = "{base}/data"
plugin_paths = {{}}
modules_enabled = {{ "roster", "saslauth", "disco", "pep", "ping", "smacks", "mam" }}
modules_disabled = {{ "s2s", "tls", "offline" }}
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
s2s_ports = {{ }}
http_ports = {{ }}
https_ports = {{ }}
legacy_ssl_ports = {{ }}
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
archive_expires_after = "never"
default_archive_policy = true
log = {{ warn = "*console" }}
VirtualHost "{domain}"
"""


@contextmanager
def prosody(base: Path) -> Iterator[tuple[int, list[Daemon]]]:
    """The XMPP server with accounts one@ and two@, no rate limits, an archive for everybody; yields its port."""
    home = own_folder(base / "prosody")
    port = free_port()
    config = home / "prosody.cfg.lua"
    config.write_text(PROSODY.format(base=home, port=port, domain=DOMAIN), "utf-8")
    config.chmod(0o644)
    accounts = home / "data" / DOMAIN.replace(".", "%2e") / "accounts"  # as its internal storage has them
    accounts.mkdir(parents=True)
    for name in ("one", "two"):
        (accounts / f"{name}.dat").write_text(f'return {{ ["password"] = "{PASSWORD}"; }};\n', "utf-8")
    (home / "log").touch()
    give(home)
    daemon = Daemon([program("prosody"), "-F", "--config", str(config)], home / "log", [port])
    try:
        yield port, [daemon]
    finally:
        daemon.stop()


DOVECOT = """\
base_dir = {base}/run
state_dir = {base}/state
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {account}
default_internal_group = {group}
default_login_user = {account}
first_valid_uid = 1
mail_location = maildir:{base}/mail/%n
log_path = {base}/log
auth_mechanisms = plain login
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/home/%n
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@contextmanager
def mail(base: Path) -> Iterator[tuple[int, int, list[Daemon]]]:
    """IMAP by dovecot over Maildirs and our own submission into them; yields (IMAP port, SMTP port, processes)."""
    home = own_folder(base / "mail-server")
    imap, smtp = free_port(), free_port()
    who = pwd.getpwnam(account())
    config = home / "dovecot.conf"
    config.write_text(
        DOVECOT.format(
            base=home, port=imap, account=account(), group=grp.getgrgid(who.pw_gid).gr_name,
            uid=who.pw_uid, gid=who.pw_gid, password=PASSWORD,
        ),
        "utf-8",
    )  # fmt: skip
    config.chmod(0o644)
    (home / "out").touch()
    give(home)
    with contextlib.ExitStack() as stack:
        running: list[Daemon] = []

        def start(command: list[str], port: int, *, ours: bool = False) -> None:
            running.append(Daemon(command, home / "out", [port], ours=ours))
            stack.callback(running[-1].stop)

        start([program("dovecot"), "-F", "-c", str(config)], imap)
        deliverer = [sys.executable, "-m", "benchmarks.peers.smtp", str(smtp), str(home / "mail"), account()]
        start(deliverer, smtp, ours=True)  # and gives that up by itself
        yield imap, smtp, running
