"""Pictures of the security screen, its dialogs, and comparing with a delegation, for the documents."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog

from valise.ui.contacts import ContactsScreen
from valise.ui.gallery import Scenes, picture
from valise.ui.security import sections
from valise.ui.security.screen import SecurityScreen

WORD = "word"  # stands for every word on the sheets of a picture: shares are never in a picture, not even invented ones


def views(scenes: Scenes, contact: str) -> Iterator[tuple[str, QImage]]:
    """Each section, then the dialogs, then the three ways to compare with the delegation of that id."""
    window = scenes.window
    window.show_screen("security", focus=True)
    screen = window.made("security")
    assert isinstance(screen, SecurityScreen)
    for part in sections.shown():
        screen.open_ref(part.name)
        scenes.rest()
        screen.section().verticalScrollBar().setValue(0)
        yield f"security-{part.name}", picture(window)
    yield from _dialogs(scenes, screen)
    window.go("contacts", contact)
    contacts = window.made("contacts")
    assert isinstance(contacts, ContactsScreen)
    for way in ("words", "code", "eye"):
        contacts.start_verifying(way)
        scenes.rest()
        yield f"verify-{way}", picture(window)
    contacts.verify.left.emit()
    contacts.show_own()
    scenes.rest()
    yield "own-card", picture(window)


def _dialogs(scenes: Scenes, screen: SecurityScreen) -> Iterator[tuple[str, QImage]]:
    from valise.ui.security.share_sheets import ShareSheets

    unlocking, laptops, backups = (screen.section(name) for name in ("unlocking", "laptops", "backups"))

    def sheets() -> None:
        laptops._open(ShareSheets([" ".join([WORD] * 33)] * 3, 2, "", laptops))

    asked: tuple[tuple[str, str, Callable[[], object]], ...] = (
        ("passphrase", "unlocking", unlocking.change.click),
        ("shares", "unlocking", unlocking.make.click),
        ("sheets", "laptops", sheets),
        ("admit", "laptops", laptops.admit.click),
        ("revoke", "laptops", lambda: laptops._act("revoke", next(one for one in laptops.door.laptops.all() if not one.this))),
        ("ceremony", "laptops", lambda: laptops.begin_ceremony([])),
        ("key-file", "laptops", laptops.root.new.click),
        ("backup", "backups", backups.now.click),
        ("journey", "backups", backups.journey.click),
        ("destroy", "backups", backups.destroy.click),
    )
    for name, place, act in asked:
        screen.open_ref(place)
        scenes.rest()
        act()
        scenes.rest()
        dialog = next(one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible())
        yield f"security-{name}-dialog", picture(scenes.window, dialog)
        for _ in range(2):  # sheets are left only when it is said twice
            if dialog.isVisible():
                dialog.reject()
        scenes.rest()
