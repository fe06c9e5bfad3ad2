"""Joint statements of the fake door: sample ones, and enough of the real behaviour to work on the window with."""

from __future__ import annotations

from dataclasses import replace

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk import views as v
from valise.domain import joint as rules
from valise.domain.errors import NotAllowed
from valise.domain.joint import Purpose, SignState

WORDS = """We, the undersigned delegations,

Reaffirm that points of contact answer within a day;

Commit ourselves to test them twice a year, and to say in the directory when we did."""
ARABIC = "نحن الوفود الموقعة أدناه،\n\nنؤكد أن نقاط الاتصال في [Valise] تجيب في غضون 24 ساعة."
OPEN, CLOSED, SPONSORS, UNSOUND = (d.ident(f"joint {one}") for one in ("open", "closed", "sponsors", "unsound"))


def sign_on(code: str, state: SignState = "signed", ago: int = d.HOUR) -> v.SignOn:
    """A sign-on of a delegation of the sample."""
    return v.SignOn(d.delegation(code), code, d.NAMES[code], d.NOW - ago, state)


class FakeJoint(Part):
    part = "joint"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.rows: list[v.JointRow] = []
        if desk.empty:
            return
        self.put(OPEN, "Joint statement on points of contact that answer", opener="XB", until=d.NOW + 51 * d.HOUR,
                 signs=(sign_on("XB", ago=5 * d.HOUR), sign_on("XD", "left"), sign_on("XE")))  # fmt: skip
        revision = desk.texts.rows[d.TEXT].revisions[-1]
        self.put(SPONSORS, f"Draft decision on the use of points of contact ({revision.symbol})", "co-sponsorship", opener="XA",
                 text=d.TEXT, revision=revision.id, digits=revision.text_hash, signs=(sign_on("XA"), sign_on("XC")))  # fmt: skip
        self.put(UNSOUND, "Statement on capacity", opener="XC", words="Other words than were hashed.", sound=False)
        self.put(CLOSED, "بيان مشترك بشأن نقاط الاتصال", opener="XA", words=ARABIC, language="ar", closed=True,
                 signs=(sign_on("XA", ago=3 * d.DAY), sign_on("XE", "admitted"), sign_on("XB", "late"),
                        sign_on("XD", "other words")))  # fmt: skip

    def put(
        self, key: str, title: str, purpose: Purpose = "joint statement", *, opener: str = "XA", words: str = WORDS,
        language: str = "en", text: str = "", revision: str = "", digits: str = "", until: int = 0, closed: bool = False,
        sound: bool = True, signs: tuple[v.SignOn, ...] = (), ago: int = d.DAY,
    ) -> v.JointRow:  # fmt: skip
        """For the tests: a statement that stands so; it takes the place of one with the same id."""
        words = "" if purpose == "co-sponsorship" else words
        own = next((one.state for one in signs if one.code == "XA"), "")
        one = v.JointRow(
            key, d.GROUP, purpose, title, words, language, text, revision,
            digits or (rules.hash_of(words) if sound else "0" * 64), d.delegation(opener), d.NOW - ago, until, closed,
            d.NOW - d.HOUR if closed else 0, sound, "", own, signs,
        )  # fmt: skip
        self._set(one)
        return one

    def change(self, key: str, **values: object) -> None:
        """For the tests: what is different about one now."""
        self._set(replace(self._one(key), **values))  # type: ignore[arg-type]

    def _one(self, key: str) -> v.JointRow:
        found = next((one for one in self.rows if one.id == key), None)
        if found is None:
            raise NotAllowed("joint.unknown", "this statement is not here")
        return found

    def _set(self, one: v.JointRow) -> None:
        place = next((n for n, each in enumerate(self.rows) if each.id == one.id), len(self.rows))
        self.rows[place : place + 1] = [one]
        self.desk.touch(v.Changes(texts=frozenset({one.id})))

    def _sign(self, key: str, code: str, state: SignState) -> None:
        one = self._one(key)
        signed = v.SignOn(d.delegation(code), code, d.NAMES[code], self.desk.now, state)
        signs = (*(each for each in one.signs if each.code != code), signed)
        ours = state if code == "XA" else one.ours
        self._set(replace(one, signs=signs, ours=ours))

    @recorded
    def all(self) -> list[v.JointRow]:
        return list(self.rows)

    @recorded
    def one(self, statement: str) -> v.JointRow:
        return self._one(statement)

    @recorded
    def open_statement(
        self, room: str, title: str, words: str, *, language: str = "en", until: int = 0, replaces: str = ""
    ) -> str:
        body = rules.open_statement(title, words, language, until, replaces)
        key = d.ident(f"joint {title} {len(self.rows)}")
        if replaces:
            self.change(replaces, newer=key)
        made = self.put(key, body["title"], words=body["words"], language=language, until=until, ago=0)
        self._set(replace(made, room=room))
        return key

    @recorded
    def open_sponsors(self, text: str, revision: str, until: int = 0) -> str:
        head = self.desk.texts.rows[text]
        one = next(each for each in head.revisions if each.id == revision)
        key = d.ident(f"joint {revision} {len(self.rows)}")
        self.put(key, f"{head.title} ({one.symbol})", "co-sponsorship", text=text, revision=revision, digits=one.text_hash,
                 until=until, ago=0)  # fmt: skip
        return key

    @recorded
    def sign(self, statement: str) -> None:
        one = self._one(statement)
        if not one.sound:
            raise NotAllowed("joint.unsound", "the words do not have the hash")
        self._sign(statement, "XA", "late" if one.closed else "signed")

    @recorded
    def leave(self, statement: str) -> None:
        self._sign(statement, "XA", "left")

    @recorded
    def close(self, statement: str) -> None:
        self.change(statement, closed=True, closed_at=self.desk.now)

    @recorded
    def admit(self, statement: str, delegation: str) -> None:
        code = next(one.code for one in self._one(statement).signs if one.delegation == delegation)
        self._sign(statement, code, "admitted")

    @recorded
    def listing(self, statement: str) -> str:
        names = sorted(one.name for one in self._one(statement).signs if one.state in ("signed", "admitted"))
        return "".join(f"{name}\n" for name in names)

    @recorded
    def words(self, statement: str) -> str:
        return self._one(statement).words + "\n"
