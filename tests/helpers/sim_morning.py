"""A scenario of three sites that is large enough for statistics."""

from source_tree import ROOT

MORNING = str(ROOT / "tests" / "helpers" / "morning.yaml")
