"""The report of a sweep and of a comparison: their charts in one file, what changed in sentences, and nothing that runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.cli import suasion
from sim.runs.standing import read_manifest
from tests.charts.test_report import LARGEST, Page

HOSTILE = "</script><img src=x onerror=alert(1)> $x$ &amp;"
OTHER = f"schema: 1\nextends: tutorial.yaml\ntitle: {HOSTILE!r}\nset: {{powers.north.capacity: {{scale: 0.2}}}}\n"
SWEEP = """\
schema: 1
extends: tutorial.yaml
title: {title!r}
ensemble: {{runs: 4, seed: 1}}
design: {{method: grid}}
factors:
  - {{id: effort, path: powers.north.capacity, way: scale, low: 0.5, high: 1.5, levels: 3}}
outcomes: [tension]
focus: [plain.tension.end]
"""


def asked(*words: str) -> str:
    done = CliRunner().invoke(suasion, list(words))
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a comparison (compared) and a sweep (swept), each with its report."""
    path = tmp_path_factory.mktemp("sweeps")
    (path / "tutorial.yaml").write_bytes(Path("scenarios/tutorial.yaml").read_bytes())
    (path / "other.yaml").write_text(OTHER, encoding="utf-8")
    (path / "levels.yaml").write_text(SWEEP.format(title=HOSTILE), encoding="utf-8")
    asked("compare", str(path / "tutorial.yaml"), str(path / "other.yaml"), "--runs", "12", "--out", str(path / "compared"))
    asked("sweep", str(path / "levels.yaml"), "--out", str(path / "swept"))
    for name in ("compared", "swept"):
        asked("report", str(path / name))
    return path


@pytest.mark.parametrize("name", ["compared", "swept"])
def test_the_charts_of_the_folder_stand_in_one_file_that_runs_nothing(folder: Path, name: str) -> None:
    html = (folder / name / "report.html").read_text(encoding="utf-8")
    page, files = Page(html), read_manifest(folder / name)["files"]
    drawings = [file for file in files if file.endswith(".svg")]
    assert "report.html" in files and drawings and len(html.encode()) < LARGEST
    assert sum(address.startswith("data:image/svg+xml,") for address in page.addresses) == len(drawings)
    assert {address for address in page.addresses if address.startswith("charts/")} <= set(files)
    policy = next(given["content"] for tag, given in page.elements if "http-equiv" in given)
    assert page.scripts == [] and "script-src" not in policy and policy.startswith("default-src 'none'; style-src 'sha256-")


@pytest.mark.parametrize("name", ["compared", "swept"])
def test_titles_of_strangers_stay_words(folder: Path, name: str) -> None:
    page = Page((folder / name / "report.html").read_text(encoding="utf-8"))
    assert HOSTILE in page.text and not [given for _, given in page.elements if "onerror" in given]


def test_the_comparison_says_what_changed_most_with_its_interval(folder: Path) -> None:
    page = Page((folder / "compared" / "report.html").read_text(encoding="utf-8"))
    assert "over 12 pairs of histories" in page.text and "beyond chance" in page.text and "rather than" in page.text
    rows = [given for tag, given in page.elements if tag == "th" and given.get("scope") == "row"]
    assert 5 <= len(rows) <= 15 and "'suasion compare'" in page.text


def test_the_sweep_says_what_each_chart_shows_of_which_outcome(folder: Path) -> None:
    page = Page((folder / "swept" / "report.html").read_text(encoding="utf-8"))
    assert "Plain: tension, at the end" in page.text and "3 points of 4 histories" in page.text and "'suasion sweep'" in page.text


def test_the_report_can_be_put_where_it_is_wanted(folder: Path, tmp_path: Path) -> None:
    asked("report", str(folder / "swept"), "--out", str(tmp_path / "briefing.html"))
    assert (tmp_path / "briefing.html").read_bytes() == (folder / "swept" / "report.html").read_bytes()
