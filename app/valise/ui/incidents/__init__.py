"""Incidents and requests for assistance: list, one screen to report, one page for each."""

from valise.ui.incidents.screen import IncidentsScreen

__all__ = ["IncidentsScreen"]
