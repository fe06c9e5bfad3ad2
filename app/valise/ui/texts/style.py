"""The part of the stylesheet that only the workbench needs, in the colours that are on."""

from __future__ import annotations

from string import Template

from valise.ui import theme

_SHEET = Template("""
#proposal { background: $raised; border: 1px solid $line; border-radius: 8px; }
#proposal[chosen="true"] { border: 2px solid $accent; }
#proposal:focus { border: 2px solid $accent; }
#proposal[settled="true"] { background: $bar; }
#chooser { background: transparent; }
#chooser QToolButton { border: 1px solid $line; border-radius: 6px; padding: 3px 5px; font-size: 12px; }
#chooser QToolButton:hover { background: $hover; }
#chooser QToolButton:checked { background: $selected; border: 1px solid $accent; font-weight: 600; }
#chooser QToolButton:focus { border: 2px solid $accent; padding: 2px 4px; }
#chooser QToolButton:disabled { color: $muted; }
#internal { background: $internal; border-top: 3px solid $internal_edge; }
#internal QLabel#internalHead { color: $internal_edge; font-weight: 700; }
#internal #remark { background: $raised; border: 1px dashed $internal_edge; border-radius: 6px; }
#internal QPlainTextEdit { border: 1px dashed $internal_edge; background: $raised; }
#internal QPlainTextEdit:focus { border: 2px solid $internal_edge; }
#comment { background: $bar; border: 1px solid $line; border-radius: 6px; }
#penBench { background: $info_soft; border: none; border-bottom: 1px solid $line; }
#penBench QToolButton { border-radius: 6px; padding: 3px 7px; color: $text; font-size: 13px; }
#penBench QToolButton:disabled { color: $muted; }
#headline { background: $surface; border-bottom: 1px solid $line; }
#cardEditor { background: transparent; }
#disposition { background: $raised; border: 1px solid $line; border-radius: 6px; }
#disposition[missing="true"] { border: 1px solid $warn; background: $warn_soft; }
#frozen { background: $warn_soft; border-bottom: 1px solid $warn; }
#dropzone { background: $bar; border: 1px dashed $outline; border-radius: 8px; }
#dropzone[over="true"] { background: $selected; border: 2px solid $accent; }
QSplitter#columns::handle:horizontal { background: $line; }
""")


def sheet() -> str:
    """The workbench's own rules. The internal ground is violet: no other place in the window has that colour."""
    t = theme.tokens()
    values: dict[str, object] = t._asdict()
    values["internal"] = "#2a2438" if t.dark else "#f3eefb"
    values["internal_edge"] = "#b99cff" if t.dark else "#6a3fb5"
    return _SHEET.substitute(values)


def internal_edge() -> str:
    """The colour of the internal pane's edge and icon."""
    return "#b99cff" if theme.tokens().dark else "#6a3fb5"
