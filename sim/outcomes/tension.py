"""Tension in each country."""

from __future__ import annotations

from sim.outcomes.metric import Metric, of_countries
from sim.scenario.schema import Scenario


def metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """Mean and end of tension, by country."""
    return (Metric("tension", "Tension", "share", 0, 1, of_countries("tension"), ("tension",)),)
