"""The gallery: files that say the same each time, and hold nothing that a stranger wrote as anything but words."""

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

from sim.charts import fans, ribbons
from sim.charts.gallery import CHARTS, draw_all
from sim.charts.saving import csv_bytes, png_bytes, svg_bytes
from sim.record import Record
from tests.charts.made_up import made_up_record, made_up_scenario

HOSTILE = '$\\frac{ <script>alert(1)</script> =HYPERLINK("x") $ ]]> --> \u202etxt\u0000 & 中 \''


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> tuple[Record, list[Path]]:
    record = made_up_record(made_up_scenario(months=36), runs=25)
    return record, draw_all(record, tmp_path_factory.mktemp("out") / "charts")


@pytest.fixture(scope="module")
def hostile() -> Record:
    scenario = made_up_scenario(countries=["serbia", "kosovo"], months=14, title=HOSTILE, names={"serbia": HOSTILE, "kosovo": "=1+1"})
    return made_up_record(scenario.model_copy(update={"note": HOSTILE}), runs=6)


def test_every_chart_leaves_a_picture_a_drawing_and_its_data(gallery: tuple[Record, list[Path]]) -> None:
    _, paths = gallery
    wanted = {f"{chart.name}.{ending}" for chart in CHARTS for ending in ("png", "svg", "csv")}
    assert {path.name for path in paths} == wanted
    assert all(path.stat().st_size for path in paths)
    assert not [path for path in paths[0].parent.iterdir() if path.name.startswith(".")]


def test_the_csv_holds_the_numbers_that_were_drawn(gallery: tuple[Record, list[Path]]) -> None:
    record, paths = gallery
    for chart in CHARTS:
        saved = pd.read_csv(paths[0].parent / f"{chart.name}.csv", keep_default_na=False, na_values=[""])
        drawn = chart.module.data(record)
        assert list(saved.columns) == list(drawn.columns)
        for column in drawn.columns:
            if pd.api.types.is_numeric_dtype(drawn[column]):
                assert np.allclose(saved[column], drawn[column], rtol=1e-5, atol=1e-9, equal_nan=True)
            else:
                # A column of empty words comes back as one of missing numbers.
                assert ["" if pd.isna(word) else str(word) for word in saved[column]] == list(drawn[column].astype(str))


def test_the_same_record_gives_the_same_bytes() -> None:
    record = made_up_record(made_up_scenario(months=24), runs=10)
    again = made_up_record(made_up_scenario(months=24), runs=10)
    assert svg_bytes(fans.draw(record)) == svg_bytes(fans.draw(again))
    assert png_bytes(ribbons.draw(record)) == png_bytes(ribbons.draw(again))


def test_a_drawing_is_xml_without_date_or_address(gallery: tuple[Record, list[Path]]) -> None:
    for path in gallery[1]:
        if path.suffix == ".svg":
            text = path.read_text(encoding="utf-8")
            ElementTree.fromstring(text)
            assert set(re.findall(r"https?://[^\"' ]+", text)) <= {"http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"}
            assert "<metadata" not in text and len(text) < 1_000_000


def test_a_short_path_goes_where_the_long_one_went() -> None:
    from sim.charts.saving import _short

    rng = np.random.default_rng(3)
    points = rng.uniform(-50, 900, (300, 2))
    long = f"M {points[0][0]:.6f} {points[0][1]:.6f} \n" + "".join(f"L {x:.6f} {y:.6f} \n" for x, y in points[1:]) + "z\n"
    numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", _short(long))]
    steps = np.array(numbers).reshape(-1, 2)
    assert np.abs(steps.cumsum(axis=0) - points).max() <= 0.0501


def test_names_of_strangers_stay_text_on_every_chart(hostile: Record) -> None:
    for chart in CHARTS:
        figure = chart.module.draw(hostile)
        assert not any(text.get_parse_math() for text in figure.findobj(Text) if "$" in text.get_text())
        drawing = svg_bytes(figure).decode()
        ElementTree.fromstring(drawing)
        assert "script" not in drawing


def test_a_spreadsheet_runs_nothing() -> None:
    table = pd.DataFrame({"=name": ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "plain"], "number": [-1.5, 2, 3, 4, 5, 6]})
    rows = list(csv.reader(io.StringIO(csv_bytes(table).decode())))
    assert rows[0] == ["'=name", "number"]
    assert all(not row[0].startswith(("=", "+", "-", "@", "\t")) for row in rows[1:])
    assert rows[1][1] == "-1.5"
