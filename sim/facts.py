"""Stylised facts: what is known of a history, written in a small language, read off a record and set beside a range asked for.

A fact measures one quantity. A `reading` names variables as gates and deeds do (tension.serbia, rung.nato.croatia; position.eu.serbia
besides), sums them if there are several, and takes them at a month or, between two months, their mean, sum, largest, smallest or
change. What is then asked: the share of runs in which it lies between two levels, its mean, its median or its band over runs, the
ratio of two readings, an order among readings, or whether one variable gets somewhere before another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationError, model_validator

from sim.record import Record
from sim.scenario.distributions import EvidenceReferences
from sim.scenario.faults import SuasionError
from sim.scenario.kinds import Id, Month, Part, Prose, Text
from sim.scenario.kinds import Path as Words
from sim.scenario.reading import read_plain
from sim.watching import AXES, unwatchable

SHIPPED = Path("experiments/stylised_facts.yaml")
ACCURACY = 1e-9

Runs = NDArray[np.float64]
Level = float | int | str


class Unasked(Exception):
    """A fact that a scenario cannot be asked for: it has no such variable, stage or month."""


class When(Part):
    """A month, or a window that by default is the whole record, and what is taken over it."""

    at: Month | None = None
    since: Month | None = None
    until: Month | None = None
    take: Literal["mean", "sum", "largest", "smallest", "change"] = "mean"

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if self.at is not None and (self.since is not None or self.until is not None):
            raise ValueError("takes a month `at`, or a window `since` and `until`, not both")
        return self


class Reading(When):
    """Variables, summed."""

    of: Words | list[Words]


class Share(Reading):
    """The share of runs in which a reading lies between two levels; a level of a rung may be a stage's id."""

    least: Level | None = None
    most: Level | None = None


class Ratio(Part):
    """The median over runs of one reading over another."""

    of: Reading
    to: Reading


class Order(When):
    """The share of pairs of variables in which the one of an earlier group lies above the one of a later group, averaged over runs."""

    of: list[list[Words]] = Field(min_length=2)


class Before(Part):
    """The share of runs in which one variable comes up to a level in an earlier month than another comes up to its own."""

    of: Words
    reaches: Level
    than: Words
    there: Level


class Measure(Part):
    """What is measured: exactly one of these."""

    share: Share | None = None
    mean: Reading | None = None
    median: Reading | None = None
    band: Reading | None = None
    ratio: Ratio | None = None
    order: Order | None = None
    before: Before | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"measures exactly one of {', '.join(type(self).model_fields)}")
        return self


class Fact(Part):
    """One fact: in words, where it comes from, what is measured, between what it should lie, and whether a world was fitted to it."""

    id: Id
    fact: Text
    evidence: EvidenceReferences = ()
    record: Text | None = None
    measure: Measure
    range: list[float] = Field(min_length=2, max_length=2)
    fitted: bool = False
    note: Text | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not self.evidence and self.record is None:
            raise ValueError("needs lines of a document (evidence) or a public record")
        if self.range[0] > self.range[1]:
            raise ValueError("a range goes from its lower end to its upper end")
        return self


class Facts(Part):
    """A file of facts."""

    title: Text
    note: Prose = ""
    facts: list[Fact] = Field(min_length=1)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len({fact.id for fact in self.facts}) != len(self.facts):
            raise ValueError("two facts have the same id")
        return self


@dataclass(frozen=True)
class Finding:
    """A fact beside what an ensemble makes of it; `why` says why it could not be asked."""

    fact: Fact
    value: float | None
    why: str = ""

    @property
    def inside(self) -> bool | None:
        """Whether the value lies in the range; None where the fact was not asked."""
        low, high = self.fact.range
        return None if self.value is None else low - ACCURACY <= self.value <= high + ACCURACY


def read_facts(path: Path = SHIPPED) -> Facts:
    """The facts of a file.

    Raises: SuasionError, with what is wrong first.
    """
    try:
        return Facts.model_validate(read_plain(path))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise SuasionError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def findings(record: Record, facts: Sequence[Fact]) -> list[Finding]:
    """Every fact, set beside the runs that went well."""
    return [_finding(record, fact) for fact in facts]


def _finding(record: Record, fact: Fact) -> Finding:
    try:
        return Finding(fact, measured(record, fact.measure))
    except Unasked as why:
        return Finding(fact, None, str(why))


def measured(record: Record, measure: Measure) -> float:
    """The one number that a measure takes of an ensemble.

    Raises: Unasked.
    """
    if measure.share is not None:
        wanted, values = measure.share, reading(record, measure.share)
        low = -np.inf if wanted.least is None else level(record, wanted.of, wanted.least)
        high = np.inf if wanted.most is None else level(record, wanted.of, wanted.most)
        return float(np.mean((values >= low) & (values <= high)))
    if measure.mean is not None:
        return float(np.mean(reading(record, measure.mean)))
    if measure.median is not None:
        return float(np.median(reading(record, measure.median)))
    if measure.band is not None:
        return float(np.subtract(*np.quantile(reading(record, measure.band), [0.95, 0.05])))
    if measure.ratio is not None:
        return float(np.median(reading(record, measure.ratio.of) / np.maximum(reading(record, measure.ratio.to), 1e-12)))
    if measure.order is not None:
        return ordered(record, measure.order)
    assert measure.before is not None
    return earlier(record, measure.before)


