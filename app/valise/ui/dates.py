"""Dates in words, in the order of the language of the window: Qt has the names, and asks for the order."""

from __future__ import annotations

from datetime import date as Date

from PySide6.QtCore import QDate, QLocale

_ORDER = {  # of Qt's format strings, by what is said; "" = any other language
    "day": {"": "d MMMM", "zh": "M月d日", "es": "d 'de' MMMM"},
    "date": {"": "d MMMM yyyy", "zh": "yyyy年M月d日", "es": "d 'de' MMMM 'de' yyyy"},
    "short": {"": "d MMM", "zh": "M月d日"},
    "whole": {"": "dddd d MMMM yyyy", "zh": "yyyy年M月d日dddd", "es": "dddd d 'de' MMMM 'de' yyyy"},
}


def _said(what: str, when: QDate | Date) -> str:
    here = when if isinstance(when, QDate) else QDate(when.year, when.month, when.day)
    locale = QLocale()
    code = locale.name().partition("_")[0]
    order = _ORDER[what].get(code, _ORDER[what][""])
    if code == "fr" and here.day() == 1:
        order = order.replace("d MMM", "d'er' MMM")  # le 1er décembre
    return locale.toString(here, order)


def day(when: QDate | Date) -> str:
    """ "8 December"."""
    return _said("day", when)


def date(when: QDate | Date) -> str:
    """ "8 December 2026"."""
    return _said("date", when)


def short(when: QDate | Date) -> str:
    """ "8 Dec"."""
    return _said("short", when)


def whole(when: QDate | Date) -> str:
    """ "Tuesday 8 December 2026"."""
    return _said("whole", when)


def month(when: QDate | Date) -> str:
    """ "December 2026", as it stands alone."""
    here = when if isinstance(when, QDate) else QDate(when.year, when.month, when.day)
    locale = QLocale()
    order = {"zh": "{year}年{name}", "es": "{name} de {year}"}.get(locale.name().partition("_")[0], "{name} {year}")
    name = f"{here.month()}月" if order.startswith("{year}") else locale.standaloneMonthName(here.month())
    return order.format(name=name, year=locale.toString(here, "yyyy"))
