"""The pictures of the live page that the docs show: three widths, light and dark, and its other charts.

Run: python -m tests.dashboard.pictures [FOLDER]. Needs playwright and a Chromium; by default writes into docs/pictures/dashboard.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tests.dashboard.browser import Site, browser, page_of, served
from tests.dashboard.worlds import BALKANS, ROOT

FOLDER = ROOT / "docs" / "pictures" / "dashboard"
MOVED = "#set=effort-eu:0.5,media:2&country=montenegro"
SIZES = {"desk": (1440, 900), "tablet": (768, 1024), "phone": (390, 844)}
# Colours of a picture's palette: the page has few, and a picture of it then takes a third of the room.
COLOURS = 256


@dataclass(frozen=True)
class Shot:
    """One picture: what the page is asked for, in which window, and what is scrolled to."""

    name: str
    at: str = MOVED
    size: str = "desk"
    dark: bool = False
    to: str = ""


SHOTS = (
    *(Shot(f"{size}_{'dark' if dark else 'light'}", size=size, dark=dark) for size in SIZES for dark in (False, True)),
    Shot("phone_levers", size="phone", to="#lever-effort-eu"),
    Shot("all_countries", "#measure=alignment&holder=russia&country=serbia&chart=all&set=effort-russia:0.5"),
    Shot("history", f"{MOVED}&run=3"),
    Shot("map_and_ladder", "#set=eu_consistency:2&measure=position&holder=eu&country=albania&shown=change", to="#months"),
)


def taken(chromium: Any, site: Site, shot: Shot) -> bytes:
    """A picture of the page, once all histories are painted."""
    width, height = SIZES[shot.size]
    page = page_of(chromium, site, shot.at, width=width, height=height, dark=shot.dark)
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function("() => document.querySelector('#progress[data-done]')")
    if "run=" in shot.at:
        page.wait_for_selector("#history ol li")
    if shot.to:
        page.evaluate("(to) => document.querySelector(to).scrollIntoView({ block: to === '#months' ? 'start' : 'center' })", shot.to)
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    picture: bytes = page.screenshot()
    page.context.close()
    return picture


def small(picture: bytes) -> bytes:
    """The same picture with a palette."""
    made = io.BytesIO()
    full = Image.open(io.BytesIO(picture)).convert("RGB")
    # The method that keeps small marks of a colour of their own.
    full.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(made, "PNG", optimize=True)
    return made.getvalue()


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with served(BALKANS) as site, browser() as chromium:
        for shot in SHOTS:
            (folder / f"{shot.name}.png").write_bytes(small(taken(chromium, site, shot)))
            print(folder / f"{shot.name}.png")


if __name__ == "__main__":
    main()
