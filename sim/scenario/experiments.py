"""Experiments: a scenario, what is varied in it and how, and what is looked at. One file a question; no logic stands in it."""

from __future__ import annotations

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from pydantic import ValidationError

from sim.scenario.changes import middle_of
from sim.scenario.distributions import Within
from sim.scenario.experiment_checks import check_arms, check_design, check_size, nearest_metric, unknown_name
from sim.scenario.explaining import explain
from sim.scenario.factor_checks import Numbers, check_factors, factors_of, fill_ranges
from sim.scenario.factors import MOST_ARMS, Design, ExperimentFile, Factor, Own, sample_size
from sim.scenario.faults import FaultList, Mark
from sim.scenario.hashing import scenario_hash
from sim.scenario.layers import Source, layered, merged
from sim.scenario.lists import Row, Wanted, listed_points
from sim.scenario.nodes import Mapping, Node, copied, plain, tree
from sim.scenario.places import Place, bounds_at, number_nodes
from sim.scenario.question_checks import asked_columns, check_actors, check_questions
from sim.scenario.questions import Discover, Goal, Tipping
from sim.scenario.reading import NOTHING_KNOWN, Vocabulary, given_text, opened, resolved
from sim.scenario.references import ITEMS, child, named, word
from sim.scenario.schema import Scenario

__all__ = ["Design", "Experiment", "ExperimentFile", "Factor", "experiment_of", "read_experiment", "read_experiment_text"]

EVERYWHERE = (float("-inf"), float("inf"))

KEYS = tuple(Own.model_fields)
TOP_OF_EXPERIMENT = Place("model", ExperimentFile, wanted="a mapping (key: value lines)")
TOP_OF_OWN = Place("model", Own, wanted="a mapping (key: value lines)")


@dataclass(frozen=True)
class Experiment:
    """An experiment, resolved: its scenario and each arm's, what varies over which values, and what is looked at.

    A file without arms has one, named "". `listed` holds the points of a list, each an arm and a value a factor, grouped by arm.
    """

    name: str
    title: str
    scenario: Scenario
    design: Design | None
    factors: tuple[Factor, ...]
    arms: MappingOf[str, Scenario]
    summary: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    listed: tuple[Row, ...] = ()
    discover: Discover | None = None
    tipping: Tipping | None = None
    goals: tuple[Goal, ...] = ()
    owners: MappingOf[str, str] = field(default_factory=dict)

    def dumped(self) -> dict[str, Any]:
        """What the experiment says beside its scenarios, as plain values; `experiment_of` makes it again with them."""
        return {
            "name": self.name,
            "title": self.title,
            "design": self.design.model_dump(mode="json", exclude_defaults=True) if self.design is not None else None,
            "factors": [factor.model_dump(mode="json", exclude_defaults=True) for factor in self.factors],
            "arms": list(self.arms),
            "summary": list(self.summary),
            "focus": list(self.focus),
            "listed": [[arm, list(values)] for arm, values in self.listed],
            **_questions_dumped(self),
        }


def experiment_of(own: MappingOf[str, Any], scenario: MappingOf[str, Any], arms: MappingOf[str, MappingOf[str, Any]]) -> Experiment:
    """The experiment that was dumped, with its scenario and those of its named arms as they were dumped."""
    ground = Scenario.model_validate(scenario)
    return Experiment(
        name=own["name"],
        title=own["title"],
        scenario=ground,
        design=Design.model_validate(own["design"]) if own["design"] is not None else None,
        factors=tuple(Factor.model_validate(factor) for factor in own["factors"]),
        arms={name: Scenario.model_validate(arms[name]) if name else ground for name in own["arms"]},
        summary=tuple(own["summary"]),
        focus=tuple(own["focus"]),
        listed=tuple((arm, tuple(values)) for arm, values in own["listed"]),
        discover=Discover.model_validate(own["discover"]) if own.get("discover") else None,
        tipping=Tipping.model_validate(own["tipping"]) if own.get("tipping") else None,
        goals=tuple(Goal.model_validate(goal) for goal in own.get("goals", ())),
        owners=dict(own.get("owners", {})),
    )


def _questions_dumped(experiment: Experiment) -> dict[str, Any]:
    """What is asked besides, as plain values; nothing where nothing is."""
    asked = {"discover": experiment.discover, "tipping": experiment.tipping}
    found: dict[str, Any] = {key: part.model_dump(mode="json", exclude_defaults=True) for key, part in asked.items() if part is not None}
    if experiment.goals:
        goals = [goal.model_dump(mode="json", by_alias=True, exclude_defaults=True) for goal in experiment.goals]
        found |= {"goals": goals, "owners": dict(experiment.owners)}
    return found


def read_experiment(path: str | Path, vocabulary: Vocabulary = NOTHING_KNOWN) -> Experiment:
    """The experiment in a file, with its scenario and its arms resolved.

    Raises: ScenarioFaults, with everything that is wrong, each at its line and column.
    """
    faults = FaultList()
    source, text = opened(path, faults)
    return _Reading(source, vocabulary, faults).experiment(text)


