"""Every error Valise raises on purpose.

An error carries a stable `code` (for tests and for the window, which turns it into the three-part
sentence a person reads: what happened, what it means for confidentiality, what to do) and a plain
English line. Neither ever contains text from a peer, a name, a passphrase or a key.
"""

from __future__ import annotations


class ValiseError(Exception):
    """Base of all deliberate errors. `code` is stable and dotted, e.g. ``envelope.torn``."""

    def __init__(self, code: str, line: str = "") -> None:
        super().__init__(f"{code}: {line}" if line else code)
        self.code = code
        self.line = line


class Refused(ValiseError):
    """Something from outside (envelope, operation, card, file) is not valid. Nothing was changed."""


class NotAllowed(ValiseError):
    """A rule of the house or of the negotiation forbids this act. Nothing was changed."""


class NotYet(ValiseError):
    """Valid as far as can be seen, but something it needs (a key, a card, its past) is not here yet."""


class WrongPassphrase(ValiseError):
    """No slot of the vault opens with what was given."""


class Damaged(ValiseError):
    """Something the vault already held does not verify any more."""


class Unavailable(ValiseError):
    """The world outside did not do its part: disk full, folder gone, another window holds the vault."""
