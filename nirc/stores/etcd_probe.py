"""Asks etcd again and again whether it answers, so that the node's picture of it is never old.

Rule of this file: one small linearizable read at a time, which only a majority can answer, and from
the node that leads a write beside it, which a majority of disks must keep; it tells when what was
answered was asked and how long a write took, and judges nothing. The write changes nothing: its
condition never holds, so that etcd's history does not grow.
"""

import asyncio
from collections.abc import Callable

from nirc.core.events import EtcdAnswered, EtcdWrote
from nirc.errors import StoreError
from nirc.stores.etcd_client import EtcdClient
from nirc.stores.etcd_values import Check, Put

KEY = "/nirc/probe"
"Is never written; that it does not exist is an answer too."
EVERY_S_MAX = 1.0
WRITE_EVERY_S = 1.0
WRITE_S_MAX = 4.0
NEVER = Check(key=KEY, create_revision=1)
"No key of ours has etcd's first revision."


class EtcdProbe:
    """`run` until cancelled; `problem` is what went wrong last, empty after an answer."""

    def __init__(
        self,
        client: EtcdClient,
        *,
        every_s: float,
        post: Callable[[EtcdAnswered | EtcdWrote], object],
        now_s: Callable[[], float],
        leads: Callable[[], bool] = lambda: False,
    ) -> None:
        self._client = client
        self._every_s = min(every_s, EVERY_S_MAX)
        self._post = post
        self._now_s = now_s
        self._leads = leads
        self.problem = "not asked yet"

    async def run(self) -> None:
        """Ask, tell, wait."""
        while True:
            asked_at_s = self._now_s()
            try:
                async with asyncio.timeout(2 * self._every_s):
                    await self._client.get(KEY)
            except StoreError as error:
                self.problem = error.problem
            except TimeoutError:
                self.problem = "no answer in time"
            else:
                self.problem = ""
                self._post(EtcdAnswered(asked_at_s=asked_at_s))
            await asyncio.sleep(max(asked_at_s + self._every_s - self._now_s(), 0.05))

    async def run_writes(self) -> None:
        """While this node leads: write, tell how long it took, wait."""
        while True:
            if self._leads():
                await self._write()
            await asyncio.sleep(WRITE_EVERY_S)

    async def _write(self) -> None:
        begun_s, problem = self._now_s(), ""
        try:
            async with asyncio.timeout(WRITE_S_MAX):
                await self._client.txn([NEVER], [Put(key=KEY, value=b"")])
        except StoreError as error:
            problem = error.problem
        except TimeoutError:
            problem = "no answer in time"
        self._post(EtcdWrote(took_s=self._now_s() - begun_s, problem=problem))
