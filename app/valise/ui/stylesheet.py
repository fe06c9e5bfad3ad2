"""The stylesheet, built from the tokens. Paddings are symmetrical so that right-to-left needs no second sheet."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from valise.ui.theme import Tokens

_SHEET = Template("""
QMainWindow, QDialog { background: $surface; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
#sidebar { background: $sidebar; }
#statusbar { background: $bar; border-top: 1px solid $line; }
#statusbar QLabel { color: $muted; font-size: 12px; }
#statusbar QToolButton { padding: 3px; }
#palette { border: 1px solid $outline; }
#pane { background: $surface; }
#page { background: $bar; }
#card { background: $raised; border: 1px solid $line; border-radius: 10px; }
#tile { background: $neutral_soft; border: none; border-radius: 6px; }
#divider { background: $line; border: none; }
#notice[tone="info"] { background: $info_soft; border: 1px solid $info; border-radius: 8px; }
#notice[tone="good"] { background: $good_soft; border: 1px solid $good; border-radius: 8px; }
#notice[tone="warn"] { background: $warn_soft; border: 1px solid $warn; border-radius: 8px; }
#notice[tone="bad"] { background: $bad_soft; border: 1px solid $bad; border-radius: 8px; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: 21px; font-weight: 600; }
QLabel[role="heading"] { font-size: 16px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { color: $muted; font-size: 12px; }
QLabel[role="error"] { color: $bad; }
QLabel[role="good"] { color: $good; }
QLabel[role="warn"] { color: $warn; }

QPushButton { background: $raised; color: $text; border: 1px solid $line; border-radius: 7px;
  padding: 7px 14px; min-height: 18px; font-weight: 600; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $selected; }
QPushButton:focus { border: 2px solid $accent; padding: 6px 13px; }
QPushButton:disabled { color: $disabled; background: $neutral_soft; border-color: $neutral_soft; }
QPushButton[kind="primary"] { background: $accent_fill; color: $on_accent; border: 1px solid $accent_fill; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { color: $disabled; background: $neutral_soft; border-color: $neutral_soft; }
QPushButton[kind="danger"] { background: $bad_fill; color: #ffffff; border: 1px solid $bad_fill; }
QPushButton[kind="danger"]:focus { border: 2px solid $text; }
QPushButton[kind="quiet"] { background: transparent; border: 1px solid transparent; color: $accent; }
QPushButton[kind="quiet"]:hover { background: $hover; }
QPushButton[kind="quiet"]:focus { border: 2px solid $accent; }
QPushButton[kind="quiet"]:disabled { color: $disabled; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 7px; padding: 6px; }
QToolButton:hover { background: $hover; }
QToolButton:checked { background: $selected; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: $raised; color: $text;
  border: 1px solid $outline; border-radius: 7px; padding: 6px 9px; selection-background-color: $accent_fill;
  selection-color: $on_accent; }
QLineEdit { min-height: 20px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
  border: 2px solid $accent; padding: 5px 8px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QTextEdit:disabled, QComboBox:disabled { color: $disabled;
  background: $neutral_soft; }
QTextEdit[role="reading"], QTextBrowser { border: none; padding: 0; background: transparent; }
QComboBox { min-height: 20px; combobox-popup: 0; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url($arrow); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; selection-background-color: $selected;
  selection-color: $text; padding: 4px; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; padding: 3px 2px; border: 1px solid transparent;
  border-radius: 5px; }
QCheckBox:focus, QRadioButton:focus { border: 1px solid $accent; }
QCheckBox::indicator, QRadioButton::indicator, QAbstractItemView::indicator { width: 16px; height: 16px;
  border: 1px solid $outline; background: $raised; border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QAbstractItemView::indicator { width: 14px; height: 14px; }
QCheckBox::indicator:checked, QAbstractItemView::indicator:checked { background: $accent_fill;
  border-color: $accent_fill; image: url($tick); }
QRadioButton::indicator:checked { background: $accent_fill; border-color: $accent_fill; image: url($dot); }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled, QAbstractItemView::indicator:disabled {
  background: $neutral_soft; border-color: $line; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0 5px; min-height: 20px; background: transparent; }
QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus { border: none; padding: 0 5px; }
QAbstractSpinBox { padding: 5px 6px; }
QAbstractSpinBox:focus { padding: 4px 5px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }

QListView, QTreeView, QTableView { background: $surface; border: none; outline: none; }
QListView::item { border-radius: 7px; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $selected; color: $text; }
QTreeView, QTableView { selection-background-color: $selected; selection-color: $text; }
QTableView { gridline-color: $line; }
QHeaderView::section { background: $surface; color: $muted; border: none; border-bottom: 1px solid $line;
  padding: 6px; }
QTableCornerButton::section { background: $surface; border: none; border-bottom: 1px solid $line; }

QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget#scrolled { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $outline; border-radius: 4px; min-height: 32px; margin: 1px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle:horizontal { background: $outline; border-radius: 4px; min-width: 32px; margin: 1px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QMenu { background: $raised; color: $text; border: 1px solid $line; border-radius: 8px; padding: 5px; }
QMenu::item { padding: 6px 22px; border-radius: 5px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QProgressBar { background: $neutral_soft; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent_fill; border-radius: 2px; }
QTabBar::tab { background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent;
  padding: 7px 12px; font-weight: 600; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QGroupBox { border: none; margin: 0; padding: 0; font-weight: 600; }
""")


def sheet(t: Tokens) -> str:
    """The application's stylesheet in the colours of `t`."""
    from valise.ui.icons import file_in

    values = t._asdict()
    values["disabled"] = "#7d8796" if t.dark else "#767e8b"
    values["arrow"] = file_in("arrow-dark.svg" if t.dark else "arrow-light.svg")
    values["tick"], values["dot"] = file_in("tick.svg"), file_in("dot.svg")
    return _SHEET.substitute(values)
