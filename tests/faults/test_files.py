"""Faults of disks, files and folders, each injected for real. The first line of a test's docstring is the fault, in words."""

import ast
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.runs import compaction, parts, store, versions
from sim.runs.shards import Shards, write_shard
from sim.runs.store import DirectoryFault, DirectoryInUse, DiskFault, OutputDirectory, Standing, read_manifest
from tests.faults import failpoints
from tests.faults.failpoints import IDENTITY, counted, expected, key, outcomes, results_are_whole, results_of, rows_of, scanned, shards_in

ROOT = Path(__file__).parents[2]
SPANS = tuple((point, 0, 40) for point in range(6))


def program(code: str, *words: str, **environment: str) -> "subprocess.Popen[str]":
    """Another program of ours, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(code: str, *words: str, **environment: str) -> str:
    """What a program says that comes to its end."""
    with program(code, *words, **environment) as other:
        out, error = other.communicate()
    assert other.returncode == 0, error
    return out


def acted(name: str, path: Path) -> str:
    """What an act of failpoints.py says, in a process of its own."""
    return said(f"import sys, pathlib; from tests.faults import failpoints; failpoints.{name}(pathlib.Path(sys.argv[1]))", str(path))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting for the disk, where it is not the disk that fails."""
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A directory with work files: six points of forty runs."""
    path = tmp_path / "out"
    shards_in(path).mkdir(parents=True)
    for span in SPANS:
        write_shard(shards_in(path), rows_of(*span))
    return path


def names_in(path: Path) -> set[str]:
    return {str(each.relative_to(path)) for each in path.rglob("*") if each.is_symlink() or not each.is_dir()}


def redone(out: Path, lost: set[tuple[str, int]], looked: bool = True) -> None:
    """Makes the lost rows again and looks that every row is there once."""
    for span in SPANS:
        if (key(span[0]), 0) in lost:
            write_shard(shards_in(out), rows_of(*span))
    if looked:
        assert counted(scanned(shards_in(out))) == expected(*SPANS)


def lost_of(out: Path) -> tuple[tuple[str, ...], set[tuple[str, int]]]:
    """What a scan says, and the rows that are not there."""
    shards = Shards(shards_in(out))
    told = shards.scan()
    found = counted(shards)
    assert found.items() <= expected(*SPANS).items()
    return told, expected(*SPANS).keys() - found.keys()


@pytest.mark.timeout(300)
def test_f08_a_kill_between_any_two_steps_of_writing_leaves_no_half_file_and_nothing_that_cannot_be_taken_up(tmp_path: Path) -> None:
    """Killed between any two steps of writing a work file, of compaction, of the tables, of the manifest, of a share.

    Kills at every single step, in the middle of a write and with what was not yet synced cut short; then runs again.
    """

    def killed(scene: str) -> int:
        run = subprocess.run(
            [sys.executable, "-m", "tests.faults.failpoints", scene, str(tmp_path)], cwd=ROOT, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        return int(run.stdout)

    with ThreadPoolExecutor(2) as pool:
        steps = dict(zip(failpoints.SCENES, pool.map(killed, failpoints.SCENES), strict=True))
    assert all(
        steps[scene] >= least for scene, least in {"write_shard": 8, "compaction": 20, "results": 40, "growth": 40, "share": 15}.items()
    )


class NoRoom(Exception):
    """All steps were taken before the disk was full."""


@contextmanager
def full_after(steps: int) -> Iterator[None]:
    """A disk that is full from some step of writing on."""
    left = itertools.count(steps, -1)

    def counting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*given: Any, **named: Any) -> Any:
            makes = name != "open" or given[1] & os.O_CREAT
            if makes and next(left) <= 0:
                if name == "write_part":
                    Path(given[0]).write_bytes(b"PAR1 and no more")
                raise OSError(28, "No space left on device")
            return real(*given, **named)

        return taken

    with pytest.MonkeyPatch.context() as monkeypatch:
        for place, name in [*((os, name) for name in ("open", "write", "fsync", "replace", "mkdir", "pwrite")), (store, "write_part")]:
            monkeypatch.setattr(place, name, counting(name, getattr(place, name)))
        yield
    if next(left) > 0:
        raise NoRoom


def full_at_every_step(tmp_path: Path, before: Callable[[Path], Any], act: Callable[[Path], Any], after: Callable[[Path], Any]) -> int:
    """Acts with the disk full from each step on, then with room; gives the number of steps."""
    for steps in itertools.count():
        path = tmp_path / str(steps)
        before(path)
        try:
            with full_after(steps), pytest.raises(DiskFault, match=r"No space left on device \(.*[\d,]+ bytes free\)") as fault:
                act(path)
            assert fault.value.exit_code == 5
        except pytest.fail.Exception:
            return steps
        assert not [name for name in names_in(path) if ".tmp" in name] if path.exists() else True
        act(path)
        after(path)
        shutil.rmtree(path)
    raise AssertionError


@pytest.mark.usefixtures("quick")
def test_f14_a_full_disk_stops_with_what_is_needed_and_free_and_leaves_the_rows_that_are_done(tmp_path: Path) -> None:
    """The disk is full while work files are written or put together.

    With a limit on the size of files in a process of its own, and with every single step of writing refused.
    """
    told = acted("shard_without_room", tmp_path / "limited")
    assert re.search(r"shard-\w+\.npz could not be written: File too large \([\d,]{6,} bytes needed, [\d,]+ bytes free\)", told)

    def write(path: Path) -> None:
        write_shard(shards_in(path), rows_of(1, 0, 5))
        failpoints.compact(path)

    def whole(path: Path) -> None:
        assert counted(scanned(shards_in(path))) == expected(*failpoints.SPANS)

    failpoints.made_small_shards(tmp_path / "found")
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("FEWEST_FILES", "MOST_FILES"):
            monkeypatch.setattr(compaction, name, getattr(compaction, name))
        steps = full_at_every_step(tmp_path, lambda path: shutil.copytree(tmp_path / "found", path), write, whole)
    failpoints.every_row_counts_once(tmp_path / "found")
    assert steps > 20


@pytest.mark.usefixtures("quick")
def test_f15_a_full_disk_in_the_final_merge_keeps_the_work_files_and_merging_again_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full while the tables or the manifest are written."""
    assert re.search(
        r"part-00000\S+ could not be written: .*File too large.* \([\d,]+ bytes free\)", acted("merge_without_room", tmp_path / "limited")
    )
    monkeypatch.setattr(parts, "ROWS_A_PART", 50)
    steps = full_at_every_step(tmp_path, lambda path: None, results_of(120), results_are_whole(120))
    assert steps > 30


