"""The page about all claims, on made-up verdicts."""

from __future__ import annotations

import math

import pytest

from sim.claims.page import page
from sim.claims.told import Half, Span
from sim.claims.wording import amount, command_of, disputed, expected, power_told, shown_places, span_told, summary
from tests.claims.made_up import Made, null

S, R, U = "supported", "refuted", "undecided"


def section(text: str, title: str) -> str:
    """The part of a page under a heading."""
    assert f"## {title}\n" in text, title
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def half(**given: object) -> Half:
    usual = {"about": "calm", "contrast": "a - b", "expects": "sign +", "bound": 0.02, "unit": "", "effect": Span(0.05, 0.04, 0.06)}
    return Half(**{**usual, "verdict": S, "why": "", "holds_in": 1.0, **given})  # type: ignore[arg-type]


def test_the_page_says_first_that_a_verdict_is_about_the_model() -> None:
    text = page(Made().claim("T01", S).told())
    assert text.splitlines()[2].startswith("A verdict says what this model makes of a claim")


def test_what_holds_by_construction_is_never_counted_among_findings() -> None:
    made = Made().claim("T01", S).claim("T02", R).claim("T03", S, standing="by construction")
    made.claim("T04", S, standing="circular by coding").claim("T05", U, standing="partly by construction").claim("T06")
    lines = list(summary(made.told()))
    assert lines[0] == "Findings: 3 claims: 1 supported, 1 refuted, 1 not expressible."
    assert lines[1] == "Partly by construction: 1 claim: 1 undecided."
    assert lines[2] == "By construction or coding, no findings: 2 claims: 2 supported."


def test_the_documents_own_quarrel_stands_first_among_disagreements() -> None:
    made = Made().claim("T05", S, R, S).claim("T07", S, S, S).claim("T66", U, U, U)
    assert [claim.id for claim in disputed(made.told())] == ["T66", "T05"]
    text = section(page(made.told()), "Where the documents disagree")
    assert text.index("### T66.") < text.index("### T05.")
    assert "T07" not in text


def test_of_a_disputed_claim_only_halves_that_part_the_readings_are_shown() -> None:
    halves = ({"about": "same", "verdict": S}, {"about": "other"})
    made = Made().claim("T05", S, R, halves=halves).claim("T66", S, R, halves=halves)
    places = {claim.id: shown_places(claim) for claim in made.told().claims}
    assert places == {"T05": [1], "T66": [0, 1]}
    text = section(page(made.told()), "Where the documents disagree")
    assert text.count("| same: +0.02 or more (months) |") == 1
    assert "| other: +0.02 or more (months) | +0.050 (0.040 to 0.060): supported | +0.050 (0.040 to 0.060): refuted |" in text


def test_every_claim_has_a_line_with_lines_sureness_verdicts_and_command() -> None:
    made = Made().claim("T01", S, R, U).claim("T02", standing="by construction")
    whole = section(page(made.told("suasion claims T01 T02 --runs 4 --robust")), "All claims")
    first = next(line for line in whole.splitlines() if line.startswith("| T01 |"))
    for words in ("Calm helps.", "A1-5 B7", "finding", "stated", "supported | refuted | undecided", "months", "50%"):
        assert words in first, words
    assert "`suasion claims T01 --runs 4`" in first
    widths = {line.count("|") for line in whole.splitlines() if line.startswith("|")}
    assert len(widths) == 1


def test_a_command_keeps_runs_and_seed_but_neither_ids_nor_boxes() -> None:
    told = Made().claim("T07", S).told("suasion claims T07 --runs 4 --seed 2 --robust --boxes out/x")
    assert command_of(told.claims[0], told) == "suasion claims T07 --runs 4 --seed 2"
    assert command_of(told.claims[0], Made().claim("T07", S).told()) == "suasion claims T07"


