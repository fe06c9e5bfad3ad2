"""First start, verify, propose, agree, send, lock: told once, for whatever hands there are."""

from __future__ import annotations

from pathlib import Path

from tests.a11y.hands import Hands
from tests.a11y.partner import Partner

WORDS = "seven quiet lighthouses mend nets"
TEXT = """OP 1 Decides that States should designate points of contact within twelve months;
OP 2 Invites States to test them every year."""


class Story:
    """One officer of Aurelia at a window, Borovia at its desk."""

    def __init__(self, hands: Hands, partner: Partner, folder: Path) -> None:
        self.hands, self.partner, self.folder = hands, partner, folder
        self.ears = hands.ears
        self.text = ""

    def first_start(self) -> None:
        """The four pages: who we are, a passphrase, our card on a stick, the shared folder."""
        hands, card = self.hands, self.folder / "XA.valise-card"
        for name, words in (("Code", "XA"), ("Name of the delegation", "Aurelia"), ("Officer", "Ines Moreau"), ("Role", "Delegate")):
            hands.fill(name, words)
        hands.press("Continue")
        hands.fill("Passphrase", WORDS)
        hands.fill("The same passphrase again", WORDS)
        hands.press("Make the vault")
        hands.press("Save the card…")
        hands.file(card)
        hands.press("Continue")
        hands.choose("Through a shared folder")
        hands.press("Choose a folder…")
        hands.file(self.partner.share)
        hands.press("Open the vault")
        hands.says("Security")
        self.partner.meet(card)

    def verify(self) -> None:
        """Their card, four words on both sides, the same."""
        hands, partner = self.hands, self.partner
        hands.act("Contacts", "ctrl+4")
        hands.act("Import a card", "ctrl+i")
        hands.file(partner.card)
        hands.press("Verify now")
        hands.press("Compare words now")
        hands.press("Compare now")
        trust, them = partner.desk.trust, partner.other
        self.ears.wait(partner.until(lambda: them in trust.asked()), "Borovia is asked to compare")
        trust.compare(them)
        self.ears.wait(partner.until(lambda: trust.live(them).words), "Borovia sees the words")
        said = hands.says("Words: ").name
        assert said.removeprefix("Words: ").split(", ") == list(trust.live(them).words)
        hands.press("The same")
        trust.same(them)
        hands.says("is verified in person")
        self.ears.wait(partner.until(lambda: partner.desk.contacts.one(them).trust == "verified in person"), "so does Borovia")

    def propose(self) -> None:
        """A room, a text in it, other words for one paragraph."""
        hands = self.hands
        hands.act("Messages", "ctrl+5")
        hands.act("New room", "ctrl+shift+n")
        hands.choose("Group")
        hands.fill("Title of the room", "Drafting group")
        hands.tick("Delegations in the room", "Borovia")
        hands.press("Open the room")
        hands.says("A new thread")
        hands.act("Texts", "ctrl+2")
        hands.act("Open a text", "ctrl+n")
        hands.press("Paste")
        hands.fill("The words of the text, pasted", TEXT)
        hands.press("Read")
        hands.says("Paragraphs found: 2")
        hands.pick("Room", "Drafting group")
        hands.fill("Title of the text", "Draft decision on points of contact")
        hands.press("Open the text")
        hands.says("You hold the pen")
        hands.row("The text", "OP 1")
        hands.act("Propose by editing", "Return")
        hands.edit("The paragraph as it should read", "twelve", "eighteen")
        hands.act("Propose, Ctrl+Enter", "ctrl+Return")
        texts = self.partner.desk.texts

        def seen() -> str:
            (text,) = texts.all() or (None,)
            rows = texts.outline(text.id) if text is not None else []
            return text.id if text is not None and any(row.open_proposals for row in rows) else ""

        self.text = self.ears.wait(self.partner.until(seen), "Borovia sees the amendment")
        view = texts.paragraph(self.text, self._paragraph("OP 1"))
        assert [one.words for one in view.proposals] == ["eighteen"]

    def _paragraph(self, label: str) -> str:
        return next(row.id for row in self.partner.desk.texts.outline(self.text) if row.label == label)

    def agree(self) -> None:
        """Borovia amends the other paragraph; it is taken, and both see it agreed."""
        hands, texts, wanted = self.hands, self.partner.desk.texts, "Invites States to test them twice a year."
        texts.propose_words(self.text, self._paragraph("OP 2"), wanted, "More often.")
        self.partner.desk.exchange.now()
        hands.row("The text", "OP 2")
        hands.says("More often.")
        hands.row("The text", "OP 2")
        hands.act("Take ", "t")
        hands.says("twice a year")
        hands.act("Agree ad ref", "ctrl+shift+a")
        hands.says("is agreed ad ref")

        def agreed() -> bool:
            held = texts.paragraph(self.text, self._paragraph("OP 2")).paragraph
            return (held.words, held.status) == (wanted, "agreed ad ref")

        self.ears.wait(self.partner.until(agreed), "Borovia sees it agreed")

    def send(self) -> None:
        """A message, and the answer to it."""
        hands, messages = self.hands, self.partner.desk.messages
        room = self.partner.desk.texts.head(self.text).room
        hands.act("Messages", "ctrl+5")
        hands.row("Rooms", "Drafting group")
        hands.act("New thread", "ctrl+t")
        hands.fill("Subject", "OP 2")
        hands.fill("Message", "We can go along.")
        hands.act("Seal and send", "ctrl+Return")
        (thread,) = self.ears.wait(self.partner.until(lambda: messages.threads(room)), "Borovia has the message")
        assert [one.body for one in messages.page(room, thread.id, 0, 10)] == ["We can go along."]
        messages.send(room, "So can we.", thread=thread.id)
        self.partner.desk.exchange.now()
        hands.says("So can we.")

    def lock(self) -> None:
        """Nothing of the vault is said any more; a new process asks for the passphrase."""
        hands = self.hands
        hands.act("Lock now", "ctrl+l")
        page = hands.says("Locked. Drafts are kept in the vault.")
        said = {one.name for one in hands.front().walk(showing=False)}
        assert "Unlock" in said, page
        assert not [one for one in said if "Borovia" in one or "Drafting" in one]
