"""What goes into the packages is said once and is complete: modules, data, licences, what a desktop reads."""

from __future__ import annotations

import configparser
import ctypes
import json
import re
import struct
import subprocess
import sys
import tomllib
import uuid
import xml.etree.ElementTree as ET
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "packaging"))
import build  # noqa: E402
import check_notes  # noqa: E402
import debian  # noqa: E402
import elf  # noqa: E402
import freezing  # noqa: E402
import icons  # noqa: E402
import inventory  # noqa: E402

import valise  # noqa: E402
from valise.desk.hygiene import RELEASED  # noqa: E402

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def locked(name: str) -> dict[str, str]:
    """What a lock pins, by comparable name."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {inventory.key(found[1]): found[2] for line in lines if (found := re.match(r"([A-Za-z0-9._-]+)==([^ ;]+)", line))}


@pytest.fixture(scope="module")
def parts() -> list[inventory.Part]:
    """Every distribution of the run lock that is installed here. What only installs things is not handed out."""
    known = inventory.table()
    return [inventory.part(name, known) for name in locked("requirements.lock") if name not in ("setuptools",)]


# -- what the program holds


def test_what_a_system_mends_stays_out_and_what_only_looks_like_it_goes_in() -> None:
    assert not freezing.kept("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3")
    assert freezing.kept("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0")
    place = "shiboken6/files.dir/shibokensupport/signature/lib/tool.py"
    assert freezing.kept(place, f"/a/place/site-packages/{place}")


def test_every_module_and_package_of_ours_goes_in() -> None:
    named = set(freezing.modules())
    assert set(freezing.packages()) <= named
    for path in (ROOT / "app").rglob("*.py"):
        name = ".".join(path.relative_to(ROOT / "app").with_suffix("").parts).removesuffix(".__init__")
        assert name in named, name
    assert len(named) > 300


def test_every_file_they_read_goes_in_and_no_source_of_it() -> None:
    places = {f"{folder}/{Path(source).name}" for source, folder in freezing.data_files()}
    for path in (ROOT / "resources").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            expected = path.suffix not in {".py", ".ts"}
            assert (f"valise/resources/{path.relative_to(ROOT / 'resources').as_posix()}" in places) is expected, path.name
    assert sum(one.endswith(".sql") for one in places) == len(list((ROOT / "app/valise/vault/schema").glob("*.sql"))) > 10
    assert "valise/resources/publisher.txt" in places


def test_a_module_that_is_added_is_seen(tmp_path: Path) -> None:
    (tmp_path / "app/valise/ui/new").mkdir(parents=True)
    (tmp_path / "app/valise/ui/new/screen.py").write_text("", "utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.setuptools]\npackages = ['valise']\n", "utf-8")
    assert freezing.modules(tmp_path) == ["valise", "valise.ui.new.screen"]


@pytest.mark.parametrize(
    ("place", "source", "kept"),
    [
        ("PySide6/Qt/lib/libQt6Widgets.so.6", "/x/libQt6Widgets.so.6", True),
        ("PySide6/QtWidgets.abi3.so", "/x/QtWidgets.abi3.so", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", "/x/libQt6Quick.so.6", False),
        ("PySide6/QtQml.abi3.so", "/x/QtQml.abi3.so", False),
        ("PySide6/Qt/lib/libicudata.so.73", "/x/libicudata.so.73", True),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/x/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", "/x/libqvnc.so", False),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", "/x/libqsqlite.so", False),
        ("PySide6/Qt/translations/qtbase_ar.qm", "/x/qtbase_ar.qm", True),
        ("PySide6/Qt/translations/qtbase_de.qm", "/x/qtbase_de.qm", False),
        ("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3", False),
        ("libxcb.so.1", "/lib/x86_64-linux-gnu/libxcb.so.1", False),
        ("libpython3.11.so.1.0", "/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0", True),
        ("valise/resources/icons/pen.svg", "/x/pen.svg", True),
        ("keyring-25.7.0.dist-info/RECORD", "/x/RECORD", False),
        ("keyring-25.7.0.dist-info/METADATA", "/x/METADATA", True),
        ("keyring-25.7.0.dist-info/entry_points.txt", "/x/entry_points.txt", True),
        ("keyring-25.7.0.dist-info/licenses/LICENSE", "/x/LICENSE", False),
        ("icalendar/tests/test_x.sh", "/x/test_x.sh", False),
        ("lxml/etree.h", "/x/etree.h", False),
    ],
)
def test_what_the_system_keeps_and_what_nobody_uses_stays_out(place: str, source: str, kept: bool) -> None:
    assert freezing.kept(place, source) is kept


def test_nothing_runs_before_ours_that_loads_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keeper would hold Qt, and so would every child that reads a document; a browser started from here would get our plugins."""
    scripts = ["pyi_rth_inspect", "pyi_rth_pkgutil", "pyi_rth_multiprocessing", "pyi_rth_pyside6", "entry"]
    for system, left in (("linux", ["pyi_rth_pkgutil", "entry"]), ("win32", scripts)):
        monkeypatch.setattr(sys, "platform", system)
        analysis = SimpleNamespace(scripts=[(one, "", "PYSOURCE") for one in scripts], binaries=[], datas=[])
        freezing.trim(analysis)
        assert [one[0] for one in analysis.scripts] == left