def test_a_null_is_told_with_what_its_power_check_found() -> None:
    small = {"expects": "within", "bound": 0.1, "effect": 0.01, "low": -0.01, "high": 0.03}
    made = Made().claim("T15", S, U, R, halves=(small,))
    made.tables["power"] += [*null("T15", "documents", 0.05, 0.2), *null("T15", "rival", 0.0, 0.0, 0.0, 0.0, 0.0)]
    text = section(page(made.told()), "Claims that something makes no difference")
    assert "leaves the bound at 2 times, with +0.200 (0.190 to 0.210)" in text
    assert "never leaves the bound, up to 10 times" in text
    assert "not made, as the effect does not lie inside the bound" in text
    assert "1 pass their power check" in "".join(summary(made.told()))


def test_the_control_says_whether_half_of_the_verdicts_change() -> None:
    made = Made().claim("T01", S).claim("T02", S).claim("T03", S)
    for id, changed in (("T01", True), ("T02", False), ("T03", False)):
        other = R if changed else S
        made.row("control", claim=id, named="north_macedonia", verdict_with_other_labels=other, effect=0.05, effect_with_other_labels=-0.2,
                 changed=changed)  # fmt: skip
    text = section(page(made.told()), "Control: other labels on the countries")
    assert "1 of 3 verdicts" in text
    assert "fewer than the half aimed for" in text
    assert "| T01 | North Macedonia | supported | refuted | +0.05 | \u22120.2 | yes |" in text


def test_fragility_is_told_only_where_other_forms_were_tried() -> None:
    made = Made().claim("T01", S).claim("T02", S)
    assert "fragile" not in section(page(made.told()), "All claims")
    for id, flips in (("T01", True), ("T02", False)):
        made.row("robustness", claim=id, title="acts in the opposite order", runs=2, verdict_as_it_is=S, verdict=R, flips=flips)
    text = page(made.told())
    rows = {line.split(" | ")[0]: line for line in section(text, "All claims").splitlines()}
    assert "| acts in the opposite order |" in rows["| T01"]
    assert "| no |" in rows["| T02"]
    assert "turn over 1 of 2 verdicts: T01" in section(text, "Other forms of the model")


def test_boxes_are_told_with_their_command_and_only_where_there_are_any() -> None:
    assert "Where it breaks" not in page(Made().claim("T01", S).told())
    text = section(page(Made().claim("T01", S).box(headline="It fails where calm is low", refused="").told()), "Where it breaks")
    assert "**It fails where calm is low.**" in text
    assert "`suasion sweep experiments/fails.yaml --runs 8 --seed 1`" in text


def test_what_the_model_cannot_express_is_told_with_its_reason() -> None:
    text = page(Made().claim("T51", why="no aircraft in it").told())
    assert "### T51: not expressible" in text
    assert "no aircraft in it" in section(text, "What the model cannot express")


def test_words_of_a_claim_can_neither_open_a_cell_nor_an_element() -> None:
    text = page(Made().claim("T01", S, says="One | two <script>\nthree").told())
    assert "One \\| two &lt;script> three" in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("value", "right"),
    [
        (0.0, "0"),
        (0.05, "0.05"),
        (-0.05, "\u22120.05"),
        (3, "3"),
        (0.0004, "0.0004"),
        (1234.5, "1,234"),
        (-1e-12, "0"),
        (math.nan, "not known"),
    ],
)
def test_numbers_are_written_as_people_write_them(value: float, right: str) -> None:
    assert amount(value) == right


def test_an_effect_has_no_more_digits_than_its_interval_bears() -> None:
    assert span_told(Span(0.12345, 0.11, 0.137)) == "+0.123 (0.110 to 0.137)"
    assert span_told(Span(24.93, 22.6, 27.3)) == "+24.9 (22.6 to 27.3)"
    assert span_told(Span(0.5, -math.inf, math.inf)) == "+0.5"
    assert span_told(Span(math.nan, math.nan, math.nan)) == "not known"


def test_each_kind_of_expectation_has_words_of_its_own() -> None:
    told = [expected(half(expects=kind)) for kind in ("sign +", "sign -", "within", "above", "below")]
    assert told == ["+0.02 or more", "\u22120.02 or lower", "within 0.02 of none", "0.02 or more", "0.02 or less"]
    assert expected(half(bound=0.0)) == "above 0"
    assert power_told(half()) == ""
