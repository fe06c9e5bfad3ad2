"""The rules of the house as functions over a tree, so that each can be tried on a planted breach."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

MOST_LINES = 400

# Words that are not the field's, in anything a person reads ("commitment" is the field's).
BANNED = re.compile(
    r"\b(commit(s|ted|ting)?|branch(es)?|merg(e[sd]?|ing)|users?|usernames?|tenants?|complian(ce|t))\b", re.IGNORECASE
)
TRANSLATES = {"tr", "translate", "QT_TRANSLATE_NOOP", "QT_TR_NOOP", "trUtf8"}
SHOWN = {
    "setText", "setWindowTitle", "setToolTip", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription",
    "setStatusTip", "setWhatsThis", "setTitle", "setLabelText", "setInformativeText", "QLabel", "QPushButton",
    "QCheckBox", "QRadioButton", "QGroupBox", "QToolButton", "QAction",
}  # fmt: skip

# Written in pieces: these rules are read by themselves too.
REGISTRIES = re.compile(
    "|".join(
        re.escape(".".join(parts))
        for parts in (
            ("py" + "pi", "org"), ("pythonhosted", "org"), ("npm" + "js", "org"), ("npm" + "js", "com"),
            ("crates", "io"), ("proxy", "golang", "org"), ("rubygems", "org"), ("docker", "io"), ("gh" + "cr", "io"),
            ("quay", "io"), ("ana" + "conda", "org"), ("jfrog", "io"),
        )
    )
)  # fmt: skip
MACHINE_PATHS = re.compile(r"(?<![\w.}\]])/(?:" + "|".join(("root", "work", "home", "opt", "Users", "mnt")) + r")/\w")
OTHERS = ("Clau" + "de", "Anthro" + "pic", "Chat" + "GPT", "LL" + "M")
SELF_TALK = re.compile(r"\bissue\s+#?\d+|\b(" + "|".join(OTHERS) + r")\b")


def packages_of(root: Path) -> tuple[set[str], set[str]]:
    """The package folders that are there, and those pyproject.toml names."""
    app = root / "app"
    there = {".".join(path.parent.relative_to(app).parts) for path in app.rglob("__init__.py")}
    there |= {"valise.resources"} if (root / "resources" / "__init__.py").exists() else set()
    setuptools = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    return there, set(setuptools["packages"])


def folders_without_package(root: Path) -> list[str]:
    """Folders of code that no package claims: they would be missing from what is shipped."""
    found = {path.parent for path in (root / "app").rglob("*.py")}
    return sorted(str(one.relative_to(root)) for one in found if not (one / "__init__.py").exists())


def text_files(root: Path, *folders: str) -> Iterator[tuple[Path, str]]:
    """Every text file under these folders (or of the root itself, for ".")."""
    for folder in folders:
        paths = (root / folder).rglob("*") if folder != "." else root.glob("*")
        for path in sorted(paths):
            if not path.is_file() or "__pycache__" in path.parts or path.suffix in {".pyc", ".png", ".qm"}:
                continue
            try:
                yield path, path.read_text("utf-8")
            except UnicodeDecodeError:
                continue


def outside_names(root: Path, *folders: str) -> list[str]:
    """Lines that name a package registry, a place of one machine, or speak of something but the project."""
    found = []
    for path, text in text_files(root, *folders):
        for number, line in enumerate(text.splitlines(), 1):
            if REGISTRIES.search(line) or MACHINE_PATHS.search(line) or SELF_TALK.search(line):
                found.append(f"{path.relative_to(root)}:{number}")
    return found


def long_modules(root: Path) -> dict[str, int]:
    """Modules of the application over MOST_LINES lines."""
    counted = {
        path.relative_to(root).as_posix(): len(path.read_text("utf-8").splitlines())
        for path in (root / "app").rglob("*.py")
    }
    return {name: lines for name, lines in counted.items() if lines > MOST_LINES}


def trees(root: Path, folder: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted((root / folder).rglob("*.py")):
        yield path, _tree(path.read_text("utf-8"), str(path))


@cache
def _tree(text: str, name: str) -> ast.Module:
    return ast.parse(text, name)


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _words(node: ast.expr) -> Iterator[str]:
    """Literal words in an expression, but not inside a call: what is called answers for itself."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and re.search(r"[^\W\d_]", node.value):
            yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                yield from _words(part)
    elif isinstance(node, ast.BinOp):
        yield from _words(node.left)
        yield from _words(node.right)
    elif isinstance(node, ast.IfExp):
        yield from _words(node.body)
        yield from _words(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for one in node.values:
            yield from _words(one)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        yield from _words(node.func.value)


def untranslated(root: Path, folder: str = "app/valise/ui") -> list[str]:
    """Words handed to a widget without going through tr()."""
    found = []
    for path, tree in trees(root, folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) in SHOWN:
                words = [word for argument in node.args for word in _words(argument)]
                words += [word for one in node.keywords if one.arg in {"text", "title"} for word in _words(one.value)]
                found += [f"{path.relative_to(root)}:{node.lineno} {word!r}" for word in words]
    return found


def banned_words(root: Path, folder: str = "app") -> list[str]:
    """Words inside tr() that are not the field's."""
    found = []
    for path, tree in trees(root, folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) in TRANSLATES:
                texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                found += [f"{path.relative_to(root)}:{node.lineno} {text!r}" for text in texts if BANNED.search(text)]
    return found


def made_up_translations(root: Path, folder: str = "app/valise/ui") -> list[str]:
    """tr() or translate() around something put together at run time (an f-string, a sum): no translation can exist for it."""
    found = []
    for path, tree in trees(root, folder):
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or (_called(node) == "translate" and not isinstance(node.func, ast.Name)):
                continue  # a painter translates too
            place = {"tr": 0, "translate": 1}.get(_called(node), len(node.args))
            text = node.args[place] if len(node.args) > place else None
            if isinstance(text, (ast.JoinedStr, ast.BinOp)):
                found.append(f"{path.relative_to(root)}:{text.lineno}")
    return found


def free_log_codes(root: Path) -> list[str]:
    """log.note() with a first argument that is neither a literal nor the code of an error."""
    found = []
    for path, tree in trees(root, "app"):
        if path.name == "log.py":
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and _called(node) == "note" and isinstance(node.func, ast.Attribute)):
                continue
            if getattr(node.func.value, "id", "") != "log" or not node.args:
                continue
            first = node.args[0]
            literal = isinstance(first, ast.Constant)
            if not literal and not (isinstance(first, ast.Attribute) and first.attr == "code"):
                found.append(f"{path.relative_to(root)}:{node.lineno}")
    return found
