"""Intervals at 95%: of means, of paired differences, of shares of runs, and by resampling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

Values = NDArray[np.float64]

LEVEL = 0.95
Z = float(ndtri(0.5 + LEVEL / 2))
RESAMPLES = 1000
HALVINGS = 60


class Interval(NamedTuple):
    """A value with both ends of its interval. Shape: all the same."""

    value: Values
    low: Values
    high: Values


def of_mean(values: ArrayLike, looks: int = 1) -> Interval:
    """The mean over the last axis, with Student's interval; NaN ends for a single value.

    `looks` widens it so that it holds for that many means at once. Source: Bonferroni, by way of Dunn (1961).
    """
    array = np.asarray(values, dtype=np.float64)
    count = array.shape[-1]
    mean = array.mean(axis=-1)
    if count < 2:
        return Interval(mean, np.full_like(mean, np.nan), np.full_like(mean, np.nan))
    half = stdtrit(count - 1, 1 - (1 - LEVEL) / (2 * looks)) * array.std(axis=-1, ddof=1) / np.sqrt(count)
    return Interval(mean, mean - half, mean + half)


def of_unpaired_difference(one: ArrayLike, other: ArrayLike) -> Interval:
    """Difference of two means over the last axis, other less one, as if nothing paired them. Source: Welch (1947)."""
    a, b = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    difference = b.mean(axis=-1) - a.mean(axis=-1)
    if min(a.shape[-1], b.shape[-1]) < 2:
        return Interval(difference, np.full_like(difference, np.nan), np.full_like(difference, np.nan))
    parts = [array.var(axis=-1, ddof=1) / array.shape[-1] for array in (a, b)]
    whole = parts[0] + parts[1]
    below = parts[0] ** 2 / (a.shape[-1] - 1) + parts[1] ** 2 / (b.shape[-1] - 1)
    freedom = np.divide(whole**2, below, out=np.full_like(np.asarray(whole), np.inf), where=below > 0)
    half = np.where(np.isinf(freedom), Z, stdtrit(np.where(np.isinf(freedom), 1e9, freedom), 0.5 + LEVEL / 2)) * np.sqrt(whole)
    return Interval(difference, difference - half, difference + half)


def of_share(times: ArrayLike, runs: int) -> Interval:
    """Share of runs in which something happened; stays between 0 and 1, and is never of no width. Source: Wilson (1927)."""
    share = np.asarray(times, dtype=np.float64) / runs
    middle = (share + Z**2 / (2 * runs)) / (1 + Z**2 / runs)
    half = Z * np.sqrt(share * (1 - share) / runs + Z**2 / (4 * runs**2)) / (1 + Z**2 / runs)
    return Interval(share, np.clip(middle - half, 0, share), np.clip(middle + half, share, 1))


def of_paired_shares(gained: ArrayLike, lost: ArrayLike, runs: int) -> Interval:
    """Change of a share of runs, from the runs that gained something and those that lost it.

    The score interval: stays between -1 and 1, and has a width even where no run changed. Source: Tango (1998).
    """
    up, down = np.asarray(gained, dtype=np.float64), np.asarray(lost, dtype=np.float64)
    return Interval((up - down) / runs, -_most(down, up, runs), _most(up, down, runs))


def _most(gained: Values, lost: Values, runs: int) -> Values:
    """The largest change that the counts do not speak against, by halving."""
    low, high = (gained - lost) / runs, np.ones_like(gained)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        shift = gained + lost - middle * (2 * runs - gained + lost)
        rare = (shift + np.sqrt(np.maximum(shift**2 + 8 * runs * lost * middle * (1 - middle), 0))) / (4 * runs)
        spread = np.sqrt(np.maximum(runs * (2 * rare + middle - middle**2), 0))
        held = runs * middle - gained + lost <= Z * spread
        low, high = np.where(held, middle, low), np.where(held, high, middle)
    return low


def of_unpaired_shares(one: ArrayLike, other: ArrayLike, runs: tuple[int, int]) -> Interval:
    """Difference of two shares, other less one, as if nothing paired the runs. Source: Newcombe (1998), hybrid of scores."""
    a, b = of_share(one, runs[0]), of_share(other, runs[1])
    difference = b.value - a.value
    low = difference - np.sqrt((b.value - b.low) ** 2 + (a.high - a.value) ** 2)
    high = difference + np.sqrt((b.high - b.value) ** 2 + (a.value - a.low) ** 2)
    return Interval(difference, low, high)


def weights(size: int, seed: int | np.random.SeedSequence, resamples: int = RESAMPLES, least: int = 1) -> Iterator[Values]:
    """How often each of `size` things is drawn in each resample, as shares. Shape: (thing), resample by resample.

    Resamples with fewer than `least` distinct things are drawn again. Source: Efron (1979).
    """
    draws = np.random.default_rng(seed)
    for _ in range(resamples):
        counts = np.bincount(draws.integers(size, size=size), minlength=size)
        while (counts > 0).sum() < min(least, size):
            counts = np.bincount(draws.integers(size, size=size), minlength=size)
        yield counts / size


def of_resamples(value: ArrayLike, resampled: Values) -> tuple[Interval, Values]:
    """A value with the middle 95% of its resamples and their standard deviation. Shape of resampled: (resample, ...)."""
    exact = np.asarray(value, dtype=np.float64)
    if not len(resampled):
        return Interval(exact, np.full_like(exact, np.nan), np.full_like(exact, np.nan)), np.full_like(exact, np.nan)
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return Interval(exact, low, high), resampled.std(axis=0, ddof=1)
