"""How many callers of a tenant may be promised to be called back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from nirc.core.callback_limits import callback_refusal
from nirc.core.network_queue import NetworkQueue
from nirc.core.settings import RouterSettings
from nirc.core.site_state import Change
from nrcli.wire.messages import WaitingCallReport

SETTINGS = RouterSettings(callbacks_per_tenant_max=2)


def parts(*services: str, rows: tuple[int, ...] = (1,)) -> Any:
    queue = NetworkQueue(SETTINGS)
    for number, service in enumerate(services):
        report = WaitingCallReport(
            call_id=f"cb-{number}",
            interaction_id="i",
            queue="sales",
            service=service,
            priority=0,
            waited_s=0.0,
            callback_state="due",
            ani="+351911111111",
        )
        queue.changed("porto", [Change(("waiting", report.call_id), None, report)], 1.0)
    tenants = {"sales": "acme", "help": "acme", "news": "other"}
    known = {
        name: SimpleNamespace(spec=SimpleNamespace(tenant=tenant))
        for name, tenant in tenants.items()
    }
    return SimpleNamespace(
        queue=queue,
        settings=SETTINGS,
        active=SimpleNamespace(documents=SimpleNamespace(services=known)),
        network=SimpleNamespace(dialing_rows=set(rows)),
    )


def test_the_services_of_a_tenant_count_together() -> None:
    assert callback_refusal(parts("sales"), "help") == ""
    assert "2 callers of this tenant" in callback_refusal(parts("sales", "help"), "sales")
    assert callback_refusal(parts("sales", "help"), "news") == ""


def test_nothing_is_promised_where_nobody_dials() -> None:
    assert "no site" in callback_refusal(parts(rows=()), "sales")
