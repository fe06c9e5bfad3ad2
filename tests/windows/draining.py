"""What tests of windows do between two looks."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent


def drain() -> None:
    """Let deferred deletions and queued signals happen."""
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
