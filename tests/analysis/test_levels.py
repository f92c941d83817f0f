"""One factor at a time, and grids: effects and means of functions that are known."""

import numpy as np
import pytest
from scipy import stats

from sim.analysis.grid import grid
from sim.analysis.one_at_a_time import one_at_a_time
from sim.analysis.refusals import NotAnalysable


def luck(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def test_effects_of_a_straight_line_are_its_slopes_whatever_luck_is_shared() -> None:
    base, slopes = 5 * luck(30), np.array([[0.5], [3.0], [-2.0]])
    found = one_at_a_time(base, base - slopes, base + slopes, ["one", "two", "three"]).set_index("factor")
    assert list(found.index) == ["two", "three", "one"]
    for factor, slope in (("one", 0.5), ("two", 3.0), ("three", -2.0)):
        assert found.loc[factor, ["down", "up", "swing"]].astype(float).to_numpy() == pytest.approx([-slope, slope, 2 * slope])
        assert found.loc[factor, "up_low"] == pytest.approx(slope) == pytest.approx(found.loc[factor, "up_high"])


def test_intervals_of_effects_are_those_of_paired_differences() -> None:
    base, low, high = luck(12), luck(1, 12, seed=2), luck(1, 12, seed=3)
    found = one_at_a_time(base, low, high, ["one"]).iloc[0]
    for name, one, other in (("down", base, low[0]), ("up", base, high[0]), ("swing", low[0], high[0])):
        wanted = stats.ttest_rel(other, one).confidence_interval()
        assert (found[f"{name}_low"], found[f"{name}_high"]) == pytest.approx((wanted.low, wanted.high))


def test_effects_on_a_yes_or_no_stay_in_range() -> None:
    found = one_at_a_time(np.zeros(20), np.zeros((1, 20)), np.ones((1, 20)), ["one"]).iloc[0]
    assert found["up"] == found["up_high"] == 1 and found["up_low"] > 0.6 and -0.2 < found["down_low"] < 0 < found["down_high"] < 0.2
    assert np.isnan(one_at_a_time([0.3], [[0.2]], [[0.4]], ["one"])["up_low"].iloc[0])


def test_one_at_a_time_refuses_what_does_not_fit_or_is_missing() -> None:
    with pytest.raises(NotAnalysable, match=r"base must be \(run\), low and high \(factor, run\) of 1; found \(3,\), \(1, 3\), \(2, 3\)"):
        one_at_a_time(np.zeros(3), np.zeros((1, 3)), np.zeros((2, 3)), ["one"])
    with pytest.raises(NotAnalysable, match="tension is not a finite number in 1 of 3"):
        one_at_a_time([1, 2, np.nan], np.zeros((1, 3)), np.zeros((1, 3)), ["one"], "tension")


def test_means_over_levels_are_those_of_the_function_with_students_interval() -> None:
    at = np.array([2.0, 1.0, 3.0])
    values = (at**2)[:, None] + luck(3, 25)
    found = grid({"one": at}, values)
    assert list(found["one"]) == [1, 2, 3] and list(found["runs"]) == [25] * 3
    for place, row in enumerate((1, 0, 2)):
        wanted = stats.ttest_1samp(values[row], 0).confidence_interval()
        assert (found["low"].iloc[place], found["high"].iloc[place]) == pytest.approx((wanted.low, wanted.high))
        assert found["q05"].iloc[place] == pytest.approx(np.quantile(values[row], 0.05))


def test_differences_between_levels_are_free_of_shared_luck() -> None:
    at = np.array([1.0, 2.0])
    found = grid({"one": at}, at[:, None] + 100 * luck(1, 25), against=[1.0])
    assert found["difference"].to_numpy() == pytest.approx([0, 1]) and found["difference_low"].to_numpy() == pytest.approx([0, 1])
    assert (found["high"] - found["low"] > 50).all()


def test_points_that_differ_in_other_factors_are_averaged_within_runs() -> None:
    values = np.array([[1.0, 2.0], [3.0, 4.0], [10.0, 10.0]])
    found = grid({"one": [0, 0, 1]}, values)
    assert list(found["points"]) == [2, 1] and list(found["mean"]) == [2.5, 10]
    assert found["low"].iloc[0] == pytest.approx(stats.ttest_1samp([2, 3], 0).confidence_interval().low)


def test_two_factors_make_a_row_a_pair_of_settings() -> None:
    x, y = (each.ravel() for each in np.meshgrid([1.0, 2.0, 3.0], [10.0, 20.0]))
    found = grid({"one": x, "two": y}, (x * y)[:, None] + np.zeros((6, 3)))
    assert [(row.one, row.two, row.mean) for row in found.itertuples()] == [
        (1, 10, 10), (1, 20, 20), (2, 10, 20), (2, 20, 40), (3, 10, 30), (3, 20, 60)
    ]  # fmt: skip


def test_shares_of_runs_over_levels_have_wilsons_interval() -> None:
    found = grid({"one": [0.0, 1.0]}, [[0, 0, 0, 0], [0, 1, 1, 0]], against=[0.0])
    wanted = stats.binomtest(2, 4).proportion_ci(method="wilson")
    assert (found["low"].iloc[1], found["high"].iloc[1]) == pytest.approx((wanted.low, wanted.high))
    assert found["low"].iloc[0] == 0 < found["high"].iloc[0] and found["difference_high"].iloc[1] < 1


def test_grids_refuse_what_does_not_fit() -> None:
    with pytest.raises(NotAnalysable, match="one factor or two, found 3: a, b, c"):
        grid({"a": [1], "b": [1], "c": [1]}, [[1.0]])
    with pytest.raises(NotAnalysable, match="each factor have a value a point"):
        grid({"a": [1, 2]}, [[1.0]])
    with pytest.raises(NotAnalysable, match="no point has a 7, so nothing can be compared"):
        grid({"a": [1, 2]}, [[1.0], [2.0]], against=[7])
    with pytest.raises(NotAnalysable, match="tension is not a finite number in 1 of 2"):
        grid({"a": [1, 2]}, [[1.0], [np.nan]], "tension")
