"""Work files: whole or not at all, every row in exactly one of them, and nothing believed that bytes do not bear out."""

import fcntl
import hashlib
import io
import itertools
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.runs import compaction
from sim.runs.shards import ELSEWHERE, DamagedShard, Receipt, Shard, Shards, read_shard, settled, write_shard
from sim.runs.store import DirectoryFault, DiskFault
from sim.runs.tally import Tally

MAKERS = {"suasion": "0.1.0", "numpy": "2.4.6"}


def key(point: int) -> str:
    return hashlib.blake2b(str(point).encode(), digest_size=8).hexdigest()


def value(point: int, run: int) -> float:
    """What a row leaves hangs on its name alone."""
    return float(np.float32(np.sin(point * 1000 + run)))


def shard(rows: Sequence[tuple[int, int]], status: dict[tuple[int, int], str] | None = None, **more: Any) -> Shard:
    """Rows (point, run) as a work file; those with a status other than ok left nothing."""
    rows = sorted(rows)
    points = sorted({point for point, _ in rows})
    ended = tuple((status or {}).get(row, "ok") for row in rows)
    values = np.array([value(*row) if end == "ok" else np.nan for row, end in zip(rows, ended, strict=True)], dtype=np.float32)
    given: dict[str, Any] = {"outcomes": {"tension.mean": values, "tension.end": -values}, "made_by": MAKERS}
    return Shard(
        tuple(key(point) for point in points),
        np.array([points.index(point) for point, _ in rows], dtype=np.int32),
        np.array([run for _, run in rows], dtype=np.int64),
        ended,
        tuple("" if end == "ok" else f"{end}: ünlucky (run {run}, seed 1)" for (_, run), end in zip(rows, ended, strict=True)),
        **(given | more),
    )


def tallied(point: int, first: int, stop: int) -> Shard:
    counts = np.zeros((2, 1, 8), dtype=np.int64)
    for run in range(first, stop):
        counts[:, 0, run % 8] += 1
    sums = np.full((2, 1), sum(range(first, stop)))
    return shard(
        [(point, run) for run in range(first, stop)],
        tally=Tally(stop - first, {"tension": counts}, {"tension": sums}, {"tension": sums * 2}),
    )


def written(folder: Path, *shards: Shard) -> list[str]:
    folder.mkdir(parents=True, exist_ok=True)
    return [write_shard(folder, each).name for each in shards]


def scanned(folder: Path, simulation: str = "") -> Shards:
    found = Shards(folder, simulation)
    found.scan()
    return found


def counted(shards: Shards) -> dict[tuple[str, int], tuple[str, str, float | None]]:
    """Every row that counts: its status, error and outcome. A row that counts twice is refused."""
    found: dict[tuple[str, int], tuple[str, str, float | None]] = {}
    for number, entry in enumerate(shards.entries):
        whole = shards.read(number)
        assert entry.keys == whole.keys
        for row in np.flatnonzero(entry.run != ELSEWHERE):
            name = (whole.keys[whole.place[row]], int(whole.run[row]))
            assert name not in found, f"{name} counts twice"
            outcome = float(whole.outcomes["tension.mean"][row])
            found[name] = (whole.status[row], whole.error[row], None if np.isnan(outcome) else outcome)
    return found


def total(shards: Shards) -> tuple[int, int]:
    """Runs and sum of all tallies that count."""
    tally = Tally(0, {}, {}, {})
    for number, entry in enumerate(shards.entries):
        part = shards.read(number).tally
        if part is not None and (entry.run != ELSEWHERE).any():
            tally = tally.plus(part)
    return tally.runs, int(tally.sums["tension"][0, 0]) if tally.runs else 0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "out" / ".work" / "shards"
    place.mkdir(parents=True)
    return place


