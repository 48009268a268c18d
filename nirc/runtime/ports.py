"""What the driver needs of the parts around it: small interfaces, so that tests stand in for them.

Rule of this file: protocols only.
"""

from collections.abc import Sequence
from typing import Protocol

from nirc.core.actions import Action, BindToken, FetchData, StoreData
from nirc.core.events import Event
from nrcli.wire.messages import NodeMessage, PeerMessage


class Core(Protocol):
    """A pure core: events in, actions out."""

    def handle(self, event: Event, now_s: float) -> Sequence[Action]:
        """Take one event."""


class SiteLinks(Protocol):
    """The streams of sites to this node."""

    def send(self, site: str, message: NodeMessage, not_after_s: float | None = None) -> None:
        """Send on a site's stream; dropped when there is none, or after `not_after_s`."""

    def close_site(self, site: str, code: str, reason: str) -> None:
        """End a site's stream."""


class PeerLinks(Protocol):
    """The streams to other nodes."""

    def send(self, node: str, message: PeerMessage) -> None:
        """Send to another node; dropped when its stream is down."""


class AttachedDataStore(Protocol):
    """Where attached data lies; answers come as events."""

    def store(self, action: StoreData) -> None:
        """Keep a call's data."""

    def bind(self, action: BindToken) -> None:
        """Let a token read a call's data."""

    def fetch(self, action: FetchData) -> None:
        """Read what a token may read."""


class Records(Protocol):
    """Where decisions and call legs go; never waits, sheds the oldest."""

    def append(self, stream: str, record: object) -> None:
        """Add one record to a stream."""
