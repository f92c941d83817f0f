"""The live page: levers, charts, a map and a story over live ensembles, served to this machine only."""

from __future__ import annotations

from pathlib import Path


def serve(scenario_path: str | Path, port: int | None = None, open_browser: bool = True) -> None:
    """Serves the live page of a scenario on this machine until it is stopped; see sim/dashboard/server.py."""
    from sim.dashboard.server import serve as served

    served(scenario_path, port, open_browser)
