"""What a page can show of each country: measures held by nobody, a side, a power or an institution, and their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.charts.measures import measure
from sim.charts.order import name, side_name, sides
from sim.charts.style import colour_of, literal
from sim.charts.words import large
from sim.record import Record, Values
from sim.roster import SELF
from sim.scenario.schema import Scenario

BALANCE, COURSE, POSITION = "balance", "course", "position"
# Colours of a measure that belongs to nobody.
PLAIN = "#6a3d6a"


@dataclass(frozen=True)
class Shown:
    """A quantity by country: its name, what it means, and the axis of those who hold it. Units: `unit`, from 0 to the partner's top."""

    id: str
    label: str
    meaning: str
    axis: str = ""
    unit: str = "of 100"

    @property
    def needs(self) -> tuple[str, ...]:
        """Variables of a record that it is made of."""
        return {BALANCE: (COURSE,), POSITION: ("rung", "progress")}.get(self.id, (self.id,))

    @property
    def plain(self) -> dict[str, object]:
        """What a page is told of it; shown numbers are `factor` times the values."""
        words = {"id": self.id, "label": self.label, "meaning": self.meaning, "axis": self.axis, "unit": self.unit}
        return words | {"factor": 1 if self.id == POSITION else 100}


@dataclass(frozen=True)
class Holder:
    """Who holds a measure: a side, a power, an institution, or nobody; its colour, and the highest value there can be."""

    id: str
    name: str
    colour: str
    top: float = 1.0


MEASURES = (
    Shown(BALANCE, "Balance of the blocs", "one bloc's share of the course less the other's"),
    Shown(COURSE, "Share of the course", "how much of a country's course a bloc holds, or the country itself", "side"),
    Shown("tension", "Tension", "0 is calm, 100 is open unrest"),
    Shown("influence_share", "Influence share", "how much of a country's course a power holds", "power"),
    Shown("opinion", "Favourable opinion", "share of the public that thinks well of a power", "power"),
    Shown("alignment", "Alignment", "how far a country's acts go along with a power", "power"),
    Shown(POSITION, "Accession", "stage reached on the way in, with the share of its work that is done", "institution", "stages"),
    Shown("resilience", "Resilience", "how well institutions hold"),
    Shown("capture", "State capture", "how far the state serves private ends"),
    Shown("false_belief", "False belief", "how far invented stories are believed"),
)


BY_ID = {shown.id: shown for shown in MEASURES}


def measures_in(scenario: Scenario) -> list[Shown]:
    """The measures that a scenario has somebody for."""
    rivals = len({power.bloc for power in scenario.powers.values()}) > 1
    return [each for each in MEASURES if (each.axis != "institution" or scenario.institutions) and (each.id != BALANCE or rivals)]


def measures_of(record: Record) -> list[Shown]:
    """The measures that a record holds and has somebody for."""
    return [each for each in measures_in(record.scenario) if all(need in record.kept for need in each.needs)]


def holders(record: Record, shown: Shown) -> list[Holder]:
    """Who holds a measure, in the order of the file; a single nobody where it belongs to the country alone.

    Sides come as the record has them, the largest bloc first, where it kept the course.
    """
    roster = record.roster
    if shown.axis == "side":
        order = sides(record)[::-1] if COURSE in record.kept else [*roster.ids["bloc"], SELF]
        named = {side: "its own" if side == SELF else side_name(record, side) for side in order}
        return [Holder(side, words, colour_of(roster, "side", side)) for side, words in named.items()]
    if shown.axis == "power":
        return [Holder(id, name(record, "power", id), colour_of(roster, "power", id)) for id in roster.displayed("power")]
    if shown.axis == "institution":
        clubs = record.scenario.institutions
        return [
            Holder(id, name(record, "institution", id), colour_of(roster, "power", clubs[id].grantor), float(len(clubs[id].stages) - 1))
            for id in roster.displayed("institution")
        ]
    return [Holder("", "", PLAIN)]


def values_of(record: Record, shown: Shown, holder: str, countries: Sequence[str]) -> Values:
    """A measure of some countries; an entity stands on its country's ladders. Shape: (month, country, run)."""
    if shown.id == BALANCE:
        return np.stack([measure(record).values(record, id).astype(np.float32) for id in countries], axis=1)
    if shown.id == POSITION:
        whole = [record.scenario.countries[id].part_of or id for id in countries]
        return np.stack([record.position(holder, id) for id in whole], axis=1)
    values = record.values(shown.id, **({shown.axis: holder} if shown.axis else {}))
    return values[:, [record.roster.place("country", id) for id in countries]]


def rivals_of(record: Record) -> dict[str, dict[str, str]] | None:
    """The two blocs of the balance: `more` above zero and `less` below it, each with name and colour."""
    if len(record.roster.ids["bloc"]) < 2:
        return None
    found = measure(record)
    blocs = {"more": found.whose, "less": found.against}
    return {
        way: {"id": id, "name": large(side_name(record, id)), "colour": colour_of(record.roster, "side", id)} for way, id in blocs.items()
    }


def shown_countries(scenario: Scenario, most: int) -> list[str]:
    """Countries in the order of the file, entities under their country."""
    countries = scenario.countries
    tops = [id for id, country in countries.items() if country.part_of is None]
    families = [[top, *(id for id, country in countries.items() if country.part_of == top)] for top in tops]
    return [id for family in families for id in family][:most]


def country_facts(record: Record, id: str) -> dict[str, object]:
    """Who a country is: its name, a short one, and the country it is part of."""
    country = record.scenario.countries[id]
    inside = country.part_of
    return {
        "id": id,
        "name": name(record, "country", id),
        "short": name(record, "country", id, 120, 14),
        "part_of": inside or "",
        "inside": f"in {literal(record.name('country', inside))}" if inside else "",
    }


def quantiles(values: NDArray[np.float32], levels: Sequence[float]) -> NDArray[np.float32]:
    """Quantiles over the last axis, order statistics with linear interpolation. Shape: (..., level)."""
    ranked = np.sort(values, axis=-1)
    places = np.asarray(levels) * (ranked.shape[-1] - 1)
    below = np.floor(places).astype(int)
    above = np.minimum(below + 1, ranked.shape[-1] - 1)
    part = (places - below).astype(np.float32)
    found: NDArray[np.float32] = ranked[..., below] * (1 - part) + ranked[..., above] * part
    return found
