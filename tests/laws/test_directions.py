"""Laws 4 and 5: which way things go when one number moves and the world stands still."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.numbers import Numbers
from sim.rules.alignment import portfolio
from sim.rules.decision import decision
from sim.rules.resources import resources
from sim.world import World
from tests.laws.worlds import Plain, few, plain_worlds, scenario_of, stepped

pytestmark = pytest.mark.laws


def entropy(shares: Any) -> Any:
    return -np.sum(shares * np.log(np.maximum(shares, 1e-300)), axis=0)


@given(st.integers(2, 6), st.integers(0, 2**16), st.floats(0.05, 5), st.floats(0, 5))
def test_a_government_that_hedges_more_wants_a_more_even_portfolio(sides: int, seed: int, hedging: float, more: float) -> None:
    value = np.random.default_rng(seed).normal(0, 2, (sides, 3, 8))
    narrow, wide = (portfolio(value, np.full((3, 1), spread)) for spread in (hedging, hedging + more))
    assert np.all(entropy(wide) >= entropy(narrow) - 1e-12)


@given(st.integers(0, 2**16), st.floats(0.05, 5), st.floats(0.01, 3))
def test_a_side_that_is_worth_more_is_wanted_more(seed: int, hedging: float, more: float) -> None:
    value = np.random.default_rng(seed).normal(0, 2, (4, 3, 8))
    dearer = value.copy()
    dearer[1] += more
    before, after = (portfolio(each, np.full((3, 1), hedging)) for each in (value, dearer))
    assert np.all(after[1] >= before[1])
    assert np.all(after[[0, 2, 3]] <= before[[0, 2, 3]])


def settled_effort(world: World, numbers: Numbers, power: int, budget: float) -> Any:
    """What a power's effort comes to rest at when nothing else in the world moves.

    Steps as large as a month's may circle the rest point where effort is very potent, so they are made small until it is found.
    """
    held = numbers.roster.instruments_of[power]
    for step, rounds in ((0.2, 150), (0.02, 1500), (0.002, 15000)):
        numbers = numbers.with_arrays({("choice", "adjustment"): np.array([step])})
        frozen = replace(world, budget=world.budget * 0 + budget)
        for _ in range(rounds):
            made = decision(frozen, numbers, power)
            plan, effort = frozen.plan.copy(), frozen.effort.copy()
            moved = np.abs(effort[held] - made.effort).max(initial=0) / step
            plan[held], effort[held] = made.plan, made.effort
            frozen = replace(frozen, plan=plan, effort=effort)
            if moved < 1e-10:
                return frozen.effort[held]
    raise AssertionError("no rest point found")


@few(3)
@given(plain_worlds(), st.floats(0.1, 60), st.floats(1.01, 5), st.integers(0, 3))
def test_in_a_frozen_world_no_effort_falls_when_the_budget_grows(plain: Plain, budget: float, times: float, month: int) -> None:
    world, numbers = stepped(scenario_of(plain), month)
    for power in range(len(plain["powers"])):
        small, large = (settled_effort(world, numbers, power, size) for size in (budget, budget * times))
        assert np.all(large >= small - 1e-8)


def budgets(world: World, numbers: Numbers) -> Any:
    """Budgets after a year in which nothing moved but attention."""
    for _ in range(12):
        world = replace(world, **resources(world, numbers, None))  # type: ignore[arg-type]
    return world.budget


@few(2)
@given(plain_worlds(), st.data())
def test_in_a_frozen_world_a_budget_follows_its_drivers_and_shrinks_with_what_distracts_it(plain: Plain, data: Any) -> None:
    scenario = scenario_of(plain)
    if not scenario.drivers:
        return
    driver = data.draw(st.integers(0, len(scenario.drivers) - 1))
    times = data.draw(st.floats(1.01, 4))
    world, numbers = stepped(scenario, 1)
    r = numbers.resources
    higher = replace(world, driver=world.driver * np.where(np.arange(len(scenario.drivers)) == driver, times, 1)[:, None])
    fed = numbers.with_arrays({("resources", "elasticity"): np.abs(r.elasticity), ("resources", "distraction"): 0 * r.distraction})
    assert np.all(budgets(higher, fed) >= budgets(world, fed) - 1e-12)
    drawn_away = numbers.with_arrays({("resources", "elasticity"): 0 * r.elasticity})
    assert np.all(budgets(higher, drawn_away) <= budgets(world, drawn_away) + 1e-12)
