"""Where proposals and positions stand: pure functions of what was said and of the pen chain.

A proposal's state, from the pen chain in its order, starting at the version the proposal quotes:
- the pen disposed of it: that outcome, the pen's last word counts;
- the words of its paragraph changed without a disposition for it: *stale* (a move does not hang on words);
- its paragraph was agreed by a pen that had not seen it, and it was not made after the reopening: *late*;
- its paragraph was dropped without a disposition for it: *moot*;
- the pen admitted it (late, stale, moot or cut off): open again, *rebased* if the words are others by now.
Then: *withdrawn* when the pen has not decided and no sponsor is left. A withdrawal is final for a delegation;
a proposal goes on with the co-sponsors it has. *void*: the quote is not what stood there, the paragraph is on
no common chain, or the device has two histories. A proposal for a new paragraph hangs on no words: only the
pen's dispositions and withdrawals move it.
"""

from __future__ import annotations

from collections.abc import Iterable

from valise.domain.text.book import FINAL, LIVE, SPANNED, WHOLE, Book, Par, Prop, Span, Standing
from valise.domain.text.model import ProposalState
from valise.domain.text.past import UNSEEN, Node

CAUTION = ("oppose", "reserve", "scrutiny reservation", "none", "can go along", "support")
_RANK = {value: rank for rank, value in enumerate(CAUTION)}


def sponsors(prop: Prop, limit: int = UNSEEN) -> tuple[str, ...]:
    """Delegations behind a proposal, author first, the others sorted; `limit` = as the pen saw it there."""
    if not prop.backers and not prop.leavers:
        return (prop.node.author,)
    gone = {node.author for node in prop.leavers if node.seen <= limit}
    behind = {node.author for node in prop.backers if node.seen <= limit} - gone
    author = prop.node.author
    behind.discard(author)
    return (*(() if author in gone else (author,)), *sorted(behind))


def _moments(prop: Prop, par: Par, first: int) -> list[int]:
    """Chain positions after the anchor at which something may have happened to the proposal."""
    at = {event[0] for event in prop.events}
    at.update(version[0] for version in par.versions[first + 1 :])
    at.update(spell[0] for spell in par.spells)
    if par.gone >= 0:
        at.add(par.gone)
    return sorted(at)


def judge(book: Book, prop: Prop, limit: int = UNSEEN) -> Standing:
    """Where a proposal stands. With `limit`, sponsors as far as the pen had seen them at that position."""
    node = prop.node
    behind = sponsors(prop, limit)
    start, end = node.body["span"]
    ver: str = node.body["ver"]
    if prop.flaw:
        return Standing("void", ver, (start, end), prop.flaw, behind or (node.author,))
    state: ProposalState = "open"
    span: Span = (start, end)
    notice = ""
    if prop.cut:
        state, notice = "void", prop.cut
    par = book.pars.get(prop.par)
    if prop.what == "paragraph" or par is None:
        for _, outcome, _, note in prop.events:
            state, notice = ("open" if outcome == "admitted" else outcome), note
    elif prop.events or par.versions[-1][1] != ver or par.spells or par.gone >= 0:
        first = par.version(ver)
        worded = prop.what in SPANNED or prop.what in WHOLE
        events = {event[0]: event for event in prop.events}
        changes = {version[0]: version for version in par.versions[first + 1 :]} if worded else {}
        late = {spell[0] for spell in par.spells if node.seen > spell[0] and node.known < spell[1]}
        words = par.versions[first][2]
        for moment in _moments(prop, par, first):
            change = changes.get(moment)
            if change:
                words = change[2]
            if moment in events:
                _, outcome, given, notice = events[moment]
                if outcome in FINAL:
                    state = outcome  # type: ignore[assignment]
                    continue
                to = _fit(prop, given, span, words, change is not None or state not in LIVE)
                current = change[1] if change else _version_at(par, moment)
                if to is None:
                    state, notice = "stale", "text.span"
                else:
                    moved = worded and (to != span or current != ver)
                    if outcome == "kept as alternative":
                        state = outcome
                    else:
                        state = "rebased" if outcome == "rebased" or moved else "open"
                    span = to
                    if worded:
                        ver = current
            elif change and state in LIVE:
                state = "stale"
            elif moment in late and state in LIVE:
                state = "late"
            elif moment == par.gone and (state in LIVE or state in ("stale", "late")):
                state = "moot"
    if not behind and state not in FINAL and state != "void":
        state = "withdrawn"
    return Standing(state, ver, span, notice, behind or (node.author,))


def _version_at(par: Par, position: int) -> str:
    found = par.versions[0][1]
    for at, ver, _ in par.versions:
        if at > position:
            break
        found = ver
    return found


def _fit(prop: Prop, given: Span | None, span: Span, words: str, elsewhere: bool) -> Span | None:
    """The span a proposal hangs on from now; None when the pen named none that fits."""
    if prop.what in WHOLE:
        return (0, len(words))
    if prop.what not in SPANNED:
        return span
    if given is None:
        return None if elsewhere else span
    return given if 0 <= given[0] <= given[1] <= len(words) else None


def refresh(book: Book, prop: Prop) -> None:
    """Judge again after something happened, and say so."""
    prop.now = judge(book, prop)
    book.touched.add(prop.node.id)
    if prop.par:
        book.touched.add(prop.par)
        if prop.par in book.pars:
            book.pars[prop.par].shown = None


def positions_on(book: Book, target: str, limit: int = UNSEEN) -> list[tuple[Node, tuple[Node, ...]]]:
    """Who stands where on a paragraph or proposal: per delegation and group spoken for, the operation that
    stands, and rival ones of the same delegation (two devices disagree: the more cautious stands)."""
    said = [node for node in book.positions.get(target, ()) if node.seen <= limit]
    if len(said) == 1:
        return [(said[0], ())]
    replaced = {(node.author, id) for node in said for id in node.body["replaces"]}
    groups: dict[tuple[str, str], list[Node]] = {}
    for node in said:
        if (node.author, node.id) not in replaced:
            groups.setdefault((node.author, node.body["behalf"]), []).append(node)
    found = []
    for group in groups.values():
        group.sort(key=lambda node: (_RANK[node.body["value"]], node.id))
        found.append((group[0], tuple(group[1:])))
    found.sort(key=lambda pair: (pair[0].author, pair[0].body["behalf"], pair[0].id))
    return found


def all_positions(book: Book, limit: int = UNSEEN) -> Iterable[tuple[str, Node]]:
    """Every position that stands, by target."""
    for target in sorted(book.positions):
        for node, _ in positions_on(book, target, limit):
            yield target, node
