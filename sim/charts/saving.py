"""Pictures and their data on the disk: PNG, SVG and CSV, each whole or not there, and the same bytes each time."""

from __future__ import annotations

import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.charts.style import house_style
from sim.runs.disk import disk_faults, whole_file

# What a spreadsheet would take for the start of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def save(figure: Figure, data: pd.DataFrame, folder: Path, name: str) -> list[Path]:
    """Writes a figure as name.png and name.svg and what it shows as name.csv.

    Raises: DiskFault.
    """
    files = {"png": png_bytes(figure), "svg": svg_bytes(figure), "csv": csv_bytes(data)}
    return [write_whole(folder / f"{name}.{ending}", content) for ending, content in files.items()]


def write_whole(path: Path, content: bytes) -> Path:
    """Writes a file that is there whole or not at all."""
    with disk_faults(path.parent, "made"):
        path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as temporary:
        temporary.write_bytes(content)
    return path


def png_bytes(figure: Figure) -> bytes:
    """A figure as a PNG image without date or program name."""
    buffer = io.BytesIO()
    with house_style():
        FigureCanvasAgg(figure)
        figure.savefig(buffer, format="png", dpi=figure.dpi, metadata={"Software": None})
    return buffer.getvalue()


def svg_bytes(figure: Figure) -> bytes:
    """A figure as an SVG drawing: letters as shapes, ids from its content, no date, places to a hundredth of a point."""
    buffer = io.BytesIO()
    with house_style():
        matplotlib.rcParams["svg.hashsalt"] = "suasion"
        matplotlib.rcParams["svg.fonttype"] = "path"
        FigureCanvasSVG(figure)
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _slim(buffer.getvalue().decode()).encode()


def _slim(svg: str) -> str:
    """The same drawing without its document type, comments ids that nothing refers to and indents, and with short paths."""
    svg = re.sub(r"<!DOCTYPE[^>]*>\s*", "", svg, count=1)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r' d="([^"]*)"', lambda path: f' d="{_short(path[1])}"', svg)
    svg = re.sub(r"translate\((-?[\d.]+) (-?[\d.]+)\)", lambda move: f"translate({_hundredths(move[1])} {_hundredths(move[2])})", svg)
    svg = svg.replace("DejaVuSans-Bold-", "b").replace("DejaVuSans-", "d")
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    return re.sub(r"\n\s*", "\n", svg)


def _hundredths(number: str) -> str:
    return f"{float(number):.2f}".rstrip("0").rstrip(".")


def _short(path: str) -> str:
    """A path to a tenth of a point; points in a row are written as steps from the last one, so that rounding never adds up."""
    made: list[str] = []
    here, before = (0, 0), ""
    for part in path.split("\n"):
        letter, *numbers = part.split() or [""]
        if letter not in ("M", "L"):
            made.append(" ".join([letter, *(f"{float(number):.1f}".removesuffix(".0") for number in numbers)]))
            here = _tenths(numbers[-2:]) if len(numbers) > 1 else here
        elif letter == "M":
            here = _tenths(numbers)
            made.append(f"M{_step(here)}")
        else:
            there = _tenths(numbers)
            made.append(("" if before == "L" else "l") + _step((there[0] - here[0], there[1] - here[1])))
            here = there
        before = letter
    return " ".join(made).strip().replace(" -", "-")


def _tenths(numbers: list[str]) -> tuple[int, int]:
    return round(10 * float(numbers[0])), round(10 * float(numbers[1]))


def _step(tenths: tuple[int, int]) -> str:
    return f"{_number(tenths[0])} {_number(tenths[1])}"


@lru_cache(maxsize=1 << 16)
def _number(tenths: int) -> str:
    """A number of tenths as short as it can be written: 3.2, -.4, 0."""
    return re.sub(r"^(-?)0\.", r"\1.", f"{tenths / 10:.1f}").removesuffix(".0") if tenths else "0"


def csv_bytes(data: pd.DataFrame) -> bytes:
    """A table as CSV that a spreadsheet reads as text and numbers, never as formulas."""
    safe = pd.DataFrame(
        {
            guarded(str(column)): data[column]
            if pd.api.types.is_numeric_dtype(data[column])
            else [guarded(value) for value in data[column]]
            for column in data.columns
        }
    )
    return safe.to_csv(index=False, lineterminator="\n", float_format="%.6g").encode()


def guarded(value: Any) -> Any:
    """A text with an apostrophe before whatever a spreadsheet would run; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
