"""Practice: partners with vaults of their own in the ground of this one, and what of the tasks has been done.

Partners are real: vaults, keys, envelopes and a folder between them. They live while this vault is open, answer after each of
its rounds, and hold nothing that anybody wrote before.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from valise.desk.context import Context
from valise.desk.ports import CarrierMaker, Parser
from valise.desk.views import SafetyNumber
from valise.domain import training
from valise.domain.errors import NotAllowed, Unavailable, ValiseError
from valise.domain.training import TASKS, Done, Task
from valise.protocol import operation
from valise.protocol.canonical import digest
from valise.vault import trust

if TYPE_CHECKING:
    from valise.desk.desk import Desk
    from valise.vault.store import Handle

PARTNERS: Final = ("XB", "XC")
READY: Final = "practice.ready"
_OFFICER, _ROLE = "Delegate", "Practice partner"
_SUBJECT = "A word to acknowledge"
_BODY = "Please acknowledge this message: for the other side that is the only sign that somebody has read it."
_PING = "Practice ping"
_DAY: Final = 24 * 3600 * 1000


class TrainingDesk:
    """door_training.Training. `make_carrier` and `parser` are those of the vault."""

    def __init__(self, desk: Desk, make_carrier: CarrierMaker, parser: Parser, seed: bytes) -> None:
        self._desk = desk
        self._make = make_carrier
        self._parser = parser
        self._seed = seed
        self._open: dict[str, Desk] = {}

    @property
    def context(self) -> Context:
        return self._desk.context

    def on(self) -> bool:
        """Whether this is a vault for practice."""
        return self.context.training

    # -- what was done

    def tasks(self) -> tuple[Done, ...]:
        """See door_training. NotAllowed("training.real_vault")."""
        self._practice()
        with self.context.read() as handle:
            return tuple(Done(task, self._done(handle, task)) for task in TASKS)

    def _done(self, handle: Handle, task: Task) -> int:
        """When it was first done by an operation of this laptop, ms UTC; 0 = not yet."""
        if task == "verify":
            known = (one.id for one in self._desk.contacts.all())
            found = [one.at for who in known if (one := trust.verification(handle, who)) is not None]
            return min(found, default=0)
        kind = {"amend": "text.propose", "acknowledge": "message.acknowledge", "ping": "ping.answer"}.get(task, "incident.open")
        rows = handle.rows(
            "select id, raw, at from op where device = ? and kind = ? order by at", (self.context.own.device, kind)
        )
        for ident, raw, at in rows:
            if task != "incident" or operation.stored(ident, raw).body["form"]["exercise"] == 1:
                return int(at)
        return 0

    def record(self, to: Path, heading: str, lines: tuple[tuple[str, str], ...]) -> None:
        """See door_training."""
        self._practice()
        from valise.formats import table_pdf, whole
        from valise.formats.table import Head, Table

        own = self.context.own
        columns = (Head("", wide=44), Head("", wide=24))
        made = Table(heading, columns, lines, marking=training.MARK, lines=(f"{own.code} {own.name} · {own.officer}",))
        try:
            whole.put(to, table_pdf.printed(made))
        except OSError:
            raise Unavailable("file.unwritable", "the file cannot be written") from None

    def partner(self) -> tuple[str, SafetyNumber]:
        """See door_training."""
        self._practice()
        if not self._here():
            return "", SafetyNumber((), (), "")
        other = self._partner(PARTNERS[0])
        return other.me().delegation, other.contacts.safety(self.context.own.delegation)

    # -- partners

    def begin(self) -> None:
        """Set everything up, or go on with it after a crash; nothing once it is ready. NotAllowed("training.real_vault")."""
        self._practice()
        if self._ready():
            return
        ground = training.ground(self.context.store.folder)
        share = ground / "exchange"
        share.mkdir(parents=True, exist_ok=True)
        every = [self._desk, *(self._partner(code) for code in PARTNERS)]
        for one in every:
            one.exchange.use_folder(share)
            for other in every:
                if other is not one:
                    one.contacts.import_card(other.contacts.own_card())
        self._stage()
        for _ in range(3):
            for one in every:
                one.exchange.now()
        with self.context.write() as tx:
            tx.run("insert or replace into meta(key, value) values (?, 1)", (READY,))

    def tend(self) -> None:
        """After a round of ours: partners look, acknowledge what is for them, and send. What they cannot do they leave."""
        if not self.on() or not self._here():
            return
        for code in PARTNERS:
            try:
                one = self._partner(code)
                one.exchange.now()
                if self._answer(one):
                    one.exchange.now()
            except ValiseError:
                continue

    def close(self) -> None:
        """Close the partners' vaults."""
        for one in self._open.values():
            one.close()
        self._open.clear()

    def _practice(self) -> None:
        if not self.on():
            raise NotAllowed("training.real_vault", "this is not a vault for practice")

    def _ready(self) -> bool:
        with self.context.read() as handle:
            return handle.row("select 1 from meta where key = ?", (READY,)) is not None

    def _here(self) -> bool:
        """Whether its partners are: a second laptop, or one made from a backup, has them not."""
        ground = training.ground(self.context.store.folder)
        return self._ready() and all((ground / code).is_dir() for code in PARTNERS)

    def _partner(self, code: str) -> Desk:
        """Its desk, opened or made now."""
        if code not in self._open:
            from valise.desk.gate import Gate
            from valise.vault.slots import Kdf

            gate = Gate(
                training.ground(self.context.store.folder) / code, clock=self.context.clock, make_carrier=self._make,
                parser=self._parser, entropy=self.context.entropy,
                # 32 random octets need no stretching, and everything in there is invented
                kdf=Kdf(ops=1, mem=8192, floor_ops=1, floor_mem=8192),
            )  # fmt: skip
            secret = bytearray(digest(f"valise/v1/practice/{code}", self._seed).hex().encode())
            if gate.exists():
                self._open[code] = gate.unlock(secret)
            else:
                self._open[code] = gate.create(
                    code=code, name=training.name_of(code), officer=_OFFICER, role=_ROLE, passphrase=secret
                )
        return self._open[code]

    def _stage(self) -> None:
        """A room of all with a text, and a room of two with a message and a ping; what stands already is left."""
        first = self._partner(PARTNERS[0])
        me, others = self.context.own.delegation, [self._partner(code).me().delegation for code in PARTNERS[1:]]
        rooms = first.rooms.all()
        group = next((one.id for one in rooms if one.kind == "group"), "")
        if not group:
            group = first.rooms.create("group", "Practice group", [me, *others])
        if not any(one.room == group for one in first.texts.all()):
            data = resources.files("valise.resources").joinpath("reference/sample_text.md").read_bytes()
            read = first.texts.read_file("sample_text.md", data)
            first.texts.open(
                group, read["title"], symbol="FICT/PRACTICE/1", language=read["language"], paragraphs=read["paragraphs"]
            )
        pair = next((one.id for one in rooms if one.kind == "bilateral" and me in one.members), "")
        pair = pair or first.rooms.create("bilateral", "", [me])
        if not first.messages.threads(pair):
            first.messages.send(pair, _BODY, subject=_SUBJECT, marking="TLP:GREEN", for_the_record=True)
        with first.context.write() as tx:
            if tx.row("select 1 from op where kind = 'ping.ask'") is None:
                first.context.author(tx, pair, "ping.ask", self._question(first))

    def _question(self, asker: Desk) -> dict[str, Any]:
        from valise.domain.ping import rules
        from valise.domain.ping.kinds import token

        now = asker.context.clock.now()
        nonce = self._seed.hex()[:22]
        return {
            "token": token(nonce, self.context.own.code), "title": _PING, "forum": "", "role": "Diplomatic point of contact",
            "due": now + 3 * _DAY, "exercise": 1, "marking": "TLP:GREEN", "entry": rules.entry({
                "state": (self.context.own.code,), "category": ("diplomatic",), "role": ("Duty officer",),
                "institution": (f"Foreign ministry, {self.context.own.name}",), "email": ("duty@practice.example",),
                "phone": ("+41 22 555 01 00",),
            }),
        }  # fmt: skip

    def _answer(self, one: Desk) -> bool:
        """A partner acknowledges what others wrote and reported, pings and amendments it leaves; whether it said anything."""
        own = one.context.own
        with one.context.read() as handle:
            waiting = handle.rows(
                "select id from message where author != ? and not exists"
                " (select 1 from acknowledgement where message = message.id and device = ?)",
                (own.delegation, own.device),
            )
        for (message,) in waiting:
            one.messages.acknowledge(message)
        said = bool(waiting)
        for row in one.incidents.all():
            if row.needs == "acknowledge":
                one.incidents.acknowledge(row.id, _ROLE)
                said = True
        return said
