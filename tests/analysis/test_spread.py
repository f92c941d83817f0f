"""The split of variance: each part comes out as large as it was made."""

import numpy as np
import pytest

from sim.analysis.refusals import NotAnalysable
from sim.analysis.spread import PARTS, components, spread
from tests.analysis.truths import Values


def crossed(draws: int, runs: int, deviations: tuple[float, float, float], seed: int = 1) -> Values:
    rng = np.random.default_rng(seed)
    parameters, luck, both = deviations
    return parameters * rng.normal(size=(draws, 1)) + luck * rng.normal(size=(1, runs)) + both * rng.normal(size=(draws, runs))


def test_shares_are_those_the_table_was_made_with() -> None:
    found = spread(crossed(300, 300, (2.0, 1.0, 1.0)), resamples=200).set_index("part")
    for part, truth in zip(PARTS, (4 / 6, 1 / 6, 1 / 6), strict=True):
        assert found.loc[part, "share_low"] <= truth <= found.loc[part, "share_high"]
        assert found.loc[part, "share"] == pytest.approx(truth, abs=0.05)
    assert found["share"].sum() == pytest.approx(1)


def test_components_are_those_of_the_analysis_of_variance() -> None:
    values = crossed(7, 5, (1.0, 0.5, 0.3))
    draws, runs = values.shape
    left = values - values.mean(axis=1, keepdims=True) - values.mean(axis=0) + values.mean()
    square_left = (left**2).sum() / ((draws - 1) * (runs - 1))
    square_draws, square_runs = runs * values.mean(axis=1).var(ddof=1), draws * values.mean(axis=0).var(ddof=1)
    found = components(values)
    assert found.both == pytest.approx(square_left)
    assert found.parameters == pytest.approx((square_draws - square_left) / runs)
    assert found.luck == pytest.approx((square_runs - square_left) / draws)


def test_weights_of_a_doubled_draw_are_those_of_the_draw_standing_twice_without_pairing_it_with_itself() -> None:
    values = crossed(6, 4, (1.0, 1.0, 0.0))
    weights = np.array([2, 1, 1, 1, 1, 0]) / 6
    apart = [(one, other) for one in range(6) for other in range(6) if one != other]
    pairs = sum(weights[i] * weights[j] * (values[i] - values[j]).mean() ** 2 / 2 for i, j in apart)
    truth = pairs / sum(weights[i] * weights[j] for i, j in apart)
    assert components(values, weights, np.full(4, 0.25)).parameters == pytest.approx(truth)


@pytest.mark.parametrize(("place", "deviations"), [(0, (1.0, 0.0, 0.0)), (1, (0.0, 1.0, 0.0)), (2, (0.0, 0.0, 1.0))])
def test_variance_of_one_kind_only_is_all_of_that_kind(place: int, deviations: tuple[float, float, float]) -> None:
    assert spread(crossed(40, 40, deviations), resamples=50)["share"].iloc[place] == pytest.approx(1, abs=0.05)


def test_swapping_draws_and_runs_swaps_their_parts() -> None:
    values = crossed(9, 6, (1.0, 2.0, 0.5))
    one, other = components(values), components(values.T)
    assert (one.parameters, one.luck, one.both) == pytest.approx((other.luck, other.parameters, other.both))


def test_no_unit_and_no_shift_changes_a_share() -> None:
    values = crossed(12, 8, (1.0, 2.0, 0.5))
    assert components(values).shares == pytest.approx(components(1000 - 3 * values).shares)


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    truth, covered = np.array([5, 3, 2]) / 10, np.zeros(3)
    for seed in range(60):
        found = spread(crossed(40, 40, (5**0.5, 3**0.5, 2**0.5), seed), resamples=150, seed=seed)
        covered += (found["share_low"] <= truth) & (truth <= found["share_high"])
    assert (covered / 60 >= 0.83).all()


def test_the_same_seed_gives_the_same_intervals() -> None:
    values = crossed(8, 8, (1.0, 1.0, 1.0))
    assert spread(values, seed=2, resamples=40).equals(spread(values, seed=2, resamples=40))


def test_missing_constant_and_single_are_refused() -> None:
    with pytest.raises(NotAnalysable, match="tension is not a finite number in 1 of 16"):
        spread(np.diag([np.nan, 1, 1, 1]) + np.eye(4), "tension")
    with pytest.raises(NotAnalysable, match="tension is 1 over the whole design"):
        spread(np.ones((4, 4)), "tension")
    with pytest.raises(NotAnalysable, match="two parameter draws and two runs or more"):
        spread(np.ones((4, 1)), "tension")
