"""A ready agent is offered or withheld, never both."""

from __future__ import annotations

from nirc.core.agent_table import AgentTable
from nirc.core.promises import Promise, Promises
from nirc.core.queue_table import QueueTable
from nrcli.wire.messages import AgentQueue, AgentReport, AgentState, QueueReport
from routing_policies import columns as c


def agent(state: AgentState = AgentState.READY, in_state_s: float = 5.0) -> AgentReport:
    queues = (AgentQueue(queue="sales"), AgentQueue(queue="support"))
    return AgentReport(agent="diogo", state=state, in_state_s=in_state_s, queues=queues)


def test_an_agent_stands_in_all_their_queues_until_promised() -> None:
    table, promises = QueueTable(), Promises()
    agents = AgentTable(table, promises)
    rows = [table.row("porto", queue) for queue in ("sales", "support")]
    for row, queue in zip(rows, ("sales", "support"), strict=True):
        table.set_report(row, QueueReport(queue=queue, ready_count=1, max_loan=5), 10.0)
    agents.set("porto", "diogo", agent(), 10.0)
    assert [table.columns.queues[c.Q_LONGEST_READY_AT][row] for row in rows] == [5.0, 5.0]
    promises.add(Promise("r", "porto", "default", rows[0], "diogo", (), 20.0))
    agents.promise_changed("porto", "diogo")
    assert [table.columns.free_count[row] for row in rows] == [0, 0]
    assert [table.longest_agent(row) for row in rows] == ["", ""]
    agents.set("porto", "diogo", agent(AgentState.BUSY), 11.0)
    assert [table.promised(row)[0] for row in rows] == [0, 0]
    promises.pop("r", "porto")
    agents.set("porto", "diogo", agent(), 12.0)
    assert table.longest_agent(rows[1]) == "diogo"
    agents.set("porto", "diogo", None, 13.0)
    assert table.longest_agent(rows[1]) == ""
    assert agents.of("porto", "diogo") is None
    agents.promise_changed("porto", "nobody")
