"""The gallery shows every chart there is, with pictures that are there, questions, and calls that stand for themselves."""

import ast
import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from PIL import Image

import sim.charts
from sim.charts.style import COLUMN
from sim.scenario.experiments import read_experiment_text

DOCS = Path(__file__).parents[2] / "docs"
FOLDER = DOCS / "pictures" / "gallery"
PAGE = (DOCS / "gallery.md").read_text(encoding="utf-8")
SECTIONS = {
    heading.lower().replace(" ", "_"): text for heading, text in re.findall(r"^### (.+?)\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE)
}
PICTURES = re.findall(r"!\[([^\]]+)\]\(pictures/gallery/(\w+)\.png\)", PAGE)
CHARTS = [
    module.name
    for module in iter_modules(sim.charts.__path__)
    if hasattr(found := import_module(f"sim.charts.{module.name}"), "draw") and found.draw.__module__ == found.__name__
]
HEAVIEST = 1_500_000


def test_every_chart_that_can_be_drawn_stands_on_the_page() -> None:
    assert len(CHARTS) >= 17
    missing = sorted(set(CHARTS) - set(SECTIONS))
    assert not missing, f"give these charts a place in scripts/gallery.py and run it: {missing}"
    assert sorted(set(SECTIONS) - set(CHARTS)) == []


@pytest.mark.parametrize("chart", sorted(SECTIONS))
def test_a_chart_has_a_question_a_picture_the_call_that_makes_it_and_its_columns(chart: str) -> None:
    text = SECTIONS[chart]
    assert re.search(r"^\*\*[A-Z][^*]+\?\*\*", text, re.MULTILINE)
    assert [name for _, name in re.findall(r"!\[([^\]]+)\]\(pictures/gallery/(\w+)\.png\)", text)] == [chart]
    calls = [node for code in re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE) for node in ast.walk(ast.parse(code))]
    drawn = [ast.unparse(node.func) for node in calls if isinstance(node, ast.Call)]
    assert f"{chart}.draw" in drawn
    about = " ".join((import_module(f"sim.charts.{chart}").data.__doc__ or "").split("\n\n")[0].split())
    assert about and f"Its CSV: {about} Columns: `" in " ".join(text.split()), "the page is older than the chart; run scripts/gallery.py"


def test_every_picture_on_the_page_is_there_and_none_besides() -> None:
    assert sorted(f"{name}.png" for _, name in PICTURES) == sorted(path.name for path in FOLDER.iterdir())
    assert all(len(words.split()) > 4 for words, _ in PICTURES), "words for those who do not see a picture"


def test_pictures_are_as_wide_as_a_column_and_light_together() -> None:
    widths = set()
    for path in FOLDER.glob("*.png"):
        with Image.open(path) as picture:
            widths.add(picture.width)
    assert widths == {COLUMN.width}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < HEAVIEST


def test_the_table_of_questions_leads_to_every_chart() -> None:
    led = re.findall(r"^\| .+\? \| \[[^\]]+\]\(#([\w-]+)\) \|$", PAGE, re.MULTILINE)
    assert [anchor.replace("-", "_") for anchor in led] == list(SECTIONS)


def test_every_experiment_on_the_page_can_be_read() -> None:
    experiments = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(experiments) == 9
    assert {read_experiment_text(text, "page.yaml").design.method for text in experiments} == {
        "grid",
        "latin_hypercube",
        "one_at_a_time",
        "morris",
        "sobol",
        "variance",
    }
