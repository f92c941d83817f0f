"""The page after the ODD protocol is what the program prints, so its tables cannot drift from the scenario or the turn."""

from pathlib import Path

import pytest
from click.testing import CliRunner

import sim
from sim.axes import ORDER
from sim.cli import suasion
from sim.numbers import TABLE
from sim.odd import ENTITIES, page
from sim.scenario.places import number_paths
from sim.turn import TURN
from sim.world import VARIABLES

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "scenarios" / "western_balkans_2017.yaml"
PAGE = (ROOT / "docs" / "odd.md").read_text(encoding="utf-8")
ELEMENTS = (
    "## 1 Purpose and patterns",
    "## 2 Entities, state variables, and scales",
    "## 3 Process overview and scheduling",
    "## 4 Design concepts",
    "## 5 Initialization",
    "## 6 Input data",
    "## 7 Submodels",
)
CONCEPTS = (
    *("Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction"),
    *("Sensing", "Interaction", "Stochasticity", "Collectives", "Observation"),
)


def test_the_page_is_what_the_command_prints() -> None:
    assert page(sim.read_scenario(DEFAULT)) == PAGE, "print it anew: suasion odd --out docs/odd.md"


def test_the_page_has_the_seven_elements_and_the_eleven_concepts_in_their_order() -> None:
    assert [line for line in PAGE.splitlines() if line.startswith("## ")] == list(ELEMENTS)
    places = [PAGE.index(f"**{concept}.**") for concept in CONCEPTS]
    assert places == sorted(places)


def test_every_variable_parameter_and_act_has_a_line() -> None:
    for name in VARIABLES:
        assert f"\n| `{name}` |" in PAGE
    for entry in TABLE:
        assert PAGE.count(f"\n| `{entry.template}` |") == 1
    for act in TURN:
        line = next(line for line in PAGE.splitlines() if line.startswith(f"| {act.name}"))
        assert ", ".join(act.reads) in line
        assert ", ".join(act.writes) in line


def test_every_number_is_counted_once() -> None:
    templates = {f"`{entry.template}`" for entry in TABLE}
    cells = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
    counts = [int(row[-7]) for row in cells if row[0] in templates]
    assert len(counts) == len(TABLE)
    assert sum(counts) == len(number_paths(sim.read_scenario(DEFAULT)))


def test_entities_are_axes_of_the_model() -> None:
    assert set(ENTITIES) - {"event", "linkage"} <= set(ORDER) | {"channel"}


@pytest.mark.parametrize("name", ["tutorial", "western_balkans_2017"])
def test_the_command_prints_any_scenario_or_writes_it(name: str, tmp_path: Path) -> None:
    file = str(ROOT / "scenarios" / f"{name}.yaml")
    shown = CliRunner().invoke(suasion, ["odd", file])
    written = CliRunner().invoke(suasion, ["odd", file, "--out", str(tmp_path / "odd.md")])
    assert shown.exit_code == written.exit_code == 0
    assert (tmp_path / "odd.md").read_text(encoding="utf-8") == shown.stdout == page(sim.read_scenario(file))


def test_a_folder_that_is_not_there_is_said_with_exit_code_5(tmp_path: Path) -> None:
    refused = CliRunner().invoke(suasion, ["odd", str(DEFAULT), "--out", str(tmp_path / "nowhere" / "odd.md")])
    assert refused.exit_code == 5
    assert "cannot be written" in refused.stderr
