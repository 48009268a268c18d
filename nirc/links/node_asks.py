"""Joins those parts of the HTTP API that ask the core and wait for its word.

Rule of this file: wiring only.
"""

from collections.abc import Callable

from nirc.core.actions import DecisionRecord
from nirc.core.events import Event
from nirc.core.view import RouterView
from nirc.links.controls_http import ControlKeeper, ControlsHttp
from nirc.links.dry_runs import DryRuns
from nirc.links.queue_http import QueueHttp
from nrcli.wire.api_models import Decision


class NodeAsks:
    """Dry runs, the network queue's operators, emergency controls."""

    def __init__(
        self,
        *,
        post: Callable[[Event], object],
        new_id: Callable[[], str],
        tell: Callable[[DecisionRecord], Decision],
        view: Callable[[], RouterView],
        controls: ControlKeeper,
    ) -> None:
        self.dry_runs = DryRuns(post=post, new_id=new_id, tell=tell)
        self.queue = QueueHttp(post=post, new_id=new_id)
        self.controls = ControlsHttp(post=post, new_id=new_id, view=view, keeper=controls)
