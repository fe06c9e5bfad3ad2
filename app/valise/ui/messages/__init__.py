"""Messages: rooms, threads, one conversation and what is being written."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "MessagesScreen":
        from valise.ui.messages.screen import MessagesScreen

        return MessagesScreen
    raise AttributeError(name)
