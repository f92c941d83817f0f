"""Files that appear whole or not at all, and the lock that keeps two programs out of one directory."""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.scenario.faults import SuasionError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DiskFault(SuasionError):
    """The disk or its permissions stood in the way."""

    exit_code = 5


class DirectoryInUse(SuasionError):
    """Another program is writing into the output directory."""

    exit_code = 4


@contextmanager
def disk_faults(path: Path, done: str) -> Iterator[None]:
    """Turn what the operating system says about a path into one line for the reader.

    `done` is the participle of the sentence: "written", "locked", "made".

    Raises: DiskFault in place of OSError.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in NO_ROOM:
            reason += room_left(path)
        raise DiskFault(f"{error.filename or path} could not be {done}: {reason}") from error


def room_left(path: Path) -> str:
    """How much room the disk of a path still has, as the end of a sentence; empty when nobody can tell."""
    try:
        free = shutil.disk_usage(path.parent).free
    except OSError:
        return ""
    return f" ({free:,} bytes free)"


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary path to write to, which becomes `path` only once every byte is on the disk.

    Written, synced, renamed, and the folder synced: a program killed between any two of these leaves the old
    file or the new one, never a piece. The temporary name keeps the suffix, from which drawing libraries read
    the format.

    Raises: DiskFault.
    """
    temporary = temporary_name(path)
    with disk_faults(path, "written"):
        try:
            yield temporary
            sync(temporary)
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync(path.parent)


def temporary_name(path: Path) -> Path:
    """The name under which a file is written before it is whole."""
    return path.with_name(f".{path.stem}.tmp{path.suffix}")


def sync(path: Path) -> None:
    """Wait until a file, or the list of names of a folder, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_file(path: Path, name: str) -> None:
    """Remove a file of ours, what was left of its writing, and the folders it leaves empty."""
    file = path / name
    for each in (file, temporary_name(file)):
        each.unlink(missing_ok=True)
    with suppress(OSError):
        for folder in file.relative_to(path).parents[:-1]:
            (path / folder).rmdir()


def all_there(path: Path, files: Mapping[str, Any]) -> bool:
    """Whether every file a manifest names is there in its full size."""
    return all((path / name).is_file() and (path / name).stat().st_size == described["bytes"] for name, described in files.items())


def description(path: Path) -> dict[str, Any]:
    """Size and digest of a file."""
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


class DirectoryLock:
    """The right to write into one directory, held by one program and freed by the system when that program ends.

    The lock is the system's (flock), so a killed program leaves nothing to unlock; the file only carries the
    holder's process id for the message.
    """

    NAME = ".suasion.lock"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / self.NAME
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this program holds the lock."""
        return self._descriptor is not None

    @property
    def in_place(self) -> bool:
        """Whether the folder is still the one that was locked: neither moved nor replaced since."""
        return self._descriptor is not None and self._is_named(self._descriptor)

    def take(self) -> None:
        """Take the lock or say who has it.

        Raises: DirectoryInUse, naming the process; DiskFault where the folder cannot be written or locked.
        """
        while self._descriptor is None:
            with disk_faults(self.path, "locked"):
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    # The holder before us may have removed the file between our open and our lock: then take the new one.
                    if self._is_named(descriptor):
                        os.ftruncate(descriptor, 0)
                        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
                        self._descriptor = descriptor
                except BlockingIOError:
                    holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
                    raise DirectoryInUse(
                        f"{self.folder} is in use by another program (process {holder}); wait for it or use another --out"
                    ) from None
                finally:
                    if self._descriptor is None:
                        os.close(descriptor)

    def _is_named(self, descriptor: int) -> bool:
        try:
            named = os.stat(self.path, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return os.path.samestat(os.fstat(descriptor), named)

    def release(self) -> None:
        """Remove the lock's file, then let the lock go."""
        if self._descriptor is None:
            return
        self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None
