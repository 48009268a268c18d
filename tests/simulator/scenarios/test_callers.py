"""Classes of callers."""

from __future__ import annotations

from scenario_texts import spec_of


def test_what_is_not_written_is_ordinary() -> None:
    one = spec_of("caller_classes: [{name: key, share: 0.1, priority: 3}]").caller_classes[0]
    assert (one.priority, one.ahead_s, one.balk_share) == (3, 0.0, 0.0)
    assert one.patience is None and one.redial is None and one.talk == {}