def test_f16_a_folder_that_may_not_be_written_is_refused_before_the_first_run(tmp_path: Path) -> None:
    """The parent directory is read-only, or missing."""
    with tempfile.TemporaryDirectory() as place:  # where everybody may go, which pytest's own folders are not
        folder = Path(place)
        (folder / "there").mkdir(mode=0o755)
        for path in (folder / "there", folder):
            path.chmod(0o555)
        try:
            told = acted("as_nobody", folder).splitlines()
        finally:
            folder.chmod(0o755)
        assert names_in(folder) == set()
    assert [re.sub(r"^\S+ ", "", line) for line in told] == [
        f"cannot be written: no permission in {folder}",
        f"cannot be written: no permission in {folder / 'there'}",
        f"cannot be made: there is no folder {folder / 'missing'}",
    ]


def test_f17_no_link_is_followed_out_of_the_directory_and_nothing_is_deleted_that_is_not_ours(tmp_path: Path) -> None:
    """The output directory is a file, a link, or is swapped under us."""
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "shards").mkdir(parents=True)
    (elsewhere / "diary").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(elsewhere)
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("linked_work", "linked_manifest"):
        (tmp_path / name).mkdir()
    (tmp_path / "linked_work" / ".work").symlink_to(elsewhere)
    (tmp_path / "linked_manifest" / "manifest.json").symlink_to(elsewhere / "diary")
    for name, told in [
        ("file", "is a file"),
        ("link", "symbolic"),
        ("dangling", "symbolic"),
        ("linked_work", "symbolic"),
        ("linked_manifest", "symbolic"),
    ]:
        for fresh in (False, True):
            with pytest.raises(DirectoryFault, match=told), OutputDirectory(tmp_path / name, IDENTITY, 10, fresh=fresh) as out:
                out.begin()
    # Swapped for another folder, and for a link, while it is written.
    for number, swap in enumerate([Path.mkdir, lambda path: path.symlink_to(elsewhere)]):
        path = tmp_path / f"out-{number}"
        with OutputDirectory(path, IDENTITY, 10) as out:
            out.begin()
            shards_in(path).mkdir()
            path.rename(tmp_path / f"moved-{number}")
            swap(path)
            for act in (lambda out=out: out.write_text("report.html", ""), out.finish):
                with pytest.raises(DirectoryFault, match="moved or replaced"):
                    act()
            with pytest.raises(DiskFault):
                write_shard(shards_in(path), rows_of(0, 0, 5))
    # The folder of work files swapped for a link: neither written through, nor read, nor emptied at the end.
    with OutputDirectory(tmp_path / "out", IDENTITY, 10) as out:
        out.begin()
        shards_in(out.path).symlink_to(elsewhere / "shards")
        for act in (lambda: write_shard(shards_in(out.path), rows_of(0, 0, 5)), Shards(shards_in(out.path)).scan):
            with pytest.raises(DirectoryFault, match="symbolic link"):
                act()
        out.finish()
    assert names_in(elsewhere) == {"diary"} and (elsewhere / "shards").is_dir()
    assert (tmp_path / "file").read_text() == "mine"


