"""Which node leads which domain, as this site may believe it; and the fence against old ones.

Rule of this file: a domain's highest epoch only grows; it is on disk before it is acknowledged, and
belongs to the node that claimed it first (an etcd that was wiped or set back may give it twice); a
node leads for this site only while its own `Leading` stands and its stream is up.
"""

from __future__ import annotations

from collections.abc import Mapping

from nrcli.wire.messages import NO_EPOCH, Epoch, EpochRefused, Leading, LeadingAck, NotLeading
from site_agent.core.actions import SaveEpoch
from site_agent.core.events import EpochSaved
from site_agent.core.outbox import Outbox


class Leaders:
    """Links to nodes, highest epoch per domain, and who leads."""

    __slots__ = ("_claimed", "_ended", "_leading", "_out", "_pending", "highest", "links")

    def __init__(
        self,
        epochs: Mapping[str, Epoch],
        out: Outbox,
        claimed_by: Mapping[str, str] | None = None,
    ) -> None:
        self.highest: dict[str, Epoch] = dict(epochs)
        "Per domain, as it is on disk."
        self._claimed: dict[str, str] = dict(claimed_by or {})
        "The node that claimed a domain's highest epoch; missing: not known."
        self.links: dict[str, None] = {}
        "Nodes with a live stream, in the order in which they came up."
        self._pending: dict[str, tuple[Epoch, str]] = {}
        self._leading: dict[str, str] = {}
        self._ended: dict[str, Epoch] = {}
        "An epoch whose node stopped leading before it was on disk."
        self._out = out

    def link_up(self, node: str) -> None:
        """A stream to `node` stands."""
        self.links[node] = None

    def link_down(self, node: str) -> None:
        """The stream to `node` ended: it leads nothing here until it says so again."""
        self.links.pop(node, None)
        for domain in [name for name, leader in self._leading.items() if leader == node]:
            del self._leading[domain]

    def heard(self, node: str, message: Leading) -> None:
        """A node says that it leads: keep a higher epoch on disk first, refuse a lower one."""
        highest = self.highest_of(message.domain)
        pending = self._pending.get(message.domain)
        if message.epoch < highest or (pending and message.epoch < pending[0]):
            self._refuse(node, message.domain, "")
        elif message.epoch == highest and not pending:
            if self._owns(node, message.domain):
                self._lead(node, message.domain, message.epoch)
            else:
                self._refuse(node, message.domain, "")
        elif pending and message.epoch == pending[0]:
            if pending[1] != node:
                self._refuse(node, message.domain, "")
        else:
            self._pending[message.domain] = (message.epoch, node)
            self._out.do(SaveEpoch(domain=message.domain, epoch=message.epoch, node=node))

    def saved(self, event: EpochSaved) -> None:
        """An epoch is on disk: acknowledge it, unless a higher one has come meanwhile."""
        if event.epoch > self.highest_of(event.domain):
            self.highest[event.domain] = event.epoch
            self._claimed[event.domain] = event.node
            self._leading.pop(event.domain, None)
            self._out.write(
                "epoch",
                domain=event.domain,
                generation=event.epoch.generation,
                revision=event.epoch.revision,
                node=event.node,
            )
        pending = self._pending.get(event.domain)
        if pending and pending[0] <= event.epoch:
            del self._pending[event.domain]
        is_ended = event.epoch == self._ended.get(event.domain)
        if event.epoch == self.highest_of(event.domain) and not is_ended:
            self._lead(event.node, event.domain, event.epoch)

    def not_leading(self, node: str, message: NotLeading) -> None:
        """The node that was believed to lead says that it does not.

        Without a request it has just stopped: an epoch of its that is on the way to the disk is
        kept, and not obeyed. What it says of an earlier leadership ends no later one.
        """
        domain, pending = message.domain, self._pending.get(message.domain)
        if not message.request_id and pending and pending[1] == node and message.ends(pending[0]):
            self._ended[domain] = pending[0]
        is_over = message.leader != node and message.ends(self.highest_of(domain))
        if self._leading.get(domain) == node and is_over:
            del self._leading[domain]

    def obeys(self, node: str, domain: str, epoch: Epoch, request_id: str) -> bool:
        """Is a command of this epoch to be carried out? Refused by name if not.

        A lower epoch is not obeyed, nor another node than the one that claimed this one.
        """
        highest = self.highest_of(domain)
        if epoch < highest or (epoch == highest and not self._owns(node, domain)):
            self._refuse(node, domain, request_id)
            return False
        self._out.write(
            "command",
            domain=domain,
            generation=epoch.generation,
            revision=epoch.revision,
            request=request_id,
        )
        return True

    def highest_of(self, domain: str) -> Epoch:
        """The highest epoch that is on disk for `domain`."""
        return self.highest.get(domain, NO_EPOCH)

    def node_of(self, domain: str) -> str:
        """The node that leads `domain`, or empty."""
        return self._leading.get(domain, "")

    def relay(self, attempt: int = 0) -> str:
        """A node to carry a message between sites: the leading one first, others in turn."""
        if not self.links:
            return ""
        first = [node for node in self._leading.values() if node in self.links][:1]
        nodes = first + [node for node in self.links if node not in first]
        return nodes[attempt % len(nodes)]

    def _owns(self, node: str, domain: str) -> bool:
        """Did the node claim the highest epoch? The first to come does, where that is not known."""
        return self._claimed.setdefault(domain, node) == node

    def _lead(self, node: str, domain: str, epoch: Epoch) -> None:
        if node in self.links:
            self._leading[domain] = node
            self._out.send(node, LeadingAck(domain=domain, epoch=epoch))

    def _refuse(self, node: str, domain: str, request_id: str) -> None:
        self._out.count("epochs_refused")
        highest, owner = self.highest_of(domain), self._claimed.get(domain, "")
        if domain in self._pending and self._pending[domain][0] > highest:
            highest, owner = self._pending[domain]
        refused = EpochRefused(
            domain=domain, highest=highest, request_id=request_id, claimed_by=owner
        )
        self._out.send(node, refused)
