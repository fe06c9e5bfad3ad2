"""Every code the project can raise is told in three sentences a person understands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

import valise
from valise.domain.errors import Damaged, NotAllowed, NotYet, Refused, Unavailable, ValiseError, WrongPassphrase
from valise.ui import language
from valise.ui.sentence_families import FAMILIES
from valise.ui.sentences import CONFIDENTIAL, SENTENCES
from valise.ui.strings import sentence, tell

_RAISED = re.compile(
    r"\b(?:Refused|NotAllowed|NotYet|WrongPassphrase|Damaged|Unavailable|ValiseError)\(\s*\"([a-z0-9_.-]+)\""
)
_JARGON = re.compile(
    r"\b(commit|branch|merge|conflict|user|tenant|compliance|invalid|failed|error|exception|HPKE|CBOR|hash|payload)\b",
    re.I,
)


def codes() -> set[str]:
    found: set[str] = set()
    for path in Path(valise.__file__).parent.rglob("*.py"):
        found |= set(_RAISED.findall(path.read_text(encoding="utf-8")))
    return found


def test_every_code_has_sentences_of_its_own_or_of_its_family() -> None:
    raised = codes()
    assert len(raised) > 50
    lost = {code for code in raised if code not in SENTENCES and code.partition(".")[0] not in FAMILIES}
    assert lost == set()


@pytest.mark.parametrize("table", [SENTENCES, FAMILIES], ids=["codes", "families"])
def test_sentences_are_plain_and_whole(table: dict[str, object]) -> None:
    for code, entry in table.items():
        assert entry.secrecy in CONFIDENTIAL, code  # type: ignore[attr-defined]
        for words in (entry.happened, entry.todo):  # type: ignore[attr-defined]
            assert words.endswith("."), code
            assert words[0].isupper(), code
            assert not _JARGON.search(words), (code, words)


def test_what_is_in_doubt_is_said_loudly() -> None:
    assert tell(NotAllowed("room.blocked")).tone == "bad"
    assert tell(NotYet("key.unknown")).tone == "info"
    assert tell(Unavailable("carrier.unreachable")).tone == "warn"


@pytest.mark.parametrize("kind", [Refused, NotAllowed, NotYet, WrongPassphrase, Damaged, Unavailable, ValiseError])
def test_a_code_of_tomorrow_still_gets_a_sentence(kind: type[ValiseError]) -> None:
    told = tell(kind("nobody.knows.this", "with a line that is not shown"))
    assert all((told.happened, told.confidentiality, told.todo))
    assert "line" not in told.happened


def test_the_nearest_family_is_taken() -> None:
    assert sentence(Refused("card.some.new.code")) is FAMILIES["card"]
    assert sentence(Refused("card.own")) is SENTENCES["card.own"]


def test_a_few_bytes_are_not_said_in_a_wrong_plural(qapp: QApplication) -> None:
    try:
        language.use(qapp, "ru")
        assert [language.size(n) for n in (1, 14)] == ["1\u00a0Б", "14\u00a0Б"]
    finally:
        language.use(qapp, "en")