HOLDER = """
import sys, time
from sim.runs.store import OutputDirectory
from tests.faults.failpoints import IDENTITY
with OutputDirectory(sys.argv[1], IDENTITY, 10, share=sys.argv[2] or None) as out:
    out.begin()
    print("begun", flush=True)
    time.sleep(60)
"""


@contextmanager
def held(path: Path, share: str = "") -> Iterator["subprocess.Popen[str]"]:
    """A program that is working in a directory, killed in the end."""
    with program(HOLDER, str(path), share) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "begun\n"
        try:
            yield other
        finally:
            other.send_signal(signal.SIGKILL)
            other.wait()


def test_f18_the_second_of_two_programs_in_one_directory_is_told_who_holds_it(tmp_path: Path) -> None:
    """Two programs, one directory; also two shares, the same share twice, and a share beside a whole program."""
    path = tmp_path / "out"
    with held(path) as other:
        for share in (None, "1/2"):
            with pytest.raises(DirectoryInUse, match=f"process {other.pid}") as fault, OutputDirectory(path, IDENTITY, 10, share=share):
                pass
            assert fault.value.exit_code == 4
    with held(path, "1/2") as other:
        with pytest.raises(DirectoryInUse, match=f"process {other.pid}, share 1/2"), OutputDirectory(path, IDENTITY, 10):
            pass
        with (
            pytest.raises(DirectoryInUse, match=rf"share 1/2 .*process {other.pid}"),
            OutputDirectory(path, IDENTITY, 10, share="1/2") as out,
        ):
            out.begin()
        with OutputDirectory(path, IDENTITY, 10, share="2/2") as out:
            out.begin()


