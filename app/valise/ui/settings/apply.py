"""Settings that act on the whole application."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from valise.desk.door import Door
from valise.ui import language, motion, theme


def apply_look(door: Door) -> None:
    """Theme and language as the settings have them."""
    choice = door.settings.get("theme")
    theme.current().choose(choice if choice in ("light", "dark") else "system")
    motion.current().choose(str(door.settings.get("look.motion")))
    app = QApplication.instance()
    if isinstance(app, QApplication):
        spoken = str(door.settings.get("language"))
        language.use(app, "" if spoken == "system" else spoken)
