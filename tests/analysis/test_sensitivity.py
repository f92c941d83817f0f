"""Sobol indices: right on functions with known indices, honest about how sure they are, and not fooled by luck."""

import numpy as np
import pytest
from scipy.stats import sobol_indices

from sim.analysis.refusals import NotAnalysable
from sim.analysis.sensitivity import Evaluations, Sensitivity, laid_out, sensitivity
from tests.analysis.truths import Values, ishigami, ishigami_indices, sobol_g, sobol_g_indices, sobol_sample

NAMES = ["one", "two", "three", "four", "five", "six"]


def inside(found: Sensitivity, kind: str, truth: Values, slack: float = 1e-9) -> bool:
    low, high = found.indices[f"{kind}_low"], found.indices[f"{kind}_high"]
    return bool(((low - slack <= truth) & (truth <= high + slack)).all())


def of_ishigami(base: int, second_order: bool = False, factors: int = 3, **how: int) -> Sensitivity:
    points = sobol_sample(base, factors, second_order)
    return sensitivity(laid_out(ishigami(points), factors, second_order), NAMES[:factors], "ishigami", **how)


@pytest.fixture(scope="module")
def known() -> Sensitivity:
    return of_ishigami(2048, second_order=True)


def test_first_order_indices_of_ishigami_lie_within_their_intervals(known: Sensitivity) -> None:
    first, _, _ = ishigami_indices()
    assert inside(known, "first", first)
    assert known.indices["first"].to_numpy() == pytest.approx(first, abs=0.02)


def test_total_indices_of_ishigami_lie_within_their_intervals(known: Sensitivity) -> None:
    _, total, _ = ishigami_indices()
    assert inside(known, "total", total)
    assert known.indices["total"].to_numpy() == pytest.approx(total, abs=0.02)


def test_second_order_indices_of_ishigami_lie_within_their_intervals(known: Sensitivity) -> None:
    _, _, second = ishigami_indices()
    assert [(row.factor, row.partner) for row in known.pairs.itertuples()] == [("one", "two"), ("one", "three"), ("two", "three")]
    for row, truth in zip(known.pairs.itertuples(), second.values(), strict=True):
        assert row.second_low <= truth <= row.second_high and row.second == pytest.approx(truth, abs=0.03)


def test_mean_and_deviation_are_those_of_the_function(known: Sensitivity) -> None:
    variance = 0.5 + 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18
    assert known.mean == pytest.approx(3.5, abs=0.02)
    assert known.deviation == pytest.approx(np.sqrt(variance), rel=0.02)


def test_indices_of_the_g_function_lie_within_their_intervals() -> None:
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])
    first, total = sobol_g_indices(a)
    found = sensitivity(laid_out(sobol_g(sobol_sample(2048, 6), a), 6), NAMES)
    assert inside(found, "first", first, 0.005) and inside(found, "total", total, 0.005)


def test_with_one_run_a_point_the_numbers_are_scipys() -> None:
    points = laid_out(ishigami(sobol_sample(256, 3)), 3)
    found = sensitivity(points, NAMES[:3], resamples=10)
    wanted = sobol_indices(func={"f_A": points.a.T, "f_B": points.b.T, "f_AB": np.moveaxis(points.ab, 2, 1)}, n=256)
    assert found.indices["first"].to_numpy() == pytest.approx(wanted.first_order.ravel(), abs=1e-12)
    assert found.indices["total"].to_numpy() == pytest.approx(wanted.total_order.ravel(), abs=1e-12)


def test_on_the_same_sample_the_numbers_are_salibs() -> None:
    analyze = pytest.importorskip("SALib.analyze.sobol").analyze
    base, factors = 1024, 3
    values = ishigami(sobol_sample(base, factors, second_order=True))
    parts = values.reshape(2 * factors + 2, base)
    # SALib goes row by row: A, AB_1 .. AB_k, BA_1 .. BA_k, B.
    order = np.concatenate([parts[:1], parts[2:], parts[1:2]]).T.ravel()
    problem = {"num_vars": factors, "names": NAMES[:factors], "bounds": [[0, 1]] * factors}
    wanted = analyze(problem, order, calc_second_order=True, num_resamples=100, seed=1)
    found = sensitivity(laid_out(values, factors, second_order=True), NAMES[:factors])
    assert found.indices["total"].to_numpy() == pytest.approx(wanted["ST"], abs=1e-9)
    # SALib takes the mean over all blocks away, we that over A and B.
    assert found.indices["first"].to_numpy() == pytest.approx(wanted["S1"], abs=0.01)
    # SALib counts each pair one way, we both ways.
    pairs = wanted["S2"][np.triu_indices(factors, 1)]
    assert found.pairs["second"].to_numpy() == pytest.approx(pairs, abs=0.06)
    assert found.indices["total_error"].to_numpy() == pytest.approx(wanted["ST_conf"] / 1.96, rel=0.3)


def test_a_dummy_factor_lies_within_two_standard_errors_of_nothing() -> None:
    points = sobol_sample(512, 4)
    values = ishigami(points)[:, None] + np.random.default_rng(4).normal(0, 2, (len(points), 4))
    dummy = sensitivity(laid_out(values, 4), NAMES[:4]).indices.iloc[3]
    assert abs(dummy["first"]) <= 2 * dummy["first_error"] and abs(dummy["total"]) <= 2 * dummy["total_error"]
    still = of_ishigami(512, factors=4).indices.iloc[3]
    assert still["first"] == still["total"] == still["total_error"] == 0