def test_f19_a_killed_program_leaves_nothing_to_unlock(tmp_path: Path) -> None:
    """A stale lock after kill -9, of a whole program and of shares."""
    path = tmp_path / "out"
    for share in ("", "1/2"):
        with held(path, share):
            pass
        assert ".suasion.lock" in names_in(path)
    with OutputDirectory(path, IDENTITY, 10, share="1/2") as out:
        out.begin()
    with OutputDirectory(path, IDENTITY, 10) as out:
        assert out.standing is Standing.UNFINISHED
        out.finish()
    assert names_in(path) == {"manifest.json"}


def refused_under(identity: dict[str, Any], path: Path, change: str) -> None:
    """The same simulation, made by something else, is refused unless that is to be ignored."""
    with pytest.raises(DirectoryFault, match=change) as fault, OutputDirectory(path, identity, 20):
        pass
    assert fault.value.exit_code == 2 and "--allow-mixed" in str(fault.value)
    with OutputDirectory(path, identity, 20, ignoring=["versions"]) as out:
        assert out.standing is not Standing.NEW


def test_f21_other_versions_are_refused_unless_they_are_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken up under another version of the program or of NumPy: a finished directory, an unfinished one, work files."""
    before = IDENTITY | {"versions": versions.makers()}
    with OutputDirectory(tmp_path / "finished", before, 10) as out:
        out.finish()
    with pytest.raises(ZeroDivisionError), OutputDirectory(tmp_path / "unfinished", before, 10) as out:
        out.begin()
        shards_in(out.path).mkdir()
        write_shard(shards_in(out.path), rows_of(0, 0, 5, made_by=versions.makers()))
        raise ZeroDivisionError
    for name, other in (("suasion", "9.9.9"), ("numpy", "1.26.4")):
        now = versions.makers() | {name: other}
        for folder in ("finished", "unfinished"):
            refused_under(
                IDENTITY | {"versions": now}, tmp_path / folder, rf"versions.{name} +was {re.escape(before['versions'][name])}, now {other}"
            )
        shards = scanned(shards_in(tmp_path / "unfinished"))
        shards.refuse_mixed(before["versions"])
        with pytest.raises(DirectoryFault, match=f"versions.{name}"):
            shards.refuse_mixed(now)


@pytest.mark.usefixtures("quick")
def test_f22_a_cut_work_file_is_noticed_wherever_it_is_cut_and_only_its_rows_are_made_again(out: Path) -> None:
    """A work file is cut short, at 100 random places."""
    chance = np.random.default_rng(22)
    for _ in range(100):
        path = shards_in(out) / sorted(os.listdir(shards_in(out)))[chance.integers(len(SPANS))]
        path.write_bytes(path.read_bytes()[: chance.integers(path.stat().st_size)])
        told, lost = lost_of(out)
        assert len(told) == 1 and told[0].startswith(f"{path.name} was cut, changed or renamed")
        assert len(lost) == 40
        redone(out, lost)
    assert len(os.listdir(out / ".work" / "set_aside")) == 100


@pytest.mark.usefixtures("quick")
def test_f23_a_flipped_bit_is_noticed_wherever_it_is(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One bit is flipped in a work file, and in a finished table, 300 times at random."""
    chance = np.random.default_rng(23)

    def flipped(path: Path) -> None:
        content = bytearray(path.read_bytes())
        content[chance.integers(len(content))] ^= 1 << int(chance.integers(8))
        path.write_bytes(content)

    for number in range(300):
        path = shards_in(out) / sorted(os.listdir(shards_in(out)))[chance.integers(len(SPANS))]
        flipped(path)
        told, lost = lost_of(out)
        assert [line.split(" ")[0] for line in told] == [path.name]
        redone(out, lost, looked=number % 10 == 9)
    finished = out.with_name("finished")
    monkeypatch.setattr(parts, "ROWS_A_PART", 50)
    results_of(120)(finished)
    tables = {path: path.read_bytes() for path in (finished / "outcomes").iterdir()}
    for number in range(300):
        path = list(tables)[number % len(tables)]
        flipped(path)
        with pytest.raises(DiskFault, match=f"{path.name} was changed"), OutputDirectory.existing(finished) as directory:
            directory.verify()
        path.write_bytes(tables[path])


