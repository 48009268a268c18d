"""The policies of a model as one function over arrays, compiled or as they are.

Rule of this file: each service is decided by its own policy; services of one policy share its
memory. Rules are numbered through all policies, so that one table says what each of them does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from routing_policies.compiler import CompiledPolicy
from routing_policies.names import name_id
from routing_policies.policy_kinds import Otherwise, Rule
from simulator.compiled import policy_function
from simulator.compiled.cache_place import rebuilt
from simulator.compiled.desk import REJECT, RETRY, ROUTE, STAY
from simulator.compiled.loop_source import interpreted, module_of, name_of
from simulator.model.instants import US
from simulator.model.network import NetworkModel

RETRY_S_MIN = 0.5
"A shorter time to the next question is not believed (`site_agent.core.local_fallback`)."
_ACTIONS = {"route": ROUTE, "redirect": ROUTE, "reject": REJECT, "retry_after": RETRY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """What decides in a model."""

    used: tuple[CompiledPolicy, ...]
    of_service: tuple[int, ...]
    "Index of `used` by service of the model."
    actions: Any
    "[rule + 1, ...]: what it does, and the time to the next question."
    kept_count: int
    row_kept_count: int
    feature_count: int
    rules_count: int

    @property
    def text(self) -> str:
        """Sources of all, for what they read."""
        return "\n".join(policy.text for policy in self.used)

    @property
    def moves(self) -> bool:
        """May any of them move a call."""
        return bool((self.actions[:, 0] == ROUTE).any())

    @property
    def matters(self) -> bool:
        """May any of them do anything but leave the call where it is, and say nothing."""
        return self.announces or self.queues or bool((self.actions[:, 0] != STAY).any())

    @property
    def queues(self) -> bool:
        """May any of them have calls wait in the network queue."""
        return "network_queue" in self._said

    @property
    def announces(self) -> bool:
        """May any of them have callers told something, for which they are answered."""
        return "announce" in self._said

    @property
    def _said(self) -> tuple[str, ...]:
        """All their actions."""
        specs = [policy.document.spec for policy in self.used]
        actions = [rule.action for spec in specs for rule in spec.rules]
        return (*actions, *(spec.otherwise.action for spec in specs))


def policies_of(model: NetworkModel) -> Policies:
    """The live version of each service's policy."""
    used: list[CompiledPolicy] = []
    of_service = []
    for service in model.services:
        policy = model.documents.policy_of(service.name).live
        if policy not in used:
            used.append(policy)
        of_service.append(used.index(policy))
    rows: list[tuple[int, int]] = []
    for policy in used:
        spec = policy.document.spec
        said: tuple[Rule | Otherwise, ...] = (spec.otherwise, *spec.rules)
        for one in said:
            retry_us = int(max(one.retry_after_s or 0.0, RETRY_S_MIN) * US + 0.5)
            rows.append((_ACTIONS.get(one.action, STAY), retry_us))
    return Policies(
        used=tuple(used),
        of_service=tuple(of_service),
        actions=np.array(rows, dtype=np.int64),
        kept_count=sum(one.kept_count for one in used),
        row_kept_count=sum(one.row_kept_count for one in used),
        feature_count=max(len(one.features) for one in used),
        rules_count=max(len(one.rule_names) for one in used),
    )


def decide_text(policies: Policies, model: NetworkModel, *, compiled: bool) -> str:
    """The source of `decide` for all services."""
    if len(policies.used) == 1:
        return _module_text(policies.used[0], "decide", compiled=compiled, kernel=True)
    parts = [
        _module_text(policy, f"decide_{i}", compiled=compiled, kernel=i == 0)
        for i, policy in enumerate(policies.used)
    ]
    lines = []
    if compiled:
        lines.append(f'@njit("{policy_function.SIGNATURE}", cache=True)')
    lines.append(
        "def decide(now_s, call, rows, ways, queues, agents, kept, row_kept, out, lost, trace):"
    )
    rule = kept = row_kept = 0
    for i, policy in enumerate(policies.used):
        ids = [
            name_id(model.services[s].name)
            for s, index in enumerate(policies.of_service)
            if index == i
        ]
        wanted = " or ".join(f"call[6] == {one!r}" for one in ids)
        kept_to, row_to = kept + policy.kept_count, row_kept + policy.row_kept_count
        lines.append(f"    if {wanted}:")
        lines.append(
            f"        return {rule} + decide_{i}(now_s, call, rows, ways, queues, agents,"
            f" kept[{kept}:{kept_to}], row_kept[{row_kept}:{row_to}], out, lost, trace)"
        )
        rule += len(policy.rule_names) + 1
        kept, row_kept = kept_to, row_to
    lines.append("    return -1")
    return "\n\n".join([*parts, "\n".join(lines)])


def decide_function(
    policies: Policies, model: NetworkModel, *, compiled: bool, folder: Path
) -> Any:
    """`decide` to be called by a loop."""
    text = decide_text(policies, model, compiled=compiled)
    if compiled:
        name = name_of(text, "policy")
        return rebuilt(folder, name, lambda: module_of(text, "policy", folder)).decide
    return interpreted(text).decide


def decide_is_kept(policies: Policies, model: NetworkModel, folder: Path) -> bool:
    """Is the compiled function on disk already."""
    name = name_of(decide_text(policies, model, compiled=True), "policy")
    return any((folder / "__pycache__").glob(f"{name}.decide-*.nbi"))


def _module_text(policy: CompiledPolicy, name: str, *, compiled: bool, kernel: bool) -> str:
    text = policy_function.module_text(policy, reasons=False)
    if not compiled:
        text = re.sub(r"^@njit.*\n", "", text, flags=re.MULTILINE)
        text = text.replace("from numba import njit\n", "")
    if not kernel:
        text = policy.source_text(reasons=False)
        if compiled:
            text = re.sub(r"^def ", "@njit\ndef ", text, flags=re.MULTILINE)
    if name != "decide":
        text = re.sub(r"^def decide\(", f"def {name}(", text, flags=re.MULTILINE)
        text = re.sub(r"\bof_site_(\d+_\d+)\b", rf"of_site_{name}_\1", text)
        text = text.replace(f'@njit("{policy_function.SIGNATURE}", cache=True)', "@njit")
    return text
