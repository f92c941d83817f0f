"""Files that appear whole or not at all, and the locks that keep programs out of each other's way in one directory."""

import errno
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.scenario.faults import SuasionError

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# Shares try so long to take a lock. Units: seconds.
PATIENCE = 1.0


class DiskFault(SuasionError):
    """The disk or its permissions stood in the way."""

    exit_code = 5


class DirectoryInUse(SuasionError):
    """Another program is writing into the output directory."""

    exit_code = 4


@contextmanager
def disk_faults(path: Path, done: str, needed: int | None = None) -> Iterator[None]:
    """Turn what the operating system says about a path into one line for the reader.

    `done` is the participle of the sentence: "written", "locked", "made". `needed` is told where there is no room. Units: bytes.

    Raises: DiskFault in place of OSError.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        if error.errno in NO_ROOM:
            reason += room_left(path, needed)
        raise DiskFault(f"{error.filename or path} could not be {done}: {reason}") from error


def room_left(path: Path, needed: int | None = None) -> str:
    """How much room was needed and the disk of a path still has, as the end of a sentence; what nobody can tell is left out."""
    told = [] if needed is None else [f"{needed:,} bytes needed"]
    with suppress(OSError):
        told.append(f"{shutil.disk_usage(path.parent).free:,} bytes free")
    return f" ({', '.join(told)})" if told else ""


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
    """A name, never given before, under which a file is written before it is whole."""
    return path.with_name(f".{path.stem}.{os.getpid():x}-{secrets.token_hex(4)}.tmp{path.suffix}")


def is_temporary(name: str, of: str) -> bool:
    """Whether a file's name is a temporary one of the file called `of`."""
    final = Path(of)
    return re.fullmatch(rf"\.{re.escape(final.stem)}\.[0-9a-f]+-[0-9a-f]{{8}}\.tmp{re.escape(final.suffix)}", name) is not None


def remove_leftovers(path: Path) -> None:
    """Remove what was left of writing a file by programs that were killed; only for who is alone in the directory."""
    with suppress(FileNotFoundError, NotADirectoryError):
        for name in os.listdir(path.parent):
            if is_temporary(name, path.name):
                (path.parent / name).unlink(missing_ok=True)


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
    remove_leftovers(file)
    file.unlink(missing_ok=True)
    with suppress(OSError):
        for folder in file.relative_to(path).parents[:-1]:
            (path / folder).rmdir()


def remove_tree(path: Path) -> None:
    """Remove a folder of ours with all that is in it, also while a program that outlived its parent still writes into it."""
    for attempt in range(5):
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            if not path.exists():
                return
        except OSError as error:
            if error.errno != errno.ENOTEMPTY or attempt == 4:
                raise
        else:
            return


def description(path: Path) -> dict[str, Any]:
    """Size and digest of a file."""
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


class FileLock:
    """A lock of the system (flock) on a file of its own: a killed program leaves nothing to unlock.

    The file only carries the holder's process and machine, for the message.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this program holds the lock."""
        return self._descriptor is not None

    @property
    def in_place(self) -> bool:
        """Whether the file is still the one that was locked: neither moved nor replaced since."""
        return self._descriptor is not None and self._is_named(self._descriptor)

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        """Whether the lock could be taken, alone or together with others who share it.

        Raises: DiskFault where the folder cannot be written or locked.
        """
        kind = (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB)
        while self._descriptor is None:
            with disk_faults(self.path, "locked"):
                descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
                try:
                    fcntl.flock(descriptor, kind)
                    # The holder before us may have removed the file between our open and our lock: then take the new one.
                    if self._is_named(descriptor):
                        self._descriptor = descriptor
                except BlockingIOError:
                    return False
                finally:
                    if self._descriptor is None:
                        os.close(descriptor)
        return True

    def sign(self) -> None:
        """Note who holds the lock."""
        if self._descriptor is not None:
            with disk_faults(self.path, "written"):
                os.ftruncate(self._descriptor, 0)
                os.pwrite(self._descriptor, f"{os.getpid()} {socket.gethostname()}\n".encode(), 0)

    def holder(self) -> str:
        """Who signed the lock last: "process 4711", and on which machine where it is another."""
        try:
            pid, _, host = self.path.read_text(encoding="utf-8", errors="replace").strip().partition(" ")
        except OSError:
            pid = host = ""
        return f"process {pid or 'unknown'}" + (f" on {host}" if host and host != socket.gethostname() else "")

    def _is_named(self, descriptor: int) -> bool:
        try:
            named = os.stat(self.path, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return os.path.samestat(os.fstat(descriptor), named)

    def is_ours_alone(self) -> bool:
        """Whether nobody shares the lock any more; if so it is now held alone, and if not it is lost."""
        if self._descriptor is None:
            return False
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def release(self, *, remove: bool = True) -> None:
        """Remove the lock's file, unless others share it, then let the lock go."""
        if self._descriptor is None:
            return
        if remove and self.in_place:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)
        self._descriptor = None


