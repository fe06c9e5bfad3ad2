"""Real relay servers for tests: processes on free ports of this computer, stopped by their own process id.

`single` and `cluster` are context managers that leave nothing running; `provision` makes the streams and the
durable consumers of one delegation's inbox as its operator would. A Node can be stopped, killed and started again
with the same ports and the same store.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

SERVER = "/usr/sbin/nats-server"
HOST = "127.0.0.1"
PATIENCE = 30.0  # seconds until a server that does not come up is a failure; never waited for in vain
MOST_MESSAGE = 512 * 1024

PLAIN = """
server_name: {name}
listen: "{host}:{port}"
http: "127.0.0.1:{monitor}"
max_payload: {payload}
jetstream {{ store_dir: "{store}", max_memory_store: 1, max_file_store: 17179869184 }}
"""


_given: set[int] = set()


def free_port(host: str = HOST) -> int:
    """A port nobody listens on just now, and not one that was given out here before."""
    while True:
        with socket.socket() as one:
            one.bind((host, 0))
            port = int(one.getsockname()[1])
        if port not in _given:
            _given.add(port)
            return port


@dataclass
class Node:
    """One server process. `config` is its whole configuration; `port` and `monitor` stand in it. `websocket`, `tls`
    and `names` (as in a certificate) only tell what `url` says."""

    folder: Path
    config: str
    port: int
    monitor: int
    host: str = HOST
    websocket: int = 0
    tls: bool = False
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"{'tls' if self.tls else 'nats'}://{self.host}:{self.port}"

    @property
    def websocket_url(self) -> str:
        return f"{'wss' if self.tls else 'ws'}://{self.host}:{self.websocket}"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def start(self, *, wait: bool = True) -> Node:
        """`wait`: until it is healthy (in a cluster start all first, then `ready` each)."""
        assert not self.running
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "server.conf"
        file.write_text(self.config, encoding="utf-8")
        # it ends with the tests even when they are killed
        guard = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*guard, SERVER, "-c", str(file)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        return self.ready() if wait else self

    def ready(self) -> Node:
        """Wait until it answers and its streams have caught up."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            assert self.running, f"the server ended: {self.log()[-2000:]}"
            if self.asked("/healthz").get("status") == "ok":
                return self
            time.sleep(0.02)
        raise AssertionError(f"the server does not become healthy: {self.log()[-2000:]}")

    def asked(self, path: str) -> dict[str, object]:
        """What its monitoring port says, {} while it says nothing."""
        line = http.client.HTTPConnection(HOST, self.monitor, timeout=5)
        try:
            line.request("GET", path)
            held = json.loads(line.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return {}
        finally:
            line.close()
        return dict(held)

    def log(self) -> str:
        try:
            return (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def stop(self) -> None:
        """In an orderly way."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, as a crash."""
        self._end(signal.SIGKILL)

    def restart(self) -> Node:
        self.stop()
        return self.start()

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def node(
    folder: Path,
    *,
    name: str = "n1",
    host: str = HOST,
    more: str = "",
    websocket: bool = False,
    certificate: tuple[Path, Path] | None = None,
    payload: int = MOST_MESSAGE,
) -> Node:
    """A single server, not yet started. `more` is appended to its configuration; `certificate` = (PEM chain, key)."""
    port, monitor = free_port(host), free_port()
    text = PLAIN.format(name=name, host=host, port=port, monitor=monitor, store=folder / "store", payload=payload)
    secured = f'cert_file: "{certificate[0]}", key_file: "{certificate[1]}"' if certificate else ""
    if secured:
        text += f"tls {{ {secured}, timeout: 10 }}\n"
    listens = free_port(host) if websocket else 0
    if websocket:
        inner = f"tls {{ {secured} }}" if secured else "no_tls: true"
        text += f'websocket {{ listen: "{host}:{listens}", {inner}, compression: false }}\n'
    return Node(folder, text + more, port, monitor, host, listens, bool(certificate))


@contextmanager
def single(folder: Path, **asked: object) -> Iterator[Node]:
    """One running server; arguments as for `node`."""
    one = node(folder, **asked)  # type: ignore[arg-type]
    try:
        yield one.start()
    finally:
        one.stop()


def clustered(folder: Path, count: int = 3) -> list[Node]:
    """The servers of a cluster, not yet started."""
    routes = [free_port() for _ in range(count)]
    listed = ", ".join(f'"nats://{HOST}:{port}"' for port in routes)
    return [
        node(
            folder / f"n{n}",
            name=f"n{n}",
            more=f'cluster {{ name: c, listen: "{HOST}:{routes[n]}", routes: [{listed}] }}\n',
        )
        for n in range(count)
    ]


@contextmanager
def cluster(folder: Path, count: int = 3) -> Iterator[list[Node]]:
    """A running cluster in which streams can be made at once."""
    nodes = clustered(folder, count)
    try:
        for one in nodes:
            one.start(wait=False)
        for one in nodes:
            one.ready()
        yield nodes
    finally:
        for one in nodes:
            one.kill()  # an orderly end would make the rest elect leaders first


def leader(nodes: Sequence[Node], stream: str) -> Node:
    """The node that leads a stream, waiting for an election to end."""
    end = time.monotonic() + PATIENCE
    names = {f"n{n}": one for n, one in enumerate(nodes)}
    while time.monotonic() < end:
        for one in nodes:
            for account in _list(one.asked("/jsz?streams=true&accounts=true"), "account_details"):
                for held in _list(account, "stream_detail"):
                    if held.get("name") != stream:
                        continue
                    if len(nodes) == 1:
                        return one
                    found = held.get("cluster")
                    if isinstance(found, dict) and found.get("leader") in names and names[found["leader"]].running:
                        return names[found["leader"]]
        time.sleep(0.05)
    raise AssertionError("the stream has no leader")


def consumer(node: Node, stream: str, seat: str) -> dict[str, object]:
    """What a node says of a durable consumer."""
    for account in _list(node.asked("/jsz?consumers=true&accounts=true"), "account_details"):
        for held in _list(account, "stream_detail"):
            for one in _list(held, "consumer_detail"):
                if held.get("name") == stream and one.get("name") == seat:
                    return one
    raise AssertionError("there is no such consumer")


def _list(held: dict[str, object], key: str) -> list[dict[str, object]]:
    found = held.get(key)
    return found if isinstance(found, list) else []


def provision(
    urls: Sequence[str],
    inbox: str,
    seats: Sequence[str],
    *,
    replicas: int = 1,
    most: int = 100_000,
    each: int = 50_000,
    octets: int = 64 * 1024 * 1024,
    ack_wait: float = 30.0,
    window: float = 600.0,
    unseen: bool = False,
) -> None:
    """Both streams of an inbox and the durable consumer of every seat, in the account without authentication. `most`
    messages, `each` per writer, `octets` in a stream; `ack_wait` and duplicate `window` in seconds; `unseen`:
    whatever certificate the servers have."""
    asyncio.run(_provision(list(urls), inbox, seats, replicas, most, each, octets, ack_wait, window, unseen))


async def _provision(
    urls: list[str], inbox: str, seats: Sequence[str], replicas: int, most: int, each: int, octets: int,
    ack_wait: float, window: float, unseen: bool,
) -> None:  # fmt: skip
    import nats
    from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StreamConfig
    from nats.js.errors import Error, ServiceUnavailableError

    async def quiet(_: Exception) -> None:
        return None

    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    secured.check_hostname, secured.verify_mode = False, ssl.CERT_NONE
    line = await nats.connect(urls, error_cb=quiet, connect_timeout=5, tls=secured if unseen else None)
    try:
        context = line.jetstream(timeout=10)
        for name, subject in ((f"IN_{inbox}", f"inbox.{inbox}.*"), (f"BL_{inbox}", f"blob.{inbox}.*")):
            wanted = StreamConfig(
                name=name, subjects=[subject], retention=RetentionPolicy.INTEREST, discard=DiscardPolicy.NEW,
                discard_new_per_subject=True, max_msgs=most, max_msgs_per_subject=each, max_bytes=octets,
                duplicate_window=window, num_replicas=replicas, deny_purge=True, deny_delete=True,
            )  # fmt: skip
            end = time.monotonic() + PATIENCE
            while True:  # a young cluster answers that it is not there yet
                try:
                    await context.add_stream(wanted)
                    break
                except (ServiceUnavailableError, TimeoutError, Error):
                    if time.monotonic() > end:
                        raise
                    await asyncio.sleep(0.1)
            for seat in seats:
                await context.add_consumer(
                    name,
                    ConsumerConfig(
                        durable_name=seat, ack_policy=AckPolicy.EXPLICIT, ack_wait=ack_wait, max_ack_pending=4096
                    ),
                )
    finally:
        await line.close()
