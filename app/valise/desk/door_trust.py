"""The part of the door about whom one is talking to: comparing, vouching, laptops that joined, what happened when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from valise.desk import trust_views as t


class Trust(Protocol):
    def story(self, delegation: str) -> t.Story:
        """History, laptops nobody has looked at, words for and against. NotAllowed("contact.unknown")."""
        ...

    def asked(self) -> tuple[str, ...]:
        """Delegations that wait for us to compare words with them now."""
        ...

    def live(self, delegation: str) -> t.Live:
        """Where the live comparison with a delegation stands."""
        ...

    def compare(self, delegation: str) -> t.Live:
        """Ask to compare words now, or answer who asks. NotAllowed("contact.*" | "compare.card" | "rights.missing")."""
        ...

    def same(self, delegation: str) -> None:
        """The words are the same on both screens: verified. NotAllowed("compare.none")."""
        ...

    def different(self, delegation: str) -> None:
        """They are not: nothing more is sent until a person decides."""
        ...

    def cancel(self, delegation: str) -> None:
        """Not now."""
        ...

    def read_code(self, delegation: str, picture: bytes) -> t.Judged:
        """Read a code from a picture file and compare; "same" verifies, "differs" stops. Refused("picture.*"),
        Unavailable("picture.no_child")."""
        ...

    def custodians(self) -> t.Custodians: ...
    def choose_custodians(self, delegations: Sequence[str], needed: int) -> None:
        """NotAllowed("custodian.not_verified" | "custodian.number"). Nobody: nobody's word counts."""
        ...

    def vouch(self, about: str, to: Sequence[str]) -> None:
        """Tell these delegations, each in the room with it alone, that we have verified another.
        NotAllowed("vouch.not_verified" | "vouch.whom" | "contact.*" | "rights.missing")."""
        ...

    def unvouch(self, about: str, to: Sequence[str]) -> None:
        """Take it back. What was not said is nothing."""
        ...
