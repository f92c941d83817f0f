"""A work file of a sweep: some rows with what they left, whole or not at all, known by the digest in its name."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import json
import os
import re
import secrets
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.runs.disk import DiskFault, disk_faults, sync
from sim.runs.standing import PROGRAM, DirectoryFault

if TYPE_CHECKING:
    from sim.runs.tally import Tally

FORM = 1  # of the files; another form is another program's
# How a row ended. Where two files hold one row, the earlier word is believed: a crash may be bad luck, a value is not.
STATUSES = ("ok", "nonfinite", "error", "timeout", "crashed")
# The run of a row that counts in another file: no design has it.
ELSEWHERE = 2**62
# No array of a file is larger: what says so was made by hand. Units: bytes.
LARGEST = 4 * 2**30
NAME = re.compile(r"shard-([0-9a-f]{32})\.npz")
UNFINISHED = re.compile(r"\.shard-[0-9a-f]+-[0-9a-f]{16}\.tmp")
ROW = np.dtype([("place", "<i4"), ("run", "<i8"), ("error", "<i4"), ("code", "i1")])
KEY = re.compile(r"[0-9a-f]{16}")


class DamagedShard(DiskFault):
    """A work file is cut, changed, renamed or somebody else's."""


@dataclass(frozen=True, eq=False)
class Shard:
    """Rows of a sweep and what they left. Rows are sorted by (place, run); a shard with a tally has rows of one point.

    `place` is an index into `keys`, the points' own names: a design that grows renumbers its points and keeps their keys. `simulation`
    tells, in words of the caller, what keys do not: the seed. Outcomes and kept values are NaN where a run did not go well.

    Shape: place, run, status and error (row); each outcome (row); each kept variable (month, axes, row).
    """

    keys: tuple[str, ...]
    place: NDArray[np.int32]
    run: NDArray[np.int64]
    status: tuple[str, ...]
    error: tuple[str, ...]
    outcomes: Mapping[str, NDArray[np.float32]]
    kept: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    tally: Tally | None = None
    made_by: Mapping[str, str] = field(default_factory=dict)
    simulation: str = ""

    def __post_init__(self) -> None:
        rows = len(self.run)
        strange = next((key for key in self.keys if not KEY.fullmatch(key)), None)
        if strange is not None:
            raise ValueError(f"the key of a point is 16 hexadecimal digits, not {strange!r}")
        lengths = {len(self.place), len(self.status), len(self.error), *(values.shape[-1] for values in self.columns)}
        if lengths != {rows}:
            raise ValueError(f"a shard of {rows} rows has columns of {sorted(lengths)} rows")
        if rows and not (self.place.min() >= 0 and self.place.max() < len(self.keys) and self.run.min() >= 0 and self.run.max() < 2**32):
            raise ValueError("a shard's rows name a point or a run that there is not")
        if (np.diff(self.place.astype(np.int64) * 2**32 + self.run) <= 0).any():
            raise ValueError("a shard's rows are sorted by point and run, each once")
        if not set(self.status) <= set(STATUSES):
            raise ValueError(f"a row ends {', '.join(STATUSES)}, not {', '.join(sorted(set(self.status) - set(STATUSES)))}")
        if self.tally is not None and len(self.keys) != 1:
            raise ValueError(f"a shard with a tally has rows of one point, not of {len(self.keys)}")

    @property
    def columns(self) -> Iterator[NDArray[np.float32]]:
        """Outcomes and kept values, one after the other."""
        yield from self.outcomes.values()
        yield from self.kept.values()


@dataclass(frozen=True)
class Receipt:
    """What a job left: the name of its file and how its rows ended. Units: seconds."""

    name: str
    keys: tuple[str, ...]
    rows: int
    counts: Mapping[str, int]
    seconds: float
    first_error: str


