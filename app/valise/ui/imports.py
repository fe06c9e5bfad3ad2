"""Modules are loaded without being read twice. Qt for Python puts a function of its own in the place of Python's import: for the
sake of `from __feature__`, which nothing here uses, it reads the source of every module loaded after it, and keeps it in memory."""

from __future__ import annotations

import builtins

import PySide6.QtCore  # noqa: F401  here that is done


def plain() -> None:
    """From now on as it was before."""
    before = getattr(builtins, "__orig_import__", None)
    if before is not None:
        builtins.__import__ = before
