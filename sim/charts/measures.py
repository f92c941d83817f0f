"""Measures: what one number a country a chart can show, in which unit, on which scale, and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.charts.order import leaves, name, side_name
from sim.charts.style import OWN, colour_of, tint
from sim.charts.words import points_of, the
from sim.record import Record
from sim.roster import SELF

BALANCE = "balance"
# The middle of a scale that runs both ways, and how deep its ends are.
MIDDLE, DEPTH = "#f7f0dc", 0.88
AXES = ("power", "side", "institution")
# Colours of what no power holds, and of the other way of a scale that runs both ways.
PLAIN, LESS = "#6a3d6a", "#a8740a"


@dataclass(frozen=True)
class Measure:
    """One number a country and month: a variable, whose it is (a power, side or institution), and less whose, where it is a difference.

    `kind` is the variable's: share, signed, amount, rung or months. `label` says what it is and `unit` in what it is counted. `most` is the
    highest it can be, where that is known.
    """

    variable: str
    axis: str
    whose: str
    against: str
    kind: str
    label: str
    unit: str
    most: float | None = None

    def values(self, record: Record, country: str) -> NDArray[np.float64]:
        """The values of one country; an entity stands on its country's ladders. Shape: (month, run)."""
        if self.axis == "institution":
            country = record.scenario.countries[country].part_of or country
        where = {self.axis: self.whose} if self.axis else {}
        found = record.values(self.variable, country=country, **where).astype(np.float64)
        return found - record.values(self.variable, country=country, **{self.axis: self.against}) if self.against else found

    @property
    def both_ways(self) -> bool:
        """Whether zero is the middle of the scale, and not its end."""
        return bool(self.against) or self.kind == "signed"

    def said(self, value: float) -> str:
        """A value as people write it: 44, +12, 2.3."""
        if self.both_ways and self.unit != "of 100":
            return f"{value:+.2g}".replace("-", "−")
        if self.both_ways:
            whole = round(100 * value)
            return f"{'+' if whole > 0 else '−' if whole < 0 else ''}{abs(whole)}"
        if self.kind == "share":
            return points_of(value)
        return f"{value:.1f}" if self.kind == "rung" else f"{value:.3g}"

    def reach(self, values: Sequence[float]) -> float:
        """The far end of the scale: the highest it can be, or the next plain number above the largest size; shares of at least a tenth."""
        if self.most is not None:
            return self.most
        largest = max((abs(value) for value in values), default=0.0)
        if self.unit == "of 100":
            return min(max(float(np.ceil(largest * 10 - 1e-9) / 10), 0.1), 1.0)
        power = 10.0 ** np.floor(np.log10(max(largest, 1e-9)))
        return float(next(step * power for step in (1, 2, 3, 5, 10) if step * power >= largest - 1e-12))

    def colour(self, record: Record, share: float) -> str:
        """The colour at a part of the way from zero to the far end of the scale; below zero on the other way."""
        if not self.both_ways:
            return tint(self._colour(record, self.whose), 0.07 + 0.83 * min(max(share, 0), 1))
        other = self._colour(record, self.against) if self.against else PLAIN if self.whose else LESS
        end = self._colour(record, self.whose) if share >= 0 else other
        return blend(MIDDLE, end, DEPTH * min(abs(share), 1) ** 0.9)

    def _colour(self, record: Record, id: str) -> str:
        if not id:
            return PLAIN
        if self.axis == "institution":
            return colour_of(record.roster, "power", record.scenario.institutions[id].grantor)
        return OWN if id == SELF else colour_of(record.roster, self.axis, id)


def blend(one: str, other: str, share: float) -> str:
    """A colour part of the way from one to another: 0 is the first, 1 the second."""
    pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round((1 - share) * a + share * b):02x}" for a, b in pairs)


def measure(record: Record, variable: str | None = None, whose: str | None = None) -> Measure:
    """What a map shows of a record: any variable by country, or by power, side or institution and country.

    Without a variable it is the balance: the share of the course that one bloc holds, less its rival's; with one bloc only, its share.
    Raises: KeyError when the variable was not kept, is not by country, or needs to be told whose.
    """
    if variable in (None, BALANCE):
        return _balance(record)
    assert variable is not None
    if variable not in record.kept:
        raise KeyError(f"no variable called {variable} was kept; there are {', '.join(sorted(record.kept))}")
    kind = record.variable(variable)
    axis = kind.axes[0] if len(kind.axes) == 2 and kind.axes[1] == "country" else ""
    if kind.axes != ("country",) and axis not in AXES:
        raise KeyError(f"{variable} is by {', '.join(kind.axes)} and not by country; a map needs one number a country")
    known = record.roster.ids[axis] if axis else ()
    if axis and whose not in known:
        raise KeyError(f"{variable} needs to be told whose, one of {', '.join(known)}; found {whose or 'nothing'}")
    holder = whose or "" if axis else ""
    label = f"{kind.label} ({_named(record, axis, holder)})" if holder else kind.label
    unit = "of 100" if kind.kind == "share" or (kind.kind == "signed" and kind.unit == "share") else kind.unit
    top = float(len(record.scenario.institutions[holder].stages) - 1) if axis == "institution" and kind.kind == "rung" else None
    return Measure(variable, axis, holder, "", kind.kind, label, unit, top)


def _balance(record: Record) -> Measure:
    """One bloc's share of the course less its rival's: of the two that hold most, the one with more powers is counted as positive."""
    blocs = list(record.roster.ids["bloc"])
    held = {bloc: float(np.mean([record.values("course", side=bloc, country=id)[-1].mean() for id in leaves(record)])) for bloc in blocs}
    rivals = sorted(blocs, key=lambda bloc: -held[bloc])[:2]
    if len(rivals) == 1:
        return Measure(
            "course", "side", rivals[0], "", "share", f"Share of each country's course held by {rival(record, rivals[0])}", "of 100"
        )
    members = [power.bloc for power in record.scenario.powers.values()]
    first, second = sorted(rivals, key=lambda bloc: (-members.count(bloc), bloc))
    label = f"Share of each country's course held by {rival(record, first)}, less that held by {rival(record, second)}"
    return Measure("course", "side", first, second, "share", label, "of 100")


def _named(record: Record, axis: str, id: str) -> str:
    return side_name(record, id) if axis == "side" else name(record, axis, id)


def rival(record: Record, bloc: str) -> str:
    """A bloc as it stands in a sentence."""
    return the(side_name(record, bloc))
