"""Shares of a whole among those who make it together: Shapley values by sampled orders, with what the sampling leaves open.

Source: Shapley (1953); Castro, Gomez and Tejada (2009) on sampled orders, and (2017) on orders balanced by place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Coalition = frozenset[str]
Order = tuple[str, ...]


def orders_of(players: Sequence[str], most: int, seed: int = 0) -> list[tuple[Order, Order]]:
    """Orders in which players come in, each with its reverse: all of them where that is no more than `most`, else a sample.

    A sample goes through the rotations of one order after another, so that everybody comes first, last, and at each place in between
    about equally often.
    """
    if factorial(len(players)) <= most:
        every = list(permutations(players))
        return [(order, order[::-1]) for order in every if len(order) < 2 or order < order[::-1]]
    return [(order, order[::-1]) for order in islice(_rotations(players, seed), max(1, most // 2))]


def _rotations(players: Sequence[str], seed: int) -> Iterator[Order]:
    """Rotations of random orders, without end; of an even number of players every second, whose reverses are the others' places."""
    draws, many = np.random.default_rng(seed), len(players)
    while True:
        order = [players[place] for place in draws.permutation(many)]
        for shift in draws.permutation(np.arange(0, many, 1 if many % 2 else 2)):
            yield (*order[shift:], *order[:shift])


def coalitions_of(orders: Iterable[tuple[Order, Order]], players: Sequence[str]) -> list[Coalition]:
    """Every coalition that the orders, the players alone, and all but one of them need, the empty one and the whole included."""
    found: dict[Coalition, None] = {frozenset(): None, frozenset(players): None}
    for player in players:
        found |= {frozenset([player]): None, frozenset(players) - {player}: None}
    for pair in orders:
        for order in pair:
            found |= {frozenset(order[:size]): None for size in range(len(order) + 1)}
    return list(found)


@dataclass(frozen=True)
class Shares:
    """What each player carries: the mean over orders and runs, and its two standard errors, over runs and over orders.

    Shape: value, by_runs, by_orders, alone, but (player); of_runs (player, run).
    """

    players: tuple[str, ...]
    value: Values
    by_runs: Values
    by_orders: Values
    alone: Values
    but: Values
    of_runs: Values

    @property
    def error(self) -> Values:
        """Both errors together, a little too large where runs and orders disagree. Shape: (player)."""
        return np.sqrt(self.by_runs**2 + self.by_orders**2)


def shares(values: Mapping[Coalition, Values], orders: Sequence[tuple[Order, Order]], players: Sequence[str]) -> Shares:
    """Shapley values of players from what coalitions are worth in each run.

    They add up to the worth of all less that of none, run by run, whatever the sample of orders. `alone` is what a player brings to
    none, `but` what is lost when it leaves all. The error over orders is that of pairs of an order and its reverse, and 0 where the
    orders are all there are.

    Shape: values (run).
    """
    runs = len(values[frozenset()])
    gains = np.zeros((len(orders), len(players), runs))
    for at, pair in enumerate(orders):
        for order in pair:
            for size, player in enumerate(order):
                gain = values[frozenset(order[: size + 1])] - values[frozenset(order[:size])]
                gains[at, players.index(player)] += gain / 2
    of_runs = gains.mean(axis=0)
    complete = len({order for pair in orders for order in pair}) == factorial(len(players))
    none, every = frozenset[str](), frozenset(players)
    return Shares(
        tuple(players),
        of_runs.mean(axis=1),
        error_of_mean(of_runs),
        np.zeros(len(players)) if complete else error_of_mean(gains.mean(axis=2).T),
        np.array([(values[frozenset([player])] - values[none]).mean() for player in players]),
        np.array([(values[every] - values[every - {player}]).mean() for player in players]),
        of_runs,
    )


def error_of_mean(values: Values) -> Values:
    """Standard error of the mean over the last axis; NaN for a single value."""
    count = values.shape[-1]
    return np.asarray(values.std(axis=-1, ddof=1) / np.sqrt(count)) if count > 1 else np.full(values.shape[:-1], np.nan)
