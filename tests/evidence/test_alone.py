"""The verifier stands alone: what it may import is a contract, and a planted breach of it is noticed."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "valise.protocol.canonical", "valise.protocol.signing", "valise.protocol.cbor", "valise.domain.errors", "valise.evidence",
}  # fmt: skip
PLANTED = [
    ("planted_1.py", "import valise.vault.store", "valise.evidence.planted_1 -> valise.vault.store"),
    ("planted_2.py", "from valise.protocol import operation", "valise.evidence.planted_2 -> valise.protocol.operation"),
    ("planted_3.py", "from valise.domain.text import fold", "valise.evidence.planted_3 -> valise.domain.text.fold"),
    ("planted_4.py", "import valise.domain.kinds", "valise.evidence.planted_4 -> valise.domain.kinds"),
    ("planted_5.py", "import valise.protocol.certificate", "valise.evidence.planted_5 -> valise.protocol.certificate"),
    ("planted_6.py", "def f():\n    import nacl.signing", "valise.evidence.planted_6 -> nacl"),
]


def test_a_planted_breach_is_noticed(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, text, _ in PLANTED:
        (tmp_path / "app/valise/evidence" / name).write_text(text + "\n", "utf-8")
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache", "--no-logo", "--contract", "evidence"]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path / "app")}, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    told = re.sub(r"\s+", " ", done.stdout)
    assert [line for _, _, line in PLANTED if f"{line} (l." not in told] == []


def test_no_module_of_it_imports_more_than_it_may() -> None:
    for path in (ROOT / "app/valise/evidence").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [f"{node.module}.{one.name}" for one in node.names]
            for name in names:
                if name.startswith("valise."):
                    assert any(name == one or name.startswith(f"{one}.") for one in ALLOWED), (path.name, name)
                else:
                    assert name.partition(".")[0] in sys.stdlib_module_names, (path.name, name)
