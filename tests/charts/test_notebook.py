"""What a notebook shows: the numbers that are there, no more than fits, and nothing that a stranger wrote as anything but words."""

from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import sim
from sim import showing
from sim.analysis.comparison import comparison
from sim.analysis.names import outcome_spoken
from sim.charts.notebook import page_of
from sim.charts.sheet import Origin, number
from sim.charts.tables import country_table
from sim.record import Record
from sim.runs.results import Results
from tests.charts.made_up import made_up_record, made_up_scenario
from tests.runs.sweeps import made, small

HOSTILE = "<script>alert(1)</script> <img src=x onerror=alert(2)> \"><b>&amp; \u202etxt\u0000 = 中 '" + "long " * 2000
HEAVIEST = 200_000
TAGS = {"div", "p", "strong", "br", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "code", "img"}
ATTRIBUTES = {"style", "scope", "alt", "src"}


class Page(HTMLParser):
    """The tags, attributes, pictures and text of a page."""

    def __init__(self, html: str | None) -> None:
        super().__init__()
        assert html is not None
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.pictures: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.pictures += [value or "" for name, value in attrs if name == "src"]

    def handle_data(self, data: str) -> None:
        self.text += data

    def drawings(self) -> Iterator[ElementTree.Element]:
        for picture in self.pictures:
            kind, _, drawing = picture.partition(",")
            assert kind == "data:image/svg+xml"
            yield ElementTree.fromstring(unquote(drawing))

    def is_harmless(self) -> bool:
        return self.tags <= TAGS and self.attributes <= ATTRIBUTES and all(each.tag.endswith("svg") for each in self.drawings())


@pytest.fixture(scope="module")
def record() -> Record:
    return made_up_record(runs=500)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("sweep")
    made(small(folder, values=(10, 15, 20, 25, 30, 35, 40, 45), runs=4), folder / "out")
    return Results.read(folder / "out")


def arms(names: list[str], runs: int = 20) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(1)
    luck = rng.normal(0, 0.1, runs)
    late = np.where(np.arange(runs) % 3 == 0, np.nan, np.arange(runs))
    return {
        name: pd.DataFrame({"run": np.arange(runs), "serbia.tension.end": luck + 0.1 * place, "serbia.eu_member.month": late + place})
        for place, name in enumerate(names)
    }


def test_a_record_shows_where_each_country_ends_with_intervals(record: Record) -> None:
    page = Page(record._repr_html_())
    assert page.text.lstrip().startswith(record.scenario.title)
    assert "500 runs · seed 1" in page.text and "failed" not in page.text
    table = country_table(record)
    for column in table.columns[1:]:
        for words in table[column]:
            assert str(words) in page.text
    assert page.is_harmless() and len(page.pictures) == 1


def test_the_page_of_500_runs_is_light(record: Record) -> None:
    html = record._repr_html_()
    assert html is not None and len(html.encode()) < HEAVIEST


def test_the_page_of_a_hundred_years_is_as_light() -> None:
    html = page_of(made_up_record(made_up_scenario(months=1200), runs=12))
    assert len(html.encode()) < HEAVIEST


def test_failed_runs_are_counted_and_the_first_error_is_told() -> None:
    broken = made_up_record(made_up_scenario(months=12), runs=20, broken=3)
    text = Page(replace(broken, error=("",) * 17 + ("course is not a number",) * 3)._repr_html_()).text
    assert "20 runs" in text and "3 failed and left out (3 nonfinite). The first: course is not a number" in text


def test_a_record_without_good_runs_or_without_values_still_says_what_it_is() -> None:
    lost = made_up_record(made_up_scenario(months=12), runs=5, broken=5)
    bare = Origin(lost.scenario, 5, 1).record
    for record in (lost, bare):
        page = Page(record._repr_html_())
        assert record.scenario.title in page.text and "img" not in page.tags and "table" not in page.tags


