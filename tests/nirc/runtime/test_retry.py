"""Retries go on for the named errors and for no other."""

import pytest

from nirc.runtime.retry import forever


async def test_until_it_works() -> None:
    tried = 0
    async for attempt in forever(ValueError, wait_s_min=0.001, wait_s_max=0.002):
        with attempt:
            tried += 1
            if tried < 5:
                raise ValueError("not yet")
    assert tried == 5


async def test_other_errors_come_through() -> None:
    with pytest.raises(KeyError):
        async for attempt in forever(ValueError, wait_s_min=0.001, wait_s_max=0.002):
            with attempt:
                raise KeyError("ours")
