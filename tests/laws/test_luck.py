"""Luck: seeds differ, runs are unrelated, and more runs know more."""

from __future__ import annotations

import numpy as np
import pytest

from sim.runs.ensemble import simulate
from tests.laws.worlds import history, small_scenario, solved

pytestmark = pytest.mark.laws


def test_the_same_seed_twice_gives_the_same_bytes_and_the_next_seed_other_runs() -> None:
    scenario = small_scenario()
    first, again, next_one = (simulate(scenario, 64, seed).kept for seed in (5, 5, 6))
    for name in first:
        assert first[name].tobytes() == again[name].tobytes()
    differ = (first["tension"] != next_one["tension"]).any(axis=(0, 1))
    assert differ.mean() >= 0.99


def test_neighbouring_runs_and_neighbouring_seeds_are_unrelated() -> None:
    scenario, count = small_scenario(), 1024
    settled = solved(scenario)
    tension = history(scenario, count, months=6, settled=settled, rng=1)["tension"][-1, 0]
    other = history(scenario, count, months=6, settled=settled, rng=2)["tension"][-1, 0]
    assert abs(np.corrcoef(tension[1:], tension[:-1])[0, 1]) < 4 / np.sqrt(count)
    assert abs(np.corrcoef(tension, other)[0, 1]) < 4 / np.sqrt(count)


def test_the_standard_error_of_a_mean_falls_as_the_root_of_the_number_of_runs() -> None:
    scenario, count = small_scenario(), 4096
    tension = history(scenario, count, months=6, settled=solved(scenario))["tension"][-1, 0]
    sizes = np.array([4, 8, 16, 32, 64, 128])
    errors = [tension.reshape(-1, size).mean(axis=1).std(ddof=1) for size in sizes]
    slope = np.polyfit(np.log(sizes), np.log(errors), 1)[0]
    assert abs(slope + 0.5) < 0.1


def test_a_purpose_draws_other_luck_than_the_next() -> None:
    kept = history(small_scenario(), 512, months=1)
    moods = [kept["mood_tension"][1, 0], kept["mood_course"][1, 0, 0], kept["mood_opinion"][1, 0, 0], kept["mood_tension"][1, 1]]
    related = np.abs(np.corrcoef(moods) - np.eye(4))
    assert related.max() < 5 / np.sqrt(512)
