"""Summaries of more runs than are kept: counts that add up the same in any order, close to the exact summary and exact for stages."""

from collections.abc import Iterator

import numpy as np
import pytest

from sim.runs.tally import BINS, Tally
from sim.summary import QUANTILES, Series, exact_numbers
from sim.world import VARIABLES

RUNS, MONTHS = 5000, 3


def series(name: str, low: float, high: float, seed: int = 1) -> Series:
    values = np.random.default_rng(seed).beta(2, 5, size=(MONTHS, 2, RUNS)) * (high - low) + low
    return Series(name, name, ("avala", "brda"), ("", ""), values.astype(np.float32))


def stages(seed: int = 1) -> Series:
    values = np.random.default_rng(seed).random((MONTHS, 2, RUNS)) < 0.3
    return Series("union_stage", "rung", ("avala", "brda"), ("member",) * 2, values.astype(np.float32))


def parts(whole: Series, pieces: int) -> Iterator[Series]:
    for part in np.array_split(np.arange(RUNS), pieces):
        yield Series(whole.variable, whole.kept_as, whole.actors, whole.partners, whole.values[..., part])


def same(one: Tally, other: Tally) -> bool:
    mine, others = one.arrays(), other.arrays()
    return mine.keys() == others.keys() and all(mine[name].tobytes() == others[name].tobytes() for name in mine)


@pytest.mark.parametrize("whole", [series("tension", 0, 1), series("budget", 0, 200), series("payoff", -2, 3), stages()])
def test_tallies_add_up_to_the_same_whatever_the_pieces_and_their_order(whole: Series) -> None:
    tallies = [Tally.of_series([part]) for part in parts(whole, 7)]
    forwards, backwards = Tally(0, {}, {}, {}), Tally(0, {}, {}, {})
    for tally in tallies:
        forwards = forwards.plus(tally)
    for tally in reversed(tallies):
        backwards = backwards.plus(tally)
    assert same(forwards, backwards)
    assert same(forwards, Tally.of_series([whole]))
    assert same(forwards, Tally.of(forwards.arrays()))


def test_a_tally_of_a_share_is_within_a_bin_of_the_exact_summary() -> None:
    whole = series("tension", 0, 1)
    told, exact = Tally.of_series([whole]).numbers(whole), exact_numbers(whole.values)
    assert np.array_equal(told["n"], exact["n"])
    for name in ("mean", "sd"):
        assert np.abs(told[name] - exact[name]).max() < 1e-5
    for name in QUANTILES:
        assert np.abs(told[name] - exact[name]).max() <= 1 / BINS


@pytest.mark.parametrize(("name", "low", "high"), [("budget", 0, 200), ("payoff", -2, 3)])
def test_a_tally_of_an_amount_is_within_a_bin_of_the_exact_summary(name: str, low: float, high: float) -> None:
    whole, scale = series(name, low, high), VARIABLES[name].scale
    told, exact = Tally.of_series([whole]).numbers(whole), exact_numbers(whole.values)
    assert np.abs(told["mean"] - exact["mean"]).max() < scale * 1e-4
    for quantile in QUANTILES:
        wide = 2 * (1 + np.abs(exact[quantile]) / scale) ** 2 * scale / BINS
        assert np.all(np.abs(told[quantile] - exact[quantile]) <= wide)


def test_stages_are_counted_exactly() -> None:
    whole = stages()
    told, exact = Tally.of_series([whole]).numbers(whole), exact_numbers(whole.values)
    for name in ("mean", *QUANTILES):
        assert np.allclose(told[name], exact[name], atol=1e-6)


def test_a_million_runs_do_not_overflow() -> None:
    whole = Series("budget", "budget", ("x",), ("",), np.full((1, 1, 1000), 1e9, dtype=np.float32))
    tally = Tally.of_series([whole])
    for _ in range(10):
        tally = tally.plus(tally)
    assert tally.runs == 1_024_000 and tally.squares["budget"].min() > 0


def test_the_tally_of_no_runs_has_no_numbers() -> None:
    whole = Series("tension", "tension", ("x",), ("",), np.zeros((2, 1, 0), dtype=np.float32))
    assert np.isnan(Tally.of_series([whole]).numbers(whole)["mean"]).all()
