"""Draws every chart once and writes the page that shows them: docs/gallery.md and docs/pictures/gallery.

    python scripts/gallery.py                     simulates, draws and writes (some minutes of two idle cores)
    python scripts/gallery.py discovery ranks     draws these charts anew; all others keep what the page has of them

The code that stands on the page is the code that is run here, so each picture is drawn by the call beside it. Pictures are as wide as a
column of text. Run by hand when charts or the model change.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from types import ModuleType
from typing import Any

import pandas as pd
from gallery_ensembles import COMPARISON, ENSEMBLE
from gallery_parts import Picture, Section
from gallery_questions import QUESTIONS, WHY
from gallery_sweeps import SWEEPS
from matplotlib.figure import Figure
from PIL import Image

from sim.charts.page import points
from sim.charts.saving import png_bytes, write_whole
from sim.charts.style import COLUMN

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = DOCS / "pictures" / "gallery"
# Colours a picture may have: so many that none is off by more than can be seen, at a third of the bytes.
COLOURS = 256
HEAVIEST = 1_500_000
LINE = 140

HEAD = """\
# Gallery

Every chart, what question it answers, the call that draws it, and what is in its data. `python scripts/gallery.py` simulates, draws and
writes this page: each picture comes from the code beside it, and its title says what that simulation found. The code goes on from one
section to the next.

A chart is drawn from a record, a comparison or a sweep, by a function `draw` of its module in `sim.charts`, as wide as a slide
(`SLIDE`), a column of text (`COLUMN`, as here) or a phone (`PHONE`). Nobody has to call it: `suasion run`, `suasion compare` and `suasion
sweep` draw all that concern what they made, as PNG and SVG, each with the numbers it shows as CSV.

In these tables `q05`, `q25`, `median`, `q75` and `q95` are quantiles over runs, `low` and `high` the ends of a 95% interval, and `run_0`,
`run_1` ... single runs. Shares go from 0 to 1. [analysis.md](analysis.md) says how intervals are made, and what they leave out.
"""

TAIL = """\
## In a notebook

A record, the results of a sweep and a comparison show themselves where they are the last line of a cell: what they are, a table, and for a
record the fans of the countries that are most divided. Nothing has to be imported for it. `examples/` holds three pages that can be opened
as notebooks or run as scripts: a first look, a counterfactual, and a sweep.
"""


SECTIONS = (ENSEMBLE, COMPARISON, WHY, *SWEEPS, *QUESTIONS)


def main() -> None:
    """Draws the pictures that are named, or all, and writes the page."""
    charts = {picture.chart for section in SECTIONS for picture in section.pictures}
    wanted = set(sys.argv[1:]) or charts
    if wanted - charts:
        sys.exit(f"no such chart: {', '.join(sorted(wanted - charts))}; there are {', '.join(sorted(charts))}")
    old = {} if wanted == charts else standing()
    if charts - wanted - set(old):
        sys.exit(f"the page does not hold {', '.join(sorted(charts - wanted - set(old)))}; name them too")
    names: dict[str, Any] = {"pd": pd}
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            pieces = [piece for section in SECTIONS for piece in made(section, names, wanted, old)]
        finally:
            os.chdir(before)
    write_whole(DOCS / "gallery.md", "\n".join([HEAD, *questions(), *pieces, TAIL]).encode())
    for path in PICTURES.glob("*.png"):
        if path.stem not in charts:
            path.unlink()
    weight = sum(path.stat().st_size for path in PICTURES.glob("*.png"))
    sys.exit(f"the pictures weigh {weight:,} bytes, more than {HEAVIEST:,}" if weight > HEAVIEST else 0)


def questions() -> Iterator[str]:
    """The table of questions, each with the chart that answers it."""
    yield "| question | chart |\n|---|---|"
    for section in SECTIONS:
        for picture in section.pictures:
            yield f"| {picture.question} | [{picture.heading.lower()}](#{picture.heading.lower().replace(' ', '-')}) |"
    yield ""


def standing() -> dict[str, str]:
    """What the page holds of each chart."""
    parts = re.findall(r"^(### (.+?)\n.*?)(?=^##|\Z)", (DOCS / "gallery.md").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return {heading.lower().replace(" ", "_"): text for text, heading in parts}


def made(section: Section, names: dict[str, Any], wanted: set[str], old: dict[str, str]) -> Iterator[str]:
    """Runs the code of a section, draws those of its pictures that are wanted, and gives its part of the page."""
    code = cleandoc(section.code)
    if section.leads_on or any(picture.chart in wanted for picture in section.pictures):
        for file, text in section.files:
            Path(file).write_text(text, encoding="utf-8")
        exec(compile(code, f"<{section.heading or section.pictures[0].chart}>", "exec"), names)
    if section.heading:
        yield f"## {section.heading}\n\n{prose(section.words)}\n"
        yield from fenced("", section.command)
        yield from fenced("python", code)
    for picture in section.pictures:
        if picture.chart in wanted:
            yield from shown(picture, section, code, names)
        else:
            yield old[picture.chart].rstrip() + "\n"


def shown(picture: Picture, section: Section, code: str, names: dict[str, Any]) -> Iterator[str]:
    """A chart's part of the page: question, picture, call, data; its picture is written beside."""
    figure, table = eval(picture.draw, names), eval(picture.data, names)
    path = write_whole(PICTURES / f"{picture.chart}.png", slim(png_bytes(figure)))
    print(f"{path.stat().st_size:>9,}  {path.relative_to(DOCS.parent)}  {title_of(figure)}")
    yield f"### {picture.heading}\n\n{prose(f'**{picture.question}** {picture.words}')}\n"
    yield f"![{title_of(figure)}]({path.relative_to(DOCS).as_posix()})\n"
    made_here = not section.heading and picture is section.pictures[0]
    if made_here:
        for _, text in section.files:
            yield from fenced("yaml", text)
        yield from fenced("", section.command)
    yield from fenced("python", f"{code}\n{picture.draw}" if made_here else picture.draw)
    yield prose(f"Its CSV: {about(names[picture.chart])} Columns: {named(table)}.") + "\n"


def prose(words: str) -> str:
    """A paragraph in lines of the house's length."""
    return textwrap.fill(words, LINE, break_long_words=False, break_on_hyphens=False)


def fenced(language: str, code: str) -> Iterator[str]:
    """A block of code, if there is any."""
    if code:
        yield f"```{language}\n{code.strip()}\n```\n"


def slim(png: bytes) -> bytes:
    """The same picture with a palette."""
    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def title_of(figure: Figure) -> str:
    """The title that stands on a picture, its lines put together."""
    height = points(COLUMN.title)
    return " ".join(text.get_text() for text in figure.texts if text.get_weight() == "bold" and abs(text.get_fontsize() - height) < 1e-6)


def about(chart: ModuleType) -> str:
    """What a chart's table holds: the first paragraph of what its function `data` says of itself."""
    return " ".join(cleandoc(chart.data.__doc__ or "").split("\n\n")[0].split())


def named(table: pd.DataFrame) -> str:
    """The columns of a table; of single runs the first and the last."""
    single = [f"`{column}`" for column in table.columns if re.fullmatch(r"run_\d+", column)]
    others = [f"`{column}`" for column in table.columns if f"`{column}`" not in single]
    return ", ".join([*others, *([f"{single[0]} to {single[-1]}"] if single else [])])


if __name__ == "__main__":
    main()
