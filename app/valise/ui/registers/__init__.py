"""The screen of the registers."""

from valise.ui.registers.screen import RegistersScreen

__all__ = ["RegistersScreen"]
