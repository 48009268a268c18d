"""All mutants, by name."""

from __future__ import annotations

from mutants import Mutant
from mutants_at_nodes import AT_NODES
from mutants_at_sites import AT_SITES
from mutants_by_plan import BY_PLAN
from mutants_by_service import BY_SERVICE

MUTANTS: dict[str, Mutant] = {
    one.name: one for one in (*AT_SITES, *AT_NODES, *BY_PLAN, *BY_SERVICE)
}
