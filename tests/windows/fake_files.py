"""Files that leave and come back, of the fake door: what they hold is said, not made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk import views as v
from valise.desk.export import Leaving, Made, Offer
from valise.formats import whole
from valise.formats.abc import Change

OFFERS = (Offer("akn", ".xml", True), Offer("docx", ".docx", True), Offer("html", ".html", False),
          Offer("notation", ".md", False), Offer("pdf", ".pdf", False), Offer("plain", ".txt", False))  # fmt: skip


class FakeExport(Part):
    part = "export"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.lost: tuple[str, ...] = ()
        self.hold: threading.Event | None = None  # when set, a file is made only after it

    @recorded
    def offers(self) -> tuple[Offer, ...]:
        return OFFERS

    @recorded
    def leaving(self, text: str, revision: str = "") -> Leaving:
        if revision:
            return Leaving(15, (), ())
        return Leaving(15, (("XB", 4), ("XB, XD", 2), ("XE", 1)), (("XA", 2), ("XC", 1)))

    @recorded
    def made(self, text: str, format_name: str, kind: str, revision: str = "", marking: str = "") -> Made:
        if self.hold is not None:
            self.hold.wait(10)
        return Made(f"{format_name} {kind} {revision} {marking}".encode(), kind, self.lost)

    @recorded
    def file(self, text: str, format_name: str, kind: str, revision: str = "", marking: str = "") -> bytes:
        return self.made(text, format_name, kind, revision, marking).data

    @recorded
    def save(self, path: Path, data: bytes) -> None:
        whole.put(path, data)


class FakeReturned(Part):
    part = "returned"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.known: dict[str, str] = {}
        self.notes: tuple[tuple[str, int], ...] = ()
        self.hold: threading.Event | None = None
        self.said: list[str] = []  # the reasons and remarks as everybody would read them

    def change(self, n: int, label: str, new: str, author: str = "", held: str = "", kind: str = "words") -> v.ReturnedChange:
        """A change at a paragraph of the first text: its first word, a new paragraph after it, all of it, or its place."""
        one = next(each for each in d.paragraphs() if each.label == label)
        end = len(one.words.split(" ")[0]) if kind == "words" else 0
        raw = asdict(Change("words", 0, (0, end), new, author))
        return v.ReturnedChange(n, kind, one.id, label, one.words, one.words[:end], (0, end), new, author,
                                one.id if kind in ("paragraph", "move") else "", held, raw)  # fmt: skip

    @recorded
    def read(self, text: str, name: str, data: bytes) -> v.Returned:
        """Six changes and two remarks, or none for a file that says "same"."""
        if self.hold is not None:
            self.hold.wait(10)
        if data == b"same":
            return v.Returned("", "", (), (), (), ())
        by = {one.label: one for one in d.paragraphs()}
        changes = (
            self.change(0, "OP 2", "Invites", "XB, XD"), self.change(1, "OP 3", "Agrees"),
            self.change(2, "OP 3", "Thanks the Chair;", "A Capital Person", kind="paragraph"),
            self.change(3, "PP 5", "", "A Capital Person", kind="delete"),
            self.change(4, "OP 1", "Stresses", "A Capital Person", "returned.agreed"),
            self.change(5, "PP 3", "Welcoming", "A Capital Person", "returned.changed"),
        )  # fmt: skip
        comments = (v.ReturnedComment(0, by["OP 3"].id, "Why six months?", "A Capital Person"),
                    v.ReturnedComment(1, by["OP 4"].id, "لماذا؟", "Another Person"))  # fmt: skip
        return v.Returned(d.ident("rev 2"), "FICT/GM/2026/DTG.1/CRP.3/Rev.2", (), changes, comments, self.notes)

    @recorded
    def bring(self, text: str, returned: v.Returned, changes: Sequence[int], comments: Sequence[int],
              named: Callable[[str], str] = str) -> v.Brought:  # fmt: skip
        chosen = [one for one in returned.changes if one.n in set(changes) and not one.held]
        self.said = [named(one.author) for one in chosen]
        self.said += [f"{named(one.author)} {one.words}" for one in returned.comments if one.n in set(comments)]
        names = []
        for one in chosen:
            if self.desk.internal.rule.on:
                words = f"{one.new} {one.words}"
                names.append(self.desk.internal.hold(text, one.target, words, self.desk.me_view.officer).id)
            else:
                names += [self.desk.texts._new(text, kind="words", paragraph=one.target, span=one.span,
                                               quote=one.quote, words=one.new, reason=named(one.author))]  # fmt: skip
        if self.desk.internal.rule.on:
            return v.Brought((), tuple(names), len(comments))
        return v.Brought(tuple(names), (), len(comments))

    @recorded
    def authors(self) -> dict[str, str]:
        return dict(self.known)

    @recorded
    def remember(self, authors: dict[str, str]) -> None:
        self.known = {name: one for name, one in (self.known | authors).items() if one}
