"""The report: one HTML file with the answer, the pictures, a table of countries and what it all rests on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from urllib.parse import quote

from sim.charts.findings import answer
from sim.charts.gallery import CHARTS, Chart
from sim.charts.spread import check_drawable
from sim.charts.style import literal
from sim.charts.support import KINDS, support
from sim.charts.tables import country_table
from sim.charts.words import count, large
from sim.record import Record
from sim.runs.versions import versions

QUESTION = "Where is each country heading, who holds influence there, who joins what, and how tense does it get?"
# Bytes of drawings; written into the page they grow by a tenth.
HEAVIEST = 2_700_000
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
:root { color-scheme: light dark; --ink: #222; --soft: #5a5a5a; --paper: #fff; --line: #dedad3; --card: #fff; --link: #1c3f85; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece9e4; --soft: #b4b0a8; --paper: #17181a; --line: #3a3b3e; --card: #fff; --link: #9dbcf5; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .3em; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 2.2em 0 .6em; }
p, dl, ul { max-width: 75ch; overflow-wrap: anywhere; }
.soft, figcaption, caption { color: var(--soft); font-size: .92rem; }
.answer { font-size: 1.15rem; }
.answer p { margin: .5em 0; }
figure { margin: 0 0 2.6em; break-inside: avoid; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 6px; }
.card img { display: block; width: 100%; height: auto; }
.card .narrow { display: none; }
figcaption { margin-top: .5em; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: .5em; }
th, td { text-align: left; vertical-align: top; padding: .45em .8em .45em 0; border-bottom: 1px solid var(--line); }
thead th { color: var(--soft); font-weight: 600; font-size: .9rem; }
td small { color: var(--soft); white-space: nowrap; font-size: .85em; }
tr.part th { padding-left: 1.2em; font-weight: 400; }
code, pre { font: .92em/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 12px 14px; border: 1px solid var(--line); border-radius: 6px; }
@media (max-width: 800px) {
  main { padding: 20px 14px 48px; }
  h1 { font-size: 1.5rem; }
  .card .broad { display: none; }
  .card .narrow { display: block; max-width: 520px; margin: 0 auto; }
  table.wide thead, table.wide td.none { display: none; }
  table.wide caption { display: block; }
  table.wide small { white-space: normal; }
  table.wide td span { text-align: right; }
  table.wide, table.wide tbody, table.wide tr, table.wide th, table.wide td { display: block; width: 100%; }
  table.wide th[scope=row] { border: 0; padding: .9em 0 0; }
  table.wide td { border: 0; padding: .12em 0; display: flex; gap: .6em; justify-content: space-between; }
  table.wide td::before { content: attr(data-label); color: var(--soft); }
  table.wide tr { border-bottom: 1px solid var(--line); padding-bottom: .6em; }
  tr.part th { padding-left: 0; }
}
@media print {
  main { max-width: none; padding: 0; }
  body { font-size: 11pt; }
  a { color: inherit; text-decoration: none; }
}
"""


def report_html(record: Record, pictures: Sequence[Path]) -> str:
    """The whole report as one self-contained page without scripts, from a record and the files its charts were saved in.

    Pictures are put in as drawings; links to their data are relative, to the folder of the pictures beside the report.
    Raises: NothingToDraw when no run went well; OSError when a picture cannot be read.
    """
    check_drawable(record)
    sections = [_answer(record), _pictures(record, pictures), _countries(record), _support(record), _again(record)]
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(literal(record.scenario.title))}</title>",
        f"<style>{STYLE}</style>",
    ]
    page = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        *head,
        "</head>",
        "<body>",
        "<main>",
        *sections,
        "</main>",
        "</body>",
        "</html>",
    ]
    return "\n".join(page) + "\n"


def _answer(record: Record) -> str:
    scenario = record.scenario
    went_well = int(record.ok.sum())
    failed = f" {large(count(record.runs - went_well))} more failed and are left out." if went_well < record.runs else ""
    period = f"{record.months[0]} to {record.months[-1]}, {went_well} simulated histories, seed {record.seed}.{failed}"
    note = f'<p class="soft">{escape(literal(scenario.note))}</p>' if scenario.note else ""
    sentences = "\n".join(f"<p>{escape(sentence)}.</p>" for sentence in answer(record))
    return (
        f'<h1>{escape(literal(scenario.title))}</h1>\n<p class="soft">{escape(period)}</p>\n{note}\n'
        f'<h2>{escape(QUESTION)}</h2>\n<div class="answer">\n{sentences}\n</div>\n'
        '<p class="soft">These are shares of simulated histories under the assumptions below, not forecasts. '
        "Brackets hold nine tenths of the histories.</p>"
    )


