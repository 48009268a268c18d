"""How carriers act on REFER, bridges and 302: well, badly, late, or not at all; drawn by chance."""

from __future__ import annotations

import random
from typing import Any

from nrcli.wire.messages import TransferMethod
from site_agent.adapters.base import MoveSign


class Ways:
    """Shares of each way; 0 everywhere is a network that always works."""

    def __init__(
        self,
        *,
        answered_share: float = 0.5,
        talk_s: float = 4.0,
        talk_s_min: float = 0.0,
        refuse_share: float = 0.1,
        silent_share: float = 0.1,
        late_share: float = 0.1,
        own_bye_share: float = 0.2,
        no_notify_share: float = 0.2,
        fail_share: float = 0.05,
        dead_port_share: float = 0.05,
    ) -> None:
        self.answered_share = answered_share
        self.talk_s = talk_s
        self.talk_s_min = talk_s_min
        self.refuse_share = refuse_share
        self.silent_share = silent_share
        self.late_share = late_share
        self.own_bye_share = own_bye_share
        self.no_notify_share = no_notify_share
        self.fail_share = fail_share
        self.dead_port_share = dead_port_share
        self.on_answer: dict[str, Any] = {}
        self.on_refusal: dict[str, Any] = {}
        self.aborted: set[str] = set()

    def follow_s(self, dice: random.Random) -> float:
        """How long until a contact is tried."""
        return dice.uniform(4.0, 9.0) if dice.random() < self.late_share else 0.02 * dice.random()

    def referred(self, world: Any, site: Any, signal: Any) -> None:
        """REFER, or the INVITE of a bridge, leaves the origin."""
        if signal.method is TransferMethod.BRIDGE:
            world._later(world._net(), lambda: self._bridge(world, site, signal))
        else:
            world._later(world._net(), lambda: self._refer(world, site, signal))

    def _refer(self, world: Any, site: Any, signal: Any) -> None:
        dice, device = world.dice, site.devices[signal.call_id]
        if device.over or signal.call_id not in device.legs:
            return
        if dice.random() < self.refuse_share:
            self._sign(world, site, signal, MoveSign.REFUSED, 603)
            return
        silent = dice.random() < self.silent_share
        if silent:
            world._later(1.5, lambda: self._sign(world, site, signal, MoveSign.SILENT, 0))
        else:
            self._sign(world, site, signal, MoveSign.ACCEPTED, 202)
        if dice.random() < self.fail_share:
            self._notify(world, site, signal, 503)
            return
        wait_s = (
            dice.uniform(1.0, 12.0) if dice.random() < self.late_share else 0.05 * dice.random()
        )
        device.pending += 1
        world._later(wait_s, lambda: self._call_target(world, site, signal, device))

    def _call_target(self, world: Any, site: Any, signal: Any, device: Any) -> None:
        device.pending -= 1
        if device.over:
            return

        def refused(sip_status: int) -> None:
            self._notify(world, site, signal, sip_status)
            world._look_if_lost(device, "the REFER target refused and no leg was left")

        def answered() -> None:
            self._notify(world, site, signal, 200)
            if world.dice.random() < self.own_bye_share:
                world._later(0.02, lambda: world._bye(site, signal.call_id))

        world.invite(device, signal.address, refused, answered)

    def _notify(self, world: Any, site: Any, signal: Any, sip_status: int) -> None:
        if world.dice.random() >= self.no_notify_share:
            self._sign(world, site, signal, MoveSign.NOTIFIED, sip_status)

    def _bridge(self, world: Any, site: Any, signal: Any) -> None:
        device = site.devices[signal.call_id]
        if device.over or signal.move_id in self.aborted:
            return
        if world.dice.random() < self.late_share:
            world._later(2.0, lambda: self._bridge(world, site, signal))
            return
        self._sign(world, site, signal, MoveSign.ACCEPTED, 180)

        def refused(sip_status: int) -> None:
            self._sign(world, site, signal, MoveSign.REFUSED, sip_status)

        call_ids: list[str] = []

        def answered() -> None:
            here = signal.call_id in site.acd.calls and signal.move_id not in self.aborted
            if not here:
                world._bye(world.sites[device.legs[call_ids[0]]], call_ids[0])
                return
            site.acd.calls[signal.call_id].bridged = True
            device.bridges[signal.call_id] = call_ids[0]
            self._sign(world, site, signal, MoveSign.BRIDGED, 200)

        call_ids.append(world.invite(device, signal.address, refused, answered))

    def _sign(self, world: Any, site: Any, signal: Any, sign: MoveSign, sip_status: int) -> None:
        world._later(
            world._net(),
            lambda: site.take(site.acd.progress(signal.call_id, signal.move_id, sign, sip_status)),
        )
