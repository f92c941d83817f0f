"""One factor at a time: what its low and its high setting do to an outcome, against the base, run by run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.analysis.intervals import Interval, Values, of_mean, of_paired_shares
from sim.analysis.refusals import finite, shaped


def one_at_a_time(
    base: ArrayLike, low: ArrayLike, high: ArrayLike, factors: Sequence[str], outcome: str = "the outcome", yes_no: bool | None = None
) -> pd.DataFrame:
    """Paired effects of each factor's low and high setting. One row a factor, the widest swing first.

    Columns: outcome, factor, runs, base; down (low setting less base), up (high setting less base) and swing (high less low), each
    with _low and _high. An outcome that is 0 or 1 throughout is taken for a yes or no, unless `yes_no` says otherwise.

    Shape: base (run); low, high (factor, run).
    Raises: NotAnalysable when a value is missing or shapes do not fit.
    """
    middle, down, up = (finite(array, outcome) for array in (base, low, high))
    wanted = (len(factors), len(middle) if middle.ndim == 1 else -1)
    shaped(
        middle.ndim == 1 and len(middle) > 0 and down.shape == up.shape == wanted,
        f"{outcome}: base must be (run), low and high (factor, run) of {len(factors)}; found {middle.shape}, {down.shape}, {up.shape}",
    )
    either = all(bool(np.isin(array, (0, 1)).all()) for array in (middle, down, up)) if yes_no is None else yes_no
    columns: dict[str, object] = {"outcome": outcome, "factor": list(factors), "runs": len(middle), "base": float(middle.mean())}
    for name, one, other in (("down", middle, down), ("up", middle, up), ("swing", down, up)):
        found = paired(np.broadcast_to(one, other.shape), other, either)
        columns |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    table = pd.DataFrame(columns)
    reach = table[["down", "up", "swing"]].abs().max(axis=1).to_numpy(dtype=np.float64)
    return table.iloc[np.argsort(-reach, kind="stable")].reset_index(drop=True)


def paired(one: Values, other: Values, yes_no: bool) -> Interval:
    """Difference of other less one over runs, with its paired interval. Shape: (..., run)."""
    if yes_no:
        return of_paired_shares((other > one).sum(axis=-1), (other < one).sum(axis=-1), one.shape[-1])
    return of_mean(other - one)
