"""The keyrings we trust, through the `keyring` package: Secret Service, Windows Credential Locker, macOS Keychain.

One class is named for each system and made by ourselves. The package's own search is not used: it obeys an environment
variable and a file that can name any module, chains what it finds, and ends in backends that write plaintext or forget.
"""

from __future__ import annotations

import base64
import binascii
import os
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final, TypeVar

from valise.system.custodian.abc import Custodian, check, unavailable

ALLOWED: Final[dict[str, tuple[str, str]]] = {
    "linux": ("keyring.backends.SecretService", "Keyring"),
    "win32": ("keyring.backends.Windows", "WinVaultKeyring"),
    "darwin": ("keyring.backends.macOS", "Keyring"),
}
PATIENCE: Final = 90.0  # seconds; the system may be asking the person for the keyring's own password
_SERVICE: Final = "valise"
_COPIES: Final = 8  # of one value; collections are sometimes restored beside each other
_T = TypeVar("_T")


class KeyringCustodian(Custodian):
    """The keyring of `platform`. Every call has a thread of its own and an end: a keyring that hangs must not hold the
    unlock page. `make` gives the backend, for tests."""

    def __init__(
        self, platform: str = sys.platform, make: Callable[[], Any] | None = None, patience: float = PATIENCE
    ) -> None:
        self._make = make or (lambda: _backend(platform))
        self._patience = patience
        self._lock = threading.Lock()

    def available(self) -> bool:
        name, value = f"probe/{os.urandom(8).hex()}", os.urandom(32)
        try:
            self.keep(name, value)
            found = self.look(name)
            self.forget(name)
            return found == value and self.look(name) is None
        except Exception:
            return False

    def keep(self, name: str, value: bytes) -> None:
        check(name, value)
        text = base64.urlsafe_b64encode(value).decode("ascii")

        def act(backend: Any) -> bool:
            backend.set_password(_service(name), name, text)
            return bool(backend.get_password(_service(name), name) == text)

        if not self._ask(act):
            raise unavailable()

    def look(self, name: str) -> bytes | None:
        check(name)
        text = self._ask(lambda backend: backend.get_password(_service(name), name))
        if not isinstance(text, str):
            return None
        try:
            return base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            return None

    def forget(self, name: str) -> None:
        check(name)

        def act(backend: Any) -> bool:
            for _ in range(_COPIES):
                if backend.get_password(_service(name), name) is None:
                    return True
                backend.delete_password(_service(name), name)
            return False

        if not self._ask(act):
            raise unavailable()

    def _ask(self, act: Callable[[Any], _T]) -> _T:
        """What `act` gives, in time. Whatever goes wrong in a keyring is one error of ours."""
        given: list[_T] = []

        def work() -> None:
            try:
                with self._lock:
                    given.append(act(self._make()))
            except Exception:  # of D-Bus, of Windows, of the package: too many to name, and none is to be shown
                given.clear()

        asking = threading.Thread(target=work, name="keyring", daemon=True)
        asking.start()
        asking.join(self._patience)
        if not given:
            raise unavailable()
        return given[0]


def _service(name: str) -> str:
    """One service a value: on Windows two values of one service would be moved about."""
    return f"{_SERVICE}/{name}"


def _backend(platform: str) -> Any:
    """The one trusted backend of this system, made anew: a connection to it is never kept."""
    if platform not in ALLOWED:
        raise unavailable()
    module, name = ALLOWED[platform]
    kind = getattr(import_module(module), name)
    if kind.priority <= 0:  # raises RuntimeError where it cannot work, before it opens anything
        raise unavailable()
    made = kind()
    if platform == "win32":
        made.persist = "local machine"  # the default would follow the account to other computers of its domain
    if platform == "darwin":
        made.keychain = None  # not one that an environment variable names
    return made
