"""What a site agent counts, for Prometheus."""

from dataclasses import replace

from site_playbook import led

from nrcli.telemetry.metric_families import prometheus_text
from site_agent.links.site_figures import site_families


def test_counters_and_gauges_are_told_with_their_kinds() -> None:
    view = replace(led().daemon.view(101.0), counters={'odd"name': 3, "numbers_lent": 2})
    lines = prometheus_text(site_families(view, {"calls": 7, "open": 1})).splitlines()
    assert "# TYPE nirc_site_total counter" in lines
    assert 'nirc_site_total{name="numbers_lent"} 2' in lines
    assert 'nirc_site_total{name="odd\\"name"} 3' in lines
    assert 'nirc_site_redirect_sip_total{name="calls"} 7' in lines
    assert not any('name="open"' in line for line in lines)
    assert "nirc_site_pre_routes_waiting 0" in lines
    assert "nirc_site_tier 0" in lines
    assert 'nirc_site_queue_open{queue="sales"} 1' in lines
    assert 'nirc_site_agents{state="busy"} 1' in lines
    assert 'nirc_site_trunk_channels{trunk_group="carrier",state="all"} 4' in lines
    assert "nirc_site_node_links 2" in lines
