"""Who is on a page and in which order: countries by outcome, entities under their country, names that fit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.charts.style import literal, width_of
from sim.record import Record
from sim.roster import SELF

MOST_COUNTRIES = 15
MOST_POWERS = 8


def countries_by(record: Record, outcome: Mapping[str, float], most: int = MOST_COUNTRIES) -> list[str]:
    """Countries from the largest outcome to the smallest; entities stand where the first of them would, side by side.

    Equal outcomes keep the order of the file. Where there are more than `most`, those with the largest are kept.
    """
    countries, shown = record.scenario.countries, record.roster.displayed("country")
    families: dict[str, list[str]] = {}
    for id in shown:
        if id in outcome:
            families.setdefault(countries[id].part_of or id, []).append(id)
    for family in families.values():
        family.sort(key=lambda id: (countries[id].part_of is not None, -outcome[id]))
    ranked = sorted(families.values(), key=lambda family: -max(outcome[id] for id in family))
    return [id for family in ranked for id in family][:most]


def leaves(record: Record) -> list[str]:
    """Countries without entities, and the entities of the others: where people are influenced."""
    return [id for id in record.roster.displayed("country") if record.roster.is_leaf[record.roster.place("country", id)]]


def states(record: Record) -> list[str]:
    """Countries that are no part of another."""
    return [id for id in record.roster.displayed("country") if record.scenario.countries[id].part_of is None]


def sides(record: Record) -> list[str]:
    """The blocs from the smallest to the largest over all countries and the whole time, with the own course between them."""
    blocs = sorted(record.roster.ids["bloc"], key=lambda bloc: float(np.mean(record.values("course", side=bloc))))
    half = len(blocs) // 2
    return [*blocs[:half], SELF, *blocs[half:]]


def side_name(record: Record, side: str) -> str:
    """What people call a bloc: its only power, or its id as a word; and a country's own course."""
    if side == SELF:
        return "own course"
    members = [id for id, power in record.scenario.powers.items() if power.bloc == side]
    return literal(record.name("power", members[0])) if len(members) == 1 else side.replace("_", " ").replace("-", " ").title()


def name(record: Record, axis: str, id: str, room: float = 0, letters: float = 0, bold: bool = False) -> str:
    """The name of an actor; its id in words where the name does not fit a room in pixels."""
    full = literal(record.name(axis, id)) or id
    words = id.replace("_", " ").replace("-", " ")
    words = words[:1].upper() + words[1:] if words[:1].islower() and len(words) > 4 else words.upper()
    return full if room <= 0 or width_of(full, letters, bold) <= room or len(words) >= len(full) else words


def inside(record: Record, id: str) -> str:
    """The words under an entity's name that say which country it is part of."""
    parent = record.scenario.countries[id].part_of
    return f"in {name(record, 'country', parent, 1, 1)}" if parent else ""
