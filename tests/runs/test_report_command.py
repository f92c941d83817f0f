"""Drawing finished results anew: the same pictures, from checked tables only."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import suasion
from sim.runs.standing import read_manifest


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "tutorial"
    done = CliRunner().invoke(suasion, ["run", "scenarios/tutorial.yaml", "--runs", "8", "--out", str(path)])
    assert done.exit_code == 0, done.output
    return path


def test_lost_charts_come_back_as_they_were(out: Path, tmp_path: Path) -> None:
    before = read_manifest(out)["files"]
    (out / "charts" / "fans.png").unlink()
    (out / "report.html").unlink()
    done = CliRunner().invoke(suasion, ["report", str(out), "--out", str(tmp_path / "briefing.html")])
    assert done.exit_code == 0, done.output
    after = read_manifest(out)["files"]
    assert (
        after["charts/fans.png"] == before["charts/fans.png"]
        and after["outcomes/part-00000.parquet"] == before["outcomes/part-00000.parquet"]
    )
    assert (tmp_path / "briefing.html").read_bytes() == (out / "report.html").read_bytes()


def test_results_that_were_changed_by_hand_are_not_drawn(out: Path, tmp_path: Path) -> None:
    part = out / "outcomes" / "part-00000.parquet"
    content = part.read_bytes()
    part.write_bytes(content + b" ")
    done = CliRunner().invoke(suasion, ["report", str(out)])
    part.write_bytes(content)
    assert done.exit_code == 5 and "part-00000.parquet" in done.output


def test_a_folder_without_results_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(suasion, ["report", str(tmp_path)])
    assert done.exit_code == 2 and "no finished simulation" in done.output
