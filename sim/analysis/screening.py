"""What can be left out: Morris screening by elementary effects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.analysis.intervals import RESAMPLES, Values, of_resamples
from sim.analysis.refusals import finite, moving, shaped
from sim.analysis.spread import crossed_weights


def screening(
    values: ArrayLike,
    inputs: ArrayLike,
    factors: Sequence[str],
    outcome: str = "the outcome",
    seed: int = 1,
    resamples: int = RESAMPLES,
) -> pd.DataFrame:
    """Mean, mean size and spread of each factor's elementary effects, with bootstrap intervals. One row a factor, largest size first.

    Columns: outcome, factor, mu, mu_star, sigma, each with _low, _high and _error. Effects are in the outcome's unit over the whole
    range of a factor, averaged over runs; trajectories are resampled, and runs where there are several.

    Shape: values (trajectory x (factor + 1)) or (..., run), trajectory by trajectory; inputs (trajectory x (factor + 1), factor), each
    factor as a share of its range from low (0) to high (1).
    Raises: NotAnalysable when a value is missing, the outcome is constant, or a step does not move exactly one factor.
    Source: Morris (1991); mean size (mu star) after Campolongo, Cariboni and Saltelli (2007).
    """
    array = finite(values, outcome)
    table = moving(array[:, None] if array.ndim == 1 else array, outcome)
    effects = elementary_effects(table, np.asarray(inputs, dtype=np.float64), outcome)
    shaped(effects.shape[0] == len(factors), f"{outcome}: {len(factors)} factors are named, the sample has {effects.shape[0]}")
    trajectories, runs = effects.shape[1:]
    exact = _measures(effects, np.full(trajectories, 1 / trajectories), np.full(runs, 1 / runs))
    resampled = np.empty((0, *exact.shape))
    if trajectories > 1:
        resampled = np.array([_measures(effects, w, v) for w, v in crossed_weights((trajectories, runs), seed, resamples)])
    interval, error = of_resamples(exact, resampled)
    columns: dict[str, object] = {"outcome": outcome, "factor": list(factors)}
    for place, name in enumerate(("mu", "mu_star", "sigma")):
        columns |= {name: exact[place], f"{name}_low": interval.low[place], f"{name}_high": interval.high[place]}
        columns[f"{name}_error"] = error[place]
    return pd.DataFrame(columns).sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)


def elementary_effects(values: Values, inputs: Values, outcome: str = "the outcome") -> Values:
    """Change of the outcome over change of the one factor that moved, step by step. Shape: (factor, trajectory, run).

    Raises: NotAnalysable when a step does not move exactly one factor, or a factor is not moved once in each trajectory.
    """
    factors = inputs.shape[1] if inputs.ndim == 2 else 0
    fits = factors > 0 and len(inputs) == len(values) and len(values) % (factors + 1) == 0 and len(values) > 0
    shaped(fits, f"{outcome}: {len(values):,} values and inputs {inputs.shape} are not trajectories of one step a factor")
    steps = np.diff(inputs.reshape(-1, factors + 1, factors), axis=1)
    changes = np.diff(values.reshape(-1, factors + 1, values.shape[1]), axis=1)
    moved = np.abs(steps) > 1e-9
    once = bool((moved.sum(axis=2) == 1).all() and (moved.sum(axis=1) == 1).all())
    shaped(once, f"{outcome}: every step of a trajectory must move one factor, and every trajectory each factor once")
    trajectory, step, factor = np.nonzero(moved)
    effects = np.empty((factors, len(steps), values.shape[1]))
    effects[factor, trajectory] = changes[trajectory, step] / steps[trajectory, step, factor][:, None]
    return effects


def _measures(effects: Values, w: Values, v: Values) -> Values:
    """Mean, mean size and deviation over trajectories under weights of trajectories and runs. Shape: (3, factor)."""
    mean_effects = effects @ v
    mu, mu_star = mean_effects @ w, np.abs(mean_effects) @ w
    apart = 1 - float(w @ w)
    spread = np.maximum(mean_effects**2 @ w - mu**2, 0) / apart if apart > 0 else np.full_like(mu, np.nan)
    return np.stack([mu, mu_star, np.sqrt(spread)])
