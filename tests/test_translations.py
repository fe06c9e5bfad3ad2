"""The translations as files: every text in every language, with what stands in it, in as many forms as the language has."""

from __future__ import annotations

import importlib.util
import json
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtGui import QKeySequence

ROOT = Path(__file__).parents[1]
LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
PLACES = re.compile(r"\{[^{}]*\}|%L?n|</?[a-z]+[^<>]*>|\n")
Line = tuple[str, str, list[str], bool, bool]


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("valise_translations", ROOT / "packaging/translations.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def lines(tool: ModuleType) -> dict[str, list[Line]]:
    return {one: list(tool.messages(tool.FOLDER / f"valise_{one}.ts")) for one in LANGUAGES}


def test_the_six_languages_are_the_settings_languages(tool: ModuleType) -> None:
    from valise.settings import setting

    assert set(tool.LANGUAGES) == set(LANGUAGES) == set(setting("language").choices) - {"system"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_and_nothing_else(language: str, tool: ModuleType, lines: dict[str, list[Line]]) -> None:
    """`make translations` was run after the last change of a text."""
    asked = {text: plural for text, plural in tool.texts_of().items() if plural or language != "en" or text in tool.ENGLISH}
    assert {(context, text): plural for context, text, _, plural, _ in lines[language]} == asked


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_untranslated_or_unfinished(language: str, lines: dict[str, list[Line]]) -> None:
    open_ = [text for _, text, forms, _, finished in lines[language] if not finished or not all(forms)]
    assert open_ == [], f"{len(open_)} texts"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_a_text_stands_in_its_translation(language: str, lines: dict[str, list[Line]]) -> None:
    wrong = []
    for _, text, forms, plural, finished in lines[language]:
        for form in forms if finished else ():
            wanted, there = Counter(PLACES.findall(text)), Counter(PLACES.findall(form))
            if plural:  # "one", "two" may be a word
                for count in ("%n", "%Ln"):
                    there[count] = wanted[count] = max(there[count], wanted[count]) if there[count] <= 1 else -1
            if set(+wanted) != set(+there) or (form != form.strip() and text == text.strip()):
                wrong.append((text, form))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_takes_an_alt_letter(language: str, tool: ModuleType, lines: dict[str, list[Line]]) -> None:
    """The window has keys of its own for everything; letters of translations would be taken twice in a dialog sooner or later."""
    texts = {text for _, text in tool.texts_of()} | {form for _, _, forms, _, _ in lines[language] for form in forms}
    assert [one for one in texts if QKeySequence.mnemonic(one).toString()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_as_many_forms_as_the_language_has(language: str, tool: ModuleType, lines: dict[str, list[Line]]) -> None:
    assert {len(forms) for _, _, forms, plural, _ in lines[language] if plural} == {tool.FORMS[language]}
    assert {len(forms) for _, _, forms, plural, _ in lines[language] if not plural} <= {1}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_loaded_says_it_under_its_context(
    language: str, tool: ModuleType, lines: dict[str, list[Line]], tmp_path: Path
) -> None:
    made = {one.stem: one for one in tool.compile_all(to=tmp_path)}[f"valise_{language}"]
    there = QTranslator()
    assert there.load(str(made))
    assert there.language().startswith(language)
    numbers = {1: (7,), 2: (1, 7), 3: (1, 3, 7), 6: (0, 1, 2, 3, 11, 100)}[tool.FORMS[language]]
    for context, text, forms, plural, finished in lines[language]:
        if not finished:
            continue
        if plural:
            assert [there.translate(context, text, None, n) for n in numbers] == forms
        else:
            assert there.translate(context, text) == forms[0]


def test_nobody_writes_the_compiled_files_into_the_history() -> None:
    assert "*.qm" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_a_second_run_changes_nothing(tool: ModuleType, tmp_path: Path) -> None:
    copy = tmp_path / "valise_fr.ts"
    copy.write_bytes((tool.FOLDER / "valise_fr.ts").read_bytes())
    tool.extract([copy], tool.texts_of())
    assert copy.read_bytes() == (tool.FOLDER / "valise_fr.ts").read_bytes()
    assert b"<location" not in copy.read_bytes()


PLANTED = '''
tr = None
class A:
    def f(self, n):
        self.tr("of A")
        class B:
            def g(self):
                return self.tr("of B")
        self.tr("of A again" if n else "or this")
        f"{translate('c', 'in a string')}"
        translate("c", "%n things", None, n - 1)
TABLE = {"x": _("t", "marked"), "y": QT_TRANSLATE_NOOP("t", "marked " "too")}
translate("c", variable)
'''


def test_the_reader_finds_what_is_asked(tool: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(PLANTED, "utf-8")
    found = {key: plural for key, plural in tool.texts_of(tmp_path).items() if key[0] != "settings"}
    assert found == {
        ("A", "of A"): False, ("A", "of A again"): False, ("A", "or this"): False, ("B", "of B"): False,
        ("c", "in a string"): False, ("c", "%n things"): True, ("t", "marked"): False, ("t", "marked too"): False,
    }  # fmt: skip


def test_a_plural_goes_by_its_context_and_never_through_a_class(tool: ModuleType) -> None:
    """PySide6 looks a text of a class up under the name of its heirs first, and takes the filled-in number for an answer."""
    assert [key for key, plural in tool.texts_of().items() if plural and key[0][:1].isupper()] == []
    assert [key for key, plural in tool.texts_of().items() if not plural and re.search("%L?n", key[1])] == []


def test_the_glossary_has_every_term_in_every_language_with_its_source() -> None:
    glossary = json.loads((ROOT / "resources/i18n/glossary.json").read_text("utf-8"))
    assert len(glossary) > 150
    for name, row in glossary.items():
        assert set(row) == set(LANGUAGES), name
        for one in row.values():
            assert set(one) == {"term", "source"}, name
            assert one["term"].strip() == one["term"] != "", name
            assert one["source"].strip(), name
    drafting = {one.partition(" (")[0].casefold() for one in glossary}
    assert {"delegation", "proposal", "ad ref", "silence procedure", "point of contact", "vault", "confidence-building measure"} <= drafting


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_kept_in_the_vault_is_no_reservation(language: str, lines: dict[str, list[Line]]) -> None:
    glossary = json.loads((ROOT / "resources/i18n/glossary.json").read_text("utf-8"))
    keep, reservation = (glossary[one][language]["term"] for one in ("keep (in the vault)", "reservation"))
    assert keep != reservation
    if language == "zh":  # its words keep their form
        texts = [(text, form) for _, text, forms, _, _ in lines["zh"] for form in forms]
        texts = [one for one in texts if re.search(r"[Kk]ept (on|in (the|its|your)) .*(vault|paragraph)|words are kept|The \w+ is kept", one[0])]
        assert len(texts) > 12 and [one for one in texts if keep not in one[1]] == []
        guide = "".join(one.read_text("utf-8") for one in (ROOT / "resources/guide/zh").glob("*.md"))
        assert f"{reservation}在保险库" not in guide


def test_settings_are_looked_up_as_they_are_declared(tool: ModuleType) -> None:
    from valise.settings import SETTINGS

    texts = tool.texts_of()
    for one in SETTINGS:
        for text in (one.label, one.help, *one.labels):
            assert not text or texts[("settings", text)] is False
        assert not one.unit or ("settings", one.unit) in texts
    assert QCoreApplication.translate("settings", "no such text") == "no such text"
