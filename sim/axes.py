"""Names of the axes that arrays have, in the one order they come in, and the shapes built from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

# Every array's axes are a selection of these, in this order; 'run' is always last and may have length 1.
# instrument: a power's use of one channel; side: the blocs and the country itself; rung: a stage by its place on the ladder;
# seat: a member by its place in an institution.
ORDER = (
    "deed",
    "dispute",
    "event",
    "linkage",
    "institution",
    "gate",
    "instrument",
    "power",
    "bloc",
    "side",
    "relay",
    "country",
    "channel",
    "rung",
    "seat",
    "driver",
    "condition",
    "run",
)

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Axes:
    """Marks an array with its axes; `run` need not be said."""

    names: tuple[str, ...]

    def __init__(self, *names: str) -> None:
        object.__setattr__(self, "names", names)


Run = Annotated[Array, Axes()]
PerInstrument = Annotated[Array, Axes("instrument")]
InstrumentCountry = Annotated[Array, Axes("instrument", "country")]
PerPower = Annotated[Array, Axes("power")]
PowerCountry = Annotated[Array, Axes("power", "country")]
BlocCountry = Annotated[Array, Axes("bloc", "country")]
SideCountry = Annotated[Array, Axes("side", "country")]
PerCountry = Annotated[Array, Axes("country")]
PerInstitution = Annotated[Array, Axes("institution")]
InstitutionCountry = Annotated[Array, Axes("institution", "country")]
PerDriver = Annotated[Array, Axes("driver")]
PerCondition = Annotated[Array, Axes("condition")]
PerDispute = Annotated[Array, Axes("dispute")]
