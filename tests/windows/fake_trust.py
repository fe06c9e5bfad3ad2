"""Comparing, vouching and laptops that joined, of the fake door: enough of the real behaviour to work on the window with."""

from __future__ import annotations

from collections.abc import Sequence

import fake_data as d
from fake_door import FakeDoor, Part, recorded

from valise.desk import trust_views as t
from valise.desk import views as v
from valise.domain import vouch as rules
from valise.domain.errors import NotAllowed

WORDS = ("harbour", "violin", "meadow", "copper")
DIGITS = ("0871", "1932", "1110", "0404")


class FakeTrust(Part):
    part = "trust"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        self.stages: dict[str, t.Live] = {}
        self.waiting: dict[str, tuple[t.Waiting, ...]] = {}
        self.against: dict[str, tuple[t.Word, ...]] = {}
        self.words: dict[str, tuple[t.Word, ...]] = {}
        self.to: dict[str, tuple[str, ...]] = {}
        self.chosen: tuple[str, ...] = ()
        self.needed = 2
        self.judged = t.Judged("same", "")
        self.past: dict[str, list[t.Happened]] = {}

    # for the tests

    def added(self, code: str, officer: str = "Third Secretary") -> str:
        """A laptop joined a delegation."""
        who = self.desk.me_view.delegation if code == "XA" else d.delegation(code)
        laptop = v.DeviceView(d.device(f"{code} more"), officer, "Adviser", ("observe", "speak"), d.NOW + 300 * d.DAY, d.NOW, False)
        self.waiting[who] = (t.Waiting(laptop, d.NOW - d.HOUR),)
        if who in self.desk.contacts.rows:
            self.desk.contacts._set(who, stopped="added")
        else:
            self.desk.touch(v.Changes(contacts=frozenset({who})))
        return who

    def word(self, code: str, about: str = "") -> t.Word:
        """A custodian's word for an identity."""
        who = d.delegation(code)
        return t.Word(who, f"{code} {d.NAMES[code]}", about, "", d.fingerprint(code), "code", 2, d.NOW - d.DAY, d.NOW - d.HOUR)

    def dispute(self, code: str, by: str) -> str:
        """A custodian vouches for another identity."""
        who = d.delegation(code)
        self.against[who] = (self.word(by, d.ident("another root")),)
        self.desk.contacts._set(who, stopped="disputed", changed=True)
        return who

    def decided(self, delegation: str, accept: bool) -> bool:
        """Whether this part knew what to decide."""
        if self.waiting.get(delegation) or self.against.get(delegation):
            if accept:
                self.waiting.pop(delegation, None)
                self.against.pop(delegation, None)
                if delegation in self.desk.contacts.rows:
                    self.desk.contacts._set(delegation, stopped="", changed=False)
            self.desk.touch(v.Changes(contacts=frozenset({delegation})))
            return True
        return False

    def move(self, delegation: str, live: t.Live) -> None:
        """As an exchange would."""
        self.stages[delegation] = live
        self.desk.touch(v.Changes(contacts=frozenset({delegation})))

    # the door

    @recorded
    def story(self, delegation: str) -> t.Story:
        row = self.desk.contacts.rows.get(delegation)
        verified = row is not None and row.trust == "verified in person"
        past = [
            *self.past.get(delegation, ()),
            *([t.Happened(row.trust_since, "verified.code", officer="Second Secretary")] if verified and row else []),
            t.Happened(d.NOW - 20 * d.DAY, "seen", value="1"),
        ]
        return t.Story(
            delegation, "code" if verified else "", row.trust_since if verified and row else 0,
            "Second Secretary" if verified else "", 1 if verified else 0, tuple(past) if row or self.past else (),
            self.waiting.get(delegation, ()), self.words.get(delegation, ()), self.against.get(delegation, ()),
            len(self.chosen), self.needed, self.to.get(delegation, ()),
        )  # fmt: skip

    @recorded
    def asked(self) -> tuple[str, ...]:
        return tuple(one for one, live in self.stages.items() if live.stage == "asked")

    @recorded
    def live(self, delegation: str) -> t.Live:
        row = self.desk.contacts.rows.get(delegation)
        stopped = f"contact.{row.stopped}" if row and row.stopped else ""
        return self.stages.get(delegation, t.Live("none", hindered=stopped))

    @recorded
    def compare(self, delegation: str) -> t.Live:
        self.move(delegation, t.Live("waiting", until=d.NOW + 600_000))
        return self.stages[delegation]

    @recorded
    def same(self, delegation: str) -> None:
        if self.stages.pop(delegation, t.Live("none")).stage != "ready":
            raise NotAllowed("compare.none")
        self.desk.contacts.verified(delegation, "words")

    @recorded
    def different(self, delegation: str) -> None:
        self.stages.pop(delegation, None)
        self.desk.contacts.differs(delegation)

    @recorded
    def cancel(self, delegation: str) -> None:
        self.move(delegation, t.Live("none"))

    @recorded
    def read_code(self, delegation: str, picture: bytes) -> t.Judged:
        if self.judged.verdict == "same":
            self.desk.contacts.verified(delegation, "code")
        elif self.judged.verdict == "differs":
            self.desk.contacts.differs(delegation)
        return self.judged

    @recorded
    def custodians(self) -> t.Custodians:
        verified = [one.id for one in self.desk.contacts.rows.values() if one.trust == "verified in person"]
        return t.Custodians(self.chosen, self.needed, tuple(sorted(verified)))

    @recorded
    def choose_custodians(self, delegations: Sequence[str], needed: int) -> None:
        rules.may_choose(delegations, needed, delegations)
        self.chosen, self.needed = tuple(delegations), needed
        self.desk.touch(v.Changes(contacts=frozenset(delegations)))

    @recorded
    def vouch(self, about: str, to: Sequence[str]) -> None:
        self.to[about] = tuple(sorted({*self.to.get(about, ()), *to}))
        self.desk.touch(v.Changes(contacts=frozenset({about})))

    @recorded
    def unvouch(self, about: str, to: Sequence[str]) -> None:
        self.to[about] = tuple(one for one in self.to.get(about, ()) if one not in to)
        self.desk.touch(v.Changes(contacts=frozenset({about})))


def ready() -> t.Live:
    """Four words are on both screens."""
    return t.Live("ready", WORDS, DIGITS, until=d.NOW + 600_000)


__all__ = ["FakeTrust", "ready"]
