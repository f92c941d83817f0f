"""A small classification tree: which two or three questions tell cases of interest from other points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.analysis.boxes import FREE, Box, Cases, Flags, Limit

DEPTH = 3
# The smallest share of all points that a leaf may hold.
LEAST_LEAF = 0.05
# A question must take this share of the whole tree's first impurity away.
LEAST_GAIN = 0.01


@dataclass(frozen=True)
class Question:
    """What is asked of a point: whether a number is at most a value, or a name one of some."""

    factor: str
    most: float | None = None
    names: frozenset[str] = frozenset()

    def yes(self, inputs: pd.DataFrame) -> Flags:
        """Which points answer yes. Shape: (point)."""
        if self.most is None:
            return np.asarray(inputs[self.factor].isin(self.names), dtype=bool)
        return np.asarray(inputs[self.factor].to_numpy(dtype=np.float64) <= self.most, dtype=bool)


@dataclass(frozen=True)
class Tree:
    """A question with a tree for either answer, or a leaf: how many points are there, and how many of them are cases."""

    points: int
    cases: int
    question: Question | None = None
    yes: Tree | None = None
    no: Tree | None = None

    @property
    def share(self) -> float:
        """The share of points that are cases."""
        return self.cases / self.points if self.points else np.nan

    def leaves(self, box: Box | None = None, named: dict[str, frozenset[str]] | None = None) -> Iterator[tuple[Box, Tree]]:
        """Every leaf with the box of what is known of its points. `named` has all names that a factor takes."""
        here, known = box or Box({}), named or {}
        if self.question is None or self.yes is None or self.no is None:
            yield here, self
            return
        factor, most = self.question.factor, self.question.most
        yes: Limit
        no: Limit
        if most is None:
            before = here.limits.get(factor, known.get(factor, frozenset()))
            assert isinstance(before, frozenset)
            yes, no = before & self.question.names, before - self.question.names
        else:
            span = here.limits.get(factor, FREE)
            assert not isinstance(span, frozenset)
            low, high = span
            yes, no = (low, most), (float(np.nextafter(most, np.inf)), high)
        yield from self.yes.leaves(here.limited(factor, yes), known)
        yield from self.no.leaves(here.limited(factor, no), known)


def grown(cases: Cases, depth: int = DEPTH) -> Tree:
    """The tree of a depth that is least mixed at each question, one after another; leaves hold a twentieth of all points or more.

    Source: Breiman, Friedman, Olshen and Stone (1984): Gini impurity, and names in the order of their shares of cases.
    """
    whole = float(_impurity(cases.total, len(cases.interest))) * len(cases.interest)
    least = max(1, int(np.ceil(LEAST_LEAF * len(cases.interest))))
    return _grown(cases, depth, least, LEAST_GAIN * whole)


def _grown(cases: Cases, depth: int, least: int, gain: float) -> Tree:
    leaf = Tree(len(cases.interest), cases.total)
    question = _best(cases, least, gain) if depth else None
    if question is None:
        return leaf
    yes = question.yes(cases.inputs)
    parts = [_grown(cases.taken(np.flatnonzero(side)), depth - 1, least, gain) for side in (yes, ~yes)]
    return Tree(leaf.points, leaf.cases, question, *parts)


def _best(cases: Cases, least: int, gain: float) -> Question | None:
    """The question that leaves the answers least mixed, if it gains enough."""
    found: list[tuple[float, int, Question]] = []
    start = float(_impurity(cases.total, len(cases.interest))) * len(cases.interest)
    for place, factor in enumerate(map(str, cases.inputs.columns)):
        if factor in cases.numbers():
            order, values = _sorted(cases.inputs[factor].to_numpy(dtype=np.float64))
            left, cut = _cheapest(values, cases.interest[order], least)
            question = Question(factor, most=float((values[cut - 1] + values[cut]) / 2)) if cut else None
        else:
            names = cases.inputs[factor].astype(str).to_numpy()
            shares = {name: float(cases.interest[names == name].mean()) for name in sorted(set(names))}
            ranks = {name: rank for rank, name in enumerate(sorted(shares, key=lambda name: shares[name]))}
            order, values = _sorted(np.array([ranks[name] for name in names], dtype=np.float64))
            left, cut = _cheapest(values, cases.interest[order], least)
            kept = frozenset(name for name, rank in ranks.items() if cut and rank <= values[cut - 1])
            question = Question(factor, names=kept) if cut else None
        if question is not None and start - left > max(gain, 1e-9):
            found.append((start - left, -place, question))
    return max(found, key=lambda each: each[:2])[2] if found else None


def _sorted(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    order = np.argsort(values, kind="stable")
    return order, values[order]


def _cheapest(values: NDArray[np.float64], interest: Flags, least: int) -> tuple[float, int]:
    """Impurity that the best cut of sorted points leaves, and how many points stand before it; 0 where there is no cut."""
    count = len(values)
    before = np.arange(1, count)
    cases = np.cumsum(interest, dtype=np.int64)
    left = before * _impurity(cases[:-1], before) + (count - before) * _impurity(cases[-1] - cases[:-1], count - before)
    allowed = (values[1:] > values[:-1]) & (before >= least) & (count - before >= least)
    if not allowed.any():
        return np.inf, 0
    at = int(np.where(allowed, left, np.inf).argmin())
    return float(left[at]), at + 1


def _impurity(cases: ArrayLike, points: ArrayLike) -> NDArray[np.float64]:
    """Gini impurity: the chance that two points of a leaf differ."""
    share = np.asarray(cases) / np.asarray(points)
    return np.asarray(2 * share * (1 - share), dtype=np.float64)


def leaves_of(tree: Tree, cases: Cases) -> list[tuple[Box, Tree]]:
    """Every leaf with the box of what is known of its points."""
    return list(tree.leaves(named={factor: frozenset(cases.inputs[factor].astype(str)) for factor in cases.choices()}))
