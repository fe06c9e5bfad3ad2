"""What somebody with a credential, or without one, could try against a relay. `valise relay check` tries each on the running
relay, on the inbox made for that; the tests try each on a relay that keeps to this and on weak ones that do not.

Every case returns what it achieved, in words, or "" when it achieved nothing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from valise.carriers.relay import wire
from valise.carriers.relay.nkeys import Kind, seed
from valise.carriers.relay.operating import Line
from valise.domain.errors import Unavailable
from valise.operator import plan as plans
from valise.operator.keys import Credential
from valise.operator.scene import Scene

Try = Callable[[Scene], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Attack:
    """`code` names it for good, `line` says what holds when it fails."""

    code: str
    line: str
    run: Try


ATTACKS: dict[str, Attack] = {}
QUESTIONS: Final = ("INFO", "STREAM.NAMES", "STREAM.LIST", "STREAM.INFO.{s}", "CONSUMER.NAMES.{s}", "CONSUMER.LIST.{s}")
_REFUSALS: Final = (10039, 10035)  # JetStream is not there for this account


def attack(code: str, line: str) -> Callable[[Try], Try]:
    def keep(run: Try) -> Try:
        ATTACKS[code] = Attack(code, line, run)
        return run

    return keep


async def _answered(scene: Scene, who: Line, ask: str, body: bytes = b"") -> bool:
    """Whether JetStream carried a request out or told something."""
    found = await who.ask(f"$JS.API.{ask}", body, scene.patience)
    if found is None or found.status:
        return False
    try:
        held = json.loads(found.data)
    except ValueError:
        return True
    error = held.get("error") if type(held) is dict else None
    return not (type(error) is dict and error.get("err_code") in _REFUSALS)


# -- reading


@attack("read.listen", "nobody hears what others put into an inbox")
async def _listen(scene: Scene) -> str:
    for subject in (">", "inbox.>", scene.subject("*"), "_W.>", "_D.>", "$JS.>"):
        heard: list[str] = []

        async def came(reply: object, heard: list[str] = heard) -> None:
            heard.append("")

        victim = scene.writer()
        who = scene.writer()
        async with scene.writing(who) as bad, scene.reading(0) as worse, scene.writing(victim) as other:
            for ear in (bad, worse):
                try:
                    await ear.listen(subject, came)
                except Unavailable:
                    continue  # thrown out for asking
            await scene.put(other, scene.subject(victim.slot))
            for ear in (bad, worse):
                try:
                    await ear.ask("_W.nobody", b"", scene.patience / 3)  # what was on its way has come
                except Unavailable:
                    continue
        if heard:
            return f"heard messages by listening to {subject}"
    return ""


@attack("read.fetch", "a writer fetches nothing, a laptop nothing from another's seat or another delegation")
async def _fetch(scene: Scene) -> str:
    stream, victim = scene.one.streams[0], scene.writer()
    async with scene.writing(victim) as other:
        await scene.put(other, scene.subject(victim.slot))
    async with scene.writing(scene.writer()) as bad:
        if await scene.fetch(bad, stream, scene.seat(0)):
            return "a writer fetched a message"
    async with scene.reading(0) as worse:
        if await scene.fetch(worse, stream, scene.seat(1)):
            return "a laptop fetched from another's seat"
        for one in scene.others:
            for laptop in one.reading[:1]:
                if await _answered(scene, worse, f"CONSUMER.INFO.{one.streams[0]}.{laptop.seat}"):
                    return "a laptop reached another delegation's seat"
    return ""


@attack("api.ask", "nobody learns what streams and seats there are, nor reads a message past its seat")
async def _ask(scene: Scene) -> str:
    asks = [one.format(s=scene.one.streams[0]) for one in QUESTIONS]
    asks += [f"STREAM.MSG.GET.{scene.one.streams[0]}", f"DIRECT.GET.{scene.one.streams[0]}"]
    asks += [f"CONSUMER.INFO.{scene.one.streams[0]}.{scene.seat(1)}"]
    async with scene.writing(scene.writer()) as bad, scene.reading(0) as worse:
        tried = [(ask, who, b'{"seq":1}' if "GET" in ask else b"") for ask in asks for who in (bad, worse)]
        told = await asyncio.gather(*(_answered(scene, who, ask, body) for ask, who, body in tried))
    return next((f"{_short(ask)} was answered" for (ask, _, _), one in zip(tried, told, strict=True) if one), "")


def _short(ask: str) -> str:
    """Without names of streams and seats."""
    return ask.partition(".IN_")[0]


# -- destroying


async def _whole(scene: Scene, before: dict[str, int], seats: list[set[str]]) -> str:
    after = await scene.counts()
    if "gone" in after:
        return "a stream was deleted"
    if any(after.get(subject, 0) < number for subject, number in before.items()):
        return "messages were removed"
    if [await scene.seats_of(stream) for stream in scene.one.streams] != seats:
        return "seats were made or removed"
    return ""


async def _state(scene: Scene) -> tuple[dict[str, int], list[set[str]]]:
    return await scene.counts(), [await scene.seats_of(stream) for stream in scene.one.streams]


def _orders(scene: Scene) -> list[tuple[str, bytes]]:
    stream, seat = scene.one.streams[0], scene.seat(1)
    made = {"stream_name": stream, "config": {"durable_name": "intruder", "ack_policy": "explicit"}}
    loose = {"stream_name": stream, "config": {"ack_policy": "none", "deliver_subject": "_W.x.y"}}
    return [
        (f"STREAM.PURGE.{stream}", b""),
        (f"STREAM.MSG.DELETE.{stream}", b'{"seq":1}'),
        (f"CONSUMER.DURABLE.CREATE.{stream}.intruder", json.dumps(made).encode()),
        (f"CONSUMER.CREATE.{stream}", json.dumps(loose).encode()),
        (f"CONSUMER.DELETE.{stream}.{seat}", b""),
        (f"STREAM.DELETE.{stream}", b""),
    ]


@attack("api.order", "nobody purges, deletes, makes or removes a stream or a seat")
async def _order(scene: Scene) -> str:
    victim = scene.writer()
    async with scene.writing(victim) as other:
        await scene.put(other, scene.subject(victim.slot))
    before, seats = await _state(scene)
    async with scene.writing(scene.writer()) as bad, scene.reading(0) as worse:
        tried = [(ask, who, body) for ask, body in _orders(scene) for who in (bad, worse)]
        told = await asyncio.gather(*(_answered(scene, who, ask, body) for ask, who, body in tried))
        carried = next((_short(ask) for (ask, _, _), one in zip(tried, told, strict=True) if one), "")
    return f"{carried} was carried out" if carried else await _whole(scene, before, seats)


def _replies(scene: Scene) -> list[str]:
    """Where an answer would do harm."""
    stream, seat = scene.one.streams[0], scene.seat(1)
    return [
        f"$JS.API.STREAM.PURGE.{stream}", f"$JS.API.CONSUMER.DELETE.{stream}.{seat}",
        f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{seat}", f"$JS.ACK.{stream}.{seat}.1.1.1.1.1", f"revoke.{scene.one.inbox}",
        "$SYS.REQ.CLAIMS.DELETE", f"$JS.API.STREAM.DELETE.{stream}",
    ]  # fmt: skip


@attack("reply.writer", "a reply subject chosen by a writer reaches neither the API nor a confirmation")
async def _reply_writer(scene: Scene) -> str:
    who = scene.writer()
    async with scene.writing(who) as bad, scene.writing(who) as other:
        await scene.put(other, scene.subject(who.slot))
        before, seats = await _state(scene)
        states = await scene.state_of(scene.one.streams[0], scene.seat(1))
        for reply in _replies(scene):
            await bad.say(scene.subject(who.slot), b"x", reply)
            await scene.put(bad, scene.subject(who.slot))  # what the reply did was done before this is answered
            if done := await _whole(scene, before, seats):
                return f"{done} by a reply subject"
        quiet = await scene.is_again(scene.one.streams[0], scene.seat(1), states)
    return "" if quiet else "a message was confirmed or delivered by a reply subject"


@attack("reply.laptop", "a reply subject chosen by a laptop harms neither the stream nor another seat")
async def _reply_laptop(scene: Scene) -> str:
    stream, who = scene.one.streams[0], scene.writer()
    ask = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{scene.seat(0)}"
    async with scene.writing(who) as other:
        await scene.put(other, scene.subject(who.slot))
    seats = (await _state(scene))[1]
    before = await scene.state_of(stream, scene.seat(1))
    async with scene.reading(0) as bad:
        for _ in range(2):  # the first answers hold a message, the later ones are empty, which the API takes for a request
            for reply in [*_replies(scene), scene.subject(who.slot)]:
                await bad.say(ask, b'{"batch":2,"no_wait":true}', reply)
                if done := await _whole(scene, {}, seats):
                    return f"{done} by a reply subject"
    held = await scene.counts()
    if not await scene.is_again(stream, scene.seat(1), before):
        return "another seat was confirmed or read by a reply subject"
    return "a laptop wrote into its own inbox" if held.get(scene.subject(who.slot), 0) > 1 else ""


@attack("ack.forge", "nobody confirms what another laptop has not read")
async def _forge(scene: Scene) -> str:
    stream, who = scene.one.streams[0], scene.writer()
    async with scene.writing(who) as other:
        await scene.put(other, scene.subject(who.slot))
    async with scene.reading(1) as victim:
        held = await scene.fetch_surely(victim, stream, scene.seat(1))
        if not held:
            raise Unavailable("carrier.unreachable", "a laptop got nothing to confirm")
        before = await scene.state_of(stream, scene.seat(1))
        reply = held[0][1]
        tail = reply.split(".")[-5:]
        forms = [reply, reply.replace("$JS.ACK.", "$JS.ACK._.x."), f"$JS.ACK._.x.{stream}.{scene.seat(1)}.{'.'.join(tail)}"]
        forms.append(f"$JS.ACK.{stream}.{scene.seat(1)}.{stream}.{scene.seat(0)}.1.1.1")  # in the longer form it is one's own
        async with scene.writing(scene.writer()) as bad, scene.reading(0) as worse:
            for form in forms:
                for one in (bad, worse):
                    for word in (b"+ACK", b"+TERM", b"-NAK"):
                        await one.say(form, word)
        forged = not await scene.still_waits(victim, stream, scene.seat(1), before, reply)
        await victim.ask(reply, b"+ACK", scene.patience)
    return "a confirmation was forged" if forged else ""


# -- writing


@attack("write.foreign", "a writer writes into his own slot and nowhere else")
async def _foreign(scene: Scene) -> str:
    who, victim = scene.writer(), scene.writer()
    targets = [scene.subject(victim.slot), scene.subject(victim.slot, large=True), scene.subject("*"), scene.subject(f"{who.slot}.x")]
    targets += [scene.subject(who.slot, inbox=one.inbox) for one in scene.others]
    async with scene.writing(who) as bad, scene.reading(0) as worse:
        tried = [scene.put(one, target, sure=False) for target in targets for one in (bad, worse)]
        if any(held.get("seq") for held in await asyncio.gather(*tried)):
            return "a message was taken in a foreign slot"
        for large in (False, True):
            for reply in (scene.subject(victim.slot), scene.subject(victim.slot, large=True)):
                await bad.say(scene.subject(who.slot, large=large), b"x", reply)
                if not (await scene.put(bad, scene.subject(who.slot, large=large))).get("seq"):
                    raise Unavailable("carrier.unreachable", "a writer cannot write into his own slot")
    held = await scene.counts()
    if any(scene.subject(victim.slot, large=large) in held for large in (False, True)):
        return "an answer was written into a foreign slot by a reply subject"
    return ""


@attack("write.rollup", "no message takes the place of earlier ones")
async def _rollup(scene: Scene) -> str:
    who, victim = scene.writer(), scene.writer()
    async with scene.writing(who) as bad, scene.writing(victim) as other:
        await scene.put(other, scene.subject(victim.slot))
        before, seats = await _state(scene)
        for scope in ("sub", "all"):
            if (await scene.put(bad, scene.subject(who.slot), rollup=scope)).get("seq"):
                return await _whole(scene, before, seats) or "a message took the place of others"
    return ""


@attack("write.flood", "a slot that is full leaves room for all others")
async def _flood(scene: Scene) -> str:
    who, victim = scene.writer(), scene.writer()
    found = ""
    async with scene.writing(who) as bad, scene.writing(victim) as other:
        for large, most in ((False, plans.MOST_ENVELOPE), (True, plans.MOST_LARGE)):
            limit = plans.per_writer(scene.plan.capacity_of(scene.one) // 2, most)
            refused = 0
            for _ in range(limit + 4):
                refused += not (await scene.put(bad, scene.subject(who.slot, large=large), bytes(most - 512))).get("seq")
            if not refused:
                found = found or "a writer fills a stream"
            if not (await scene.put(other, scene.subject(victim.slot, large=large), bytes(most - 512))).get("seq"):
                found = "another writer cannot write any more"
    return found


@attack("write.large", "nothing is taken that is larger than an envelope can be")
async def _large(scene: Scene) -> str:
    who = scene.writer()
    async with scene.writing(who) as bad:
        for large, most in ((False, plans.MOST_ENVELOPE), (True, plans.MOST_LARGE)):
            if (await scene.put(bad, scene.subject(who.slot, large=large), bytes(most + 1))).get("seq"):
                return "a message was taken that is too large"
    return ""


@attack("write.suppress", "who knows an envelope cannot keep another's from being taken")
async def _suppress(scene: Scene) -> str:
    ident, routes = scene.random(16), [scene.random(16)]
    who, victim = scene.writer(), scene.writer()
    known = [ident.hex(), wire.message_id(who.credential.seed, scene.one.inbox, ident, routes)]
    async with scene.writing(who) as bad, scene.writing(victim) as other:
        for one in known:
            await scene.put(bad, scene.subject(who.slot), ident=one)
        honest = wire.message_id(victim.credential.seed, scene.one.inbox, ident, routes)
        held = await scene.put(other, scene.subject(victim.slot), ident=honest)
    return "" if held.get("seq") and not held.get("duplicate") else "another's message was suppressed"


# -- credentials


@attack("let_in.nobody", "without a credential nobody is let in")
async def _nobody(scene: Scene) -> str:
    stranger = Credential("", seed(Kind.USER, scene.random(32)))
    made_up = scene.writer().credential
    forged = Credential(made_up.jwt[:-8] + ("AAAAAAAA" if made_up.jwt[-8:] != "AAAAAAAA" else "BBBBBBBB"), made_up.seed)
    other = Credential(made_up.jwt, stranger.seed)  # the token of somebody, without his key
    for held in (stranger, forged, other):
        if await scene.taken(held, "_W.x"):
            return "somebody was let in without a credential"
    return ""


@attack("let_in.expired", "an expired credential is not taken")
async def _expired(scene: Scene) -> str:
    who = scene.writer(expires=scene.now - 1)
    return "an expired credential was taken" if await scene.taken(who.credential, wire.writer_replies(who.slot)) else ""


@attack("let_in.stolen", "a credential that is taken back ends open connections and is not taken again")
async def _stolen(scene: Scene) -> str:
    who = scene.writer()
    async with scene.writing(who) as bad:
        if not (await scene.put(bad, scene.subject(who.slot))).get("seq"):
            raise Unavailable("carrier.unreachable", "a writer cannot write into his own slot")
        await scene.take_back(who.user)
        try:
            if (await scene.put(bad, scene.subject(who.slot), sure=False)).get("seq"):
                return "an open connection goes on writing after its credential was taken back"
        except Unavailable:
            pass  # thrown out
    taken = await scene.taken(who.credential, wire.writer_replies(who.slot))
    return "a credential that was taken back was taken" if taken else ""


@attack("revoke.foreign", "nobody takes back what another delegation gave")
async def _revoke(scene: Scene) -> str:
    async with scene.writing(scene.writer()) as bad, scene.reading(0) as worse:
        for one in scene.others:
            if await worse.ask(f"revoke.{one.inbox}", b"{}", scene.patience) is not None:
                return "a laptop spoke for another delegation"
        if await bad.ask(f"revoke.{scene.one.inbox}", b"{}", scene.patience) is not None:
            return "a writer could take credentials back"
        for who in (bad, worse):
            if await who.ask("$SYS.REQ.CLAIMS.LIST", b"", scene.patience) is not None:
                return "the server's own account was reached"
    return ""
