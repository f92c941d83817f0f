"""The parts of an ensemble's report that stand in the file as words and tables; charts are drawn into the places left for them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from sim.charts.findings import answer
from sim.charts.gallery import CHARTS
from sim.charts.order import leaves, name
from sim.charts.page import dated_changes
from sim.charts.report_data import when_of
from sim.charts.report_shell import paragraph, section, svg_address
from sim.charts.report_words import facts, sentences
from sim.charts.shown import country_facts
from sim.charts.style import colour_of
from sim.charts.tables import country_table
from sim.charts.words import interval, points_of
from sim.record import Record
from sim.runs.versions import versions
from sim.scenario.hashing import scenario_hash

QUESTION = "Where is each country heading, who holds influence there, who joins what, and how tense does it get?"
READING = "These are shares of simulated histories under the assumptions below, not forecasts. Brackets hold nine tenths of the histories."
# A change of a share smaller than this gets no arrow.
STEADY = 0.015


def answered(record: Record) -> str:
    """The question, the answer in sentences with numbers, and how much was simulated."""
    said = "\n".join(paragraph(f"{sentence}.") for sentence in answer(record))
    figures = "".join(f"<div><dt>{escape(noun)}</dt><dd>{escape(number)}</dd></div>" for number, noun in facts(record))
    return section(
        "answer", QUESTION, [f'<div class="answer">\n{said}\n</div>', paragraph(READING, soft=True), f'<dl class="facts">{figures}</dl>']
    )


def region(pictures: Mapping[str, Path]) -> str:
    """The places of the map, its slider and the ladders; a drawing of everything where scripts do not run."""
    overview = pictures.get("overview.svg")
    still = ""
    if overview is not None:
        drawing = svg_address(overview.read_text(encoding="utf-8"))
        still = f'<noscript><div class="picture"><img src="{drawing}" alt="{escape(CHARTS[0].caption)}"></div></noscript>'
    places = (
        '<div class="beside live"><div id="map" data-print="470"></div><div id="months" class="months"></div>'
        '<div id="ladder" data-print="690"></div></div>'
    )
    return section("region", "The region, month by month", [places, still])


def country_parts(record: Record, countries: Sequence[str]) -> str:
    """A look at any measure, then a card for each country, and all of them in one table."""
    look = '<div id="explorer" class="explorer live" data-print="690"></div>'
    cards = "\n".join(_card(record, id) for id in countries)
    table = f"<details><summary>All countries in one table</summary>\n{table_of_countries(record)}\n</details>"
    return section("countries", "Country by country", [look, cards, table])


def _card(record: Record, id: str) -> str:
    about = country_facts(record, id)
    inside = f" <small>{escape(str(about['inside']))}</small>" if about["inside"] else ""
    said = " ".join(escape(sentence) for sentence in sentences(record, id))
    charts = {
        "course": "Course: mean share by bloc, and its own",
        "tension": "Tension of 100, and who makes it",
        "entries": "Next step and membership",
    }
    figures = "".join(
        f'<figure class="parts live"><figcaption>{words}</figcaption><div data-part="{part}" data-print="230"></div></figure>'
        for part, words in charts.items()
    )
    return (
        f'<article class="country" id="country-{escape(id)}" data-country-card="{escape(id)}">\n'
        f"<div><h3>{escape(str(about['name']))}{inside}</h3>\n<p>{said}</p></div>\n{figures}\n</article>"
    )


def table_of_countries(record: Record) -> str:
    """Every country in the last month as a table."""
    table = country_table(record)
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns[2:])
    rows = []
    for _, row in table.iterrows():
        part = ' class="part"' if row["part"] else ""
        cells = "".join(_cell(column, str(row[column])) for column in table.columns[2:])
        rows.append(f'<tr{part}><th scope="row">{escape(str(row["country"]))}</th>{cells}</tr>')
    return (
        '<table class="stack">\n<caption>In the last month: median and, in brackets, nine tenths of the histories. Tension runs from 0 to '
        "100; for a stage, the most frequent one and its share of runs.</caption>\n"
        f'<thead><tr><th scope="col">Country</th>{heads}</tr></thead>\n<tbody>\n' + "\n".join(rows) + "\n</tbody>\n</table>"
    )


def _cell(label: str, words: str) -> str:
    value, bracket, rest = words.partition(" (")
    shown = f"{escape(value)} <small>({escape(rest)}</small>" if bracket else escape(value)
    return f'<td data-label="{escape(label)}">{shown}</td>' if words else '<td class="none"></td>'


def drivers(record: Record, moved: Sequence[Mapping[str, Any]]) -> str:
    """Who holds influence where, what changes on which date, and which numbers outcomes go with."""
    parts = ["<h3>Who holds influence where</h3>", held(record), *_changes(record), "<h3>Which numbers the outcomes go with</h3>"]
    if moved:
        parts.append(paragraph(
            "Every history draws its own values of the uncertain numbers. Listed are those whose draws an outcome follows more closely "
            "than any of so many would by chance in nineteen ensembles of twenty; this says what goes together, not yet what causes what."
        ))  # fmt: skip
        parts.append('<div id="movers" class="live" data-print="690"></div>')
    else:
        parts.append(paragraph("No number's draws go with an outcome more closely than chance could bring about in so few histories."))
    parts.append(paragraph(
        "To see what a change does, run the same luck with and without it: suasion compare. To see which of several numbers matters most, "
        "vary them by design: suasion sweep.", soft=True,
    ))  # fmt: skip
    return section("moved", "What moved it", parts)


def held(record: Record) -> str:
    """Shares of influence of every power in every country: median and nine tenths at the end, and the change since the start."""
    powers, rows = record.roster.displayed("power"), []
    heads = "".join(f'<th scope="col">{escape(name(record, "power", power))}</th>' for power in powers)
    for id in leaves(record):
        cells = "".join(_held(record, power, id) for power in powers)
        rows.append(f'<tr><th scope="row">{escape(name(record, "country", id))}</th>{cells}</tr>')
    return (
        '<table class="held stack">\n<caption>Influence share: how much of a country\'s course a power holds, in points of 100; '
        "median at the end, nine tenths of the histories, change of the median since the start.</caption>\n"
        f'<thead><tr><th scope="col">Country</th>{heads}</tr></thead>\n<tbody>\n' + "\n".join(rows) + "\n</tbody>\n</table>"
    )


def _held(record: Record, power: str, country: str) -> str:
    values = record.values("influence_share", power=power, country=country)
    low, middle, high = np.quantile(values[-1].astype(np.float64), [0.05, 0.5, 0.95])
    change = float(middle - np.median(values[0]))
    arrow = "" if abs(change) < STEADY else f" {'▲' if change > 0 else '▼'}\u00a0{points_of(abs(change))}"
    band = interval(points_of(float(low)), points_of(float(high)))
    colour = colour_of(record.roster, "power", power)
    bar = (
        f'<rect class="ground" width="100" height="7"/><rect data-colour="{colour}" width="{100 * middle:.1f}" height="7" fill="{colour}"/>'
    )
    return (
        f'<td data-label="{escape(name(record, "power", power))}">{points_of(float(middle))}<small>{band}{arrow}</small>'
        f'<svg viewBox="0 0 100 7" preserveAspectRatio="none" aria-hidden="true">{bar}</svg></td>'
    )


def _changes(record: Record) -> list[str]:
    """What the scenario changes on which date; the letters are those over the charts."""
    found = dated_changes(record)
    if not found:
        return []
    items = "".join(f"<li>{escape(change.mark)}: {escape(change.words)}, {when_of(change)}</li>" for change in found)
    return ["<h3>What the scenario changes on a date</h3>", f"<ul>{items}</ul>"]


def again(record: Record, pictures: Mapping[str, Path], saved: str) -> str:
    """How to get the same: the scenario as it was run, the command, the digest, the versions, and the charts as files."""
    file = saved or "SCENARIO.yaml"
    command = f"suasion run {file} --runs {record.runs} --seed {record.seed}"
    button = (
        f'<p><button type="button" id="scenario-file" data-name="{escape(saved)}" hidden>Save {escape(saved)}</button></p>' if saved else ""
    )
    where = (
        "The button saves the scenario as it was run, with every number."
        if saved
        else "The scenario as it was run is in manifest.json beside this report."
    )
    told = {
        "Scenario digest": scenario_hash(record.scenario),
        "Seed and runs": f"seed {record.seed}, {record.runs} runs, of which {int(record.ok.sum())} went well",
        "Versions": ", ".join(f"{library} {number}" for library, number in versions().items()),
    }
    rows = "".join(f"<dt>{escape(key)}</dt><dd>{escape(words)}</dd>" for key, words in told.items())
    parts = [f"<pre>{escape(command)}</pre>", paragraph(where), button, f"<dl>{rows}</dl>", _files(pictures)]
    return section("again", "How to get the same", [f'<div class="again">{"".join(parts)}</div>'])


def _files(pictures: Mapping[str, Path]) -> str:
    """Links to the charts as files, in the folder beside the report."""
    items = []
    for chart in CHARTS:
        links = [
            f'<a href="{escape(quote(f"{pictures[found].parent.name}/{found}"))}">{ending.upper()}</a>'
            for ending in ("png", "svg", "csv")
            if (found := f"{chart.name}.{ending}") in pictures
        ]
        if links:
            items.append(f"<li>{escape(chart.caption)} {' · '.join(links)}</li>")
    said = "Charts as files, with their numbers"
    return f'<details class="screen"><summary>{said}</summary>\n<ul>{"".join(items)}</ul>\n</details>' if items else ""


def file_name(title: str) -> str:
    """A plain name for the scenario's file."""
    words = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40].strip("_")
    return f"{words or 'scenario'}.yaml"
