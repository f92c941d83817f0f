"""Charts: each draws what its table says, for small worlds and large ones, in words that do not touch."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import sim.charts
from sim.charts.gallery import CHARTS
from sim.charts.page import MOST_CHANGES, dated_changes, year
from sim.charts.spread import NothingToDraw, check_drawable
from sim.charts.style import COLUMN, PHONE, SLIDE, Size, house_style
from sim.record import Record
from tests.charts.made_up import made_up_record, made_up_scenario

MODULES = [chart.module for chart in CHARTS]
SIZES = (SLIDE, COLUMN, PHONE)


@pytest.fixture(scope="module")
def record() -> Record:
    return made_up_record()


@pytest.fixture(scope="module")
def small() -> Record:
    return made_up_record(made_up_scenario(powers=["russia"], countries=["serbia"], institutions=[], months=1), runs=1)


def names(modules: list[ModuleType]) -> list[str]:
    return [module.__name__.rpartition(".")[2] for module in modules]


def boxes(figure: Figure) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Every word on a figure with its corners in pixels."""
    with house_style():
        renderer = FigureCanvasAgg(figure).get_renderer()
        figure.draw(renderer)
        for text in figure.findobj(Text):
            if text.get_visible() and text.get_text().strip():
                box = text.get_window_extent(renderer)
                yield text.get_text(), (box.x0, box.y0, box.x1, box.y1)


# Charts of many points or arms, which sim/charts/sweeps.py draws, and the chronicle, which is of one run.
OF_SWEEPS = {
    "difference", "discovery", "gains", "heat_map", "levels", "pareto", "policies", "ranking", "ranks", "screening", "sobol_bars",
    "spread_split", "tipping", "tornado",
}  # fmt: skip


def test_every_module_that_draws_is_in_the_gallery() -> None:
    folder = Path(sim.charts.__file__).parent
    drawing = {path.stem for path in folder.glob("*.py") if "\ndef draw(" in path.read_text(encoding="utf-8")}
    assert drawing == {chart.name for chart in CHARTS} | OF_SWEEPS | {"chronicle", "why"}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
@pytest.mark.parametrize("module", MODULES, ids=names(MODULES))
def test_no_two_words_of_a_chart_touch_and_none_leaves_the_page(module: ModuleType, size: Size, record: Record) -> None:
    figure = module.draw(record, size)
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


@pytest.mark.parametrize("size", SIZES, ids=lambda size: size.name)
@pytest.mark.parametrize("module", MODULES, ids=names(MODULES))
def test_a_world_of_one_power_one_country_one_month_and_one_run_can_be_drawn(module: ModuleType, size: Size, small: Record) -> None:
    assert list(boxes(module.draw(small, size)))


@pytest.mark.parametrize("module", MODULES, ids=names(MODULES))
def test_a_chart_has_a_finding_for_the_region(module: ModuleType, record: Record) -> None:
    assert any(character.isupper() for character in module.title(record)) and not module.title(record).endswith("?")


@pytest.mark.parametrize("module", MODULES, ids=names(MODULES))
def test_runs_that_failed_change_no_chart(module: ModuleType) -> None:
    whole, broken = made_up_record(runs=20), made_up_record(runs=20, broken=4)
    assert module.data(broken).shape[0] == module.data(whole).shape[0]
    for values in broken.kept.values():
        values[..., -4:] = np.nan
    numbers = module.data(broken).select_dtypes("number")
    # A mean where quantiles stand, quantiles where a mean stands, and the tension of the lane of powers are empty on purpose.
    assert not numbers.drop(columns=["mean", "q05", "q25", "median", "q75", "q95", "tension"], errors="ignore").isna().any().any()


def test_a_record_without_a_good_run_is_refused_in_words() -> None:
    with pytest.raises(NothingToDraw, match="none of the 3 runs went well"):
        check_drawable(made_up_record(made_up_scenario(months=3), runs=3, broken=3))


