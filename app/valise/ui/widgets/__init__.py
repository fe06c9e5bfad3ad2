"""Widgets every screen may use. Import the module you need; this package loads nothing by itself."""
