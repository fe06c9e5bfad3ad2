"""A text as a document for the outside: built from what the room's record holds and from nothing else, so that no internal
word can be in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from valise.desk.document import codes_of, document
from valise.desk.seeing import NOW, SeeingDesk
from valise.desk.texts import TextsDesk
from valise.domain import training
from valise.domain.errors import NotAllowed, Unavailable
from valise.formats import abc, confined, whole
from valise.formats.abc import Document
from valise.formats.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Offer:
    """A format a text can leave in. `ending` with its dot; `marks`: it holds changes as changes, the others in brackets."""

    name: str
    ending: str
    marks: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """How much is in the record of a text: `changes` and `comments` as (code or codes of delegations, number)."""

    paragraphs: int
    changes: tuple[tuple[str, int], ...]
    comments: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A file ready to be saved. `kind` is the one it was made as, "compilation" where the format holds no changes;
    `lost` names what reads back otherwise ("title", "words", "labels", "statuses", "changes", "comments", "language")."""

    data: bytes
    kind: str
    lost: tuple[str, ...]


class ExportDesk:
    """The door's Export."""

    def __init__(self, texts: TextsDesk, seeing: SeeingDesk) -> None:
        self._texts = texts
        self._seeing = seeing

    def offers(self) -> tuple[Offer, ...]:
        """The formats that can be written."""
        return tuple(
            Offer(one.name, one.extensions[0], one.marks)
            for one in abc.all_formats()
            if type(one).write is not abc.Format.write
        )

    def leaving(self, text: str, revision: str = NOW) -> Leaving:
        """What an export of everything would hold. NotAllowed("text.unknown"), NotYet("text.unknown-revision")."""
        made = self.document(text, revision)
        return Leaving(
            len(made.paragraphs),
            tuple(sorted(Counter(one.author for one in made.changes).items())),
            tuple(sorted(Counter(one.author for one in made.comments).items())),
        )

    def file(self, text: str, format_name: str, kind: str, revision: str = NOW, marking: str = "") -> bytes:
        """The file of a text, as `made`."""
        return self.made(text, format_name, kind, revision, marking).data

    def made(self, text: str, format_name: str, kind: str, revision: str = NOW, marking: str = "") -> Made:
        """The file of a text. `kind` is "clean", "tracked", "compilation" or "by-delegation"; `marking` is written on it.

        What was written is read back in the confined child before it is handed out. NotAllowed("text.unknown" |
        "text.export-kind"), NotYet("text.unknown-revision"), Refused("format.*").
        """
        from valise.formats.convert import lost  # a command line comes with it

        if kind not in KINDS:
            raise NotAllowed("text.export-kind", "there is no such kind of export")
        target = abc.by_name(format_name)
        if kind == "tracked" and not target.marks:
            kind = "compilation"  # nobody's words may be missing
        document = KINDS[kind](self.document(text, revision, marking))
        data = target.write(document)
        back = confined.read("export" + target.extensions[0], data, format=format_name)
        return Made(data, kind, tuple(lost(document, back)))

    def save(self, path: Path, data: bytes) -> None:
        """Put a file where a person wants it, whole or not at all. Unavailable("file.unwritable")."""
        try:
            whole.put(path, data)
        except OSError:
            raise Unavailable("file.unwritable", "the file cannot be written") from None

    def document(self, text: str, revision: str = NOW, marking: str = "") -> Document:
        """The text with everything that is proposed and said on it, delegations by their codes."""
        with self._texts.context.read() as handle:
            codes = codes_of(handle)
        said = training.marking(self._texts.context.training, marking)
        return self._seeing.look(text, revision, lambda state: document(state, codes, said))
