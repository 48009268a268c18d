"""A store of policy versions for the simulated network, and people who change it while calls run.

Every change is checked whole, as the real store does it; what is refused changes nothing. Nodes
hear of each change at moments of their own, in order; a node that starts reads what is newest.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from joint_network import JointNetwork, JointNode
from joint_policies import broken_policy, random_policy

from nirc.core.events import DocumentsChanged
from routing_policies.document import NetworkDocuments, assemble
from routing_policies.errors import DocumentError
from routing_policies.read_texts import ReadTexts
from routing_policies.rollout import VersionText, WrittenRollout

SITES = ("lisbon", "porto", "faro")
ACTS = ("publish", "publish", "rollback", "canary", "canary", "shadow", "promote", "end", "broken")


class Store:
    """Documents, and the versions of each policy."""

    def __init__(self, network: JointNetwork, texts: Mapping[str, str]) -> None:
        self.network = network
        self.dice: random.Random = network.dice
        self.revision = 1
        self.did: Counter[str] = Counter()
        self._others = {key: (text, 1) for key, text in texts.items()}
        self._versions: dict[str, dict[int, str]] = {}
        self._rollouts: dict[str, WrittenRollout] = {}
        self._read = ReadTexts()

    def begin(self, *policies: str) -> None:
        """Random first versions of these policies are in use before the first call."""
        for name in policies:
            while not self._publish(name, random_policy(self.dice, name)):
                pass

    def act(self) -> None:
        """Somebody does something to one of the policies."""
        name = self.dice.choice(sorted(self._versions))
        done = getattr(self, f"_act_{self.dice.choice(ACTS)}")(name)
        self.did[done or "refused"] += 1

    def text_of(self, policy: str, version: int) -> str:
        """A version as it was published."""
        return self._versions[policy][version]

    # ---- acts: each returns its name, or nothing if it was refused

    def _act_publish(self, name: str) -> str:
        return "publish" if self._publish(name, random_policy(self.dice, name)) else ""

    def _act_broken(self, name: str) -> str:
        text = broken_policy(self.dice, name)
        taken = self._publish(name, text)
        assert not taken or "name: bad" not in text, f"a broken policy was taken:\n{text}"
        return "publish" if taken else "broken"

    def _act_rollback(self, name: str) -> str:
        version = self.dice.choice(sorted(self._versions[name]))
        return "rollback" if self._roll(name, replace(self._rollouts[name], live=version)) else ""

    def _act_canary(self, name: str) -> str:
        version = self._new(name)
        sites = frozenset(self.dice.sample(SITES, self.dice.choice((0, 1, 2))))
        rollout = replace(
            self._rollouts[name],
            canary=VersionText(version=version, text=self._versions[name][version]),
            canary_sites=sites,
            canary_services=frozenset(("sales",) if self.dice.random() < 0.5 else ()),
            canary_share=self.dice.choice((0.3, 0.6)) if self.dice.random() < 0.5 else 0.0,
        )
        return "canary" if self._roll(name, rollout, version) else ""

    def _act_shadow(self, name: str) -> str:
        version = self._new(name)
        shadow = VersionText(version=version, text=self._versions[name][version])
        return (
            "shadow"
            if self._roll(name, replace(self._rollouts[name], shadow=shadow), version)
            else ""
        )

    def _act_promote(self, name: str) -> str:
        rollout = self._rollouts[name]
        tried = rollout.canary or rollout.shadow
        if tried is None:
            return self._act_publish(name)
        return "promote" if self._roll(name, WrittenRollout(live=tried.version)) else ""

    def _act_end(self, name: str) -> str:
        return "end" if self._roll(name, WrittenRollout(live=self._rollouts[name].live)) else ""

    # ---- how

    def _new(self, name: str) -> int:
        """A new version, not in use yet."""
        versions = self._versions[name]
        version = max(versions) + 1
        versions[version] = random_policy(self.dice, name)
        return version

    def _publish(self, name: str, text: str) -> bool:
        versions = self._versions.setdefault(name, {})
        version = max(versions, default=0) + 1
        versions[version] = text
        before = self._rollouts.get(name, WrittenRollout(live=0))
        return self._roll(name, replace(before, live=version), version)

    def _roll(self, name: str, rollout: WrittenRollout, new: int = 0) -> bool:
        """This is in use from now on, if all documents still fit; `new` is its new version."""
        texts = dict(self._others)
        rollouts = self._rollouts | {name: rollout}
        for policy, one in rollouts.items():
            texts[f"RoutingPolicy/{policy}"] = (self._versions[policy][one.live], 1)
        try:
            documents = assemble(texts, self.revision + 1, rollouts, self._read)
        except DocumentError:
            if new:
                del self._versions[name][new]
            return False
        self.revision += 1
        self._rollouts = rollouts
        if new:
            self.network.note("policy_published", policy=name, version=new)
        self._tell(documents)
        return True

    def _tell(self, documents: NetworkDocuments) -> None:
        network = self.network
        network.documents = documents
        for node in network.nodes.values():
            wait_s = self.dice.choice((0.001, 0.02, 0.3, 2.0))
            network.clock.after(wait_s, lambda node=node: self._heard(node, documents))

    @staticmethod
    def _heard(node: JointNode, documents: NetworkDocuments) -> None:
        if node.alive and documents.revision > node.revision:
            node.handle(DocumentsChanged(documents=documents))
