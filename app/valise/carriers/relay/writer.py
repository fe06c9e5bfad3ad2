"""Putting messages into one inbox: many under way at once, each answered by JetStream with a publish acknowledgement."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from nats.aio.msg import Msg
from nats.errors import Error, MaxPayloadError

from valise.carriers.abc import Outcome
from valise.carriers.relay.session import Session, read_json, status
from valise.domain.errors import Unavailable

WINDOW: Final = 256
WINDOW_BYTES: Final = 4 << 20
PATIENCE: Final = 3.0  # seconds for one answer
GIVE_UP: Final = 5.0  # seconds after which one message is left for another call
_PAUSE: Final = 0.2  # after the first "not now"

_FULL: Final = frozenset((10023, 10047, 10002, 10028))  # resources of server, of account
_BUSY: Final = frozenset((10158,))  # the first of two with one id is still under way
_STORE: Final = 10077  # with words: maximum messages, bytes, or messages per subject exceeded
_TOO_LARGE: Final = 10054


@dataclass(slots=True)
class Letter:
    """One message of this call. `outcome` None = no answer yet; `code` says why it was not taken."""

    subject: str
    id: str
    data: bytes
    outcome: Outcome | None = None
    code: str = ""
    tries: int = 0
    begun: float = 0.0
    sent: float = 0.0
    token: str = ""

    def settle(self, outcome: Outcome, code: str = "") -> None:
        self.outcome, self.code = outcome, code


class _Round:
    def __init__(self, session: Session, letters: list[Letter]) -> None:
        self.session = session
        self.waiting = deque(letters)
        self.flying: dict[str, Letter] = {}
        self.octets = 0
        self.tired = False
        self.stir = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    async def run(self, deadline: float) -> None:
        lost = self.loop.create_task(self.session.lost.wait())
        lost.add_done_callback(lambda _task: self.stir.set())
        try:
            while (self.waiting or self.flying) and not (self.tired or self.session.lost.is_set()):
                now = self.loop.time()
                if now >= deadline:
                    break
                await self._send()
                oldest = next(iter(self.flying.values()), None)
                if oldest is None:
                    continue
                wait = min(oldest.sent + PATIENCE, deadline) - self.loop.time()
                if wait > 0:
                    self.stir.clear()
                    handle = self.loop.call_later(wait, self.stir.set)
                    await self.stir.wait()
                    handle.cancel()
                self._impatient()
        finally:
            lost.cancel()
            for token in self.flying:
                self.session.forget(token)

    async def _send(self) -> None:
        while self.waiting and len(self.flying) < WINDOW and self.octets < WINDOW_BYTES:
            letter = self.waiting[0]
            pause = letter.sent - self.loop.time()
            if pause > 0:  # put back for a moment
                if self.flying:
                    return
                await asyncio.sleep(pause)
            self.waiting.popleft()
            letter.tries += 1
            letter.sent = self.loop.time()
            letter.begun = letter.begun or letter.sent
            self.octets += len(letter.data)
            try:
                letter.token = await self.session.ask(
                    letter.subject,
                    letter.data,
                    partial(self._answered, letter),
                    {"Nats-Msg-Id": letter.id},
                )
            except MaxPayloadError:
                self.octets -= len(letter.data)
                letter.settle(Outcome.REFUSED, "relay.refused")
                continue
            except (Error, OSError):
                self.octets -= len(letter.data)
                self.waiting.appendleft(letter)
                self.session.lost.set()
                return
            if letter.outcome is None:
                self.flying[letter.token] = letter

    def _answered(self, letter: Letter, msg: Msg | None) -> None:
        self.flying.pop(letter.token, None)
        self.octets -= len(letter.data)
        self.stir.set()
        if not _read(letter, msg):
            self._again(letter, self.loop.time() + _PAUSE * 2**letter.tries)

    def _impatient(self) -> None:
        now = self.loop.time()
        for token, letter in list(self.flying.items()):
            if letter.sent + PATIENCE > now:
                break  # they stand in the order in which they were sent
            del self.flying[token]
            self.session.forget(token)
            self.octets -= len(letter.data)
            self._again(letter, now)

    def _again(self, letter: Letter, when: float) -> None:
        if when - letter.begun >= GIVE_UP:
            letter.settle(Outcome.RETRY, "carrier.unreachable")
            self.tired = True  # nor will it take the others now
        else:
            letter.sent = when
            self.waiting.append(letter)


def _read(letter: Letter, msg: Msg | None) -> bool:
    """Whether the answer settles it."""
    if msg is None:
        letter.settle(Outcome.REFUSED, "relay.refused")
        return True
    if status(msg) == 503:
        return False
    held = read_json(msg.data)
    error = held.get("error")
    if isinstance(error, dict):
        return _read_error(letter, error)
    if not isinstance(held.get("stream"), str) or type(held.get("seq")) is not int:
        return False
    letter.settle(Outcome.DUPLICATE if held.get("duplicate") is True else Outcome.ACCEPTED)
    return True


def _read_error(letter: Letter, error: dict[str, Any]) -> bool:
    number, words = error.get("err_code"), str(error.get("description", "")).lower()
    if number in _FULL or (number == _STORE and "maximum" in words):
        letter.settle(Outcome.FULL, "carrier.full")
    elif number == _TOO_LARGE:
        letter.settle(Outcome.REFUSED, "relay.refused")
    else:
        return False
    return True


async def send(session: Session, letters: list[Letter], deadline: float) -> bool:
    """Settle what can be settled until `deadline` (the loop's time) or until the connection is lost. Whether it is worth trying
    what has no outcome over another connection. Unavailable when this one was lost for a reason that lasts."""
    work = _Round(session, [one for one in letters if one.outcome is None])
    await work.run(deadline)
    if session.lost.is_set() and session.code in ("relay.refused", "relay.expired"):
        raise Unavailable(session.code, "the relay has closed the connection")
    return session.lost.is_set() and not work.tired
