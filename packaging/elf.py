"""Where a shared library of Linux looks for others: taken out where it names a folder of the machine that built it.

A Python built with a shared library writes the folder of its own library into every extension module (DT_RUNPATH). On the
laptop of a delegation that would be a folder in which somebody else could put a library. Paths relative to the file ($ORIGIN)
stay. Only 64-bit little-endian files, all that is built here; anything else is left as it is.
"""

from __future__ import annotations

import struct
from pathlib import Path

_DYNAMIC, _LOAD = 2, 1  # kinds of segments (elf.5)
_NULL, _STRTAB, _RPATH, _RUNPATH = 0, 5, 15, 29  # tags of the dynamic section


def searched(data: bytes | bytearray) -> list[tuple[int, int, str]]:
    """(place of the entry, place of its text, text) of each search path in a file."""
    if data[:6] != b"\x7fELF\x02\x01":
        return []
    (table,), (size, count) = struct.unpack_from("<Q", data, 32), struct.unpack_from("<HH", data, 54)
    segments = [struct.unpack_from("<IIQQQQ", data, table + number * size) for number in range(count)]
    loads = [(at, address, length) for kind, _, at, address, _, length in segments if kind == _LOAD]
    entries: list[tuple[int, int, int]] = []
    for kind, _, at, _, _, length in segments:
        if kind == _DYNAMIC:
            for place in range(at, at + length, 16):
                tag, value = struct.unpack_from("<qQ", data, place)
                if tag == _NULL:
                    break
                entries.append((place, tag, value))
    strings = next((value for _, tag, value in entries if tag == _STRTAB), 0)
    base = next((at + strings - address for at, address, length in loads if address <= strings < address + length), None)
    if base is None:
        return []
    found = []
    for place, tag, value in entries:
        if tag in (_RPATH, _RUNPATH):
            start = base + value
            found.append((place, start, bytes(data[start : data.index(0, start)]).decode("utf-8", "replace")))
    return found


def detached(data: bytes) -> bytes:
    """The file without search paths that are not relative to it, and without their folders' names."""
    made = bytearray(data)
    while lost := [one for one in searched(made) if not all(part.startswith("$ORIGIN") for part in one[2].split(":"))]:
        place, start, text = lost[0]
        # Other names may end in the last part, since a linker keeps equal endings once; none holds a slash.
        folders = len(text.encode().rpartition(b"/")[0])
        made[start : start + folders] = b"x" * folders
        while struct.unpack_from("<q", made, place)[0] != _NULL:  # the entries after it move up; the list ends with NULL
            made[place : place + 16] = made[place + 16 : place + 32]
            place += 16
    return bytes(made)


def detach(path: Path) -> bool:
    """Write it anew if there was anything to take out; whether there was."""
    data = path.read_bytes()
    made = detached(data)
    if made == data:
        return False
    path.write_bytes(made)
    return True