def read_experiment_text(
    text: str | bytes, name: str = "text", vocabulary: Vocabulary = NOTHING_KNOWN, folder: Path | None = None
) -> Experiment:
    """The experiment in a text; `extends` and lists are looked for in a folder if one is given.

    Raises: ScenarioFaults.
    """
    faults = FaultList()
    source, known = given_text(text, name, folder, faults)
    return _Reading(source, vocabulary, faults).experiment(known)


@dataclass(frozen=True)
class _World:
    """One arm while it is read: its whole tree, and the scenario it makes if it is well."""

    root: Mapping
    scenario: Scenario | None


class _Reading:
    """An experiment being read; faults gather until the end."""

    def __init__(self, source: Source, vocabulary: Vocabulary, faults: FaultList) -> None:
        self.source, self.vocabulary, self.faults = source, vocabulary, faults
        self._told: set[tuple[str, int, int, str]] = set()

    def experiment(self, text: str) -> Experiment:
        """The experiment that a text makes.

        Raises: ScenarioFaults.
        """
        root = tree(text, self.source.name, self.faults)
        if root is None:
            self.faults.refuse()
        assert root is not None
        own = _split(root)
        check_arms(own, KEYS, self.faults)
        worlds = self.worlds(root, own)
        numbers: dict[str, Numbers] = {name: number_nodes(world.root) for name, world in worlds.items()}
        fill_ranges(own, next(iter(numbers.values()), {}))
        asked = self.asked(own)
        check_design(own, root.mark, self.faults)
        check_factors(own, numbers, self.faults)
        check_questions(own, self.faults)
        scenarios = {name: world.scenario for name, world in worlds.items() if world.scenario is not None}
        self.check_names(own, list(scenarios.values()) if len(scenarios) == len(worlds) else [])
        arms = self.arms(own, scenarios)
        listed = self.listed(own, asked, tuple(children_of_arms(own)) or ("",)) if asked is not None else ()
        if asked is not None:
            self.check_work(own, asked, arms, len(listed))
        if not self.faults.found:
            self.check_same(own, arms)
            self.check_middles(own, asked, arms)
        self.faults.refuse()
        assert asked is not None
        first = next(iter(scenarios.values()))
        name = PurePath(self.source.name).stem
        design, factors = asked.design, tuple(asked.factors)
        questions = asked.discover, asked.tipping, tuple(asked.goals), asked.owners
        return Experiment(name, first.title, first, design, factors, arms, tuple(asked.summary), tuple(asked.focus), listed, *questions)

    def asked(self, own: Mapping) -> Own | None:
        """What the schema makes of the experiment's own keys."""
        try:
            return Own.model_validate(plain(own))
        except ValidationError as error:
            explain(error, own, self.faults, TOP_OF_OWN)
            return None

    def worlds(self, root: Mapping, own: Mapping) -> dict[str, _World]:
        """The scenario of the file itself, named "", and of each arm, as far as they can be read.

        Where the file extends nothing and every arm does, the file has no scenario of its own.
        """
        arms = {name: node for name, node in children_of_arms(own).items() if isinstance(node, Mapping)}
        found: dict[str, _World] = {}
        base: Node | None = None
        if "extends" in root.values or not arms or any("extends" not in arm.values for arm in arms.values()):
            base = layered(self.source, Mapping(root.mark, dict(root.values), dict(root.keys)), self.faults)
            if isinstance(base, Mapping):
                found[""] = self.world("", base)
        root.values.pop("extends", None), root.keys.pop("extends", None)
        for name, arm in arms.items() if len(arms) <= MOST_ARMS else ():
            ground = self.ground(name, root, arm) if "extends" in arm.values else base
            whole = merged(ground, arm) if ground is not None else None
            if ground is base and not arm.values and "" in found:
                found[name] = found[""]
            elif isinstance(whole, Mapping):
                found[name] = self.world(name, whole)
        return found

    def ground(self, name: str, root: Mapping, arm: Mapping) -> Node | None:
        """What an arm's own `extends` leads to, with the experiment's scenario keys over it."""
        extends = Mapping(arm.mark, {"extends": arm.values.pop("extends")}, {"extends": arm.keys.pop("extends")})
        inner = FaultList()
        below = layered(self.source, extends, inner)
        self.tell(name, inner)
        return merged(below, root) if below is not None else None

    def world(self, name: str, whole: Mapping) -> _World:
        """The scenario that a tree makes, if it is well."""
        inner = FaultList()
        own = copied(whole)
        assert isinstance(own, Mapping)
        scenario = resolved(own, self.vocabulary, inner, TOP_OF_EXPERIMENT)
        self.tell(name, inner)
        return _World(own, scenario if not inner.found else None)

    def tell(self, name: str, inner: FaultList) -> None:
        """Note the faults of an arm that no other arm had before it."""
        for fault in inner.found:
            place = (fault.file, fault.line, fault.column, fault.code)
            if place not in self._told:
                path = f"arms.{name}.{fault.path}" if name else fault.path
                self.faults.add(Mark(fault.file, fault.line, fault.column), fault.code, path, fault.message)
            self._told.add(place)

    def arms(self, own: Mapping, scenarios: MappingOf[str, Scenario]) -> dict[str, Scenario]:
        """The arms by name, all with the runs and the seed of the experiment."""
        first = next(iter(scenarios.values()), None)
        shared = {"ensemble": first.ensemble} if first is not None else {}
        return {name: arm.model_copy(update=shared) for name, arm in scenarios.items() if name or not children_of_arms(own)}

    def check_names(self, own: Mapping, scenarios: list[Scenario]) -> None:
        """Note every variable and every column that does not exist, or stands twice; columns are known where all scenarios are well."""
        known, columns = self.vocabulary.variables, self.vocabulary.columns
        seen: set[tuple[str, str]] = set()
        found, every = frozenset[str](), frozenset[str]()
        asked = list(asked_columns(own))
        if columns is not None and scenarios and ("focus" in own.values or asked):
            found = frozenset[str]().union(*map(columns, scenarios))
            every = frozenset[str]().union(*(columns(scenario.model_copy(update={"outcomes": []})) for scenario in scenarios))
        for key in ("summary", "focus"):
            for name, mark, path in named(own, (key, ITEMS)):
                if (key, name) in seen:
                    self.faults.add(mark, "E042", path, f"'{name[:60]}' stands twice in this list")
                seen.add((key, name))
                if key == "summary" and known is not None and name not in known:
                    self.faults.add(mark, "E040", path, unknown_name("variable", name, known))
                elif key == "focus":
                    asked.append((name, mark, path))
        for name, mark, path in asked:
            if found and name not in found:
                self.faults.add(mark, "E040", path, nearest_metric(name, every) or unknown_name("column", name, found))
        if scenarios:
            check_actors(own, scenarios[0], self.faults)

    def listed(self, own: Mapping, asked: Own, arms: tuple[str, ...]) -> tuple[Row, ...]:
        """The points of a list, where the design asks for one."""
        node = child(own.values.get("design"), "file")
        file = word(node)
        if asked.design is None or asked.design.method != "list" or node is None or file is None:
            return ()
        spans = {factor.id: _allowed(factor) for factor in asked.factors}
        return listed_points(self.source, file, node.mark, Wanted(spans, arms), self.faults)

    def check_work(self, own: Mapping, asked: Own, arms: MappingOf[str, Scenario], listed: int) -> None:
        """Refuse more points or histories than anybody can wait for."""
        points = listed or sample_size(asked.design, asked.factors) * max(1, len(children_of_arms(own)))
        runs = max((arm.ensemble.runs for arm in arms.values()), default=1)
        mark = own.keys.get("design") or own.keys.get("arms") or own.mark
        check_size(points, runs, mark, self.faults)

    def check_same(self, own: Mapping, arms: MappingOf[str, Scenario]) -> None:
        """No two arms are the same world."""
        seen: dict[str, str] = {}
        written = own.values.get("arms")
        for name, arm in arms.items():
            other = seen.setdefault(scenario_hash(arm), name)
            if other != name:
                told = f"'{name}' and '{other}' are the same scenario; nothing would differ between them"
                mark = written.keys[name] if isinstance(written, Mapping) else own.mark
                self.faults.add(mark, "E042", f"arms.{name}", told)

    def check_middles(self, own: Mapping, asked: Own | None, arms: MappingOf[str, Scenario]) -> None:
        """Numbers that are set together one at a time have one middle to start from."""
        if asked is None or asked.design is None or asked.design.method != "one_at_a_time":
            return
        for (path, node), factor in zip(factors_of(own), asked.factors, strict=True):
            for arm in arms.values() if factor.way == "set" else ():
                middles = {target: middle_of(arm, target) for target in factor.targets}
                if len(set(middles.values())) > 1:
                    found = ", ".join(f"{target} {value:g}" for target, value in list(middles.items())[:4])
                    told = f"one at a time, numbers that are set together need one middle to start from, found {found}; use scale or add"
                    self.faults.add(node.mark, "E054", path, told)
                    break


def _split(root: Mapping) -> Mapping:
    """The experiment's own keys, taken off the tree of its scenario."""
    own = Mapping(root.mark)
    for key in KEYS:
        if key in root.values:
            own.values[key], own.keys[key] = root.values.pop(key), root.keys.pop(key)
    return own


def children_of_arms(own: Mapping) -> dict[str, Node]:
    """The arms of a file by name."""
    arms = own.values.get("arms")
    return arms.values if isinstance(arms, Mapping) else {}


def _allowed(factor: Factor) -> tuple[float, float]:
    """The values that a list may give a factor: those its numbers may have, and from low to high where it says so."""
    spans = [(bound.low, bound.high) for path in factor.targets if factor.way == "set" for bound in _bounds(path)]
    spans.append((EVERYWHERE[0] if factor.low is None else factor.low, EVERYWHERE[1] if factor.high is None else factor.high))
    return max(low for low, _ in spans), min(high for _, high in spans)


def _bounds(path: str) -> list[Within]:
    """The bounds of the number at a path, none where the schema has no number there."""
    try:
        return [bounds_at(path)]
    except KeyError:
        return []
