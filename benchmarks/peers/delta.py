"""One end of a Delta Chat correspondence: drives the core, deltachat-rpc-server, by JSON-RPC over pipes.

The core keeps its own database and is as it is configured; what it has answered to `misc_send_text_message` is in it, and so
is a message when it announces `IncomingMsg`.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from benchmarks.peers.worker import Journal, Orders, Pace, Plan, body, number, say

CONFIGURE = 60.0
OURSELVES = 1  # the contact that stands for oneself


class Core:
    """The program and its only account. Events are queued as (monotonic seconds, event)."""

    def __init__(self, program: str, folder: Path) -> None:
        self.process = subprocess.Popen(
            [program], env={**os.environ, "DC_ACCOUNTS_PATH": str(folder)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._ids = itertools.count(1)
        self._asked: dict[int, Future[Any]] = {}
        self._lock = threading.Lock()
        self.events: queue.Queue[tuple[float, dict[str, Any]]] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()
        self.account = 0

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            answer = json.loads(line)
            with self._lock:
                asked = self._asked.pop(answer.get("id", -1), None)
            if asked is not None:
                if "error" in answer:
                    asked.set_exception(RuntimeError(str(answer["error"])))
                else:
                    asked.set_result(answer["result"])

    def _watch(self) -> None:
        with contextlib.suppress(RuntimeError, OSError, ValueError):
            while True:
                found = self.call("get_next_event_batch")
                at = time.monotonic()
                for one in found:
                    self.events.put((at, one["event"]))

    def call(self, method: str, *arguments: object, seconds: float | None = None) -> Any:
        """Its answer. RuntimeError for its error."""
        this, answer = next(self._ids), Future[Any]()
        with self._lock:
            self._asked[this] = answer
            assert self.process.stdin is not None
            said = {"jsonrpc": "2.0", "id": this, "method": method, "params": arguments}
            self.process.stdin.write(json.dumps(said).encode() + b"\n")
            self.process.stdin.flush()
        return answer.result(seconds)

    def open(self) -> None:
        """The account, made when there is none."""
        accounts = self.call("get_all_accounts")
        self.account = accounts[0]["id"] if accounts else self.call("add_account")

    def ours(self, method: str, *arguments: object, seconds: float | None = None) -> Any:
        return self.call(method, self.account, *arguments, seconds=seconds)

    @property
    def cpu(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
        return sum(int(one) for one in fields[11:13]) / os.sysconf("SC_CLK_TCK")

    def texts(self, chat: int) -> dict[int, str]:
        """Every message of a chat that has come from the other: id and text, "" where it could not be decrypted."""
        ids = self.ours("get_message_ids", chat, False, False)
        loaded = self.ours("get_messages", ids).items()
        theirs = {int(one): found for one, found in loaded if found["kind"] == "message" and found["fromId"] != OURSELVES}
        return {one: "" if found["error"] else found["text"] for one, found in theirs.items() if not found["isInfo"]}

    def close(self) -> None:
        with contextlib.suppress(RuntimeError, OSError):
            self.ours("stop_io", seconds=10)
        self.process.kill()
        self.process.wait()


def configure(core: Core, own: dict[str, Any]) -> None:
    """The account as an officer would enter it, our own servers in it."""
    core.ours(
        "add_or_update_transport",
        {
            "addr": own["address"], "password": own["password"], "imapServer": "127.0.0.1", "imapPort": own["imap"],
            "imapSecurity": "plain", "smtpServer": "127.0.0.1", "smtpPort": own["smtp"], "smtpSecurity": "plain",
            "certificateChecks": "acceptInvalidCertificates", "imapUser": own["address"], "smtpUser": own["address"],
        },
        seconds=CONFIGURE,
    )  # fmt: skip


def send(core: Core, plan: Plan, orders: Orders) -> list[tuple[int, float]]:
    journal, pace, chat = Journal(plan.journal), Pace(plan), plan.own["chat"]
    while not pace.over and not orders.calm.is_set():
        time.sleep(pace.wait())
        which = pace.next()
        core.ours("misc_send_text_message", chat, body(which, plan.size))
        journal.note(which)
    orders.end.wait()  # it sends by itself
    return pace.begun


def receive(core: Core, plan: Plan, orders: Orders) -> list[tuple[int, float]]:
    came: dict[int, float] = {}
    while not orders.end.is_set() and (not plan.count or len(came) < plan.count):
        with contextlib.suppress(queue.Empty):
            at, event = core.events.get(timeout=0.2)
            if event["kind"] == "IncomingMsg":
                came.setdefault(event["msgId"], at)
    texts = core.texts(plan.own["chat"]) if not orders.end.is_set() else {}
    return [(number(texts[one]), at) for one, at in came.items() if one in texts]


def main(plan: Plan) -> None:
    own = plan.own
    core = Core(own["program"], Path(own["folder"]))
    core.open()
    orders = Orders()
    if plan.role == "register":
        configure(core, own)
        say(ready=True, card=core.ours("make_vcard", [OURSELVES]))
        orders.go.wait()
        contact = core.ours("import_vcard_contents", Path(own["card"]).read_text("utf-8"))[0]
        say(done={"chat": core.ours("create_chat_by_contact_id", contact)})
    elif plan.role == "held":
        found = core.texts(own["chat"])
        say(done={"numbers": [number(one) for one in found.values() if number(one) >= 0],
                  "broken": sum(1 for one in found.values() if number(one) < 0)})  # fmt: skip
    else:
        orders.numbers = lambda: [number(one) for one in core.texts(own["chat"]).values()]
        core.ours("start_io")
        say(ready=True)
        orders.go.wait()
        cpu = time.process_time() + core.cpu
        at = (send if plan.role == "send" else receive)(core, plan, orders)
        say(done={"at": at, "cpu": time.process_time() + core.cpu - cpu})
    core.close()


if __name__ == "__main__":
    main(Plan.read(sys.argv[1]))
