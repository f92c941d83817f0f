"""How disputes end: whether and when a final deal is signed, how much of the time is talked through, and how normal relations become."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.metric import Columns, Metric
from sim.scenario.schema import Scenario

if TYPE_CHECKING:
    from sim.record import Record


def metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """Deal, talks and normalisation of each dispute: kosovo.deal.end, kosovo.deal.month, kosovo.talks.mean, kosovo.normalisation.end."""
    if not scenario.disputes:
        return ()
    return (
        Metric("deal", "Deal", "yes or no, months", 0, 1200, _deal, ("deal",), "disputes"),
        Metric("talks", "Share of months in talks", "share", 0, 1, _talks, ("talks",), "disputes"),
        Metric("normalisation", "Normalisation", "share", 0, 1, _normalisation, ("normalisation",), "disputes"),
    )


def _deal(record: Record) -> Columns:
    """Whether a deal is signed by the end, and in which month: 0 is the first; NaN when it never is or was before."""
    found: Columns = {}
    for dispute in record.roster.displayed("dispute"):
        signed = record.values("deal", dispute=dispute) > 0.5
        comes = signed.any(axis=0)
        found[f"{dispute}.deal.end"] = signed[-1].astype(np.float64)
        found[f"{dispute}.deal.month"] = np.where(comes, signed.argmax(axis=0).astype(np.float64), np.nan)
    return found


def _talks(record: Record) -> Columns:
    """The share of all months in which the parties talk."""
    return {f"{dispute}.talks.mean": values.mean(axis=0) for dispute, values in _each(record, "talks")}


def _normalisation(record: Record) -> Columns:
    """Mean and end of normalisation, which a deal completes."""
    found: Columns = {}
    for dispute, values in _each(record, "normalisation"):
        found |= {f"{dispute}.normalisation.mean": values.mean(axis=0), f"{dispute}.normalisation.end": values[-1]}
    return found


def _each(record: Record, name: str) -> list[tuple[str, NDArray[np.float64]]]:
    """A variable of every dispute. Shape: (month, run) each."""
    return [(each, record.values(name, dispute=each).astype(np.float64)) for each in record.roster.displayed("dispute")]
