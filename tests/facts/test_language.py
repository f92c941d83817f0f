"""The language of facts, on a record made by hand: two countries, 24 months, four runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.facts import Fact, Measure, Unasked, facts_told, findings, measured, read_facts, series
from sim.record import Record, yearly
from sim.scenario.faults import SuasionError

ROOT = Path(__file__).parents[2]
MONTHS, RUNS = 24, 4


def made_up(status: tuple[str, ...] = ("ok",) * RUNS) -> Record:
    """A record of the tutorial's world: hill's tension grows with months and runs, plain's is its double, run 3 joins in month 6."""
    scenario = sim.read_scenario(ROOT / "scenarios/tutorial.yaml")
    months, runs = np.arange(MONTHS)[:, None], np.arange(RUNS)
    hill = (0.01 * months + 0.1 * runs).astype(np.float32)
    rung = np.zeros((MONTHS, 1, 2, RUNS), dtype=np.float32)
    rung[:, 0, 1] = 1
    rung[6:, 0, 1, 3] = 2
    effort = np.zeros((len(yearly(MONTHS)), 4, 2, RUNS), dtype=np.float32)
    effort[:, 0] = np.arange(1, 4)[:, None, None]
    effort[:, 2] = 2
    kept = {
        "tension": np.stack([hill, 2 * hill], axis=1),
        "rung": rung,
        "progress": np.full((MONTHS, 1, 2, RUNS), 0.25, dtype=np.float32),
        "effort": effort,
    }
    return Record(scenario, 1, np.arange(RUNS), kept, status, ("",) * RUNS)


def of(**way: object) -> float:
    """What a measure takes of the record."""
    return measured(made_up(), Measure.model_validate(way))


def fact(measure: dict[str, object], range: list[float]) -> Fact:
    return Fact.model_validate({"id": "one", "fact": "One fact", "record": "made up", "measure": measure, "range": range})


def test_a_share_counts_the_runs_between_two_levels() -> None:
    assert of(share={"of": "tension.hill", "at": "2020-01", "least": 0.05, "most": 0.25}) == 0.5
    assert of(share={"of": "tension.hill", "at": "2020-01", "most": 0}) == 0.25


def test_a_stage_stands_for_its_rung() -> None:
    assert of(share={"of": "rung.club.plain", "at": "2020-06", "least": "member"}) == 0
    assert of(share={"of": "rung.club.plain", "at": "2020-07", "least": "member"}) == 0.25
    assert of(share={"of": "rung.club.hill", "at": "2021-12", "most": "outside"}) == 1


def test_several_variables_are_summed() -> None:
    assert of(mean={"of": ["tension.hill", "tension.plain"], "at": "2020-01"}) == pytest.approx(3 * 0.15)


@pytest.mark.parametrize(("way", "told"), [("mean", 0.015), ("sum", 0.06), ("largest", 0.03), ("smallest", 0), ("change", 0.03)])
def test_a_window_is_taken_in_five_ways(way: str, told: float) -> None:
    assert of(mean={"of": "tension.hill", "since": "2020-01", "until": "2020-04", "take": way}) == pytest.approx(
        told + {"sum": 4, "change": 0}.get(way, 1) * 0.15, abs=1e-6
    )


def test_a_window_is_the_whole_record_where_no_end_is_given() -> None:
    assert of(median={"of": "tension.hill", "take": "change"}) == pytest.approx(0.23)


def test_the_band_is_from_the_twentieth_to_the_nineteen_twentieth() -> None:
    assert of(band={"of": "tension.hill", "at": "2020-01"}) == pytest.approx(0.27)


def test_what_is_kept_once_a_year_is_taken_where_it_was_last_kept() -> None:
    assert of(mean={"of": "effort.east.aid.hill", "at": "2020-11"}) == 1
    assert of(mean={"of": "effort.east.aid.hill", "at": "2021-02"}) == 2
    assert of(mean={"of": "effort.east.aid.hill", "at": "2021-12"}) == 3


def test_a_ratio_is_of_two_readings() -> None:
    both = {"since": "2020-01", "until": "2021-12", "take": "sum"}
    assert of(ratio={"of": {"of": "effort.east.aid.hill", **both}, "to": {"of": "effort.north.aid.hill", **both}}) == 1


