"""What may be asked of policies over HTTP."""

import pytest
from pydantic import ValidationError

from nrcli.wire import policy_models as models


def test_unknown_keys_and_unnamed_authors_are_refused() -> None:
    for wrong in ({"text": "t"}, {"author": "", "text": "t"}, {"author": "a", "text": "t", "x": 1}):
        with pytest.raises(ValidationError):
            models.PublishPolicy.model_validate(wrong)


def test_answers_may_grow() -> None:
    said = {"policy": "p", "live": 1, "newest": 1, "more": 1}
    assert models.PolicyStatus.model_validate(said).shadow == 0


def test_bounds_of_a_dry_run() -> None:
    assert models.DryRun(origin="lisbon", service="sales").interaction_id == "dry-run"
    for wrong in (
        {"origin": "A b", "service": "s"},
        {"origin": "a", "service": "s", "waited_s": -1},
    ):
        with pytest.raises(ValidationError):
            models.DryRun.model_validate(wrong)