def _pictures(record: Record, pictures: Sequence[Path]) -> str:
    files = {path.name: path for path in pictures}
    shown = [chart for chart in CHARTS if f"{chart.name}.svg" in files]
    # Drawings for narrow screens are left out once they would make the file too heavy to mail.
    room = HEAVIEST - sum(files[f"{chart.name}.svg"].stat().st_size for chart in shown)
    figures = []
    for chart in shown:
        narrow = files.get(f"{chart.name}.phone.svg")
        weight = narrow.stat().st_size if narrow else 0
        figures.append(_figure(record, chart, files, narrow if weight <= room else None))
        room -= weight if weight <= room else 0
    return "<h2>Pictures</h2>\n" + "\n".join(figures)


def _figure(record: Record, chart: Chart, files: dict[str, Path], narrow: Path | None) -> str:
    """One picture, with a drawing for narrow screens where there is one, its caption and links to its files."""
    words = escape(f"{chart.module.title(record)}. {chart.caption}")
    wide = files[f"{chart.name}.svg"]
    kind = ' class="broad"' if narrow else ""
    drawings = f'<img{kind} src="{_as_data(wide)}" alt="{words}" loading="lazy">'
    if narrow:
        drawings += f'\n<img class="narrow" src="{_as_data(narrow)}" alt="{words}" loading="lazy">'
    links = [
        f'<a href="{escape(quote(f"{files[found].parent.name}/{found}"))}">{said}</a>'
        for ending, said in (("csv", "data as CSV"), ("png", "PNG"), ("svg", "SVG"))
        if (found := f"{chart.name}.{ending}") in files
    ]
    return f'<figure>\n<div class="card">{drawings}</div>\n<figcaption>{escape(chart.caption)} {" · ".join(links)}</figcaption>\n</figure>'


def _as_data(path: Path) -> str:
    """A drawing as an address that holds it whole; nothing is fetched."""
    return "data:image/svg+xml," + quote(path.read_text(encoding="utf-8").replace("\n", " ").replace('"', "'"), safe=" =()!*'/,;")


def _countries(record: Record) -> str:
    table = country_table(record)
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns[2:])
    rows = []
    for _, row in table.iterrows():
        part = ' class="part"' if row["part"] else ""
        cells = "".join(_cell(column, str(row[column])) for column in table.columns[2:])
        rows.append(f'<tr{part}><th scope="row">{escape(str(row["country"]))}</th>{cells}</tr>')
    return (
        '<h2>Country by country</h2>\n<table class="wide">\n<caption>In the last month: median and, in brackets, nine tenths of '
        "the histories. Tension runs from 0 to 100; for a stage, the most frequent one and its share of runs.</caption>\n"
        f'<thead><tr><th scope="col">Country</th>{heads}</tr></thead>\n<tbody>\n' + "\n".join(rows) + "\n</tbody>\n</table>"
    )


def _cell(label: str, words: str) -> str:
    """A cell of the table of countries: a value, and its interval in smaller letters."""
    value, bracket, rest = words.partition(" (")
    shown = f"{escape(value)} <small>({escape(rest)}</small>" if bracket else escape(value)
    return f'<td data-label="{escape(label)}"><span>{shown}</span></td>' if words else '<td class="none"></td>'


def _support(record: Record) -> str:
    table = support(record)
    numbers = int(table[list(KINDS)].to_numpy().sum())
    said = [f"{int(table[kind].sum())} rest on {words}" for kind, words in KINDS.items() if int(table[kind].sum())]
    heads = "".join(f'<th scope="col">{escape(large(words))}</th>' for words in (*KINDS.values(), "drawn anew in each run"))
    rows = "\n".join(
        f'<tr><th scope="row">{escape(str(row["section"]).replace("_", " "))}</th>'
        + "".join(
            f'<td data-label="{escape(label)}">{int(row[column])}</td>'
            for column, label in (*KINDS.items(), ("varies", "drawn anew in each run"))
        )
        + "</tr>"
        for _, row in table.iterrows()
    )
    return (
        f"<h2>What this rests on</h2>\n<p>The scenario has {numbers} numbers: {', '.join(said) or 'none'}. "
        f"{int(table['varies'].sum())} of them are uncertain and are drawn anew in each run.</p>\n"
        f'<table class="wide">\n<thead><tr><th scope="col">Section</th>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>'
    )


def _again(record: Record) -> str:
    used = " · ".join(f"{library} {number}" for library, number in versions().items())
    command = f"suasion run SCENARIO.yaml --runs {record.runs} --seed {record.seed}"
    return (
        f"<h2>How to get the same</h2>\n<pre>{escape(command)}</pre>\n"
        "<p>The scenario as it was run, with every number, and its digest are in manifest.json beside this report.</p>\n"
        f'<p class="soft">{escape(used)}</p>'
    )
