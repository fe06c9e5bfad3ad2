"""Titles in the order of the language of the window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import QLocale

from valise.desk.library import Source
from valise.desk.views import RoomView
from valise.ui.collating import placed
from valise.ui.contacts.trust import Names
from valise.ui.library.documents import ORDERS
from valise.ui.messages.rooms import grouped


@pytest.fixture(autouse=True)
def locale() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("fr", ["Eau", "École", "Étude", "Zone"]),
        ("es", ["árbol", "Nube", "Ñandú", "Oso", "Zorro"]),
        ("ru", ["Елена", "Ёлка", "ель", "Жук"]),
        ("zh", ["阿富汗", "埃及", "法国", "中国"]),
        ("ar", ["أثيوبيا", "الجزائر", "تونس", "مصر"]),
        ("en", ["Round 2", "round 9", "Round 10"]),
    ],
)
def test_titles_stand_as_a_list_of_that_language_has_them(language: str, wanted: list[str]) -> None:
    QLocale.setDefault(QLocale(language))
    assert sorted(reversed(wanted), key=placed) == wanted
    assert language in ("zh", "ar") or sorted(wanted) != wanted


def test_equal_titles_are_told_apart_by_what_stands_behind_them() -> None:
    assert sorted([("Annex", 2), ("annex", 1), ("Annex", 0)], key=lambda one: (placed(one[0]), one[1])) == [("Annex", 0), ("annex", 1), ("Annex", 2)]


def test_documents_of_the_library_stand_so_too() -> None:
    QLocale.setDefault(QLocale("fr"))
    titles = {"Zone": "A/70/174", "Échange": "A/70/9", "Accord": ""}
    made = [Source(n, symbol, title, "fr", "2026", "", n, 1) for n, (title, symbol) in enumerate(titles.items())]
    assert [one.title for one in sorted(made, key=ORDERS["title"][0])] == ["Accord", "Échange", "Zone"]
    assert [one.symbol for one in sorted(made, key=ORDERS["symbol"][0])] == ["A/70/9", "A/70/174", ""]


def test_rooms_of_the_messages_stand_so_too() -> None:
    QLocale.setDefault(QLocale("fr"))
    rooms = [RoomView(str(n), "group", title, (), "", 1, 0, 0, "", "", "") for n, title in enumerate(("Zone", "École", "eau"))]
    assert [one.title for one in grouped(rooms, cast(Names, None)) if isinstance(one, RoomView)] == ["eau", "École", "Zone"]
