"""Keeps the books in step with the PBX: everything is asked for at the start and now and then.

Rule of this file: lists of the PBX are taken entry by entry, as the events between them are; what
did not stand in a whole list is gone.
"""

from __future__ import annotations

from site_agent.adapters.asterisk.ami_events import ChannelOver, ChannelSeen
from site_agent.adapters.asterisk.ami_lists import ListOver, QueueSeen
from site_agent.adapters.asterisk.asterisk_protocol import action
from site_agent.adapters.asterisk.callers import Callers
from site_agent.adapters.asterisk.desk import Desk
from site_agent.adapters.asterisk.holds import Holds
from site_agent.adapters.asterisk.known_names import KnownNames
from site_agent.adapters.asterisk.members import Members

SYNC = "sync"
LIST = "list"
DYING_MAX = 10_000


class Syncing:
    """Whole lists of queues, members and channels."""

    def __init__(
        self, desk: Desk, callers: Callers, members: Members, holds: Holds, names: KnownNames
    ) -> None:
        self._desk = desk
        self._names = names
        self._callers = callers
        self._members = members
        self._holds = holds
        self.listing = 0
        "Number of the list that is being read, or was read last."
        self._found: set[str] = set()
        self._dying: set[str] = set()
        "Channels whose device hung up and that are not over yet."

    def begin(self) -> None:
        """Ask for everything."""
        desk = self._desk
        if not desk.connected:
            return
        self.listing += 1
        self._found.clear()
        self._names.begin()
        desk.say(
            action("CoreShowChannels", action_id=desk.ask(LIST, "channels")),
            action("QueueStatus", action_id=desk.ask(LIST, "queues")),
            action("PJSIPShowEndpoints", action_id=desk.ask(LIST, "endpoints")),
        )
        desk.timers.start((SYNC, ""), desk.now_s + desk.settings.sync_every_s)

    def stop(self) -> None:
        """The connection is gone."""
        self._desk.timers.stop((SYNC, ""))
        for queue in self._desk.queues.values():
            queue.there = False
        self._desk.touched_queues.update(self._desk.queues)
        self._desk.touched_agents.update(self._desk.agents)

    def queue_seen(self, event: QueueSeen) -> None:
        """A queue of the PBX."""
        self._names.queue_seen(event)
        queue = self._desk.queues.get(event.queue)
        if queue is not None:
            queue.there, queue.limit = True, max(0, event.places_max)
            self._found.add(event.queue)
            self._desk.touched_queues.add(event.queue)

    def channel_seen(self, event: ChannelSeen) -> None:
        """A channel of a trunk group counts."""
        desk = self._desk
        call = desk.channels.get(event.unique_id)
        if call is not None and event.listed:
            call.seen = self.listing
        if (not event.began and not event.listed) or event.unique_id in self._dying:
            return
        group = desk.trunk_group_of(event.channel)
        if group:
            desk.used[event.unique_id] = (group, self.listing)
            desk.touched_trunks.add(group)

    def far_end_over(self, unique_id: str) -> None:
        """The device hung up: the channel is free, though the PBX may list it for minutes still
        (after a `Transfer` without a final NOTIFY)."""
        if len(self._dying) < DYING_MAX:
            self._dying.add(unique_id)
        self._desk.free_channel(unique_id)

    def channel_over(self, event: ChannelOver) -> None:
        """A channel is free again."""
        self._dying.discard(event.unique_id)
        self._desk.free_channel(event.unique_id)

    def over(self, event: ListOver) -> None:
        """A list was read to its end."""
        kind, about = self._desk.asked(event.action_id)
        if kind != LIST or about != event.kind:
            return
        if event.kind == "channels":
            self._channels_read()
        elif event.kind == "queues":
            self._queues_read()
        self._names.over(event)

    def _channels_read(self) -> None:
        desk = self._desk
        for unique_id, (group, seen) in list(desk.used.items()):
            if seen < self.listing:
                del desk.used[unique_id]
                desk.touched_trunks.add(group)
        begun_s = desk.now_s - desk.settings.answer_s
        for call in list(desk.calls.values()):
            if call.seen < self.listing and call.began_at_s < begun_s:
                self._callers.gone(call)

    def _queues_read(self) -> None:
        desk = self._desk
        self._members.forget_unlisted(self.listing)
        for name, queue in desk.queues.items():
            if queue.there and name not in self._found:
                queue.there = False
                desk.touched_queues.add(name)
        self._holds.unpause_strays()
