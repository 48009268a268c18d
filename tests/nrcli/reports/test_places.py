from report_facts import channel, spell, stay, work

from nrcli.reports.facts import End, Promise
from nrcli.reports.places import By, call_place, promise_place, spell_place, trunk_place

CALLER = stay(End.ABANDONED, tenant="")


def test_a_call_has_a_place_in_each_view_but_where_nobody_served_it() -> None:
    places = {by: call_place(by)(CALLER) for by in By}
    assert places == {
        By.NETWORK: (),
        By.TENANT: ("(none)",),
        By.SITE: ("lisbon",),
        By.QUEUE: ("lisbon", "sales"),
        By.SERVICE: ("sales",),
        By.AGENT: None,
        By.TRUNK: ("lisbon", "carrier"),
    }
    assert call_place(By.AGENT)(work(10)) == ("lisbon", "anna")


def test_agents_serve_several_queues_so_their_time_has_none() -> None:
    places = {by: spell_place(by, spell("ready", 0, 1)) for by in By}
    assert [by for by, place in places.items() if place is None] == [
        By.QUEUE,
        By.SERVICE,
        By.TRUNK,
    ]
    assert places[By.AGENT] == ("lisbon", "anna")


def test_a_channel_belongs_to_its_group_and_site() -> None:
    assert trunk_place(By.TRUNK, channel(0, 1)) == ("lisbon", "carrier")
    assert trunk_place(By.SITE, channel(0, 1)) == ("lisbon",)
    assert trunk_place(By.QUEUE, channel(0, 1)) is None


def test_a_promise_has_no_agent_and_no_trunk() -> None:
    promise = Promise(site="lisbon", queue="sales", reached=True, ended_us=0)
    assert promise_place(By.QUEUE, promise) == ("lisbon", "sales")
    assert promise_place(By.AGENT, promise) is None
    assert promise_place(By.TRUNK, promise) is None
