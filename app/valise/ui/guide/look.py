"""A page of the guide as rich text in the colours that are on. Everything is escaped; nothing here loads anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import groupby

from PySide6.QtGui import QKeySequence

from valise.ui import actions, screens, theme
from valise.ui.guide import prose
from valise.ui.guide.book import Page
from valise.ui.guide.prose import Block, Span
from valise.ui.language import translate
from valise.ui.text_safe import isolate

_LISTS = {"step": "ol", "point": "ul"}
_GAP = '<p style="font-size: 5px; margin-bottom: 0px;">&nbsp;</p>'  # tables have no margins
Width = Callable[[str], int]  # of a picture, in pixels; 0 = it is not there
Words = Callable[[Iterable[Span]], str]  # spans as rich text


def sheet() -> str:
    """The style of a page."""
    t = theme.tokens()
    return f"""
        body {{ color: {t.text}; }}
        h1 {{ font-size: 24px; font-weight: 600; margin-top: 4px; margin-bottom: 12px; }}
        h2 {{ font-size: 17px; font-weight: 600; margin-top: 22px; margin-bottom: 6px; }}
        h3 {{ font-size: 14px; font-weight: 600; margin-top: 14px; margin-bottom: 4px; }}
        p {{ margin-top: 0px; margin-bottom: 9px; line-height: 124%; }}
        li {{ margin-bottom: 5px; line-height: 122%; }}
        ol, ul {{ margin-top: 2px; margin-bottom: 9px; }}
        a {{ color: {t.accent}; text-decoration: underline; }}
        .key {{ background-color: {t.neutral_soft}; font-family: {", ".join(repr(one) for one in theme.MONO_FAMILIES)}; }}
        .under {{ color: {t.muted}; font-size: 12px; }}
        td, th {{ padding: 5px 6px; }}
        th {{ color: {t.muted}; font-weight: 600; text-align: left; }}
    """


def spoken() -> dict[str, str]:
    """Names of screens and acts as the window has them, by the English that marks them."""
    screens.load_actions()
    found = {one.text: one.label for one in screens.shown()}
    return found | {one.text: one.label for one in actions.all_specs()}


def page(shown: Page, width: Width, spoken: Mapping[str, str]) -> str:
    """The rich text of a page; `width` says how wide each picture is drawn, `spoken` what names are in the window's language."""

    def words(spans: Iterable[Span]) -> str:
        return "".join(_span(one, spoken) for one in spans)

    made: list[str] = []
    for kind, blocks in groupby(shown.blocks, key=lambda one: one.kind):
        group = list(blocks)
        if kind in _LISTS:
            items = "".join(f"<li>{words(one.spans)}</li>" for one in group)
            made.append(f"<{_LISTS[kind]}>{items}</{_LISTS[kind]}>")
        elif kind == "row":
            made.append(_table(group, words, mirrored=shown.right_to_left))
        elif kind == "keys":
            made += [keys(mirrored=shown.right_to_left) for _ in group]
        else:
            made += [_single(one, width, words) for one in group]
    direction = "rtl" if shown.right_to_left else "ltr"
    return f'<html><body dir="{direction}">{"".join(made)}</body></html>'


def _single(one: Block, width: Width, words: Words) -> str:
    t = theme.tokens()
    inner = words(one.spans)
    match one.kind:
        case "title":
            return f"<h1>{inner}</h1>"
        case "part" | "small part":
            level = 2 if one.kind == "part" else 3
            return f'<h{level}><a name="{escape(prose.slug(one.plain))}"></a>{inner}</h{level}>'
        case "note":
            cell = f'<td style="padding: 9px 14px 9px 14px;"><p style="margin-bottom: 0px;">{inner}</p></td>'
            return f'<table width="100%" cellspacing="0" bgcolor="{t.info_soft}"><tr>{cell}</tr></table>{_GAP}'
        case "picture":
            wide = width(one.target)
            picture = f'<p style="line-height: 100%; margin-bottom: 4px;"><img src="{escape(one.target)}" width="{wide}"></p>' if wide else ""
            return f'{picture}<p class="under">{inner}</p>'
        case _:
            return f"<p>{inner}</p>"


def _table(rows: Sequence[Block], words: Words, *, mirrored: bool) -> str:
    head, *body = rows
    lines = [[f"<th>{words(one)}</th>" for one in head.cells]]
    lines += [[f'<td valign="top">{words(cell)}</td>' for cell in one.cells] for one in body]
    return _grid(lines, mirrored) + _GAP


def _grid(lines: Iterable[Sequence[str]], mirrored: bool) -> str:
    """A table of such cells. Qt's rich text mirrors paragraphs, but no table."""
    made = "".join(f"<tr>{''.join(reversed(one) if mirrored else one)}</tr>" for one in lines)
    side = ' align="right"' if mirrored else ""
    return f'<table cellspacing="0"{side}>{made}</table>'


def _span(one: Span, spoken: Mapping[str, str]) -> str:
    inner = escape(one.words)
    match one.kind:
        case "name":
            here = spoken.get(one.words, one.words)
            return f"<b>{inner}</b>" if here == one.words else f"<b>{inner}</b> ({escape(isolate(here))})"
        case "key":
            return f'<span class="key">&nbsp;{escape(native(one.words))}&nbsp;</span>'
        case "soft":
            return f"<i>{inner}</i>"
        case "link":
            return f'<a href="{escape(one.target)}">{inner}</a>'
        case _:
            return inner


def native(key: str) -> str:
    """A key as this system writes it; other words as they are."""
    made = actions.portable(key)
    return made.toString(QKeySequence.SequenceFormat.NativeText) if made.toString() == key else key


def keys(*, mirrored: bool = False) -> str:
    """Every key of the table of actions, by screen: the same as the sheet of keys."""
    screens.load_actions()
    shown = {one.name: one.label for one in screens.shown()}
    made = []
    for screen, label in ((actions.EVERYWHERE, translate("guide", "Everywhere")), *shown.items(), ("guide", translate("guide", "Guide"))):
        specs = [one for one in actions.all_specs(screen) if one.keys]
        if not specs:
            continue
        lines = [
            (f'<td valign="top" style="white-space: nowrap;">{_caps(one)}</td>', f'<td valign="top">{escape(one.explanation)}</td>')
            for one in specs
        ]
        made.append(f'<h2><a name="keys-{screen}"></a>{escape(label)}</h2>{_grid(lines, mirrored)}')
    return "".join(made)


def _caps(one: actions.ActionSpec) -> str:
    caps = [escape(key) for key in one.called]
    return translate("guide", " or ").join(f'<span class="key">&nbsp;{key}&nbsp;</span>' for key in caps)
