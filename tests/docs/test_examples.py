"""The examples run from any folder without a warning, say what they found, and can be opened as notebooks."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples"
EXAMPLES = sorted(path.stem for path in FOLDER.glob("*.py"))
# Where each is run from, and what it must say and leave; numbers differ with the processor and stay open.
RUN_FROM = {"first_look": ROOT, "counterfactual": FOLDER, "sweep": FOLDER}
SAYS = {
    "first_look": [r"<Record of '.*': 8 runs, ", r"Montenegro joins NATO in", r"of 8 runs\.", r"\n2017-\d\d  "],
    "counterfactual": [
        r"<Comparison of 'half the effort' with 'the baseline': 8 paired runs",
        r"Serbia ends farther from the EU in \d+% of runs",
    ],
    "sweep": [
        r"<Results of 'How much outreach does it take\?': 5 points x 8 runs",
        r"outreach x2\.0: Russia holds",
        r"Asked again: 40 histories",
    ],
}
LEAVES = {
    "first_look": ["fans.png", "tension.csv"],
    "counterfactual": ["difference.png", "difference.csv"],
    "sweep": ["outreach.yaml", "outreach/manifest.json", "outreach/charts/levels_serbia_eu_position_end.png"],
}


def cells(name: str) -> list[tuple[bool, str]]:
    """Whether a cell is prose, and its lines."""
    first, *pieces = re.split(r"^# %%", (FOLDER / f"{name}.py").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not first, "a page begins with a cell"
    return [(piece.startswith(" [markdown]"), piece.partition("\n")[2]) for piece in pieces]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_without_a_warning_and_says_what_it_found(name: str, tmp_path: Path) -> None:
    told = {**os.environ, "SUASION_RUNS": "8", "SUASION_OUT": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-W", "error", str(FOLDER / f"{name}.py")]
    ran = subprocess.run(command, cwd=RUN_FROM[name], env=told, capture_output=True, text=True, timeout=100)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert [words for words in SAYS[name] if not re.search(words, ran.stdout)] == []
    assert [file for file in LEAVES[name] if not (tmp_path / name / file).is_file()] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_a_page_of_prose_and_code_that_begins_with_a_question(name: str) -> None:
    page = cells(name)
    (prose, first), *_ = page
    assert prose and first.startswith("# # ") and "?" in first.partition("\n")[0]
    for prose, text in page:
        lines = text.strip().splitlines()
        assert lines and all(line.startswith("#") for line in lines) == prose
    assert sum(not prose for prose, _ in page) >= 5


def test_the_folder_says_what_each_example_asks() -> None:
    named = re.findall(r"^\| `(\w+)\.py`", (FOLDER / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(named) == EXAMPLES == sorted(RUN_FROM)


def test_what_examples_write_is_ignored_by_git() -> None:
    assert (FOLDER / ".gitignore").read_text(encoding="utf-8").split() == ["out/"]
