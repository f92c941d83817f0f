"""The kinds of value a scenario is made of: ids, texts, months, and numbers with their bounds and units."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sim.scenario.distributions import Quantity, Within

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,31}$")]
Text = Annotated[str, Field(max_length=200, pattern=r"^[^\n\t]*$")]
Prose = Annotated[str, Field(max_length=2000)]
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Path = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]+$", max_length=200)]

Share = Annotated[Quantity, Within(0, 1, "share")]
Signed = Annotated[Quantity, Within(-1, 1, "share, signed")]
Weight = Annotated[Quantity, Within(-100, 100, "weight")]
Amount = Annotated[Quantity, Within(0, 1e6)]
Positive = Annotated[Quantity, Within(1e-6, 1e6)]
Months = Annotated[Quantity, Within(0.1, 1200, "months")]
Interior = Annotated[Quantity, Within(0.001, 0.999, "share")]
LogOdds = Annotated[Quantity, Within(-1e3, 1e3, "log-odds")]


class Part(BaseModel):
    """A mapping of a scenario: no unknown keys, no silent conversion, never changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
