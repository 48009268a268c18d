"""The ready list of a queue is the sorted list, whatever happens to its agents."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nirc.core.agent_table import AgentTable
from nirc.core.promises import Promise, Promises
from nirc.core.queue_table import QueueTable
from nrcli.wire.messages import AgentQueue, AgentReport, AgentState
from routing_policies import columns as c
from routing_policies.names import name_id

QUEUES = ("sales", "support")
NAMES = ("anna", "bela", "caio", "dora")
WHAT = st.one_of(
    st.tuples(
        st.just("report"),
        st.sampled_from(NAMES),
        st.sampled_from([AgentState.READY, AgentState.READY, AgentState.BUSY]),
        st.sets(st.sampled_from(QUEUES)),
        st.integers(0, 3),
    ),
    st.tuples(st.just("gone"), st.sampled_from(NAMES)),
    st.tuples(st.just("promise"), st.sampled_from(NAMES)),
    st.tuples(st.just("settle"), st.sampled_from(NAMES)),
)


def linked(table: QueueTable, row: int) -> list[tuple[float, str]]:
    """The list as a policy walks it."""
    agents, found = table.columns.agents, []
    slot = int(table.columns.queues[c.Q_FIRST_READY][row])
    while slot >= 0:
        assert agents[c.A_ROW][slot] == row
        name = table.columns.agent_names[slot]
        assert agents[c.A_AGENT][slot] == name_id(f"porto/{name}")
        found.append((agents[c.A_READY_AT][slot], name))
        slot = int(agents[c.A_NEXT][slot])
    return found


@settings(max_examples=200, deadline=None)
@given(st.lists(WHAT, max_size=40))
def test_the_linked_list_is_the_sorted_list(steps: list[tuple[object, ...]]) -> None:
    table, promises = QueueTable(), Promises()
    agents = AgentTable(table, promises)
    rows = {queue: table.row("porto", queue) for queue in QUEUES}
    ready: dict[str, tuple[float, set[str]]] = {}
    promised: set[str] = set()
    members: dict[str, int] = {}
    most = 0
    for number, (what, name, *rest) in enumerate(steps):
        assert isinstance(name, str)
        if what == "report":
            state, queues, in_state_s = rest
            report = AgentReport(
                agent=name,
                state=state,  # type: ignore[arg-type]
                in_state_s=float(in_state_s),  # type: ignore[arg-type]
                queues=tuple(AgentQueue(queue=one) for one in sorted(queues)),  # type: ignore[call-overload]
            )
            agents.set("porto", name, report, 10.0 + number)
            ready.pop(name, None)
            members[name] = len(queues)  # type: ignore[arg-type]
            if state is AgentState.READY:
                ready[name] = (10.0 + number - float(in_state_s), set(queues))  # type: ignore[arg-type, call-overload]
        elif what == "gone":
            agents.set("porto", name, None, 10.0)
            ready.pop(name, None)
            members.pop(name, None)
        elif what == "promise" and name not in promised:
            promised.add(name)
            promises.add(Promise(name, "porto", "default", 0, name, (), 99.0))
            agents.promise_changed("porto", name)
        elif what == "settle" and name in promised:
            promised.remove(name)
            promises.pop(name, "porto")
            agents.promise_changed("porto", name)
        most = max(most, sum(members.values()))
        for queue, row in rows.items():
            expected = sorted(
                (since_s, one)
                for one, (since_s, queues) in ready.items()
                if queue in queues and one not in promised
            )
            assert linked(table, row) == expected
            assert table.slots.ready_count(row) == len(expected)
            assert table.longest_agent(row) == (expected[0][1] if expected else "")
    assert len(table.columns.agent_names) <= most + len(QUEUES), "slots are used again"


def test_a_slot_says_what_the_site_said() -> None:
    table = QueueTable()
    row = table.row("porto", "sales")
    report = AgentReport(
        agent="anna",
        state=AgentState.READY,
        in_state_s=1.0,
        calls_count=7,
        ready_s=60.0,
        ready_periods_count=3,
        occupied_s=40.0,
    )
    slot = table.slots.take("porto", "anna", row)
    table.slots.write(slot, report, 8, 9.0)
    columns = [c.A_LEVEL, c.A_READY_AT, c.A_CALLS, c.A_READY_S, c.A_READY_PERIODS, c.A_OCCUPIED_S]
    values = [table.columns.agents[column][slot] for column in columns]
    assert values == [8, 9.0, 7, 60.0, 3, 40.0]
    table.slots.give_back(slot)
    assert table.slots.take("porto", "bela", row) == slot
