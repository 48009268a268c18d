"""What a site agent counts, as text that Prometheus reads.

Rule of this file: text is made when it is asked for, of numbers that others keep; nothing counts
here, and no caller's number is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from site_agent.core.view import SiteDaemonView

Labels = tuple[tuple[str, str], ...]
Point = tuple[Labels, float]


def metrics_text(view: SiteDaemonView, redirect_sip: Mapping[str, int]) -> str:
    """Everything as it stands (Prometheus text format 0.0.4)."""
    return "".join(
        _family(name, kind, help_, points)
        for name, kind, help_, points in (
            (
                "nirc_site_total",
                "counter",
                "What the site agent did, by name.",
                _by_name(view.counters),
            ),
            (
                "nirc_site_redirect_sip_total",
                "counter",
                "SIP of edges that ask before delivery, heard and answered.",
                _by_name({name: n for name, n in redirect_sip.items() if name != "open"}),
            ),
            (
                "nirc_site_pre_routes_waiting",
                "gauge",
                "Questions of edges that wait for the leader.",
                [((), float(view.pre_routes.waiting_count))],
            ),
            (
                "nirc_site_tier",
                "gauge",
                "0 full, 1 leader changing, 2 peer plan, 3 local only.",
                [((), float(view.tier))],
            ),
            (
                "nirc_site_pool_numbers",
                "gauge",
                "Numbers of pools, by pool and state.",
                _pools(view),
            ),
            ("nirc_site_calls", "gauge", "Calls at this site now.", [((), float(len(view.calls)))]),
            ("nirc_site_alarms", "gauge", "Alarms that stand.", [((), float(len(view.alarms)))]),
        )
    )


def _by_name(counts: Mapping[str, int]) -> list[Point]:
    return [((("name", name),), float(counts[name])) for name in sorted(counts)]


def _pools(view: SiteDaemonView) -> list[Point]:
    return [
        ((("pool", one.pool), ("state", state)), float(count))
        for one in view.number_pools
        for state, count in (
            ("free", one.numbers_count - one.lent_count - one.resting_count),
            ("lent", one.lent_count),
            ("resting", one.resting_count),
        )
    ]


def _family(name: str, kind: str, help_: str, points: Iterable[Point]) -> str:
    lines = [f"# HELP {name} {help_}", f"# TYPE {name} {kind}"]
    for labels, value in points:
        inner = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
        lines.append(f"{name}{{{inner}}} {value:g}" if inner else f"{name} {value:g}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
