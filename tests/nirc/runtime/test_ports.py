"""The real parts fit the interfaces that the driver asks for."""

from nirc.core.router import Router
from nirc.runtime.ports import AttachedDataStore, Core
from nirc.stores.in_memory import InMemoryAttachedData


def core(router: Router) -> Core:
    """Holds by type check."""
    return router


def test_the_parts_have_what_the_ports_name() -> None:
    for name in ("store", "bind", "fetch"):
        assert hasattr(AttachedDataStore, name) and hasattr(InMemoryAttachedData, name)
    assert hasattr(Router, "handle")
