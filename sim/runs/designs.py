"""Designs: which values the factors of an experiment take together, as each method chooses them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.scenario.changes import middle_of
from sim.scenario.factors import MORRIS_LEVELS, Design, Factor
from sim.scenario.schema import Scenario

Values = NDArray[np.float64]

# Values are rounded to so many significant digits, so that a grid with more levels keeps the old ones and no processor's last
# digit is part of a point.
DIGITS = 12


def sampled(design: Design, factors: Sequence[Factor], scenario: Scenario) -> Values:
    """The values of every factor at every place of a method's sample, for one arm.

    Shape: (sample, factor).
    """
    match design.method:
        case "grid":
            return _grid(factors)
        case "one_at_a_time":
            return _one_at_a_time(factors, scenario)
        case method:
            unit = UNIT[method](design, len(factors))
            return np.stack([stretched(factor, column) for factor, column in zip(factors, unit.T, strict=True)], axis=1)


def luck(design: Design) -> np.random.Generator:
    """The design's own luck, which moves no history."""
    return np.random.Generator(np.random.PCG64(design.seed))


def latin_hypercube(design: Design, k: int) -> Values:
    """Points of which each factor's n equal parts hold one. Shape: (point, factor). Source: McKay, Beckman and Conover (1979).

    Another number of points is another sample: nothing of the old one is kept.
    """
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(d=k, seed=luck(design)).random(design.points or 1), dtype=np.float64)


def sobol(design: Design, k: int) -> Values:
    """Two samples A and B of Sobol's scrambled sequence, then A with each column from B in turn, then B with each from A if asked.

    More points with the same seed keep the old ones.

    Shape: ((2 + k or 2 + 2 k) base samples, factor), in the order A, B, AB_1 .. AB_k, BA_1 .. BA_k.
    Source: Sobol (1967), scrambled after Owen; the layout of Saltelli and others (2010).
    """
    from scipy.stats import qmc

    both = np.asarray(qmc.Sobol(d=2 * k, scramble=True, seed=luck(design)).random(design.points or 1), dtype=np.float64)
    a, b = both[:, :k], both[:, k:]
    crossed = [_with_column(a, b, column) for column in range(k)]
    if design.second_order:
        crossed += [_with_column(b, a, column) for column in range(k)]
    return np.concatenate([a, b, *crossed])


def _with_column(sample: Values, other: Values, column: int) -> Values:
    """A sample with one column from another."""
    mixed = sample.copy()
    mixed[:, column] = other[:, column]
    return mixed


def morris(design: Design, k: int) -> Values:
    """Trajectories in which one factor after another moves once, by about half of its range; each has k + 1 points.

    More trajectories with the same seed keep the old ones.

    Shape: (trajectories * (k + 1), factor), trajectory by trajectory.
    Source: Morris (1991): p levels, p even, and steps of p / (2 (p - 1)).
    """
    count, p = design.points or 1, design.levels or MORRIS_LEVELS
    step = p / (2 * (p - 1))
    drawn = luck(design).random((count, 3, k))
    low = np.floor(drawn[:, 0] * (p // 2)) / (p - 1)
    rises = drawn[:, 1] < 0.5
    turn = np.argsort(np.argsort(drawn[:, 2], axis=1), axis=1)
    before, after = np.where(rises, low, low + step), np.where(rises, low + step, low)
    moved = turn[:, None, :] < np.arange(k + 1)[None, :, None]
    return np.clip(np.where(moved, after[:, None, :], before[:, None, :]), 0.0, 1.0).reshape(count * (k + 1), k)


UNIT: dict[str, Callable[[Design, int], Values]] = {"latin_hypercube": latin_hypercube, "sobol": sobol, "morris": morris}


def stretched(factor: Factor, unit: Values) -> Values:
    """Values of a factor out of places in its range from 0 to 1: evenly, by equal factors, whole, or one of its choices.

    Whole numbers and choices get equal parts of the range. Shape: (sample).
    """
    if factor.values is not None:
        choices = np.array(factor.values) + 0.0
        return choices[np.minimum((unit * len(choices)).astype(np.intp), len(choices) - 1)]
    low, high = factor.span
    stop = high + 1 if factor.whole else high
    if factor.spacing == "log":
        found = np.exp(math.log(low) + unit * (math.log(stop) - math.log(low)))
    else:
        found = low + unit * (stop - low)
    found = np.floor(found) if factor.whole else rounded(found)
    return np.clip(found, low, high) + 0.0


def levels(factor: Factor) -> Values:
    """The values of a factor in a grid, from the lowest to the highest; choices in the file's order. Shape: (level)."""
    if factor.values is not None:
        return np.array(factor.values) + 0.0
    low, high = factor.span
    if factor.whole and factor.levels is None:
        return np.arange(low, high + 1)
    found = (np.geomspace if factor.spacing == "log" else np.linspace)(low, high, factor.levels or 2)
    found = np.floor(found + 0.5) if factor.whole else rounded(found)
    found[0], found[-1] = low, high
    return np.unique(found) + 0.0


def rounded(values: Values) -> Values:
    """Values to DIGITS significant digits."""
    places = DIGITS - 1 - np.floor(np.log10(np.abs(np.where(values == 0, 1.0, values))))
    # Up to 10^22 powers of ten are exact, and a division gives the float nearest to so many digits; smaller values stay as they are.
    tens = np.array([float(10**place) for place in range(23)])[np.clip(places, 0, 22).astype(np.intp)]
    return np.asarray(np.where(places > 22, values, np.rint(values * tens) / tens), dtype=np.float64)


def _grid(factors: Sequence[Factor]) -> Values:
    """Every level of each factor with every level of the others; the last factor varies fastest."""
    return np.stack([axis.ravel() for axis in np.meshgrid(*map(levels, factors), indexing="ij")], axis=1)


def _one_at_a_time(factors: Sequence[Factor], scenario: Scenario) -> Values:
    """The base, then each factor at its lowest and at its highest value while the others stay at theirs."""
    base = np.array([base_value(factor, scenario) for factor in factors])
    found = np.tile(base, (1 + 2 * len(factors), 1))
    for place, factor in enumerate(factors):
        found[1 + 2 * place, place], found[2 + 2 * place, place] = factor.span
    return found + 0.0


def base_value(factor: Factor, scenario: Scenario) -> float:
    """What a factor is when nothing is varied: no scaling, no addition, or the middle of its number as the scenario has it."""
    if factor.way != "set":
        return 1.0 if factor.way == "scale" else 0.0
    return middle_of(scenario, factor.targets[0])
