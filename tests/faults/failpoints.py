"""Kills a program with SIGKILL at every single step of its writing, one step after the other, and runs it again each time.

`python -m tests.faults.failpoints SCENE FOLDER` acts a scene in a process of its own until it is killed at its first step; looks at what
is left; acts it again, undisturbed; looks whether all is as if nothing had happened; then kills at the second step, and so on until the
scene comes to its end. It prints the number of steps. Processes are forked here, where no threads run yet.
"""

import gc
import hashlib
import os
import resource
import shutil
import signal
import stat
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas  # noqa: F401  pyarrow would load it in every process anew
import pyarrow as pa
import pyarrow.parquet as pq

from sim.runs import compaction, parts
from sim.runs.shards import ELSEWHERE, Shard, Shards, write_shard
from sim.runs.store import DiskFault, OutputDirectory, Standing, read_parts, table_of
from sim.runs.tally import Tally

IDENTITY: dict[str, Any] = {"seed": 1, "scenario": {"powers": {"eu": {"capacity": 110.0}}}}
# What a program does to a disk, step by step.
STEPS = ("open", "write", "fsync", "replace", "rename", "unlink", "mkdir", "rmdir", "ftruncate")
ROWS_A_PART = 50


def key(point: int) -> str:
    return hashlib.blake2b(str(point).encode(), digest_size=8).hexdigest()


def rows_of(point: int, first: int, stop: int, status: str = "ok", tally: Tally | None = None, **more: Any) -> Shard:
    """Some runs of a point; what they leave hangs on point and run alone."""
    run = np.arange(first, stop, dtype=np.int64)
    values = np.sin(point * 1000 + run).astype(np.float32) if status == "ok" else np.full(len(run), np.nan, dtype=np.float32)
    error = "" if status == "ok" else "lost"
    place = np.zeros(len(run), dtype=np.int32)
    return Shard((key(point),), place, run, (status,) * len(run), (error,) * len(run), {"tension.mean": values}, {}, tally, **more)


def tallied(point: int, first: int, stop: int) -> Shard:
    sums = np.full((2, 1), sum(range(first, stop)))
    return rows_of(point, first, stop, tally=Tally(stop - first, {"tension": sums[..., None]}, {"tension": sums}, {"tension": sums}))


def counted(shards: Shards) -> dict[tuple[str, int], float]:
    """The outcome of every row that counts, and nothing counts twice."""
    found: dict[tuple[str, int], float] = {}
    for number, entry in enumerate(shards.entries):
        whole = shards.read(number)
        for row in np.flatnonzero(entry.run != ELSEWHERE):
            name = (whole.keys[whole.place[row]], int(whole.run[row]))
            assert name not in found, f"{name} counts twice"
            found[name] = float(whole.outcomes["tension.mean"][row])
    return found


def tallied_runs(shards: Shards) -> int:
    """How many runs all tallies that count have."""
    each = (shards.read(number).tally for number, entry in enumerate(shards.entries) if (entry.run != ELSEWHERE).any())
    return sum(tally.runs for tally in each if tally is not None)


def expected(*spans: tuple[int, int, int]) -> dict[tuple[str, int], float]:
    return {(key(p), run): float(np.float32(np.sin(p * 1000 + run))) for p, first, stop in spans for run in range(first, stop)}


def scanned(folder: Path) -> Shards:
    shards = Shards(folder)
    told = shards.scan()
    assert told == (), f"found damaged: {told}"
    assert not [name for name in os.listdir(folder) if not name.startswith("shard-")], "half-written files are left"
    return shards


@dataclass(frozen=True)
class Scene:
    """Something a program does: what it finds, the act, what must hold whenever it was killed, and once it was acted to its end."""

    prepared: Callable[[Path], Any]
    act: Callable[[Path], Any]
    after_a_kill: Callable[[Path], Any]
    at_the_end: Callable[[Path], Any]


def shards_in(out: Path) -> Path:
    return out / ".work" / "shards"


def made_shards(out: Path) -> None:
    shards_in(out).mkdir(parents=True)
    write_shard(shards_in(out), rows_of(0, 0, 20))


def write_missing(out: Path) -> None:
    shards = scanned(shards_in(out))
    for point in range(3):
        if not any(key(point) in entry.keys for entry in shards.entries):
            write_shard(shards_in(out), rows_of(point, 0, 20))


def some_rows_are_whole(out: Path) -> None:
    found, every = counted(scanned(shards_in(out))), expected(*((p, 0, 20) for p in range(3)))
    assert len(found) % 20 == 0 and found.items() <= every.items()
    assert expected((0, 0, 20)).items() <= found.items()


