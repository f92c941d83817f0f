"""A server of the page and a real browser that may look at nothing else, for tests and for the benchmark of the page."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

from sim.dashboard.application import application
from sim.dashboard.folder import folders_of
from sim.dashboard.guard import Door
from sim.dashboard.server import Server, listening
from sim.dashboard.session import Session

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
# A busy machine is slow, and that is no fault of the page. Units: milliseconds.
PATIENCE = 300_000
# What is wrong with how a page looks, as a script that says it.
LOOKING = (Path(__file__).parent / "looking.js").read_text(encoding="utf-8")
NAMES = ("chromium", "chromium-browser", "google-chrome")


def chromium_path() -> str | None:
    """Where a Chromium is, if there is one: SUASION_CHROMIUM, or one of the usual names."""
    return os.environ.get("SUASION_CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass(frozen=True)
class Site:
    """A server that runs: its address, its door and its session."""

    address: str
    door: Door
    session: Session


@contextmanager
def served(scenario: Path) -> Iterator[Site]:
    """Serves a scenario's page from a thread of this process."""
    folders, first = folders_of(scenario)
    bound = listening(0)
    port = bound.getsockname()[1]
    door, seen = Door(port), list[Session]()
    config = uvicorn.Config(application(folders, door, first, seen), log_level="error", access_log=False, ws="none", lifespan="on")
    server = Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[bound])), daemon=True)
    thread.start()
    while not server.started:
        if not thread.is_alive():
            raise RuntimeError("the server did not start")
    try:
        yield Site(f"http://127.0.0.1:{port}/", door, seen[0])
    finally:
        server.should_exit = True
        thread.join(10)
        bound.close()


@contextmanager
def browser() -> Iterator[Any]:
    """A Chromium without a window. Warnings of the driver's own are not this program's."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        try:
            yield chromium
        finally:
            chromium.close()


def page_of(chromium: Any, site: Site, at: str = "", *, width: int = 1440, height: int = 900, dark: bool = False) -> Any:
    """A fresh page at an address of the site, cut off from every other host; `strangers` and `complaints` on it say what went wrong."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", accept_downloads=True
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.strangers, page.complaints, page.dialogs = [], [], []

    def routed(route: Any) -> None:
        if route.request.url.startswith((site.address, "data:", "blob:")):
            route.continue_()
        else:
            page.strangers.append(route.request.url)
            route.abort()

    def dialog(box: Any) -> None:
        page.dialogs.append(box.message)
        box.dismiss()

    context.route("**/*", routed)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda message: page.complaints.append(message.text) if message.type in ("error", "warning") else None)
    page.on("dialog", dialog)
    page.goto(site.address + at)
    return page
