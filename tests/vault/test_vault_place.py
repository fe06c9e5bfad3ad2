"""Folders a vault may not live in."""

from __future__ import annotations

from pathlib import Path

import pytest

from valise.vault import place


@pytest.mark.parametrize(
    ("marks", "service"),
    [
        ([".sync_1a2b3c.db"], "Nextcloud"), (["._sync_1a2b.db-wal"], "Nextcloud"), ([".stfolder"], "Syncthing"),
        ([".stignore"], "Syncthing"), ([".dropbox.cache"], "Dropbox"), ([".tmp.drivedownload"], "Google Drive"),
        ([".849C9593-D756-4E56-8D6E-42412F2A707B"], "OneDrive"), (["notes", ".synced"], ""),
    ],
)  # fmt: skip
def test_marks_of_synchronisers(tmp_path: Path, marks: list[str], service: str) -> None:
    for name in marks:
        (tmp_path / name).mkdir()
    assert place.concern(tmp_path / "a" / "b" / "vault", mounts="", environment={}) == service


@pytest.mark.parametrize(
    ("parts", "service"),
    [
        ("OneDrive - Ministry of XA/papers", "OneDrive"), ("Dropbox (XA)/v", "Dropbox"), ("Nextcloud/v", "Nextcloud"),
        ("Library/Mobile Documents/com~apple~CloudDocs/v", "iCloud"), 
        ("Library/CloudStorage/Box-Box/v", "cloud storage"),
        ("Google Drive/v", "Google Drive"), ("GoogleDrive-x@y/v", "Google Drive"), 
        ("dropboxes/v", ""), ("my onedrives/v", ""),
    ],
)  # fmt: skip
def test_names_of_synchronised_trees(tmp_path: Path, parts: str, service: str) -> None:
    assert place.concern(tmp_path / parts, mounts="", environment={}) == service


def test_network_disks_and_the_environment(tmp_path: Path) -> None:
    escaped = str(tmp_path / "a b").replace(" ", "\\040")
    mounts = f"/dev/x / ext4 rw 0 0\nhost:/x {escaped} nfs4 rw 0 0\ntmpfs {escaped}/ram tmpfs rw 0 0\nshort\n"
    for where, expected in (("a b/v", "network disk"), ("a b/ram/v", ""), ("a bc/v", ""), ("v", "")):
        assert place.concern(tmp_path / where, mounts=mounts, environment={}) == expected
    hidden = mounts + f"x {escaped} ext4 rw 0 0\n"
    assert place.concern(tmp_path / "a b" / "v", mounts=hidden, environment={}) == ""
    assert place.concern(tmp_path / "v", mounts="", environment={"OneDrive": str(tmp_path)}) == "OneDrive"
    link = tmp_path / "link"
    (tmp_path / "Nextcloud").mkdir()
    link.symlink_to(tmp_path / "Nextcloud")
    assert place.concern(link / "v", mounts="", environment={}) == "Nextcloud"
