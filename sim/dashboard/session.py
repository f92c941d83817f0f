"""What the page asks for while it is open: scenarios, histories under a setting, one history told, and a file that says the same."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.dashboard.answers import Answer, Answers
from sim.dashboard.describing import description, faults_told
from sim.dashboard.desk import NOW, Desk
from sim.dashboard.estimates import Estimates
from sim.dashboard.folder import Folders
from sim.dashboard.frames import frame
from sim.dashboard.looks import Look, View, view_of
from sim.dashboard.one_history import told_history
from sim.dashboard.opened import Opened, opened
from sim.dashboard.setting import BASELINE, NoSuchSetting, Setting
from sim.dashboard.stepping import Order
from sim.record import Record
from sim.runs.blocks import Block
from sim.runs.ensemble import together
from sim.scenario.faults import ScenarioFaults

# Scenarios that stay open; a page that comes back to one forgotten is told to open it again.
MOST_OPEN = 2


@dataclass(frozen=True)
class Table:
    """One open scenario with its answers and its estimates."""

    opened: Opened
    answers: Answers
    estimates: Estimates

    @cached_property
    def described(self) -> dict[str, Any]:
        """What the page is told of the scenario."""
        return description(self.opened)


@dataclass(frozen=True)
class Wish:
    """Histories that the page wants to see: under a setting, against another, in a view; `hasty` while a slider is being pulled;
    `has_estimate` when an estimate of the very same is painted already."""

    table: Table
    setting: Setting
    against: Setting
    view: View
    hasty: bool
    has_estimate: bool


class Session:
    """One server's memory: the desk of workers and the scenarios that are open. It lives and dies with the server."""

    def __init__(self, folders: Folders, first: str) -> None:
        self.folders, self._first = folders, first
        self.desk = Desk()
        self.tables: OrderedDict[str, Table] = OrderedDict()
        # Begun before anybody asks, so that the first look finds something.
        self._begun = asyncio.create_task(self._table_of(first))
        # What is wrong with the file is told when the page asks for it.
        self._begun.add_done_callback(lambda task: task.cancelled() or task.exception())

    def close(self) -> None:
        """Ends the workers."""
        self._begun.cancel()
        self.desk.close()

    @property
    def estimated(self) -> float:
        """How much of the newest scenario's levers has been tried beforehand, from 0 to 1."""
        newest = next(reversed(self.tables.values()), None)
        return newest.estimates.share if newest is not None else 0.0

    async def open(self, given: dict[str, Any]) -> dict[str, Any]:
        """A scenario described, or its faults; and the files there are."""
        name = given.get("file") or self._first
        files = {"files": self.folders.names()}
        if not isinstance(name, str) or len(name) > 400:
            raise NoSuchSetting("a file is called here/NAME.yaml or shipped/NAME.yaml")
        try:
            table = await self._table_of(name)
        except ScenarioFaults as faults:
            return {"wrong": faults_told(name, faults), **files}
        return {"scenario": await asyncio.to_thread(lambda: table.described), **files}

    async def _table_of(self, name: str) -> Table:
        """The table of a file, laid when it is first asked for and again when what it says has changed."""
        scenario = await asyncio.to_thread(self.folders.read, name)
        known = self.tables.get(name)
        if known is not None and known.opened.scenario == scenario:
            self.tables.move_to_end(name)
            return known
        made = await asyncio.to_thread(opened, scenario, name)
        if name in self.tables and self.tables[name].opened.scenario == scenario:
            return self.tables[name]
        answers = Answers(made, self.desk)
        table = Table(made, answers, Estimates(answers, self.desk))
        self.tables[name] = table
        # Watched for good: the baseline is wanted whatever else is.
        answers.watch(BASELINE)
        table.estimates.begin()
        forgotten = [known] if known is not None else []
        while len(self.tables) > MOST_OPEN:
            forgotten.append(self.tables.popitem(last=False)[1])
        for each in forgotten:
            each.estimates.close()
            each.answers.close()
        return table

    def _table(self, given: dict[str, Any]) -> Table:
        found = next((table for table in self.tables.values() if table.opened.key == given.get("key")), None)
        if found is None:
            raise NoSuchSetting("this scenario is no longer open; load the page again")
        return found

    def wish(self, given: dict[str, Any]) -> Wish:
        """What the page wants to see.

        Raises: NoSuchSetting.
        """
        table = self._table(given)
        panel = table.opened.panel
        setting, against = panel.setting(given.get("setting", {})), panel.setting(given.get("against", {}))
        view, flags = view_of(given.get("view"), table.opened.scenario), [given.get(flag) is True for flag in ("hasty", "has_estimate")]
        return Wish(table, setting, against, view, *flags)

    async def frames(self, wish: Wish) -> AsyncIterator[bytes]:
        """What is known of a wish, better and better: an estimate or the first runs at once where they are, then more runs."""
        table, answers = wish.table, wish.table.answers
        if not wish.has_estimate and (quick := await self._estimate(wish)) is not None:
            yield await asyncio.to_thread(_framed, quick, table.opened.runs, False)
            if wish.hasty:
                return
        pieces = 1 if wish.hasty else None
        one = answers.watch(wish.setting, pieces)
        other = one if wish.against == wish.setting else answers.watch(wish.against, pieces)
        try:
            async for look, whole in _growing(wish, one, other):
                yield await asyncio.to_thread(_framed, look, table.opened.runs, whole)
                if wish.hasty:
                    return
            error = one.error or other.error
            if error:
                yield frame({"failed_because": error}, {})
        finally:
            answers.leave(one)
            if other is not one:
                answers.leave(other)

    async def _estimate(self, wish: Wish) -> Look | None:
        """What can be said of a setting at once: nothing where its histories are known, or where too little has been tried."""
        table = wish.table
        known, against = (table.answers.known.get(setting) for setting in (wish.setting, wish.against))
        if (known is not None and known.blocks) or against is None or 0 not in against.blocks:
            return None
        table.estimates.hasten(wish.setting)
        made = await asyncio.to_thread(table.estimates.record, wish.setting, wish.view.needs)
        if made is None:
            return None
        return Look(wish.view, made, table.answers.record(against, [0]), estimate=True)

    async def chronicle(self, given: dict[str, Any]) -> dict[str, Any]:
        """One history under a setting, simulated again and told month by month."""
        table = self._table(given)
        setting, run = table.opened.panel.setting(given.get("setting", {})), given.get("run")
        if isinstance(run, bool) or not isinstance(run, int) or not 0 <= run < table.opened.runs:
            raise NoSuchSetting(f"histories are numbered from 0 to {table.opened.runs - 1}")
        view = view_of(given.get("view"), table.opened.scenario)
        record = await self._one_run(table, setting, run)
        return await asyncio.to_thread(told_history, record, run, view)

    async def _one_run(self, table: Table, setting: Setting, run: int) -> Record:
        opened, loop = table.opened, asyncio.get_running_loop()
        done: asyncio.Future[tuple[Block | None, str]] = loop.create_future()

        def told(block: Block | None, error: str) -> None:
            loop.call_soon_threadsafe(_settled, done, block, error)

        lanes = opened.panel.lanes(setting, np.array([run], dtype=np.int64))
        job = self.desk.ask(opened.world, Order(0, opened.key, opened.seed, lanes, run, True, opened.kept), NOW, told)
        try:
            block, error = await done
        finally:
            self.desk.drop(job)
        if block is None:
            raise NoSuchSetting(error)
        return together(opened.scenario, opened.seed, opened.world.settled, [block])

    async def yaml(self, given: dict[str, Any]) -> dict[str, Any]:
        """A scenario file that makes the histories of a setting."""
        opened = self._table(given).opened
        setting = opened.panel.setting(given.get("setting", {}))
        return {"yaml": opened.panel.yaml(setting, opened.file, (opened.runs, opened.seed)), "words": opened.panel.spoken(setting)}


async def _growing(wish: Wish, one: Answer, other: Answer) -> AsyncIterator[tuple[Look, bool]]:
    """Looks at two answers, each time more of both is there; whether that is all of it."""
    answers, painted = wish.table.answers, frozenset[int]()
    while len(painted) < len(one.cuts):
        changes = (one.change, other.change)
        both = one.pieces & other.pieces
        if len(both) > len(painted):
            painted = both
            now = await asyncio.to_thread(answers.record, one, both)
            base = now if other is one else await asyncio.to_thread(answers.record, other, both)
            # More may have come while this was put together, so only what is painted says whether it is all.
            yield Look(wish.view, now, base), len(painted) == len(one.cuts)
            continue
        if one.error or other.error:
            return
        waits = [asyncio.create_task(change.wait()) for change in changes]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()


def _settled(done: asyncio.Future[tuple[Block | None, str]], block: Block | None, error: str) -> None:
    """Gives a result to whoever still waits for it."""
    if not done.done():
        done.set_result((block, error))


def _framed(look: Look, of: int, whole: bool) -> bytes:
    """A look as a frame."""
    words, arrays = look.painted()
    return frame({**words, "of": of, "done": whole}, arrays)
