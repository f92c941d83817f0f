"""The output directory: refusals, locking, whole files, resuming, and parts whose bytes depend on rows alone."""

import contextlib
import fcntl
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.runs.disk import DirectoryLock, FileLock, is_temporary, temporary_name, whole_file
from sim.runs.parts import ROWS_A_PART
from sim.runs.standing import seed_held
from sim.runs.store import (
    DirectoryFault,
    DirectoryInUse,
    DiskFault,
    OutputDirectory,
    Standing,
    read_manifest,
    read_parts,
    table_of,
    write_parts,
)

IDENTITY: dict[str, Any] = {
    "scenario": {"powers": {"eu": {"capacity": 110.0}}, "outcomes": ["alignment", "tension"]},
    "seed": 1,
    "version": "0.1.0",
}


def changed(**fields: Any) -> dict[str, Any]:
    return {**IDENTITY, **fields}


def outcomes(rows: int, start: int = 0) -> pa.Table:
    run = np.arange(start, start + rows, dtype=np.int64)
    return table_of({"run": run, "point": np.zeros(rows, dtype=np.int32), "serbia.alignment.russia.mean": np.sqrt(run + 0.5)})


def finished(path: Path, runs: int = 10, identity: dict[str, Any] = IDENTITY) -> Path:
    with OutputDirectory(path, identity, runs) as out:
        out.write_table("outcomes", outcomes(runs))
        out.write_text("charts/fan.svg", "<svg/>")
        out.finish({"counts": {"planned": runs, "ok": runs}})
    return path


def names_in(path: Path) -> set[str]:
    return {str(each.relative_to(path)) for each in path.rglob("*") if not each.is_dir()}


