"""The report about claims as a page of its own, and where questions break."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.charts.claim_boxes import box_rows
from sim.charts.claim_marks import SHAPES, drawing, mark
from sim.charts.report_claims import claims_html
from sim.claims.told import Half, Span
from sim.cli import suasion
from sim.runs.crews import Serial
from sim.runs.sweep import Means
from sim.sweeping import sweep
from tests.claims.made_up import Made, null
from tests.claims.test_command import command, there

__all__ = ["there"]

S, R, U = "supported", "refuted", "undecided"
VOID = {"meta", "br", "img", "path", "circle", "rect"}


class Balanced(HTMLParser):
    """Checks that every element that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        given = dict(attrs)
        assert "style" not in given
        assert not any(name.startswith("on") for name in given)
        self.ids += [str(given["id"])] if "id" in given else []
        href = given.get("href") or ""
        self.targets += [href[1:]] if href.startswith("#") else []

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def checked(text: str) -> Balanced:
    found = Balanced()
    found.feed(text)
    assert not found.open
    assert len(set(found.ids)) == len(found.ids)
    assert set(found.targets) <= set(found.ids)
    return found


def whole() -> Made:
    """A page with every part."""
    small = {"expects": "within", "bound": 0.1, "effect": 0.01, "low": -0.01, "high": 0.03}
    made = Made().claim("T01", S, R, U).claim("T15", S, U, R, halves=(small, {})).claim("T51", standing="by construction")
    made.tables["power"] += null("T15", "documents", 0.05, 0.2)
    made.row("robustness", claim="T01", title="other labels", runs=2, verdict_as_it_is=S, verdict=R, flips=True)
    made.row("control", claim="T01", named="serbia", verdict_with_other_labels=R, effect=0.05, effect_with_other_labels=0.0, changed=True)
    return made.box(asked="Looked for it.", headline="It fails", measure="coverage 71%", limit="calm", leaf="Where calm is low")


def half(**given: object) -> Half:
    usual = {"about": "calm", "contrast": "a - b", "expects": "sign +", "bound": 0.02, "unit": "", "effect": Span(0.05, 0.04, 0.06)}
    return Half(**{**usual, "verdict": S, "why": "", "holds_in": 1.0, **given})  # type: ignore[arg-type]


def test_the_report_is_whole_runs_nothing_and_fetches_nothing() -> None:
    text = claims_html(whole().told())
    found = checked(text)
    assert {"found", "disagree", "all", "nulls", "control", "forms", "breaks", "left-out", "again", "T01", "T51"} <= set(found.ids)
    assert "<script" not in text
    assert not re.search(r"(src|href)=\"(?!#)", text)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy[1]
    assert "unsafe" not in policy[1]


def test_parts_without_anything_to_say_are_left_out() -> None:
    found = checked(claims_html(Made().claim("T01", S).told()))
    assert not {"disagree", "nulls", "control", "forms", "breaks", "left-out"} & set(found.ids)


def test_words_of_strangers_open_no_element() -> None:
    evil = "<b onload=x>\u202e\"'&"
    made = Made().claim("T01", S, R, says=evil, title=evil, note=evil, refs=evil, sure=evil, halves=({"about": evil, "unit": evil},))
    made.claim("T02", says=evil, why=evil).box(headline=evil, leaf=evil)
    text = claims_html(made.told())
    checked(text)
    assert "<b onload" not in text
    assert "\u202e" not in text


def test_a_verdict_is_told_by_a_shape_and_a_word() -> None:
    assert len(set(SHAPES.values())) == len(SHAPES)
    for verdict in SHAPES:
        assert SHAPES[verdict] in mark(verdict)
        assert f">{verdict}</span>" in mark(verdict)


def test_a_dot_lies_in_the_shade_where_its_claim_holds() -> None:
    text = drawing([half(), half(effect=Span(-0.05, -0.06, -0.04), verdict=R)])
    shade = re.search(r'<rect x="([\d.]+)" y="0" width="([\d.]+)"', text)
    dots = re.findall(r'<circle cx="([\d.]+)"', text)
    crosses = re.findall(r'<path d="M([\d.]+) [\d.]+l7.2', text)
    assert shade is not None
    left, right = float(shade[1]), float(shade[1]) + float(shade[2])
    assert left < float(dots[0]) < right
    assert float(crosses[0]) < left
    assert "+0.050 (0.040 to 0.060), supported" in text


