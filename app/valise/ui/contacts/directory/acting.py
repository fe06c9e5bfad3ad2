"""What is done from the directory: copying, opening a round, notes verbales, cards out and in. Nothing leaves by itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from valise.desk.door_pings import CardPreview, Entry, Nomination, Reported, Sent, Version
from valise.domain.errors import NotAllowed
from valise.ui.contacts.directory import said
from valise.ui.contacts.directory.cards import Saving, Taking
from valise.ui.contacts.directory.nominating import Nominating
from valise.ui.contacts.directory.opening import Opening
from valise.ui.contacts.directory.view import DirectoryView
from valise.ui.language import translate
from valise.ui.messages.files import suggested
from valise.ui.text_safe import isolate
from valise.ui.widgets.clipboard import clipboard
from valise.ui.widgets.files import pick_file, pick_place
from valise.ui.widgets.notice import NoticeBar


class Acting(DirectoryView):
    """Base of the directory: acts on the chosen entry, or on those shown."""

    bar: NoticeBar
    entries: list[Entry]

    def entry(self) -> Entry | None:
        """The chosen one."""
        raise NotImplementedError

    def begin_with(self, values: object) -> None:
        """A new entry as a form, with what a card says."""
        raise NotImplementedError

    def show_round(self, round: str) -> None:
        """One round with its rows."""
        raise NotImplementedError

    def copy(self, columns: tuple[str, ...]) -> None:
        """The first of these that the chosen entry has, onto the clipboard that forgets."""
        one = self.entry()
        column = next((name for name in columns if one is not None and one.first(name)), "")
        if one is None or not column:
            return
        clipboard().copy(one.first(column))
        self.bar.say(self.tr("{what} copied. The clipboard forgets it after a few seconds.").format(what=said.field(column)))

    def open_round(self) -> None:
        """Ask who is asked, then ask them."""
        self.ask(lambda: self.door.pings.proposal(said.language()), lambda found: self._opening(Opening(self, found)))

    def _opening(self, dialog: Opening) -> None:
        def go() -> None:
            told, pings = dialog.told(), self.door.pings
            self.do(lambda: pings.open(told.pop("title"), **told), self.show_round)

        dialog.accepted.connect(go)

    def nominate(self) -> None:
        """Write a note verbale for the chosen entry."""
        one = self.entry()
        if one is None:
            return
        if one.way:
            self.failed.emit(NotAllowed("ping.not_ours", "a delegation nominates its own points of contact"))
            return
        dialog = Nominating(self, one)
        name = suggested(f"{self.tr('Note verbale')} {one.state}.docx")
        dialog.accepted.connect(lambda: pick_place(self, self.tr("Save the note verbale"), name, partial(self.write_note, dialog.nomination())))

    def write_note(self, nomination: Nomination, path: Path) -> None:
        """Write it to a place that was chosen."""
        pings = self.door.pings

        def done(sent: Sent) -> None:
            words = self.tr("Written as {file} and entered as sent under number {number}.")
            self.said.emit(words.format(file=isolate(path.name), number=isolate(sent.number)))

        self.do(lambda: pings.nominate(nomination, path), done)

    def save_cards(self, contacts: list[str] | None = None) -> None:
        """The entries shown, or these, as contact cards."""
        chosen = contacts if contacts is not None else [one.contact for one in self.entries]
        if not chosen:
            return
        dialog = Saving(self, len(chosen))

        def place() -> None:
            version, marking = dialog.version(), dialog.marking()
            name = suggested("contacts.vcf")
            pick_place(self, self.tr("Save contact cards"), name, lambda path: self.write_cards(chosen, path, version, marking))

        dialog.accepted.connect(place)

    def write_cards(self, contacts: list[str], path: Path, version: Version, marking: str) -> None:
        """Write cards to a place that was chosen."""
        pings = self.door.pings

        def done(made: Reported) -> None:
            words = translate("directory", "%n cards saved as {file}.", None, made.rows).format(file=isolate(path.name))
            left = translate("directory", "%n were left out because of their marking.", None, made.left_out)
            self.said.emit(f"{words} {left}" if made.left_out else words)

        self.do(lambda: pings.cards(contacts, path, version=version, marking=marking), done)

    def import_cards(self) -> None:
        """Ask for a file of contact cards."""
        pick_file(self, self.tr("Import contact cards"), self.tr("Contact cards (*.vcf);;All files (*)"), self.read_cards)

    def read_cards(self, path: Path) -> None:
        """Read a file and show what it would change."""
        pings = self.door.pings
        self.do(lambda: pings.read_cards(path), self._taking)

    def _taking(self, preview: CardPreview) -> None:
        dialog = Taking(self, preview)
        dialog.by_hand.connect(self.begin_with)

        def go() -> None:
            chosen, fill, pings = dialog.chosen(), dialog.fill(), self.door.pings
            self.do(lambda: pings.take_cards(preview.token, chosen, fill),
                    lambda count: self.said.emit(translate("directory", "%n cards were taken.", None, count)))  # fmt: skip

        dialog.accepted.connect(go)
