"""The ways of exchange in words: states, why something waits, what a test came to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QLocale

from valise.desk.door_exchange import Served, Tried, WayView
from valise.desk.views import ExchangeStatus
from valise.domain.errors import Unavailable
from valise.ui.language import comma, listed, semicolons, translate
from valise.ui.strings import Told, tell
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.times import moment

SHORT = 48  # letters of a place among other words
ICONS = {"relay": "world", "folder": "folder", "courier": "valise"}
_SEEN = {
    "reached": QT_TRANSLATE_NOOP("exchange", "it answered"),
    "connected": QT_TRANSLATE_NOOP("exchange", "it answered"),
    "proxy": QT_TRANSLATE_NOOP("exchange", "through the proxy"),
    "mailbox": QT_TRANSLATE_NOOP("exchange", "our mailbox is there"),
    "trusted": QT_TRANSLATE_NOOP("exchange", "it proved that it is the relay"),
    "wrote": QT_TRANSLATE_NOOP("exchange", "something was written"),
    "read back": QT_TRANSLATE_NOOP("exchange", "it was read back and is equal"),
    "removed": QT_TRANSLATE_NOOP("exchange", "it was taken away again"),
}
_BRIEF = {
    "relay.expired": QT_TRANSLATE_NOOP("exchange", "The permission has ended"),
    "relay.refused": QT_TRANSLATE_NOOP("exchange", "The relay refuses it"),
    "relay.untrusted": QT_TRANSLATE_NOOP("exchange", "Not proved to be its relay"),
    "relay.proxy": QT_TRANSLATE_NOOP("exchange", "Stopped at the proxy"),
    "relay.old": QT_TRANSLATE_NOOP("exchange", "Its relay is too old"),
    "carrier.full": QT_TRANSLATE_NOOP("exchange", "No room is left there"),
}
_PROBLEMS = ("relay.expired", "relay.refused", "relay.untrusted", "relay.old", "carrier.full")  # nothing gets better by waiting


def way(name: str) -> str:
    """A way by its name."""
    return {
        "relay": translate("exchange", "Relay"),
        "folder": translate("exchange", "Folder"),
        "courier": translate("exchange", "Courier"),
    }.get(name, translate("exchange", "Another way"))


def used(one: WayView) -> bool:
    """Whether it is set up and carries by itself."""
    return one.name != "courier" and one.state != "off"


def last(one: WayView) -> int:
    """When it last did anything, ms UTC, 0 = never."""
    return max(one.last_put, one.last_fetch)


def state(one: WayView) -> tuple[str, str, str]:
    """Words, icon and tone of a way's state."""
    if one.name == "courier":
        return translate("exchange", "Always possible"), "check", "muted"
    if one.state == "ready":
        return translate("exchange", "Works"), "check-circle", "good"
    if one.state == "connecting":
        return translate("exchange", "Connecting…"), "clock", "info"
    if one.state == "trouble":
        return (
            translate("exchange", "Cannot be reached")
            if one.problem not in _PROBLEMS
            else translate("exchange", "In trouble"),
            "warning",
            "warn",
        )
    return translate("exchange", "Not set up"), "minus", "muted"


def place(one: WayView) -> str:
    """Where it is; for the courier, what it is."""
    if one.name == "courier":
        return translate("exchange", "A sealed file on a stick")
    if one.name == "relay":  # also without one of our own we write to those of others
        return one.place or (
            translate("exchange", "No relay is used")
            if one.state == "off"
            else translate("exchange", "Only relays of correspondents")
        )
    return one.place or translate("exchange", "No folder is chosen")


def short_place(one: WayView) -> str:
    """The same for a line among others: a long path loses its middle, for its folder stands at the end."""
    where = place(one)
    return where if len(where) <= SHORT else f"{where[: SHORT // 2 - 1]}…{where[-SHORT // 2 :]}"


def whole_place(one: WayView) -> str:
    """All of it, for a hint."""
    return clean(place(one), lines=False) if one.place else ""


