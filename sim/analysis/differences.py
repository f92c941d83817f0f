"""Differences month by month between ensembles that share their luck: every series of every kept variable, run beside run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.names import series_spoken
from sim.analysis.parting import PairedSeries
from sim.record import MONTHLY, Values
from sim.roster import Roster
from sim.scenario.schema import Scenario
from sim.summary import Numbers, Series, exact_numbers, series_of, table_of_series

# Shares whose level means something by itself; work done within a stage begins anew at the next.
LEVELS = ("alignment", "influence_share", "own_share", "opinion", "tension", "resilience", "capture", "autonomy")


@dataclass(frozen=True)
class Side:
    """One arm of a comparison: its scenario, the runs that went well, and their values. Shape: runs (run), values (month, axes, run)."""

    scenario: Scenario
    runs: NDArray[np.int64]
    values: Mapping[str, Values]

    @property
    def months(self) -> NDArray[np.datetime64]:
        """First day of each month."""
        return np.datetime64(self.scenario.time.start, "M") + np.arange(self.scenario.time.months)


@dataclass(frozen=True)
class PairedBlock:
    """The series of one variable that both arms have. Shape: base and other (month, series, run)."""

    series: Series
    base: Values
    other: Values
    dates: NDArray[np.datetime64]

    def numbers(self) -> Numbers:
        """Count, mean, spread and quantiles of the paired differences. Shape: (month, series)."""
        return exact_numbers(self.other - self.base)


def paired_blocks(base: Side, other: Side) -> Iterator[PairedBlock]:
    """Every variable kept each month in both arms, over the months, series and runs that both have."""
    _, mine, others = np.intersect1d(base.runs, other.runs, return_indices=True)
    dates, early, late = np.intersect1d(base.months, other.months, return_indices=True)
    for name in sorted(set(base.values) & set(other.values) & set(MONTHLY)):
        beside = {series.variable: series for series in series_of(other.scenario, Roster(other.scenario), name, other.values[name])}
        for series in series_of(base.scenario, Roster(base.scenario), name, base.values[name]):
            if series.variable in beside:
                twin = beside[series.variable]
                places = {label: place for place, label in enumerate(zip(twin.actors, twin.partners, strict=True))}
                own = list(zip(series.actors, series.partners, strict=True))
                here = np.array([place for place, label in enumerate(own) if label in places], dtype=np.intp)
                there = np.array([places[own[place]] for place in here], dtype=np.intp)
                shared = Series(series.variable, name, *_columns([own[place] for place in here]), np.zeros((0, 0, 0), dtype=np.float32))
                ends = series.values[np.ix_(early, here, mine)], twin.values[np.ix_(late, there, others)]
                yield PairedBlock(shared, *ends, dates)


def _columns(labels: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(actor for actor, _ in labels), tuple(partner for _, partner in labels)


def differences(blocks: Sequence[PairedBlock]) -> pd.DataFrame:
    """One row a month, actor, partner and variable: mean, spread and quantiles of the paired difference over runs."""
    return table_of_series([(block.series, block.dates, block.numbers()) for block in blocks])


def largest(scenario: Scenario, blocks: Sequence[PairedBlock], most: int) -> list[PairedSeries]:
    """The series of levels that end farthest apart, at most one of each variable and actor, farthest first."""
    found: list[tuple[float, int, int]] = []
    for number, block in enumerate(blocks):
        if block.series.kept_as in LEVELS and block.base.shape[-1]:
            ends = np.abs((block.other[-1] - block.base[-1]).mean(axis=-1))
            best: dict[str, tuple[float, int]] = {}
            for place, actor in enumerate(block.series.actors):
                best[actor] = max(best.get(actor, (-1.0, 0)), (float(ends[place]), place))
            found += [(end, number, place) for end, place in best.values()]
    found.sort(key=lambda each: -each[0])
    return [_named(scenario, blocks[number], place) for _, number, place in found[:most]]


def _named(scenario: Scenario, block: PairedBlock, place: int) -> PairedSeries:
    series = block.series
    words = series_spoken(scenario, series.kept_as, series.actors[place], series.partners[place])
    base, other = (arm[:, place].astype(np.float64) for arm in (block.base, block.other))
    return PairedSeries(words, base, other, block.dates)
