"""Tipping points: where along one lever an outcome crosses a level, or changes most steeply, and how sure that place is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.analysis.grid import grid
from sim.analysis.intervals import LEVEL, RESAMPLES, Values, weights
from sim.analysis.refusals import finite, moving, shaped

# The part of a lever's range whose share of all change tells a step from a slope: a straight line has as much of it as of the range.
WINDOW = 0.25


@dataclass(frozen=True)
class Lever:
    """A factor and its settings, `log` where equal steps are equal factors. Shape: settings (level)."""

    factor: str
    settings: ArrayLike
    log: bool = False


@dataclass(frozen=True)
class Tip:
    """Where an outcome tips along one factor.

    `place` is where its mean crosses `level` (or, without one, changes most steeply), with the middle 95% of resampled runs; an end
    is infinite where resamples do not cross within the range, and place is, where the mean itself does not. `crossings` counts how
    often the mean crosses; `crossing` is the share of resamples that cross at all. `rises` says which way the mean goes on the whole.
    `window` is the share of all change that falls within the quarter of the range about the steepest place: 0.25 on a straight line,
    1 on a step; `window_low`, `window_high` its interval. `levels` are the means and intervals along the factor.
    """

    outcome: str
    factor: str
    level: float | None
    place: float
    low: float
    high: float
    crossings: int
    crossing: float
    rises: bool
    window: float
    window_low: float
    window_high: float
    levels: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """The place and what is said of it, in one row."""
        names = [name for name in self.__dataclass_fields__ if name != "levels"]
        return pd.DataFrame([{name: getattr(self, name) for name in names}])


def tipping(
    lever: Lever, values: ArrayLike, outcome: str = "the outcome", crosses: float | None = None, seed: int = 1, resamples: int = RESAMPLES
) -> Tip:
    """Where an outcome's mean over runs crosses a level along one factor, or where it changes most steeply.

    Between settings the mean is taken for a straight line. Where it crosses more than once, the place is the last crossing in the
    direction of the whole change: beyond it the outcome stays on the other side. Steepness is taken over three settings in a row.
    Every resample draws runs, the same ones at all settings, since they share their luck.

    Shape: values (level, run).
    Raises: NotAnalysable when a value is missing, the outcome never moves, or there are fewer than four settings.
    """
    at, table = np.asarray(lever.settings, dtype=np.float64), finite(values, outcome)
    fits = table.ndim == 2 and table.shape[1] > 0 and at.shape == (len(table),) and len(np.unique(at)) == len(at)
    shaped(fits, f"{outcome}: values must be (level, run), and each level have a setting of its own")
    shaped(len(at) >= 4, f"{outcome}: a tipping point needs four settings of {lever.factor} or more, found {len(at)}")
    moving(table.mean(axis=1), outcome, f"at every setting of {lever.factor}")
    order = np.argsort(at)
    at, table = at[order], table[order]
    x, means = np.log(at) if lever.log else at, table.mean(axis=1)
    curves = [means, *(table @ each for each in weights(table.shape[1], seed, resamples))]
    places = np.array([_place(x, each, crosses) for each in curves])
    windows = np.array([_window(x, each) for each in curves])
    place, low, high = (_back(end, lever.log) for end in (float(places[0]), *_ends(places[1:])))
    return Tip(
        outcome, lever.factor, crosses, place, low, high, 0 if crosses is None else len(_crossings(means, crosses)),
        float(np.isfinite(places[1:]).mean()), bool(means[-1] >= means[0]), float(windows[0]), *_ends(windows[1:]),
        grid({lever.factor: at}, table, outcome),
    )  # fmt: skip


def _back(place: float, log: bool) -> float:
    """A place on the scale of the settings; beyond the range it stays infinite."""
    return float(np.exp(place)) if log and np.isfinite(place) else place


def _place(x: Values, means: Values, crosses: float | None) -> float:
    """Where a curve crosses a level or is steepest; infinite, to the side where it would be, where it does not cross."""
    if crosses is None:
        return _steepest(x, means)
    rises = means[-1] >= means[0]
    found = [step for step in _crossings(means, crosses) if (means[step + 1] > means[step]) == rises]
    if not found:
        beyond = (means.mean() < crosses) == rises
        return np.inf if beyond else -np.inf
    step = found[-1]
    share = (crosses - means[step]) / (means[step + 1] - means[step])
    return float(x[step] + share * (x[step + 1] - x[step]))


def _crossings(means: Values, level: float) -> list[int]:
    """Steps between settings in which a curve goes from below a level to it or above, or back."""
    above = means >= level
    return [int(step) for step in np.flatnonzero(above[1:] != above[:-1])]


def _steepest(x: Values, means: Values) -> float:
    """The setting about which a curve changes most, over three settings in a row, in the direction of its whole change."""
    slopes = (means[2:] - means[:-2]) / (x[2:] - x[:-2])
    sign = 1.0 if means[-1] >= means[0] else -1.0
    return float(x[1:-1][int((sign * slopes).argmax())])


def _window(x: Values, means: Values) -> float:
    """The share of all ups and downs that falls within a quarter of the range about the steepest place. Units: share."""
    whole = float(np.abs(np.diff(means)).sum())
    if not whole > 0:
        return np.nan
    middle, half = _steepest(x, means), WINDOW * (x[-1] - x[0]) / 2
    start = float(np.clip(middle - half, x[0], x[-1] - 2 * half))
    path = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(means)))])
    return float(np.interp(start + 2 * half, x, path) - np.interp(start, x, path)) / whole


def _ends(values: Values) -> tuple[float, float]:
    """The middle 95% of values that may be infinite, as order statistics."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return np.nan, np.nan
    places = [int(np.floor((1 - LEVEL) / 2 * (len(known) - 1))), int(np.ceil((1 + LEVEL) / 2 * (len(known) - 1)))]
    return float(known[places[0]]), float(known[places[1]])
