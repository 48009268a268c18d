"""S4: a site's epochs never go down, it obeys no command of a lower one, and one node an epoch.

Rule of this file: epochs are compared per site and domain, generation first. An etcd that was wiped
twice may give two nodes the same epoch: no site may obey both, not even after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.history import Line, Violation

NAME = "S4"
LOOKS_AT = ("epoch", "command")


def check(lines: Iterable[Line]) -> list[Violation]:
    """Violations of S4, in order."""
    found: list[Violation] = []
    highest: dict[tuple[str, str], tuple[int, int]] = {}
    nodes: dict[tuple[str, str, int, int], str] = {}
    for line in lines:
        if line.kind not in ("epoch", "command"):
            continue
        key = (line.site, line.text("domain"))
        epoch = (line.number("generation"), line.number("revision"))
        known = highest.get(key, (0, 0))
        if epoch < known:
            text = f"{line.kind} of {key[1]} with epoch {epoch} after {known}"
            found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text))
            continue
        if line.kind == "epoch":
            highest[key] = epoch
            node = nodes.setdefault((*key, *epoch), line.text("node"))
            if node != line.text("node"):
                text = f"epoch {epoch} of {key[1]} is claimed by {node} and {line.text('node')}"
                found.append(Violation(invariant=NAME, at_s=line.at_s, site=line.site, text=text))
    return found
