"""The live page in a real browser: slider, fan, map, one history, files to take away, addresses, strangers' words."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.charts.web.bundle import MODULES, one_script
from sim.dashboard.setting import Panel
from sim.runs.ensemble import simulate
from sim.scenario.reading import read_text
from tests.dashboard.browser import LOOKING, Site, page_of, served
from tests.dashboard.conftest import PAYLOADS, settled
from tests.dashboard.worlds import BALKANS, folder_with

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PULL = """([id, values]) => { const range = document.getElementById(`lever-${id}`);
  for (const value of values) { range.value = value; range.dispatchEvent(new Event("input", { bubbles: true })); } }"""
PAINTED = "() => performance.getEntriesByName('painted').map(({ detail }) => detail)"


def pulled(page: Any, lever: str, *values: float) -> None:
    """Pulls a lever and waits until all its histories are painted."""
    page.evaluate(PULL, [lever, values])
    settled(page)


def hash_of(page: Any) -> str:
    return str(page.evaluate("() => location.hash"))


def test_a_pulled_slider_moves_the_fan_the_map_the_ladder_and_the_story(page: Any) -> None:
    before = page.inner_text("#finding"), page.inner_text("#ladder"), page.inner_text("#map table")
    pulled(page, "effort-north", 0.2)
    assert "rather than" in page.inner_text("#finding") and page.inner_text("#finding") != before[0]
    assert page.inner_text("#map table") != before[2]
    assert "dashed: baseline" in page.inner_text("#ladder") and page.locator("#ladder path[stroke-dasharray]").count() > 0
    assert page.locator("#picture svg").count() == 2
    sentences = page.locator("#story li")
    assert sentences.count() >= 3 and "500 of 500 histories" in page.inner_text("#story")
    assert hash_of(page) == "#set=effort-north:0.2"
    page.get_by_role("button", name="Reset North, Effort").click()
    settled(page)
    assert page.inner_text("#finding") == before[0] and hash_of(page) in ("", "#")


def test_while_a_slider_is_pulled_only_the_newest_setting_ends_on_the_page(page: Any) -> None:
    asked: list[Any] = []
    page.on("request", lambda request: asked.append(request.post_data_json) if "histories" in request.url else None)
    values = [0.1 + 0.05 * step for step in range(40)]
    pulled(page, "effort-east", *values)
    assert hash_of(page) == "#set=effort-east:2.05"
    assert page.evaluate(PAINTED)[-1]["set"] == "effort-east:2.05" and page.evaluate(PAINTED)[-1]["runs"] == 500
    assert len(asked) < 10


def test_an_estimate_is_said_to_be_one_until_the_histories_are_there(page: Any, site: Site) -> None:
    while site.session.estimated < 1:
        page.wait_for_timeout(50)
    page.evaluate("() => { window.tags = []; new MutationObserver(() => { const tag = document.querySelector('#story .tag');"
                  " if (tag) window.tags.push([tag.textContent, document.querySelector('#reading').textContent]); })"
                  ".observe(document.getElementById('story'), { childList: true, subtree: true }); }")  # fmt: skip
    pulled(page, "effort-east", 0.65)
    tags = page.evaluate("() => window.tags")
    assert tags[0][0] == "estimate" and "64 estimated histories" in tags[0][1]
    assert tags[-1][0] == "500 of 500 histories" and "500 simulated histories" in tags[-1][1]


def test_the_month_slider_moves_map_and_fan_without_asking_again(page: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    before = page.inner_text("#map .soft")
    page.locator("#month").focus()
    page.keyboard.press("Home")
    assert page.inner_text("#map .soft") != before and "January 2020" in page.inner_text("#map")
    assert "January 2020" in page.inner_text("#readout") and hash_of(page) == "#month=0"
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => Number(document.getElementById('month').value) >= 2")
    page.get_by_role("button", name="Stop").click()
    assert asked == []


def test_one_history_is_picked_out_of_the_fan_and_read(page: Any) -> None:
    page.locator("#singles button", has_text="3").click()
    page.wait_for_selector("#history ol li")
    assert "History 3 of 500" in page.inner_text("#history") and page.locator("#history li").count() >= 1
    assert "Because" in page.inner_text("#history") or "reaches" in page.inner_text("#history")
    assert page.locator("#history .lanes svg").count() >= 1
    assert "history 3" in page.locator("#picture svg").first.text_content() and hash_of(page) == "#run=3"
    pulled(page, "effort-north", 1.6)
    page.wait_for_selector("#history ol li")
    page.get_by_role("button", name="Close").click()
    assert "history 3" not in page.locator("#picture svg").first.text_content()


def test_a_press_near_a_thin_line_picks_that_history(page: Any) -> None:
    box = page.locator("#picture svg").bounding_box()
    page.mouse.click(box["x"] + 0.5 * box["width"], box["y"] + 0.9 * box["height"])
    assert hash_of(page).startswith("#month=")
    spot = page.evaluate("""() => { const svg = document.querySelector('#picture svg'), box = svg.getBoundingClientRect();
        const line = svg.querySelector("path[stroke-width='0.8']"), at = line.getPointAtLength(line.getTotalLength() * 0.9);
        return [box.left + at.x, box.top + at.y]; }""")
    page.mouse.click(*spot)
    page.wait_for_selector("#history ol li")
    assert "run=" in hash_of(page)


def test_everything_one_sees_has_an_address(page: Any, chromium: Any, site: Site) -> None:
    pulled(page, "effort-north", 0.4)
    page.get_by_label("Measure").select_option("opinion")
    page.get_by_label("Power").select_option("north")
    page.get_by_label("Country", exact=True).select_option("hill")
    page.locator("#month").fill("7")
    page.get_by_role("button", name="Show change").click()
    page.get_by_role("button", name="Look: as the system").click()
    page.locator("#singles button").nth(2).click()
    page.get_by_role("tab", name="Saved").click()
    page.get_by_label("Name of the setting to save").fill("Half ~ the & effort")
    page.get_by_role("button", name="Save this setting").click()
    settled(page)
    page.wait_for_selector("#history ol li", state="attached")
    again = page_of(chromium, site, hash_of(page))
    settled(again)
    again.wait_for_selector("#history ol li")
    for part in ("#finding", "#reading", "#readout", "#map table", "#ladder", "#months output", "#saved", "#story"):
        assert again.text_content(part) == page.text_content(part), part
    assert hash_of(again) == hash_of(page) and again.complaints == []
    assert again.get_attribute("html", "data-look") == "light"
    again.context.close()


def test_an_address_full_of_nonsense_is_taken_as_far_as_it_makes_sense(chromium: Any, site: Site) -> None:
    made = page_of(
        chromium,
        site,
        "#set=nobody:1,effort-east:99,x,:,effort-north:&measure=power&country=x&month=9999&run=77777&saved=~&chart=pie&look=x",
    )
    settled(made)
    assert hash_of(made) == "#set=effort-east:99" or made.evaluate("() => document.getElementById('lever-effort-east').value") == "3"
    assert made.complaints == [] and made.inner_text("#months output") == "December 2021"
    made.context.close()


def test_a_saved_setting_can_be_shown_again_and_compared_with(page: Any) -> None:
    pulled(page, "effort-north", 0.3)
    page.get_by_role("tab", name="Saved").click()
    page.get_by_label("Name of the setting to save").fill("Little North")
    page.get_by_role("button", name="Save this setting").click()
    page.get_by_role("button", name="Reset all").click()
    settled(page)
    page.get_by_role("button", name="Compare with", exact=True).click()
    settled(page)
    assert "Little North" in page.inner_text("#reading") and "with=effort-north:0.3" in hash_of(page)
    assert "What changes against Little North" in page.text_content("#story")
    page.get_by_role("button", name="Show", exact=True).click()
    settled(page)
    assert page.locator("#picture svg").count() == 1
    page.get_by_role("button", name="Compare with the baseline").click()
    page.get_by_role("button", name="Forget").click()
    settled(page)
    assert "saved=" not in hash_of(page) and "with=" not in hash_of(page)


def taken(page: Any, item: str) -> tuple[str, bytes]:
    """A file taken away: its name and its bytes."""
    page.locator(".menu summary").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=item).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def test_numbers_are_taken_away_as_they_are_painted(page: Any) -> None:
    pulled(page, "effort-north", 0.4)
    name, body = taken(page, "Numbers, CSV")
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    assert name == "tutorial-tension-plain.csv" and len(rows) == 24 and {row["country"] for row in rows} == {"plain"}
    assert {row["runs"] for row in rows} == {"500"} and {row["kind"] for row in rows} == {"simulated"}
    ends = [f"{100 * float(rows[-1][column]):.1f}" for column in ("q50", "compared_q50")]
    assert f"ends at {ends[0]} rather than {ends[1]} of 100" in page.inner_text("#finding")


@pytest.mark.parametrize("chart", ["One country", "All countries", "Courses"])
def test_pictures_are_taken_away_with_title_and_source(page: Any, chart: str) -> None:
    pulled(page, "effort-north", 0.4)
    page.get_by_role("button", name=chart).click()
    name, body = taken(page, "Picture, SVG")
    said = " ".join("".join(node.itertext()) for node in ElementTree.fromstring(body).iter() if node.tag.endswith("}text"))
    assert name.endswith(".svg") and "500 runs" in said and "seed 1" in said and "halved" not in said and "× 0.4" in said
    assert " ".join(page.inner_text("#finding").split()[:4]) in said
    name, body = taken(page, "Picture, PNG")
    assert name.endswith(".png") and body[:8] == b"\x89PNG\r\n\x1a\n" and len(body) > 20_000


def test_the_scenario_file_taken_away_makes_the_histories_one_sees(page: Any, folder: Path) -> None:
    pulled(page, "effort-north", 0.4)
    rows = list(csv.DictReader(io.StringIO(taken(page, "Numbers, CSV")[1].decode())))
    name, body = taken(page, "Scenario file, YAML")
    assert name == "tutorial-changed.yaml"
    record = simulate(read_text(body, name, folder=folder), workers=1)
    assert record.runs == 500
    median = np.median(record.values("tension", country="plain"), axis=-1)
    np.testing.assert_allclose([float(row["q50"]) for row in rows], median, rtol=1e-5)


def test_a_file_with_faults_shows_them_with_their_lines_and_another_can_be_opened(page: Any, folder: Path) -> None:
    page.get_by_role("button", name="Open …").click()
    page.get_by_role("button", name="faulty.yaml").click()
    page.wait_for_selector("#wrong table")
    assert "faulty.yaml has 2 faults" in page.inner_text("#wrong") and page.locator("#wrong td.place").all_inner_texts() == ["5:3", "8:14"]
    assert str(folder) not in page.content() and page.locator("#page").is_hidden()
    page.get_by_role("button", name="Open another").click()
    page.locator("dialog").get_by_role("button", name="tutorial.yaml", exact=True).first.click()
    settled(page)
    assert page.locator("#wrong").is_hidden() and page.inner_text("h1") == "Tutorial, two powers and two countries"


@pytest.mark.parametrize("place", range(len(PAYLOADS)))
def test_what_strangers_wrote_stays_words(chromium: Any, site: Site, place: int) -> None:
    payload, shown = PAYLOADS[place], " ".join(PAYLOADS[place].split())
    made = page_of(chromium, site, f"#file=here/stranger_{place}.yaml&run=1&set=effort-north:0.3&chart=all")
    settled(made)
    made.wait_for_selector("#history ol li")
    for chart in ("Courses", "One country"):
        made.get_by_role("button", name=chart).click()
    assert made.inner_text("h1") == shown and made.text_content("#about") == shown and shown in made.title()
    for part in ("#levers", "#pick", "#ladder", "#history", "#story", "#map", "#source"):
        assert payload in made.text_content(part), part
    made.locator(".menu summary").click()
    with made.expect_download() as waiting:
        made.get_by_role("button", name="Picture, SVG").click()
    tags = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(Path(waiting.value.path()).read_bytes()).iter()}
    assert tags <= {"svg", "rect", "text", "path", "line", "circle", "title", "g"}
    strangers = made.locator(
        "main script, main iframe, main img, main style, main base, main a, main math, header script, dialog script, footer img"
    )
    assert strangers.count() == 0 and made.evaluate("() => window.pwned") is None
    assert made.strangers == [] and made.dialogs == [] and made.complaints == []
    made.context.close()


def test_what_strangers_wrote_in_a_file_with_faults_stays_words(chromium: Any, site: Site) -> None:
    made = page_of(chromium, site, "#file=here/hostile.yaml")
    made.wait_for_selector("#wrong table")
    for said in ("<img src=x onerror=window.pwned=1>", "<script>window.pwned=1</script>"):
        assert said in made.inner_text("#wrong")
    assert made.locator("main img, section img, section script, section svg").count() == 0 and made.evaluate("() => window.pwned") is None
    assert made.complaints == [] and made.dialogs == []
    made.context.close()


def test_a_server_that_stops_is_told_and_a_tab_that_goes_away_stops_nothing(chromium: Any, tmp_path: Path) -> None:
    with served(folder_with(tmp_path)) as short:
        one, other = page_of(chromium, short), page_of(chromium, short)
        settled(one)
        one.context.close()
        settled(other)
    other.evaluate(PULL, ["effort-east", [0.5]])
    other.wait_for_selector("#alarm:not([hidden])")
    assert "server does not answer" in other.inner_text("#alarm") and other.locator("#picture svg").count() >= 1
    other.context.close()


def test_the_drawing_scripts_work_from_a_single_file_without_a_server(chromium: Any, tmp_path: Path) -> None:
    draw = """const months = Array.from({ length: 24 }, (_, i) => `202${Math.floor(i / 12)}-${String(i % 12 + 1).padStart(2, "0")}`);
      const line = (at) => months.map((_, i) => at + i / 100), lines = [0.1, 0.2, 0.3, 0.4, 0.5].map(line), look = suasion.LOOKS.light;
      const looks = { width: 700, height: 300, look, colour: "#a2432a", factor: 100, changes: [], compared: true };
      const spec = { ...looks, months, span: [0, 1], month: 23, now: lines, base: lines, singles: lines };
      document.body.append(suasion.fan({ ...spec, said: "A fan" }));"""
    file = tmp_path / "one.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><body><script>{one_script()}{draw}</script>", encoding="utf-8")
    context = chromium.new_context()
    made = context.new_page()
    complaints: list[str] = []
    made.on("pageerror", lambda error: complaints.append(str(error)))
    made.goto(file.as_uri())
    assert complaints == [] and made.locator("svg[aria-label='A fan'] path").count() > 8
    drawing = {path.name for path in Path(__file__).parents[2].joinpath("sim/charts/web").glob("*.js")}
    assert {name for name in drawing if not name.startswith("report_")} == set(MODULES)
    context.close()


@pytest.mark.slow
def test_the_balkans_are_painted_with_their_map_within_bounds(chromium: Any) -> None:
    with served(BALKANS) as site:
        made = page_of(chromium, site)
        made.wait_for_function("() => document.querySelector('#progress[data-done]')")
        assert made.locator("#map path[data-country=serbia]").count() == 1
        assert made.locator("#map path[data-country=kosovo]").count() == 2
        assert made.locator("#map path[stroke-dasharray]").count() >= 6
        made.locator("#map path[data-country=montenegro]").click()
        assert "Montenegro" in made.inner_text("#finding") and "Montenegro" in made.inner_text("#ladder")
        assert made.evaluate(LOOKING) == [] and made.strangers == [] and made.complaints == []
        made.context.close()


def test_the_panel_of_the_page_is_that_of_the_scenario(page: Any, site: Site) -> None:
    table = next(iter(site.session.tables.values()))
    panel: Panel = table.opened.panel
    assert page.locator(".lever").count() == len(panel.levers)
