"""The output directory: refusals, locking, whole files, resuming, and parts whose bytes depend on rows alone."""

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.runs.disk import DirectoryLock, temporary_name, whole_file
from sim.runs.parts import ROWS_A_PART
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
        lock = DirectoryLock(tmp_path)
        lock.take()
        assert int((tmp_path / DirectoryLock.NAME).read_text()) == os.getpid()
        lock.release()
        lock.release()
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

    def test_the_temporary_name_keeps_the_suffix(self, tmp_path: Path) -> None:
        assert temporary_name(tmp_path / "fan.svg") == tmp_path / ".fan.tmp.svg"

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
        if out.standing is not Standing.FINISHED:
            out.write_table("outcomes", outcomes(out.runs))
            out.write_text("charts/fan.svg", "<svg/>")
            out.finish({"counts": {"planned": out.runs}})


def lives_then_dies(path: Path, runs: int, steps: int) -> bool:
    """Whether the program got to its end within so many steps."""
    out = OutputDirectory(path, IDENTITY, runs)
    with pytest.MonkeyPatch.context() as monkeypatch:
        life = Life(steps, monkeypatch)
        try:
            write_all(out)
        except Killed:
            if out._lock._descriptor is not None:
                os.close(out._lock._descriptor)  # the system closes what a dead program held
            return False
    return life.left > 0


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
