"""Makes a site's own condition callable: when its OverflowRules ask the network about a call.

Rule of this file: the same source and the same arithmetic as in compiled policies, over one row of
queue columns and a call vector; it never raises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import CodeType, FunctionType

from routing_policies import columns as c
from routing_policies import kernel
from routing_policies.expressions import PLACEHOLDER, Checked
from routing_policies.model import Feature

Condition = Callable[[float, Sequence[float], Sequence[float]], bool]
"(now_s, queue[Q_...] of the caller's own queue, call[C_...] with its features) -> does it hold?"

_NAMES: dict[str, object] = {
    "__builtins__": {},
    "abs": abs,
    **{name: value for name, value in vars(kernel).items() if isinstance(value, FunctionType)},
}


def features_of(conditions: Sequence[Checked]) -> tuple[Feature, ...]:
    """All features that some conditions need, each once: the order of a shared call vector."""
    return tuple(dict.fromkeys(feature for one in conditions for feature in one.features))


def compile_condition(checked: Checked, features: Sequence[Feature]) -> Condition:
    """A condition checked with Scope.ASK. `features` are those of the call vector, in its order;
    they must hold all of the condition's own."""
    places = [c.CALL_FEATURES_FROM + features.index(feature) for feature in checked.features]
    emits = PLACEHOLDER.sub(
        lambda found: f"C[{places[int(found[2])]}]" if found[1] == "F" else found[0],
        checked.emits,
    )
    code = compile(f"lambda now_s, Q, C: {emits}", f"<condition {checked.text}>", "eval")
    (inner,) = (constant for constant in code.co_consts if isinstance(constant, CodeType))
    condition: Condition = FunctionType(inner, _NAMES, "condition")
    return condition