def all_rows_are_there(out: Path) -> None:
    assert counted(scanned(shards_in(out))) == expected(*((p, 0, 20) for p in range(3)))
    assert len(os.listdir(shards_in(out))) == 3


SPANS = (*((p, 0, 12) for p in range(3)), (0, 2048, 2078))


def made_small_shards(out: Path) -> None:
    shards_in(out).mkdir(parents=True)
    for point in range(3):
        for first in (0, 6):
            write_shard(shards_in(out), rows_of(point, first, first + 6))
    write_shard(shards_in(out), rows_of(0, 3, 4, "crashed"))
    write_shard(shards_in(out), rows_of(0, 3, 5))
    for first in range(2048, 2078, 10):
        write_shard(shards_in(out), tallied(0, first, first + 10))
    write_shard(shards_in(out), tallied(0, 2050, 2059))


def compact(out: Path) -> None:
    compaction.FEWEST_FILES, compaction.MOST_FILES = 2, 4
    scanned(shards_in(out)).compact()


def every_row_counts_once(out: Path) -> None:
    shards = scanned(shards_in(out))
    assert counted(shards) == expected(*SPANS)
    assert tallied_runs(shards) == 30


def few_files_are_left(out: Path) -> None:
    every_row_counts_once(out)
    assert len(os.listdir(shards_in(out))) == 2


def outcomes(rows: int) -> pa.Table:
    run = np.arange(rows, dtype=np.int64)
    return table_of({"run": run, "tension.mean": np.sin(run)})


def in_tables(table: pa.Table) -> Any:
    return (table.slice(first, 30) for first in range(0, table.num_rows, 30))


def results_of(rows: int) -> Callable[[Path], None]:
    def write_results(path: Path) -> None:
        parts.ROWS_A_PART = ROWS_A_PART
        with OutputDirectory(path, IDENTITY, rows, counted="rows") as out:
            if out.standing is Standing.FINISHED:
                return
            out.begin()
            write_shard_once(shards_in(path))
            out.write_stream("outcomes", in_tables(outcomes(rows)))
            out.write_text("charts/fan.svg", "<svg/>")
            assert counted(scanned(shards_in(path))) == expected((0, 0, 5)), "the rows went before the results were finished"
            out.finish({"counts": {"planned": rows}})

    return write_results


def write_shard_once(folder: Path) -> None:
    """Rows that must be there as long as the results are not finished."""
    if not scanned(folder).entries:
        write_shard(folder, rows_of(0, 0, 5))


def no_half_part_is_read(path: Path) -> None:
    for part in path.rglob("*.parquet") if path.exists() else ():
        if ".tmp" not in part.name:
            whole = pq.ParquetFile(part, page_checksum_verification=True).read()
            first = int(part.stem.removeprefix("part-")) * ROWS_A_PART
            assert whole["run"].to_pylist() == list(range(first, first + whole.num_rows))
    if (path / "manifest.json").exists():
        with OutputDirectory.existing(path) as out:
            out.verify()


