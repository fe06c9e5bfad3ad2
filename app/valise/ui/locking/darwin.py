"""macOS: sleep and user switching from NSWorkspace, the locked screen from the distributed notifications.

Written from Apple's reference and unrun on macOS; which notification means what is tested everywhere.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

WORKSPACE = {
    "NSWorkspaceWillSleepNotification": "suspend",
    "NSWorkspaceSessionDidResignActiveNotification": "session",
    "NSWorkspaceScreensDidSleepNotification": "session",
}
DISTRIBUTED = {"com.apple.screenIsLocked": "session", "com.apple.screensaver.didstart": "session"}


def reason_of(name: str) -> str:
    """suspend, session, or "" for a notification that is none of ours."""
    return WORKSPACE.get(name) or DISTRIBUTED.get(name, "")


class System(QObject):
    """`said(reason)`; see `freedesktop.System`. macOS waits up to 30 seconds while we handle its word of sleep."""

    said = Signal(str)

    def __init__(self, _system: Any = None, _session: Any = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from valise.ui.locking import cocoa

        self._observer = cocoa.Observer(self._named)
        workspace = cocoa.send(cocoa.send(cocoa.known("NSWorkspace"), "sharedWorkspace"), "notificationCenter")
        self._observer.listen(workspace, list(WORKSPACE))
        distributed = cocoa.send(cocoa.known("NSDistributedNotificationCenter"), "defaultCenter")
        self._observer.listen(distributed, list(DISTRIBUTED))
        self.heard = True

    def _named(self, name: str) -> None:
        reason = reason_of(name)
        if reason:
            self.said.emit(reason)

    def release(self) -> None:
        """No longer listen."""
        self._observer.stop()
