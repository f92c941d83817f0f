"""Comparisons: paired run by run, nothing left out in silence, and what changed most first."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.analysis.comparison import COLUMNS, Comparison, comparison, holm
from sim.analysis.refusals import NotAnalysable

NAN = np.nan


def table(runs: Sequence[int] | None = None, **columns: Sequence[float]) -> pd.DataFrame:
    """An outcomes table; an underscore pair in a name stands for a dot."""
    length = len(next(iter(columns.values())))
    named = {name.replace("__", "."): np.asarray(values, dtype=float) for name, values in columns.items()}
    return pd.DataFrame({"run": list(range(length)) if runs is None else list(runs), **named})


def row(found: Comparison, outcome: str, arm: str = "other") -> pd.Series:
    own = found.of(arm)
    return own[own["outcome"] == outcome].iloc[0]


def luck(runs: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=runs)


def test_differences_and_both_intervals_are_those_of_the_textbook() -> None:
    base, other = [0.10, 0.30, 0.50, 0.40], [0.20, 0.35, 0.62, 0.45]
    found = row(comparison({"base": table(a=base), "other": table(a=other)}), "a")
    paired = stats.ttest_rel(other, base).confidence_interval()
    unpaired = stats.ttest_ind(other, base, equal_var=False).confidence_interval()
    assert (found["base"], found["other"], found["difference"]) == pytest.approx((0.325, 0.405, 0.08))
    assert (found["low"], found["high"]) == pytest.approx((paired.low, paired.high))
    assert (found["unpaired_low"], found["unpaired_high"]) == pytest.approx((unpaired.low, unpaired.high))
    assert (found["went_up"], found["went_down"], found["pairs"]) == (1, 0, 4)
    spread = np.sqrt((np.var(base, ddof=1) + np.var(other, ddof=1)) / 2)
    assert found["size"] == pytest.approx(0.08 / spread)


def test_an_unpaired_comparison_would_need_as_many_more_runs_as_its_variance_is_larger() -> None:
    shared = luck(400, 1)
    base, other = shared + 0.1 * luck(400, 2), shared + 0.1 * luck(400, 3)
    found = row(comparison({"base": table(a=base), "other": table(a=other)}), "a")
    wanted = 400 * (np.var(base, ddof=1) + np.var(other, ddof=1)) / np.var(other - base, ddof=1)
    assert found["unpaired_runs"] == pytest.approx(wanted) and 30_000 < wanted < 50_000


def test_pairing_saves_nothing_where_runs_have_nothing_in_common() -> None:
    found = row(comparison({"base": table(a=luck(4000, 1)), "other": table(a=luck(4000, 2))}), "a")
    assert found["unpaired_runs"] == pytest.approx(4000, rel=0.08)


def test_only_runs_in_all_arms_are_paired_and_the_rest_are_counted() -> None:
    arms = {
        "base": table([0, 1, 2, 3], a=[1, 2, 3, 9]),
        "other": table([1, 0, 5], a=[2.5, 1.5, 99]),
        "third": table([0, 1, 2], a=[1, 2, 3]),
    }
    found = comparison(arms)
    assert (found.runs, dict(found.left_out)) == (2, {"base": 2, "other": 1, "third": 1})
    assert row(found, "a")["difference"] == pytest.approx(0.5) and row(found, "a", "third")["difference"] == 0


def test_the_order_of_rows_changes_nothing() -> None:
    base, other = table(a=luck(9, 1), b=luck(9, 2)), table(a=luck(9, 3), b=luck(9, 4))
    shuffled = other.sample(frac=1, random_state=1)
    assert comparison({"base": base, "other": other}).table.equals(comparison({"base": base, "other": shuffled}).table)


def test_outcomes_that_an_arm_lacks_are_named() -> None:
    found = comparison({"base": table(a=[1, 2], b=[1, 2]), "other": table(a=[1, 2], c=[1, 2])})
    assert found.not_shared == ("b", "c") and list(found.table["outcome"]) == ["a"]


def test_shares_of_runs_are_compared_run_by_run_with_an_interval_in_range() -> None:
    base, other = [0] * 40, [1] * 40
    found = row(comparison({"base": table(x__eu_member__end=base), "other": table(x__eu_member__end=other)}), "x.eu_member.end")
    assert found["kind"] == "yes_no" and found["difference"] == found["high"] == 1 and 0.8 < found["low"] < 1
    still = row(comparison({"base": table(m=base), "other": table(m=base)}), "m")
    assert -0.1 < still["low"] < 0 < still["high"] < 0.1 and not still["beyond_chance"]


def test_stages_that_happen_to_be_0_and_1_are_amounts_where_the_yes_or_no_are_named() -> None:
    arms = {"base": table(stage=[0, 1, 1, 0], member=[0, 1, 1, 0]), "other": table(stage=[1, 1, 1, 0], member=[1, 1, 1, 0])}
    found = comparison(arms, yes_no={"member"})
    assert (row(found, "stage")["kind"], row(found, "member")["kind"]) == ("amount", "yes_no")


def test_months_are_compared_where_both_come_and_the_others_are_counted() -> None:
    base = [10, 20, NAN, 40, NAN, 60, NAN, 80]
    other = [14, 26, 30, NAN, NAN, 68, 70, 82]
    found = row(comparison({"base": table(m__month=base), "other": table(m__month=other)}), "m.month")
    assert tuple(found[["pairs", "only_base", "only_other", "neither"]]) == (4, 1, 2, 1)
    assert (found["difference"], found["base"], found["other"]) == pytest.approx((5.0, 42.5, 47.5))
    assert (found["share_base"], found["share_other"], found["share_difference"]) == pytest.approx((5 / 8, 6 / 8, 1 / 8))
    assert -1 < found["share_low"] < 0 < found["share_high"] < 1


def test_months_that_never_come_in_both_are_told_and_stand_last() -> None:
    arms = {"base": table(m__month=[NAN, 3], a=[1, 2]), "other": table(m__month=[5, NAN], a=[1, 2])}
    last = comparison(arms).table.iloc[-1]
    assert last["outcome"] == "m.month" and np.isnan(last["difference"]) and last["pairs"] == 0
    assert (last["only_base"], last["only_other"]) == (1, 1) and not last["beyond_chance"]


def test_what_changed_most_comes_first_whatever_its_unit() -> None:
    base = {"small": luck(50, 1) / 1000, "large": 1000 * luck(50, 2), "middle": luck(50, 3)}
    other = {"small": base["small"] + 3 / 1000, "large": base["large"] + 100, "middle": base["middle"] - 1}
    found = comparison({"base": table(**base), "other": table(**other)}).table
    assert list(found["outcome"]) == ["small", "middle", "large"] and list(found["rank"]) == [1, 2, 3]


def test_ties_keep_their_order_and_constants_have_a_place() -> None:
    steady, other = [2.0] * 6, [3.0] * 6
    arms = {"base": table(b=steady, a=steady, still=steady, nothing=[0.0] * 6, c=[1, 2, 3, 4, 5, 6]),
            "other": table(b=other, a=other, still=steady, nothing=[0.0] * 6, c=[1, 2, 3, 4, 5, 7])}  # fmt: skip
    found = comparison(arms, yes_no=()).table
    assert list(found["outcome"]) == ["b", "a", "c", "still", "nothing"]
    assert np.isfinite(found["size"]).all() and list(found["size"].iloc[-2:]) == [0, 0]
    assert row(comparison(arms, yes_no=()), "b")["low"] == 1 == row(comparison(arms, yes_no=()), "b")["high"]
    assert row(comparison(arms, yes_no=()), "still")["unpaired_runs"] == 6


def test_rounding_in_files_does_not_count_as_movement() -> None:
    base = np.linspace(0.3, 0.5, 20)
    found = row(comparison({"base": table(a=base), "other": table(a=base.astype(np.float32).astype(float))}), "a")
    assert found["went_up"] == found["went_down"] == 0


def test_one_run_has_a_difference_and_no_interval() -> None:
    found = row(comparison({"base": table(a=[0.5]), "other": table(a=[0.7])}), "a")
    assert found["difference"] == pytest.approx(0.2) and np.isnan(found[["low", "high", "unpaired_runs", "size"]].astype(float)).all()
    assert not found["beyond_chance"]


def test_few_of_many_unchanged_outcomes_seem_to_move() -> None:
    rng = np.random.default_rng(5)
    base = {f"o{place}": rng.normal(size=30) for place in range(200)}
    other = {name: values + rng.normal(0, 0.1, 30) for name, values in base.items()}
    found = comparison({"base": table(**base), "other": table(**other)}).table
    assert found["beyond_chance"].sum() <= 1
    assert 2 <= ((found["low"] > 0) | (found["high"] < 0)).sum() <= 20


def test_holms_bound_steps_down() -> None:
    assert list(holm(np.array([0.04, 0.001, NAN, 0.02, 0.9]))) == [False, True, False, False, False]
    assert list(holm(np.array([0.01, 0.02, 0.04]))) == [True, True, True]
    assert list(holm(np.array([]))) == []


def test_missing_values_of_other_outcomes_are_refused() -> None:
    with pytest.raises(NotAnalysable, match="a in other or its base is not a finite number in 1 of 6"):
        comparison({"base": table(a=[1, 2, 3]), "other": table(a=[1, NAN, 3])})


def test_arms_without_a_run_in_common_are_refused() -> None:
    with pytest.raises(NotAnalysable, match="no run went well in all of base, other"):
        comparison({"base": table([0, 1], a=[1, 2]), "other": table([2, 3], a=[1, 2])})
    with pytest.raises(NotAnalysable, match="two arms or more, found 1"):
        comparison({"base": table(a=[1, 2])})
    with pytest.raises(NotAnalysable, match="a run once"):
        comparison({"base": table([0, 0], a=[1, 2]), "other": table([0, 1], a=[1, 2])})


def test_the_table_has_its_columns_even_where_nothing_is_shared() -> None:
    found = comparison({"base": table(a=[1, 2]), "other": table(b=[1, 2])})
    assert list(found.table.columns) == list(COLUMNS) and found.table.empty
