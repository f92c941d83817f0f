"""The output directory of a simulation: one writer at a time, whole files or none, and a manifest written last."""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from sim.runs.disk import (
    DirectoryInUse,
    DirectoryLock,
    DiskFault,
    all_there,
    description,
    disk_faults,
    remove_file,
    sync,
    whole_file,
)
from sim.runs.identity import changed_fields, changes_message, json_text, plain
from sim.runs.parts import part_names, read_parts, table_of, write_parts
from sim.runs.standing import (
    BEGUN,
    JOURNAL,
    MANIFEST,
    PROGRAM,
    WORK,
    DirectoryFault,
    Standing,
    is_inside,
    journal_names,
    mapping_in,
    ours,
    read_manifest,
    refuse_unfit,
)

__all__ = [
    "DirectoryFault",
    "DirectoryInUse",
    "DiskFault",
    "OutputDirectory",
    "Standing",
    "changed_fields",
    "read_manifest",
    "read_parts",
    "table_of",
    "write_parts",
]


class OutputDirectory:
    """The folder a simulation leaves its results in, open for one program.

    Entering looks and refuses, and makes nothing; `begin`, or the first write, makes the folder; `finish` writes
    the manifest. Whatever is left without a manifest is unfinished, and the same command takes it up again.
    `identity` holds what must be equal for two simulations to share a folder (the resolved scenario or its hash,
    seed, months, version, what is kept); `runs` may grow. `fresh` replaces what the folder holds; `ignoring` names
    entries of the identity that may differ; `make_parents` also makes missing folders above.

    Raises: DirectoryFault (exit 2), DirectoryInUse (4) and DiskFault (5), on entering or on beginning.
    """

    def __init__(
        self,
        path: Path | str,
        identity: Mapping[str, Any],
        runs: int,
        *,
        fresh: bool = False,
        ignoring: Collection[str] = (),
        make_parents: bool = False,
    ) -> None:
        self.path = Path(path)
        self.identity = plain(identity)
        self.runs = int(runs)
        self.fresh = fresh
        self.ignoring = frozenset(ignoring)
        self.make_parents = make_parents
        self.standing = Standing.NEW
        self._held: dict[str, Any] = {}
        self._lock = DirectoryLock(self.path)
        self._begun = self._made = self._published = self._finished = False

    @classmethod
    def existing(cls, path: Path | str) -> Self:
        """A finished directory, to add charts or a report to.

        Raises: DirectoryFault when the folder has no manifest of ours.
        """
        manifest = read_manifest(path)
        return cls(path, manifest["identity"], manifest["runs"])

    @property
    def work(self) -> Path:
        """The folder for what is not finished; it goes when the manifest is written."""
        return self.path / WORK

    @property
    def sentence(self) -> str:
        """What the directory holds, for the reader of the terminal."""
        runs = self._held.get("runs", 0)
        return {
            Standing.NEW: f"{self.path} is new",
            Standing.UNFINISHED: f"{self.path} holds an unfinished start of this simulation; it is taken up again",
            Standing.FINISHED: f"{self.path} is finished: {runs} runs of the same scenario, seed and version",
            Standing.GROWING: f"{self.path} holds {runs} runs of this simulation; {self.runs - runs} are added",
        }[self.standing]

    def __enter__(self) -> Self:
        refuse_unfit(self.path, self.make_parents)
        if self.path.exists():
            self._lock.take()
            try:
                self._look()
            except BaseException:
                self._lock.release()
                raise
        return self

    def _look(self) -> None:
        held = ours(self.path)
        if held is None:
            raise DirectoryFault(f"{self.path} is not empty and was not made by {PROGRAM}: it has no {MANIFEST}; use another --out")
        self._held = held
        if self.fresh or not held:
            return
        changes = changed_fields(held["identity"], self.identity, self.ignoring)
        finished = held["finished"] and all_there(self.path, held["files"])
        if finished and self.runs < held["runs"]:
            changes.append(("runs", held["runs"], self.runs))
        if changes:
            raise DirectoryFault(changes_message(self.path, changes))
        if not finished:
            self.standing = Standing.UNFINISHED
        else:
            self.standing = Standing.FINISHED if self.runs == held["runs"] else Standing.GROWING
            self._drop_leftovers()

    def _drop_leftovers(self) -> None:
        """Clear a work folder whose manifest was written by a program that was killed before it could."""
        begun = mapping_in(self.work / BEGUN)
        if self.work.exists() and (begun is None or begun["runs"] <= self._held["runs"]):
            with disk_faults(self.work, "removed"):
                shutil.rmtree(self.work)

    def begin(self) -> None:
        """Make the folder, or take up the one that is there, and note whose it is.

        Called once the input is known to be good and before the first run; the writes call it if nobody did.

        Raises: DirectoryInUse, DiskFault.
        """
        if self._begun:
            return
        with disk_faults(self.path, "made"):
            if not self._lock.held:
                self.path.mkdir(parents=self.make_parents, exist_ok=True)
                self._made = True
                self._lock.take()
                if ours(self.path) != {}:
                    raise DirectoryInUse(f"{self.path} was made by another program in the meantime; run the same command again")
            if self.fresh:
                self._clear()
            self.work.mkdir(exist_ok=True)
            with whole_file(self.work / BEGUN) as temporary:
                temporary.write_text(json_text({"program": PROGRAM, "identity": self.identity, "runs": self.runs}), encoding="utf-8")
            known = [name for name in self._held.get("files", {}) if is_inside(self.path, name)]
            with whole_file(self.work / JOURNAL) as temporary:
                temporary.write_text("".join(f"{name}\n" for name in known), encoding="utf-8")
        self._begun = True

    def _clear(self) -> None:
        """Delete what our manifest or journal names, and nothing else."""
        for name in self._held.get("files", {}):
            if is_inside(self.path, name):
                remove_file(self.path, name)
        (self.path / MANIFEST).unlink(missing_ok=True)
        if self.work.exists():
            shutil.rmtree(self.work)
        self._held = {}

    def write_text(self, name: str, text: str) -> Path:
        """Write a text file, whole or not at all."""
        with self.replacing(name) as temporary:
            temporary.write_text(text, encoding="utf-8", newline="\n")
        return self.path / name

    def write_json(self, name: str, value: Any) -> Path:
        """Write a value as JSON, whole or not at all."""
        return self.write_text(name, json_text(value))

    @contextmanager
    def replacing(self, name: str) -> Iterator[Path]:
        """Give a temporary path with the suffix of `name` to write to; it takes the name once it is whole."""
        self._claim([name])
        path = self.path / name
        with disk_faults(path.parent, "made"):
            path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as temporary:
            yield temporary

    def write_table(self, folder: str, table: pa.Table) -> list[Path]:
        """Write a table as the canonical parts of a folder, and drop parts that an earlier, longer one left.

        Over a finished directory the old manifest goes first: rows and manifest never disagree.
        """
        names = [f"{folder}/{part}" for part in part_names(table.num_rows)]
        self._claim(names)
        with disk_faults(self.path / MANIFEST, "removed"):
            (self.path / MANIFEST).unlink(missing_ok=True)
            sync(self.path)
        paths = write_parts(self.path / folder, table)
        for name in journal_names(self.path):
            if PurePosixPath(name).parent == PurePosixPath(folder) and name.endswith(".parquet") and name not in names:
                remove_file(self.path, name)
        return paths

    def _claim(self, names: list[str]) -> None:
        """Note names in the journal before they are written, so that a later clearing knows them as ours."""
        for name in names:
            if not is_inside(self.path, name):
                raise DirectoryFault(f"{name} is no name for a file inside {self.path}")
        self.begin()
        self._refuse_swapped()
        self._published = True
        with disk_faults(self.work / JOURNAL, "written"), (self.work / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.writelines(f"{name}\n" for name in names)
            journal.flush()
            os.fsync(journal.fileno())

    def _refuse_swapped(self) -> None:
        if not self._lock.in_place:
            raise DirectoryFault(f"{self.path} was moved or replaced while it was being written; nothing more is written")

    def finish(self, manifest: Mapping[str, Any] | None = None) -> Path:
        """Write the manifest, the last file of all, and clear the work folder.

        `manifest` is what the caller has to tell (versions, counts, timings); program, identity, runs and the
        files with their sizes and digests are added. None keeps what an earlier manifest told.
        """
        self.begin()
        self._refuse_swapped()
        told = self._held.get("told", {}) if manifest is None else plain(manifest)
        with disk_faults(self.path, "read"):
            files = {name: description(self.path / name) for name in journal_names(self.path) if (self.path / name).is_file()}
        whole = {**told, "program": PROGRAM, "identity": self.identity, "runs": self.runs, "files": files}
        with whole_file(self.path / MANIFEST) as temporary:
            temporary.write_text(json_text(whole), encoding="utf-8")
        self._finished = True
        with disk_faults(self.work, "removed"):
            shutil.rmtree(self.work)
        return self.path / MANIFEST

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._begun and not (self._finished or self._published or self.standing is Standing.UNFINISHED):
            with suppress(OSError):
                if set(os.listdir(self.work)) <= {BEGUN, JOURNAL}:
                    shutil.rmtree(self.work)
        self._lock.release()
        if self._made:
            with suppress(OSError):  # not empty: there is something to keep
                self.path.rmdir()
