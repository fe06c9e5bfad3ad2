"""What is inside the packaged program: a CycloneDX 1.6 bill of materials and the licences with their texts, from the
metadata of what is installed where it was built. Runs in that environment:

    python packaging/inventory.py --contents contents.json --out FOLDER

`contents.json` is what the freezer took (freezing.listed). A distribution counts when a file of it went in. One without a known
licence, or without its text, ends the build.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import sysconfig
import tomllib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "packaging" / "licences"
_TEXT = re.compile(r"(licen[cs]e|copying|notice)", re.IGNORECASE)
_WORDS = re.compile(r"[A-Za-z0-9.+-]+( (?:OR|AND|WITH) [A-Za-z0-9.+-]+)*\Z")
# Parts of the build environment that leave something of themselves in the result.
FREEZER = "pyinstaller"


class Unknown(Exception):
    """A distribution whose licence or text is not known."""


@dataclass(frozen=True, order=True)
class Inner:
    """A library of C, C++ or Rust within a distribution; version and purl "" where nobody says them."""

    name: str
    version: str
    licence: str
    purl: str


@dataclass(frozen=True)
class Part:
    """One distribution: `licence` an SPDX expression, `texts` its licence files by name, `needs` names of other parts, `inside` what
    is linked into it."""

    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, str], ...]
    needs: tuple[str, ...]
    inside: tuple[Inner, ...]


def key(name: str) -> str:
    """A distribution's name in the one form in which names compare equal."""
    return re.sub(r"[-_.]+", "-", name).lower()


def table() -> dict[str, Any]:
    """inside.toml, names in the comparable form."""
    read = tomllib.loads((ROOT / "packaging/inside.toml").read_text("utf-8"))
    return {"spdx": {key(a): b for a, b in read["spdx"].items()}, "texts": {key(a): b for a, b in read["texts"].items()},
            "inside": read["inside"]}  # fmt: skip


def licence(one: metadata.Distribution, known: dict[str, Any]) -> str:
    """Its licence. Raises Unknown."""
    name = key(one.metadata["Name"])
    said = one.metadata.get("License-Expression") or known["spdx"].get(name) or one.metadata.get("License") or ""
    if not _WORDS.match(said) or said in ("UNKNOWN", "Apache", "BSD"):
        raise Unknown(f"{name}: its licence is not known; add it to inside.toml after reading it")
    return str(said)


