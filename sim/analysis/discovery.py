"""Scenario discovery: the box of factors in which something happens, found by patient peeling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.analysis.boxes import AMONG, FREE, HIGH, LOW, Box, Cases, Flags, Limit, Measures, checked, limits_table, measures
from sim.analysis.intervals import LEVEL, Values
from sim.analysis.tree import Tree, grown

# Shares peeled off and pasted back at a time, and the smallest share of points that a box may hold. Source: Friedman and Fisher (1999).
PEEL, PASTE, LEAST_MASS = 0.05, 0.05, 0.05
# A limit that chance makes as good as this often is dropped.
CHANCE = 0.05
# Limits are moved one after another so many times at most.
MOST_ROUNDS = 10
# Cases of either kind without which nothing can be told apart.
LEAST_CASES = 5
RESAMPLES = 60


@dataclass(frozen=True)
class Discovery:
    """Where something happens: the box, how it was come by, and a tree that says the same another way.

    `trajectory` has a row a step of peeling and pasting: step, coverage, density, mass, margin, restricted. `limits` is a row a limit
    of the box, with its quasi-p-value and `kept`: how often a box made from two thirds of the points has a limit there. `tested` holds
    coverage and density of those boxes at the other third: middle, low and high.
    """

    outcome: str
    cases: Cases
    boxes: tuple[Box, ...]
    trajectory: pd.DataFrame
    box: Box
    measures: Measures
    limits: pd.DataFrame
    tested: dict[str, tuple[float, float, float]]
    tree: Tree

    @property
    def table(self) -> pd.DataFrame:
        """The limits of the box, each with coverage and density of the whole."""
        whole = {"outcome": self.outcome, "coverage": self.measures.coverage, "density": self.measures.density, "mass": self.measures.mass}
        return pd.DataFrame({**{name: [value] * len(self.limits) for name, value in whole.items()}, **self.limits})


def discovery(
    inputs: pd.DataFrame, interest: ArrayLike, outcome: str = "the outcome", seed: int = 1, resamples: int = RESAMPLES
) -> Discovery:
    """The box that best tells cases of interest from other points.

    Peeling takes the thinnest slice after the other off the box, each time the one that raises the share of cases most for the points
    it costs; pasting gives slices back where that raises it too. Of all boxes on the way the one with the largest margin is chosen
    (coverage less the share of other points inside), its limits are moved to where that is largest, and limits that chance would make
    as good are dropped.

    Shape: inputs (point, factor), numbers or names; interest (point), true or false.
    Raises: NotAnalysable when factors are missing, or there are fewer than five points of either kind.
    Source: Friedman and Fisher (1999) for peeling and pasting; Bryant and Lempert (2010) for coverage, density and quasi-p-values;
    Kwakkel and Jaxa-Rozen (2016) for the gain by point given up; Youden (1950) for the margin.
    """
    cases = checked(inputs, np.asarray(interest, dtype=bool), outcome, LEAST_CASES)
    boxes = trajectory_of(cases)
    box = found_in(boxes, cases)
    found = [measures(each, cases) for each in boxes]
    trajectory = pd.DataFrame(
        {
            "step": np.arange(len(boxes)),
            **{name: [getattr(each, name) for each in found] for name in ("coverage", "density", "mass", "margin", "restricted")},
        }
    )
    kept, tested = _resampled(cases, seed, resamples)
    limits = limits_table(box, cases)
    shares = [kept.get((str(factor), str(side)), 0.0) for factor, side in zip(limits["factor"], limits["side"], strict=True)]
    return Discovery(outcome, cases, tuple(boxes), trajectory, box, measures(box, cases), limits.assign(kept=shares), tested, grown(cases))


def trajectory_of(cases: Cases) -> list[Box]:
    """Every box from the whole space down to the last one peeled, and those that pasting made of it."""
    work = _Work(cases)
    boxes = [Box({})]
    for step in (work.peels, work.pastes):
        while (following := work.best(boxes[-1], step(boxes[-1]))) is not None:
            boxes.append(following)
    return boxes


def found_in(boxes: Sequence[Box], cases: Cases) -> Box:
    """The box that is told in the end: the best on the way, its limits settled, those that chance makes as good dropped."""
    return simplified(settled(chosen(boxes, cases), cases), cases)


def chosen(boxes: Sequence[Box], cases: Cases) -> Box:
    """The box with the largest margin; of equals the first."""
    return max(boxes, key=lambda box: measures(box, cases).margin)


def settled(box: Box, cases: Cases) -> Box:
    """The box with each of its limits moved to where the margin is largest, one after another until none moves.

    Peeling only ever looks at the next slice: a few cases of chance at an edge can keep it from going on there.
    """
    work = _Work(cases)
    for _ in range(MOST_ROUNDS):
        before = box
        for factor, side in box.sides():
            box = work.moved(box, factor, side) if side != AMONG and (factor, side) in box.sides() else box
        if box == before:
            break
    return box


def simplified(box: Box, cases: Cases) -> Box:
    """The box without limits that chance would make as good: the least sure is dropped, and the others settle anew."""
    while box.limits:
        least = limits_table(box, cases).iloc[-1]
        if least["quasi_p"] <= CHANCE:
            return box
        box = settled(box.without(str(least["factor"]), str(least["side"])), cases)
    return box


Offer = tuple[str, Limit, Flags]


class _Work:
    """The points of one search as arrays, by factor."""

    def __init__(self, cases: Cases) -> None:
        self.cases, self.y = cases, cases.interest.astype(np.float64)
        self.numbers, self.choices = cases.numbers(), cases.choices()
        self.x = {name: cases.inputs[name].to_numpy(dtype=np.float64) for name in self.numbers}
        self.names = {name: cases.inputs[name].astype(str).to_numpy() for name in self.choices}

    def peels(self, box: Box) -> Iterator[Offer]:
        """Limits that take a slice off: of numbers the lowest or highest twentieth inside, of names each one."""
        inside = self.inside(box)
        slice_of = int((inside.sum() - 1) * PEEL) + 1
        for factor in self.numbers:
            values = np.sort(self.x[factor][inside])
            low, high = _range(box, factor)
            if (cut := _cut(values, slice_of)) is not None:
                yield factor, (cut, high), inside & (self.x[factor] >= cut)
            if (cut := _cut(-values[::-1], slice_of)) is not None:
                yield factor, (low, -cut), inside & (self.x[factor] <= -cut)
        for factor in self.choices:
            there = set(self.names[factor][inside])
            for name in sorted(there) if len(there) > 1 else ():
                yield factor, frozenset(there - {name}), inside & (self.names[factor] != name)

    def pastes(self, box: Box) -> Iterator[Offer]:
        """Limits that give a slice back: the nearest twentieth of what lies beyond one limit, or a name."""
        inside = self.inside(box)
        for factor, side in box.sides():
            limit = box.limits[factor]
            beyond = self.inside(box.without(factor, side)) & ~inside
            if not beyond.any():
                continue
            if isinstance(limit, frozenset):
                for name in sorted(set(self.names[factor][beyond])):
                    yield factor, limit | {name}, inside | (beyond & (self.names[factor] == name))
                continue
            sign = -1.0 if side == LOW else 1.0
            nearest = np.sort(sign * self.x[factor][beyond])
            cut = _cut(nearest, int((len(nearest) - 1) * PASTE) + 1)
            end = sign * cut if cut is not None else sign * np.inf
            wider = inside | (beyond & (sign * self.x[factor] <= sign * end))
            yield factor, (end, limit[1]) if side == LOW else (limit[0], end), wider

    def inside(self, box: Box) -> Flags:
        """Which points lie inside. Shape: (point)."""
        found = np.ones(len(self.y), dtype=bool)
        for factor, limit in box.limits.items():
            if isinstance(limit, frozenset):
                found &= np.isin(self.names[factor], sorted(limit))
            else:
                found &= (self.x[factor] >= limit[0]) & (self.x[factor] <= limit[1])
        return found

    def moved(self, box: Box, factor: str, side: str) -> Box:
        """The box with one end of a range where the margin is largest."""
        sign = 1.0 if side == HIGH else -1.0
        places = np.flatnonzero(self.inside(box.without(factor, side)))
        order = places[np.argsort(sign * self.x[factor][places], kind="stable")]
        values = sign * self.x[factor][order]
        total = self.y.sum()
        margin = np.cumsum(self.y[order] / total - (1 - self.y[order]) / max(len(self.y) - total, 1))
        ends = np.append(values[1:] > values[:-1], True)
        ends &= np.arange(1, len(values) + 1) >= LEAST_MASS * len(self.y)
        if not ends.any():
            return box
        at = int(np.where(ends, margin, -np.inf).argmax())
        end = sign * (float(values[at] + values[at + 1]) / 2 if at + 1 < len(values) else np.inf)
        low, high = _range(box, factor)
        return box.limited(factor, (end, high) if side == LOW else (low, end))

    def best(self, box: Box, offered: Iterator[Offer]) -> Box | None:
        """Of the boxes on offer the one whose share of cases rises most for each point given up or taken in; None where none rises."""
        before = self.inside(box)
        count, mean = int(before.sum()), float(self.y[before].mean())
        found: list[tuple[float, int, Box]] = []
        for factor, limit, after in offered:
            there = int(after.sum())
            if there == count or there < LEAST_MASS * len(self.y):
                continue
            gain = (float(self.y[after].mean()) - mean) / abs(there - count)
            if gain > 0:
                other = box.limited(factor, limit)
                found.append((gain, -len(other.limits), other))
        return max(found, key=lambda each: each[:2])[2] if found else None


def _range(box: Box, factor: str) -> tuple[float, float]:
    limit = box.limits.get(factor, FREE)
    assert not isinstance(limit, frozenset)
    return limit


def _cut(values: Values, count: int) -> float | None:
    """The place between the first `count` of sorted values and the next that differs; None where none differs."""
    rest = values[count:]
    different = rest[rest > values[count - 1]]
    return float((values[count - 1] + different[0]) / 2) if len(different) else None


def _resampled(cases: Cases, seed: int, resamples: int) -> tuple[dict[tuple[str, str], float], dict[str, tuple[float, float, float]]]:
    """How often boxes made from two thirds of the points have each limit, and their coverage and density at the other third."""
    draws, count = np.random.default_rng(seed), len(cases.interest)
    kept: dict[tuple[str, str], float] = {}
    found: dict[str, list[float]] = {"coverage": [], "density": []}
    for _ in range(resamples):
        drawn = draws.permutation(count)
        own, others = cases.taken(drawn[count // 3 :]), cases.taken(drawn[: count // 3])
        if not 0 < own.total < len(own.interest) or not others.total:
            continue
        box = found_in(trajectory_of(own), own)
        for limit in box.sides():
            kept[limit] = kept.get(limit, 0.0) + 1 / resamples
        tested = measures(box, others)
        for name, values in found.items():
            values.append(getattr(tested, name))
    return kept, {name: _middle(values) for name, values in found.items()}


def _middle(values: Sequence[float]) -> tuple[float, float, float]:
    """Median and the middle 95% of values."""
    known = np.array([value for value in values if np.isfinite(value)])
    if not len(known):
        return np.nan, np.nan, np.nan
    middle, low, high = np.quantile(known, [0.5, (1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(middle), float(low), float(high)


__all__ = ["AMONG", "HIGH", "LOW", "Discovery", "chosen", "discovery", "simplified", "trajectory_of"]
