"""Levels: means of an outcome over the settings of one factor or two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.analysis.intervals import Interval, Values, of_mean, of_share
from sim.analysis.one_at_a_time import paired
from sim.analysis.refusals import finite, shaped


def grid(
    settings: Mapping[str, ArrayLike],
    values: ArrayLike,
    outcome: str = "the outcome",
    against: Sequence[float] | None = None,
    yes_no: bool | None = None,
) -> pd.DataFrame:
    """Mean of an outcome at every setting of one factor or two, with its interval over runs. One row a setting, in rising order.

    Columns: outcome, a column a factor, points, runs, mean, low, high (95%, of the mean), q05, q95 (of runs). With `against`, a
    setting, also difference, difference_low, difference_high: the mean less that at this setting, run by run. Points that agree in
    these factors and differ in others are averaged within each run first. An outcome that is 0 or 1 throughout is a share of runs.

    Shape: settings (point) each; values (point, run).
    Raises: NotAnalysable when a value is missing, there are more than two factors, or no point has the setting `against`.
    """
    table = finite(values, outcome)
    columns = {name: np.asarray(array, dtype=np.float64) for name, array in settings.items()}
    shaped(1 <= len(columns) <= 2, f"levels are shown over one factor or two, found {len(columns)}: {', '.join(columns) or 'none'}")
    fits = table.ndim == 2 and table.size > 0 and all(column.shape == (len(table),) for column in columns.values())
    shaped(fits, f"{outcome}: values must be (point, run), and each factor have a value a point")
    places, which = np.unique(np.stack(list(columns.values()), axis=1), axis=0, return_inverse=True)
    which = which.reshape(-1)
    shares = bool(np.isin(table, (0, 1)).all()) if yes_no is None else yes_no
    base = None if against is None else _averaged(table[which == _setting(places, against, columns)])
    rows = []
    for place, at in enumerate(places):
        own = table[which == place]
        rows.append({"outcome": outcome, **dict(zip(columns, at, strict=True)), **_numbers(own, shares)})
        if base is not None:
            rows[-1] |= _difference(base, own, shares)
    return pd.DataFrame(rows)


def _setting(places: Values, against: Sequence[float], columns: Mapping[str, Values]) -> int:
    """Which of the places is the setting asked for."""
    near = np.isclose(places, np.asarray(against, dtype=np.float64), rtol=1e-9, atol=0).all(axis=1)
    wanted = ", ".join(f"{name} {value:g}" for name, value in zip(columns, against, strict=True))
    shaped(bool(near.any()), f"no point has {wanted}, so nothing can be compared with it")
    return int(near.argmax())


def _averaged(own: Values) -> Values:
    """Each run's mean over points. Shape: (point, run) gives (run)."""
    return np.asarray(own.mean(axis=0))


def _numbers(own: Values, shares: bool) -> dict[str, object]:
    by_run = _averaged(own)
    found: Interval = of_share(by_run.sum(), len(by_run)) if shares and len(own) == 1 else of_mean(by_run)
    low, high = np.quantile(own, [0.05, 0.95])
    numbers = {"mean": found.value, "low": found.low, "high": found.high, "q05": low, "q95": high}
    return {"points": len(own), "runs": len(by_run), **{name: float(value) for name, value in numbers.items()}}


def _difference(base: Values, own: Values, shares: bool) -> dict[str, float]:
    by_run = _averaged(own)
    both = shares and bool(np.isin(by_run, (0, 1)).all() and np.isin(base, (0, 1)).all())
    found = paired(base, by_run, both)
    return {"difference": float(found.value), "difference_low": float(found.low), "difference_high": float(found.high)}
