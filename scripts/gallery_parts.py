"""Gallery: what its page is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Picture:
    """A chart on the page: its module, what it answers, and the code that draws it and makes its table."""

    chart: str
    question: str
    words: str
    draw: str
    data: str

    @property
    def heading(self) -> str:
        """Its name as a heading."""
        return self.chart.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Section:
    """Charts of one kind of result, and the code that makes it; `files` are written before that code is run.

    Where it `leads_on`, later sections need what its code makes, so it is run even when none of its charts is asked for.
    """

    heading: str
    words: str
    code: str
    pictures: tuple[Picture, ...]
    files: tuple[tuple[str, str], ...] = ()
    command: str = ""
    leads_on: bool = False
