"""`suasion policies` and the questions of a sweep, from the file to the charts."""

import json
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from sim.cli import suasion
from tests.scenario.small import small

SHORT = small(time="{start: 2020-01, months: 6}", ensemble="{runs: 2, seed: 1}")
DESIGN = "design: {method: latin_hypercube, points: 24}\nfactors:\n  - {id: purse, path: powers.east.capacity, low: 0, high: 30}\n"
POLICIES = SHORT + DESIGN + (
    "arms:\n  as_is: {}\n  more: {set: {powers.west.capacity: 12}}\n"
    "owners: {more: west}\n"
    "goals: [{outcome: avala.alignment.west.end, better: higher, for: west}, {outcome: avala.tension.end, better: lower, for: west}]\n"
    "outcomes: [alignment, tension]\n"
)  # fmt: skip


def asked(folder: Path, command: str, text: str, *more: str) -> str:
    (folder / "asked.yaml").write_text(text, encoding="utf-8")
    words = [command, str(folder / "asked.yaml"), "--out", str(folder / "out"), "--executor", "serial", *more]
    found = CliRunner().invoke(suasion, words, catch_exceptions=False)
    return f"{found.exit_code} {found.output}"


def test_policies_are_swept_ranked_told_and_drawn_and_not_run_twice(tmp_path: Path) -> None:
    said = asked(tmp_path, "policies", POLICIES)
    assert said.startswith("0 ") and "choices of west" in said and "more changes, in hundredths of each actor's span: west +" in said
    table = pd.read_csv(tmp_path / "out" / "analysis" / "policies.csv")
    assert list(table["policy"]) == ["more", "as_is"] and (tmp_path / "out" / "charts" / "pareto_west.png").exists()
    again = asked(tmp_path, "policies", POLICIES, "--json", "--no-charts")
    assert "is finished and holds 96 histories" in again
    found = json.loads(again[again.index("{") :])
    assert found["ranking"][0]["policy"] == "more" and {row["policy"] for row in found["gains"]} == {"more"}


def test_an_experiment_without_goals_is_refused_with_the_keys_that_it_needs(tmp_path: Path) -> None:
    said = asked(tmp_path, "policies", SHORT + DESIGN + "outcomes: [alignment]\n")
    assert said.startswith("2 ") and "asks for no policies; say what is wanted and whose each arm is: goals:" in said


@pytest.mark.parametrize("level", [0.5, -1])
def test_a_discovery_is_asked_anew_of_the_same_histories(tmp_path: Path, level: float) -> None:
    text = SHORT + DESIGN + "outcomes: [alignment]\nfocus: [avala.alignment.east.end]\n"
    plain = asked(tmp_path, "sweep", text)
    assert plain.startswith("0 ") and (tmp_path / "out" / "analysis" / "answers.csv").exists()
    values = pd.read_parquet(tmp_path / "out" / "outcomes").groupby("point")["avala.alignment.east.end"].mean()
    above = float(values.median()) if level > 0 else level
    said = asked(tmp_path, "sweep", text + f"discover: {{outcome: avala.alignment.east.end, above: {above:.6f}, name: the east wins}}\n")
    assert "is finished and holds 48 histories" in said
    if level < 0:
        assert "not drawn: avala.alignment.east.end: 24 of 24 points are cases" in said
        return
    box = pd.read_csv(tmp_path / "out" / "analysis" / "discovery.csv")
    assert list(box["factor"]) == ["purse"] and list(box["side"]) == ["at least"] and box["density"].iloc[0] > 0.8
    assert (tmp_path / "out" / "charts" / "discovery_avala_alignment_east_end.png").exists()


def test_a_tipping_point_stands_beside_the_levels_of_its_grid(tmp_path: Path) -> None:
    text = SHORT + "design: {method: grid}\nfactors:\n  - {id: purse, path: powers.east.capacity, low: 0, high: 30, levels: 5}\n"
    said = asked(
        tmp_path, "sweep", text + "outcomes: [alignment]\nfocus: [avala.alignment.east.end]\ntipping: {outcome: avala.alignment.east.end}\n"
    )
    assert said.startswith("0 ")
    table = pd.read_csv(tmp_path / "out" / "analysis" / "tipping.csv")
    assert table["rises"].iloc[0] and 0 < table["place"].iloc[0] < 30
    charts = {path.name for path in (tmp_path / "out" / "charts").glob("*.png")}
    assert charts == {"levels_avala_alignment_east_end.png", "tipping_avala_alignment_east_end.png"}
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure") == len(charts)
