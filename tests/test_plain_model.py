"""Two programs written from one page agree: the engine, and a plain Mesa model of one run (tests/plain_model.py)."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.lanes import Lanes
from sim.scenario.schema import Scenario
from sim.world import VARIABLES
from tests.plain_model import PlainModel

SCENARIOS = Path(__file__).parents[1] / "scenarios"
# Sums are taken in another order on either side; everything else is the same arithmetic.
APART = 1e-9
# One of each kind: held levels and numbers, set, scaled, added to; for good, for some months, rising, dying away.
SHOCKS = [
    {"id": "oil", "at": "2017-03", "path": "drivers.oil_price.level", "scale": 0.5, "shape": {"decay": 5}},
    {"id": "pandemic", "at": "2017-03", "path": "drivers.pandemic.level", "set": 1, "shape": {"pulse": 4}},
    {"id": "salience", "at": "2017-02", "path": "drivers.ukraine_salience.level", "set": 2},
    {"id": "tired", "at": "2017-02", "path": "powers.eu.capacity", "scale": {"value": 0.7, "range": [0.5, 0.9]}, "shape": {"ramp": 6}},
    {"id": "twice", "at": "2017-04", "path": "powers.eu.capacity", "add": 5, "shape": {"pulse": 3}},
    {"id": "weight", "at": "2017-02", "path": "channels.energy.weight", "scale": 2, "shape": {"decay": 4}},
    {"id": "settlers", "at": "2017-06", "path": "countries.federation.population", "scale": 2},
    {"id": "hostile", "at": "2017-05", "path": "disputes.kosovo.hostility", "add": 0.5, "shape": {"pulse": 4}},
    {"id": "war", "at": "2017-03", "path": "powers.russia.war", "set": 1},
]
# Kicks to variables that the model moves.
KICKS = [
    {"id": "riot", "at": "2017-04", "path": "countries.serbia.tension", "add": 0.1},
    {"id": "scandal", "at": "2017-05", "path": "countries.montenegro.opinion.russia", "add": -0.3, "shape": {"pulse": 3}},
    {"id": "word", "at": "2017-06", "path": "institutions.eu.credibility", "set": 0.9},
    {"id": "thaw", "at": "2017-07", "path": "disputes.kosovo.normalisation", "add": 0.4},
    {"id": "name", "at": "2017-02", "path": "deeds.renaming.start", "set": 1},
    {"id": "reform", "at": "2017-02", "path": "countries.kosovo.membership.eu.progress", "add": 0.3},
]
POLICIES = [
    {"id": "envoys", "at": "2017-04", "by": "eu", "cost": {"value": 3, "range": [2, 5]}, "path": "powers.eu.skill.mediation", "scale": 1.5,
     "shape": {"pulse": 5}},
    {"id": "rules", "at": "2017-04", "by": "eu", "cost": 1, "path": "powers.eu.skill.regulation", "scale": 1.5, "shape": {"ramp": 5}},
]  # fmt: skip
WHAT_IFS = {
    "powers.russia.capacity": {"scale": 1.7},
    "powers.us.capacity": 3.0,
    "countries.serbia.hedging": {"uniform": [0.5, 1.5]},
    "countries.serbia.kinship.russia": {"add": 0.9},
}
OVERRIDES = {"powers.russia.capacity": 10.0, "powers.eu.hold_back": 0.3}


def farthest(plain: PlainModel, engine: sim.InfluenceModel) -> tuple[float, str]:
    """The largest difference between the two worlds, relative above 1, over every variable and place, and where it is."""
    roster, worst = engine.numbers.roster, (0.0, "")
    for name, variable in VARIABLES.items():
        array = getattr(engine.world, name)
        for places in product(*(range(roster.size(axis)) for axis in variable.axes)):
            ids = [roster.ids[axis][place] for axis, place in zip(variable.axes, places, strict=True)]
            other = float(array[(*places, 0)])
            apart = abs(plain.value(name, *ids) - other) / max(1.0, abs(other))
            if not apart <= worst[0]:
                worst = (apart, f"{name} of {', '.join(ids)} in month {engine.month}")
    return worst


def agree(
    scenario: Scenario, run: int, months: int, every: int = 1, overrides: Mapping[str, float] | None = None, settled: Any = None
) -> None:
    plain = PlainModel(scenario, run, 1, settled=settled, overrides=overrides)
    lanes = Lanes(np.array([run]), set={path: np.array([value]) for path, value in (overrides or {}).items()})
    with sim.InfluenceModel(scenario, lanes, 1) as engine:
        for month in range(months + 1):
            if month % every == 0 or month == months:
                apart, where = farthest(plain, engine)
                assert apart < APART, where
            if month < months:
                plain.step()
                engine.step()


@pytest.fixture(scope="module")
def tutorial() -> Scenario:
    return sim.read_scenario(SCENARIOS / "tutorial.yaml")


@pytest.fixture(scope="module")
def balkans() -> Scenario:
    return sim.read_scenario(SCENARIOS / "western_balkans_2017.yaml")


@pytest.fixture(scope="module")
def settled(balkans: Scenario) -> Any:
    return PlainModel(balkans).settled


@pytest.mark.parametrize("run", [0, 7])
def test_both_tell_the_tutorial_alike(tutorial: Scenario, run: int) -> None:
    agree(tutorial, run, tutorial.time.months)


def test_both_tell_a_what_if_of_the_tutorial_alike(tutorial: Scenario) -> None:
    agree(tutorial.with_changes({"countries.plain.hedging": 2, "powers.north.capacity": {"scale": 0.5}}), 3, 12)


def test_both_tell_a_year_of_the_default_world_alike(balkans: Scenario, settled: Any) -> None:
    agree(balkans, 5, 12, every=3, settled=settled)


@pytest.mark.parametrize("dated", [{"shocks": SHOCKS}, {"shocks": KICKS}, {"policies": POLICIES}], ids=["shocks", "kicks", "policies"])
def test_both_tell_dated_changes_alike(balkans: Scenario, settled: Any, dated: dict[str, Any]) -> None:
    agree(Scenario.model_validate({**balkans.dumped(), **dated}), 3, 9, every=3, settled=settled)


def test_both_tell_what_ifs_alike(balkans: Scenario, settled: Any) -> None:
    agree(balkans.with_changes(WHAT_IFS), 3, 6, every=3, settled=settled)


def test_both_tell_numbers_that_differ_by_run_alike(balkans: Scenario, settled: Any) -> None:
    agree(balkans.with_changes(WHAT_IFS), 4, 6, every=3, overrides=OVERRIDES, settled=settled)


# In some histories a plan swings from month to month and doubles any rounding; these two stand still enough.
@pytest.mark.parametrize("run", [0, 3])
def test_both_tell_a_whole_history_alike(balkans: Scenario, settled: Any, run: int) -> None:
    agree(balkans, run, balkans.time.months, every=12, settled=settled)


def test_the_history_that_is_compared_is_eventful(balkans: Scenario, settled: Any) -> None:
    plain = PlainModel(balkans, 0, 1, settled=settled)
    happened, done, leaders = set(), set(), set()
    for _ in range(30):
        plain.step()
        happened |= {name for name, event in plain.events.items() if event.happened}
        done |= {name for name, deed in plain.deeds.items() if deed.plain["kind"] == "switch" and deed.deed}
        leaders |= {name for name, country in plain.countries.items() if any(country.lean.values())}
    assert len(happened) > 3
    assert len(done) > 2
    assert len(leaders) > 1
