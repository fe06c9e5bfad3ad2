"""The translations of the window, through the tools of Qt Linguist (lupdate, lrelease).

    python packaging/translations.py            take what the sources say into resources/i18n/*.ts, tell what is missing
    python packaging/translations.py compile    write the .qm files beside them, where they are older

lupdate reads Python by guessing: it leaves out a plural whose number is an expression, a text inside an f-string, the
other arm of a condition, and takes the wrong class after a nested one. So Python reads Python here, and lupdate gets the
texts in its own words, in a file that lives as long as the call; it merges them, as it should. With them go the texts of
the settings, which are declared outside the window and may not know Qt. The .ts files name no places in the sources and
are sorted, so that a diff shows what changed and nothing else. English has a file of its own for its plurals alone.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "app" / "valise" / "ui"
FOLDER = ROOT / "resources" / "i18n"
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
ENGLISH = {("QShortcut", "Return")}  # what English calls otherwise than Qt does
FORMS = {"ar": 6, "en": 2, "es": 2, "fr": 2, "ru": 3, "zh": 1}  # as Qt counts them; Spanish and French without millions
MARKS = ("_", "QT_TRANSLATE_NOOP")  # in tables: looked up elsewhere, under the same context
# Guessing from similar texts would put a wrong translation where none is better.
OPTIONS = (
    "-silent", "-no-obsolete", "-locations", "none", "-sort-messages", "-source-language", "en",
    "-disable-heuristic", "sametext", "-disable-heuristic", "similartext",
)  # fmt: skip
Texts = dict[tuple[str, str], bool]  # (context, text) -> whether it is a plural


def tool(name: str) -> str:
    """The program of PySide6-Essentials beside this Python."""
    import PySide6

    folder = Path(PySide6.__path__[0])
    for one in (folder / name, folder / f"{name}.exe", folder / "Qt" / "libexec" / name):
        if one.is_file():
            return str(one)
    raise FileNotFoundError(name)


def settings_texts() -> list[str]:
    """What a person reads of the settings, in the order of their declaration, each once."""
    from valise.settings import SETTINGS

    texts = (text for one in SETTINGS for text in (one.label, one.help, *one.labels))
    return list(dict.fromkeys(text for text in texts if text))


def literals(node: ast.expr) -> list[str]:
    """The texts an argument may be; none for a variable."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def asked(tree: ast.AST, context: str = "") -> Iterator[tuple[str, str, bool]]:
    """(context, text, whether it is a plural) of each text that is translated or marked. `self.tr` asks under the name of
    the class the call stands in: PySide6 goes through the classes an object inherits."""
    for node in ast.iter_child_nodes(tree):
        inside = node.name if isinstance(node, ast.ClassDef) else context
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "tr" and node.args:
                yield from ((context, text, len(node.args) > 2) for text in literals(node.args[0]))
            elif name in ("translate", *MARKS) and len(node.args) > 1:
                for where in literals(node.args[0]):
                    yield from ((where, text, len(node.args) > 3) for text in literals(node.args[1]))
        yield from asked(node, inside)


def texts_of(sources: Path = SOURCES) -> Texts:
    """Everything there is to translate."""
    found: Texts = {("settings", text): False for text in settings_texts()}
    for path in sorted(sources.rglob("*.py")):
        for context, text, plural in asked(ast.parse(path.read_text("utf-8"), str(path))):
            found[context, text] = found.get((context, text), False) or plural
    return found


def extract(targets: Sequence[Path], texts: Texts) -> None:
    """Merge these texts into the .ts files; what is no longer among them goes."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "texts.py"
        lines = (
            f"translate({said(context)}, {said(text)}, None, 1)\n" if plural
            else f"QT_TRANSLATE_NOOP({said(context)}, {said(text)})\n"
            for (context, text), plural in sorted(texts.items())
        )  # fmt: skip
        listed.write_text("".join(lines), "utf-8")
        command = [tool("lupdate"), *OPTIONS, str(listed), "-ts", *map(str, targets)]
        subprocess.run(command, check=True, timeout=120)
    for target in targets:
        there = {(context, text): plural for context, text, _, plural, _ in messages(target)}
        if there != texts:
            raise RuntimeError(f"{target.name} is not what was asked for: {set(there.items()) ^ set(texts.items())}")


def said(text: str) -> str:
    """A literal as lupdate reads it."""
    return json.dumps(text, ensure_ascii=False)


def update() -> None:
    """All six files."""
    FOLDER.mkdir(exist_ok=True)
    texts = texts_of()
    extract([FOLDER / f"valise_{one}.ts" for one in LANGUAGES if one != "en"], texts)
    extract([FOLDER / "valise_en.ts"], {text: plural for text, plural in texts.items() if plural or text in ENGLISH})


def compile_all(folder: Path = FOLDER, to: Path | None = None) -> list[Path]:
    """Write each .qm that is missing or older than its .ts, finished texts only; give all of them."""
    made = []
    for source in sorted(folder.glob("valise_*.ts")):
        target = (to or folder) / f"{source.stem}.qm"
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            made_here = target.with_suffix(f".{os.getpid()}")  # several tests may come here at once
            command = [tool("lrelease"), "-silent", "-nounfinished", str(source), "-qm", str(made_here)]
            subprocess.run(command, check=True, timeout=60)
            made_here.replace(target)
        made.append(target)
    return made


def messages(path: Path) -> Iterator[tuple[str, str, list[str], bool, bool]]:
    """(context, source, translation or its forms, whether it is a plural, whether it is finished) of a .ts file."""
    for context in ET.parse(path).getroot().iter("context"):  # noqa: S314  (our own file)
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            plural = message.get("numerus") == "yes"
            there = message.find("translation")
            assert there is not None
            forms = [one.text or "" for one in there.iter("numerusform")] if plural else [there.text or ""]
            yield name, message.findtext("source") or "", forms, plural, there.get("type") is None


def report() -> int:
    """Say how far each language is; the number of texts that are not finished."""
    left = 0
    for one in LANGUAGES:
        every = list(messages(FOLDER / f"valise_{one}.ts"))
        open_ = sum(not finished or not all(forms) for _, _, forms, _, finished in every)
        left += open_
        print(f"{one}: {len(every)} texts, {open_} unfinished")
    return left


def main(arguments: Sequence[str]) -> int:
    if list(arguments) == ["compile"]:
        compile_all()
        return 0
    if arguments:
        print(__doc__)
        return 2
    update()
    report()
    compile_all()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
