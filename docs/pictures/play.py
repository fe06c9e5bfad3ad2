"""The stage of every picture: four fictional delegations with real vaults, two talks, a clock that moves as told."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from valise import bootstrap
from valise.desk.gate import KEY_FILE, Gate
from valise.ui import gallery
from valise.vault.slots import Kdf

if TYPE_CHECKING:
    from valise.desk.desk import Desk

SAMPLE = Path(__file__).parents[2] / "resources" / "reference" / "sample_text.md"
START = 1_796_720_400_000  # 8 December 2026, 09:00 UTC
HOUR = 3_600_000  # ms
FAST = Kdf(ops=1, mem=8192, floor_ops=1, floor_mem=8192)  # these vaults live for a minute
PASSPHRASE = b"fictional delegations"
NAMES = {"XA": "Aurelia", "XB": "Borovia", "XG": "Gallia Minor", "XE": "Eastmark"}
CAPITAL = "Legal department"

ARABIC = [
    ("PP", "PP 1", "*إذ تشير* إلى ولايتها،", "closed"),
    ("PP", "PP 2", "*وإذ تلاحظ* تزايد عدد الدول المشاركة في دليل جهات الاتصال،", "open"),
    ("PP", "PP 3", "*وإذ تضع في اعتبارها* تفاوت قدرات الدول،", "open"),
    ("OP", "OP 1", "*تؤكد* أن المشاركة في الدليل طوعية؛", "closed"),
    ("OP", "OP 2", "*تقرر* أن تُختبر جهات الاتصال مرة كل ستة أشهر؛", "open"),
    ("OP", "OP 3", "*تشجع* الدول على إجراء تمرين محاكاة واحد كل سنة؛", "open"),
    ("OP", "OP 4", "*تدعو* الدول إلى حماية المراسلات بين جهات الاتصال بالتشفير؛", "open"),
    ("OP", "OP 5", "*تقرر* العودة إلى هذه المسألة في دورتها المقبلة.", "closed"),
]


class Clock:
    """Milliseconds UTC that move a little at each reading, and as told."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> int:
        self.at += 3
        return self.at


