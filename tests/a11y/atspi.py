"""What a screen reader says on the accessibility bus, written out: AT-SPI 2 over D-Bus, nothing of Qt.

Interfaces and numbers are those of at-spi2-core's `xml/*.xml` and `atspi/atspi-constants.h`.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, Properties, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from jeepney.wrappers import DBusErrorResponse, unwrap_msg

A11Y = "org.a11y.atspi"
REGISTRY = DBusAddress("/org/a11y/atspi/accessible/root", f"{A11Y}.Registry", f"{A11Y}.Accessible")
NOWHERE = "/org/a11y/atspi/null"
PATIENCE = 60.0  # s until something that must happen has not happened
GLANCE = 0.2  # s after which one looks again though no event came

# AtspiStateType
ACTIVE, CHECKED, FOCUSABLE, FOCUSED, SELECTABLE, SELECTED, SENSITIVE, SHOWING, VISIBLE = 1, 4, 11, 12, 22, 23, 24, 25, 30
# AtspiRole, of what a story is told with
CHECK_BOX, COMBO_BOX, LABEL, LIST, LIST_ITEM, PAGE_TAB, PASSWORD, PUSH, RADIO, TABLE, TABLE_CELL, TEXT, TOGGLE, TREE = (
    7, 11, 29, 31, 32, 37, 40, 43, 44, 55, 56, 61, 62, 65,
)  # fmt: skip
PRESSED = (PUSH, TOGGLE, CHECK_BOX, RADIO, PAGE_TAB)
WRITTEN = (TEXT, PASSWORD)
ROWS = (LIST_ITEM, TABLE_CELL)
LABELLED_BY = 2  # AtspiRelationType
ALL, ANY = 1, 2  # AtspiCollectionMatchType
KEY_SYMBOL = 3  # AtspiKeySynthType: pressed and released
OFTEN = ("object:", "window:", "focus:")  # what a screen reader listens to


class Silent(AssertionError):
    """Nothing of the kind can be heard."""


class Gone(Exception):
    """What was there has left the bus."""


@dataclass(frozen=True)
class Node:
    """One accessible object. Everything is asked anew: it may be another a moment later."""

    ears: Ears
    bus: str
    path: str

    def _call(self, interface: str, member: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> Any:
        return self.ears.call(DBusAddress(self.path, self.bus, f"{A11Y}.{interface}"), member, signature, body)

    def _get(self, interface: str, name: str) -> Any:
        address = DBusAddress(self.path, self.bus, f"{A11Y}.{interface}")
        return self.ears.ask(Properties(address).get(name))[0][1]

    @property
    def name(self) -> str:
        return str(self._get("Accessible", "Name"))

    @property
    def description(self) -> str:
        return str(self._get("Accessible", "Description"))

    @property
    def role(self) -> str:
        return str(self._call("Accessible", "GetRoleName"))

    @property
    def interfaces(self) -> set[str]:
        return {one.removeprefix(f"{A11Y}.") for one in self._call("Accessible", "GetInterfaces")}

    def states(self) -> set[int]:
        low, high = self._call("Accessible", "GetState")
        bits = low | high << 32
        return {n for n in range(64) if bits >> n & 1}

    def has(self, *states: int) -> bool:
        return {*states} <= self.states()

    @property
    def parent(self) -> Node | None:
        bus, path = self._get("Accessible", "Parent")
        return None if path == NOWHERE else Node(self.ears, bus, path)

    def children(self) -> list[Node]:
        return [Node(self.ears, bus, path) for bus, path in self._call("Accessible", "GetChildren") if path != NOWHERE]

    def walk(self, *, showing: bool = True) -> Iterator[Node]:
        """This and everything under it, in the order of the tree; of what is hidden nothing."""
        yield self
        for one in self.children():
            try:
                if not showing or one.has(VISIBLE):
                    yield from one.walk(showing=showing)
            except Gone:
                continue

    def labels(self) -> list[str]:
        """What it is labelled by."""
        found = self._call("Accessible", "GetRelationSet")
        return [Node(self.ears, bus, path).name for kind, nodes in found if kind == LABELLED_BY for bus, path in nodes]

    def among(self, roles: Sequence[int], states: Sequence[int] = (SHOWING,)) -> list[Node]:
        """org.a11y.atspi.Collection: everything under this of these roles that is in these states, in the order of the tree."""
        bits, kinds = [0] * 2, [0] * 4
        for one in states:
            bits[one // 32] |= 1 << one % 32
        for one in roles:
            kinds[one // 32] |= 1 << one % 32
        signed = [n - (1 << 32) if n >= 1 << 31 else n for n in (*bits, *kinds)]
        rule = (signed[:2], ALL, {}, ALL, signed[2:], ANY, [], ALL, False)
        found = self._call("Collection", "GetMatches", "(aiia{ss}iaiiasib)uib", (rule, 1, 0, True))
        return [Node(self.ears, bus, path) for bus, path in found]

    # what can be done

    def actions(self) -> list[str]:
        return [str(name) for name, _words, _keys in self._call("Action", "GetActions")]

    def act(self, which: str) -> None:
        """org.a11y.atspi.Action."""
        names = self.actions()
        if which not in names:
            raise Silent(f"{self.told()} offers no {which}: {names}")
        if not self._call("Action", "DoAction", "i", (names.index(which),)):
            raise Silent(f"{self.told()}: {which} was refused")

    def focus(self) -> None:
        """org.a11y.atspi.Component."""
        self._call("Component", "GrabFocus")

    def extents(self) -> tuple[int, int, int, int]:
        """x, y, width, height on the screen."""
        found = self._call("Component", "GetExtents", "u", (0,))
        return found[0], found[1], found[2], found[3]

    def text(self) -> str:
        """org.a11y.atspi.Text."""
        return str(self._call("Text", "GetText", "ii", (0, -1)))

    def write(self, words: str) -> None:
        """org.a11y.atspi.EditableText."""
        if "EditableText" not in self.interfaces:
            raise Silent(f"{self.told()} cannot be written to: {sorted(self.interfaces)}")
        self._call("EditableText", "SetTextContents", "s", (words,))

    def select(self, place: int) -> None:
        """org.a11y.atspi.Selection."""
        if not self._call("Selection", "SelectChild", "i", (place,)):
            raise Silent(f"{self.told()}: the choice was refused")

    def told(self) -> str:
        """As one would say it: its role and name."""
        return f"{self.role} {self.name!r}"


class Ears:
    """A connection to the accessibility bus. `wait(condition)` listens to events and looks again at each."""

    def __init__(self, session: str) -> None:
        desk = open_dbus_connection(session)
        try:
            status = DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Status")
            # What a screen reader does when it starts: from now on programs answer here.
            for one in ("IsEnabled", "ScreenReaderEnabled"):
                unwrap_msg(desk.send_and_get_reply(Properties(status).set(one, "b", True), timeout=PATIENCE))
            where = new_method_call(DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress")
            (address,) = unwrap_msg(desk.send_and_get_reply(where, timeout=PATIENCE))
        finally:
            desk.close()
        self._bus: DBusConnection = open_dbus_connection(address)
        self.focus: Node | None = None  # what said last that the keyboard is on it
        self.moves = 0  # how often one did
        self.heard: list[str] = []  # every word that was in an event
        self.written: dict[str, str] = {}  # by object, letter after letter, what it said was written into it
        self._events: deque[Message] = deque()
        self._filter = self._bus.filter(MatchRule(type="signal"), queue=self._events)
        self._filter.__enter__()
        self.ask(message_bus.AddMatch(MatchRule(type="signal")))
        registry = DBusAddress("/org/a11y/atspi/registry", f"{A11Y}.Registry", f"{A11Y}.Registry")
        for one in OFTEN:
            self.ask(new_method_call(registry, "RegisterEvent", "s", (one,)))

    def close(self) -> None:
        self._filter.close()
        self._bus.close()

    def ask(self, message: Message) -> tuple[Any, ...]:
        """A method call and its answer. Gone where the object has left."""
        try:
            answer: tuple[Any, ...] = unwrap_msg(self._bus.send_and_get_reply(message, timeout=PATIENCE))
        except DBusErrorResponse as error:
            raise Gone(f"{error.name}: {error.data}") from None
        return answer

    def call(self, address: DBusAddress, member: str, signature: str | None, body: tuple[Any, ...]) -> Any:
        answer = self.ask(new_method_call(address, member, signature, body))
        return answer[0] if len(answer) == 1 else answer

    def type(self, words: str) -> None:
        """org.a11y.atspi.DeviceEventController: to whatever has the keyboard, a letter at a time."""
        keyboard = DBusAddress("/org/a11y/atspi/registry/deviceeventcontroller", f"{A11Y}.Registry", f"{A11Y}.DeviceEventController")
        for one in words:
            symbol = 0xFF00 | ord(one) if one < " " else ord(one)  # keysymdef.h: Return, Tab, Escape
            self.ask(new_method_call(keyboard, "GenerateKeyboardEvent", "isu", (symbol, "", KEY_SYMBOL)))

    def programs(self) -> list[Node]:
        """Who speaks here."""
        return [Node(self, bus, path) for bus, path in self.call(REGISTRY, "GetChildren", None, ())]

    def wait(self, condition: Callable[[], Any], what: str) -> Any:
        """Whatever `condition` gives as soon as that is true; looked at after every event. Silent when it never is."""
        end = time.monotonic() + PATIENCE
        while True:
            self.listen(0)
            try:
                found = condition()
            except Gone:
                found = None
            if found:
                return found
            if time.monotonic() > end:
                raise Silent(f"in vain: {what}")
            self.listen(GLANCE)

    def listen(self, seconds: float) -> None:
        """Take in what was said, waiting that long for the first word."""
        try:
            self._take(self._bus.recv_until_filtered(self._events, timeout=seconds))
            while True:
                self._take(self._bus.recv_until_filtered(self._events, timeout=0))
        except TimeoutError:
            return

    def _take(self, message: Message) -> None:
        fields, body = message.header.fields, message.body
        self.heard += [one for one in _words(body) if one]
        if fields.get(HeaderFields.member) == "TextChanged" and str(body[0]).startswith("insert"):
            path = str(fields[HeaderFields.path])
            self.written[path] = self.written.get(path, "") + str(body[3][1])
        if fields.get(HeaderFields.member) == "StateChanged" and body[:2] == ("focused", 1):
            self.focus = Node(self, str(fields[HeaderFields.sender]), str(fields[HeaderFields.path]))
            self.moves += 1


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _words(one)
