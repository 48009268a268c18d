"""Asks the core something for a person, and waits for its word.

Rule of this file: bounded waiting; who asked in vain is told nothing here but that nobody answered.
"""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from nirc.core.events import Event

T = TypeVar("T")


class CoreAsks(Generic[T]):
    """Questions under way, by id."""

    def __init__(
        self, *, post: Callable[[Event], object], new_id: Callable[[], str], wait_s: float
    ) -> None:
        self._post = post
        self._new_id = new_id
        self._wait_s = wait_s
        self._waiting: dict[str, asyncio.Future[T]] = {}

    async def ask(self, event_of: Callable[[str], Event]) -> T | None:
        """The answer to the event that is made with the question's id; None: there was none in
        time."""
        name = self._new_id()
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting[name] = answer
        try:
            self._post(event_of(name))
            async with asyncio.timeout(self._wait_s):
                return await answer
        except TimeoutError:
            return None
        finally:
            self._waiting.pop(name, None)

    def told(self, name: str, answer: T) -> None:
        """The core's word; late, it is forgotten."""
        waiting = self._waiting.get(name)
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)
