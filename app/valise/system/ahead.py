"""On Linux: the fonts and the libraries of Qt, loaded in a thread of their own while Python loads modules in the first one.

What is loaded stays loaded, and whoever asks for it later finds it. Both fontconfig and the loader of libraries serve any
thread and do without Python's lock. Nothing of Qt is called here: it belongs to the first thread.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

# Below PySide6; each brings with it what it needs.
_LIBRARIES = ("QtCore.abi3.so", "QtGui.abi3.so", "QtWidgets.abi3.so", "QtSvg.abi3.so")
_X11 = "Qt/plugins/platforms/libqxcb.so"


def begin() -> None:
    """Begin, and leave it to itself: what cannot be loaded here is looked for, and missed, by who needs it."""
    if not sys.platform.startswith("linux"):
        return
    # One library is loaded at a time. The small ones that PySide6 wants of Python come first, not behind the large ones of Qt.
    import inspect  # noqa: F401
    import tempfile  # noqa: F401
    import zipfile  # noqa: F401

    found = importlib.util.find_spec("PySide6")
    if found is not None and found.origin is not None:
        threading.Thread(target=_load, args=(Path(found.origin).parent,), daemon=True).start()


def _load(folder: Path) -> None:
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libfontconfig.so.1").FcInit()
    with suppress(AttributeError):
        dlopen = ctypes.CDLL(None).dlopen  # ctypes' own would keep Python's lock
        dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
        on_x11 = "DISPLAY" in os.environ and "WAYLAND_DISPLAY" not in os.environ
        for name in (*_LIBRARIES, *[_X11] * on_x11):
            dlopen(os.fsencode(folder / name), os.RTLD_NOW)
