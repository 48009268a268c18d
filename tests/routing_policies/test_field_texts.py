"""Texts under fields are found in the source, parents' fields included."""

from __future__ import annotations

from routing_policies.field_texts import field_texts
from routing_policies.kinds_base import Metadata, Strict


class Parent(Strict):
    """A model."""

    first: int = 0
    "Of the parent,\n    on two lines."
    second: int = 0
    third: int = 0
    "Of the parent."


class Child(Parent):
    """Another."""

    third: int = 0
    "Of the child."
    fourth: str = ""


def test_a_child_says_more_than_its_parent() -> None:
    assert field_texts(Child) == {
        "first": "Of the parent,\non two lines.",
        "third": "Of the child.",
    }


def test_a_model_without_texts_has_none() -> None:
    assert field_texts(Metadata) == {}


def test_a_schema_describes_its_fields() -> None:
    drawn = Child.model_json_schema()["properties"]
    assert drawn["third"]["description"] == "Of the child."
    assert "description" not in drawn["second"]