@pytest.mark.parametrize("expects", ["sign +", "sign -", "within", "above", "below"])
def test_every_kind_of_expectation_is_drawn_inside_its_frame(expects: str) -> None:
    contrast = "a" if expects in ("above", "below") else "a - b"
    text = drawing([half(expects=expects, contrast=contrast), half(effect=Span(-3, -4, -2), verdict=U)])
    places = [float(each) for each in re.findall(r'(?:cx|x)="([\d.]+)"', text)]
    assert min(places) >= 0
    assert max(places) <= 220


def test_an_effect_without_an_interval_is_told_and_not_drawn() -> None:
    assert drawing([half(effect=Span(0.1, float("-inf"), float("inf")))]) == ""
    made = Made().claim("T01", U, halves=({"low": None, "high": None},))
    assert "+0.05" in claims_html(made.told())


def test_sixty_six_claims_stay_under_a_megabyte() -> None:
    made = Made()
    for number in range(1, 67):
        made.claim(f"T{number:02}", S, R, U, halves=({}, {}, {}), note="why " * 200)
    assert len(claims_html(made.told()).encode()) < 1_000_000


def test_the_command_leaves_a_report_that_can_be_made_again_from_the_tables(there: Path) -> None:
    assert command("--runs", "2").exit_code == 0
    out = there / "out/claims"
    first = (out / "report.html").read_bytes()
    (out / "report.html").unlink()
    found = CliRunner().invoke(suasion, ["report", "out/claims", "--out", "copy.html"])
    assert found.exit_code == 0, found.output
    assert (out / "report.html").read_bytes() == first
    assert (there / "copy.html").read_bytes() == first
    assert "report.html" in json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]


def test_a_report_is_not_made_from_a_table_that_was_changed(there: Path) -> None:
    assert command("--runs", "2").exit_code == 0
    with (there / "out/claims/claims.csv").open("a", encoding="utf-8") as file:
        file.write("T99\n")
    found = CliRunner().invoke(suasion, ["report", "out/claims"])
    assert found.exit_code != 0
    assert "claims.csv" in found.stderr


TENSE = """\
schema: 1
extends: tutorial.yaml
title: Where the world ends tense
ensemble: {seed: 1, runs: 1}
time: {months: 6}
design: {method: latin_hypercube, points: 24}
factors:
  - {id: east, path: powers.east.capacity, way: scale, low: 0.2, high: 3, name: East's effort}
  - {id: north, path: powers.north.capacity, way: scale, low: 0.9, high: 1.1, name: North's effort}
outcomes: [tension]
discover: {outcome: hill.tension.end, above: LEVEL, name: Hill is tense}
"""


def rows_of(there: Path, level: float) -> list[dict[str, str]]:
    """What is told of a sweep that looks for tension above a level, made in a working folder that holds its experiment."""
    file = there / "experiments/tense.yaml"
    file.parent.mkdir()
    file.write_text(TENSE.replace("LEVEL", str(level)), encoding="utf-8")
    sweep(file, there / "swept", means=Means(Serial()))
    return box_rows([there / "swept"])


def test_a_box_is_told_in_sentences_with_the_command_that_makes_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = rows_of(tmp_path, 0.416)
    assert {row["title"] for row in rows} == {"Where the world ends tense"}
    assert {row["command"] for row in rows} == {"suasion sweep experiments/tense.yaml --runs 1 --seed 1"}
    told = {kind: [row["words"] for row in rows if row["kind"] == kind] for kind in ("headline", "measure", "limit", "leaf")}
    assert told["headline"][0].startswith("Hill is tense at ")
    assert "East's effort is at least" in told["headline"][0]
    assert "coverage" in told["measure"][0]
    assert len(told["limit"]) == 1
    assert told["leaf"]


def test_a_sweep_without_a_single_case_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    rows = rows_of(tmp_path, 0.99)
    assert [row["kind"] for row in rows] == ["asked", "refused"]
    assert rows[1]["words"].startswith("It is so at 0 of 24 points.")


def test_a_folder_that_holds_no_sweep_is_refused_before_any_run(there: Path) -> None:
    found = command("--boxes", "nowhere")
    assert found.exit_code == 2
    assert "nowhere holds no finished simulation" in found.stderr
    assert not (there / "out").exists()
