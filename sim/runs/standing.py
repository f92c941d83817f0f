"""What a folder already holds: nothing, a simulation of ours and how far it got, or something that is not ours."""

import json
import os
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from sim.runs.disk import DirectoryLock, DiskFault, temporary_name
from sim.scenario.faults import SuasionError

PROGRAM = "suasion"
MANIFEST = "manifest.json"
WORK = ".work"  # what is not finished: the next three names are inside it
BEGUN = "begun.json"  # which simulation is being written
JOURNAL = "journal"  # every name we are about to write, a line each
RESERVED = frozenset({MANIFEST, WORK, DirectoryLock.NAME})


class DirectoryFault(SuasionError):
    """The output directory is something else's, or holds another simulation."""


class Standing(StrEnum):
    """What an output directory already holds of the simulation that asks for it."""

    NEW = "new"
    UNFINISHED = "unfinished"
    FINISHED = "finished"
    GROWING = "growing"  # finished with fewer runs than are asked for now


def refuse_unfit(path: Path, make_parents: bool) -> None:
    """Refuse a path in which no output directory can be made.

    Raises: DirectoryFault for a file or a link; DiskFault where the folder above is missing or nothing may be written.
    """
    if path.is_symlink():
        raise DirectoryFault(f"{path} is a symbolic link; give the folder it points to")
    if path.exists() and not path.is_dir():
        raise DirectoryFault(f"{path} is a file; --out must be a folder, new or made by {PROGRAM}")
    place = path if path.exists() else path.absolute().parent
    while make_parents and not place.exists() and place != place.parent:
        place = place.parent
    if not place.exists():
        raise DiskFault(f"{path} cannot be made: there is no folder {place}")
    if not place.is_dir():
        raise DiskFault(f"{path} cannot be made: {place} is a file")
    if not os.access(place, os.W_OK | os.X_OK):
        raise DiskFault(f"{path} cannot be written: no permission in {place}")


def ours(path: Path) -> dict[str, Any] | None:
    """What a folder holds of ours: {} for an empty one, None for a stranger's.

    Otherwise its identity, runs, files (names to descriptions, empty while unfinished), what its manifest told, and
    whether it is finished.
    """
    manifest = mapping_in(path / MANIFEST)
    if manifest is not None:
        told = {key: value for key, value in manifest.items() if key not in {"program", "identity", "runs", "files"}}
        return {**{key: manifest[key] for key in ("identity", "runs", "files")}, "told": told, "finished": True}
    begun = mapping_in(path / WORK / BEGUN)
    if begun is not None:
        return {
            "identity": begun["identity"],
            "runs": begun["runs"],
            "files": {name: {} for name in journal_names(path)},
            "finished": False,
        }
    there = {entry.name for entry in path.iterdir()} - {DirectoryLock.NAME}
    # Killed right after its making, a folder has our lock and a work folder without a word in it.
    return {} if not there or (there == {WORK} and not set(os.listdir(path / WORK)) - {temporary_name(Path(BEGUN)).name}) else None


def mapping_in(path: Path) -> dict[str, Any] | None:
    """A JSON mapping that this program wrote, or None."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    wrote = isinstance(value, dict) and value.get("program") == PROGRAM
    return value if wrote and isinstance(value.get("identity"), dict) and isinstance(value.get("runs"), int) else None


def read_manifest(path: Path | str) -> dict[str, Any]:
    """The manifest of a finished output directory.

    Raises: DirectoryFault when there is none of ours.
    """
    manifest = mapping_in(Path(path) / MANIFEST)
    if manifest is None:
        raise DirectoryFault(f"{path} holds no finished simulation: it has no {MANIFEST} of {PROGRAM}")
    return manifest


def journal_names(path: Path) -> list[str]:
    """The names noted in the journal, each once; a last line without its end was never begun and is left out."""
    try:
        text = (path / WORK / JOURNAL).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    return list(dict.fromkeys(text.split("\n")[:-1]))


def is_inside(path: Path, name: str) -> bool:
    """Whether a name stays inside the folder: relative, nothing upwards, no link on its way, none of our own files."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\n" in name or parts[0] in RESERVED:
        return False
    return not any(path.joinpath(*parts[:depth]).is_symlink() for depth in range(1, len(parts)))
