"""The ACD is told whose priority grows."""

from site_playbook import held, led, offered
from site_rules import told

from site_agent.adapters import base

SERVICE = (
    "apiVersion: nirc/v1\nkind: NetworkService\nmetadata: {name: sales}\n"
    "spec: {queue: sales, ageing: {every_s: 30, most: 6}}\n"
)
GROWS = base.SetAgeing(call_id="c1", every_s=30.0, most=6)


def test_callers_of_a_service_that_ages_grow_emergencies_do_not() -> None:
    play = led()
    told(play, NetworkService__sales=SERVICE)
    assert play.event(offered()).one(base.SetAgeing) == GROWS
    assert not play.event(offered("c2", emergency=True)).all(base.SetAgeing)
    assert not play.event(offered("c3", service="other")).all(base.SetAgeing)


def test_who_arrives_grows_too() -> None:
    play = led()
    told(play, NetworkService__sales=SERVICE)
    token = held(play)
    play.event(base.CallArriving(call_id="a1", token=token, invite_key="k", trunk_group="network"))
    kinds = [type(action) for action in play.left]
    assert kinds.index(base.AcceptArrival) < kinds.index(base.SetAgeing)
