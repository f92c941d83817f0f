"""What matters most: Sobol indices of the expected outcome, and the share of all variance that is luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from sim.analysis.intervals import RESAMPLES, Interval, Values, of_resamples
from sim.analysis.refusals import NotAnalysable, finite, moving, shaped
from sim.analysis.spread import components, crossed_weights


@dataclass(frozen=True)
class Evaluations:
    """An outcome at the points of a Sobol design, every run at every point.

    Shape: a, b (base, run); ab, ba (factor, base, run). A and B are two samples, AB_j is A with column j taken from B, and BA_j is B
    with column j from A; `ba` is there for indices of the second order.
    """

    a: Values
    b: Values
    ab: Values
    ba: Values | None = None

    @property
    def points(self) -> Values:
        """The outcome at A and B, which are samples of the whole space. Shape: (2 base, run)."""
        return np.concatenate([self.a, self.b])


@dataclass(frozen=True)
class Sensitivity:
    """Indices of one outcome.

    `indices` has a row a factor: outcome, factor, first, first_low, first_high, first_error, total, total_low, total_high,
    total_error. `pairs` has a row a pair of factors, where asked for: outcome, factor, partner, second, second_low, second_high,
    second_error. `luck` is the share of all variance that is luck, NaN with one run a point, as are its ends; `deviation` is how far
    points lie from each other in expectation, in the outcome's unit. `samples` counts rows of A, `runs` those at each point.
    """

    outcome: str
    samples: int
    runs: int
    indices: pd.DataFrame
    pairs: pd.DataFrame
    luck: float
    luck_low: float
    luck_high: float
    mean: float
    deviation: float

    @property
    def table(self) -> pd.DataFrame:
        """The indices with luck's share beside each factor."""
        return self.indices.assign(luck=self.luck, luck_low=self.luck_low, luck_high=self.luck_high)


def laid_out(values: ArrayLike, factors: int, second_order: bool = False) -> Evaluations:
    """Evaluations out of a sample in the order A, B, AB_1 .. AB_k and then, for the second order, BA_1 .. BA_k.

    Shape: values (sample) or (sample, run).
    Raises: NotAnalysable when the length is no whole number of such blocks.
    """
    array = np.asarray(values, dtype=np.float64)
    array = array[:, None] if array.ndim == 1 else array
    blocks = 2 + factors * (2 if second_order else 1)
    shaped(
        len(array) > 0 and len(array) % blocks == 0,
        f"a Sobol design of {factors} factors has {blocks} blocks of equal length; {len(array):,} values do not divide into them",
    )
    parts = array.reshape(blocks, -1, array.shape[1])
    return Evaluations(parts[0], parts[1], parts[2 : 2 + factors], parts[2 + factors :] if second_order else None)


def sensitivity(
    evaluations: Evaluations, factors: Sequence[str], outcome: str = "the outcome", seed: int = 1, resamples: int = RESAMPLES
) -> Sensitivity:
    """First-order, total and (with BA) second-order Sobol indices of an outcome's expectation over luck, and luck's own share.

    Products are taken between different runs only, so that few runs a point do not pass luck off as the factors' doing; with one
    run a point the indices are those of that run's history. Intervals resample points, and runs where there are several.

    Raises: NotAnalysable when a value is missing, the outcome is constant, or luck hides what the factors do to it.
    Source: Saltelli et al. (2010) for first order (their table 2 b) and total (f); Saltelli (2002) for second order.
    """
    given = _checked(evaluations, factors, outcome)
    runs = given.a.shape[1]
    work = _Work.of(given)
    exact = work.indices(np.full(len(given.a), 1 / len(given.a)), np.full(runs, 1 / runs))
    if exact is None:
        raise NotAnalysable(
            f"{outcome}: what the factors do to its mean cannot be told from luck with {runs} runs at each of {2 * len(given.a):,} points; "
            "ask for more runs a point"
        )
    drawn = (work.indices(w, v) for w, v in crossed_weights((len(given.a), runs), seed, resamples))
    resampled = [each for each in drawn if each is not None]
    firsts, totals, seconds, (luck, _) = (
        of_resamples(value, np.array([each[place] for each in resampled])) for place, value in enumerate(exact)
    )
    deviation = float(np.std(given.points) if runs == 1 else np.sqrt(components(given.points).parameters))
    return Sensitivity(
        outcome, len(given.a), runs, _table(outcome, factors, firsts, totals), _pairs(outcome, factors, seconds),
        float(luck.value), float(luck.low), float(luck.high), float(given.points.mean()), deviation,
    )  # fmt: skip


