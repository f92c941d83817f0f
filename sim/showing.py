"""How things show themselves in a notebook: as a small page, by a painter that is not loaded before something is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Painter = Callable[[Any], str]
_painters: list[Painter] = []


def paint_with(painter: Painter) -> None:
    """Names who makes the page of whatever is shown from now on; floors below the painter need not know it."""
    _painters[:] = [painter]


class Shown:
    """Something that a notebook shows as a small page, and not as one line of text."""

    def _repr_html_(self) -> str | None:
        """The page as HTML; nothing where nobody paints, so that the notebook falls back on plain text."""
        return _painters[0](self) if _painters else None
