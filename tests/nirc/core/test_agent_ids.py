"""One person counts once, wherever they logged in last."""

from nirc.core.agent_ids import AgentIds
from nirc.core.agent_table import AgentTable
from nirc.core.promises import Promises
from nirc.core.queue_table import QueueTable
from nrcli.wire.messages import AgentQueue, AgentReport, AgentState


class Book:
    """The table of agents and the ids over it, as `network_state` joins them."""

    def __init__(self) -> None:
        self.agents = AgentTable(QueueTable(), Promises())
        self.ids = AgentIds(self.agents)

    def say(self, site, at_s, state=AgentState.READY, *, incarnation=1, reason="", who="p1"):
        report = AgentReport(
            agent="anna",
            state=state,
            in_state_s=0.0,
            queues=(AgentQueue(queue="sales"),),
            network_id=who,
            logged_in_before_s=100.0 - at_s,
            reason=reason,
        )
        self.agents.set(site, "anna", report, 0.0)
        return self.ids.reported(site, incarnation, "anna", report, 100.0)

    def may(self, site):
        return self.agents.may_be_chosen(site, "anna")


def test_a_later_log_in_takes_over_and_the_loser_is_told_once() -> None:
    book = Book()
    assert book.say("lisbon", 10.0) == []
    assert book.say("porto", 20.0) == [(("lisbon", "anna"), "p1", "porto")]
    assert (book.may("lisbon"), book.may("porto")) == (False, True)
    assert book.ids.site_of("p1") == "porto"
    assert book.say("lisbon", 10.0, AgentState.BUSY) == []
    assert book.say("lisbon", 10.0) == [] and not book.may("lisbon")


def test_the_order_of_reports_changes_nothing() -> None:
    book = Book()
    book.say("porto", 20.0)
    assert book.say("lisbon", 10.0) == [(("lisbon", "anna"), "p1", "porto")]
    assert (book.may("lisbon"), book.may("porto")) == (False, True)


def test_the_incarnation_decides_between_equal_instants() -> None:
    book = Book()
    book.say("lisbon", 10.0, incarnation=4)
    book.say("porto", 10.0, incarnation=3)
    assert (book.may("lisbon"), book.may("porto")) == (True, False)


def test_one_who_logs_in_again_takes_the_id_back() -> None:
    book = Book()
    book.say("lisbon", 10.0)
    book.say("porto", 20.0)
    book.say("lisbon", 10.0, AgentState.NOT_READY, reason="elsewhere")
    assert book.say("lisbon", 30.0) == [] or book.ids.site_of("p1") == "lisbon"
    assert (book.may("lisbon"), book.may("porto")) == (True, False)


def test_a_log_out_gives_the_id_to_who_is_still_there() -> None:
    book = Book()
    book.say("lisbon", 10.0)
    book.say("porto", 20.0)
    book.say("porto", 20.0, AgentState.NULL)
    assert book.may("lisbon") and book.ids.site_of("p1") == "lisbon"
    book.agents.set("lisbon", "anna", None, 0.0)
    assert book.ids.reported("lisbon", 1, "anna", None, 100.0) == []
    assert book.ids.site_of("p1") == ""


def test_agents_without_an_id_are_their_sites_own() -> None:
    book = Book()
    book.say("lisbon", 10.0, who="")
    assert book.say("porto", 20.0, who="") == []
    assert book.may("lisbon") and book.may("porto")
