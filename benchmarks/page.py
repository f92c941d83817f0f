"""How quickly the live page follows a slider: ten presses while it is pulled, three rests, and the first paint.

Run: python benchmarks/page.py [SCENARIO] [--presses N]. Needs playwright and a Chromium, as
tests/dashboard/browser.py does.
A press is timed in the page, from the slider's input event to the frame in which the fan of that very setting is on the screen.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.dashboard.browser import browser, page_of, served  # the browser and the server of the tests

PRESS = """async ([lever, value, runs]) => {
  const range = document.getElementById(`lever-${lever}`), began = performance.now();
  performance.clearMarks("painted");
  range.value = value;
  range.dispatchEvent(new Event("input", { bubbles: true }));
  for (;;) {
    await new Promise(requestAnimationFrame);
    const found = performance.getEntriesByName("painted").find(({ detail }) =>
      detail.set.split(",").some((part) => part.startsWith(`${lever}:`)) && (runs ? detail.runs >= runs && !detail.estimate : true));
    if (found) {
      await new Promise(requestAnimationFrame);
      return { ms: performance.now() - began, painted: found.startTime - began, runs: found.detail.runs, estimate: found.detail.estimate };
    }
    if (performance.now() - began > 60000) throw new Error("nothing was painted within a minute");
  }
}"""
FIRSTS = "() => ['first-contentful-paint', 'painted'].map((name) => performance.getEntriesByName(name)[0].startTime)"
READY = "() => performance.getEntriesByName('painted').some(({ detail }) => detail.done)"


def presses(page: Any, count: int) -> list[dict[str, Any]]:
    """Presses on several levers, each at a place not yet asked for."""
    found = []
    levers = page.evaluate(
        "() => [...document.querySelectorAll('.lever input')].map(({ id, min, max }) => [id.slice(6), Number(min), Number(max)])"
    )
    for place in range(count):
        lever, low, high = levers[place % min(len(levers), 5)]
        value = round(low + (high - low) * (0.07 + 0.83 * ((place * 0.381966) % 1)), 1)
        found.append({"lever": lever, **page.evaluate(PRESS, [lever, value, 0])})
    return found


def rests(page: Any, count: int) -> list[dict[str, Any]]:
    """How long after a press the first, and all, simulated histories are painted, with nothing else going on."""
    found = []
    for place in range(count):
        page.evaluate("() => document.querySelector('.levers .head button').click()")
        page.wait_for_function("() => document.querySelector('#progress[data-done]') && !location.hash.includes('set=')")
        lever = page.evaluate("(at) => document.querySelectorAll('.lever input')[at].id.slice(6)", place)
        first = page.evaluate(PRESS, [lever, 0.31 + 0.11 * place, 1])
        began = time.monotonic()
        page.wait_for_function("() => document.querySelector('#progress[data-done]')")
        found.append(
            {"lever": lever, "first": first["ms"], "first_runs": first["runs"], "all": first["ms"] + 1000 * (time.monotonic() - began)}
        )
    return found


def estimates_ready(page: Any, session: Any, limit: float) -> float:
    """Waits until every lever has been tried beforehand; gives the seconds."""
    began = time.monotonic()
    while session.estimated < 1 and time.monotonic() - began < limit:
        page.wait_for_timeout(200)
    return time.monotonic() - began


def told(name: str, values: list[float], bound: float | None = None) -> None:
    """A line of figures, with the bound it is held against."""
    within = "" if bound is None else f"   bound {bound:.0f}: {'kept' if statistics.median(values) <= bound else 'missed'}"
    print(f"{name:<46} median {statistics.median(values):7.0f} ms   worst {max(values):7.0f} ms{within}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default="scenarios/western_balkans_2017.yaml")
    parser.add_argument("--presses", type=int, default=10)
    given = parser.parse_args()
    print(f"{given.scenario}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with served(Path(given.scenario)) as site, browser() as chromium:
        began = time.monotonic()
        page = page_of(chromium, site)
        page.wait_for_function(READY)
        print(f"{'from an unknown scenario to 500 runs painted':<46} {1000 * (time.monotonic() - began):7.0f} ms")
        waited = estimates_ready(page, site.session, 300)
        print(f"{'every lever tried beforehand after':<46} {1000 * waited:7.0f} ms more")
        paints = []
        for _ in range(3):
            again = page_of(chromium, site)
            again.wait_for_function("() => performance.getEntriesByName('painted').length")
            again.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
            paints.append(again.evaluate(FIRSTS))
            again.close()
        told("first paint of the page", [first for first, _ in paints], 2000)
        told("first fan", [fan for _, fan in paints], 2000)
        found = presses(page, given.presses)
        kinds = sorted({f"{each['runs']} {'estimated' if each['estimate'] else 'simulated'}" for each in found})
        told(f"pulled slider to painted fan ({', '.join(kinds)})", [each["ms"] for each in found], 300)
        resting = rests(page, 3)
        told(f"resting slider to first {resting[0]['first_runs']} simulated", [each["first"] for each in resting])
        told("resting slider to all histories", [each["all"] for each in resting], 1500)


if __name__ == "__main__":
    main()
