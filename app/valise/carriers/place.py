"""A folder that others may write to, opened so that nothing in it can lead us elsewhere.

Every name is taken relative to an open folder and never followed when it is a link. Where the system has
no such calls (Windows), names are joined to the path and checked before and after opening instead.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from types import TracebackType

from valise.domain.errors import Unavailable

_RELATIVE = os.open in os.supports_dir_fd and os.listdir in os.supports_fd
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_CREATE = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF}


def unavailable(error: OSError) -> Unavailable:
    """Our error for one of the system's: "carrier.full" or "carrier.unreachable"; no path in it."""
    if error.errno in _NO_ROOM:
        return Unavailable("carrier.full", "there is no room at the exchange folder")
    return Unavailable("carrier.unreachable", "the exchange folder cannot be reached or written")


class Place:
    """An open folder. Methods raise OSError."""

    def __init__(self, path: Path, handle: int | None) -> None:
        self._path = path
        self._handle = handle

    @classmethod
    def root(cls, path: Path) -> Place:
        """The folder an officer chose; it may itself be a link. Its absence is an error, never made good."""
        if _RELATIVE:
            return cls(path, os.open(path, _FOLDER))
        if not path.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder")
        return cls(path, None)

    def __enter__(self) -> Place:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _at(self, name: str) -> str:
        if not name or "/" in name or os.sep in name or name in {".", ".."}:
            raise OSError(errno.EINVAL, "not a name")
        return name if self._handle is not None else os.path.join(self._path, name)

    def folder(self, name: str) -> Place:
        """A folder inside, never through a link."""
        if self._handle is not None:
            handle = os.open(self._at(name), _FOLDER | getattr(os, "O_NOFOLLOW", 0), dir_fd=self._handle)
            return Place(self._path / name, handle)
        if not stat.S_ISDIR(os.lstat(self._at(name)).st_mode):
            raise NotADirectoryError(errno.ENOTDIR, "not a folder")
        return Place(self._path / name, None)

    def make_folder(self, name: str) -> None:
        """Make it if it is not there, durably, open to whoever may open this one."""
        mode = self.mode()
        try:
            os.mkdir(self._at(name), mode, dir_fd=self._handle)
        except FileExistsError:
            return
        with self.folder(name) as made:
            made.share(mode)
        self.sync()

    def names(self) -> list[str]:
        return os.listdir(self._path if self._handle is None else self._handle)

    def look(self, name: str) -> os.stat_result:
        """The status of the name itself (of the link, if it is one)."""
        return os.stat(self._at(name), dir_fd=self._handle, follow_symlinks=False)

    def open_file(self, name: str) -> int:
        """A handle to read from, only if it is a regular file, without ever waiting. The caller closes it."""
        before = self.look(name)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.ELOOP, "not a regular file")
        handle = os.open(self._at(name), _READ, dir_fd=self._handle)
        after = os.fstat(handle)
        if not stat.S_ISREG(after.st_mode) or (before.st_dev, before.st_ino) != (after.st_dev, after.st_ino):
            os.close(handle)
            raise OSError(errno.ELOOP, "not the file that was looked at")
        return handle

    def create(self, name: str) -> int:
        """A handle to write a file that was not there. The caller closes it."""
        return os.open(self._at(name), _CREATE, 0o600, dir_fd=self._handle)

    def rename(self, old: str, new: str) -> None:
        os.rename(self._at(old), self._at(new), src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def remove(self, name: str) -> None:
        os.unlink(self._at(name), dir_fd=self._handle)

    def mode(self) -> int:
        """The permission bits, set-group-id and sticky bit included, that are handed on to what is made here."""
        status = os.stat(self._path if self._handle is None else self._handle)
        return stat.S_IMODE(status.st_mode) & 0o3777

    def share(self, mode: int) -> None:
        """Give this folder the mode of the one it is in, whatever the umask; a share may refuse."""
        if self._handle is not None and hasattr(os, "fchmod"):
            with contextlib.suppress(OSError):
                os.fchmod(self._handle, mode)

    def sync(self) -> None:
        """Make names durable. Some network shares know no such thing for a folder; a real failure is raised."""
        if self._handle is None:
            return
        try:
            os.fsync(self._handle)
        except OSError as error:
            if error.errno not in _CANNOT_SYNC:
                raise


def fill(handle: int, data: bytes, mode: int) -> None:
    """Write all of it, durably, readable by whoever the folder is for (`mode`), with a time that tells nothing."""
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]
    # Whoever may read the folder may read what is sealed in it, whatever our umask; a share may refuse both.
    if hasattr(os, "fchmod"):
        with contextlib.suppress(OSError):
            os.fchmod(handle, mode)
    if os.utime in os.supports_fd:
        with contextlib.suppress(OSError):
            os.utime(handle, ns=(0, 0))
    os.fsync(handle)


def read_exactly(handle: int, count: int) -> bytes:
    """`count` octets, fewer at the end of the file."""
    parts = []
    while count > 0:
        part = os.read(handle, min(count, 1 << 20))
        if not part:
            break
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