def test_lines_of_the_fans_are_the_numbers_of_their_table(record: Record) -> None:
    from sim.charts import fans

    table = fans.data(record)
    axes = fans.draw(record).axes
    shown = list(dict.fromkeys(table["country"]))
    assert len(axes) == len(shown)
    for ax, country in zip(axes, shown, strict=True):
        lines = [line.get_ydata() for line in ax.lines if len(line.get_ydata()) == 108]
        for side in dict.fromkeys(table["side"]):
            wanted = table[(table["country"] == country) & (table["side"] == side)]
            for column in ("median", "run_0", "run_7"):
                assert any(np.array_equal(line, wanted[column]) for line in lines)


def test_medians_of_the_fans_are_those_of_the_record(record: Record) -> None:
    from sim.charts import fans

    table = fans.data(record)
    wanted = np.median(record.values("course", country="serbia", side="west"), axis=-1)
    assert np.allclose(table[(table["country"] == "serbia") & (table["side"] == "west")]["median"], wanted, atol=1e-6)


def test_ledgers_of_tension_sum_to_its_mean(record: Record) -> None:
    from sim.charts import tension

    table = tension.data(record)
    parts = [column for column in table.columns if column in ("home", "given", "luck") or str(column).startswith("by_")]
    assert np.allclose(table[parts].sum(axis=1), table["mean"], atol=1e-5)


def test_ribbons_and_ladders_fill_their_panels(record: Record) -> None:
    from sim.charts import ladders, ribbons

    table = ribbons.data(record)
    assert np.allclose(table.drop(columns=["country", "date"]).sum(axis=1), 1, atol=1e-5)
    stages = ladders.data(record).groupby(["institution", "country", "date"])["share"].sum()
    assert np.allclose(stages, 1)


def test_dots_of_entries_stand_at_the_median_month(record: Record) -> None:
    from sim.charts import entries

    table = entries.data(record)
    ax = entries.draw(record).axes[0]
    drawn = sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o")
    wanted = sorted(float(year(np.datetime64(when))) for when in table["median"] if when != entries.NEVER)
    assert drawn == pytest.approx(wanted)


def test_numbers_in_the_matrix_are_the_shares_of_its_table(record: Record) -> None:
    from sim.charts import holdings
    from sim.charts.words import points_of

    table = holdings.data(record)
    said = [text.get_text() for text in holdings.draw(record).axes[0].texts]
    for share in table["share"]:
        assert points_of(share) in said
    parts = table[table["holder"] != "self"][["part_1", "part_2", "part_3"]]
    assert (parts.sum(axis=1) <= 1 + 1e-9).all() and (parts["part_1"] > 0).all()


def test_a_fan_draws_any_variable_on_axes_of_the_reader(record: Record) -> None:
    ax = Figure().add_subplot()
    table = sim.charts.fan(ax, record, country="serbia", variable="alignment", power="russia")
    assert np.allclose(table["median"], np.median(record.values("alignment", country="serbia", power="russia"), axis=-1), atol=1e-6)
    sim.charts.fan(Figure().add_subplot(), record, country="serbia", variable="tension")
    sim.charts.fan(Figure().add_subplot(), record, country="serbia", variable="course", side="west")


def test_a_fan_says_which_word_it_misses(record: Record) -> None:
    with pytest.raises(KeyError, match="alignment needs power=, one of eu, nato, russia, us; found nothing"):
        sim.charts.fan(Figure().add_subplot(), record, country="serbia", variable="alignment")


def test_dated_changes_of_one_month_share_a_letter_and_never_exceed_six(record: Record) -> None:
    marks = dated_changes(record)
    assert [change.mark for change in marks] == ["a", "b", "c"]
    assert marks[1].words == "Oil price halves, pandemic"
    assert len(marks) <= MOST_CHANGES


def test_every_panel_of_a_page_carries_the_same_verticals(record: Record) -> None:
    from sim.charts import fans

    wanted = [change.at for change in dated_changes(record)]
    for ax in fans.draw(record).axes:
        upright = [line.get_xdata()[0] for line in ax.lines if len(line.get_xdata()) == 2 and line.get_xdata()[0] == line.get_xdata()[1]]
        assert upright == wanted


def test_entities_stand_beside_their_country(record: Record) -> None:
    from sim.charts import fans

    shown = list(dict.fromkeys(fans.data(record)["country"]))
    at = shown.index("bosnia")
    assert set(shown[at + 1 : at + 3]) == {"republika_srpska", "federation"}
