"""Paired arms of a scenario: the same runs with and without a mechanism, every variable of every month kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.lanes import Parameters
from sim.model import InfluenceModel
from sim.numbers import Settled
from sim.roster import Roster
from sim.scenario.reading import read_scenario, read_text
from sim.scenario.schema import Policy, Scenario, Shock, Time
from sim.settling import settled_at
from sim.world import VARIABLES

Array = NDArray[np.float64]
SCENARIOS = Path(__file__).parents[2] / "scenarios"
DEFAULT = "western_balkans_2017.yaml"
SEED = 1
RUNS = 32
MONTHS = 36

# Large readings that no test asks for.
LEFT_OUT = ("grip", "plan", "months_if_open")


@dataclass(frozen=True)
class History:
    """Every variable of an arm by month, the start first. Shape of each: (month, axes, run)."""

    roster: Roster = field(repr=False)
    kept: Mapping[str, Array] = field(repr=False)

    def of(self, name: str, **where: str) -> Array:
        """A variable at given ids. Shape: (month, remaining axes, run)."""
        places: list[Any] = [slice(None)]
        for axis in VARIABLES[name].axes:
            places.append(self.roster.place(axis, where[axis]) if axis in where else slice(None))
        return self.kept[name][tuple(places)]

    def mean(self, name: str, **where: str) -> Array:
        """Mean over months after the start. Shape: (remaining axes, run)."""
        return self.of(name, **where)[1:].mean(axis=0)

    def end(self, name: str, **where: str) -> Array:
        """Value at the end. Shape: (remaining axes, run)."""
        return self.of(name, **where)[-1]


@cache
def scenario_of(file: str = DEFAULT, months: int | None = MONTHS) -> Scenario:
    """A scenario file that comes with the program, cut to its first months."""
    return cut(read_scenario(SCENARIOS / file), months)


@cache
def overlaid(text: str, months: int | None = MONTHS) -> Scenario:
    """A scenario written over one that comes with the program."""
    return cut(read_text(text, folder=SCENARIOS), months)


def cut(scenario: Scenario, months: int | None) -> Scenario:
    """The first months of a scenario."""
    if months is None:
        return scenario
    return scenario.model_copy(update={"time": Time(start=scenario.time.start, months=months)})


def shocked(scenario: Scenario, *shocks: Mapping[str, Any]) -> Scenario:
    """The scenario with dated changes more; those with a `by` are policies."""
    made = [{"id": f"test_{place}", **shock} for place, shock in enumerate(shocks)]
    more = [Shock.model_validate(shock) for shock in made if "by" not in shock]
    policies = [Policy.model_validate(shock) for shock in made if "by" in shock]
    return scenario.model_copy(update={"shocks": [*scenario.shocks, *more], "policies": [*scenario.policies, *policies]})


@cache
def middling(file: str = DEFAULT, months: int | None = MONTHS) -> Scenario:
    """A scenario file with every number at the middle of its distribution, so that only luck differs between runs."""
    return at_the_middle(scenario_of(file, months))


def at_the_middle(scenario: Scenario) -> Scenario:
    """A scenario that says the middle of every number: no what-if, which would leave what all are used to as it was drawn."""
    parameters = Parameters(scenario, Roster(scenario))
    plain: Any = scenario.dumped()
    for (path, number), value in zip(parameters.quantities.items(), parameters.medians()[:, 0], strict=True):
        if number.form[0] != "fixed" and not path.startswith("shocks"):
            *parents, last = path.split(".")
            node = plain
            for name in parents:
                node = node[name]
            node[last] = float(value)
    return read_text(json.dumps(plain))


def without_luck(scenario: Scenario) -> Scenario:
    """The scenario with every mood calm."""
    return scenario.with_changes({f"mechanics.{chapter}.noise": 0 for chapter in ("alignment", "opinion", "tension")})


@lru_cache(maxsize=64)
def _settled(told: str) -> Settled:
    scenario = Scenario.model_validate_json(told)
    return settled_at(Parameters(scenario, Roster(scenario)))


def settled_of(scenario: Scenario) -> Settled:
    """What is solved at a scenario's start; what-ifs do not change it."""
    return _settled(scenario.model_copy(update={"set": {}, "shocks": [], "policies": []}).model_dump_json(by_alias=True))


def history(scenario: Scenario, runs: int = RUNS, months: int | None = None) -> History:
    """A scenario run with the seed that all arms share."""
    return _history(scenario.model_dump_json(by_alias=True), runs, months or scenario.time.months)


