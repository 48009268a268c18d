"""A network whose carriers send an INVITE again, as a new one: forked, or by another way."""

from __future__ import annotations

from typing import Any

from joint_carriers import Ways
from joint_network import JointNetwork
from joint_runs import SITES, documents, fault, network_texts, ring, site_table
from joint_sites import Device, JointWorld

AGAIN_SHARE = 0.3
AGAIN_S = 0.6
FOR_S = 20.0


class ForkingWorld(JointWorld):
    """Callers whose INVITEs come twice."""

    def invite(self, device: Device, address: str, refused: Any, answered: Any) -> str:
        call_id = super().invite(device, address, refused, answered)
        if self.dice.random() < AGAIN_SHARE:
            self._later(AGAIN_S * self.dice.random(), lambda: self._again(device, address))
        return call_id

    def _again(self, device: Device, address: str) -> None:
        if not device.over:
            super().invite(device, address, lambda status: None, lambda: None)


def run(seed: int) -> ForkingWorld:
    """Callers, a few faults, and INVITEs that come again."""
    network = JointNetwork(seed=seed, nodes=3, documents=documents(network_texts()))
    world = ForkingWorld(network=network, site_table=site_table(), agents=SITES, ways=Ways())
    world.start()
    ring(world, FOR_S, 2.2)
    start_s = world.now_s
    for _ in range(3):
        world.network.clock.at(start_s + 2.0 + world.dice.random() * FOR_S, lambda: fault(world))
    world.network.clock.run(start_s + FOR_S + 200.0)
    return world
