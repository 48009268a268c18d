"""What every kind of document shares: strictness, names, numbers, times of day.

Rule of this file: shapes only. Unknown keys are errors, values are never converted, numbers have
bounds and units.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from routing_policies.field_texts import field_texts
from routing_policies.shapes import (
    DOMAIN,
    DOMAIN_PATTERN,
    NAME,
    NAME_IN_WORDS,
    NAME_PATTERN,
    is_name,
    shape,
)

API_VERSION = "nirc/v1"
ANY_SITE = "*"


def _pattern(pattern: str) -> Any:
    """What editors check by; what a person reads stands in the shape."""
    return Field(json_schema_extra={"pattern": f"^(?:{pattern})$"})


_NUMBER = r"\+?[0-9*#]{1,32}"
_NUMBER_PREFIX = r"\+?[0-9#]{1,32}\*?|\+?\*"
_TIME_OF_DAY = r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00"
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = _DATE + r"T[0-2][0-9]:[0-5][0-9](:[0-5][0-9])?"
_TIME_ZONE = r"[A-Za-z0-9_+/-]{1,64}"

Name = Annotated[str, NAME, _pattern(NAME_PATTERN)]
BY_NAME = Field(json_schema_extra={"propertyNames": {"pattern": f"^{NAME_PATTERN}$"}})
"Marks mappings whose keys are names."
SiteOrAny = Annotated[
    str,
    shape(f"* or {NAME_IN_WORDS}", lambda text: text == ANY_SITE or is_name(text)),
    _pattern(rf"\*|{NAME_PATTERN}"),
]
QueueOrAny = SiteOrAny
Number = Annotated[
    str,
    shape(
        "a telephone number: 1 to 32 of the digits, * and #, with or without + before them",
        re.compile(_NUMBER).fullmatch,
    ),
    _pattern(_NUMBER),
]
NumberPrefix = Annotated[
    str,
    shape(
        "a telephone number, or the beginning of one with * behind it, such as +351210*",
        re.compile(_NUMBER_PREFIX).fullmatch,
    ),
    _pattern(_NUMBER_PREFIX),
]
TimeZone = Annotated[
    str,
    shape("a time zone such as Europe/Lisbon", re.compile(_TIME_ZONE).fullmatch),
    _pattern(_TIME_ZONE),
]
TimeOfDay = Annotated[
    str,
    shape('a time of day in quotes, "00:00" to "24:00"', re.compile(_TIME_OF_DAY).fullmatch),
    _pattern(_TIME_OF_DAY),
]
Date = Annotated[
    str,
    shape('a date in quotes, such as "2026-12-24"', re.compile(_DATE).fullmatch),
    _pattern(_DATE),
]
Moment = Annotated[
    str,
    shape(
        'a local date and time in quotes, such as "2026-12-24T18:00:00"',
        re.compile(_MOMENT).fullmatch,
    ),
    _pattern(_MOMENT),
]
Domain = Annotated[str, DOMAIN, _pattern(DOMAIN_PATTERN)]
Words = Annotated[str, Field(max_length=2000)]
ExpressionText = Annotated[str, Field(min_length=1, max_length=2000)]
"An expression of the policy language; typed and checked by `expressions`."
Expression = ExpressionText | bool | int | float
"YAML gives plain numbers and true/false as such: they are expressions too."
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Priority = Annotated[int, Field(ge=0, le=10)]
Method = Literal["redirect_302", "refer", "refer_replaces", "bridge", "translation_route"]


class Strict(BaseModel):
    """What every part of a document shares: nothing unknown, nothing converted, nothing changed."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        defer_build=True,
    )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A schema's fields are described by the texts under them."""
        drawn = handler(core_schema)
        fields = handler.resolve_ref_schema(drawn).get("properties", {})
        for name, text in field_texts(cls).items():
            known = cls.model_fields.get(name)
            if known is not None and (drawn_field := fields.get(known.alias or name)) is not None:
                drawn_field.setdefault("description", text)
        return drawn


class Metadata(Strict):
    """Who this document is."""

    name: Name


class AnyDocument(Strict):
    """The outside of every document."""

    apiVersion: Literal["nirc/v1"]
    metadata: Metadata

    @property
    def name(self) -> str:
        """The document's own name."""
        return self.metadata.name
