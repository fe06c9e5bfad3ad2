"""The house keeps its own rules; and for each rule a planted breach is noticed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import house_rules as rules
import pytest

from valise.domain.text import model  # the installed tree and this tree are one

ROOT = Path(__file__).parents[1]

# Modules over 400 lines, each with the reason why it is one thing.
LONG: dict[str, str] = {}


def test_the_installed_package_is_this_tree() -> None:
    assert Path(model.__file__).is_relative_to(ROOT)


def test_every_package_is_shipped() -> None:
    there, named = rules.packages_of(ROOT)
    assert there == named
    assert rules.folders_without_package(ROOT) == []


def test_the_project_names_no_registry_no_machine_and_nothing_but_itself() -> None:
    assert rules.outside_names(ROOT, "app", "resources", "packaging", "docs", "tests", ".") == []


def test_no_long_module_without_a_reason() -> None:
    found = rules.long_modules(ROOT)
    assert {name: lines for name, lines in found.items() if name not in LONG} == {}
    assert set(LONG) <= set(found), "a module is short again: take it off the list"
    assert all(len(reason) > 20 for reason in LONG.values())


def test_what_a_person_reads_can_be_translated() -> None:
    assert rules.untranslated(ROOT) == []
    assert rules.made_up_translations(ROOT) == []


def test_what_a_person_reads_is_in_the_words_of_the_field() -> None:
    from valise.settings import SETTINGS

    assert rules.banned_words(ROOT) == []
    texts = [text for one in SETTINGS for text in (one.label, one.help, one.unit, *one.labels)]
    assert [text for text in texts if rules.BANNED.search(text)] == []


def test_the_log_takes_literal_codes_only() -> None:
    assert rules.free_log_codes(ROOT) == []


# -- the same rules on planted breaches


@pytest.fixture
def planted(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a file into an otherwise clean small tree and returns its root."""

    def plant(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return tmp_path

    return plant


HOST = "https://" + "py" + "pi.org" + "/simple"
HOME_PATH = "/" + "home/somebody/x"


@pytest.mark.parametrize(
    ("text", "breach"),
    [
        (f"x = '{HOST}'", True),
        (f"x = '{HOME_PATH}'", True),
        ("# see issue " + "12", True),
        ("x = '/usr/share/fonts'", False),
        ("x = '~/.config'", False),
        ("x = home/'work'/'x'", False),
    ],
)
def test_outside_names_are_noticed(planted: Callable[[str, str], Path], text: str, breach: bool) -> None:
    assert bool(rules.outside_names(planted("app/a.py", text), "app")) is breach


@pytest.mark.parametrize(
    ("text", "breach"),
    [
        ("label.setText('Send')", True),
        ("label.setText(f'{n} items')", True),
        ("label.setText(tr('A') + ' items')", True),
        ("QPushButton('Send', self)", True),
        ("QLabel(text='Send')", True),
        ("label.setText('Send' if x else tr('B'))", True),
        ("label.setToolTip('{} items'.format(3))", True),
        ("w.setAccessibleName('List')", True),
        ("label.setText(self.tr('Send'))", False),
        ("label.setText('')", False),
        ("label.setText('\\u2022 12/7')", False),
        ("label.setText(name)", False),
        ("label.setText(tr('{n} items').format(n=3))", False),
        ("label.setObjectName('send')", False),
    ],
)
def test_untranslated_words_are_noticed(planted: Callable[[str, str], Path], text: str, breach: bool) -> None:
    assert bool(rules.untranslated(planted("app/valise/ui/a.py", text))) is breach


@pytest.mark.parametrize(
    ("text", "breach"),
    [
        ("tr('Merge the proposals')", True),
        ("self.tr('Every user')", True),
        ("QCoreApplication.translate('x', 'Committed at')", True),
        ("tr('Branches')", True),
        ("tr('Compliance')", True),
        ("tr('Commitments of Aurelia')", False),
        ("tr('An emergency; useful; submerged')", False),
        ("merge('users')", False),
    ],
)
def test_banned_words_are_noticed(planted: Callable[[str, str], Path], text: str, breach: bool) -> None:
    assert bool(rules.banned_words(planted("app/valise/ui/a.py", text))) is breach


def test_long_modules_and_free_codes_and_sums_are_noticed(planted: Callable[[str, str], Path]) -> None:
    root = planted("app/valise/long.py", "x = 1\n" * 401)
    planted("app/valise/fits.py", "x = 1\n" * 400)
    assert list(rules.long_modules(root)) == ["app/valise/long.py"]
    planted("app/valise/a.py", "log.note(name)\nlog.note('a.b')\nlog.note(error.code)\nlog.note(f'a.{name}')\n")
    assert rules.free_log_codes(root) == ["app/valise/a.py:1", "app/valise/a.py:4"]
    planted("app/valise/ui/b.py", "tr(f'{n} items')\ntr('items')\ntr('a' + b)\n")
    assert rules.made_up_translations(root) == ["app/valise/ui/b.py:1", "app/valise/ui/b.py:3"]
    planted("app/valise/ui/b.py", "translate('x', f'{n} items')\ntranslate('x', '%n items', None, n + 1)\n")
    assert rules.made_up_translations(root) == ["app/valise/ui/b.py:1"]


def test_a_package_that_is_not_named_is_noticed(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    there, named = rules.packages_of(ROOT)
    for name in named - {"valise.resources"}:
        folder = tmp_path.joinpath("app", *name.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "__init__.py").touch()
    assert rules.packages_of(tmp_path)[0] == named == there
    (tmp_path / "app/valise/ui/new").mkdir()
    (tmp_path / "app/valise/ui/new/page.py").touch()
    assert rules.folders_without_package(tmp_path) == ["app/valise/ui/new"]
    (tmp_path / "app/valise/ui/new/__init__.py").touch()
    assert rules.packages_of(tmp_path)[0] - named == {"valise.ui.new"}


# -- who may know whom


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """The contracts over the tree at `root`, which comes before the installed one."""
    environ = {**os.environ, "PYTHONPATH": str(root / "app")}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=skip)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_contracts_hold(copy: Path) -> None:
    result = lint_imports(copy)
    assert result.returncode == 0, result.stdout + result.stderr
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert f"Contracts: {len(contracts)} kept, 0 broken" in result.stdout


PLANTED = [
    ("domain/planted_1.py", "import valise.desk", "valise.domain.planted_1 -> valise.desk"),
    ("desk/planted_2.py", "def f():\n    import valise.ui", "valise.desk.planted_2 -> valise.ui"),
    ("carriers/planted_3.py", "import valise.protocol", "valise.carriers.planted_3 -> valise.protocol"),
    ("protocol/planted_4.py", "import valise.formats", "valise.protocol.planted_4 -> valise.formats"),
    ("vault/planted_5.py", "import valise.carriers.abc", "valise.vault.planted_5 -> valise.carriers.abc"),
    ("vault/planted_6.py", "import valise.system", "valise.vault.planted_6 -> valise.system"),
    ("ui/planted_7.py", "import valise.vault", "valise.ui.planted_7 -> valise.vault"),
    ("ui/texts/planted_8.py", "import valise.protocol", "valise.ui.texts.planted_8 -> valise.protocol"),
    ("desk/planted_9.py", "import PySide6.QtCore", "valise.desk.planted_9 -> PySide6"),
    ("domain/planted_10.py", "from PySide6 import QtGui", "valise.domain.planted_10 -> PySide6"),
    ("desk/planted_11.py", "import sqlcipher3", "valise.desk.planted_11 -> sqlcipher3"),
    ("vault/planted_12.py", "import sqlite3", "valise.vault.planted_12 -> sqlite3"),
    ("protocol/planted_13.py", "import vodozemac", "valise.protocol.planted_13 -> vodozemac"),
    ("desk/planted_14.py", "import socket", "valise.desk.planted_14 -> socket"),
    ("formats/planted_15.py", "import urllib.request", "valise.formats.planted_15 -> urllib"),
    ("settings_planted_16/__init__.py", "", "settings_planted_16"),
]


def test_planted_imports_break_the_contracts(copy: Path) -> None:
    for name, text, _ in PLANTED[:-1]:
        (copy / "app/valise" / name).write_text(text + "\n", "utf-8")
    result = lint_imports(copy)
    assert result.returncode == 1, result.stderr
    told = re.sub(r"\s+", " ", result.stdout)
    assert [line for _, _, line in PLANTED[:-1] if f"{line} (l." not in told] == []


def test_a_new_room_nobody_placed_breaks_the_contracts(copy: Path) -> None:
    name, text, line = PLANTED[-1]
    (copy / "app/valise" / name).parent.mkdir()
    (copy / "app/valise" / name).write_text(text, "utf-8")
    result = lint_imports(copy)
    assert result.returncode == 1
    assert line in result.stdout


# -- the tests' own guards


GUARDED = '''
import socket, threading
import pytest
{imports}

def test_it(monkeypatch):
{body}
'''


PLANTED_IN_TESTS = {
    "thread": ("", "threading.Thread(target=threading.Event().wait, args=(60,), name='idle', daemon=True).start()", "idle"),
    "connect": ("", "socket.create_connection(('192.0.2.1', 9), timeout=1)", "NetworkUsed"),
    "send": ("", "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 9))", "NetworkUsed"),
    "resolve": ("", "socket.getaddrinfo('example.org', 443)", "NetworkUsed"),
    "timer": (
        "from PySide6.QtCore import QCoreApplication, QTimer\nkeep = [QCoreApplication([])]",
        "t = QTimer(); t.start(60000); keep.append(t)",
        "QTimer",
    ),
    "qthread": ("from PySide6.QtCore import QThread\nkeep = []", "t = QThread(); t.start(); keep.append(t)", "QThread"),
}


@pytest.fixture(scope="module")
def told_of_planted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each planted test, all of them run by one process."""
    folder = tmp_path_factory.mktemp("planted")
    text = (ROOT / "tests/conftest.py").read_text("utf-8")
    text = text.replace("5000", "50").replace("patience: float = 5.0", "patience: float = 0.05")
    (folder / "conftest.py").write_text(text, "utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nqt_api = pyside6\n", "utf-8")
    for name, (imports, body, _) in PLANTED_IN_TESTS.items():
        (folder / f"test_{name}.py").write_text(GUARDED.format(imports=imports, body=f"    {body}"), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder)]
    wide = {**os.environ, "COLUMNS": "400"}
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=folder, env=wide)
    assert result.returncode != 0
    return dict(re.findall(r"^(?:FAILED|ERROR) test_(\w+)\.py::test_it - (.*)$", result.stdout, re.MULTILINE))


@pytest.mark.parametrize("name", PLANTED_IN_TESTS)
def test_a_test_that_leaves_something_or_reaches_out_fails(name: str, told_of_planted: dict[str, str]) -> None:
    assert PLANTED_IN_TESTS[name][2] in told_of_planted[name]


def test_a_test_that_cleans_up_passes(tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests/conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nqt_api = pyside6\n", "utf-8")
    body = "    t = QTimer(); t.start(60000); t.stop()\n    r = QThread(); r.start(); r.quit(); r.wait()"
    imports = "from PySide6.QtCore import QThread, QTimer"
    (tmp_path / "test_planted.py").write_text(GUARDED.format(imports=imports, body=body), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=tmp_path)
    assert result.returncode == 0, result.stdout


# -- set-up


def test_the_locks_pin_every_requirement_with_hashes_and_name_no_index() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = {
        "requirements.lock": [*project["project"]["dependencies"], *project["build-system"]["requires"]],
        "requirements-dev.lock": [
            *project["project"]["dependencies"],
            *project["build-system"]["requires"],
            *project["project"]["optional-dependencies"]["dev"],
        ],
    }
    for name, requirements in wanted.items():
        text = (ROOT / name).read_text("utf-8")
        pinned = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)(?: ; .*)? \\$", text, re.MULTILINE))
        assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))
        for one in requirements:
            package, version = one.partition(";")[0].strip().split("==")
            assert pinned[package.lower().replace("_", "-")] == version
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in block for block in blocks)
        assert not re.search(r"https?://|file:/|--(index|extra|find|trusted)", text)


def test_every_make_target_of_the_house_is_there() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "run", "test", "lint", "soak", "bench", "clean"):
        assert re.search(rf"^{target}:", text, re.MULTILINE)
    assert os.access(ROOT / ".ci/run", os.X_OK)


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
