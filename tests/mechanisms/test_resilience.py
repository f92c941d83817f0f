"""Chapter 7, continued: resilience, capture, autonomy, and what a divided country can decide."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mechanisms.arms import History, arm, assert_falls, assert_rises


def test_reform_builds_resilience(usual: History) -> None:
    where = {"country": "albania"}
    assert_falls(usual.end("resilience", **where), arm({"mechanics.resilience.reform": 0}).end("resilience", **where), 0.006)
    idle = arm({"channels.reform_assistance.effects.resilience": 0})
    assert_falls(usual.end("resilience", **where), idle.end("resilience", **where), 0.004)


@pytest.mark.parametrize(
    ("drag", "country", "by"), [("capture", "albania", 0.03), ("tension", "albania", 0.02), ("false_belief", "serbia", 0.006)]
)
def test_resilience_is_worn_by(drag: str, country: str, by: float, usual: History) -> None:
    spared = arm({f"mechanics.resilience.{drag}": 0})
    assert_rises(usual.end("resilience", country=country), spared.end("resilience", country=country), by)


def test_patronage_feeds_capture(usual: History) -> None:
    where = {"country": "republika_srpska"}
    for without in ({"mechanics.resilience.patronage": 0}, {"channels.patronage.effects.capture": 0}):
        assert_falls(usual.end("capture", **where), arm(without).end("capture", **where), 0.003)


@pytest.mark.parametrize(("country", "by"), [("albania", 0.02), ("serbia", 0.006)])
def test_conditionality_curbs_capture(country: str, by: float, usual: History) -> None:
    without = arm({"mechanics.resilience.conditionality": 0})
    assert_rises(usual.end("capture", country=country), without.end("capture", country=country), by)


def test_conditions_bite_only_where_the_offer_is_believed(usual: History) -> None:
    doubted = arm({"institutions.eu.credibility": 0, "institutions.nato.credibility": 0})
    assert_rises(usual.end("capture", country="albania"), doubted.end("capture", country="albania"), 0.005)


def test_a_patron_emboldens_an_entity(usual: History) -> None:
    where = {"country": "republika_srpska"}
    assert_falls(usual.end("autonomy", **where), arm({"mechanics.resilience.backing": 0}).end("autonomy", **where), 0.005)
    assert_falls(usual.end("autonomy", **where), arm({"powers.russia.capacity": 0}).end("autonomy", **where), 0.005)


def test_a_country_that_can_decide_holds_its_entities(usual: History) -> None:
    where = {"country": "republika_srpska"}
    assert_rises(usual.end("autonomy", **where), arm({"mechanics.resilience.capacity": 0}).end("autonomy", **where), 0.02)


def test_a_country_decides_only_what_its_entities_let_it(usual: History) -> None:
    # A referendum would give the Serb entity some of its veto back.
    calm = {"countries.republika_srpska.veto": 0, "deeds.referendum.rate": 0}
    one, none = arm(calm), arm({**calm, "countries.federation.veto": 0})
    assert_rises(usual.end("deciding", country="bosnia"), one.end("deciding", country="bosnia"), 0.15)
    assert np.all(none.of("deciding") == 1)
    assert_rises(usual.mean("flow", institution="eu", country="bosnia"), one.mean("flow", institution="eu", country="bosnia"), 0.005)


def test_an_entity_without_autonomy_cannot_veto(usual: History) -> None:
    tame = arm({"countries.republika_srpska.autonomy": 0.001, "countries.federation.autonomy": 0.001})
    assert np.all(tame.of("deciding", country="bosnia")[0] > 0.998)
    assert_rises(usual.end("deciding", country="bosnia"), tame.end("deciding", country="bosnia"), 0.15)


def test_an_undivided_country_decides_everything(usual: History) -> None:
    for country in ("serbia", "kosovo", "montenegro", "republika_srpska"):
        assert np.all(usual.of("deciding", country=country) == 1)
