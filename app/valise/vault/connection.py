"""One encrypted connection: the raw key checked, the cipher proved, the settings of PROTOCOL.md made and read back.

The only module that imports the database engine. SQLite's failures become ours in `failure`.
"""

from __future__ import annotations

import ctypes
import errno
import re
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlcipher3 import _sqlite3 as engine_library  # type: ignore[import-untyped]
from sqlcipher3 import dbapi2 as engine

from valise.domain.errors import Damaged, Refused, Unavailable, ValiseError

KEY_BYTES: Final = 80  # page key 32, HMAC key 32, salt 16
SALT_BYTES: Final = 16
_KEY = re.compile(r"[0-9a-f]{160}\Z")
_BUSY_SECONDS = 5.0
_WAL_KEEP = 16 << 20  # bytes the write-ahead log may keep on disk once its pages are in the database
_CONSTRAINT = 19
_CONFIG_LOOKASIDE = 13  # sqlite.org/c3ref/c_config_getmalloc.html
_SLOT_BYTES, _SLOTS = 1200, 2000
_widened = False
# Primary result codes of SQLite (sqlite.org/rescode.html).
_FAILURES: Final[dict[int, tuple[type[ValiseError], str, str]]] = {
    5: (Unavailable, "vault.busy", "another program holds the database"),
    6: (Unavailable, "vault.busy", "another program holds the database"),
    7: (Unavailable, "vault.memory", "out of memory"),
    8: (Unavailable, "vault.read_only", "the disk or file does not let itself be written"),
    9: (Unavailable, "vault.closed", "the vault was closed meanwhile"),
    10: (Unavailable, "vault.io", "reading or writing the disk failed"),
    11: (Damaged, "vault.damaged", "the database does not verify any more"),
    13: (Unavailable, "vault.disk_full", "the disk is full"),
    14: (Unavailable, "vault.io", "the database file could not be opened"),
    18: (Refused, "vault.too_large", "a value is larger than the database takes"),
    _CONSTRAINT: (Refused, "vault.constraint", "a row breaks a rule of the schema"),
    26: (Damaged, "vault.damaged", "the database does not verify any more"),
}
EngineError: type[Exception] = engine.Error
_FULL = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


def complete(sql: str) -> bool:
    """True when `sql` ends at the end of a statement."""
    return bool(engine.complete_statement(sql))


def new_key() -> str:
    """A fresh raw key: 160 hex digits for page key, HMAC key and salt."""
    return secrets.token_hex(KEY_BYTES)


def check_key(key: str) -> None:
    """Raises Refused("vault.key_form"). SQLCipher takes anything but 160 hex digits for a passphrase, in silence."""
    if type(key) is not str or not _KEY.match(key):
        raise Refused("vault.key_form", "the raw key is not 160 hex digits")


def failure(error: BaseException) -> ValiseError | None:
    """Our error for one of the engine's or the disk's, or None when it is a mistake in the program."""
    if isinstance(error, OSError):
        if error.errno in _FULL:
            return Unavailable("vault.disk_full", "the disk is full")
        return Unavailable("vault.io", "reading or writing the disk failed")
    if isinstance(error, engine.Error):
        known = _FAILURES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if known is not None:
            made, code, line = known
            return made(code, line)
    return None


def is_constraint(error: BaseException) -> bool:
    """A single row was refused; the transaction around it stands."""
    return isinstance(error, engine.Error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == _CONSTRAINT


def _widen_lookaside() -> None:
    """Before the first connection: let small allocations come out of one block a connection.

    With memory security on, each allocation of the engine is locked in memory and wiped by system calls of its own
    (108 pairs a message were counted). The block is locked once and wiped as a whole when the connection closes.
    Only where C's variable arguments are passed like others; elsewhere it stays as it is, only slower.
    """
    global _widened
    if _widened:
        return
    _widened = True
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(engine_library.__file__)
        library.sqlite3_shutdown()
        library.sqlite3_config(_CONFIG_LOOKASIDE, _SLOT_BYTES, _SLOTS)
        library.sqlite3_initialize()


def connect(path: Path, key: str, *, reading: bool = False) -> Any:
    """An autocommit connection whose key was proved on the first page. `reading` forbids every write.

    Raises Refused("vault.key_form"), Damaged("vault.damaged") also for a wrong key, Unavailable("vault.no_cipher").
    """
    check_key(key)
    _widen_lookaside()
    connection = None
    try:
        # An absolute path: a relative one that begins with "file:" would be read as a URI.
        connection = engine.connect(
            str(path.absolute()),
            timeout=_BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        _settle(connection, key, reading)
    except BaseException as error:
        if connection is not None:
            connection.close()
        made = failure(error)
        if made is None:
            raise
        raise made from error
    return connection


def _settle(connection: Any, key: str, reading: bool) -> None:
    def ask(pragma: str) -> Any:
        row = connection.execute(f"PRAGMA {pragma}").fetchone()
        return None if row is None else row[0]

    ask("cipher_log_level = NONE")  # otherwise the engine writes to stderr beside our own errors
    ask("cipher_memory_security = ON")
    ask(f"key = \"x'{key}'\"")
    # A plain SQLite ignores all of the above without a word and would write plaintext.
    if not ask("cipher_version") or int(ask("cipher_memory_security") or 0) != 1:
        raise Unavailable("vault.no_cipher", "the database engine has no encryption")
    ask("cipher_compatibility = 4")  # the file format stays what it is when the engine's defaults move on
    ask("temp_store = MEMORY")
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # decrypts page 1: proves the key
    ask("secure_delete = ON")
    ask("foreign_keys = ON")
    ask("trusted_schema = OFF")
    if reading:
        ask("query_only = ON")
        wanted = {"query_only": 1}
    else:
        ask("journal_mode = WAL")
        ask("synchronous = FULL")
        ask(f"journal_size_limit = {_WAL_KEEP}")
        wanted = {"synchronous": 2}
    wanted |= {"secure_delete": 1, "foreign_keys": 1, "temp_store": 2}
    if ask("journal_mode") != "wal" or any(ask(name) != value for name, value in wanted.items()):
        raise Unavailable("vault.settings", "the database engine does not take the settings that keep it safe")