def texts(one: metadata.Distribution, known: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Its licence files, from the metadata folder; else those kept here. Raises Unknown."""
    found = []
    for file in sorted(one.files or (), key=str):
        if "-info" in file.parts[0] and _TEXT.search(file.name) and file.suffix not in {".py", ".pyc"}:
            found.append((file.name, Path(str(one.locate_file(file))).read_text("utf-8", "replace")))
    for name in known["texts"].get(key(one.metadata["Name"]), ()):
        found.append((name, (KEPT / name).read_text("utf-8")))
    if not found:
        raise Unknown(f"{key(one.metadata['Name'])}: no text of its licence")
    return tuple(found)


def inside(one: metadata.Distribution, known: dict[str, Any]) -> tuple[Inner, ...]:
    """What is linked into it: as its own bills of materials say (PEP 770), and as inside.toml does. Raises Unknown."""
    name = key(one.metadata["Name"])
    listed = {entry["name"].lower(): Inner(entry["name"], "", entry["licence"], "") for entry in known["inside"] if key(entry["within"]) == name}
    found = set()
    for file in sorted(one.files or (), key=str):
        if file.parts[1:2] != ("sboms",) or not file.name.endswith(".json"):
            continue
        for entry in json.loads(Path(str(one.locate_file(file))).read_text("utf-8")).get("components", ()):
            said = [pair.get("expression") or pair.get("license", {}).get("id") for pair in entry.get("licenses", ())]
            expression = " AND ".join(filter(None, said))
            if not expression and (ours := listed.pop(entry["name"].lower(), None)):
                expression = ours.licence
            if not expression:
                raise Unknown(f"{name}: the licence of {entry['name']} in it is not known; add it to inside.toml after reading it")
            # what follows the version in a purl names the machine it was built on
            found.add(Inner(entry["name"], entry.get("version", ""), expression, entry.get("purl", "").partition("?")[0]))
    return tuple(sorted({*found, *listed.values()}))


def part(name: str, known: dict[str, Any]) -> Part:
    one = metadata.distribution(name)
    needs = {key(re.split(r"[ ;<>=!~\[(]", line, maxsplit=1)[0]) for line in one.requires or () if "extra ==" not in line}
    return Part(key(one.metadata["Name"]), one.version, licence(one, known), texts(one, known), tuple(sorted(needs)), inside(one, known))


def within(sources: Iterable[str]) -> list[str]:
    """The distributions that one of these files belongs to."""
    owners = {}
    for one in metadata.distributions():
        for file in one.files or ():
            owners[os.path.realpath(str(one.locate_file(file)))] = key(one.metadata["Name"])
    return sorted({owners[real] for source in sources if (real := os.path.realpath(source)) in owners})


def bill(parts: list[Part], version: str, moment: int) -> dict[str, Any]:
    """CycloneDX 1.6. The serial number comes from what is in it, so that the same program has the same one."""
    ours = {"type": "application", "bom-ref": f"valise@{version}", "name": "valise", "version": version,
            "licenses": [{"license": {"id": "Apache-2.0"}}]}  # fmt: skip
    python = platform.python_version()
    base = {"type": "framework", "bom-ref": f"python@{python}", "name": "Python", "version": python}
    components: list[dict[str, Any]] = [base | {"licenses": [{"license": {"id": "Python-2.0"}}]}]
    refs = {one.name: f"pkg:pypi/{one.name}@{one.version}" for one in parts}
    for one in parts:
        made: dict[str, Any] = {
            "type": "library", "bom-ref": refs[one.name], "name": one.name, "version": one.version, "purl": refs[one.name],
            "licenses": [{"expression": one.licence}],
        }  # fmt: skip
        inner = [
            {"type": "library", "bom-ref": f"{refs[one.name]}#{inner.name}@{inner.version}".rstrip("@"), "name": inner.name,
             **({"version": inner.version} if inner.version else {}), **({"purl": inner.purl} if inner.purl else {}),
             "licenses": [{"expression": inner.licence}]}
            for inner in one.inside
        ]  # fmt: skip
        components.append(made | ({"components": inner} if inner else {}))
    needed = {need for one in parts for need in one.needs}
    dependencies = [
        {"ref": ours["bom-ref"], "dependsOn": sorted([f"python@{python}", *(refs[one] for one in refs if one not in needed)])},
        *({"ref": refs[one.name], "dependsOn": sorted(refs[need] for need in one.needs if need in refs)} for one in parts),
    ]
    content = json.dumps([ours, components, dependencies], sort_keys=True).encode()
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.UUID(bytes=hashlib.sha256(content).digest()[:16], version=4)}", "version": 1,
        "metadata": {"timestamp": datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "component": ours},
        "components": components, "dependencies": dependencies,
    }  # fmt: skip


def report(parts: list[Part], version: str) -> str:
    """Every part with its licence; then each text once."""
    rows = [("valise", version, "Apache-2.0"), ("Python", platform.python_version(), "Python-2.0")]
    for one in parts:
        rows.append((one.name, one.version, one.licence))
        rows += [(f"  {inner.name}", inner.version, inner.licence) for inner in one.inside]
    lines = [f"Valise {version}: what is inside, and under which licence; further in, what is linked into a part", ""]
    lines += [f"{name:36} {number:16} {said}" for name, number, said in rows]
    lines += ["", "Qt, PySide6 and shiboken6 are separate shared libraries and may be replaced: packaging.md, or README.libraries.", ""]
    said: dict[str, list[str]] = {}
    for name, text in [("Python", python_text()), *((one.name, text) for one in parts for _, text in one.texts)]:
        said.setdefault(text.replace("\r\n", "\n").strip(), []).append(name)
    for text, names in said.items():
        lines += ["=" * 78, ", ".join(dict.fromkeys(names)), "-" * 78, text, ""]
    return "\n".join(lines) + "\n"


def python_text() -> str:
    """The licence of the Python that is built in."""
    for folder in (Path(sysconfig.get_path("stdlib")), Path("/usr/share/doc/python3")):
        for name in ("LICENSE.txt", "copyright"):
            if (folder / name).is_file():
                return (folder / name).read_text("utf-8")
    raise Unknown("Python: no text of its licence")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--contents", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    known = table()
    names = within(source for _, source in json.loads(given.contents.read_text("utf-8")))
    parts = [part(name, known) for name in sorted({*names, FREEZER})]  # its loader is what starts the program
    version = str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
    moment = int(os.environ.get("SOURCE_DATE_EPOCH", "0"))
    given.out.mkdir(parents=True, exist_ok=True)
    made = json.dumps(bill(parts, version, moment), indent=1, ensure_ascii=False)
    (given.out / "bill-of-materials.cdx.json").write_text(made + "\n", "utf-8")
    (given.out / "licences.txt").write_text(report(parts, version), "utf-8")


if __name__ == "__main__":
    main()
