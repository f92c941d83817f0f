"""Whose spread it is: variance of an outcome split among parameters, luck, and both together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.analysis.intervals import RESAMPLES, Values, of_resamples, weights
from sim.analysis.refusals import finite, moving, shaped

PARTS = ("parameters", "luck", "both")


@dataclass(frozen=True)
class Parts:
    """Components of variance: of parameters alone, of luck alone, and of what luck does under some parameters only.

    Units: the outcome's, squared. An estimate may lie below 0 where the true part is near 0.
    """

    parameters: float
    luck: float
    both: float

    @property
    def shares(self) -> Values:
        """Each part as a share of all three, parts below 0 counted as 0; NaN where there is no variance."""
        parts = np.maximum([self.parameters, self.luck, self.both], 0.0)
        return parts / parts.sum() if parts.sum() > 0 else np.full(3, np.nan)


def spread(values: ArrayLike, outcome: str = "the outcome", seed: int = 1, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Shares of variance due to parameters, to luck, and to both together, with bootstrap intervals. One row a part.

    Every draw of the parameters meets every run's luck: two crossed random effects. Columns: outcome, part, share, share_low,
    share_high, standard_error, variance. Shape: values (draw, run).
    Raises: NotAnalysable when a value is missing, all are equal, or there are fewer than two draws or runs.
    Source: Searle, Casella and McCulloch (1992), chapter 4; resampling of rows and columns after Owen (2007).
    """
    table = np.asarray(values, dtype=np.float64)
    shaped(table.ndim == 2 and min(table.shape) >= 2, f"{outcome}: a split needs two parameter draws and two runs or more: (draw, run)")
    table = moving(finite(table, outcome), outcome)
    exact = components(table)
    resampled = np.array([components(table, p, q).shares for p, q in crossed_weights(table.shape, seed, resamples)])
    interval, error = of_resamples(exact.shares, resampled[np.isfinite(resampled).all(axis=1)])
    return pd.DataFrame(
        {
            "outcome": outcome,
            "part": PARTS,
            "share": interval.value,
            "share_low": interval.low,
            "share_high": interval.high,
            "standard_error": error,
            "variance": [exact.parameters, exact.luck, exact.both],
        }
    )


def crossed_weights(shape: tuple[int, ...], seed: int, resamples: int = RESAMPLES) -> Iterator[tuple[Values, Values]]:
    """Weights of resampled draws and of resampled runs, apart from each other; at least two distinct ones of each, if there are."""
    of_draws, of_runs = np.random.SeedSequence(seed).spawn(2)
    return zip(weights(shape[0], of_draws, resamples, least=2), weights(shape[1], of_runs, resamples, least=2), strict=True)


def components(values: Values, of_draws: Values | None = None, of_runs: Values | None = None) -> Parts:
    """Components of variance of a crossed table; with weights, each over pairs of distinct draws and runs only.

    With equal weights these are the estimates of the analysis of variance. Distinct pairs keep a resample, in which rows
    stand twice, from seeming less spread than the table it came from. Shape: values (draw, run), weights sum to 1.
    """
    p = np.full(len(values), 1 / len(values)) if of_draws is None else of_draws
    q = np.full(values.shape[1], 1 / values.shape[1]) if of_runs is None else of_runs
    values = values - values.mean()
    by_draw, by_run, squares = values @ q, p @ values, values**2
    middle = float(p @ by_draw)
    draws_apart, runs_apart = 1 - float(p @ p), 1 - float(q @ q)
    among_draws = float(p @ by_draw**2) - middle**2 - float(q**2 @ (p @ squares - by_run**2))
    among_runs = float(q @ by_run**2) - middle**2 - float(p**2 @ (squares @ q - by_draw**2))
    left = float(p @ squares @ q) - float(p @ by_draw**2) - float(q @ by_run**2) + middle**2
    apart = draws_apart * runs_apart
    return Parts(among_draws / apart, among_runs / apart, left / apart)
