"""Boxes in a space of factors: which points one holds, how well it holds what is looked for, and what each of its limits is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, isinf

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtrc

from sim.analysis.refusals import NotAnalysable, shaped

Flags = NDArray[np.bool_]
Range = tuple[float, float]
Limit = Range | frozenset[str]

FREE: Range = (-inf, inf)
LOW, HIGH, AMONG = "at least", "at most", "one of"


@dataclass(frozen=True)
class Cases:
    """Points of a design: numbers as columns, categories as texts, and whether each is a case of what is looked for.

    Shape: interest (point).
    """

    inputs: pd.DataFrame
    interest: Flags

    @property
    def total(self) -> int:
        """How many points are cases of interest."""
        return int(self.interest.sum())

    def numbers(self) -> list[str]:
        """Factors whose values are numbers."""
        return [str(name) for name in self.inputs.columns if pd.api.types.is_numeric_dtype(self.inputs[name])]

    def choices(self) -> list[str]:
        """Factors whose values are names."""
        return [str(name) for name in self.inputs.columns if not pd.api.types.is_numeric_dtype(self.inputs[name])]

    def taken(self, places: NDArray[np.int64]) -> Cases:
        """Some of the points, in some order."""
        return Cases(self.inputs.iloc[places].reset_index(drop=True), self.interest[places])


@dataclass(frozen=True)
class Box:
    """Limits of some factors; a factor without limits is free. Both ends of a range are inside."""

    limits: Mapping[str, Limit]

    def holds(self, inputs: pd.DataFrame) -> Flags:
        """Which points lie inside. Shape: (point)."""
        inside = np.ones(len(inputs), dtype=bool)
        for factor, limit in self.limits.items():
            if isinstance(limit, frozenset):
                inside &= inputs[factor].isin(limit).to_numpy()
            else:
                values = inputs[factor].to_numpy(dtype=np.float64)
                inside &= (values >= limit[0]) & (values <= limit[1])
        return inside

    def limited(self, factor: str, limit: Limit) -> Box:
        """The same box with another limit of one factor; a limit that limits nothing is left out."""
        kept = {name: each for name, each in self.limits.items() if name != factor}
        return replace(self, limits=kept if limit == FREE else {**kept, factor: limit})

    def without(self, factor: str, side: str) -> Box:
        """The same box without one end of a range, or without a choice among names."""
        limit = self.limits[factor]
        if isinstance(limit, frozenset):
            return self.limited(factor, FREE)
        return self.limited(factor, (-inf, limit[1]) if side == LOW else (limit[0], inf))

    def sides(self) -> list[tuple[str, str]]:
        """Every limit there is: its factor and its side."""
        found = []
        for factor, limit in self.limits.items():
            if isinstance(limit, frozenset):
                found.append((factor, AMONG))
            else:
                found += [(factor, side) for side, end in ((LOW, limit[0]), (HIGH, limit[1])) if not isinf(end)]
        return found


@dataclass(frozen=True)
class Measures:
    """How well a box holds what is looked for.

    `coverage` is the share of all cases of interest that lie inside, `density` the share of points inside that are cases, `mass`
    the share of all points that lie inside, `margin` the coverage less the share of other points that lie inside as well.
    """

    coverage: float
    density: float
    mass: float
    margin: float
    restricted: int
    inside: int
    cases: int


def measures(box: Box, cases: Cases) -> Measures:
    """Coverage, density, mass and margin of a box. Source: Friedman and Fisher (1999); margin after Youden (1950)."""
    inside = box.holds(cases.inputs)
    held, count, total = int((inside & cases.interest).sum()), int(inside.sum()), cases.total
    coverage = held / total if total else np.nan
    others = len(inside) - total
    margin = coverage - (count - held) / others if others else coverage
    return Measures(coverage, held / count if count else np.nan, count / len(inside), margin, len(box.limits), count, held)


def limits_table(box: Box, cases: Cases) -> pd.DataFrame:
    """One row a limit: factor, side, value, quasi_p, and density and coverage without it. The surest limit comes first.

    A quasi-p-value is the chance of so dense a box if this limit did nothing: of so many cases among the points inside, when each
    were a case as often as in the box without the limit. Source: Bryant and Lempert (2010).
    """
    own, rows = measures(box, cases), []
    for factor, side in box.sides():
        without, limit = measures(box.without(factor, side), cases), box.limits[factor]
        value = ", ".join(sorted(limit)) if isinstance(limit, frozenset) else limit[0 if side == LOW else 1]
        chance = float(bdtrc(own.cases - 1, own.inside, without.density)) if own.cases else 1.0
        rows.append(
            {"factor": factor, "side": side, "value": value, "quasi_p": chance, "density_without": without.density,
             "coverage_without": without.coverage}
        )  # fmt: skip
    columns = ["factor", "side", "value", "quasi_p", "density_without", "coverage_without"]
    return pd.DataFrame(rows, columns=columns).sort_values("quasi_p", kind="stable", ignore_index=True)


def checked(inputs: pd.DataFrame, interest: Flags, outcome: str, least: int) -> Cases:
    """Cases that can be told apart: no missing factor, and enough points of either kind.

    Raises: NotAnalysable.
    """
    flags = np.asarray(interest, dtype=bool)
    shaped(flags.ndim == 1 and len(flags) == len(inputs), f"{outcome}: {len(inputs)} points and {flags.size} answers do not fit together")
    shaped(len(inputs.columns) > 0, f"{outcome}: nothing varies, so there is nothing to look along")
    missing = int(inputs.isna().to_numpy().sum())
    shaped(not missing, f"{outcome}: {missing} values of factors are missing")
    few = min(int(flags.sum()), int((~flags).sum()))
    if few < least:
        told = f"{int(flags.sum())} of {len(flags)} points are cases of what is looked for; at least {least} of either kind are needed"
        raise NotAnalysable(f"{outcome}: {told}; choose another level, wider factors or more points")
    return Cases(inputs.reset_index(drop=True), flags)
