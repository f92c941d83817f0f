"""Support: every number of the shipped worlds says where it comes from, and what it cites is there."""

from collections import Counter
from pathlib import Path

import pytest

import sim
from sim.evidence import followed, lines_of, read_seeds, support_of, unfaithful, unused
from sim.scenario.places import number_paths
from sim.scenario.reading import read_plain
from sim.scenario.schema import Scenario

ROOT = Path(__file__).parents[2]
BASELINE = "western_balkans_2017.yaml"
# The tutorial is invented, so its numbers stand on nothing.
SHIPPED = sorted(path.name for path in (ROOT / "scenarios").glob("*.yaml") if path.name != "tutorial.yaml")
SEEDS = read_seeds()
CODING = read_plain(ROOT / "seeds/coding.yaml")


def scenario(name: str = BASELINE) -> Scenario:
    return sim.read_scenario(ROOT / "scenarios" / name)


def references() -> list[tuple[str, str]]:
    """Every reference to lines, with what makes it."""
    found = [
        (f"{name}: {path}", own) for name in SHIPPED for path, number in number_paths(scenario(name)).items() for own in number.evidence
    ]
    for name in SHIPPED:
        found += [(f"{name}: {change.id}", own) for change in (*scenario(name).shocks, *scenario(name).policies) for own in change.evidence]
    found += [(event.id, own) for event in SEEDS.events for own in event.evidence]
    found += [(claim.id, own) for claim in SEEDS.claims for own in claim.refs]
    found += [(row.id, own) for row in SEEDS.rows for own in row.refs]
    return found + [(item.id, item.id) for item in SEEDS.items]


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_of_the_shipped_worlds_has_support(name: str) -> None:
    bare = [path for path, number in number_paths(scenario(name)).items() if support_of(number) == "none"]
    assert bare == []


@pytest.mark.parametrize("name", SHIPPED)
def test_every_coded_number_says_what_the_statement_it_follows_says(name: str) -> None:
    assert unfaithful(SEEDS, scenario(name)) == {}


def test_a_coded_number_that_says_something_else_would_be_found() -> None:
    numbers = number_paths(scenario())
    path = "countries.serbia.opinion.russia"
    assert [item.id for item in followed(SEEDS, path, numbers[path])] == ["A27-29"]
    other = scenario().countries["serbia"].model_copy(update={"opinion": {"russia": numbers[path].model_copy(update={"coded": "slight"})}})
    wrong = scenario().model_copy(update={"countries": {"serbia": other}})
    assert list(unfaithful(SEEDS, wrong)) == [path]


def test_every_statement_is_used() -> None:
    assert [item.id for item in unused(SEEDS, [scenario(name) for name in SHIPPED])] == []


def test_every_reference_is_to_lines_that_the_document_has() -> None:
    for whose, reference in references():
        lines = lines_of(reference)
        assert lines.document in SEEDS.documents, f"{whose}: {reference}"
        assert 1 <= lines.first <= lines.last <= SEEDS.documents[lines.document]["lines"], f"{whose}: {reference}"


def test_every_line_that_a_number_cites_is_coded() -> None:
    bare = sorted(
        {own for name in SHIPPED for number in number_paths(scenario(name)).values() for own in number.evidence if not SEEDS.touched([own])}
    )
    assert bare == []


def test_ids_stand_once_and_in_the_order_of_the_documents() -> None:
    for coded in (SEEDS.items, SEEDS.events, SEEDS.claims, SEEDS.rows):
        assert [name for name, times in Counter(one.id for one in coded).items() if times > 1] == []
    assert len(SEEDS.claims) == 66


def test_sureness_is_that_of_the_least_sure_hedge_word() -> None:
    widths, hedges = CODING["coding"]["width"], CODING["hedges"]
    for item in SEEDS.items:
        words = [hedges[word] for word in item.hedge]
        assert item.sure == max(words, key=widths.__getitem__, default="stated"), item.id


def test_statements_use_the_words_of_the_scale_and_the_ids_of_the_world() -> None:
    world = scenario()
    for item in SEEDS.items:
        assert item.strength in CODING["coding"]["share"] and item.sure in CODING["coding"]["width"], item.id
        assert item.channel in (*world.channels, "none"), item.id
        known = (*world.powers, *world.countries, "west", "others", "none", "region", "observers", "ukraine")
        assert set(item.actor) | set(item.target) <= set(known), item.id
