"""Our laptops of the fake door: a ceremony that opens with `GOOD`, and three laptops of Aurelia."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import fake_data as d
from fake_door import GOOD, FakeDoor, Part, recorded

from valise.desk import views as v
from valise.desk.door_laptops import (
    Act,
    Admit,
    AskedView,
    HandoverView,
    LaptopView,
    Performed,
    Renew,
    Revoke,
    RootView,
    Terms,
)
from valise.domain.errors import NotAllowed, Refused, WrongPassphrase

CODE = "4071 8823 9150 2266 7304"
THIS, SECOND, LOST = (d.ident(f"laptop {one}") for one in ("this", "second", "lost"))


class FakeLaptops(Part):
    part = "laptops"

    def __init__(self, desk: FakeDoor) -> None:
        super().__init__(desk)
        me = desk.me_view
        now = desk.now
        self.rows = {
            THIS: LaptopView(THIS, me.officer or "Officer", me.role, d.RIGHTS, now - 90 * d.DAY, now + 640 * d.DAY, 1, "in use", 0, True),
            SECOND: LaptopView(SECOND, "Second officer", "Adviser", ("observe", "speak", "amend"), now - 700 * d.DAY,
                               now + 20 * d.DAY, 2, "expiring", 0, False, (), "", 3, 4),
            LOST: LaptopView(LOST, "Officer who left", "Delegate", ("observe", "speak"), now - 400 * d.DAY, now + 300 * d.DAY, 3,
                             "revoked", now - 3 * d.DAY, False, (d.GROUP,), "lost"),
        }  # fmt: skip
        self.view = RootView(True, True)
        self.held = b"VALISE-ROOT-2\nfictional"
        self.past: list[HandoverView] = []
        self.shares_given: list[str] = []
        self.closed = 0

    @recorded
    def all(self) -> list[LaptopView]:
        return sorted(self.rows.values(), key=lambda one: bool(one.revoked_at))

    @recorded
    def root(self) -> RootView:
        return self.view

    @recorded
    def asked(self, request: bytes) -> AskedView:
        if not request.startswith(b"valise request of "):
            raise Refused("request.malformed", "not a request")
        return AskedView(d.ident(request.decode()), request.decode().rpartition("of ")[2], "Adviser", CODE)

    @recorded
    def open_key(self, key_file: bytes, passphrase: bytearray) -> None:
        right = bytes(passphrase) == GOOD.encode()
        passphrase[:] = bytes(len(passphrase))
        if not right:
            raise WrongPassphrase("rootfile.passphrase")
        self.view = replace(self.view, open=True)

    @recorded
    def open_shares(self, shares: Sequence[str]) -> None:
        self.view = replace(self.view, open=True)

    @recorded
    def close(self) -> None:
        self.closed += 1
        self.view = replace(self.view, open=False)

    @recorded
    def perform(self, acts: Sequence[Act]) -> Performed:
        if not self.view.open:
            raise NotAllowed("root.not_open")
        self.view = replace(self.view, open=False)
        for one in acts:
            if isinstance(one, Revoke):
                self.rows[one.device] = replace(
                    self.rows[one.device], state="revoked", revoked_at=self.desk.now, reason=one.reason
                )
            elif isinstance(one, Renew):
                self._set(one.device, one.terms)
            else:
                name = d.ident(one.request.decode())
                self.rows[name] = replace(self.rows[THIS], id=name, this=False, number=9)
                self._set(name, one.terms)
        self.desk.touch(v.Changes(contacts=frozenset({self.desk.me_view.delegation})))
        return Performed(tuple(b"valise enrolment" for one in acts if isinstance(one, Admit)), 4)

    def _set(self, name: str, terms: Terms) -> None:
        until = self.desk.now + terms.days * d.DAY
        self.rows[name] = replace(
            self.rows[name], officer=terms.officer, role=terms.role, rights=terms.rights, not_before=self.desk.now,
            not_after=until, state="in use",
        )  # fmt: skip

    @recorded
    def hand_over(self, old: str, to: Admit | Renew) -> Performed:
        before = self.rows[old].officer
        done = self.perform([to, Revoke(old, "officer left")])
        self.past.insert(0, HandoverView(before, to.terms.officer, self.desk.now, to.terms.rights, 5, 12, 3))
        return done

    @recorded
    def make_shares(self, need: int, total: int) -> tuple[str, ...]:
        if not self.view.open:
            raise NotAllowed("root.not_open")
        self.view = replace(self.view, need=need, total=total, made_at=self.desk.now)
        return tuple(" ".join(f"word{n}{m:02d}" for m in range(33)) for n in range(total))

    @recorded
    def rehearse(self, shares: Sequence[str]) -> bool:
        self.shares_given = list(shares)
        right = bool(shares) and shares[0].startswith("word")
        if right:
            self.view = replace(self.view, rehearsed_at=self.desk.now)
        return right

    @recorded
    def new_key_file(self, passphrase: bytearray) -> bytes:
        passphrase[:] = bytes(len(passphrase))
        return b"VALISE-ROOT-2\nanother"

    @recorded
    def key_file(self) -> bytes:
        return self.held

    @recorded
    def remove_key_file(self, copy: bytes) -> None:
        if copy != self.held:
            raise NotAllowed("root.copy_differs")
        self.view = replace(self.view, beside=False)
        self.desk.touch(v.Changes(settings=True))

    @recorded
    def take_card(self, data: bytes) -> None:
        if not data.startswith(b"VALISE-CARD"):
            raise NotAllowed("card.not_ours")

    @recorded
    def handovers(self) -> list[HandoverView]:
        return list(self.past)
