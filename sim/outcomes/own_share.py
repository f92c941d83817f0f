"""How much of its course each country holds itself."""

from __future__ import annotations

from sim.outcomes.metric import Metric, of_countries
from sim.scenario.schema import Scenario


def metrics(scenario: Scenario) -> tuple[Metric, ...]:
    """Mean and end of a country's own share, by country."""
    return (Metric("own_share", "Own share of the course", "share", 0, 1, of_countries("own_share"), ("own_share",)),)
