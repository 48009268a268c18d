"""The parts are names for what stands elsewhere."""

from __future__ import annotations

from dataclasses import fields

from nirc.core.parts import Parts


def test_every_part_is_given() -> None:
    assert {"choice", "network", "leadership", "documents", "memory"} <= {
        field.name for field in fields(Parts)
    }
