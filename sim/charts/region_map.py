"""The map: one number a country at some months, entities and parts under another authority apart, disputed lines drawn as such."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sim.charts.areas import SOURCE, Region, region_of
from sim.charts.map_key import key, key_height, listing, listing_height, signs
from sim.charts.map_words import extremes, last_rows, leaning
from sim.charts.mapping import Sheet, View, bordered, filled, view
from sim.charts.measures import Measure, measure
from sim.charts.order import countries_by, name
from sim.charts.page import Box, Page, empty_page
from sim.charts.placing import Label, beside, labelled
from sim.charts.spread import check_drawable
from sim.charts.style import SLIDE, Size, house_style, width_of, wrapped
from sim.charts.words import month
from sim.record import Record

PARTS = 3
# How wide a name beside its area may be, as a part of the map's width.
NAME_ROOM = 0.3
# Widest shape of a map, as width over height, unless the region is wider.
WIDEST = 1.8
# How far the letters of a name may shrink to fit into its area.
SMALLER = 0.84
QUESTION = "Where does each country stand?"
NOWHERE = "No country of this scenario has the code (iso3) of a country on the maps."
LEANS = "a country leans where 95 of 100 runs do"


def concerns(record: Record) -> bool:
    """Whether some country of the scenario is on a map."""
    return region_of(record.scenario) is not None


def data(record: Record, variable: str | None = None, power: str | None = None, dates: Sequence[str] | None = None) -> pd.DataFrame:
    """A measure of every country and entity at some months: median and 90% interval over runs. One row a country and month.

    Without a variable it is the balance of the two largest blocs; `power` is a power, side or institution where the variable is by one.
    Without dates it is the first month, the last, and two Januaries between. Columns: country, areas (ids of what shows it on the map,
    empty where it is on none), date, median, q05, q95, variable, whose, less.
    Raises: KeyError for a variable without one number a country, or a month outside the record.
    """
    check_drawable(record)
    shown, region = measure(record, variable, power), region_of(record.scenario)
    places, months = chosen(record, dates, shown.variable), record.dates(shown.variable)
    holders = region.holders(record.scenario) if region else {}
    values = {id: shown.values(record, id) for id in record.roster.displayed("country")}
    rows = []
    for id in countries_by(record, {id: float(np.median(each[places[-1]])) for id, each in values.items()}, most=len(values)):
        areas = " ".join(area for area, holder in holders.items() if holder == id)
        for place in places:
            low, high = np.quantile(values[id][place], [0.05, 0.95])
            about = {"country": id, "areas": areas, "date": str(months[place]), "median": float(np.median(values[id][place]))}
            rows.append(about | {"q05": low, "q95": high, "variable": shown.variable, "whose": shown.whose, "less": shown.against})
    return pd.DataFrame(rows)


def chosen(record: Record, dates: Sequence[str] | None, variable: str) -> list[int]:
    """Places of the months shown among those at which a variable was kept, in order."""
    months = record.dates(variable)
    if dates is not None:
        known = {str(each): place for place, each in enumerate(months)}
        lost = [date for date in dates if date not in known]
        if lost:
            raise KeyError(f"{variable} was not kept in {lost[0]}; its months run from {months[0]} to {months[-1]}")
        return sorted({known[date] for date in dates})
    last = len(months) - 1
    between = [round(last * part / PARTS) for part in range(1, PARTS)]
    januaries = [at for at in range(1, last) if int(months[at].astype(int)) % 12 == 0]
    if len(januaries) >= PARTS - 1:
        between = [min(januaries, key=lambda at: abs(at - wish)) for wish in between]
    return sorted({0, *between, last})


def title(record: Record, variable: str | None = None, power: str | None = None, table: pd.DataFrame | None = None) -> str:
    """The finding, or the question."""
    if not concerns(record):
        return QUESTION
    shown = measure(record, variable, power)
    last = last_rows(record, data(record, variable, power) if table is None else table)
    return leaning(record, shown, last) if shown.against else extremes(record, shown, last)


def draw(
    record: Record,
    size: Size = SLIDE,
    table: pd.DataFrame | None = None,
    variable: str | None = None,
    power: str | None = None,
    dates: Sequence[str] | None = None,
) -> Figure:
    """The last month large, with names; the others small beside it or below it; on narrow pages the values as a list as well."""
    region = region_of(record.scenario)
    if region is None:
        return empty_page(record, size, QUESTION, NOWHERE)
    shown = measure(record, variable, power)
    table = data(record, variable, power, dates) if table is None else table
    holders = region.holders(record.scenario)
    found = signs(record, region, holders)
    window = view([area for area in region.areas if area.id in holders])
    months, countries = len(set(table["date"])), len(set(table["country"]))
    asked = Asked(size, window.aspect, months - 1, countries, key_height(size, found))
    with house_style():
        words = f"{shown.label}{', in points of 100' if shown.unit == 'of 100' else ''}; median of runs"
        reading = f"{LEANS}; {SOURCE}" if shown.against else SOURCE
        body = 0.0 if size.height else narrow(asked, Box(0, 0, size.width - 2 * size.margin, 0)).height
        page = Page(record, size, title(record, variable, power, table), words, body, reading=reading, changes=False)
        plan = wide(asked, page.body) if size.height else narrow(asked, page.body)
        picture = Picture(page, region, shown, table, shown.reach(list(table["median"])))
        *earlier, last = sorted(set(table["date"]))
        picture.map(last, plan.large, window, size.panel)
        for date, box in zip(earlier, plan.small, strict=True):
            picture.map(date, box, window, 0)
        key(page, plan.key, shown, picture.reach, found)
        if plan.list is not None:
            listing(page, plan.list, table, shown, picture.shade)
    return page.figure


@dataclass(frozen=True)
class Asked:
    """What a page has to hold: the shape of the region, how many earlier months, countries in the list, height of the key."""

    size: Size
    aspect: float
    earlier: int
    countries: int
    key: float

    @property
    def head(self) -> float:
        """Height of the month over a map. Units: pixels."""
        return self.size.panel * 1.5


@dataclass(frozen=True)
class Plan:
    """Where everything stands. Units: pixels of the page; a map's box holds its month as well."""

    large: Box
    small: tuple[Box, ...]
    key: Box
    list: Box | None
    height: float


