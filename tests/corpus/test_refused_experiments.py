"""Every bad experiment is refused at its place, with its code, in words that say what to write instead."""

import time
from pathlib import Path

import pytest

import sim
from sim.scenario.experiments import read_experiment
from sim.scenario.faults import ScenarioFaults
from sim.scenario.reading import read_scenario
from tests.corpus.refused import REFUSED, Refused
from tests.corpus.refused_experiments import BAD_FILES, BAD_LISTS, GRID, LIST, ONE, REFUSED_EXPERIMENTS, RefusedList
from tests.corpus.test_refused import SHARED
from tests.scenario.small import SMALL

SECONDS = 1.0


def refusal(path: Path) -> ScenarioFaults:
    """What is said of a file, which takes less than a second."""
    known = sim.vocabulary()
    began = time.process_time()
    with pytest.raises(ScenarioFaults) as found:
        read_experiment(path, known)
    assert time.process_time() - began < SECONDS
    assert all(letter.isprintable() or letter == "\n" for letter in str(found.value))
    return found.value


@pytest.mark.parametrize("bad", REFUSED_EXPERIMENTS, ids=[bad.name for bad in REFUSED_EXPERIMENTS])
def test_a_bad_experiment_is_refused_at_its_place(bad: Refused, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(bad.text if isinstance(bad.text, str) else bad.text.decode(), encoding="utf-8")
    found = [(fault.code, (fault.line, fault.column), fault.message) for fault in refusal(path).faults]
    assert any(code == bad.code and at == bad.place and bad.words in told for code, at, told in found), (bad.code, bad.place, found)


@pytest.mark.parametrize("bad", BAD_LISTS, ids=[bad.name for bad in BAD_LISTS])
def test_a_bad_list_is_refused_at_its_place(bad: RefusedList, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(bad.experiment, encoding="utf-8")
    (tmp_path / "points.csv").write_bytes(bad.text if isinstance(bad.text, bytes) else bad.text.encode())
    found = [(Path(fault.file).name, fault.code, (fault.line, fault.column)) for fault in refusal(tmp_path / "bad.yaml").faults]
    assert ("points.csv", bad.code, bad.place) in found and {file for file, _, _ in found} == {"points.csv"}
    assert bad.words in str(refusal(tmp_path / "bad.yaml"))


@pytest.mark.parametrize(("name", "code", "words"), [(name, *told) for name, told in BAD_FILES.items()])
def test_a_list_lies_beside_its_experiment(name: str, code: str, words: str, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    (folder / "folder.csv").mkdir(parents=True)
    (tmp_path / "points.csv").write_text("purse,fear\n1,1\n")
    (folder / "linked.csv").symlink_to(tmp_path / "points.csv")
    (folder / "bad.yaml").write_text(SMALL + LIST.replace("points.csv", name), encoding="utf-8")
    (fault,) = refusal(folder / "bad.yaml").faults
    assert (fault.code, fault.path) == (code, "design.file") and words in fault.message and fault.line > 1


def test_names_of_bad_experiments_are_told_apart() -> None:
    assert len({bad.name for bad in REFUSED_EXPERIMENTS}) == len(REFUSED_EXPERIMENTS)


@pytest.mark.parametrize("bad", REFUSED, ids=[bad.name for bad in REFUSED])
def test_what_a_scenario_may_not_say_an_experiment_may_not_either(bad: Refused, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(bad.text if isinstance(bad.text, bytes) else bad.text.encode())
    assert bad.code in {fault.code for fault in refusal(path).faults}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus that this one grew from is not here")
@pytest.mark.parametrize("path", sorted(SHARED.glob("*_sweep_*.yaml")), ids=lambda path: path.stem)
def test_every_sweep_of_the_first_corpus_has_its_like_here(path: Path) -> None:
    assert refusal(path).faults
    assert path.stem.split("_")[0] in {bad.name for bad in REFUSED_EXPERIMENTS}


def test_an_experiment_is_no_scenario(tmp_path: Path) -> None:
    (tmp_path / "grid.yaml").write_text(SMALL + GRID + ONE, encoding="utf-8")
    with pytest.raises(ScenarioFaults, match=r"this is an experiment and no scenario; use suasion sweep") as found:
        read_scenario(tmp_path / "grid.yaml")
    assert [(fault.code, fault.path) for fault in found.value.faults] == [("E040", "design"), ("E040", "factors")]


def test_an_experiment_extends_a_scenario_and_no_experiment(tmp_path: Path) -> None:
    (tmp_path / "below.yaml").write_text(SMALL + GRID + ONE, encoding="utf-8")
    (tmp_path / "above.yaml").write_text("extends: below.yaml\n" + GRID + ONE, encoding="utf-8")
    faults = refusal(tmp_path / "above.yaml").faults
    assert {(Path(fault.file).name, fault.code, fault.path) for fault in faults} == {
        ("below.yaml", "E040", "design"),
        ("below.yaml", "E040", "factors"),
    }