def when(one: WayView) -> list[str]:
    """Two lines: the last exchange, and the next try or what waits."""
    if one.state == "off":
        return [
            translate("exchange", "You need the file of an operator.")
            if one.name == "relay"
            else translate("exchange", "For laptops that share a drive."),
            "",
        ]
    if one.name == "courier":
        first = (
            translate("exchange", "Last bundle {0}").format(isolate(moment(one.last_put)))
            if one.last_put
            else translate("exchange", "No bundle made yet")
        )
    else:
        first = (
            translate("exchange", "Last exchange {0}").format(isolate(moment(last(one))))
            if last(one)
            else translate("exchange", "No exchange yet")
        )
    if one.state == "trouble" and one.next_try:
        return [first, translate("exchange", "Next try {0}").format(isolate(moment(one.next_try)))]
    if one.waiting:
        return [
            first,
            translate("exchange", "%n items wait", None, one.waiting),
        ]
    return [first, translate("exchange", "Nothing waits")]


def trouble(one: WayView) -> str:
    """What is wrong with a way and what becomes of what waits; "" while nothing is."""
    if one.state != "trouble":
        return ""
    since = last(one)
    if one.problem and one.problem not in ("carrier.unreachable", "carrier"):
        happened = tell(Unavailable(one.problem)).happened
    elif one.name == "relay":
        happened = (
            translate("exchange", "The relay cannot be reached since {0}.").format(isolate(moment(since)))
            if since else translate("exchange", "The relay could not be reached yet.")
        )  # fmt: skip
    else:
        happened = (
            translate("exchange", "The exchange folder cannot be reached since {0}.").format(isolate(moment(since)))
            if since else translate("exchange", "The exchange folder could not be reached yet.")
        )  # fmt: skip
    return happened


def tested(name: str, tried: Tried) -> Told:
    """What the test button says."""
    if tried.code:
        return tell(Unavailable(tried.code))
    if name == "courier":
        return Told(
            translate("exchange", "Nothing has to be reached for the courier: it takes a sealed file."),
            translate("exchange", "Nothing left this device unsealed."),
            translate("exchange", "Make a bundle, or open one that was brought."),
            "good",
        )
    steps = list(dict.fromkeys(_SEEN[code] for code in tried.seen if code in _SEEN))
    happened = translate("exchange", "The relay works.") if name == "relay" else translate("exchange", "The exchange folder works.")
    means = translate("exchange", "Tried just now: {0}.").format(listed(translate("exchange", one) for one in steps)) if steps else ""
    took = translate("exchange", "It took {0} ms.").format(QLocale().toString(tried.milliseconds))
    if tried.software:
        took = translate("exchange", "It took {0} ms; the relay runs version {1}.").format(
            QLocale().toString(tried.milliseconds), isolate(tried.software)
        )
    return Told(happened, means, took, "good")


def chosen(one: Served) -> str:
    """The way or ways in use, in words."""
    if not one.ways:
        return translate("exchange", "None")
    return listed(way(name) for name in one.ways)


def decided(one: Served) -> str:
    """Who decided on it."""
    return translate("exchange", "chosen by you") if one.chosen else translate("exchange", "automatic")


def why(one: Served) -> tuple[str, str, str]:
    """Why something waits, short: words, icon, tone."""
    if one.why == "stopped":
        return translate("exchange", "Stopped until you decide"), "shield-alert", "bad"
    if one.why == "way.none" or not one.ways:
        return translate("exchange", "Nothing reaches it"), "warning", "warn"
    if one.why == "way.trouble":
        return _problem(one), "warning", "warn"
    if one.why == "way.courier":
        return translate("exchange", "For the next bundle"), "valise", "info"
    if one.why == "unconfirmed":
        return translate("exchange", "On its way, not yet confirmed"), "outbox", "muted"
    return translate("exchange", "Nothing waits"), "check", "muted"


def _problem(one: Served) -> str:
    if not one.problem or one.problem in ("carrier.unreachable", "carrier"):
        return (
            translate("exchange", "Its relay cannot be reached")
            if "relay" in one.ways[:1]
            else translate("exchange", "The folder cannot be reached")
        )
    return translate("exchange", _BRIEF[one.problem]) if one.problem in _BRIEF else tell(Unavailable(one.problem)).happened


