"""Takes one check away at a time and sees whether a test notices: `python -m tests.hostile.guards`.

In a copy of the package, one `raise` of an error of ours is replaced by `pass` (or, with --parts, one of the conditions
it stands under is left out), and the tests of that module run against the copy. What no test notices is printed.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "app" / "valise"
ERRORS = {"Refused", "NotAllowed", "NotYet", "Damaged", "WrongPassphrase", "_bad", "_torn"}
PATIENCE = 240.0  # seconds; a check whose absence makes a test run on for ever was noticed too

_IDENTITY = ("tests/protocol/test_identity.py", "tests/protocol/test_laptops.py")
_FRAMES = ("tests/hostile/test_frames.py",)
_CHECKS = ("tests/hostile/test_checks.py",)
_SLOTS = ("tests/vault/test_vault_slots.py", "tests/vault/test_vault_slots_kinds.py", "tests/desk/test_slots.py")
_AUTHORITY = ("tests/hostile/test_authority.py",)
_FAILURES = ("tests/hostile/test_failures.py",)
_REGISTERS = ("tests/desk/test_registers_rows.py", "tests/desk/test_registers_files.py", "tests/desk/test_registers_rooms.py")
_PINGS = ("tests/desk/test_pings.py", "tests/desk/test_pings_files.py")
_INCIDENTS = ("tests/desk/test_incidents.py", "tests/desk/test_incidents_hostile.py")
TESTS: dict[str, tuple[str, ...]] = {
    **{f"protocol/{name}.py": (f"tests/protocol/test_{name}.py",) for name in (
        "attachment", "canonical", "cbor", "envelope", "hpke", "olm", "operation", "padding", "safety", "signing")},
    **{f"protocol/{name}.py": _IDENTITY for name in ("certificate", "fields", "rootfile")},
    "protocol/card.py": (*_IDENTITY, "tests/protocol/test_card_pass.py"),
    "protocol/manifest.py": ("tests/protocol/test_manifest.py", "tests/desk/test_courier_kinds.py"),
    **{f"protocol/{name}.py": ("tests/protocol/test_card_pass.py", "tests/relay/test_relay_kit.py") for name in ("relaypass", "relaykit")},
    "protocol/request.py": (*_IDENTITY, *_CHECKS),
    "protocol/grant.py": (*_IDENTITY, *_CHECKS),
    **{f"protocol/{name}.py": _FRAMES for name in ("frame", "keymessage", "statement")},
    **{f"vault/{name}.py": (f"tests/vault/test_vault_{name}.py",) for name in ("store",)},
    **{f"vault/slots/{name}.py": _SLOTS for name in ("kdf", "kinds", "rules", "sealing")},
    "protocol/release.py": ("tests/packaging/test_release_file.py",),
    "protocol/shares.py": ("tests/protocol/test_shares.py",),
    "protocol/sas.py": ("tests/protocol/test_sas.py", "tests/desk/test_live.py"),
    "protocol/root.py": _IDENTITY,
    **{f"vault/{name}.py": ("tests/vault/test_vault_backup.py", "tests/desk/test_backups.py") for name in (
        "backup", "backup_file", "backup_restore")},
    "vault/migrate.py": ("tests/vault/test_vault_migrate.py", "tests/vault/test_vault_store.py"),
    "vault/place.py": ("tests/vault/test_vault_place.py", "tests/vault/test_vault_store.py"),
    "vault/connection.py": ("tests/vault/test_vault_store.py",),
    "vault/header.py": ("tests/vault/test_vault_header.py", *_CHECKS),
    "vault/append.py": (*_CHECKS, *_AUTHORITY),
    "vault/certificates.py": _CHECKS,
    "vault/shelf.py": ("tests/desk/test_texts.py", *_AUTHORITY),
    **{f"desk/{name}.py": ("tests/desk/test_rooms_and_contacts.py", *_CHECKS, *_AUTHORITY) for name in ("opening", "repair", "cards")},
    "desk/ends.py": ("tests/sim/test_ends.py", "tests/desk/test_rooms_and_contacts.py", *_AUTHORITY),
    **{f"domain/register/{name}.py": (f"tests/domain/test_register_{name}.py", *_REGISTERS) for name in ("reading", "rows", "values")},
    **{f"desk/{name}.py": _REGISTERS for name in ("registers", "registers_files", "registers_in", "registers_lists", "registers_look", "registers_write")},
    "domain/ping/rules.py": ("tests/domain/test_ping.py", *_PINGS),
    **{f"desk/{name}.py": _PINGS for name in ("pings", "pings_asking", "pings_cards", "pings_directory", "pings_nominate", "pings_report")},
    **{f"domain/incident/{name}.py": ("tests/domain/test_incident_rules.py", "tests/domain/test_incident_record.py", *_INCIDENTS) for name in (
        "inside", "rules", "sharing")},
    **{f"desk/{name}.py": _INCIDENTS for name in ("incidents", "incidents_fold", "incidents_files", "incidents_view")},
    "formats/stix/reading.py": ("tests/formats/test_stix.py",),
    "formats/stix/writing.py": ("tests/formats/test_stix.py",),
    "formats/vcard.py": ("tests/formats/test_vcard.py",),
    "formats/ics.py": ("tests/formats/test_formats_ics.py",),
    "formats/table_csv.py": ("tests/formats/test_formats_csv.py",),
    **{f"desk/{name}.py": ("tests/desk/test_training.py",) for name in ("practice", "training")},
    "desk/today.py": ("tests/desk/test_today.py",),
    "desk/keys.py": (*_FAILURES, "tests/desk/test_ratchets.py", "tests/desk/test_sessions.py", *_CHECKS, *_AUTHORITY),
}
# What is tried when the module's own tests notice nothing, before it is called a survivor.
WIDER = (
    "tests/protocol", "tests/vault", "tests/desk", "tests/hostile/test_frames.py", "tests/hostile/test_authority.py",
    "tests/hostile/test_mutations.py", "tests/hostile/test_internal_words.py",
)


@dataclass(frozen=True, slots=True)
class Guard:
    """One check. `part` -1 = the whole statement, else the condition of that number under which it is raised."""

    module: str
    line: int
    part: int
    text: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}" + (f" part {self.part}" if self.part >= 0 else "") + f"  {self.text}"


def _raises(node: ast.AST) -> bool:
    call = node.exc if isinstance(node, ast.Raise) else None
    return isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ERRORS


def guards(modules: Sequence[str], *, parts: bool = False) -> Iterator[Guard]:
    """Every check of these modules, in order."""
    for module in modules:
        tree = ast.parse((PACKAGE / module).read_text("utf-8"))
        for node in ast.walk(tree):
            if _raises(node):
                yield Guard(module, node.lineno, -1, ast.unparse(node))  # type: ignore[attr-defined]
            whole = isinstance(node, ast.If) and len(node.body) == 1 and _raises(node.body[0])
            if parts and whole and isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.Or):  # type: ignore[attr-defined]
                for n, one in enumerate(node.test.values):  # type: ignore[attr-defined]
                    yield Guard(module, node.lineno, n, ast.unparse(one))  # type: ignore[attr-defined]


class _Without(ast.NodeTransformer):
    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.done = 0

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        if self.guard.part < 0 and node.lineno == self.guard.line and _raises(node):
            self.done += 1
            return ast.copy_location(ast.Pass(), node)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if self.guard.part >= 0 and node.lineno == self.guard.line and isinstance(node.test, ast.BoolOp):
            self.done += 1
            del node.test.values[self.guard.part]
        return node


def without(guard: Guard, source: bytes = b"") -> str:
    """The module's source without this check."""
    tree = ast.parse(source or (PACKAGE / guard.module).read_bytes())
    change = _Without(guard)
    made = ast.unparse(ast.fix_missing_locations(change.visit(tree)))
    if change.done != 1:
        raise ValueError(f"not exactly one check at {guard}")
    return made


