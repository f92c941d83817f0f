"""Claim files: what the documents claim, as arms of a scenario, measures of each history, and what is expected of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.scenario.claim_checks import check_bare, check_claim
from sim.scenario.claim_file import Expectation, Measure, Own, ReadingsFile
from sim.scenario.claim_file import Reading as ReadingFile
from sim.scenario.claim_grounds import OWN_GROUND, Ground, OtherGround, Reading, Worlds
from sim.scenario.experiment_checks import check_arms
from sim.scenario.explaining import explain
from sim.scenario.factors import Own as OwnOfExperiment
from sim.scenario.faults import FaultList, Mark, unknown
from sim.scenario.layers import Source, found_beside, layered
from sim.scenario.nodes import Mapping, Scalar, plain, tree
from sim.scenario.places import Place
from sim.scenario.reading import Vocabulary, opened
from sim.scenario.references import child
from sim.scenario.relabelling import Axes
from sim.scenario.schema import Scenario

__all__ = ["Claim", "ClaimReader", "ClaimVocabulary", "Ground", "OtherGround", "Reading", "read_claim", "read_readings"]

KEYS = tuple(dict.fromkeys(field.alias or name for name, field in Own.model_fields.items()))
OF_EXPERIMENTS = tuple(key for key in OwnOfExperiment.model_fields if key != "arms")
TOP_OF_OWN = Place("model", Own, wanted="a mapping (key: value lines)")
TOP_OF_READINGS = Place("model", ReadingsFile, wanted="a mapping (key: value lines)")

# For a measure read off a variable or an outcome: what is wrong with it, as (key, message), nothing where all is well.
Unmeasurable = Callable[[Scenario, Measure], tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class ClaimVocabulary(Vocabulary):
    """Names that floors above know and a claim may use; where nothing is given they are not checked. `axes` are those of variables."""

    unmeasurable: Unmeasurable | None = None
    readings: tuple[str, ...] | None = None
    axes: Axes = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """A claim, resolved: a scenario for each arm, measures, and what is expected. `named` are the particular countries it speaks of.

    Where the model cannot express it, `not_expressible` says why, and there are no arms.
    """

    id: str
    title: str
    note: str
    path: Path
    arms: MappingOf[str, Scenario]
    measures: MappingOf[str, Measure]
    expect: tuple[Expectation, ...]
    runs: int
    seed: int | None
    readings: tuple[str, ...] | None = None
    not_expressible: str = ""
    named: tuple[str, ...] = ()


def read_claim(path: str | Path, vocabulary: ClaimVocabulary | None = None) -> Claim:
    """The claim in a file, with its arms resolved.

    Raises: ScenarioFaults, with everything that is wrong, each at its line and column.
    """
    return ClaimReader(vocabulary or ClaimVocabulary()).claim(path)


def read_readings(path: str | Path) -> tuple[Reading, ...]:
    """The readings in a file, each with the scenario file it names.

    Raises: ScenarioFaults.
    """
    faults = FaultList()
    source, text = opened(path, faults)
    root = tree(text, source.name, faults)
    faults.refuse()
    assert root is not None
    try:
        asked = ReadingsFile.model_validate(plain(root))
    except ValidationError as error:
        explain(error, root, faults, TOP_OF_READINGS)
        faults.refuse()
        raise
    found = tuple(_reading(source, own, root, faults) for own in asked.readings)
    faults.refuse()
    return tuple(reading for reading in found if reading is not None)


def _reading(source: Source, own: ReadingFile, root: Mapping, faults: FaultList) -> Reading | None:
    node = Mapping(root.mark, {"extends": Scalar(root.mark, own.extends, own.extends, True)}, {"extends": root.mark})
    if layered(source, node, faults) is None:
        return None
    there, _ = found_beside(source, own.extends)
    assert there is not None and there.path is not None
    return Reading(own.id, own.title, there.path)


@dataclass
class ClaimReader:
    """Reads claims over any ground, and each world that they stand on only once."""

    vocabulary: ClaimVocabulary
    _worlds: Worlds = field(init=False)

    def __post_init__(self) -> None:
        self._worlds = Worlds(self.vocabulary, self.vocabulary.axes)

    def claim(self, path: str | Path, ground: Ground = OWN_GROUND) -> Claim:
        """The claim in a file, over a ground.

        Raises: ScenarioFaults; OtherGround where the claim does not stand on what the ground replaces.
        """
        faults = FaultList()
        source, text = opened(path, faults)
        return _Reading(self._worlds, source, ground, faults).claim(text)


class _Reading:
    """A claim being read; faults gather until the end."""

    def __init__(self, worlds: Worlds, source: Source, ground: Ground, faults: FaultList) -> None:
        self.worlds, self.source, self.ground, self.faults = worlds, source, ground, faults
        self._told: set[tuple[str, int, int, str]] = set()

    def claim(self, text: str) -> Claim:
        """The claim that a text makes.

        Raises: ScenarioFaults; OtherGround.
        """
        root = tree(text, self.source.name, self.faults)
        self.faults.refuse()
        assert root is not None
        own = Mapping(root.mark)
        for key in [key for key in KEYS if key in root.values]:
            own.values[key], own.keys[key] = root.values.pop(key), root.keys.pop(key)
        check_arms(own, (*KEYS, *OF_EXPERIMENTS), self.faults)
        asked = self.asked(own)
        check_claim(own, self.faults)
        is_run = "not_expressible" not in own.values
        arms = self.arms(root, own) if is_run else {}
        if not is_run:
            check_bare(root, KEYS, self.faults)
        if is_run and asked is not None and not self.faults.found and self.ground == OWN_GROUND:
            self.check_same(own, arms)
            self.check_measures(own, asked, arms)
        if asked is not None:
            self.check_readings(own, asked)
        self.faults.refuse()
        assert asked is not None and self.source.path is not None
        return Claim(
            asked.claim, asked.title, asked.note, self.source.path, arms, asked.measures, tuple(asked.expect), asked.ensemble.runs,
            asked.ensemble.seed, tuple(asked.readings) if asked.readings is not None else None, asked.not_expressible or "",
            _named((root, own), arms),
        )  # fmt: skip

    def asked(self, own: Mapping) -> Own | None:
        """What the schema makes of the claim's own keys."""
        try:
            return Own.model_validate(plain(own))
        except ValidationError as error:
            explain(error, own, self.faults, TOP_OF_OWN)
            return None

    def arms(self, root: Mapping, own: Mapping) -> dict[str, Scenario]:
        """The scenario of each arm, as far as it can be read."""
        written = own.values.get("arms")
        found: dict[str, Scenario] = {}
        if not isinstance(written, Mapping):
            return found
        base = _extends_of(root)
        for name, arm in written.values.items():
            if not isinstance(arm, Mapping):
                continue
            inner, says = FaultList(), frozenset(arm.values)
            extends = _extends_of(arm) or base
            if extends is None:
                told = "the claim extends nothing, and neither does this arm; write extends: western_balkans_2017.yaml at the top"
                self.faults.add(written.keys[name], "E041", f"arms.{name}", told)
                continue
            layers = self.worlds.layers(self.source, extends, inner)
            made = self.worlds.scenario(*self.worlds.laid(layers, self.ground), (root, arm), inner) if layers else None
            self.tell(name, says, inner)
            if made is not None:
                found[name] = made
        return found

    def tell(self, name: str, says: frozenset[str], inner: FaultList) -> None:
        """Note the faults of an arm that no other arm had before it; what the arm says itself is told as its own."""
        for fault in inner.found:
            place = (fault.file, fault.line, fault.column, fault.code)
            if place not in self._told:
                is_own = fault.file != self.source.name or re.split(r"[.\[]", fault.path)[0] in says
                path = f"arms.{name}.{fault.path}" if is_own else fault.path
                self.faults.add(Mark(fault.file, fault.line, fault.column), fault.code, path, fault.message)
            self._told.add(place)

    def check_same(self, own: Mapping, arms: MappingOf[str, Scenario]) -> None:
        """No two arms are the same world."""
        seen: list[tuple[str, Scenario]] = []
        for name, arm in arms.items():
            bare = arm.model_copy(update={"title": "", "note": ""})
            other = next((before for before, known in seen if known == bare), None)
            if other is not None:
                told = f"'{name}' and '{other}' are the same scenario; nothing would differ"
                self.faults.add(_key(own, "arms", name), "E042", f"arms.{name}", told)
            seen.append((name, bare))

    def check_measures(self, own: Mapping, asked: Own, arms: MappingOf[str, Scenario]) -> None:
        """Every measure can be read off the histories of every arm."""
        known = self.worlds.vocabulary
        if not isinstance(known, ClaimVocabulary) or known.unmeasurable is None:
            return
        for name, measure in asked.measures.items():
            for arm in {id(arm): arm for arm in arms.values()}.values():
                for key, message in known.unmeasurable(arm, measure):
                    mark = _key(child(own.values["measures"], name), *key.split("."))
                    self.faults.add(mark, "E040", f"measures.{name}.{key}", message)

    def check_readings(self, own: Mapping, asked: Own) -> None:
        """Every reading that the claim names is one."""
        vocabulary = self.worlds.vocabulary
        known = vocabulary.readings if isinstance(vocabulary, ClaimVocabulary) else None
        for number, name in enumerate(asked.readings or ()):
            if known is not None and name not in known:
                self.faults.add(_key(own, "readings"), "E047", f"readings[{number}]", unknown("reading", name, known))


