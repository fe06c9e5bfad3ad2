"""What is done about an incident: each opens one dialog, and says it on the writer thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from valise.desk.door_incidents import Draft, IncidentView, Preview
from valise.domain.errors import ValiseError
from valise.domain.incident import form as forms
from valise.ui.incidents import said
from valise.ui.incidents.asking import SayDialog, row_names
from valise.ui.incidents.preview import PreviewDialog
from valise.ui.messages.files import suggested
from valise.ui.seeing import deadline
from valise.ui.text_safe import clean
from valise.ui.widgets.files import pick_file, pick_place, write

if TYPE_CHECKING:
    from valise.ui.incidents.screen import IncidentsScreen

_MARKS = ("tlp", "national_marking")


class Acts(QObject):
    """The acts of one screen on the incident that is looked at."""

    def __init__(self, screen: IncidentsScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.dialog: SayDialog | None = None

    @property
    def _desk(self) -> Any:
        return self._screen.door.incidents

    def here(self, act: str = "") -> IncidentView | None:
        """The incident that is looked at, where that act is possible."""
        one = self._screen.page.one
        return one if one is not None and self._screen.looking() and (not act or act in one.may) else None

    def _ask(self, name: str, one: IncidentView, *, leaves: bool = True, to: str = "") -> SayDialog:
        self.dialog = SayDialog(name, one, self._screen.words, self._screen, leaves=leaves, to=to)
        return self.dialog

    def _open(
        self, dialog: SayDialog, say: Callable[[dict[str, Any], dict[str, Any]], Callable[[], Any]], words: str, keep: str = ""
    ) -> None:
        """`keep`: the name under which what was typed survives a lock; "" for what is said in a word."""
        name = f"{dialog.one.row.id}/{keep}"
        if keep:
            dialog.keep = lambda written: self._desk.save_draft(Draft(name, dialog.one.row.room, written))
            held = self._desk.draft(name)
            if held is not None:
                dialog.restore(dict(held.form))

        def told(_made: object) -> None:
            if keep:
                self._screen.runner.run(lambda: self._desk.drop_draft(name), owner=self)
            dialog.accept()
            self._screen.told(words)

        dialog.wanted.connect(
            lambda form, extra: self._screen.runner.run(say(form, extra), told, dialog.refused, owner=dialog)
        )
        dialog.open()

    # what the others read

    def acknowledge(self) -> None:
        """Receipt alone."""
        if (one := self.here("acknowledge")) is None:
            return
        box = self._ask(self.tr("Acknowledge receipt"), one)
        box.say(self.tr(
            "You say that your delegation received it, and nothing else: this accepts no fact, admits nothing and agrees with nothing "
            "(norm 13 (c))."), "")  # fmt: skip
        box.ask(("ack",), ("ack",), {"ack": {"role": self._screen.door.me().role}})
        box.close_with(self.tr("Acknowledge receipt"))
        self._open(box, lambda form, _x: lambda: self._desk.acknowledge(one.row.id, form["ack"]["role"]), self.tr("Receipt is acknowledged."))

    def respond(self) -> None:
        """Whether we can help, and what was done."""
        if (one := self.here("respond")) is None:
            return
        box = self._ask(self.tr("Answer"), one)
        box.scroll()
        box.ask(("capacity", "action_taken", "refusal_reason", *_MARKS), ("capacity",), self._marks(one) | {"capacity": "under examination"})
        box.ask_files(self._screen.door, self._screen.runner).close_with(self.tr("Send the answer"))
        self._open(box, lambda form, extra: lambda: self._desk.respond(one.row.id, form, extra["files"]),
                   self.tr("The answer is on its way."), "respond")  # fmt: skip

    def offer(self) -> None:
        """Help, if the other wants it."""
        if (one := self.here("offer")) is None:
            return
        box = self._ask(self.tr("Offer assistance"), one)
        box.scroll()
        box.ask(("offer", "capacity", "legal_basis", *_MARKS), ("offer",), self._marks(one))
        box.ask_files(self._screen.door, self._screen.runner).close_with(self.tr("Send the offer"))
        self._open(box, lambda form, extra: lambda: self._desk.offer(one.row.id, form, extra["files"]),
                   self.tr("The offer is on its way."), "offer")  # fmt: skip

    def take_back(self, offer: str) -> None:
        """An own offer."""
        if (one := self.here("withdraw")) is None:
            return
        box = self._ask(self.tr("Take the offer back"), one)
        box.ask_words("words", self.tr("Why (optional)")).close_with(self.tr("Take it back"), danger=True)
        self._open(box, lambda _f, extra: lambda: self._desk.withdraw(one.row.id, offer, extra["words"]), self.tr("The offer is taken back."))

    def choose(self) -> None:
        """Which offers we take."""
        if (one := self.here("choose")) is None:
            return
        box = self._ask(self.tr("Choose offers"), one)
        box.say(self.tr("Everybody in the room sees which offers your delegation takes."), "")
        box.ask_ticks("offers", self.tr("Offers"), row_names(one)).ask_words("words", self.tr("Words with it (optional)"))
        box.close_with(self.tr("Take these offers"), needs=lambda dialog: bool(dialog.said()["offers"]))
        self._open(box, lambda _f, extra: lambda: self._desk.choose(one.row.id, extra["offers"], extra["words"]),
                   self.tr("It is said which offers you take."))  # fmt: skip

    def update(self) -> None:
        """Correct or add."""
        if (one := self.here("update")) is None:
            return
        box = self._ask(self.tr("Update"), one)
        box.scroll()
        box.say(self.tr("Change what has changed. What stood before stays in the record, and everybody sees both."))
        keys = [key.key for key in forms.KEYS if key.key in forms.CHANGES and key.sort != "files"]
        keys.sort(key=lambda key: key != "status" and (forms.BY_KEY[key].group == "header"))
        must = [key for key in keys if forms.BY_KEY[key].required]
        box.ask(keys, must, dict(one.form))
        before = box.form()
        box.ask_files(self._screen.door, self._screen.runner).close_with(self.tr("Send the update"))

        def say(form: dict[str, Any], extra: dict[str, Any]) -> Callable[[], Any]:
            changed = {key: value for key, value in form.items() if value != before[key] or key in one.differs}
            return lambda: self._desk.update(one.row.id, changed, extra["files"])

        self._open(box, say, self.tr("The update is on its way."), "update")

    def climb(self, tier: str = "") -> None:
        """The next channel, or the one proposed."""
        if (one := self.here("raise")) is None:
            return
        box = self._ask(self.tr("Take it higher"), one)
        above = forms.TIERS[forms.TIERS.index(one.row.tier) + 1 :]
        ordered = [tier, *(each for each in above if each != tier)] if tier else list(above)
        box.say(self.tr("Everybody in the room sees that you now use that channel. Speak to your counterparts there as well."), "")
        box.ask_choice("tier", self.tr("Channel"), [(each, self._screen.words.choice("tier", each, said.language())) for each in ordered])
        box.ask_words("words", self.tr("Why (optional)")).close_with(self.tr("Take it there"))
        self._open(box, lambda _f, extra: lambda: self._desk.raise_to(one.row.id, extra["tier"], extra["words"]), self.tr("It is taken higher."))

    def close(self) -> None:
        """How it ended."""
        if (one := self.here("close")) is None:
            return
        box = self._ask(self.tr("Close the incident"), one)
        box.say(self.tr("Everybody reads how it ended. Exchange first (Ctrl+R), so that what is under way is here."))
        box.ask(("outcome", "lessons", "record_copy")).close_with(self.tr("Close it"))
        self._open(box, lambda form, _x: lambda: self._desk.close(one.row.id, {key: value for key, value in form.items() if value}),
                   self.tr("It is closed."), "close")  # fmt: skip

    def reopen(self) -> None:
        if (one := self.here("reopen")) is None:
            return
        box = self._ask(self.tr("Open it again"), one)
        box.ask_words("words", self.tr("Why")).close_with(self.tr("Open it again"), needs=lambda dialog: bool(dialog.said()["words"]))
        self._open(box, lambda _f, extra: lambda: self._desk.reopen(one.row.id, extra["words"]), self.tr("It is open again."))

    def send_on(self) -> None:
        """To another room, where its source allows that."""
        one = self.here()
        places = [place for place in self._desk.places() if one is not None and place.room != one.row.room]
        if one is None or not places:
            self._screen.told(self.tr("There is no other room with another delegation."), tone="warn")
            return
        box = self._ask(self.tr("Send on to others"), one, to=self.tr("Everybody in the room that you choose reads it."))
        box.say(self.tr("It is reported there in the name of your delegation, with its markings word for word, and what its source "
                        "allows. Internal notes do not go along."), "")  # fmt: skip
        box.ask_choice("room", self.tr("Room"), [(place.room, place.title) for place in places])
        if one.embargo > deadline.now():
            box.say(self.tr("There is an embargo until {0}.").format(said.when(one.embargo)), "warn")
            box.ask_words("reason", self.tr("Why it cannot wait (kept in your internal record)"))
        box.close_with(self.tr("Send it on"), needs=lambda dialog: bool(dialog.said().get("reason", "-")))
        self._open(box, lambda _f, extra: lambda: self._desk.send_on(one.row.id, extra["room"], reason=extra.get("reason", "")),
                   self.tr("It is sent on."))  # fmt: skip

    # inside

    def task(self) -> None:
        if (one := self.here()) is None:
            return
        box = self._ask(self.tr("New task"), one, leaves=False)
        box.ask_words("words", self.tr("What is to be done")).ask_words("officer", self.tr("Who (optional)"), lines=1)
        box.ask_moment("due", self.tr("Until when (optional)"))
        box.close_with(self.tr("Keep the task"), needs=lambda dialog: bool(dialog.said()["words"]))
        self._open(box, lambda _f, extra: lambda: self._desk.task(
            one.row.id, extra["words"], officer=extra["officer"], due=extra["due"]), self.tr("The task is kept."))  # fmt: skip

    def note(self) -> None:
        if (one := self.here()) is None:
            return
        box = self._ask(self.tr("New internal note"), one, leaves=False)
        box.ask_words("words", self.tr("Note"), lines=6)
        box.close_with(self.tr("Keep the note"), needs=lambda dialog: bool(dialog.said()["words"]))
        self._open(box, lambda _f, extra: lambda: self._desk.note(one.row.id, extra["words"]), self.tr("The note is kept."), "note")

    def done(self, task: str) -> None:
        if (one := self.here()) is None:
            return
        box = self._ask(self.tr("Task done"), one, leaves=False)
        box.ask_words("words", self.tr("What came of it (optional)")).close_with(self.tr("It is done"))
        self._open(box, lambda _f, extra: lambda: self._desk.done(one.row.id, task, extra["words"]), self.tr("The task is done."))

    def strike(self, what: str) -> None:
        if (one := self.here()) is not None:
            self._screen.runner.run(lambda: self._desk.strike(one.row.id, what), None, self._refused, owner=self)

    # files

    def print(self) -> None:
        """A PDF in the language of the window."""
        if (one := self.here()) is not None:
            language = said.language()
            self._made(lambda: self._desk.printed(one.row.id, language), self._name(one, ".pdf"))

    def record(self) -> None:
        """The record whose hash is shown."""
        if (one := self.here()) is not None:
            self._made(lambda: self._desk.record(one.row.id), self._name(one, ".record.json"))

    def stix(self) -> None:
        """A bundle; under an embargo with a reason."""
        if (one := self.here()) is None:
            return
        name = self._name(one, ".stix.json")

        def refused(error: ValiseError) -> None:
            if error.code != "incident.embargo":
                self._refused(error)
                return
            box = self._ask(self.tr("Save as STIX 2.1"), one, to=self.tr("The file lies outside the vault and is not sealed."))
            box.say(self.tr("There is an embargo until {0}.").format(said.when(one.embargo)), "warn")
            box.ask_words("reason", self.tr("Why it cannot wait (kept in your internal record)"))
            box.close_with(self.tr("Save it all the same"), needs=lambda dialog: bool(dialog.said()["reason"]))
            box.wanted.connect(lambda _f, extra: (box.accept(), self._made(
                lambda: self._desk.stix(one.row.id, reason=extra["reason"]), name)))  # fmt: skip
            box.open()

        self._made(lambda: self._desk.stix(one.row.id), name, refused)

    def _made(self, make: Callable[[], bytes], name: str, refused: Callable[[ValiseError], object] | None = None) -> None:
        self._screen.runner.run(make, lambda data: self._place(name, data), refused or self._refused, owner=self)

    def _place(self, name: str, data: bytes) -> None:
        pick_place(self._screen, self.tr("Save the file"), name, lambda path: self._screen.runner.run(
            lambda: self._desk.save(path, data), lambda _none: self._screen.told(self.tr("The file is saved.")), self._refused, owner=self,
        ))  # fmt: skip

    def save_file(self, file: str, name: str) -> None:
        """A file that came along."""
        def put(path: Path) -> None:
            self._screen.runner.run(
                lambda: write(path, self._screen.door.messages.attachment(file)),
                lambda _none: self._screen.told(self.tr("The file is saved.")), self._refused, owner=self,
            )  # fmt: skip

        pick_place(self._screen, self.tr("Save the file"), suggested(name), put)

    def read_stix(self) -> None:
        """Look at a bundle first; then, perhaps, a draft."""
        pick_file(self._screen, self.tr("Read a STIX bundle"), self.tr("STIX bundles (*.json)"), self.read_path)

    def read_path(self, path: Path) -> None:
        """The bundle is read in a process of its own."""
        self._screen.runner.run(lambda: self._desk.read_stix(path), self._previewed, self._refused, owner=self)

    def _previewed(self, preview: Preview) -> None:
        box = PreviewDialog(preview, self._screen.words, self._screen)
        box.wanted.connect(lambda: self._screen.runner.run(
            lambda: self._desk.take_stix(preview.token), self._screen.open_draft, self._refused, owner=self))  # fmt: skip
        box.open()

    # inside this class

    @staticmethod
    def _marks(one: IncidentView) -> dict[str, Any]:
        return {"tlp": one.row.tlp, "national_marking": one.row.national if one.row.own else ""}

    @staticmethod
    def _name(one: IncidentView, ending: str) -> str:
        """A suggestion: the reference alone says nothing of what it is about; an exercise says that it is one."""
        bare = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in clean(str(one.form.get("reference", "")), lines=False))
        return ("EXERCISE-" if one.row.exercise else "") + (bare.strip("-") or "incident") + ending

    def _refused(self, error: ValiseError) -> None:
        self._screen.refused(error)