class TestAFile:
    def test_a_shard_comes_back_as_it_was(self, folder: Path) -> None:
        kept = {"tension": np.arange(24, dtype=np.float32).reshape(2, 4, 3)}
        rows = [(5, 0), (5, 7), (3, 2**32 - 1)]
        before = shard(rows, {(5, 7): "nonfinite"}, kept=kept, simulation="seed 1")
        receipt = write_shard(folder, before, 1.5)
        assert receipt == Receipt(receipt.name, (key(3), key(5)), 3, {"ok": 2, "nonfinite": 1}, 1.5, "nonfinite: ünlucky (run 7, seed 1)")
        after = read_shard(folder / receipt.name)
        assert (after.keys, after.status, after.error) == (before.keys, before.status, before.error)
        assert (after.made_by, after.simulation, after.tally) == (MAKERS, "seed 1", None)
        assert list(after.outcomes) == ["tension.mean", "tension.end"]
        for name in ("place", "run"):
            assert np.array_equal(getattr(after, name), getattr(before, name))
            assert getattr(after, name).dtype == getattr(before, name).dtype
        for one, other in zip(after.columns, before.columns, strict=True):
            assert one.dtype == np.float32
            assert np.array_equal(one, other, equal_nan=True)

    def test_a_tally_comes_back_as_it_was(self, folder: Path) -> None:
        (name,) = written(folder, tallied(0, 2048, 3000))
        tally = read_shard(folder / name).tally
        assert tally is not None
        assert tally.runs == 952
        assert tally.sums["tension"][0, 0] == sum(range(2048, 3000))
        assert tally.counts["tension"].sum() == 2 * 952

    def test_rows_that_left_nothing_need_no_columns(self, folder: Path) -> None:
        (name,) = written(folder, shard([(0, 4)], {(0, 4): "crashed"}, outcomes={}))
        assert read_shard(folder / name).status == ("crashed",)
        assert read_shard(folder / name).outcomes == {}

    def test_the_same_rows_are_the_same_file_whenever_they_are_written(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (name,) = written(folder, shard([(0, 1), (0, 2)]))
        content = (folder / name).read_bytes()
        monkeypatch.setattr(time, "time", lambda: 4e9)
        assert written(folder, shard([(0, 1), (0, 2)])) == [name]
        assert (folder / name).read_bytes() == content
        assert os.listdir(folder) == [name]

    def test_the_name_is_the_digest_of_the_bytes(self, folder: Path) -> None:
        (name,) = written(folder, shard([(0, 1)]))
        assert name == f"shard-{hashlib.blake2b((folder / name).read_bytes(), digest_size=16).hexdigest()}.npz"

    def test_numpy_opens_it_without_unpickling(self, folder: Path) -> None:
        (name,) = written(folder, tallied(0, 2048, 2050))
        with np.load(folder / name, allow_pickle=False) as archive:
            assert archive["outcomes"].shape == (2, 2)
            assert all(archive[each] is not None for each in archive.files)

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"run": np.array([2, 1])}, "sorted by point and run"),
            ({"run": np.array([1, 1])}, "each once"),
            ({"run": np.array([0, 2**32])}, "a point or a run that there is not"),
            ({"place": np.array([0, 1], dtype=np.int32)}, "a point or a run that there is not"),
            ({"status": ("ok", "fine")}, "a row ends ok, nonfinite, error, timeout, crashed, not fine"),
            ({"status": ("ok",)}, r"columns of \[1, 2\] rows"),
            ({"kept": {"tension": np.zeros((2, 3), dtype=np.float32)}}, r"columns of \[2, 3\] rows"),
            ({"keys": ("base",)}, "16 hexadecimal digits, not 'base'"),
            ({"keys": (key(0), key(1)), "tally": Tally(0, {}, {}, {})}, "rows of one point, not of 2"),
        ],
    )
    def test_a_shard_that_makes_no_sense_is_never_written(self, fields: dict[str, Any], told: str) -> None:
        sound = shard([(0, 1), (0, 2)])
        given = {name: getattr(sound, name) for name in ("keys", "place", "run", "status", "error", "outcomes")}
        with pytest.raises(ValueError, match=told):
            Shard(**(given | fields))

    def test_no_folder_is_made_for_it(self, tmp_path: Path) -> None:
        with pytest.raises(DiskFault, match="No such file or directory"):
            write_shard(tmp_path / "gone", shard([(0, 1)]))
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("linked", ["shards", ".work"])
    def test_it_is_not_written_through_a_link(self, tmp_path: Path, linked: str) -> None:
        elsewhere = tmp_path / "elsewhere"
        (elsewhere / "shards").mkdir(parents=True)
        work = tmp_path / "out" / ".work"
        if linked == ".work":
            work.parent.mkdir()
            work.symlink_to(elsewhere)
        else:
            work.mkdir(parents=True)
            (work / "shards").symlink_to(elsewhere / "shards")
        with pytest.raises(DirectoryFault, match="symbolic link"):
            write_shard(work / "shards", shard([(0, 1)]))
        with pytest.raises(DirectoryFault, match="symbolic link"):
            Shards(work / "shards").scan()
        assert not list((elsewhere / "shards").iterdir())


