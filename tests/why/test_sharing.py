"""Shares of a whole: Shapley's axioms, and a game whose answer is known."""

from collections import Counter
from collections.abc import Callable
from itertools import chain, combinations

import numpy as np
import pytest

from sim.why.sharing import Coalition, Values, coalitions_of, orders_of, shares

FOUR = ("a", "b", "c", "d")
TWELVE = tuple("abcdefghijkl")


def worths(players: tuple[str, ...], worth: Callable[[Coalition], float], runs: int = 3) -> dict[Coalition, Values]:
    every = chain.from_iterable(combinations(players, size) for size in range(len(players) + 1))
    luck = np.random.default_rng(1)
    return {frozenset(each): worth(frozenset(each)) * np.ones(runs) + 0.1 * luck.normal(size=runs) for each in every}


@pytest.mark.parametrize("most", [2, 4, 8, 24, 100])
def test_the_parts_sum_to_the_whole_in_every_run_whatever_the_sample_of_orders(most: int) -> None:
    values = worths(FOUR, lambda each: len(each) ** 2)
    found = shares(values, orders_of(FOUR, most), FOUR)
    assert np.allclose(found.of_runs.sum(axis=0), values[frozenset(FOUR)] - values[frozenset()], atol=1e-12)


def test_a_glove_is_worth_two_thirds_to_the_one_who_has_the_only_left_one() -> None:
    def pairs(each: Coalition) -> float:
        return float(min("left" in each, len(each & {"right", "other_right"})))

    players = ("left", "right", "other_right")
    values = {pinned: pairs(pinned) * np.ones(2) for pinned in worths(players, pairs)}
    found = shares(values, orders_of(players, 6), players)
    assert np.allclose(found.value, [2 / 3, 1 / 6, 1 / 6])
    assert np.allclose(found.by_orders, 0) and np.allclose(found.alone, 0) and np.allclose(found.but, [1, 0, 0])


def test_players_who_do_the_same_share_equally_and_one_who_does_nothing_gets_nothing() -> None:
    values = {pinned: np.full(2, float(bool(pinned & {"a", "b"}))) for pinned in worths(FOUR, len)}
    found = shares(values, orders_of(FOUR, 24), FOUR)
    assert np.allclose(found.value, [0.5, 0.5, 0, 0])


def test_a_round_of_orders_puts_everybody_in_each_place_once() -> None:
    for players in (TWELVE, TWELVE[:11]):
        orders = [order for pair in orders_of(players, len(players) * (1 if len(players) % 2 == 0 else 2)) for order in pair]
        for place in range(len(players)):
            assert set(Counter(order[place] for order in orders).values()) == {len(orders) // len(players)}


def test_the_error_over_orders_covers_what_a_sample_misses() -> None:
    def worth(each: Coalition) -> float:
        return float(len(each & set("abc")) >= 2) + 0.3 * ("d" in each)

    players = TWELVE[:7]
    values = {pinned: np.full(2, worth(pinned)) for pinned in worths(players, worth)}
    truth = np.array([1 / 3, 1 / 3, 1 / 3, 0.3, 0, 0, 0])
    for seed in range(20):
        found = shares(values, orders_of(players, 28, seed), players)
        assert np.all(np.abs(found.value - truth) <= 3 * found.by_orders + 1e-12)


def test_every_coalition_that_is_looked_up_is_asked_for() -> None:
    orders = orders_of(TWELVE, 8)
    values = {pinned: np.zeros(2) for pinned in coalitions_of(orders, TWELVE)}
    assert np.all(shares(values, orders, TWELVE).value == 0)
