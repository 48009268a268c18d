"""What the driver needs of the parts around it: small interfaces, so that tests stand in for them.

Rule of this file: protocols only.
"""

from collections.abc import Sequence
from typing import Protocol

from nirc.core.actions import (
    Action,
    BindToken,
    ControlWeighed,
    DecisionRecord,
    DryRunTold,
    EndControl,
    EntryTold,
    FetchData,
    HoldCampaign,
    KeepControl,
    KeepProof,
    MoveRecord,
    StoreData,
)
from nirc.core.events import Event
from nrcli.sip.redirect_words import PreRouteTold
from nrcli.wire.messages import Epoch, NodeMessage, PeerMessage, SiteRecord


class Core(Protocol):
    """A pure core: events in, actions out."""

    def handle(self, event: Event, now_s: float) -> Sequence[Action]:
        """Take one event."""


class SiteLinks(Protocol):
    """The streams of sites to this node."""

    def send(self, site: str, message: NodeMessage, not_after_s: float | None = None) -> bool:
        """Send on a site's stream; dropped when there is none, or after `not_after_s`."""

    def close_site(self, site: str, code: str, reason: str) -> None:
        """End a site's stream."""


class PeerLinks(Protocol):
    """The streams to other nodes."""

    def send(self, node: str, message: PeerMessage) -> bool:
        """Send to another node; dropped when its stream is down."""


class AttachedDataStore(Protocol):
    """Where attached data lies; answers come as events."""

    def store(self, action: StoreData) -> None:
        """Keep a call's data."""

    def bind(self, action: BindToken) -> None:
        """Let a token read a call's data."""

    def fetch(self, action: FetchData) -> None:
        """Read what a token may read."""


class Leaderships(Protocol):
    """The elections of this node's domains."""

    def step_down(self, domain: str, reason: str) -> None:
        """Give the leader key back."""

    def raise_generation(self, domain: str, above: Epoch) -> None:
        """Raise the generation above an epoch and elect again."""

    def prolong_office(self, domain: str, until_s: float) -> None:
        """Stay in office without etcd until then."""

    def hold_campaign(self, action: HoldCampaign) -> None:
        """Campaign for nothing for a while; answered by `CampaignHeld`."""


class ProofKeeper(Protocol):
    """Where lies what test calls proved; it comes back as `ProofsRead`."""

    def keep(self, action: KeepProof) -> None:
        """Write one record; never waits."""


class ControlWriter(Protocol):
    """Where emergency controls are kept; they come back as `ControlsRead`."""

    def keep(self, action: KeepControl) -> None:
        """Write one anew; never waits."""

    def end_by_core(self, action: EndControl) -> None:
        """Take one out; never waits."""


class ControlAskers(Protocol):
    """Who wants a control, or to know what it would do."""

    def told(self, action: ControlWeighed) -> None:
        """What it would do."""


class AlarmBook(Protocol):
    """Where alarms stand."""

    def raise_alarm(self, code: str, place: str, text: str) -> None:
        """Say that something is wrong."""

    def clear(self, code: str, place: str) -> None:
        """Its cause is gone."""


class Recorder(Protocol):
    """Where decisions and the records of sites go; never waits."""

    def decision(self, record: DecisionRecord) -> None:
        """Keep one decision."""

    def of_site(self, record: SiteRecord | MoveRecord) -> None:
        """Keep what a site tells for the records."""


class EntryAskers(Protocol):
    """Who wants entries out of the network queue."""

    def told(self, action: EntryTold) -> None:
        """Whether the entry's site was told."""


class EdgeAskers(Protocol):
    """Edges that ask where to deliver a call."""

    def told(self, action: PreRouteTold) -> None:
        """Where to."""


class Askers(Protocol):
    """Who wants to know what would be decided."""

    def told(self, action: DryRunTold) -> None:
        """What would be decided."""