def test_twin_factors_have_equal_indices_within_their_intervals() -> None:
    points = sobol_sample(1024, 3)
    found = sensitivity(laid_out(points[:, 0] + points[:, 1] + points[:, 0] * points[:, 1] + 0.1 * points[:, 2], 3), NAMES[:3]).indices
    for kind in ("first", "total"):
        one, two = found.iloc[0], found.iloc[1]
        assert max(one[f"{kind}_low"], two[f"{kind}_low"]) <= min(one[f"{kind}_high"], two[f"{kind}_high"])
        assert one[kind] == pytest.approx(two[kind], abs=0.02)


def test_the_standard_error_falls_with_the_square_root_of_the_samples() -> None:
    errors = [of_ishigami(base).indices[["first_error", "total_error"]].to_numpy() for base in (256, 1024, 4096)]
    slopes = np.log(errors[2] / errors[0]) / np.log(16)
    assert slopes == pytest.approx(np.full((3, 2), -0.5), abs=0.08)


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    first, total, _ = ishigami_indices()
    covered = np.zeros((2, 3))
    for seed in range(80):
        points = sobol_sample(128, 3, seed=seed, scrambled=False)
        found = sensitivity(laid_out(ishigami(points), 3), NAMES[:3], resamples=200, seed=seed).indices
        for place, (kind, truth) in enumerate((("first", first), ("total", total))):
            covered[place] += (found[f"{kind}_low"] <= truth) & (truth <= found[f"{kind}_high"])
    assert (covered / 80 >= 0.85).all() and covered.mean() / 80 <= 0.99


def test_luck_that_every_point_shares_changes_no_index() -> None:
    values = ishigami(sobol_sample(256, 3))
    shared = values[:, None] + np.random.default_rng(5).normal(0, 100, 6)
    alone, found = sensitivity(laid_out(values, 3), NAMES[:3]), sensitivity(laid_out(shared, 3), NAMES[:3])
    for kind in ("first", "total"):
        # Several runs take the variance over pairs of points, of which 512 points have 512 x 511 / 2.
        assert found.indices[kind].to_numpy() * 512 / 511 == pytest.approx(alone.indices[kind].to_numpy(), abs=1e-6)


def test_the_share_of_luck_is_that_of_its_variance() -> None:
    points = sobol_sample(512, 3)
    draws = np.random.default_rng(6)
    values = points[:, :1] * np.sqrt(12) + draws.normal(0, 1, 32) + draws.normal(0, np.sqrt(2), (len(points), 32))
    found = sensitivity(laid_out(values, 3), NAMES[:3], resamples=200)
    assert found.luck_low <= 0.75 <= found.luck_high and found.luck == pytest.approx(0.75, abs=0.08)
    assert found.deviation == pytest.approx(1.0, abs=0.05)


def test_few_runs_do_not_pass_luck_off_as_what_the_factors_do() -> None:
    points = sobol_sample(1024, 3)
    values = points[:, :1] + np.random.default_rng(7).normal(0, 0.5, (len(points), 4))
    found = sensitivity(laid_out(values, 3), NAMES[:3]).indices
    assert found["total"].to_numpy() == pytest.approx([1, 0, 0], abs=0.2)
    assert ((found["total_low"] <= [1, 0, 0]) & (found["total_high"] >= [1, 0, 0])).all()
    fooled = sensitivity(laid_out(values.mean(axis=1), 3), NAMES[:3]).indices
    assert (fooled["total_low"][1:] > 0.3).all()


def test_one_run_a_point_says_nothing_of_luck(known: Sensitivity) -> None:
    assert known.runs == 1 and np.isnan([known.luck, known.luck_low, known.luck_high]).all()


def test_the_same_seed_gives_the_same_intervals() -> None:
    one, other, third = of_ishigami(64, seed=3), of_ishigami(64, seed=3), of_ishigami(64, seed=4)
    assert one.indices.equals(other.indices) and not one.indices.equals(third.indices)


def test_one_missing_value_is_refused_with_its_outcome_and_a_way_out() -> None:
    values = ishigami(sobol_sample(64, 3))
    values[7] = np.nan
    with pytest.raises(NotAnalysable, match=r"serbia.tension.end is not a finite number in 1 of 64 histories: see the table of runs"):
        sensitivity(laid_out(values, 3), NAMES[:3], "serbia.tension.end")
    with pytest.raises(NotAnalysable, match=r"runs that never enter have no month; ask for serbia.eu_member.end instead"):
        sensitivity(laid_out(values, 3), NAMES[:3], "serbia.eu_member.month")


def test_a_constant_outcome_is_refused_in_words() -> None:
    with pytest.raises(NotAnalysable, match=r"serbia.nato_stage.end is 2 over the whole design: nothing moves it"):
        sensitivity(laid_out(np.full(320, 2.0), 3), NAMES[:3], "serbia.nato_stage.end")


def test_an_outcome_that_only_luck_moves_is_refused_or_has_intervals_around_nothing() -> None:
    refused = 0
    for seed in range(8):
        values = np.random.default_rng(seed).normal(0, 1, (5 * 64, 4))
        try:
            found = sensitivity(laid_out(values, 3), NAMES[:3], "tossed", resamples=100)
        except NotAnalysable as error:
            refused += 1
            assert "tossed: what the factors do to its mean cannot be told from luck with 4 runs" in str(error)
        else:
            assert (found.indices["first_low"] < 0.3).all()
    assert refused


def test_values_that_do_not_divide_into_blocks_are_refused() -> None:
    with pytest.raises(NotAnalysable, match="a Sobol design of 3 factors has 5 blocks of equal length; 321 values"):
        laid_out(np.zeros(321), 3)
    with pytest.raises(NotAnalysable, match=r"AB and BA \(factor, base, run\) of 2"):
        sensitivity(Evaluations(np.zeros((4, 1)), np.zeros((4, 1)), np.zeros((3, 4, 1))), NAMES[:2])
