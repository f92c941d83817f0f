"""Takes the picture of a report that stands in the documentation: docs/pictures/report_western_balkans.png.

    python scripts/report_picture.py     simulates 500 histories, makes their report, and photographs its top in a browser

Needs playwright and a Chromium, as the tests of the report do. Run by hand when the report or the model change.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from gallery import slim

import sim
from sim.charts.report import report_html
from sim.charts.saving import write_whole
from sim.runs.history import chronicled
from tests.dashboard.browser import browser

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "report_western_balkans.png"
WIDTH, HEIGHT = 1180, 1470
PAINTED = "() => performance.getEntriesByName('painted').length > 0"


def main() -> None:
    """Simulates, writes the report into a folder that goes away, and keeps a picture of what one sees first."""
    record = chronicled(sim.simulate(sim.read_scenario("scenarios/western_balkans_2017.yaml"), runs=500, seed=1))
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        file = Path(folder) / "report.html"
        file.write_text(report_html(record, []), encoding="utf-8")
        page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(file.as_uri())
        page.wait_for_function(PAINTED)
        path = write_whole(PICTURE, slim(page.screenshot()))
    print(f"{path.stat().st_size:>9,}  {path}")


if __name__ == "__main__":
    main()