class TestWhatIsRefusedBeforeTheFirstRun:
    def test_a_file_is_no_output_directory(self, tmp_path: Path) -> None:
        (tmp_path / "out").write_text("mine")
        with pytest.raises(DirectoryFault, match="is a file") as fault, OutputDirectory(tmp_path / "out", IDENTITY, 10):
            pass
        assert fault.value.exit_code == 2
        assert (tmp_path / "out").read_text() == "mine"

    def test_a_symbolic_link_is_not_followed(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(DirectoryFault, match="symbolic link"), OutputDirectory(tmp_path / "out", IDENTITY, 10):
            pass
        assert not list((tmp_path / "elsewhere").iterdir())

    def test_a_dangling_link_is_refused_too(self, tmp_path: Path) -> None:
        (tmp_path / "out").symlink_to(tmp_path / "nowhere")
        with pytest.raises(DirectoryFault, match="symbolic link"), OutputDirectory(tmp_path / "out", IDENTITY, 10):
            pass

    @pytest.mark.parametrize("fresh", [False, True])
    @pytest.mark.parametrize("strange", ["thesis.txt", "manifest.json", ".work/thesis.txt"])
    def test_a_strangers_folder_is_refused_and_left_as_it_was(self, tmp_path: Path, strange: str, fresh: bool) -> None:
        file = tmp_path / "out" / strange
        file.parent.mkdir(parents=True)
        file.write_text('{"program": "another"}')
        with (
            pytest.raises(DirectoryFault, match=r"not made by suasion: it has no manifest.json"),
            OutputDirectory(tmp_path / "out", IDENTITY, 10, fresh=fresh),
        ):
            pass
        assert names_in(tmp_path / "out") == {strange}

    def test_a_missing_parent_is_a_disk_fault(self, tmp_path: Path) -> None:
        with pytest.raises(DiskFault, match="there is no folder") as fault, OutputDirectory(tmp_path / "no" / "out", IDENTITY, 10):
            pass
        assert fault.value.exit_code == 5
        assert not (tmp_path / "no").exists()

    def test_missing_parents_are_made_where_asked_for(self, tmp_path: Path) -> None:
        with OutputDirectory(tmp_path / "a" / "b" / "out", IDENTITY, 10, make_parents=True) as out:
            assert not (tmp_path / "a").exists()
            out.write_text("report.html", "")
        assert (tmp_path / "a" / "b" / "out" / "report.html").exists()

    @pytest.mark.parametrize("make_parents", [False, True])
    def test_a_file_for_a_parent_is_a_disk_fault(self, tmp_path: Path, make_parents: bool) -> None:
        (tmp_path / "file").write_text("")
        with (
            pytest.raises(DiskFault, match="is a file"),
            OutputDirectory(tmp_path / "file" / "out", IDENTITY, 10, make_parents=make_parents),
        ):
            pass

    @pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
    def test_a_read_only_parent_is_a_disk_fault(self, tmp_path: Path) -> None:
        (tmp_path / "shut").mkdir(mode=0o555)
        with pytest.raises(DiskFault, match="no permission"), OutputDirectory(tmp_path / "shut" / "out", IDENTITY, 10):
            pass

    def test_a_place_without_permission_is_a_disk_fault_whoever_asks(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "access", lambda path, mode: False)
        with pytest.raises(DiskFault, match="no permission"), OutputDirectory(tmp_path / "out", IDENTITY, 10):
            pass


class TestWhatBadInputLeavesBehind:
    def test_looking_makes_nothing(self, tmp_path: Path) -> None:
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            assert out.standing is Standing.NEW
        assert not (tmp_path / "out").exists()

    def test_an_error_before_the_first_write_leaves_no_directory(self, tmp_path: Path) -> None:
        with pytest.raises(ZeroDivisionError), OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            out.begin()
            assert (tmp_path / "out").exists()
            raise ZeroDivisionError
        assert not (tmp_path / "out").exists()

    def test_an_empty_directory_given_by_its_owner_stays_and_stays_empty(self, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        with pytest.raises(ZeroDivisionError), OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            out.begin()
            raise ZeroDivisionError
        assert list((tmp_path / "out").iterdir()) == []

    @pytest.mark.parametrize("name", ["../escape", "/etc/escape", "a/../../escape", "manifest.json", ".work/x", ".suasion.lock", ""])
    def test_no_name_leads_out_of_the_directory_or_onto_its_own_files(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(DirectoryFault, match="no name for a file inside"), OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            out.write_text(name, "")
        assert list(tmp_path.iterdir()) == []

    def test_a_link_inside_the_directory_is_not_written_through(self, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            out.begin()
            (tmp_path / "out" / "charts").symlink_to(tmp_path / "elsewhere")
            with pytest.raises(DirectoryFault):
                out.write_text("charts/fan.svg", "")
        assert not list((tmp_path / "elsewhere").iterdir())

    def test_a_directory_swapped_under_us_is_noticed(self, tmp_path: Path) -> None:
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            out.begin()
            (tmp_path / "out").rename(tmp_path / "moved")
            (tmp_path / "out").mkdir()
            with pytest.raises(DirectoryFault, match="moved or replaced"):
                out.write_text("report.html", "")
        assert not names_in(tmp_path / "out")


HOLDER = """
import sys, time
from sim.runs.store import OutputDirectory
with OutputDirectory(sys.argv[1], {"seed": 1}, 10) as out:
    out.write_text("report.html", "half of it")
    print("begun", flush=True)
    time.sleep(60)
"""


def holder(path: Path) -> "subprocess.Popen[str]":
    program = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "begun\n"
    return program


class TestTwoPrograms:
    def test_the_second_of_two_programs_is_told_who_holds_the_directory(self, tmp_path: Path) -> None:
        with holder(tmp_path / "out") as program:
            try:
                with (
                    pytest.raises(DirectoryInUse, match=f"process {program.pid}") as fault,
                    OutputDirectory(tmp_path / "out", {"seed": 1}, 10),
                ):
                    pass
                assert fault.value.exit_code == 4
            finally:
                program.kill()

    def test_a_killed_program_leaves_nothing_to_unlock_and_its_work_is_taken_up(self, tmp_path: Path) -> None:
        with holder(tmp_path / "out") as program:
            program.send_signal(signal.SIGKILL)
            program.wait()
        assert DirectoryLock.NAME in names_in(tmp_path / "out")
        with OutputDirectory(tmp_path / "out", {"seed": 1}, 10) as out:
            assert out.standing is Standing.UNFINISHED
            out.write_text("report.html", "all of it")
            out.finish()
        assert names_in(tmp_path / "out") == {"report.html", "manifest.json"}

    def test_who_makes_the_directory_first_wins_it(self, tmp_path: Path) -> None:
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as early, OutputDirectory(tmp_path / "out", IDENTITY, 10) as late:
            early.begin()
            with pytest.raises(DirectoryInUse):
                late.begin()
            early.write_text("report.html", "")
            early.finish()
        assert names_in(tmp_path / "out") == {"report.html", "manifest.json"}

    def test_a_directory_finished_in_the_meantime_is_not_written_over(self, tmp_path: Path) -> None:
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as late:
            finished(tmp_path / "out")
            with pytest.raises(DirectoryInUse, match="in the meantime"):
                late.begin()
        assert read_manifest(tmp_path / "out")["runs"] == 10

    def test_the_lock_file_goes_with_the_lock(self, tmp_path: Path) -> None:
        lock = DirectoryLock(tmp_path, tmp_path / ".work")
        lock.take()
        assert (tmp_path / DirectoryLock.NAME).read_text().split() == [str(os.getpid()), socket.gethostname()]
        lock.release()
        lock.release()
        assert not names_in(tmp_path)

    def test_a_lock_file_removed_between_its_opening_and_its_locking_is_no_lock(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        flock, calls = fcntl.flock, []

        def late(descriptor: int, kind: int) -> None:
            if not calls:  # the holder before us leaves just now, and takes its file along
                (tmp_path / "lock").unlink()
            calls.append(kind)
            flock(descriptor, kind)

        monkeypatch.setattr(fcntl, "flock", late)
        ours, theirs = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
        assert ours.take() and ours.in_place and len(calls) == 2
        assert not theirs.take()
        ours.release()
        assert theirs.take()
        theirs.release()
        assert not names_in(tmp_path)


class TestTheSameCommandAgain:
    def test_on_a_finished_directory_it_says_so_and_changes_nothing(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        before = {name: (path / name).stat().st_mtime_ns for name in names_in(path)}
        with OutputDirectory(path, IDENTITY, 10) as out:
            assert out.standing is Standing.FINISHED
            assert "finished: 10 runs" in out.sentence
        assert {name: (path / name).stat().st_mtime_ns for name in names_in(path)} == before

    def test_the_order_of_keys_does_not_count(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        with OutputDirectory(path, dict(reversed(IDENTITY.items())), 10) as out:
            assert out.standing is Standing.FINISHED

    def test_another_scenario_seed_or_version_is_refused_with_every_changed_field(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        other = changed(seed=2, version="0.2.0", scenario={"powers": {"eu": {"capacity": 60.0}}, "outcomes": ["alignment"]})
        with pytest.raises(DirectoryFault) as fault, OutputDirectory(path, other, 10):
            pass
        assert fault.value.exit_code == 2
        assert str(fault.value).splitlines() == [
            f"{path} holds another simulation; changed: 4 fields",
            "  scenario.powers.eu.capacity   was 110.0, now 60.0",
            "  scenario.outcomes[1]          was tension, now None",
            "  seed                          was 1, now 2",
            "  version                       was 0.1.0, now 0.2.0",
            "use another --out, or --fresh to replace what is there",
        ]
        assert read_manifest(path)["identity"] == IDENTITY

    def test_a_difference_that_is_to_be_ignored_is(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        with OutputDirectory(path, changed(version="0.2.0"), 10, ignoring=["version"]) as out:
            assert out.standing is Standing.FINISHED

    def test_more_runs_grow_the_directory(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out", runs=10)
        with OutputDirectory(path, IDENTITY, 30) as out:
            assert out.standing is Standing.GROWING
            assert "20 are added" in out.sentence
            out.write_table("outcomes", outcomes(30))
            out.finish()
        assert read_parts(path / "outcomes").num_rows == 30
        assert read_manifest(path)["runs"] == 30
        assert "charts/fan.svg" in read_manifest(path)["files"]

    def test_a_growth_that_fails_before_it_writes_leaves_the_finished_directory(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        before = names_in(path)
        with pytest.raises(ZeroDivisionError), OutputDirectory(path, IDENTITY, 30) as out:
            out.begin()
            raise ZeroDivisionError
        assert names_in(path) == before

    def test_fewer_runs_are_refused(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out", runs=10)
        with pytest.raises(DirectoryFault, match=r"runs +was 10, now 5"), OutputDirectory(path, IDENTITY, 5):
            pass

    @pytest.mark.parametrize("harm", ["deleted", "cut"])
    def test_a_finished_directory_that_lost_a_file_is_finished_again(self, tmp_path: Path, harm: str) -> None:
        path = finished(tmp_path / "out")
        part = path / "outcomes" / "part-00000.parquet"
        if harm == "deleted":
            part.unlink()
        else:
            part.write_bytes(part.read_bytes()[:-1])
        with OutputDirectory(path, IDENTITY, 10) as out:
            assert out.standing is Standing.UNFINISHED

    def test_an_unfinished_directory_of_another_simulation_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ZeroDivisionError), OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            out.write_text("report.html", "")
            raise ZeroDivisionError
        with pytest.raises(DirectoryFault, match=r"seed +was 1, now 2"), OutputDirectory(tmp_path / "out", changed(seed=2), 10):
            pass

    def test_a_program_killed_right_after_making_the_directory_can_be_run_again(self, tmp_path: Path) -> None:
        (tmp_path / "out" / ".work").mkdir(parents=True)
        (tmp_path / "out" / DirectoryLock.NAME).write_text("4711\n")
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            assert out.standing is Standing.NEW
            out.finish()
        assert names_in(tmp_path / "out") == {"manifest.json"}

    def test_charts_can_be_added_to_a_finished_directory(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        with OutputDirectory.existing(path) as out:
            out.write_text("report.html", "<html></html>")
            out.finish()
        manifest = read_manifest(path)
        assert manifest["counts"] == {"planned": 10, "ok": 10}
        assert set(manifest["files"]) == {"outcomes/part-00000.parquet", "charts/fan.svg", "report.html"}

    def test_nothing_can_be_added_to_a_folder_without_a_manifest(self, tmp_path: Path) -> None:
        with pytest.raises(DirectoryFault, match="holds no finished simulation"):
            OutputDirectory.existing(tmp_path)


SWEEP: dict[str, Any] = {"scenario_hash": "ab12", "seed": 1, "arms": {"halved": {"powers.eu.capacity": 55.0}}}


def swept(path: Path, arms: dict[str, Any], rows: int) -> OutputDirectory:
    return OutputDirectory(path, SWEEP | {"arms": arms}, rows, counted="rows", growing=["arms"])


class TestGrowth:
    def test_an_arm_that_was_not_there_before_is_growth(self, tmp_path: Path) -> None:
        with swept(tmp_path / "out", SWEEP["arms"], 10) as out:
            out.write_table("outcomes", outcomes(10))
            out.finish({"runs": 5})
        more = SWEEP["arms"] | {"doubled": {"powers.eu.capacity": 220.0}}
        with swept(tmp_path / "out", more, 20) as out:
            assert out.standing is Standing.GROWING
            assert "holds 10 rows of this simulation; 10 are added" in out.sentence
            assert out.told == {"runs": 5}
            out.write_table("outcomes", outcomes(20))
            out.finish()
        manifest = read_manifest(tmp_path / "out")
        assert (manifest["counted"], manifest["rows"], manifest["runs"]) == ("rows", 20, 5)
        assert set(manifest["identity"]["arms"]) == {"halved", "doubled"}
        with swept(tmp_path / "out", more, 20) as out:
            assert out.standing is Standing.FINISHED

    def test_it_is_growth_even_where_the_number_of_rows_stays(self, tmp_path: Path) -> None:
        with swept(tmp_path / "out", {}, 10) as out:
            out.finish()
        with swept(tmp_path / "out", SWEEP["arms"], 10) as out:
            assert out.standing is Standing.GROWING

    @pytest.mark.parametrize(
        ("arms", "change"),
        [
            ({}, r"arms.halved.powers.eu.capacity +was 55.0, now None"),
            ({"halved": {"powers.eu.capacity": 60.0}}, r"arms.halved.powers.eu.capacity +was 55.0, now 60.0"),
            ({"halved": {"powers.eu.capacity": 55.0, "powers.eu.skill": 2.0}}, r"arms.halved.powers.eu.skill +was None, now 2.0"),
        ],
    )
    def test_an_arm_that_is_gone_or_changed_is_a_change(self, tmp_path: Path, arms: dict[str, Any], change: str) -> None:
        with swept(tmp_path / "out", SWEEP["arms"], 10) as out:
            out.finish()
        with pytest.raises(DirectoryFault, match=change), swept(tmp_path / "out", arms, 20):
            pass

    def test_arms_may_be_added_to_what_is_unfinished(self, tmp_path: Path) -> None:
        with pytest.raises(ZeroDivisionError), swept(tmp_path / "out", {}, 10) as out:
            out.write_text("report.html", "")
            raise ZeroDivisionError
        with swept(tmp_path / "out", SWEEP["arms"], 20) as out:
            assert out.standing is Standing.UNFINISHED

    def test_rows_and_runs_are_different_things(self, tmp_path: Path) -> None:
        finished(tmp_path / "out")
        with (
            pytest.raises(DirectoryFault, match=r"counted +was runs, now rows"),
            OutputDirectory(tmp_path / "out", IDENTITY, 10, counted="rows"),
        ):
            pass

    def test_a_growth_that_was_killed_is_taken_up_and_the_finished_rows_stay_until_tables_are_written(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        with pytest.raises(ZeroDivisionError), OutputDirectory(path, IDENTITY, 30) as out:
            out.begin()
            (out.work / "shards").mkdir()
            (out.work / "shards" / "one").write_text("rows")
            raise ZeroDivisionError
        for runs, standing in ((10, Standing.FINISHED), (30, Standing.GROWING)):
            with OutputDirectory(path, IDENTITY, runs) as out:
                assert out.standing is standing
                assert (out.work / "shards" / "one").exists()
        with OutputDirectory(path, IDENTITY, 30) as out:
            out.write_table("outcomes", outcomes(30))
            out.finish()
        assert not (path / ".work").exists()

    def test_only_versions_differ_and_the_way_on_is_told(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out", identity=changed(versions={"numpy": "2.3.0"}))
        with pytest.raises(DirectoryFault, match="--allow-mixed goes on"), OutputDirectory(path, changed(versions={"numpy": "2.4.6"}), 10):
            pass
        with pytest.raises(DirectoryFault) as fault, OutputDirectory(path, changed(versions={"numpy": "2.4.6"}, seed=2), 10):
            pass
        assert "--allow-mixed" not in str(fault.value)


class TestVerifying:
    def test_sound_files_are_passed_over_in_silence(self, tmp_path: Path) -> None:
        with OutputDirectory(finished(tmp_path / "out"), IDENTITY, 20) as out:
            out.verify()

    def test_every_damaged_or_missing_file_is_named_with_what_is_wrong(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        part = path / "outcomes" / "part-00000.parquet"
        content = bytearray(part.read_bytes())
        content[100] ^= 1
        part.write_bytes(content)
        (path / "charts" / "fan.svg").unlink()
        with OutputDirectory(path, IDENTITY, 20) as out:
            assert out.standing is Standing.GROWING
            with pytest.raises(DiskFault) as fault:
                out.verify()
            assert str(fault.value).splitlines() == [
                f"{path} is damaged; --fresh makes it anew",
                "  outcomes/part-00000.parquet was changed: its bytes do not fit the digest in the manifest",
                "  charts/fan.svg is missing",
            ]
            with pytest.raises(DiskFault, match="outcomes"):
                out.verify("outcomes")
            out.verify("runs", "points")

    def test_a_lost_chart_is_told_and_is_no_reason_to_simulate_again(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        (path / "charts" / "fan.svg").unlink()
        with OutputDirectory(path, IDENTITY, 10) as out:
            assert out.standing is Standing.FINISHED
            assert "charts/fan.svg is missing, and --fresh would make everything anew" in out.sentence

    def test_a_report_that_was_killed_while_it_was_written_is_no_reason_to_simulate_again(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        with pytest.raises(ZeroDivisionError), OutputDirectory.existing(path) as out:
            out.write_text("charts/fan.svg", "<svg>drawn anew</svg>")
            with out.replacing("report.html") as temporary:
                temporary.write_text("half")
                os.link(temporary, temporary.with_name(".report.1-00000000.tmp.html"))
                raise ZeroDivisionError
        with OutputDirectory(path, IDENTITY, 10) as out:
            assert out.standing is Standing.FINISHED
        assert names_in(path) == {"manifest.json", "outcomes/part-00000.parquet", "charts/fan.svg"}

    def test_the_seed_of_what_is_there_is_found(self, tmp_path: Path) -> None:
        assert seed_held(tmp_path / "out") is None
        assert seed_held(tmp_path) is None
        assert seed_held(finished(tmp_path / "out")) == 1
        with pytest.raises(ZeroDivisionError), OutputDirectory(tmp_path / "begun", changed(seed=7), 10) as out:
            out.write_text("report.html", "")
            raise ZeroDivisionError
        assert seed_held(tmp_path / "begun") == 7


SHARING = """
import sys, time
from sim.runs.store import OutputDirectory
with OutputDirectory(sys.argv[1], {"seed": 1}, 10, share=sys.argv[2] or None) as out:
    out.begin()
    print("begun", flush=True)
    time.sleep(60)
"""


def sharing(path: Path, share: str) -> "subprocess.Popen[str]":
    program = subprocess.Popen([sys.executable, "-c", SHARING, str(path), share], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    assert program.stdout.readline() == "begun\n"
    return program


def shared(path: Path, share: str | None, size: int = 10, **more: Any) -> OutputDirectory:
    return OutputDirectory(path, {"seed": 1} | more, size, share=share)


class TestShares:
    def test_several_programs_with_shares_work_in_one_folder_at_once(self, tmp_path: Path) -> None:
        with contextlib.ExitStack() as stack:
            outs = [stack.enter_context(shared(tmp_path / "out", f"{n}/3")) for n in (1, 2, 3)]
            for number, out in enumerate(outs):
                out.begin()
                (out.work / f"file-{number}").write_text("rows")
        assert names_in(tmp_path / "out") == {".work/begun.json", ".work/journal", *(f".work/file-{n}" for n in range(3))}
        with shared(tmp_path / "out", None) as out:
            assert out.standing is Standing.UNFINISHED
            out.write_table("outcomes", outcomes(10))
            out.finish()
        assert names_in(tmp_path / "out") == {"manifest.json", "outcomes/part-00000.parquet"}

    def test_a_whole_program_is_refused_while_a_share_runs_and_told_which(self, tmp_path: Path) -> None:
        with sharing(tmp_path / "out", "2/4") as program:
            try:
                told = rf"in use by another program \(process {program.pid}, share 2/4\)"
                with pytest.raises(DirectoryInUse, match=told) as fault, shared(tmp_path / "out", None):
                    pass
                assert fault.value.exit_code == 4
                with shared(tmp_path / "out", "3/4") as out:
                    out.begin()
            finally:
                program.kill()
        with shared(tmp_path / "out", None) as out:
            assert out.standing is Standing.UNFINISHED

    def test_a_share_is_refused_while_a_whole_program_runs(self, tmp_path: Path) -> None:
        with sharing(tmp_path / "out", "") as program:
            try:
                with pytest.raises(DirectoryInUse, match=f"process {program.pid}"), shared(tmp_path / "out", "1/2"):
                    pass
            finally:
                program.kill()

    def test_the_same_share_twice_at_once_is_refused(self, tmp_path: Path) -> None:
        with sharing(tmp_path / "out", "2/4") as program:
            try:
                told = rf"share 2/4 of .* is already being worked on by another program \(process {program.pid}\)"
                with pytest.raises(DirectoryInUse, match=told), shared(tmp_path / "out", "2/4") as out:
                    out.begin()
            finally:
                program.kill()
        with shared(tmp_path / "out", "2/4") as out:
            out.begin()

    def test_shares_of_different_simulations_are_refused(self, tmp_path: Path) -> None:
        with shared(tmp_path / "out", "1/2") as out:
            out.begin()
            with (
                pytest.raises(DirectoryFault, match=r"seed +was 1, now 2"),
                OutputDirectory(tmp_path / "out", {"seed": 2}, 10, share="2/2"),
            ):
                pass

    def test_who_comes_second_compares_even_if_nothing_was_there_when_it_looked(self, tmp_path: Path) -> None:
        with shared(tmp_path / "out", "1/2") as early, OutputDirectory(tmp_path / "out", {"seed": 2}, 10, share="2/2") as late:
            early.begin()
            with pytest.raises(DirectoryFault, match=r"seed +was 1, now 2"):
                late.begin()

    def test_a_share_does_not_begin_again_what_another_has_begun(self, tmp_path: Path) -> None:
        with shared(tmp_path / "out", "1/2") as early:
            early.begin()
            before = (early.work / "begun.json").stat().st_ino
            with shared(tmp_path / "out", "2/2") as late:
                late.begin()
                assert (early.work / "begun.json").stat().st_ino == before

    def test_a_finished_folder_is_grown_by_shares(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out", identity={"seed": 1})
        with shared(path, "1/2", 20) as one, shared(path, "2/2", 20) as two:
            for out in (one, two):
                assert out.standing is Standing.GROWING
                out.begin()
                (out.work / f"of-{out.share[0] if out.share else ''}").write_text("rows")
        assert read_manifest(path)["runs"] == 10
        with shared(path, None, 20) as out:
            assert out.standing is Standing.GROWING
            assert {"of-1", "of-2"} <= set(os.listdir(out.work))

    def test_a_share_of_what_is_finished_has_nothing_to_do(self, tmp_path: Path) -> None:
        with shared(finished(tmp_path / "out", identity={"seed": 1}), "1/2") as out:
            assert out.standing is Standing.FINISHED

    @pytest.mark.parametrize("act", [lambda out: out.write_text("report.html", ""), lambda out: out.finish()])
    def test_a_share_writes_no_results(self, tmp_path: Path, act: Callable[[OutputDirectory], Any]) -> None:
        with shared(tmp_path / "out", "1/2") as out:
            out.begin()
            with pytest.raises(RuntimeError, match="only adds to the work folder"):
                act(out)

    @pytest.mark.parametrize("words", ["0/4", "5/4", "1", "a/b", "1/0", "-1/4", "1/4/2", ""])
    def test_what_is_no_share_is_refused(self, tmp_path: Path, words: str) -> None:
        with pytest.raises(DirectoryFault, match="such as 3/64"):
            shared(tmp_path / "out", words)

    def test_shares_do_not_clear_the_folder_under_each_other(self, tmp_path: Path) -> None:
        with pytest.raises(DirectoryFault, match="clear it once, before the shares start"):
            OutputDirectory(tmp_path / "out", IDENTITY, 10, share="1/2", fresh=True)

    def test_killed_shares_leave_nothing_to_unlock(self, tmp_path: Path) -> None:
        programs = [sharing(tmp_path / "out", f"{n}/2") for n in (1, 2)]
        for program in programs:
            with program:
                program.kill()
        with shared(tmp_path / "out", None) as out:
            out.finish()
        assert names_in(tmp_path / "out") == {"manifest.json"}

    def test_sixteen_shares_that_start_at_once_all_begin(self, tmp_path: Path) -> None:
        def work(number: int) -> None:
            with shared(tmp_path / "out", f"{number}/16") as out:
                out.begin()
                (out.work / f"of-{number}").write_text("rows")

        with ThreadPoolExecutor(16) as pool:
            list(pool.map(work, range(1, 17)))
        assert {name for name in os.listdir(tmp_path / "out" / ".work") if name.startswith("of-")} == {f"of-{n}" for n in range(1, 17)}


class TestFresh:
    def test_it_deletes_what_the_manifest_names_and_nothing_else(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        (path / "charts" / "mine.txt").write_text("notes")
        with OutputDirectory(path, changed(seed=2), 5, fresh=True) as out:
            out.begin()
            assert {name for name in names_in(path) if not name.startswith(".")} == {"charts/mine.txt"}
            assert not (path / "outcomes").exists()
            out.finish()
        assert names_in(path) == {"charts/mine.txt", "manifest.json"}

    def test_nothing_is_deleted_before_the_simulation_begins(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        before = names_in(path)
        with OutputDirectory(path, changed(seed=2), 5, fresh=True):
            pass
        assert names_in(path) == before

    def test_it_clears_an_unfinished_directory_with_its_temporary_files(self, tmp_path: Path) -> None:
        path = tmp_path / "out"
        with pytest.raises(ZeroDivisionError), OutputDirectory(path, IDENTITY, 10) as out:
            out.write_text("charts/fan.svg", "")
            temporary_name(path / "charts" / "fan.svg").write_text("ha")
            raise ZeroDivisionError
        with OutputDirectory(path, changed(seed=2), 10, fresh=True) as out:
            out.begin()
        assert not names_in(path)

    def test_a_manifest_made_to_delete_elsewhere_deletes_nothing_there(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        (tmp_path / "diary").write_text("mine")
        (tmp_path / "linked").mkdir()
        (tmp_path / "linked" / "diary").write_text("mine")
        (path / "link").symlink_to(tmp_path / "linked")
        manifest = read_manifest(path)
        manifest["files"] |= {"../diary": {}, str(tmp_path / "diary"): {}, "link/diary": {}}
        (path / "manifest.json").write_text(json.dumps(manifest))
        with OutputDirectory(path, IDENTITY, 10, fresh=True) as out:
            out.begin()
        assert (tmp_path / "diary").exists()
        assert (tmp_path / "linked" / "diary").exists()

    def test_what_was_set_aside_may_be_somebodys_and_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "out"
        with OutputDirectory(path, IDENTITY, 10) as out:
            out.begin()
            (out.work / "set_aside").mkdir()
            (out.work / "set_aside" / "thesis.txt").write_text("mine")
            out.finish()
        assert names_in(path) == {"manifest.json", ".work/set_aside/thesis.txt"}
        with OutputDirectory(path, changed(seed=2), 10, fresh=True) as out:
            out.begin()
            out.finish()
        assert names_in(path) == {"manifest.json", ".work/set_aside/thesis.txt"}

    @pytest.mark.parametrize("before", ["finished", "unfinished"])
    def test_killed_at_any_step_of_clearing_it_mixes_nothing_of_the_old_into_the_new(self, tmp_path: Path, before: str) -> None:
        for steps in itertools.count(1):
            path = finished(tmp_path / str(steps))
            if before == "unfinished":
                shutil.rmtree(path)
                with pytest.raises(ZeroDivisionError), OutputDirectory(path, IDENTITY, 10) as out:
                    out.write_text("charts/old.svg", "old")
                    raise ZeroDivisionError
            (path / "charts" / "mine.txt").write_text("notes")
            with pytest.MonkeyPatch.context() as monkeypatch:
                life, out = Life(steps, monkeypatch), OutputDirectory(path, changed(seed=2), 5, fresh=True)
                ended = dies_or_ends(out, out.begin)
            with contextlib.suppress(DirectoryFault), OutputDirectory(path, changed(seed=2), 5) as out:
                out.write_text("report.html", "new")
                out.finish()
                assert set(read_manifest(path)["files"]) == {"report.html"}, f"killed after {steps} steps"
            with OutputDirectory(path, changed(seed=2), 5, fresh=True) as out:
                out.begin()
                out.finish()
            assert names_in(path) == {"charts/mine.txt", "manifest.json"}
            if ended and life.left > 0:
                break
        assert steps > 15


class TestTheManifest:
    def test_it_is_written_last_and_tells_every_file_with_its_digest(self, tmp_path: Path) -> None:
        path = tmp_path / "out"
        with OutputDirectory(path, IDENTITY, 10) as out:
            out.write_table("runs", outcomes(10))
            assert not (path / "manifest.json").exists()
            out.finish({"counts": {"planned": np.int64(10)}, "seconds": np.float64(0.5)})
        manifest = read_manifest(path)
        assert manifest["counts"] == {"planned": 10}
        assert manifest["identity"] == IDENTITY
        described = manifest["files"]["runs/part-00000.parquet"]
        assert described["bytes"] == (path / "runs" / "part-00000.parquet").stat().st_size
        assert len(described["sha256"]) == 64
        assert names_in(path) == {"manifest.json", "runs/part-00000.parquet"}

    def test_rows_and_manifest_never_disagree(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")
        with pytest.raises(ZeroDivisionError), OutputDirectory(path, IDENTITY, 20) as out:
            out.write_table("outcomes", outcomes(20))
            raise ZeroDivisionError
        assert not (path / "manifest.json").exists()
        with OutputDirectory(path, IDENTITY, 20) as out:
            assert out.standing is Standing.UNFINISHED

    def test_a_number_that_is_not_finite_is_no_identity(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="JSON"):
            OutputDirectory(tmp_path / "out", {"seed": float("nan")}, 10)


class TestWholeFiles:
    def test_a_write_that_fails_leaves_the_old_file_and_no_temporary_one(self, tmp_path: Path) -> None:
        file = tmp_path / "fan.svg"
        file.write_text("old")
        with pytest.raises(ZeroDivisionError), whole_file(file) as temporary:
            temporary.write_text("ne")
            raise ZeroDivisionError
        assert file.read_text() == "old"
        assert names_in(tmp_path) == {"fan.svg"}

    @pytest.mark.parametrize("step", ["fsync", "replace"])
    def test_a_full_disk_is_one_line_with_the_room_left(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
        def no_room(*args: Any) -> None:
            raise OSError(28, "No space left on device")

        file = tmp_path / "fan.svg"
        monkeypatch.setattr(os, step, no_room)
        line = r"fan.svg could not be written: No space left on device \([\d,]+ bytes free\)"
        with pytest.raises(DiskFault, match=line), whole_file(file) as temporary:
            temporary.write_text("new")
        assert not names_in(tmp_path)

    def test_the_temporary_name_keeps_the_suffix_and_is_given_once(self, tmp_path: Path) -> None:
        names = {temporary_name(tmp_path / "fan.svg").name for _ in range(100)}
        assert len(names) == 100
        assert all(name.startswith(".fan.") and name.endswith(".svg") and is_temporary(name, "fan.svg") for name in names)
        assert not any(is_temporary(name, other) for name in names for other in ("fan.png", "fa.svg", "fan.x.svg"))

    def test_a_chart_drawn_by_somebody_else_is_whole_or_absent(self, tmp_path: Path) -> None:
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            with out.replacing("charts/fan.png") as temporary:
                temporary.write_bytes(b"png")
                assert not (tmp_path / "out" / "charts" / "fan.png").exists()
            out.write_json("charts/fan.json", {"n": np.arange(2)})
            out.finish()
        assert (tmp_path / "out" / "charts" / "fan.png").read_bytes() == b"png"
        assert json.loads((tmp_path / "out" / "charts" / "fan.json").read_text()) == {"n": [0, 1]}


class Killed(BaseException):
    """The program ends here and does nothing more."""


class Life:
    """Lets so many steps on the disk happen, then none: a kill -9 inside one process."""

    STEPS: ClassVar = [(os, "fsync"), (os, "replace"), (os, "open"), (Path, "unlink"), (Path, "mkdir"), (Path, "rmdir"), (shutil, "rmtree")]

    def __init__(self, steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.left = steps
        for place, name in self.STEPS:
            monkeypatch.setattr(place, name, self.counted(getattr(place, name)))

    def counted(self, step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*args: Any, **named: Any) -> Any:
            if self.left <= 0:
                raise Killed
            self.left -= 1
            return step(*args, **named)

        return taken


def write_all(out: OutputDirectory) -> None:
    with out:
        fill(out)


def fill(out: OutputDirectory) -> None:
    if out.standing is not Standing.FINISHED:
        out.write_table("outcomes", outcomes(out.size))
        out.write_text("charts/fan.svg", "<svg/>")
        out.finish({"counts": {"planned": out.size}})


def dies_or_ends(out: OutputDirectory, act: Callable[[], Any]) -> bool:
    """Whether an act within the directory comes to its end."""
    try:
        with out:
            act()
    except Killed:
        if out._lock._lock._descriptor is not None:
            os.close(out._lock._lock._descriptor)  # the system closes what a dead program held
        return False
    return True


def lives_then_dies(path: Path, runs: int, steps: int) -> bool:
    """Whether the program got to its end within so many steps."""
    out = OutputDirectory(path, IDENTITY, runs)
    with pytest.MonkeyPatch.context() as monkeypatch:
        life = Life(steps, monkeypatch)
        return dies_or_ends(out, lambda: fill(out)) and life.left > 0


@pytest.mark.parametrize("runs_before", [0, 5])
def test_a_program_killed_between_any_two_steps_of_its_writing_can_be_run_again(tmp_path: Path, runs_before: int) -> None:
    undisturbed = tmp_path / "undisturbed"
    write_all(OutputDirectory(undisturbed, IDENTITY, 10))
    whole = {name: (undisturbed / name).read_bytes() for name in names_in(undisturbed)}
    for steps in itertools.count(1):
        path = tmp_path / str(steps)
        if runs_before:
            write_all(OutputDirectory(path, IDENTITY, runs_before))
        ended = lives_then_dies(path, 10, steps)
        for name in names_in(path) if path.exists() else ():
            if name.endswith(".parquet") and ".tmp" not in name:
                assert pq.ParquetFile(path / name).metadata.num_rows in {runs_before, 10}
        write_all(OutputDirectory(path, IDENTITY, 10))
        assert {name: (path / name).read_bytes() for name in names_in(path)} == whole, f"killed after {steps} steps"
        if ended:
            break
    assert steps > 20


def parts_bytes(folder: Path, table: pa.Table) -> list[bytes]:
    return [path.read_bytes() for path in write_parts(folder, table)]


class TestParts:
    def test_the_same_rows_are_the_same_bytes_however_they_were_put_together(self, tmp_path: Path) -> None:
        whole = outcomes(3000)
        pieces = pa.concat_tables([outcomes(1000), outcomes(1, 1000), outcomes(1999, 1001)])
        marked = whole.replace_schema_metadata({"host": "here"})
        coded = whole.set_column(0, "run", whole["run"].dictionary_encode())
        sliced = outcomes(5000, -0).slice(0, 3000)
        bytes_of = [parts_bytes(tmp_path / str(n), table) for n, table in enumerate([whole, pieces, marked, coded, sliced])]
        assert all(each == bytes_of[0] for each in bytes_of)

    def test_a_second_later_the_bytes_are_the_same(self, tmp_path: Path) -> None:
        before = parts_bytes(tmp_path / "a", outcomes(10))
        time.sleep(1.1)
        assert parts_bytes(tmp_path / "b", outcomes(10)) == before

    def test_parts_have_a_fixed_number_of_rows_and_one_row_group(self, tmp_path: Path) -> None:
        paths = write_parts(tmp_path, outcomes(2 * ROWS_A_PART + 1))
        assert [path.name for path in paths] == [f"part-{n:05d}.parquet" for n in range(3)]
        files = [pq.ParquetFile(path).metadata for path in paths]
        assert [each.num_rows for each in files] == [ROWS_A_PART, ROWS_A_PART, 1]
        assert [each.num_row_groups for each in files] == [1, 1, 1]

    def test_rows_come_back_as_they_were(self, tmp_path: Path) -> None:
        table = outcomes(ROWS_A_PART + 7)
        write_parts(tmp_path, table)
        assert read_parts(tmp_path).equals(table)

    def test_no_rows_still_leave_their_columns(self, tmp_path: Path) -> None:
        write_parts(tmp_path, outcomes(0))
        assert read_parts(tmp_path).column_names == ["run", "point", "serbia.alignment.russia.mean"]

    def test_the_form_is_the_canonical_one(self, tmp_path: Path) -> None:
        (path,) = write_parts(tmp_path, outcomes(10))
        metadata = pq.ParquetFile(path).metadata
        assert metadata.metadata == {b"suasion_schema": b"1"}
        group = metadata.row_group(0)
        assert {group.column(n).compression for n in range(3)} == {"ZSTD"}
        assert "BYTE_STREAM_SPLIT" in group.column(2).encodings
        assert not any(group.column(n).has_dictionary_page for n in range(3))

    def test_columns_stand_in_the_order_given(self, tmp_path: Path) -> None:
        write_parts(tmp_path, table_of({"z": np.arange(2), "a": np.arange(2)}))
        assert read_parts(tmp_path).column_names == ["z", "a"]

    def test_types_are_those_of_our_files(self) -> None:
        table = table_of(
            {
                "date": np.array(["2017-01", "2017-02"], dtype="datetime64[M]"),
                "country": np.array(["NO", "NA"]),
                "mean": np.array([0.5, np.nan]),
                "month": pa.array([3, None], pa.int32()),
                "share": [0.5, None],
            }
        )
        assert [str(each) for each in table.schema.types] == ["date32[day]", "string", "float", "int32", "float"]
        assert table["country"].to_pylist() == ["NO", "NA"]
        assert table["share"].to_pylist() == [0.5, None]

    @pytest.mark.parametrize("cuts", [[], [ROWS_A_PART], [1, 2, 3], [5, ROWS_A_PART - 1, ROWS_A_PART + 1], [ROWS_A_PART, 2 * ROWS_A_PART]])
    def test_a_stream_of_tables_gives_the_bytes_of_one_table(self, tmp_path: Path, cuts: list[int]) -> None:
        whole = outcomes(2 * ROWS_A_PART + 7)
        edges = [0, *cuts, whole.num_rows]
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            one = out.write_table("one", whole)
            two = out.write_stream("two", (whole.slice(start, stop - start) for start, stop in itertools.pairwise(edges)))
        assert [path.read_bytes() for path in two] == [path.read_bytes() for path in one]

    def test_a_stream_of_very_many_small_tables_is_the_same_too(self, tmp_path: Path) -> None:
        whole = outcomes(3000)
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            (one,) = out.write_table("one", whole)
            (two,) = out.write_stream("two", (whole.slice(row, 1) for row in range(3000)))
        assert two.read_bytes() == one.read_bytes()

    def test_no_more_than_a_part_and_a_table_are_held(self, tmp_path: Path) -> None:
        waiting = []

        def tables() -> Iterator[pa.Table]:
            for number in range(12):
                done = len(list((tmp_path / "out").rglob("*.parquet")))
                waiting.append(number * 50_000 - done * ROWS_A_PART)
                yield outcomes(50_000, number * 50_000)

        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            out.write_stream("outcomes", tables())
        assert max(waiting) < ROWS_A_PART
        assert read_parts(tmp_path / "out" / "outcomes")["run"].to_pylist() == list(range(600_000))

    def test_a_stream_without_rows_still_leaves_its_columns_and_one_without_tables_is_refused(self, tmp_path: Path) -> None:
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            out.write_stream("runs", iter([outcomes(0), outcomes(0)]))
            assert read_parts(tmp_path / "out" / "runs").column_names == ["run", "point", "serbia.alignment.russia.mean"]
            with pytest.raises(ValueError, match="there is no table"):
                out.write_stream("points", iter([]))

    @pytest.mark.parametrize(
        ("other", "told"),
        [(table_of({"run": [1]}), "point .int32., serbia"), (table_of({"point": np.array([1], np.int32), "run": [1]}), "in another order")],
    )
    def test_tables_of_other_columns_are_refused(self, tmp_path: Path, other: pa.Table, told: str) -> None:
        first = outcomes(1) if "serbia" in told else table_of({"run": [1], "point": np.array([1], np.int32)})
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out, pytest.raises(ValueError, match=told):
            out.write_stream("outcomes", iter([first, other]))

    def test_a_stream_that_fails_before_its_first_part_leaves_the_finished_directory(self, tmp_path: Path) -> None:
        path = finished(tmp_path / "out")

        def tables() -> Iterator[pa.Table]:
            yield outcomes(5)
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError), OutputDirectory(path, IDENTITY, 30) as out:
            out.write_stream("outcomes", tables())
        with OutputDirectory(path, IDENTITY, 10) as out:
            assert out.standing is Standing.FINISHED

    def test_a_shorter_table_drops_the_parts_of_a_longer_one(self, tmp_path: Path) -> None:
        with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
            out.write_table("runs", outcomes(ROWS_A_PART + 1))
            out.write_table("runs", outcomes(5))
            (tmp_path / "out" / "runs" / "part-00007.parquet").write_text("a stranger")
            out.finish()
        assert names_in(tmp_path / "out" / "runs") == {"part-00000.parquet", "part-00007.parquet"}
        assert list(read_manifest(tmp_path / "out")["files"]) == ["runs/part-00000.parquet"]

    def test_a_missing_part_is_named(self, tmp_path: Path) -> None:
        write_parts(tmp_path, outcomes(2 * ROWS_A_PART + 1))
        (tmp_path / "part-00001.parquet").unlink()
        with pytest.raises(DiskFault, match=r"part-00001.parquet is missing"):
            read_parts(tmp_path)
        with pytest.raises(DiskFault, match="is missing"):
            read_parts(tmp_path / "nowhere")

    def test_every_flipped_bit_among_the_values_is_noticed(self, tmp_path: Path) -> None:
        table = outcomes(2000)
        (path,) = write_parts(tmp_path, table)
        whole = path.read_bytes()
        chance = np.random.default_rng(1)
        for place in chance.integers(0, len(whole), 100):
            harmed = bytearray(whole)
            harmed[place] ^= 1 << int(chance.integers(8))
            path.write_bytes(harmed)
            try:
                read = read_parts(tmp_path)
            except DiskFault:
                continue
            assert read.equals(table), f"byte {place} was changed and nobody noticed"

    def test_every_cut_is_noticed(self, tmp_path: Path) -> None:
        (path,) = write_parts(tmp_path, outcomes(2000))
        whole = path.read_bytes()
        for length in np.random.default_rng(2).integers(0, len(whole), 50):
            path.write_bytes(whole[:length])
            with pytest.raises(DiskFault, match="damaged"):
                read_parts(tmp_path)
