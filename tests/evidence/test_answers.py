"""The evidence command: an answer for every number, actor and claim, and a page that says what the scale says."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.cli import suasion
from sim.evidence import read_seeds
from sim.evidence_answers import FIRST, answer, chapters_of, overview
from sim.evidence_telling import told
from sim.numbers import TABLE
from sim.outcomes import outcome_names
from sim.scenario.faults import SuasionError
from sim.scenario.places import number_paths
from sim.scenario.reading import read_plain

ROOT = Path(__file__).parents[2]
READERS = [(entry.template, entry.chapter) for entry in TABLE]
SCENARIO = sim.read_scenario("scenarios/western_balkans_2017.yaml")
SEEDS = read_seeds()


def said(*words: str) -> str:
    result = CliRunner().invoke(suasion, ["evidence", *words])
    assert result.exit_code == 0, result.output
    return str(result.output)


def test_every_number_has_an_answer_that_names_its_support() -> None:
    for path in number_paths(SCENARIO):
        number = answer(path, SCENARIO, SEEDS, READERS)["number"]
        assert number["support"] != "none" and (number["statements"] or number["record"] or number["assumption"]), path


def test_a_path_tells_its_value_its_statements_and_what_reads_it() -> None:
    text = said("countries.serbia.opinion.russia")
    assert "triangular (0.57, 0.65, 0.73)" in text and "strong, stated; follows A27-29" in text and "rules of opinion" in text


@pytest.mark.parametrize(
    ("subject", "words"),
    [("T14", "finding"), ("t19", "serbia"), ("russia", "evidence"), ("covert", "statements"), ("B61-62", "hedging"), ("B61", "Overwatch"),
     ("montenegro_plot", "2016-10"), ("countries.serbia.kinship", "4 numbers|numbers \\(4\\)")],
)  # fmt: skip
def test_actors_channels_claims_events_and_lines_have_an_answer(subject: str, words: str) -> None:
    assert re.search(words, said(subject), re.IGNORECASE)


def test_what_is_not_known_is_told_with_what_was_probably_meant() -> None:
    with pytest.raises(SuasionError, match=r"did you mean serbia\?"):
        answer("serbai", SCENARIO, SEEDS)
    with pytest.raises(SuasionError, match="A has 138 lines"):
        answer("A900", SCENARIO, SEEDS)


def test_plain_data_say_the_same() -> None:
    found = json.loads(said("countries.serbia.pickup", "--json"))["number"]
    assert (found["coded"]["strength"], found["follows"]) == ("strong", ["C9b"])
    assert json.loads(said("--coverage", "--json"))["open"] == []


def test_coverage_lists_every_row_with_its_counts() -> None:
    text = said("--coverage")
    assert all(re.search(rf"^{row.id} ", text, re.MULTILINE) for row in SEEDS.rows)
    assert "numbers of the world: " in text


def test_the_overview_counts_every_number_once() -> None:
    counts = overview(SCENARIO, SEEDS)["support"]
    assert sum(counts.values()) == len(number_paths(SCENARIO)) and counts["none"] == 0
    assert "coded from" in told(overview(SCENARIO, SEEDS))


def test_what_the_model_reads_has_a_chapter_and_outcomes_that_exist() -> None:
    assert chapters_of("countries.serbia.opinion.russia", READERS) == ["opinion"]
    assert chapters_of("powers.russia.skill.covert", READERS) == ["leverage"]
    names = outcome_names(SCENARIO)
    for path in ("institutions.eu.credibility", "mechanics.accession.unaided", "countries.serbia.capture", "mechanics.choice.patience"):
        outcomes = answer(path, SCENARIO, SEEDS, READERS)["number"]["outcomes"]
        assert outcomes and set(outcomes) <= names
    assert all(word in names for chapter, words in FIRST.items() if chapter != "accession" for word in words)


def rows_of_table(page: str, heading: str) -> list[list[str]]:
    """Cells of the table under a heading of a page, without its head."""
    after = page.split(heading, 1)[1]
    lines = [line for line in after.split("\n\n##")[0].splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_page_shows_the_scale_that_is_shipped() -> None:
    page, coding = (ROOT / "docs/evidence.md").read_text(encoding="utf-8"), read_plain(ROOT / "seeds/coding.yaml")
    scale, meaning = coding["coding"], coding["meaning"]
    strengths = [[word, f"{scale['share'][word]:g}", f"{scale['amount'][word]:g}", meaning["strength"][word]] for word in scale["share"]]
    sureness = [[word, f"{scale['width'][word]:g}", f"{scale['spread'][word]:g}", meaning["sure"][word]] for word in scale["width"]]
    assert rows_of_table(page, "### Strength") == strengths
    assert rows_of_table(page, "### How sure") == sureness
