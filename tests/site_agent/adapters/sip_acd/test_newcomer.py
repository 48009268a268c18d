"""What a new call wants, with a number plan and without."""

import dataclasses

from acd_bench import CARRIER, SETTINGS, Bench
from time_and_numbers import OFFICE, at, calendar, document, entry

from routing_policies.call_numbers import NumberReader
from routing_policies.kinds import ServiceDoc
from routing_policies.network_kinds import NumberList, SiteQueue
from routing_policies.number_lists import indexed
from site_agent.adapters.base import CallOffered
from site_agent.adapters.sip_acd.settings import QueueSettings
from site_agent.sip import signals as s

MONDAY = at("2026-11-23T12:00")
TRUNK = dataclasses.replace(SETTINGS.trunk_groups[0], identity_peers=("127.0.0.9/32",))
QUEUES = (*SETTINGS.queues, QueueSettings(name="support"))
NUMBER = "+351210000001"


def reader(*entries, lists=(), **spec):
    header = {"apiVersion": "nirc/v1", "kind": "NetworkService", "metadata": {"name": "help"}}
    service = ServiceDoc.model_validate({**header, "spec": {"queue": "support", "priority": 3}})
    return NumberReader(
        site="lisbon",
        plans=[document(*entries, **spec)],
        services={"help": service},
        calendars={"office": calendar(hours=OFFICE)},
        lists=[indexed(NumberList.model_validate(one)) for one in lists],
        queues=[SiteQueue(name="sales", services=("new",))],
    )


def bench(*entries, now=MONDAY, **more) -> Bench:
    found = Bench(anna_ready=False, trunk_groups=(TRUNK, SETTINGS.trunk_groups[1]), queues=QUEUES)
    found.acd.acd.use_numbers(reader(*entries, **more), now - found.wire.now_s)
    return found


def offered(found: Bench, user=NUMBER, **how) -> CallOffered:
    found.call(user, CARRIER, **how)
    return found.told(CallOffered)[-1]


def status(found: Bench, user=NUMBER, **how) -> int:
    found.call(user, CARRIER, **how)
    return found.caller.told(s.InviteFailed)[-1].status


def test_the_plan_says_service_queue_and_priority() -> None:
    one = offered(bench(entry(NUMBER, "help")), "210000001;npdi;rn=+35191")
    assert (one.service, one.queue, one.priority) == ("help", "support", 3)
    assert (one.dialed_number, one.ani) == (NUMBER, "+351911111111")


def test_the_number_that_was_diverted() -> None:
    groups = ({"name": "carrier", "called_number_from": ("diversion", "request_uri")},)
    found = bench(entry(NUMBER, "help"), entry("*", "sales"), trunk_groups=groups)
    header = [("Diversion", "<tel:+351-21-000-0001>;reason=unconditional")]
    assert offered(found, "+351999999999", headers=header).service == "help"
    assert offered(found, "+351999999999").service == "sales"


def test_a_service_of_a_queue_that_names_it() -> None:
    assert offered(bench(entry("*", "new"))).queue == "sales"


def test_calendars_follow_the_wall_time_told() -> None:
    entries = entry("*", "help", calendar="office"), entry("+351*", "vip", calendar="nights")
    assert offered(bench(*entries)).service == "help"
    sunday = bench(*entries, now=at("2026-11-22T12:00"))
    assert offered(sunday).service == "vip", "no entry: the trunk group's own numbers"


def test_no_entry_and_no_setting_is_no_number() -> None:
    assert status(bench(entry("+34*", "help")), "+351220000009") == 404


def test_a_service_that_no_queue_here_serves() -> None:
    found = bench(entry("*", "elsewhere"))
    assert status(found) == 404
    assert found.acd.acd._desk.counts["numbers_without_queue"] == 1


def test_a_blocked_caller_is_declined_everywhere() -> None:
    lists = ({"name": "nuisance", "numbers": ("+351911*",), "blocked": True},)
    found = bench(entry("*", "help"), lists=lists)
    assert status(found) == 603
    assert found.acd.acd._desk.counts["blocked_callers"] == 1
    marked = offered(found, headers=[("Resource-Priority", "esnet.1")])
    assert (marked.emergency, marked.priority) == (True, 10)


def test_a_key_customer_who_is_vouched_for() -> None:
    lists = ({"name": "vip", "numbers": ("+351930000003",), "priority": 9},)
    found = bench(entry("*", "help"), lists=lists)
    identity = "<tel:+351930000003;verstat=TN-Validation-Passed>"
    one = offered(found, headers=[("P-Asserted-Identity", identity)])
    assert (one.priority, one.ani, one.verified) == (9, "+351930000003", True)
    plain = offered(found, headers=[("P-Asserted-Identity", "<tel:+351930000003>")])
    assert (plain.priority, plain.verified) == (3, False)


def test_withheld_callers_with_a_plan_and_without() -> None:
    for found in (bench(entry("*", "help")), Bench(anna_ready=False)):
        one = offered(found, headers=[("Privacy", "id")])
        assert (one.withheld, one.ani, one.verified) == (True, "", False)


def test_without_a_plan_all_is_as_the_settings_say() -> None:
    one = offered(Bench(anna_ready=False))
    assert (one.service, one.queue, one.priority) == ("vip", "sales", 5)
    assert (one.dialed_number, one.ani, one.withheld) == (NUMBER, "+351911111111", False)


def test_a_plan_may_be_taken_away() -> None:
    found = bench(entry("*", "help"))
    found.acd.acd.use_numbers(None, 0.0)
    assert offered(found).service == "vip"
