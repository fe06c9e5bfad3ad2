"""The texts workbench."""

from valise.ui.texts.screen import TextsScreen

__all__ = ["TextsScreen"]
