"""A number of a scenario: a value or a distribution, and what supports it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Kind = Literal["fixed", "triangular", "uniform", "normal", "lognormal", "logitnormal"]

# How many numbers each form takes, in the order of the file.
FORMS: dict[Kind, tuple[str, ...]] = {
    "triangular": ("low", "mode", "high"),
    "uniform": ("low", "high"),
    "normal": ("mean", "standard deviation"),
    "lognormal": ("median", "standard deviation of the logarithm"),
    "logitnormal": ("median", "standard deviation in log-odds"),
}
EVIDENCE = r"^[A-Z][0-9]+(-[0-9]+)?$"

Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]
EvidenceReference = Annotated[str, Field(pattern=EVIDENCE)]
# A list in a file, a tuple afterwards.
EvidenceReferences = Annotated[tuple[EvidenceReference, ...], Field(strict=False)]
Pair = Annotated[tuple[Finite, Finite], Field(strict=False)]
Triple = Annotated[tuple[Finite, Finite, Finite], Field(strict=False)]


Level = Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]
Size = Annotated[float, Field(strict=True, ge=0, le=1e6, allow_inf_nan=False)]
Factor = Annotated[float, Field(strict=True, ge=1, le=1e3, allow_inf_nan=False)]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_-]{0,31}$")]


class Coding(BaseModel):
    """The scale of coded numbers: by strength, the mode of a share and the factor of an amount; by sureness, how wide each is drawn."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    share: dict[Word, Level] = {}
    width: dict[Word, Level] = {}
    amount: dict[Word, Size] = {}
    spread: dict[Word, Factor] = {}


