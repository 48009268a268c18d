"""Emergency controls for tests, as they are wanted and as they stand."""

from __future__ import annotations

from nrcli.wire.control_models import (
    Control,
    ControlParameters,
    ControlTarget,
    ControlWanted,
)

BEGAN_UNIX_S = 1_000_000.0


def target_of(target: str) -> ControlTarget:
    """`all`, or such as `site lisbon`."""
    of, _, name = target.partition(" ")
    return ControlTarget.model_validate({"of": of, "name": name})


def control(
    kind: str,
    target: str = "all",
    *,
    name: str = "c1",
    for_s: float = 600.0,
    **parameters: object,
) -> Control:
    """A control that began at `BEGAN_UNIX_S`."""
    return Control.model_validate(
        {
            "id": name,
            "kind": kind,
            "target": target_of(target),
            "parameters": ControlParameters.model_validate(parameters),
            "reason": "carrier storm",
            "who": "ana@noc",
            "began_unix_s": BEGAN_UNIX_S,
            "ends_unix_s": BEGAN_UNIX_S + for_s,
        }
    )


def wanted(
    kind: str, target: str = "all", for_s: float | None = None, **parameters: object
) -> ControlWanted:
    """The same as somebody wants it."""
    return ControlWanted.model_validate(
        {
            "kind": kind,
            "target": target_of(target),
            "parameters": ControlParameters.model_validate(parameters),
            "for_s": for_s,
            "author": "ana@noc",
            "reason": "carrier storm",
        }
    )
