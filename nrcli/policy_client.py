"""Asks a node about policies, and asks it to change them.

Rule of this file: paths of the API and typed answers; it never prints and never decides.
"""

from urllib.parse import quote

from nrcli.admin_client import AdminClient
from nrcli.wire import policy_models as models
from nrcli.wire.api_models import Decision


class PolicyClient:
    """The part of a node's API about policies. Raises `AdminError`."""

    def __init__(self, node: AdminClient) -> None:
        self._node = node

    async def list_all(self) -> models.Policies:
        """Every policy."""
        return await self._node.read(models.Policies, "/policies")

    async def get(self, policy: str) -> models.PolicyStatus:
        """One policy."""
        return await self._node.read(models.PolicyStatus, _path(policy))

    async def history(self, policy: str) -> models.PolicyHistory:
        """What happened to a policy."""
        return await self._node.read(models.PolicyHistory, _path(policy, "history"))

    async def version(self, policy: str, number: int) -> models.PolicyVersion:
        """One version; 0: the one that is live."""
        if not number:
            number = (await self.get(policy)).live
        return await self._node.read(models.PolicyVersion, _path(policy, "versions", str(number)))

    async def publish(self, policy: str, act: models.PublishPolicy) -> models.PolicyDone:
        """Make a text live."""
        return await self._node.send(models.PolicyDone, _path(policy, "publish"), act)

    async def rollback(self, policy: str, act: models.RollbackPolicy) -> models.PolicyDone:
        """Go back."""
        return await self._node.send(models.PolicyDone, _path(policy, "rollback"), act)

    async def shadow(self, policy: str, act: models.ShadowPolicy) -> models.PolicyDone:
        """Let a version decide beside the live one."""
        return await self._node.send(models.PolicyDone, _path(policy, "shadow"), act)

    async def canary(self, policy: str, act: models.CanaryPolicy) -> models.PolicyDone:
        """Let a version decide for a part of the calls."""
        return await self._node.send(models.PolicyDone, _path(policy, "canary"), act)

    async def promote(self, policy: str, act: models.PromotePolicy) -> models.PolicyDone:
        """Make a version live for all calls."""
        return await self._node.send(models.PolicyDone, _path(policy, "promote"), act)

    async def stop(self, policy: str, act: models.StopPolicy) -> models.PolicyDone:
        """End what is not live."""
        return await self._node.send(models.PolicyDone, _path(policy, "stop"), act)

    async def schedule(self, policy: str, act: models.SchedulePolicy) -> models.PolicyDone:
        """Make a version live at a time."""
        return await self._node.send(models.PolicyDone, _path(policy, "schedule"), act)

    async def dry_run(self, wanted: models.DryRun) -> Decision:
        """What would be decided now."""
        return await self._node.send(Decision, "/route/dry-run", wanted)


def _path(policy: str, *more: str) -> str:
    return "/policies/" + "/".join(quote(part, safe="") for part in (policy, *more))
