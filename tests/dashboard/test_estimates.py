"""Estimates, looks and the story: what is said at once, what is painted, and in which words."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from sim.charts.shown import Shown, holders
from sim.dashboard.answers import FIRST, Answers
from sim.dashboard.desk import Desk
from sim.dashboard.estimates import Estimates, moved
from sim.dashboard.frames import frame
from sim.dashboard.looks import Look, View, levels_of, paired, view_of
from sim.dashboard.opened import Opened, opened
from sim.dashboard.setting import BASELINE, NoSuchSetting, Setting
from sim.dashboard.story import finding, rather_than, signed
from sim.record import Record
from sim.runs.blocks import Task, run_block
from sim.runs.ensemble import together
from sim.scenario.reading import read_scenario
from tests.dashboard.worlds import TUTORIAL

RUNS = np.arange(FIRST, dtype=np.int64)


@cache
def world() -> Opened:
    return opened(read_scenario(TUTORIAL), "here/tutorial.yaml")


@cache
def simulated(setting: Setting) -> Record:
    here = world()
    task = Task(here.scenario, here.world.settled, here.seed, here.panel.lanes(setting, RUNS), variables=here.kept)
    return together(here.scenario, here.seed, here.world.settled, [run_block(task)])


def with_estimates(asked: Callable[[Answers, Estimates], Awaitable[Any]]) -> Any:
    """What a question comes to, once every lever has been tried."""

    async def main() -> Any:
        desk = Desk()
        try:
            answers = Answers(world(), desk)
            baseline = answers.watch(BASELINE)
            estimates = Estimates(answers, desk)
            estimates.begin()
            while estimates.share < 1 or not baseline.is_whole:
                await asyncio.wait_for(estimates.progress.wait() if estimates.share < 1 else baseline.change.wait(), 110)
            return await asked(answers, estimates)
        finally:
            desk.close()

    return asyncio.run(main())


@cache
def estimated(setting: Setting) -> Record:
    async def asked(answers: Answers, estimates: Estimates) -> Record:
        found = estimates.record(setting)
        assert found is not None
        return found

    found: Record = with_estimates(asked)
    return found


def test_where_a_lever_was_tried_the_estimate_is_the_simulation() -> None:
    for setting in (((("effort-east", 0.0),)), ((("effort-east", 3.0),)), ((("effort-east", 0.5),))):
        guess, truth = estimated(setting), simulated(setting)
        for name in ("tension", "influence_share", "opinion"):
            np.testing.assert_allclose(guess.kept[name], truth.kept[name], atol=2e-3)


def test_between_tried_places_an_estimate_is_nearer_to_the_truth_than_the_baseline_is() -> None:
    setting: Setting = (("effort-east", 1.5), ("effort-north", 0.3))
    guess, truth, base = estimated(setting), simulated(setting), simulated(BASELINE)
    for name in ("tension", "influence_share", "opinion"):
        off, away = (np.abs(each.kept[name][-1] - truth.kept[name][-1]).mean() for each in (guess, base))
        assert off < 0.35 * away


def test_an_estimate_keeps_to_what_a_history_can_be() -> None:
    guess = estimated((("effort-east", 0.1), ("effort-north", 2.9), ("literacy", 0.3)))
    top = guess.roster.top[:, None, None]
    rungs = guess.kept["rung"]
    assert (rungs == np.round(rungs)).all() and (rungs >= 0).all() and (rungs <= top).all()
    assert all((values >= 0).all() and (values <= 1).all() for name, values in guess.kept.items() if name != "rung")


def test_an_estimate_starts_from_the_nearest_setting_that_is_known() -> None:
    here: Setting = (("effort-east", 0.4),)

    async def asked(answers: Answers, estimates: Estimates) -> tuple[Any, Any]:
        known = answers.watch(here, 1)
        while 0 not in known.blocks:
            await asyncio.wait_for(known.change.wait(), 60)
        near = estimates.anchor((("effort-east", 0.4), ("literacy", 0.1)))
        again = estimates.record(here)
        return near, (again, known.blocks[0])

    near, (again, block) = with_estimates(asked)
    assert near.setting == here
    for name, values in block.kept.items():
        np.testing.assert_allclose(again.kept[name], values, atol=1e-6)
    assert moved(here, BASELINE) == ["effort-east"]


@pytest.mark.parametrize("shown", levels_of(world().scenario), ids=lambda shown: shown.id)
def test_every_measure_can_be_painted(shown: Shown) -> None:
    now, base = simulated((("effort-north", 0.2),)), simulated(BASELINE)
    for holder in holders(now, shown):
        words, arrays = Look(View(shown.id, holder.id), now, base).painted()
        months, countries = world().scenario.time.months, len(world().scenario.countries)
        assert words["runs"] == FIRST and set(words["titles"]) == set(world().scenario.countries)
        assert arrays["now"].shape == arrays["base"].shape == arrays["change"].shape == (countries, 5, months)
        assert arrays["ladder"].shape == (1, countries, 3, months)
        assert all(np.isfinite(array).all() for array in arrays.values())


def test_a_fan_holds_the_quantiles_of_the_histories_and_of_their_paired_differences() -> None:
    now, base = simulated((("effort-north", 0.2),)), simulated(BASELINE)
    _, arrays = Look(View("tension", ""), now, base).painted()
    place = now.roster.place("country", "plain")
    values = [record.kept["tension"][:, place].astype(np.float64) for record in (now, base)]
    cuts = [0.05, 0.25, 0.5, 0.75, 0.95]
    order = list(world().scenario.countries).index("plain")
    np.testing.assert_allclose(arrays["now"][order], np.quantile(values[0], cuts, axis=-1), atol=1e-6)
    np.testing.assert_allclose(arrays["change"][order], np.quantile(values[0] - values[1], cuts, axis=-1), atol=1e-6)


def test_shares_of_a_course_and_of_a_ladder_sum_to_one() -> None:
    _, arrays = Look(View("tension", ""), simulated(BASELINE), simulated(BASELINE)).painted()
    np.testing.assert_allclose(arrays["course"].sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(arrays["ladder"].sum(axis=2), 1, atol=1e-5)


def test_the_story_tells_the_largest_differences_first_each_inside_its_interval() -> None:
    words, _ = Look(View("tension", ""), simulated((("effort-north", 0.0),)), simulated(BASELINE)).painted()
    sentences = words["story"]["sentences"]
    sizes = [each["size"] for each in sentences]
    assert sizes and sizes == sorted(sizes, reverse=True)
    assert all(each["interval"] and each["words"][0].isupper() for each in sentences)
    assert any("North ends with" in each["words"] and not each["up"] for each in sentences)


def test_a_title_gives_an_interval_only_where_it_cannot_be_taken_for_that_of_a_difference() -> None:
    record, wide = simulated(BASELINE), np.linspace(0.2, 0.6, 41)[None]
    calm, moved_up = (finding(record, wide + more, wide, "tension", ("plain", "")) for more in (0.0, 0.1))
    assert calm == "Tension in Plain ends at 40 of 100 (22\u00a0to\u00a058)"
    assert moved_up == "Tension in Plain ends at 50 rather than 40 of 100"


def test_without_a_change_there_is_no_story() -> None:
    base = simulated(BASELINE)
    words, arrays = Look(View("tension", ""), base, base).painted()
    assert words["story"]["sentences"] == [] and not arrays["change"].any()


def test_a_run_that_failed_in_one_setting_is_left_out_of_both() -> None:
    base = simulated(BASELINE)
    lost = Record(base.scenario, base.seed, base.run_ids, base.kept, ("nonfinite", *base.status[1:]), base.error, base.settled)
    now, other = paired(lost, base)
    assert now.ok.tolist() == other.ok.tolist() == [False] + [True] * (FIRST - 1)
    few = Record(
        base.scenario, base.seed, base.run_ids[:16], {k: v[..., :16] for k, v in base.kept.items()}, base.status[:16], base.error[:16]
    )
    assert paired(few, base)[1].runs == 16


@pytest.mark.parametrize(
    "given", [{}, None, {"measure": "power"}, {"measure": "opinion"}, {"measure": "opinion", "holder": "nobody"}, {"measure": []}]
)
def test_a_view_of_nothing_is_refused(given: Any) -> None:
    with pytest.raises(NoSuchSetting):
        view_of(given, world().scenario)


@pytest.mark.parametrize(
    ("other", "base", "measure", "said"),
    [
        (0.154, 0.271, "tension", "15 rather than 27 of 100"),
        (0.462, 0.4649, "tension", "46.2 rather than 46.5 of 100"),
        (0.4, 0.40001, "tension", None),
        (3.23, 3.3, "position", "3.23 rather than 3.30"),
        (1.2, 3.3, "position", "1.2 rather than 3.3"),
    ],
)
def test_two_values_are_said_with_no_more_digits_than_tell_them_apart(other: float, base: float, measure: str, said: str | None) -> None:
    assert rather_than(other, base, measure) == said
    assert signed(-0.04, 1) == "0.0" and signed(-1.26, 1) == "−1.3" and signed(2, 0) == "+2"


def test_a_frame_can_be_read_where_it_lies() -> None:
    array = np.arange(6, dtype=np.float32).reshape(2, 3)
    made = frame({"said": "Škoda <b>"}, {"one": array, "two": array.T})
    header, body = struct.unpack("<II", made[:8])
    assert header % 4 == 0 and len(made) == 8 + header + body
    words = json.loads(made[8 : 8 + header])
    assert words["said"] == "Škoda <b>" and [each["shape"] for each in words["arrays"]] == [[2, 3], [3, 2]]
    np.testing.assert_array_equal(np.frombuffer(made, "<f4", offset=8 + header)[:6], array.ravel())