def test_no_module_of_qt_that_is_imported_is_left_out() -> None:
    used = set()
    for path in (ROOT / "app").rglob("*.py"):
        used |= set(re.findall(r"^\s*from PySide6\.Qt(\w+) import", path.read_text("utf-8"), re.MULTILINE))
    assert used and used <= set(freezing.QT_MODULES)


def test_the_packages_are_built_from_the_versions_that_are_tested() -> None:
    run, package = locked("requirements.lock"), locked("requirements-package.lock")
    assert {name: package.get(name) for name in run} == run
    assert set(package) - set(run) <= {"altgraph", "packaging", "pyinstaller", "pyinstaller-hooks-contrib"}
    dev = locked("requirements-dev.lock")
    assert "pyinstaller" not in dev and "pyinstaller" not in run, "make demo and make test install nothing of it"


def test_one_version_everywhere() -> None:
    assert valise.VERSION == PROJECT["version"] == build.version()
    assert f"valise-{valise.VERSION}-" in (ROOT / "packaging/flatpak/org.valise.valise.yml").read_text("utf-8")
    releases = ET.parse(ROOT / "packaging/desktop/org.valise.valise.metainfo.xml").getroot().iter("release")  # noqa: S314
    newest = next(releases)
    assert (newest.get("version"), newest.get("date")) == (valise.VERSION, RELEASED.isoformat())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a format of Linux")
@pytest.mark.parametrize("tags", ["--enable-new-dtags", "--disable-new-dtags"])
def test_no_library_looks_into_a_folder_of_the_machine_that_built_it(tmp_path: Path, tags: str) -> None:
    (tmp_path / "one.c").write_text("int lib(void) { return 7; }\n", "ascii")
    for name, where in (("away", "/nowhere/of/ours/lib"), ("near", "$ORIGIN/../lib"), ("both", "$ORIGIN:/nowhere/of/ours/lib")):
        path = tmp_path / f"{name}.so"
        subprocess.run(["gcc", "-shared", "-fPIC", f"-Wl,-rpath,{where},{tags}", "-o", path, tmp_path / "one.c"], check=True)
        assert [text for _, _, text in elf.searched(path.read_bytes())] == [where]
        assert elf.detach(path) is (name != "near")
        assert [text for _, _, text in elf.searched(path.read_bytes())] == ([where] if name == "near" else [])
        assert b"/nowhere/of" not in path.read_bytes()
        assert ctypes.CDLL(str(path)).lib() == 7
        assert not elf.detach(path)
    assert elf.searched(b"#!/bin/sh\n") == [] and elf.detached(b"") == b""


