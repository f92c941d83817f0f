"""What a long job says while it works: lines on the terminal, a bar with an estimate where someone watches."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Telling:
    """Talks on stderr; shows a progress bar only on a terminal."""

    def __init__(self, title: str, runs: int) -> None:
        self._console = Console(stderr=True, markup=False, highlight=False, soft_wrap=True)
        counts = (MofNCompleteColumn(), TextColumn("runs"), TextColumn("{task.fields[failed]}"), TimeRemainingColumn())
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), *counts)
        self._bar = Progress(*columns, console=self._console, transient=True, disable=not sys.stderr.isatty())
        self._task = self._bar.add_task(title, total=runs, failed="")

    def say(self, words: str) -> None:
        """One line."""
        self._console.print(words)

    def progress(self, done: int, runs: int, failed: int = 0) -> None:
        """How far the runs have come, and how many of them failed."""
        self._bar.update(self._task, completed=done, total=runs, failed=f"{failed} failed" if failed else "")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()