def test_an_order_is_the_share_of_pairs_that_stand_so() -> None:
    assert of(order={"of": [["tension.plain"], ["tension.hill"]], "at": "2020-02"}) == 1
    assert of(order={"of": [["tension.hill"], ["tension.plain"]], "at": "2020-02"}) == 0
    assert of(order={"of": [["tension.plain"], ["tension.hill"]], "at": "2020-01"}) == 0.75, "equal is not above"


def test_before_compares_first_months() -> None:
    assert of(before={"of": "rung.club.plain", "reaches": "member", "than": "tension.hill", "there": 0.5}) == 0.25
    assert of(before={"of": "tension.hill", "reaches": 0.3, "than": "rung.club.plain", "there": "member"}) == 0.75
    assert of(before={"of": "rung.club.hill", "reaches": "member", "than": "rung.club.hill", "there": "member"}) == 0


def test_a_position_is_rung_and_progress_and_a_member_stands_at_the_top() -> None:
    months, values = series(made_up(), "position.club.plain")
    assert len(months) == MONTHS and values[0].tolist() == [1.25] * 4 and values[-1].tolist() == [1.25] * 3 + [2]


def test_runs_that_failed_are_left_out() -> None:
    record = made_up(("ok", "ok", "ok", "nonfinite"))
    assert measured(record, Measure.model_validate({"mean": {"of": "tension.hill", "at": "2020-01"}})) == pytest.approx(0.1)


@pytest.mark.parametrize(
    "measure",
    [
        {"mean": {"of": "tension.atlantis"}},
        {"mean": {"of": "opinion.hill.east"}},
        {"mean": {"of": "position.club.atlantis"}},
        {"mean": {"of": "tension.hill", "at": "2019-12"}},
        {"mean": {"of": "tension.hill", "since": "2020-05", "until": "2022-01"}},
        {"mean": {"of": "effort.east.aid.hill", "since": "2020-03", "until": "2020-05"}},
        {"share": {"of": "rung.club.plain", "least": "emperor"}},
    ],
)
def test_what_a_record_does_not_hold_is_not_asked(measure: dict[str, object]) -> None:
    with pytest.raises(Unasked):
        of(**measure)
    found = findings(made_up(), [fact(measure, [0, 1])])
    assert found[0].value is None and found[0].inside is None and found[0].why
    assert "not asked" in facts_told(made_up(), found) and "0 of 0 inside" in facts_told(made_up(), found)


def test_a_finding_says_whether_it_lies_inside() -> None:
    measure = {"mean": {"of": "tension.hill", "at": "2020-01"}}
    found = findings(made_up(), [fact(measure, [0.1, 0.2]), fact(measure, [0.2, 0.3])])
    assert [each.inside for each in found] == [True, False]
    told = facts_told(made_up(), found)
    assert "OUTSIDE" in told and "1 of 2 inside" in told and told.count("One fact") == 2
    bent = found[0].fact.model_copy(update={"fitted": True})
    assert "no world was fitted to, 0 of 1" in facts_told(made_up(), findings(made_up(), [bent, found[1].fact]))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("measure: {mean: {of: tension.hill}, band: {of: tension.hill}}\n    range: [0, 1]", "exactly one"),
        ("measure: {guess: {of: tension.hill}}\n    range: [0, 1]", "guess"),
        ("measure: {mean: {of: tension.hill, at: 2020-01, since: 2020-01}}\n    range: [0, 1]", "not both"),
        ("measure: {mean: {of: tension.hill}}\n    range: [1, 0]", "lower end"),
        ("measure: {mean: {of: tension.hill}}\n    range: [1]", "range"),
    ],
)
def test_a_file_with_a_fault_is_refused_in_words(tmp_path: Path, wrong: str, told: str) -> None:
    path = tmp_path / "facts.yaml"
    path.write_text(f"title: One\nfacts:\n  - id: one\n    fact: One\n    record: made up\n    {wrong}\n", encoding="utf-8")
    with pytest.raises(SuasionError, match=told):
        read_facts(path)


def test_a_fact_without_a_source_or_told_twice_is_refused(tmp_path: Path) -> None:
    path, one = tmp_path / "facts.yaml", "  - {id: one, fact: One, measure: {mean: {of: tension.hill}}, range: [0, 1]%s}\n"
    path.write_text("title: One\nfacts:\n" + one % "", encoding="utf-8")
    with pytest.raises(SuasionError, match="public record"):
        read_facts(path)
    path.write_text("title: One\nfacts:\n" + 2 * (one % ", record: made up"), encoding="utf-8")
    with pytest.raises(SuasionError, match="same id"):
        read_facts(path)
