"""The command, on claims over a small world in a folder of their own."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sim.cli import suasion
from tests.claims.worlds import READINGS, STIRS, folder

LOST = "schema: 1\nclaim: T12\ntitle: Cannot be said\nnot_expressible: nothing in the model stands for it\n"


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder whose claims are T03, which is tried, and T12, which the model cannot express."""
    claims = tmp_path / "experiments/claims"
    (claims / "worlds").mkdir(parents=True)
    folder(claims / "worlds")
    (claims / "worlds/readings.yaml").unlink()
    texts = {"T03": STIRS.replace("small.yaml", "worlds/small.yaml"), "T12": LOST}
    texts["readings"] = READINGS.replace("extends: ", "extends: worlds/")
    for name, text in texts.items():
        (claims / f"{name}.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(*words: str) -> Result:
    return CliRunner().invoke(suasion, ["claims", "--executor", "serial", *words])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_claim_that_is_none_of_the_documents_is_tried_with_a_note(there: Path) -> None:
    own = there / "own.yaml"
    text = STIRS.replace("claim: T03", "claim: X1").replace("extends: small.yaml", "extends: experiments/claims/worlds/small.yaml")
    own.write_text(text, encoding="utf-8")
    found = command(str(own), "--runs", "4")
    assert found.exit_code == 0, found.output
    assert "X1 is none of seeds/claims.yaml; it is counted as a finding" in found.stderr
    assert "none of seeds" not in command("T03", "--runs", "4").stderr


def test_all_claims_are_tried_told_and_kept(there: Path) -> None:
    found = command("--runs", "4", "--page", "page.md")
    assert found.exit_code == 0, found.output
    assert found.stdout.startswith("A verdict says what this model makes of a claim")
    line = next(line for line in found.stdout.splitlines() if line.startswith("T03"))
    assert line.split("partly built")[1].split()[:2] == ["yes", "no"]
    assert "1 supported" in found.stdout
    assert "1 not expressible" in found.stdout
    assert "of 0 verdicts" not in found.stdout
    out = there / "out/claims"
    assert [(row["claim"], row["reading"], row["verdict"]) for row in rows(out / "claims.csv")] == [
        ("T03", "documents", "supported"),
        ("T03", "calm", "refuted"),
        ("T12", "", "not expressible"),
    ]
    assert {row["runs"] for row in rows(out / "expectations.csv")} == {"4"}
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["identity"]["runs"] == 4
    assert manifest["runs"]["failed"] == 0
    page = (there / "page.md").read_text(encoding="utf-8")
    assert "made by `suasion claims --runs 4 --page FILE`" in page
    assert "### T12: not expressible" in page


def test_the_same_command_again_leaves_the_same_tables(there: Path) -> None:
    made = []
    for _ in range(2):
        assert command("T03", "--runs", "2", "--seed", "5").exit_code == 0
        made.append([path.read_bytes() for path in sorted((there / "out/claims").glob("*.csv"))])
    assert len(made[0]) == 5
    assert made[0] == made[1]


def test_plain_data_is_the_tables(there: Path) -> None:
    found = command("T03", "--runs", "2", "--json")
    made: dict[str, list[dict[str, Any]]] = json.loads(found.stdout)
    assert made["claims"][0]["verdict"] == "supported"
    assert made["expectations"][0]["contrast"] == "as_was - without"


def test_a_claim_without_a_file_is_refused_with_those_there_are(there: Path) -> None:
    found = command("T02")
    assert found.exit_code == 2
    assert "no claim called 'T02'; claims are T03, T12" in found.stderr


def test_faults_of_all_files_come_before_any_run(there: Path) -> None:
    claims = there / "experiments/claims"
    (claims / "T12.yaml").write_text(LOST.replace("title", "titel"), encoding="utf-8")
    (claims / "T03.yaml").write_text(STIRS.replace("small.yaml", "worlds/small.yaml").replace("end}", "ende}"), encoding="utf-8")
    found = command()
    assert found.exit_code == 2
    assert "T03.yaml has 1 fault" in found.stderr
    assert "T12.yaml has 2 faults" in found.stderr
    assert not (there / "out").exists()


def test_two_files_of_one_claim_are_refused(there: Path) -> None:
    (there / "experiments/claims/T13.yaml").write_text(LOST, encoding="utf-8")
    found = command()
    assert found.exit_code == 2
    assert "both state T12; a claim has one file" in found.stderr


def test_a_command_that_is_stopped_leaves_nothing_half_written(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert command("T03", "--runs", "2").exit_code == 0
    before = {path.name: path.read_bytes() for path in (there / "out/claims").iterdir()}

    def stopped(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.claims.bench.carry_out", stopped)
    found = command("T03", "--runs", "3")
    assert found.exit_code == 130
    assert "nothing is kept" in found.stderr
    assert {path.name: path.read_bytes() for path in (there / "out/claims").iterdir()} == before


def test_a_folder_of_somebody_else_is_refused_before_any_run(there: Path) -> None:
    (there / "mine").mkdir()
    (there / "mine/notes.txt").write_text("keep", encoding="utf-8")
    found = command("T03", "--out", "mine")
    assert found.exit_code == 2
    assert (there / "mine/notes.txt").read_text(encoding="utf-8") == "keep"


def test_results_of_another_kind_are_never_replaced(there: Path) -> None:
    made = CliRunner().invoke(
        suasion, ["run", "experiments/claims/worlds/small.yaml", "--runs", "2", "--keep", "outcomes", "--no-charts", "--out", "runs"]
    )
    assert made.exit_code == 0, made.output
    before = {path: path.read_bytes() for path in (there / "runs").rglob("*") if path.is_file()}
    found = command("--runs", "4", "--out", "runs")
    assert found.exit_code == 2
    assert "runs holds 2 runs, and claims would replace them; name another folder by --out" in found.stderr
    assert {path: path.read_bytes() for path in (there / "runs").rglob("*") if path.is_file()} == before