# -- how a packaged program starts itself


def test_a_packaged_program_starts_itself_by_flag(monkeypatch: pytest.MonkeyPatch) -> None:
    from valise.formats import confined, picture, process
    from valise.formats.pdf import paper
    from valise.system import process as own

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/usr/lib/valise/valise")
    for command in (confined.command(), paper.command(), picture.command(), process.command("verify", "valise.evidence")):
        assert command[0] == "/usr/lib/valise/valise" and len(command) == 2
        assert command[1] == "verify" or f'"{command[1]}"' in (ROOT / "app/valise/__main__.py").read_text("utf-8")
    assert own.own_command("--window", "idle") == ["/usr/lib/valise/valise", "--window", "idle"]


def test_nothing_else_starts_the_interpreter() -> None:
    """`sys.executable` of a packaged program is no Python: only the two helpers may name it."""
    named = {path.relative_to(ROOT / "app/valise").as_posix() for path in (ROOT / "app").rglob("*.py") if "sys.executable" in path.read_text("utf-8")}
    assert named == {"formats/process.py", "system/process.py"}


# -- the bill of materials and the licences


def test_every_distribution_has_a_licence_and_its_text(parts: list[inventory.Part]) -> None:
    assert len(parts) > 40
    for one in parts:
        assert one.licence and any(len(text) > 400 for _, text in one.texts), one.name
    told = inventory.report(parts, "1.2.3")
    assert all(f"{one.name} " in told for one in parts)
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in told and "PYTHON SOFTWARE FOUNDATION" in told


def test_an_unknown_licence_ends_the_build() -> None:
    nothing: dict[str, Any] = {"spdx": {}, "texts": {}, "inside": []}
    with pytest.raises(inventory.Unknown):
        inventory.licence(metadata.distribution("sqlcipher3"), nothing)
    with pytest.raises(inventory.Unknown):
        inventory.texts(metadata.distribution("PySide6_Essentials"), nothing)


