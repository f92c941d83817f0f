"""Every bad file is refused at its place, with its code, in words that say what to write instead."""

import os
import time
from pathlib import Path

import pytest

from sim.scenario.faults import ScenarioFaults
from sim.scenario.reading import read_scenario
from tests.corpus.refused import ELSEWHERE, REFUSED, Refused

SHARED = Path(__file__).parents[3] / "shared" / "badinputs"
SECONDS = 1.0


@pytest.mark.parametrize("bad", REFUSED, ids=[bad.name for bad in REFUSED])
def test_a_bad_file_is_refused_at_its_place(bad: Refused, tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_bytes(bad.text if isinstance(bad.text, bytes) else bad.text.encode())
    began = time.process_time()
    with pytest.raises(ScenarioFaults) as refusal:
        read_scenario(path)
    assert time.process_time() - began < SECONDS
    found = [(fault.code, fault.line, fault.column, fault.message) for fault in refusal.value.faults]
    line, column = bad.place if bad.code != "E007" else (0, 0)
    assert any(
        code == bad.code and at == (line, column) and bad.words in message for code, *at_list, message in found for at in [tuple(at_list)]
    ), f"expected {bad.code} at {line}:{column} with {bad.words!r}, found {found}"
    assert all(letter.isprintable() or letter == "\n" for letter in str(refusal.value))


def test_names_are_told_apart() -> None:
    assert len({bad.name for bad in REFUSED}) == len(REFUSED)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the corpus that this one grew from is not here")
def test_every_attempt_of_the_first_corpus_has_its_like_here() -> None:
    attempts = {line.split("_")[0] for line in (SHARED / "EXPECTED.tsv").read_text().splitlines()[1:]}
    assert attempts - {bad.name.split()[0] for bad in REFUSED} - set(ELSEWHERE) == set()


def first_corpus() -> list[tuple[str, str]]:
    if not SHARED.is_dir():
        return []
    rows = [line.split("\t") for line in (SHARED / "EXPECTED.tsv").read_text().splitlines()[1:]]
    return [(row[0], row[2].split()[0]) for row in rows]


@pytest.mark.parametrize(("name", "code"), first_corpus())
def test_a_file_of_the_first_corpus_is_refused_cleanly(name: str, code: str) -> None:
    began = time.process_time()
    with pytest.raises(ScenarioFaults) as refusal:
        read_scenario(SHARED / name)
    assert time.process_time() - began < SECONDS
    if name[0] in "sy":
        assert code in {fault.code for fault in refusal.value.faults}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in its file system")
@pytest.mark.timeout(5)
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "pipe.yaml", tmp_path, Path(os.devnull)):
        with pytest.raises(ScenarioFaults, match="E060"):
            read_scenario(path)