Edit = tuple[str, str, str]  # label of a paragraph, words of it, words in their place


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said in one of the two talks. `title` "" = the sample text; `main` = the paragraph most is said of."""

    tag: str
    title: str
    symbol: str
    room: str
    main: str
    yearly: tuple[str, str]
    rarely: tuple[str, str]
    cost: str
    small: str
    share: str
    after: str
    other: Edit
    test: Edit
    pen: Edit
    second: Edit
    remark: str
    begun: str
    red: str
    fallback: str
    held: tuple[str, str]
    statement: str
    body: str
    asked: str
    typed: tuple[bytes, bytes]  # in the file: words, and what somebody typed over them
    tracked: tuple[bytes, bytes]  # words, and what somebody put in after them with tracked changes
    direction: Qt.LayoutDirection


ENGLISH = Said(
    tag="en", title="", symbol="FICT/GM/2026/DTG.1/CRP.3", room="Drafting group on points of contact", main="OP 8",
    yearly=("each year", "every year"), rarely=("each year", "every two years"), cost="The cost is bearable.",
    small="Small teams need time.", share="*Also invites* States to share good practices on such encryption;",
    after="OP 10", other=("PP 6", "capacities", "capacities and needs"), test=("OP 3", "months", "calendar months"),
    pen=("OP 3", "[six (XA, XB, LSG) / twelve (XI, XL)]", "six"), second=("PP 3", "launch", "successful launch"),
    remark="We can show the figures.", begun="Acting in good faith, ",
    red="Not less often than once a year.", fallback="Every two years, if virtual.",
    held=("simulation exercise", "joint simulation exercise"),
    statement="Joint statement on answering in time",
    body="We, the undersigned, answer a message sent through points of contact within one working day.\n\n"
    "We invite others to join us.", asked="requests for assistance by another State",
    typed=(b"permanent mission", b"permanent mission without delay"), tracked=(b"all States that have", b" still"),
    direction=Qt.LayoutDirection.LeftToRight,
)  # fmt: skip
IN_ARABIC = Said(
    tag="ar", title="مشروع مقرر بشأن استخدام جهات الاتصال عند وقوع الحوادث", symbol="FICT/GM/2026/DTG.1/CRP.7",
    room="فريق الصياغة المعني بجهات الاتصال", main="OP 3", yearly=("كل سنة", "مرتين كل سنة"),
    rarely=("كل سنة", "كل سنتين"), cost="التكلفة معقولة.", small="الفرق الصغيرة تحتاج إلى وقت.",
    share="*تدعو أيضا* الدول إلى تبادل الممارسات الجيدة في هذا المجال؛", after="OP 4",
    other=("PP 3", "قدرات الدول", "قدرات الدول واحتياجاتها"), test=("OP 2", "أشهر", "أشهر على الأقل"),
    pen=("OP 2", "مرة كل ستة أشهر", "كل ستة أشهر"), second=("PP 2", "تزايد", "باهتمام تزايد"),
    remark="يمكننا عرض الأرقام.", begun="وإذ تتصرف بحسن نية، ",
    red="لا أقل من مرة في السنة.", fallback="كل سنتين إذا كان التمرين افتراضيا.",
    held=("محاكاة", "محاكاة مشترك"), statement="بيان مشترك بشأن الرد في الوقت المناسب",
    body="نحن الموقعين أدناه نرد في غضون يوم عمل واحد على كل رسالة ترد عبر جهات الاتصال.\n\nوندعو غيرنا إلى الانضمام إلينا.",
    asked="الرد على طلبات المساعدة", typed=("تزايد".encode(), "استمرار تزايد".encode()),
    tracked=("حماية المراسلات".encode(), " الرسمية".encode()), direction=Qt.LayoutDirection.RightToLeft,
)  # fmt: skip
SHELF = (
    ("report-1.md", "# Report on points of contact\n\nSymbol: FICT/GM/2025/12\nAdopted: 2025-03-01\nVote: 120-3-14\n\n"
     "## Title\n\nReport on points of contact\n\n## Text\n\n**OP 1** *Requests* States to answer appropriate requests for "
     "assistance by another State within one working day; *(open)*\n\n**OP 2** *Invites* States to test their points of "
     "contact once a year; *(open)*\n\n**OP 3** *Encourages* a reply to each request for assistance, even where the State "
     "cannot help; *(open)*\n"),
    ("report-2.md", "# Report on assistance\n\nSymbol: FICT/GM/2024/7\nAdopted: 2024-07-15\n\n## Title\n\nReport on "
     "assistance\n\n## Text\n\n**OP 1** *Recalls* that States respond to requests for assistance by another State whose "
     "services are disturbed; *(open)*\n\n**OP 2** *Decides* to revert to the matter. *(open)*\n"),
    ("report-3.md", "# تقرير عن المساعدة\n\nSymbol: FICT/GM/2024/9\nAdopted: 2024-09-20\n\n## Title\n\nتقرير عن المساعدة\n\n"
     "## Text\n\n**OP 1** *تطلب* إلى الدول الرد على طلبات المساعدة في غضون يوم عمل واحد؛ *(open)*\n\n**OP 2** *تشجع* الرد "
     "على كل طلب للمساعدة وإن تعذرت تلبيته؛ *(open)*\n"),
)  # fmt: skip


class Play:
    """Four delegations and two texts."""

    def __init__(self, base: Path) -> None:
        self.base, self.clock = base, Clock()
        self.share = base / "share"
        self.share.mkdir()
        self.desks: dict[str, Desk] = {}
        for code, name in NAMES.items():
            self.desks[code] = self._using(self.gate(code).create(
                code=code, name=name, officer=f"Delegate of {name}", role="Delegate", passphrase=bytearray(PASSPHRASE),
                public_name="",
            ))  # fmt: skip
        for one in self.desks.values():
            for other in self.desks.values():
                if one is not other:
                    one.contacts.import_card(other.contacts.own_card())
                    one.contacts.verified(other.me().delegation)
        self.desks["XA-2"] = self._second_officer()
        ours = self.desks["XA"]
        for code in ("XB", "XG", "XE"):  # they look at the new laptop, or nothing would be sent to it
            self.desks[code].contacts.import_card(ours.contacts.own_card())
            self.desks[code].contacts.decide(ours.me().delegation, True)
        shelf = base / "shelf"
        shelf.mkdir()
        for name, words in SHELF:
            (shelf / name).write_text(words, "utf-8")
        self.desks["XA"].library.import_folder(shelf)

    def gate(self, name: str) -> Gate:
        return Gate(
            self.base / name, clock=self.clock, make_carrier=bootstrap.folder_carrier, parser=bootstrap.read_document,
            entropy=os.urandom, kdf=FAST,
        )  # fmt: skip

    def _using(self, desk: Desk) -> Desk:
        desk.exchange.use_folder(self.share)
        desk.exchange.resend = 60_000
        return desk

    def _second_officer(self) -> Desk:
        gate = self.gate("XA-2")
        request = gate.ask_enrolment(officer="Legal adviser of Aurelia", role="Adviser", passphrase=bytearray(PASSPHRASE))
        key_file = (self.base / "XA" / KEY_FILE).read_bytes()
        rights = ("observe", "speak", "amend", "pen", "commit")
        answer = self.desks["XA"].grant_enrolment(request, key_file, bytearray(PASSPHRASE), rights)
        return self._using(gate.finish_enrolment(answer, bytearray(PASSPHRASE)))

    def exchange(self, rounds: int = 5) -> None:
        for _ in range(rounds):
            for desk in self.desks.values():
                desk.exchange.now()
            self.clock.at += 61_000

    def close(self) -> None:
        for desk in self.desks.values():
            desk.close()

    # the talks

    def text(self, said: Said) -> gallery.Stage:
        a, b, g, e = (self.desks[code] for code in NAMES)
        room = a.rooms.create("group", said.room, [one.me().delegation for one in (b, g, e)])
        self.exchange()
        if said.title:
            keys = ("section", "label", "words", "status")
            read: dict[str, Any] = {"title": said.title, "paragraphs": [dict(zip(keys, one, strict=True)) for one in ARABIC]}
        else:
            read = a.texts.read_file(SAMPLE.name, SAMPLE.read_bytes())
        organ, said_by = ("The Global Mechanism", 1) if not said.title else ("", 0)  # the sample text opens with its organ
        text = a.texts.open(room, read["title"], symbol=said.symbol, organ=organ, language=said.tag,
                            paragraphs=read["paragraphs"][said_by:])  # fmt: skip
        self.exchange()
        ids = {row.label: row.id for row in a.texts.outline(text)}
        main = ids[said.main]

        def changed(label: str, old: str, new: str) -> str:
            return a.texts.paragraph(text, ids[label]).paragraph.words.replace(old, new)

        a.texts.revision(text, f"{said.symbol}/Rev.1")
        self.exchange()
        self.clock.at += HOUR
        second = b.texts.propose_words(text, ids[said.second[0]], changed(*said.second))[0]
        test = g.texts.propose_words(text, ids[said.test[0]], changed(*said.test))[0]
        self.exchange()
        a.texts.take(text, second)
        a.texts.reject(text, test)
        label, old, new = said.pen
        a.texts.merge(text, [{"op": "words", "paragraph": ids[label], "words": changed(label, old, new)}], [])
        a.texts.agree(text, ids[label])
        a.texts.revision(text, f"{said.symbol}/Rev.2")
        self.exchange()
        self.clock.at += HOUR
        yearly = b.texts.propose_words(text, main, changed(said.main, *said.yearly), said.cost)[0]
        rarely = g.texts.propose_words(text, main, changed(said.main, *said.rarely), said.small)[0]
        share = b.texts.propose_paragraph(text, ids[said.after], "OP", said.share)[0]
        e.texts.propose_words(text, ids[said.other[0]], changed(*said.other))
        self.exchange()
        a.texts.position(text, yearly, "support")
        g.texts.position(text, yearly, "can go along")
        e.texts.position(text, rarely, "oppose")
        e.texts.position(text, main, "reserve", "ALP")
        g.texts.position(text, ids[said.second[0]], "support")
        e.texts.cosponsor(text, share)
        b.texts.comment(text, rarely, said.remark)
        a.internal.want_four_eyes(True)
        self.exchange()
        a.internal.write(text, main, said.red, "red line")
        a.internal.write(text, main, said.fallback, "fallback")
        self.desks["XA-2"].texts.propose_words(text, main, changed(said.main, *said.held))
        statement = b.joint.open_statement(room, said.statement, said.body, language=said.tag, until=self.clock.at + 100 * HOUR)
        self.exchange()
        first = b.messages.send(room, said.remark, subject=said.statement, marking="TLP:AMBER")
        self.exchange()
        g.messages.send(room, said.small, thread=first)
        a.messages.send(room, said.cost, thread=first, for_the_record=True)
        b.joint.sign(statement)
        g.joint.sign(statement)
        self.exchange()
        return gallery.Stage(text, main, said.begun, said.asked, statement, self._returned(said, text), said.direction)

    def _returned(self, said: Said, text: str) -> Path:
        """The file of the text as a capital sends it back: words typed over in one paragraph, tracked in another."""
        beside, more = said.tracked
        run = b'</w:t></w:r>%s<w:r><w:t xml:space="preserve">'
        mark = b'<w:ins w:id="9001" w:author="%s"><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:ins>'
        made = BytesIO()
        data = self.desks["XA"].export.file(text, "docx", "tracked")
        with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                if name == "word/document.xml":
                    part = part.replace(*said.typed, 1)
                    part = part.replace(beside, beside + run % (mark % (CAPITAL.encode(), more)), 1)
                new.writestr(name, part)
        path = self.base / f"returned-{said.tag}.docx"
        path.write_bytes(made.getvalue())
        return path

    def silence(self, stage: gallery.Stage) -> None:
        """The newest revision under silence for three days."""
        desk = self.desks["XA"]
        desk.silence.open(stage.text, desk.texts.head(stage.text).revisions[-1].id, self.clock.at + 72 * HOUR)

    def copied(self, stages: Iterable[tuple[Said, gallery.Stage]]) -> None:
        """Aurelia's laptop was copied, and both write with the pen."""
        self.desks.pop("XA").close()
        shutil.copytree(self.base / "XA", self.base / "copy")
        for name in ("XA", "copy"):
            self.desks[name] = self._using(self.gate(name).unlock(bytearray(PASSPHRASE)))
        for said, stage in stages:
            for name, (old, new) in (("XA", said.yearly), ("copy", said.rarely)):
                texts = self.desks[name].texts
                words = texts.paragraph(stage.text, stage.paragraph).paragraph.words.replace(old, new)
                live = [one.id for one in texts.paragraph(stage.text, stage.paragraph).proposals if one.state == "open"]
                texts.merge(
                    stage.text, [{"op": "words", "paragraph": stage.paragraph, "words": words}],
                    [{"proposal": one, "outcome": "superseded"} for one in live],
                )  # fmt: skip
        self.exchange(6)
        for _, stage in stages:
            sides = self.desks["XG"].frozen.look(stage.text).doubled[0].sides
            self.desks["XG"].frozen.stands(stage.text, sides[0].id)
        self.exchange()
