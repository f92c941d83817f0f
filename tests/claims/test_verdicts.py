"""Verdicts on made-up numbers, whose right answer is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.claims.verdicts import (
    REFUTED,
    SUPPORTED,
    UNDECIDED,
    Effect,
    contrast_of,
    effect_of,
    holds,
    is_flip,
    is_null_so_far,
    judged,
    leaves,
    whole,
)
from sim.scenario.claim_file import Expectation

RUNS = 200
PAIR = {"of": "changed", "against": "as_was"}


def expectation(**given: Any) -> Expectation:
    return Expectation.model_validate({"measure": "m", **PAIR, **given})


def arms(mean: float, spread: float, runs: int = RUNS) -> dict[str, np.ndarray]:
    """Two arms whose paired difference has exactly this mean and standard deviation; each alone is far noisier."""
    draws = np.random.default_rng(7)
    noise = draws.normal(size=runs)
    noise = (noise - noise.mean()) / noise.std(ddof=1)
    common = 50 * draws.normal(size=runs)
    return {"as_was": common, "changed": common + mean + spread * noise}


def verdict(mean: float, spread: float, **given: Any) -> tuple[str, str]:
    asked = expectation(**given)
    found = judged(asked, effect_of(arms(mean, spread), asked.weights))
    return found.verdict, found.why


def test_an_effect_is_paired_so_common_noise_does_not_widen_it() -> None:
    effect = effect_of(arms(1.0, 0.5), expectation(sign="+", least=0).weights)
    assert effect.value == pytest.approx(1.0)
    assert effect.high - effect.low == pytest.approx(2 * 1.972 * 0.5 / RUNS**0.5, rel=1e-3)
    assert effect.runs == RUNS


@pytest.mark.parametrize(
    ("mean", "spread", "sign", "least", "right"),
    [
        (1.0, 0.5, "+", 0.5, (SUPPORTED, "")),
        (-1.0, 0.5, "-", 0.5, (SUPPORTED, "")),
        (-1.0, 0.5, "+", 0.5, (REFUTED, "opposite")),
        (1.0, 0.5, "-", 0.5, (REFUTED, "opposite")),
        (0.2, 0.5, "+", 0.5, (REFUTED, "too small")),
        (0.0, 0.5, "+", 0.5, (REFUTED, "too small")),
        (0.5, 0.5, "+", 0.5, (UNDECIDED, "interval holds the smallest effect that counts")),
        (0.0, 0.5, "+", 0.0, (UNDECIDED, "interval holds the smallest effect that counts")),
        (0.0, 0.0, "+", 0.0, (REFUTED, "too small")),
        (0.0, 0.0, "-", 0.0, (REFUTED, "too small")),
    ],
)
def test_a_sign_needs_the_whole_interval_beyond_the_least_that_counts(
    mean: float, spread: float, sign: str, least: float, right: tuple[str, str]
) -> None:
    assert verdict(mean, spread, sign=sign, least=least) == right


def test_a_null_is_supported_only_where_something_would_leave_its_bound() -> None:
    asked = expectation(within=0.3)
    inside = effect_of(arms(0.0, 0.5), asked.weights)
    assert is_null_so_far(asked, inside)
    assert judged(asked, inside, True).verdict == SUPPORTED
    assert (judged(asked, inside, False).verdict, judged(asked, inside, False).why[:13]) == (UNDECIDED, "weak coupling")
    assert judged(asked, inside, None).verdict == UNDECIDED
    without = expectation(within=0.3, power=False)
    assert not is_null_so_far(without, inside)
    assert judged(without, inside).verdict == SUPPORTED


def test_a_null_is_refuted_only_wholly_outside_its_bound() -> None:
    asked = expectation(within=0.3)
    assert verdict(1.0, 0.5, within=0.3) == (REFUTED, "outside the bound")
    assert verdict(-1.0, 0.5, within=0.3) == (REFUTED, "outside the bound")
    assert verdict(0.3, 0.5, within=0.3) == (UNDECIDED, "interval crosses the bound")
    assert leaves(asked, effect_of(arms(1.0, 0.5), asked.weights))
    assert not leaves(asked, effect_of(arms(0.3, 0.5), asked.weights))


@pytest.mark.parametrize(("mean", "right"), [(1.0, SUPPORTED), (0.0, REFUTED), (0.5, UNDECIDED)])
def test_a_bound_is_judged_by_the_whole_interval(mean: float, right: str) -> None:
    assert verdict(mean, 0.5, above=0.5)[0] == right
    assert verdict(-mean, 0.5, below=-0.5)[0] == right


def test_a_yes_or_no_on_which_all_runs_agree_keeps_an_interval_of_three_over_n() -> None:
    values = {"as_was": np.zeros(100), "changed": np.ones(100)}
    effect = effect_of(values, {"changed": 1, "as_was": -1})
    assert (effect.value, effect.low, effect.high) == pytest.approx((1, 0.97, 1.03))
    never = effect_of({"as_was": np.zeros(100)}, {"as_was": 1})
    assert (never.low, never.high) == pytest.approx((-0.03, 0.03))
    assert judged(Expectation(measure="m", contrast={"as_was": 1}, below=0.02), never).verdict == UNDECIDED
    certain = effect_of({"as_was": np.full(100, 0.4)}, {"as_was": 1})
    assert (certain.low, certain.high) == pytest.approx((0.4, 0.4))


def test_an_interaction_weighs_four_arms() -> None:
    draws = np.random.default_rng(1)
    luck = draws.normal(size=RUNS)
    values = {"none": luck, "one": luck + 1, "other": luck + 2, "both": luck + 3.5 + 0.1 * draws.normal(size=RUNS)}
    weights = {"both": 1.0, "one": -1.0, "other": -1.0, "none": 1.0}
    asked = Expectation.model_validate({"measure": "m", "contrast": weights, "sign": "+", "least": 0.3})
    effect = effect_of(values, asked.weights)
    assert effect.value == pytest.approx(0.5, abs=0.05)
    assert judged(asked, effect).verdict == SUPPORTED


def test_runs_without_a_number_are_left_out_and_do_not_count_as_holding() -> None:
    values = {"as_was": np.array([0.0, 0.0, np.nan, 0.0]), "changed": np.array([1.0, 1.0, 1.0, np.nan])}
    asked = expectation(sign="+", least=0.5)
    effect = effect_of(values, asked.weights)
    assert effect.runs == 2
    assert holds(asked, contrast_of(values, asked.weights)).tolist() == [True, True, False, False]


def test_failed_runs_leave_a_claim_undecided() -> None:
    asked = expectation(sign="+", least=0.5)
    sure = effect_of(arms(5.0, 0.5), asked.weights, failed=1)
    assert judged(asked, sure).verdict == UNDECIDED
    assert judged(asked, sure).why == "1 runs failed"


def test_a_single_run_decides_nothing() -> None:
    asked = expectation(sign="+", least=0.5)
    assert judged(asked, effect_of(arms(5.0, 0.5, runs=2), asked.weights)).verdict == SUPPORTED
    one = effect_of({"as_was": np.zeros(1), "changed": np.ones(1)}, asked.weights)
    assert judged(asked, one).verdict == UNDECIDED


def test_a_sign_holds_run_by_run_only_beyond_the_least_that_counts() -> None:
    contrast = np.array([-1.0, 0.0, 0.4, 0.5, 2.0])
    assert holds(expectation(sign="+", least=0.5), contrast).tolist() == [False, False, False, True, True]
    assert holds(expectation(sign="-", least=0), contrast).tolist() == [True, False, False, False, False]
    assert holds(expectation(within=0.4), contrast).tolist() == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("parts", "right"),
    [
        ([SUPPORTED, SUPPORTED], SUPPORTED),
        ([SUPPORTED, UNDECIDED], UNDECIDED),
        ([UNDECIDED, REFUTED], REFUTED),
        ([SUPPORTED, REFUTED], REFUTED),
        ([], UNDECIDED),
    ],
)
def test_a_claim_needs_all_its_expectations_and_falls_with_one(parts: list[Any], right: str) -> None:
    assert whole(parts) == right


def test_a_verdict_is_fragile_where_it_turns_over_and_not_where_it_only_loses_sureness() -> None:
    assert is_flip(SUPPORTED, REFUTED, ([0.5], [0.1]))
    assert is_flip(SUPPORTED, UNDECIDED, ([0.5], [-0.1]))
    assert not is_flip(SUPPORTED, UNDECIDED, ([0.5], [0.1]))
    assert not is_flip(SUPPORTED, SUPPORTED, ([0.5], [-0.1]))


def test_an_effect_without_any_number_has_no_value() -> None:
    effect = effect_of({"as_was": np.full(3, np.nan)}, {"as_was": 1})
    assert isinstance(effect, Effect)
    assert np.isnan(effect.value)
    assert effect.runs == 0
