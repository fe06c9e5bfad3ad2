"""The smallest mail submission that does: SMTP on loopback, straight into Maildirs, durably.

A heavier Debian server would only slow the peer down. Takes EHLO, AUTH PLAIN (any password), MAIL, RCPT, DATA, RSET, NOOP and
QUIT, pipelined; each message is written once for each recipient: tmp, fsync, rename into new, fsync of the folder (Maildir as
in maildir(5)). It answers 250 only then. Arguments: port, folder of the
mailboxes, under whose name.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import pwd
import re
import sys
import time
from pathlib import Path

BOX = re.compile(rb"<([a-z0-9.-]+)@[a-z0-9.-]+>", re.IGNORECASE)
MOST = 64 << 20
_turn = itertools.count()


def deliver(root: Path, box: str, message: bytes) -> None:
    """Write one message into the mailbox `box`, durable when this returns."""
    maildir = root / box
    for part in ("tmp", "new", "cur"):
        (maildir / part).mkdir(parents=True, exist_ok=True)
    name = f"{time.time():.6f}.P{os.getpid()}Q{next(_turn)}.here"
    with (maildir / "tmp" / name).open("xb") as file:
        file.write(message)
        file.flush()
        os.fsync(file.fileno())
    (maildir / "tmp" / name).rename(maildir / "new" / name)
    folder = os.open(maildir / "new", os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


async def session(root: Path, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection."""

    def answer(line: str) -> None:
        writer.write(line.encode() + b"\r\n")

    to: list[str] = []
    answer("220 here ESMTP")
    while line := await reader.readline():
        verb = line[:4].upper()
        if verb == b"EHLO":
            writer.write(b"250-here\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-AUTH PLAIN\r\n250 SIZE 67108864\r\n")
        elif verb == b"AUTH":
            if len(line.split()) < 3:
                answer("334 ")
                await writer.drain()
                await reader.readline()
            answer("235 yes")
        elif verb == b"MAIL":
            to = []
            answer("250 yes")
        elif verb == b"RCPT":
            found = BOX.search(line)
            if found:
                to.append(found[1].decode().lower())
            answer("250 yes" if found else "550 no such box")
        elif verb == b"DATA":
            answer("354 go on")
            await writer.drain()
            lines = []
            while (part := await reader.readline()) not in (b".\r\n", b""):
                lines.append(part[1:] if part.startswith(b".") else part)
            if part:
                for box in to:
                    deliver(root, box, b"".join(lines))
                answer("250 kept")
        elif verb == b"QUIT":
            answer("221 bye")
            break
        else:
            answer("250 yes" if verb in (b"RSET", b"NOOP", b"HELO") else "502 not here")
        await writer.drain()


async def serve(port: int, root: Path) -> None:
    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            await session(root, reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(one, "127.0.0.1", port, limit=MOST)
    async with server:
        await server.serve_forever()


def become(name: str) -> None:
    """Give up being root for good."""
    if os.geteuid() == 0:
        one = pwd.getpwnam(name)
        os.setgroups([])
        os.setgid(one.pw_gid)
        os.setuid(one.pw_uid)


if __name__ == "__main__":
    become(sys.argv[3])
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
