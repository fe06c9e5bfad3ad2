"""What the window is shown of a text: immutable values of model.py, made from the state.

`codes` turns a delegation id into its code ("XA"). Nothing here is signed or hashed.
"""

from __future__ import annotations

from collections.abc import Iterable

from valise.domain.errors import NotAllowed
from valise.domain.text import brackets, silence, words
from valise.domain.text import model as m
from valise.domain.text.book import AGREED, LIVE, SPANNED, Book, Edition, Par, Prop, Silence
from valise.domain.text.brackets import Codes
from valise.domain.text.fold import TextState
from valise.domain.text.past import Node
from valise.domain.text.standing import positions_on

FIRST = 120  # code points of a paragraph in the outline


def _paragraph(par: Par) -> m.Paragraph:
    return m.Paragraph(par.id, par.section, par.label, par.words, par.status, par.ver, par.parent)


def label_of(book: Book, prop: Prop, codes: Codes) -> str:
    """The human label "XA/12". Two devices of a delegation that counted the same number at once get
    "XA/12" and "XA/12 (2)", by id."""
    author, number = prop.node.author, prop.node.body["number"]
    label = f"{codes(author)}/{number}"
    same = sorted(book.numbers[author][number])
    rank = same.index(prop.node.id)
    return f"{label} ({rank + 1})" if rank else label


def rebase_notice(book: Book, prop: Prop) -> str:
    """"text.rebase-differs" where this reader would have looked for the words elsewhere than the pen put the
    proposal. The pen's word stands."""
    body, now = prop.node.body, prop.now
    par = book.pars.get(prop.par)
    if prop.what not in SPANNED or now.state not in LIVE or now.ver == body["ver"] or par is None:
        return ""
    span: tuple[int, int] | None = (body["span"][0], body["span"][1])
    at, steps = body["ver"], [ver for _, ver, _ in par.versions]
    for ver in steps[steps.index(at) + 1 : steps.index(now.ver) + 1]:
        span = words.rebase(span, par.words_of(at), par.words_of(ver)) if span is not None else None
        at = ver
    if span is None:
        return "" if par.words_of(now.ver)[now.span[0] : now.span[1]] == body["quote"] else "text.rebase-differs"
    return "" if span == now.span else "text.rebase-differs"


def _proposal(book: Book, prop: Prop, codes: Codes) -> m.Proposal:
    node, body, now = prop.node, prop.node.body, prop.now
    par = book.pars.get(prop.par)
    quote = body["quote"]
    if par is not None and now.ver != body["ver"] and prop.what in SPANNED:
        quote = par.words_of(now.ver)[now.span[0] : now.span[1]]
    return m.Proposal(
        node.id, label_of(book, prop, codes), prop.what, prop.par, now.ver, now.span, quote, body["words"],
        body["reason"], node.author, node.device, node.at, now.sponsors, now.state,
        now.notice or rebase_notice(book, prop), body.get("after", ""), body.get("section", ""),
    )


def proposal(state: TextState, id: str, codes: Codes) -> m.Proposal:
    """One proposal. NotAllowed("text.unknown-proposal")."""
    prop = state.book.props.get(id)
    if prop is None:
        raise NotAllowed("text.unknown-proposal", "this proposal is not here")
    return _proposal(state.book, prop, codes)


def _shown(props: Iterable[Prop]) -> list[Prop]:
    return sorted(props, key=lambda prop: (prop.state not in LIVE, prop.node.order))


def proposals(state: TextState, codes: Codes, delegation: str = "", live: bool = False) -> list[m.Proposal]:
    """All proposals, open first, then by display order; of one delegation (author or sponsor), only open ones."""
    book = state.book
    return [
        _proposal(book, prop, codes) for prop in _shown(book.props.values())
        if (not delegation or delegation in (prop.node.author, *prop.now.sponsors))
        and (not live or prop.state in LIVE)
    ]


def _position(node: Node) -> m.Position:
    body = node.body
    return m.Position(node.id, node.author, body["target"], body["value"], body["behalf"], node.at)


def positions(state: TextState, target: str) -> tuple[m.Position, ...]:
    """Who stands where on a paragraph or proposal (a position given up is not shown)."""
    return tuple(
        _position(node) for node, _ in positions_on(state.book, target) if node.body["value"] != "none"
    )


def disagreements(state: TextState, delegation: str) -> tuple[tuple[m.Position, ...], ...]:
    """Where two devices of a delegation took different positions at once; the first of each stands."""
    book = state.book
    return tuple(
        (_position(node), *map(_position, rivals))
        for target, said in sorted(book.positions.items()) if len(said) > 1
        for node, rivals in positions_on(book, target) if rivals and node.author == delegation
        and any(rival.body["value"] != node.body["value"] for rival in rivals)
    )


