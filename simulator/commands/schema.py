"""`nirc-sim schema`: the JSON Schema of scenarios, for editors that check while a person writes.

Rule of this file: it prints what is drawn from the model that reads scenarios.
"""

from __future__ import annotations

import typer

from simulator.commands import options as o


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(schema)


def schema(as_json: o.Json = True) -> None:
    """Print the JSON Schema of scenarios, for editors; it is JSON always."""
    from routing_policies.schema import schema_of
    from simulator.commands.console import put_json
    from simulator.scenarios.kind import ScenarioDoc

    assert as_json is not None
    put_json(schema_of("Scenario", ScenarioDoc))
