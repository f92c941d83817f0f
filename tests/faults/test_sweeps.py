"""Faults of whole sweeps, injected for real: runs that raise, kills, full disks, changed scenarios, other environments."""

import itertools
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.model import InfluenceModel
from sim.runs.disk import DiskFault
from sim.runs.jobs import Job, done
from sim.runs.results import Results
from sim.runs.shards import Receipt
from sim.runs.standing import DirectoryFault
from sim.runs.sweep import Means
from sim.runs.workers import Local
from tests.runs.sweeps import SERIAL, InPieces, digests, experiment_text, made, small, suasion

TABLES = ("points", "runs", "outcomes", "summary")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Digests of an undisturbed sweep."""
    folder = tmp_path_factory.mktemp("whole")
    made(small(folder), folder / "out")
    return digests(folder / "out")


def written(folder: Path, runs: int = 20) -> Path:
    path = folder / "small.yaml"
    path.write_text(experiment_text(runs=runs), encoding="utf-8")
    return path


def test_f01_one_run_raises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One run raises."""
    step = InfluenceModel.step

    def faulty(model: InfluenceModel) -> None:
        if model.month == 3 and any(model.run_ids[model.lanes.set["powers.north.capacity"][: len(model.run_ids)] == 20] == 11):
            raise RuntimeError("planted in run 11")
        step(model)

    monkeypatch.setattr(InfluenceModel, "step", faulty)
    outcome = made(small(tmp_path), tmp_path / "out")
    results = Results.read(tmp_path / "out")
    failed = results.runs[results.runs["status"] != "ok"]
    assert outcome.failed == {"error": 1}
    assert failed[["point", "run", "status"]].to_numpy().tolist() == [[1, 11, "error"]]
    assert "planted in run 11" in failed["error"].iloc[0] and "run 11, seed 7" in failed["error"].iloc[0]
    assert len(results.outcomes) == 59 and results.manifest["counts"] == {"planned": 60, "ok": 59, "failed": 1, "missing": 0, "error": 1}
    assert set(results.summary.loc[results.summary["point"] == 1, "n"]) == {19}


def test_f02_a_run_stops_being_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run turns NaN or infinite."""
    step = InfluenceModel.step

    def poisoned(model: InfluenceModel) -> None:
        step(model)
        if model.month == 4 and 7 in model.run_ids:
            model.world.tension[:, np.flatnonzero(model.run_ids == 7)] = np.inf

    monkeypatch.setattr(InfluenceModel, "step", poisoned)
    outcome = made(small(tmp_path), tmp_path / "out")
    results = Results.read(tmp_path / "out")
    failed = results.runs[results.runs["status"] == "nonfinite"]
    assert outcome.failed == {"nonfinite": 3} and list(failed["run"]) == [7, 7, 7]
    assert failed["error"].str.contains("tension is not a finite number in month 3").all()
    assert np.isfinite(results.outcomes.filter(like="tension")).all(axis=None)
    assert set(results.summary["n"]) == {19}


def test_f03_a_run_always_kills_its_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run always kills its worker."""
    experiment = small(tmp_path)
    from sim.runs.points import points_of

    work = Killing(points_of(experiment).keys[1], 5)
    outcome = made(experiment, tmp_path / "out", Means(workers=2, work=work))
    failed = Results.read(tmp_path / "out").runs.query("status != 'ok'")
    assert outcome.failed == {"crashed": 1} and failed[["point", "run", "status"]].to_numpy().tolist() == [[1, 5, "crashed"]]


class Killing:
    """Work that dies with its process at one row."""

    def __init__(self, key: str, run: int) -> None:
        self.key, self.run = key, run

    def __call__(self, job: Job) -> Receipt:
        place = job.keys.index(self.key) if self.key in job.keys else -1
        if np.any((job.run == self.run) & (job.place == place)):
            os.kill(os.getpid(), signal.SIGKILL)
        return done(job)


SLOW = """
import sys, time
from pathlib import Path
import sim
from sim.runs.jobs import done
from sim.runs.sweep import Means, make, plan_of
from tests.runs.sweeps import InPieces

class Slow(InPieces):
    def __call__(self, job):
        time.sleep({pause})
        return done(job)

def main():
    import sim.runs.plan as plan
    plan.WORTH_A_JOB = 1e-9
    plan.PADDING = 1
    experiment = sim.read_experiment(sys.argv[1])
    cut = plan_of(experiment)
    cut.packed.update({{name: __import__("dataclasses").replace(arm, width=4) for name, arm in cut.packed.items()}})
    make(experiment, cut, Path(sys.argv[2]), Means(executor={executor!r}, work=Slow(4)))

if __name__ == "__main__":
    main()
"""


