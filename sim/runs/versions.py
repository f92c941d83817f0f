"""Which program and libraries made a result."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = ("mesa", "numpy", "scipy", "pandas", "pyarrow", "matplotlib", "pydantic", "PyYAML")


def versions() -> dict[str, str]:
    """Versions of Suasion, Python and the libraries that results rest on."""
    return {"suasion": program_version(), "python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def program_version() -> str:
    """Version of the installed distribution, or of nothing when it is not installed."""
    try:
        return version("suasion")
    except PackageNotFoundError:
        return "not installed"
