"""Where countries stand on each institution's ladder, and when they enter."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.outcomes.metric import Columns, Metric
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.record import Record


def metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """Stage, position and membership of each institution: eu_stage, eu_position, eu_member."""
    found = []
    for name, institution in scenario.institutions.items():
        top = len(institution.stages) - 1
        rung, both, called = ("rung",), ("rung", "progress"), institution.name
        found.append(Metric(f"{name}_stage", f"{called} stage", "stage", 0, top, _stage(name), rung))
        found.append(Metric(f"{name}_position", f"{called} stage and progress within it", "stages", 0, top, _position(name), both))
        found.append(Metric(f"{name}_member", f"{called} membership", "yes or no, months", 0, 1200, _member(name, top), rung))
    return tuple(found)


def _candidates(record: Record) -> list[str]:
    """Countries that can stand on a ladder: all but entities."""
    return [name for name in record.roster.displayed("country") if record.scenario.countries[name].part_of is None]


def _stage(institution: str) -> Callable[[Record], Columns]:
    def columns(record: Record) -> Columns:
        rungs = {i: record.values("rung", institution=institution, country=i) for i in _candidates(record)}
        return {f"{i}.{institution}_stage.end": rung[-1].astype(np.float64) for i, rung in rungs.items()}

    return columns


def _position(institution: str) -> Callable[[Record], Columns]:
    def columns(record: Record) -> Columns:
        return {f"{i}.{institution}_position.end": record.position(institution, i)[-1].astype(np.float64) for i in _candidates(record)}

    return columns


def _member(institution: str, top: int) -> Callable[[Record], Columns]:
    """Whether a country is in at the end, and the month it entered: 0 is the first; NaN when it never does or was in before."""

    def columns(record: Record) -> Columns:
        found: Columns = {}
        for country in _candidates(record):
            inside = record.values("rung", institution=institution, country=country) >= top
            m, i = record.roster.place("institution", institution), record.roster.place("country", country)
            enters = inside.any(axis=0) & (record.roster.start_rung[m, i] < top)
            first = np.where(enters, inside.argmax(axis=0).astype(np.float64), np.nan)
            found[f"{country}.{institution}_member.end"] = inside[-1].astype(np.float64)
            found[f"{country}.{institution}_member.month"] = first
        return found

    return columns
