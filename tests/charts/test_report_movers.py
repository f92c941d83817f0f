"""What went with an outcome: numbers that it follows are found, numbers that it does not follow are not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.charts.report_movers import LEAST_RUNS, bound, drawn_numbers, moved, movers, ranked, weightiest
from sim.lanes import Lanes, Parameters
from sim.record import Record
from tests.charts.made_up import made_up_record, made_up_scenario

PATH = "mechanics.tension.pressure"


def following(path: str | None, runs: int = 80) -> Record:
    """A record in which Serbia's tension ends where a number says, between 30 and 60 of 100; or where chance says."""
    record = made_up_record(made_up_scenario(months=12), runs=runs)
    parameters = Parameters(record.scenario, record.roster)
    values, _ = parameters.values(record.seed, Lanes(record.run_ids))
    chance = np.random.default_rng(5).normal(size=runs)
    row = values[parameters.rows[path]][:runs] if path else chance
    place = record.roster.place("country", "serbia")
    record.kept["tension"][-1, place] = 0.3 + 0.3 * (row - row.min()) / np.ptp(row) + 0.01 * chance
    return record


def test_an_outcome_is_found_to_go_with_the_number_it_follows() -> None:
    told = next(outcome for outcome in moved(following(PATH)) if outcome["label"] == "Serbia: tension at the end")
    first = told["rows"][0]
    low, high, change, least, most = first["ends"]
    assert first["path"] == PATH and first["rank"] > 0.95
    assert 30 < low < 42 and 48 < high < 60 and change == pytest.approx(high - low, abs=0.1) and least < change < most
    assert weightiest(moved(following(PATH)))[0]["path"] == PATH


def test_an_outcome_that_follows_no_number_goes_with_none() -> None:
    assert not [outcome for outcome in moved(following(None)) if outcome["label"] == "Serbia: tension at the end"]


def test_few_histories_tell_nothing() -> None:
    assert moved(following(PATH, runs=LEAST_RUNS - 8)) == []


def test_what_hardly_differs_between_histories_is_not_explained() -> None:
    record = following(PATH)
    place = record.roster.place("country", "serbia")
    record.kept["tension"][-1, place] = 0.4 + (record.kept["tension"][-1, place] - 0.4) / 100
    assert not [outcome for outcome in moved(record) if outcome["label"] == "Serbia: tension at the end"]


def test_the_drawn_numbers_are_those_of_the_runs_that_went_well() -> None:
    paths, drawn = drawn_numbers(made_up_record(made_up_scenario(months=3), runs=21, broken=4))
    assert drawn.shape == (len(paths), 17) and PATH in paths and np.all(np.ptp(drawn, axis=1) > 0)


def test_the_rank_correlation_is_spearmans() -> None:
    rng = np.random.default_rng(1)
    drawn, outcome = rng.normal(size=(3, 60)), rng.normal(size=60)
    outcome = outcome + 2 * drawn[1] ** 3
    found = movers(ranked(drawn), drawn, outcome)
    assert [mover.place for mover in found] == [1]
    assert found[0].rank == pytest.approx(spearmanr(drawn[1], outcome).statistic)


def test_unrelated_numbers_pass_the_bound_in_no_more_than_one_ensemble_of_twenty() -> None:
    rng = np.random.default_rng(2)
    passed = 0
    for _ in range(200):
        drawn, outcome = rng.normal(size=(50, 100)), rng.normal(size=100)
        passed += bool(movers(ranked(drawn), drawn, outcome))
    assert passed <= 20


def test_the_bound_rises_with_the_numbers_and_falls_with_the_runs() -> None:
    assert bound(500, 1500) > bound(500, 10) > bound(5000, 10)


def test_a_number_that_never_differs_goes_with_nothing() -> None:
    assert np.all(ranked(np.ones((1, 9))) == 0)
