"""Entities and their country: who feels what, and who decides."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.places import everywhere, of_country, over_entities
from sim.rules.resilience import deciding
from tests.laws.test_more_happenings import lively
from tests.laws.worlds import RUNS, Plain, few, plain_worlds, scenario_of, stepped

pytestmark = pytest.mark.laws

divided_worlds = plain_worlds().filter(lambda plain: "dona" in plain["countries"]).map(lively)


@few(5)
@given(divided_worlds, st.integers(0, 2**16))
def test_institutions_are_felt_in_entities_as_in_their_country_and_all_else_there_as_their_mean(plain: Plain, seed: int) -> None:
    world, numbers = stepped(scenario_of(plain), 0)
    roster = numbers.roster
    used = np.random.default_rng(seed).uniform(0, 1, world.potency.shape)
    felt, means = everywhere(numbers, used), over_entities(numbers, used)
    institutional = roster.flagged("domain", "institutional")
    for parent, entities in roster.entities_of.items():
        assert np.array_equal(felt[institutional][:, parent], used[institutional][:, parent])
        assert np.array_equal(felt[~institutional][:, entities], used[~institutional][:, entities])
        assert np.abs(felt[~institutional][:, parent] - means[~institutional][:, parent]).max(initial=0) < 1e-12
        for entity in entities:
            assert np.array_equal(felt[institutional][:, entity], used[institutional][:, parent])
    whole = np.flatnonzero(roster.is_leaf & ~roster.is_entity)
    assert np.array_equal(felt[:, whole], used[:, whole])


@few(5)
@given(divided_worlds, st.integers(0, 2**16))
def test_a_divided_country_is_the_mean_of_its_people(plain: Plain, seed: int) -> None:
    world, numbers = stepped(scenario_of(plain), 0)
    roster = numbers.roster
    values = np.random.default_rng(seed).uniform(0, 1, world.tension.shape)
    mean = over_entities(numbers, values)
    for parent, entities in roster.entities_of.items():
        people = np.broadcast_to(numbers.tension.population[entities], (len(entities), RUNS))
        assert np.abs(mean[parent] - (values[entities] * people).sum(axis=0) / people.sum(axis=0)).max() < 1e-12
        assert np.all(of_country(roster, values)[entities] == values[parent])


@few(5)
@given(divided_worlds, st.floats(0, 1), st.floats(0, 1))
def test_an_autonomous_entity_with_a_veto_decides_less_the_further_it_stands_apart(plain: Plain, autonomy: float, more: float) -> None:
    world, numbers = stepped(scenario_of(plain), 0)
    roster = numbers.roster
    ((parent, entities),) = roster.entities_of.items()
    course = np.zeros_like(world.course)
    course[0] = 1
    agreed = deciding(numbers, course, world.autonomy * 0 + autonomy)
    assert np.all(agreed == 1)
    course[0, entities[0]], course[1, entities[0]] = 0, 1
    free = np.where(roster.is_entity[:, None], autonomy, world.autonomy * 0)
    freer = np.where(roster.is_entity[:, None], autonomy + more * (1 - autonomy), world.autonomy * 0)
    less, least = (deciding(numbers, course, each) for each in (free, freer))
    veto = np.broadcast_to(numbers.resilience.veto[entities], (len(entities), RUNS))
    assert np.abs(less[parent] - np.multiply.reduce(1 - veto * autonomy, axis=0)).max() < 1e-12
    assert np.all(least[parent] <= less[parent] + 1e-12)
    assert np.all(np.delete(less, parent, axis=0) == 1)
