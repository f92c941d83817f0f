"""Sweeps: the same bytes whoever makes them and in what pieces, nothing made twice, and rows that equal a single ensemble's."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.runs.results import Results
from sim.runs.standing import DirectoryFault
from sim.runs.sweep import Means
from sim.runs.tally import MOST_KEPT
from tests.runs.sweeps import SERIAL, InPieces, digests, experiment_text, made, small


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    made(small(folder), folder / "out")
    return folder / "out"


@pytest.mark.parametrize("rows", [1, 7, 1000])
def test_pieces_of_any_size_leave_the_same_bytes(whole: Path, tmp_path: Path, rows: int) -> None:
    made(small(tmp_path), tmp_path / "out", Means(executor="serial", work=InPieces(rows)))
    assert digests(tmp_path / "out") == digests(whole)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_any_number_of_workers_leaves_the_same_bytes(whole: Path, tmp_path: Path, workers: int) -> None:
    made(small(tmp_path), tmp_path / "out", Means(workers=workers))
    assert digests(tmp_path / "out") == digests(whole)


def test_shares_made_apart_and_merged_leave_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    experiment, out = small(tmp_path), tmp_path / "out"
    for share in (2, 3, 1):
        made(experiment, out, Means(executor="serial", share=(share, 3)))
        assert not (out / "outcomes").exists()
    assert made(experiment, out).done == 60
    assert digests(out) == digests(whole)


def test_a_row_is_the_run_of_the_scenario_with_the_changed_number(whole: Path) -> None:
    results = Results.read(whole)
    scenario = results.experiment.scenario
    for point, value in enumerate((15.0, 20.0, 25.0)):
        assert results.points["north"][point] == value
        record = sim.simulate(scenario.with_changes({"powers.north.capacity": value}), 20, 7)
        rows = results.outcomes[results.outcomes["point"] == point].reset_index(drop=True)
        alone = record.outcomes[list(rows.columns.drop(["run", "point"]))].astype(np.float32)
        pd.testing.assert_frame_equal(rows[alone.columns], alone)
        summary = results.summary[results.summary["point"] == point].drop(columns="point").reset_index(drop=True)
        expected = record.summary()
        expected = expected[expected["variable"].isin(set(summary["variable"]))].reset_index(drop=True)
        assert np.array_equal(summary["q95"], expected["q95"]) and np.array_equal(summary["mean"], expected["mean"])


def test_a_finished_sweep_is_left_alone(whole: Path) -> None:
    before = (whole / "manifest.json").stat().st_mtime_ns
    again = made(Results.read(whole).experiment, whole, runs=20)
    assert again.done == 60 and not again.failed
    assert (whole / "manifest.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("summary", [(), ("tension",)])
def test_added_points_and_runs_give_what_one_go_would_have_given(tmp_path: Path, summary: tuple[str, ...]) -> None:
    first, more = small(tmp_path, (15, 25), summary=summary), small(tmp_path, (15, 20, 25), runs=30, summary=summary)
    made(first, tmp_path / "grown")
    asked: list[int] = []

    def noted(job: object) -> object:
        asked.append(job.rows)  # type: ignore[attr-defined]
        return InPieces(1000)(job)  # type: ignore[arg-type]

    made(more, tmp_path / "grown", Means(executor="serial", work=noted))  # type: ignore[arg-type]
    assert sum(asked) == (90 if summary else 50)
    made(more, tmp_path / "one_go")
    tables = ("points", "runs", "outcomes", *(("summary",) if summary else ()))
    assert digests(tmp_path / "grown", tables) == digests(tmp_path / "one_go", tables)


def test_a_design_without_points_that_the_folder_has_is_refused(tmp_path: Path) -> None:
    made(small(tmp_path, (15, 20)), tmp_path / "out")
    with pytest.raises(DirectoryFault, match="1 of its 2 points that this design does not ask for"):
        made(small(tmp_path, (15, 21, 22)), tmp_path / "out")
    with pytest.raises(DirectoryFault, match="1 of its 2 points"):
        made(small(tmp_path, (15, 21)), tmp_path / "out")
    with pytest.raises(DirectoryFault, match=r"runs a point|histories"):
        made(small(tmp_path, (15, 20), runs=10), tmp_path / "out")
    assert len(Results.read(tmp_path / "out").points) == 2


def test_a_file_harmed_between_making_and_merging_is_made_again(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.runs import sweep

    merge, harmed = sweep.merge, []

    def harm_first(out: Any, experiment: Any, merger: Any, *more: Any) -> None:
        if not harmed:
            harmed.append(next((out.work / "shards").glob("[!.]*")))
            harmed[0].write_bytes(harmed[0].read_bytes()[:-5] + b"harm!")
        merge(out, experiment, merger, *more)

    monkeypatch.setattr(sweep, "merge", harm_first)
    made(small(tmp_path), tmp_path / "out", Means(executor="serial", work=InPieces(1000)))
    assert harmed and digests(tmp_path / "out") == digests(whole)


def test_an_arm_may_be_added_and_its_rows_pair_with_the_others(tmp_path: Path) -> None:
    def armed(names: tuple[str, ...]) -> str:
        arms = {"plain": "{}", "strong_east": "{set: {powers.east.capacity: 40}}"}
        return experiment_text((15, 20), 5) + "arms:\n" + "".join(f"  {name}: {arms[name]}\n" for name in names)

    for names in (("plain",), ("plain", "strong_east")):
        (tmp_path / "arms.yaml").write_text(armed(names))
        made(sim.read_experiment(tmp_path / "arms.yaml"), tmp_path / "out")
    results = Results.read(tmp_path / "out")
    assert list(results.points["arm"]) == ["plain", "plain", "strong_east", "strong_east"]
    means = results.outcomes.groupby("point")["plain.alignment.east.end"].mean()
    assert means[2] > means[0] and means[3] > means[1]


def test_beyond_the_kept_runs_summaries_are_tallied_to_the_same_bytes(tmp_path: Path) -> None:
    runs = MOST_KEPT + 300
    experiment = small(tmp_path, (15, 25), runs=runs, summary=("tension", "rung"))
    made(experiment, tmp_path / "one")
    made(experiment, tmp_path / "two", Means(executor="serial", work=InPieces(130)))
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    results = Results.read(tmp_path / "one")
    assert results.manifest["summary"]["tally"]["bins"] == 1024
    rows = results.summary[(results.summary["point"] == 1) & (results.summary["variable"] == "tension")]
    record = sim.simulate(experiment.scenario.with_changes({"powers.north.capacity": 25.0}), runs, 7)
    exact = record.summary()
    exact = exact[exact["variable"] == "tension"]
    assert set(rows["n"]) == {runs}
    assert np.abs(rows["mean"].to_numpy() - exact["mean"].to_numpy()).max() < 1e-5
    assert np.abs(rows["q95"].to_numpy() - exact["q95"].to_numpy()).max() <= 1 / 1024


def test_the_status_of_a_sweep_is_told_and_nothing_is_changed(tmp_path: Path) -> None:
    from sim.runs.sweep import plan_of, standing_told

    experiment, out = small(tmp_path), tmp_path / "out"
    assert "holds no sweep" in standing_told(out, plan_of(experiment))
    made(experiment, out, Means(executor="serial", share=(1, 2)))
    before = sorted(path for path in out.rglob("*"))
    assert "of 60 histories are done" in standing_told(out, plan_of(experiment))
    assert sorted(out.rglob("*")) == before
    made(experiment, out, SERIAL)
    assert "is finished: 60 histories, 0 of them failed" in standing_told(out, plan_of(experiment))