def patiently(lock: FileLock, *, shared: bool = False) -> bool:
    """Whether a lock could be taken within a second: who only looks at it, or is just leaving, does not keep it for long."""
    until = time.monotonic() + PATIENCE
    while not lock.take(shared=shared):
        if time.monotonic() > until:
            return False
        time.sleep(PATIENCE / 20)
    return True


class DirectoryLock:
    """The right to write into one directory: held by one program, or shared by several that each do their share.

    `share` is told in messages as it was given: "3/64". The same share is worked on by one program at a time.
    """

    NAME = ".suasion.lock"
    BEGINNING = ".suasion.beginning.lock"  # held by one share at a time, while it looks and begins
    SHARES = "shares"  # in the work folder: a lock each share

    def __init__(self, folder: Path, work: Path, share: str | None = None) -> None:
        self.folder = folder
        self.work = work
        self.share = share
        self._lock = FileLock(folder / self.NAME)
        self._beginning = FileLock(folder / self.BEGINNING)
        self._own = FileLock(work / self.SHARES / f"{(share or '').replace('/', '-of-')}.lock")

    @property
    def held(self) -> bool:
        """Whether this program holds the lock."""
        return self._lock.held

    @property
    def in_place(self) -> bool:
        """Whether the folder is still the one that was locked: neither moved nor replaced since."""
        return self._lock.in_place

    def take(self) -> None:
        """Take the lock or say who has it.

        Raises: DirectoryInUse, naming the process; DiskFault where the folder cannot be written or locked.
        """
        if not (self._lock.take() if self.share is None else patiently(self._lock, shared=True)):
            raise DirectoryInUse(f"{self.folder} is in use by another program ({self._holder()}); wait for it or use another --out")
        self._lock.sign()

    def _holder(self) -> str:
        """Who holds the lock: one of the shares, or the program that signed it."""
        with suppress(OSError, DiskFault):
            for path in sorted((self.work / self.SHARES).glob("*.lock")):
                other = FileLock(path)
                if not other.take(shared=True):
                    return f"{other.holder()}, share {path.stem.replace('-of-', '/')}"
                other.release(remove=False)
        return self._lock.holder()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other shares from looking and beginning meanwhile."""
        if self.share is not None:
            self._beginning.take(wait=True)
        try:
            yield
        finally:
            self._beginning.release(remove=False)

    def take_share(self) -> None:
        """Take this program's share, once the work folder is there.

        Raises: DirectoryInUse, naming the process that is already working on it.
        """
        if self.share is None or self._own.held:
            return
        with disk_faults(self._own.path, "made"):
            self._own.path.parent.mkdir(exist_ok=True)
        if not patiently(self._own):
            raise DirectoryInUse(
                f"share {self.share} of {self.folder} is already being worked on by another program ({self._own.holder()})"
            )
        self._own.sign()

    def release(self) -> None:
        """Remove the files of the locks, unless other shares use them, then let the locks go."""
        self._own.release()
        last = self.share is None or self._lock.is_ours_alone()
        if last and self._lock.in_place:
            self._beginning.path.unlink(missing_ok=True)
        self._lock.release(remove=last)
