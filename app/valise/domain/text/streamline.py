"""What the pen has to choose between: every cluster of open proposals, like ones together, and what becomes of each
proposal when it has chosen. A help for the pen; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from valise.domain.text import brackets, saying
from valise.domain.text import words as w
from valise.domain.text.book import LIVE, Par
from valise.domain.text.fold import TextState
from valise.domain.text.model import Section

ALIKE = 70.0  # per cent of likeness from which two wordings are shown together
SPANNED = frozenset({"words", "title"})


@dataclass(frozen=True, slots=True)
class Option:
    """One outcome: `words` in place of the cluster's, the proposals that want it, the delegations behind them. `like`:
    options with the same number read nearly the same (0 = unlike every other)."""

    words: str
    proposals: tuple[str, ...]
    sponsors: tuple[str, ...]
    like: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A cluster: `words` of the paragraph, [start, end) of them in question, and what is proposed there."""

    paragraph: str
    section: Section
    label: str
    words: str
    start: int
    end: int
    options: tuple[Option, ...]

    @property
    def quote(self) -> str:
        """The words in question as they stand."""
        return self.words[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of a live proposal under new words. `outcome`: "accepted" where they are what it wants, "rebased" where
    they leave its place alone (`span` = there), "" where a person has to say it. `kept` of its `total` new words stand in
    the paragraph."""

    proposal: str
    outcome: str
    span: tuple[int, int] | None
    kept: int
    total: int


def choices(state: TextState) -> tuple[Choice, ...]:
    """Every cluster, in the order of the text. NotAllowed("text.not-open")."""
    book = saying.ready(state)
    found = []
    for par in (book.pars[book.title_id], *book.standing()):
        for cluster in brackets.clusters(par):
            options = _liked([
                Option(
                    side.words,
                    tuple(prop.node.id for prop in side.props),
                    tuple(dict.fromkeys(who for prop in side.props for who in prop.now.sponsors)),
                )
                for side in cluster.sides
            ])  # fmt: skip
            found.append(Choice(par.id, par.section, par.label, par.words, cluster.start, cluster.end, options))
    return tuple(found)


def _liked(options: Sequence[Option]) -> tuple[Option, ...]:
    """Options that read nearly the same get a number in common, the first of them leading."""
    number = [0] * len(options)
    last = 0
    for n, one in enumerate(options):
        for m in range(n):
            if fuzz.ratio(one.words, options[m].words) >= ALIKE:
                if not number[m]:
                    last += 1
                    number[m] = last
                number[n] = number[m]
                break
    return tuple(
        Option(one.words, one.proposals, one.sponsors, like) for one, like in zip(options, number, strict=True)
    )


def chosen(words: str, picks: Mapping[tuple[int, int], str]) -> str:
    """The paragraph's words with what was picked in each cluster ([start, end) -> words)."""
    return w.apply(words, [w.Hunk(start, end, said) for (start, end), said in sorted(picks.items())])


def answers(state: TextState, paragraph: str, words: str) -> tuple[Answer, ...]:
    """What these words would mean for every live proposal on the paragraph, in the order they came.
    NotAllowed("text.unknown-paragraph")."""
    book = saying.ready(state)
    par = saying.standing(book, paragraph)
    hunks = {(one.start, one.end): one.words for one in w.difference(par.words, words, None)}
    live = [prop for prop in par.props if prop.state in LIVE and prop.par == par.id and prop.what not in ("paragraph", "move")]
    made = []
    for prop in sorted(live, key=lambda one: one.node.order):
        said = str(prop.node.body["words"])
        span: tuple[int, int] | None = None
        outcome = ""
        if prop.what in SPANNED and prop.now.ver == par.ver:
            outcome, span = _spanned(par, prop.now.span, said, words, hunks)
        elif prop.what in ("alternative", "delete"):
            outcome = "accepted" if said == words and prop.what == "alternative" else "rebased" if not hunks else ""
            span = (0, len(words)) if outcome == "rebased" else None
        made.append(Answer(prop.node.id, outcome, span, *_stands(said, words)))
    return tuple(made)


def _spanned(
    par: Par, span: tuple[int, int], said: str, words: str, hunks: Mapping[tuple[int, int], str]
) -> tuple[str, tuple[int, int] | None]:
    moved = w.rebase(span, par.words, words)
    if moved is not None:
        return "rebased", moved
    alone = par.words[: span[0]] + said + par.words[span[1] :]
    asked = w.difference(par.words, alone, None)
    return ("accepted" if all(hunks.get((one.start, one.end)) == one.words for one in asked) else ""), None


def _stands(said: str, words: str) -> tuple[int, int]:
    """(how many of the words said stand in these, in their order; how many there are)."""
    mine = [token.casefold() for token in w.tokens(said) if w.is_word(token)]
    there = [token.casefold() for token in w.tokens(words) if w.is_word(token)]
    return LCSseq.similarity(mine, there), len(mine)
