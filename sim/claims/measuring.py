"""Measures: numbers read off each history, or made of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.selecting import POSITION, axes_of, metric_of, places_on, span
from sim.record import Record
from sim.scenario.claim_checks import in_order
from sim.scenario.claim_file import Measure
from sim.scenario.dates import month_number

Runs = NDArray[np.float64]
Months = NDArray[np.float64]

# What is made of several values: over cells, and over months.
REDUCE: dict[str, Callable[..., Any]] = {"mean": np.mean, "sum": np.sum, "max": np.max, "peak": np.max, "min": np.min}


def measured(record: Record, measures: Mapping[str, Measure], wanted: Iterable[str]) -> dict[str, Runs]:
    """The wanted measures of every run that went well. Shape: (run); NaN where a run has no such number."""
    found: dict[str, Runs] = {}
    for name in wanted:
        for each in in_order(dict(measures), name):
            if each not in found:
                found[each] = _answered(measures[each], _value(record, measures, each, found))
    return {name: found[name] for name in wanted}


def _answered(measure: Measure, values: Runs) -> Runs:
    """A number as it is, or as 1 or 0 where a level is asked of it."""
    if measure.above is None and measure.below is None:
        return values
    holds = values > measure.above if measure.above is not None else values < (measure.below or 0.0)
    return np.where(np.isnan(values), np.nan, holds.astype(np.float64))


def _value(record: Record, measures: Mapping[str, Measure], name: str, found: Mapping[str, Runs]) -> Runs:
    measure = measures[name]
    match measure.form:
        case "outcome":
            assert measure.outcome is not None
            return metric_of(record.scenario, measure.outcome).columns(record)[measure.outcome].astype(np.float64)
        case "variable":
            return taken(record, measure, series(record, measure))
        case "correlation":
            one, other = (_in_window(record, measures[part], series(record, measures[part])) for part in measure.parts)
            return correlation(np.diff(one, axis=0), np.diff(other, axis=0))
    parts = [found[part] for part in measure.parts]
    match measure.form:
        case "difference":
            return parts[0] - parts[1]
        case "ratio":
            return np.divide(parts[0], parts[1], out=np.full_like(parts[0], np.nan), where=parts[1] != 0)
        case "sum" | "mean":
            whole: Runs = np.sum(parts, axis=0)
            return whole / len(parts) if measure.form == "mean" else whole
        case "both":
            return np.where(np.isnan(parts).any(axis=0), np.nan, np.all(np.asarray(parts) > 0.5, axis=0).astype(np.float64))
        case _:
            return order(parts)


def series(record: Record, measure: Measure) -> Months:
    """A variable month by month, over the cells that a measure selects. Shape: (month, run)."""
    assert measure.variable is not None
    if measure.variable == POSITION:
        institution = measure.where["institution"][0]
        countries = places_on(record.roster, "country", measure.where)
        cells = np.stack([record.position(institution, record.roster.ids["country"][place]) for place in countries], axis=1)
    else:
        cells = record.values(measure.variable)
        for number, axis in enumerate(axes_of(measure.variable), 1):
            cells = np.take(cells, places_on(record.roster, axis, measure.where), axis=number)
    flat = cells.reshape(len(cells), -1, cells.shape[-1]).astype(np.float64)
    whole: Months = REDUCE[measure.across](flat, axis=1)
    return whole


def taken(record: Record, measure: Measure, values: Months) -> Runs:
    """What is taken of a series: a moment, a window, or how many months pass until something first holds. Shape: (run)."""
    when = measure.when
    if when.first is not None and when.than is not None:
        holds = values > when.than if when.first == "above" else values < when.than
        return np.where(holds.any(axis=0), holds.argmax(axis=0), len(values)).astype(np.float64)
    if when.at is None:
        return _over(_in_window(record, measure, values), when.of)
    match when.at:
        case "end":
            return np.asarray(values[-1])
        case "start":
            return np.asarray(values[0])
        case "mean" | "sum" | "peak" | "change":
            return _over(values, when.at)
        case month:
            return np.asarray(values[(month_number(month) or 0) - span(record.scenario)[0]])


def _over(values: Months, take: str) -> Runs:
    whole: Runs = values[-1] - values[0] if take == "change" else REDUCE[take](values, axis=0)
    return whole


def _in_window(record: Record, measure: Measure, values: Months) -> Months:
    """The months of a series that a measure looks at; all where it names no window."""
    start = span(record.scenario)[0]
    first = month_number(measure.when.since or "") or start
    last = month_number(measure.when.to or "") or span(record.scenario)[1]
    return values[first - start : last - start + 1]


def correlation(one: Months, other: Months) -> Runs:
    """Pearson's correlation over months, run by run; 0 where either stands still. Shape: (month, run) gives (run)."""
    a, b = one - one.mean(axis=0), other - other.mean(axis=0)
    size = np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    return np.asarray(np.divide((a * b).sum(axis=0), size, out=np.zeros_like(size), where=size > 0))


def order(parts: list[Runs]) -> Runs:
    """Kendall's tau of measures with the order they are written in, largest first: 1 where all pairs agree, -1 where none does."""
    pairs = [np.sign(before - after) for before, after in combinations(parts, 2)]
    whole: Runs = np.mean(pairs, axis=0)
    return whole
