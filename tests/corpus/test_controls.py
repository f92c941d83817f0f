"""Files that look odd and are well: what is legal must be read, and hostile text must stay text."""

import pytest

from sim.scenario.cautions import name_warnings, support_warnings
from sim.scenario.hashing import scenario_hash
from sim.scenario.reading import read_text
from tests.scenario.small import SMALL, small

WELL = scenario_hash(read_text(SMALL))
HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "</script><script>alert(1)</script><!--",
    r"$\frac{1}{ $$ \input{file}",
    '=HYPERLINK("http://127.0.0.1/","x")',
    "{{ 7*7 }} ${HOME} {0.__class__} %(asctime)s %s",
    "x'; DROP TABLE runs;--",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    quoted = text.replace("'", "''")
    scenario = read_text(small(("name: Avala", f"name: '{quoted}'"), ("Two powers and two countries", f"'{quoted}'")))
    assert scenario.countries["avala"].name == text
    assert scenario.title == text


@pytest.mark.parametrize("code", ["NA", "no_", "NO", "ON", "y", "n", "null", "1815"])
def test_country_codes_stay_text(code: str) -> None:
    text = SMALL.replace("brda", f'"{code}"')
    assert code in read_text(text).countries
    assert read_text(text).countries["avala"].neighbours == [code]


def test_namibia_needs_no_quotes() -> None:
    assert "NA" in read_text(SMALL.replace("brda", "NA")).countries


@pytest.mark.parametrize(
    "other", ["\ufeff" + SMALL, SMALL.replace("\n", "\r\n"), "\ufeff" + SMALL.replace("\n", "\r\n"), "---\n" + SMALL + "...\n"]
)
def test_marks_and_line_ends_do_not_change_the_meaning(other: str) -> None:
    assert scenario_hash(read_text(other.encode())) == WELL


def test_names_may_be_written_in_any_script() -> None:
    name = "Kongeriket Norge \u2014 \u041d\u043e\u0440\u0432\u0435\u0433\u0438\u044f \u632a\u5a01"
    assert read_text(small(("name: Avala", f"name: {name}"))).countries["avala"].name == name


def test_an_anchor_that_nothing_uses_is_harmless() -> None:
    assert scenario_hash(read_text(small(("parties: [avala, brda]", "parties: &both [avala, brda]")))) == WELL


def test_a_colon_or_a_bracket_in_quotes_is_text() -> None:
    assert read_text(small(("name: Avala", 'name: "Avala: [a, {b"'))).countries["avala"].name == "Avala: [a, {b"


def test_reserved_names_are_warned_of() -> None:
    warnings = name_warnings(read_text(SMALL.replace("brda", "CON")))
    assert [(warning.code, warning.path) for warning in warnings] == [("W051", "countries.CON")]


def test_numbers_that_nothing_supports_are_counted() -> None:
    (warning,) = support_warnings(read_text(SMALL))
    assert warning.code == "W001"
    assert warning.message.startswith("223 of 226 numbers have no evidence, record or assumption: mechanics.attention.memory")
