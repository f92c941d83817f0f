"""What a report's numbers rest on: counts by section, the numbers that outcomes go with most, and what failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from sim.charts.report_numbers import KIND_PLACES
from sim.charts.report_shell import paragraph, section
from sim.charts.style import literal
from sim.charts.support import KINDS, support
from sim.charts.words import count, large
from sim.record import Record


def rests_on(record: Record, told: Mapping[str, Any], weighty: Sequence[Mapping[str, Any]]) -> str:
    """The part of the report about support: counts, the numbers that matter most, what failed, and the table of all."""
    table = support(record)
    numbers = int(table[list(KINDS)].to_numpy().sum())
    said = [f"{int(table[kind].sum()):,} rest on {words}" for kind, words in KINDS.items() if int(table[kind].sum())]
    varies = int(table["varies"].sum())
    lead = (
        f"The scenario has {numbers:,} numbers: {', '.join(said) or 'none'}. {varies:,} of them are uncertain and are drawn anew in each "
        "history; the bands of every chart hold that ignorance and chance together."
    )
    how = paragraph("Search by name, word or line of a document; a press on a number shows what stands behind it.", soft=True)
    every = f'<h3>Every number</h3>\n{how}\n<div id="numbers"></div>'
    return section(
        "rests",
        "What this rests on",
        [
            paragraph(lead),
            legend(),
            _sections(record),
            weightiest_table(told, weighty),
            failures(record),
            f'<div class="live">{every}</div>',
        ],
    )


def legend() -> str:
    """The colours of the kinds of support."""
    swatch = '<svg viewBox="0 0 12 12" aria-hidden="true"><rect class="{kind}" width="12" height="12"/></svg>'
    return f'<p class="legend">{"".join(f"<span>{swatch.format(kind=kind)}{escape(words)}</span>" for kind, words in KINDS.items())}</p>'


def _sections(record: Record) -> str:
    rows = []
    for _, row in support(record).iterrows():
        whole = int(sum(row[kind] for kind in KINDS))
        name = str(row["section"]).replace("_", " ")
        counts = {**{words: int(row[kind]) for kind, words in KINDS.items()}, "all": whole, "of them uncertain": int(row["varies"])}
        cells = "".join(f'<td data-label="{escape(words)}">{number:,}</td>' for words, number in counts.items())
        drawn = bar({kind: int(row[kind]) for kind in KINDS}, whole)
        rows.append(f'<tr><th scope="row">{escape(name)}</th><td class="bar">{drawn}</td>{cells}</tr>')
    named = (*KINDS.values(), "all", "of them uncertain")
    heads = "".join(f'<th scope="col">{escape(words)}</th>' for words in ("Part of the scenario", "rests on", *named))
    return f'<table class="kinds stack">\n<thead><tr>{heads}</tr></thead>\n<tbody>\n' + "\n".join(rows) + "\n</tbody>\n</table>"


def bar(counts: Mapping[str, int], whole: int) -> str:
    """The kinds of support of one section as a bar."""
    left, parts = 0.0, []
    for kind in KINDS:
        width = 100 * counts[kind] / max(whole, 1)
        if width:
            parts.append(f'<rect class="{kind}" x="{left:.2f}" width="{width:.2f}" height="14"/>')
        left += width
    ground = '<rect class="ground" width="100" height="14"/>'
    return f'<svg viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">{ground}{"".join(parts)}</svg>'


def weightiest_table(told: Mapping[str, Any], weighty: Sequence[Mapping[str, Any]]) -> str:
    """The numbers that outcomes go with most closely, and what each rests on."""
    if not weighty:
        return ""
    known = {row[0]: row for row in told["rows"]}
    rows = [_weighty(row, known[row["path"]], told) for row in weighty if row["path"] in known]
    guesses = sum(known[row["path"]][5] == KIND_PLACES["assumption"] for row in weighty if row["path"] in known)
    lead = f"Of the {count(len(rows))} numbers that these outcomes go with most closely, {count(guesses)} rest on an assumption."
    heads = "".join(f'<th scope="col">{words}</th>' for words in ("Number", "Drawn from", "Rests on", "In words", "Goes with"))
    body = "\n".join(rows)
    return (
        f"<h3>The numbers that matter most here</h3>\n{paragraph(lead)}\n"
        f'<table class="stack">\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'
    )


def _weighty(row: Mapping[str, Any], number: Sequence[Any], told: Mapping[str, Any]) -> str:
    path, _, low, high, unit, kind, cited, words, _ = number
    ends = f"{low if low is not None else 'no bound'} to {high if high is not None else 'no bound'} {unit}"
    often = f"{count(row['outcomes'])} outcome{'s' if row['outcomes'] > 1 else ''}, most closely: {row['most']}"
    source = f"{told['kinds'][kind]}{f' ({cited})' if cited else ''}"
    return (
        f'<tr><th scope="row"><button type="button" class="plain" data-number="{escape(path)}">{escape(row["words"])}</button></th>'
        f'<td data-label="Drawn from">{escape(ends)}</td><td data-label="Rests on">{escape(source)}</td>'
        f'<td>{escape(words)}</td><td data-label="Goes with">{escape(often)}</td></tr>'
    )


def failures(record: Record) -> str:
    """What failed, and why the first of them did; or that nothing did."""
    lost = Counter(status for status in record.status if status != "ok")
    if not lost:
        said = f"All {record.runs:,} histories went well; none is left out." if record.runs > 1 else "The history went well."
        return f"<h3>What failed</h3>\n{paragraph(said)}"
    kinds = ", ".join(f"{times:,} {status}" for status, times in sorted(lost.items()))
    first = next((error for error in record.error if error), "")
    number = lost.total()
    left = "is left out" if number == 1 else "are left out"
    said = f"{large(count(number))} of {record.runs:,} histories failed and {left} of everything above ({kinds})."
    return f"<h3>What failed</h3>\n{paragraph(said + (f' The first: {literal(first)}' if first else ''))}"
