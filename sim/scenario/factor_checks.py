"""Whether the factors of an experiment lead to numbers, stay inside their bounds, and can be varied as they say."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass

from pydantic import ValidationError

from sim.scenario.changes import no_such_number
from sim.scenario.distributions import Quantity
from sim.scenario.factors import id_of
from sim.scenario.faults import FaultList, Mark, shown
from sim.scenario.nodes import Listing, Mapping, Node, Scalar, plain
from sim.scenario.places import bounds_at
from sim.scenario.references import child, children, word

Numbers = MappingOf[str, Node]

# What the columns of the tables of results are called already.
TAKEN_IDS = frozenset({"point", "key", "arm", "run", "status", "error", "sample"})
DATED = re.compile(r"(shocks|policies)\.")
# Looking for what was meant takes long where everything is wrong.
GUESSES = 20
# How a factor's values are made: senseless where they are written down.
MAKING = ("levels", "spacing", "whole")
RELATIVE = ("scale", "add")


@dataclass(frozen=True)
class Checked:
    """One factor being checked: its mapping, what the file calls it, and how the design will use it."""

    node: Mapping
    path: str
    method: str
    faults: FaultList

    @property
    def way(self) -> str:
        """How it changes its numbers."""
        return word(self.node.values.get("way")) or "set"

    @property
    def targets(self) -> list[tuple[str, Mark, str]]:
        """The paths it changes, each with its mark and place."""
        one, several = self.node.values.get("path"), self.node.values.get("paths")
        found = [(one, f"{self.path}.path")] if one is not None else []
        items = several.items if isinstance(several, Listing) else []
        found += [(item, f"{self.path}.paths[{number}]") for number, item in enumerate(items)]
        return [(text, node.mark, place) for node, place in found if (text := word(node)) is not None]

    def number(self, key: str) -> float | None:
        """The number under a key."""
        return number_of(self.node.values.get(key))

    def fault(self, key: str, code: str, message: str) -> None:
        """Note a fault at a key, or at the factor where the key is not there."""
        node = self.node.values.get(key)
        mark = self.node.mark if node is None else node.mark if isinstance(node, Scalar | Listing) else self.node.keys[key]
        self.faults.add(mark, code, f"{self.path}.{key}" if key else self.path, message)


def number_of(node: Node | None) -> float | None:
    """The number that a node is, if it is one."""
    given = node.value if isinstance(node, Scalar) else None
    return float(given) if isinstance(given, int | float) and not isinstance(given, bool) else None


def factors_of(own: Mapping) -> Iterator[tuple[str, Mapping]]:
    """Each factor of a file with its place."""
    for number, node in enumerate(children(own, "factors")):
        if isinstance(node, Mapping):
            yield f"factors[{number}]", node


def fill_ranges(own: Mapping, numbers: Numbers) -> None:
    """Give a factor that names neither low and high nor values the range of its own number."""
    if word(child(own.values.get("design"), "method")) == "list":
        return
    for _, node in factors_of(own):
        path = word(node.values.get("path")) or ""
        says = not {"low", "high", "values", "paths"}.isdisjoint(node.values) or word(node.values.get("way")) in RELATIVE
        if says or path not in numbers:
            continue
        try:
            reach = Quantity.model_validate(plain(numbers[path])).reach
        except ValidationError:
            continue
        if reach[0] < reach[1] and math.isfinite(reach[1] - reach[0]):
            for key, value in zip(("low", "high"), reach, strict=True):
                node.values[key], node.keys[key] = Scalar(node.mark, value, f"{value:g}", True), node.mark


def check_factors(own: Mapping, worlds: MappingOf[str, Numbers], faults: FaultList) -> None:
    """Note every factor that leads nowhere, leaves its bounds, cannot be varied as it says, or stands twice.

    `worlds` holds the numbers of each arm, by its name; the experiment's own come first.
    """
    method = word(child(own.values.get("design"), "method")) or ""
    guesses = 0
    ids: dict[str, Mark] = {}
    ways: dict[str, dict[str, Mark]] = {}
    for path, node in factors_of(own):
        factor = Checked(node, path, method, faults)
        _check_values(factor)
        if len({"path", "paths"} & node.values.keys()) != 1:
            factor.fault("", "E054", "needs exactly one of path and paths, found " + ("both" if "path" in node.values else "none"))
        for target, mark, place in factor.targets:
            known = _known(target, mark, place, worlds, faults, guesses < GUESSES)
            guesses += not known
            if known and factor.way == "set":
                _check_bounds(factor, target)
            _check_twice(factor, target, mark, place, ways.setdefault(target, {}))
        _check_id(factor, ids)


def _known(target: str, mark: Mark, place: str, worlds: MappingOf[str, Numbers], faults: FaultList, guess: bool) -> bool:
    """Whether a path leads to a number in every arm; notes where it does not."""
    for name, numbers in worlds.items():
        if target in numbers or faults.has(mark):
            continue
        if DATED.match(target):
            told = "dated changes are varied by arms: give each size or date an arm of its own"
        else:
            told = no_such_number(target, numbers) if guess else f"no number at '{shown(target, 120)}'"
        faults.add(mark, "E040", place, told + (f" in the arm {shown(name)}" if name else ""))
        return False
    return not faults.has(mark)


def _check_id(factor: Checked, ids: dict[str, Mark]) -> None:
    """Ids stand once, whatever their case, and are not what a table's columns are called already."""
    given = factor.node.values.get("id")
    targets = [target for target, _, _ in factor.targets]
    name = word(given) if given is not None else id_of(targets[-1]) if targets else None
    if name is None:
        return
    mark = given.mark if given is not None else factor.node.mark
    hint = "" if given is not None else "; give one of them an id"
    if name.casefold() in TAKEN_IDS:
        factor.fault("id", "E042", f"'{name}' is a column of the results already; call the factor otherwise")
    first = ids.setdefault(name.casefold(), mark)
    if first != mark and (given is not None or not any(factor.faults.has(at) for _, at, _ in factor.targets)):
        factor.fault("id", "E042", f"the id '{shown(name)}' is used at line {first.line} too; an id is used once{hint}")


