"""Charts of discovery, tipping points, policies and ranks: they say what was found, in words that do not touch."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from sim.analysis.discovery import Discovery, discovery
from sim.analysis.names import Spoken, outcome_spoken
from sim.analysis.policies import Aim, Policies, policies
from sim.analysis.ranks import ranks
from sim.analysis.tipping import Lever, Tip, tipping
from sim.charts import discovery as discovery_chart
from sim.charts import gains, pareto
from sim.charts import policies as policies_chart
from sim.charts import ranks as ranks_chart
from sim.charts import tipping as tipping_chart
from sim.charts.discovery import often
from sim.charts.sheet import Origin
from sim.charts.style import COLUMN, PHONE, SLIDE, Size
from tests.analysis.known_boxes import made
from tests.charts.made_up import made_up_scenario
from tests.charts.test_charts import boxes

SCENARIO = made_up_scenario()
ORIGIN = Origin(SCENARIO, 16, 1, 640, 3)
OUTCOME = outcome_spoken(SCENARIO, "serbia.alignment.russia.end")
LONG = "How far a government that hedges between the camps lets a church and its friends abroad have their way"
NAMES = {
    "a": Spoken("The Union's effort", "The Union's effort", "times its own", said="the Union's effort"),
    "b": Spoken(LONG, LONG, said=LONG[0].lower() + LONG[1:]),
    "c": Spoken("Russia's effort", "Russia's effort", "times its own"),
}
EVENT = "the deal fails to come"
POLICIES = {name: Spoken(name.capitalize(), name.capitalize(), said=name) for name in ("nothing", "safe", "bold", "spoil")}
ACTORS = {"eu": Spoken("European Union", "EU"), "russia": Spoken("Russia", "Russia")}
PEACE, CALM = "serbia.alignment.eu.end", "serbia.tension.mean"
AT = np.linspace(0, 2, 11)


def found_box(name: str) -> Discovery:
    return discovery(*made(name), resamples=4)


def nothing_found() -> Discovery:
    draws = np.random.default_rng(8)
    inputs = pd.DataFrame(draws.random((120, 3)), columns=list("abc"))
    found = discovery(inputs, draws.random(120) < 0.5, resamples=2)
    return found


def tip(curve: np.ndarray, crosses: float | None = 0.5) -> Tip:
    values = (np.random.default_rng(1).random(40) < curve[:, None]).astype(float)
    return tipping(Lever("a", AT), values, PEACE, crosses, resamples=100)


def compared() -> Policies:
    draws, points = np.random.default_rng(3), np.linspace(0, 1, 20)
    values: dict[Aim, dict[str, np.ndarray]] = {}
    for aim, size in ((Aim(PEACE, True, 0.5, "eu"), 0.5), (Aim(CALM, False, 0.4, "eu"), 0.3), (Aim(PEACE, False, None, "russia"), 0.5)):
        levels = {"nothing": 0 * points, "safe": 0 * points + size / 2, "bold": (points > 0.5) * size, "spoil": 0 * points - size / 4}
        values[aim] = {name: 0.3 + level[:, None] + 0.02 * draws.normal(size=(20, 4)) for name, level in levels.items()}
    return policies(values, {"nothing": "", "safe": "eu", "bold": "eu", "spoil": "russia"}, resamples=30)


STEP, SLOPE = 1 / (1 + np.exp(-12 * (AT - 1.1))), AT / 2


def cases() -> Iterator[tuple[str, Callable[[Size], Figure]]]:
    for name in ("two limits", "a range", "a name"):
        found = found_box(name)
        yield f"discovery of {name}", lambda size, found=found: discovery_chart.draw(found, EVENT, ORIGIN, NAMES, size)
    none = nothing_found()
    yield "discovery of nothing", lambda size: discovery_chart.draw(none, EVENT, ORIGIN, NAMES, size)
    for name, found_tip in (
        ("a crossing", tip(STEP)),
        ("a step", tip(STEP, None)),
        ("a slope", tip(SLOPE, None)),
        ("none", tip(0.2 * STEP)),
    ):
        yield f"tipping, {name}", lambda size, each=found_tip: tipping_chart.draw(each, ORIGIN, OUTCOME, NAMES, size)
    both = compared()
    spoken = outcome_spoken(SCENARIO, PEACE), outcome_spoken(SCENARIO, CALM)
    yield "policies", lambda size: policies_chart.draw(both, ORIGIN, POLICIES, ACTORS, size)
    yield "gains", lambda size: gains.draw(both, ORIGIN, POLICIES, ACTORS, size)
    yield "pareto", lambda size: pareto.draw(both, "eu", ORIGIN, (POLICIES, ACTORS, spoken), size)
    x = np.random.default_rng(5).random((60, 3))
    table = ranks({name: x[:, place] for place, name in enumerate("abc")}, x @ [1.0, -0.5, 0.0], PEACE, resamples=30)
    yield "ranks", lambda size: ranks_chart.draw(table, ORIGIN, OUTCOME, NAMES, size)


CASES = dict(cases())
PAGES = [(name, SLIDE) for name in CASES] + [(name, size) for name in CASES if "none" not in name for size in (COLUMN, PHONE)]


@pytest.mark.parametrize(("name", "size"), PAGES, ids=[f"{name}, {size.name}" for name, size in PAGES])
def test_no_two_words_of_a_chart_touch_and_none_leaves_the_page(name: str, size: Size) -> None:
    figure = CASES[name](size)
    width, height = figure.get_size_inches() * figure.dpi
    found = list(boxes(figure))
    assert not [words for words, (x0, y0, x1, y1) in found if x0 < -1 or y0 < -1 or x1 > width + 1 or y1 > height + 1]
    touching = [
        (one, other)
        for place, (one, a) in enumerate(found)
        for other, b in found[place + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 2
    ]
    assert not touching


def words_of(name: str) -> str:
    return " ".join(words for words, _ in boxes(CASES[name](SLIDE)))


@pytest.mark.parametrize("name", CASES)
def test_every_chart_says_where_it_comes_from(name: str) -> None:
    found = words_of(name)
    assert all(part in found for part in (SCENARIO.title, "seed 1", "suasion", "at each of 640 points"))


def test_the_title_of_a_discovery_is_its_box_in_words() -> None:
    found = found_box("two limits")
    said = discovery_chart.title(found, EVENT, NAMES)
    assert said.startswith("The deal fails to come at every point where ") and "the Union's effort is at least 0.6" in said
    assert "times its own" in said and said.endswith("; elsewhere at no point")
    named = discovery_chart.title(found_box("a name"), EVENT, NAMES)
    assert "the arm is one and three" in named


def test_leaves_of_the_tree_are_sentences_with_their_counts() -> None:
    found = found_box("two limits")
    table = discovery_chart.sentences(found, EVENT, NAMES)
    assert table["cases"].sum() == found.cases.total and table["points"].sum() == len(found.cases.interest)
    first = table["sentence"].iloc[0]
    assert first.startswith("Where ") and "the Union's effort is at least 0.6" in first and "the deal fails to come at every" in first


@pytest.mark.parametrize(("share", "said"), [(1, "every point"), (0, "no point"), (0.876, "88 of 100 points"), (0.999, "99 of 100 points")])
def test_shares_of_points_are_said_in_hundredths(share: float, said: str) -> None:
    assert often(share) == said


def test_the_title_of_a_tipping_point_says_where_it_lies_or_that_there_is_none() -> None:
    said = {name: tipping_chart.title(found, OUTCOME, NAMES) for name, found in (
        ("crossing", tip(STEP)), ("step", tip(STEP, None)), ("slope", tip(SLOPE, None)), ("none", tip(0.2 * STEP)))}  # fmt: skip
    assert "rises above 50 points once the Union's effort passes 1" in said["crossing"] and "times its own" in said["crossing"]
    assert "tips where the Union's effort is 1" in said["step"] and "without a tipping point" in said["slope"]
    assert "stays below 50 points as the Union's effort goes from 0 to 2 times its own" in said["none"]


def test_policies_are_told_by_what_holds_up_and_who_gains() -> None:
    both = compared()
    assert "safe for the EU" in policies_chart.title(both, POLICIES, ACTORS)
    said = gains.title(both, POLICIES, ACTORS)
    assert "gains most by" in said and "loses most by" in said and "help one and hurt another" in said
    assert "better" in pareto.title(both, "eu", POLICIES, ACTORS)
    assert "(more is better)" in words_of("pareto") and "(less is better)" in words_of("pareto")


def test_ranks_name_the_strongest_factor_and_its_way() -> None:
    assert "rises most clearly with the Union's effort" in words_of("ranks")
