"""What many tests of mechanisms share: the default scenario's first three years, run once."""

from __future__ import annotations

import pytest

from tests.mechanisms.arms import History, history, scenario_of


@pytest.fixture(scope="session")
def usual() -> History:
    """The default scenario as it is."""
    return history(scenario_of())
