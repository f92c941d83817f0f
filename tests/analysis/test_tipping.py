"""Tipping points: a place that is known is found, its interval covers it, and a straight line has none."""

import numpy as np
import pytest

from sim.analysis.refusals import NotAnalysable
from sim.analysis.tipping import Lever, tipping

AT = np.linspace(0, 2, 11)


def logistic(sharp: float = 8.0, centre: float = 1.1) -> np.ndarray:
    return 1 / (1 + np.exp(-sharp * (AT - centre)))


def happened(curve: np.ndarray, runs: int, seed: int) -> np.ndarray:
    """Yes or no in each run, with the same luck at every level. Shape: (level, run)."""
    return (np.random.default_rng(seed).random(runs) < curve[:, None]).astype(float)


def test_a_straight_line_crosses_where_it_does_and_tips_nowhere() -> None:
    found = tipping(Lever("x", AT), (AT / 2)[:, None] + np.zeros((11, 4)), crosses=0.3)
    assert found.place == pytest.approx(0.6) == pytest.approx(found.low) == pytest.approx(found.high)
    assert found.crossings == 1 and found.rises and found.window == pytest.approx(0.25)


def test_the_interval_covers_the_place_about_as_often_as_it_says() -> None:
    covered = 0
    for seed in range(60):
        found = tipping(Lever("x", AT), happened(logistic(3.0), 60, seed), crosses=0.5, seed=seed, resamples=150)
        covered += found.low <= 1.1 <= found.high
    assert 0.85 <= covered / 60 <= 1


def test_the_steepest_place_of_a_step_is_the_step() -> None:
    found = tipping(Lever("x", AT), happened(logistic(30.0), 40, 1))
    assert found.place == pytest.approx(1.1, abs=0.2) and found.window > 0.95 and found.window_low > 0.9
    falling = tipping(Lever("x", AT), 1 - happened(logistic(30.0), 40, 1))
    assert falling.place == found.place and not falling.rises


def test_a_level_that_is_never_reached_lies_beyond_the_range() -> None:
    values = happened(0.3 * logistic(), 30, 1)
    for curve, level, beyond in ((values, 0.9, np.inf), (values + 1, 0.9, -np.inf), (1 - values, 0.1, np.inf), (-values, 0.1, -np.inf)):
        found = tipping(Lever("x", AT), curve, crosses=level)
        assert found.place == beyond and found.crossings == 0 and found.crossing == 0


def test_an_interval_may_be_open_where_some_resamples_never_cross() -> None:
    found = tipping(Lever("x", AT), happened(0.52 * logistic(20.0), 24, 3), crosses=0.45)
    assert 0 < found.crossing < 1 and found.high == np.inf


def test_of_several_crossings_the_last_counts_and_their_number_is_told() -> None:
    curve = np.array([0, 0.6, 0.4, 0.2, 0.3, 0.4, 0.6, 0.8, 0.9, 1, 1.0])
    found = tipping(Lever("x", AT), curve[:, None] + np.zeros((11, 3)), crosses=0.5)
    assert found.crossings == 3 and found.place == pytest.approx(1.1)


def test_equal_factors_are_equal_steps_where_the_lever_says_so() -> None:
    at = np.geomspace(0.01, 100, 9)
    values = np.linspace(0, 1, 9)[:, None] + np.zeros((9, 3))
    assert tipping(Lever("x", at, log=True), values, crosses=0.5).place == pytest.approx(1)
    assert tipping(Lever("x", at), values, crosses=0.55).place == pytest.approx(1 + 0.4 * (at[5] - 1))


def test_luck_that_all_levels_share_moves_the_crossing_of_a_level_and_not_the_steepest_place() -> None:
    values = logistic(6.0, 1.0)[:, None] + np.random.default_rng(1).normal(0, 0.2, 16)
    assert (lambda tip: tip.high - tip.low)(tipping(Lever("x", AT), values)) == 0
    assert (lambda tip: tip.high - tip.low)(tipping(Lever("x", AT), values, crosses=0.5)) > 0


@pytest.mark.parametrize(
    ("settings", "values", "said"),
    [
        (AT[:3], np.eye(3), "needs four settings of x or more, found 3"),
        (AT, np.ones((11, 3)), "nothing moves it"),
        (AT, np.ones((10, 3)), "each level have a setting of its own"),
        (np.zeros(11), np.eye(11), "each level have a setting of its own"),
        (AT, np.full((11, 3), np.nan), "is not a finite number in 33 of 33"),
    ],
)
def test_what_has_no_tipping_point_is_refused(settings: np.ndarray, values: np.ndarray, said: str) -> None:
    with pytest.raises(NotAnalysable, match=said):
        tipping(Lever("x", settings), values)
