"""Charts of sweeps and comparisons: they draw what their tables say, in words that do not touch, whatever the numbers are."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from sim.analysis.comparison import comparison
from sim.analysis.grid import grid
from sim.analysis.names import Spoken, factors_spoken, outcome_spoken, series_spoken
from sim.analysis.one_at_a_time import one_at_a_time
from sim.analysis.parting import PairedSeries
from sim.analysis.sensitivity import Sensitivity, laid_out, sensitivity
from sim.analysis.spread import spread
from sim.charts import difference, heat_map, levels, ranking, screening, sobol_bars, spread_split, tornado
from sim.charts.saving import csv_bytes, png_bytes, svg_bytes
from sim.charts.sheet import HIGHER, LOWER, Origin, estimate, number, setting
from sim.charts.style import COLUMN, PAPER, PHONE, SLIDE, Size, contrast
from tests.charts.made_up import made_up_scenario
from tests.charts.test_charts import boxes
from tests.charts.test_looks import BLIND, lab

SCENARIO = made_up_scenario()
ORIGIN = Origin(SCENARIO, 16, 1, 640, 3)
OUTCOME = outcome_spoken(SCENARIO, "serbia.alignment.russia.end")
PATHS = [
    "powers.eu.capacity", "powers.russia.skill.energy", "countries.serbia.hedging", "mechanics.contest.decisiveness",
    "countries.federation.dependence.russia.channels.accession_outreach", "channels.energy.half_life", "powers.us.objectives.membership.eu",
    *(f"countries.{country}.{what}" for country in ("kosovo", "albania", "republika_srpska", "north_macedonia", "federation")
      for what in ("nationalism", "ethnic_tension", "aspiration.eu", "membership.nato.progress")),
]  # fmt: skip
NAMES = factors_spoken(SCENARIO, {path: path for path in PATHS})
MARKED = NAMES | {PATHS[0]: replace(NAMES[PATHS[0]], mark=1.1)}
SETTINGS = {path: ("0.5", "1.5") for path in PATHS} | {PATHS[1]: ("0.0125", "12,000")}
COUNTRIES = ("serbia", "kosovo", "montenegro", "north_macedonia", "republika_srpska", "federation")


def luck(*shape: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, shape)


def arms(moves: float = 1.0, runs: int = 16) -> dict[str, pd.DataFrame]:
    base, other = {"run": np.arange(runs)}, {"run": np.arange(runs)}
    for place, country in enumerate(COUNTRIES):
        for at, column in enumerate((f"{country}.alignment.russia.end", f"{country}.eu_position.end", f"{country}.eu_member.month")):
            start = 0.4 + 0.1 * luck(runs, seed=10 * place + at)
            base[column] = start
            other[column] = start + moves * (0.3 - 0.1 * at * place) * (0.1 + 0.02 * luck(runs, seed=99 + place))
    return {"the baseline": pd.DataFrame(base), "half": pd.DataFrame(other)}


def effects(factors: int, runs: int = 16, size: float = 0.2) -> pd.DataFrame:
    base, rng = 0.4 + 0.05 * luck(runs), np.random.default_rng(2)
    by = size * rng.normal(0, 1, (factors, 1)) * np.linspace(1, 0.02, factors)[:, None]
    low, high = base - by * (1 + 0.3 * luck(factors, runs)), base + by * rng.choice([1, -0.6], (factors, 1))
    return one_at_a_time(base, low, high, PATHS[:factors], "serbia.alignment.russia.end")


def indices(factors: int, runs: int = 8, size: float = 1.0) -> Sensitivity:
    rng = np.random.default_rng(3)
    a, b = rng.random((2, 64, factors))
    mixed = [np.where(np.arange(factors) == place, b, a) for place in range(factors)]
    points = np.concatenate([a, b, *mixed])
    weights = size / np.arange(1, factors + 1) ** 2
    values = points @ weights + size * (points[:, 0] - 0.5) * (points[:, -1] - 0.5)
    return sensitivity(
        laid_out(values[:, None] + 0.2 * luck(1, runs), factors), PATHS[:factors], "serbia.alignment.russia.end", resamples=60
    )


def screened(factors: int, size: float = 0.3) -> pd.DataFrame:
    star = size / np.arange(1, factors + 1)
    columns = {"factor": PATHS[:factors]}
    for name, value in (("mu", star), ("mu_star", star), ("sigma", 0.4 * star)):
        columns |= {name: value, f"{name}_low": 0.8 * value, f"{name}_high": 1.2 * value}
    return pd.DataFrame(columns)


def settings(count: int, shape: Callable[[np.ndarray], np.ndarray]) -> pd.DataFrame:
    at = np.linspace(0.5, 1.5, count) if count > 1 else np.array([1.0])
    return grid({PATHS[0]: at}, shape(at)[:, None] + 0.02 * luck(count, 16))


def plane(across: int, up: int, size: float, against: bool = False) -> pd.DataFrame:
    x, y = (each.ravel() for each in np.meshgrid(np.linspace(0.5, 1.5, across), np.linspace(0, 1, up)))
    values = 0.3 + size * (x - 1) * (y - 0.4)
    return grid({PATHS[0]: x, PATHS[3]: y}, values[:, None] + 0.1 * size * luck(len(x), 16), against=(x[0], y[0]) if against else None)


def split(outcomes: int) -> pd.DataFrame:
    tables = []
    for place in range(outcomes):
        values = luck(12, 1, seed=place) * place + luck(1, 12, seed=50 + place) * 2 + luck(12, 12, seed=90 + place)
        tables.append(
            spread(values, f"{COUNTRIES[place % 6]}.{('alignment.russia', 'opinion.eu', 'tension')[place // 6 % 3]}.end", resamples=50)
        )
    return pd.concat(tables)


def series(count: int, moves: float = 0.05, runs: int = 16) -> list[PairedSeries]:
    months = np.datetime64("2017-01") + np.arange(SCENARIO.time.months)
    found = []
    for place, country in enumerate(COUNTRIES[:count]):
        base = 0.4 + 0.01 * np.cumsum(luck(len(months), runs, seed=place), axis=0)
        later = np.maximum(np.arange(len(months)) - 24, 0)[:, None] / len(months)
        words = series_spoken(SCENARIO, "alignment", country, "eu")
        found.append(PairedSeries(words, base, base + moves * later * (1 + place + 0.4 * luck(1, runs, seed=place)), months))
    return found


def drawn_tornado(table: pd.DataFrame) -> Callable[[Size], Figure]:
    return lambda size: tornado.draw(table, ORIGIN, OUTCOME, NAMES, SETTINGS, size)


def drawn_heat(table: pd.DataFrame) -> Callable[[Size], Figure]:
    return lambda size: heat_map.draw(table, (PATHS[0], PATHS[3]), ORIGIN, OUTCOME, NAMES, size)


def drawn_difference(shown: list[PairedSeries]) -> Callable[[Size], Figure]:
    return lambda size: difference.draw(shown, ORIGIN, (SCENARIO.title, "The European Union at half effort"), size)


def cases() -> Iterator[tuple[str, Callable[[Size], Figure]]]:
    half = "The European Union at half effort"
    for name, moves in (("ranking", 1.0), ("ranking of nothing", 0.0), ("ranking of extremes", 1e6)):
        compared = comparison(arms(moves))
        yield name, lambda size, compared=compared: ranking.draw(compared, ORIGIN, half, size)
    lone = comparison({arm: table.iloc[:1] for arm, table in arms().items()})
    yield "ranking of one run", lambda size: ranking.draw(lone, ORIGIN, half, size)
    for count in (1, 12, 27):
        yield f"tornado of {count}", drawn_tornado(effects(count))
        many = screened(count)
        yield f"screening of {count}", lambda size, many=many: screening.draw(many, ORIGIN, OUTCOME, NAMES, size)
    yield "tornado of nothing", drawn_tornado(effects(4, size=0.0))
    yield "tornado of one run", drawn_tornado(effects(4, runs=1))
    for count, runs in ((1, 8), (8, 8), (25, 4), (6, 1)):
        found = indices(count, runs)
        yield f"sobol of {count}, {runs} runs", lambda size, found=found: sobol_bars.draw(found, ORIGIN, OUTCOME, NAMES, size)
    for name, count, shape in (("rising", 6, lambda x: x / 3), ("peaked", 11, lambda x: 0.5 - (x - 1) ** 2), ("flat", 5, lambda x: 0 * x),
                               ("single", 1, lambda x: x / 3)):  # fmt: skip
        table = settings(count, shape)
        yield f"levels {name}", lambda size, table=table: levels.draw(table, PATHS[0], ORIGIN, OUTCOME, MARKED, size)
    for across, up in ((5, 5), (1, 1), (7, 1), (1, 6), (16, 14)):
        yield f"heat map {across} by {up}", drawn_heat(plane(across, up, 0.5))
    yield "heat map of differences", drawn_heat(plane(5, 5, 0.5, against=True))
    yield "heat map of equals", drawn_heat(plane(4, 4, 0.0))
    yield "heat map with holes", drawn_heat(plane(5, 5, 0.5).drop([3, 7, 8]))
    for count in (1, 6, 18):
        parts = split(count)
        spoken = {str(column): outcome_spoken(SCENARIO, str(column)) for column in parts["outcome"]}
        yield f"split of {count}", lambda size, parts=parts, spoken=spoken: spread_split.draw(parts, ORIGIN, spoken, size)
    for count in (1, 2, 6):
        yield f"difference of {count}", drawn_difference(series(count))
    yield "difference of nothing", drawn_difference(series(2, moves=0.0))
    yield "difference of one run", drawn_difference(series(1, runs=1))


CASES = dict(cases())
# On a phone, one case a chart and those with most words.
ON_A_PHONE = (
    "ranking", "ranking of extremes", "tornado of 27", "screening of 12", "sobol of 8, 8 runs", "sobol of 6, 1 runs", "levels rising",
    "heat map 5 by 5", "heat map 16 by 14", "heat map of differences", "split of 6", "difference of 2",
)  # fmt: skip
ON_A_SLIDE_ONLY = ("nothing", "one run", "single", "flat", "map 1 by", "by 1", "equals", "holes")
IN_A_COLUMN = [name for name in CASES if not any(words in name for words in ON_A_SLIDE_ONLY)]
PAGES = [(name, SLIDE) for name in CASES] + [(name, COLUMN) for name in IN_A_COLUMN] + [(name, PHONE) for name in ON_A_PHONE]


@pytest.mark.parametrize(("name", "size"), PAGES, ids=[f"{name}, {size.name}" for name, size in PAGES])
def test_no_two_words_of_a_chart_touch_and_none_leaves_the_page(name: str, size: Size) -> None:
    figure = CASES[name](size)
    width, height = figure.get_size_inches() * figure.dpi
    found = list(boxes(figure))
    outside = [words for words, (x0, y0, x1, y1) in found if x0 < -1 or y0 < -1 or x1 > width + 1 or y1 > height + 1]
    assert not outside
    touching = [
        (one, other)
        for place, (one, a) in enumerate(found)
        for other, b in found[place + 1 :]
        if min(a[2], b[2]) - max(a[0], b[0]) > 1 and min(a[3], b[3]) - max(a[1], b[1]) > 2
    ]
    assert not touching


def words_of(figure: Figure) -> list[str]:
    return [words for words, _ in boxes(figure)]


def bars_of(figure: Figure, colour: str) -> list[float]:
    """Lengths of the bars of a colour on the first axes."""
    return [
        patch.get_width() for patch in figure.axes[0].patches if isinstance(patch, Rectangle) and to_hex(patch.get_facecolor()) == colour
    ]


def dots_of(figure: Figure) -> list[float]:
    return [float(line.get_xdata()[0]) for line in figure.axes[0].lines if line.get_marker() == "o"]


@pytest.mark.parametrize("name", ["ranking", "tornado of 12", "sobol of 8, 8 runs", "levels rising", "heat map 5 by 5", "difference of 2"])
def test_every_chart_says_where_it_comes_from(name: str) -> None:
    foot = " ".join(words_of(CASES[name](SLIDE)))
    for part in (SCENARIO.title, "16 runs", "seed 1", "suasion", "at each of 640 points", "3 of 10,240 histories failed"):
        assert part in foot


def test_dots_of_the_ranking_stand_at_the_standardised_change() -> None:
    compared = comparison(arms())
    table = ranking.data(compared)
    assert len(table) == ranking.SHOWN
    assert dots_of(ranking.draw(compared, ORIGIN, "Half")) == pytest.approx(list(table["size"]))


def test_the_ranking_says_in_words_what_changed_most() -> None:
    compared = comparison(arms())
    first = compared.table.iloc[0]
    said = ranking.title(compared, ORIGIN, "half the effort")
    spoken = outcome_spoken(SCENARIO, first["outcome"])
    assert said.startswith(f"Half the effort: {spoken.in_sentence} {ranking.moved_words(first, spoken)}; ")
    assert said.endswith(f"{int(compared.table['beyond_chance'].sum())} of {len(compared.table)} outcomes move beyond chance")
    assert ranking.title(comparison(arms(0.0)), ORIGIN, "half") == "Half: none of 18 outcomes moves beyond chance"


def test_bars_of_the_tornado_are_its_effects() -> None:
    table = effects(12)
    figure = tornado.draw(table, ORIGIN, OUTCOME, NAMES)
    assert bars_of(figure, LOWER) == pytest.approx(list(table["down"])) and bars_of(figure, HIGHER) == pytest.approx(list(table["up"]))


def test_the_tornado_names_the_factor_with_the_widest_swing() -> None:
    table = effects(12)
    said = tornado.title(table, OUTCOME, NAMES)
    assert said.startswith(f"Serbia's final alignment with Russia: {NAMES[table['factor'].iloc[0]].in_sentence} moves it most, by ")
    assert tornado.title(effects(4, size=0.0), OUTCOME, NAMES).endswith("none of 4 factors does anything")
    assert tornado.title(effects(1, size=0.0), OUTCOME, NAMES).endswith("its one factor does nothing")


def test_bars_of_sobol_are_first_order_inside_total() -> None:
    found = indices(8)
    table = sobol_bars.data(found)
    figure = sobol_bars.draw(found, ORIGIN, OUTCOME, NAMES)
    assert bars_of(figure, HIGHER) == pytest.approx(list(table["first"].clip(lower=0)))
    assert bars_of(figure, sobol_bars.WHOLE) == pytest.approx(list(table["total"].clip(lower=0)))
    assert list(table["total"]) == sorted(table["total"], reverse=True)


def test_sobol_bars_tell_the_share_of_luck_or_that_it_cannot_be_told() -> None:
    assert sobol_bars.title(indices(8), OUTCOME, NAMES).endswith("of all spread is luck")
    alone = CASES["sobol of 6, 1 runs"](SLIDE)
    assert "One run at each point: luck cannot be told from the factors" in words_of(alone)


def test_a_screening_counts_the_factors_that_hardly_matter() -> None:
    said = screening.title(screened(12), OUTCOME, NAMES)
    assert said.startswith("The EU's capacity moves Serbia's final alignment with Russia most, by 30 points (24 to 36) on average")
    assert said.endswith("; 2 of 12 factors hardly matter")


@pytest.mark.parametrize(
    ("name", "said"),
    [("rising", "rises from 1[67] to 50 points as the EU's capacity goes from 0.5 to 1.5"),
     ("peaked", "is highest where the EU's capacity is (0.9|1|1.1), at (49|50|51) points"),
     ("flat", "hardly moves with the EU's capacity"), ("single", "is 3[234] points where the EU's capacity is 1")],
)  # fmt: skip
def test_levels_say_where_the_outcome_goes(name: str, said: str) -> None:
    assert re.search(said, " ".join(words_of(CASES[f"levels {name}"](SLIDE))))


def test_the_line_of_levels_is_the_mean_of_their_table() -> None:
    table = settings(6, lambda x: x / 3)
    lines = levels.draw(table, PATHS[0], ORIGIN, OUTCOME, NAMES).axes[0].lines
    assert any(np.array_equal(line.get_ydata(), table["mean"]) for line in lines if len(line.get_ydata()) == 6)


def test_cells_of_the_heat_map_say_their_values_in_their_places() -> None:
    table = plane(3, 2, 0.5)
    ax = heat_map.draw(table, (PATHS[0], PATHS[3]), ORIGIN, OUTCOME, NAMES).axes[0]
    said = {tuple(round(float(at)) for at in text.get_position()): text.get_text() for text in ax.texts}
    for _, row in table.iterrows():
        place = [0.5, 1.0, 1.5].index(row[PATHS[0]]), [0.0, 1.0].index(row[PATHS[3]])
        assert float(said[place]) == pytest.approx(100 * row["mean"], abs=0.5)


def test_values_that_may_be_on_either_side_of_the_middle_stand_in_brackets() -> None:
    table = plane(3, 1, 0.0, against=True).assign(
        difference=[0.0, 0.1, -0.2], difference_low=[0, -0.05, -0.3], difference_high=[0, 0.2, -0.1]
    )
    texts = [text.get_text() for text in heat_map.draw(table, (PATHS[0], PATHS[3]), ORIGIN, OUTCOME, NAMES).axes[0].texts]
    assert texts == ["(0)", "(+10)", "−20"]


def test_a_line_goes_where_differences_change_sign() -> None:
    flat, crossing = plane(4, 4, 0.0), plane(4, 4, 0.5)
    for table, edges in ((flat.assign(mean=0.5), 0), (crossing, 1)):
        lines = heat_map.draw(table, (PATHS[0], PATHS[3]), ORIGIN, replace(OUTCOME, mark=0.3), NAMES).axes[0].lines
        assert (len(lines) > 0) == bool(edges)


def test_colours_of_the_heat_map_darken_with_the_value() -> None:
    table = plane(5, 1, 0.5).sort_values("mean")
    ax = heat_map.draw(table, (PATHS[0], PATHS[3]), ORIGIN, OUTCOME, NAMES).axes[0]
    light = [lab(to_hex(patch.get_facecolor()))[0] for patch in sorted(ax.patches, key=lambda patch: patch.get_x())]
    assert light == sorted(light, reverse=table["mean"].is_monotonic_increasing and table[PATHS[0]].is_monotonic_increasing)


def test_parts_of_a_split_fill_their_bars() -> None:
    wide = spread_split.data(split(6))
    assert wide[["parameters", "both", "luck"]].sum(axis=1).to_numpy() == pytest.approx(np.ones(6))
    assert list(wide["luck"]) == sorted(wide["luck"])
    spoken = {str(column): outcome_spoken(SCENARIO, str(column)) for column in wide["outcome"]}
    assert bars_of(spread_split.draw(split(6), ORIGIN, spoken), HIGHER) == pytest.approx(list(wide["parameters"]))


def test_lines_of_the_difference_are_the_numbers_of_its_table() -> None:
    shown = series(2)
    table = difference.data(shown)
    figure = difference.draw(shown, ORIGIN, ("base", "other"))
    for place, each in enumerate(shown):
        own = table[table["series"] == each.name]
        large, small = figure.axes[2 * place : 2 * place + 2]
        assert any(np.array_equal(line.get_ydata(), own["median"]) for line in large.lines)
        assert any(np.array_equal(line.get_ydata(), own["base_median"]) for line in small.lines)
        assert any(list(line.get_ydata()) == [0, 0] for line in large.lines)
    assert np.allclose(table[table["series"] == shown[0].name]["mean"], shown[0].difference.mean(axis=1))


def test_the_difference_says_how_far_and_since_when_histories_part() -> None:
    said = difference.title(series(2), (SCENARIO.title, "half the effort"))
    assert re.fullmatch(
        r"Half the effort: Kosovo's alignment with the EU ends \d+(\.\d)? points( \(.*\))? higher; half of the runs part by .* 20\d\d", said
    )
    assert difference.title(series(1, moves=0.0), ("base", "half")) == (
        "Half: at the end no difference in Serbia's alignment with the EU that 16 runs could show"
    )


def test_panels_of_one_unit_share_their_scale() -> None:
    axes = difference.draw(series(4), ORIGIN, ("base", "other")).axes[::2]
    assert len({ax.get_ylim() for ax in axes}) == 1


def test_up_and_down_stay_apart_for_everybody_and_in_grey() -> None:
    for blind in (None, *BLIND):
        assert np.linalg.norm(lab(HIGHER, blind) - lab(LOWER, blind)) > 25
    assert abs(lab(HIGHER)[0] - lab(LOWER)[0]) > 15
    greys = sorted(lab(colour)[0] for colour in spread_split.COLOURS.values())
    assert min(np.diff(greys)) > 15
    assert min(contrast(colour, PAPER) for colour in (HIGHER, LOWER)) >= 3


@pytest.mark.parametrize("name", ["ranking", "difference of 1"])
def test_the_same_numbers_make_the_same_files(name: str) -> None:
    assert png_bytes(CASES[name](COLUMN)) == png_bytes(CASES[name](COLUMN))
    assert svg_bytes(CASES[name](PHONE)) == svg_bytes(CASES[name](PHONE))


def test_names_that_others_gave_are_drawn_as_words_and_nothing_else() -> None:
    odd = {PATHS[0]: Spoken("$x^2$ \n <b>|Effort|</b> \u202e", "$x^2$")}
    assert "$x^2$ <b>|Effort|</b>" in words_of(tornado.draw(effects(1), ORIGIN, OUTCOME, odd, SETTINGS))


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0"), (12.34, "12"), (1.234, "1.2"), (0.1234, "0.12"), (0.01234, "0.012"), (-3.0, "−3"), (12345.6, "12,346"), (-0.00001, "0"),
     (np.nan, "unknown"), (np.inf, "beyond all measure")],
)  # fmt: skip
def test_numbers_are_said_in_two_digits_that_matter(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(("value", "said"), [(1.25, "1.25"), (0.0125, "0.0125"), (12000, "12,000"), (-2, "−2"), (0, "0"), (100.0, "100")])
def test_settings_are_said_as_they_were_given(value: float, said: str) -> None:
    assert setting(value) == said


def test_estimates_are_said_with_all_ends_to_the_same_place() -> None:
    assert estimate(4.08, (3.97, 4.31), "points") == "4.1 points (4.0 to 4.3)"
    assert (
        estimate(1, unit="points") == "1 point" and estimate(-0.5, (-0.6, -0.4), "stages", signed=True) == "−0.50 stages (−0.60 to −0.40)"
    )
    assert estimate(3, (3, 3), "months") == "3.0 months" and estimate(2, (np.nan, np.nan)) == "2"


def test_tables_of_charts_can_be_written_as_csv() -> None:
    compared, found = comparison(arms()), indices(8)
    for table in (ranking.data(compared), sobol_bars.data(found), difference.data(series(2)), spread_split.data(split(3)),
                  heat_map.data(plane(3, 3, 0.5), (PATHS[0], PATHS[3])), levels.data(settings(4, lambda x: x), PATHS[0]),
                  tornado.data(effects(3)), screening.data(screened(4))):  # fmt: skip
        assert csv_bytes(table).count(b"\n") == len(table) + 1
