"""The sample text negotiated to a clean text by four delegations through their windows, with nothing but keys.

The desks are asked afterwards what came of it; no step of the talks is a call of a desk, a click or a slot.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hands import ALT, CTRL, SHIFT, Desks, Table, press, type_words
from lxml import etree
from officer import FORMULA, TITLE, Officer
from PySide6.QtCore import Qt
from test_e2e_files import ODF, SAMPLE, office

from valise.ui import theme
from valise.ui.files import said

K = Qt.Key
CODES = ("XA", "XB", "XG", "XE")
SYMBOL = "FICT/GM/2026/DTG.1/CRP.3"
RED = "wainscot persimmon quarrel"
ISLANDS = "*Bearing in mind* the differing capacities of States, in particular small island developing States,"
SUPPORT = "*Invites* States in a position to do so to support the participation of developing countries in exercises;"
SHARE = "*Also invites* States to share good practices on such encryption;"

# What the pen writes over what, to leave no bracket: (words found, words typed over them).
CLEAN: dict[str, list[tuple[str, str]]] = {
    TITLE: [("[Draft decision] [XB, LSG: Draft recommendations]", "Draft decision")],
    "PP 2 bis": [("[XB, XE: ", ""), (" [XE: including legally binding obligations,]] (ALP: reserves)", "")],
    "PP 3": [("[and the [growing (XA, LSG) / current (XJ)]", "and the growing"), ("it],", "it,")],
    "PP 5": [("[malicious]", "malicious"), (" [XF, XH: aimed at ports, submarine cables and hospitals] [~~", " "),
             ("~~ – XI, XJ: delete] (XA, ALP: retain)", "")],
    "PP 8": [(" [XL: as appropriate]", ", as appropriate")],
    "PP 9": [("[*", "*"), (" [XA, ALP: , including", ", including"), ("community,]", "community,"),
             (",] (XI, XJ: reserve)", ",")],
    "OP 2": [("[*Encourages* (XI, XJ) / *Invites* (XL) / *Calls upon* (XA, ALP, LSG)]", "*Calls upon*")],
    "OP 3": [("[six (XA, XB, LSG) / twelve (XI, XL)]", "six")],
    "OP 3 bis": [("[XD: ", ""), (";] (XA: can go along)", ";")],
    "OP 3 ter": [("[ALP: ", ""), ("[five (XC) / ten (XG)]", "ten"), (";]", ";")],
    "OP 4": [(" (XE: notes its position on PP 2 bis)", "")],
    "OP 5": [("[within existing resources] [~~", "within existing resources "), ("~~ – XJ: delete] (XF, LSG: retain)", "")],
    "OP 6 (b)": [("[state", "state"), ("[XA: and", "and"), ("requested];]", "requested;")],
    "OP 6 (c)": [("[not]", "not"), (" [XA, ALP: unless the sending State so decides]", "")],
    "OP 7": [("*Recalls also*", "*Also recalls*"), ("[and", "and"),
             ("[promptly (XF) / without undue delay (XB, XL)]]", "without undue delay")],
    "OP 8": [("[a (XL) / at least one (XA, LSG)]", "at least one"), ("each year", "every year"),
             ("[XG: in cooperation with relevant regional organizations,]",
              "in cooperation with relevant regional organizations;")],
    "OP 10": [("[appropriate (XI) / end-to-end (XA, XD, LSG)]", "end-to-end"), (" [XI: , subject to national law]", "")],
    "OP 11": [("*Requests*", "*Also requests*"), ("[72 (XA) / 96 (XL, XM)]", "72")],
    "OP 12": [("*Decides*", "*Also decides*")],
}  # fmt: skip


@pytest.fixture
def four(worn: theme.Theme, tmp_path: Path, qtbot: Any) -> Iterator[Table]:
    made = Table(Desks(tmp_path / "vaults", CODES), qtbot)
    yield made
    made.close()
    made.world.close()


def clean(pen: Officer, label: str, answers: dict[str, str] | None = None) -> None:
    """The pen writes the words without brackets."""
    pen.set_words(label, CLEAN[label], answers)
    assert not re.search(r"[][~]", pen.bench.view().paragraph.words)


def test_the_sample_text_becomes_a_clean_text(four: Table, tmp_path: Path) -> None:
    room, other = four.world.room(title="Drafting group"), four.world.room(title="After the session")
    xa = Officer(four, "XA")
    text = xa.open_file(SAMPLE, room)
    four.exchange()
    xb, xg, xe = (Officer(four, code, text) for code in CODES[1:])
    assert len({row.id for row in xe.texts.outline(text)}) == 33

    # first reading: everybody amends
    launch = xb.amend("PP 3", "launch", "successful launch")
    yearly = xb.amend("OP 8", "each year", "every year", "The cost is bearable.")
    share = xb.add("OP 10", SHARE)
    rarely = xg.amend("OP 8", "each year", "every two years", "Small teams need time.")
    first = xg.strike("PP 5 alt 1 (XI)", "PP 5 covers it.")
    islands = xe.instead("PP 6", ISLANDS)
    moved = xe.move("PP 8", "PP 6")
    calendar = xe.amend("OP 3", "months", "calendar months")
    four.exchange()
    xe.cosponsor("OP 10", share)
    xg.say("PP 3", launch, K.Key_S)
    xe.say("PP 9", "", K.Key_R)
    xe.say("PP 5 alt 1 (XI)", first, K.Key_O)
    xb.say("OP 8", rarely, K.Key_G)
    xg.speak_for("ALP")
    xg.say("OP 9", "", K.Key_R, SHIFT)
    xg.speak_for("")
    xb.go("OP 8")
    xb.aim(rarely)
    press(K.Key_C)
    type_words("We can show the figures.")
    xb.send()
    xa.go("OP 8")
    press(K.Key_M, CTRL)
    type_words(RED)
    press(K.Key_2, ALT)
    press(K.Key_Return, CTRL)
    xa.rest()
    four.exchange(6)

    # in the middle everything leaves as Word, and LibreOffice is asked
    out = tmp_path / "out"
    out.mkdir()
    for kind in said.KINDS:
        xa.export(kind, out / f"{kind}.docx")
    what_libreoffice_sees(tmp_path, out)

    # the pen: what it had not heard of, what it takes, keeps, rejects, answers while writing
    xe.amend("OP 5", "under review", "under constant review")
    clean(xa, "OP 5")
    four.exchange()
    (stale,) = [card.proposal for card in xa.go("OP 5").amendments.cards]
    assert stale.state == "stale"
    xa.say("OP 5", stale.label, K.Key_I)
    xa.say("OP 5", stale.label, K.Key_T)
    xa.say("PP 3", launch, K.Key_T)
    xa.say("PP 6", islands, K.Key_K)
    xa.say("OP 3", calendar, K.Key_X)
    xa.say("OP 10", share, K.Key_T)
    xa.say("PP 8", moved, K.Key_T)
    xa.say("PP 5 alt 1 (XI)", first, K.Key_T)
    clean(xa, "OP 8", {yearly: "accepted", rarely: "rejected"})
    for label in (TITLE, "PP 2 bis", "PP 3", "PP 5", "OP 2", "OP 3"):
        clean(xa, label)
    for label in (TITLE, FORMULA, "PP 2 bis", "PP 3", "PP 5", "OP 2", "OP 3", "OP 5", "OP 8"):
        xa.agree(label)
    xa.go("OP 7")
    press(K.Key_P, CTRL | SHIFT)
    xa.rest()
    xa.freeze(f"{SYMBOL}/Rev.3")
    four.exchange(6)

    # the pen goes to Borovia, which takes what was kept and finishes
    xa.hand_over("XB")
    four.exchange()
    assert xb.texts.holds_pen(text) and not xa.texts.holds_pen(text)
    second = xe.strike("PP 5 alt 2 (ALP)", "PP 5 as agreed covers it.")
    fund = xg.instead("OP 9", SUPPORT)
    alone = xg.strike("OP 9 alt (ALP)", "It stands as OP 9 now.")
    withdrawn = xa.amend("OP 4", "should not", "must not")
    xa.say("OP 4", withdrawn, K.Key_W)
    xe.say("PP 9", "", K.Key_N)  # reservations are lifted
    xg.speak_for("ALP")
    xg.say("OP 9", "", K.Key_N)
    four.exchange()
    for label, proposal in (("PP 6", islands), ("PP 5 alt 2 (ALP)", second), ("OP 9", fund), ("OP 9 alt (ALP)", alone)):
        xb.say(label, proposal, K.Key_T)
    for label in ("OP 7", "OP 3 bis", "OP 11", "OP 12", "PP 1", "PP 7", "OP 1"):
        xb.go(label)
        press(K.Key_O, CTRL | SHIFT)
        xb.rest()
    for label in ("PP 8", "PP 9", "OP 3 bis", "OP 3 ter", "OP 4", "OP 6 (b)", "OP 6 (c)", "OP 7", "OP 10", "OP 11", "OP 12"):
        clean(xb, label)
    for label in [row.label for row in xb.texts.outline(text) if row.status in ("open", "parked")]:
        xb.agree(label)
    xb.freeze(f"{SYMBOL}/Rev.4")
    four.exchange(6)

    # what came of it, asked at every desk
    assert len({one.texts.plain(text) for one in (xa, xb, xg, xe)}) == 1
    assert len({one.texts.notation(text) for one in (xa, xb, xg, xe)}) == 1
    assert len({str(one.texts.proof(text)) for one in (xa, xb, xg, xe)}) == 1  # with the state hash
    for one in (xa, xb, xg, xe):
        frozen = one.texts.head(text).revisions[-1]
        assert frozen.symbol == f"{SYMBOL}/Rev.4" and not frozen.alarm and len(frozen.acknowledged_by) == 4
        assert hashlib.sha256(one.texts.plain(text).encode()).hexdigest() == frozen.text_hash
        assert {row.status for row in one.texts.outline(text)} == {"agreed ad ref"}
        assert not any(row.open_brackets or row.open_proposals for row in one.texts.outline(text))
        assert one.desk.seeing.lint(text) == ()
        assert [note.words for note in one.desk.internal.notes(text)] == ([RED] if one is xa else [])
    final = xb.texts.notation(text)
    assert not re.search(r"[][~/]|\((?:X[A-Z]|ALP|LSG)\b", final.partition("The Global Mechanism,")[2])
    assert "**PP 6** " + ISLANDS in final and "**OP 9** " + SUPPORT in final and "**OP 10 bis** " + SHARE in final
    assert final.index("**PP 6**") < final.index("**PP 8**") < final.index("**PP 7**")

    # the clean text leaves, is opened as a new one in another room, and frozen under the same symbol by the same pen
    xb.export("clean", tmp_path / "final.docx")
    again = xb.open_file(tmp_path / "final.docx", other)
    assert again != text and {row.status for row in xb.texts.outline(again)} == {"open"}  # clean: words, no status
    xb.go(TITLE)
    for _ in xb.texts.outline(again):
        press(K.Key_A, CTRL | SHIFT)
        press(K.Key_Down)
        xb.rest()
    xb.freeze(f"{SYMBOL}/Rev.4", offered=f"{SYMBOL}/Rev.5")
    assert xb.texts.plain(again) == xa.texts.plain(text)
    (same,) = xb.texts.head(again).revisions
    assert same.text_hash == xa.texts.head(text).revisions[-1].text_hash



def marked(root: etree._Element) -> list[tuple[str, str | None, str]]:
    """(insertion or deletion, delegation, words) as LibreOffice holds them, in the order of the text: what one delegation
    marks in one paragraph is one entry."""
    name = f"{{{ODF['text']}}}"
    kinds = {
        region.get(f"{name}id"): (etree.QName(kind).localname, kind.findtext(".//dc:creator", namespaces=ODF))
        for region in root.iterfind(".//text:tracked-changes/text:changed-region", ODF)
        for kind in region
    }
    found: dict[tuple[int, str, str | None], str] = {}
    under: list[str] = []
    at = 0

    def take(words: str | None) -> None:
        for mark in under:
            key = (at, *kinds[mark])
            found[key] = found.get(key, "") + (words or "")

    def walk(element: etree._Element) -> None:
        nonlocal at
        at += element.tag in (f"{name}p", f"{name}h")
        if element.tag == f"{name}change-start":
            under.append(element.get(f"{name}change-id"))
        elif element.tag == f"{name}change-end":
            under.remove(element.get(f"{name}change-id"))
        elif etree.QName(element).localname not in ("tracked-changes", "annotation"):
            take(element.text)
            for inner in element:
                walk(inner)
                take(inner.tail)

    walk(root.find(".//office:text", ODF))
    return [(kind, author, " ".join(words.split())) for (_, kind, author), words in found.items() if words.strip()]


def what_libreoffice_sees(folder: Path, out: Path) -> None:
    """The open proposals of three delegations in four kinds of text."""
    (tracked,) = office(folder, "fodt", out / "tracked.docx")
    root = etree.parse(tracked).getroot()
    eight = "PP 8Taking note of the experience of regional and subregional organizations [XL: as appropriate], (open)"
    assert marked(root) == [
        ("insertion", "XB", "successful"),
        ("deletion", "XG", "PP 5 alt 1 (XI)Concerned about threats in the use of ICTs, (open)"),
        ("deletion", "XE", ISLANDS.replace("*", "").replace("in particular", "[XF, LSG: in particular") + "]"),
        ("insertion", "XE", ISLANDS.replace("*", "")),
        ("insertion", "XE", eight), ("deletion", "XE", eight),
        ("insertion", "XE", "calendar"),
        ("deletion", "XB", "each"), ("insertion", "XB", "every"),
        ("insertion", "XB, XE", SHARE.replace("*", "")),
    ]  # fmt: skip
    remarks = {(one.findtext("dc:creator", namespaces=ODF), " ".join("".join(one.itertext("{*}p", "{*}span")).split()))
               for one in root.iterfind(".//office:annotation", ODF)}  # fmt: skip
    assert remarks == {
        ("XG", "[each year / every two years (XG)]"),  # two cannot strike the same words: the second is said beside them
        ("XG", "support (XB/1)"), ("XE", "oppose (XG/2)"), ("XB", "can go along (XG/1)"), ("XE", "reserve"),
        ("ALP", "scrutiny reservation"), ("XB", "We can show the figures. (XG/1)"),
    }  # fmt: skip
    found = office(folder, "txt:Text (encoded):UTF8", *(out / f"{kind}.docx" for kind in said.KINDS[1:]))
    compiled, by, clean = ([line for line in one.read_text("utf-8-sig").splitlines() if line] for one in found)

    def line(lines: list[str], label: str) -> str:
        return next(one for one in lines if one.startswith(label))

    assert "Noting the [XB: successful] launch" in line(compiled, "PP 3")
    assert "– XG: delete]" in line(compiled, "PP 5 alt 1") and "[XE: calendar] months" in line(compiled, "OP 3\t")
    rivals = line(compiled, "OP 8")
    assert "every year (XB)" in rivals and "every two years (XG)" in rivals and "We can show the figures." in rivals
    assert f"[XB, XE: {SHARE.replace('*', '')}] (open)" in compiled and "(XE: move after PP 6)" in line(compiled, "PP 8")
    parts: dict[str, list[str]] = {}
    for one in by[1:]:
        if re.fullmatch(r"X[A-Z](, X[A-Z])*", one):
            head = one
        parts.setdefault(head, []).append(one)
    assert {head: [one.split("[")[0].split()[:2] for one in rest[1:]] for head, rest in parts.items()} == {
        "XB": [["PP", "3"], ["OP", "8"]], "XB, XE": [[]], "XE": [["PP", "6"], ["PP", "8"], ["OP", "3"]],
        "XG": [["PP", "5"], ["OP", "8"]],
    }  # fmt: skip
    assert "every (XB)" in parts["XB"][2] and "every two years (XG)" in parts["XG"][2] and "every (XB)" not in parts["XG"][2]
    assert len(clean) == 33 and "the launch of" in line(clean, "PP 3") and "] months;" in line(clean, "OP 3\t")
    words = ("successful", "calendar", "every year", "every two", "good practices", "– XG", "figures")
    assert not any(word in one for one in clean for word in words)
    assert not any(word in one for one in (*compiled, *by, *clean, etree.tostring(root, encoding="unicode"))
                   for word in RED.split())  # fmt: skip