@dataclass(frozen=True, eq=False)
class Entry:
    """What is held in memory of a work file: whose rows it has. Rows that count in another file have the run ELSEWHERE.

    Files of one `kind` can be put together. A file with a tally counts whole or not at all. Of a `superseded` one nothing counts.

    Shape: place, run and code, the place of the row's status among STATUSES, (row); digits (key).
    """

    name: str
    size: int
    digits: NDArray[np.uint64]
    place: NDArray[np.int32]
    run: NDArray[np.int64]
    code: NDArray[np.int8]
    simulation: str
    made_by: Mapping[str, str]
    tallied: bool
    kind: str
    superseded: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its points."""
        text = self.digits.astype(">u8").tobytes().hex()
        return tuple(text[start : start + 16] for start in range(0, len(text), 16))

    @property
    def first(self) -> tuple[str, int]:
        """The key and the run of the first row that counts here."""
        row = int((self.run != ELSEWHERE).argmax())
        return f"{int(self.digits[self.place[row]]):016x}", int(self.run[row])

    @property
    def counts(self) -> dict[str, int]:
        """How many of the rows that count here ended in which way."""
        codes, numbers = np.unique(self.code[self.run != ELSEWHERE], return_counts=True)
        return {STATUSES[code]: int(number) for code, number in zip(codes, numbers, strict=True)}


def write_shard(folder: Path, shard: Shard, seconds: float = 0.0) -> Receipt:
    """Write a shard under the digest of its bytes: whole, or not at all.

    Two programs that write the same rows write the same file. The folder must be there: a program that outlived its parent makes none.

    Raises: DiskFault.
    """
    content = _bytes_of(shard)
    path = folder / f"shard-{hashlib.blake2b(content, digest_size=16).hexdigest()}.npz"
    refuse_links(folder)
    with disk_faults(path, "written", needed=len(content)):
        with _temporary(folder) as (temporary, descriptor):
            left = memoryview(content)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
            os.replace(temporary, path)
        sync(folder)
    first = next((error for error in shard.error if error), "")
    return Receipt(path.name, shard.keys, len(shard.run), dict(Counter(shard.status)), seconds, first)


def refuse_links(folder: Path) -> None:
    """Refuse a work folder that a link leads out of the output directory.

    Raises: DirectoryFault.
    """
    for place in (folder, folder.parent):
        if place.is_symlink():
            raise DirectoryFault(f"{place} is a symbolic link, and was not made by {PROGRAM}; nothing is written through it")


@contextmanager
def _temporary(folder: Path) -> Iterator[tuple[Path, int]]:
    """A new file to write into, locked so that others know that its writer lives; it is removed if the writing fails."""
    while True:
        path = folder / f".shard-{os.getpid():x}-{secrets.token_hex(8)}.tmp"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if path.exists():  # else somebody took it for a dead program's, before it was locked
                yield path, descriptor
                return
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)


def _bytes_of(shard: Shard) -> memoryview:
    """A shard as the bytes of a NumPy archive, the same for the same rows whenever and wherever they are written."""
    errors = {error: number for number, error in enumerate(dict.fromkeys(("", *shard.error)))}
    about = {
        "form": FORM,
        "simulation": shard.simulation,
        "made_by": dict(sorted(shard.made_by.items())),
        "columns": list(shard.outcomes),
        "kept": {name: list(values.shape[:-1]) for name, values in shard.kept.items()},
        "tallied": shard.tally is not None,
    }
    rows = np.empty(len(shard.run), dtype=ROW)
    rows["place"], rows["run"] = shard.place, shard.run
    codes = {status: code for code, status in enumerate(STATUSES)}
    rows["code"] = [codes[status] for status in shard.status]
    rows["error"] = [errors[error] for error in shard.error]
    arrays: dict[str, NDArray[Any]] = {
        "about": _text(about),
        "digits": np.frombuffer(bytes.fromhex("".join(shard.keys)), dtype=">u8").astype(np.uint64),
        "rows": rows,
        "errors": _text(list(errors)),
        "outcomes": np.array(list(shard.outcomes.values()), dtype=np.float32).reshape(len(shard.outcomes), len(shard.run)),
    }
    arrays |= {f"kept/{name}": values.astype(np.float32, copy=False) for name, values in shard.kept.items()}
    arrays |= {f"tally/{name}": values for name, values in (shard.tally.arrays() if shard.tally is not None else {}).items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, values in arrays.items():
            # A tally is mostly small numbers.
            way = zipfile.ZIP_DEFLATED if name.startswith("tally/") else zipfile.ZIP_STORED
            with archive.open(_member(name, way), "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(values, order="C"), allow_pickle=False)
    return buffer.getbuffer()


def _text(value: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)


def _member(name: str, way: int) -> zipfile.ZipInfo:
    """A place in the archive, without the time of day."""
    info = zipfile.ZipInfo(f"{name}.npy")
    info.compress_type = way
    return info


def read_shard(path: Path) -> Shard:
    """The shard in a file, of which every byte has been checked.

    Raises: DamagedShard, also where it is gone; DiskFault.
    """
    with _opened(path) as file:
        content = file.read()
    _refuse_changed(path.name, hashlib.blake2b(content, digest_size=16).hexdigest())
    with _understood(path.name), zipfile.ZipFile(io.BytesIO(content)) as archive:
        about, entry = _index(path.name, len(content), archive)
        errors = json.loads(_array(archive, "errors").tobytes())
        return Shard(
            entry.keys,
            entry.place,
            entry.run,
            tuple(STATUSES[code] for code in entry.code),
            tuple(errors[number] for number in _array(archive, "rows")["error"]),
            dict(zip(about["columns"], _array(archive, "outcomes"), strict=True)),
            {name: _array(archive, f"kept/{name}") for name in about["kept"]},
            _tally(archive) if entry.tallied else None,
            entry.made_by,
            entry.simulation,
        )


def read_entry(path: Path, *, checked: bool = True) -> Entry:
    """What is held in memory of a work file. `checked` reads every byte of it, else only what is told.

    Raises: DamagedShard, also where it is gone; DiskFault.
    """
    with _opened(path) as file:
        if checked:
            _refuse_changed(path.name, hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest())
            file.seek(0)
        with _understood(path.name), zipfile.ZipFile(file) as archive:
            return _index(path.name, os.fstat(file.fileno()).st_size, archive)[1]


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    """A file of ours to read: no link is followed, and nothing that is no file is waited for."""
    with disk_faults(path, "read"):
        try:
            if not NAME.fullmatch(path.name) or not stat.S_ISREG(path.lstat().st_mode):
                raise DamagedShard(f"{path.name} is no work file of {PROGRAM}")
            with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
                yield file
        except FileNotFoundError:
            raise DamagedShard(f"{path.name} was deleted while it was in use") from None
        except OSError as error:
            if error.errno != errno.EIO:  # a lack of handles or of rights is no fault of the file
                raise
            raise DamagedShard(f"{path.name} could not be read: {error.strerror}") from error


def _refuse_changed(name: str, digest: str) -> None:
    if name != f"shard-{digest}.npz":
        raise DamagedShard(f"{name} was cut, changed or renamed: its bytes do not fit the digest in its name")


@contextmanager
def _understood(name: str) -> Iterator[None]:
    """Whatever makes no sense in a file was put there by somebody else."""
    try:
        yield
    except (OSError, MemoryError):
        raise
    except Exception as error:
        raise DamagedShard(f"{name} is no work file of {PROGRAM}: {error}") from error


def _index(name: str, size: int, archive: zipfile.ZipFile) -> tuple[dict[str, Any], Entry]:
    """What a file tells of itself, and whose rows it has."""
    text, digits, rows = (_array(archive, part) for part in ("about", "digits", "rows"))
    about: dict[str, Any] = json.loads(text.tobytes())
    if about["form"] != FORM or rows.dtype != ROW:
        raise ValueError(f"it has form {about['form']!r}, not {FORM}")
    place, run, code = (np.ascontiguousarray(rows[part]) for part in ("place", "run", "code"))
    for each, most in ((place, len(digits)), (code, len(STATUSES)), (run, 2**32)):
        if len(each) and not (each.min() >= 0 and each.max() < most):
            raise ValueError("its rows name a point, a run or a status that there is not")
    # Whatever is told must be the same for files to be put together; and the point, where there is a tally.
    kind = hashlib.blake2b(text.tobytes() + digits.tobytes() * about["tallied"], digest_size=8).hexdigest()
    return about, Entry(name, size, digits, place, run, code, about["simulation"], about["made_by"], about["tallied"], kind)


def _array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    """An array of the archive, read only. Nothing is unpickled, and no more is believed than there are bytes.

    Raises: ValueError.
    """
    info = archive.getinfo(f"{name}.npy")
    if info.file_size > LARGEST:
        raise ValueError(f"{name} claims {info.file_size:,} bytes")
    content = archive.read(info)
    file = io.BytesIO(content)
    if np.lib.format.read_magic(file) != (1, 0):
        raise ValueError(f"{name} is in another form of NumPy's files")
    shape, by_columns, of = np.lib.format.read_array_header_1_0(file)
    return np.frombuffer(content, of, offset=file.tell()).reshape(shape, order="F" if by_columns else "C")


def _tally(archive: zipfile.ZipFile) -> Tally:
    from sim.runs.tally import Tally

    names = [name.removesuffix(".npy") for name in archive.namelist() if name.startswith("tally/")]
    return Tally.of({name.removeprefix("tally/"): _array(archive, name) for name in names})
