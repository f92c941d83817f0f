"""How much of each country's course each power holds."""

from __future__ import annotations

from sim.outcomes.metric import Metric, of_ties
from sim.scenario.schema import Scenario


def metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """Mean and end of influence share, by country and power."""
    return (Metric("influence_share", "Influence share", "share", 0, 1, of_ties("influence_share"), ("influence_share",)),)
