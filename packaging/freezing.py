"""What the packaged program holds, for the specs of all systems: every module of ours, the data they read, and of the
libraries what they load by name. What Qt brings and nothing here uses stays out; so does what the system itself keeps
mended (its C library, TLS, X11, D-Bus): that is asked for by the package.

Read by PyInstaller (linux.spec, windows.spec, macos.spec) and by the tests; the standard library only, until called.
"""

from __future__ import annotations

import compileall
import importlib.util
import json
import os
import py_compile
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]

# Loaded by a name put together at run time, so that nobody sees it in the source: whole packages.
LOADED = ("holidays", "icalendar", "rapidfuzz", "stix2", "tzdata")
LOADED_LINUX = ("jeepney", "keyring.backends.SecretService", "secretstorage")
LOADED_WINDOWS = ("keyring.backends.Windows", "win32ctypes.core")
LOADED_MACOS = ("keyring.backends.macOS",)
# Packages whose own files are read when they run.
WITH_DATA = ("holidays", "shamir_mnemonic", "stix2", "tzdata", "icalendar")

EXCLUDED = (
    "IPython", "PIL", "_sqlite3", "_tkinter", "curses", "ensurepip", "idlelib", "lib2to3", "matplotlib", "numpy", "pip",
    "pkg_resources", "pydoc_data", "pytest", "readline", "setuptools", "simplejson._speedups_debug", "sqlite3", "tkinter",
    "turtle", "turtledemo", "venv", "wheel",
)  # fmt: skip

