"""Law 9: what is the same in two scenarios is the same in their histories, until the month in which they differ."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.lanes import Lanes, Parameters, padded
from sim.roster import Roster
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.schema import Scenario, Shock
from tests.engine.variants import balkans, wide_scenario
from tests.laws.worlds import MONTHS, RUNS, History, Plain, few, history, plain_worlds, same_bytes, scenario_of, solved

pytestmark = pytest.mark.laws

SHAPES: tuple[Plain, ...] = ({}, {"shape": {"pulse": 2}}, {"shape": {"ramp": 3}}, {"shape": {"decay": 2.5}})


def dated(plain: Plain, *shocks: Plain) -> Plain:
    return plain | {"shocks": [{"id": f"shock{place}", **shock} for place, shock in enumerate(shocks)]}


def at(month: int) -> str:
    return f"2020-{month + 1:02}"


def until(kept: History, month: int) -> History:
    """A history up to a month: the start and the months before it."""
    return {name: np.ascontiguousarray(array[: month + 1]) for name, array in kept.items()}


def paths_of(plain: Plain) -> list[str]:
    """The numbers that may be changed on a date."""
    return sorted(number_paths(scenario_of(plain)))


@few(2)
@given(plain_worlds(), st.integers(0, MONTHS - 1), st.sampled_from(SHAPES), st.data())
def test_months_before_a_shock_are_equal_bit_for_bit(plain: Plain, month: int, shape: Plain, data: Any) -> None:
    path = data.draw(st.sampled_from(paths_of(plain)))
    high = min(bounds_at(path).high, 3)
    calm, struck = scenario_of(plain), scenario_of(dated(plain, {"at": at(month), "path": path, "set": high, **shape}))
    settled = solved(calm)
    assert same_bytes(until(history(calm, settled=settled), month), until(history(struck, settled=settled), month)) == []


@pytest.mark.parametrize("seed", range(4))
def test_shocks_and_policies_of_size_zero_are_their_absence_in_the_largest_scenario(seed: int) -> None:
    """A dozen numbers at once, from every chapter."""
    calm, rng = balkans(), np.random.default_rng(seed)
    paths = rng.choice(sorted(number_paths(calm)), 12, replace=False)
    shocks = [
        Shock.model_validate({"id": f"none{place}", "at": "2017-03", "path": str(path), "scale": 1}) for place, path in enumerate(paths)
    ]
    struck = calm.model_copy(update={"shocks": [*calm.shocks, *shocks]})
    settled = solved(calm)
    assert same_bytes(history(calm, months=5, settled=settled), history(struck, months=5, settled=settled)) == []


def test_a_shock_is_felt_in_its_month() -> None:
    """The power of the test above: a shock does move the months after it."""
    wide = wide_scenario()
    plain = wide.dumped()
    struck = scenario_of(dated(plain, {"at": at(3), "path": "countries.c3.tension", "set": 0.9}))
    before, after = history(wide, months=5), history(struck, months=5)
    assert same_bytes(until(before, 3), until(after, 3)) == []
    assert "tension" in same_bytes(before, after)


@given(plain_worlds(), st.integers(0, MONTHS - 1), st.sampled_from(SHAPES), st.sampled_from(({"scale": 1}, {"add": 0})), st.data())
def test_a_shock_of_size_zero_is_its_absence(plain: Plain, month: int, shape: Plain, change: Plain, data: Any) -> None:
    path = data.draw(st.sampled_from(paths_of(plain)))
    calm, struck = scenario_of(plain), scenario_of(dated(plain, {"at": at(month), "path": path, **change, **shape}))
    settled = solved(calm)
    assert same_bytes(history(calm, settled=settled), history(struck, settled=settled)) == []


@few(3)
@given(plain_worlds(), st.integers(0, MONTHS - 1), st.data())
def test_a_policy_of_size_zero_without_cost_is_its_absence(plain: Plain, month: int, data: Any) -> None:
    policy = {"id": "nothing", "at": at(month), "path": data.draw(st.sampled_from(paths_of(plain))), "scale": 1, "by": "east", "cost": 0}
    calm, idle = scenario_of(plain), scenario_of(plain | {"policies": [policy]})
    assert same_bytes(history(calm), history(idle)) == []


@pytest.mark.parametrize("path", ["powers.east.stakes.c3", "channels.c3.weight", "drivers.d3.level", "countries.c3.tension"])
def test_a_shock_of_size_zero_is_its_absence_in_a_world_of_many(path: str) -> None:
    """Numbers under a shock get a place for every run, and sums over more than seven of them may then round otherwise."""
    wide = wide_scenario()
    struck = scenario_of(dated(wide.dumped(), {"at": at(1), "path": path, "scale": 1}))
    assert same_bytes(history(wide, months=3), history(struck, months=3)) == []


@few(2)
@given(plain_worlds(), st.integers(0, MONTHS - 1), st.data())
def test_shocks_of_the_same_month_commute(plain: Plain, month: int, data: Any) -> None:
    path = st.sampled_from(paths_of(plain))
    sizes = st.sampled_from(({"scale": 1.2}, {"scale": 0.7}, {"add": 0.05}, {"add": -0.03}))
    shocks = [{"at": at(month), "path": data.draw(path), **data.draw(sizes)} for _ in range(3)]
    if data.draw(st.booleans()):
        shocks[1]["path"] = shocks[0]["path"]
    named = [shock | {"id": f"shock{place}"} for place, shock in enumerate(shocks)]
    first = scenario_of(plain | {"shocks": named})
    second = scenario_of(plain | {"shocks": named[::-1]})
    settled = solved(first)
    one, other = history(first, settled=settled), history(second, settled=settled)
    assert max(np.abs(one[name] - other[name]).max(initial=0) for name in one) <= 1e-9


@few(3)
@given(plain_worlds(), st.data())
def test_all_dates_twelve_months_later_give_the_same_months(plain: Plain, data: Any) -> None:
    path = data.draw(st.sampled_from(paths_of(plain)))
    shock = {"id": "shock", "path": path, "scale": 1.3}
    now = scenario_of(plain | {"shocks": [shock | {"at": at(4)}]})
    later = scenario_of(plain | {"time": {"start": "2021-01", "months": MONTHS}, "shocks": [shock | {"at": at(4).replace("2020", "2021")}]})
    assert same_bytes(history(now), history(later)) == []


@few(3)
@given(plain_worlds(), st.data())
def test_a_what_if_of_size_zero_is_its_absence(plain: Plain, data: Any) -> None:
    path = data.draw(st.sampled_from(paths_of(plain)))
    scenario = scenario_of(plain)
    changed = scenario.with_changes({path: data.draw(st.sampled_from(({"scale": 1}, {"add": 0})))})
    assert same_bytes(history(scenario), history(changed)) == []


def drawn(scenario: Scenario) -> Mapping[str, Any]:
    """Every number of a scenario as drawn for the first runs."""
    parameters = Parameters(scenario, Roster(scenario))
    values, _ = parameters.values(scenario.ensemble.seed or 0, Lanes(padded(np.arange(RUNS))))
    return {path: values[row] for path, row in parameters.rows.items()}


@given(plain_worlds(), st.data())
def test_another_distribution_of_one_number_leaves_the_draws_of_the_others(plain: Plain, data: Any) -> None:
    scenario = scenario_of(plain)
    path = data.draw(st.sampled_from(paths_of(plain)))
    low, high = bounds_at(path).low, min(bounds_at(path).high, 100)
    changed = scenario.with_changes({path: {"uniform": [low, high]}})
    before, after = drawn(scenario), drawn(changed)
    assert {other for other in before if before[other].tobytes() != after[other].tobytes()} <= {path}
    assert len(set(after[path])) == RUNS


@few(3)
@given(plain_worlds())
def test_noise_is_drawn_apart_from_parameters(plain: Plain) -> None:
    """The same luck meets other numbers: what is uncertain in a file moves no mood, when moods have a fixed size and memory."""
    for chapter in ("alignment", "opinion", "tension"):
        plain["mechanics"][chapter] |= {"noise": 0.2, "noise_memory": 0.9}
    certain = certain_of(copy.deepcopy(dict(plain)))
    one, other = history(scenario_of(plain)), history(scenario_of(certain))
    for mood in ("mood_course", "mood_opinion", "mood_tension"):
        assert one[mood].tobytes() == other[mood].tobytes()


def certain_of(value: Any) -> Any:
    """Plain values with every distribution replaced by its middle."""
    if isinstance(value, dict):
        if "uniform" in value:
            return sum(value["uniform"]) / 2
        return {key: certain_of(inner) for key, inner in value.items()}
    return [certain_of(inner) for inner in value] if isinstance(value, list) else value
