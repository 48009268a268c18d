"""Asks the router what it would decide, for a person, and waits for the answer.

Rule of this file: nothing is reserved and no call is touched; who does not get an answer in time is
told so. A policy given as text is compiled here, so that the router takes only what is good.
"""

import asyncio
from collections.abc import Callable

from nirc.core.actions import DecisionRecord, DryRunTold
from nirc.core.events import DryRun, Event
from nirc.errors import DocumentRefusedError
from nirc.links.core_asks import CoreAsks
from nrcli.wire import policy_models as models
from nrcli.wire.api_models import Decision
from nrcli.wire.messages import RouteRequest
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.document import DocumentError, load_document
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.versions import TEXT_BYTES_MAX

WAIT_S_MAX = 2.0
POLICY_GIVEN = "the policy given"


class DryRuns:
    """Dry runs under way. `tell` turns a record into the API's words."""

    def __init__(
        self,
        *,
        post: Callable[[Event], object],
        new_id: Callable[[], str],
        tell: Callable[[DecisionRecord], Decision],
        wait_s: float = WAIT_S_MAX,
    ) -> None:
        self._tell = tell
        self._wait_s = wait_s
        self._asks = CoreAsks[DryRunTold](post=post, new_id=new_id, wait_s=wait_s)

    async def dry_run(self, wanted: models.DryRun) -> Decision:
        """The decision. Raises DocumentRefusedError."""
        policy = None
        if wanted.policy is not None:
            policy = await asyncio.to_thread(_compiled, wanted.policy)
        told = await self._asks.ask(
            lambda run: DryRun(id=run, site=wanted.origin, request=_request(wanted), policy=policy)
        )
        if told is None:
            silence = f"no answer in {self._wait_s:g} s"
            remedy = "is the node overloaded? `nrcli status` says; try again"
            raise DocumentRefusedError("dry run", silence, remedy)
        if told.refused is not None:
            raise DocumentRefusedError(*told.refused)
        return self._tell(told.record)

    def told(self, action: DryRunTold) -> None:
        """The router's answer."""
        self._asks.told(action.id, action)


def _compiled(text: str) -> CompiledPolicy:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > TEXT_BYTES_MAX:
        raise DocumentRefusedError(POLICY_GIVEN, f"is {size} bytes", f"at most {TEXT_BYTES_MAX}")
    try:
        document = load_document(text, source=POLICY_GIVEN)
        if not isinstance(document, RoutingPolicyDoc):
            told = f"is a {document.kind}"
            raise DocumentRefusedError(POLICY_GIVEN, told, "give a RoutingPolicy")
        policy = compile_policy(document, 0, source=POLICY_GIVEN)
        policy.prepare()
        return policy
    except DocumentError as error:
        raise DocumentRefusedError(POLICY_GIVEN, str(error)) from error


def _request(wanted: models.DryRun) -> RouteRequest:
    return RouteRequest(
        request_id=wanted.interaction_id,
        interaction_id=wanted.interaction_id,
        call_id=wanted.interaction_id,
        service=wanted.service,
        queue=wanted.queue,
        trunk_group=wanted.trunk_group,
        ani=wanted.ani,
        dialed_number=wanted.dialed_number,
        waited_s=wanted.waited_s,
        answered=wanted.answered,
        verified=wanted.verified,
    )
