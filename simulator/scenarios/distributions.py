"""Distributions of times, as scenarios write them.

Rule of this file: exactly one form is given (`checks` looks); nothing is drawn here.

    talk: {sales: {lognormal: {mean_s: 180, sd_s: 200}}}
    patience: {mixture: [{share: 0.9, of: {exponential: {mean_s: 120}}},
                         {share: 0.1, of: {constant: {value_s: 30}}}]}
    patience: never
"""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from routing_policies.kinds_base import Strict

SECONDS_MAX = 604_800.0
"Longest time that a distribution may name: a week."
VALUES_MAX = 50_000
"Most values written out in an empirical distribution; a file may hold more."
Positive = Annotated[float, Field(gt=0, le=SECONDS_MAX)]
NotNegative = Annotated[float, Field(ge=0, le=SECONDS_MAX)]
FileName = Annotated[str, Field(min_length=1, max_length=500)]
"Path of a file, from the scenario's folder."
WORDS = "a distribution such as exponential: {mean_s: 120}"


class Constant(Strict):
    """Always the same."""

    value_s: NotNegative


class Exponential(Strict):
    """Exponential."""

    mean_s: Positive


class MeanAndSpread(Strict):
    """A distribution given by its own mean and standard deviation (not those of the logarithm)."""

    mean_s: Positive
    sd_s: Positive
    "Standard deviation."


class Uniform(Strict):
    """Anything between two times alike."""

    from_s: NotNegative
    to_s: Positive


class Empirical(Strict):
    """One of the values that were seen, each alike. Values, or the column of a CSV file."""

    values_s: Annotated[tuple[NotNegative, ...], Field(max_length=VALUES_MAX)] = ()
    file: FileName | None = None
    "CSV file with a heading, from the scenario's folder; gzipped if it ends in .gz."
    column: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class Never(Strict):
    """It does not happen."""


class Share(Strict):
    """A part of a mixture."""

    share: Annotated[float, Field(gt=0, le=1)]
    of: Distribution


class Distribution(Strict):
    """Exactly one form; or the word `never`, for patience."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    constant: Constant | None = None
    exponential: Exponential | None = None
    lognormal: MeanAndSpread | None = None
    gamma: MeanAndSpread | None = None
    uniform: Uniform | None = None
    empirical: Empirical | None = None
    mixture: Annotated[tuple[Share, ...], Field(min_length=1, max_length=20)] | None = None
    "Each part with its share; the shares add up to 1."
    never: Never | None = None
    "Written as the word `never`: the caller waits for ever."

    @model_validator(mode="before")
    @classmethod
    def _word(cls, value: object) -> object:
        if value == "never":
            return {"never": {}}
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            raise PydanticCustomError("shape", "should be {words}", {"words": WORDS})
        return value

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms that are given; one, if all is well."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) is not None)


NO_TIME = Distribution(constant=Constant(value_s=0.0))
NEVER = Distribution(never=Never())


def exponential(mean_s: float) -> Distribution:
    """Exponential with a mean."""
    return Distribution(exponential=Exponential(mean_s=mean_s))