def slow_sweep(folder: Path, pause: float, executor: str = "serial") -> list[str]:
    """A command that makes the small sweep in jobs of four rows, each after a pause."""
    script = folder / "slow.py"
    script.write_text(SLOW.format(pause=pause, executor=executor), encoding="utf-8")
    return [sys.executable, str(script), str(written(folder)), str(folder / "out")]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def shards_of(folder: Path) -> int:
    return len(list((folder / "out" / ".work" / "shards").glob("[!.]*")))


def killed_after(command: list[str], folder: Path, more: int) -> int:
    """Starts a sweep and kills it with -9 once so many more files are there; gives its exit code."""
    goal = shards_of(folder) + more
    with subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL) as program:
        for _ in range(1200):
            if shards_of(folder) >= goal or program.poll() is not None:
                break
            time.sleep(0.02)
        program.kill()
        return program.wait()


def test_f07_the_program_is_killed_again_and_again(tmp_path: Path, whole: dict[str, str]) -> None:
    """The program itself is killed at random moments."""
    command = slow_sweep(tmp_path, 0.05)
    luck, before = random.Random(7), 0
    for _ in range(3):
        assert killed_after(command, tmp_path, luck.randint(1, 3)) == -signal.SIGKILL
        assert shards_of(tmp_path) >= before, "a finished job was lost"
        before = shards_of(tmp_path)
    assert 0 < before < 15
    subprocess.run(command, env=environment(), check=True)
    assert digests(tmp_path / "out") == whole
    assert not (tmp_path / "out" / ".work").exists()


@pytest.mark.slow
def test_f09_a_storm_of_kills(tmp_path: Path, whole: dict[str, str]) -> None:
    """The program is killed every few seconds, many times over."""
    command, kills = slow_sweep(tmp_path, 0.3), 0
    while not (tmp_path / "out" / "manifest.json").exists() and kills < 50:
        before = shards_of(tmp_path)
        if killed_after(command, tmp_path, 1) == 0:
            break
        kills += 1
        assert shards_of(tmp_path) > before, "a start made no progress"
    assert kills >= 10
    assert digests(tmp_path / "out") == whole


def test_f10_f12_a_sweep_told_to_stop_keeps_what_is_done(tmp_path: Path) -> None:
    """Ctrl-C, SIGTERM and SIGHUP in the middle of a sweep."""
    big = experiment_text(runs=200).replace("[15, 20, 25]", str(list(range(10, 310))))
    (tmp_path / "big.yaml").write_text(big, encoding="utf-8")
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
        command = [sys.executable, "-m", "sim", "sweep", "big.yaml", "--out", "out", "--no-charts", "--workers", "2"]
        program = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True, start_new_session=True)
        before = shards_of(tmp_path)
        for _ in range(3000):
            if shards_of(tmp_path) > before or program.poll() is not None:
                break
            time.sleep(0.02)
        kept = shards_of(tmp_path)
        os.killpg(program.pid, number) if number == signal.SIGINT else program.send_signal(number)
        _, talk = program.communicate(timeout=30)
        assert program.returncode == code, talk
        assert "the same command goes on from there" in talk and "Traceback" not in talk
        assert shards_of(tmp_path) >= kept > before
        assert not (tmp_path / "out" / "manifest.json").exists()


def test_f14_the_disk_fills_while_it_works(tmp_path: Path, whole: dict[str, str]) -> None:
    """The disk fills up while jobs are done."""
    experiment = small(tmp_path)
    full = Means(executor="serial", work=Full(40))
    with pytest.raises(DiskFault, match="bytes free"):
        made(experiment, tmp_path / "out", full)
    assert shards_of(tmp_path) > 0
    made(experiment, tmp_path / "out")
    assert digests(tmp_path / "out") == whole