@pytest.mark.usefixtures("quick")
def test_f24_every_row_is_there_once_or_made_again_and_strangers_are_named(out: Path) -> None:
    """A work file is deleted, copied, renamed; a stranger's file and one of another simulation lie among them."""
    folder = shards_in(out)
    one, two, three = sorted(os.listdir(folder))[:3]
    (folder / one).unlink()
    told, lost = lost_of(out)
    assert told == () and len(lost) == 40
    redone(out, lost)

    copies = [f"{two}.copy", f"shard-{'0' * 32}.npz", "shard copy.npz"]
    for name in copies:
        shutil.copy(folder / two, folder / name)
    told, lost = lost_of(out)
    assert lost == set() and sorted(name for name in copies if any(line.startswith(name) for line in told)) == sorted(copies)

    (folder / three).rename(folder / f"shard-{'1' * 32}.npz")
    told, lost = lost_of(out)
    assert len(told) == 1 and f"shard-{'1' * 32}.npz was cut, changed or renamed" in told[0] and len(lost) == 40
    redone(out, lost)

    (folder / "thesis.txt").write_text("mine")
    write_shard(folder, rows_of(0, 0, 40, simulation="seed 2"))
    told, lost = lost_of(out)
    assert lost == set() and len(told) == 2
    assert any(line.startswith("thesis.txt is no work file of suasion; it was set aside in ") for line in told)
    assert any("is of another simulation (seed 2)" in line for line in told)
    assert (out / ".work" / "set_aside" / "thesis.txt").read_text() == "mine"


@pytest.mark.usefixtures("quick")
def test_f25_a_torn_journal_and_a_cut_manifest_are_repaired_by_the_same_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last line of the journal is torn, the manifest is cut by 25 bytes."""
    monkeypatch.setattr(parts, "ROWS_A_PART", 50)
    path = tmp_path / "out"
    with pytest.raises(ZeroDivisionError), OutputDirectory(path, IDENTITY, 120, counted="rows") as out:
        out.write_stream("outcomes", iter([outcomes(120)]))
        out.write_text("charts/old.svg", "old")
        raise ZeroDivisionError
    journal = (path / ".work" / "journal").read_text()
    for cut in range(1, 25):
        (path / ".work" / "journal").write_text(journal[:-cut])
        with pytest.raises(ZeroDivisionError), OutputDirectory(path, IDENTITY, 120, counted="rows") as out:
            out.write_text("charts/new.svg", "new")
            lines = (path / ".work" / "journal").read_text().splitlines()
            assert lines == [*journal[:-cut].split("\n")[:-1], "charts/new.svg"]
            raise ZeroDivisionError
    results_of(120)(path)
    shutil.rmtree(path)

    results_of(120)(path)
    manifest = (path / "manifest.json").read_bytes()
    for cut in (2, 25, 60):
        (path / "manifest.json").write_bytes(manifest[:-cut])
        with pytest.raises(DirectoryFault, match=r"seed +was 1, now 2"), OutputDirectory(path, IDENTITY | {"seed": 2}, 120, counted="rows"):
            pass
        with OutputDirectory(path, IDENTITY, 120, counted="rows") as out:
            assert out.standing is Standing.UNFINISHED
            out.verify()
        results_of(120)(path)
        results_are_whole(120)(path)
        assert (path / "manifest.json").read_bytes() == manifest
    (path / "manifest.json").write_bytes(manifest[:30])
    with pytest.raises(DirectoryFault, match=r"has a damaged manifest\.json"), OutputDirectory(path, IDENTITY, 120, counted="rows"):
        pass


def whole_bytes(path: Path) -> dict[str, bytes]:
    return {str(each.relative_to(path)): each.read_bytes() for each in path.rglob("*") if each.is_file()}


CLOCKS = {"yesterday": -86_400.0, "in ten years": 10 * 365.25 * 86_400, "winter time": -3600.0, "a leap day": 1_835_395_200.0 - 1.7e9}
READS_THE_CLOCK = {("time", name) for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime")}
READS_THE_DATE = {(of, name) for of in ("datetime", "date") for name in ("now", "today", "utcnow")}


@pytest.mark.usefixtures("quick")
def test_f26_a_jumping_clock_changes_no_byte_and_no_duration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock jumps a day back, ten years on, over the end of summer time, onto a leap day."""
    monkeypatch.setattr(parts, "ROWS_A_PART", 50)
    real, found = time.time, {}
    for name, jump in {"": 0.0, **CLOCKS}.items():
        path = tmp_path / f"out {name}"
        ticks = itertools.cycle([0.0, jump])
        with monkeypatch.context() as jumping:
            jumping.setattr(time, "time", lambda ticks=ticks: real() + next(ticks))
            jumping.setattr(time, "time_ns", lambda ticks=ticks: int((real() + next(ticks)) * 1e9))
            jumping.setattr(time, "localtime", lambda *given, jump=jump: time.gmtime(real() + jump))
            results_of(120)(path)
            shards_in(path).mkdir(parents=True)
            write_shard(shards_in(path), rows_of(0, 0, 20, made_by=versions.makers()))
        found[name] = whole_bytes(path)
    assert all(each == found[""] for each in found.values())
    # Nobody in the room of runs asks what time it is; durations are taken from a clock that cannot jump.
    for path in (ROOT / "sim" / "runs").glob("*.py"):
        asked = [
            ast.unparse(node)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and (node.value.id, node.attr) in READS_THE_CLOCK | READS_THE_DATE
        ]
        assert asked == [], f"{path.name} asks for the time of day: {asked}"


