"""How number pools stand, in words."""

import io

from rich.console import Console, RenderableType

from nrcli.commands.pool_text import NONE, pools_parts
from nrcli.wire.path_models import PooledNumber, PoolStatus

LENT = PooledNumber(
    number="+351220000001", state="lent", lent_to="lisbon", interaction_id="i1", back_in_s=70.2
)
POOL = PoolStatus(
    pool="moves", site="porto", trunk_group="pbx", linked=True, numbers_count=2, lent_count=1,
    resting_count=1, refused_count=3, refused_s_ago=5.0, refused_to="faro", numbers=(LENT,),
)  # fmt: skip


def said(parts: list[RenderableType]) -> str:
    console = Console(file=io.StringIO(), width=200)
    for part in parts:
        console.print(part)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_a_pool_that_is_used_up_and_whom_its_numbers_are_lent_to() -> None:
    text = said(pools_parts((POOL,)))
    for words in ("moves", "0 of 2", "used up", "3, last 5 s ago, faro", "+351220000001", "lisbon",
                  "i1", "70"):  # fmt: skip
        assert words in text


def test_a_pool_that_lasts_and_one_that_will_not() -> None:
    free = POOL.model_copy(
        update={"free_count": 2, "refused_count": 0, "numbers": (), "linked": False}
    )
    text = said(pools_parts((free,)))
    assert "lasts" in text and "nobody" in text and "no link: as last told" in text
    soon = free.model_copy(update={"runs_out_in_s": 90.0})
    assert "used up in 90 s" in said(pools_parts((soon,)))


def test_no_pool_is_told_of() -> None:
    assert pools_parts(()) == [NONE]
