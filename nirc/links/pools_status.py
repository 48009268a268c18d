"""Makes what the HTTP API says of a site's number pools.

Rule of this file: a site's last word is told, with whether its link stands; nothing is reckoned.
"""

from __future__ import annotations

from nirc.core.view import SiteView
from nrcli.wire.messages import PoolReport
from nrcli.wire.path_models import PooledNumber, PoolStatus


def pool_statuses(site: SiteView) -> tuple[PoolStatus, ...]:
    """The pools that a site told of; none of one that does not tell (a version before)."""
    told = site.standing.pools if site.standing is not None else ()
    return tuple(_status(site, one) for one in told)


def _status(site: SiteView, pool: PoolReport) -> PoolStatus:
    return PoolStatus(
        pool=pool.pool,
        site=site.site,
        trunk_group=pool.trunk_group,
        linked=site.linked,
        numbers_count=pool.numbers_count,
        free_count=pool.numbers_count - pool.lent_count - pool.resting_count,
        lent_count=pool.lent_count,
        resting_count=pool.resting_count,
        lent_per_minute=pool.lent_per_minute,
        runs_out_in_s=pool.runs_out_in_s if pool.runs_out else None,
        refused_count=pool.refused_count,
        refused_s_ago=pool.refused_for_s if pool.refused_count else None,
        refused_to=pool.refused_to,
        numbers=tuple(
            PooledNumber(
                number=one.number,
                state="resting" if one.resting else "lent",
                lent_to=one.lent_to,
                interaction_id=one.interaction_id,
                back_in_s=one.back_in_s,
            )
            for one in pool.numbers
        ),
    )
