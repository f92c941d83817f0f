"""The report in a real browser, opened as a file: hover, slider, picks, search, print, looks, and strangers' words. Nothing is fetched."""

from __future__ import annotations

import csv
import math
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.charts.report import report_html
from sim.record import Record
from tests.charts.made_up import COUNTRIES, made_up_record, made_up_scenario
from tests.charts.test_report import pictures_in
from tests.charts.test_report_movers import following
from tests.dashboard.browser import browser, chromium_path
from tests.dashboard.conftest import PAYLOADS

LOOKING = (Path(__file__).parents[1] / "dashboard" / "looking.js").read_text(encoding="utf-8")
PAINTED = "() => performance.getEntriesByName('painted').length > 0"
MONTHS = 30


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if chromium_path() is None:
        pytest.skip("NO BROWSER: the report is not tested in one; apt-get install chromium, or name one in SUASION_CHROMIUM")
    try:
        import playwright  # noqa: F401
    except ImportError:
        pytest.skip("NO BROWSER DRIVER: the report is not tested in a browser; pip install playwright")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with browser() as made:
            yield made


@pytest.fixture(scope="module")
def record() -> Record:
    return made_up_record(made_up_scenario(months=MONTHS), runs=60)


@pytest.fixture(scope="module")
def report(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    file = folder / "report.html"
    file.write_text(report_html(record, pictures_in(folder / "charts")), encoding="utf-8")
    return file


def opened(chromium: Any, file: Path, *, width: int = 1440, dark: bool = False, scripts: bool = True) -> Any:
    """A page of a file, cut off from every host; what it asks for and complains of is kept on it."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        accept_downloads=True,
        java_script_enabled=scripts,
    )
    page = context.new_page()
    page.strangers, page.complaints = [], []

    def routed(route: Any) -> None:
        if route.request.url == file.as_uri() or route.request.url.startswith(("data:", "blob:")):
            route.continue_()
        else:
            page.strangers.append(route.request.url)
            route.abort()

    context.route("**/*", routed)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: page.complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("dialog", lambda box: (page.complaints.append(box.message), box.dismiss()))
    page.goto(file.as_uri())
    if scripts:
        page.wait_for_function(PAINTED)
    return page


@pytest.fixture
def page(chromium: Any, report: Path) -> Iterator[Any]:
    made = opened(chromium, report)
    yield made
    assert made.strangers == [] and made.complaints == []
    made.context.close()


def hovered(page: Any, chart: str, share: float) -> str:
    """The card over a chart, at a share of its width."""
    page.locator(chart).scroll_into_view_if_needed()
    box = page.locator(chart).bounding_box()
    page.mouse.move(box["x"] + share * box["width"], box["y"] + 0.5 * box["height"])
    return str(page.inner_text("body > .card"))


def test_every_chart_is_drawn_from_the_file_alone(page: Any, record: Record) -> None:
    assert page.locator("[data-part=course] svg").count() == page.locator("[data-part=tension] svg").count() == 10
    assert page.locator("#map path[data-country=serbia]").count() == 1 and page.locator("#map path[data-country=kosovo]").count() == 2
    assert page.locator("#ladder svg").count() == 1 and page.locator("#lanes svg[role=img], #lanes svg[role=slider]").count() >= 2
    assert page.locator("noscript").count() == 1 and page.locator("img").count() == 0


def test_hovering_a_fan_says_the_median_and_the_intervals_of_a_month(page: Any, record: Record) -> None:
    card = hovered(page, "#explorer svg", 0.5)
    shown = re.search(r"^(.+), (\w+ \d{4})$", card.split("\n")[0])
    assert shown is not None
    country = next(id for id, each in record.scenario.countries.items() if each.name == shown[1])
    month = next(at for at in range(MONTHS) if f"{record.months[at].astype(object):%B %Y}" == shown[2])
    values = record.values("tension", country=country)[month].astype(np.float64)
    low, first, middle, third, high = (f"{100 * value:.0f}" for value in np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]))
    assert card.split("\n")[1:] == ["median", middle, "half of the histories", f"{first} to {third}", "nine tenths", f"{low} to {high}"]
    page.mouse.move(5, 5)
    assert page.locator("body > .card").is_hidden()


@pytest.mark.parametrize(
    "chart",
    [
        "[data-country-card=serbia] [data-part=course] svg",
        "[data-country-card=serbia] [data-part=tension] svg",
        "#ladder svg",
        "#map svg[role=img]",
    ],
)
def test_hovering_any_other_chart_says_what_is_there(page: Any, chart: str) -> None:
    assert re.search(r"\d", hovered(page, chart, 0.4 if "map" in chart else 0.2))


def test_the_slider_moves_map_and_ladder_and_play_goes_on_by_itself(page: Any) -> None:
    before, list_before = page.inner_text("#map .head"), page.text_content("#map table")
    page.locator("#month").focus()
    page.keyboard.press("Home")
    assert "January 2017" in page.inner_text("#map .head") != before and page.text_content("#map table") != list_before
    assert page.get_attribute("#month", "aria-valuetext") == "January 2017"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => Number(document.getElementById('month').value) >= 3")
    page.get_by_role("button", name="Stop").click()
    at = page.input_value("#month")
    page.wait_for_timeout(400)
    assert page.input_value("#month") == at


def test_country_measure_and_power_can_be_picked(page: Any) -> None:
    page.locator("#explorer").get_by_label("Country").select_option("albania")
    assert page.inner_text("#explorer h3").startswith("Albania: tension ends at")
    page.locator("#explorer").get_by_label("Measure").select_option("influence_share")
    page.locator("#explorer").get_by_label("Power").select_option("us")
    assert page.inner_text("#explorer h3").startswith("Albania: influence share: United States ends at")
    page.get_by_role("button", name="All countries", exact=True).click()
    assert "country by country" in page.inner_text("#explorer h3") and page.locator("#explorer svg text", has_text="Serbia").count() == 1
    page.get_by_role("button", name="One country", exact=True).click()
    page.locator("#map path[data-country=bulgaria]").first.click()
    assert page.inner_text("#explorer h3").startswith("Bulgaria: influence")
    page.locator("#map").get_by_label("Measure").select_option("tension")
    assert page.inner_text("#map h3") == "Tension"
    page.get_by_role("group", name="Institution").get_by_role("button", name="European Union").click()
    assert page.inner_text("#ladder h3") == "The way into European Union"


def test_charts_are_read_with_arrow_keys(page: Any) -> None:
    chart = page.locator("#explorer svg")
    chart.focus()
    first = chart.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowLeft")
    assert chart.get_attribute("aria-valuetext") != first and "median" in chart.get_attribute("aria-valuetext")
    page.keyboard.press("Home")
    assert "January 2017" in chart.get_attribute("aria-valuetext") and page.locator("body > .card").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("body > .card").is_hidden()
    page.keyboard.press("Enter")
    assert "January 2017" in page.inner_text("#map .head") and page.evaluate("() => document.activeElement.tagName") == "svg"


def test_the_history_that_is_told_can_be_laid_over_the_fan(page: Any) -> None:
    lines = page.locator("#explorer svg path").count()
    page.get_by_label(re.compile("told below")).check()
    assert page.locator("#explorer svg path").count() == lines + 2


def test_the_numbers_are_searched_and_say_what_stands_behind_them(page: Any) -> None:
    search = page.get_by_label("Search the numbers")
    search.fill("russia skill A1")
    assert re.match(r"6 of [\d,]+ numbers", page.inner_text("#numbers [role=status]"))
    page.locator("#numbers").get_by_role("button", name="powers.russia.skill.energy").click()
    assert "Lines A1" in page.inner_text("#numbers tbody") and page.locator("#numbers [aria-expanded=true]").count() == 1
    search.fill("")
    page.get_by_label("Part of the scenario").select_option("countries")
    page.get_by_label("What it rests on", exact=True).select_option(label="a public record")
    assert page.inner_text("#numbers [role=status]").startswith("10 of ") and "Census, 2011" not in page.inner_text("#numbers tbody")
    search.fill("no such number")
    assert page.inner_text("#numbers [role=status]").startswith("0 of ")


def test_a_number_that_went_with_an_outcome_leads_to_its_evidence(chromium: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(report_html(following("mechanics.tension.pressure"), []), encoding="utf-8")
    page = opened(chromium, file)
    page.get_by_label("Outcome").select_option(label="Serbia: tension at the end")
    page.locator(".movers button").first.click()
    assert page.input_value("#numbers input") == "mechanics.tension.pressure" and "made up" in page.inner_text("#numbers tbody")
    page.get_by_label("Search the numbers").fill("")
    page.locator("[data-number='mechanics.tension.pressure']").click()
    assert page.locator("#numbers tbody tr").count() == 1 and page.strangers == [] and page.complaints == []
    page.context.close()


def taken(page: Any, button: Any) -> tuple[str, bytes]:
    """A file that is handed over: its name and its bytes."""
    with page.expect_download() as waiting:
        button.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_pictures_numbers_and_the_scenario_are_handed_over(page: Any) -> None:
    name, body = taken(page, page.get_by_role("button", name="Save this picture's CSV file"))
    rows = list(csv.DictReader(body.decode().splitlines()))
    assert name.endswith("-tension.csv") and len(rows) == MONTHS and {row["measure"] for row in rows} == {"tension"}
    assert 0 < float(rows[-1]["q05"]) < float(rows[-1]["median"]) < float(rows[-1]["q95"]) < 1
    assert b"60 runs" in taken(page, page.get_by_role("button", name="Save this picture's SVG file"))[1]
    assert taken(page, page.get_by_role("button", name="Save this picture's PNG file"))[1][:4] == b"\x89PNG"
    name, body = taken(page, page.locator("#scenario-file"))
    assert name == "western_balkans_2017_2025.yaml" and b'"title":"Western Balkans, 2017-2025"' in body


def test_it_prints_light_without_controls_and_comes_back_as_it_was(chromium: Any, report: Path) -> None:
    page = opened(chromium, report, dark=True)
    ink = "() => document.querySelector('#explorer svg text').getAttribute('fill')"
    dark = page.evaluate(ink)
    page.emulate_media(media="print")
    page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(ink) != dark
    controls = (
        "() => [...document.querySelectorAll('select, input, nav, #months, #numbers')].filter((node) => node.checkVisibility()).length"
    )
    assert page.evaluate(controls) == 0 and page.evaluate("() => document.querySelectorAll('details:not([open])').length") == 0
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(ink) == dark and page.locator("#map details[open]").count() == 0
    pdf = page.pdf(format="A4", print_background=True)
    assert pdf[:5] == b"%PDF-" and len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 5
    assert page.evaluate(ink) == dark and page.complaints == []
    page.context.close()


def test_without_scripts_there_are_the_answer_a_drawing_and_the_tables(chromium: Any, report: Path) -> None:
    page = opened(chromium, report, scripts=False)
    assert page.locator("#answer p").first.is_visible() and page.locator("noscript img").is_visible()
    assert page.locator("table.held").is_visible() and page.locator("[data-country-card=serbia] p").is_visible()
    assert page.locator("#explorer").is_hidden() and page.locator("#months").is_hidden() and page.locator("#numbers").is_hidden()
    page.context.close()


@pytest.mark.parametrize("width", [1440, 768, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_words_are_large_enough_dark_enough_and_apart(chromium: Any, report: Path, width: int, dark: bool) -> None:
    page = opened(chromium, report, width=width, dark=dark)
    height = page.evaluate("() => document.documentElement.scrollHeight")
    for step in range(math.ceil(height / 880)):
        page.evaluate("(y) => window.scrollTo(0, y)", step * 880)
        assert page.evaluate(LOOKING) == [], f"at {step * 880}"
    page.context.close()


def test_all_that_can_be_pressed_has_a_name_and_shows_its_focus(page: Any) -> None:
    nameless = page.evaluate("""() =>
        [...document.querySelectorAll('button, input, select, summary, a[href], svg[tabindex], svg[role=img]')]
        .filter((node) => node.checkVisibility() && !node.closest('[aria-hidden]'))
        .filter((node) => !(node.getAttribute('aria-label') || node.labels?.[0]?.textContent || node.textContent).trim())
        .map((node) => node.outerHTML.slice(0, 80))""")
    assert nameless == []
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    seen = set()
    for _ in range(45):
        page.keyboard.press("Tab")
        tag, outline = page.evaluate(
            "() => [document.activeElement.outerHTML.slice(0, 400), getComputedStyle(document.activeElement).outlineStyle]"
        )
        assert outline != "none", tag
        seen.add(tag)
    assert len(seen) >= 25 and any('id="month"' in tag for tag in seen) and any(tag.startswith("<svg") for tag in seen)


def test_it_is_drawn_again_when_the_window_or_the_look_changes(page: Any) -> None:
    wide = page.get_attribute("#explorer svg", "width")
    page.set_viewport_size({"width": 700, "height": 900})
    page.wait_for_function("(wide) => document.querySelector('#explorer svg').getAttribute('width') !== wide", arg=wide)
    light = page.get_attribute("#explorer svg text", "fill")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("(light) => document.querySelector('#explorer svg text').getAttribute('fill') !== light", arg=light)


def test_what_strangers_wrote_stays_words(chromium: Any, tmp_path: Path) -> None:
    countries = list(COUNTRIES)
    names = {id: PAYLOADS[place % len(PAYLOADS)] for place, id in enumerate(countries)}
    scenario = made_up_scenario(months=8, title=PAYLOADS[4], names=names)
    powers = {id: power.model_copy(update={"name": PAYLOADS[-1 - place]}) for place, (id, power) in enumerate(scenario.powers.items())}
    shocks = [shock.model_copy(update={"at": "2017-03", "name": PAYLOADS[0]}) for shock in scenario.shocks]
    strange = scenario.model_copy(update={"note": " ".join(PAYLOADS), "powers": powers, "shocks": shocks})
    file = tmp_path / "report.html"
    file.write_text(report_html(made_up_record(strange, runs=5), []), encoding="utf-8")
    page = opened(chromium, file)
    page.get_by_role("button", name="All countries", exact=True).click()
    hovered(page, "#explorer svg", 0.4)
    assert page.inner_text("h1") == page.title() == PAYLOADS[4] and "onerror=window.pwned=1" in page.text_content("header")
    assert PAYLOADS[0] in page.text_content("#moved ul") and PAYLOADS[-1] in page.text_content("table.held")
    for part in ("#countries", "#map table", "#explorer select", "#countries table"):
        told = page.locator(part).first.text_content()
        assert all(said in " ".join(told.split()) for said in names.values()), part
    strangers = page.locator(
        "main :is(script, iframe, img, style, base, link, math, form, object), header :is(script, img, a), nav img, a[href^=javascript]"
    )
    assert strangers.count() == 0 and page.evaluate("() => window.pwned") is None
    assert page.strangers == [] and page.complaints == []
    page.context.close()


def test_a_script_of_somebody_else_does_not_run_in_it(chromium: Any, report: Path, tmp_path: Path) -> None:
    planted = tmp_path / "planted.html"
    text = report.read_text(encoding="utf-8").replace(
        "<main>", "<main><script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'>"
    )
    planted.write_text(text.replace("</main>", "<img src='http://evil.example/x.png'></main>"), encoding="utf-8")
    page = opened(chromium, planted)
    assert page.evaluate("() => window.pwned") is None and page.strangers == [] and len(page.complaints) >= 3
    page.context.close()
