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
from valise.domain.text.silence_rules import (
    closing_due,
    silence_break,
    silence_close,
    silence_confirm,
    silence_extend,
    silence_open,
)

__all__ = [
    "acknowledge", "admit", "agree", "bring", "close", "closing_due", "comment", "cosponsor", "merge", "open_text", "park", "pass_pen",
    "position", "propose_alternative", "propose_delete", "propose_move", "propose_paragraph", "propose_title",
    "propose_words", "recover", "reject", "remove_pen", "reopen", "resolve_device", "resolve_pen", "revision", "roster",
    "silence_break", "silence_close", "silence_confirm", "silence_extend", "silence_open", "take", "touched_by", "withdraw",
]
