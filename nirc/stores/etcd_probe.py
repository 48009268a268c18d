"""Asks etcd again and again whether it answers, so that the node's picture of it is never old.

Rule of this file: one small linearizable read at a time, which only a majority can answer; it tells
when what was answered was asked, and judges nothing.
"""

import asyncio
from collections.abc import Callable

from nirc.core.events import EtcdAnswered
from nirc.errors import StoreError
from nirc.stores.etcd_client import EtcdClient

KEY = "/nirc/probe"
"Is never written; that it does not exist is an answer too."
EVERY_S_MAX = 1.0


class EtcdProbe:
    """`run` until cancelled; `problem` is what went wrong last, empty after an answer."""

    def __init__(
        self,
        client: EtcdClient,
        *,
        every_s: float,
        post: Callable[[EtcdAnswered], object],
        now_s: Callable[[], float],
    ) -> None:
        self._client = client
        self._every_s = min(every_s, EVERY_S_MAX)
        self._post = post
        self._now_s = now_s
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
