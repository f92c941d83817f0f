"""The work files of a sweep together: which are sound, and in which of them each row counts."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.runs.disk import disk_faults, sync
from sim.runs.identity import changed_fields, changes_message
from sim.runs.standing import SET_ASIDE, DirectoryFault
from sim.runs.workfile import (
    ELSEWHERE,
    STATUSES,
    UNFINISHED,
    DamagedShard,
    Entry,
    Receipt,
    Shard,
    read_entry,
    read_shard,
    refuse_links,
    write_shard,
)

__all__ = ["ELSEWHERE", "STATUSES", "DamagedShard", "Entry", "Receipt", "Shard", "Shards", "read_shard", "write_shard"]

# So many files are read at once: their digests are what a scan takes its time for.
READERS = 2
RowIds = NDArray[np.int64]


class Shards:
    """The work files in a folder. Of each, memory holds whose rows it has; every row counts in exactly one.

    `simulation` are the caller's words for what keys do not tell, such as the seed; files written with others are set aside.
    """

    def __init__(self, folder: Path, simulation: str = "") -> None:
        self.folder = folder
        self.simulation = simulation
        self._found: dict[str, Entry] = {}
        self._settled: tuple[Entry, ...] | None = None

    @property
    def aside(self) -> Path:
        """Where damaged and foreign files are put."""
        return self.folder.parent / SET_ASIDE

    def scan(self) -> tuple[str, ...]:
        """Look at every file anew, checking every byte; gives a sentence for each that was set aside.

        What is damaged or not ours is moved, never deleted; so are files of another simulation. What dead programs left half
        written is removed; what living ones are writing is left alone.

        Raises: DirectoryFault where the folder is a link; DiskFault.
        """
        refuse_links(self.folder)
        self._found, self._settled, told = {}, None, []
        with disk_faults(self.folder, "read"):
            self.folder.mkdir(exist_ok=True)
            names = sorted(os.listdir(self.folder))
        for name in names:
            if UNFINISHED.fullmatch(name):
                with disk_faults(self.folder / name, "removed"):
                    remove_if_dead(self.folder / name)
        # A file that a network file system hides until its last reader is gone is nobody's.
        candidates = [name for name in names if not UNFINISHED.fullmatch(name) and not name.startswith(".nfs")]
        with ThreadPoolExecutor(READERS) as readers:
            for name, found in zip(candidates, readers.map(self._looked_at, candidates), strict=True):
                if isinstance(found, Entry):
                    self._found[name] = found
                elif os.path.lexists(self.folder / name):  # else another share has set it aside
                    told.append(self.set_aside(name, found))
        return tuple(told)

    def _looked_at(self, name: str) -> Entry | str:
        """The entry of a file, or what is wrong with it."""
        try:
            entry = read_entry(self.folder / name)
        except DamagedShard as error:
            return str(error)
        other = entry.simulation
        return entry if other == self.simulation else f"{name} is of another simulation ({other or 'an unnamed one'})"

    def set_aside(self, name: str, reason: str) -> str:
        """Move a file out of the way, and say so."""
        self._found.pop(name, None)
        self._settled = None
        with disk_faults(self.folder / name, "set aside"), suppress(FileNotFoundError):
            self.aside.mkdir(exist_ok=True)
            place, number = self.aside / name, 0
            while os.path.lexists(place):
                place, number = self.aside / f"{name}.{number + 1}", number + 1
            os.rename(self.folder / name, place)
        return f"{reason}; it was set aside in {self.aside}"

    def add(self, name: str) -> None:
        """Take up a file that was just written, by the name in its receipt.

        Raises: DamagedShard.
        """
        self._found[name] = read_entry(self.folder / name, checked=False)
        self._settled = None

    def replace(self, old: Iterable[str], new: Receipt | None) -> None:
        """Delete files whose rows all count elsewhere, once a new one that has them is safely on the disk."""
        with disk_faults(self.folder, "written"):
            if new is not None:
                self.add(new.name)
            for name in old:
                (self.folder / name).unlink(missing_ok=True)
                self._found.pop(name, None)
            sync(self.folder)
        self._settled = None

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The sound files by name, each row in exactly one of them."""
        if self._settled is None:
            self._settled = settled([self._found[name] for name in sorted(self._found)])
        return self._settled

    def read(self, number: int) -> Shard:
        """The shard of an entry, by its place among the entries; every byte is checked again.

        Raises: DamagedShard, when it was harmed since the scan; a new scan sets it aside.
        """
        return read_shard(self.folder / self.entries[number].name)

    @property
    def makers(self) -> tuple[Mapping[str, str], ...]:
        """Under what versions and on what processors the files were made, each once."""
        return tuple({tuple(entry.made_by.items()): entry.made_by for entry in self.entries}.values())

    def refuse_mixed(self, now: Mapping[str, str]) -> None:
        """Refuse to go on with, or merge, rows that were made under other versions or on another kind of processor.

        Raises: DirectoryFault, with what differs.
        """
        for maker in self.makers:
            changes = changed_fields({"versions": dict(maker)}, {"versions": dict(now)})
            if changes:
                raise DirectoryFault(changes_message(self.folder.parent.parent, changes))

    def compact(self, order: Mapping[str, int] | None = None) -> int:
        """Put small files together, those of neighbouring points first; gives how many went. Only for who is alone in the directory.

        `order` gives the number of a point by its key.
        """
        from sim.runs.compaction import compacted

        return compacted(self, order or {})


