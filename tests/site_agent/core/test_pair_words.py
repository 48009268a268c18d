"""A process can be looked up by its number only where its number counts."""

import pytest

from site_agent.core.pair_words import Holder

ME = Holder(name="a", life="1", boot="boot", space="pid:[1]", pid=7, started=70)


@pytest.mark.parametrize(
    ("boot", "space", "beside"),
    [
        ("boot", "pid:[1]", True),
        ("boot", "pid:[2]", False),
        ("other", "pid:[1]", False),
        ("", "", False),
    ],
)
def test_beside_is_the_same_boot_and_process_space(boot: str, space: str, beside: bool) -> None:
    other = Holder(name="b", life="2", boot=boot, space=space)
    assert ME.is_beside(other) is beside


def test_what_is_not_known_is_beside_nobody() -> None:
    unknown = Holder(name="a", life="1")
    assert not unknown.is_beside(unknown)