def test_the_bill_of_materials_is_cyclonedx(parts: list[inventory.Part]) -> None:
    """The required fields and the references of the 1.6 schema."""
    made = json.loads(json.dumps(inventory.bill(parts, "1.2.3", 1_795_359_616)))
    assert (made["bomFormat"], made["specVersion"], made["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", made["serialNumber"])
    assert uuid.UUID(made["serialNumber"].removeprefix("urn:uuid:"))
    assert made["metadata"]["timestamp"] == "2026-11-22T15:00:16Z"
    refs = {made["metadata"]["component"]["bom-ref"]}
    for one in made["components"]:
        assert one["type"] in ("library", "framework", "application") and one["name"] and one["version"]
        assert one["bom-ref"] not in refs
        refs.add(one["bom-ref"])
        for inner in (one, *one.get("components", ())):
            (said,) = inner["licenses"]
            assert said.keys() in ({"expression"}, {"license"})
    assert {one["ref"] for one in made["dependencies"]} <= refs
    assert all(set(one["dependsOn"]) <= refs for one in made["dependencies"])
    named = {one["name"]: one for one in made["components"]}
    assert "pyside6-essentials" in named
    for within, what in (("vodozemac", "curve25519-dalek"), ("cryptography", "openssl"), ("sqlcipher3", "SQLCipher")):
        inner = named[within]["components"]
        assert what in {one["name"] for one in inner} and len(inner) == len({one["bom-ref"] for one in inner})
    assert "file:" not in json.dumps(made)
    assert made == inventory.bill(parts, "1.2.3", 1_795_359_616)


# -- what a desktop reads


def test_the_desktop_entry_is_well_formed() -> None:
    read = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(ROOT / "packaging/desktop/valise.desktop", "utf-8")
    entry = read["Desktop Entry"]
    assert (entry["Type"], entry["Exec"], entry["Icon"]) == ("Application", "valise", "valise")
    for name in ("GenericName", "Comment"):
        assert {f"{name}[{one}]" for one in ("ar", "es", "fr", "ru", "zh")} <= set(entry)
    assert 'setDesktopFileName("valise")' in (ROOT / "app/valise/ui/app.py").read_text("utf-8")


def test_the_metadata_names_the_desktop_entry() -> None:
    root = ET.parse(ROOT / "packaging/desktop/org.valise.valise.metainfo.xml").getroot()  # noqa: S314
    assert root.get("type") == "desktop-application" and root.findtext("id") == "org.valise.valise"
    assert root.findtext("launchable") == "valise.desktop"
    assert root.findtext("project_license") == PROJECT["license"]


def test_the_icon_is_drawn_in_every_size(tmp_path: Path) -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "packaging/icons.py", ROOT / "packaging/desktop/valise.svg", tmp_path],
        env={"QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}, check=False, capture_output=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    for name, size in icons.places().items():
        data = (tmp_path / name).read_bytes()
        if size:
            assert struct.unpack(">II", data[16:24]) == (size, size)
            assert len(set(data)) > 20
        else:
            assert data == (ROOT / "packaging/desktop/valise.svg").read_bytes()


# -- the package around it


def test_what_it_depends_on_is_what_its_files_ask_for_and_what_qt_opens() -> None:
    depends, recommends = debian.needs(["libc6 (>= 2.36)", "libgl1"])
    assert "libc6 (>= 2.36)" in depends and "libxcb-cursor0" in depends
    assert depends.count("libgl1") == 1 and not [one for one in depends if one.startswith(("python", "fonts"))]
    assert recommends == ["fonts-noto-cjk", "fonts-noto-core"]


def test_its_control_file_has_no_script_and_no_machine(tmp_path: Path) -> None:
    for name in debian.FILES:
        assert (ROOT / "packaging" / name).is_file(), name
    assert not list((ROOT / "packaging/debian").glob("*inst")) and not list((ROOT / "packaging/debian").glob("*rm"))
    assert debian.changelog("1.2.3", 0).endswith("Thu, 01 Jan 1970 00:00:00 -0000\n")


def test_an_archive_is_the_same_wherever_and_whenever(tmp_path: Path) -> None:
    made = []
    for name in ("one", "two"):
        folder = tmp_path / name
        (folder / "b").mkdir(parents=True)
        for file in ("b/z", "a") if name == "one" else ("a", "b/z"):
            (folder / file).write_text(file, "ascii")
        build.settle(folder, 1_000_000_000)
        made.append(build.archived(folder, "valise-1", tmp_path / f"{name}.tar.gz", 1_000_000_000).read_bytes())
    assert made[0] == made[1]
    assert build.tree(tmp_path / "one") == build.tree(tmp_path / "two")
    (tmp_path / "two/a").write_text("else", "ascii")
    assert build.tree(tmp_path / "one") != build.tree(tmp_path / "two")


def test_every_overridden_note_is_explained() -> None:
    page = (ROOT / "docs/packaging.md").read_text("utf-8")
    rows = check_notes.explained(page)
    overridden = re.findall(r"^valise: ([a-z-]+) ", (ROOT / "packaging/debian/lintian-overrides").read_text("utf-8"), re.MULTILINE)
    assert overridden and set(overridden) <= rows
    told = "N: words\nE: valise: one-note [usr/a]\nI: valise: other-note x y [usr/b]\nI: valise: other-note [usr/c]\nO: valise: third *\n"
    assert check_notes.noted(told) == {"one-note": 1, "other-note": 2, "third": 1}
    assert check_notes.explained("## Notes of the checkers\n| `a-b` | why |\n## Else\n| `c-d` | why |\n") == {"a-b"}
