"""A site's disk: the journal and the epochs, and what of them a kill or a power cut leaves.

Rule of this file: what was written is there after a kill; after a power cut what was synced is
there, and of the rest what happened to be written. An epoch is there once its write was confirmed.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from nrcli.wire.messages import Epoch
from simulator.world.dice import Dice
from site_agent.adapters.base import CallResumed
from site_agent.core.actions import JournalDrop, JournalPut
from site_agent.core.events import JournalRead

Where = tuple[str, str]
UNSYNCED_MAX = 200
"Older writes are on the disk, whoever asked for it or not."


class Disk:
    """One site's."""

    def __init__(self) -> None:
        self.epochs: dict[str, Epoch] = {}
        self.claimed_by: dict[str, str] = {}
        self.peer_plan = ""
        "The text of the peer plan."
        self._journal: dict[Where, dict[str, Any]] = {}
        self._unsynced: deque[tuple[Where, dict[str, Any] | None]] = deque(maxlen=UNSYNCED_MAX)
        "What was there before each write that the disk may not have yet."
        self.sure = True
        "What was written is there: the process was killed, not its machine."

    def put(self, action: JournalPut) -> None:
        """A record is written; synced, with all before it, where it says so."""
        where = (action.kind, action.key)
        if action.sync:
            self._unsynced.clear()
        else:
            self._unsynced.append((where, self._journal.get(where)))
        self._journal[where] = action.value

    def drop(self, action: JournalDrop) -> None:
        """A record is kept no longer."""
        where = (action.kind, action.key)
        before = self._journal.pop(where, None)
        if action.sync:
            self._unsynced.clear()
        else:
            self._unsynced.append((where, before))

    def save_epoch(self, domain: str, epoch: Epoch, node: str) -> None:
        """The highest epoch of a domain is on the disk, and who claimed it."""
        if domain not in self.epochs or epoch > self.epochs[domain]:
            self.epochs[domain], self.claimed_by[domain] = epoch, node

    def killed(self, dice: Dice, site: str, *, power_cut: bool) -> None:
        """The process is gone; with the power, so is a tail of what was not synced."""
        self.sure = not power_cut
        if power_cut:
            lost_count = int(dice.share("unsynced", site) * (len(self._unsynced) + 1))
            for _ in range(lost_count):
                where, before = self._unsynced.pop()
                if before is None:
                    self._journal.pop(where, None)
                else:
                    self._journal[where] = before
        self._unsynced.clear()

    def read(self, resumed: tuple[CallResumed, ...]) -> JournalRead:
        """What the next process reads, through the form that it has on the disk."""
        entries = tuple(
            (kind, key, json.loads(json.dumps(value)))
            for (kind, key), value in self._journal.items()
        )
        return JournalRead(entries=entries, resumed=resumed, sure=self.sure)
