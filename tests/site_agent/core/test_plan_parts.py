import json

from peer_plans import alone, plan_text
from site_playbook import offered

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.actions import SaveSiteDocuments
from site_agent.core.events import NodeLinkUp


def test_addresses_come_from_the_plan() -> None:
    text = plan_text(
        sites=[
            {"site": "lisbon", "host": "192.0.2.1", "port": 5062},
            {"site": "porto", "host": "2001:db8::2", "port": 5064, "transport": "tcp"},
        ],
        services=[{"service": "sales", "peers": [{"site": "porto", "queue": "sales"}]}],
    )
    play = alone(text=text).event(offered())
    address = play.one(base.StartMove).address
    assert address.startswith("sip:nirc-plan-")
    assert address.endswith("@[2001:db8::2]:5064;transport=tcp")


def test_a_site_that_the_plan_does_not_name_takes_no_part() -> None:
    text = plan_text(
        sites=[{"site": "porto", "host": "192.0.2.2", "port": 5062}],
        services=[{"service": "sales", "peers": [{"site": "porto", "queue": "sales"}]}],
    )
    play = alone(text=text).event(offered())
    assert not play.all(base.StartMove)


def test_a_plan_that_nirc_carries_is_not_among_the_sites_documents() -> None:
    play = alone()
    play.event(NodeLinkUp(node="n1"))
    texts = {"PeerPlan/network": plan_text(8)}
    play.said(msg.SiteDocuments(revision=4, site_table=b"", documents=json.dumps(texts).encode()))
    assert play.one(SaveSiteDocuments).documents == b"{}"
    assert play.daemon.view(play.now_s).counters["peer_plans_taken"] == 2
    assert play.daemon.view(play.now_s).peer_plan.serial == 8