def _checked(given: Evaluations, factors: Sequence[str], outcome: str) -> Evaluations:
    """The same evaluations as floats with a run axis, their shapes fitting each other."""
    arrays = {name: getattr(given, name) for name in ("a", "b", "ab", "ba")}
    known = {name: finite(array, outcome) for name, array in arrays.items() if array is not None}
    if known["a"].ndim == 1:
        known = {name: array[..., None] for name, array in known.items()}
    base, many = known["a"].shape, (len(factors), *known["a"].shape)
    fits = known["b"].shape == base and all(known[name].shape == many for name in ("ab", "ba") if name in known)
    found = ", ".join(f"{name} {array.shape}" for name, array in known.items())
    shaped(fits and base[0] >= 2, f"{outcome}: A and B must be (base, run), AB and BA (factor, base, run) of {len(factors)}; found {found}")
    moving(np.concatenate([array.ravel() for array in known.values()]), outcome)
    return Evaluations(known["a"], known["b"], known["ab"], known.get("ba"))


Indices = tuple[Values, Values, Values, Values]


@dataclass(frozen=True)
class _Work:
    """What all resamples share: evaluations less each run's own mean, and their products within runs."""

    at: Evaluations
    points: Values
    gain: Values
    first_within: Values
    total_within: Values

    @classmethod
    def of(cls, given: Evaluations) -> _Work:
        # The mean of a run over all points is luck that every point shares.
        middle = given.points.mean(axis=0)
        ba = None if given.ba is None else given.ba - middle
        at = Evaluations(given.a - middle, given.b - middle, given.ab - middle, ba)
        gain = at.ab - at.a
        return cls(at, given.points - middle.mean(), gain, at.b * gain, gain**2)

    def indices(self, w: Values, v: Values) -> Indices | None:
        """First, total, second-order indices and luck's share under weights of points and runs; None where the variance is not above 0."""
        at, alone = self.at, len(v) == 1
        a, b, gain = at.a @ v, at.b @ v, self.gain @ v
        if alone:
            variance, luck = _variance(a, b, w), np.array(np.nan)
        else:
            parts = components(self.points, np.concatenate([w, w]) / 2, v)
            variance, luck = parts.parameters, 1 - parts.shares[0]
        if not variance > 0:
            return None
        apart = 1.0 if alone else 1 - float(v @ v)
        v2 = np.zeros(1) if alone else v**2
        first = ((b * gain) @ w - (self.first_within @ v2) @ w) / (apart * variance)
        total = (gain**2 @ w - (self.total_within @ v2) @ w) / (2 * apart * variance)
        second = self._second(w, v, v2, apart) / variance
        return first, total, second - _of_pairs(first[:, None] + first[None]) if len(second) else second, luck

    def _second(self, w: Values, v: Values, v2: Values, apart: float) -> Values:
        """Variance that each pair of factors has a hand in, alone or together; both ways of counting it averaged. Shape: (pair)."""
        at = self.at
        if at.ba is None:
            return np.empty(0)
        whole = (at.ba @ v * w) @ (at.ab @ v).T - float((at.a @ v * w) @ (at.b @ v))
        if v2.any():
            spread = (at.ba * (w[:, None] * v2)).reshape(len(at.ba), -1) @ at.ab.reshape(len(at.ab), -1).T
            whole = whole - spread + float(np.sum(at.a * at.b * w[:, None] * v2))
        return _of_pairs((whole + whole.T) / 2) / apart


def _variance(a: Values, b: Values, w: Values) -> float:
    """Variance over the points of A and B under weights."""
    return float((w @ a**2 + w @ b**2) / 2 - ((w @ a + w @ b) / 2) ** 2)


def _of_pairs(square: Values) -> Values:
    """The entries above the diagonal, row by row."""
    return square[np.triu_indices(len(square), 1)]


Estimate = tuple[Interval, Values]


def _table(outcome: str, factors: Sequence[str], first: Estimate, total: Estimate) -> pd.DataFrame:
    columns = {"outcome": [outcome] * len(factors), "factor": list(factors)}
    return pd.DataFrame(columns | _columns("first", first) | _columns("total", total))


def _pairs(outcome: str, factors: Sequence[str], second: Estimate) -> pd.DataFrame:
    named = list(combinations(factors, 2)) if len(second[0].value) else []
    columns = {"outcome": [outcome] * len(named), "factor": [one for one, _ in named], "partner": [other for _, other in named]}
    return pd.DataFrame(columns | _columns("second", second))


def _columns(name: str, estimate: Estimate) -> dict[str, Values]:
    interval, error = estimate
    return {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high, f"{name}_error": error}
