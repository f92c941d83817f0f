"""How the live page looks and is reached: sizes, contrasts, overlaps, names, focus, keyboard, motion."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.dashboard.browser import LOOKING, Site, page_of
from tests.dashboard.conftest import settled

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def hash_of(page: Any) -> str:
    return str(page.evaluate("() => location.hash"))


@pytest.mark.parametrize("width", [1440, 768, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_words_are_large_enough_dark_enough_and_apart(chromium: Any, site: Site, width: int, dark: bool) -> None:
    made = page_of(chromium, site, "#set=effort-north:0.3,literacy:0.1&run=2", width=width, height=900, dark=dark)
    settled(made)
    made.wait_for_selector("#history ol li")
    for tab in ("What changed", "Saved", "One history"):
        made.get_by_role("tab", name=tab).click()
    for chart in ("All countries", "Courses", "One country"):
        made.get_by_role("button", name=chart).click()
        height = made.evaluate("() => document.documentElement.scrollHeight")
        for step in range(math.ceil(height / 900)):
            made.evaluate("(y) => window.scrollTo(0, y)", step * 900)
            assert made.evaluate(LOOKING) == [], f"{chart} at {step * 900}"
    made.context.close()


def test_what_is_wrong_with_a_look_would_be_found(page: Any) -> None:
    page.evaluate("""() => { const one = document.createElement('p'); one.textContent = 'pale and small'; one.style.cssText = '';
        one.style.setProperty('font-size', '9px'); one.style.setProperty('color', '#cccccc'); document.querySelector('#pick').append(one);
        const svg = document.querySelector('#picture svg'), text = svg.querySelector('text'); svg.append(text.cloneNode(true)); }""")
    found = " ".join(page.evaluate(LOOKING))
    assert "small: pale and small" in found and "pale: pale and small" in found and "overlap:" in found


def test_all_that_can_be_pressed_has_a_name_and_shows_its_focus(page: Any) -> None:
    found = page.evaluate("""() => [...document.querySelectorAll('button, input, select, summary, a[href]')]
        .filter((node) => node.checkVisibility())
        .map((node) => [node.outerHTML.slice(0, 60), node.getAttribute('aria-label') || node.labels?.[0]?.textContent || node.textContent])
        .map(([markup, named]) => [markup, named.trim()])""")
    assert [markup for markup, named in found if not named] == []
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline = page.evaluate(
            "() => [document.activeElement.outerHTML.slice(0, 80), getComputedStyle(document.activeElement).outlineStyle]"
        )
        if name.startswith("<body"):
            break
        assert outline != "none", name
        seen.add(name)
    assert len(seen) >= 20 and any('id="month"' in name for name in seen) and any("lever-effort-north" in name for name in seen)


def test_levers_and_tabs_are_moved_from_the_keyboard(page: Any) -> None:
    page.locator("#lever-effort-east").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    settled(page)
    assert hash_of(page) == "#set=effort-east:1.2"
    assert page.get_attribute("#lever-effort-east", "aria-valuetext") == "× 1.2"
    page.keyboard.press("End")
    settled(page)
    page.get_by_role("tab", name="What changed").focus()
    page.keyboard.press("ArrowRight")
    assert page.get_by_role("tab", name="One history").get_attribute("aria-selected") == "true"


def test_who_wants_no_motion_gets_none(chromium: Any, site: Site) -> None:
    made = page_of(chromium, site)
    made.emulate_media(reduced_motion="reduce")
    assert made.evaluate("() => getComputedStyle(document.getElementById('picture')).transitionDuration") == "0s"
    made.context.close()
