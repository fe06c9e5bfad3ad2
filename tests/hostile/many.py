"""The same look for thousands of planted words at once: every place of the data is asked once, for all of them."""

from __future__ import annotations

from collections.abc import Iterable

from tests.hostile.scan import Scan

_HEAD = 8


class _Needles:
    """Needles by their first letters: only those whose beginning occurs are looked for."""

    def __init__(self, needles: dict[bytes, tuple[str, str]]) -> None:
        assert all(len(one) >= _HEAD for one in needles)
        self._needles = needles
        self._by_head: dict[bytes, list[bytes]] = {}
        for one in needles:
            self._by_head.setdefault(one[:_HEAD], []).append(one)
        self._heads = frozenset(self._by_head)

    def within(self, data: bytes) -> set[tuple[str, str]]:
        there = self._heads.intersection(data[at : at + _HEAD] for at in range(len(data) - _HEAD + 1))
        return {self._needles[one] for head in there for one in self._by_head[head] if one in data}


class Many(Scan):
    """As Scan, for words of at least eight octets in every form."""

    def __init__(self, words: Iterable[str]) -> None:
        super().__init__(words)
        self._both = _Needles(self._folded), _Needles(self._exact)

    def hits(self, data: bytes) -> set[tuple[str, str]]:
        folded, exact = self._both
        return folded.within(data.lower()) | exact.within(data)
