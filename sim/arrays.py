"""The words that rules are written in: a few operations on arrays whose last axis is the run.

Nothing here sums over runs, changes an array in place or looks at a single lane, so a lane's bytes never depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.axes import Array

exp = np.exp
log = np.log
sqrt = np.sqrt
where = np.where
maximum = np.maximum
minimum = np.minimum
none_like = np.zeros_like
all_like = np.ones_like


def total(array: Array, axis: int = 0) -> Array:
    """Sum over one axis that is not the run; numbers that are alike in all runs are summed in the order of those that are not."""
    if array.shape[-1] == 1:
        array = np.repeat(array, 8, axis=-1)
        return np.ascontiguousarray(np.add.reduce(array, axis=axis)[..., :1])
    summed: Array = np.add.reduce(array, axis=axis)
    return summed


def product(array: Array, axis: int = 0) -> Array:
    """Product over one axis that is not the run."""
    multiplied: Array = np.multiply.reduce(array, axis=axis)
    return multiplied


def greatest(array: Array, axis: int = 0) -> Array:
    """Largest over one axis that is not the run."""
    best: Array = np.maximum.reduce(array, axis=axis)
    return best


def take(array: Array, index: int | Sequence[int] | NDArray[np.intp], axis: int = 0) -> Array:
    """Rows of an array along one axis, as a fresh array."""
    return array.take(index, axis=axis)


def stack(arrays: Sequence[Array], axis: int = 0) -> Array:
    """Arrays side by side along a new axis; runs of length 1 are widened."""
    if all(array.shape == arrays[0].shape for array in arrays):
        return np.stack(arrays, axis=axis)
    return np.stack(np.broadcast_arrays(*arrays), axis=axis)


def join(arrays: Sequence[Array]) -> Array:
    """Arrays end to end along the first axis; runs of length 1 are widened."""
    width = max(array.shape[-1] for array in arrays)
    alike = [array if array.shape[-1] == width else np.broadcast_to(array, (*array.shape[:-1], width)) for array in arrays]
    return np.concatenate(alike, axis=0)


def along(table: Array, place: Array) -> Array:
    """Entries of a table at places that differ by run. Shape: table (a, rung, run) and place (a, b, run) give (a, b, run)."""
    wide = np.broadcast_to(table, (*table.shape[:-1], place.shape[-1]))
    return np.take_along_axis(wide, place.astype(np.intp), axis=1)


def put(array: Array, index: int | Sequence[int] | NDArray[np.intp], values: Array, axis: int = 0) -> Array:
    """A copy of an array with some rows along one axis replaced."""
    wide = values.shape[-1] > array.shape[-1]
    fresh = np.array(np.broadcast_to(array, (*array.shape[:-1], values.shape[-1]))) if wide else array.copy()
    fresh[(slice(None),) * axis + (index,)] = values
    return fresh


def power(base: Array, exponent: Array) -> Array:
    """Base to an exponent that may differ by run; a base of 0 counts as 1e-300, so that an exponent of 0 gives 1."""
    return np.exp(exponent * np.log(np.maximum(base, 1e-300)))


def logistic(log_odds: Array) -> Array:
    """Share that belongs to log-odds; flat beyond 60 either way, where float64 is exhausted."""
    return 1 / (1 + np.exp(-np.clip(log_odds, -60, 60)))


def log_odds(share: Array) -> Array:
    """Log-odds that belong to a share, kept finite at 0 and 1."""
    inside = np.clip(share, 1e-9, 1 - 1e-9)
    return np.log(inside / (1 - inside))


def logistic_slope(log_odds: Array) -> Array:
    """Slope of the logistic curve."""
    share = logistic(log_odds)
    return share * (1 - share)


def relax(value: Array, target: Array, rate: Array | float) -> Array:
    """A value moved a share of the way to its target."""
    return value + rate * (target - value)


def smooth_gate(value: Array, shut: Array, opened: Array) -> Array:
    """0 at `shut` and beyond, 1 at `opened` and beyond, a smooth rise between; exactly 0 when shut. `shut` may be the higher."""
    gap = opened - shut
    rise = np.clip((value - shut) / np.where(gap == 0, 1e-12, gap), 0, 1)
    smooth: Array = rise * rise * (3 - 2 * rise)
    return smooth


def choice_shares(value: Array, prior: Array | float = 1.0) -> Array:
    """Logit shares over the first axis, from values and prior weights."""
    shifted = prior * np.exp(value - greatest(value, 0))
    return shifted / total(shifted, 0)


def half_life_retention(months: Array) -> Array:
    """What is left of a stock after a month, from its half-life in months."""
    left: Array = np.exp(-np.log(2.0) / months)
    return left
