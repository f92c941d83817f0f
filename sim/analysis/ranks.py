"""Ranks: which factors an outcome rises and falls with over points spread through the whole space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import rankdata

from sim.analysis.intervals import RESAMPLES, Values, of_resamples, weights
from sim.analysis.refusals import finite, moving, shaped


def ranks(
    settings: Mapping[str, ArrayLike], values: ArrayLike, outcome: str = "the outcome", seed: int = 1, resamples: int = RESAMPLES
) -> pd.DataFrame:
    """Rank correlation and standardised rank regression of an outcome's mean over runs with each factor, the strongest first.

    `rank` is Spearman's correlation. `weight` is the coefficient of a regression of ranks on the ranks of all factors together, so
    that chance likeness between factors is taken out. `fit` is the share of the variance of ranks that the regression accounts for:
    where it is small, factors act by bends or together, and these numbers say little. Intervals resample points.

    Columns: outcome, factor, rank, rank_low, rank_high, weight, weight_low, weight_high, fit.
    Shape: settings (point) each; values (point) or (point, run).
    Raises: NotAnalysable when a value is missing, the outcome is constant, or there are hardly more points than factors.
    Source: Spearman (1904); Iman and Conover (1979) for regression on ranks; Saltelli and Marivoet (1990).
    """
    table = moving(finite(values, outcome), outcome)
    means = table if table.ndim == 1 else table.mean(axis=1)
    inputs = {factor: np.asarray(each, dtype=np.float64) for factor, each in settings.items()}
    fits = bool(inputs) and all(each.shape == means.shape for each in inputs.values())
    shaped(fits, f"{outcome}: each factor must have a value a point, and there must be one at least")
    enough = len(means) >= len(inputs) + 10
    shaped(enough, f"{outcome}: {len(means)} points are too few for {len(inputs)} factors; ask for {len(inputs) + 10} or more")
    moving(means, outcome, "at every point once runs are averaged")
    # Ranks of all points stand throughout: a resample changes how often a point counts, not its rank.
    x = np.stack([_standard(rankdata(each)) for each in inputs.values()], axis=1)
    y = _standard(rankdata(means))
    exact = _measures(x, y, np.full(len(y), 1 / len(y)))
    drawn = np.array([_measures(x, y, each) for each in weights(len(y), seed, resamples, least=len(inputs) + 2)])
    (interval, _) = of_resamples(exact, drawn)
    count = len(inputs)
    columns: dict[str, Sequence[str] | Values] = {"outcome": [outcome] * count, "factor": list(inputs)}
    for name, place in (("rank", slice(0, count)), ("weight", slice(count, 2 * count))):
        columns |= {name: interval.value[place], f"{name}_low": interval.low[place], f"{name}_high": interval.high[place]}
    found = pd.DataFrame({**columns, "fit": float(exact[-1])})
    order = np.argsort(-np.abs(found["weight"].to_numpy(dtype=np.float64)), kind="stable")
    return found.iloc[order].reset_index(drop=True)


def _standard(column: Values) -> Values:
    """A column about its mean, in units of its spread; zeros where it has none."""
    spread = column.std()
    return np.asarray((column - column.mean()) / spread if spread > 0 else np.zeros_like(column))


def _measures(x: Values, y: Values, w: Values) -> Values:
    """Correlations, regression coefficients and the fit under weights of points. Shape: (2 factor + 1)."""
    x, y = x - w @ x, y - w @ y
    spread, whole = np.sqrt(w @ x**2), float(np.sqrt(w @ y**2))
    scaled = np.divide(x, spread, out=np.zeros_like(x), where=spread > 0)
    towards = (w * y) @ scaled / whole if whole > 0 else np.zeros(x.shape[1])
    between = (scaled * w[:, None]).T @ scaled
    coefficients = np.linalg.lstsq(between, towards, rcond=1e-10)[0]
    return np.concatenate([towards, coefficients, [float(coefficients @ towards)]])