def _extends_of(root: Mapping) -> Mapping | None:
    """The word `extends` of a tree, taken off it."""
    if "extends" not in root.values:
        return None
    return Mapping(root.mark, {"extends": root.values.pop("extends")}, {"extends": root.keys.pop("extends")})


def _key(node: Any, *keys: str) -> Mark:
    """Where a key stands, or the last above it that is there."""
    mark: Mark = node.mark
    for key in keys:
        if not isinstance(node, Mapping) or key not in node.keys:
            break
        mark, node = node.keys[key], node.values[key]
    return mark


def _named(trees: Iterable[Mapping], arms: MappingOf[str, Scenario]) -> tuple[str, ...]:
    """The countries that a claim names in what it changes and measures; none where it names most of them."""
    countries = {name for arm in arms.values() for name in arm.countries}
    words = {part for node in trees for text in _texts(plain(node), skip=("title", "note")) for part in text.split(".")}
    named = sorted(countries & words)
    return tuple(named) if len(named) <= len(countries) / 2 else ()


def _texts(given: Any, skip: tuple[str, ...] = ()) -> Iterable[str]:
    """Every word of plain values: keys and texts."""
    if isinstance(given, str):
        yield given
    elif isinstance(given, list):
        for item in given:
            yield from _texts(item)
    elif isinstance(given, dict):
        for key, value in given.items():
            if key not in skip:
                yield str(key)
                yield from _texts(value)
