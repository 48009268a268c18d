"""Asks a node who is at work at each site, for the draft of a peer plan.

Rule of this file: only what a site reported over a link that stands counts; of the others nothing
is known. An agent who serves several queues counts for a part of one in each.
"""

from collections import defaultdict

from nrcli.admin_client import AdminClient
from nrcli.wire.api_models import SiteStatus
from routing_policies.peer_plan_shares import Capacity


async def capacities_of(node: AdminClient) -> dict[tuple[str, str], Capacity]:
    """What is known of every queue of every linked site."""
    found: dict[tuple[str, str], Capacity] = {}
    for site in (await node.sites()).sites:
        if site.linked:
            found |= site_capacities(await node.site(site.site))
    return found


def site_capacities(site: SiteStatus) -> dict[tuple[str, str], Capacity]:
    """What one site reports of its queues."""
    parts: defaultdict[str, float] = defaultdict(float)
    told: set[str] = set()
    for agent in site.agents:
        told.update(agent.queues)
        if agent.state != "null":
            for queue in agent.queues:
                parts[queue] += 1 / len(agent.queues)
    return {
        (site.site, queue.queue): Capacity(
            agents=parts[queue.queue] if queue.queue in told else float(queue.staffed_count),
            loan_max=queue.max_loan,
            shared=queue.shared,
        )
        for queue in site.queues
    }
