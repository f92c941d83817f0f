"""What all tests share: how hard Hypothesis tries, and how long it may."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

# `ci` reports the first failure as it stands; `laws` has the time to make it small. Neither explains, which traces every line.
_ALWAYS = settings(
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.register_profile("ci", _ALWAYS, max_examples=30, phases=(Phase.explicit, Phase.generate))
settings.register_profile("laws", _ALWAYS, max_examples=500, phases=(Phase.explicit, Phase.generate, Phase.shrink))
settings.load_profile("ci")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what takes minutes unless it is asked for; gives laws half an hour each where many examples are asked for."""
    if "slow" not in config.option.markexpr:
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="takes minutes; run it by -m slow"))
    if settings.get_profile("laws").max_examples == settings().max_examples:
        for item in items:
            if item.get_closest_marker("laws"):
                item.add_marker(pytest.mark.timeout(1800))
