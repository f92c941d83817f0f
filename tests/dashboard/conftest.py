"""One server and one browser for all tests of the page, and the mark by which they can be left out."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.dashboard.browser import Site, browser, chromium_path, page_of, served
from tests.dashboard.worlds import FAULTY, HOSTILE, folder_with, spoken_by_strangers

PAYLOADS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "'\"><svg onload=window.pwned=1>",
    "go to javascript:window.pwned=1 //",
    "</script><script>window.pwned=1</script>",
    "</title><iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "{{7*7}} ${window.pwned=1} #{7*7} %s %(x)s",
    "<a href='javascript:window.pwned=1' autofocus onfocus=window.pwned=1>x</a>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example><link rel=stylesheet href=//evil.example/x.css>",
    "<math><mtext><option><img src=x onerror=window.pwned=1>",
    '=HYPERLINK("http://evil.example","x")&amp;&lt;script&gt;`${1}`',
)


def pytest_configure(config: pytest.Config) -> None:
    """The mark of tests that need a browser: `-m "not browser"` leaves them out."""
    config.addinivalue_line("markers", "browser: drives the live page in a real Chromium")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the tests of one file: while it is open its loop runs, and no other may be started in this process."""
    if chromium_path() is None:
        pytest.skip("NO BROWSER: the live page is not tested; apt-get install chromium, or name one in SUASION_CHROMIUM")
    try:
        import playwright  # noqa: F401
    except ImportError:
        pytest.skip("NO BROWSER DRIVER: the live page is not tested; pip install playwright")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with browser() as made:
            yield made


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("scenarios")
    strangers = {f"stranger_{place}": spoken_by_strangers(payload) for place, payload in enumerate(PAYLOADS)}
    with served(folder_with(folder, faulty=FAULTY, hostile=HOSTILE, **strangers)) as made:
        yield made


@pytest.fixture
def folder(site: Site) -> Path:
    """Where the site's scenarios lie."""
    return site.session.folders.here


@pytest.fixture
def page(chromium: Any, site: Site) -> Iterator[Any]:
    """A page of the small world, painted; afterwards no other host was asked, and nothing complained."""
    made = page_of(chromium, site)
    settled(made)
    yield made
    assert made.strangers == [] and made.complaints == [] and made.dialogs == []
    made.context.close()


def settled(page: Any) -> None:
    """Waits until all histories of what was asked for are painted."""
    page.wait_for_function(
        "() => document.querySelector('#progress[data-done]') && !document.querySelector('#page[data-stale]')"
        " && !document.querySelector('.waiting')"
        " && performance.getEntriesByName('painted').length",
    )
