"""What all parts of this adapter work on: the CTI as it is known, commands, answers owed.

Rule of this file: it is built once, in `adapter`, and decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from nrcli.wire.messages import TransferMethod
from site_agent.adapters.http_push.mirror import Mirror
from site_agent.adapters.http_push.outbox import Outbox
from site_agent.adapters.http_push.said_by_cti import CtiCapabilities
from site_agent.adapters.http_push.said_to_cti import PushCommand
from site_agent.adapters.http_push.settings import HttpPushSettings
from site_agent.adapters.http_push.waits import Waits


class Desk:
    """Shared by what is asked, what is heard, and sessions."""

    def __init__(self, settings: HttpPushSettings, new_id: Callable[[], str]) -> None:
        self.settings = settings
        self.new_id = new_id
        self.mirror = Mirror(queues=settings.queues, trunks=settings.trunks)
        self.outbox = Outbox(resend_s=settings.resend_s, count_max=settings.commands_max)
        self.waits = Waits()
        self.can = CtiCapabilities()
        self.now_s = 0.0
        "Of the turn that runs."

    @property
    def methods(self) -> tuple[TransferMethod, ...]:
        """How calls can be moved: what the CTI can, and the site's settings allow."""
        return tuple(one for one in self.can.methods if one in self.settings.methods)

    def push(self, command: PushCommand) -> bool:
        """Tell the CTI; False: too many commands wait already."""
        return self.outbox.put(command, self.now_s)
