"""The report about the documents' claims: one page without a script, made from the tables that trials leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from sim.charts.claim_marks import drawing, mark
from sim.charts.report_claims_parts import (
    breaks,
    cell,
    control,
    disagreements,
    expectations,
    forms,
    left_out,
    nulls,
    table,
    where_lines,
    words,
)
from sim.charts.report_shell import header, navigation, paragraph, policy, report_style, section
from sim.claims.told import GROUPS, Told, ToldClaim
from sim.claims.wording import CAUTION, VERDICTS, command_of, effect_told, expected, fragile_told, power_brief, share, summary

TITLE = "The claims of the documents, tried"
# The parts of the page: their headings, and what leads to them.
PARTS = {
    "found": ("What came out", "What came out"),
    "disagree": ("Where the documents disagree", "Disagreements"),
    "all": ("All claims", "All claims"),
    "nulls": ("Claims that something makes no difference", "Nulls"),
    "control": ("Control: other labels on the countries", "Control"),
    "forms": ("Other forms of the model", "Other forms"),
    "breaks": ("Where it breaks", "Where it breaks"),
    "left-out": ("What the model cannot express", "Left out"),
    "again": ("Get the same", "Get the same"),
}
HOW = (
    "Each claim is a contrast of arms: the same histories, with the same luck, under treatments that differ in one thing. What is "
    "measured, which way it should move and how far at least was written down before any run. Supported: every expectation lies wholly "
    "beyond the least effect that counts. Refuted: one lies wholly short of it. Undecided: anything else."
)
DRAWN = (
    "A drawing shows the mean effect as a mark and its 95% interval as a line. The shaded part is where the claim would hold, from the "
    "dashed line, the least effect that counts, on; the thin line is no effect at all. Draws: the share of histories, each with its own "
    "draw of the uncertain numbers, in which all of a claim holds."
)
BUILT = "What holds because the model was built or coded that way is tried for its size, and is never counted as a finding."


def claims_html(told: Told) -> str:
    """The page of tried claims. Nothing in it runs, and nothing is fetched."""
    again = [paragraph("The same command gives the same numbers. They stand in the CSV files beside this page."), _command(told.command)]
    parts = {
        "found": list(_found(told)),
        "disagree": list(disagreements(told)),
        "all": [_all(told)],
        "nulls": list(nulls(told)),
        "control": list(control(told)),
        "forms": list(forms(told)),
        "breaks": list(breaks(told.boxes)),
        "left-out": list(left_out(told)),
        "again": again,
    }
    parts = {id: inside for id, inside in parts.items() if inside}
    body = [
        '<a class="skip" href="#found">To the findings</a>',
        header(TITLE, _size(told), ""),
        navigation({id: PARTS[id][1] for id in parts}),
        "<main>",
        *(section(id, PARTS[id][0], inside) for id, inside in parts.items()),
        "</main>",
    ]
    return _page(body)


def _page(body: Sequence[str]) -> str:
    """The file: its style inside, and a policy that lets nothing else in."""
    own = files("sim.charts").joinpath("web", "report", "claims.css").read_text(encoding="utf-8")
    style = report_style() + own
    head = [
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        f"<title>{escape(TITLE)}</title>",
        f"<style>{style}</style>",
    ]
    page = ["<!DOCTYPE html>", '<html lang="en">', "<head>", *head, "</head>", "<body>", *body, "</body>", "</html>"]
    return "\n".join(page) + "\n"


def _size(told: Told) -> str:
    runs = sorted({tried.runs for claim in told.claims for tried in claim.tried.values()})
    many = f"{runs[0]:,}" if len(runs) == 1 else f"{runs[0]:,} to {runs[-1]:,}" if runs else "no"
    titles = f" over {len(told.readings)} readings: {'; '.join(told.readings.values())}" if len(told.readings) > 1 else ""
    return words(f"{len(told.claims):,} claims, {many} histories an arm{titles}.")


def _found(told: Told) -> Iterator[str]:
    yield f'<div class="answer"><p>{escape(CAUTION)}</p></div>'
    yield _counts(told)
    yield "".join(paragraph(line) for line in summary(told) if not line.startswith(tuple(GROUPS)))
    yield paragraph(BUILT)
    yield paragraph(HOW, soft=True)


def _counts(told: Told) -> str:
    """How many claims of each group have which verdict."""
    rows = []
    for group in GROUPS:
        found = Counter(claim.verdict for claim in told.of(group))
        cells = [cell(verdict, str(found[verdict])) for verdict in VERDICTS]
        rows.append(f'<tr><th scope="row">{escape(group)}</th>{cell("claims", str(found.total()))}{"".join(cells)}</tr>')
    return table(["", "claims", *(mark(verdict) for verdict in VERDICTS)], rows, "counts")


def _all(told: Told) -> str:
    """Every claim: its words and lines, the verdict over each reading, the effect that decides, and its checks."""
    heads = ["claim", *map(words, told.readings), "effect that decides", "draws", "checks"]
    rows = []
    for group in GROUPS:
        claims = told.of(group)
        if claims:
            rows.append(f'<tr class="group"><th scope="rowgroup" colspan="{len(heads)}">{escape(group)}</th></tr>')
        rows += [_claim(claim, told) for claim in claims]
    return paragraph(DRAWN, soft=True) + table([*map(escape, heads)], rows, "claims stack")


def _claim(claim: ToldClaim, told: Told) -> str:
    cells = []
    for reading in told.readings:
        tried = claim.tried.get(reading)
        verdict = mark(tried.verdict) if tried is not None else mark(claim.verdict) if not claim.tried else "not tried"
        cells.append(cell(words(reading), verdict))
    about = f"{where_lines(claim)}; {claim.standing}" + (f"; the source sounds: {claim.sure}" if claim.sure else "")
    head = f"<b>{escape(claim.id)}</b> {words(claim.says)}<small>{words(about)}</small>{_command(command_of(claim, told), 'code')}"
    return f'<tr id="{escape(claim.id)}"><th scope="row">{head}{expectations(claim)}</th>{"".join(cells)}{_numbers(claim)}</tr>'


def _numbers(claim: ToldClaim) -> str:
    if claim.main is None:
        return cell("effect", f"<small>{words(claim.reason)}</small>") + cell("draws", "") + cell("checks", "")
    half = claim.main.deciding
    told = f"{words(half.about)}: {words(effect_told(half))}<small>expected {words(expected(half))}</small>"
    checks = [("power check", power_brief(claim)), ("fragile", fragile_told(claim))]
    if claim.labels is not None:
        checks.append(("other labels", "verdict changes" if claim.labels.changed else "verdict stays"))
    said = "".join(f"<small>{name}: {words(each)}</small>" for name, each in checks if each)
    return (
        cell("effect", f"{drawing([half])}{told}", "numbers")
        + cell("draws", escape(share(claim.main.holds_in)))
        + cell("checks", said, "checks")
    )


def _command(command: str, element: str = "pre") -> str:
    return f"<{element}>{words(command)}</{element}>"
