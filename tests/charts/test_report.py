"""The report of an ensemble as a file: what it says, what its charts are drawn from, and that a stranger's words stay words."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.charts.gallery import CHARTS
from sim.charts.report import report_html
from sim.charts.report_data import MOST_NUMBERS, kept_months, lines_by, packed, payload, stride_of
from sim.charts.report_shell import digest, embedded, report_script, report_style
from sim.charts.report_words import sentences
from sim.charts.shown import holders, measures_of, quantiles, shown_countries, values_of
from sim.charts.support import support
from sim.chronicle import Entry
from sim.record import Record
from sim.runs.history import typical_run
from sim.scenario.hashing import scenario_hash
from sim.scenario.places import number_paths
from sim.scenario.reading import read_text
from tests.charts.made_up import made_up_record, made_up_scenario
from tests.charts.test_gallery import HOSTILE

LARGEST = 3_000_000


class Page(HTMLParser):
    """The elements of a page with their attributes, what stands in its scripts, and its text outside them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.style = self.text = ""
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        self.inside = tag if tag in ("script", "style") else ""
        if tag == "script":
            self.scripts.append((given, ""))

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.scripts[-1] = (self.scripts[-1][0], self.scripts[-1][1] + data)
        elif self.inside == "style":
            self.style += data
        else:
            self.text += data

    def block(self, id: str) -> Any:
        """What a block of data holds."""
        return json.loads(next(text for given, text in self.scripts if given.get("id") == id))

    @property
    def addresses(self) -> list[str]:
        return [given[name] for _, given in self.elements for name in ("src", "href", "srcset", "data", "action") if name in given]


def pictures_in(folder: Path) -> list[Path]:
    """Files named as those of the charts, each the least that its kind can be."""
    folder.mkdir()
    paths = [folder / f"{chart.name}.{ending}" for chart in CHARTS for ending in ("png", "svg", "csv")]
    for path in paths:
        path.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>' if path.suffix == ".svg" else "", encoding="utf-8")
    return paths


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Record, list[Path], Page]:
    record = made_up_record(made_up_scenario(months=30), runs=41, broken=1)
    paths = pictures_in(tmp_path_factory.mktemp("out") / "charts")
    return record, paths, Page(report_html(record, paths))


@pytest.fixture(scope="module")
def hostile() -> Record:
    scenario = made_up_scenario(countries=["serbia", "kosovo"], months=14, title=HOSTILE, names={"serbia": HOSTILE, "kosovo": "=1+1"})
    return made_up_record(scenario.model_copy(update={"note": HOSTILE}), runs=6)


def unpacked(told: dict[str, Any]) -> NDArray[np.float64]:
    steps = np.frombuffer(base64.b64decode(told["data"]), dtype="<u2").astype(np.float64)
    return (told["low"] + steps * told["step"]).reshape(told["shape"])


def test_the_report_is_one_file_that_may_run_its_own_script_and_nothing_else(drawn: tuple[Record, list[Path], Page]) -> None:
    _, _, page = drawn
    policy = next(given["content"] for tag, given in page.elements if given.get("http-equiv") == "Content-Security-Policy")
    running = [text for given, text in page.scripts if given.get("type") != "application/json"]
    assert running == [report_script()] and page.style == report_style()
    assert policy == (
        f"default-src 'none'; script-src {digest(running[0])}; style-src {digest(page.style)}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )
    assert not {"link", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in page.elements}
    assert not [name for _, given in page.elements for name in given if name.startswith("on") or name == "style"]


def test_the_report_links_to_files_beside_it_and_to_nothing_on_a_network(drawn: tuple[Record, list[Path], Page]) -> None:
    _, _, page = drawn
    inside = [address for address in page.addresses if address.startswith("data:image/svg+xml,")]
    parts = {address for address in page.addresses if address.startswith("#")}
    ids = {given["id"] for _, given in page.elements if "id" in given}
    assert {part[1:] for part in parts} <= ids and len(inside) == 1
    files = {f"charts/{chart.name}.{ending}" for chart in CHARTS for ending in ("csv", "png", "svg")}
    assert set(page.addresses) - set(inside) - parts == files
    scripts = "".join(text for _, text in page.scripts)
    assert set(re.findall(r"https?://[^\"' ]+", scripts)) <= {"http://www.w3.org/2000/svg"}


def test_all_parts_of_the_story_stand_in_their_order(drawn: tuple[Record, list[Path], Page]) -> None:
    _, _, page = drawn
    order = [given["id"] for tag, given in page.elements if tag == "section"]
    assert order == ["answer", "region", "countries", "moved", "history", "rests", "again"]
    cards = [given["data-country-card"] for _, given in page.elements if "data-country-card" in given]
    assert cards == shown_countries(drawn[0].scenario, 15)
    assert "One history of 41" in page.text and "1 of 41 histories failed" in page.text.replace("One of", "1 of")


def test_the_report_of_a_long_world_of_many_countries_stays_under_three_megabytes() -> None:
    record = made_up_record(made_up_scenario(months=480), runs=12)
    assert stride_of(record, 10) > 1
    data = payload(record)
    numbers = sum(int(np.prod(measure["lines"]["shape"])) for measure in data["measures"])
    assert numbers <= MOST_NUMBERS and data["months"][-1] == str(record.months[-1])
    assert len(report_html(record, []).encode()) < LARGEST


def test_the_lines_in_the_file_are_the_quantiles_of_the_runs(drawn: tuple[Record, list[Path], Page]) -> None:
    record, _, page = drawn
    data = page.block("data")
    countries = [each["id"] for each in data["countries"]]
    months = kept_months(record, len(countries))
    for shown, told in zip(measures_of(record), data["measures"], strict=True):
        lines = unpacked(told["lines"])
        for place, holder in enumerate(holders(record, shown)):
            values = values_of(record, shown, holder.id, countries)[months].astype(np.float64)
            exact = np.moveaxis(np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95], axis=-1), 0, 1)
            np.testing.assert_allclose(lines[place][:, :5], np.transpose(exact, (2, 1, 0)), atol=told["lines"]["step"] + 1e-6)


