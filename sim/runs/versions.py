"""Which program, libraries and processor made a result."""

from __future__ import annotations

import platform
from functools import cache
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


def cpu_features() -> str:
    """The processor's features that NumPy found and uses, beyond none: "X86_V2 X86_V3 X86_V4".

    Under others, exp, log and power change their last bit. Those switched off by NPY_DISABLE_CPU_FEATURES are not named.
    """
    import numpy as np

    found = np.show_config(mode="dicts")["SIMD Extensions"]
    return " ".join([*found.get("baseline", ()), *found.get("found", ())])


def makers() -> dict[str, str]:
    """All that the last bit of a result may hang on: versions, and the processor as NumPy found it."""
    return dict(_makers())


@cache
def _makers() -> dict[str, str]:
    return {**versions(), "processor": f"{platform.machine()} {cpu_features()}".strip()}
