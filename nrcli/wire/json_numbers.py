"""Whole numbers as JSON knows them: 2 and 2.0 are the same number, true and "2" are none.

Rule of this file: for fields of strict models. Source: JSON Schema 2020-12, section 4.2.3.
"""

from pydantic import BeforeValidator


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""The last of what stands in `Annotated[int, ...]`, so that bounds come into the JSON Schema."""
