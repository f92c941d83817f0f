"""Intervals: those of the textbooks, in range, and covering the truth as often as they say."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize_scalar

from sim.analysis.intervals import Z, of_mean, of_paired_shares, of_share, of_unpaired_difference, of_unpaired_shares, weights


def test_the_interval_of_a_mean_is_students() -> None:
    values = np.random.default_rng(1).normal(size=(3, 9))
    wanted = stats.ttest_1samp(values, 0, axis=1).confidence_interval()
    found = of_mean(values)
    assert found.low == pytest.approx(wanted.low) and found.high == pytest.approx(wanted.high)


def test_an_interval_for_many_looks_is_bonferronis() -> None:
    values = np.random.default_rng(1).normal(size=9)
    wanted = stats.ttest_1samp(values, 0).confidence_interval(1 - 0.05 / 12)
    assert of_mean(values, looks=12).high == pytest.approx(wanted.high)


def test_one_value_has_no_interval() -> None:
    assert np.isnan(of_mean([3.0]).low) and np.isnan(of_unpaired_difference([3.0], [4.0]).high)


def test_the_interval_of_an_unpaired_difference_is_welchs() -> None:
    rng = np.random.default_rng(2)
    one, other = rng.normal(size=8), rng.normal(1, 3, size=15)
    wanted = stats.ttest_ind(other, one, equal_var=False).confidence_interval()
    found = of_unpaired_difference(one, other)
    assert (float(found.low), float(found.high)) == pytest.approx((wanted.low, wanted.high))


def test_constants_that_differ_have_an_unpaired_interval_of_no_width() -> None:
    found = of_unpaired_difference([1.0, 1.0], [3.0, 3.0])
    assert (found.value, found.low, found.high) == (2, 2, 2)


@pytest.mark.parametrize(("times", "runs"), [(0, 10), (3, 10), (10, 10), (250, 500)])
def test_the_interval_of_a_share_is_wilsons(times: int, runs: int) -> None:
    wanted = stats.binomtest(times, runs).proportion_ci(method="wilson")
    found = of_share(times, runs)
    assert (float(found.low), float(found.high)) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def likeliest(change: float, gained: int, lost: int, runs: int) -> float:
    """The likeliest share of runs that lose, given the change of the share; found by search."""

    def unlikely(down: float) -> float:
        chances = np.array([down + change, down, 1 - 2 * down - change])
        return -float(np.sum(np.array([gained, lost, runs - gained - lost]) * np.log(np.maximum(chances, 1e-300))))

    low, high = max(0.0, -change), (1 - change) / 2
    return float(minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x)


@pytest.mark.parametrize(("gained", "lost", "runs"), [(12, 2, 50), (5, 5, 40), (1, 9, 30), (20, 3, 400)])
def test_ends_of_a_paired_change_are_where_the_score_is_at_its_bound(gained: int, lost: int, runs: int) -> None:
    found = of_paired_shares(gained, lost, runs)
    for end, score in ((float(found.low), Z), (float(found.high), -Z)):
        down = likeliest(end, gained, lost, runs)
        assert (gained - lost - runs * end) / np.sqrt(runs * (2 * down + end - end**2)) == pytest.approx(score, abs=1e-3)


def test_a_paired_change_stays_in_range_and_is_never_sure() -> None:
    for gained, lost, runs in ((0, 0, 64), (64, 0, 64), (0, 64, 64), (1, 0, 1), (0, 0, 1)):
        found = of_paired_shares(gained, lost, runs)
        assert -1 <= found.low <= found.value <= found.high <= 1 and found.high > found.low


def test_a_change_and_its_mirror_have_mirrored_intervals() -> None:
    one, other = of_paired_shares(7, 2, 60), of_paired_shares(2, 7, 60)
    assert (float(one.low), float(one.high)) == pytest.approx((-float(other.high), -float(other.low)))


def test_paired_changes_are_covered_about_as_often_as_they_say() -> None:
    counts = np.random.default_rng(3).multinomial(30, [0.15, 0.05, 0.8], size=2000)
    found = of_paired_shares(counts[:, 0], counts[:, 1], 30)
    assert 0.93 <= ((found.low <= 0.1) & (found.high >= 0.1)).mean() <= 0.98


def test_unpaired_shares_are_newcombes() -> None:
    # Newcombe (1998), example a: 56 of 70 against 48 of 80, interval 0.0524 to 0.3339.
    found = of_unpaired_shares(48, 56, (80, 70))
    assert (float(found.low), float(found.high)) == pytest.approx((0.0524, 0.3339), abs=1e-4)


def test_resamples_draw_everything_equally_often_and_at_least_two_things() -> None:
    drawn = np.array(list(weights(3, 1, 3000, least=2)))
    assert drawn.sum(axis=1) == pytest.approx(np.ones(3000)) and ((drawn > 0).sum(axis=1) >= 2).all()
    assert drawn.mean(axis=0) == pytest.approx(np.full(3, 1 / 3), abs=0.01)
