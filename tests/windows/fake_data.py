"""Invented delegations, texts and messages for the window's tests."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from valise.desk import views as v
from valise.domain.text import model as t

NOW = 1_796_140_800_000  # 2026-12-01 16:00 UTC
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
RIGHTS = ("observe", "speak", "amend", "pen", "commit", "enrol")
NAMES = {
    "XA": "Aurelia", "XB": "Borovia", "XC": "Castellan Republic", "XD": "Dravenia", "XE": "Eastmark",
    "XF": "Freeland Islands", "XG": "Gallia Minor", "XH": "Hesperia",
}  # fmt: skip
OFFICERS = {
    "XA": ("Second Secretary", "Adviser"), "XB": ("First Secretary",), "XC": ("Counsellor",),
    "XD": ("Attaché", "Legal Adviser"), "XE": ("Third Secretary",), "XF": ("Deputy Representative",),
    "XG": ("Adviser",), "XH": ("First Secretary",),
}  # fmt: skip
WORDS = [
    "harbour",
    "velvet",
    "ninety",
    "orchard",
    "signal",
    "copper",
    "winter",
    "lantern",
    "meadow",
    "granite",
    "planet",
    "ribbon",
]


def ident(seed: str) -> str:
    """A stable id of the right shape (43 characters of base64url)."""
    return base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()).decode().rstrip("=")


def delegation(code: str) -> str:
    return ident(f"delegation {code}")


def device(code: str, number: int = 0) -> str:
    return ident(f"device {code} {number}")


def fingerprint(code: str) -> str:
    digest = hashlib.sha256(f"root {code}".encode()).hexdigest()
    return " ".join(digest[i : i + 4] for i in range(0, 64, 4))


def contact(code: str, trust: v.Trust, *, changed: bool = False, notices: tuple[str, ...] = ()) -> v.ContactView:
    devices = tuple(
        v.DeviceView(
            device(code, n), role, role, RIGHTS if n == 0 else RIGHTS[:3], NOW + 300 * DAY, NOW - 40 * DAY, False
        )
        for n, role in enumerate(OFFICERS[code])
    )
    return v.ContactView(
        delegation(code),
        code,
        NAMES[code],
        trust,
        NOW - 20 * DAY,
        changed,
        devices,
        fingerprint(code),
        notices,
        "changed" if changed else "",
    )


CONTACTS = (
    contact("XB", "verified in person"),
    contact("XC", "verified in person", changed=True),
    contact("XD", "received only", notices=(f"device.new:{NOW - 3 * DAY}",)),
    contact("XE", "vouched"),
    contact("XF", "unknown"),
)

BILATERAL, GROUP, INTERNAL, STOPPED = ident("room XB"), ident("room group"), ident("room internal"), ident("room XC")


def rooms() -> list[v.RoomView]:
    own = delegation("XA")
    everyone = tuple(delegation(c) for c in ("XA", "XB", "XC", "XD", "XE"))
    return [
        v.RoomView(GROUP, "group", "Drafting group on points of contact", everyone, own, 7, 2, 3, "", "", ident("e1")),
        v.RoomView(BILATERAL, "bilateral", "Borovia", (own, delegation("XB")), own, 3, 1, 1, "", "", ident("e2")),
        v.RoomView(
            STOPPED, "bilateral", "Castellan Republic", (own, delegation("XC")), own, 3, 0, 1, "",
            "contact.changed", ident("e3"),
        ),
        v.RoomView(INTERNAL, "internal", "Aurelia, internal", (own,), own, 2, 0, 0, "", "", ident("e4")),
    ]  # fmt: skip


TEXT, OTHER_TEXT = ident("text 1"), ident("text 2")


@dataclass
class Held:
    """One paragraph as the fake holds it."""

    id: str
    section: t.Section
    label: str
    words: str
    status: t.Status = "open"
    ver: str = field(default_factory=lambda: ident("ver 1"))
    parent: str = ""

    def value(self) -> t.Paragraph:
        return t.Paragraph(self.id, self.section, self.label, self.words, self.status, self.ver, self.parent)


_TEXT: tuple[tuple[t.Section, str, t.Status, str], ...] = (
    ("title", "", "open", "Draft decision on the use of points of contact in the event of ICT incidents"),
    ("PP", "PP 1", "closed", "Recalling its mandate and the elements adopted for its establishment,"),
    ("PP", "PP 2", "agreed ad ref",
     "Reaffirming the cumulative and evolving framework for responsible State behaviour,"),
    ("PP", "PP 2 bis", "open", "Recalling also that additional norms could be developed over time,"),
    ("PP", "PP 3", "open", "Noting the launch of the directory and the growing number of States that take part in it,"),
    ("PP", "PP 4", "agreed ad ref", "Recognizing that points of contact can help to reduce the risk of misperception,"),
    ("PP", "PP 5", "open",
     "Concerned about malicious ICT activity by State and non-State actors, including against ports and hospitals,"),
    ("PP", "PP 5 alt 1 (XI)", "open", "Concerned about threats in the use of ICTs,"),
    ("PP", "PP 6", "parked", "Bearing in mind the differing capacities of States,"),
    ("OP", "OP 1", "closed", "Reaffirms that participation in the directory is voluntary;"),
    ("OP", "OP 2", "open", "Encourages all States that have not yet done so to nominate two points of contact;"),
    ("OP", "OP 3", "open", "Decides that points of contact will be tested every six months;"),
    ("OP", "OP 4", "open", "تدعو الدول إلى تعيين نقطة اتصال [Valise] في غضون 24 ساعة؛"),
    ("OP", "OP 5", "open", "鼓励各国在政策和技术两级指定联络点，并在24小时内确认收到任何来文；"),
    ("OP", "OP 6 (a)", "agreed ad ref", "bear a marking that says how it may be shared onward;"),
    ("OP", "OP 7", "closed", "Decides to revert to the matter at its next session."),
)  # fmt: skip


def paragraphs() -> list[Held]:
    return [
        Held(f"{ident('merge 1')}/{n}", section, label, words, status)
        for n, (section, label, status, words) in enumerate(_TEXT)
    ]


def proposal(
    label: str, held: Held, quote: str, words: str, code: str, *, sponsors: tuple[str, ...] = (), reason: str = "",
    kind: t.ProposalKind = "words", state: t.ProposalState = "open", ago: int = HOUR,
) -> t.Proposal:  # fmt: skip
    start = held.words.index(quote)
    return t.Proposal(
        ident(f"proposal {label}"), label, kind, held.id, held.ver, (start, start + len(quote)), quote, words, reason,
        delegation(code), device(code), NOW - ago, tuple(delegation(c) for c in (code, *sponsors)), state,
    )  # fmt: skip


def proposals(held: list[Held]) -> list[t.Proposal]:
    by = {one.label: one for one in held}
    new = t.Proposal(
        ident("proposal XD/3"), "XD/3", "paragraph", "", "", (0, 0), "",
        "Further decides that the results of communication checks will not be made public;", "", delegation("XD"),
        device("XD"), NOW - 30 * MINUTE, (delegation("XD"), delegation("XE")), "open", "", by["OP 3"].id,
    )  # fmt: skip
    return [
        proposal("XB/1", by["PP 2 bis"], "additional norms", "additional binding norms", "XB", sponsors=("XE",)),
        proposal("XC/4", by["PP 3"], "growing", "current", "XC", reason="Figures are not yet public.", ago=2 * HOUR),
        proposal("XA/12", by["PP 5"], "malicious ", "", "XA", ago=3 * HOUR),
        proposal("XF/2", by["PP 5"], "ports and hospitals", "ports, submarine cables and hospitals", "XF"),
        proposal("XB/2", by["OP 2"], "Encourages", "Calls upon", "XB", sponsors=("XA", "XC")),
        proposal("XE/1", by["OP 2"], "Encourages", "Invites", "XE", ago=40 * MINUTE),
        proposal("XE/2", by["OP 3"], "six", "twelve", "XE", ago=20 * MINUTE),
        proposal("XD/1", by["OP 4"], "24", "72", "XD"),
        proposal("XD/2", by["OP 5"], "24", "72", "XD", state="rejected"),
        new,
    ]


def positions(held: list[Held], given: list[t.Proposal]) -> list[t.Position]:
    by = {one.label: one for one in given}
    para = {one.label: one for one in held}
    rows: tuple[tuple[str, str, t.PositionValue, str], ...] = (
        ("XA", by["XB/1"].id, "oppose", ""), ("XC", by["XB/1"].id, "reserve", "ALP"), ("XE", by["XB/2"].id, "oppose", ""),
        ("XC", by["XA/12"].id, "support", ""), ("XD", by["XA/12"].id, "scrutiny reservation", ""),
        ("XB", by["XE/2"].id, "can go along", ""), ("XD", para["PP 6"].id, "reserve", ""),
    )  # fmt: skip
    return [
        t.Position(ident(f"position {code} {target}"), delegation(code), target, value, behalf, NOW - HOUR)
        for code, target, value, behalf in rows
    ]


THREAD, ARABIC, CHINESE, BILATERAL_THREAD = (ident(f"thread {n}") for n in range(4))


def _message(seed: str, room: str, thread: str, code: str, body: str, ago: int, **more: object) -> v.MessageRow:
    own = code == "XA"
    values: dict[str, object] = {
        "marking": "TLP:AMBER", "for_the_record": False, "attachments": (), "delivery": "delivered",
        "delivery_line": "2/2" if own else "",
    } | more  # fmt: skip
    acknowledged = NOW - ago + 5 * MINUTE if values["delivery"] == "acknowledged" else 0
    receipts = (
        (
            v.Receipt(device("XB"), delegation("XB"), NOW - ago + MINUTE, acknowledged),
            v.Receipt(device("XC"), delegation("XC"), acknowledged, acknowledged),
        )
        if own
        else ()
    )
    return v.MessageRow(
        id=seed if len(seed) == 43 else ident(seed), room=room, thread=thread, author=delegation(code),
        officer=OFFICERS[code][0], own=own, body=body, sent_at=NOW - ago, received_at=0 if own else NOW - ago + MINUTE,
        receipts=receipts, **values,  # type: ignore[arg-type]
    )  # fmt: skip


PAPER = v.AttachmentView(ident("file 1"), "Non-paper on points of contact.pdf", "application/pdf", 184_320, True)
COMING = v.AttachmentView(ident("file 2"), "Annex.docx", "application/vnd.openxmlformats", 2_400_000, False)


def messages() -> list[v.MessageRow]:
    return [
        _message(THREAD, GROUP, THREAD, "XB",
                 "We can join consensus on OP 2 if **calls upon** is kept.\n- OP 3 is open\n- PP 5 is *not*", 26 * HOUR),
        _message("m2", GROUP, THREAD, "XA", "Noted. The chair's bridge comes with Rev. 3.", 25 * HOUR,
                 delivery_line="2/4"),
        _message("m3", GROUP, THREAD, "XC", "Our capital asks for the reasons of XF/2.", 3 * HOUR, attachments=(PAPER,)),
        _message("m4", GROUP, THREAD, "XA", "For the record: Aurelia can go along with XE/2.", HOUR, for_the_record=True,
                 delivery="acknowledged", delivery_line="4/4", marking="TLP:GREEN"),
        _message("m5", GROUP, THREAD, "XA", "Attached the annex.", 10 * MINUTE, attachments=(COMING,),
                 delivery="waiting", delivery_line="0/4"),
        _message(ARABIC, GROUP, ARABIC, "XD", "نقترح استخدام مصطلح «نقطة اتصال» في الفقرة OP 4 كلها.", 5 * HOUR),
        _message(CHINESE, GROUP, CHINESE, "XE", "请在第五段保留“联络点”一词。", 4 * HOUR, marking=""),
        _message(BILATERAL_THREAD, BILATERAL, BILATERAL_THREAD, "XB",
                 "<b>Could we meet</b> before the session? https://example.org", 2 * HOUR, marking="TLP:RED"),
        _message("m9", BILATERAL, BILATERAL_THREAD, "XA", "Yes, at 17:30 in room 7.", 90 * MINUTE, delivery="trouble",
                 delivery_line="0/2"),
    ]  # fmt: skip


SUBJECTS = {THREAD: "OP 2 and the verb", ARABIC: "المصطلحات", CHINESE: "用语", BILATERAL_THREAD: "Before the session"}
