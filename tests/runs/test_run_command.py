"""`suasion run`, as its users script against it: files, exit codes, refusals that leave nothing behind."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from sim.cli import suasion

TUTORIAL = "scenarios/tutorial.yaml"


def said(*words: str) -> Result:
    return CliRunner().invoke(suasion, ["run", *words])


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "out"
    result = said(TUTORIAL, "--runs", "16", "--seed", "3", "--keep", "all", "--out", str(out), "--no-charts")
    assert result.exit_code == 0, result.output
    return out


def parts(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.parquet"))


def test_the_folder_holds_the_tables_of_its_rung(done: Path) -> None:
    assert {path.split("/")[0] for path in parts(done)} == {"runs", "outcomes", "summary", "series", "events", "acts"}
    assert not (done / ".work").exists()


def test_the_manifest_tells_counts_seed_and_scenario(done: Path) -> None:
    manifest = json.loads((done / "manifest.json").read_text())
    assert manifest["counts"] == {"planned": 16, "ok": 16, "failed": 0, "missing": 0}
    assert manifest["identity"]["seed"] == 3 and manifest["identity"]["scenario"]["title"]


def test_the_same_command_again_says_so_and_changes_nothing(done: Path) -> None:
    before = {path: (done / path).read_bytes() for path in parts(done)}
    again = said(TUTORIAL, "--runs", "16", "--seed", "3", "--keep", "all", "--out", str(done), "--no-charts")
    assert again.exit_code == 0 and "finished" in again.output
    assert before == {path: (done / path).read_bytes() for path in parts(done)}


def test_another_scenario_in_the_same_folder_is_refused_with_the_changed_numbers(done: Path) -> None:
    other = said(TUTORIAL, "--runs", "16", "--seed", "4", "--out", str(done), "--keep", "all", "--no-charts")
    assert other.exit_code == 2 and "seed" in other.output


def test_summary_and_outcomes_are_the_same_bytes_with_one_worker_and_two(tmp_path: Path) -> None:
    for workers in ("1", "2"):
        result = said(TUTORIAL, "--runs", "40", "--seed", "1", "--workers", workers, "--out", str(tmp_path / workers), "--no-charts")
        assert result.exit_code == 0, result.output
    assert parts(tmp_path / "1") == parts(tmp_path / "2")
    for part in parts(tmp_path / "1"):
        if part.startswith(("summary", "outcomes")):
            assert (tmp_path / "1" / part).read_bytes() == (tmp_path / "2" / part).read_bytes(), part


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--set", "powers.nobody.capacity=1"], "no number at"),
        (["--set", "powers.east.capacity=many"], "powers.east.capacity"),
        (["--runs", "0"], "runs"),
        (["--runs", "1000000000000"], "runs"),
        (["--workers", "100000"], "workers"),
        (["--months", "0"], "months"),
    ],
)
def test_bad_words_are_refused_and_leave_no_folder(tmp_path: Path, words: list[str], told: str) -> None:
    result = said(TUTORIAL, "--out", str(tmp_path / "out"), *words)
    assert result.exit_code == 2 and told in result.output
    assert not (tmp_path / "out").exists()


def test_a_missing_scenario_is_one_line_and_exit_code_two(tmp_path: Path) -> None:
    result = said(str(tmp_path / "nowhere.yaml"), "--out", str(tmp_path / "out"))
    assert result.exit_code == 2 and not (tmp_path / "out").exists()


def test_the_plan_names_every_act_and_runs_nothing() -> None:
    from sim.turn import TURN

    result = said(TUTORIAL, "--plan")
    assert result.exit_code == 0 and all(act.name in result.output for act in TURN)


def test_a_chronicle_tells_one_history_and_writes_nothing(tmp_path: Path) -> None:
    result = said("scenarios/western_balkans_2017.yaml", "--seed", "7", "--months", "36", "--chronicle")
    assert result.exit_code == 0 and "2017-" in result.output and "Montenegro" in result.output


def test_a_shorter_run_is_the_beginning_of_the_longer_one(tmp_path: Path) -> None:
    for months in ("6", "12"):
        assert (
            said(TUTORIAL, "--runs", "8", "--months", months, "--keep", "series", "--out", str(tmp_path / months), "--no-charts").exit_code
            == 0
        )
    short, long = (pq.read_table(tmp_path / months / "series" / "powers").to_pandas() for months in ("6", "12"))
    first = long[long.date <= short.date.max()].reset_index(drop=True)
    assert first.equals(short)
