"""The internal side of the fake door."""

from __future__ import annotations

from dataclasses import replace

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk import views as v
from valise.domain.errors import NotAllowed
from valise.domain.internal import Sort


class FakeInternal(Part):
    part = "internal"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows: list[v.Note] = []
        self.held: list[v.HeldDraft] = []
        self.rule = v.FourEyes(False, "", ("Third Secretary",))
        if desk.empty:
            return
        by = {one.label: one for one in d.paragraphs()}
        self.rows.append(
            v.Note(d.ident("remark 1"), d.TEXT, by["OP 2"].id, "red line", "No weaker than “invites”.",
                   "Second Secretary", desk.now - d.DAY)
        )  # fmt: skip

    def hold(self, text: str, paragraph: str, words: str, officer: str = "Third Secretary", state: str = "waiting",
             **more: str) -> v.HeldDraft:  # fmt: skip
        """For the tests: a draft that waits at a paragraph, for another reading of its whole words."""
        old = "" if not paragraph else next(one.words for one in self.desk.texts.rows[text].held if one.id == paragraph)
        change = v.Held("words", paragraph, (0, len(old)), old, words)
        one = v.HeldDraft(d.ident(f"draft {words}"), text, paragraph, (change,), "", officer, self.desk.now, state,
                          officer == self.desk.me_view.officer, **more)  # fmt: skip
        self.held.append(one)
        self._changed(text)
        return one

    def _changed(self, text: str) -> None:
        self.desk.touch(v.Changes(texts=frozenset({text})))

    @recorded
    def notes(self, text: str, paragraph: str = "") -> list[v.Note]:
        return [one for one in self.rows if one.text == text and paragraph in ("", one.paragraph)]

    @recorded
    def write(self, text: str, paragraph: str, words: str, sort: Sort = "note", replaces: str = "") -> str:
        made = v.Note(d.ident(f"remark {words}"), text, paragraph, sort, words, "Second Secretary", self.desk.now)
        self.rows = [one for one in self.rows if one.id != replaces] + [made]
        self._changed(text)
        return made.id

    @recorded
    def strike(self, text: str, note: str) -> None:
        self.rows = [one for one in self.rows if one.id != note]
        self._changed(text)

    @recorded
    def four_eyes(self) -> v.FourEyes:
        return self.rule

    @recorded
    def want_four_eyes(self, on: bool) -> v.FourEyes:
        if on and not self.rule.seconds:
            raise NotAllowed("release.alone")
        own = self.desk.me_view.officer
        lifted = not on and self.rule.lifting not in ("", own)
        lifting = "" if on or lifted or not self.rule.on else own
        self.rule = replace(self.rule, on=on or (self.rule.on and not lifted), lifting=lifting)
        return self.rule

    @recorded
    def drafts(self, text: str = "", *, settled: bool = False) -> list[v.HeldDraft]:
        open_ = ("waiting", "stale", "returned")
        return [one for one in self.held if text in ("", one.text) and (settled or one.state in open_)]

    def _settle(self, draft: str, state: str, answer: str = "") -> v.HeldDraft:
        one = next(each for each in self.held if each.id == draft)
        self.held.remove(one)
        self.held.append(replace(one, state=state, answer=answer, decided_by=self.desk.me_view.officer))
        self._changed(one.text)
        return one

    @recorded
    def release(self, draft: str) -> list[str]:
        one = self._settle(draft, "released")
        return [d.ident(f"proposal of {one.id}")]

    @recorded
    def give_back(self, draft: str, words: str) -> None:
        self._settle(draft, "returned", words)

    @recorded
    def take_back(self, draft: str) -> None:
        self._settle(draft, "withdrawn")
