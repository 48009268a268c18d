"""`nrcli policy`: the commands about routing policies, joined.

Rule of this file: names only; what works on files alone stands in `policy_files`, what asks a node
in `policy_store`, what asks the simulator in `policy_plan`.
"""

from typing import Annotated

import typer

from nrcli.commands import policy_files, policy_plan, policy_store
from nrcli.commands.explaining import CALL_HELP, explain_call
from nrcli.commands.schema import schema

app = typer.Typer(
    no_args_is_help=True,
    help="Routing policies: check and test files, publish, go back, explain.",
    epilog=(
        "check, test, lint, diff and schema work on files alone, plan too if --against is a file. "
        "To change something: `check`, `test`, `plan`, then `publish`; `rollback` brings back what "
        "was live before."
    ),
)
FILES, NODE = "Files alone", "With a node"

app.command("check", rich_help_panel=FILES)(policy_files.check)
app.command("test", rich_help_panel=FILES)(policy_files.test)
app.command("lint", rich_help_panel=FILES)(policy_files.lint_files)
app.command("diff", rich_help_panel=FILES)(policy_files.diff)
app.command("plan", rich_help_panel=FILES)(policy_plan.plan)
app.command("schema", rich_help_panel=FILES)(schema)
app.command("list", rich_help_panel=NODE)(policy_store.list_policies)
app.command("show", rich_help_panel=NODE)(policy_store.show_policy)
app.command("history", rich_help_panel=NODE)(policy_store.history)
app.command("publish", rich_help_panel=NODE)(policy_store.publish)
app.command("rollback", rich_help_panel=NODE)(policy_store.rollback)
app.command("shadow", rich_help_panel=NODE)(policy_store.shadow)
app.command("canary", rich_help_panel=NODE)(policy_store.canary)
app.command("promote", rich_help_panel=NODE)(policy_store.promote)
app.command("stop", rich_help_panel=NODE)(policy_store.stop)
app.command("schedule", rich_help_panel=NODE)(policy_store.schedule)


@app.command("explain", rich_help_panel=NODE)
def explain(context: typer.Context, call: Annotated[str, typer.Argument(help=CALL_HELP)]) -> None:
    """Say in plain words why a call went where it did: rules, values, why each loser lost."""
    explain_call(context, call)
