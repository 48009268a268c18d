"""All mutants, by name."""

from __future__ import annotations

from mutants import Mutant
from mutants_at_nodes import AT_NODES
from mutants_at_sites import AT_SITES

MUTANTS: dict[str, Mutant] = {one.name: one for one in (*AT_SITES, *AT_NODES)}
