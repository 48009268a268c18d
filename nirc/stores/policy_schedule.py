"""Makes scheduled versions live when their time has come.

Rule of this file: only the node that leads looks, and what it does is compare-and-set: two nodes
that both think that they lead carry an activation out once. A store that is away is tried again.
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
                log.error(
                    "version %d of policy %s is due and not live yet: %s",
                    *(one.version, policy, error),
                )
                continue
            except Exception:  # one that is broken must not keep the others from their time
                log.exception("version %d of policy %s is due and not live", one.version, policy)
                continue
            for line in (*done.told, *done.warnings):
                log.warning("policy %s: %s", policy, line)
