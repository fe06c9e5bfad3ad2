"""Contacts: the delegations we know, how far each is trusted, and comparing safety numbers."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    if name == "ContactsScreen":
        from valise.ui.contacts.directory.both import ContactsScreen

        return ContactsScreen
    raise AttributeError(name)
