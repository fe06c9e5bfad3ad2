"""Our own line icons (24 x 24), recoloured to the palette and cached by (name, colour, size, pixel ratio)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton

_LIMIT = 600
_AIR = 3
_sources: dict[str, bytes] = {}
_pixmaps: dict[tuple[str, str, int, float, bool], QPixmap] = {}
# They point on, back or along the line: the other way where one reads from the right. Clocks and ticks do not.
TURNED = frozenset({"arrow-left", "arrow-right", "chevron-left", "chevron-right", "undo", "reply", "send", "list"})
_MARK = "valiseIcon"


def resources() -> Path:
    """The folder of the shipped resources."""
    # importlib.resources would say the same after importing zipfile and tempfile: 20 ms before the unlock page.
    import valise.resources

    return Path(valise.resources.__path__[0])


def _folder() -> Path:
    return resources() / "icons"


def file_in(name: str) -> str:
    """Path of a file of the icon folder, with forward slashes, for a stylesheet."""
    return (_folder() / name).as_posix()


def names() -> list[str]:
    """Every icon there is."""
    return sorted(one.stem for one in _folder().glob("*.svg") if "currentColor" in one.read_text())


def pixmap(name: str, colour: str, size: int = 18, dpr: float = 1.0) -> QPixmap:
    """The icon in `colour` (#rrggbb), `size` device-independent pixels wide, turned round where the application is read from
    the right. KeyError for a name we do not have."""
    turned = name in TURNED and QGuiApplication.isRightToLeft()
    key = (name, colour, size, dpr, turned)
    found = _pixmaps.get(key)
    if found is not None:
        return found
    from PySide6.QtSvg import QSvgRenderer

    source = _sources.get(name)
    if source is None:
        try:
            source = (_folder() / f"{name}.svg").read_bytes()
        except OSError:
            raise KeyError(name) from None
        _sources[name] = source
    made = QPixmap(round(size * dpr), round(size * dpr))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.encode()))).render(
        painter, QRectF(0, 0, made.width(), made.height())
    )
    painter.end()
    if turned:
        made = made.transformed(QTransform.fromScale(-1, 1))
    made.setDevicePixelRatio(dpr)
    if len(_pixmaps) >= _LIMIT:
        _pixmaps.clear()
    _pixmaps[key] = made
    return made


def icon(name: str, token: str = "muted", size: int = 18, *, air: int = 0) -> QIcon:  # noqa: S107
    """A QIcon in the colour of a theme token; disabled and at double density too. `air` = pixels beside it."""
    from valise.ui import theme

    now = theme.tokens()
    made = QIcon()
    for dpr in (1.0, 2.0):
        made.addPixmap(_aired(pixmap(name, getattr(now, token), size, dpr), air))
        made.addPixmap(_aired(pixmap(name, now.outline, size, dpr), air), QIcon.Mode.Disabled)
    return made


def _aired(picture: QPixmap, air: int) -> QPixmap:
    if not air:
        return picture
    dpr = picture.devicePixelRatio()
    wide = QPixmap(picture.width() + round(2 * air * dpr), picture.height())
    wide.setDevicePixelRatio(dpr)
    wide.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wide)
    painter.drawPixmap(air, 0, picture)
    painter.end()
    return wide


def bind(target: QObject, name: str, token: str = "muted", size: int = 18) -> None:  # noqa: S107
    """Give a button, action or label this icon, now and again whenever the theme changes."""
    target.setProperty(_MARK, f"{name} {token} {size}")
    _dress(target)


def _dress(target: QObject) -> None:
    mark = target.property(_MARK)
    if not mark:
        return
    name, token, size = str(mark).split(" ")
    if isinstance(target, QLabel):
        from valise.ui import theme

        target.setPixmap(pixmap(name, getattr(theme.tokens(), token), int(size), target.devicePixelRatioF()))
    elif isinstance(target, QPushButton):
        # Some air between icon and words, on both sides so that it mirrors.
        target.setIconSize(QSize(int(size) + 2 * _AIR, int(size)))
        target.setIcon(icon(name, token, int(size), air=_AIR))
    elif isinstance(target, QAction | QAbstractButton):
        target.setIcon(icon(name, token, int(size)))


def refresh() -> None:
    """Recolour everything that was bound (called by the theme)."""
    for widget in QApplication.allWidgets():
        _dress(widget)
        for action in widget.actions():
            _dress(action)
