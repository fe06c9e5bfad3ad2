"""What a window may know of recovery shares while they are typed: the words, and whether one share is right by itself."""

from __future__ import annotations

from valise.protocol.shares import LEAST, LENGTH, MOST, WORDS, ShareInfo, look, tidy, unknown

__all__ = ["LEAST", "LENGTH", "MOST", "WORDS", "ShareInfo", "look", "tidy", "unknown"]
