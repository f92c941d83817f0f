"""Morris screening: a straight line has its slopes for effects, and what bends or depends on the rest shows it."""

import numpy as np
import pytest

from sim.analysis.refusals import NotAnalysable
from sim.analysis.screening import elementary_effects, screening
from tests.analysis.truths import Values, sobol_g, trajectories

NAMES = ["one", "two", "three", "four"]


def test_effects_of_a_straight_line_are_its_slopes_without_spread() -> None:
    points = trajectories(10, 4)
    found = screening(points @ [3.0, -2.0, 0.5, 0.0], points, NAMES).set_index("factor").loc[NAMES]
    assert found["mu"].to_numpy() == pytest.approx([3, -2, 0.5, 0], abs=1e-9)
    assert found["mu_star"].to_numpy() == pytest.approx([3, 2, 0.5, 0], abs=1e-9)
    assert found["sigma"].to_numpy() == pytest.approx(np.zeros(4), abs=1e-6)
    assert (found["mu_star_high"] - found["mu_star_low"]).to_numpy() == pytest.approx(np.zeros(4), abs=1e-9)


def test_the_largest_effect_comes_first() -> None:
    points = trajectories(6, 4)
    assert list(screening(points @ [1.0, 4.0, 3.0, 2.0], points, NAMES)["factor"]) == ["two", "three", "four", "one"]


def test_an_effect_that_depends_on_another_factor_has_a_spread() -> None:
    points = trajectories(40, 4)
    found = screening(points[:, 0] * (points[:, 1] > 0.5) + points[:, 2], points, NAMES).set_index("factor")
    assert found.loc["one", "sigma_low"] > 0.2 and found.loc["three", "sigma"] == pytest.approx(0, abs=1e-9)


def test_an_effect_that_changes_sign_is_small_on_average_and_large_in_size() -> None:
    points = trajectories(60, 2)
    found = screening((points[:, 0] - 0.5) * np.where(points[:, 1] > 0.5, 1, -1), points, ["one", "two"]).set_index("factor")
    assert abs(found.loc["one", "mu"]) < 0.35 and found.loc["one", "mu_star"] == pytest.approx(1)


def test_the_numbers_are_salibs() -> None:
    analyze = pytest.importorskip("SALib.analyze.morris").analyze
    points = trajectories(30, 4)
    values = sobol_g(points, np.array([0.0, 1.0, 4.5, 99.0]))
    problem = {"num_vars": 4, "names": NAMES, "bounds": [[0, 1]] * 4}
    wanted = analyze(problem, points, values, num_levels=4, num_resamples=200, seed=1)
    found = screening(values, points, NAMES).set_index("factor").loc[NAMES]
    for name in ("mu", "mu_star", "sigma"):
        assert found[name].to_numpy() == pytest.approx(np.asarray(wanted[name]), abs=1e-9)
    assert (1.96 * found["mu_star_error"]).to_numpy() == pytest.approx(np.asarray(wanted["mu_star_conf"]), rel=0.35, abs=0.01)


def test_intervals_cover_the_mean_effect_about_as_often_as_they_say() -> None:
    draws, covered = np.random.default_rng(2), 0
    for seed in range(60):
        points = trajectories(24, 2, seed)
        values = points[:, 0] * draws.normal(2, 1, 24).repeat(3) + 0.1 * points[:, 1]
        one = screening(values, points, ["one", "two"], seed=seed, resamples=200).set_index("factor").loc["one"]
        covered += one["mu_low"] <= 2 <= one["mu_high"]
    assert 0.85 <= covered / 60 <= 1


def test_luck_that_every_point_shares_leaves_the_effects_alone() -> None:
    points = trajectories(8, 4)
    values = (points @ [3.0, -2.0, 0.5, 0.0])[:, None] + np.random.default_rng(3).normal(0, 50, 5)
    assert screening(values, points, NAMES)["mu_star"].to_numpy() == pytest.approx([3, 2, 0.5, 0], abs=1e-9)


def test_one_trajectory_has_no_interval() -> None:
    points = trajectories(1, 4)
    found = screening(points @ [3.0, -2.0, 0.5, 0.0], points, NAMES)
    assert found["mu_star"].to_numpy() == pytest.approx([3, 2, 0.5, 0]) and found[["mu_low", "sigma", "mu_star_error"]].isna().all().all()


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (lambda points: points[[0, 1, 1, 3, 4]], "every step of a trajectory must move one factor"),
        (lambda points: points[[0, 1, 2, 3, 0]], "every step of a trajectory must move one factor"),
        (lambda points: points[:4], "are not trajectories of one step a factor"),
    ],
)
def test_samples_that_are_no_trajectories_are_refused(spoilt: object, said: str) -> None:
    points: Values = spoilt(trajectories(1, 4))  # type: ignore[operator]
    with pytest.raises(NotAnalysable, match=said):
        screening(points @ [3.0, -2.0, 0.5, 1.0], points, NAMES)


def test_missing_and_constant_outcomes_are_refused() -> None:
    points = trajectories(3, 4)
    with pytest.raises(NotAnalysable, match="tension is not a finite number in 15 of 15"):
        screening(np.full(15, np.nan), points, NAMES, "tension")
    with pytest.raises(NotAnalysable, match="tension is 1 over the whole design"):
        screening(np.ones(15), points, NAMES, "tension")


def test_effects_are_laid_out_by_factor_trajectory_and_run() -> None:
    points = trajectories(5, 4)
    assert elementary_effects(np.zeros((25, 3)), points).shape == (4, 5, 3)
