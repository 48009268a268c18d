"""What a node believes of the network, as figures."""

from dataclasses import replace

from node_views import MadeReport, router_view

from nirc.core.hole_places import PlaceView
from nirc.core.view import EntryView
from nirc.telemetry.network_metrics import network_families
from nrcli.telemetry.metric_families import MetricFamily, prometheus_text


def told(queues_max: int = 100, view=None) -> list[str]:
    return prometheus_text(families(queues_max, view)).splitlines()


def families(queues_max: int = 100, view=None) -> list[MetricFamily]:
    status = MadeReport().report.status()
    view = view or router_view(100.0)
    return list(network_families(view, status, ["fault", "fault", "redis_away"], queues_max))


def test_the_node_and_its_stores() -> None:
    lines = told()
    for line in (
        'nirc_store_in_reach{store="redis"} 0',
        "nirc_up_seconds 60",
        "nirc_draining 0",
        'nirc_alarms_standing{code="fault"} 2',
        'nirc_alarms_standing{code="redis_away"} 1',
        'nirc_suspended{kind="path"} 0',
        "nirc_documents_wrong 1",
    ):
        assert line in lines
    assert any(line.startswith('nirc_info{node="n1",version="') for line in lines)
    assert any(line.startswith('nirc_leading{domain="') for line in lines)


def test_sites_and_queues() -> None:
    view = router_view(100.0)
    site = next(one for one in view.sites if one.queues)
    queue = replace(site.queues[0], waiting_count=4, window_offered_count=8, window_in_time_count=6)
    view = replace(view, sites=(replace(site, liveness="suspect", queues=(queue,)),))
    lines = told(view=view)
    labels = f'{{site="{site.site}",queue="{queue.queue}"}}'
    assert f"nirc_queue_waiting{labels} 4" in lines
    assert f"nirc_queue_service_level_ratio{labels} 0.75" in lines
    assert f'nirc_site_alive{{site="{site.site}"}} 0.5' in lines
    assert "nirc_queues_left_out 0" in lines


def test_too_many_queues_are_left_out_and_told() -> None:
    count = sum(len(site.queues) for site in router_view(100.0).sites)
    lines = told(queues_max=0)
    assert f"nirc_queues_left_out {count}" in lines and count > 0
    assert not any(line.startswith("nirc_queue_waiting{") for line in lines)


def test_the_network_queue_and_what_is_suspended() -> None:
    entry = EntryView(
        entry_id="e1",
        interaction_id="i1",
        service="sales",
        site="lisbon",
        queue="sales",
        priority=0,
        waited_s=12.0,
        position=1,
        state="waiting",
    )
    path = PlaceView(kind="path", site="porto", name="x", phase="suspended", counts={})
    further = replace(entry, entry_id="e2", waited_s=40.0)
    view = replace(router_view(100.0), network_queue=(entry, further), outcomes=(path,))
    lines = told(view=view)
    assert 'nirc_network_queue_entries{service="sales"} 2' in lines
    assert 'nirc_network_queue_oldest_wait_seconds{service="sales"} 40' in lines
    assert 'nirc_suspended{kind="path"} 1' in lines


def test_every_figure_has_a_help_and_a_name_of_its_own() -> None:
    names = [one.name for one in families()]
    assert len(set(names)) == len(names)
    assert all(one.help.endswith(".") for one in families())
