"""The stylesheet of the page of joint statements, in the colours that are on."""

from __future__ import annotations

from string import Template

from valise.ui import theme

_SHEET = Template("""
#jointStrip[tone="info"] { background: $info_soft; border: 1px solid $info; border-radius: 8px; }
#jointStrip[tone="good"] { background: $good_soft; border: 1px solid $good; border-radius: 8px; }
#jointStrip[tone="warn"] { background: $warn_soft; border: 1px solid $warn; border-radius: 8px; }
#jointStrip[tone="bad"] { background: $bad_soft; border: 1px solid $bad; border-radius: 8px; }
#jointActs QToolButton { border: 1px solid $outline; border-radius: 6px; padding: 4px 9px; background: $raised;
  color: $text; font-size: 13px; }
#jointActs QToolButton:hover { background: $hover; }
#jointActs QToolButton:focus { border: 2px solid $accent; padding: 3px 8px; }
#jointActs QToolButton[first="true"] { background: $selected; border: 1px solid $accent; font-weight: 600; }
#jointActs QToolButton[first="true"]:focus { border: 2px solid $accent; }
#jointWords { background: $raised; border: 1px solid $line; border-radius: 8px; padding: 10px 12px; }
#jointWords:focus { border: 2px solid $accent; padding: 9px 11px; }
QSplitter#jointSplit::handle { background: transparent; }
#jointSigners { border: 1px solid $line; border-radius: 8px; background: $raised; }
#jointSigners:focus { border: 2px solid $accent; }
""")


def sheet() -> str:
    """Its rules."""
    return _SHEET.substitute({key: str(value) for key, value in theme.tokens()._asdict().items()})
