"""How long the report of an ensemble takes to make and how large it is: its page, the charts beside it, and its first paint.

Run: python benchmarks/report.py [SCENARIO] [--runs N] [--no-charts] [--keep FOLDER]. The histories are simulated first and not counted.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

import sim
from sim.charts.gallery import draw_all
from sim.charts.report import report_html
from sim.runs.history import chronicled
from tests.dashboard.browser import browser, chromium_path

MOST_SECONDS, MOST_BYTES = 15.0, 3_000_000
PAINTED = "() => performance.getEntriesByName('painted').length > 0"
Made = TypeVar("Made")


def timed(name: str, make: Callable[[], Made]) -> tuple[Made, float]:
    """What a call makes, and its seconds; a line says both wall and processor time."""
    wall, cpu = time.monotonic(), time.process_time()
    made = make()
    seconds = time.monotonic() - wall
    print(f"{name:<44} {seconds:7.2f} s   processor {time.process_time() - cpu:6.2f} s")
    return made, seconds


def first_paint(file: Path) -> None:
    """How soon a browser that fetches nothing has drawn the report, opened as a file; three times."""
    if chromium_path() is None:
        print("no browser, so no first paint")
        return
    found = []
    with browser() as chromium:
        for _ in range(3):
            page = chromium.new_page(viewport={"width": 1440, "height": 900})
            page.goto(file.as_uri())
            page.wait_for_function(PAINTED)
            found.append(page.evaluate("() => performance.getEntriesByName('painted')[0].startTime"))
            page.close()
    print(f"{'all charts drawn after opening the file':<44} {min(found):7.0f} ms   worst {max(found):.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default="scenarios/western_balkans_2017.yaml")
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--no-charts", action="store_true", help="leave out the PNG and SVG files beside the report")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="where the report is left")
    given = parser.parse_args()
    print(f"{given.scenario}, {given.runs} runs, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    record = sim.simulate(sim.read_scenario(given.scenario), runs=given.runs, seed=1)
    told, history = timed("one history simulated again", lambda: chronicled(record))
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        drawn: Sequence[Path] = []
        charts = 0.0
        if not given.no_charts:
            drawn, charts = timed("charts beside it: PNG, SVG, CSV", lambda: draw_all(told, folder / "charts"))
        html, page = timed("the page", lambda: report_html(told, drawn))
        file = folder / "report.html"
        file.write_text(html, encoding="utf-8")
        bound = "kept" if history + charts + page < MOST_SECONDS else "missed"
        print(f"{'all of it':<44} {history + charts + page:7.2f} s   bound {MOST_SECONDS:.0f}: {bound}")
        size = file.stat().st_size
        print(f"{'bytes of the file':<44} {size:9,}   bound {MOST_BYTES:,}: {'kept' if size < MOST_BYTES else 'missed'}")
        first_paint(file)


if __name__ == "__main__":
    main()