def archive_of(members: dict[str, bytes], way: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", way) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def members_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def array(values: Any) -> bytes:
    file = io.BytesIO()
    np.save(file, values, allow_pickle=True)
    return file.getvalue()


class Exploding:
    """What runs code when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("exploded",)


HUGE = b"\x93NUMPY\x01\x00\x76\x00" + b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 1000000000), }".ljust(117) + b"\n"
HAND_MADE = {
    "no archive at all": lambda members: b"PAR1",
    "an empty archive": lambda members: archive_of({}),
    "a member is missing": lambda members: archive_of({name: members[name] for name in members if name != "rows.npy"}),
    "a pickle for an array": lambda members: archive_of(members | {"rows.npy": array(np.array([Exploding()]))}),
    "a pickle for the outcomes": lambda members: archive_of(members | {"outcomes.npy": array(np.array([Exploding()]))}),
    "more rows than bytes": lambda members: archive_of(members | {"outcomes.npy": HUGE}),
    "another form": lambda members: archive_of(members | {"about.npy": array(np.frombuffer(b'{"form": 2}', dtype=np.uint8))}),
    "no JSON": lambda members: archive_of(members | {"about.npy": array(np.frombuffer(b"{", dtype=np.uint8))}),
    "rows of no point": lambda members: archive_of(members | {"digits.npy": array(np.empty(0, dtype=np.uint64))}),
    "other rows": lambda members: archive_of(members | {"rows.npy": array(np.arange(3))}),
    "fewer errors": lambda members: archive_of(members | {"errors.npy": array(np.frombuffer(b"[]", dtype=np.uint8))}),
}


class TestWhatSomebodyElseMade:
    @pytest.mark.parametrize("harm", HAND_MADE)
    def test_a_file_made_by_hand_is_refused_though_its_digest_is_right(
        self, folder: Path, harm: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(folder.parent)
        (name,) = written(folder, shard([(0, 1)]))
        content = HAND_MADE[harm](members_of(folder / name))
        path = folder / f"shard-{hashlib.blake2b(content, digest_size=16).hexdigest()}.npz"
        path.write_bytes(content)
        with pytest.raises(DamagedShard, match="is no work file of suasion"):
            read_shard(path)
        assert not (folder.parent / "exploded").exists()

    def test_a_member_that_claims_to_be_enormous_is_not_unpacked(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from sim.runs import workfile

        monkeypatch.setattr(workfile, "LARGEST", 1000)
        (name,) = written(folder, shard([(0, 1)]))
        content = archive_of(members_of(folder / name) | {"outcomes.npy": bytes(10**6)}, zipfile.ZIP_DEFLATED)
        path = folder / f"shard-{hashlib.blake2b(content, digest_size=16).hexdigest()}.npz"
        path.write_bytes(content)
        with pytest.raises(DamagedShard, match="claims 1,000,000 bytes"):
            read_shard(path)

    def test_strangers_are_moved_aside_with_a_sentence_and_never_deleted(self, folder: Path, tmp_path: Path) -> None:
        (name,) = written(folder, shard([(0, 1)]))
        (folder / "thesis.txt").write_text("mine")
        (folder / "photos").mkdir()
        (folder / "photos" / "cat.jpg").write_text("cat")
        (tmp_path / "diary").write_text("mine too")
        (folder / f"shard-{'0' * 32}.npz").symlink_to(tmp_path / "diary")
        os.mkfifo(folder / f"shard-{'1' * 32}.npz")
        (folder / f"{name}.bak").write_bytes((folder / name).read_bytes())
        shards = Shards(folder)
        told = shards.scan()
        assert sorted(line.split(" ")[0] for line in told) == sorted(
            ["photos", f"shard-{'0' * 32}.npz", f"shard-{'1' * 32}.npz", f"{name}.bak", "thesis.txt"]
        )
        assert all(line.endswith(f"is no work file of suasion; it was set aside in {folder.parent / 'set_aside'}") for line in told)
        assert os.listdir(folder) == [name]
        assert (shards.aside / "photos" / "cat.jpg").read_text() == "cat"
        assert (shards.aside / "thesis.txt").read_text() == "mine"
        assert (tmp_path / "diary").read_text() == "mine too"
        assert shards.scan() == ()

    def test_a_second_stranger_of_the_same_name_does_not_replace_the_first(self, folder: Path) -> None:
        for text in ("first", "second", "third"):
            (folder / "thesis.txt").write_text(text)
            Shards(folder).scan()
        texts = {path.name: path.read_text() for path in (folder.parent / "set_aside").iterdir()}
        assert texts == {"thesis.txt": "first", "thesis.txt.1": "second", "thesis.txt.2": "third"}

    def test_a_file_of_another_simulation_is_a_stranger(self, folder: Path) -> None:
        written(folder, shard([(0, 1)], simulation="seed 1"), shard([(0, 2)], simulation="seed 2"), shard([(0, 3)]))
        shards = Shards(folder, "seed 1")
        told = shards.scan()
        assert len(told) == 2
        assert any("is of another simulation (seed 2)" in line for line in told)
        assert set(counted(shards)) == {(key(0), 1)}

    def test_a_lack_of_file_handles_condemns_no_file(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        written(folder, shard([(0, 1)]))

        def none_left(*args: Any, **named: Any) -> int:
            raise OSError(24, "Too many open files")

        monkeypatch.setattr(os, "open", none_left)
        with pytest.raises(DiskFault, match="Too many open files"):
            Shards(folder).scan()
        assert len(os.listdir(folder)) == 1


class TestHalfWrittenFiles:
    def test_what_a_dead_program_left_is_removed(self, folder: Path) -> None:
        left = folder / f".shard-{os.getpid():x}-{'0' * 16}.tmp"
        left.write_bytes(b"half")
        Shards(folder).scan()
        assert not left.exists()

    def test_what_a_living_program_is_writing_is_left_alone(self, folder: Path) -> None:
        path = folder / f".shard-1-{'0' * 16}.tmp"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            assert Shards(folder).scan() == ()
            assert path.exists()
        finally:
            os.close(descriptor)

    def test_a_scan_between_a_files_making_and_its_locking_loses_nothing(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        flock, scans = fcntl.flock, iter([True])

        def scanned_first(descriptor: int, kind: int) -> None:
            if next(scans, False):
                monkeypatch.setattr(fcntl, "flock", flock)
                Shards(folder).scan()
            flock(descriptor, kind)

        monkeypatch.setattr(fcntl, "flock", scanned_first)
        (name,) = written(folder, shard([(0, 1)]))
        assert os.listdir(folder) == [name]

    def test_a_strangers_hidden_file_is_not_taken_for_ours(self, folder: Path) -> None:
        (folder / ".shard-notes.tmp").write_text("mine")
        assert len(Shards(folder).scan()) == 1
        assert (folder.parent / "set_aside" / ".shard-notes.tmp").read_text() == "mine"


class TestEveryRowOnce:
    def test_rows_of_two_files_that_overlap_count_once(self, folder: Path) -> None:
        written(folder, shard([(p, r) for p in range(3) for r in range(4)]), shard([(p, r) for p in range(2, 5) for r in range(2, 6)]))
        rows = {(p, r) for p in range(3) for r in range(4)} | {(p, r) for p in range(2, 5) for r in range(2, 6)}
        found = counted(scanned(folder))
        assert found == {(key(p), r): ("ok", "", value(p, r)) for p, r in rows}

    def test_a_row_that_was_lost_to_bad_luck_gives_way_to_one_that_was_made(self, folder: Path) -> None:
        for unlucky in ("crashed", "timeout"):
            written(folder, shard([(0, 0), (0, 1)], {(0, 0): unlucky}), shard([(0, 0)]))
            assert counted(scanned(folder))[key(0), 0][0] == "ok"

    def test_the_order_in_which_files_are_found_does_not_matter(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        some = [shard([(0, r) for r in range(n, n + 3)], {(0, n + 1): "crashed"}) for n in range(4)]
        names = written(folder, *some, tallied(0, 2048, 2060), tallied(0, 2050, 2062), tallied(0, 2061, 2070))
        found = []
        for order in itertools.islice(itertools.permutations(names), 0, 5040, 97):
            monkeypatch.setattr(os, "listdir", lambda place, order=order: list(order))
            shards = scanned(folder)
            found.append([(entry.name, entry.run.tolist(), entry.superseded) for entry in shards.entries])
        assert all(each == found[0] for each in found)
        unsorted = settled(shards.entries[::-1])
        assert {entry.name: entry.run.tolist() for entry in unsorted} == {name: run for name, run, _ in found[0]}

    def test_a_tally_counts_whole_or_not_at_all(self, folder: Path) -> None:
        written(folder, tallied(0, 2048, 3000), tallied(0, 2900, 3100), tallied(1, 2900, 3100))
        shards = scanned(folder)
        assert set(counted(shards)) == {(key(0), r) for r in range(2048, 3000)} | {(key(1), r) for r in range(2900, 3100)}
        assert total(shards) == (1152, sum(range(2048, 3000)) + sum(range(2900, 3100)))
        assert not any(entry.superseded for entry in shards.entries)
        # The rows it had beyond the other are made again, and then it is of no use.
        written(folder, tallied(0, 3000, 3100))
        shards = scanned(folder)
        assert total(shards) == (1252, sum(range(2048, 3100)) + sum(range(2900, 3100)))
        assert sum(entry.superseded for entry in shards.entries) == 1

    def test_a_tally_that_has_a_row_another_lost_takes_it_over(self, folder: Path) -> None:
        written(folder, shard([(0, 2100)], {(0, 2100): "crashed"}), tallied(0, 2048, 2200))
        found = counted(scanned(folder))
        assert len(found) == 152
        assert found[key(0), 2100][0] == "ok"

    def test_a_file_just_written_is_taken_up_by_its_receipt(self, folder: Path) -> None:
        shards = scanned(folder)
        assert shards.entries == ()
        shards.add(write_shard(folder, shard([(0, 1)])).name)
        shards.add(write_shard(folder, shard([(0, 1), (0, 2)])).name)
        assert set(counted(shards)) == {(key(0), 1), (key(0), 2)}

    def test_it_is_told_how_the_rows_that_count_ended(self, folder: Path) -> None:
        written(folder, shard([(0, 0), (0, 1), (0, 2)], {(0, 0): "error", (0, 2): "crashed"}), shard([(0, 2)]))
        found: dict[str, int] = {}
        for entry in scanned(folder).entries:
            for status, count in entry.counts.items():
                found[status] = found.get(status, 0) + count
        assert found == {"ok": 2, "error": 1}

    def test_a_file_harmed_after_the_scan_is_noticed_when_it_is_read(self, folder: Path) -> None:
        (name,) = written(folder, shard([(0, 1)]))
        shards = scanned(folder)
        (folder / name).write_bytes((folder / name).read_bytes()[:-1])
        with pytest.raises(DamagedShard, match="was cut, changed or renamed"):
            shards.read(0)
        (folder / name).unlink()
        with pytest.raises(DamagedShard, match="was deleted"):
            shards.read(0)


WRITER = """
import sys
from pathlib import Path
from tests.runs.test_shards import shard, write_shard
step = int(sys.argv[2])
for first in range(0, 120, step):
    write_shard(Path(sys.argv[1]), shard([(0, run) for run in range(first, first + step)]))
"""


def test_programs_that_write_the_same_rows_at_once_in_other_pieces_leave_each_row_once(folder: Path) -> None:
    root = Path(__file__).parents[2]
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(folder), step], cwd=root) for step in ("2", "2", "3", "5")]
    whole = {(key(0), run): ("ok", "", value(0, run)) for run in range(120)}
    shards = Shards(folder)
    while any(writer.poll() is None for writer in writers):
        assert shards.scan() == ()
        assert counted(shards).items() <= whole.items()
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]
    assert shards.scan() == ()
    assert counted(shards) == whole
    assert len(os.listdir(folder)) == 60 + 40 + 24
    shards.compact()
    assert counted(scanned(folder)) == whole


class TestMakers:
    def test_rows_made_under_other_versions_are_refused_with_what_differs(self, folder: Path) -> None:
        written(folder, shard([(0, 1)]), shard([(0, 2)], made_by=MAKERS | {"numpy": "1.26.0"}))
        shards = scanned(folder)
        assert len(shards.makers) == 2
        with pytest.raises(DirectoryFault) as fault:
            shards.refuse_mixed(MAKERS)
        assert str(fault.value).splitlines()[1:] == [
            "  versions.numpy   was 1.26.0, now 2.4.6",
            "use another --out, or --fresh to replace what is there; --allow-mixed goes on all the same",
        ]

    def test_rows_made_under_the_same_versions_are_not(self, folder: Path) -> None:
        written(folder, shard([(0, 1)]), shard([(0, 2)]))
        scanned(folder).refuse_mixed(dict(reversed(MAKERS.items())))


@pytest.fixture
def small_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compaction, "FEWEST_FILES", 2)
    monkeypatch.setattr(compaction, "MOST_FILES", 4)


@pytest.mark.usefixtures("small_groups")
class TestCompaction:
    def some(self, folder: Path) -> Shards:
        written(folder, *(shard([(p, r) for r in range(3)], {(p, 1): "error"} if p % 3 == 0 else None) for p in range(10)))
        return scanned(folder)

    def test_fewer_files_hold_the_same_rows(self, folder: Path) -> None:
        shards = self.some(folder)
        before = counted(shards)
        assert shards.compact() > 8
        assert len(os.listdir(folder)) == len(shards.entries) == 1
        assert counted(shards) == before == counted(scanned(folder))
        assert shards.compact() == 0

    def test_kept_values_stay_with_their_rows(self, folder: Path) -> None:
        for point in (2, 0, 1):
            kept = np.stack([np.full((2, 4), point * 10 + run, dtype=np.float32) for run in range(3)], axis=-1)
            written(folder, shard([(point, run) for run in range(3)], kept={"tension": kept}))
        shards = scanned(folder)
        shards.compact({key(point): point for point in range(3)})
        (whole,) = (shards.read(number) for number in range(len(shards.entries)))
        assert whole.keys == (key(0), key(1), key(2))
        assert np.array_equal(whole.kept["tension"][1, 3], whole.place * 10 + whole.run)

    def test_tallies_are_added_and_only_those_of_one_point(self, folder: Path) -> None:
        written(folder, *(tallied(p, start, start + 10) for p in range(2) for start in range(2048, 2128, 10)))
        shards = scanned(folder)
        before, sums = counted(shards), total(shards)
        shards.compact()
        assert len(shards.entries) == 2
        assert counted(shards) == before
        assert total(shards) == sums == total(scanned(folder))

    def test_rows_that_count_elsewhere_are_left_out_and_files_without_others_go(self, folder: Path) -> None:
        written(folder, shard([(0, r) for r in range(6)]), shard([(0, r) for r in range(4, 8)]), shard([(0, 5)], {(0, 5): "crashed"}))
        shards = scanned(folder)
        before = counted(shards)
        shards.compact()
        assert counted(shards) == before
        assert [len(entry.run) for entry in shards.entries] == [8]

    @pytest.mark.parametrize("other", [{"made_by": {"suasion": "0.2.0"}}, {"simulation": "seed 2"}, {"outcomes": {}}])
    def test_files_of_different_kinds_are_not_put_together(self, folder: Path, other: dict[str, Any]) -> None:
        written(folder, shard([(0, 1)]), shard([(0, 2)], **other), shard([(0, 3)]), shard([(0, 4)], **other))
        shards = Shards(folder, "")
        shards.scan()
        shards.compact()
        kinds = {(tuple(shards.read(n).made_by.items()), tuple(shards.read(n).outcomes)) for n in range(len(shards.entries))}
        assert len(kinds) == len(shards.entries) == (1 if "simulation" in other else 2)

    def test_neighbours_in_the_design_are_put_together(self, folder: Path) -> None:
        written(folder, *(shard([(point, run)]) for point in range(4) for run in (0, 1)))
        groups = compaction.groups_of(scanned(folder).entries, {key(point): number for number, point in enumerate((2, 0, 3, 1))})
        named = {key(point): point for point in range(4)}
        assert [[(named[entry.first[0]], entry.first[1]) for entry in group] for group in groups] == [
            [(2, 0), (2, 1), (0, 0), (0, 1)],
            [(3, 0), (3, 1), (1, 0), (1, 1)],
        ]

    def test_large_files_stay_as_they_are_and_groups_are_bounded(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        shards = self.some(folder)
        size = max(entry.size for entry in shards.entries)
        monkeypatch.setattr(compaction, "MOST_BYTES", 3 * size)
        assert all(len(group) <= 3 for group in compaction.groups_of(shards.entries, {}))
        monkeypatch.setattr(compaction, "MOST_BYTES", size)
        assert shards.compact() == 0

    def test_a_file_that_turns_out_to_be_damaged_is_set_aside_and_the_others_are_kept(self, folder: Path) -> None:
        shards = self.some(folder)
        before = counted(shards)
        harmed = shards.entries[3]
        (folder / harmed.name).write_bytes((folder / harmed.name).read_bytes()[:-3])
        shards.compact()
        assert counted(shards) == {name: row for name, row in before.items() if name[0] not in harmed.keys}
        assert os.listdir(shards.aside) == [harmed.name]

    def test_random_overlaps_survive_any_number_of_compactions(self, folder: Path) -> None:
        chance = np.random.default_rng(1)
        rows: dict[tuple[int, int], None] = {}
        for _ in range(12):
            for _ in range(3):
                point, first, length = (int(chance.integers(*span)) for span in ((0, 3), (0, 30), (1, 12)))
                some = [(point, run) for run in range(first, first + length)]
                rows |= dict.fromkeys(some)
                written(folder, shard(some))
            shards = scanned(folder)
            if chance.random() < 0.5:
                shards.compact()
            assert counted(shards) == {(key(p), r): ("ok", "", value(p, r)) for p, r in rows}

    def test_random_tallies_that_overlap_never_count_a_run_twice_and_gaps_can_be_filled(self, folder: Path) -> None:
        chance = np.random.default_rng(2)
        for _ in range(10):
            for _ in range(3):
                first = 2048 + int(chance.integers(0, 200))
                written(folder, tallied(0, first, first + int(chance.integers(1, 60))))
            shards = scanned(folder)
            before = counted(shards), total(shards)
            shards.compact()
            assert (counted(shards), total(shards)) == before
        have = {run for _, run in counted(shards)}
        for run in sorted(set(range(2048, 2310)) - have):
            written(folder, tallied(0, run, run + 1))
        shards = scanned(folder)
        assert total(shards) == (262, sum(range(2048, 2310)))
        shards.compact()
        assert len(shards.entries) == 1
        assert total(scanned(folder)) == (262, sum(range(2048, 2310)))
