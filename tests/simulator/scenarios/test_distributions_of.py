"""Every distribution is found, with its place."""

from __future__ import annotations

from scenario_texts import spec_of

from simulator.scenarios.distributions_of import distributions_of


def test_all_places() -> None:
    spec = spec_of(
        "talk: {sales: {mixture: [{share: 1, of: {constant: {value_s: 1}}}]}}\n"
        "caller_classes:\n"
        "  - {name: a, share: 1, patience: never, redial: {share: 0.5},"
        " acw: {sales: {constant: {value_s: 1}}}}\n"
    )
    assert [place for place, _ in distributions_of(spec)] == [
        "spec.talk.sales",
        "spec.talk.sales.mixture[0].of",
        "spec.patience.sales",
        "spec.caller_classes[0].patience",
        "spec.caller_classes[0].redial.after",
        "spec.caller_classes[0].acw.sales",
    ]
