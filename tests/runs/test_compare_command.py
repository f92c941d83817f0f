"""Comparing scenarios: paired by luck, told with paired and unpaired intervals, and the same from Python."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import sim
from sim.cli import suasion
from sim.comparing import compare
from sim.runs.results import Results

STRONG = "schema: 1\nextends: tutorial.yaml\ntitle: A strong east\nset: {powers.east.capacity: 40}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("compare")
    (path / "strong.yaml").write_text(STRONG)
    words = ["compare", "scenarios/tutorial.yaml", str(path / "strong.yaml"), "--runs", "12", "--out", str(path / "out")]
    done = CliRunner().invoke(suasion, [*words, "--executor", "serial"])
    assert done.exit_code == 0, done.output
    (path / "told.txt").write_text(done.stdout)
    return path


def test_a_stronger_east_wins_countries_over(folder: Path) -> None:
    told = (folder / "told.txt").read_text()
    assert "strong against tutorial" in told and "12 paired runs" in told
    assert "95% paired" in told and "95% unpaired" in told
    table = pd.read_csv(folder / "out" / "analysis" / "comparison.csv")
    row = table[table["outcome"] == "plain.alignment.east.end"].iloc[0]
    assert row["difference"] > 0 and row["low"] > 0 and row["pairs"] == 12


def test_the_charts_and_the_differences_by_month_are_in_the_folder(folder: Path) -> None:
    out = folder / "out"
    assert {path.name for path in (out / "charts").glob("*.png")} == {"difference.png", "ranking.png"}
    table = pd.read_parquet(out / "differences")
    outcomes = Results.read(out).outcomes
    ends = [outcomes[outcomes["point"] == point]["plain.tension.end"].to_numpy() for point in (0, 1)]
    last = table[(table["actor"] == "plain") & (table["variable"] == "tension")].iloc[-1]
    assert last["mean"] == pytest.approx(float(np.mean(ends[1] - ends[0])), abs=1e-6)
    assert last["n"] == 12


def test_the_manifest_names_the_charts_and_the_report_too(folder: Path) -> None:
    files = Results.read(folder / "out").manifest["files"]
    assert {"charts/ranking.png", "analysis/comparison.csv", "report.html"} <= set(files)


def test_comparing_in_python_gives_the_same_table(folder: Path) -> None:
    base, strong = sim.read_scenario("scenarios/tutorial.yaml"), sim.read_scenario(folder / "strong.yaml")
    found = compare(base, strong, runs=12).table.sort_values("outcome")
    told = pd.read_csv(folder / "out" / "analysis" / "comparison.csv").sort_values("outcome")
    assert list(found["outcome"]) == list(told["outcome"])
    assert np.allclose(found["difference"], told["difference"], atol=1e-5, equal_nan=True)


def test_one_scenario_is_no_comparison() -> None:
    done = CliRunner().invoke(suasion, ["compare", "scenarios/tutorial.yaml"])
    assert done.exit_code == 2 and "two scenarios or more" in done.output


def test_a_scenario_compared_with_itself_is_refused_as_the_same() -> None:
    done = CliRunner().invoke(suasion, ["compare", "scenarios/tutorial.yaml", "scenarios/tutorial.yaml"])
    assert done.exit_code == 2 and "the same scenario" in done.output
