"""A site's own rules decide when NIRC is asked; its own agents and emergencies come before them."""

from site_playbook import agent_of, led, offered, queue_of
from site_rules import MONDAY_9H_UNIX_S, at, read_rules, rules, told

from nrcli.wire import messages as msg
from nrcli.wire.messages import AgentState

LATE = rules('[{queue: sales, ask: [{name: late, when: "call.waited_s > 10"}], requery_s: 4}]')


def asked(play):
    return play.sent(msg.RouteRequest)


def test_a_rule_that_says_no_is_looked_at_again_each_second() -> None:
    play = read_rules(led(), LATE).event(offered())
    assert not asked(play)
    assert not asked(play.wait(10.0)) and asked(play.wait(1.0))


def test_no_rule_makes_a_site_ask_with_an_agent_ready_or_about_an_emergency() -> None:
    always = rules("[{queue: sales, ask: [{name: always, when: true}], requery_s: 1}]")
    play = read_rules(led(), always).event(agent_of("berta")).event(offered())
    assert not asked(play) and not asked(play.wait(30.0))
    play = read_rules(led(), always).event(offered(emergency=True))
    assert not asked(play) and not asked(play.wait(30.0))


def test_requery_is_the_rules_own() -> None:
    play = read_rules(led(), rules("[{queue: sales, requery_s: 2}]")).event(offered())
    request = asked(play)[0]
    play.said(
        msg.RouteAnswer(
            domain="default",
            epoch=msg.Epoch(generation=1, revision=5),
            request_id=request.request_id,
            outcome=msg.RouteOutcome.STAY,
        )
    )
    assert not asked(play.wait(1.9)) and asked(play.wait(0.2))


def test_rules_read_queue_service_calendar_lists_and_data() -> None:
    when = (
        "queue.waiting_count >= 2 and service.threshold_s == 15 and calendar('office').open"
        " and listed(call.ani, 'vip') and data('tier') == 'gold' and queue.closes_in_s < 40000"
    )
    play = led()
    service = (
        "apiVersion: nirc/v1\nkind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales, service_level: {threshold_s: 15.0}}\n"
    )
    tenant = (
        "apiVersion: nirc/v1\nkind: Tenant\nmetadata: {name: default}\n"
        'spec: {lists: [{name: vip, numbers: ["+351910*"], needs_verified: false}]}\n'
    )
    told(play, queue="calendar: office", NetworkService__sales=service, Tenant__default=tenant)
    at(play, MONDAY_9H_UNIX_S)
    read_rules(play, rules(f'[{{queue: sales, ask: [{{name: all, when: "{when}"}}]}}]'))
    play.event(queue_of(waiting_count=2, oldest_offered_at_s=90.0))
    assert not asked(play.event(offered("c1", ani="+351910000001")))
    assert asked(play.event(offered("c2", ani="+351910000001", data=b'{"tier":"gold"}')))
    assert not asked(play.event(offered("c3", ani="+351920000001", data=b'{"tier":"gold"}')))


def test_a_missing_value_never_holds() -> None:
    text = rules(
        '[{queue: sales, ask: [{name: a, when: "default(queue.service_level, 1) < 0.5"}]}]'
    )
    play = read_rules(led(), text).event(offered())
    assert not asked(play) and not asked(play.wait(5.0))
    assert play.daemon._parts.model.count("sales", AgentState.BUSY) == 1
