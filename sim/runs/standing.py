"""What a folder already holds: nothing, a simulation of ours and how far it got, or something that is not ours."""

import hashlib
import json
import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from sim.runs.disk import DirectoryLock, DiskFault, disk_faults, is_temporary, remove_leftovers, remove_tree, whole_file
from sim.scenario.faults import SuasionError

PROGRAM = "suasion"
MANIFEST = "manifest.json"
REPORT = "report.html"
WORK = ".work"  # what is not finished: the next three names are inside it
BEGUN = "begun.json"  # which simulation is being written
JOURNAL = "journal"  # every name we are about to write, a line each
SET_ASIDE = "set_aside"  # what was found among our work and is damaged, or not ours; we never delete it
LOCKS = frozenset({DirectoryLock.NAME, DirectoryLock.BEGINNING})
RESERVED = frozenset({MANIFEST, WORK}) | LOCKS


class DirectoryFault(SuasionError):
    """The output directory is something else's, or holds another simulation."""


class Standing(StrEnum):
    """What an output directory already holds of the simulation that asks for it."""

    NEW = "new"
    UNFINISHED = "unfinished"
    FINISHED = "finished"
    GROWING = "growing"  # finished, and smaller than what is asked for now


@dataclass(frozen=True)
class Told:
    """What a manifest, or a note of beginning, tells: whose simulation it is, how large, and its files.

    `size` counts what `counted` names ("runs", "rows"); `files` maps names to descriptions, empty ones while unfinished; `rest` is
    what the caller of an earlier `finish` had to tell.
    """

    identity: dict[str, Any] = field(default_factory=dict)
    counted: str = "runs"
    size: int = 0
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    rest: dict[str, Any] = field(default_factory=dict)
    finished: bool = False


def refuse_unfit(path: Path, make_parents: bool) -> None:
    """Refuse a path in which no output directory can be made.

    Raises: DirectoryFault for a file or a link; DiskFault where the folder above is missing or nothing may be written.
    """
    if path.is_symlink():
        raise DirectoryFault(f"{path} is a symbolic link; give the folder it points to")
    if path.exists() and not path.is_dir():
        raise DirectoryFault(f"{path} is a file; --out must be a folder, new or made by {PROGRAM}")
    for name in (MANIFEST, WORK):
        if (path / name).is_symlink():
            raise DirectoryFault(f"{path / name} is a symbolic link, and was not made by {PROGRAM}; use another --out")
    place = path if path.exists() else path.absolute().parent
    while make_parents and not place.exists() and place != place.parent:
        place = place.parent
    if not place.exists():
        raise DiskFault(f"{path} cannot be made: there is no folder {place}")
    if not place.is_dir():
        raise DiskFault(f"{path} cannot be made: {place} is a file")
    if not os.access(place, os.W_OK | os.X_OK):
        raise DiskFault(f"{path} cannot be written: no permission in {place}")


def ours(path: Path) -> Told | None:
    """What a folder holds of ours: an empty telling for an empty folder, None for a stranger's.

    A manifest that was cut tells whose it is as far as it goes, and counts as unfinished.
    """
    text = text_of(path / MANIFEST)
    manifest = mapping_in(text)
    if manifest is not None:
        return told_by(manifest, finished=True)
    begun = mapping_in(text_of(path / WORK / BEGUN))
    if begun is not None:
        return told_by({**begun, "files": {name: {} for name in journal_names(path)}})
    cut = mapping_in(text, cut=True)
    if cut is not None:
        return told_by(cut)
    there = {entry.name for entry in path.iterdir()} - LOCKS
    return Told() if not there or (there == {WORK} and is_wordless(path / WORK)) else None


def is_wordless(work: Path) -> bool:
    """Whether a work folder does not yet say whose it is: its program was killed right after making it."""
    temporary = all(is_temporary(name, BEGUN) or is_temporary(name, JOURNAL) or name == JOURNAL for name in os.listdir(work))
    return temporary and not text_of(work / JOURNAL)


def told_by(entries: Mapping[str, Any], finished: bool = False) -> Told:
    """What the entries of a manifest or of a note of beginning tell."""
    counted = entries.get("counted", "runs")
    rest = {key: value for key, value in entries.items() if key not in {"program", "identity", "counted", counted, "files"}}
    return Told(entries["identity"], counted, entries[counted], entries.get("files", {}), rest, finished)


def text_of(path: Path) -> str:
    """The text of a file, empty where there is none that can be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def mapping_in(text: str, *, cut: bool = False) -> dict[str, Any] | None:
    """A JSON mapping that this program wrote, or None. Of one that was `cut` short, the entries before the cut."""
    try:
        value = entries_before_a_cut(text) if cut else json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or value.get("program") != PROGRAM or not isinstance(value.get("identity"), dict):
        return None
    files = value.get("files", {})
    described = isinstance(files, dict) and all(isinstance(each, dict) for each in files.values())
    return value if described and isinstance(value.get(value.get("counted", "runs")), int) else None


def entries_before_a_cut(text: str) -> dict[str, Any]:
    """The entries of a JSON mapping that are whole, up to where the text stops making sense."""
    reader, found, place = json.JSONDecoder(), {}, 0
    while opening := re.compile(r'\s*[{,]\s*(?=")').match(text, place):
        try:
            key, place = reader.raw_decode(text, opening.end())
            colon = re.compile(r"\s*:\s*").match(text, place)
            if colon is None:
                break
            found[key], place = reader.raw_decode(text, colon.end())
        except (ValueError, RecursionError):
            break
    return found


def read_manifest(path: Path | str) -> dict[str, Any]:
    """The manifest of a finished output directory.

    Raises: DirectoryFault when there is none of ours.
    """
    manifest = mapping_in(text_of(Path(path) / MANIFEST))
    if manifest is None:
        raise DirectoryFault(f"{path} holds no finished simulation: it has no {MANIFEST} of {PROGRAM}")
    return manifest


def tables_there(path: Path, files: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether every table that a manifest names is there in its full size. Charts and reports can be made again from tables."""
    tables = {name: described for name, described in files.items() if name.endswith(".parquet")}
    return all((path / name).is_file() and (path / name).stat().st_size == each.get("bytes") for name, each in tables.items())


