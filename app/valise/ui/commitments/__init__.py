"""The screen of the commitments."""

from valise.ui.commitments.screen import CommitmentsScreen

__all__ = ["CommitmentsScreen"]