MADE = """
import sys
from pathlib import Path
from sim.runs.shards import write_shard
from sim.runs.store import OutputDirectory
from sim.runs.versions import cpu_features, makers
from tests.faults.failpoints import IDENTITY, rows_of, shards_in
path = Path(sys.argv[1])
with OutputDirectory(path, IDENTITY | {"versions": makers()}, 10) as out:
    out.begin()
    shards_in(path).mkdir()
    write_shard(shards_in(path), rows_of(0, 0, 5, made_by=makers()))
print(cpu_features())
"""


def test_f29_results_of_a_processor_without_some_features_are_not_mixed_with_others(tmp_path: Path) -> None:
    """Features of the processor are switched off (NPY_DISABLE_CPU_FEATURES)."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    assert versions.cpu_features().split()[-len(found) or None :] == (found or versions.cpu_features().split())
    path = tmp_path / "out"
    here = IDENTITY | {"versions": versions.makers()}
    if found:
        assert said(MADE, str(path), NPY_DISABLE_CPU_FEATURES=" ".join(found)).split() == [
            each for each in versions.cpu_features().split() if each not in found
        ]
    else:  # a processor whose every feature NumPy takes for granted: then the other one is made up
        elsewhere = {"versions": versions.makers() | {"processor": "another"}}
        with OutputDirectory(path, IDENTITY | elsewhere, 10) as out:
            out.begin()
            shards_in(path).mkdir()
            write_shard(shards_in(path), rows_of(0, 0, 5, made_by=elsewhere["versions"]))
    refused_under(here, path, r"versions.processor +was .*, now ")
    with pytest.raises(DirectoryFault, match=r"versions.processor"):
        scanned(shards_in(path)).refuse_mixed(versions.makers())
    assert "processor" in json.loads((path / ".work" / "begun.json").read_text())["identity"]["versions"]
    assert said(MADE, str(tmp_path / "same")).strip() == versions.cpu_features()
    with OutputDirectory(tmp_path / "same", here, 10) as out:
        out.finish()
    assert read_manifest(tmp_path / "same")["identity"]["versions"] == versions.makers()
