"""Documents and passages in words."""

from __future__ import annotations

from valise.desk.library import Imported, Passage, Source
from valise.ui.language import listed, sentences, translate
from valise.ui.text_safe import clean, isolate, shorten

LINE = 120  # characters of a symbol, title or label on one line; a file may say anything


def language(code: str) -> str:
    """The name of a language by its code; the code itself where it has none here."""
    return {
        "ar": translate("library", "Arabic"),
        "zh": translate("library", "Chinese"),
        "en": translate("library", "English"),
        "fr": translate("library", "French"),
        "ru": translate("library", "Russian"),
        "es": translate("library", "Spanish"),
    }.get(code.partition("-")[0].lower()) or shorten(clean(code, lines=False), 20)


def source(one: Passage) -> str:
    """Where a passage stands, as a person cites it: "A/RES/73/27, OP 5". Outside text, not isolated."""
    parts = (clean(part, lines=False) for part in (one.symbol, one.label))
    return listed(shorten(part, LINE) for part in parts if part) or translate(
        "library", "a document without a symbol"
    )


def about(adopted: str, vote: str, code: str) -> list[str]:
    """Date, vote and language, each ready for a sentence of ours."""
    said = [isolate(shorten(adopted, 40))] if adopted else []
    if vote:
        said.append(translate("library", "Vote: {0}").format(isolate(shorten(vote, 60))))
    if code:
        said.append(isolate(language(code)))
    return said


def likeness(one: Passage) -> str:
    """ "87 per cent alike"; never a hundred for what differs."""
    return translate("library", "{0} per cent alike").format(min(99, round(one.likeness)))


def name(one: Source) -> str:
    """What a document is called in a list: its symbol, else its title. Outside text."""
    told = clean(one.symbol or one.title, lines=False)
    return shorten(told, LINE) if told else translate("library", "Document without a symbol")


def spoken(one: Source) -> str:
    """A document for a screen reader."""
    title = shorten(clean(one.title, lines=False), LINE) if one.symbol else ""
    parts = (name(one), title, *about(one.adopted, one.vote, one.language), count(one.passages))
    return clean(listed(part for part in parts if part), lines=False)


def count(passages: int) -> str:
    """How many paragraphs."""
    return translate("library", "%n paragraphs", None, passages)


def outcome(done: Imported) -> tuple[str, str]:
    """What an import did, and what is to be known besides."""
    said = [translate("library", "Documents added: {0}.").format(done.added)]
    if done.known:
        said.append(translate("library", "Here already: {0}.").format(done.known))
    if done.refused:
        said.append(translate("library", "Could not be read: {0}.").format(len(done.refused)))
    more = ""
    if done.cancelled:
        more = translate(
            "library", "You stopped the import. Import the same again to go on where it stopped."
        )
    return sentences(said), more
