"""Alignment of each country with each power."""

from __future__ import annotations

from sim.outcomes.metric import Metric, of_ties
from sim.scenario.schema import Scenario


def metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """Mean and end of alignment, by country and power."""
    return (Metric("alignment", "Alignment", "share", 0, 1, of_ties("alignment"), ("alignment",)),)