def test_names_of_strangers_stay_words() -> None:
    scenario = made_up_scenario(
        countries=["serbia", "kosovo"], months=14, title=HOSTILE[:200], names={"serbia": HOSTILE[:200], "kosovo": "=1+1"}
    )
    hostile = made_up_record(scenario, runs=6, broken=1)
    found = comparison(arms(["base" + HOSTILE, "other" + HOSTILE]))
    for html in (replace(hostile, error=(HOSTILE,) * 6)._repr_html_(), found._repr_html_()):
        page = Page(html)
        assert page.is_harmless()
        assert "<script>alert(1)</script>" in page.text
        assert html is not None and "\u202e" not in html and "\x00" not in html and len(html) < HEAVIEST
    for text in (repr(hostile), repr(found)):
        assert text.isprintable() and len(text) < 300


def test_one_country_one_power_and_no_institution_are_enough() -> None:
    tiny = made_up_record(made_up_scenario(powers=["russia"], countries=["serbia"], institutions=[], months=1), runs=1)
    page = Page(tiny._repr_html_())
    assert "1 run · " in page.text and page.is_harmless()


def test_results_show_points_factors_runs_and_the_first_points(results: Results) -> None:
    page = Page(results._repr_html_())
    assert "8 points × 4 runs = 32 histories" in page.text and "powers.north.capacity" in page.text and "10 to 45" in page.text
    assert "Two more points are in .points." in page.text
    first = results.outcomes[results.outcomes["point"] == 0]
    shown = [column for column in first.columns if f"{column}Plain: " in page.text or f"{column}Hill: " in page.text]
    assert len(shown) == 4
    unit = outcome_spoken(results.experiment.scenario, shown[0])
    assert number(float(first[shown[0]].mean()) * unit.scale) in page.text
    assert page.is_harmless()


def test_results_whose_files_were_damaged_say_so_and_do_not_raise(results: Results, tmp_path: Path) -> None:
    made(small(tmp_path, runs=4), tmp_path / "out")
    (part,) = (tmp_path / "out" / "outcomes").glob("part-*")
    part.write_bytes(part.read_bytes()[:-7])
    page = Page(Results.read(tmp_path / "out")._repr_html_())
    assert part.name in page.text and "3 points × 4 runs" in page.text


def test_a_comparison_shows_what_changed_most_with_its_interval() -> None:
    found = comparison(arms(["before", "after"]))
    page = Page(found._repr_html_())
    assert page.text.lstrip().startswith("after beside before20 paired runs")
    first, second = (page.text.index(str(name)) for name in found.of("after")["outcome"])
    assert first < second and "months; comes in 65% of runs, then in 65%" in page.text
    assert len(page.pictures) == 2 and page.is_harmless()


def test_only_the_first_arms_of_many_are_shown_and_the_rest_are_counted() -> None:
    page = Page(comparison(arms(list("abcdefg")))._repr_html_())
    assert page.text.count("What changed most") == 3 and "Three more arms are in .table." in page.text


def test_plain_text_is_one_short_line(record: Record, results: Results) -> None:
    assert repr(record) == f"<Record of '{record.scenario.title}': 500 runs, 2017-01 to 2025-12, seed 1>"
    assert repr(results) == f"<Results of 'Tutorial, capacities of north': 8 points x 4 runs, seed 7, in {results.path}>"
    told = repr(comparison(arms(["a", "b"])))
    assert told == "<Comparison of 'b' with 'a': 20 paired runs, 2 of 2 outcomes move beyond chance>"


def test_where_nobody_paints_a_notebook_falls_back_on_plain_text(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "_painters", [])
    assert record._repr_html_() is None


def test_what_is_simulated_and_what_is_compared_can_be_shown() -> None:
    scenario = sim.read_scenario("scenarios/tutorial.yaml")
    page = Page(sim.simulate(scenario, runs=8, seed=1)._repr_html_())
    assert "Plain" in page.text and page.is_harmless()
    weaker = scenario.with_changes({"powers.north.capacity": 10})
    assert "8 paired runs" in Page(sim.compare(scenario, weaker, runs=8, seed=1)._repr_html_()).text
