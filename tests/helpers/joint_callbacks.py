"""Callers who let themselves be called back: their numbers, and how their telephones answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from joint_network import JointNetwork
from joint_queue import QUEUED, SMOOTH
from joint_restarts import KillingWays, KillingWorld
from joint_runs import documents, network_texts, site_table
from joint_sites import Device, JointSite

from site_agent.adapters.in_memory import signals as sig
from site_agent.adapters.in_memory.state import MemoryCall
from site_agent.core.callback_settings import CallbackSettings
from site_agent.core.settings import TrunkRules

RINGS_S = 4.0
CALLBACKS = CallbackSettings(pause_s=20.0, ring_s=15.0, keep_s=600.0, unresolved_s=60.0)
CALLED_BACK = QUEUED.replace("{action: network_queue}", "{action: callback, announcement: goodbye}")
"Who finds nobody is called back."


class CallbackWorld(KillingWorld):
    """Everybody's number is vouched for, and every site dials."""

    site_settings: Mapping[str, Any] = {
        "callbacks": CALLBACKS,
        "trunks": {"carrier": TrunkRules(trunk_group="carrier", dials=True)},
    }

    def __init__(self, **parts: Any) -> None:
        super().__init__(**parts)
        self.answers: dict[str, list[str]] = {}
        "How a caller's telephone answers, try after try; then `answered`."
        self.dialed: list[tuple[str, str]] = []
        "(caller, site) of every call made."

    def dress(self, device: Device, call: MemoryCall) -> None:
        number = int(device.name.removeprefix("caller"))
        call.ani, call.verified = f"+35191{number:07d}", True

    def signalled(self, site: JointSite, signal: Any) -> None:
        if isinstance(signal, sig.Dialing):
            device = next(one for one in self.devices if one.name == signal.interaction_id)
            if device.legs:
                self.problems.append(f"{device.name} is dialed while on the line: {device.legs}")
            self.dialed.append((device.name, site.name))
            self._later(RINGS_S, lambda: self._rang(site, device, signal.call_id))
            return
        super().signalled(site, signal)

    def _rang(self, site: JointSite, device: Device, call_id: str) -> None:
        left = self.answers.get(device.name, [])
        outcome = left.pop(0) if left else "answered"
        if call_id not in site.acd._floor.dialing or not site.alive:
            return
        if outcome == "answered":
            device.over = ""
            device.legs[call_id] = site.name
            site.devices[call_id] = device
        site.take(site.acd.dialed(call_id, outcome, self.now_s))


def callback_world(
    seed: int,
    agents: Mapping[str, int],
    *,
    policy: str = CALLED_BACK,
    more: Mapping[str, str] | None = None,
) -> CallbackWorld:
    """Sites with so many agents, whose callers are called back."""
    texts = network_texts() | {"RoutingPolicy/default": policy} | dict(more or {})
    network = JointNetwork(seed=seed, nodes=3, documents=documents(texts))
    world = CallbackWorld(
        network=network, site_table=site_table(), agents=dict(agents), ways=KillingWays(**SMOOTH)
    )
    world.unix_s = 1_767_635_980.0
    return world
