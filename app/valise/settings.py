"""Every setting, declared once: key, type, default, limits, help, group. The window translates the English.

Values live in the vault (a few, marked `before_unlock`, also beside it, since they are needed before).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from valise.domain.errors import NotAllowed, Refused

Type = Literal["choice", "whole", "switch", "path", "zones", "text"]
Group = Literal["Appearance", "General", "Locking", "Exchange", "Keys"]
MOST_ZONES = 6
GROUPS: tuple[Group, ...] = ("Appearance", "General", "Locking", "Exchange", "Keys")
Value = str | int | bool


class Setting(NamedTuple):
    """One setting. `least`, `most` and `unit` are for whole numbers, `choices` for a choice; `labels` are
    what a person reads, one for each choice; "zones" are names of time zones separated by commas; "text" is one line
    that is empty or of the given `form`. `before_unlock`: needed when no vault is open. `here`: of this computer alone, in
    no file of settings. `safest`: the value that protects most; one further from it is shown as such before it is taken
    in from a file. `step`: of the buttons and keys that change a number."""

    key: str
    type: Type
    default: Value
    label: str
    help: str
    group: Group
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    unit: str = ""
    before_unlock: bool = False
    form: Callable[[str], bool] | None = None
    here: bool = False
    safest: Value | None = None
    step: int = 1

    def protects_less(self, now: Value, then: Value) -> bool:
        """Whether `then` keeps further from what protects most than `now` does."""
        if self.safest is None or now == then:
            return False
        if self.type == "whole" and isinstance(self.safest, int):
            return abs(int(then) - self.safest) > abs(int(now) - self.safest)
        return then != self.safest

    def validate(self, value: object) -> Value:
        """The value if it is of the right type and within its limits, else Refused("setting.value")."""
        if self.type == "switch" and isinstance(value, bool):
            return value
        if self.type == "whole" and type(value) is int and self.least <= value <= self.most:
            return value
        if self.type == "choice" and isinstance(value, str) and value in self.choices:
            return value
        if self.type == "path" and isinstance(value, str) and _is_path(value):
            return value
        if self.type == "zones" and isinstance(value, str) and (names := zones(value)) is not None:
            return ", ".join(names)
        if self.type == "text" and isinstance(value, str) and (not value or (self.form is not None and self.form(value))):
            return value
        raise Refused("setting.value", "this value is not possible for this setting")

    def parse(self, text: str) -> Value:
        """The value a person or a file wrote. Raises Refused("setting.value")."""
        words = text.strip()
        if self.type == "zones":
            return words  # this system's table may be another one: what is not in it is left out when shown
        if self.type == "whole":
            if not (words.isascii() and words.isdigit() and len(words) < 10):
                raise Refused("setting.value", "this setting is a whole number")
            return self.validate(int(words))
        if self.type == "switch":
            if words.casefold() not in _SWITCH:
                raise Refused("setting.value", "this setting is on or off")
            return _SWITCH[words.casefold()]
        return self.validate(words)

    def write(self, value: object) -> str:
        """The text that `parse` reads back to this value."""
        valid = self.validate(value)
        if isinstance(valid, bool):
            return "on" if valid else "off"
        return str(valid)


_SWITCH = {"on": True, "true": True, "yes": True, "1": True, "off": False, "false": False, "no": False, "0": False}


def zones(value: str) -> tuple[str, ...] | None:
    """Names of time zones separated by commas, as the system's table has them; None if one of them is not there."""
    from zoneinfo import available_timezones  # seldom asked for, and slow

    names = tuple(dict.fromkeys(one.strip() for one in value.split(",") if one.strip()))
    if len(names) > MOST_ZONES or any(len(one) > 60 for one in names):
        return None
    return names if not names or set(names) <= available_timezones() else None


_PROXY = re.compile(
    r"http://(?P<who>[^\s:@/?#\\]{1,64}(?::(?P<password>[^\s@/?#\\]{1,128}))?@)?"
    r"(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]):(?P<port>[0-9]{1,5})/?"
)
MASK = "•" * 8


