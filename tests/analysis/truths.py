"""Functions whose indices are known by hand, and samples to ask them on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

Values = NDArray[np.float64]
Function = Callable[[Values], Values]


def ishigami(points: Values, a: float = 7.0, b: float = 0.1) -> Values:
    """Three factors, evenly spread over -pi to pi; the third acts only together with the first. Source: Ishigami and Homma (1990)."""
    x = np.pi * (2 * points - 1)
    return np.sin(x[..., 0]) + a * np.sin(x[..., 1]) ** 2 + b * x[..., 2] ** 4 * np.sin(x[..., 0])


def ishigami_indices(a: float = 7.0, b: float = 0.1) -> tuple[Values, Values, dict[tuple[int, int], float]]:
    """First-order, total and second-order indices of Ishigami's function."""
    one, two, both = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + both
    first = np.array([one, two, 0.0]) / whole
    return first, first + np.array([both, 0.0, both]) / whole, {(0, 1): 0.0, (0, 2): both / whole, (1, 2): 0.0}


def sobol_g(points: Values, a: Values) -> Values:
    """A product of factors, each the less important the larger its number. Source: Saltelli and Sobol (1995)."""
    return np.asarray(np.prod((np.abs(4 * points - 2) + a) / (1 + a), axis=-1))


def sobol_g_indices(a: Values) -> tuple[Values, Values]:
    """First-order and total indices of the product."""
    alone = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + alone) - 1
    return alone / whole, np.array([own * np.prod(np.delete(1 + alone, place)) for place, own in enumerate(alone)]) / whole


def sobol_sample(base: int, factors: int, second_order: bool = False, seed: int = 1, scrambled: bool = True) -> Values:
    """Points in the order A, B, AB_1 .. AB_k and then BA_1 .. BA_k; at random without `scrambled`. Shape: (sample, factor)."""
    draws = np.random.default_rng(seed)
    both = qmc.Sobol(2 * factors, rng=draws).random(base) if scrambled else draws.random((base, 2 * factors))
    a, b = both[:, :factors], both[:, factors:]
    blocks = [a, b, *(mixed(a, b, place) for place in range(factors))]
    return np.concatenate(blocks + ([mixed(b, a, place) for place in range(factors)] if second_order else []))


def mixed(one: Values, other: Values, place: int) -> Values:
    """The first sample with one column of the second."""
    found = one.copy()
    found[:, place] = other[:, place]
    return found


def trajectories(count: int, factors: int, seed: int = 1) -> Values:
    """Morris trajectories on four levels, each factor moved once in each. Shape: (trajectory x (factor + 1), factor)."""
    draws, points = np.random.default_rng(seed), []
    for _ in range(count):
        here = draws.integers(0, 2, factors) / 3
        points.append(here.copy())
        for factor in draws.permutation(factors):
            here[factor] += 2 / 3
            points.append(here.copy())
    return np.array(points)
