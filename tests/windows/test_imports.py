"""Every module of the window can be the first one imported: what they import while they are imported makes no circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import valise

HERE = Path(valise.__file__).parent


def modules(root: Path) -> dict[str, Path]:
    """Files by the names they are imported under."""
    found = {}
    for path in root.rglob("*.py"):
        parts = path.relative_to(root.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def at_once(body: Sequence[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports that run when the module is imported: none in functions, none for the type checker alone."""
    for one in body:
        if isinstance(one, ast.Import | ast.ImportFrom):
            yield one
        elif isinstance(one, ast.If):
            if "TYPE_CHECKING" not in ast.dump(one.test):
                yield from at_once(one.body)
            yield from at_once(one.orelse)
        elif isinstance(one, ast.Try):
            for part in (one.body, one.orelse, one.finalbody, *(handler.body for handler in one.handlers)):
                yield from at_once(part)
        elif isinstance(one, ast.ClassDef | ast.With):
            yield from at_once(one.body)


def needs(name: str, known: dict[str, Path]) -> set[str]:
    """Modules of ours that have to be there before this one; a package before its parts, its own excepted."""
    wanted: set[str] = set()
    for one in at_once(ast.parse(known[name].read_text("utf-8")).body):
        if isinstance(one, ast.Import):
            names = [alias.name for alias in one.names]
        else:
            assert not one.level, f"{name}: imports are absolute here"
            names = [one.module or "", *(f"{one.module}.{alias.name}" for alias in one.names)]
        for each in names:
            parts = each.split(".")
            wanted |= {".".join(parts[: at + 1]) for at in range(len(parts))}
    return {one for one in wanted if one in known and name != one and not name.startswith(one + ".")}


def circle(root: Path) -> list[str]:
    """One circle, or nothing."""
    known = modules(root)
    try:
        TopologicalSorter({name: needs(name, known) for name in known}).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_imports_make_no_circle() -> None:
    known = modules(HERE)
    assert len(known) > 200 and "valise.ui.window" in known
    assert needs("valise.ui.security.laptops", known) >= {"valise.ui.widgets.labels", "valise.desk.door"}
    assert circle(HERE) == []


def test_a_planted_circle_is_found(tmp_path: Path) -> None:
    root = tmp_path / "planted"
    (root / "part").mkdir(parents=True)
    (root / "__init__.py").write_text("")
    (root / "part" / "__init__.py").write_text("from planted.part.screen import Screen\n")
    (root / "part" / "screen.py").write_text("from planted.other import thing\nScreen = thing\n")
    other = root / "other.py"
    other.write_text("def later():\n    from planted.part import Screen\n    return Screen\nthing = 1\n")
    assert circle(root) == []
    other.write_text("from planted.part import words\nthing = 1\n")
    assert set(circle(root)) == {"planted.other", "planted.part", "planted.part.screen"}
