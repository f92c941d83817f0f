"""Resilience of each country."""

from __future__ import annotations

from sim.outcomes.metric import Metric, of_countries
from sim.scenario.schema import Scenario


def metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """Mean and end of resilience, by country."""
    return (Metric("resilience", "Resilience", "share", 0, 1, of_countries("resilience"), ("resilience",)),)
