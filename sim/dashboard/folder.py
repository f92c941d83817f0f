"""Which files the page may open: scenarios in the folder of the one it was started with, and those that come with the program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from sim.outcomes import outcome_names
from sim.scenario.faults import Fault, FaultList, Mark, ScenarioFaults, shown
from sim.scenario.layers import Source, found_beside, path_refusal, shipped_folder
from sim.scenario.reading import Vocabulary, read_scenario
from sim.scenario.schema import Scenario
from sim.watching import unwatchable

# What the page calls the two folders; a file is called "here/name.yaml" or "shipped/name.yaml".
HERE, SHIPPED = "here", "shipped"
MOST_FILES = 300
ENDINGS = (".yaml", ".yml")
VOCABULARY = Vocabulary(outcomes=outcome_names, watches=unwatchable)


@dataclass(frozen=True)
class Folders:
    """The folder that was opened and that of the program; nothing outside them is read."""

    here: Path
    shipped: Path | None

    def names(self) -> list[str]:
        """Scenario files that can be opened, those of the opened folder first. Worlds, which are extended and not run, are left out."""
        roots = {HERE: self.here} | ({SHIPPED: self.shipped} if self.shipped is not None and self.shipped != self.here else {})
        return [f"{root}/{file}" for root, folder in roots.items() for file in _scenarios(folder)][:MOST_FILES]

    def path(self, name: str) -> Path:
        """Where a file lies that the page calls by a name.

        Raises: ScenarioFaults, for a name that leads anywhere else or to nothing.
        """
        root, _, word = name.partition("/")
        folder = {HERE: self.here, SHIPPED: self.shipped}.get(root)
        refusal = "is in neither of the two folders" if folder is None else path_refusal(word, ENDINGS)
        if folder is None or refusal:
            raise _refused(name, "E060", refusal)
        found, outside = found_beside(Source(word, folder / "here.yaml", folder), word, among_shipped=False)
        if found is None or found.path is None:
            told = "leads out of the folder by a link, or is not a regular file" if outside else "there is no such file"
            raise _refused(name, "E060" if outside else "E062", told)
        return found.path

    def read(self, name: str) -> Scenario:
        """The scenario in a file; its faults speak of files by their names in the folder, never by where they lie on the disk.

        Raises: ScenarioFaults.
        """
        path = self.path(name)
        try:
            return read_scenario(path, VOCABULARY)
        except ScenarioFaults as faults:
            raise ScenarioFaults([_relative(fault, self) for fault in faults.faults]) from None


def _relative(fault: Fault, folders: Folders) -> Fault:
    """A fault with the folder cut from the name of its file."""
    for folder in (folders.here, folders.shipped):
        if folder is not None and fault.file.startswith(f"{folder}{os.sep}"):
            return replace(fault, file=fault.file[len(str(folder)) + 1 :])
    return fault


def folders_of(path: Path) -> tuple[Folders, str]:
    """The folders of a scenario, and what the page calls its file."""
    real, shipped = Path(os.path.realpath(path)), shipped_folder()
    folders = Folders(real.parent, Path(os.path.realpath(shipped)) if shipped is not None else None)
    return folders, f"{HERE}/{real.name}"


def _scenarios(folder: Path) -> Iterator[str]:
    """Names of the YAML files of a folder, in order; those that the page could not say or that may not be read are left out."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        real = Path(os.path.realpath(folder / name))
        speakable = name.isprintable() and not name.startswith(".") and not path_refusal(name, ENDINGS)
        # A link that leads round in a ring is no file either, which Path says without raising.
        if speakable and real.is_relative_to(folder) and real.is_file():
            yield name


def _refused(name: str, code: str, message: str) -> ScenarioFaults:
    faults = FaultList()
    faults.add(Mark(shown(name, 120), 0, 0), code, "", message)
    return ScenarioFaults(faults.found)
