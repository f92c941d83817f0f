"""The pictures of the page in the docs: all are shown, all can be taken anew, and they stay small."""

from __future__ import annotations

import re

from tests.dashboard.pictures import FOLDER, SHOTS
from tests.dashboard.worlds import ROOT

MOST_BYTES = 2_000_000


def test_the_docs_show_every_picture_that_is_taken_and_no_other() -> None:
    shown = re.findall(r"\(pictures/dashboard/(\w+)\.png\)", (ROOT / "docs" / "dashboard.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(shot.name for shot in SHOTS) == sorted(path.stem for path in FOLDER.iterdir())


def test_the_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < MOST_BYTES
