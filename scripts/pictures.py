"""Draws state tables and generated source as text, for documents; `make docs` and the tests use it.

A block marked `<!-- picture: name -->` is the picture of that name. Rule of this file: what is
drawn is read from the tables that the programs run on, never written down a second time.
"""

import importlib
from collections.abc import Callable
from typing import Any


def grid(moves: dict[tuple[Any, Any], Any]) -> str:
    """One row for each state, one column for each sign, the next state where they meet."""
    states = list(dict.fromkeys(state for state, _ in moves))
    signs = list(dict.fromkeys(sign for _, sign in moves))
    rows = [["", *(sign.value for sign in signs)]]
    rows += [[state.value, *(moves[state, sign].value for sign in signs)] for state in states]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def steps(table: dict[Any, dict[Any, tuple[Any, Any]]]) -> str:
    """For each state the signs that change something, where they lead and what is done."""
    lines: list[str] = []
    for state, row in table.items():
        lines.append(state.value)
        same: dict[str, list[str]] = {}
        for sign, (after, effect) in row.items():
            if after is not state or effect.value != "none":
                target = "as the effect says" if after is None else after.value
                done = "" if effect.value == "none" else f" [{effect.value}]"
                same.setdefault(f"{target}{done}", []).append(sign.value)
        lines += [f"  {', '.join(signs)} -> {then}" for then, signs in same.items()]
    return "".join(f"{line}\n" for line in lines)


def _table(module: str, name: str) -> Any:
    return getattr(importlib.import_module(module), name)


def compiled_policy() -> str:
    """The source that the compiler writes for a small policy, without reasons."""
    rules = (
        "{name: own-agent, when: origin.free_count > 0, action: queue_at_origin}",
        "{name: elsewhere, when: call.waited_s > 10, select: longest_available, action: route}",
    )
    head = "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: small}\nspec:\n  rules:\n"
    text = head + "".join(f"    - {rule}\n" for rule in rules)
    _, policy = importlib.import_module("routing_policies.policy_text").compile_text(
        text, source="small"
    )
    return str(policy.text).strip("\n") + "\n"


def commands(app: Any, before: str = "") -> list[tuple[str, str]]:
    """(command, first sentences of what it says of itself), by name."""
    found = []
    for one in app.registered_commands:
        name = one.name or one.callback.__name__.replace("_", "-")
        told = (one.callback.__doc__ or "").strip().split("\n\n")[0]
        found.append((f"{before}{name}", " ".join(told.split())))
    for group in app.registered_groups:
        found += commands(group.typer_instance, f"{before}{group.name} ")
    return sorted(found)


def listed(rows: list[tuple[str, str]]) -> str:
    """A row a line, the second column in line."""
    wide = max(len(first) for first, _ in rows)
    return "".join(f"{first.ljust(wide)}  {second}\n" for first, second in rows)


def nrcli_commands() -> str:
    """Every command of nrcli."""
    return listed(commands(_table("nrcli.commands.main", "app")))


def exit_codes() -> str:
    """What nrcli ends with."""
    meanings = _table("nrcli.commands.exit_codes", "MEANINGS")
    return listed([(str(code), told) for code, told in meanings.items()])


PICTURES: dict[str, Callable[[], str]] = {
    "compiled_policy": compiled_policy,
    "exit_codes": exit_codes,
    "link_session": lambda: grid(_table("nrcli.wire.link_session", "MOVES")),
    "nrcli_commands": nrcli_commands,
    "site_liveness": lambda: grid(_table("nirc.core.site_liveness", "MOVES")),
    "transfer": lambda: grid(_table("nirc.core.transfer", "MOVES")),
    "transfer_table": lambda: steps(_table("site_agent.core.transfer_table", "TABLE")),
}
