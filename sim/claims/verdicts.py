"""Verdicts: what paired runs say of an expectation, and what expectations say of a claim. Pure functions of arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.analysis.intervals import of_mean
from sim.scenario.claim_file import Expectation

Runs = NDArray[np.float64]
Verdict = Literal["supported", "refuted", "undecided"]

SUPPORTED: Verdict = "supported"
REFUTED: Verdict = "refuted"
UNDECIDED: Verdict = "undecided"

# Where all runs agree, the interval still reaches as far as an event seen in none of n runs may be likely: 3/n at 95%.
RULE_OF_THREE = 3.0


@dataclass(frozen=True)
class Effect:
    """The mean of a contrast over paired runs with its 95% interval; `runs` have a number, `failed` went wrong."""

    value: float
    low: float
    high: float
    runs: int
    failed: int = 0


@dataclass(frozen=True)
class Judgement:
    """A verdict on one expectation, and in a few words why."""

    verdict: Verdict
    why: str = ""


def contrast_of(values: Mapping[str, Runs], weights: Mapping[str, float]) -> Runs:
    """A contrast of arms, run by run. Shape: (run); NaN where an arm has no number."""
    whole = np.sum([weight * values[arm] for arm, weight in weights.items()], axis=0)
    return np.asarray(whole, dtype=np.float64)


def effect_of(values: Mapping[str, Runs], weights: Mapping[str, float], failed: int = 0) -> Effect:
    """The mean of a contrast and its interval by Student's t over paired runs.

    A measure that is yes or no in every run gets an interval of some width even where no run differs: the rule of three.
    """
    contrast = contrast_of(values, weights)
    known = contrast[np.isfinite(contrast)]
    if len(known) < 2:
        return Effect(float(known.mean()) if len(known) else np.nan, -np.inf, np.inf, len(known), failed)
    mean, low, high = (float(each) for each in of_mean(known))
    if np.ptp(known) == 0 and _is_yes_no(values[arm] for arm in weights):
        half = RULE_OF_THREE / len(known) * max(1.0, sum(abs(weight) for weight in weights.values()) / 2)
        low, high = mean - half, mean + half
    return Effect(mean, low, high, len(known), failed)


def _is_yes_no(arms: Iterable[Runs]) -> bool:
    """Whether every number of every arm is 0 or 1."""
    return all(bool(np.isin(values[np.isfinite(values)], (0.0, 1.0)).all()) for values in arms)


def judged(expectation: Expectation, effect: Effect, has_power: bool | None = None) -> Judgement:
    """The verdict on an expectation. `has_power` says whether a null's bound can be left at all; None where nobody looked."""
    if effect.failed:
        return Judgement(UNDECIDED, f"{effect.failed} runs failed")
    if effect.runs < 2:
        return Judgement(UNDECIDED, "fewer than two runs have a number")
    match expectation.kind:
        case "sign":
            return _of_sign(expectation, effect)
        case "within":
            return _of_null(expectation, effect, has_power)
        case "above":
            return _of_bound(effect.low >= (expectation.above or 0.0), effect.high < (expectation.above or 0.0))
        case _:
            return _of_bound(effect.high <= (expectation.below or 0.0), effect.low > (expectation.below or 0.0))


def _of_sign(expectation: Expectation, effect: Effect) -> Judgement:
    """A sign holds where the whole interval lies at or beyond the smallest effect that counts; no effect at all has no sign."""
    least = expectation.least or 0.0
    low, high = (effect.low, effect.high) if expectation.sign == "+" else (-effect.high, -effect.low)
    if low >= least and low > 0:
        return Judgement(SUPPORTED)
    if high < 0:
        return Judgement(REFUTED, "opposite")
    if high < least or high <= 0:
        return Judgement(REFUTED, "too small")
    return Judgement(UNDECIDED, "interval holds the smallest effect that counts")


def _of_null(expectation: Expectation, effect: Effect, has_power: bool | None) -> Judgement:
    """A null holds where the whole interval lies inside the bound, and a stronger cause would leave it."""
    bound = expectation.within or 0.0
    if effect.low > bound or effect.high < -bound:
        return Judgement(REFUTED, "outside the bound")
    if not (-bound <= effect.low and effect.high <= bound):
        return Judgement(UNDECIDED, "interval crosses the bound")
    if not expectation.power or has_power:
        return Judgement(SUPPORTED)
    return Judgement(UNDECIDED, "weak coupling: nothing leaves the bound" if has_power is False else "no power check")


def _of_bound(holds: bool, fails: bool) -> Judgement:
    if holds:
        return Judgement(SUPPORTED)
    return Judgement(REFUTED, "beyond the bound") if fails else Judgement(UNDECIDED, "interval holds the bound")


def is_null_so_far(expectation: Expectation, effect: Effect) -> bool:
    """Whether a null stands inside its bound and waits for its power check."""
    inside = expectation.kind == "within" and -(expectation.within or 0) <= effect.low and effect.high <= (expectation.within or 0)
    return inside and expectation.power and not effect.failed and effect.runs >= 2


def leaves(expectation: Expectation, effect: Effect) -> bool:
    """Whether an effect lies wholly outside a null's bound."""
    bound = expectation.within or 0.0
    return effect.low > bound or effect.high < -bound


def holds(expectation: Expectation, contrast: Runs) -> NDArray[np.bool_]:
    """In which runs an expectation holds, each run by itself; not where a run has no number. Shape: (run)."""
    known = np.where(np.isfinite(contrast), contrast, np.nan)
    with np.errstate(invalid="ignore"):
        match expectation.kind:
            case "sign":
                along = known if expectation.sign == "+" else -known
                return np.asarray((along >= (expectation.least or 0.0)) & (along > 0))
            case "within":
                return np.asarray(np.abs(known) <= (expectation.within or 0.0))
            case "above":
                return np.asarray(known >= (expectation.above or 0.0))
            case _:
                return np.asarray(known <= (expectation.below or 0.0))


def whole(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a claim: refuted with any of its expectations, supported with all."""
    found = list(verdicts)
    if REFUTED in found:
        return REFUTED
    return SUPPORTED if found and all(verdict == SUPPORTED for verdict in found) else UNDECIDED


def is_flip(before: Verdict, after: Verdict, effects: tuple[Iterable[float], Iterable[float]]) -> bool:
    """Whether a verdict turns over: to its opposite, or from or to undecided with the sign of an effect changed."""
    if before == after:
        return False
    if UNDECIDED not in (before, after):
        return True
    return any(np.sign(one) * np.sign(other) < 0 for one, other in zip(*effects, strict=True))
