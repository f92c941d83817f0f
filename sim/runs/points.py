"""The points of an experiment: arms crossed with the values that its design chooses, each known by a key of what it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.runs.designs import Values, sampled
from sim.scenario.experiments import Experiment
from sim.scenario.factors import MOST_POINTS, MOST_ROWS, Factor, sample_size
from sim.scenario.faults import SuasionError
from sim.scenario.hashing import scenario_hash
from sim.scenario.schema import Scenario

__all__ = ["MOST_POINTS", "MOST_ROWS", "Points", "how_many", "points_of"]

KEY_BYTES = 8
ROWS_AT_ONCE = 65_536


@dataclass(frozen=True)
class Points:
    """The points of a design, grouped by arm in the file's order, each once.

    `changes` says what a point does to the world: a value by path and way (set, scale or add). `sample` leads from a place in the
    method's own sample to the point that stands there; equal places share a point, and -1 stands where an arm's list is shorter.

    Shape: keys, arms, each factor, each change and parameter_runs (point); sample (arm, sample).
    """

    keys: tuple[str, ...]
    arms: tuple[str, ...]
    factors: Mapping[str, Values]
    changes: Mapping[tuple[str, str], Values]
    parameter_runs: NDArray[np.int64] | None
    sample: NDArray[np.int64]


def how_many(experiment: Experiment) -> int:
    """How many points an experiment asks for, equal ones counted again; nothing is built."""
    if experiment.design is not None and experiment.design.method == "list":
        return len(experiment.listed)
    return len(experiment.arms) * sample_size(experiment.design, experiment.factors)


def points_of(experiment: Experiment) -> Points:
    """The points of an experiment. Neither an arm's name, nor a point's place, nor the other points are part of its key.

    Raises: SuasionError, for more than MOST_POINTS.
    """
    count = how_many(experiment)
    if count > MOST_POINTS:
        raise SuasionError(f"{count:,} points are asked for; the limit is {MOST_POINTS:,}")
    draws = experiment.design is not None and experiment.design.method == "variance"
    places: dict[str, int] = {}
    arms: list[str] = []
    kept: list[Values] = []
    samples: list[NDArray[np.int64]] = []
    for name, scenario in experiment.arms.items():
        values = _values(experiment, name, scenario)
        start = len(places)
        numbers = [places.setdefault(key, len(places)) for key in _keys(scenario, experiment.factors, values, draws)]
        sample = np.array(numbers, dtype=np.int64)
        new, first = np.unique(sample, return_index=True)
        kept.append(values[first[new >= start]])
        arms += [name] * (len(places) - start)
        samples.append(sample)
    return _points(experiment.factors, tuple(places), tuple(arms), np.concatenate(kept), _padded(samples), draws)


def _values(experiment: Experiment, arm: str, scenario: Scenario) -> Values:
    """The sample of an arm: a column a factor, or the one column of its parameter draws. Shape: (sample, factor)."""
    design = experiment.design
    if design is None:
        return np.zeros((1, 0))
    if design.method == "variance":
        return np.arange(design.points or 1, dtype=np.float64)[:, None]
    if design.method == "list":
        rows = [values for name, values in experiment.listed if name == arm]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(experiment.factors)) + 0.0
    return sampled(design, experiment.factors, scenario)


def _points(
    factors: Sequence[Factor], keys: tuple[str, ...], arms: tuple[str, ...], values: Values, sample: NDArray[np.int64], draws: bool
) -> Points:
    """Points out of their values. Shape: values (point, factor)."""
    if draws:
        return Points(keys, arms, {}, {}, values[:, 0].astype(np.int64), sample)
    columns = {factor.id: np.ascontiguousarray(values[:, place]) for place, factor in enumerate(factors)}
    changes: dict[tuple[str, str], Values] = {(path, factor.way): columns[factor.id] for factor in factors for path in factor.targets}
    return Points(keys, arms, columns, changes, None, sample)


def _padded(samples: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The samples of all arms under each other, shorter ones filled up with -1. Shape: (arm, sample)."""
    width = max(map(len, samples))
    return np.stack([np.pad(sample, (0, width - len(sample)), constant_values=-1) for sample in samples])


def _keys(scenario: Scenario, factors: Sequence[Factor], values: Values, draws: bool) -> Iterator[str]:
    """The key of each place of an arm's sample: a hash over [scenario, [[path, way, value], ...] sorted, parameter draw or null].

    Values are hashed as hexadecimal floats, so that a key says the number to its last bit.
    """
    world = json.dumps(scenario_hash(scenario))
    if draws:
        yield from (_hashed(f"[{world},[],{int(draw)}]") for draw in values[:, 0])
        return
    changes = sorted((path, factor.way, place) for place, factor in enumerate(factors) for path in factor.targets)
    for start in range(0, len(values), ROWS_AT_ONCE):
        part = values[start : start + ROWS_AT_ONCE]
        columns = [_texts(path, way, part[:, place]) for path, way, place in changes]
        rows = map(",".join, zip(*columns, strict=True)) if columns else [""] * len(part)
        yield from (_hashed(f"[{world},[{row}],null]") for row in rows)


def _texts(path: str, way: str, column: Values) -> list[str]:
    """A change as JSON for each of its values; each different value is written once."""
    different, which = np.unique(column, return_inverse=True)
    before, after = json.dumps([path, way, ""], separators=(",", ":")).rsplit('"]', 1)[0], '"]'
    written = np.array([f"{before}{value.hex()}{after}" for value in different.tolist()], dtype=object)
    found: list[str] = written[which].tolist()
    return found


def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode("ascii"), digest_size=KEY_BYTES).hexdigest()
