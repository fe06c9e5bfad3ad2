"""Silence and seeing of the fake door: enough of the real behaviour to work on the window with."""

from __future__ import annotations

from dataclasses import replace

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk import views as v
from valise.domain.errors import NotAllowed
from valise.domain.text import matrix as m
from valise.domain.text import model as t
from valise.domain.text import words as w
from valise.domain.text.compare import Compared
from valise.domain.text.history import Entry
from valise.domain.text.lint import RULES, Slip
from valise.domain.text.streamline import Choice, Option


class FakeSilence(Part):
    part = "silence"

    def _put(self, text: str, one: t.Silence) -> None:
        rows = self.desk.texts.rows[text].silences
        rows[:] = [each for each in rows if each.id != one.id] + [one]
        self.desk.touch(v.Changes(texts=frozenset({text})))

    def _one(self, text: str, silence: str) -> t.Silence:
        found = [one for one in self.desk.texts.rows[text].silences if one.id == silence]
        if not found:
            raise NotAllowed("text.unknown-silence", "not here")
        return found[0]

    def put(self, text: str, state: t.SilenceState, until: int, *breaks: t.Break, closed: bool = False,
            scope: str = "", symbol: str = "") -> t.Silence:  # fmt: skip
        """For the tests: a procedure that stands so, on the last revision."""
        last = self.desk.texts.rows[text].revisions[-1]
        one = t.Silence(d.ident(f"silence {state}"), last.id, symbol or last.symbol, scope, self.desk.now, until, until,
                        state, closed, breaks)  # fmt: skip
        self._put(text, one)
        return one

    @recorded
    def open(self, text: str, revision: str, deadline: int, scope: str = "") -> str:
        one = self.desk.texts.rows[text]
        symbol = next(each.symbol for each in one.revisions if each.id == revision)
        made = t.Silence(d.ident("silence"), revision, symbol, scope, self.desk.now, deadline, deadline, "running", False)
        self._put(text, made)
        return made.id

    @recorded
    def extend(self, text: str, silence: str, deadline: int) -> None:
        self._put(text, replace(self._one(text, silence), deadline=deadline))

    @recorded
    def break_(self, text: str, silence: str, reason: str) -> None:
        one = self._one(text, silence)
        said = t.Break(d.ident("break"), self.desk.me_view.delegation, reason, self.desk.now, "counts")
        self._put(text, replace(one, state="broken", breaks=(*one.breaks, said)))

    @recorded
    def close(self, text: str, silence: str) -> None:
        one = self._one(text, silence)
        self._put(text, replace(one, closed=True, state="kept" if one.state == "running" else one.state))

    @recorded
    def confirm(self, text: str, silence: str, outcome: t.SilenceState) -> None:
        self._put(text, replace(self._one(text, silence), state=outcome))


