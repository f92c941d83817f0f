"""Points with a known box in them: uniform factors, names, and cases that lie in the box but for some noise."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Name: points, factors, noise, box, arms and the arms inside it.
KNOWN: dict[str, tuple[int, int, float, dict[str, tuple[float, float]], tuple[str, ...], tuple[str, ...]]] = {
    "two limits": (400, 4, 0.0, {"a": (0.6, 1.0), "b": (0.0, 0.5)}, (), ()),
    "two limits and noise": (600, 5, 0.05, {"a": (0.5, 1.0), "c": (0.0, 0.5)}, (), ()),
    "a range": (600, 4, 0.02, {"b": (0.3, 0.7)}, (), ()),
    "a name": (600, 3, 0.03, {"a": (0.5, 1.0)}, ("one", "two", "three"), ("one", "three")),
    "many factors": (800, 10, 0.02, {"a": (0.0, 0.6), "e": (0.4, 1.0), "h": (0.0, 0.7)}, (), ()),
}


def made(name: str, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    """The points of a known box and whether each is a case."""
    points, factors, noise, box, arms, inside = KNOWN[name]
    draws = np.random.default_rng(seed)
    inputs = pd.DataFrame(draws.random((points, factors)), columns=[chr(ord("a") + place) for place in range(factors)])
    interest = np.ones(points, dtype=bool)
    for factor, (low, high) in box.items():
        interest &= inputs[factor].between(low, high).to_numpy()
    if arms:
        inputs["arm"] = draws.choice(arms, points)
        interest &= inputs["arm"].isin(inside).to_numpy()
    return inputs, interest ^ (draws.random(points) < noise)
