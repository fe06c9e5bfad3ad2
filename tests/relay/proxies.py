"""An HTTP proxy as networks of offices have one, with a password, on a free port of this computer."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.relay.servers import HOST, PATIENCE, free_port

PROXY = "/usr/bin/tinyproxy"
NAME, PASSWORD = "officer", "passw0rd"


@dataclass(frozen=True)
class Proxy:
    port: int
    log: Path

    def url(self, who: str = "officer:passw0rd@") -> str:
        return f"http://{who}{HOST}:{self.port}"

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def proxy(folder: Path, *connect_to: int) -> Iterator[Proxy]:
    """A running tinyproxy that asks for NAME and PASSWORD and lets CONNECT through to these ports."""
    folder.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), folder / "proxy.log"
    lines = [f"Port {port}", f"Listen {HOST}", f'LogFile "{log}"', "LogLevel Connect", "MaxClients 50", "Timeout 60",
             f"BasicAuth {NAME} {PASSWORD}", *(f"ConnectPort {one}" for one in connect_to)]  # fmt: skip
    config = folder / "tinyproxy.conf"
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")
    process = subprocess.Popen([PROXY, "-d", "-c", str(config)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None
            assert time.monotonic() < end, "the proxy does not come up"
            try:
                socket.create_connection((HOST, port), 1).close()
                break
            except OSError:
                time.sleep(0.02)
        yield Proxy(port, log)
    finally:
        process.terminate()
        process.wait(PATIENCE)
