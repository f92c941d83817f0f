"""Measures read off a record made by hand: two powers, two countries, 24 months, three runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.claims.measuring import correlation, measured, order
from sim.claims.selecting import kept_for, unmeasurable
from sim.record import Record
from sim.scenario.claim_file import Measure

ROOT = Path(__file__).parents[2]
MONTHS, RUNS = 24, 3
# Along axes ids are sorted: east, north; hill, plain; east.aid, east.media, north.aid, north.media.


@pytest.fixture(scope="module")
def record() -> Record:
    """Hill's tension grows by 0.01 a month and 0.1 a run, Plain's twice as fast; efforts are 1 to 4; in one run Plain enters in month 6."""
    scenario = sim.read_scenario(ROOT / "scenarios/tutorial.yaml")
    hill = (0.01 * np.arange(MONTHS)[:, None] + 0.1 * np.arange(RUNS)).astype(np.float32)
    rung = np.zeros((MONTHS, 1, 2, RUNS), dtype=np.float32)
    rung[:, 0, 1] = 1
    rung[6:, 0, 1, 2] = 2
    effort = np.broadcast_to(np.arange(1, 5, dtype=np.float32)[:, None, None], (MONTHS, 4, 2, RUNS)).copy()
    effort[:, :, 1] *= 10
    kept = {"tension": np.stack([hill, 2 * hill], axis=1), "rung": rung, "progress": np.full_like(rung, 0.25), "effort": effort}
    return Record(scenario, 1, np.arange(RUNS), kept, ("ok",) * RUNS, ("",) * RUNS)


def value(record: Record, *, beside: dict[str, Any] | None = None, **given: Any) -> list[float]:
    measures = {name: Measure.model_validate(each) for name, each in {**(beside or {}), "m": given}.items()}
    assert not any(unmeasurable(record.scenario, measure) for measure in measures.values())
    return [round(float(number), 6) for number in measured(record, measures, ["m"])["m"]]


HILL = {"variable": "tension", "where": {"country": "hill"}}


@pytest.mark.parametrize(
    ("when", "right"),
    [
        ("end", [0.23, 0.33, 0.43]),
        ("start", [0.0, 0.1, 0.2]),
        ("mean", [0.115, 0.215, 0.315]),
        ("peak", [0.23, 0.33, 0.43]),
        ("change", [0.23, 0.23, 0.23]),
        ("sum", [2.76, 5.16, 7.56]),
        ("2020-03", [0.02, 0.12, 0.22]),
        ({"from": "2020-03", "to": "2020-05"}, [0.03, 0.13, 0.23]),
        ({"from": "2021-11", "of": "change"}, [0.01, 0.01, 0.01]),
        ({"to": "2020-02", "of": "sum"}, [0.01, 0.21, 0.41]),
        ({"first": "above", "than": 0.205}, [21, 11, 1]),
        ({"first": "above", "than": 0.325}, [24, 23, 13]),
        ({"first": "below", "than": 0.15}, [0, 0, 24]),
    ],
)
def test_a_moment_a_window_or_a_wait_is_taken_of_a_series(record: Record, when: Any, right: list[float]) -> None:
    assert value(record, **HILL, when=when) == pytest.approx(right)


@pytest.mark.parametrize(
    ("where", "across", "right"),
    [
        ({}, "mean", 13.75),
        ({}, "sum", 110),
        ({}, "max", 40),
        ({}, "min", 1),
        ({"country": "hill"}, "sum", 10),
        ({"country": ["hill", "plain"], "power": "east"}, "sum", 33),
        ({"country": "hill", "channel": "media"}, "mean", 3),
        ({"country": "hill", "power": "north", "channel": ["aid", "media"]}, "sum", 7),
        ({"country": "plain", "instrument": "east.aid"}, "mean", 10),
    ],
)
def test_what_is_not_named_is_collapsed(record: Record, where: Any, across: str, right: float) -> None:
    assert value(record, variable="effort", where=where, across=across, when="end") == [right] * RUNS


def test_a_position_is_the_stage_and_the_part_of_its_work_that_is_done(record: Record) -> None:
    assert value(record, variable="position", where={"institution": "club", "country": "plain"}, when="end") == [1.25, 1.25, 2]
    assert value(record, variable="position", where={"institution": "club"}, across="max", when="start") == [1.25] * 3


def test_an_outcome_is_the_column_that_a_run_leaves(record: Record) -> None:
    assert value(record, outcome="hill.tension.end") == pytest.approx([0.23, 0.33, 0.43])


def test_a_level_turns_a_measure_into_yes_or_no(record: Record) -> None:
    assert value(record, **HILL, when="end", above=0.3) == [0, 1, 1]
    assert value(record, **HILL, when="end", below=0.3) == [1, 0, 0]


def test_measures_are_made_of_others(record: Record) -> None:
    beside = {
        "hill": {**HILL, "when": "end"},
        "plain": {"variable": "tension", "where": {"country": "plain"}, "when": "end"},
        "high": {**HILL, "when": "end", "above": 0.3},
        "higher": {**HILL, "when": "end", "above": 0.4},
        "none": {"difference": ["hill", "hill"]},
    }
    assert value(record, beside=beside, difference=["plain", "hill"]) == pytest.approx([0.23, 0.33, 0.43])
    assert value(record, beside=beside, ratio=["plain", "hill"]) == pytest.approx([2, 2, 2])
    assert np.isnan(value(record, beside=beside, ratio=["plain", "none"])).all()
    assert value(record, beside=beside, sum=["plain", "hill", "hill"]) == pytest.approx([0.92, 1.32, 1.72])
    assert value(record, beside=beside, mean=["plain", "hill"]) == pytest.approx([0.345, 0.495, 0.645])
    assert value(record, beside=beside, both=["high", "higher"]) == [0, 0, 1]
    assert value(record, beside=beside, order=["plain", "hill", "none"]) == [1, 1, 1]
    assert value(record, beside=beside, order=["none", "hill", "plain"], above=0) == [0, 0, 0]


def test_tau_counts_pairs_in_the_order_written_largest_first() -> None:
    a, b, c = (np.array([each]) for each in (3.0, 2.0, 1.0))
    assert order([a, b, c])[0] == 1
    assert order([c, b, a])[0] == -1
    assert order([b, a, c])[0] == pytest.approx(1 / 3)
    assert order([a, a, c])[0] == pytest.approx(2 / 3)


def test_months_are_correlated_by_their_changes(record: Record) -> None:
    draws = np.random.default_rng(3)
    one = draws.normal(size=(500, 2))
    other = np.stack([0.6 * one[:, 0] + 0.8 * draws.normal(size=500), -one[:, 1]], axis=1)
    found = correlation(one, other)
    assert found[0] == pytest.approx(0.6, abs=0.08)
    assert found[1] == pytest.approx(-1)
    assert correlation(np.ones((5, 1)), draws.normal(size=(5, 1)))[0] == 0
    plain = {"variable": "tension", "where": {"country": "plain"}}
    assert value(record, beside={"a": HILL, "b": plain}, correlation=["a", "b"])[1] == pytest.approx(1, abs=1e-3)


def test_only_the_variables_that_are_measured_are_kept(record: Record) -> None:
    measures = [Measure.model_validate(each) for each in (HILL, {"variable": "position", "where": {"institution": "club"}})]
    assert kept_for(record.scenario, measures) == ("progress", "rung", "tension")
    assert kept_for(record.scenario, [Measure(outcome="hill.opinion.east.end")]) == ("opinion",)
