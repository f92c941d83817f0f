"""What an outcome is, and the shapes that most outcomes share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.record import Record

Columns = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Metric:
    """A quantity read off each history, and the variables of the World that it needs. Shape of each column: (run).

    `section` is where the scenario names those that a column is about.
    """

    name: str
    label: str
    unit: str
    low: float
    high: float
    columns: Callable[[Record], Columns]
    needs: tuple[str, ...]
    section: str = "countries"


def of_countries(name: str) -> Callable[[Record], Columns]:
    """Mean and end of a country variable: serbia.tension.mean, serbia.tension.end."""

    def columns(record: Record) -> Columns:
        found: Columns = {}
        for country in record.roster.displayed("country"):
            values = record.values(name, country=country).astype(np.float64)
            found |= {f"{country}.{name}.mean": values.mean(axis=0), f"{country}.{name}.end": values[-1]}
        return found

    return columns


def of_ties(name: str) -> Callable[[Record], Columns]:
    """Mean and end of a variable between a power and a country: serbia.alignment.russia.mean."""

    def columns(record: Record) -> Columns:
        found: Columns = {}
        for country in record.roster.displayed("country"):
            for power in record.roster.displayed("power"):
                values = record.values(name, country=country, power=power).astype(np.float64)
                found[f"{country}.{name}.{power}.mean"] = values.mean(axis=0)
                found[f"{country}.{name}.{power}.end"] = values[-1]
        return found

    return columns
