"""The agents' transfers of fault cases: what chance draws, and the second service that they need.

Rule of this file: plain data, by chances of its own, so that nothing else of a seed is moved.

    {"share": 0.5, "stays_share": 0.5, "back_after_s": 6.0, "sites": ["porto"]}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.model.instants import to_us
from simulator.model.network import ServiceModel, TransferModel
from simulator.world.dice import Dice

Transfers = Mapping[str, Any]
SERVICE = "billing"
"The second service, and its queue at the sites that serve it."
TRANSFERS_SHARE = 0.3
"Of the cases have agents who pass callers on."


def drawn_transfers(dice: Dice, names: Sequence[str]) -> dict[str, Any] | None:
    """What agents do, or nothing; at least one site serves the second service."""
    if dice.share("transfers") >= TRANSFERS_SHARE:
        return None

    def one(what: str, *of: float) -> float:
        return dice.choice(of, "transfers", what)

    sites = [name for name in names if dice.share("transfers", "serves", name) < 0.5]
    return {
        "share": one("share", 0.2, 0.6),
        "stays_share": one("stays", 0.0, 0.5, 1.0),
        "back_after_s": one("back", 1.0, 5.0, 20.0),
        "sites": sites or [dice.choice(names, "transfers", "one")],
    }


def transfer_model(transfers: Transfers | None, queue: str) -> TransferModel | None:
    """As engines take it; callers are passed on to either service."""
    if transfers is None:
        return None
    return TransferModel(
        services=(SERVICE, queue),
        share=float(transfers["share"]),
        stays_share=float(transfers["stays_share"]),
        back_after_us=to_us(float(transfers["back_after_s"])),
    )


def queues_of(transfers: Transfers | None, site: str, queue: str) -> tuple[str, ...]:
    """The queues of a site."""
    serves = transfers is not None and site in transfers["sites"]
    return (queue, SERVICE) if serves else (queue,)


def second_service(transfers: Transfers | None) -> tuple[ServiceModel, ...]:
    """The service, where there is one."""
    return () if transfers is None else (ServiceModel(name=SERVICE, queue=SERVICE, aht_s=5.0),)


def service_texts(transfers: Transfers | None) -> dict[str, str]:
    """Its document, without the head."""
    if transfers is None:
        return {}
    text = f"kind: NetworkService\nmetadata: {{name: {SERVICE}}}\nspec: {{queue: {SERVICE}}}\n"
    return {f"NetworkService/{SERVICE}": text}
