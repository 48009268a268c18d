"""A simulated etcd: the leader's key on a lease, a growing revision, a generation; its faults.

Rule of this file: nobody holds the key twice, and the lease ends by etcd's own clock. What is asked
takes effect when it reaches etcd, whether or not the answer comes back. How nodes campaign stands
in `election`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from nirc.core import actions as act
from nrcli.wire.messages import NO_EPOCH, Epoch
from simulator.model.instants import US
from simulator.world.election import PATIENCE_US, Election
from simulator.world.timeline import REPLY, TIMER

if TYPE_CHECKING:
    from simulator.world.node import WorldNode
    from simulator.world.world import World

TICK_US = US // 8
DELAYS_US = (1_000, 2_000, 5_000, 10_000, 30_000)
"Of a question on its way to etcd, and of an answer."
NOTICED_SHARE = 0.5
"Share of dead processes of which the peers' notice revokes the lease at once."
BACK_MAX = 3
"So many changes are lost, at most, where an older copy is restored."
Then = Callable[[Any], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """What etcd has on its disk."""

    revision: int = 10
    generation: int = 1
    holder: str = ""
    lease: str = ""
    epoch: Epoch = NO_EPOCH


class Etcd:
    """The key of the one domain."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.ttl_s = world.ttl_s
        self.now = Copy()
        self.downs = 0
        "How many faults keep it from answering anybody."
        self.slow_s = 0.0
        "How much longer, at the most, its disk takes."
        self._lease_until_us = 0
        self._copies: list[Copy] = []
        self.elections = {name: Election(self, node) for name, node in world.nodes.items()}

    @property
    def holder(self) -> str:
        """Who has the key; empty: nobody."""
        return self.now.holder

    @property
    def revision(self) -> int:
        """How many changes there were."""
        return self.now.revision

    @property
    def world(self) -> World:
        """Where it is."""
        return self._world

    def start(self) -> None:
        """Nodes begin to campaign."""
        self._tick(None)
        for number, election in enumerate(self.elections.values()):
            at_us = self._world.timeline.now_us + 60_000 * number
            self._world.timeline.at(at_us, TIMER, election.tick, None)

    def told(self, node: str, action: Any) -> None:
        """What a node's router wants."""
        election = self.elections[node]
        if isinstance(action, act.StepDown):
            election.step_down()
        elif isinstance(action, act.RaiseGeneration):
            election.raise_generation(action.above)
        elif isinstance(action, act.ProlongOffice):
            election.prolonged_until_s = max(election.prolonged_until_s, action.until_s)
        elif isinstance(action, act.HoldCampaign):
            election.hold(action)

    def died(self, node: str) -> None:
        """A process is gone: its lease is revoked by another that noticed, or runs out."""
        world, lease = self._world, self.now.lease
        if self.holder != node or world.dice.share("noticed") >= NOTICED_SHARE:
            return
        able = [one for one in self.elections.values() if one.may_revoke(node)]
        if able:
            world.dice.choice(able, "noticed").revoke(lease)

    # ---- questions -------------------------------------------------------------------------

    def ask(self, node: WorldNode, act: Then, what: Any, then: Then) -> None:
        """`act(what)` at etcd, and its answer to `then`, if both come through in time."""
        if node.etcd_cuts["out"]:
            return
        timeline = self._world.timeline
        going = (node, node.life, timeline.now_us, act, what, then)
        timeline.at(timeline.now_us + self._delay_us(node), REPLY, self._asked, going)

    def _asked(self, going: tuple[WorldNode, int, int, Then, Any, Then]) -> None:
        node, life, asked_us, act, what, then = going
        if self.downs:
            return
        timeline, answer = self._world.timeline, act(what)
        at_us = timeline.now_us + self._delay_us(node)
        if self.slow_s:
            at_us += int(self._world.dice.between(0.5, 1.0, "slow disk") * self.slow_s * US)
        timeline.at(at_us, REPLY, self._answered, (node, life, asked_us, then, answer))

    def _answered(self, going: tuple[WorldNode, int, int, Then, Any]) -> None:
        node, life, asked_us, then, answer = going
        in_time = self._world.timeline.now_us - asked_us <= PATIENCE_US
        if in_time and node.life == life and not node.etcd_cuts["in"]:
            node.happens(then, (asked_us, answer))

    def _delay_us(self, node: WorldNode) -> int:
        return self._world.dice.choice(DELAYS_US, "etcd", node.name)

    # ---- what can be asked -----------------------------------------------------------------

    def look(self, nothing: None = None) -> Copy:
        """What stands."""
        return self.now

    def campaign(self, wanted: tuple[str, str, int]) -> Copy:
        """Take the key if nobody has it: node, its lease, the highest generation it knows."""
        node, lease, known = wanted
        if not self.now.holder:
            generation = self.now.generation or known + 1
            revision = self.now.revision + 1
            epoch = Epoch(generation=generation, revision=revision)
            self._lease_until_us = self._world.timeline.now_us + int(self.ttl_s * US)
            self._change(
                Copy(
                    revision=revision,
                    generation=generation,
                    holder=node,
                    lease=lease,
                    epoch=epoch,
                )
            )
        return self.now

    def keep(self, lease: str) -> bool:
        """Let a lease live on; False: it is gone."""
        if self.now.lease != lease:
            return False
        self._lease_until_us = self._world.timeline.now_us + int(self.ttl_s * US)
        return True

    def revoke(self, lease: str) -> str:
        """End a lease, and the key with it; the lease, which is gone."""
        if lease and self.now.lease == lease:
            self._change(_fallen(self.now))
        return lease

    def raise_generation(self, above: Epoch) -> int:
        """Epochs from now on are above that one."""
        if self.now.generation <= above.generation:
            revision = self.now.revision + 1
            self._change(replace(self.now, generation=above.generation + 1, revision=revision))
        return self.now.generation

    # ---- by itself -------------------------------------------------------------------------

    def restore(self, *, wiped: bool) -> None:
        """An older copy is put in place, with what it knew; or nothing at all."""
        copy = Copy(revision=1, generation=0)
        if not wiped:
            back = 1 + int(self._world.dice.share("restored") * BACK_MAX)
            copy = self._copies[-back - 1] if len(self._copies) > back else Copy()
        self._lease_until_us = self._world.timeline.now_us + int(self.ttl_s * US)
        self._change(copy)

    def _tick(self, nothing: None) -> None:
        timeline = self._world.timeline
        if self.now.holder and not self.downs and timeline.now_us >= self._lease_until_us:
            self._change(_fallen(self.now))
        timeline.at(timeline.now_us + TICK_US, TIMER, self._tick, None)

    def _change(self, copy: Copy) -> None:
        """Something is written, and whoever watches hears of it."""
        self.now = copy
        self._copies.append(copy)
        timeline = self._world.timeline
        for election in self.elections.values():
            at_us = timeline.now_us + self._delay_us(election.node)
            timeline.at(at_us, REPLY, self._watched, (election, election.node.life, copy))

    def _watched(self, what: tuple[Election, int, Copy]) -> None:
        election, life, copy = what
        node = election.node
        if node.life == life and not node.etcd_cuts["in"] and not self.downs:
            node.happens(election.watched, copy)


def _fallen(copy: Copy) -> Copy:
    return replace(copy, holder="", lease="", epoch=NO_EPOCH, revision=copy.revision + 1)
