"""Claims tried end to end on a world of two powers: a verdict follows the mechanism, and turns with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.claims.bench import Bench
from sim.claims.jobs import Job, done
from sim.claims.plan import Wish, read_all, try_all
from sim.claims.tables import COLUMNS, csv_text, tables
from sim.claims.trials import MULTIPLES
from sim.claims.variants import VARIANTS
from sim.model import InfluenceModel
from sim.runs.crews import Serial
from sim.scenario.claims import read_readings
from tests.claims.worlds import RUNS, STIRS, folder, tried

ALONE = STIRS + "readings: [documents]\n"
# Russia works with a fifth of its capacity, and what it stirs turns into unrest in one arm only.
NULL = (
    ALONE.replace("extends: small.yaml", "extends: small.yaml\nset: {powers.russia.capacity: 4}")
    .replace("powers.russia.capacity: 0", "mechanics.tension.pressure: 0")
    .replace('sign: "+", least: 0.01', "within: BOUND")
)
NEARER = """\
schema: 1
claim: T50
title: Plain is ahead of Hill
extends: small.yaml
ensemble: {runs: 8, seed: 1}
arms: {as_was: {}}
measures:
  plain: {variable: position, where: {institution: club, country: plain}, when: end}
  hill: {variable: position, where: {institution: club, country: hill}, when: end}
  ahead: {difference: [plain, hill]}
expect:
  - {measure: ahead, contrast: {as_was: 1}, above: 0.5}
"""


def test_a_claim_that_runs_through_a_mechanism_falls_where_it_is_switched_off(tmp_path: Path) -> None:
    found = tried(tmp_path, stirs=STIRS)["stirs"]
    on, off = found.trials["documents"], found.trials["calm"]
    assert on.verdict == "supported"
    assert on.found[0].effect.low > 0.01
    assert on.holds_in == 1.0
    assert off.verdict == "refuted"
    assert abs(off.found[0].effect.value) < abs(on.found[0].effect.value) / 5
    assert found.verdict == "supported"


def test_equal_arms_of_several_claims_are_simulated_once_with_all_their_measures(tmp_path: Path) -> None:
    other = ALONE.replace("T03", "T04").replace("tension: {variable: tension", "tension: {variable: capture")
    where = folder(tmp_path, stirs=ALONE, other=other)
    wish = Wish()
    readings = read_readings(where / "readings.yaml")[:1]
    found = read_all([where / "stirs.yaml", where / "other.yaml"], readings, {}, wish)
    for each in found:
        each.control = None
    bench = Bench(Serial())
    try_all(found, bench, wish)
    assert bench.arms == 2
    assert bench.rows == 2 * RUNS
    assert found[0].trials["documents"].effects != found[1].trials["documents"].effects


def test_a_null_needs_a_stronger_cause_that_leaves_its_bound(tmp_path: Path) -> None:
    found = tried(tmp_path, tight=NULL.replace("BOUND", "0.1"), loose=NULL.replace("T03", "T04").replace("BOUND", "0.9"))
    tight, loose = found["tight"].trials["documents"], found["loose"].trials["documents"]
    assert [check.multiple for check in tight.found[0].power if check.leaves] == [3.0]
    assert [check.multiple for check in tight.found[0].power] == [1.5, 2.0, 3.0]
    assert tight.verdict == "supported"
    assert [check.multiple for check in loose.found[0].power] == list(MULTIPLES)
    assert loose.verdict == "undecided"
    assert loose.found[0].judgement.why.startswith("weak coupling")


def test_a_verdict_on_a_particular_country_turns_where_countries_change_places(tmp_path: Path) -> None:
    found = tried(tmp_path, nearer=NEARER)["nearer"]
    assert found.claim.named == ()
    one = NEARER.replace("- {measure: ahead, contrast: {as_was: 1}, above: 0.5}", "- {measure: plain, contrast: {as_was: 1}, above: 0.5}")
    one = one.replace("  hill: {variable: position, where: {institution: club, country: hill}, when: end}\n", "")
    one = one.replace("  ahead: {difference: [plain, hill]}\n", "").replace("T50", "T51")
    named = tried(tmp_path, one=one)["one"]
    assert named.claim.named == ("plain",)
    assert named.verdict == "supported"
    assert named.control is not None
    assert named.control.verdict == "refuted"
    assert named.is_changed_by_labels


def test_forms_that_cannot_matter_change_no_number_and_others_do(tmp_path: Path) -> None:
    found = tried(tmp_path, robust=True, stirs=ALONE)["stirs"]
    assert found.base is not None
    assert set(found.forms) == set(VARIANTS) - {""}
    for form in ("order", "width"):
        assert found.forms[form].effects == found.base.effects
    for form in ("decisiveness_low", "decisiveness_high", "best_reply", "linear_leverage"):
        assert found.forms[form].effects != found.base.effects
    assert found.fragile is not None


def test_what_records_keep_once_a_year_is_measured_in_any_month(tmp_path: Path) -> None:
    old = "{variable: tension, where: {country: hill}, when: end}"
    assert old in ALONE
    found = tried(tmp_path, effort=ALONE.replace(old, "{variable: effort, where: {country: hill}, across: sum, when: 2020-06}"))
    effect = next(iter(found.values())).trials["documents"].found[0].effect
    assert effect.runs == RUNS and effect.low > 0


def test_a_claim_whose_runs_fail_is_undecided_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(job: Job) -> object:
        receipt = done(job)
        values = {key: np.where(receipt.runs == 3, np.nan, found) for key, found in receipt.values.items()}
        return replace(receipt, values=values, error=tuple("broken" if run == 3 else "" for run in receipt.runs))

    monkeypatch.setattr("sim.claims.bench.done", failing)
    where = folder(tmp_path, stirs=ALONE)
    found = read_all([where / "stirs.yaml"], read_readings(where / "readings.yaml"), {}, Wish())
    bench = Bench(Serial())
    try_all(found, bench, Wish())
    assert found[0].verdict == "undecided"
    assert found[0].trials["documents"].failed == 1
    assert bench.failed == bench.arms
    assert bench.first_error == "broken"


def test_a_run_that_raises_is_lost_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = InfluenceModel.step

    def raising(model: InfluenceModel) -> None:
        step(model)
        if 5 in model.run_ids:
            raise FloatingPointError("no number")

    monkeypatch.setattr(InfluenceModel, "step", raising)
    where = folder(tmp_path, stirs=ALONE)
    found = read_all([where / "stirs.yaml"], read_readings(where / "readings.yaml"), {}, Wish())
    bench = Bench(Serial())
    found[0].trials["documents"].ask(bench)
    bench.work()
    assert bench.failed == 2
    assert bench.first_error == "FloatingPointError: no number (run 5, seed 1)"
    trial = found[0].trials["documents"]
    trial.judge(bench)
    assert trial.found[0].effect.runs == RUNS - 1


def test_every_row_of_every_table_has_only_columns_that_the_file_has(tmp_path: Path) -> None:
    lost = "schema: 1\nclaim: T12\ntitle: Cannot be said\nnot_expressible: nothing in the model stands for it\n"
    found = tried(tmp_path, robust=True, null=NULL.replace("BOUND", "0.1").replace("runs: 8", "runs: 2"), lost=lost)
    made = tables(list(found.values()))
    assert set(made) == set(COLUMNS)
    for name, rows in made.items():
        assert rows
        assert all(set(row) <= set(COLUMNS[name]) for row in rows)
        assert csv_text(name, rows).count("\n") >= len(rows) + 1
    assert [row["verdict"] for row in made["claims"] if row["claim"] == "T12"] == ["not expressible"]
