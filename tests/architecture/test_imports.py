"""Who may import what of ours, name by name, where layers are not fine enough.

The layers themselves, and what cores may use of other people's libraries, stand in .importlinter.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from source_tree import (
    PACKAGES,
    ROOT,
    Import,
    all_modules,
    imports_of,
    is_within,
    module_name,
    source_files,
)

MESSAGES = frozenset(
    {
        "nrcli.wire.data_messages",
        "nrcli.wire.history_messages",
        "nrcli.wire.link_messages",
        "nrcli.wire.messages",
        "nrcli.wire.move_messages",
        "nrcli.wire.peer_messages",
        "nrcli.wire.route_messages",
        "nrcli.wire.standing_messages",
        "nrcli.wire.state_checksum",
        "nrcli.wire.state_messages",
        "nrcli.wire.words",
    }
)
SHARED_BY_CORES = MESSAGES | {"routing_policies", "nrcli.errors"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """A pure part: where it lies, its shells, and what it may import of ours besides itself."""

    within: str
    shells: frozenset[str] = frozenset()
    may_import: frozenset[str] = frozenset()

    def has(self, module: str) -> bool:
        return is_within(module, frozenset({self.within})) and module not in self.shells


CONTRACT = frozenset(
    {
        "site_agent.adapters.base",
        "site_agent.adapters.acd_commands",
        "site_agent.adapters.acd_events",
        "site_agent.adapters.acd_leg_facts",
        "site_agent.adapters.acd_restart",
        "site_agent.adapters.held_queues",
        "site_agent.adapters.pbx_names",
    }
)
"What a site agent's core and its ACD say to one another."

CORES = (
    Core(within="routing_policies"),
    Core(within="nrcli.errors"),
    *(Core(within=name, may_import=MESSAGES | {"nrcli.errors"}) for name in sorted(MESSAGES)),
    Core(within="nrcli.wire.record_tables", may_import=MESSAGES),
    Core(
        within="nrcli.reports",
        may_import=MESSAGES | {"nrcli.errors", "nrcli.wire.record_tables"},
    ),
    *(
        Core(within=f"nrcli.telemetry.{name}", may_import=frozenset())
        for name in ("call_traces", "metric_families")
    ),
    Core(within="site_agent.spans", may_import=frozenset({"nrcli.telemetry.call_traces"})),
    Core(within="nirc.errors", may_import=frozenset({"nrcli.errors"})),
    Core(within="nrcli.wire.shift_models"),
    Core(
        within="nrcli.wire.control_models",
        may_import=frozenset({"nrcli.wire.shift_models"}),
    ),
    Core(
        within="nirc.core",
        may_import=SHARED_BY_CORES
        | {"nirc.errors", "nrcli.sip", "nrcli.wire.control_models", "nrcli.wire.shift_models"},
    ),
    Core(within="site_agent.errors", may_import=frozenset({"nrcli.errors"})),
    *(Core(within=name, may_import=SHARED_BY_CORES | CONTRACT) for name in sorted(CONTRACT)),
    Core(
        within="site_agent.core",
        may_import=SHARED_BY_CORES | CONTRACT | {"site_agent.errors", "nrcli.sip.redirect_words"},
    ),
    Core(
        within="nrcli.sip",
        shells=frozenset(
            {
                "nrcli.sip.redirect_sip",
                "nrcli.sip.sip_transport",
                "nrcli.sip.stream_connection",
                "nrcli.sip.tls_contexts",
            }
        ),
        may_import=frozenset({"nrcli.errors"}),
    ),
    Core(
        within="site_agent.sip",
        may_import=SHARED_BY_CORES | {"site_agent.errors", "nrcli.sip"},
    ),
    Core(
        within="site_agent.adapters.freeswitch",
        may_import=SHARED_BY_CORES | CONTRACT | {"site_agent.errors", "nrcli.sip.diversion"},
    ),
    Core(
        within="site_agent.adapters.http_push",
        may_import=SHARED_BY_CORES | CONTRACT | {"site_agent.core.attached_data"},
    ),
    Core(
        within="site_agent.adapters.sip_acd",
        shells=frozenset(
            {
                "site_agent.adapters.sip_acd.adapter",
                "site_agent.adapters.sip_acd.media_player",
            }
        ),
        may_import=SHARED_BY_CORES
        | CONTRACT
        | {"site_agent.errors", "site_agent.sip", "nrcli.sip"},
    ),
)

SEE_GENERATED = {
    "nrcli.wire.generated": frozenset(
        {"nrcli.wire.codec", "nrcli.client", "nirc.links.site_link_server", "nirc.links.peer_link"}
    ),
    "nirc.stores.generated": frozenset({"nirc.stores"}),
}

NEVER_LOADED_BY_A_CORE = ("aiohttp", "asyncio", "google.protobuf", "grpc", "redis")
LOADED_BY_POLICIES_ONLY = ("yaml",)


def is_ours(module: str) -> bool:
    return is_within(module, frozenset(PACKAGES))


def core_of(module: str) -> Core | None:
    return next((core for core in CORES if core.has(module)), None)


def is_core(module: str) -> bool:
    return core_of(module) is not None


def foreign_to(core: Core, imported: str) -> bool:
    """Whether a module of ours lies outside what a core may import."""
    if core.has(imported):
        return False
    return not (is_within(imported, core.may_import) and is_core(imported))


def told(path: Path, found: Import) -> str:
    return f"{path}:{found.line} imports {found.name}"


def test_a_core_imports_of_ours_only_what_is_pure_too() -> None:
    wrong = [
        told(path, found)
        for path in source_files()
        if (core := core_of(module_name(path)))
        for found in imports_of(path)
        if is_ours(found.name) and foreign_to(core, found.name)
    ]
    assert wrong == []


def test_a_node_imports_of_nrcli_only_what_both_need() -> None:
    allowed = frozenset(
        {
            "nrcli.errors",
            "nrcli.explaining",
            "nrcli.records",
            "nrcli.sip",
            "nrcli.telemetry",
            "nrcli.wire",
        }
    )
    wrong = [
        told(path, found)
        for path in source_files()
        if path.parts[0] == "nirc"
        for found in imports_of(path)
        if is_within(found.name, frozenset({"nrcli"})) and not is_within(found.name, allowed)
    ]
    assert wrong == []


def test_the_simulator_imports_cores_and_never_a_shell() -> None:
    wrong = [
        told(path, found)
        for path in source_files()
        if path.parts[0] == "simulator"
        for found in imports_of(path)
        if is_within(found.name, frozenset({"nirc", "site_agent"})) and not is_core(found.name)
    ]
    assert wrong == []


@pytest.mark.parametrize("generated", SEE_GENERATED)
def test_generated_protobuf_is_seen_by_a_codec_and_its_grpc_shells_alone(generated: str) -> None:
    wrong = [
        told(path, found)
        for path in source_files()
        for found in imports_of(path)
        if is_within(found.name, frozenset({generated}))
        and not is_within(module_name(path), SEE_GENERATED[generated])
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("importer", "imported", "wrong"),
    [
        ("nirc.core.router", "nirc.core.events", False),
        ("nirc.core.router", "nirc.links.peer_link", True),
        ("nirc.core.router", "nrcli.wire.messages", False),
        ("nirc.core.router", "nrcli.wire.codec", True),
        ("nrcli.wire.peer_messages", "nrcli.wire.words", False),
        ("nrcli.wire.peer_messages", "nrcli.wire.codec", True),
        ("site_agent.core.tiers", "site_agent.adapters.base", False),
        ("site_agent.core.tiers", "nrcli.sip.message", True),
        ("site_agent.adapters.sip_acd.queueing", "nrcli.sip.message", False),
        ("site_agent.adapters.sip_acd.queueing", "nrcli.sip.sip_transport", True),
        ("routing_policies.model", "nrcli.errors", True),
    ],
)
def test_the_rule_itself(importer: str, imported: str, wrong: bool) -> None:
    core = core_of(importer)
    assert core is not None
    assert foreign_to(core, imported) is wrong


@pytest.mark.parametrize("core", CORES, ids=lambda core: core.within)
def test_importing_a_core_loads_no_network_library(core: Core) -> None:
    """Asked of a fresh interpreter, because an `__init__.py` on the way could load one unseen."""
    modules = sorted(module for module in all_modules() if core.has(module))
    banned = list(NEVER_LOADED_BY_A_CORE)
    if core.within.startswith(("nirc", "site_agent.sip", "site_agent.errors", "nrcli")):
        banned += LOADED_BY_POLICIES_ONLY
    program = (
        "import importlib, sys\n"
        "before = set(sys.modules)\n"
        f"for name in {modules!r}:\n"
        "    importlib.import_module(name)\n"
        f"    loaded = [b for b in {banned!r} if b in sys.modules and b not in before]\n"
        "    if loaded: sys.exit(f'importing {name} loads {loaded}')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_node_loads_no_library_of_files_or_numbers_at_its_start() -> None:
    """Parquet is for the records keeper: a node that loads it starts later and holds 40 MB more."""
    program = "import sys, nirc.app; sys.exit(str({'numpy', 'pyarrow'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == "set()"
