"""Two officers: one who hears names and acts by them, one who has a keyboard. What they do is told once (`story.py`)."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from tests.a11y import atspi
from tests.a11y.atspi import Ears, Gone, Node, Silent
from tests.a11y.desktop import Desktop

FILE_NAME = ("File name:", "File name", "Directory:")  # Qt's own chooser of files
VIEWS = (atspi.LIST, atspi.TABLE, atspi.TREE)
CONFIRM = ("Open", "Save", "Choose")


class Hands(Protocol):
    """What a story is told with. Everything is called by the name that a screen reader says."""

    ears: Ears

    def press(self, name: str) -> None: ...
    def choose(self, name: str) -> None: ...
    def fill(self, name: str, words: str) -> None: ...
    def row(self, of: str, name: str) -> None: ...
    def act(self, name: str, keys: str) -> None: ...
    def tick(self, of: str, name: str) -> None: ...
    def pick(self, label: str, value: str) -> None: ...
    def says(self, part: str) -> Node: ...
    def front(self) -> Node: ...
    def edit(self, name: str, old: str, new: str) -> None: ...
    def file(self, path: Path) -> None: ...


class Listener:
    """Somebody who hears: what is in front, and what of it has which name."""

    def __init__(self, desktop: Desktop, ears: Ears) -> None:
        self.desktop, self.ears = desktop, ears

    def front(self) -> Node:
        """The window or dialog that is in front."""

        def there() -> Node | None:
            windows = [window for program in self.ears.programs() for window in program.children()]
            return next((one for one in reversed(windows) if one.has(atspi.ACTIVE)), None)

        found: Node = self.ears.wait(there, "a window in front")
        return found

    def near(self, roles: Iterable[int], name: str, *states: int) -> Node | None:
        """What has that name in the window in front; a name that begins so where none is the same."""
        found = [(one, one.name) for one in self.front().among([*roles], [atspi.SHOWING, *states])]
        exact = [one for one, said in found if said == name]
        begun = [one for one, said in found if said.startswith(name)]
        return next(iter(exact or begun), None)

    def find(self, roles: Iterable[int], name: str, *states: int) -> Node:
        """The same, as soon as it is there and can be used."""
        return self._or_told(lambda: self.near(roles, name, atspi.SENSITIVE, *states), name)

    def box(self, label: str) -> Node:
        """A choice, by what it is labelled."""

        def there() -> Node | None:
            return next((one for one in self.front().among((atspi.COMBO_BOX,)) if label in one.labels()), None)

        found: Node = self.ears.wait(there, f"a choice of {label}")
        return found

    def says(self, part: str) -> Node:
        """Something in front of which the name holds these words."""

        def there() -> Node | None:
            return next((one for one in self.front().among(range(1, 127)) if part in one.name), None)

        return self._or_told(there, part)

    def _or_told(self, there: Callable[[], Node | None], what: str) -> Node:
        try:
            found: Node = self.ears.wait(there, what)
        except Silent as error:
            raise Silent(f"{error}; {self.told()}") from None
        return found

    def told(self) -> str:
        """Everything in front, for whoever reads a failure."""
        lines = []
        for one in self.front().walk():
            try:
                text = f" {one.text()!r}" if "Text" in one.interfaces else ""
                lines.append(f"{one.told()}{text} {sorted(one.states() & {1, 4, 11, 12, 23, 24, 25})}")
            except Gone:
                continue
        return "in front:\n" + "\n".join(lines) + "\n" + self.desktop.said()


class Reader(Listener):
    """Acts through Action, EditableText, Selection and Component alone."""

    def press(self, name: str) -> None:
        one = self.find(atspi.PRESSED, name)
        one.act(next(act for act in ("Press", "Toggle", "Switch") if act in one.actions()))

    def choose(self, name: str) -> None:
        one = self.find((atspi.RADIO, atspi.CHECK_BOX), name)
        if not one.has(atspi.CHECKED):
            one.act("Toggle")
        self.ears.wait(lambda: one.has(atspi.CHECKED), f"{name} is chosen")

    def fill(self, name: str, words: str) -> None:
        one = self.find(atspi.WRITTEN, name)
        one.focus()
        if "EditableText" in one.interfaces:
            one.write(words)
            return
        # What is secret has no text on the bus; whoever writes for a person types it there.
        self.ears.wait(lambda: one.has(atspi.FOCUSED), f"{name} has the keyboard")
        self.ears.type(words)

    def row(self, of: str, name: str) -> None:
        view = self.find(VIEWS, of)
        view.focus()
        self._select(view, name)

    def _select(self, view: Node, name: str) -> None:
        def there() -> tuple[int, Node] | None:
            return next(((n, one) for n, one in enumerate(view.children()) if name in one.name), None)

        place, row = self.ears.wait(there, f"{name} in a list")
        view.select(place)
        self.ears.wait(lambda: row.has(atspi.SELECTED, atspi.FOCUSED), f"{name} is selected")

    def tick(self, of: str, name: str) -> None:
        self.row(of, name)
        self.ears.type(" ")

    def pick(self, label: str, value: str) -> None:
        box = self.box(label)
        box.act("Press")
        self._select(self.ears.wait(lambda: next(iter(box.among(VIEWS)), None), f"the choices of {label}"), value)
        self.ears.type("\r")
        self.ears.wait(lambda: box.name == value, f"{label} is {value}")

    def act(self, name: str, keys: str) -> None:
        self.press(name)

    def edit(self, name: str, old: str, new: str) -> None:
        one = self.find(atspi.WRITTEN, name)
        words = one.text()
        assert old in words
        one.focus()
        one.write(words.replace(old, new))

    def file(self, path: Path) -> None:
        chooser: Node = self.ears.wait(self._chooser, "a chooser of files")
        chooser.write(str(path))
        button: Node = self.ears.wait(
            lambda: next((one for name in CONFIRM if (one := self.near((atspi.PUSH,), name, atspi.SENSITIVE))), None), "its button"
        )
        button.act("Press")

    def _chooser(self) -> Node | None:
        return next((one for name in FILE_NAME if (one := self.near(atspi.WRITTEN, name))), None)


class Typist(Listener):
    """Presses keys and nothing else: they come from the X server as from a keyboard. Hears where the keyboard is."""

    def _send(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.desktop.environment, check=True)

    def key(self, *keys: str) -> None:
        self._send("key", "--clearmodifiers", *keys)

    def type(self, words: str) -> None:
        for number, line in enumerate(words.split("\n")):
            if number:
                self.key("Return")
            self._send("type", "--delay", "2", "--", line)

    def here(self) -> Node | None:
        """What has the keyboard now."""
        one = self.ears.focus
        try:
            return one if one is not None and one.has(atspi.FOCUSED) else None
        except Gone:
            return None

    def go(self, there: Callable[[Node], bool], what: str, by: str = "Tab", most: int = 120) -> Node:
        """That key until the keyboard is where it should be."""
        passed = []
        for _ in range(most):
            here: Node = self.ears.wait(self.here, f"the keyboard is somewhere, on the way to {what}; {passed}")
            try:
                if there(here):
                    return here
                passed.append(here.told())
            except Gone:
                continue
            before = self.ears.moves
            self.key(by)
            self.ears.wait(lambda before=before: self.ears.moves > before, f"{by} goes on from {passed[-1]} to {what}")
        raise Silent(f"the keyboard does not get to {what}: {passed}")

    def _named(self, name: str) -> Callable[[Node], bool]:
        return lambda one: one.name == name or one.name.startswith(name)

    def press(self, name: str) -> None:
        one = self.find(atspi.PRESSED, name)
        if one.has(atspi.SELECTABLE):
            return self._turn(one)
        self.go(self._named(name), name)
        self.key("space")

    def _turn(self, tab: Node) -> None:
        """To a tab: to the row of tabs, and along it."""
        tabs = tab.parent
        assert tabs is not None
        self.go(lambda one: tabs in (one, one.parent), tabs.name)
        order = tabs.children()
        now = next(n for n, one in enumerate(order) if one.has(atspi.SELECTED))
        for _ in range(abs(order.index(tab) - now)):
            self.key("Right" if order.index(tab) > now else "Left")
        self.ears.wait(lambda: tab.has(atspi.SELECTED), f"{tab.name} is shown")

    def choose(self, name: str) -> None:
        one = self.find((atspi.RADIO, atspi.CHECK_BOX), name)
        if one.has(atspi.CHECKED):
            return
        # Tab stops at the chosen one of a group, arrows go on in it: from the nearest that is chosen.
        radios = self.front().among((atspi.RADIO,))
        place = radios.index(one)
        start = min((n for n, other in enumerate(radios) if other.has(atspi.CHECKED)), key=lambda n: abs(n - place))
        self.go(lambda here: here == radios[start], radios[start].name)
        for _ in range(abs(place - start)):
            beside = radios[start].extents()[1] == one.extents()[1]
            self.key(("Right" if beside else "Down") if place > start else ("Left" if beside else "Up"))
        self.ears.wait(lambda: one.has(atspi.CHECKED), f"{name} is chosen")

    def fill(self, name: str, words: str) -> None:
        self.find(atspi.WRITTEN, name)
        self.go(self._named(name), name)
        self.key("ctrl+a")
        self.type(words)

    def row(self, of: str, name: str) -> None:
        view = self.find(VIEWS, of)
        self.go(lambda one: view in (one, one.parent), of)
        rows: list[Node] = self.ears.wait(lambda: [one for one in view.children() if name in one.name], f"{name} in {of}")
        while True:
            here: Node = self.ears.wait(self.here, f"a row of {of}")
            order = view.children()
            if here == view:  # a list that is entered says nothing of its row
                here = next((one for one in order if one.has(atspi.FOCUSED)), view)
            if here in rows:
                return
            down = here not in order or order.index(here) < order.index(rows[0])
            before = self.ears.moves
            self.key("Down" if down else "Up")
            self.ears.wait(lambda before=before: self.ears.moves > before, f"on from {here.told()} to {name}")

    def tick(self, of: str, name: str) -> None:
        self.row(of, name)
        self.key("space")

    def pick(self, label: str, value: str) -> None:
        box = self.box(label)
        self.go(lambda one: one == box, label)
        self.key("Home")
        while (now := box.name) != value:
            self.key("Down")
            self.ears.wait(lambda now=now: box.name != now, f"{label} goes on from {now}")

    def act(self, name: str, keys: str) -> None:
        self.key(*keys.split())

    def edit(self, name: str, old: str, new: str) -> None:
        one = self.go(self._named(name), name)
        words = one.text()
        self.key("ctrl+Home")
        self._send("key", "--repeat", str(words.index(old)), "--repeat-delay", "1", "Right")
        self._send("key", "--repeat", str(len(old)), "--repeat-delay", "1", "shift+Right")
        self.type(new)
        self.ears.wait(lambda: one.text() == words.replace(old, new), "the words are changed")

    def file(self, path: Path) -> None:
        self.ears.wait(lambda: (here := self.here()) is not None and here.name in FILE_NAME, "a chooser of files")
        self.key("ctrl+a")
        self.type(str(path))
        self.key("Return")

