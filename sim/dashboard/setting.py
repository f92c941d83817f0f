"""Where all levers stand, and what that makes of a scenario: lanes of an ensemble, or a scenario file that says the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.dashboard.levers import Lever, Reach, changed, paths_of
from sim.lanes import Lanes
from sim.scenario.faults import SuasionError
from sim.scenario.places import number_paths
from sim.scenario.schema import Change, Scenario

Setting = tuple[tuple[str, float], ...]
BASELINE: Setting = ()


class NoSuchSetting(SuasionError):
    """A lever that the scenario has not, or a place beyond its ends."""


class Panel:
    """The levers of a scenario, with the numbers they move."""

    def __init__(self, scenario: Scenario, levers: tuple[Lever, ...]) -> None:
        self.scenario, self.levers = scenario, levers

    @cached_property
    def by_id(self) -> Mapping[str, Lever]:
        """Levers by id."""
        return {lever.id: lever for lever in self.levers}

    @cached_property
    def _paths(self) -> Mapping[Reach, list[str]]:
        numbers = number_paths(self.scenario)
        return {reach: paths_of(reach, numbers) for lever in self.levers for reach in lever.reaches}

    def setting(self, given: Any) -> Setting:
        """A setting out of values by lever; levers at rest are left out, so that equal settings are equal.

        Raises: NoSuchSetting.
        """
        if not isinstance(given, dict):
            raise NoSuchSetting("a setting is a mapping from levers to numbers")
        made = []
        for id, value in given.items():
            lever = self.by_id.get(str(id))
            if lever is None:
                raise NoSuchSetting(f"this scenario has no lever '{str(id)[:40]}'; it has {', '.join(self.by_id)}")
            if isinstance(value, bool) or not isinstance(value, int | float) or not lever.low <= value <= lever.high:
                raise NoSuchSetting(f"{lever.id} stands between {lever.low:g} and {lever.high:g}")
            if abs(value - lever.default) > 1e-9:
                made.append((lever.id, float(value)))
        return tuple(sorted(made))

    def ways(self, setting: Setting) -> dict[str, dict[str, float]]:
        """What a setting does to numbers: by way, by path."""
        found: dict[str, dict[str, float]] = {"set": {}, "scale": {}, "add": {}}
        for id, at in setting:
            lever = self.by_id[id]
            for reach in lever.reaches:
                value, numbers = reach.value(lever, at), found[reach.way]
                for path in self._paths[reach]:
                    before = numbers.get(path, reach.unmoved)
                    numbers[path] = value if reach.way == "set" else before * value if reach.way == "scale" else before + value
        return found

    def lanes(self, setting: Setting, runs: NDArray[np.int64]) -> Lanes:
        """The same histories under a setting."""
        return self.lanes_of([(setting, runs)])

    def lanes_of(self, parts: list[tuple[Setting, NDArray[np.int64]]]) -> Lanes:
        """Histories under several settings, one after another."""
        ways = [self.ways(setting) for setting, _ in parts]
        lengths = [len(runs) for _, runs in parts]
        made: dict[str, dict[str, NDArray[np.float64]]] = {"scale": {}, "add": {}}
        for way, unmoved in (("scale", 1.0), ("add", 0.0)):
            for path in dict.fromkeys(path for each in ways for path in each[way]):
                made[way][path] = np.repeat([each[way].get(path, unmoved) for each in ways], lengths).astype(np.float64)
        new = [set(each["set"]) for each in ways]
        if any(paths != new[0] for paths in new):
            raise ValueError("histories side by side are given new values for the same numbers")
        made["set"] = {path: np.repeat([each["set"][path] for each in ways], lengths).astype(np.float64) for path in new[0]}
        return Lanes(np.concatenate([runs for _, runs in parts]), None, made["set"], made["scale"], made["add"])

    def changes(self, setting: Setting) -> dict[str, Change]:
        """A setting as what-ifs of a scenario file, over those it has already."""
        made = {path: changed(self.scenario, path, way, value) for way, each in self.ways(setting).items() for path, value in each.items()}
        return {path: change for path, change in made.items() if change is not None}

    def yaml(self, setting: Setting, file: str, ensemble: tuple[int, int]) -> str:
        """A scenario file, to be put beside the one that is open, which makes the same histories as the page: runs and seed."""
        runs, seed = ensemble
        name = file.rsplit("/", 1)[-1]
        words = self.spoken(setting)
        head = f"# Made on the live page over {name}: {'; '.join(words) if words else 'no lever moved'}."
        title = f"{self.scenario.title[:150]}, {'with levers moved' if words else 'as it is'}"
        lines = [head, "schema: 1", f"extends: {json.dumps(name, ensure_ascii=False)}", f"title: {json.dumps(title, ensure_ascii=False)}"]
        lines.append(f"ensemble: {{runs: {runs}, seed: {seed}}}")
        changes = self.changes(setting)
        return (
            "\n".join([*lines, *(["set:"] if changes else []), *(f"  {path}: {_written(change)}" for path, change in changes.items())])
            + "\n"
        )

    def spoken(self, setting: Setting) -> list[str]:
        """The levers that have been moved, each with where it stands: 'EU, outreach at 0.5 times'."""
        return [f"{self.by_id[id].group}, {self.by_id[id].name[0].lower()}{self.by_id[id].name[1:]} at {value:g}" for id, value in setting]


def _written(change: Change) -> str:
    """A what-if as a file writes it."""
    if change.to is not None:
        return f"{change.to.median()!r}"
    return f"{{scale: {change.scale!r}}}" if change.scale is not None else f"{{add: {change.add!r}}}"
