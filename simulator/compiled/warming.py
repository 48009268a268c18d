"""Compiles a loop and a policy in a process of its own, for the next run to find on disk.

Rule of this file: it never matters to a result whether this happened. One process at a time works
on a loop; what it leaves behind is whole or nothing.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from routing_policies.document import assemble
from simulator.compiled.desk_tables import desk_of
from simulator.compiled.direct_run import given_of
from simulator.compiled.loop_source import DIRECT, compiled_loop, module_of, name_of
from simulator.compiled.policies import Policies, decide_text, policies_of
from simulator.compiled.tables import floor_of, sheets_of
from simulator.model.calls import calls_table
from simulator.model.network import (
    AgentModel,
    IngressModel,
    NetworkModel,
    QueueModel,
    ServiceModel,
    SiteModel,
    TrunkModel,
)
from simulator.model.outcomes import Sums

WARM_VARIABLE = "NIRC_SIM_WARM"
"0: nothing is compiled beforehand."


def warm(model: NetworkModel, policies: Policies, on: Iterable[str], folder: Path) -> bool:
    """Start compiling, unless somebody is at it; does not wait."""
    if os.environ.get(WARM_VARIABLE) == "0":
        return False
    text = decide_text(policies, model, compiled=True)
    name = name_of(text, "policy")
    mark = folder / f"{name}-{'-'.join(sorted(on))[:100]}.warming"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if _left_behind(mark):
            mark.unlink(missing_ok=True)
        mark.touch(exist_ok=False)
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    except OSError:
        return False
    command = [sys.executable, "-m", __name__, str(folder), name, ",".join(sorted(on)), str(mark)]
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH", "")]))
    helper = subprocess.Popen(
        ["nice", *command] if os.name == "posix" else command,
        env=os.environ | {"PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with suppress(OSError):
        mark.write_text(str(helper.pid), encoding="utf-8")
    return True


def _left_behind(mark: Path) -> bool:
    """Is the process that works on this gone."""
    try:
        os.kill(int(mark.read_text(encoding="utf-8")), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return False


def compile_now(folder: Path, policy: str, on: Iterable[str]) -> None:
    """Compile the policy whose text stands in the folder, then the loop."""
    text = (folder / f"{policy}.txt").read_text(encoding="utf-8")
    module_of(text, "policy", folder)
    model = _smallest()
    policies = policies_of(model)
    floor, sheets = floor_of(model), sheets_of(Sums.empty(model))
    desk, asked = desk_of(model, policies)
    given = given_of(calls_table(arrival_us=[]), shares=False)
    compiled_loop(DIRECT, on, "run", (floor, sheets, desk, asked, given, None, 0, 0), folder)


def _smallest() -> NetworkModel:
    """Some model: arrays of every model are of the same kinds."""
    head = "apiVersion: nirc/v1\n"
    texts = {
        "Site/a": "kind: Site\nmetadata: {name: a}\n",
        "NetworkService/q": "kind: NetworkService\nmetadata: {name: q}\nspec: {queue: q}\n",
    }
    agent = AgentModel(name="a", levels=((0, 1),), shifts=((0, 1),))
    site = SiteModel(
        name="a",
        queues=(QueueModel(name="q"),),
        agents=(agent,),
        trunks=(TrunkModel(name="t", channels_max=1),),
    )
    return NetworkModel(
        sites=(site,),
        services=(ServiceModel(name="q", queue="q"),),
        ingresses=(IngressModel(name="i", service=0, entries=((0, 0),)),),
        moves=(),
        documents=assemble({key: (head + text, 1) for key, text in texts.items()}, 1),
    )


def main(arguments: list[str]) -> None:
    """folder, name of the policy's module, switches, mark to be taken away."""
    folder, policy, on, mark = arguments
    try:
        compile_now(Path(folder), policy, [one for one in on.split(",") if one])
    finally:
        Path(mark).unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1:])
