"""The demonstration: Aurelia, Borovia and Gallia Minor (all fictional) negotiate the sample text through the real path.

Nothing here is special: vaults, seals, carrier and windows are the ones a delegation uses.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from valise import bootstrap

if TYPE_CHECKING:
    from valise.desk.desk import Desk

PASSPHRASE = "three fictional delegations"
PARTS = (
    ("XA", "Aurelia", "Chair of the drafting group"),
    ("XB", "Borovia", "First Secretary"),
    ("XG", "Gallia Minor", "Legal adviser"),
)
Say = Callable[[str], None]


class Play:
    """The negotiation. `desks` by code; `text` and `room` once opened."""

    def __init__(self, base: Path, say: Say) -> None:
        self.base = base
        self.say = say
        self.desks: dict[str, Desk] = {}
        self.room = ""
        self.text = ""

    def run(self) -> list[str]:
        """Play it to Rev.2; returns the three text hashes of Rev.2."""
        self._vaults()
        self._acquaint()
        self._open()
        self._first_reading()
        self._pen()
        self._talk()
        return self._second_revision()

    def exchange(self, rounds: int = 4) -> None:
        for _ in range(rounds):
            for desk in self.desks.values():
                desk.exchange.now()

    def id(self, code: str) -> str:
        return self.desks[code].me().delegation

    def paragraph(self, label: str) -> str:
        """Id of the paragraph with this label."""
        return next(row.id for row in self.desks["XA"].texts.outline(self.text) if row.label == label)

    def words(self, label: str) -> str:
        return self.desks["XA"].texts.paragraph(self.text, self.paragraph(label)).paragraph.words

    def _vaults(self) -> None:
        share = self.base / "exchange"
        share.mkdir(parents=True, exist_ok=True)
        for code, name, role in PARTS:
            gate = bootstrap.gate(self.base / code)
            desk = gate.create(
                code=code,
                name=name,
                officer=f"Delegate of {name}",
                role=role,
                passphrase=bytearray(PASSPHRASE.encode()),
                public_name=f"{name} (demonstration)",
            )
            desk.exchange.use_folder(share)
            self.desks[code] = desk
            self.say(f"{name} ({code}): vault made, passphrase slot sealed, delegation key file beside it")

    def _acquaint(self) -> None:
        for one in self.desks.values():
            for other in self.desks.values():
                if one is not other:
                    one.contacts.import_card(other.contacts.own_card())
        first = self.desks["XA"].contacts.safety(self.id("XB"))
        second = self.desks["XB"].contacts.safety(self.id("XA"))
        self.say(f"Cards handed over; safety number of XA and XB on both screens: {' '.join(first.digits[:4])} ...")
        if first != second:
            raise SystemExit("the safety numbers differ")
        self.desks["XA"].contacts.verified(self.id("XB"))
        self.desks["XB"].contacts.verified(self.id("XA"))
        self.desks["XG"].contacts.verified(self.id("XA"))

    def _open(self) -> None:
        aurelia = self.desks["XA"]
        self.room = aurelia.rooms.create("group", "Drafting group on points of contact", [self.id("XB"), self.id("XG")])
        data = resources.files("valise.resources").joinpath("reference/sample_text.md").read_bytes()
        read = aurelia.texts.read_file("sample_text.md", data)
        self.text = aurelia.texts.open(
            self.room,
            read["title"],
            symbol="FICT/GM/2026/DTG.1/CRP.3",
            organ="The Global Mechanism",
            language=read["language"],
            paragraphs=read["paragraphs"],
        )
        self.exchange()
        counts = {code: len(desk.texts.outline(self.text)) for code, desk in self.desks.items()}
        self.say(f"Aurelia opens the sample text, {len(read['paragraphs'])} paragraphs; seen by {counts}")

    def _first_reading(self) -> None:
        borovia, gallia, aurelia = self.desks["XB"], self.desks["XG"], self.desks["XA"]
        op8, op3 = self.paragraph("OP 8"), self.paragraph("OP 3")
        self.eight = borovia.texts.propose_words(
            self.text, op8, self.words("OP 8").replace("each year", "every year"), "The cost is bearable."
        )[0]
        self.rival = gallia.texts.propose_words(
            self.text, op8, self.words("OP 8").replace("each year", "every two years"), "Small teams need time."
        )[0]
        self.three = gallia.texts.propose_words(
            self.text, op3, self.words("OP 3").replace("months", "calendar months")
        )[0]
        self.added = borovia.texts.propose_paragraph(
            self.text,
            self.paragraph("OP 10"),
            "OP",
            "*Invites* States to share good practices on such encryption;",
            "Follows from OP 10.",
        )[0]
        self.exchange()
        self.say(
            "Borovia and Gallia Minor propose; rival wordings of OP 8 stand side by side: "
            + "".join(run.text for run in aurelia.texts.paragraph(self.text, op8).runs)[:100]
        )
        aurelia.texts.position(self.text, self.eight, "support")
        gallia.texts.position(self.text, self.eight, "can go along")
        borovia.texts.position(self.text, self.paragraph("PP 9"), "reserve")
        gallia.texts.cosponsor(self.text, self.added)
        aurelia.internal.write(self.text, op8, "Every year is our preference, two years is the fallback.", "fallback")
        self.exchange()
        self.say("Positions taken; Aurelia keeps an internal remark that cannot leave its delegation")

    def _pen(self) -> None:
        aurelia = self.desks["XA"]
        aurelia.texts.take(self.text, self.eight)
        aurelia.texts.take(self.text, self.added)
        aurelia.texts.reject(self.text, self.three)
        aurelia.texts.merge(
            self.text,
            [
                {
                    "op": "words",
                    "paragraph": self.paragraph("OP 3"),
                    "words": "*Decides* that points of contact will be tested by a communication check every six months;",
                }
            ],
            [],
        )
        aurelia.texts.agree(self.text, self.paragraph("OP 3"))
        made = aurelia.texts.revision(self.text, "FICT/GM/2026/DTG.1/CRP.3/Rev.1")
        self.exchange()
        self.say(
            f"The pen disposes of every proposal, agrees OP 3 ad ref and issues Rev.1, sha256 {made.text_hash[:16]}..."
        )

    def _talk(self) -> None:
        aurelia, borovia, gallia = self.desks["XA"], self.desks["XB"], self.desks["XG"]
        first = aurelia.messages.send(
            self.room,
            "Rev.1 is out. *Two* points remain open:\n- OP 2, the verb\n- PP 5, the scope",
            subject="After Rev.1",
            marking="TLP:AMBER",
        )
        self.exchange()
        borovia.messages.acknowledge(first)
        note = gallia.messages.attach(
            self.room, "Note on OP 8.txt", b"Gallia Minor can join every year if exercises may be virtual.\n"
        )
        gallia.messages.send(
            self.room,
            "For the record: see our note on OP 8.",
            thread=first,
            for_the_record=True,
            attachments=[note.id],
            marking="TLP:AMBER",
        )
        pair = borovia.rooms.create("bilateral", "", [self.id("XG")])
        borovia.messages.send(pair, "Can we meet on OP 2 before the session?", subject="OP 2")
        self.exchange(6)
        times = aurelia.messages.one(first)
        self.say(
            f"Messages sealed, delivered ({times.delivery_line}) and acknowledged; a bilateral room Aurelia cannot see: "
            f"{[room.kind for room in aurelia.rooms.all()]}"
        )

    def _second_revision(self) -> list[str]:
        self.desks["XA"].texts.pass_pen(self.text, self.id("XB"))
        self.exchange()
        self.desks["XB"].texts.agree(self.text, self.paragraph("OP 10 bis"))
        self.desks["XB"].texts.revision(self.text, "FICT/GM/2026/DTG.1/CRP.3/Rev.2")
        self.exchange(6)
        hashes = []
        for code, desk in self.desks.items():
            newest = desk.texts.head(self.text).revisions[-1]
            plain = hashlib.sha256(desk.texts.plain(self.text).encode()).hexdigest()
            hashes.append(newest.text_hash)
            self.say(
                f"{code}  Rev.2  sha256 {newest.text_hash}  recomputed: {'same' if plain == newest.text_hash else 'DIFFERS'}"
                f"  confirmed by {len(newest.acknowledged_by)} of 3"
            )
        return hashes

    def leave_something_to_do(self) -> None:
        """After the hashes are compared: open matters, so that the windows show a day at work."""
        borovia, gallia = self.desks["XB"], self.desks["XG"]
        gallia.texts.propose_words(
            self.text,
            self.paragraph("PP 6"),
            self.words("PP 6").replace("capacities", "capacities and needs"),
            "As in the note.",
        )
        borovia.messages.send(self.room, "Rev.2 is agreed on our side.", subject="Rev.2", marking="TLP:GREEN")
        self.exchange()


def run(*, keep: Path | None, shots: Path | None, offscreen: bool) -> int:
    """Play, compare, show. Exit code 0 when all three hold the same Rev.2."""
    base = keep or Path(tempfile.mkdtemp(prefix="valise-demo-"))
    if keep is not None and keep.exists() and any(keep.iterdir()):
        print("The folder is not empty; choose another one.", file=sys.stderr)
        return 2
    step = 0

    def say(line: str) -> None:
        nonlocal step
        step += 1
        print(f"{step:2d}. {line}", flush=True)

    play = Play(base, say)
    try:
        hashes = play.run()
        same = len(set(hashes)) == 1
        print(f"    All three delegations hold the same Rev.2: {'yes' if same else 'NO'}", flush=True)
        play.leave_something_to_do()
        screen = not offscreen and bool(
            os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("win32", "darwin")
        )
        if screen and os.environ.get("QT_QPA_PLATFORM") != "offscreen":
            _windows(play, base)
        else:
            _screenshots(play, shots or Path("demo-out"))
        if keep is not None:
            for desk in play.desks.values():
                desk.close()
            print(f"    Vaults kept in {keep}; each opens with: valise --vault {keep}/XA   passphrase: {PASSPHRASE}")
        return 0 if same else 1
    finally:
        for desk in play.desks.values():
            desk.close()
        if keep is None:
            shutil.rmtree(base, ignore_errors=True)


def _windows(play: Play, base: Path) -> None:
    """One process and one window per delegation, as in life; returns when all are closed."""
    from valise.system import process

    running = []
    for code, desk in play.desks.items():
        desk.close()
        command = process.own_command("--vault", str(base / code), "--passphrase-stdin")
        child = subprocess.Popen(command, stdin=subprocess.PIPE)
        assert child.stdin is not None
        child.stdin.write(PASSPHRASE.encode() + b"\n")
        child.stdin.close()
        running.append(child)
    print(f"    Three windows are open. They lock like any other; the passphrase is: {PASSPHRASE}", flush=True)
    for child in running:
        child.wait()


def _screenshots(play: Play, folder: Path) -> None:
    """Drive the same windows in memory and write what they show."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from valise.ui import shots

    folder.mkdir(parents=True, exist_ok=True)
    for name in shots.gallery({code: desk for code, desk in play.desks.items()}, play.text, folder):
        print(f"    {name}", flush=True)


def fill_sample(desk: Desk) -> None:
    """Sample data for a first look: the fictional text in the delegation's own internal room."""
    data = resources.files("valise.resources").joinpath("reference/sample_text.md").read_bytes()
    read = desk.texts.read_file("sample_text.md", data)
    desk.texts.open(
        desk.rooms.internal(),
        read["title"],
        symbol="FICT/GM/2026/DTG.1/CRP.3",
        language=read["language"],
        paragraphs=read["paragraphs"],
    )
