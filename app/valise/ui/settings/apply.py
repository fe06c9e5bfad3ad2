"""Settings that act on the whole application."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from valise.desk.door import Door
from valise.ui import theme


def apply_look(door: Door) -> None:
    """Theme and language as the settings have them."""
    choice = door.settings.get("theme")
    theme.current().choose(choice if choice in ("light", "dark") else "system")
    app = QApplication.instance()
    if isinstance(app, QApplication):
        from valise.ui.app import translate

        language = str(door.settings.get("language"))
        translate(app, "" if language == "system" else language)
