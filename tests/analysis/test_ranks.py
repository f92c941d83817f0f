"""Ranks: a straight line in ranks has its weights, an idle factor none, and a bend shows in the fit."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.analysis.ranks import ranks
from sim.analysis.refusals import NotAnalysable

DRAWS = np.random.default_rng(1).random((200, 3))
SETTINGS = {name: DRAWS[:, place] for place, name in enumerate(("one", "two", "idle"))}


def test_any_rising_function_of_one_factor_has_rank_one() -> None:
    found = ranks(SETTINGS, np.exp(5 * SETTINGS["one"]), resamples=50).set_index("factor")
    assert found.loc["one", "rank"] == pytest.approx(1) and found.loc["one", "weight"] == pytest.approx(1, abs=1e-6)
    assert found["fit"].iloc[0] == pytest.approx(1) and found.index[0] == "one"


def test_rank_correlations_are_scipys() -> None:
    values = SETTINGS["one"] - 0.5 * SETTINGS["two"] + np.random.default_rng(2).normal(0, 0.2, 200)
    found = ranks(SETTINGS, values, resamples=50).set_index("factor")
    for factor, column in SETTINGS.items():
        assert found.loc[factor, "rank"] == pytest.approx(spearmanr(column, values).statistic)
    assert found.loc["two", "weight_high"] < 0 < found.loc["one", "weight_low"]
    assert found.loc["idle", "weight_low"] < 0 < found.loc["idle", "weight_high"]


def test_weights_are_those_of_regression_on_ranks() -> None:
    values = SETTINGS["one"] * 3 + SETTINGS["two"]
    x = np.argsort(np.argsort(DRAWS, axis=0), axis=0) + 1.0
    y = np.argsort(np.argsort(values)) + 1.0
    wanted = np.linalg.lstsq((x - x.mean(0)) / x.std(0), (y - y.mean()) / y.std(), rcond=None)[0]
    found = ranks(SETTINGS, values, resamples=10).set_index("factor").loc[list(SETTINGS)]
    assert found["weight"].to_numpy() == pytest.approx(wanted)


def test_a_bend_is_told_by_a_small_fit() -> None:
    assert ranks(SETTINGS, (SETTINGS["one"] - 0.5) ** 2, resamples=10)["fit"].iloc[0] < 0.1


def test_runs_are_averaged_first() -> None:
    values = SETTINGS["one"][:, None] + np.random.default_rng(3).normal(0, 1, 40)
    assert ranks(SETTINGS, values, resamples=10)["rank"].iloc[0] == pytest.approx(1)


def test_intervals_cover_the_rank_of_the_population_about_as_often_as_they_say() -> None:
    covered, true = 0, 6 / np.pi * np.arcsin(0.6 / 2)
    for seed in range(60):
        a, b = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], 100).T
        row = ranks({"a": a}, b, seed=seed, resamples=150).iloc[0]
        covered += row["rank_low"] <= true <= row["rank_high"]
    assert 0.83 <= covered / 60 <= 1


def test_too_few_points_and_constants_are_refused() -> None:
    with pytest.raises(NotAnalysable, match="11 points are too few for 3 factors; ask for 13 or more"):
        ranks({name: column[:11] for name, column in SETTINGS.items()}, DRAWS[:11, 0])
    with pytest.raises(NotAnalysable, match="nothing moves it"):
        ranks(SETTINGS, np.ones(200))
