"""A queue's own figures as columns."""

from math import isnan

from site_playbook import agent_of, led, queue_of

from nrcli.wire.messages import QueueReport
from routing_policies import columns as c
from site_agent.core.own_row import expected_wait_s, row_of


def test_every_figure_has_its_column() -> None:
    report = QueueReport(
        queue="sales", open=True, shared=True, staffed_count=4, ready_count=3, waiting_count=2,
        aht_s=100.0, places_max=10, places_held_count=1, max_loan=5, loan_count=4, min_reserve=1,
        window_offered_count=4, window_in_time_count=3, patience_s=0.0,
    )  # fmt: skip
    row = row_of("lisbon", report, 90.0, 100.0)
    assert (row[c.Q_FREE], row[c.Q_LENDABLE], row[c.Q_PLACES_FREE]) == (3, 1, 7)
    assert (row[c.Q_OLDEST_AT], row[c.Q_SERVICE_LEVEL]) == (90.0, 0.75)
    assert isnan(row[c.Q_PATIENCE_S]) and isnan(row_of("lisbon", report, None, 1.0)[c.Q_OLDEST_AT])
    assert len(row) == c.QUEUE_COLUMNS


def test_a_free_agent_means_no_wait_and_no_queue_none_either() -> None:
    play = led().event(queue_of(waiting_count=1, oldest_offered_at_s=90.0))
    model = play.daemon._parts.model
    assert expected_wait_s(model, "sales", 100.0) == 120.0
    play.event(agent_of("berta"))
    assert expected_wait_s(model, "sales", 100.0) == expected_wait_s(model, "nobody", 100.0) == 0.0
