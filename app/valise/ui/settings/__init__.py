"""Settings: identity, exchange, lock, look, another laptop."""

from valise.ui.settings.screen import SettingsScreen

__all__ = ["SettingsScreen"]
