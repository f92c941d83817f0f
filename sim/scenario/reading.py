"""Scenario files into scenarios: read, laid over what they extend, checked against the schema and against themselves."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.coding import fill_coded
from sim.scenario.explaining import explain
from sim.scenario.faults import FaultList, Mark, shown
from sim.scenario.happenings import check_watches
from sim.scenario.layers import Source, decoded, layered, shipped_folder, text_of
from sim.scenario.nodes import Mapping, plain, tree
from sim.scenario.places import TOP, Place
from sim.scenario.references import check_outcomes, check_references, fill_usual
from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Vocabulary:
    """Names that floors above know and a scenario may use; where nothing is given they are not checked."""

    outcomes: Callable[[Scenario], frozenset[str]] | None = None
    watches: Callable[[Scenario, str], str] | None = None
    columns: Callable[[Scenario], frozenset[str]] | None = None
    variables: frozenset[str] | None = None


NOTHING_KNOWN = Vocabulary()


def read_scenario(path: str | Path, vocabulary: Vocabulary = NOTHING_KNOWN) -> Scenario:
    """The scenario in a file, resolved: laid over what it extends, with every default filled in.

    Raises: ScenarioFaults, with everything that is wrong, each at its line and column.
    """
    faults = FaultList()
    source, text = opened(path, faults)
    return _scenario(source, text, vocabulary, faults)


def read_text(text: str | bytes, name: str = "text", vocabulary: Vocabulary = NOTHING_KNOWN, folder: Path | None = None) -> Scenario:
    """The scenario in a text; `extends` looks in a folder if one is given, and among what comes with the program.

    Raises: ScenarioFaults.
    """
    faults = FaultList()
    source, known = given_text(text, name, folder, faults)
    return _scenario(source, known, vocabulary, faults)


def read_plain(path: str | Path) -> dict[str, Any]:
    """A YAML file of another kind, such as an experiment or a list of evidence, as plain values and as strictly read.

    Raises: ScenarioFaults.
    """
    faults = FaultList()
    source, text = opened(path, faults)
    root = tree(text, source.name, faults)
    faults.refuse()
    assert root is not None
    found: dict[str, Any] = plain(root)
    return found


def given_text(text: str | bytes, name: str, folder: Path | None, faults: FaultList) -> tuple[Source, str]:
    """A text that is no file, as if it were one of a folder.

    Raises: ScenarioFaults.
    """
    known = decoded(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text, name, faults)
    faults.refuse()
    assert known is not None
    root = Path(os.path.realpath(folder)) if folder is not None else None
    return Source(name, root / name if root is not None else None, root), known


def opened(path: str | Path, faults: FaultList) -> tuple[Source, str]:
    """A file and its text.

    Raises: ScenarioFaults.
    """
    if "\0" in str(path):
        faults.add(Mark(shown(str(path)), 0, 0), "E062", "", "there is no such file")
        faults.refuse()
    where = Path(os.path.realpath(scenario_file(path)))
    source = Source(str(path), where, where.parent)
    text = text_of(source, faults)
    faults.refuse()
    assert text is not None
    return source, text


def scenario_file(path: str | Path) -> Path:
    """Where a scenario file is: at its path, or else under that path among those that come with the program."""
    here = Path(path)
    shipped = shipped_folder()
    if here.is_absolute() or os.path.lexists(here) or ".." in here.parts or shipped is None:
        return here
    return next((there for there in (shipped / here, shipped.parent / here) if os.path.isfile(there)), here)


def _scenario(source: Source, text: str, vocabulary: Vocabulary, faults: FaultList) -> Scenario:
    """The scenario that a text and all it extends make."""
    root = tree(text, source.name, faults)
    whole = layered(source, root, faults) if root is not None else None
    scenario = resolved(whole, vocabulary, faults) if whole is not None else None
    faults.refuse()
    assert scenario is not None
    return scenario


def resolved(root: Mapping, vocabulary: Vocabulary, faults: FaultList, top: Place = TOP) -> Scenario | None:
    """The scenario that a tree makes, once laid over what it extends; its coded and usual numbers are filled in.

    `top` knows the keys of the whole file, of which the tree may be a part.
    """
    fill_coded(root, faults)
    fill_usual(root)
    scenario = _validated(root, faults, top)
    check_references(root, faults)
    if scenario is not None and scenario.outcomes and vocabulary.outcomes is not None:
        check_outcomes(root, vocabulary.outcomes(scenario), faults)
    if scenario is not None and not faults.found and vocabulary.watches is not None:
        check_watches(scenario, root, vocabulary.watches, faults)
    return scenario


def _validated(root: Mapping, faults: FaultList, top: Place) -> Scenario | None:
    """What the schema makes of a tree."""
    try:
        return Scenario.model_validate(plain(root))
    except ValidationError as error:
        explain(error, root, faults, top)
        return None