def story(one: Served) -> tuple[str, str]:
    """In full: what is so, and what to do next ("" = nothing)."""
    name = isolate(one.name)
    since = isolate(moment(one.oldest))
    if one.why == "stopped":
        return (
            translate("exchange", "What you write to {0} waits since {1}: sending is stopped until you decide.").format(name, since),
            translate("exchange", "Look at it under Contacts."),
        )
    if one.why == "way.none" or not one.ways:
        return (
            translate(
                "exchange", "No way leads to {0}: it gave no address of a relay, and no folder is shared with it."
            ).format(name),
            translate(
                "exchange",
                "Take what waits by courier, choose a shared folder, or ask it for a card with permission to write to its relay.",
            ),
        )
    if one.why == "way.trouble":
        return (
            translate("exchange", "{0} What is for {1} waits since {2} and is kept.").format(_whole(one), name, since),
            translate("exchange", "It is tried again by itself. You can take it by courier meanwhile."),
        )
    if one.why == "way.courier":
        return (
            translate("exchange", "What is for {0} waits since {1} for the next bundle.").format(name, since),
            translate("exchange", "Make a bundle; it stays listed here until {0} has confirmed it.").format(name),
        )
    if one.why == "unconfirmed":
        return (
            translate("exchange", "Put at {0} for {1}; it has not confirmed it yet.").format(isolate(moment(one.put)), name),
            translate("exchange", "Nothing to do: it confirms by itself when it is connected next."),
        )
    return translate("exchange", "{0} has confirmed everything.").format(name), ""


def _whole(one: Served) -> str:
    if not one.problem or one.problem in ("carrier.unreachable", "carrier"):
        return (
            translate("exchange", "Its relay cannot be reached.")
            if "relay" in one.ways[:1]
            else translate("exchange", "The folder cannot be reached.")
        )
    return tell(Unavailable(one.problem)).happened


def spoken(one: Served) -> str:
    """A whole row for whoever listens."""
    parts = [
        f"{isolate(one.code)} {isolate(one.name)}",
        f"{chosen(one)}{comma()}{decided(one)}",
        why(one)[0],
    ]
    if one.waiting:
        parts.append(translate("exchange", "waiting: {0}, since {1}").format(one.waiting, isolate(moment(one.oldest))))
    parts.append(translate("exchange", "last heard {0}").format(isolate(moment(one.heard))))
    return semicolons(parts)


def line(status: ExchangeStatus, ways: Sequence[WayView]) -> tuple[str, str, str]:
    """The status line over several ways: words, icon, tone."""
    there = [one for one in ways if used(one)]
    if not there:
        return translate("exchange", "Sealed, only on this device: no relay and no folder is set"), "laptop", "muted"
    good = [one for one in there if one.state == "ready"]
    bad = [one for one in there if one.state == "trouble"]
    names = _names(good)
    if not bad:
        if not good:
            return (
                translate("exchange", "Connecting to the relay…")
                if there[0].name == "relay"
                else translate("exchange", "Looking at the folder…"),
                "clock",
                "info",
            )
        words = {"relay": translate("exchange", "Relay connected"), "folder": translate("exchange", "Exchange folder connected"),
                 "relay folder": translate("exchange", "Relay and exchange folder connected")}[names]  # fmt: skip
        if status.problem:
            return translate("exchange", "{0}, with trouble").format(words), "warning", "warn"
        return words, "check-circle", "good"
    gone = {"relay": translate("exchange", "Relay not reachable"), "folder": translate("exchange", "Exchange folder not reachable"),
            "relay folder": translate("exchange", "Relay and exchange folder not reachable")}[_names(bad)]  # fmt: skip
    if good:
        other = translate("exchange", "folder connected") if names == "folder" else translate("exchange", "relay connected")
        return f"{gone}{comma()}{other}", "warning", "warn"
    if any(one.state == "connecting" for one in there):
        other = (
            translate("exchange", "connecting to the relay")
            if there[0].state == "connecting"
            else translate("exchange", "looking at the folder")
        )
        return f"{gone}{comma()}{other}", "warning", "warn"
    return translate("exchange", "{0}, everything stays sealed on this device").format(gone), "warning", "warn"


def _names(ways: Sequence[WayView]) -> str:
    return " ".join(one.name for one in ways)
