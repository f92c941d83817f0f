"""What went with an outcome across the histories of one ensemble: the uncertain numbers whose draws it follows beyond chance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from sim.analysis.intervals import LEVEL, of_unpaired_difference
from sim.analysis.names import factor_spoken
from sim.charts.order import leaves, name, side_name
from sim.charts.style import literal
from sim.charts.support import KINDS, kind_of
from sim.charts.words import the
from sim.lanes import Lanes, Parameters
from sim.record import Record

Floats = NDArray[np.float64]

# Fewer histories than this cannot tell a number among hundreds from chance.
LEAST_RUNS = 40
MOST_NUMBERS = 8
MOST_COUNTRIES = 12
# An outcome that is much the same in all histories has nothing to explain. Units: standard deviations of a share, of a stage.
LEAST_SPREAD = {"of 100": 0.02, "stages": 0.15}


@dataclass(frozen=True)
class Outcome:
    """Something at the end that may have been moved: its words, unit and values. Units: `factor` times a value. Shape: values (run)."""

    label: str
    unit: str
    factor: float
    values: Floats


@dataclass(frozen=True)
class Mover:
    """A number that an outcome goes with: the outcome's mean where the number was drawn low and where high, a third of the runs each.

    `change` is high less low, with its 95% interval; `rank` the rank correlation. Units: the outcome's.
    """

    place: int
    rank: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float


def bound(runs: int, numbers: int) -> float:
    """The rank correlation that one of so many unrelated numbers reaches by chance in one of twenty ensembles.

    Source: normal approximation of Spearman's coefficient; Bonferroni, by way of Dunn (1961).
    """
    return float(ndtri(1 - (1 - LEVEL) / (2 * max(numbers, 1))) / np.sqrt(max(runs - 1, 1)))


def ranked(values: Floats) -> Floats:
    """Ranks over the last axis, centred and of length 1; a row without spread becomes zeros. Shape: as given."""
    ranks = rankdata(values, axis=-1)
    ranks = ranks - ranks.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(ranks, axis=-1, keepdims=True)
    return np.asarray(np.divide(ranks, length, out=np.zeros_like(ranks), where=length > 0))


def movers(ranks: Floats, drawn: Floats, outcome: Floats, most: int = MOST_NUMBERS) -> list[Mover]:
    """The numbers that an outcome goes with beyond chance, the closest first.

    Shape: ranks (number, run) as `ranked` gives them, drawn (number, run), outcome (run).
    """
    if len(outcome) < LEAST_RUNS or not len(ranks):
        return []
    found = ranks @ ranked(outcome)
    order = np.argsort(-np.abs(found), kind="stable")[:most]
    return [
        _mover(int(place), float(found[place]), drawn[place], outcome) for place in order if abs(found[place]) > bound(*ranks.shape[::-1])
    ]


def _mover(place: int, rank: float, drawn: Floats, outcome: Floats) -> Mover:
    order, third = np.argsort(drawn, kind="stable"), len(drawn) // 3
    low, high = outcome[order[:third]], outcome[order[-third:]]
    change = of_unpaired_difference(low, high)
    return Mover(place, rank, float(low.mean()), float(high.mean()), float(change.value), float(change.low), float(change.high))


def outcomes_at_end(record: Record) -> Iterator[Outcome]:
    """Where each country ends: its tension, the blocs' shares of its course, how far it is into each institution."""
    for country in leaves(record)[:MOST_COUNTRIES]:
        who = name(record, "country", country)
        yield Outcome(f"{who}: tension at the end", "of 100", 100, _last(record.values("tension", country=country)))
        for bloc in record.roster.ids["bloc"]:
            words = f"{who}: share of the course with {the(side_name(record, bloc))} at the end"
            yield Outcome(words, "of 100", 100, _last(record.values("course", country=country, side=bloc)))
    for club in record.roster.displayed("institution"):
        for country in record.roster.displayed("country")[:MOST_COUNTRIES]:
            if record.scenario.countries[country].part_of is None:
                words = f"{name(record, 'country', country)}: stage on the way into {the(name(record, 'institution', club))} at the end"
                yield Outcome(words, "stages", 1, _last(record.position(club, country)))


def _last(values: NDArray[Any]) -> Floats:
    return np.asarray(values[-1], dtype=np.float64)


def drawn_numbers(record: Record) -> tuple[list[str], Floats]:
    """Paths of the numbers that differ between runs, and what each run that went well drew. Shape: (number, run)."""
    parameters = Parameters(record.scenario, record.roster)
    values, varies = parameters.values(record.seed, Lanes(record.run_ids))
    paths = [path for path, yes in zip(parameters.quantities, varies, strict=True) if yes]
    return paths, np.asarray(values[varies][:, : record.runs][:, record.ok], dtype=np.float64)


def moved(record: Record) -> list[dict[str, Any]]:
    """Outcomes with the numbers they go with; outcomes that go with none, or hardly differ, are left out."""
    paths, drawn = drawn_numbers(record)
    if not paths or drawn.shape[1] < LEAST_RUNS:
        return []
    ranks, quantities = ranked(drawn), Parameters(record.scenario, record.roster).quantities
    told = []
    for outcome in outcomes_at_end(record):
        if outcome.values.std() < LEAST_SPREAD[outcome.unit]:
            continue
        found = movers(ranks, drawn, outcome.values)
        if found:
            rows = [_row(record, outcome, each, paths[each.place], KINDS[kind_of(quantities[paths[each.place]])]) for each in found]
            mean = float(outcome.values.mean()) * outcome.factor
            told.append({"label": literal(outcome.label), "unit": outcome.unit, "mean": rounded(mean), "rows": rows})
    return told


def _row(record: Record, outcome: Outcome, mover: Mover, path: str, support: str) -> dict[str, Any]:
    values = (mover.low, mover.high, mover.change, mover.change_low, mover.change_high)
    return {
        "path": path,
        "words": literal(factor_spoken(record.scenario, path).brief),
        "rank": round(mover.rank, 3),
        "support": support,
        "ends": [rounded(outcome.factor * value) for value in values],
    }


def rounded(value: float) -> float:
    """A value with four digits that matter."""
    return float(f"{value:.4g}")


def weightiest(told: Sequence[dict[str, Any]], most: int = 12) -> list[dict[str, Any]]:
    """The numbers that outcomes go with most closely, each once: with how many, and with which most."""
    rows: dict[str, dict[str, Any]] = {}
    for outcome in told:
        for row in outcome["rows"]:
            known = rows.setdefault(row["path"], {**row, "outcomes": 0, "sum": 0.0, "most": outcome["label"], "unit": outcome["unit"]})
            known["outcomes"] += 1
            known["sum"] += row["rank"] ** 2
            if abs(row["rank"]) > abs(known["rank"]):
                known |= {**row, "most": outcome["label"], "unit": outcome["unit"]}
    return sorted(rows.values(), key=lambda row: (-row["sum"], row["path"]))[:most]