class Copy:
    """A copy of the package that tests run against in place of the installed one."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.package = base / "package" / "valise"
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "resources", self.package / "resources", dirs_exist_ok=True)
        compileall.compile_dir(self.package, quiet=2)
        self.env = {
            **os.environ, "PYTHONPATH": str(self.package.parent), "PYTHONDONTWRITEBYTECODE": "1", "QT_QPA_PLATFORM": "offscreen",
            "HYPOTHESIS_STORAGE_DIRECTORY": str(base / "hypothesis"),
        }
        where = subprocess.run(
            [sys.executable, "-c", "import valise; print(valise.__file__)"], env=self.env, cwd=ROOT, capture_output=True, text=True,
            check=True)
        assert Path(where.stdout.strip()).is_relative_to(base), "the tests would run against the installed package"

    def passes(self, tests: Sequence[str], *, but: str = "") -> bool:
        """Whether these tests pass against the copy as it now is; those whose names hold `but` are left out."""
        command = [
            sys.executable, "-m", "pytest", "-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist",
            f"--basetemp={self.base / 'run'}", *(("-k", f"not {but}") if but else ()), *tests]
        try:
            done = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            return False
        if done.returncode not in (0, 1, 2, 5):  # 5: none was left
            raise RuntimeError(done.stdout.decode()[-2000:])
        return done.returncode in (0, 5)

    def notices(self, guard: Guard, tests: Sequence[str] = (), *, wider: bool = True) -> bool:
        """Whether some test fails without this check."""
        target = self.package / guard.module
        kept = target.read_bytes()
        cached = target.parent / "__pycache__" / f"{target.stem}.{sys.implementation.cache_tag}.pyc"
        cached.unlink(missing_ok=True)
        target.write_text(without(guard, kept), "utf-8")
        try:
            chosen = tests or TESTS[guard.module]
            # every bit flipped takes its time, and another test nearly always notices first
            return not self.passes(chosen, but="bit") or not self.passes(chosen) or (wider and not self.passes(WIDER))
        finally:
            target.write_bytes(kept)


def run(wanted: Sequence[Guard], jobs: int = 2, *, wider: bool = True) -> list[Guard]:
    """Try them all; prints as it goes. Returns the survivors."""
    survivors = []
    with tempfile.TemporaryDirectory(prefix="valise-guards-") as base:
        copies: Queue[Copy] = Queue()
        for n in range(jobs):
            copies.put(Copy(Path(base) / str(n)))

        sound = copies.get()
        for tests in sorted({TESTS[guard.module] for guard in wanted} | ({WIDER} if wider else set())):
            if not sound.passes(tests):
                raise RuntimeError(f"these fail with every check in place, so they show nothing: {' '.join(tests)}")
        copies.put(sound)

        def one(guard: Guard) -> tuple[Guard, bool, float]:
            copy = copies.get()
            began = time.monotonic()
            try:
                return guard, copy.notices(guard, wider=wider), time.monotonic() - began
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(jobs) as pool:
            for done, (guard, noticed, took) in enumerate(pool.map(one, wanted), 1):
                if not noticed:
                    survivors.append(guard)
                print(f"{done}/{len(wanted)} {'noticed ' if noticed else 'SURVIVES'} {took:5.1f} s  {guard}", flush=True)
    return survivors


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("modules", nargs="*", help="such as protocol/olm.py; all of them if none is named")
    parser.add_argument("--parts", action="store_true", help="also leave out single conditions")
    parser.add_argument("--narrow", action="store_true", help="only the module's own tests")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="only say which checks there are")
    chosen = parser.parse_args()
    wanted = list(guards(chosen.modules or sorted(TESTS), parts=chosen.parts))
    if chosen.list:
        print(*wanted, sep="\n")
        return 0
    survivors = run(wanted, chosen.jobs, wider=not chosen.narrow)
    print(f"{len(wanted)} checks, {len(survivors)} survive", *survivors, sep="\n")
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main())
