"""The output directory of a simulation: one writer at a time, whole files or none, and a manifest written last."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Self

import pyarrow as pa

from sim.runs.disk import (
    DirectoryInUse,
    DirectoryLock,
    DiskFault,
    description,
    disk_faults,
    remove_file,
    remove_leftovers,
    sync,
    whole_file,
)
from sim.runs.identity import changed_fields, changes_message, has_grown, json_text, plain
from sim.runs.parts import part_name, read_parts, recut, table_of, write_part, write_parts
from sim.runs.standing import (
    BEGUN,
    JOURNAL,
    MANIFEST,
    PROGRAM,
    WORK,
    DirectoryFault,
    Standing,
    Told,
    add_to_journal,
    clear_work,
    is_inside,
    is_untouched,
    journal_names,
    mapping_in,
    ours,
    read_manifest,
    refuse_damaged,
    refuse_unfit,
    share_of,
    strangers_message,
    tables_there,
    text_of,
    told_by,
    write_journal,
)

__all__ = [
    "DirectoryFault", "DirectoryInUse", "DiskFault", "OutputDirectory", "Standing", "changed_fields", "read_manifest", "read_parts",
    "table_of", "write_parts",
]  # fmt: skip


@dataclass(eq=False)
class OutputDirectory:
    """The folder a simulation leaves its results in, open for one program, or for several that each do their share.

    Entering looks and refuses, and makes nothing; `begin`, or the first write, makes the folder; `finish` writes the manifest. Whatever
    is left without a manifest is unfinished, and the same command takes it up again. `identity` holds what must be equal for two
    simulations to share a folder (the resolved scenario or its hash, seed, months, version, what is kept); `size`, which counts what
    `counted` names, may grow, and so may the entries of the identity named by `growing`. `fresh` replaces what the folder holds;
    `ignoring` names entries of the identity that may differ; `make_parents` also makes missing folders above. With a `share` ("3/64")
    several programs add to the work folder at once; none of them writes results or finishes.

    Raises: DirectoryFault (exit 2), DirectoryInUse (4) and DiskFault (5), on entering or on beginning.
    """

    path: Path
    identity: Mapping[str, Any]
    size: int
    _: KW_ONLY
    counted: str = "runs"
    growing: Collection[str] = ()
    fresh: bool = False
    ignoring: Collection[str] = ()
    make_parents: bool = False
    share: str | None = None
    standing: Standing = field(default=Standing.NEW, init=False)

    def __post_init__(self) -> None:
        self.path = Path(self.path)
        self.identity = plain(self.identity)
        self.share = share_of(self.share, self.fresh)
        self._held = Told()
        self._lock = DirectoryLock(self.path, self.work, self.share)
        self._begun = self._made = self._published = self._finished = False

    @classmethod
    def existing(cls, path: Path | str) -> Self:
        """A finished directory, to add charts or a report to.

        Raises: DirectoryFault when the folder has no manifest of ours.
        """
        told = told_by(read_manifest(path))
        return cls(Path(path), told.identity, told.size, counted=told.counted)

    @property
    def told(self) -> dict[str, Any]:
        """What the caller of an earlier `finish` had to tell: counts, timings."""
        return self._held.rest

    @property
    def work(self) -> Path:
        """The folder for what is not finished; it goes when the manifest is written."""
        return self.path / WORK

    @property
    def sentence(self) -> str:
        """What the directory holds, for the reader of the terminal."""
        held = f"{self._held.size} {self.counted}"
        gone = [name for name in self._held.files if not self._has(name)]
        lost = f"; {gone[0]} is missing, and --fresh would make everything anew" if gone else ""
        return {
            Standing.NEW: f"{self.path} is new",
            Standing.UNFINISHED: f"{self.path} holds an unfinished start of this simulation; it is taken up again",
            Standing.FINISHED: f"{self.path} is finished: {held} of the same scenario, seed and version{lost}",
            Standing.GROWING: f"{self.path} holds {held} of this simulation; {self.size - self._held.size} are added",
        }[self.standing]

    def _has(self, name: str) -> bool:
        return (self.path / name).is_file()

    def __enter__(self) -> Self:
        refuse_unfit(self.path, self.make_parents)
        if self.path.exists():
            self._lock.take()
            try:
                with self._lock.alone():
                    self._look()
            except BaseException:
                self._lock.release()
                raise
        return self

    def _look(self) -> None:
        held = ours(self.path)
        if held is None:
            raise DirectoryFault(strangers_message(self.path))
        self._held = held
        if self.fresh or held == Told():
            return
        changes = changed_fields(held.identity, self.identity, self.ignoring, self.growing)
        if held.counted != self.counted:
            changes.append(("counted", held.counted, self.counted))
        finished = held.finished and tables_there(self.path, held.files)
        if finished and self.size < held.size:
            changes.append((self.counted, held.size, self.size))
        if changes:
            raise DirectoryFault(changes_message(self.path, changes))
        if not finished:
            self.fresh = held.rest.get("clearing", False)  # whoever was told to replace what was there did not get to its end
            self.standing = Standing.NEW if self.fresh else Standing.UNFINISHED
            return
        grown = self.size > held.size or has_grown(held.identity, self.identity, self.growing)
        self.standing = Standing.GROWING if grown else Standing.FINISHED
        if self.share is None:
            self._drop_leftovers()

    def _drop_leftovers(self) -> None:
        """Clear a work folder unless it holds the growth of what is finished: its program was killed before it could."""
        begun = mapping_in(text_of(self.work / BEGUN))
        with disk_faults(self.work, "removed"):
            for name in (MANIFEST, *(name for name in journal_names(self.path) if is_inside(self.path, name))):
                remove_leftovers(self.path / name)
            if begun is None or not self._would_grow(told_by(begun)):
                clear_work(self.work)

    def _would_grow(self, begun: Told) -> bool:
        """Whether somebody began to make what is finished larger."""
        ignored = {*self.ignoring, *self.growing}
        larger = begun.size > self._held.size or has_grown(self._held.identity, begun.identity, self.growing)
        return larger and not changed_fields(self._held.identity, begun.identity, ignored)

    def verify(self, *folders: str) -> None:
        """Check every byte of a finished directory, or of some of its folders, against the digests in its manifest.

        Raises: DiskFault, with every file that is damaged or missing: before rows of a finished directory are used again.
        """
        refuse_damaged(self.path, {name: each for name, each in self._held.files.items() if not folders or name.split("/")[0] in folders})

    def begin(self) -> None:
        """Make the folder, or take up the one that is there, and note whose it is.

        Called once the input is known to be good and before the first run; the writes call it if nobody did.

        Raises: DirectoryInUse, DiskFault.
        """
        if self._begun:
            return
        with disk_faults(self.path, "made"):
            if not self._lock.held:
                self._make()
            self._refuse_swapped()
            with self._lock.alone():
                if self.share is None or not self._is_begun():
                    self._begin_alone()
                self._lock.take_share()
        self._begun = True

    def _make(self) -> None:
        self.path.mkdir(parents=self.make_parents, exist_ok=True)
        self._made = True
        self._lock.take()
        if self.share is None and ours(self.path) != Told():
            raise DirectoryInUse(f"{self.path} was made by another program in the meantime; run the same command again")

    def _is_begun(self) -> bool:
        """Whether another share has begun all of this simulation since we looked."""
        self._look()
        if self.standing is Standing.FINISHED:
            raise DirectoryInUse(f"{self.path} was finished by another program in the meantime; run the same command again")
        begun = mapping_in(text_of(self.work / BEGUN))
        return begun is not None and begun["identity"] == self.identity and told_by(begun).size >= self.size

    def _begin_alone(self) -> None:
        known = [name for name in self._held.files if is_inside(self.path, name)]
        if self.fresh:
            clear_work(self.work, but=(BEGUN, JOURNAL))
        self.work.mkdir(exist_ok=True)
        write_journal(self.work, known)
        self._note_beginning()
        if self.fresh:
            self._clear(known)
            write_journal(self.work, [])
            self.fresh = False
            self._note_beginning()
        for name in (MANIFEST, *known):
            remove_leftovers(self.path / name)

    def _note_beginning(self) -> None:
        """Note whose the folder is, from now on if no manifest says otherwise, and whether it is still to be cleared."""
        note = {"program": PROGRAM, "identity": self.identity, "counted": self.counted, self.counted: self.size}
        remove_leftovers(self.work / BEGUN)
        with whole_file(self.work / BEGUN) as temporary:
            temporary.write_text(json_text(note | ({"clearing": True} if self.fresh else {})), encoding="utf-8")

    def _clear(self, known: list[str]) -> None:
        """Delete what our manifest or journal names, and nothing else."""
        (self.path / MANIFEST).unlink(missing_ok=True)
        sync(self.path)
        for name in known:
            remove_file(self.path, name)
        self._held = Told()

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
        self._claim(name)
        path = self.path / name
        with disk_faults(path.parent, "made"):
            path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as temporary:
            yield temporary

    def write_table(self, folder: str, table: pa.Table) -> list[Path]:
        """Write a table as the canonical parts of a folder, as `write_stream` does."""
        return self.write_stream(folder, [table])

    def write_stream(self, folder: str, tables: Iterable[pa.Table]) -> list[Path]:
        """Write the rows of tables of any length, one after the other, as the canonical parts of a folder.

        The bytes are those of one table of all rows; no more than a part and a table are held in memory. Parts that an earlier, longer
        table left are dropped. Over a finished directory the old manifest goes before the first part: rows and manifest never disagree.

        Raises: ValueError where there is no table, or one has other columns than the first.
        """
        names: list[str] = []
        for part in recut(tables):
            names.append(f"{folder}/{part_name(len(names))}")
            with self.replacing(names[-1]) as temporary:
                self._withdraw_manifest()
                write_part(temporary, part)
        for name in journal_names(self.path):
            if PurePosixPath(name).parent == PurePosixPath(folder) and name.endswith(".parquet") and name not in names:
                remove_file(self.path, name)
        return [self.path / name for name in names]

    def _withdraw_manifest(self) -> None:
        with disk_faults(self.path / MANIFEST, "removed"):
            (self.path / MANIFEST).unlink(missing_ok=True)
            sync(self.path)

    def _claim(self, name: str) -> None:
        """Note a name in the journal before it is written, so that a later clearing knows it as ours."""
        if not is_inside(self.path, name):
            raise DirectoryFault(f"{name} is no name for a file inside {self.path}")
        self._refuse_share()
        self.begin()
        self._refuse_swapped()
        self._published = True
        add_to_journal(self.work, name)

    def _refuse_swapped(self) -> None:
        if not self._lock.in_place:
            raise DirectoryFault(f"{self.path} was moved or replaced while it was being written; nothing more is written")

    def _refuse_share(self) -> None:
        if self.share is not None:
            raise RuntimeError(f"share {self.share} only adds to the work folder; results are written by a program without a share")

    def finish(self, manifest: Mapping[str, Any] | None = None) -> Path:
        """Write the manifest, the last file of all, and clear the work folder.

        `manifest` is what the caller has to tell (versions, counts, timings); program, identity, size and the
        files with their sizes and digests are added. None keeps what an earlier manifest told.
        """
        self._refuse_share()
        self.begin()
        self._refuse_swapped()
        told = self._held.rest if manifest is None else plain(manifest)
        with disk_faults(self.path, "read"):
            files = {name: description(self.path / name) for name in journal_names(self.path) if self._has(name)}
        first = {"program": PROGRAM, "identity": self.identity, "counted": self.counted, self.counted: self.size, "files": files}
        with whole_file(self.path / MANIFEST) as temporary:
            temporary.write_text(json_text(first | {key: value for key, value in told.items() if key not in first}), encoding="utf-8")
        self._finished = True
        with disk_faults(self.work, "removed"):
            clear_work(self.work)
        return self.path / MANIFEST

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        untouched = self._begun and not (self._finished or self._published or self.standing is Standing.UNFINISHED)
        if untouched and self.share is None:
            with suppress(OSError):
                if is_untouched(self.path):
                    clear_work(self.work)
        self._lock.release()
        if self._made:
            with suppress(OSError):  # not empty: there is something to keep
                self.path.rmdir()
