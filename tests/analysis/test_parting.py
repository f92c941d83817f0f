"""When histories part: in the month in which they were made to, and not before."""

import numpy as np
import pytest

from sim.analysis.names import Spoken
from sim.analysis.parting import NEVER, PairedSeries, paired_series, parting
from sim.analysis.refusals import NotAnalysable
from tests.charts.made_up import made_up_record, made_up_scenario

MONTHS = np.datetime64("2017-01") + np.arange(24)
WORDS = Spoken("Serbia: tension", "Serbia: tension", "points", 100)


def series(change: np.ndarray, base: np.ndarray | None = None) -> PairedSeries:
    start = np.zeros_like(change) if base is None else base
    return PairedSeries(WORDS, start, start + change, MONTHS[: len(change)])


def stepped(month: int, runs: int, of: int, size: float = 0.1) -> np.ndarray:
    change = np.zeros((24, of))
    change[month:, :runs] = size
    return change


def test_histories_part_in_the_month_in_which_half_of_the_runs_differ() -> None:
    found = parting([series(stepped(10, 5, 10)), series(stepped(10, 4, 10))], 0.05)
    assert list(found["parts"]) == ["2017-11", NEVER]


def test_differences_within_the_tolerance_do_not_count() -> None:
    found = parting([series(stepped(10, 10, 10, size=0.05))], 0.05)
    assert found["parts"].iloc[0] == NEVER and parting([series(stepped(10, 10, 10, size=0.05))], 0.049)["parts"].iloc[0] == "2017-11"


def test_runs_that_part_both_ways_have_parted_though_their_mean_has_not() -> None:
    change = stepped(6, 10, 10)
    change[:, 5:] *= -1
    found = parting([series(change)])
    assert (found["parts"].iloc[0], found["mean_parts"].iloc[0]) == ("2017-07", NEVER)


def test_the_mean_parts_when_its_interval_leaves_nothing_out() -> None:
    change = stepped(8, 20, 20) + np.random.default_rng(1).normal(0, 0.01, (24, 20))
    found = parting([series(change)]).iloc[0]
    assert found["mean_parts"] == "2017-09"
    assert found["end_low"] <= 0.1 <= found["end_high"] and found["end"] == pytest.approx(0.1, abs=0.01)
    assert found["largest_low"] < found["end_low"] or found["largest"] > found["end"]


def test_looking_at_many_months_finds_a_parting_that_is_not_there_once_in_twenty_at_most() -> None:
    rng, found = np.random.default_rng(2), 0
    for _ in range(200):
        change = np.cumsum(rng.normal(size=(24, 12)), axis=0)
        found += parting([series(change)], 1e9)["mean_parts"].iloc[0] != NEVER
    assert found <= 16


def test_what_never_differs_never_parts() -> None:
    found = parting([series(np.zeros((24, 5)))], 0.0).iloc[0]
    assert (found["parts"], found["mean_parts"], found["largest"]) == (NEVER, NEVER, 0)


def test_one_run_has_no_interval_and_can_part() -> None:
    found = parting([series(stepped(3, 1, 1))]).iloc[0]
    assert found["parts"] == "2017-04" and found["mean_parts"] == NEVER and np.isnan(found["end_low"])


def test_missing_values_and_tolerances_below_nothing_are_refused() -> None:
    with pytest.raises(NotAnalysable, match="Serbia: tension is not a finite number in 24 of 48"):
        parting([series(np.where(np.arange(2) > 0, np.nan, np.zeros((24, 2))))])
    with pytest.raises(NotAnalysable, match="a tolerance is 0 or more"):
        parting([series(np.zeros((24, 2)))], -0.1)


def test_records_are_paired_over_the_runs_that_went_well_in_both() -> None:
    scenario = made_up_scenario(countries=["serbia"], months=12)
    base, other = made_up_record(scenario, runs=8, broken=2), made_up_record(scenario, runs=7)
    found = paired_series(base, other, WORDS, "alignment", country="serbia", power="russia")
    assert found.base.shape == (12, 6)
    wanted = other.values("alignment", country="serbia", power="russia")[:, :6]
    assert np.array_equal(found.other, wanted.astype(float))


def test_records_that_cannot_be_paired_are_refused() -> None:
    scenario = made_up_scenario(countries=["serbia"], months=12)
    record = made_up_record(scenario, runs=4)
    with pytest.raises(NotAnalysable, match="no run went well in both"):
        paired_series(record, made_up_record(scenario, runs=4, broken=4), WORDS, "tension", country="serbia")
    with pytest.raises(NotAnalysable, match="do not cover the same months"):
        paired_series(record, made_up_record(made_up_scenario(countries=["serbia"], months=6), runs=4), WORDS, "tension", country="serbia")
    with pytest.raises(NotAnalysable, match="alignment needs an id for each of power, country"):
        paired_series(record, record, WORDS, "alignment", country="serbia")
