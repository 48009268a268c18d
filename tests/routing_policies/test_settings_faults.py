"""A person reads what is wrong with settings in words, with place and line."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from routing_policies.errors import told, where
from routing_policies.settings_faults import (
    FAULTS_TOLD_MAX,
    settings_faults,
    steps_of,
    told_after_the_first,
)
from routing_policies.yaml_reader import read_yaml


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Red(Part):
    kind: Literal["red"]
    depth: Annotated[int, Field(ge=1, le=9)] = 1


class Blue(Part):
    kind: Literal["blue"]
    names: tuple[str, ...] = ()


class Whole(Part):
    colour: Annotated[Red | Blue, Field(discriminator="kind")]
    sizes: dict[str, Annotated[float, Field(gt=0)]] = {}
    level: Literal["low", "high"] = "low"
    on: bool = True
    pairs: tuple[Red, ...] = Field((), max_length=1)


def lines_of(text: str) -> list[str]:
    read = read_yaml(text, source="f")
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(read.value)
    return [told(one) for one in settings_faults(caught.value, read=read, model=Whole, source="f")]


def test_unknown_first_then_missing_then_wrong() -> None:
    assert lines_of("level: middle\ncolor:\n  kind: red\n") == [
        "f:2: color: unknown setting (did you mean colour?)",
        "f:1: colour: is missing (add it)",
        "f:1: level: should be 'low' or 'high', got \"middle\"",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour:\n  kind: red\n  dept: 2\n", "f:3: colour.dept: unknown setting (did you mean d"),
        ("colour:\n  kind: red\n  xyz: 2\n", "f:3: colour.xyz: unknown setting (known here: kind,"),
        ("colour: {kind: red, depth: 10}", "f:1: colour.depth: should be at most 9, got 10"),
        ("colour: {kind: red, depth: x}", 'colour.depth: should be a whole number, got "x"'),
        ("colour: {kind: green}", "colour: kind should be one of 'red', 'blue'"),
        ("colour: {}", "colour: kind is missing"),
        ("colour: 7", "colour: should be a section of its own"),
        ("colour: {kind: blue, names: x}", "colour.names: should be a list"),
        ("colour: {kind: blue, names: [a, 1]}", "colour.names[1]: should be text"),
        ("colour: {kind: red}\non: maybe", "f:2: on: should be true or false"),
        ("colour: {kind: red}\nsizes:\n  big: 0", "f:3: sizes.big: should be above 0, got 0"),
        ("colour: {kind: red}\npairs: [{kind: red}, {kind: red}]", "pairs: takes at most 1"),
    ],
)
def test_every_kind_of_mistake_in_words(text: str, said: str) -> None:
    (line,) = lines_of(text)
    assert said in line and "Input" not in line and "{" not in line


def test_a_long_list_is_cut_and_says_so() -> None:
    read = read_yaml("\n".join(f"wrong{n}: 1" for n in range(30)), source="f")
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(read.value)
    faults: list[Any] = settings_faults(caught.value, read=read, model=Whole, source="f")
    lines = told_after_the_first(faults)
    assert len(lines) == FAULTS_TOLD_MAX and lines[-1] == "and 11 more"


def test_places_and_steps() -> None:
    assert steps_of("queues[0].name") == ("queues", 0, "name")
    assert where("f", 3, "a.b") == "f:3: a.b" and where("f", 0, "") == "f"
