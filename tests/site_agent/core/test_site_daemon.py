"""The daemon dispatches every event it may be given."""

import inspect
from typing import get_args

import pytest
from site_playbook import SitePlay, led, offered

from nrcli.wire import messages as msg
from site_agent.core import events as ev
from site_agent.core.site_daemon import SiteDaemon


def test_every_event_has_its_part() -> None:
    daemon = SitePlay().daemon
    for event in get_args(ev.Event):
        assert event in daemon._on_event, event


def test_every_message_of_a_node_has_its_part() -> None:
    daemon = SitePlay().daemon
    control = {msg.Welcome, msg.LinkRefused, msg.Heartbeat, msg.TraceAsk}
    for message in set(get_args(msg.NodeMessage)) - control:
        assert message in daemon._on_message, message


def test_the_centre_stays_small() -> None:
    assert len(SiteDaemon.__slots__) <= 12
    assert len(inspect.getmembers(SiteDaemon, inspect.isfunction)) <= 20


def test_what_is_no_event_is_our_own_mistake() -> None:
    with pytest.raises(KeyError):
        SitePlay().daemon.handle(object(), 1.0)


def test_words_of_a_node_without_a_stream_are_not_heard() -> None:
    play = led()
    play.said(msg.Cancel(token="t", request_id="r", from_site="x", to_site="lisbon"), node="n9")
    assert play.left == []


def test_a_call_is_known_while_it_is_here() -> None:
    play = led().event(offered())
    assert play.daemon.knows_call("c1") and not play.daemon.knows_call("c2")
