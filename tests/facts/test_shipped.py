"""Every scenario that is shipped runs, and the shipped facts can be asked of history since 2008."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.cli import suasion
from sim.evidence import lines_of, read_seeds
from sim.facts import facts_told, findings, read_facts
from sim.runs.ensemble import simulate

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted(path.name for path in (ROOT / "scenarios").glob("*.yaml"))
HISTORY = ROOT / "scenarios/western_balkans_2008.yaml"
FACTS = read_facts(ROOT / "experiments/stylised_facts.yaml").facts


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_runs_and_stays_finite(name: str) -> None:
    record = simulate(sim.read_scenario(ROOT / "scenarios" / name), 8, 1, workers=1)
    assert record.ok.all(), record.error
    assert all(np.isfinite(values).all() for values in record.kept.values())


def test_the_world_that_is_not_the_balkans_shares_no_place_or_club_with_them() -> None:
    here, there = (sim.read_scenario(ROOT / "scenarios" / name) for name in ("western_balkans_2017.yaml", "moldova_caucasus.yaml"))
    assert not set(here.countries) & set(there.countries)
    assert len(there.blocs()) == 3 and "eurasian_union" in there.institutions
    record = simulate(there, 16, 1, workers=1)
    assert record.values("deed")[-1].std() > 0 or record.values("rung")[-1].std() > 0, "histories differ"
    ends = record.values("tension")[-1]
    assert 0.05 < ends.mean() < 0.9


def test_an_inconsistent_union_is_as_strong_on_average() -> None:
    usual, uneven = (
        simulate(sim.read_scenario(ROOT / "scenarios" / name), 8, 1, workers=1)
        for name in ("western_balkans_2017.yaml", "eu_inconsistent.yaml")
    )
    budgets = [record.values("budget", power="eu").mean(axis=0) for record in (usual, uneven)]
    assert np.all(np.abs(budgets[1] / budgets[0] - 1) < 0.05)
    assert np.all(uneven.values("budget", power="eu")[:96].std(axis=0) > 3 * usual.values("budget", power="eu")[:96].std(axis=0))
    credibility = [record.values("credibility", institution="eu").mean() for record in (usual, uneven)]
    assert credibility[1] < credibility[0] - 0.03


def test_readings_of_russia_bracket_the_baseline() -> None:
    stirred = []
    for name in ("rival_reading.yaml", "western_balkans_2017.yaml", "dangerous_reading.yaml"):
        record = simulate(sim.read_scenario(ROOT / "scenarios" / name), 16, 1, workers=1)
        stirred.append(record.values("tension_power", power="russia", country="serbia")[24:].mean())
    assert stirred[0] < stirred[1] < stirred[2]


def test_a_deal_is_likely_where_all_conditions_are_met() -> None:
    deals = [
        simulate(sim.read_scenario(ROOT / "scenarios" / name), 32, 1, workers=1).values("deal", dispute="kosovo")[-1].mean()
        for name in ("western_balkans_2017.yaml", "kosovo_deal.yaml")
    ]
    assert deals[0] < 0.3 and deals[1] > 0.5


def test_the_church_law_passes_in_its_month_and_not_before() -> None:
    record = simulate(sim.read_scenario(ROOT / "scenarios/church_law.yaml"), 16, 1, workers=1)
    done = record.values("deed", deed="church_law")
    passed = 12 * 2 + 11
    assert done[:passed].max() == 0 and done[passed].min() > 0.5


def test_every_fact_can_be_asked_of_history_and_has_its_row() -> None:
    record = simulate(sim.read_scenario(HISTORY), 8, 1, workers=1)
    found = findings(record, FACTS)
    assert len(found) >= 25
    assert [each.why for each in found if each.inside is None] == []
    lines = facts_told(record, found).splitlines()
    assert all(any(line.startswith(each.fact.fact) for line in lines) for each in found)
    assert re.fullmatch(rf"\d+ of {len(found)} inside; of those that no world was fitted to, \d+ of \d+", lines[-1])


def test_facts_look_no_further_than_2019_and_cite_lines_that_are_there() -> None:
    text = (ROOT / "experiments/stylised_facts.yaml").read_text(encoding="utf-8")
    assert max(re.findall(r"(?:at|since|until): (\d{4}-\d{2})", text)) <= "2019-12"
    documents = read_seeds().documents
    for fact in FACTS:
        for reference in fact.evidence:
            lines = lines_of(reference)
            assert 1 <= lines.first <= lines.last <= documents[lines.document]["lines"], fact.id


def test_the_command_prints_the_facts_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(suasion, ["run", str(HISTORY), "--facts", "--runs", "4"])
    assert done.exit_code == 0, done.output
    assert done.stdout.count("\n") == len(FACTS) + 5
    assert list(tmp_path.iterdir()) == []