def remove_if_dead(path: Path) -> None:
    """Remove a half-written file if its writer, who would hold a lock on it, is gone."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return
    try:
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except BlockingIOError:
        pass
    finally:
        os.close(descriptor)


def settled(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The same files, with each row counted in one of them, whatever the order in which they were found.

    A tally counts whole or not at all: the one of more runs first. Of other files that have the same row, the one counts in which it
    ended better, then the first by name: rows are functions of their names, so it matters only where a worker was unlucky.
    """
    ids = row_ids(entries)
    every = np.sort(np.concatenate(ids)) if ids else np.empty(0, np.int64)
    again = np.unique(every[1:][every[1:] == every[:-1]])
    if not len(again):
        return tuple(entries)
    doubtful = [again[np.searchsorted(again, each).clip(max=len(again) - 1)] == each for each in ids]
    lost = [np.zeros(len(each), dtype=bool) for each in ids]
    claimed = np.empty(0, dtype=np.int64)
    tallied = [number for number, entry in enumerate(entries) if entry.tallied]
    for number in sorted(tallied, key=lambda number: (-len(ids[number]), entries[number].name)):
        mine = ids[number][doubtful[number]]
        if np.isin(mine, claimed).any():
            lost[number][:] = True
        else:
            claimed = np.union1d(claimed, mine)
    plain = [number for number, entry in enumerate(entries) if not entry.tallied]
    rows = np.concatenate([np.empty(0, np.int64), *(ids[number][doubtful[number]] for number in plain)])
    codes = np.concatenate([np.empty(0, np.int8), *(entries[number].code[doubtful[number]] for number in plain)])
    order = np.lexsort((np.arange(len(rows)), codes, rows))
    first = np.ones(len(rows), dtype=bool)
    first[1:] = rows[order][1:] != rows[order][:-1]
    wins = np.zeros(len(rows), dtype=bool)
    wins[order] = first
    wins &= ~np.isin(rows, claimed)
    start = 0
    for number in plain:
        stop = start + int(doubtful[number].sum())
        lost[number][doubtful[number]] = ~wins[start:stop]
        start = stop
    counted = np.concatenate([each[~gone] for each, gone in zip(ids, lost, strict=True)])
    return tuple(map(partial(_without, counted), entries, ids, lost))


def _without(counted: RowIds, entry: Entry, ids: RowIds, lost: NDArray[np.bool_]) -> Entry:
    """An entry whose lost rows count elsewhere."""
    if not lost.any():
        return entry
    superseded = bool(lost.all() and np.isin(ids, counted).all())
    return replace(entry, run=np.where(lost, ELSEWHERE, entry.run), superseded=superseded)


def row_ids(entries: Sequence[Entry]) -> list[RowIds]:
    """A number for each row of each entry, equal where the point and the run are."""
    if not entries:
        return []
    _, points = np.unique(np.concatenate([entry.digits for entry in entries]), return_inverse=True)
    edges = np.cumsum([0, *(len(entry.digits) for entry in entries)])
    pieces = zip(entries, edges[:-1], edges[1:], strict=True)
    return [points[start:stop].astype(np.int64)[entry.place] * 2**32 + entry.run for entry, start, stop in pieces]