# Of Qt, by the last part of the file's name: the modules the window imports and what those load themselves.
QT_MODULES = ("Core", "DBus", "Gui", "Network", "PrintSupport", "Svg", "Widgets")
QT_LIBRARIES = (*QT_MODULES, "OpenGL", "WaylandClient", "WlShellIntegration", "XcbQpa")
QT_PLUGINS = {
    "iconengines": ("qsvgicon",),
    "imageformats": ("qgif", "qico", "qjpeg", "qsvg", "qwebp"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platforms": ("qcocoa", "qoffscreen", "qwayland", "qwindows", "qxcb"),
    "platformthemes": ("qxdgdesktopportal",),  # qgtk3 would load all of GTK for a file dialog that is never asked for
    "printsupport": ("cupsprintersupport",),
    "styles": ("qmodernwindowsstyle", "qmacstyle"),
    "wayland-decoration-client": ("adwaita", "bradient"),
    "wayland-graphics-integration-client": ("qt-plugin-wayland-egl", "shm-emulation-server"),
    "wayland-shell-integration": ("xdg-shell",),
    "xcbglintegrations": ("qxcb-egl-integration", "qxcb-glx-integration"),
}
SUPPORT = ("shiboken6", "files.dir")  # see support()
# What PyInstaller would run before anything of ours, in the keeper and in every child that reads a document: it loads Qt there
# to tell it where it lies, which PySide6 does itself, and leaves QT_PLUGIN_PATH to every program started from here; it loads
# multiprocessing, which nothing here uses; and it looks through an archive for sources that are not there.
HOOKS_LEFT_OUT = ("pyi_rth_inspect", "pyi_rth_multiprocessing", "pyi_rth_pyside6")
QT_LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh_CN")
# Of what an installer wrote down of a distribution: its name and version, and which plugins it has. The rest names the environment
# and differs in every place; licences are collected in one file.
_OF_THE_INSTALLATION = ("METADATA", "entry_points.txt")
# Every folder a Linux system keeps its own libraries in.
_SYSTEM = re.compile(r"/(?:usr/)?lib(?:64|32|/[a-z0-9_]+-linux-gnu[a-z0-9]*)?/[^/]+\Z")


def packages(root: Path = ROOT) -> list[str]:
    """The packages pyproject.toml ships."""
    return list(tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"])


def modules(root: Path = ROOT) -> list[str]:
    """Every module of ours, by name: screens, formats and carriers are loaded when they are first asked for."""
    app = root / "app"
    found = set(packages(root))
    for path in (app / "valise").rglob("*.py"):
        parts = path.relative_to(app).with_suffix("").parts
        found.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(found)


def data_files(root: Path = ROOT) -> list[tuple[str, str]]:
    """(source, folder in the program) of what our modules read: the schema, and all resources but their sources."""
    found = [(str(path), "valise/vault/schema") for path in (root / "app/valise/vault/schema").glob("*.sql")]
    resources = root / "resources"
    for path in resources.rglob("*"):
        if path.is_file() and path.suffix not in {".py", ".pyc", ".ts"}:
            found.append((str(path), (Path("valise/resources") / path.relative_to(resources).parent).as_posix()))
    return sorted(found)


def _needed(name: str) -> bool:
    return "tests" not in name.split(".")


def loaded() -> list[str]:
    """The modules of the libraries that are loaded by name, on this system."""
    from PyInstaller.utils.hooks import collect_submodules

    here = {"win32": LOADED_WINDOWS, "darwin": LOADED_MACOS}.get(sys.platform, LOADED_LINUX)
    return sorted({name for one in (*LOADED, *here) for name in (one, *collect_submodules(one, _needed, on_error="ignore"))})


def library_data() -> list[tuple[str, str]]:
    """The files those libraries read."""
    from PyInstaller.utils.hooks import collect_data_files

    return sorted({pair for one in WITH_DATA for pair in collect_data_files(one) if not pair[0].endswith((".pyi", ".typed"))})


def support() -> list[tuple[str, str]]:
    """Shiboken's own modules of Python. Its library holds them as a ZIP of sources that is unpacked and compiled at every start, unless
    they lie beside it (its variable SBK_EMBED=0 puts them there): that is a good part of what it costs to load Qt."""
    found = importlib.util.find_spec("shiboken6")
    if found is None or found.origin is None:
        raise SystemExit("shiboken6 is not installed here")
    folder = Path(found.origin).parent / SUPPORT[1]
    subprocess.run([sys.executable, "-c", "import PySide6.QtCore"], env={**os.environ, "SBK_EMBED": "0"}, check=True)
    for old in sorted(folder.rglob("__pycache__")):
        shutil.rmtree(old)
    # Without times and folders of the machine that builds.
    how = py_compile.PycInvalidationMode.UNCHECKED_HASH
    if not compileall.compile_dir(folder, quiet=1, stripdir=str(folder.parents[1]), invalidation_mode=how):
        raise SystemExit("shiboken6's modules do not compile")
    return sorted((str(one), one.relative_to(folder.parents[1]).parent.as_posix()) for one in folder.rglob("*") if one.is_file())


def kept(place: str, source: str) -> bool:
    """Does this file belong in the program? `place` is where it would lie, `source` where it comes from."""
    parts = place.replace(os.sep, "/").split("/")
    name = parts[-1]
    if parts[0] == "PySide6" or name.startswith("libQt6"):
        return _qt(parts)
    if any(one.endswith(".dist-info") for one in parts[:-1]):
        return parts[-2].endswith(".dist-info") and name in _OF_THE_INSTALLATION
    if parts[0] != "valise" and "tests" in parts[:-1]:
        return False
    if name.endswith((".pyi", ".pyx", ".pxd", ".h", ".c")):
        return False
    if parts[:2] == [*SUPPORT]:
        return True  # a folder of it is called lib
    return not (_SYSTEM.search(source) and not name.startswith("libpython"))


def _qt(parts: list[str]) -> bool:
    name = parts[-1]
    if "qml" in parts or "metatypes" in parts:
        return False
    if "translations" in parts:
        return name in {f"qtbase_{one}.qm" for one in QT_LANGUAGES}
    if "plugins" in parts:
        kind, stem = parts[-2], name.removeprefix("lib").partition(".")[0]
        return any(stem.removesuffix("d").startswith(one) for one in QT_PLUGINS.get(kind, ()))
    if module := re.match(r"(?:lib)?Qt6?([A-Z][A-Za-z0-9]*)\.", name):
        return module[1] in QT_LIBRARIES
    return True


def trim(analysis: Any) -> None:
    """Leave out what is not kept, sorted, so that two builds list the same in the same order."""
    if sys.platform == "linux":  # elsewhere Qt's hook also says where libraries for TLS are
        analysis.scripts = type(analysis.scripts)(one for one in analysis.scripts if one[0] not in HOOKS_LEFT_OUT)
    for part in ("binaries", "datas"):
        entries = [one for one in getattr(analysis, part) if kept(one[0], one[1])]
        setattr(analysis, part, type(getattr(analysis, part))(sorted(entries)))


def listed(analysis: Any, target: Path) -> None:
    """Write down what went in and from where: the bill of materials is made from it. Ends the build if something of ours is
    missing."""
    entries: Iterable[tuple[str, str, str]] = (*analysis.pure, *analysis.binaries, *analysis.datas, *analysis.scripts)
    missing = set(modules()) - {one[0] for one in analysis.pure}
    wanted = (*data_files(), *support())
    missing |= {f"{folder}/{Path(source).name}" for source, folder in wanted} - {one[0].replace(os.sep, "/") for one in analysis.datas}
    if missing:
        raise SystemExit(f"missing in the program: {sorted(missing)}")
    target.write_text(json.dumps(sorted({(one[0], one[1]) for one in entries if one[1]}), indent=0), "utf-8")