class Full(InPieces):
    """Work that may write no file larger than a few bytes once so many rows are done."""

    def __call__(self, job: Job) -> Receipt:
        done(job.part(0, self.rows // 2))
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, limits[1]))
        try:
            return done(job.part(self.rows // 2, job.rows))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
            signal.signal(signal.SIGXFSZ, before)


def test_f15_the_disk_fills_in_the_merge(tmp_path: Path, whole: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk fills up in the final merge."""
    from sim.runs import store

    experiment = small(tmp_path)
    write = store.write_part

    def full(path: Path, rows: Any) -> None:
        if "summary" in str(path):
            raise OSError(28, "No space left on device", str(path))
        write(path, rows)

    with monkeypatch.context() as patched:
        patched.setattr(store, "write_part", full)
        with pytest.raises(DiskFault, match="No space left"):
            made(experiment, tmp_path / "out")
    assert shards_of(tmp_path) > 0 and not (tmp_path / "out" / "manifest.json").exists()
    asked: list[int] = []
    made(experiment, tmp_path / "out", Means(executor="serial", work=Counting(asked)))
    assert asked == [] and digests(tmp_path / "out") == whole


class Counting:
    """Work that takes down how many rows it was asked for."""

    def __init__(self, asked: list[int]) -> None:
        self.asked = asked

    def __call__(self, job: Job) -> Receipt:
        self.asked.append(job.rows)
        return done(job)


def test_f18_two_sweeps_in_one_folder(tmp_path: Path) -> None:
    """A second program wants the same folder."""
    command = slow_sweep(tmp_path, 0.2)
    with subprocess.Popen(command, env=environment()) as first:
        for _ in range(1200):
            if shards_of(tmp_path) or first.poll() is not None:
                break
            time.sleep(0.02)
        second = suasion("sweep", "small.yaml", "--out", "out", "--no-charts", cwd=tmp_path, env=environment())
        first.kill()
    assert second.returncode == 4 and str(first.pid) in second.stderr


def test_f20_the_scenario_changed_between_two_goes(tmp_path: Path) -> None:
    """A number of the scenario is edited, or only its comments and the order of its keys."""
    path, out = written(tmp_path), tmp_path / "out"
    made(small(tmp_path), out, Means(executor="serial", share=(1, 2)))
    edited = experiment_text() + "set: {powers.east.capacity: 21}\n"
    path.write_text(edited, encoding="utf-8")
    refused = suasion("sweep", str(path), "--out", str(out), "--no-charts", "--executor", "serial", env=environment())
    assert refused.returncode == 2 and "scenario.set.powers.east.capacity" in refused.stderr
    lines = experiment_text().strip().split("\n")
    path.write_text("# another comment\n" + "\n".join([*lines[3:6], *lines[:3], *lines[6:]]) + "\n", encoding="utf-8")
    accepted = suasion("sweep", str(path), "--out", str(out), "--no-charts", "--executor", "serial", env=environment())
    assert accepted.returncode == 0, accepted.stderr


def test_f21_other_versions_or_another_processor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program, NumPy or the processor is another one when the sweep is taken up again."""
    from sim.runs import jobs, sweep

    experiment, out = small(tmp_path), tmp_path / "out"
    made(experiment, out, Means(executor="serial", share=(1, 2)))
    other = {**sweep.makers(), "numpy": "1.0"}
    monkeypatch.setattr(sweep, "makers", lambda: other)
    monkeypatch.setattr(jobs, "makers", lambda: other)
    with pytest.raises(DirectoryFault, match=r"versions\.numpy"):
        made(experiment, out)
    assert made(experiment, out, Means(executor="serial", allow_mixed=True)).done == 60


MATRIX = [
    {"PYTHONHASHSEED": "0", "LANG": "C"},
    {"PYTHONHASHSEED": "1", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"},
    {"PYTHONHASHSEED": "random", "LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns", "PYTHONUTF8": "0"},
]


@pytest.mark.parametrize("env", MATRIX, ids=["hash seed 0", "Turkish, hash seed 1", "German, random hash seed"])
def test_f27_other_environments(tmp_path: Path, whole: dict[str, str], env: dict[str, str]) -> None:
    """Hash seeds, locales, time zones and working folders differ."""
    written(tmp_path)
    inner = tmp_path / "somewhere" / "else"
    inner.mkdir(parents=True)
    words = ("sweep", "../../small.yaml", "--out", str(tmp_path / "out"), "--no-charts", "--executor", "serial")
    finished = suasion(*words, cwd=inner, env={**environment(), **env})
    assert finished.returncode == 0, finished.stderr
    assert digests(tmp_path / "out") == whole


@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_f28_start_methods(tmp_path: Path, whole: dict[str, str], method: str) -> None:
    """Workers are started in another way, and work is cut otherwise."""
    made(small(tmp_path), tmp_path / "out", Means(executor=Local(2, method), work=InPieces(7)))
    assert digests(tmp_path / "out") == whole


@pytest.mark.slow
@pytest.mark.parametrize(("workers", "rows", "method"), list(itertools.product((1, 2, 4, 16), (1, 7, 64, 1000), ("forkserver", "spawn"))))
def test_f28_the_whole_matrix(tmp_path: Path, whole: dict[str, str], workers: int, rows: int, method: str) -> None:
    """Every number of workers with every cut and every start method."""
    made(small(tmp_path), tmp_path / "out", Means(executor=Local(workers, method), work=InPieces(rows)))
    assert digests(tmp_path / "out") == whole


def test_f29_processor_features_switched_off(tmp_path: Path) -> None:
    """NumPy is kept from using the processor's wide instructions."""
    import pandas as pd

    path = written(tmp_path)
    words = ("sweep", str(path), "--no-charts", "--executor", "serial", "--out")
    plain = suasion(*words, str(tmp_path / "plain"), env=environment())
    narrow = environment() | {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX X86_V3 X86_V4", "PYTHONWARNINGS": "ignore"}
    other = suasion(*words, str(tmp_path / "other"), env=narrow)
    assert plain.returncode == other.returncode == 0, other.stderr
    made_by = [json.loads((tmp_path / name / "manifest.json").read_text())["identity"]["versions"] for name in ("plain", "other")]
    if made_by[0] == made_by[1]:
        pytest.skip("this build of NumPy does not let its features be switched off")
    tables = [pd.read_parquet(tmp_path / name / "outcomes") for name in ("plain", "other")]
    assert np.allclose(tables[0], tables[1], atol=1e-6, equal_nan=True)
    again = suasion("sweep", str(path), "--no-charts", "--executor", "serial", "--out", str(tmp_path / "plain"), env=narrow)
    assert again.returncode == 2 and "versions.processor" in again.stderr


def test_f30_nobody_listens(tmp_path: Path) -> None:
    """Standard output is closed, a pipe ends early, there is no terminal, colours are not wanted."""
    written(tmp_path)
    command = f"{sys.executable} -m sim sweep small.yaml --dry-run"
    for line in (f"{command} >&-", f"{command} | true", f"{command} </dev/null | head -c 1", f"NO_COLOR=1 TERM=dumb {command}"):
        ended = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment(), capture_output=True, text=True)
        assert "Traceback" not in ended.stderr, line
        assert "\x1b" not in ended.stdout
    closed = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m sim sweep small.yaml --executor serial --no-charts >&- 2>&-"], cwd=tmp_path, env=environment()
    )
    assert closed.returncode == 0 and (tmp_path / "out" / "small" / "manifest.json").exists()


def test_f34_hand_made_tables(tmp_path: Path) -> None:
    """A table in the folder was made by hand: another schema, an extension type, a Python object in disguise."""
    out = tmp_path / "out"
    made(small(tmp_path), out, SERIAL)
    part = out / "outcomes" / "part-00000.parquet"
    rows = pq.read_table(part)
    strange = {
        "a missing column": rows.drop_columns(["run"]),
        "an unknown column": rows.append_column("extra", pa.array([b"\x80\x04N."] * rows.num_rows)),
        "texts for numbers": rows.set_column(0, "run", pa.array(["0"] * rows.num_rows)),
        "rows twice": pa.concat_tables([rows, rows]),
    }
    for words, table in strange.items():
        pq.write_table(table, part)
        with pytest.raises((DiskFault, DirectoryFault)):
            _ = Results.read(out).outcomes
            pytest.fail(words)
    source = "\n".join(path.read_text(encoding="utf-8") for path in (Path(__file__).parents[2] / "sim").rglob("*.py"))
    for word in ("pickle.load(", "cloudpickle", "eval(", "exec(", "allow_pickle=True", "read_pickle"):
        assert word not in source.replace("retrieval(", ""), word
