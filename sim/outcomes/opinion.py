"""What each public thinks of each power."""

from __future__ import annotations

from sim.outcomes.metric import Metric, of_ties
from sim.scenario.schema import Scenario


def metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """Mean and end of favourable opinion, by country and power."""
    return (Metric("opinion", "Favourable opinion", "share", 0, 1, of_ties("opinion"), ("opinion",)),)