def comments(state: TextState, target: str) -> tuple[tuple[str, str, str, int], ...]:
    """(id, delegation, words, at) of the remarks on a paragraph or proposal, in display order."""
    said = sorted(state.book.comments.get(target, ()), key=lambda node: node.order)
    return tuple((node.id, node.author, str(node.body["words"]), node.at) for node in said)


def _row(par: Par) -> m.ParagraphRow:
    first = par.words[: 2 * FIRST].replace("*", "")[:FIRST]  # without the marks of emphasis
    return m.ParagraphRow(
        par.id, par.section, par.label, par.status, first, brackets.open_brackets(par), par.counts()[1]
    )


def row(state: TextState, paragraph: str) -> m.ParagraphRow:
    """One line of the outline. NotAllowed("text.unknown-paragraph")."""
    return _row(_standing(state.book, paragraph))


def outline(state: TextState) -> list[m.ParagraphRow]:
    """The paragraphs that stand, in order."""
    return [_row(par) for par in state.book.standing()]


def _standing(book: Book, paragraph: str) -> Par:
    par = book.pars.get(paragraph)
    if par is None:
        raise NotAllowed("text.unknown-paragraph", "this paragraph is not here")
    return par


def paragraph(state: TextState, id: str, codes: Codes) -> m.ParagraphView:
    """A paragraph with its brackets and everything said about it (also the title, and one that was dropped).
    NotAllowed("text.unknown-paragraph")."""
    book = state.book
    par = _standing(book, id)

    def label(other: str) -> str:
        return book.pars[other].label if other in book.pars else ""

    shown = _shown(par.props)
    said = [*positions(state, id)]
    for prop in shown:
        said += positions(state, prop.node.id)
    return m.ParagraphView(
        _paragraph(par), brackets.paragraph_runs(book, par, codes, label),
        tuple(_proposal(book, prop, codes) for prop in shown), tuple(said), brackets.open_brackets(par),
    )


def at_start(state: TextState, codes: Codes) -> tuple[m.Proposal, ...]:
    """Proposals for a new first paragraph, which hang on none."""
    return tuple(_proposal(state.book, prop, codes) for prop in _shown(state.book.loose) if not prop.par)


def _revision(edition: Edition) -> m.Revision:
    body, node = edition.node.body, edition.node
    said = (body["text_hash"], body["state_hash"], body["log_size"], body["log_root"])
    return m.Revision(
        node.id, edition.number, body["symbol"], body["text_hash"], body["state_hash"], node.at,
        tuple(sorted(edition.acks)), "" if said == edition.computed else "text.revision-differs", body["log_size"],
        body["log_root"], tuple(edition.aliases), tuple(sorted(edition.others)),
    )


def revisions(state: TextState) -> tuple[m.Revision, ...]:
    """The revisions, oldest first."""
    return tuple(_revision(edition) for edition in state.book.editions.values())


def _silence(book: Book, one: Silence) -> m.Silence:
    said = sorted(one.breaks, key=lambda node: node.order)
    breaks = tuple(
        m.Break(node.id, node.author, str(node.body["reason"]), node.at, silence.weight(one, node)) for node in said
    )
    body = one.node.body
    return m.Silence(
        one.node.id, body["revision"], str(book.editions[body["revision"]].node.body["symbol"]), body["scope"], one.node.at,
        one.deadline, one.first_deadline, silence.judge(one), bool(one.closings), breaks,
    )


def silences(state: TextState) -> tuple[m.Silence, ...]:
    """The silence procedures, oldest first."""
    return tuple(_silence(state.book, one) for one in state.book.silences.values())


def head(state: TextState, room: str = "") -> m.TextHead:
    """What stands above the text. NotAllowed("text.not-open")."""
    book = state.book
    if book.genesis is None:
        raise NotAllowed("text.not-open", "the opening of this text is not here")
    body = book.genesis.body
    standing = book.standing()
    return m.TextHead(
        book.text, room, book.pars[book.title_id].words, book.symbol, body["organ"], body["language"], *book.holder,
        book.frozen, revisions(state), len(standing), sum(par.status not in AGREED for par in standing),
        book.pending(),
        tuple(one.device for one in state.suspended), len(state.waiting), book.rivals, silences(state),
    )


def convergence(state: TextState) -> tuple[int, int]:
    """(unbracketed words, all words: unbracketed and per cluster the longest alternative). Display only."""
    book = state.book
    free = held = 0
    for par in book.standing():
        one = brackets.measure(par)
        free, held = free + one[0], held + one[1]
    for prop in book.props.values():
        if prop.what == "paragraph" and prop.state in LIVE:
            held += words.count(prop.node.body["words"])
    return free, free + held
