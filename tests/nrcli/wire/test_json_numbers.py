"""A whole number is what JSON says it is."""

import json
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from nrcli.wire.json_numbers import WHOLE


class Model(BaseModel):
    model_config = ConfigDict(strict=True)

    count: Annotated[int, Field(ge=0), WHOLE] | None = None


@pytest.mark.parametrize("text", ["2", "2.0", "2e0"])
def test_the_same_number_however_it_is_written(text: str) -> None:
    assert Model.model_validate_json(f'{{"count": {text}}}').count == 2


@pytest.mark.parametrize("text", ["true", '"2"', "2.5", "[2]", "1e400"])
def test_anything_else_is_no_whole_number(text: str) -> None:
    with pytest.raises(ValidationError):
        Model.model_validate_json(f'{{"count": {text}}}')


def test_bounds_stand_in_the_schema() -> None:
    assert '"minimum": 0' in json.dumps(Model.model_json_schema())
