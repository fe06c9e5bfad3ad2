"""Every code the house can raise or show reaches a person as sentences, read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

import valise
from valise.domain.errors import NotAllowed, Refused, ValiseError
from valise.ui.contacts import said
from valise.ui.messages import terms as rooms
from valise.ui.overview import lines
from valise.ui.sentence_families import FAMILIES
from valise.ui.strings import EVERY, tell
from valise.ui.texts import terms
from valise.ui.texts.found import known

SOURCE = Path(valise.__file__).parent
ERRORS = {"ValiseError", "Refused", "NotAllowed", "NotYet", "WrongPassphrase", "Damaged", "Unavailable", "refused",
          "Misread", "misread", "_Bad"}
# What an officer's own act meets has a sentence of its own; what only a peer's envelope or an importer inside can be
# guilty of may share the sentence of its family.
OWN = {"vault", "header", "card", "grant", "request", "rootfile", "root", "rights", "text", "room", "contact",
       "message", "attachment", "carrier", "format", "file", "setting", "safety", "system"}  # fmt: skip
SHARED = {"header.shape", "header.large", "text.rebase-differs"}


@lru_cache
def trees(*parts: str) -> tuple[tuple[Path, ast.Module], ...]:
    paths = sorted(SOURCE.joinpath(*parts).rglob("*.py"))
    return tuple((path, ast.parse(path.read_text("utf-8"))) for path in paths)


def name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def texts(node: ast.expr) -> Iterator[str]:
    """The literals an expression can become: constants, either side of a condition."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from texts(node.body)
        yield from texts(node.orelse)
    elif isinstance(node, ast.BoolOp):
        for one in node.values:
            yield from texts(one)


@lru_cache
def raised() -> frozenset[str]:
    """Every code given to an error, also through a name that is made of parts (`f"{what}.malformed"`)."""
    found: set[str] = set()
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name(node) in ERRORS and node.args:
                found |= {code for code in texts(node.args[0]) if "." in code}
                if isinstance(node.args[0], ast.JoinedStr) and path.name == "fields.py":
                    ending = node.args[0].values[-1]
                    assert isinstance(ending, ast.Constant)
                    found |= {
                        f"{what}{ending.value}" for what in ("card", "grant", "request", "rootfile", "certificate")
                    }
    from valise.formats.abc import LINES

    return frozenset(found) | set(LINES) | {f"contact.{why}" for why in ("changed", "differs", "forked", "replaced")}


def test_every_error_is_told_in_three_sentences() -> None:
    codes = raised()
    assert len(codes) > 150
    for code in codes:
        told = tell(Refused(code))
        assert told.happened and told.confidentiality and told.todo
        assert code in EVERY or code.partition(".")[0] in FAMILIES, code


def test_what_an_officer_can_meet_has_a_sentence_of_its_own() -> None:
    lost = {code for code in raised() if code.partition(".")[0] in OWN and code not in EVERY and code not in SHARED}
    assert lost == set()


def test_no_sentence_is_for_a_code_that_nobody_raises() -> None:
    unused = {code for code in EVERY if code not in raised() and not code.startswith(("kind.", "internal"))}
    # shown without being raised: the state of a room; and families told in the words of one of them
    assert unused <= {"room.blocked", "room.left", "card.missing", "card.forked", "file.empty", "room.title",
                      "message.marking", "text.unknown-target", "contact.added", "contact.disputed", "contact.own_added", "copy.joined",
                      "picture.too_hard", "picture.unknown"}  # fmt: skip


def literals(codes: set[str], *parts: str) -> set[str]:
    """Codes of this form among all string literals of some part of the house."""
    return {
        node.value
        for _, tree in trees(*parts)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in codes
    }


def calls(called: str, place: int, *parts: str) -> set[str]:
    """The literal at one place of every call of this name."""
    return {
        code
        for _, tree in trees(*parts)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name(node) == called and len(node.args) > place
        for code in texts(node.args[place])
    }


def test_every_notice_about_a_delegation_is_a_sentence() -> None:
    codes = {code for code in calls("notice", 2, "desk") | calls("_notice", 1, "desk") if "." in code}
    assert len(codes) >= 6
    generic = said.notice("nobody.knows:1796774400000")
    for code in codes:
        assert said.notice(f"{code}:1796774400000") != generic, code


def test_everything_due_is_a_sentence_with_a_step() -> None:
    codes = {code for code in calls("Due", 2, "desk") if "." in code}
    assert len(codes) >= 6
    for code in codes:
        assert code in lines._TABLE, code


def test_every_reason_why_nothing_is_sent_is_a_sentence() -> None:
    stopped = ("changed", "differs", "forked", "added", "own_added", "disputed")
    codes = {f"contact.{why}" for why in stopped} | {"room.left", "device.revoked", "device.scope"}
    assert codes == set(rooms._BLOCKED)


def test_every_notice_about_an_amendment_is_a_sentence() -> None:
    """What the fold says of a proposal that counts for nothing: codes returned by its rules."""
    found: set[str] = set()
    for path, tree in trees("domain", "text"):
        if path.name not in ("facts.py", "pen.py", "past.py", "standing.py", "view.py", "fold.py"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Return) and node.value is not None:
                found |= {code for code in texts(node.value) if code.startswith("text.")}
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
                found |= {code for one in node.value.elts for code in texts(one) if code.startswith("text.")}
    found -= {"text.revision-differs", "text.unknown-revision"}  # of revisions, shown on their own pane
    assert len(found) > 8
    generic = terms.notice("text.nobody-knows")
    assert {code for code in found if terms.notice(code) == generic} == set()
    assert terms.notice("The pen's own words.") == "The pen's own words."


def test_every_note_of_an_importer_is_a_sentence() -> None:
    codes = {code for code in calls("Note", 0, "formats") if "." in code}
    assert len(codes) > 8
    assert {code for code in codes if not known(code)} == set()


@pytest.mark.parametrize("code", ["text.pen-fork", "text.pen-suspended", "text.recoveries-differ"])
def test_a_frozen_text_says_why(code: str) -> None:
    assert terms.frozen(code) != terms.frozen("text.of-tomorrow")
    assert code in literals({code}, "domain", "text")


def test_the_sentence_never_depends_on_the_line() -> None:
    assert tell(NotAllowed("text.frozen", "peer words")) == tell(NotAllowed("text.frozen"))
    assert isinstance(NotAllowed("text.frozen"), ValiseError)
