"""A history starts at rest: what is solved at the medians leaves no jump, and little drift."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import InfluenceModel
from sim.scenario.reading import read_text
from tests.engine.variants import balkans
from tests.laws.worlds import certain, history, small_scenario, solved
from tests.scenario.small import small

pytestmark = pytest.mark.laws

STILL = ("tension", "resilience", "opinion", "course")


@pytest.mark.parametrize("name", STILL)
def test_the_largest_scenario_starts_from_rest(name: str) -> None:
    """Leaders fall, deeds are done and events happen by chance there; the middle of many runs stays where it was."""
    kept = np.median(history(certain(balkans()), 64, months=3)[name], axis=-1)
    assert np.abs(kept[1:] - kept[0]).max() < 0.02


@pytest.mark.parametrize("name", STILL)
def test_without_luck_the_first_three_months_hardly_move(name: str) -> None:
    """Grievance is what named causes miss: a file that puts none of it anywhere starts at rest."""
    scenario = certain(read_text(small(("grievance: -1\n", "grievance: 0\n"), ("grievance: -1.2", "grievance: 0"))))
    kept = history(scenario, months=3)[name]
    assert np.abs(kept[1:] - kept[0]).max() < 0.02


def test_the_world_starts_where_the_file_says() -> None:
    scenario = certain(small_scenario())
    with InfluenceModel(scenario, 8) as model:
        world, roster = model.world, model.numbers.roster
        for place, name in enumerate(roster.ids["country"]):
            country = scenario.countries[name]
            for variable in ("tension", "resilience", "capture", "false_belief"):
                number = getattr(country, variable)
                assert number is not None
                assert np.abs(getattr(world, variable)[place] - number.median()).max() < 1e-12
            for power in roster.ids["power"]:
                assert np.abs(world.opinion[roster.place("power", power), place] - country.opinion[power].median()).max() < 1e-12


def test_the_plan_at_the_start_is_at_rest_under_the_readings_it_was_settled_on() -> None:
    """A world whose plan still moves has not been settled: the first month would show the machine and not the world."""
    scenario = certain(small_scenario())
    kept = history(scenario, months=1)
    assert np.abs(kept["plan"][1] - kept["plan"][0]).max() < 0.005


def test_what_is_solved_is_the_same_whatever_the_what_if() -> None:
    scenario = small_scenario()
    changed = scenario.with_changes({"powers.east.capacity": 40.0, "countries.avala.tension": 0.8})
    before, after = vars(solved(scenario)), vars(solved(changed))
    assert [name for name in before if before[name].tobytes() != after[name].tobytes()] == []