def wide(asked: Asked, body: Box) -> Plan:
    """A slide: the last month large with the key below it, earlier ones in a column at the right."""
    gap = asked.size.margin * 0.5
    across = 1 if asked.earlier <= PARTS else 2
    rows = max(-(-asked.earlier // across), 1)
    height = (body.height - gap * 0.5 * (rows - 1)) / rows
    width = min((height - asked.head) * asked.aspect, 0.3 * body.width / across) if asked.earlier else 0.0
    height = min(height, width / asked.aspect + asked.head)
    right = body.x + body.width - across * width - (across - 1) * gap
    small = tuple(
        Box(right + (place % across) * (width + gap), body.y + (place // across) * (height + gap * 0.5), width, height)
        for place in range(asked.earlier)
    )
    above = body.height - asked.key - gap * 0.3
    room = right - body.x - (gap if asked.earlier else 0)
    large = Box(body.x, body.y, min(room, (above - asked.head) * max(WIDEST, asked.aspect)), above)
    return Plan(large, small, Box(body.x, body.y + body.height - asked.key, room, asked.key), None, body.height)


def narrow(asked: Asked, body: Box) -> Plan:
    """A column: the last month large, its key, earlier months in a row, the list."""
    gap, y = asked.size.margin * 0.7, body.y
    large = Box(body.x, y, body.width, asked.head + body.width / asked.aspect)
    y += large.height + gap * 0.5
    key_box = Box(body.x, y, body.width, asked.key)
    y += asked.key + gap
    width = (body.width - gap * (PARTS - 1)) / PARTS
    height = asked.head + width / asked.aspect
    small = tuple(
        Box(body.x + (place % PARTS) * (width + gap), y + (place // PARTS) * (height + gap), width, height)
        for place in range(asked.earlier)
    )
    y += -(-asked.earlier // PARTS) * (height + gap)
    values = Box(body.x, y, body.width, listing_height(asked.size, asked.countries))
    return Plan(large, small, key_box, values, y + values.height - body.y)


@dataclass(frozen=True)
class Picture:
    """The maps of one page, all in the same colours. `reach` is the far end of their scale."""

    page: Page
    region: Region
    shown: Measure
    table: pd.DataFrame
    reach: float

    def shade(self, value: float) -> str:
        """The colour of a value."""
        return self.shown.colour(self.page.record, value / self.reach)

    def map(self, date: str, box: Box, window: View, letters: float) -> None:
        """One month: areas in the colours of their values, with the numbers on them, and names in letters so high (0: none)."""
        page, record = self.page, self.page.record
        head = page.size.panel * 1.5
        page.name(box, month(np.datetime64(date, "M"), short=not letters))
        inner = Box(box.x, box.y + head, box.width, box.height - head)
        holders = self.region.holders(record.scenario)
        sheet = Sheet(page, self.region, holders, inner, window.widened(inner.width / inner.height), 1.0 if letters else 2.0)
        rows = self.table[(self.table["date"] == date) & (self.table["areas"] != "")]
        value = dict(zip(rows["country"].astype(str), rows["median"].astype(float), strict=True))
        colours = {id: self.shade(each) for id, each in value.items()}
        filled(sheet, colours)
        bordered(sheet, colours, 1.0 if letters else 0.65)
        whole = {record.scenario.countries[id].part_of for id in value}
        if letters or page.size.height:
            self.words(sheet, {id: value[id] for id in value if id not in whole}, letters)

    def words(self, sheet: Sheet, values: Mapping[str, float], letters: float) -> None:
        """Numbers on the areas; with letters also names, beside an area with a line to it where they do not fit into it.

        A phone has the names in its list, and no room beside areas.
        """
        left = []
        for id, value in values.items():
            *named, small, alone = self.ways(id, value, letters)
            inside = [*named, alone, small] if self.page.size.name == "phone" else named or [alone]
            if not labelled(sheet, id, inside, self.shade(value)) and self.page.size.name != "phone" and named:
                fits = [way for way in named if way.width < NAME_ROOM * sheet.box.width]
                left.append((id, (fits or named)[0], alone))
        for id, outside, alone in left:
            if not beside(sheet, id, outside):
                labelled(sheet, id, [alone], self.shade(values[id]))

    def ways(self, id: str, value: float, letters: float) -> Iterator[Label]:
        """Labels for a country from the best: name and number, a shorter name; at the end a small number alone and a number alone."""
        said, small = self.shown.said(value), self.page.size.label
        if letters:
            names = dict.fromkeys((name(self.page.record, "country", id), name(self.page.record, "country", id, 1, small)))
            for words, shrunk in itertools.product(names, (1.0, SMALLER)):
                for room in (1000.0, 0.6 * width_of(words, small)):
                    lines = wrapped(words, room, shrunk * small, lines=2)
                    if not any(line.endswith("…") for line in lines):
                        yield Label((*((line, shrunk * small, False) for line in lines), (said, shrunk * letters, True)))
        yield Label(((said, 0.9 * small, True),))
        yield Label(((said, letters or 0.9 * small, True),))
