"""The rules of a text as the desk uses them: each function checks the rule and returns the body (or bodies) to
sign. Raises NotAllowed("text.*"); nothing is changed."""

from __future__ import annotations

from valise.domain.text.merging import admit, merge, reject, take, touched_by
from valise.domain.text.pen_rules import (
    agree,
    bring,
    close,
    open_text,
    park,
    pass_pen,
    recover,
    remove_pen,
    reopen,
    resolve_device,
    resolve_pen,
    revision,
    roster,
)
from valise.domain.text.saying import (
    acknowledge,
    comment,
    cosponsor,
    position,
    propose_alternative,
    propose_delete,
    propose_move,
    propose_paragraph,
    propose_title,
    propose_words,
    withdraw,
)

__all__ = [
    "acknowledge", "admit", "agree", "bring", "close", "comment", "cosponsor", "merge", "open_text", "park", "pass_pen",
    "position", "propose_alternative", "propose_delete", "propose_move", "propose_paragraph", "propose_title",
    "propose_words", "recover", "reject", "remove_pen", "reopen", "resolve_device", "resolve_pen", "revision", "roster",
    "take", "touched_by", "withdraw",
]
