"""The coding scale: numbers follow from words by rule, and follow the scale when it is varied."""

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.scenario.coding import recoded, scale_of, triangle
from sim.scenario.faults import ScenarioFaults
from sim.scenario.hashing import scenario_hash
from sim.scenario.places import bounds_at, number_paths
from sim.scenario.reading import read_plain, read_text
from sim.scenario.schema import Scenario
from tests.scenario.small import SMALL, small

ROOT = Path(__file__).parents[2]
CODING = read_plain(ROOT / "seeds/coding.yaml")
SCALE = scale_of(CODING["coding"])
LITERACY = "countries.avala.literacy"


def changed(words: str) -> Any:
    to = read_text(SMALL + f"set: {{{LITERACY}: {words}}}\n").set[LITERACY].to
    assert to is not None
    return to


def refusals(text: str) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioFaults) as refused:
        read_text(text)
    return [(fault.code, fault.path) for fault in refused.value.faults]


def test_a_coded_share_is_a_triangle_about_its_strength_as_wide_as_its_source_is_unsure() -> None:
    number = changed("{coded: strong, sure: stated, evidence: [A27-29]}")
    assert number.form == ("triangular", (0.57, 0.65, 0.73))
    assert changed("{coded: strong, sure: doubted}").form == ("triangular", (0.43, 0.65, 0.87))


def test_a_coded_amount_is_a_multiple_of_its_reference() -> None:
    number = changed("{coded: strong, sure: stated, of: 0.4}")
    assert number.form == ("triangular", (0.4, 0.6, 0.9))


def test_a_coded_number_is_cut_to_the_bounds_of_its_place() -> None:
    assert triangle("none", "doubted", SCALE)[1] == 0
    text = small(("literacy: 0.5", "literacy: {coded: none, sure: doubted}"))
    assert read_text(text).countries["brda"].literacy.reach[0] == 0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "code", "key"),
    [
        ("{coded: huge, sure: stated}", "E047", ".coded"),
        ("{coded: strong, sure: certain}", "E047", ".sure"),
        ("{coded: strong}", "E041", ".sure"),
        ("{coded: 3, sure: stated}", "E021", ".coded"),
        ("{coded: strong, sure: stated, value: 0.9}", "E054", ""),
        ("{value: 0.5, sure: stated}", "E054", ""),
        ("{value: 0.5, of: 2}", "E054", ""),
    ],
)
def test_unknown_and_missing_words_are_faults_at_their_place(words: str, code: str, key: str) -> None:
    assert refusals(SMALL + f"set: {{{LITERACY}: {words}}}\n") in ([(code, f"set.{LITERACY}{key}")], [(code, f"set.{LITERACY}.to{key}")])


def test_a_wrong_word_is_answered_with_the_one_that_was_meant() -> None:
    with pytest.raises(ScenarioFaults, match=r"strengths are none, slight, some, strong, decisive \(did you mean strong\?\)"):
        read_text(SMALL + f"set: {{{LITERACY}: {{coded: stong, sure: stated}}}}\n")


def test_a_scenario_may_change_words_of_the_scale_and_no_others_change() -> None:
    own = "coding: {share: {strong: 0.7}}\n"
    change = f"set: {{{LITERACY}: {{coded: strong, sure: stated}}, countries.brda.literacy: {{coded: some, sure: stated}}}}\n"
    plain, other = read_text(SMALL + change), read_text(SMALL + own + change)
    assert [plain.set[LITERACY].to.value, other.set[LITERACY].to.value] == [0.65, 0.7]  # type: ignore[union-attr]
    assert plain.set["countries.brda.literacy"] == other.set["countries.brda.literacy"]
    assert other.coding.share["slight"] == SCALE["share"]["slight"]
    assert scenario_hash(plain) != scenario_hash(other)


def test_a_scale_out_of_bounds_is_refused() -> None:
    assert refusals(SMALL + "coding: {share: {strong: 1.5}}\n") == [("E031", "coding.share.strong")]


def test_a_scenario_without_coded_numbers_carries_no_scale() -> None:
    assert read_text(SMALL).coding.share == {}


def test_a_resolved_scenario_is_read_as_it_is() -> None:
    scenario = sim.read_scenario("scenarios/western_balkans_2017.yaml")
    assert Scenario.model_validate(scenario.dumped()) == scenario
    assert recoded(scenario, {}) == scenario


@pytest.mark.parametrize("part", ["share", "amount"])
def test_a_stronger_word_is_a_larger_number(part: str) -> None:
    sizes = [SCALE[part][word] for word in CODING["meaning"]["strength"]]
    assert sizes == sorted(set(sizes)) and list(SCALE[part]) == list(CODING["meaning"]["strength"])


@pytest.mark.parametrize("part", ["width", "spread"])
def test_a_less_sure_word_is_a_wider_number(part: str) -> None:
    sizes = [SCALE[part][word] for word in CODING["meaning"]["sure"]]
    assert sizes == sorted(set(sizes)) and list(SCALE[part]) == list(CODING["meaning"]["sure"])


def test_every_coded_number_of_the_world_moves_with_its_word_and_no_other_number_does() -> None:
    before = sim.read_scenario("scenarios/western_balkans_2017.yaml")
    stretched = {word: min(size + 0.02, 1.0) for word, size in SCALE["share"].items()}
    larger = {word: size * 1.1 + 0.01 for word, size in SCALE["amount"].items()}
    after = number_paths(recoded(before, {"share": stretched, "amount": larger}))
    coded = [path for path, number in number_paths(before).items() if number.coded]
    moved = [path for path, number in number_paths(before).items() if after[path] != number]
    assert moved == coded and len(coded) > 50
    assert all(after[path].value > number_paths(before)[path].value for path in coded[:5])  # type: ignore[operator]


def test_coded_numbers_of_the_world_are_what_the_scale_makes_of_their_words() -> None:
    for path, number in number_paths(sim.read_scenario("scenarios/western_balkans_2017.yaml")).items():
        if number.coded and number.sure:
            value, low, high = triangle(number.coded, number.sure, SCALE, number.of, bounds_at(path))
            assert (number.value, number.range) == (value, (low, high)), path
