"""The silence procedure: opened, extended, broken, closed. The clock in it is this device's, and decides nothing."""

from __future__ import annotations

from valise.desk.context import Context
from valise.desk.texts import TextsDesk
from valise.domain.errors import NotAllowed
from valise.domain.text import rules


class SilenceDesk:
    """The door's Silence. Times are ms UTC; a silence procedure is named by the id of its opening."""

    def __init__(self, context: Context, texts: TextsDesk) -> None:
        self.context = context
        self._texts = texts

    def open(self, text: str, revision: str, deadline: int, scope: str = "") -> str:
        """Put a revision under silence; returns the procedure's id. NotAllowed("text.silence-runs" | "text.deadline")."""
        device, now = self.context.own.device, self.context.clock.now()
        return self._texts.act(
            text, "text.silence_open", lambda state: rules.silence_open(state, device, revision, deadline, now, scope)
        )

    def extend(self, text: str, silence: str, deadline: int) -> None:
        """A later deadline. NotAllowed("text.deadline" | "text.silence-over")."""
        device, now = self.context.own.device, self.context.clock.now()
        self._texts.act(
            text, "text.silence_extend", lambda state: rules.silence_extend(state, device, silence, deadline, now)
        )

    def break_(self, text: str, silence: str, reason: str) -> None:
        """Our delegation does not agree. NotAllowed("text.silence-over" | "text.silence-broken" | "text.reason")."""
        own = self.context.own.delegation
        self._texts.act(text, "text.silence_break", lambda state: rules.silence_break(state, own, silence, reason))

    def close(self, text: str, silence: str) -> None:
        """The period is over. NotAllowed("text.silence-not-over")."""
        device, now = self.context.own.device, self.context.clock.now()
        self._texts.act(text, "text.silence_close", lambda state: rules.silence_close(state, device, silence, now))

    def confirm(self, text: str, silence: str, outcome: str) -> None:
        """How a contested procedure ended: "kept" or "broken". NotAllowed("text.silence-clear")."""
        device = self.context.own.device
        self._texts.act(text, "text.silence_confirm", lambda state: rules.silence_confirm(state, device, silence, outcome))

    def close_due(self) -> int:
        """Close what has passed its deadline where this device holds the pen; returns how many. Asked after each round of
        the exchange, so that a break that lies on the carrier is known first."""
        done = 0
        device, now = self.context.own.device, self.context.clock.now()
        with self.context.read() as handle:
            rows = handle.rows(
                "select id from text where pen_delegation = ? and silence_until > 0 and silence_until <= ?",
                (self.context.own.delegation, now),
            )
        for (text,) in rows:
            due = self._texts.ask(text, lambda state: rules.closing_due(state, device, now))
            if due:
                try:
                    self.close(text, due)
                except NotAllowed:  # broken, closed or passed on since we looked
                    continue
                done += 1
        return done