def _check_values(factor: Checked) -> None:
    """A factor goes from low to high, or takes values, and says no more than its design can use."""
    node, (low, high) = factor.node, (factor.number("low"), factor.number("high"))
    making = [key for key in MAKING if key in node.values]
    if "levels" in node.values and factor.method not in ("grid", ""):
        factor.fault("levels", "E054", f"levels are for a grid, and this design is {factor.method}; leave them out")
        making.remove("levels")
    if factor.method == "list":
        for key in (*making, "values"):
            if key in node.values:
                factor.fault(key, "E054", f"the list gives the values; leave {key} out (low and high may say what is allowed)")
    elif "values" in node.values:
        for key in ("low", "high", *making):
            if key in node.values:
                factor.fault(key, "E054", f"values are written down already; leave {key} out, or leave values out")
        _check_choices(factor)
    else:
        for key, given in (("low", low), ("high", high)):
            if given is None and key not in node.values:
                factor.fault(key, "E041", f"'{key}' is missing; a factor needs low and high, or values, unless its number has a range")
        if factor.method == "grid" and "levels" not in node.values and not _is_true(node.values.get("whole")):
            factor.fault("levels", "E041", "a grid needs levels (how many values from low to high), or values")
    _check_span(factor, low, high)


def _check_span(factor: Checked, low: float | None, high: float | None) -> None:
    """Low lies below high, above 0 where steps are equal factors, and both are whole where values are."""
    if low is not None and high is not None and low >= high:
        told = f"low ({low:g}) must be below high ({high:g})" + ("; nothing would vary" if low == high else "")
        factor.fault("low", "E031", told)
    if word(factor.node.values.get("spacing")) == "log" and low is not None and low <= 0:
        factor.fault("low", "E031", f"must be above 0 where spacing is log, found {low:g}")
    for key, given in (("low", low), ("high", high)):
        if _is_true(factor.node.values.get("whole")) and given is not None and given != math.floor(given):
            factor.fault(key, "E031", f"must be a whole number where whole is true, found {given:g}")


def _check_choices(factor: Checked) -> None:
    """No choice stands twice."""
    seen: set[float] = set()
    for number, item in enumerate(children(factor.node, "values")):
        value = number_of(item)
        if value is not None and value in seen:
            factor.faults.add(item.mark, "E042", f"{factor.path}.values[{number}]", f"{value:g} stands twice in this list")
        if value is not None:
            seen.add(value)


def _check_bounds(factor: Checked, target: str) -> None:
    """Note every value that the varied number cannot take, before any run."""
    wanted = bounds_at(target)
    choices = [(f"values[{number}]", item) for number, item in enumerate(children(factor.node, "values"))]
    for key, node in [*((key, node) for key in ("low", "high") if (node := factor.node.values.get(key)) is not None), *choices]:
        value = number_of(node)
        if value is not None and not wanted.low <= value <= wanted.high:
            told = f"{shown(target, 120)} is a number from {wanted.low:g} to {wanted.high:g}, found {value:g}"
            factor.faults.add(node.mark, "E031", f"{factor.path}.{key}", told)


def _check_twice(factor: Checked, target: str, mark: Mark, place: str, ways: dict[str, Mark]) -> None:
    """Two factors change one number only where one scales and the other adds."""
    other = next((way for way in ways if way == factor.way or "set" in (way, factor.way)), None)
    if other is not None:
        told = f"{shown(target, 120)} is varied at line {ways[other].line} too"
        told += "; one number has one factor" if other == factor.way else f", by {other}; a number that is set is varied in no other way"
        factor.faults.add(mark, "E042", place, told)
    ways.setdefault(factor.way, mark)


def _is_true(node: Node | None) -> bool:
    return isinstance(node, Scalar) and node.value is True