class FakeSeeing(Part):
    part = "seeing"

    @recorded
    def choices(self, text: str) -> tuple[Choice, ...]:
        """Places with the same span; readings that are the same together."""
        one = self.desk.texts.rows[text]
        found = []
        for held in one.held:
            places: dict[tuple[int, int], dict[str, list[t.Proposal]]] = {}
            for prop in one.proposals:
                if prop.paragraph == held.id and prop.kind in ("words", "title") and prop.state == "open":
                    places.setdefault(prop.span, {}).setdefault(prop.words, []).append(prop)
            for span, options in sorted(places.items()):
                made = tuple(
                    Option(words, tuple(each.id for each in props), tuple(who for each in props for who in each.sponsors))
                    for words, props in options.items()
                )
                found.append(Choice(held.id, held.section, held.label, held.words, *span, made))
        return tuple(found)

    @recorded
    def unseen(self, text: str) -> dict[str, tuple[str, ...]]:
        return self.news if text == d.TEXT else {}

    @recorded
    def since(self, text: str, revision: str) -> dict[str, tuple[str, ...]]:
        return self.changed.get(revision, {})

    @recorded
    def looked(self, text: str) -> None:
        return None

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.news: dict[str, tuple[str, ...]] = {}
        self.changed: dict[str, dict[str, tuple[str, ...]]] = {}
        self.slips: tuple[Slip, ...] | None = None
        self.entries: tuple[Entry, ...] | None = None
        self.extra: tuple[Compared, ...] = ()
        self.crowd = 0  # delegations besides those that speak

    def _held(self, text: str) -> list[d.Held]:
        return self.desk.texts.rows[text].held

    @recorded
    def matrix(self, text: str, revision: str = "") -> m.Matrix:
        one = self.desk.texts.rows[text]
        who = [d.delegation(code) for code in d.NAMES] + [d.ident(f"crowd {n}") for n in range(self.crowd)]
        rows = []
        for held in one.held:
            said: dict[str, list[m.Said]] = {}
            for prop in one.proposals if not revision else ():
                if prop.state == "open" and held.id in (prop.paragraph, prop.after):
                    for sponsor in prop.sponsors:
                        said.setdefault(sponsor, []).append(m.Said(prop.id, "proposes", ""))
                    for pos in one.positions:
                        if pos.target == prop.id and pos.value != "none":
                            said.setdefault(pos.delegation, []).append(m.Said(prop.id, pos.value, pos.behalf))
            for pos in one.positions if not revision else ():
                if pos.target == held.id and pos.value != "none":
                    said.setdefault(pos.delegation, []).append(m.Said("", pos.value, pos.behalf))
            cells = tuple(
                m.Cell(said[key][0].value if key in said else "", tuple(said.get(key, ()))) for key in who
            )
            rows.append(m.Row(held.id, held.label, bool(said), cells))
        return m.Matrix(tuple(who), tuple(rows))

    @recorded
    def compare(self, text: str, old: str, new: str = "") -> tuple[Compared, ...]:
        if old == new:
            return ()
        made = []
        for n, held in enumerate(self._held(text)):
            before = held.words
            fate, by, pen, moved = "same", (), False, False
            if held.label == "OP 3":
                before, fate, by = held.words.replace("six", "nine"), "changed", (d.delegation("XB"), d.delegation("XE"))
            elif held.label == "OP 4":
                before, fate, pen = held.words.replace("24", "48"), "changed", True
            elif held.label == "PP 6":
                before, fate, by = "", "new", (d.delegation("XD"),)
            moved = held.label == "OP 1"
            made.append(Compared(
                held.id, held.section, fate, moved, before, held.words,  # type: ignore[arg-type]
                tuple(w.difference(before, held.words)) if fate == "changed" else (),
                "" if fate == "new" else "PP 9" if n == 5 else held.label, held.label,
                "" if fate == "new" else "open" if n == 5 else held.status, held.status, by, pen,
            ))  # fmt: skip
        gone = Compared(d.ident("gone"), "OP", "dropped", False, "Requests a report that nobody wanted;", "", (), "OP 2 bis",
                        "", "open", "", (), True)  # fmt: skip
        return (*made, gone, *self.extra)

    @recorded
    def lint(self, text: str) -> tuple[Slip, ...]:
        if self.slips is not None:
            return self.slips
        held = self._held(text)
        words = {"number twice": "OP 3", "also before it was said": "Also requests", "names a person": "Mr.",
                 "said again without also": "Also decides", "adverb in the wrong place": "Recalling also"}  # fmt: skip
        return tuple(Slip(held[n % len(held)].id, rule, words.get(rule, "")) for n, rule in enumerate(RULES, 1))

    @recorded
    def history(self, text: str, paragraph: str) -> tuple[Entry, ...]:
        if self.entries is not None:
            return self.entries
        one = next((held for held in self._held(text) if held.id == paragraph), None)
        if one is None:
            raise NotAllowed("text.unknown-paragraph", "not here")
        xa, xb = d.delegation("XA"), d.delegation("XB")
        before = one.words.replace("six", "nine")
        return (
            Entry("1", "brought", xa, d.NOW - 9 * d.DAY, before),
            Entry("2", "revision", xa, d.NOW - 4 * d.DAY, detail="Rev.1"),
            Entry("3", "proposed", xb, d.NOW - 3 * d.DAY, "six", proposal="p", detail="words"),
            Entry("4", "position", d.delegation("XC"), d.NOW - 2 * d.DAY, "ALP", proposal="p", detail="support"),
            Entry("5", "words", xa, d.NOW - d.DAY, one.words, tuple(w.difference(before, one.words))),
            Entry("6", "disposed", xa, d.NOW - d.DAY, proposal="p", detail="accepted"),
            Entry("7", "agreed ad ref", xa, d.NOW - d.HOUR),
        )

    @recorded
    def convergence(self, text: str) -> tuple[v.Convergence, ...]:
        one = self.desk.texts.rows[text]
        words = sum(len(held.words.split()) for held in one.held)
        rows = [
            v.Convergence(rev.id, rev.symbol, rev.at, words * (n + 2) // (n + 4), words - 5 * n)
            for n, rev in enumerate(one.revisions)
        ]
        return (*rows, v.Convergence("", "", self.desk.now, words - 12 if words else 0, words))
