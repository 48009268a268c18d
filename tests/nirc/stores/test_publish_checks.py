"""What keeps a version from calls, and what is only a warning."""

import pytest
from policy_texts import network_texts, policy_text, text_of

from nirc.errors import DocumentRefusedError
from nirc.stores.publish_checks import PublishChecks, SeenSite, services_of
from routing_policies.document import NetworkDocuments, assemble
from routing_policies.versions import Canary
from routing_policies.vocabulary import Names

UP = SeenSite(up=True, queues=frozenset({"sales", "support"}))
DOWN = SeenSite(up=False)
NAMED = (("spec.rules[0].when", Names.QUEUE, "sales"), ("spec.rules[0].when", Names.SITE, "x"))


def checks(**seen: SeenSite) -> PublishChecks:
    return PublishChecks(lambda: seen)


def network() -> NetworkDocuments:
    texts = network_texts("lisbon", services=("sales", "support"))
    texts["NetworkService/support"] = text_of(
        "NetworkService", "support", "queue: support, policy: other"
    )
    texts["RoutingPolicy/default"] = policy_text()
    texts["RoutingPolicy/other"] = policy_text("other")
    return assemble({key: (text, 1) for key, text in texts.items()}, 1)


def test_cases_must_pass_and_lint_must_find_no_error() -> None:
    assert any("has no tests" in one for one in checks().text("default", policy_text()))
    case = (
        "rules: [], tests: [{name: never, call: {origin: lisbon}, "
        "queues: [{site: porto, queue: default}], expect: {site: porto}}]"
    )
    with pytest.raises(DocumentRefusedError, match="1 of 1 cases fail") as caught:
        checks().text("default", text_of("RoutingPolicy", "default", case))
    assert "expected site porto, got none" in str(caught.value)
    with pytest.raises(DocumentRefusedError, match="is RoutingPolicy/other"):
        checks().text("default", policy_text("other"))


def test_a_policy_that_no_service_uses() -> None:
    assert checks().unused(network(), "default") == []
    (told,) = checks().unused(network(), "third")
    assert told.startswith("no service uses third, so it decides no call")


def test_a_queue_that_nobody_reports() -> None:
    policy = policy_text()
    assert checks(lisbon=UP, porto=DOWN).queues("default", NAMED, policy) == []
    with pytest.raises(DocumentRefusedError, match="queue sales"):
        checks(lisbon=SeenSite(up=True)).queues("default", NAMED, policy)
    told = checks(lisbon=SeenSite(up=True), porto=DOWN).queues("default", NAMED, policy)
    assert len(told) == 1 and "porto" in told[0]
    assert len(checks().queues("default", NAMED, policy)) == 1


def test_services_that_a_policy_decides_for() -> None:
    assert services_of(network(), "default") == {"sales"}
    assert services_of(network(), "other") == {"support"}


def test_a_share_needs_agents_of_its_own() -> None:
    share = Canary(version=2, share=0.1)
    assert checks(lisbon=UP).shared_agents(network(), "default", share, "") == []
    both = SeenSite(up=True, agents=(frozenset({"sales", "support"}), frozenset({"sales"})))
    with pytest.raises(DocumentRefusedError, match="1 agents of lisbon serve support too"):
        checks(lisbon=both).shared_agents(network(), "default", share, "")
    assert checks(lisbon=both).shared_agents(network(), "default", share, "why")
    whole = Canary(version=2, sites=("lisbon",))
    assert checks(lisbon=both).shared_agents(network(), "default", whole, "") == []


def test_trunk_groups_that_no_site_in_reach_has_are_told() -> None:
    texts = network_texts("lisbon", "porto")
    documents = assemble({key: (text, 1) for key, text in texts.items()}, 1)
    keys = {key for key in texts if key.startswith("Path/")}
    has = SeenSite(up=True, trunk_groups=frozenset({"elsewhere"}))
    told = checks(lisbon=has).trunk_groups(documents, keys)
    assert any("lisbon reports no trunk group" in one for one in told)
    told = checks(lisbon=DOWN).trunk_groups(documents, keys)
    assert not any("reports no" in one for one in told)
