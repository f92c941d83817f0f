"""Parts of the report about claims: readings side by side, nulls, the control, other forms, boxes, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from sim.charts.claim_marks import drawing, mark
from sim.charts.report_shell import paragraph
from sim.charts.style import literal
from sim.claims.told import Broken, Half, Told, ToldClaim
from sim.claims.wording import (
    CAPACITY,
    LABELS,
    amount,
    control_told,
    disputed,
    effect_told,
    expected,
    forms_told,
    power_told,
    share,
    shown_places,
    span_told,
)

SIDE_BY_SIDE = (
    "One ensemble of numbers, three readings of what the documents say: here the verdicts part, or the documents' own quarrel is put to "
    "the test. Each expectation is shown with its effect over every reading, on one scale."
)
NULLS = (
    "A null is only worth something where the model could have shown a difference. Each one whose interval lies inside its bound was "
    f"tried again with Russia's capacity ({CAPACITY}) scaled by 1.5, 2, 3, 5 and 10 in both arms, until the effect left the bound."
)
BREAKS = (
    "Each question was asked at many points of a space of uncertain numbers, and the box of conditions that best tells the points where "
    "it breaks was looked for. Coverage is the share of all such points that lie in the box; tested is how often points that had no part "
    "in making a box are such points inside it."
)


def words(text: str) -> str:
    """A stranger's words made safe for the page."""
    return escape(literal(text))


def cell(label: str, inside: str, kind: str = "") -> str:
    """A cell that says on a narrow page what it is."""
    kind = kind if inside else "none"
    named = f' class="{kind}"' if kind else ""
    return f'<td{named} data-label="{label}">{inside}</td>'


def table(heads: Sequence[str], rows: Sequence[str], kind: str) -> str:
    """A table; heads and rows are made of safe words."""
    top = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return f'<div class="scroll"><table class="{kind}"><thead><tr>{top}</tr></thead><tbody>{"".join(rows)}</tbody></table></div>'


def row(first: str, cells: Sequence[str]) -> str:
    """A row with its head."""
    return f'<tr><th scope="row">{first}</th>{"".join(cells)}</tr>'


def where_lines(claim: ToldClaim) -> str:
    """Where a claim stands in the documents."""
    return f"lines {', '.join(claim.refs)}" if claim.refs else "no lines"


def link(claim: ToldClaim) -> str:
    """The claim's id, leading to its row."""
    return f'<a href="#{escape(claim.id)}">{escape(claim.id)}</a>'


def judged(half: Half) -> str:
    """The verdict on an expectation, and why."""
    return mark(half.verdict) + (f"<small>{words(half.why)}</small>" if half.why else "")


def disagreements(told: Told) -> Iterator[str]:
    """The claims on which readings differ, each expectation over all of them side by side."""
    chosen = disputed(told)
    if chosen:
        yield paragraph(SIDE_BY_SIDE)
    for claim in chosen:
        verdicts = "".join(f"<span>{words(reading)}: {mark(tried.verdict)}</span>" for reading, tried in claim.tried.items())
        tried = paragraph(f"Tried: {literal(claim.title)}.", soft=True)
        head = f'<h3>{link(claim)} {words(claim.says)}</h3>{tried}<p class="legend">{verdicts}</p>'
        yield f'<div class="disagree">{head}{_side_by_side(claim)}</div>'


def _side_by_side(claim: ToldClaim) -> str:
    trials, rows = claim.tried, []
    for place in shown_places(claim):
        halves = [tried.halves[place] for tried in trials.values()]
        unit = f" ({words(halves[0].unit)})" if halves[0].unit else ""
        head = f"{words(halves[0].about)}<small>expected {words(expected(halves[0]))}{unit}</small>"
        cells = []
        for reading, half in zip(trials, halves, strict=True):
            power = f"<small>power check: {words(power_told(half))}</small>" if half.is_null else ""
            cells.append(cell(words(reading), f"{words(span_told(half.effect, not half.is_level))}<br>{judged(half)}{power}"))
        order = f"<small>from the top: {words(', '.join(trials))}</small>"
        rows.append(row(head, [cell("effects", f"{drawing(halves)}{order}", "numbers"), *cells]))
    held = [cell(words(reading), escape(share(tried.holds_in))) for reading, tried in trials.items()]
    rows.append(row("share of draws in which all of it holds", [cell("effects", ""), *held]))
    return table(["expectation", "effects", *map(words, trials)], rows, "claims stack")