def series(record: Record, words: str) -> tuple[NDArray[np.datetime64], Runs]:
    """The months of a variable and its values. Shape of the latter: (month, run).

    Raises: Unasked.
    """
    name, *rest = words.split(".")
    if name == "position" and len(rest) == 2:
        _known(record, f"rung.{rest[0]}.{rest[1]}")
        return record.months, record.position(rest[0], rest[1]).astype(np.float64)
    _known(record, words)
    _, place = record.roster.cell(words, AXES)
    where: tuple[Any, ...] = (slice(None), *place)
    return record.dates(name), record.kept[name][where][..., record.ok].astype(np.float64)


def _known(record: Record, words: str) -> None:
    if words.split(".")[0] not in record.kept or unwatchable(record.scenario, words):
        raise Unasked(f"no {words} in this record")


def reading(record: Record, wanted: Reading) -> Runs:
    """One number a run. Shape: (run).

    Raises: Unasked.
    """
    names = [wanted.of] if isinstance(wanted.of, str) else wanted.of
    months, first = series(record, names[0])
    values = sum((series(record, name)[1] for name in names[1:]), start=first)
    if wanted.at is not None:
        # What is kept once a year is taken where it was last kept.
        return np.asarray(values[int(np.searchsorted(months, _month(record, wanted.at), side="right")) - 1])
    first_month, last_month = (_month(record, given) for given in (wanted.since, wanted.until or str(record.months[-1])))
    window = values[(months >= first_month) & (months <= last_month)]
    if not len(window):
        raise Unasked("nothing was kept in this window")
    taken = (window.mean(0), window.sum(0), window.max(0), window.min(0), window[-1] - window[0])
    return np.asarray(taken[("mean", "sum", "largest", "smallest", "change").index(wanted.take)])


def _month(record: Record, given: str | None) -> np.datetime64:
    """A month inside the record, the first where none is given."""
    month = np.datetime64(given or str(record.months[0]), "M")
    if not record.months[0] <= month <= record.months[-1]:
        raise Unasked(f"{given} is outside of {record.months[0]} to {record.months[-1]}")
    return month


def level(record: Record, words: str | list[str], given: Level) -> float:
    """A level as a number: a stage's id stands for its rung."""
    if not isinstance(given, str):
        return float(given)
    parts = words.split(".") if isinstance(words, str) else []
    for name, institution in record.scenario.institutions.items():
        if name in parts and given in institution.stages:
            return float(list(institution.stages).index(given))
    raise Unasked(f"no stage called '{given}'")


def ordered(record: Record, wanted: Order) -> float:
    """How far variables stand in the order of their groups."""
    groups = [[reading(record, Reading(**dict(wanted, of=name))) for name in group] for group in wanted.of]
    pairs = [one > other for place, group in enumerate(groups) for one in group for later in groups[place + 1 :] for other in later]
    return float(np.mean(pairs))


def earlier(record: Record, wanted: Before) -> float:
    """How often one variable is somewhere before another is; where neither ever is, it is not."""
    first = _first(series(record, wanted.of)[1], level(record, wanted.of, wanted.reaches))
    return float(np.mean(first < _first(series(record, wanted.than)[1], level(record, wanted.than, wanted.there))))


def _first(values: Runs, reached: float) -> Runs:
    """The first month at a level or above, infinite where there is none. Shape: (month, run) gives (run)."""
    there = values >= reached
    return np.asarray(np.where(there.any(axis=0), there.argmax(axis=0), np.inf))


def facts_told(record: Record, found: Sequence[Finding]) -> str:
    """The facts as a table: in words, what is measured, the value, the range asked for, inside or not."""
    asked = [each for each in found if each.inside is not None]
    free = [each for each in asked if not each.fact.fitted]
    rows = [("fact", "measured", "value", "asked", "")]
    for each in found:
        way, value = next(iter(each.fact.measure.model_fields_set)), "-" if each.value is None else f"{each.value:.3g}"
        verdict = (
            f"not asked: {each.why}" if each.inside is None else f"{'inside' if each.inside else 'OUTSIDE'}{', fitted' * each.fact.fitted}"
        )
        rows.append((each.fact.fact, way, value, "{:g} to {:g}".format(*each.fact.range), verdict))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    lines = ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)) for row in rows]
    head = f"{record.scenario.title}: {int(record.ok.sum())} runs, seed {record.seed}"
    inside = [sum(bool(each.inside) for each in group) for group in (asked, free)]
    tail = f"{inside[0]} of {len(asked)} inside; of those that no world was fitted to, {inside[1]} of {len(free)}"
    return "\n".join([head, "", *(line.rstrip() for line in lines), "", tail]) + "\n"
