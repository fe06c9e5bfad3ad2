"""What somebody marked in a file that is opened as a text: each change becomes a proposal of the delegation that opens it,
each remark a comment, and both name the author the file names. Nobody else's signature is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from valise.domain.errors import NotAllowed
from valise.domain.text import rules
from valise.domain.text.fold import TextState

Said = tuple[str, dict[str, Any]]  # operation kind, body
Named = Callable[[str], str]  # the author as found -> how a reason names it


def bodies(
    state: Callable[[], TextState], delegation: str, changes: Sequence[Mapping[str, Any]],
    comments: Sequence[Mapping[str, Any]], named: Named, places: Sequence[str] = (),
) -> Iterator[Said]:  # fmt: skip
    """What to sign, one after the other; `state` is the text as it stands after the last of them.

    Changes and comments are plain values as `formats` gives them, their places counted in the text just opened, or in
    `places` (paragraphs, the title first). A change that may not be proposed (its paragraph came in as agreed) becomes a
    comment that says it.
    """
    book = state().book
    ids = places or [book.title_id, *book.order]

    def id_of(place: int) -> str:
        return ids[place + 1]

    for one in changes:
        try:
            yield from _proposals(state(), delegation, one, id_of, named(str(one["author"])))
        except NotAllowed:
            target = id_of(one["after"] if one["kind"] == "paragraph" else one["paragraph"])
            words = f"{named(str(one['author']))} [{one['words'] or one['kind']}]"
            yield "text.comment", rules.comment(state(), target, words[:4_000])
    for one in comments:
        words = f"{named(str(one['author']))} {one['words']}"
        yield "text.comment", rules.comment(state(), id_of(one["paragraph"]), " ".join(words.split())[:4_000])


def _proposals(
    state: TextState, delegation: str, one: Mapping[str, Any], id_of: Callable[[int], str], reason: str
) -> Iterator[Said]:
    book, kind = state.book, one["kind"]
    after = id_of(one["after"]) if one["after"] >= 0 else ""
    if kind == "paragraph":
        made = [rules.propose_paragraph(state, delegation, after, str(one["section"]), str(one["words"]), reason)]
    elif kind == "delete":
        made = [rules.propose_delete(state, delegation, id_of(one["paragraph"]), reason)]
    elif kind == "move":
        made = [rules.propose_move(state, delegation, id_of(one["paragraph"]), after, reason)]
    else:
        par = id_of(one["paragraph"])
        start, end = one["span"]
        words = book.pars[par].words
        words = words[:start] + str(one["words"]) + words[end:]
        if par == book.title_id:
            made = rules.propose_title(state, delegation, words, reason)
        else:
            made = rules.propose_words(state, delegation, par, words, reason)
    for body in made:
        yield "text.propose", body
