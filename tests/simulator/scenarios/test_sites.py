"""Sites as they are written."""

from __future__ import annotations

from scenario_texts import spec_of


def test_a_short_site_has_two_trunk_groups() -> None:
    site = spec_of().sites[0]
    assert [(trunk.name, trunk.kind) for trunk in site.trunks] == [
        ("carrier", "carrier"),
        ("network", "network"),
    ]
    assert site.asks.deadline_s == 3.0 and site.link.delay_s == 0.01
    assert site.queues[0].answer_after_s is None
