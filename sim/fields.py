"""How a parameter says where in a scenario it comes from."""

from __future__ import annotations

from dataclasses import field
from typing import Any


def per(template: str, *axes: str, absent: float = 0.0, starts: str = "") -> Any:
    """A field filled from a YAML path; `absent` stands where a file says nothing, `starts` names the variable whose start it is."""
    return field(metadata={"template": template, "axes": axes, "absent": absent, "starts": starts})
