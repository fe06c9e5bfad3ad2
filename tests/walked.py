"""Which dialogs were opened, and so walked, by the tests of a whole run; one that no test opens fails the run.

The windows' tests look at every dialog as it opens (`tests/windows/dialogs_walked.py`) and note its class here. Which there are is
read from the code.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

UI = Path(__file__).parents[1] / "app" / "valise" / "ui"
SEEN: set[str] = set()  # by this process, or told by the workers


def declared(folder: Path = UI) -> set[str]:
    """Names of the classes of dialogs, without those that others only inherit from."""
    above: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        for one in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(one, ast.ClassDef):
                above.setdefault(one.name, set()).update(base.id for base in one.bases if isinstance(base, ast.Name))
    found = {"QDialog"}
    while more := {name for name, bases in above.items() if bases & found} - found:
        found |= more
    inherited = {base for name in found & set(above) for base in above[name]}
    return found - inherited - {"QDialog"}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended."""
    SEEN.update(getattr(node, "workeroutput", {}).get("dialogs", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    told = getattr(config, "workeroutput", None)
    if told is not None:
        told["dialogs"] = sorted(SEEN)
        return
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword and not config.option.collectonly
    lacking = declared() - SEEN if whole and config.option.markexpr == "not soak" else set()
    if lacking:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(f"no test opens these dialogs: {', '.join(sorted(lacking))}", red=True)
