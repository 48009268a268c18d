"""Makes scheduled versions live when their time has come.

Rule of this file: only the node that leads looks, and what it does is compare-and-set: two nodes
that both think that they lead carry an activation out once. Whatever fails is tried again, and one
policy's failure keeps no other from its time.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from nirc.errors import DocumentRefusedError, StoreError
from nirc.stores.etcd_policies import Done
from routing_policies.versions import Scheduled

log = logging.getLogger(__name__)


class Activations(Protocol):
    """What can become due."""

    def due(self) -> list[tuple[str, Scheduled]]:
        """Activations whose time has come."""

    async def activate(self, policy: str, one: Scheduled) -> Done:
        """Carry one out."""


class PolicySchedule:
    """`run` until cancelled."""

    def __init__(
        self, store: Activations, *, leads: Callable[[], bool], look_s: float = 1.0
    ) -> None:
        self._store = store
        self._leads = leads
        self._look_s = look_s
        self._told: dict[str, tuple[Scheduled, str]] = {}

    async def run(self) -> None:
        """Look now and then."""
        while True:
            await asyncio.sleep(self._look_s)
            if self._leads():
                await self.look()

    async def look(self) -> None:
        """Carry out what is due."""
        for policy, one in self._store.due():
            try:
                done = await self._store.activate(policy, one)
            except (StoreError, DocumentRefusedError) as error:
                self._tell(policy, one, str(error))
                continue
            except Exception as error:
                self._tell(policy, one, f"a fault of the node: {error!r}")
                continue
            self._told.pop(policy, None)
            for line in (*done.told, *done.warnings):
                log.warning("policy %s: %s", policy, line)

    def _tell(self, policy: str, one: Scheduled, why: str) -> None:
        """Told once, not at each look."""
        if self._told.get(policy) != (one, why):
            self._told[policy] = (one, why)
            log.error(
                "version %d of policy %s is due and not live yet: %s", one.version, policy, why
            )
