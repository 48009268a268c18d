"""Parts of the router's view in the API's words."""

from node_views import move_view, router_view, site_view

from nirc.links.site_status import (
    agent_of_site,
    call_in_motion,
    domain_leader,
    place_outcomes,
    queue_entry,
    queue_of_site,
    site_status,
    site_summary,
)


def test_a_site_at_a_glance_and_whole() -> None:
    view = router_view(0.0)
    summary, whole = site_summary(site_view()), site_status(site_view(), view.outcomes)
    assert (summary.ready_count, summary.busy_count, summary.waiting_count) == (1, 2, 8)
    assert whole.ready_count == summary.ready_count and len(whole.outcomes) == 2
    assert place_outcomes(view.outcomes[0]).phase == "suspended"


def test_queues_and_agents_say_where_they_are() -> None:
    site = site_view()
    queue = queue_of_site(site.site, site.queues[0], 2.0)
    assert (queue.site, queue.queue, queue.age_s, queue.waiting_count) == ("lisbon", "sales", 2, 4)
    agent = agent_of_site(site.site, site.agents[0])
    assert (agent.site, agent.agent, agent.state) == ("lisbon", "anna", "ready")


def test_calls_entries_and_leaders() -> None:
    view = router_view(0.0)
    assert "secret" not in call_in_motion(move_view()).model_dump_json()
    assert queue_entry(view.network_queue[0]).position == 1
    assert domain_leader(view.domains[0], view.sites).acknowledged_sites == ("lisbon",)
