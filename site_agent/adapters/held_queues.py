"""Queues whose new callers are held back until the site daemon lets them in, and why.

Rule of this file: two reasons, each set by the daemon alone; a queue may have both.
"""

from site_agent.adapters import base


class HeldQueues:
    """Names of queues; `queue in held` asks whether its new callers are held back."""

    __slots__ = ("closed", "shifted")

    def __init__(self) -> None:
        self.closed: set[str] = set()
        "By their calendars."
        self.shifted: set[str] = set()
        "Open; by a traffic shift of their calls."

    def __contains__(self, queue: str) -> bool:
        return queue in self.closed or queue in self.shifted

    def put(self, command: base.SetQueueClosed | base.SetQueueShifted) -> None:
        """As the daemon says."""
        if isinstance(command, base.SetQueueClosed):
            (self.closed.add if command.closed else self.closed.discard)(command.queue)
        else:
            (self.shifted.add if command.shifted else self.shifted.discard)(command.queue)
