"""What no method can be asked: numbers that are missing, outcomes that never move, designs that do not fit."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.faults import SuasionError

Values = NDArray[np.float64]

# An outcome whose values lie closer together than this share of their size is constant: files keep 24 binary digits.
ROUNDING = 1e-6


class NotAnalysable(SuasionError):
    """Numbers that a method has no answer for; the text says which, and what to do."""


def finite(values: ArrayLike, outcome: str, what: str = "histories") -> Values:
    """Values as floats, every one of them finite.

    Raises: NotAnalysable, with how many are not, of which outcome, and what to ask instead.
    """
    array = np.asarray(values, dtype=np.float64)
    missing = int(array.size - np.isfinite(array).sum())
    if missing:
        instead = (
            f"runs that never enter have no month; ask for {outcome.removesuffix('.month')}.end instead"
            if outcome.endswith(".month")
            else "see the table of runs for those that failed, run them again, or leave their points out of all parts of the design"
        )
        raise NotAnalysable(f"{outcome} is not a finite number in {missing:,} of {array.size:,} {what}: {instead}")
    return array


def moving(values: Values, outcome: str, what: str = "over the whole design") -> Values:
    """Values that are not all the same.

    Raises: NotAnalysable for an outcome that is constant.
    """
    if is_constant(values):
        value = f"{values.flat[0]:.6g}" if values.size else "nothing"
        raise NotAnalysable(f"{outcome} is {value} {what}: nothing moves it, so there is nothing to divide; ask for another outcome")
    return values


def is_constant(values: Values) -> bool:
    """Whether all values are the same but for rounding in a file."""
    return not values.size or bool(np.ptp(values) <= ROUNDING * np.abs(values).max())


def shaped(fits: bool, message: str) -> None:
    """Refuses numbers whose shape does not fit a design.

    Raises: NotAnalysable.
    """
    if not fits:
        raise NotAnalysable(message)
