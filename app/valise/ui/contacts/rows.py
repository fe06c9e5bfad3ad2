"""The list of delegations: sign, code and name, trust in words, devices, since when."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from valise.desk.views import ContactView, DeviceView
from valise.ui import theme
from valise.ui.contacts import said, trust
from valise.ui.language import listed, translate
from valise.ui.messages import markup
from valise.ui.messages.listing import ITEM
from valise.ui.messages.paint import Place, sign_at
from valise.ui.messages.rooms import RowDelegate
from valise.ui.text_safe import clean, isolate
from valise.ui.widgets.badge import trust_words
from valise.ui.widgets.times import date

Index = QModelIndex | QPersistentModelIndex
_RIGHTS = ("observe", "speak", "amend", "pen", "commit", "enrol")


def rights(one: DeviceView) -> str:
    """What a device may do, in words and in a fixed order."""
    words = {
        "observe": translate("contacts", "read"),
        "speak": translate("contacts", "write messages"),
        "amend": translate("contacts", "propose amendments"),
        "pen": translate("contacts", "hold the pen"),
        "commit": translate("contacts", "enter commitments"),
        "enrol": translate("contacts", "admit other laptops"),
    }
    return listed(words[right] for right in _RIGHTS if right in one.rights) or translate("contacts", "none")


def under(contact: ContactView) -> str:
    """The second line: what stops the sending, or trust in words, since when."""
    level = trust.level(contact)
    if contact.stopped == "added":
        return translate("contacts", "a laptop was added: sending stopped")
    if contact.stopped == "disputed":
        return translate("contacts", "another identity vouched for: sending stopped")
    words = trust_words(level)
    if level == "received only" and contact.trust_since:
        return translate("contacts", "received {date}, not verified").format(date=isolate(date(contact.trust_since)))
    if contact.trust_since and level in ("verified in person", "vouched"):
        return translate("contacts", "{trust} since {date}").format(trust=words, date=isolate(date(contact.trust_since)))
    return words


def device_count(contact: ContactView) -> str:
    count = sum(1 for one in contact.devices if not one.revoked)
    return translate("contacts", "%n laptops", None, count)


def spoken(contact: ContactView) -> str:
    parts = [isolate(f"{contact.code} {contact.name}"), under(contact), device_count(contact)]
    parts += [said.notice(one) for one in contact.notices]
    return listed(parts)


def matches(contact: ContactView, typed: str) -> bool:
    """Code, name or an officer contains what was typed."""
    wanted = typed.strip().casefold()
    words = [contact.code, contact.name, *(one.officer for one in contact.devices)]
    return not wanted or wanted in clean(" ".join(words), lines=False).casefold()


class ContactDelegate(RowDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, 56)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        contact, t = index.data(ITEM), theme.tokens()
        if not isinstance(contact, ContactView):
            return
        painter.save()
        place = Place(option.rect, option.direction)
        self.ground(painter, option, place)
        level = trust.level(contact)
        sign_at(painter, place(QRect(17, 17, 22, 22)), trust.icon(level), getattr(t, trust.colour(level)))
        area = QRect(50, 9, place.width - 50 - 18, 20)
        if contact.notices and not contact.changed:
            sign_at(painter, place(QRect(area.right() - 16, 20, 16, 16)), "info", t.info)
            area.setRight(area.right() - 24)
        painter.setPen(QColor(t.muted))
        painter.setFont(theme.font(theme.SMALL_PX))
        count = device_count(contact)
        wide = painter.fontMetrics().horizontalAdvance(count) + 2
        place.text(painter, QRect(area.right() - wide, area.top(), wide, area.height()), count)
        top = area.adjusted(0, 0, -wide - 8, 0)
        painter.setPen(QColor(t.text))
        painter.setFont(theme.font(theme.BODY_PX, bold=True))
        code = markup.one_line(contact.code)
        used = place.text(painter, top, code)
        painter.setFont(theme.font(theme.BODY_PX))
        place.text(painter, top.adjusted(used + 8, 0, 0, 0), markup.one_line(contact.name))
        painter.setPen(QColor(t.bad if contact.stopped or contact.changed else t.muted))
        painter.setFont(theme.font(theme.SMALL_PX))
        place.text(painter, area.translated(0, 20), under(contact))
        painter.restore()
