"""Which version decides a call."""

from __future__ import annotations

import pytest

from routing_policies.assembly import default_policy
from routing_policies.rollout import PolicyVersions, Rollout


@pytest.mark.parametrize(
    ("site", "service", "share", "mode"),
    [
        ("porto", "vip", 0.04, "canary"),
        ("porto", "vip", 0.05, "live"),
        ("porto", "sales", 0.04, "live"),
        ("lisbon", "vip", 0.04, "live"),
    ],
)
def test_a_canary_takes_the_calls_for_which_all_holds_that_it_names(
    site: str, service: str, share: float, mode: str
) -> None:
    rollout = Rollout(
        canary=default_policy(),
        canary_sites=frozenset({"porto"}),
        canary_services=frozenset({"vip"}),
        canary_share=0.05,
    )
    versions = PolicyVersions(live=default_policy(), rollout=rollout)
    assert versions.deciding(site, service, share)[1] == mode
    assert versions.shadow is None


def test_what_a_canary_does_not_name_is_no_matter() -> None:
    by_site = Rollout(canary=default_policy(), canary_sites=frozenset({"porto"}))
    versions = PolicyVersions(live=default_policy(), rollout=by_site)
    assert versions.deciding("porto", "sales", 0.99)[1] == "canary"
    assert versions.deciding("lisbon", "sales", 0.0)[1] == "live"
    nothing = PolicyVersions(live=default_policy(), rollout=Rollout(canary=default_policy()))
    assert nothing.deciding("porto", "sales", 0.0)[1] == "live"


def test_without_a_canary_the_live_version_decides() -> None:
    for rollout in (None, Rollout(shadow=default_policy(), canary_share=1.0)):
        versions = PolicyVersions(live=default_policy(), rollout=rollout)
        assert versions.deciding("porto", "sales", 0.0) == (versions.live, "live")
    assert versions.shadow is default_policy()
