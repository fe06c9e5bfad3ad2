"""Writing a file whole or not at all: what stood there before stays until the new one is complete on the disk."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def put(target: Path, data: bytes) -> None:
    """OSError when it cannot be written; nothing was changed then. Readable by its owner alone."""
    number, name = tempfile.mkstemp(prefix=".valise-", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
