"""State capture in each country."""

from __future__ import annotations

from sim.outcomes.metric import Metric, of_countries
from sim.scenario.schema import Scenario


def metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """Mean and end of state capture, by country."""
    return (Metric("capture", "State capture", "share", 0, 1, of_countries("capture"), ("capture",)),)
