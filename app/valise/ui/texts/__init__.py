"""The texts workbench."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from valise.ui.texts.screen import TextsScreen as TextsScreen


def __getattr__(name: str) -> Any:
    if name == "TextsScreen":  # asked for late: parts of the workbench are used by windows it opens
        from valise.ui.texts import heard

        return heard.TextsScreen
    raise AttributeError(name)