def expectations(claim: ToldClaim) -> str:
    """Why a claim's treatment tests it, and every expectation over every reading, folded away."""
    if not claim.tried:
        return ""
    lines = []
    for reading, tried in claim.tried.items():
        for half in tried.halves:
            said = f"{reading}: {half.about} ({half.contrast}), expected {expected(half)}: {effect_told(half)}, {half.verdict}"
            lines.append(f"<li>{words(said)}</li>")
    note = f"<p>{words(claim.note)}</p>" if claim.note else ""
    return f"<details><summary>why, and all that was expected</summary>{note}<ul>{''.join(lines)}</ul></details>"


def nulls(told: Told) -> Iterator[str]:
    """Every null over every reading with its power check."""
    rows = []
    for claim in told.claims:
        for reading, tried in claim.tried.items():
            for half in (half for half in tried.halves if half.is_null):
                effect = f"{drawing([half])}{words(effect_told(half))}"
                cells = [cell("reading", words(reading)), cell("effect", effect, "numbers"), cell("verdict", judged(half))]
                head = f"{link(claim)} {words(half.about)}<small>{words(expected(half))}</small>"
                rows.append(row(head, [*cells, cell("power check", words(power_told(half)))]))
    if rows:
        yield paragraph(NULLS)
        yield table(["what makes no difference to", "reading", "effect", "verdict", "power check"], rows, "claims stack")


def control(told: Told) -> Iterator[str]:
    """The verdicts where countries changed places."""
    rows = []
    for claim in told.claims:
        labels = claim.labels
        if labels is not None:
            named = ", ".join(name.replace("_", " ").title() for name in labels.named)
            is_signed = claim.main is not None and not claim.main.deciding.is_level
            effects = f"{amount(labels.effect, signed=is_signed)}, then {amount(labels.other, signed=is_signed)}"
            both = [cell("verdict", mark(claim.verdict)), cell("with other labels", mark(labels.verdict))]
            changes = cell("changes", "yes" if labels.changed else "no")
            rows.append(row(f"{link(claim)} <small>{words(named)}</small>", [*both, cell("effect", escape(effects)), changes]))
    if rows:
        yield paragraph(f"{LABELS} {control_told(told)}")
        yield table(["claim", "verdict", "with other labels", "effect", "changes"], rows, "claims stack")


def forms(told: Told) -> Iterator[str]:
    """What other forms of the model turn over, where any was tried."""
    robust = next((claim for claim in told.claims if claim.forms), None)
    if robust is None:
        return
    titles = "; ".join(form.title for form in robust.forms)
    yield paragraph(f"Each claim was tried again, with {robust.forms[0].runs} runs an arm, under: {titles}. {forms_told(told)}")
    rows = [
        row(link(claim), [cell("form", words(form.title)), cell("as it is", mark(form.before)), cell("in this form", mark(form.verdict))])
        for claim in told.claims
        for form in claim.fragile
    ]
    if rows:
        yield table(["claim", "form", "as it is", "in this form"], rows, "claims stack")


def breaks(boxes: Sequence[Broken]) -> Iterator[str]:
    """The boxes of finished sweeps, in sentences, each with its command."""
    if boxes:
        yield paragraph(BREAKS)
    for box in boxes:
        asked = "".join(paragraph(each, soft=True) for each in box.of("asked"))
        first = "".join(f'<p class="headline">{words(each)}.</p>' for each in box.of("headline"))
        refused = "".join(paragraph(each) for each in box.of("refused"))
        rest = _list([*box.of("measure"), *box.of("limit")])
        leaves = box.of("leaf")
        tree = paragraph("The same as a tree, the largest shares first:", soft=True) + _list(leaves) if leaves else ""
        inside = f"{asked}{first}{refused}{rest}{tree}<pre>{words(box.command)}</pre>"
        yield f'<div class="breaks"><h3>{words(box.title)}</h3>{inside}</div>'


def _list(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{words(line)}</li>' for line in lines)}</ul>" if lines else ""


def left_out(told: Told) -> Iterator[str]:
    """The claims that the model cannot express, with reasons."""
    for claim in told.claims:
        if not claim.tried:
            yield f"<p>{link(claim)} {words(claim.says)} ({words(where_lines(claim))}) {words(claim.reason)}</p>"
