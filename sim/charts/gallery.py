"""The gallery: every chart of a record, drawn and saved with its data."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from sim.charts import chronicle, entries, fans, holdings, ladders, overview, region_map, ribbons, tension
from sim.charts.saving import save
from sim.charts.spread import check_drawable
from sim.record import Record


class Chart(NamedTuple):
    """A chart: the module that draws it, and what one sees on it, for those who read the report."""

    module: ModuleType
    caption: str

    @property
    def name(self) -> str:
        """The name of its files."""
        return self.module.__name__.rpartition(".")[2]

    def concerns(self, record: Record) -> bool:
        """Whether a record raises the question that this chart answers; most charts answer one that every record raises."""
        asked = getattr(self.module, "concerns", None)
        return asked is None or bool(asked(record))


# In the order of the report.
CHARTS: tuple[Chart, ...] = (
    Chart(overview, "Everything on one page: the course of each country, its tension, and how far it has come into each institution."),
    Chart(region_map, "Where each country stands, on the map at four months. Hatched areas are counted to the country named in the key."),
    Chart(fans, "How far each country leans to each bloc, with the spread over runs and eight single runs."),
    Chart(ribbons, "The course of each country divided among the blocs and itself, mean over runs. Even ribbons are hedging."),
    Chart(holdings, "Who holds influence where, through which channels, and how that changed since the start."),
    Chart(ladders, "Who stands on which stage of membership, as a share of runs."),
    Chart(entries, "When the next step and membership come, with the share of runs in which they do."),
    Chart(tension, "How tense each country is, and which part is made at home and by each power."),
    Chart(chronicle, "How one history went: deeds, events, talks, stages and leaders by country, with tension under them."),
)


def draw_all(record: Record, folder: Path) -> list[Path]:
    """Draws every chart that concerns a record into a folder: NAME.png, NAME.svg and NAME.csv.

    Raises: NothingToDraw when no run went well; DiskFault.
    """
    check_drawable(record)
    written = []
    for chart in [chart for chart in CHARTS if chart.concerns(record)]:
        table = chart.module.data(record)
        written += save(chart.module.draw(record, table=table), table, folder, chart.name)
    return written