def results_are_whole(rows: int) -> Callable[[Path], None]:
    def look(path: Path) -> None:
        with OutputDirectory(path, IDENTITY, rows, counted="rows") as out:
            assert out.standing is Standing.FINISHED
            out.verify()
        there = {str(each.relative_to(path)) for each in path.rglob("*") if each.is_file()}
        assert there == {"manifest.json", "charts/fan.svg", *(f"outcomes/part-{n:05d}.parquet" for n in range(-(-rows // ROWS_A_PART)))}
        whole = pa.concat_tables([pq.read_table(each) for each in sorted((path / "outcomes").iterdir())])
        assert whole.equals(outcomes(rows))

    return look


def share(path: Path) -> None:
    with OutputDirectory(path, IDENTITY, 20, counted="rows", share="1/2") as out:
        out.begin()
        if not scanned(shards_in(path)).entries:
            write_shard(shards_in(path), rows_of(0, 0, 20))


def a_share_is_there(path: Path) -> None:
    assert counted(scanned(shards_in(path))) == expected((0, 0, 20))
    with OutputDirectory(path, IDENTITY, 20, counted="rows") as out:
        assert out.standing is Standing.UNFINISHED


def nothing(path: Path) -> None:
    pass


SCENES = {
    "write_shard": Scene(made_shards, write_missing, some_rows_are_whole, all_rows_are_there),
    "compaction": Scene(made_small_shards, compact, every_row_counts_once, few_files_are_left),
    "results": Scene(nothing, results_of(120), no_half_part_is_read, results_are_whole(120)),
    "growth": Scene(results_of(70), results_of(120), no_half_part_is_read, results_are_whole(120)),
    "share": Scene(nothing, share, nothing, a_share_is_there),
}


def shard_without_room(out: Path) -> None:
    """Writes one work file with room for it, one without, and that one again once there is room."""
    folder = shards_in(out)
    made_shards(out)
    before = {name: (folder / name).read_bytes() for name in os.listdir(folder)}
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, room[1]))
    try:
        write_shard(folder, rows_of(1, 0, 5000))
    except DiskFault as fault:
        assert fault.exit_code == 5
        print(fault)
    else:
        raise AssertionError("there was room")
    assert {name: (folder / name).read_bytes() for name in os.listdir(folder)} == before
    resource.setrlimit(resource.RLIMIT_FSIZE, room)
    write_shard(folder, rows_of(1, 0, 5000))
    assert counted(scanned(folder)) == expected((0, 0, 20), (1, 0, 5000))


def merge_without_room(out: Path) -> None:
    """Writes results with too little room for a part, and again once there is room."""
    parts.ROWS_A_PART = 40_000
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (50_000, room[0]):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, room[1]))
        try:
            with OutputDirectory(out, IDENTITY, 100_000, counted="rows") as directory:
                directory.begin()
                write_shard_once(shards_in(out))
                directory.write_stream("outcomes", iter([outcomes(100_000)]))
                assert limit == room[0], "there was room"
                directory.finish()
        except DiskFault as fault:
            assert limit != room[0] and fault.exit_code == 5
            assert counted(scanned(shards_in(out))) == expected((0, 0, 5))
            assert [each.name for each in out.rglob("*.parquet")] == []
            print(fault)
    with OutputDirectory(out, IDENTITY, 100_000, counted="rows") as directory:
        assert directory.standing is Standing.FINISHED
        directory.verify()
    assert read_parts(out / "outcomes").equals(outcomes(100_000))


def as_nobody(folder: Path) -> None:
    """Asks, as a user without rights, for output directories in a folder of somebody else's."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    for path in (folder / "out", folder / "there", folder / "missing" / "out"):
        try:
            with OutputDirectory(path, IDENTITY, 10):
                raise AssertionError("it was let in")
        except DiskFault as fault:
            assert fault.exit_code == 5
            print(fault)


def arm(step: int) -> None:
    """Let this process live for so many steps on the disk, and die in the next one.

    A write is cut in the middle; what was not yet synced is cut too, as it may be where the power goes.
    """
    left = step

    def counting(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*given: Any, **named: Any) -> Any:
            nonlocal left
            if name == "open" and not given[1] & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
                return real(*given, **named)
            if left > 0:
                left -= 1
                return real(*given, **named)
            if name == "write":
                real(given[0], bytes(given[1])[: len(given[1]) // 2])
            if name == "fsync" and stat.S_ISREG(os.fstat(given[0]).st_mode):
                os.truncate(os.readlink(f"/proc/self/fd/{given[0]}"), os.fstat(given[0]).st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

        return taken

    for name in STEPS:
        setattr(os, name, counting(name, getattr(os, name)))


def doomed(scene: Scene, path: Path, step: int) -> None:
    """Act a scene until its next step is one too many."""
    arm(step)
    scene.act(path)


def run_again(scene: Scene, path: Path) -> None:
    """Look at what is left, act the scene undisturbed, look at the end."""
    scene.after_a_kill(path)
    scene.act(path)
    scene.at_the_end(path)


def forked(act: Callable[..., Any], *given: Any) -> int:
    """How a process ended that did something: 0, or minus the signal that killed it."""
    process = os.fork()
    if process == 0:
        try:
            act(*given)
        except BaseException:
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def killed_at_every_step(name: str, folder: Path) -> int:
    """Acts one scene, killed at every step; gives the number of its steps."""
    scene, step, found = SCENES[name], 0, folder / f"{name}-found"
    os.fsync = lambda descriptor: None  # only the power's going would tell the difference, and waiting takes most of the time
    gc.freeze()
    assert forked(scene.prepared, found) == 0, "preparing failed"
    while True:
        path = folder / f"{name}-{step}"
        if found.exists():
            shutil.copytree(found, path)
        code = forked(doomed, scene, path, step)
        assert code in (0, -signal.SIGKILL), f"{name}, to be killed at step {step}, ended with {code}"
        assert forked(run_again, scene, path) == 0, f"{name} cannot be run again as if it had not been killed at step {step}"
        shutil.rmtree(path)
        if code == 0:
            return step
        step += 1


if __name__ == "__main__":
    print(killed_at_every_step(sys.argv[1], Path(sys.argv[2])))
