"""Where a vault may not live: folders that some program copies to somebody else's computer, and network disks.

A synchronised database is copied page by page while it changes, comes back torn or old, and shows a provider
when and how much is written. Detection is by the marks these programs leave; it is a help, not a wall.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePath

from valise.domain.errors import NotAllowed

# Files or folders found in the root of a synchronised tree. One trailing star is a prefix.
_MARKS: Mapping[str, tuple[str, ...]] = {
    "Nextcloud": (".sync_*", "._sync_*", ".owncloudsync.log*", ".nextcloudsync.log*"),
    "Syncthing": (".stfolder", ".stignore", ".stversions"),
    "Dropbox": (".dropbox", ".dropbox.cache"),
    "OneDrive": (".849C9593-D756-4E56-8D6E-42412F2A707B", ".xdg-volume-info-onedrive", ".onedrive"),
    "Google Drive": (".tmp.drivedownload", ".tmp.driveupload", ".shortcut-targets-by-id"),
    "iCloud": (".iCloudDrive",),
}
# Folder names that such programs give to their trees, on any system.
_NAMES: Mapping[str, re.Pattern[str]] = {
    "Nextcloud": re.compile(r"(nextcloud|owncloud)\d?", re.I),
    "Dropbox": re.compile(r"dropbox( \(.*\))?", re.I),
    "OneDrive": re.compile(r"onedrive( ?- ?.*)?", re.I),
    "Google Drive": re.compile(r"(google ?drive|googledrive-.*|google drive streaming)", re.I),
    "iCloud": re.compile(r"(mobile documents|com~apple~clouddocs|iclouddrive|icloud drive.*)", re.I),
    "cloud storage": re.compile(r"cloudstorage", re.I),
}
_ENVIRONMENT = {"OneDrive": "OneDrive", "OneDriveCommercial": "OneDrive", "OneDriveConsumer": "OneDrive"}
_NETWORK = frozenset(
    (
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "davfs",
        "9p",
        "coda",
        "ocfs2",
        "gfs2",
        "beegfs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.gvfsd-fuse",
        "fuse.google-drive-ocamlfuse",
        "fuse.onedriver",
        "fuse.s3fs",
        "fuse.curlftpfs",
        "fuse.ceph",
        "fuse.juicefs",
    )
)
_MOUNTS = Path("/proc/mounts")
_DRIVE_REMOTE = 4


def concern(folder: Path, *, mounts: str | None = None, environment: Mapping[str, str] | None = None) -> str:
    """Which service or network disk would hold `folder` (it need not exist yet), or "". `mounts` is the text of
    /proc/mounts, `environment` the process environment; both are read from the system when not given."""
    place = Path(os.path.realpath(folder))
    for part in (place, *place.parents):
        if (found := _named(part.name) or _marked(part)) != "":
            return found
    given = os.environ if environment is None else environment
    for variable, service in _ENVIRONMENT.items():
        root = given.get(variable, "")
        if root and _inside(place, Path(os.path.realpath(root))):
            return service
    return _remote(place, mounts)


def check(folder: Path) -> None:
    """Raises NotAllowed("vault.synced_folder") where `concern` finds something."""
    if concern(folder):
        raise NotAllowed("vault.synced_folder", "this folder is synchronised or on a network disk")


def _named(name: str) -> str:
    return next((service for service, pattern in _NAMES.items() if pattern.fullmatch(name)), "")


def _marked(folder: Path) -> str:
    try:
        names = set(os.listdir(folder))
    except OSError:
        return ""
    for service, marks in _MARKS.items():
        for mark in marks:
            if mark in names or (mark.endswith("*") and _any_starts(names, mark[:-1])):
                return service
    return ""


def _any_starts(names: Iterable[str], start: str) -> bool:
    return any(name.startswith(start) for name in names)


def _inside(place: PurePath, root: PurePath) -> bool:
    return place == root or root in place.parents


def _remote(place: Path, mounts: str | None) -> str:
    if sys.platform == "win32":  # pragma: no cover - exercised on Windows only
        import ctypes

        drive = place.drive
        if drive.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(drive + "\\") == _DRIVE_REMOTE:
            return "network disk"
        return ""
    if mounts is None:
        try:
            mounts = _MOUNTS.read_text("utf-8", "surrogateescape")
        except OSError:
            return ""
    kind, longest, here = "", -1, str(place)
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        name = re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), fields[1])
        if not here.startswith(name):  # most of dozens, and a vault is not to open more slowly for them
            continue
        point = Path(name)
        # A later mount on the same point hides the earlier one.
        if _inside(place, point) and len(point.parts) >= longest:
            kind, longest = fields[2], len(point.parts)
    return "network disk" if kind in _NETWORK else ""
