"""The scenario files do what they say, and the default looks like the region."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.record import Record
from sim.runs.ensemble import simulate
from tests.mechanisms.arms import DEFAULT, Array, assert_falls, assert_rises, scenario_of

RUNS, SEED = 64, 1
COUNTRIES = tuple(scenario_of().countries)
LEAST_RUSSIAN = ("croatia", "kosovo", "federation", "albania")
# 2018-12 and 2020-03, counted from January 2017.
END_OF_2018, SPRING_OF_2020 = 23, 38


@cache
def record(file: str = DEFAULT, russia: float = 1) -> Record:
    """An ensemble of a scenario file, Russia's capacity scaled."""
    scenario = scenario_of(file, None)
    return simulate(
        scenario if russia == 1 else scenario.with_changes({"powers.russia.capacity": {"scale": russia}}), RUNS, SEED, workers=1
    )


def held_by_russia(of: Record, country: str) -> Array:
    """Mean influence share of Russia over all months. Shape: (run)."""
    return of.values("influence_share", power="russia", country=country).mean(axis=0).astype(np.float64)


def position(of: Record, country: str, club: str = "eu") -> Array:
    """Where a country stands on a ladder at the end. Shape: (run)."""
    return of.position(club, country)[-1].astype(np.float64)


def entry(of: Record, country: str, club: str) -> Array:
    """Month of entry, the month after the last when never. Shape: (run)."""
    inside = of.values("rung", institution=club, country=country) >= len(of.scenario.institutions[club].stages) - 1
    return np.where(inside.any(axis=0), inside.argmax(axis=0), len(inside)).astype(np.float64)


def tension(of: Record, country: str) -> Array:
    """Mean tension over all months. Shape: (run)."""
    return of.values("tension", country=country).mean(axis=0).astype(np.float64)


@pytest.mark.parametrize("country", ["serbia", "north_macedonia"])
def test_half_the_unions_effort_leaves_candidates_further_off_and_russia_stronger(country: str) -> None:
    usual, halved = record(), record("eu_outreach_halved.yaml")
    assert_falls(position(usual, country), position(halved, country), 0.02)
    assert_rises(held_by_russia(usual, country), held_by_russia(halved, country), 0.003)


def test_half_the_unions_effort_is_half_from_the_first_month() -> None:
    ratio = record("eu_outreach_halved.yaml").values("budget", power="eu") / record().values("budget", power="eu")
    assert np.all(np.abs(ratio - 0.5) < 0.06)


def test_russia_without_energy_and_media_holds_less_of_serbia() -> None:
    usual, without = record(), record("russia_without_energy_and_media.yaml")
    assert_falls(held_by_russia(usual, "serbia"), held_by_russia(without, "serbia"), 0.015)
    for channel in ("energy", "information", "social_media"):
        assert np.all(without.values("effort", instrument=f"russia.{channel}") == 0)
    kept = without.values("budget", power="russia") / usual.values("budget", power="russia")
    assert np.all(kept > 0.9), "its budget stays"


def test_the_shocks_of_2020_take_from_russias_budget_then_and_not_before() -> None:
    usual, shocked = record(), record("oil_fall_and_pandemic.yaml")
    lost = (usual.values("budget", power="russia") - shocked.values("budget", power="russia")).astype(np.float64)
    assert np.all(lost[:SPRING_OF_2020] == 0)
    assert_falls(lost[SPRING_OF_2020], lost[SPRING_OF_2020 - 1], 6)
    assert np.all(lost[SPRING_OF_2020 : SPRING_OF_2020 + 16] > 0)
    assert_falls(lost[SPRING_OF_2020], lost[-1], 6)
    for name in ("tension", "course", "effort"):
        first = 4 if name == "effort" else SPRING_OF_2020
        assert np.array_equal(usual.values(name)[:first], shocked.values(name)[:first]), "nothing differs before its date"


def test_without_the_united_states_russia_holds_more_and_the_west_less_of_kosovo() -> None:
    usual, without = record(), record("us_absent.yaml")
    assert np.all(without.values("budget", power="us") == 0)
    for country in ("kosovo", "serbia", "north_macedonia"):
        assert_rises(held_by_russia(usual, country), held_by_russia(without, country), 0.002)
    course = [of.values("course", side="west", country="kosovo").mean(axis=0).astype(np.float64) for of in (usual, without)]
    assert_falls(*course, 0.015)


def test_russia_holds_most_of_the_serb_entity_and_serbia() -> None:
    held = {country: held_by_russia(record(), country).mean() for country in COUNTRIES}
    order = sorted(held, key=lambda country: -held[country])
    assert set(order[:2]) == {"republika_srpska", "serbia"}, order
    assert set(order[-4:]) == set(LEAST_RUSSIAN), order
    for country in ("republika_srpska", "serbia"):
        for least in LEAST_RUSSIAN:
            assert np.mean(held_by_russia(record(), country) > held_by_russia(record(), least)) > 0.95


def test_serbia_never_joins_the_alliance() -> None:
    rung = record().values("rung", institution="nato", country="serbia")
    assert np.all(rung == rung[0])
    assert rung[0, 0] < 5


def test_montenegro_is_in_the_alliance_by_the_end_of_2018_and_rarely_in_the_union_by_2025() -> None:
    assert np.mean(entry(record(), "montenegro", "nato") <= END_OF_2018) > 0.9
    assert np.mean(entry(record(), "montenegro", "eu") < 108) < 0.1


def test_north_macedonia_waits_for_its_name() -> None:
    assert np.all(entry(record(), "north_macedonia", "nato") > 25)
    assert np.mean(entry(record(), "north_macedonia", "nato") < 108) > 0.9


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_fan_of_tension_is_neither_flat_nor_saturated(country: str) -> None:
    low, high = np.quantile(record().values("tension", country=country)[-1], [0.05, 0.95])
    assert 0.05 < high - low < 0.6, (low, high)
    assert low > 0.02 and high < 0.95, (low, high)


def test_entry_dates_tension_and_alignment_hang_on_russias_capacity() -> None:
    none, usual, treble = (record(russia=scale) for scale in (0, 1, 3))
    dates = [entry(of, "north_macedonia", "nato") for of in (none, usual, treble)]
    assert_later_on_average(dates[0], dates[1], 2)
    assert_later_on_average(dates[1], dates[2], 2)
    for country in ("serbia", "montenegro", "north_macedonia", "republika_srpska"):
        heat = [tension(of, country) for of in (none, usual, treble)]
        assert_rises(heat[0], heat[1], 0.03)
        assert_rises(heat[1], heat[2], 0.015)
        east = [of.values("course", side="east", country=country).mean(axis=0).astype(np.float64) for of in (none, usual, treble)]
        assert_rises(east[0], east[1], 0.002)
        assert_rises(east[1], east[2], 0.005)


def assert_later_on_average(before: Array, after: Array, by: float) -> None:
    """Dates move in jumps, so many runs stand still: on average they come later, clearly beyond chance."""
    change = after - before
    error = change.std(ddof=1) / np.sqrt(len(change))
    assert change.mean() >= max(by, 4 * error), (change.mean(), error)
    assert np.mean(change >= 0) > 0.9