class Quantity(BaseModel):
    """A number with its uncertainty and its support.

    In a file it is a bare number, or a mapping with exactly one of `value` (drawn from a triangle over `range` where one is
    given), `triangular`, `uniform`, `normal`, `lognormal`, `logitnormal`. Support is `evidence` (lines of a document: B61-64),
    `record` (publisher, year) or `assumption` (why); an assumption names its range. A number that is `coded` (how strong a source
    says it is) and `sure` (how sure the source is), in units `of` a reference or else a share, gets value and range at reading.

    Raises: a validation error that names the form, when the numbers do not make a distribution.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    value: Finite | None = None
    range: Pair | None = None
    triangular: Triple | None = None
    uniform: Pair | None = None
    normal: Pair | None = None
    lognormal: Pair | None = None
    logitnormal: Pair | None = None
    coded: str | None = Field(default=None, max_length=32)
    sure: str | None = Field(default=None, max_length=32)
    of: Finite | None = None
    evidence: EvidenceReferences = ()
    record: str | None = Field(default=None, max_length=200)
    assumption: str | None = Field(default=None, max_length=200)
    note: str | None = Field(default=None, max_length=200)

    @model_validator(mode="before")
    @classmethod
    def _bare_number(cls, given: Any) -> Any:
        """A bare number is a fixed value."""
        if not isinstance(given, bool) and isinstance(given, Real):
            try:
                return {"value": float(given)}
            except OverflowError:
                return {"value": math.inf}
        return given

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        forms = [name for name in ("value", *FORMS) if getattr(self, name) is not None]
        if self.coded is not None and not forms:
            raise PydanticCustomError("number_form", "a coded number gets its value when a file is read; give a value here")
        if len(forms) != 1:
            told = {"forms": ", ".join(FORMS), "found": ", ".join(forms) or "none"}
            raise PydanticCustomError("number_form", "needs exactly one of value, {forms}, found {found}", told)
        if self.range is not None and (self.value is None or not self.range[0] <= self.value <= self.range[1]):
            raise PydanticCustomError("number_range", "range goes with a value that lies inside it")
        if self.assumption is not None and self.range is None and self.value is not None:
            raise PydanticCustomError("number_range", "an assumption needs its range: range: [low, high]")
        if (self.coded is None) != (self.sure is None) or (self.of is not None and self.coded is None):
            raise PydanticCustomError("number_form", "coded and sure go together, and of goes with them")
        reason = _misshapen(*self.form)
        if reason:
            raise PydanticCustomError("number_range", "{reason}", {"reason": reason})
        return self

    @property
    def form(self) -> tuple[Kind, tuple[float, ...]]:
        """The kind of distribution and its parameters, as FORMS orders them."""
        if self.value is not None:
            if self.range is None or self.range[0] == self.range[1]:
                return "fixed", (self.value,)
            return "triangular", (self.range[0], self.value, self.range[1])
        for kind in FORMS:
            parameters = getattr(self, kind)
            if parameters is not None:
                return kind, tuple(parameters)
        raise AssertionError("a validated number has a form")

    @property
    def reach(self) -> tuple[float, float]:
        """Lowest and highest value that can be drawn."""
        kind, p = self.form
        match kind:
            case "fixed":
                return p[0], p[0]
            case "triangular" | "uniform":
                return p[0], p[-1]
            case "lognormal":
                return (0.0, math.inf) if p[1] > 0 else (p[0], p[0])
            case "logitnormal":
                return (0.0, 1.0) if p[1] > 0 else (p[0], p[0])
            case _:
                return (-math.inf, math.inf) if p[1] > 0 else (p[0], p[0])

    @property
    def is_supported(self) -> bool:
        """Whether document lines, a public record or an assumption stand behind the number."""
        return bool(self.evidence or self.record or self.assumption)

    def median(self) -> float:
        """The value at the middle of the distribution."""
        import numpy as np

        return float(quantiles([self], np.array([[0.5]]))[0, 0])


def fixed(value: float, **support: Any) -> Quantity:
    """A number that is the same in every run."""
    return Quantity(value=value, **support)


def _misshapen(kind: Kind, p: Sequence[float]) -> str:
    """Why these parameters make no distribution, or nothing."""
    match kind:
        case "triangular" | "uniform":
            return "" if list(p) == sorted(p) else f"{kind} needs {' <= '.join(FORMS[kind])}"
        case "normal":
            return "" if p[1] >= 0 else "a standard deviation is 0 or more"
        case "lognormal":
            return "" if p[0] > 0 and p[1] >= 0 else "lognormal needs a median above 0 and a standard deviation of 0 or more"
        case "logitnormal":
            return "" if 0 < p[0] < 1 and p[1] >= 0 else "logitnormal needs a median between 0 and 1 and a standard deviation of 0 or more"
        case _:
            return ""


def quantiles(numbers: Sequence[Quantity], probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """The value of each number at given probabilities: the inverse of its distribution function.

    Shape: probability (number, run) inside (0, 1); gives (number, run).
    Source: closed forms; the normal's inverse is scipy.special.ndtri.
    """
    import numpy as np
    from scipy.special import ndtri

    given = np.empty(np.broadcast_shapes(probability.shape, (len(numbers), 1)))
    forms = [number.form for number in numbers]
    for kind in dict.fromkeys(kind for kind, _ in forms):
        rows = [row for row, (other, _) in enumerate(forms) if other == kind]
        p = [np.array(column)[:, None] for column in zip(*(forms[row][1] for row in rows), strict=True)]
        u = probability[rows]
        match kind:
            case "fixed":
                given[rows] = p[0]
            case "triangular":
                given[rows] = _triangular(p[0], p[1], p[2], u)
            case "uniform":
                given[rows] = p[0] + (p[1] - p[0]) * u
            case "normal":
                given[rows] = p[0] + p[1] * ndtri(u)
            case "lognormal":
                given[rows] = p[0] * np.exp(p[1] * ndtri(u))
            case "logitnormal":
                given[rows] = 1 / (1 + np.exp(-(np.log(p[0] / (1 - p[0])) + p[1] * ndtri(u))))
    return given


def _triangular(low: Floats, mode: Floats, high: Floats, u: Floats) -> Floats:
    """Inverse of the triangular distribution function."""
    import numpy as np

    span = np.maximum(high - low, 1e-300)
    rising = low + np.sqrt(u * span * (mode - low))
    falling = high - np.sqrt((1 - u) * span * (high - mode))
    return np.where(u * span <= mode - low, rising, falling)


@dataclass(frozen=True)
class Within:
    """Bounds and unit of a number in the schema; every value it can take lies between them."""

    low: float
    high: float
    unit: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "minimum": self.low, "maximum": self.high}

    def checked(self, number: Quantity) -> Quantity:
        """The number itself, if it lies inside the bounds."""
        low, high = number.reach
        if not (self.low <= low and high <= self.high):
            found = f"{low:g}" if low == high else f"{low:g} to {high:g}"
            told = {"low": f"{self.low:g}", "high": f"{self.high:g}", "found": found}
            raise PydanticCustomError("number_bounds", "must be a number from {low} to {high}, found {found}", told)
        return number