def is_proxy(value: str) -> bool:
    """http://[user[:password]@]host:port; what a URL gives another meaning is written in %XX (RFC 3986, 2.1)."""
    found = _PROXY.fullmatch(value) if value.isascii() else None
    return found is not None and 0 < int(found["port"]) < 65_536


def masked(value: str) -> str:
    """The proxy without its password, to be shown."""
    found = _PROXY.fullmatch(value)
    if found is None or found["password"] is None:
        return value
    return value[: found.start("password")] + MASK + value[found.end("password") :]


def unmasked(typed: str, stored: str) -> str:
    """What a person means who left or changed what `masked` showed. The mask stands for the stored password only while the
    rest is the same; before another name or host it is no password at all, and no possible value."""
    return stored if typed == masked(stored) else typed


def without_secret(value: str) -> str:
    """The proxy without name and password, for a file."""
    found = _PROXY.fullmatch(value)
    return value if found is None or found["who"] is None else value[: found.start("who")] + value[found.end("who") :]


def _is_path(value: str) -> bool:
    return value == "" or (len(value) < 4096 and "\0" not in value and Path(value).is_absolute())


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "language", "choice", "system", "Language",
        "The language of the window. Texts and messages stay as they were written.",
        "Appearance", before_unlock=True,
        choices=("system", "ar", "zh", "en", "fr", "ru", "es"),
        labels=("As on this computer", "العربية", "中文", "English", "Français", "Русский", "Español"),
    ),
    Setting(
        "theme", "choice", "system", "Light or dark",
        "The colours of the window. Both can be read by those who see contrasts poorly.",
        "Appearance", before_unlock=True,
        choices=("system", "light", "dark"), labels=("As on this computer", "Light", "Dark"),
    ),
    Setting(
        "look.size", "whole", 100, "Size of everything",
        "Letters, signs and buttons grow together, up to twice their size; what no longer fits can be scrolled. It holds from "
        "the next time you unlock.",
        "Appearance", least=100, most=200, unit="%", step=25, before_unlock=True, here=True,
    ),
    Setting(
        "look.motion", "choice", "system", "Movement",
        "Nothing in the window moves by itself: menus open at once, and what takes long says so without moving.",
        "Appearance", before_unlock=True,
        choices=("system", "none"), labels=("As on this computer", "Nothing moves"),
    ),
    Setting(
        "clock.zones", "zones", "America/New_York, Europe/Zurich", "Clocks of the talks",
        "Time zones in which a deadline is also shown, separated by commas, for example Asia/Singapore. "
        "UTC and the time of this computer are always there.",
        "General",
    ),
    Setting(
        "unlock.show_name", "switch", True, "Show the public name when locked",
        "The unlock page shows the name you made public. Anybody who sees the screen can read it.",
        "Locking", before_unlock=True, safest=False,
    ),
    Setting(
        "lock.idle_minutes", "whole", 5, "Lock after",
        "The vault locks after this long without a key or the mouse. It also locks when the computer sleeps.",
        "Locking", least=1, most=60, unit="minutes", safest=1,
    ),
    Setting(
        "clipboard.clear_seconds", "whole", 10, "Empty the clipboard after",
        "What was copied from here is removed from the clipboard after this long, and when the vault locks.",
        "Locking", least=5, most=120, unit="seconds", safest=5,
    ),
    Setting(
        "capture.protect", "switch", True, "Keep windows out of screenshots",
        "Where the system can leave windows out of screenshots and recordings, it is asked to. This device, below, says "
        "what holds here.",
        "Locking", safest=True,
    ),
    Setting(
        "notify.desktop", "switch", True, "Tell the desktop when something came",
        "A notification says how many items came, at most once a minute, and nothing else: no name, no word.",
        "General",
    ),
    Setting(
        "incidents.routine_days", "whole", 5, "Incidents: wait at T0 (routine)",
        "Working days without an answer after which the next channel is proposed to you. 0 = nothing is proposed.",
        "General", least=0, most=90, unit="days",
    ),
    Setting(
        "incidents.technical_hours", "whole", 24, "Incidents: wait at T1 (technical to technical)",
        "Hours without an answer after which T2 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.",
        "General", least=0, most=720, unit="hours",
    ),
    Setting(
        "incidents.diplomatic_hours", "whole", 24, "Incidents: wait at T2 (diplomatic to diplomatic)",
        "Hours without an answer after which T3 is proposed to you. Nothing is sent by itself. 0 = nothing is proposed.",
        "General", least=0, most=720, unit="hours",
    ),
    Setting(
        "incidents.policy_hours", "whole", 0, "Incidents: wait at T3 (policy level)",
        "Hours after which you are reminded that nobody answered. 0 = as agreed in each case.",
        "General", least=0, most=720, unit="hours",
    ),
    Setting(
        "exchange.folder", "path", "", "Exchange folder",
        "The shared folder through which sealed envelopes travel. Whoever can open it sees sizes and times, "
        "never a name or a word.",
        "Exchange", here=True,
    ),
    Setting(
        "exchange.interval_seconds", "whole", 10, "Exchange every",
        "How often the ways of exchange are looked at. A relay says by itself when something has come.",
        "Exchange", least=2, most=3600, unit="seconds",
    ),
    Setting(
        "exchange.fall_back", "switch", True, "Use the folder when the relay cannot be reached",
        "A delegation that shares the exchange folder is then reached through it, until the relay answers again. Not for a "
        "delegation for which you chose a way yourself.",
        "Exchange",
    ),
    Setting(
        "exchange.proxy", "text", "", "Proxy to the relay",
        "Where this network lets nothing out but a proxy: http://host:port, or http://name:password@host:port. It is kept in "
        "the vault only, and the password is not shown again. The proxy sees which relay is used, never what is sent.",
        "Exchange", form=is_proxy, safest="",
    ),
    Setting(
        "exchange.resend_seconds", "whole", 300, "Send again after",
        "What a recipient has not confirmed after this long is sent once more, and then less and less often.",
        "Exchange", least=30, most=86_400, unit="seconds",
    ),
    Setting(
        "contacts.new_laptop", "choice", "stop", "When a delegation adds a laptop",
        "Whoever holds a delegation's key can admit a laptop that then reads what is sent to it. Nothing more is sent to "
        "that delegation, or from ours when the laptop is our own, until somebody here has looked at it.",
        "Keys", choices=("stop", "tell"), labels=("Stop until I decide", "Tell me and go on"),
        safest="stop",
    ),
    Setting(
        "exchange.online_hours", "whole", 72, "Keep old keys, connected",
        "How long a replaced key is kept for envelopes still under way. Somebody who takes this laptop and "
        "opens the vault within that time can also open what was sent to the replaced key.",
        "Keys", least=1, most=720, unit="hours", safest=1,
    ),
    Setting(
        "exchange.courier_days", "whole", 30, "Keep old keys, by courier",
        "The same for delegations reached by courier: longer than the longest way of a stick.",
        "Keys", least=1, most=180, unit="days", safest=1,
    ),
)

_BY_KEY: Mapping[str, Setting] = {one.key: one for one in SETTINGS}


def setting(key: str) -> Setting:
    """The declaration, or Refused("setting.unknown")."""
    try:
        return _BY_KEY[key]
    except (KeyError, TypeError):
        raise Refused("setting.unknown", "there is no such setting") from None


def get(stored: Mapping[str, str], key: str) -> Any:
    """The typed value out of what is stored as text; the default where nothing valid is stored."""
    one = setting(key)
    try:
        return one.parse(stored[key])
    except (KeyError, Refused):
        return one.default


def set_in(stored: Mapping[str, str], key: str, value: object) -> dict[str, str]:
    """A copy of what is stored with this value set. Raises Refused("setting.unknown" or "setting.value")."""
    return {**stored, key: setting(key).write(value)}


def before_unlock(key: str) -> Setting:
    """The declaration of a setting that may be kept beside the vault, in the clear.
    Raises NotAllowed("setting.inside") for any other."""
    one = setting(key)
    if not one.before_unlock:
        raise NotAllowed("setting.inside", "this setting is kept inside the vault only")
    return one
