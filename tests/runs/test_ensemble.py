"""Ensembles: the same histories whoever makes them, none lost because another fails, summaries that equal a recomputation."""

from collections.abc import Iterator

import numpy as np
import pytest

import sim
from sim.model import InfluenceModel
from sim.record import Record
from sim.runs import ensemble
from sim.runs.ensemble import simulate
from sim.scenario.schema import Scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return sim.read_scenario("scenarios/western_balkans_2017.yaml").model_copy(
        update={"time": sim.read_scenario("scenarios/tutorial.yaml").time}
    )


@pytest.fixture(scope="module")
def record(scenario: Scenario) -> Record:
    return simulate(scenario, 24, 5, workers=1)


def same(one: Record, other: Record) -> bool:
    return all(np.array_equal(one.kept[name], other.kept[name], equal_nan=True) for name in one.kept)


def test_two_workers_make_the_same_bytes_as_one(scenario: Scenario, record: Record) -> None:
    assert same(record, simulate(scenario, 24, 5, workers=2))


def test_more_runs_leave_the_first_ones_as_they_are(scenario: Scenario, record: Record) -> None:
    more = simulate(scenario, 40, 5, workers=1)
    assert all(np.array_equal(record.kept[name], more.kept[name][..., :24]) for name in record.kept)


def test_blocks_of_any_width_make_the_same_bytes(scenario: Scenario, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ensemble, "block_width", lambda roster: 8)
    assert same(record, simulate(scenario, 24, 5, workers=1))


def test_a_chronicled_ensemble_has_the_same_histories(scenario: Scenario, record: Record) -> None:
    told = simulate(scenario, 24, 5, workers=1, chronicled=True)
    assert same(record, told)
    assert len(told.events()) > 0 and set(told.events()["run"]) <= set(range(24))


def test_a_seed_nobody_gave_is_drawn_and_kept(scenario: Scenario) -> None:
    free = scenario.model_copy(update={"ensemble": scenario.ensemble.model_copy(update={"seed": None})})
    first = simulate(free, 8, workers=1)
    assert same(first, simulate(free, 8, first.seed, workers=1))
    assert first.seed != simulate(free, 8, workers=1).seed


@pytest.fixture
def run_that_raises(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    step = InfluenceModel.step

    def faulty(model: InfluenceModel) -> None:
        if 5 in model.run_ids and model.month == 3:
            raise ValueError("planted in run 5")
        step(model)

    monkeypatch.setattr(InfluenceModel, "step", faulty)
    yield 5


def test_a_run_that_raises_costs_only_itself(scenario: Scenario, record: Record, run_that_raises: int) -> None:
    hurt = simulate(scenario, 24, 5, workers=1)
    assert [run for run, status in enumerate(hurt.status) if status != "ok"] == [run_that_raises]
    assert "planted in run 5" in hurt.error[run_that_raises]
    kept = np.delete(record.values("tension"), run_that_raises, axis=-1)
    assert np.array_equal(hurt.values("tension"), kept)


def test_a_run_that_turns_into_no_number_is_named_and_left_out(scenario: Scenario, record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    step = InfluenceModel.step

    def poisoned(model: InfluenceModel) -> None:
        step(model)
        if model.month == 4:
            model.world.tension[:, model.run_ids.tolist().index(7)] = np.nan

    monkeypatch.setattr(InfluenceModel, "step", poisoned)
    hurt = simulate(scenario, 24, 5, workers=1)
    assert hurt.status[7] == "nonfinite" and "tension" in hurt.error[7] and "month 3" in hurt.error[7]
    assert hurt.status.count("ok") == 23
    assert len(hurt.outcomes) == 23 and not hurt.outcomes.filter(like="tension").isna().any().any()
    others = [run for run in range(24) if run != 7]
    assert np.array_equal(hurt.kept["tension"][..., others], record.kept["tension"][..., others])


def test_a_summary_is_what_the_series_give(record: Record) -> None:
    table = record.summary()
    series = record.values("tension", country="serbia").astype(np.float64)
    rows = table[(table.variable == "tension") & (table.actor == "serbia")].reset_index(drop=True)
    assert np.allclose(rows["mean"], series.mean(axis=1), atol=1e-6)
    assert np.allclose(rows["q05"], np.quantile(series, 0.05, axis=1), atol=1e-6)
    assert np.allclose(rows["q95"], np.quantile(series, 0.95, axis=1), atol=1e-6)
    assert list(rows["n"]) == [24] * len(series)


def test_shares_of_stages_sum_to_one_in_the_summary(record: Record) -> None:
    table = record.summary()
    shares = table[table.variable == "eu_stage"].groupby(["date", "actor"])["mean"].sum()
    assert np.allclose(shares, 1, atol=1e-6)


def test_ledgers_in_the_record_sum_to_tension(record: Record) -> None:
    parts = record.values("tension_home") + record.values("tension_given") + record.values("tension_luck")
    assert np.allclose(parts + record.values("tension_power").sum(axis=1), record.values("tension"), atol=1e-5)


def test_who_is_in_from_the_start_enters_in_no_month(record: Record) -> None:
    outcomes = record.outcomes
    assert outcomes["croatia.nato_member.end"].eq(1).all() and outcomes["croatia.nato_member.month"].isna().all()
