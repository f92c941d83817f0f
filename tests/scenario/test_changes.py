"""Numbers changed from Python and from the command line."""

from typing import Any

import numpy as np
import pytest

from sim.scenario.changes import changes_from_words
from sim.scenario.distributions import fixed
from sim.scenario.faults import ScenarioFaults
from sim.scenario.hashing import scenario_hash
from sim.scenario.reading import read_text
from tests.scenario.small import SMALL

SCENARIO = read_text(SMALL)


def test_changes_in_python_equal_those_in_the_file() -> None:
    changed = SCENARIO.with_changes(
        {"powers.west.capacity": 3, "countries.avala.fear": {"uniform": [0.1, 0.2]}, "powers.east.war": {"scale": 2}}
    )
    written = read_text(
        SMALL + "set: {powers.west.capacity: 3, countries.avala.fear: {uniform: [0.1, 0.2]}, powers.east.war: {scale: 2}}\n"
    )
    assert changed == written and scenario_hash(changed) == scenario_hash(written)
    assert SCENARIO.set == {}


def test_later_changes_win() -> None:
    twice = SCENARIO.with_changes({"powers.east.capacity": 1}).with_changes({"powers.east.capacity": 2})
    assert twice == SCENARIO.with_changes({"powers.east.capacity": 2})


@pytest.mark.parametrize("three", [3, 3.0, np.float64(3), np.int64(3), np.float32(3), fixed(3)])
def test_a_number_is_a_number_of_any_make(three: Any) -> None:
    assert SCENARIO.with_changes({"powers.west.capacity": three}).set["powers.west.capacity"].to == fixed(3)


@pytest.mark.parametrize(
    ("path", "given", "code", "words"),
    [
        ("powers.wset.capacity", 3, "E040", "did you mean powers.west.capacity?"),
        ("powers.west", 3, "E040", "its numbers are powers.west.capacity"),
        ("time.months", 12, "E040", "use --months"),
        ("countries.avala.dependence.west.usual", 0.5, "E040", "only fills in"),
        ("countries.avala.fear", -1, "E031", "from 0 to 1e+06, found -1"),
        ("countries.avala.literacy", {"uniform": [0, 2]}, "E031", "found 0 to 2"),
        ("powers.west.capacity", "3", "E021", "must be a number"),
        ("powers.west.capacity", True, "E021", "must be a number"),
        ("powers.west.capacity", None, "E054", "needs a new value"),
        ("powers.west.capacity", float("nan"), "E023", "must be finite"),
        ("powers.west.capacity", 10**400, "E023", "must be finite"),
        ("powers.west.capacity", {"scale": 1, "add": 1}, "E054", "found scale, add"),
        ("powers.west.capacity", {"valeu": 1}, "E040", "no key called 'valeu'"),
    ],
)
def test_a_change_that_cannot_be_is_refused(path: str, given: Any, code: str, words: str) -> None:
    with pytest.raises(ScenarioFaults) as refusal:
        SCENARIO.with_changes({path: given})
    assert [(fault.file, fault.code, fault.path) for fault in refusal.value.faults] == [("set", code, path)]
    assert words in refusal.value.faults[0].message


def test_words_of_the_command_line_are_read_as_in_a_file() -> None:
    words = ["powers.west.capacity=3", "countries.avala.hedging={triangular: [0.2, 0.5, 0.8]}", "powers.east.war = {add: 0.5}"]
    changes = changes_from_words(SCENARIO, words)
    assert changes == {
        "powers.west.capacity": 3,
        "countries.avala.hedging": {"triangular": [0.2, 0.5, 0.8]},
        "powers.east.war": {"add": 0.5},
    }
    assert len(SCENARIO.with_changes(changes).set) == 3


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("powers.west.capacity", "E003"),
        ("powers.west.capacity=", "E003"),
        ("=3", "E003"),
        ("powers.west.capacity=1e3", "E022"),
        ("powers.west.capacity=yes", "E020"),
        ("powers.west.capacity=[1", "E003"),
        ("powers.west.capacity=" + "[" * 900, "E013"),
        ("powers.west.capacity=" + "9" * 3000, "E017"),
        ("powers.west.capacity=!!python/name:os.system x", "E014"),
        ("powers.wset.capacity=3", "E040"),
        ("countries.avala.literacy=3", "E031"),
    ],
)
def test_a_bad_word_is_refused(word: str, code: str) -> None:
    with pytest.raises(ScenarioFaults) as refusal:
        changes_from_words(SCENARIO, [word])
    assert code in {fault.code for fault in refusal.value.faults}


def test_two_words_for_one_number_are_refused() -> None:
    with pytest.raises(ScenarioFaults, match="changed twice"):
        changes_from_words(SCENARIO, ["powers.east.war=1", "powers.east.war=2"])
