"""Policies: regret, what is enough, who gains and what is bettered by nothing, worked by hand."""

import numpy as np
import pytest

from sim.analysis.policies import Aim, Policies, policies
from sim.analysis.refusals import NotAnalysable

X = np.linspace(0, 1, 41)
OWNERS = {"nothing": "", "safe": "eu", "bold": "eu", "spoil": "russia"}
PEACE, TRADE, UNREST = Aim("peace", True, 0.5, "eu"), Aim("trade", True, None, "eu"), Aim("peace", False, None, "russia")


def flat(values: np.ndarray, runs: int = 3) -> np.ndarray:
    return np.repeat(np.asarray(values, dtype=float)[:, None], runs, axis=1)


def three(luck: float = 0.0) -> dict[Aim, dict[str, np.ndarray]]:
    """Nothing gives nothing; safe gives 0.6 everywhere; bold gives 1 in the better half of worlds and 0 in the other."""
    noise = luck * np.random.default_rng(1).normal(size=(1, 3))
    peace = {"nothing": 0 * X, "safe": 0 * X + 0.6, "bold": (X > 0.5) * 1.0, "spoil": 0 * X - 0.2}
    values = {name: flat(each) + noise for name, each in peace.items()}
    return {PEACE: values, UNREST: dict(values)}


def row(found: Policies, owner: str, policy: str) -> dict[str, float]:
    table = found.menu(owner).set_index("policy")
    return {str(key): value for key, value in table.loc[policy].items()}


def test_regret_is_what_the_owners_best_choice_would_have_given_more() -> None:
    found = policies(three(), OWNERS, resamples=20)
    span = 1.2  # from the 5th to the 95th of a hundred values over all points and policies
    assert row(found, "eu", "safe")["regret"] == pytest.approx(0.4 / span)
    assert row(found, "eu", "bold")["regret"] == pytest.approx(0.6 / span)
    assert row(found, "eu", "nothing")["regret"] == pytest.approx(1.0 / span)
    assert row(found, "eu", "safe")["regret_mean"] == pytest.approx(0.4 / span * (X > 0.5).mean())
    assert list(found.menu("eu")["policy"]) == ["safe", "bold", "nothing"] and "spoil" not in set(found.menu("eu")["policy"])


def test_what_is_enough_is_a_share_of_points() -> None:
    found = policies(three(), OWNERS, resamples=20)
    assert row(found, "eu", "safe")["enough"] == 1 and row(found, "eu", "nothing")["enough"] == 0
    bold = row(found, "eu", "bold")
    assert bold["enough"] == pytest.approx((X > 0.5).mean()) and bold["enough_low"] < bold["enough"] < bold["enough_high"]


def test_the_best_at_most_points_need_not_hold_up_best() -> None:
    values = three()
    values[PEACE]["bold"] = flat((X > 0.25) * 0.7)
    found = policies(values, OWNERS, resamples=20)
    assert row(found, "eu", "bold")["best"] > 0.5 and found.menu("eu")["policy"].iloc[0] == "safe"


def test_who_gains_is_told_against_doing_nothing() -> None:
    gains = policies(three(), OWNERS, resamples=20).gains.set_index(["policy", "owner"])
    assert gains.loc[("safe", "eu"), "gain"] == -gains.loc[("safe", "russia"), "gain"] > 0
    assert gains.loc[("spoil", "russia"), "gaining"] == pytest.approx(1) and gains.loc[("spoil", "eu"), "gaining"] == 0
    assert gains.loc[("bold", "eu"), "gaining"] == pytest.approx((X > 0.5).mean())


def test_a_choice_that_another_betters_in_every_goal_is_dominated() -> None:
    values = three() | {TRADE: {"nothing": flat(0 * X), "safe": flat(0 * X + 0.1), "bold": flat(0 * X + 0.5), "spoil": flat(0 * X)}}
    found = policies(values, OWNERS, resamples=20)
    assert [row(found, "eu", policy)["undominated"] for policy in ("safe", "bold", "nothing")] == [1, 1, 0]
    values[TRADE]["safe"] = flat(0 * X + 0.9)
    assert row(policies(values, OWNERS, resamples=20), "eu", "bold")["undominated"] == 0


def test_luck_that_all_policies_share_leaves_regret_alone() -> None:
    calm, noisy = (policies(three(luck), OWNERS, resamples=30) for luck in (0.0, 0.4))
    for policy in ("safe", "bold"):
        scaled = [row(found, "eu", policy)["regret"] / row(found, "eu", "nothing")["regret"] for found in (calm, noisy)]
        assert scaled[0] == pytest.approx(scaled[1])


def test_ranks_have_intervals_that_close_as_choices_part() -> None:
    draws, names = np.random.default_rng(2), ("near", "far")
    for gap, sure in ((0.0, False), (1.0, True)):
        values = {"nothing": flat(0 * X), "near": flat(draws.random(41)), "far": flat(draws.random(41) + gap)}
        table = policies({PEACE: values}, {"nothing": "", **dict.fromkeys(names, "eu")}, resamples=200).menu("eu").set_index("policy")
        assert (table.loc["far", "rank_high"] == 1) == sure


def test_a_goal_without_an_owner_is_everybodys() -> None:
    found = policies({Aim("peace", True): three()[PEACE]}, OWNERS, resamples=10)
    assert set(found.ranking["owner"]) == {"eu", "russia"} and row(found, "russia", "spoil")["rank"] == 2


def test_exactly_one_policy_is_doing_nothing() -> None:
    for owners in (dict.fromkeys(OWNERS, "eu"), OWNERS | {"safe": ""}):
        with pytest.raises(NotAnalysable, match="exactly one policy must be nobody's"):
            policies(three(), owners)


def test_an_owner_without_a_goal_is_refused() -> None:
    with pytest.raises(NotAnalysable, match="russia has policies and no goal to choose by"):
        policies({PEACE: three()[PEACE]}, OWNERS)


def test_missing_values_are_refused() -> None:
    values = three()
    values[PEACE]["bold"][3, 1] = np.nan
    with pytest.raises(NotAnalysable, match="peace under bold is not a finite number in 1 of 123"):
        policies(values, OWNERS)
