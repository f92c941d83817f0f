"""Levers: what they find in a scenario, what a setting does to its numbers, and the file that says the same."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.dashboard.levers import NAMED, Lever, levers_of
from sim.dashboard.setting import BASELINE, NoSuchSetting, Panel
from sim.lanes import Lanes, Parameters
from sim.roster import Roster
from sim.runs.ensemble import simulate
from sim.scenario.places import number_paths
from sim.scenario.reading import read_scenario, read_text
from sim.scenario.schema import Scenario
from tests.dashboard.worlds import BALKANS, ROOT, TUTORIAL

RUNS = np.arange(8, dtype=np.int64)


@cache
def scenario_of(path: Path) -> Scenario:
    return read_scenario(path)


def panel_of(path: Path) -> Panel:
    return Panel(scenario_of(path), levers_of(scenario_of(path)))


def halfway(lever: Lever) -> float:
    """A place that is not the default."""
    return lever.low + 0.4 * (lever.high - lever.low) if lever.low != lever.default else 0.5 * (lever.low + lever.high)


BALKAN_LEVERS = levers_of(scenario_of(BALKANS))


def test_the_balkans_have_every_lever_and_one_for_the_effort_of_each_power() -> None:
    assert {lever.id for lever in NAMED} | {f"effort-{power}" for power in ("russia", "eu", "nato", "us")} == {
        each.id for each in BALKAN_LEVERS
    }


def test_a_world_of_strangers_offers_the_effort_of_its_powers() -> None:
    found = levers_of(scenario_of(TUTORIAL))
    assert [lever.id for lever in found if lever.id.startswith("effort-")] == ["effort-east", "effort-north"]
    assert not {lever.id for lever in found} & {"energy", "kosovo", "oil_price", "gas"}


@pytest.mark.parametrize("lever", [lever for lever in BALKAN_LEVERS if lever.absolute], ids=lambda lever: lever.id)
def test_an_absolute_lever_stands_at_its_number(lever: Lever) -> None:
    (reach,) = lever.reaches
    own = number_paths(scenario_of(BALKANS))[reach.path].median()
    assert lever.default == pytest.approx(own, abs=0.05)
    assert [own * reach.value(lever, end) for end in (lever.low, lever.high)] == pytest.approx([lever.low, lever.high])


@pytest.mark.parametrize("lever", BALKAN_LEVERS, ids=lambda lever: lever.id)
def test_a_lever_at_rest_changes_no_number(lever: Lever) -> None:
    for reach in lever.reaches:
        if reach.way != "set":
            assert reach.value(lever, lever.default) == pytest.approx(reach.unmoved)


@pytest.mark.parametrize("lever", BALKAN_LEVERS, ids=lambda lever: lever.id)
def test_a_setting_and_the_file_that_says_the_same_give_the_same_numbers(lever: Lever) -> None:
    panel, scenario = panel_of(BALKANS), scenario_of(BALKANS)
    setting = panel.setting({lever.id: halfway(lever)})
    again = read_text(panel.yaml(setting, "here/western_balkans_2017.yaml", (8, 1)), "again.yaml", folder=BALKANS.parent)
    moved, _ = Parameters(scenario, Roster(scenario)).values(1, panel.lanes(setting, RUNS))
    said, _ = Parameters(again, Roster(again)).values(1, Lanes(RUNS))
    np.testing.assert_array_equal(moved, said)
    untouched, _ = Parameters(scenario, Roster(scenario)).values(1, Lanes(RUNS))
    assert (moved != untouched).any()


def test_the_file_of_a_setting_makes_the_histories_of_the_page() -> None:
    panel = panel_of(TUTORIAL)
    setting = panel.setting({"effort-east": 0.4, "literacy": 0.1})
    again = read_text(panel.yaml(setting, "here/tutorial.yaml", (16, 1)), "again.yaml", folder=TUTORIAL.parent)
    assert (again.ensemble.runs, again.ensemble.seed) == (16, 1)
    from sim.runs.blocks import Task, run_block
    from sim.settling import settled_at

    scenario = scenario_of(TUTORIAL)
    settled = settled_at(Parameters(scenario, Roster(scenario)))
    page = run_block(Task(scenario, settled, 1, panel.lanes(setting, np.arange(16, dtype=np.int64))))
    record = simulate(again, seed=1, workers=1)
    np.testing.assert_array_equal(record.kept["tension"], page.kept["tension"])
    np.testing.assert_array_equal(record.kept["rung"], page.kept["rung"])


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "scenarios").glob("*.yaml")))
def test_every_shipped_scenario_has_levers_whose_files_can_be_read(file: str) -> None:
    scenario = read_scenario(ROOT / "scenarios" / file)
    panel = Panel(scenario, levers_of(scenario))
    assert panel.levers
    everything = panel.setting({lever.id: lever.high if lever.high != lever.default else lever.low for lever in panel.levers})
    again = read_text(panel.yaml(everything, f"here/{file}", (8, 1)), "again.yaml", folder=ROOT / "scenarios")
    moved, _ = Parameters(scenario, Roster(scenario)).values(1, panel.lanes(everything, RUNS))
    said, _ = Parameters(again, Roster(again)).values(1, Lanes(RUNS))
    np.testing.assert_allclose(moved, said, rtol=1e-12)


def test_a_number_that_the_scenario_draws_anew_in_a_what_if_has_no_lever() -> None:
    plain = read_text("extends: tutorial.yaml\nschema: 1\ntitle: x\nset: {powers.east.capacity: 5}\n", "x.yaml", folder=TUTORIAL.parent)
    drawn = read_text(
        "extends: tutorial.yaml\nschema: 1\ntitle: x\nset: {powers.east.capacity: {uniform: [4, 6]}}\n", "x.yaml", folder=TUTORIAL.parent
    )
    assert "effort-east" in {lever.id for lever in levers_of(plain)}
    assert "effort-east" not in {lever.id for lever in levers_of(drawn)}


def test_levers_at_rest_and_their_order_make_no_other_setting() -> None:
    panel = panel_of(BALKANS)
    assert panel.setting({"media": 2, "effort-eu": 0.5, "energy": 1}) == panel.setting({"effort-eu": 0.5, "media": 2.0})
    assert panel.setting({"energy": 1}) == BASELINE


@pytest.mark.parametrize(
    "given", [{"nobody": 1}, {"media": 7}, {"media": -1}, {"media": float("nan")}, {"media": "2"}, {"media": True}, [], None]
)
def test_a_setting_that_cannot_be_is_refused(given: object) -> None:
    with pytest.raises(NoSuchSetting):
        panel_of(BALKANS).setting(given)


def test_histories_under_several_settings_stand_side_by_side() -> None:
    panel = panel_of(BALKANS)
    low, high = panel.setting({"media": 0}), panel.setting({"media": 3})
    lanes = panel.lanes_of([(low, RUNS), (high, RUNS)])
    assert lanes.scale["powers.russia.skill.information"].tolist() == [0.0] * 8 + [3.0] * 8
    with pytest.raises(ValueError, match="same numbers"):
        panel.lanes_of([(panel.setting({"war": 0.5}), RUNS), (low, RUNS)])


def test_every_path_a_lever_names_by_hand_is_a_number_of_the_balkans() -> None:
    numbers = number_paths(scenario_of(BALKANS))
    plain = [reach.path for lever in NAMED for reach in lever.reaches if "*" not in reach.path]
    assert [path for path in plain if path not in numbers] == []