@lru_cache(maxsize=16)
def _history(told: str, runs: int, months: int) -> History:
    scenario = Scenario.model_validate_json(told)
    names = [name for name in VARIABLES if name not in LEFT_OUT]
    kept: dict[str, list[Array]] = {name: [] for name in names}
    with np.errstate(all="ignore"), InfluenceModel(scenario, runs, SEED, settled=settled_of(scenario)) as model:
        for month in range(months + 1):
            if month:
                model.step()
            for name in names:
                kept[name].append(getattr(model.world, name)[..., :runs])
        roster = model.numbers.roster
    return History(roster, {name: np.stack([np.broadcast_to(a, (*a.shape[:-1], runs)) for a in arrays]) for name, arrays in kept.items()})


def arm(changes: Mapping[str, Any] | None = None, *, of: Scenario | None = None, runs: int = RUNS) -> History:
    """The default scenario, or another, with some numbers changed."""
    scenario = of or scenario_of()
    return history(scenario.with_changes(changes) if changes else scenario, runs)


def uneventful(scenario: Scenario) -> Scenario:
    """The scenario with nobody leaving office, nothing done, nothing happening, no talks and no offers, and every act seen in full."""
    still: dict[str, Any] = {f"countries.{name}.tenure": 1200 for name, one in scenario.countries.items() if one.tenure is not None}
    still |= {f"mechanics.leaders.{name}": 0 for name in ("public", "surprise")} if scenario.mechanics.leaders else {}
    still |= {f"deeds.{name}.{key}": 0 for name in scenario.deeds for key in ("rate", "reversible")}
    still |= {f"events.{name}.base": 0 for name in scenario.events}
    still |= {f"linkages.{name}.offer": 0 for name in scenario.linkages}
    still |= {f"channels.{name}.acts": 0 for name, one in scenario.channels.items() if one.acts is not None}
    for name, dispute in scenario.disputes.items():
        still |= {f"disputes.{name}.talks.{key}": 0 for key in ("start", "collapse", "creep", "wear", "deal")} if dispute.talks else {}
        still |= {f"disputes.{name}.recognition.{key}": 0 for key in ("gained", "lost")} if dispute.recognition else {}
    return scenario.with_changes(still)


@cache
def undisturbed(months: int | None = MONTHS) -> Scenario:
    """The default scenario, uneventful."""
    return uneventful(scenario_of(months=months))


def everyone(template: str, names: Iterable[str], value: Any) -> dict[str, Any]:
    """The same change for many: everyone('countries.{}.pride', countries, 0)."""
    return {template.format(name): value for name in names}


def spending(history: History, power: str, channel: str = "", country: str = "", months: slice = slice(1, None)) -> Array:
    """Mean monthly effort of a power, in all or one of its channels and countries. Shape: (run)."""
    wanted = f"{power}.{channel}"
    held = [
        place for place, name in enumerate(history.roster.ids["instrument"]) if name == wanted or (not channel and name.startswith(wanted))
    ]
    effort = history.of("effort")[months][:, held]
    if country:
        place = history.roster.place("country", country)
        effort = effort[:, :, place : place + 1]
    return effort.sum(axis=(1, 2)).mean(axis=0)


def entropy(shares: Array, axis: int) -> Array:
    """How widely shares are spread. Units: nats."""
    return -(shares * np.log(np.maximum(shares, 1e-300))).sum(axis=axis)


def assert_falls(with_it: Array, without: Array, by: float) -> None:
    """Without the mechanism the outcome falls, run by run, by at least so much on average and clearly more than chance."""
    _assert_apart(with_it - without, by, "fall")


def assert_rises(with_it: Array, without: Array, by: float) -> None:
    """Without the mechanism the outcome rises, run by run, by at least so much on average and clearly more than chance."""
    _assert_apart(without - with_it, by, "rise")


def assert_falls_on_average(with_it: Array, without: Array, by: float) -> None:
    """Without a mechanism that works by chance the outcome falls: by at least so much on average, and clearly more than chance."""
    change = with_it - without
    error = change.std(ddof=1) / np.sqrt(len(change))
    told = f"mean fall {change.mean():.4g} (standard error {error:.2g}), wanted {by:g}"
    assert change.mean() >= by, told
    assert change.mean() >= 3 * error, told


def _assert_apart(change: Array, by: float, word: str) -> None:
    error = change.std(ddof=1) / np.sqrt(len(change))
    told = f"mean {word} {change.mean():.4g} (standard error {error:.2g}, right in {np.mean(change > 0):.0%} of runs), wanted {by:g}"
    assert change.mean() >= by, told
    assert change.mean() >= 4 * error, told
    assert np.mean(change > 0) >= 0.75, told