def seed_held(path: Path) -> int | None:
    """The seed of the simulation that a folder holds, so that one whose seed nobody gave can be taken up again."""
    held = ours(path) if path.is_dir() else None
    seed = held.identity.get("seed") if held is not None else None
    return seed if isinstance(seed, int) else None


def damaged_files(path: Path, files: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Which of the files that a manifest describes are no longer what they were, each with what is wrong with it."""
    found = {}
    for name, described in files.items():
        if "sha256" not in described:
            continue
        try:
            with (path / name).open("rb") as file:
                size, digest = os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            found[name] = "is missing" if isinstance(error, FileNotFoundError) else f"could not be read: {error.strerror}"
            continue
        if size != described.get("bytes"):
            found[name] = f"has {size:,} bytes instead of {described.get('bytes'):,}"
        elif digest != described["sha256"]:
            found[name] = "was changed: its bytes do not fit the digest in the manifest"
    return found


def refuse_damaged(path: Path, files: Mapping[str, Mapping[str, Any]]) -> None:
    """Refuse a folder of which files are no longer what its manifest describes.

    Raises: DiskFault, naming them all.
    """
    wrong = damaged_files(path, files)
    if wrong:
        raise DiskFault("\n  ".join([f"{path} is damaged; --fresh makes it anew", *(f"{name} {what}" for name, what in wrong.items())]))


def write_journal(work: Path, names: list[str]) -> None:
    """Write the journal anew, with nothing torn in it.

    Raises: DiskFault.
    """
    remove_leftovers(work / JOURNAL)
    with whole_file(work / JOURNAL) as temporary:
        temporary.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")


def add_to_journal(work: Path, name: str) -> None:
    """Note a name, and wait until it is on the disk.

    Raises: DiskFault.
    """
    with disk_faults(work / JOURNAL, "written"), (work / JOURNAL).open("a", encoding="utf-8") as journal:
        journal.write(f"{name}\n")
        journal.flush()
        os.fsync(journal.fileno())


def journal_names(path: Path) -> list[str]:
    """The names noted in the journal, each once; a last line without its end was never begun and is left out."""
    return list(dict.fromkeys(text_of(path / WORK / JOURNAL).split("\n")[:-1]))


def clear_work(work: Path, but: Collection[str] = ()) -> None:
    """Remove a work folder with all that is in it but some, and but what was set aside, which may not be ours.

    Raises: OSError.
    """
    for name in sorted(os.listdir(work)) if work.exists() else ():
        if name in but or (name == SET_ASIDE and os.listdir(work / name)):
            continue
        if (work / name).is_dir() and not (work / name).is_symlink():
            remove_tree(work / name)
        else:
            (work / name).unlink(missing_ok=True)
    with suppress(OSError):  # not empty, or not there
        work.rmdir()


def is_untouched(path: Path) -> bool:
    """Whether nothing has been made in a folder since it was begun, so that its work folder may go without a trace.

    The work folder stays where only it tells that the folder is ours, and there are a user's own files in it.
    """
    work = path / WORK
    idle = all(name in (BEGUN, JOURNAL) or ((work / name).is_dir() and not os.listdir(work / name)) for name in os.listdir(work))
    return idle and ((path / MANIFEST).exists() or set(os.listdir(path)) <= {WORK} | LOCKS)


def is_inside(path: Path, name: str) -> bool:
    """Whether a name stays inside the folder: relative, nothing upwards, no link on its way, none of our own files."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\n" in name or parts[0] in RESERVED:
        return False
    return not any(path.joinpath(*parts[:depth]).is_symlink() for depth in range(1, len(parts)))


def strangers_message(path: Path) -> str:
    """The refusal of a folder that holds something that is not ours."""
    manifest = text_of(path / MANIFEST)
    if manifest and PROGRAM in manifest and mapping_in(manifest) is None:
        return f"{path} has a damaged {MANIFEST}, which no longer tells whose it is; move it away or use another --out"
    return f"{path} is not empty and was not made by {PROGRAM}: it has no {MANIFEST}; use another --out"


def share_of(share: str | None, fresh: bool = False) -> str | None:
    """A share as it is told, "3/64": the third of sixty-four.

    Raises: DirectoryFault for anything else, and where the folder is to be cleared by each of its shares.
    """
    if share is None:
        return None
    number, _, of = share.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise DirectoryFault(f"'{share}' is no share; write the share's number and how many there are, such as 3/64")
    if fresh:
        raise DirectoryFault("--fresh would clear the folder under the other shares; clear it once, before the shares start")
    return f"{int(number)}/{int(of)}"