def test_single_lines_are_histories_and_the_last_is_the_one_that_is_told(drawn: tuple[Record, list[Path], Page]) -> None:
    record, _, page = drawn
    data = page.block("data")
    tension = next(each for each in data["measures"] if each["id"] == "tension")
    lines, ids = unpacked(tension["lines"])[0, 0], list(record.run_ids[record.ok])
    for line, run in zip(lines[5:], [*data["singles"], data["told"]], strict=True):
        history = record.values("tension", country=data["countries"][0]["id"])[:, ids.index(run)]
        np.testing.assert_allclose(line, history, atol=tension["lines"]["step"])


def test_the_share_of_histories_on_the_stages_of_a_ladder_is_whole(drawn: tuple[Record, list[Path], Page]) -> None:
    _, _, page = drawn
    np.testing.assert_allclose(unpacked(page.block("data")["ladder"]).sum(axis=2), 1, atol=1e-4)


def test_quantiles_are_those_of_numpy() -> None:
    values = np.random.default_rng(4).normal(size=(3, 5, 17)).astype(np.float32)
    levels = (0.0, 0.05, 0.5, 0.777, 1.0)
    np.testing.assert_allclose(quantiles(values, levels), np.moveaxis(np.quantile(values, levels, axis=-1), 0, -1), rtol=1e-5)
    assert lines_by(values, [2]).shape == (5, 6, 3)


@pytest.mark.parametrize("values", [[[0.25, -1.5], [3.0, 0.0]], [[0.7, 0.7]], []], ids=["spread", "all equal", "none"])
def test_packed_numbers_come_back_within_half_a_step(values: Sequence[Sequence[float]]) -> None:
    told = packed(np.array(values))
    assert np.abs(unpacked(told) - np.array(values)).max(initial=0) <= told["step"] / 2 + 1e-12


def test_a_strangers_words_are_shown_as_they_are_and_end_nothing_early(hostile: Record) -> None:
    html = report_html(hostile, [])
    page = Page(html)
    assert len(page.scripts) == 3 and html.count("<script") == 3 and html.count("</script>") == 3
    assert "<script>alert(1)</script>" in page.text and "\u202e" not in html and "\x00" not in html
    assert "<script>alert(1)</script>" in page.block("data")["countries"][0]["name"]
    assert page.block("scenario")["title"] == hostile.scenario.title


def test_embedded_data_hold_nothing_that_a_page_obeys_and_read_back_the_same() -> None:
    value = {"a</script>": ["<!--", "]]>", "\u2028\u2029\u202e\ufeff", "&amp; 中 😀", "\x85"]}
    text = embedded(value)
    assert json.loads(text) == value and not set("<>&\u2028\u2029\u202e\ufeff\x85") & set(text)


