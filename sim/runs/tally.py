"""Summaries of more runs than are kept: whole-number counts that add up to the same whatever the order they are added in.

Values are counted on bins of the variable's range, and summed on a fine grid, in integers. A share's range is 0 to 1. An amount x of
typical size s is binned as x/(x+s), a signed value as x/(|x|+s) moved to 0..1. A stage is yes or no, and its counts are exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.summary import QUANTILES, Numbers, Series, exact_numbers
from sim.world import VARIABLES

# Up to so many runs a point, values are kept and summaries are exact.
MOST_KEPT = 2048
BINS = 1024
# Sums of a million squares stay below 2^63: a share on a grid of 2^20, others on 2^14 of their typical size, up to 128 times it.
FINE, COARSE, LARGEST = 2**20, 2**14, 128
RESOLUTION = {"bins": BINS, "grid_of_shares": FINE, "grid_of_amounts": COARSE, "largest_amount": LARGEST}

Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Tally:
    """Counts of some runs of one point, by variable.

    Shape: counts (month, series, bin), empty for stages; sums and squares (month, series), in grid units.
    """

    runs: int
    counts: Mapping[str, Whole]
    sums: Mapping[str, Whole]
    squares: Mapping[str, Whole]

    @classmethod
    def of_series(cls, series: Sequence[Series]) -> Tally:
        """The tally of the runs of some series."""
        counts = {each.variable: _counted(each) for each in series if each.kept_as != "rung"}
        grid = {each.variable: _on_grid(each) for each in series}
        sums = {name: values.sum(axis=-1) for name, values in grid.items()}
        squares = {name: (values * values).sum(axis=-1) for name, values in grid.items()}
        return cls(series[0].values.shape[-1] if series else 0, counts, sums, squares)

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]]) -> Tally:
        """A tally out of plain arrays."""
        counts: dict[str, Whole] = {}
        for name, values in arrays.items():
            kind, _, variable = name.partition("/")
            if kind == "shape":
                shape = values.astype(np.int64)
                dense = np.zeros(int(shape.prod()), dtype=np.int64)
                dense[arrays[f"filled/{variable}"].astype(np.int64)] = arrays[f"count/{variable}"]
                counts[variable] = dense.reshape(shape.tolist())
        named = {kind: {n.partition("/")[2]: v.astype(np.int64) for n, v in arrays.items() if n.startswith(f"{kind}/")} for kind in _SUMS}
        return cls(int(arrays["runs"].item()), counts, *(named[kind] for kind in _SUMS))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Plain arrays, counts by the places that are not empty."""
        found: dict[str, NDArray[np.generic]] = {"runs": np.array(self.runs)}
        for name, counts in self.counts.items():
            filled = np.flatnonzero(counts)
            found[f"shape/{name}"] = np.array(counts.shape)
            found[f"filled/{name}"] = filled.astype(np.uint32 if counts.size < 2**32 else np.uint64)
            found[f"count/{name}"] = counts.ravel()[filled].astype(np.uint32)
        for kind, values in zip(_SUMS, (self.sums, self.squares), strict=True):
            found |= {f"{kind}/{name}": array for name, array in values.items()}
        return found

    def plus(self, other: Tally) -> Tally:
        """Both together; the same whichever comes first."""
        if not self.runs:
            return other
        if not other.runs:
            return self
        parts = ((self.counts, other.counts), (self.sums, other.sums), (self.squares, other.squares))
        return Tally(self.runs + other.runs, *({name: mine[name] + others[name] for name in mine} for mine, others in parts))

    def only(self, variable: str) -> Tally:
        """The tally of one variable."""
        parts = (self.counts, self.sums, self.squares)
        return Tally(self.runs, *({name: values for name, values in part.items() if name == variable} for part in parts))

    def numbers(self, series: Series) -> Numbers:
        """Count, mean, spread and quantiles. Shape: (month, series)."""
        name, n = series.variable, self.runs
        if not n:
            return exact_numbers(series.values)
        unit = _unit(series.kept_as)
        mean = self.sums[name] / n * unit
        spread = np.sqrt(np.maximum(self.squares[name] / n * unit**2 - mean**2, 0))
        quantiles = _of_stages(self.sums[name], n) if series.kept_as == "rung" else self._of_bins(series)
        found = {"mean": mean, "sd": spread, **dict(zip(QUANTILES, quantiles, strict=True))}
        return {"n": np.full(mean.shape, n, dtype=np.int64), **{key: value.astype(np.float32) for key, value in found.items()}}

    def _of_bins(self, series: Series) -> list[NDArray[np.float64]]:
        """Quantiles by linear interpolation within the bin that holds them."""
        counts = self.counts[series.variable]
        upto = counts.cumsum(axis=-1)
        found = []
        for chance in QUANTILES.values():
            rank = chance * (self.runs - 1) + 0.5
            place = (upto <= rank).sum(axis=-1).clip(max=BINS - 1)
            inside = np.take_along_axis(counts, place[..., None], -1)[..., 0]
            before = np.take_along_axis(upto, place[..., None], -1)[..., 0] - inside
            found.append(_value((place + (rank - before) / np.maximum(inside, 1)) / BINS, series.kept_as))
        return found


