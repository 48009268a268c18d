"""Who is at work, as a node knows it; a site without a link tells nothing."""

import asyncio

from nrcli.commands.live_capacity import capacities_of
from nrcli.wire.api_models import AgentStatus, QueueStatus, Sites, SiteStatus, SiteSummary


def queue(name: str, **fields: object) -> QueueStatus:
    counts = {key: 0 for key, one in QueueStatus.model_fields.items() if one.is_required()}
    return QueueStatus.model_validate(counts | {"queue": name, "shared": True} | fields)


def site(name: str, *, linked: bool = True) -> SiteStatus:
    return SiteStatus(
        site=name,
        liveness="alive",
        linked=linked,
        usable=True,
        state_age_s=0.0,
        ready_count=0,
        waiting_count=0,
        busy_count=0,
        queues=(
            queue("sales", staffed_count=3, max_loan=5),
            queue("help", staffed_count=2, max_loan=0),
            queue("far", staffed_count=4, max_loan=1, shared=False),
        ),
        agents=(
            AgentStatus(agent="anna", state="ready", in_state_s=1.0, queues=("sales",)),
            AgentStatus(agent="rui", state="busy", in_state_s=1.0, queues=("sales", "help")),
            AgentStatus(agent="eva", state="null", in_state_s=1.0, queues=("sales", "help")),
        ),
    )


class Node:
    """Two sites, one of them without a link."""

    async def sites(self) -> Sites:
        found = (site("lisbon"), site("porto", linked=False))
        return Sites(sites=tuple(SiteSummary(**one.model_dump()) for one in found))

    async def site(self, name: str) -> SiteStatus:
        return site(name)


def test_agents_of_several_queues_are_counted_once_in_all() -> None:
    found = asyncio.run(capacities_of(Node()))  # type: ignore[arg-type]
    assert {key: one.agents for key, one in found.items()} == {
        ("lisbon", "sales"): 1.5,
        ("lisbon", "help"): 0.5,
        ("lisbon", "far"): 4.0,
    }
    assert found[("lisbon", "help")].loan_max == 0
    assert not found[("lisbon", "far")].shared
