"""When paired histories part: the first month in which a change can be seen in runs, and in their mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.intervals import Values, of_mean
from sim.analysis.names import Spoken
from sim.analysis.refusals import NotAnalysable, finite, shaped
from sim.record import Record

NEVER = "never"
HALF = 0.5


@dataclass(frozen=True)
class PairedSeries:
    """A quantity by month in two arms, run beside run, with the words for it. Shape: base, other (month, run)."""

    words: Spoken
    base: Values
    other: Values
    dates: NDArray[np.datetime64]

    @property
    def name(self) -> str:
        """Its name in tables."""
        return self.words.name

    @property
    def difference(self) -> Values:
        """Other less base."""
        return self.other - self.base


def paired_series(base: Record, other: Record, words: Spoken, variable: str, **where: str) -> PairedSeries:
    """One variable of two records, over the runs that went well in both; `where` gives an id for each of its axes.

    Raises: NotAnalysable when no run is in both, months differ, or an axis is left open; KeyError for an unknown id.
    """
    runs = base.run_ids[base.ok], other.run_ids[other.ok]
    both = np.intersect1d(*runs)
    shaped(len(both) > 0, f"no run went well in both records: {words.name} cannot be paired")
    shaped(np.array_equal(base.dates(variable), other.dates(variable)), f"{words.name}: the records do not cover the same months")
    values = [
        record.values(variable, **where)[..., np.searchsorted(own, both)].astype(np.float64)
        for record, own in zip((base, other), runs, strict=True)
    ]
    shaped(values[0].ndim == 2, f"{variable} needs an id for each of {', '.join(base.variable(variable).axes)}")
    return PairedSeries(words, values[0], values[1], base.dates(variable))


def parting(series: Sequence[PairedSeries], tolerance: float = 0.01) -> pd.DataFrame:
    """When the histories of each series part. One row a series.

    Columns: series, runs, months, tolerance; parts (first month in which the paired difference lies beyond the tolerance in at
    least half of runs), mean_parts (first month in which the interval of the mean difference leaves out 0, widened for the number
    of months looked at, after Bonferroni), both `never` where there is none; largest_date, largest, largest_low, largest_high (the
    month with the largest mean difference, with the widened interval); end, end_low, end_high (last month, interval at 95%).
    Raises: NotAnalysable for a missing value or a tolerance below 0.
    """
    if not tolerance >= 0:
        raise NotAnalysable(f"a tolerance is 0 or more, in units of the series; found {tolerance:g}")
    return pd.DataFrame([_parted(each, tolerance) for each in series])


def _parted(series: PairedSeries, tolerance: float) -> dict[str, object]:
    change = finite(series.difference, series.name, "months of runs")
    months, runs = change.shape
    apart = (np.abs(change) > tolerance).mean(axis=1) >= HALF
    wide, end = of_mean(change, looks=months), of_mean(change[-1])
    beyond = (wide.low > 0) | (wide.high < 0)
    most = int(np.abs(wide.value).argmax())
    return {
        "series": series.name,
        "runs": runs,
        "months": months,
        "tolerance": tolerance,
        "parts": _first(apart, series.dates),
        "mean_parts": _first(beyond, series.dates),
        "largest_date": str(series.dates[most]),
        "largest": float(wide.value[most]),
        "largest_low": float(wide.low[most]),
        "largest_high": float(wide.high[most]),
        "end": float(end.value),
        "end_low": float(end.low),
        "end_high": float(end.high),
    }


def _first(which: NDArray[np.bool_], dates: NDArray[np.datetime64]) -> str:
    """The first month of those marked."""
    return str(dates[int(which.argmax())]) if which.any() else NEVER
