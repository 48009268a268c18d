"""What is said of a call."""

from nrcli.wire.explanation_models import Explanation


def test_a_client_ignores_what_it_does_not_know() -> None:
    said = {"call": "c", "interaction_id": "i", "headline": "h", "story": ["a"], "more": 1}
    assert Explanation.model_validate(said).story == ("a",)