def test_the_report_counts_the_support_of_every_number_once(drawn: tuple[Record, list[Path], Page]) -> None:
    record, _, page = drawn
    table = support(record).set_index("section")
    assert table.loc["powers", "evidence"] == 4 * 6 and table.loc["countries", "record"] == 10
    dated = len(record.scenario.shocks) + 2 * len(record.scenario.policies)
    whole = int(table[["evidence", "record", "assumption", "nothing"]].to_numpy().sum())
    assert whole == len(number_paths(record.scenario)) + dated == len(page.block("data")["numbers"]["rows"])
    assert f"The scenario has {whole:,} numbers" in page.text


def test_every_number_comes_with_its_value_its_range_and_what_stands_behind_it(drawn: tuple[Record, list[Path], Page]) -> None:
    record, _, page = drawn
    numbers = page.block("data")["numbers"]
    rows = {row[0]: row for row in numbers["rows"]}
    assert rows["powers.russia.skill.energy"][1:4] == [0.1, 0.1, 0.1]
    assert (
        numbers["kinds"][rows["powers.russia.skill.energy"][5]] == "lines of a document" and rows["powers.russia.skill.energy"][6] == "A1"
    )
    assert rows["countries.serbia.population"][7] == "Census, 2011" and rows["mechanics.tension.pressure"][7] == "made up"
    assert rows["mechanics.tension.pressure"][2] < rows["mechanics.tension.pressure"][3]
    assert numbers["says"]["A1"][0][0] == "A1" and numbers["documents"]["A"]
    assert set(rows) >= set(number_paths(record.scenario))


def test_a_number_that_the_scenario_changes_says_to_what() -> None:
    scenario = made_up_scenario(months=6).with_changes({"mechanics.tension.pressure": 0.25})
    rows = Page(report_html(made_up_record(scenario, runs=5), [])).block("data")["numbers"]["rows"]
    assert next(row[8] for row in rows if row[0] == "mechanics.tension.pressure") == "set to 0.25"


def test_each_country_is_told_in_three_sentences_with_numbers(drawn: tuple[Record, list[Path], Page]) -> None:
    record, _, page = drawn
    for country in record.scenario.countries:
        told = sentences(record, country)
        assert len(told) == 3 and all(sentence.endswith(".") and sentence in page.text for sentence in told)
        assert re.search(r"\d%", told[0]) and re.search(r"Tension ends at \d+ of 100", told[2])
    assert sentences(record, "federation")[1] == "It stands on the ladders of Bosnia and Herzegovina."
    assert re.search(r"joins NATO in .*, about \w+ 20\d\d", sentences(record, "montenegro")[1])
    assert "It is a member of the European Union and NATO from the start." in sentences(record, "croatia")


def test_the_report_of_a_world_without_institutions_still_answers() -> None:
    record = made_up_record(made_up_scenario(powers=["russia"], countries=["serbia"], institutions=[], months=1), runs=1)
    html = report_html(record, [])
    assert "Serbia" in html and "Country by country" in html and "The history went well" in html


def test_the_same_record_gives_the_same_report(drawn: tuple[Record, list[Path], Page]) -> None:
    again = made_up_record(made_up_scenario(months=30), runs=41, broken=1)
    assert report_html(again, drawn[1]) == report_html(drawn[0], drawn[1])


def test_the_scenario_in_the_file_is_the_one_that_was_run() -> None:
    scenario = sim.read_scenario("scenarios/tutorial.yaml")
    page = Page(report_html(sim.simulate(scenario, runs=8, seed=1, workers=1), []))
    saved = next(text for given, text in page.scripts if given.get("id") == "scenario")
    assert scenario_hash(read_text(saved.encode(), "saved.yaml")) == scenario_hash(scenario)
    assert scenario_hash(scenario) in page.text and "--runs 8 --seed 1" in page.text


def test_the_told_history_is_in_order_of_time_and_says_what_spoke_for_it() -> None:
    record = made_up_record(made_up_scenario(months=30), runs=12)
    run, why = typical_run(record), (("siding with self", 0.7), ("grievance", 0.3))
    mine = Entry(run, 4, "leader", "new leader", "serbia", "", "", why)
    page = Page(report_html(replace(record, chronicle=(*record.chronicle, mine, replace(mine, run=run + 1, month=0))), []))
    entries = page.block("data")["chronicle"]
    assert [entry["month"] for entry in entries] == sorted(entry["month"] for entry in entries) and entries[0]["month"] > 0
    told = next(entry for entry in entries if entry["why"])
    assert (told["when"], told["words"], told["countries"]) == ("May 2017", "Serbia has a new leader.", ["serbia"])
    assert "Because: siding with itself 70%, grievance 30%" in page.text and f"This is history {run}" in page.text
