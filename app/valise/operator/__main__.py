"""`valise relay`: what the operator of a relay does, in plain words. Exit codes: 0 done, 1 something does not hold or did not
work, 2 wrong usage, 4 refused."""

from __future__ import annotations

import argparse
import os
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from valise.domain.errors import Unavailable, ValiseError
from valise.operator import files, making, serverconf, tls
from valise.operator import plan as plans
from valise.operator.plan import GIB, Node, Plan

_WORDS: Final = {
    "relay.plan": "That cannot be done with this folder: {line}.",
    "relay.key": "A key in this folder, or the one given, is not whole: {line}.",
    "relay.jwt": "A server believes something that is not signed as it should be: {line}.",
    "relay.revocation": "That is not a list of credentials to take back: {line}.",
    "relay.refused": "The server refused: {line}.",
    "relay.untrusted": "The server is not the one this folder describes. Nothing was said to it.",
    "relay.old": "The server is too old: 2.12.12, 2.14.3 or newer is needed.",
    "carrier.unreachable": "No server answers: {line}. Is it running, and is this run on it?",
    "file.unwritable": "A file cannot be written: {line}.",
    "file.unreadable": "A file cannot be read: {line}.",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="valise relay", description="Run a relay for delegations. See docs/relay.md.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    config = commands.add_parser("config", help="write everything a relay needs; again: add delegations or laptops")
    config.add_argument("folder", type=Path, metavar="DIR")
    config.add_argument("--host", metavar="NAME", help="name of the one server, as laptops will reach it")
    config.add_argument("--cluster", metavar="A,B,C", help="names of three or five servers instead")
    config.add_argument("--single", action="store_true", help="one server (what --host means anyway)")
    config.add_argument("--delegation", action="append", default=[], metavar="XA:laptops=2", help="as often as needed")
    config.add_argument("--port", type=int, default=443, help="for laptops, WebSocket over TLS (443)")
    config.add_argument("--tls-port", type=int, default=0, metavar="PORT", help="a second listener without WebSocket")
    config.add_argument("--capacity", type=int, default=0, metavar="GIB", help="for each delegation (4)")
    config.add_argument("--server", choices=plans.TARGETS, default=None, help="oldest server it is for (2.12)")
    config.add_argument("--label", default=None, metavar="WORDS", help="shown to officers beside the relay's name")
    config.add_argument("--certificate", default="", metavar="PATH", help="the ministry's own, a path on the servers")
    config.add_argument("--key", default="", metavar="PATH", help="its key, a path on the servers")
    config.add_argument("--ca", type=Path, metavar="FILE", help="authority of that certificate, if computers do not know it")
    config.add_argument("--pin", type=Path, metavar="FILE", help="accept only the key of this certificate; keep that key for good")
    config.add_argument("--laptop-days", type=int, default=0, metavar="N", help="a laptop's credential ends (never)")
    config.add_argument("--renew-tls", action="store_true", help="new certificates of the own authority, same keys")
    config.add_argument("--bind", default="0.0.0.0", metavar="IP", help="address that laptops reach")  # noqa: S104
    config.add_argument("--state", default="/var/lib/valise-relay", metavar="PATH", help="the server's own folder")
    config.add_argument("--here", action="store_true", help="the servers read their files where this writes them")
    provision = commands.add_parser("provision", help="tell the running servers what the folder says")
    provision.add_argument("folder", type=Path, metavar="DIR")
    provision.add_argument("--remove", action="append", default=[], metavar="XA:2", help="laptop 2 of XA reads no more")
    check = commands.add_parser("check", help="try to break the running relay; says line by line what holds")
    check.add_argument("folder", type=Path, metavar="DIR")
    check.add_argument("--patience", type=float, default=1.0, metavar="SECONDS", help="how long an answer may take (1)")
    agent = commands.add_parser("agent", help="beside the server: take credentials back when a delegation asks")
    agent.add_argument("folder", type=Path, metavar="DIR")
    revoke = commands.add_parser("revoke", help="take credentials back by hand")
    revoke.add_argument("folder", type=Path, metavar="DIR")
    revoke.add_argument("what", metavar="FILE|USERKEY", help="a delegation's file, or one key beginning with U")
    revoke.add_argument("--delegation", default="", metavar="XA", help="whose inbox a single key wrote to")
    return parser


def _asked(known: argparse.Namespace) -> Plan:
    """The plan before this run, changed as asked; a new one for a new folder. Refused("relay.plan")."""
    hosts = [one.strip() for one in known.cluster.split(",")] if known.cluster else [known.host] if known.host else []
    if (known.folder / plans.NAME).exists():
        plan = plans.load(known.folder)
        if hosts and hosts != [one.host for one in plan.nodes]:
            raise plans.wrong("its servers are others; begin a new folder for them")
    else:
        if not hosts or (known.single and len(hosts) > 1):
            raise plans.wrong("say --host NAME, or --cluster with three names")
        nodes = tuple(
            Node(f"n{n}", host, port=known.port, tls=known.tls_port, bind=known.bind, state=known.state)
            for n, host in enumerate(hosts, 1)
        )
        plan = Plan(nodes, target=known.server or "2.12")
    if bool(known.certificate) != bool(known.key):
        raise plans.wrong("a certificate and its key go together")
    if known.capacity:
        plan = replace(plan, capacity=known.capacity * GIB)
    if known.server:
        plan = replace(plan, target=known.server)
    if known.label is not None:
        plan = replace(plan, label=known.label)
    if known.certificate:
        ca = files.read(known.ca).decode("ascii", "replace") if known.ca else ""
        plan = replace(plan, certificate=known.certificate, key=known.key, ca=ca)
    if known.pin:
        plan = replace(plan, pin=tls.pin(files.read(known.pin)))
    return plan.checked()


def _config(known: argparse.Namespace) -> int:
    wanted = plans.wanted(known.delegation)
    made = making.make(
        known.folder, _asked(known), wanted, os.urandom, time.time_ns() // 1_000_000,
        etc="here" if known.here else "", laptop_days=known.laptop_days, again=known.renew_tls,
    )  # fmt: skip
    plan = made.plan
    print(f"{known.folder}: {len(plan.nodes)} server{'s' * (len(plan.nodes) > 1)}, {len(plan.real)} delegations.")
    for name in made.kits:
        print(f"  new: kits/{name}  hand it to that laptop like a key, then delete it here")
    if not made.kits:
        print("  nothing new; what exists was left as it is")
    for node in plan.nodes if not plan.certificate else ():
        pem = files.read(known.folder / "servers" / node.name / serverconf.CERTIFICATE)
        print(f"  {node.host}: SHA-256 of the server's key {tls.pin(pem)}")
    print(f"Next: {known.folder / 'CHECKLIST.txt'}")
    return 0


def _provision(known: argparse.Namespace) -> int:
    from valise.operator import provisioning

    for one in known.remove:
        code, _, number = one.partition(":")
        if not (number.isascii() and number.isdigit()):
            raise plans.wrong("a laptop is written like XA:2")
        provisioning.remove(known.folder, code, int(number))
    provisioning.provision(known.folder, print)
    print("Done. What the servers know is what this folder says.")
    return 0


def _check(known: argparse.Namespace) -> int:
    from valise.operator import checking

    def tell(one: checking.Finding) -> None:
        word = {True: "holds ", False: "FAILS ", None: "?     "}[one.held]
        print(f"{word} {one.line}" + (f": {one.why}" if one.why else ""), flush=True)

    found = checking.run(known.folder, tell, patience=known.patience)
    bad = sum(not one.held for one in found)
    print(f"{len(found) - bad} of {len(found)} hold." + (" Do not let anybody use this relay." if bad else ""))
    return 0 if checking.passed(found) else 1


def _agent(known: argparse.Namespace) -> int:
    from valise.operator import agent

    with suppress(KeyboardInterrupt):
        agent.agent(known.folder, lambda line: print(line, flush=True))
    return 0


def _revoke(known: argparse.Namespace) -> int:
    from valise.operator import revoking

    count = revoking.revoke(known.folder, known.what, known.delegation, print)
    print(f"Done: {count} credential{'s' * (count > 1)} taken back, for good.")
    return 0


def main(argv: list[str] | None = None) -> int:
    """See the module."""
    known = _parser().parse_args(argv)
    what = {"config": _config, "provision": _provision, "check": _check, "agent": _agent, "revoke": _revoke}[known.command]
    try:
        return what(known)
    except ValiseError as error:
        words = _WORDS.get(error.code, "That did not work ({code}): {line}.")
        print(words.format(code=error.code, line=error.line or error.code), file=sys.stderr)
        return 1 if isinstance(error, Unavailable) else 4


if __name__ == "__main__":
    sys.exit(main())