_SUMS = ("sum", "square")


def _unit(name: str) -> float:
    """What one step of the grid is worth."""
    if name == "rung":
        return 1.0
    variable = VARIABLES[name]
    return 1 / FINE if variable.kind == "share" else variable.scale / COARSE


def _on_grid(series: Series) -> Whole:
    """Values in whole steps of the grid."""
    if series.kept_as == "rung":
        return series.values.astype(np.int64)
    variable = VARIABLES[series.kept_as]
    wide = series.values.astype(np.float64)
    if variable.kind != "share":
        wide = np.clip(wide / variable.scale, -LARGEST, LARGEST)
    return np.rint(wide * (FINE if variable.kind == "share" else COARSE)).astype(np.int64)


def _counted(series: Series) -> Whole:
    """How many runs fall into each bin. Shape: (month, series, run) gives (month, series, bin)."""
    variable = VARIABLES[series.kept_as]
    wide = series.values.astype(np.float64)
    if variable.kind == "signed":
        wide = (wide / (np.abs(wide) + variable.scale) + 1) / 2
    elif variable.kind != "share":
        wide = wide / (wide + variable.scale)
    bins = np.clip(wide * BINS, 0, BINS - 1).astype(np.int64)
    cells = int(np.prod(bins.shape[:-1], dtype=int))
    offsets = np.arange(cells).reshape(*bins.shape[:-1], 1) * BINS
    return np.bincount((bins + offsets).ravel(), minlength=cells * BINS).reshape(*bins.shape[:-1], BINS)


def _value(place: NDArray[np.float64], name: str) -> NDArray[np.float64]:
    """The value that stands at a place of the binned range, which runs from 0 to 1."""
    variable = VARIABLES[name]
    if variable.kind == "share":
        return place
    if variable.kind == "signed":
        signed = 2 * place - 1
        return np.asarray(signed / np.maximum(1 - np.abs(signed), 1e-9) * variable.scale)
    return np.asarray(place / np.maximum(1 - place, 1e-9) * variable.scale)


def _of_stages(ones: Whole, runs: int) -> list[NDArray[np.float64]]:
    """Exact quantiles of yes (1) and no (0), as order statistics by linear interpolation."""
    zeros = runs - ones
    found = []
    for chance in QUANTILES.values():
        place = chance * (runs - 1)
        below = np.where(np.floor(place) >= zeros, 1.0, 0.0)
        above = np.where(min(np.floor(place) + 1, runs - 1) >= zeros, 1.0, 0.0)
        found.append(below + (above - below) * (place - np.floor(place)))
    return found
