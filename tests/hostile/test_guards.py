"""Every check has a test that fails without it. All of them, one at a time, is work for a night: `make soak`."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.hostile import guards

# (module, text of the check, a test that fails without it)
SOME = (
    ("protocol/frame.py", "frame.version", "tests/hostile/test_frames.py"),
    ("protocol/keymessage.py", "key.malformed", "tests/hostile/test_frames.py"),
    ("protocol/padding.py", "padding.bad", "tests/protocol/test_padding.py"),
    ("vault/slots/kdf.py", "slot.downgraded", "tests/vault/test_vault_slots.py"),
)


def test_a_missing_check_is_noticed(tmp_path: Path) -> None:
    copy = guards.Copy(tmp_path)
    assert copy.passes(sorted({test for *_, test in SOME})), "with every check in place they pass"
    for module, text, test in SOME:
        guard = next(one for one in guards.guards([module]) if text in one.text)
        assert copy.notices(guard, (test,), wider=False), guard


def test_a_check_without_a_test_survives(tmp_path: Path) -> None:
    """The tool itself can fail: with a test that has nothing to do with it, the check is missed by nobody."""
    copy = guards.Copy(tmp_path)
    guard = next(one for one in guards.guards(["protocol/frame.py"]) if "frame.version" in one.text)
    before = (copy.package / guard.module).read_bytes()
    assert not copy.notices(guard, ("tests/protocol/test_padding.py",), wider=False)
    assert (copy.package / guard.module).read_bytes() == before


def test_every_check_can_be_taken_away() -> None:
    every = list(guards.guards(sorted(guards.TESTS), parts=True))
    assert len(every) > 350
    for one in every[::7]:
        compile(guards.without(one), one.module, "exec")
    with_checks = {
        str(path.relative_to(guards.PACKAGE)) for folder in ("protocol", "vault") for path in (guards.PACKAGE / folder).glob("*.py")
        if any("Refused" in one.text or "NotAllowed" in one.text for one in guards.guards([str(path.relative_to(guards.PACKAGE))]))}
    assert with_checks <= guards.TESTS.keys(), "a module with checks has no tests named for it"


# Checks that no test can notice, each with the reason.
_SAME = "without it the library refuses what follows, and the guard around it says the same code"
KNOWN: dict[str, str] = {
    "protocol/olm.py raise Refused('olm.dump', 'not a dump of ours')": _SAME,
    "protocol/olm.py raise Refused('olm.message', 'not a session message')": _SAME,
    "protocol/olm.py raise Refused('olm.message', 'not a message that opens a session')": _SAME,
    "desk/opening.py raise Refused('op.certificate')": "said once more, with the same code, when the operation is verified",
}


@pytest.mark.soak
@pytest.mark.parametrize("module", sorted(guards.TESTS))
def test_no_check_survives(module: str) -> None:
    survivors = guards.run(list(guards.guards([module])), jobs=1)
    assert [str(one) for one in survivors if f"{one.module} {one.text}" not in KNOWN] == []
