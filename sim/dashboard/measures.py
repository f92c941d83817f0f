"""What the page can show of each country: quantities between nobody, a power or an institution and a country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.record import Record, Values
from sim.scenario.schema import Scenario
from sim.world import VARIABLES

KEPT = (
    "tension", "influence_share", "own_share", "alignment", "opinion", "resilience", "capture", "false_belief", "course", "rung",
    "progress",
)  # fmt: skip

Partner = Literal["power", "institution", ""]


@dataclass(frozen=True)
class Measure:
    """A quantity by country: its name, what its ends mean, and whom it is held with or by. Units: `unit`, from 0 to `top`."""

    id: str
    label: str
    meaning: str
    partner: Partner = ""
    unit: str = "of 100"

    def where(self, partner: str) -> dict[str, str]:
        """The place of a partner on its axis."""
        return {self.partner: partner} if self.partner else {}


POSITION = "position"
MEASURES = (
    Measure("tension", "Tension", "0 is calm, 100 is open unrest"),
    Measure("influence_share", "Influence share", "how much of a country's course a power holds", "power"),
    Measure("own_share", "Own share of the course", "how much of its course a country holds itself"),
    Measure("alignment", "Alignment", "how far a country's acts go along with a power", "power"),
    Measure("opinion", "Favourable opinion", "share of the public that thinks well of a power", "power"),
    Measure(POSITION, "Accession", "stage reached on the way in, with the share of its work that is done", "institution", "stage"),
    Measure("resilience", "Resilience", "how well institutions hold"),
    Measure("capture", "State capture", "how far the state serves private ends"),
    Measure("false_belief", "False belief", "how far invented stories are believed"),
)
BY_ID = {measure.id: measure for measure in MEASURES}


def measures_of(scenario: Scenario) -> tuple[Measure, ...]:
    """The measures that a scenario has somebody for."""
    return tuple(measure for measure in MEASURES if measure.partner != "institution" or scenario.institutions)


def partners_of(measure: Measure, scenario: Scenario) -> tuple[str, ...]:
    """Whom a measure is held with: powers, institutions, or nobody."""
    found = {"power": tuple(scenario.powers), "institution": tuple(scenario.institutions), "": ("",)}
    return found[measure.partner]


def top_of(measure: Measure, scenario: Scenario, partner: str) -> float:
    """The highest value of a measure: 1 for shares, the number of the last stage for a ladder."""
    return float(len(scenario.institutions[partner].stages) - 1) if measure.id == POSITION else 1.0


def shown_countries(scenario: Scenario, most: int = 40) -> tuple[str, ...]:
    """Countries in the order of the file, entities under their country."""
    tops = [id for id, country in scenario.countries.items() if country.part_of is None]
    inside = {id: [other for other, country in scenario.countries.items() if country.part_of == id] for id in tops}
    return tuple(each for id in tops for each in (id, *inside[id]))[:most]


def values_of(record: Record, measure: Measure, partner: str, countries: Sequence[str]) -> Values:
    """A measure of each country. Shape: (month, country, run)."""
    if measure.id == POSITION:
        return np.stack([record.position(partner, country) for country in countries], axis=1)
    axes = VARIABLES[measure.id].axes
    values = record.values(measure.id, **measure.where(partner))
    assert axes[-1] == "country" and values.ndim == 3, "measures are by country once the partner is given"
    return values[:, [record.roster.place("country", country) for country in countries]]
